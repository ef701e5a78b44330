"""Executing lessons: what a slider draws is kept, nothing is waited for in vain, two run side by side."""

import platform
import signal
import subprocess
import sys
import time
from pathlib import Path

import joblib
import nbformat
import psutil
import pytest
from _course import INTERRUPTIBLE

from course_utils.notebooks import execution

ROOT = Path(__file__).resolve().parents[2]


def notebook_of(code):
    """Return a notebook of one cell."""
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])


def test_slider_is_executed_and_kept():
    """The picture stays in the widget's state; the kernel is sent nothing, which could make the client miss the end."""
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(
                "import ipywidgets\nf = ipywidgets.interact(lambda k: 10 * k, k=ipywidgets.IntSlider(4))"
            ),
            nbformat.v4.new_code_cell("f.widget.children[-1].outputs"),
        ]
    )
    outcome = execution.execute(notebook, "slider", {})
    assert outcome.error is None
    assert not notebook.cells[1].outputs  # what was handed over is as it was
    states = outcome.notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"].values()
    (kept,) = (state["state"]["outputs"] for state in states if state["model_name"] == "OutputModel")
    assert [output["data"]["text/plain"] for output in kept] == ["40"]
    assert outcome.notebook.cells[1].outputs[0]["data"]["text/plain"] == "()"


MEET = """
import pathlib, time
pathlib.Path({mine!r}).touch()
deadline = time.monotonic() + 60
while not pathlib.Path({other!r}).exists():
    assert time.monotonic() < deadline, "the other lesson has not started"
    time.sleep(0.1)
"""


@pytest.mark.skipif(execution.notebooks_at_once() < 2, reason="there is room for one lesson at a time")
def test_two_lessons_run_side_by_side(tmp_path):
    """Each of two lessons waits for the other to start; both come to their end."""
    a, b = str(tmp_path / "a"), str(tmp_path / "b")
    notebooks = {"a": notebook_of(MEET.format(mine=a, other=b)), "b": notebook_of(MEET.format(mine=b, other=a))}
    done = dict(execution.execute_all(notebooks, strict=True))
    assert sorted(done) == ["a", "b"]
    assert {outcome.error for outcome in done.values()} == {None}


@pytest.mark.parametrize("given", [None, "3"])
def test_threads_of_the_environment_are_kept(monkeypatch, given):
    """The lessons share the cores; whoever caps the threads, as binder/start does, gets that many."""
    if given:
        monkeypatch.setenv("OMP_NUM_THREADS", given)
    else:
        monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    notebook = notebook_of("import os; print(os.environ['OMP_NUM_THREADS'])")
    ((_, outcome),) = execution.execute_all({"a": notebook}, strict=False)
    shared = max(1, joblib.cpu_count() // execution.notebooks_at_once())
    assert outcome.notebook.cells[0].outputs[0].text.strip() == (given or str(shared))


ARENAS = """
import ctypes, pathlib, threading
library = ctypes.CDLL(None)
library.fopen.restype = library.malloc.restype = ctypes.c_void_p
every = threading.Barrier(6)
def allocate():
    library.malloc(100)
    every.wait()
threads = [threading.Thread(target=allocate) for _ in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
file = ctypes.c_void_p(library.fopen({path!r}.encode(), b"w"))
library.malloc_info(0, file)
library.fclose(file)
print(pathlib.Path({path!r}).read_text().count("<heap nr="))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc gives threads arenas of their own")
def test_a_kernel_gives_its_threads_two_arenas(tmp_path):
    """Six threads would otherwise take six more, and TensorFlow's keep in each what they have freed."""
    outcome = execution.execute(notebook_of(ARENAS.format(path=str(tmp_path / "arenas"))), "arenas", {})
    assert (outcome.error, outcome.notebook.cells[0].outputs[0].text.strip()) == (None, "2")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_interrupted_lessons_leave_no_kernel():
    """Ctrl-C ends the command within seconds, and its kernels too."""
    command = (
        "import nbformat; from course_utils.notebooks import execution\n"
        "cell = nbformat.v4.new_code_cell('import time; time.sleep(600)')\n"
        "notebooks = {title: nbformat.v4.new_notebook(cells=[cell]) for title in 'ab'}\n"
        "list(execution.execute_all(notebooks, strict=True))"
    )
    start = [sys.executable, "-c", command]
    running = subprocess.Popen(start, cwd=ROOT, stderr=subprocess.PIPE, text=True, **INTERRUPTIBLE)
    assert running.stderr.readline().startswith("Executing 2 notebooks")
    assert running.stderr.readline().endswith(": started\n")
    time.sleep(1)
    kernels = psutil.Process(running.pid).children()
    assert kernels
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=60)
    assert running.returncode != 0
    assert not [kernel for kernel in kernels if kernel.is_running() and kernel.status() != psutil.STATUS_ZOMBIE]
