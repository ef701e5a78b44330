"""A process in a cage: no network, nothing of the instructor's in sight, limits of time, memory, disk and processes."""

import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import cloudpickle
import psutil

from course_utils._machine import threads
from course_utils._paths import DATA, PACKAGE
from course_utils.grading import protocol
from course_utils.grading._walls import Limits, command_of, missing

SETTINGS = ("COURSE_DATA", "TF_CPP_MIN_LOG_LEVEL", "TF_ENABLE_ONEDNN_OPTS")
PROCESSES = 64  # at most, a notebook's own and those that it starts
BEAT = 0.2  # seconds between two looks at memory and processes


class CageError(Exception):
    """The process has ended, or was ended; the message is the reason."""


class Cage:
    """A caged process that answers one request after another; to be used in a ``with``."""

    def __init__(self, limits: Limits, data_file: Path | None = None):
        self.limits, self.reason = limits, None
        self.deadline = time.monotonic() + limits.seconds
        self.folder = Path(tempfile.mkdtemp(prefix="cage-"))
        self.process = _started(limits, self.folder, data_file)
        self._requests, self._replies = queue.Queue(1), queue.Queue(1)
        threading.Thread(target=self._pump, daemon=True).start()
        threading.Thread(target=self._watch, daemon=True).start()

    def __enter__(self):
        """Return it."""
        return self

    def __exit__(self, *error):
        """End all that runs in it."""
        self._end("it is done")
        self._requests.put(None)
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, name: str, *arguments):
        """Return plain data that answer a request; CageError with the reason where there is no answer."""
        self._requests.put(cloudpickle.dumps((name, *arguments)))
        try:
            reply = self._replies.get(timeout=max(1.0, self.deadline - time.monotonic() + 5))
        except queue.Empty:  # a process that has left the cage holds the pipe: uncaged alone
            reply = None
        if isinstance(reply, tuple):
            try:
                return protocol.decode(*reply)
            except protocol.ProtocolError as error:
                reply = error
        self._end(f"its process answered in a way that no answer has: {reply}" if reply else _ended(self.process))
        raise CageError(self.reason)

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
        while self.process.poll() is None and self.reason is None:
            if time.monotonic() > self.deadline:
                self._end(f"it took longer than {self.limits.seconds:g} seconds")
            memory, n_processes = _used(self.process.pid)
            if n_processes > PROCESSES:
                self._end(f"it started more than {PROCESSES} processes")
            if memory > self.limits.memory:
                self._end(f"it took more than {self.limits.memory / 1e9:g} GB of memory")
            if not self.limits.caged and _size(self.folder) > self.limits.disk:
                self._end(f"it wrote more than {self.limits.disk / 2**20:g} MiB")
            time.sleep(BEAT)

    def _end(self, reason):
        self.reason = self.reason or reason
        children = _tree(self.process.pid)[1:]
        if os.name == "posix" and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        for process in children:
            try:
                process.kill()
            except psutil.Error:
                continue


def _started(limits, folder, data_file):
    # -I: neither PYTHONPATH nor the current folder decide what is imported; the name of the package's folder does
    start = (
        f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r}); from course_utils.grading import runner; "
        f"runner.main({limits.memory}, {limits.disk}, {limits.seconds})"
    )
    python = [sys.executable, "-I", "-c", start]
    environment = {name: os.environ[name] for name in SETTINGS if name in os.environ}
    environment |= {"PATH": os.defpath, "LANG": "C.UTF-8", "MPLBACKEND": "Agg", "PYTHONDONTWRITEBYTECODE": "1"}
    environment |= {"TF_CPP_MIN_LOG_LEVEL": "3"} | threads(1)
    environment |= {"HOME": str(folder), "TMPDIR": str(folder)}
    if os.name == "nt":
        environment |= {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ}
    if data_file is not None:
        environment |= {"COURSE_DATA_DIR": str(data_file.parent)}
    command = python
    if limits.caged:
        if lack := missing():
            raise CageError(lack)
        places = [PACKAGE, DATA, *([data_file] if data_file else [])]
        command = command_of(python, folder, places, limits)
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=environment,
        start_new_session=True,
    )


def _tree(pid):
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def _used(pid):
    memory = number = 0
    for process in _tree(pid):
        try:
            memory += process.memory_info().rss
            number += 1
        except psutil.Error:
            continue
    return memory, number


def _size(folder):
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _ended(process):
    try:
        code = process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        return "its process closed the way to the grader"
    how = f"by {signal.Signals(-code).name}, as where memory runs out" if code < 0 else f"with exit code {code}"
    return f"its process ended by itself, {how}"
