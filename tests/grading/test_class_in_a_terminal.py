"""What an instructor sees while a class is graded in a terminal: one line that moves. Logs keep their plain lines."""

import re
import signal
import subprocess

import psutil
import pytest
from _class import command, grade, hand_in, notebook, rows
from _terminal import Terminal

from course_utils.grading import _namespaces

pytestmark = pytest.mark.skipif(_namespaces.missing() is not None, reason=str(_namespaces.missing()))


@pytest.fixture
def asked(tmp_path):
    """Hand in one notebook that ends at once and two that do not; return the command that grades them."""
    slow = {name: (notebook(before=f"import time; time.sleep(6)  # {name}"),) for name in ("bob", "cem")}
    hand_in(tmp_path / "in", {"ann": (notebook(),)} | slow)
    return command(tmp_path, minutes="9")


def test_in_a_terminal_one_line_moves(asked, tmp_path):
    """How many are done, the time left, the seconds; then the same for judging. It goes, and no line is wider."""
    terminal = Terminal(asked)
    terminal.read_until("3 notebooks, 0 known from before. Executing one takes 9 min at most.")
    for seen in (r"0 of 3 done .*\d:\d[1-9]", r"1 of 3 done .*\d:\d\d left .*\d:\d\d"):
        terminal.read_until(seen)
    for seen in ("Judging the answers.", r"\d of 3 done"):
        terminal.read_until(seen)
    assert terminal.read_to_the_end() == 0
    assert max(len(line) for line in terminal.lines() if str(tmp_path) not in line) <= 80  # a path is not broken
    assert "1 of 3 notebooks" not in terminal.printed  # a log's line
    assert re.match(r"\s*Lessons|\s*students: 3, notebooks: 3, graded on digits:\s", terminal.left())


def test_in_a_log_nothing_moves(asked):
    """A line for each notebook that is executed, and none about judging."""
    done = subprocess.run(**asked, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    first, *others = done.stderr.splitlines()
    assert first.startswith("3 notebooks, 0 known from before.")
    assert others == ["1 of 3 notebooks", "2 of 3 notebooks", "3 of 3 notebooks"]


def test_ctrl_c_ends_with_one_sentence(asked, tmp_path):
    """The processes that grade, which get it too, leave it to their parent; the next time goes on from there."""
    terminal = Terminal(asked)
    terminal.read_until("0 of 3 done")
    started = [p for p in psutil.Process(terminal.process.pid).children() if "spawn_main" in " ".join(p.cmdline())]
    assert started
    for process in started:  # first, as if their parent were slow to end them
        process.send_signal(signal.SIGINT)
    terminal.read_until("1 of 3 done")
    terminal.press_ctrl_c()
    assert terminal.read_to_the_end() == 130
    assert terminal.left().split() == ["grade:", "interrupted"]
    assert "Traceback" not in terminal.printed
    assert "3 notebooks, 1 known from before" in grade(tmp_path, minutes="9").stderr
    assert [row["sum"] for row in rows(tmp_path).values()] == ["3"] * 3
