"""A command in a terminal of 80 columns, as a person has it before them. Windows has no such terminals."""

import codecs
import os
import re
import signal
import subprocess
import time


class Terminal:
    """A terminal in which a command runs that `start`, what `subprocess` needs, describes.

    Attributes
    ----------
    process : the command
    printed : all that has been read of what the terminal got, with what moves the cursor
    """

    def __init__(self, start: dict):
        import fcntl
        import termios

        self._terminal, inside = os.openpty()
        termios.tcsetwinsize(inside, (30, 80))

        def own_it():
            # so that Ctrl-C comes from the terminal, to all processes; a shell's background job ignores it from birth
            fcntl.ioctl(inside, termios.TIOCSCTTY, 0)
            signal.signal(signal.SIGINT, signal.SIG_DFL)

        env = {name: text for name, text in start["env"].items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
        ends = {"stdin": inside, "stdout": inside, "stderr": inside, "start_new_session": True, "preexec_fn": own_it}
        self.process = subprocess.Popen(**start | ends | {"env": env | {"TERM": "xterm"}})
        os.close(inside)
        self._incremental = codecs.getincrementaldecoder("utf-8")()
        self.printed, self._found = "", 0

    def read_until(self, pattern: str) -> None:
        """Read until a pattern is found behind the one that was found before."""
        deadline = time.monotonic() + 120
        while not (found := re.compile(pattern).search(self.printed, self._found)):
            assert time.monotonic() < deadline, self.printed
            assert self._read(), self.printed
        self._found = found.end()

    def press_ctrl_c(self) -> None:
        """Press Ctrl-C."""
        os.write(self._terminal, b"\x03")

    def read_to_the_end(self) -> int:
        """Read all that is left; return the command's exit code."""
        while self._read():
            pass
        os.close(self._terminal)
        return self.process.wait(60)

    def _read(self):
        try:
            text = self._incremental.decode(os.read(self._terminal, 4096))
        except OSError:  # nobody has the terminal any more
            return False
        self.printed += text
        return True

    def lines(self) -> list[str]:
        """Return each line that was ever shown, without what moves the cursor."""
        return [re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", line) for line in re.split(r"[\r\n]+", self.printed)]

    def left(self) -> str:
        """Return what stays when the lines that move are gone: all that stands below them."""
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.printed.rpartition("\x1b[2K")[2]).replace("\r\n", "\n")
