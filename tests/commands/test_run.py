"""`python -m course_utils run`, on lessons of two cells: exit codes, table, files, whatever happens meanwhile."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import nbformat
import psutil
import pytest
from _course import Course

WAIT = "import pathlib, time\npathlib.Path({flag!r}).touch()\ntime.sleep(600)"


@pytest.fixture
def course(tmp_path):
    """Return a small course with one lesson."""
    course = Course(tmp_path)
    course.write("01")
    return course


def rows(done):
    """Return {lesson: verdict} of the printed table."""
    return dict(re.findall(r"^(\d\d_lesson|appendix/\w+) +\d+ +\d+\.\d\d +\d+  (.+)$", done.stdout, re.MULTILINE))


def results(course):
    """Return the lessons of build/run.json."""
    return json.loads((course.folder / "build" / "run.json").read_text())["lessons"]


def executed(course, name):
    """Return the notebook that was left for the book."""
    return nbformat.read(course.folder / "build" / "notebooks" / f"{name}.ipynb", as_version=4)


def test_table_notebook_and_figures(course):
    """Each lesson gets its row, its executed notebook and its unrounded figures; the command ends with 0."""
    course.write("02", value="1 / 3")
    done = course.run("run")
    assert done.returncode == 0, done.stderr
    assert rows(done) == {"01_lesson": "ok", "02_lesson": "ok"}
    assert results(course)["02_lesson"]["results"] == {"02.figure": 1 / 3}
    assert 20 < results(course)["01_lesson"]["peak_memory_mb"] < 2000
    notebook = executed(course, "02_lesson")
    assert "02.figure: 0.3333" in notebook.cells[-1].outputs[0].data["text/plain"]
    assert len(notebook.metadata["course"]["code_sha256"]) == 64


def test_an_appendix_runs_with_the_lessons(course):
    """It gets a row and a notebook in a folder of its own; it can be asked for by its name."""
    course.write("02", where="appendix", name="optimizers")
    assert rows(course.run("run")) == {"01_lesson": "ok", "appendix/optimizers": "ok"}
    assert "course" in executed(course, "appendix/optimizers").metadata
    assert rows(course.run("run", "--lesson", "optimizers")) == {"appendix/optimizers": "ok"}
    assert rows(course.run("run", "--lesson", "1")) == {"01_lesson": "ok"}


def test_out_of_range_is_said_and_ends_with_1(course):
    """The table names the broken promise, the error its source; the other lesson is done all the same."""
    course.write("02", value="10.0")
    done = course.run("run")
    assert done.returncode == 1
    assert rows(done) == {"01_lesson": "ok", "02_lesson": "OUT OF RANGE"}
    assert "02.figure on gaussians: expected 0 to 9, got 10. Source: made up." in done.stderr
    assert results(course)["02_lesson"]["out_of_range"] == ["02.figure"]


@pytest.mark.parametrize("code", ["raise RuntimeError('no luck')", "import os; os.kill(os.getpid(), 9)"])
def test_a_lesson_that_fails_costs_itself_only(course, code):
    """An exception, or a kernel that dies, is that lesson's row; the other one is whole."""
    course.write("02", code)
    done = course.run("run")
    assert done.returncode == 1
    assert rows(done) == {"01_lesson": "ok", "02_lesson": "FAILED"}
    assert "02_lesson failed:" in done.stderr
    assert results(course)["01_lesson"]["error"] is None
    assert "course" in executed(course, "01_lesson").metadata
    assert "course" not in executed(course, "02_lesson").metadata, "the book would take it up"


def test_a_cell_without_figures_is_no_failure(course):
    """A lesson owes no closing call: one that checks nothing has no results, and is ok."""
    (course.folder / "notebooks" / "source" / "01_lesson.py").write_text("# %% [markdown]\n# # 1.\n\n# %%\n1 + 1\n")
    done = course.run("run")
    assert done.returncode == 0
    assert rows(done) == {"01_lesson": "ok"}
    assert results(course)["01_lesson"]["results"] == {}


def stopped(course, tmp_path, number):
    """Start `run` with a lesson that waits, stop it by a signal when the other one is done; return it, ended."""
    flag = tmp_path / "waits"
    course.write("02", WAIT.format(flag=str(flag)))
    command = course.command("run")
    running = subprocess.Popen(**command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    finished = course.folder / "build" / "notebooks" / "01_lesson.ipynb"
    deadline = time.monotonic() + 120
    while not (flag.exists() and finished.exists()):
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.1)
    kernels = psutil.Process(running.pid).children(recursive=True)
    assert kernels
    running.send_signal(number)
    _, running.said = running.communicate(timeout=60)
    psutil.wait_procs(kernels, timeout=60)
    assert not [kernel for kernel in kernels if kernel.is_running()]
    return running


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_what_was_finished_stays(course, tmp_path, number):
    """Interrupted or killed: the finished lesson's notebook and figures are whole, no kernel stays, the next starts."""
    ended = stopped(course, tmp_path, number)
    assert ended.returncode == (130 if number == signal.SIGINT else -number)
    assert "Traceback" not in ended.said
    assert list(results(course)) == ["01_lesson"]
    assert "course" in executed(course, "01_lesson").metadata
    course.write("02")
    done = course.run("run")
    assert done.returncode == 0, done.stderr
    assert list(results(course)) == ["01_lesson", "02_lesson"]


def test_build_that_is_a_file(course):
    """One sentence, before any lesson is executed."""
    (course.folder / "build").write_text("mine")
    done = course.run("run")
    assert done.returncode == 1
    assert "build/run.json cannot be written" in done.stderr
    assert "What to do: " in done.stderr
    assert "Executing" not in done.stderr
    assert (course.folder / "build").read_text() == "mine"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not hold a process to its address space")
@pytest.mark.parametrize(("command", "code"), [("run", 1), ("doctor", 1)])
def test_a_limit_of_1_gb(course, command, code):
    """One sentence says how much memory is needed and what to do, before anything is loaded."""
    start = course.command(command)
    start["args"] = ["sh", "-c", 'ulimit -v 1000000; exec "$@"', "sh", *start["args"]]
    done = subprocess.run(**start, capture_output=True, text=True, timeout=120)
    assert done.returncode == code
    said = done.stdout + done.stderr
    assert "limited to 1.0 GB of address space; a lesson needs 4 GB of it" in said
    assert "`ulimit -v 4000000`" in said
    assert "Traceback" not in said
    assert "MemoryError" not in said


@pytest.fixture
def full_disk(course):
    """Mount a disk of 96 KB at build/, which takes figures and no long notebook."""
    build = course.folder / "build"
    build.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", str(build)]
    if not hasattr(os, "geteuid") or os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root on Linux can mount a small disk")
    yield build
    subprocess.run(["umount", str(build)], check=True)


def test_full_disk(course, full_disk):
    """A notebook that does not fit is not left half-written: one sentence, exit code 1."""
    course.write("01", "print('x' * 200_000)")
    done = course.run("run")
    assert done.returncode == 1
    assert "01_lesson.ipynb cannot be written: No space left on device" in done.stderr
    assert list((full_disk / "notebooks").iterdir()) == []


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"COURSE_DATA": "mnits"}, "run: COURSE_DATA: expected 'mnist'"),
        ({"COURSE_DATA": "", "COURSE_MNIST_URL": "ftp://x"}, "run: COURSE_MNIST_URL: expected http:// or https://"),
    ],
)
def test_a_misspelt_setting_is_one_sentence(course, setting, words):
    """It is said at once, without a traceback."""
    done = course.run("run", data="as set", **setting, HOME=str(course.folder), XDG_CACHE_HOME=str(course.folder))
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
