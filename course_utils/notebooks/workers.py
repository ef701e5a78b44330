"""Who works on many notebooks: threads or processes of this machine, or the workers of a Dask scheduler.

Each is a `concurrent.futures` executor, so whoever submits work cannot tell which it is.
"""

import argparse
import contextlib
import math
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor

from course_utils import _machine
from course_utils._errors import CourseError
from course_utils._versions import code_version

PATIENCE = 30  # seconds for a worker with the resource to come
RESOURCE = {"lesson": 1}
EACH = 4.2  # GB: a notebook's 3, and 1.1 of the process that judges it with MNIST and Keras


def add_scheduler_option(parser: argparse.ArgumentParser) -> None:
    """Declare `--scheduler`, whose value `threads` and `processes` take."""
    text = "let the workers of this Dask scheduler do it"
    parser.add_argument("--scheduler", metavar="ADDRESS", help=text)


@contextlib.contextmanager
def processes(scheduler: str | None) -> Iterator[Executor]:
    """Give an executor: processes of this machine, as many as cores and memory allow, or a scheduler's workers."""
    with _dask(scheduler) if scheduler else _Processes(processes_at_once()) as executor:
        yield executor


class _Processes(Executor):
    """Threads, each with a process of its own: one that dies costs the task that it was at, and no other."""

    def __init__(self, n):
        self._threads, self._pools, self._mine = ThreadPoolExecutor(n), [], threading.local()

    def submit(self, function, /, *arguments):
        return self._threads.submit(self._run, function, *arguments)

    def _run(self, function, *arguments):
        try:
            future = self._mine.pool.submit(function, *arguments)
        except (AttributeError, BrokenExecutor):  # there is none yet, or it has died
            spawn = multiprocessing.get_context("spawn")
            self._mine.pool = ProcessPoolExecutor(1, mp_context=spawn, initializer=_follow_parent)
            self._pools.append(self._mine.pool)
            _block_ctrl_c()  # after the line that makes a pool, in which multiprocessing unblocks it
            future = self._mine.pool.submit(function, *arguments)
        return future.result()

    def __exit__(self, kind, *error):
        self._threads.shutdown(wait=kind is None, cancel_futures=True)
        if kind is not None:  # Ctrl-C, above all
            for process in multiprocessing.active_children():
                process.kill()
        for pool in self._pools:
            pool.shutdown(wait=kind is None)


def _block_ctrl_c():
    # in this thread, and in the processes that it starts: a terminal sends it to all of them, and one that is just
    # starting would answer with a traceback
    if hasattr(signal, "pthread_sigmask"):  # Windows has none
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def _follow_parent():
    # Ctrl-C is the parent's affair, which ends this process. What this one starts gets it as usual, so it is not
    # ignored, nor blocked any longer
    signal.signal(signal.SIGINT, lambda number, frame: None)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})

    # kill -9 ends the parent alone, and a pool's process would wait for its next task for ever
    def wait():
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


@contextlib.contextmanager
def threads(n: int, scheduler: str | None) -> Iterator[Executor]:
    """Give an executor for work that waits for kernels: n threads here, or a scheduler's workers."""
    with _dask(scheduler) if scheduler else ThreadPoolExecutor(n) as executor:
        yield executor


def processes_at_once() -> int:
    """Return how many processes may grade a notebook at once: a core and `EACH` of memory for each."""
    memory = min(_machine.memory_limit() or math.inf, _machine.memory_available() or math.inf)
    fits = _machine.usable_cores() if math.isinf(memory) else int(memory / EACH)
    return max(1, min(_machine.usable_cores(), fits))


@contextlib.contextmanager
def _dask(address):
    try:
        import distributed
    except ImportError as error:
        raise CourseError(
            "--scheduler needs Dask.\nWhat to do: `python -m course_utils setup --extra cluster`"
        ) from error
    try:
        client = distributed.Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise CourseError(f"No scheduler answers at {address}: {error}") from error
    with client:
        _check_workers(client, address)
        yield client.get_executor(resources=RESOURCE, pure=False, retries=0)


def _check_workers(client, address):
    deadline, told = time.monotonic() + PATIENCE, False
    while True:
        workers = client.scheduler_info(n_workers=-1)["workers"]
        fit = [name for name, worker in workers.items() if worker["resources"].get("lesson", 0) >= 1]
        if fit:
            break
        if time.monotonic() > deadline:
            raise CourseError(
                f"No worker at {address} has the resource `lesson` ({len(workers)} workers are there).\nWhat to do: "
                f"start one by `dask worker {address} --nthreads 1 --resources lesson=1`."
            )
        if not told:
            print(f"Waiting for a worker with the resource `lesson`, {PATIENCE} seconds at most.", file=sys.stderr)
        told = True
        time.sleep(0.5)
    ours = code_version()
    for name, theirs in client.run(code_version, workers=fit).items():
        if theirs != ours:
            raise CourseError(
                f"The worker {name} has version {theirs} of the course and its packages, and this machine {ours}."
            )
