"""What a person sees while notebooks are executed: lines that move in a terminal of 80 columns, plain ones in a log."""

import os
import re
import sys
import textwrap

import pytest
from _course import Course
from _terminal import Terminal

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")
WAIT = "import pathlib, time\nwhile not pathlib.Path({flag!r}).exists():\n    time.sleep(0.05)"


@pytest.fixture
def course(tmp_path):
    """Return a course with a lesson that waits until there is a file `go` beside it."""
    course = Course(tmp_path)
    course.write("01", WAIT.format(flag=str(tmp_path / "go")))
    return course


def test_in_a_terminal_cell_bar_and_seconds_move(course):
    """An opening sentence, a line for the notebook, one for all; they go when the table comes. Nothing is wider."""
    terminal = Terminal(course.command("run"))
    for seen in ("Executing 1 notebook.", r"01_lesson +cell 4 of 4 .*\d:\d\d", r"0 of 1 done .*\d:\d[1-9]"):
        terminal.read_until(seen)
    (course.folder / "go").touch()
    assert terminal.read_to_the_end() == 0
    lines = terminal.lines()
    from_then_on = lines[lines.index("Executing 1 notebook.") :]
    assert max(len(line) for line in from_then_on if str(course.folder) not in line) <= 80
    assert re.search(r"01_lesson +\d+ +\d\.\d\d +1  ok", terminal.left())


def test_a_warning_takes_the_place_of_the_seconds(course):
    """What Sphinx writes while the book is built begins its line, and is not written over."""
    warns = f"{WAIT.format(flag=str(course.folder / 'go'))}\nprint('page.md:3: WARNING', file=sys.stderr)\n"
    code = "import sys\nfrom course_utils.notebooks.progress import waiting\nwith waiting('Building.'):\n"
    start = course.command()
    terminal = Terminal(start | {"args": [sys.executable, "-c", code + textwrap.indent(warns, "    ")]})
    terminal.read_until("0:01")
    (course.folder / "go").touch()
    assert terminal.read_to_the_end() == 0
    assert "page.md:3: WARNING" in terminal.lines()


def test_in_a_log_a_line_when_a_notebook_starts_and_one_when_it_is_done(course):
    """No line is written over, and nothing is said about cells."""
    (course.folder / "go").touch()
    done = course.run("run")
    assert done.returncode == 0
    said = [re.sub(r"\d+ s", "N s", line) for line in done.stderr.splitlines()]
    assert said == ["Executing 1 notebook.", "01_lesson: started", "01_lesson: N s (1 of 1 done)"]


def test_stored_seconds_tell_how_long_it_will_take(course):
    """`notebooks` stores them, and the next command says them before it begins; what is not stale is not executed."""
    (course.folder / "go").touch()
    assert course.run("notebooks").stderr.startswith("Executing 1 notebook.\n")
    stored = course.folder / "notebooks" / "01_lesson.ipynb"
    stored.write_text(re.sub(r'"seconds": \d+', '"seconds": 300', stored.read_text()))
    assert course.run("run").stderr.startswith("Executing 1 notebook: about 5 minutes.\n")
    again = course.run("notebooks")
    assert (again.stdout, again.stderr) == ("Nothing to execute: all stored outputs belong to the code as it is.\n", "")
