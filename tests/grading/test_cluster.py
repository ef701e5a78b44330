"""A real scheduler and its workers, one of them killed in the middle, one late; a scheduler that dies; none at all."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import nbformat
import psutil
import pytest
from _class import ROOT, command, grade, hand_in, notebook, rows

from course_utils._versions import code_version
from course_utils.grading import _namespaces
from course_utils.notebooks import execution

pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
pytestmark = pytest.mark.skipif(_namespaces.missing() is not None, reason=str(_namespaces.missing()))
N = 8


def start(*words, **env):
    """Return a process of Dask's command line."""
    dask = [sys.executable, "-P", "-m", "dask", *words]  # -P: the course is the one that is installed, or in `env`
    env = os.environ | {"COURSE_DATA": "digits"} | env
    return subprocess.Popen(dask, stderr=subprocess.PIPE, text=True, env=env)


def stop(process):
    """End a process with all that it started."""
    with contextlib.suppress(psutil.NoSuchProcess):
        for child in psutil.Process(process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
    process.kill()
    process.wait()


@pytest.fixture
def cluster(tmp_path):
    """Give the scheduler's address and process, and a function that starts a worker."""
    scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    address = next(found[0] for line in scheduler.stderr if (found := re.search(r"tcp://[\d.:]+", line)))
    started = [scheduler]

    def worker(resources="lesson=1", **env):
        words = ("--nthreads", "1", "--no-dashboard", "--local-directory", str(tmp_path), "--death-timeout", "20")
        started.append(start("worker", address, *words, *(("--resources", resources) if resources else ()), **env))
        return started[-1]

    yield address, scheduler, worker
    for process in reversed(started):
        stop(process)


def begin(folder, address):
    """Hand in N slow notebooks and start to grade them; return the process after its first outcome."""
    slow = {f"s{i}": (notebook(before=f"import time; time.sleep(1)  # {i}"),) for i in range(N)}
    hand_in(folder / "in", slow)
    running = subprocess.Popen(**command(folder, "--scheduler", address), stderr=subprocess.PIPE, text=True)
    assert any(f"1 of {N}" in line for line in running.stderr)
    return running


def test_a_worker_dies_and_one_comes_late(tmp_path, cluster):
    """All rows are there, each once."""
    address, _, worker = cluster
    first, _ = worker(), worker()
    running = begin(tmp_path, address)
    stop(first)
    worker()
    _, said = running.communicate(timeout=200)
    assert running.returncode == 0, said
    assert {name: row["sum"] for name, row in rows(tmp_path).items()} == {f"s{i}": "3" for i in range(N)}
    assert len(list((tmp_path / "out" / ".graded").glob("*.answers"))) == N


def test_the_scheduler_dies(tmp_path, cluster):
    """What was finished stays; repeating the command, here without a scheduler, does the rest and no more."""
    address, scheduler, worker = cluster
    worker()
    running = begin(tmp_path, address)
    scheduler.send_signal(signal.SIGKILL)
    try:
        running.communicate(timeout=90)
    except subprocess.TimeoutExpired:
        pytest.fail("the grader waits for a scheduler that is dead")
    assert running.returncode == 1
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / ".graded").glob("*.answers")}
    assert kept
    assert grade(tmp_path).returncode == 0
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert [row["sum"] for row in rows(tmp_path).values()] == ["3"] * N


def test_lessons_run_there_too(cluster):
    """`run` and `measure`: executed by a worker, the outputs are in the notebook that comes back."""
    address, _, worker = cluster
    process = worker()
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import os; print(os.getppid())")])
    ((title, outcome),) = execution.execute_all({"a": book}, strict=True, scheduler=address, data="digits")
    assert (title, outcome.error) == ("a", None)
    family = {process.pid, *(child.pid for child in psutil.Process(process.pid).children(recursive=True))}
    assert int(outcome.notebook.cells[0].outputs[0].text) in family


def test_another_version_of_the_course(tmp_path, cluster):
    """One sentence names both."""
    address, _, worker = cluster
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(ROOT / "course_utils", elsewhere / "course_utils")
    (elsewhere / "data").symlink_to(ROOT / "data")
    (elsewhere / "course_utils" / "_errors.py").open("a").write("# another version\n")
    worker(PYTHONPATH=str(elsewhere))
    hand_in(tmp_path / "in", {"s": (notebook(),)})
    done = grade(tmp_path, "--scheduler", address)
    assert done.returncode == 1
    assert "has version" in done.stderr
    assert code_version() in done.stderr


def test_no_worker_that_may(tmp_path, cluster):
    """A worker without the resource: a sentence after half a minute, not silence."""
    address, _, worker = cluster
    worker(resources=None)
    hand_in(tmp_path / "in", {"s": (notebook(),)})
    started = time.monotonic()
    done = grade(tmp_path, "--scheduler", address)
    assert done.returncode == 1
    assert "has the resource `lesson`" in done.stderr
    assert time.monotonic() - started < 120
