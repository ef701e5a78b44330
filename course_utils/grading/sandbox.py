"""A process in a sandbox: no network, nothing of the instructor's in sight; limits of time, memory, disk, processes."""

import contextlib
import os
import queue
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import cloudpickle
import psutil

from course_utils._errors import CourseError
from course_utils._machine import threads
from course_utils._paths import DATA, PACKAGE
from course_utils.grading import protocol
from course_utils.grading._namespaces import HOME, Limits, command_of, missing

PROCESSES, THREADS = 64, 1000  # at most, a notebook's own and those that it starts
TOO_MANY = f"it started more than {PROCESSES} processes or {THREADS} threads"
MANY = 8, 100  # processes or threads that get what others leave of the cores; a notebook's own are 3 and some 20
BEAT = 0.2  # seconds between two looks at memory and processes


class SandboxError(Exception):
    """The process has ended, or was ended; the message is the reason."""


class StartError(CourseError):
    """A sandbox could not be started: a fault of this machine, and no student's."""


class Sandbox:
    """A sandboxed process that answers one request after another; to be used in a ``with``.

    `data_file` is MNIST; without one the process works on the digits. What `ask` raises for the first time in a
    ``with`` is the student's code's doing: StartError comes before.
    """

    def __init__(self, limits: Limits, data_file: Path | None = None):
        self.limits, self.reason = limits, None
        self.deadline = time.monotonic() + limits.seconds
        self.folder = None if limits.sandboxed else _own_folder()
        try:
            self.process = _started(limits, self.folder or HOME, data_file)
        except OSError as error:
            self._remove_folder()
            raise StartError(f"no process could be started: {error}") from error
        self._top = psutil.Process(self.process.pid)
        self._requests, self._replies = queue.Queue(1), queue.Queue(1)
        threading.Thread(target=self._pump, daemon=True).start()
        threading.Thread(target=self._watch, daemon=True).start()

    def __enter__(self):
        """Return it, when its process answers; StartError where it does not."""
        try:
            self.ask("ready")
        except SandboxError as error:
            self.__exit__()
            lack = missing() if self.limits.sandboxed else None
            raise StartError(lack or f"a sandbox's process could not be started: {error}") from error
        return self

    def __exit__(self, *error):
        """End all that runs in it."""
        self._end("it is done")
        with contextlib.suppress(
            queue.Full
        ):  # without a sandbox, what has left the group may hold the pipe, and so the pump
            self._requests.put_nowait(None)
        self.process.wait()
        self._remove_folder()

    def _remove_folder(self):
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, name: str, *arguments):
        """Return plain data that answer a request; SandboxError with the reason where there is no answer."""
        if self.reason is not None:
            raise SandboxError(self.reason)
        self._requests.put(cloudpickle.dumps((name, *arguments)))
        try:
            reply = self._replies.get(timeout=max(1.0, self.deadline - time.monotonic() + 5))
        except queue.Empty:  # a process that has left the group holds the pipe: without a sandbox alone
            reply = None
        if isinstance(reply, tuple):
            try:
                return protocol.decode(*reply)
            except protocol.ProtocolError as error:
                reply = error
        self._end(f"its process answered in a way that no answer has: {reply}" if reply else _ended(self.process))
        raise SandboxError(self.reason)

    def _pump(self):
        # one request, one reply; whatever blocks here blocks no grader
        while (request := self._requests.get()) is not None:
            try:
                protocol.write_frame(self.process.stdin, b"", request)
                reply = protocol.read_frame(self.process.stdout)
            except protocol.ProtocolError as error:
                reply = error
            except (OSError, EOFError, ValueError):
                time.sleep(BEAT)  # whoever ended the process says why first
                reply = None
            self._replies.put(reply)

    def _watch(self):
        hidden = {}  # by process for how many looks in a row: one that is just ending may look so, too
        while self.process.poll() is None and self.reason is None:
            processes = self._processes()
            if len(processes) > PROCESSES:  # before anything is asked of each
                self._end(TOO_MANY)
                return
            if time.monotonic() > self.deadline:
                self._end(f"it took longer than {self.limits.seconds:g} seconds")
            n_threads, now_hidden = _threads(processes)
            hidden = {pid: hidden.get(pid, 0) + 1 for pid in now_hidden}
            if n_threads > THREADS:
                self._end(TOO_MANY)
            if max(hidden.values(), default=0) >= 5:  # Linux tells nothing of its memory
                self._end("it ended a process's first thread, and went on in others")
            if len(processes) > MANY[0] or n_threads > MANY[1]:
                _calm(processes)
            if _memory(processes, "rss") > self.limits.memory and _memory(processes, "pss") > self.limits.memory:
                self._end(f"it took more than {self.limits.memory / 1e9:g} GB of memory")
            if self.folder is not None and _size(self.folder) > self.limits.disk:
                self._end(f"it wrote more than {self.limits.disk / 2**20:g} MiB")
            time.sleep(BEAT)

    def _end(self, reason):
        self.reason = self.reason or reason
        with contextlib.suppress(psutil.Error):
            self._top.suspend()  # it starts no more
        below = []
        while new := [process for process in self._processes()[1:] if process not in below]:
            below += new
            for process in new:
                with contextlib.suppress(psutil.Error):
                    process.kill()
        if os.name == "posix":
            with contextlib.suppress(ProcessLookupError, PermissionError):  # it has ended
                os.killpg(self.process.pid, signal.SIGKILL)
        with contextlib.suppress(psutil.Error):
            self._top.kill()
        for _ in range(50):
            if all(map(_has_ended, below)):
                break
            time.sleep(0.02)

    def _processes(self):
        try:
            return [self._top, *self._top.children(recursive=True)]
        except psutil.Error:
            return []


def _own_folder():
    # without a sandbox; what a grader left that was killed goes first
    for left in Path(tempfile.gettempdir()).glob("course-grading-*-*"):
        pid = left.name.split("-")[2]
        if pid.isdecimal() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"course-grading-{os.getpid()}-"))


def _started(limits, home, data_file):
    # -I: neither PYTHONPATH nor the current folder decide what is imported; the name of the package's folder does
    start = (
        f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r}); from course_utils.grading import runner; "
        f"runner.main({limits.memory}, {limits.disk}, {limits.seconds}, {limits.sandboxed})"
    )
    python = [sys.executable, "-I", "-c", start]
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "MPLBACKEND": "Agg", "PYTHONDONTWRITEBYTECODE": "1"}
    environment |= {
        "TF_CPP_MIN_LOG_LEVEL": "3",
    } | threads(1)
    environment |= {"HOME": str(home), "TMPDIR": str(home), "COURSE_DATA": "mnist" if data_file else "digits"}
    if os.name == "nt":
        environment |= {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ}
    places = {PACKAGE: PACKAGE, DATA: DATA}
    if data_file is not None:
        # by its name, whatever the file is called that a link leads to
        folder_of_data = Path("/course-data") if limits.sandboxed else data_file.parent
        environment |= {"COURSE_DATA_DIR": str(folder_of_data)}
        places |= {folder_of_data / "mnist.npz": data_file}
    command = command_of(python, places, limits) if limits.sandboxed else python
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/" if limits.sandboxed else home,
        env=environment,
        start_new_session=True,
    )


def _has_ended(process):
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.Error:
        return True


def _threads(processes):
    # how many threads they have together, and the numbers of those that live on when their first thread has ended
    total, hidden = 0, set()
    for process in processes:
        with contextlib.suppress(psutil.Error):
            n = process.num_threads()
            total += n
            if n > 1 and process.status() == psutil.STATUS_ZOMBIE:
                hidden.add(process.pid)
    return total, hidden


def _calm(processes):
    # other notebooks shall not wait for theirs; on Linux each thread has a priority of its own, each session another
    # (which takes a user's word a few times a second, so that all of them have it after some looks)
    for process in reversed(processes) if sys.platform == "linux" else ():
        with contextlib.suppress(psutil.Error, OSError):
            for thread in process.threads():
                os.setpriority(os.PRIO_PROCESS, thread.id, 19)
            group = Path(f"/proc/{process.pid}/autogroup")
            if not group.read_text().endswith("nice 19\n"):
                group.write_text("19")


def _memory(processes, kind):
    # what they hold together; `pss` shares out what several have in common, and takes longer to tell
    total = 0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            seen = process.memory_full_info() if kind == "pss" else process.memory_info()
            total += getattr(seen, kind, seen.rss)
    return total


def _size(folder):
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):  # a file may go at any moment
            seen = path.lstat()
            total += seen.st_size if stat.S_ISREG(seen.st_mode) else 0
    return total


def _ended(process):
    try:
        code = process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        return "its process closed the way to the grader"
    number = -code if code < 0 else code - 128  # from a shell
    if os.name != "posix" or number not in signal.valid_signals():
        return f"its process ended by itself, with exit code {code}"
    if number == signal.SIGKILL:
        return "its process ended by itself, by SIGKILL, as where memory runs out"
    return f"its process ended by itself, by signal {number}"
