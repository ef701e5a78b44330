"""A class with every kind of harm in it: each costs its own row alone; and a grader that was killed goes on."""

import csv
import json
import os
import signal
import subprocess
import time
import zipfile

import psutil
import pytest
from _class import GOOD, HOSTILE, command, grade, hand_in, notebook, rows

from course_utils.grading import _walls, report, submissions

pytestmark = pytest.mark.skipif(_walls.missing() is not None, reason=str(_walls.missing()))
KEYS = ("97.1", "97.2", "97.3")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Grade the whole class once."""
    folder = tmp_path_factory.mktemp("class")
    hand_in(folder / "in", GOOD | HOSTILE)
    done = grade(folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("name", GOOD | HOSTILE)
def test_each_costs_its_own_row_alone(graded, name):
    """Points for right answers, none for harm, and the reason."""
    _, points, words = (GOOD | HOSTILE)[name]
    row = rows(graded)[name]
    if points is None:  # whether it was judged or ended is its own affair: there is no point in it
        assert row["sum"] == "0", row
    else:
        assert tuple(row[key] for key in KEYS) == points, row
    assert words in row["state"]


def test_nobody_is_lost_and_nothing_is_left(graded):
    """A row and a folder for each; no process of theirs lives on."""
    assert sorted(rows(graded)) == sorted(GOOD | HOSTILE)
    for number, name in enumerate(GOOD | HOSTILE):
        assert "<script" not in (graded / "out" / f"{name}_{number}" / "feedback.html").read_text()
    assert not [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", "86399"]]


def test_what_a_student_reads(graded):
    """Known mistakes by their own words; Gradescope's fields."""
    number = list(GOOD | HOSTILE).index("mistakes")
    results = json.loads((graded / "out" / f"mistakes_{number}" / "results.json").read_text())
    assert [test["output"] for test in results["tests"]] == ["You count from 1.", "That is the cube.", "Not a."]
    assert results["score"] == 0
    assert {test["max_score"] for test in results["tests"]} == {1}
    page = (graded / "out" / f"raises_{list(GOOD | HOSTILE).index('raises')}" / "feedback.html").read_text()
    assert "ZeroDivisionError" in page
    assert "KeyError" in page


def test_killed_grader_goes_on(tmp_path):
    """After kill -9 nothing runs on, and what is there stays; the rows are those of a run that nobody disturbed."""
    hand_in(tmp_path / "in", {f"s{i}": (notebook(before=f"import time; time.sleep({i})"),) for i in range(6)})
    running = subprocess.Popen(**command(tmp_path, minutes="9"), stderr=subprocess.PIPE, text=True)
    assert "1 of 6" in running.stderr.readline()
    below = psutil.Process(running.pid).children(recursive=True)
    running.send_signal(signal.SIGKILL)
    running.communicate(timeout=60)  # what lives on holds the pipe
    assert not psutil.wait_procs(below, timeout=30)[1]
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / ".graded").glob("*.json")}
    assert kept
    assert grade(tmp_path, minutes="9").returncode == 0
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert [row["sum"] for row in rows(tmp_path).values()] == ["3"] * 6
    before = (tmp_path / "out" / "grades.csv").read_bytes()
    started = time.time()
    assert grade(tmp_path, minutes="9").returncode == 0
    assert (tmp_path / "out" / "grades.csv").read_bytes() == before
    assert not [p for p in (tmp_path / "out" / ".graded").iterdir() if p.stat().st_mtime > started]


def test_a_zip_and_several_notebooks(tmp_path):
    """One row for a student who hands in two; the untouched copy of a notebook takes no answer away."""
    empty = notebook(("answer_1 = ...",))
    with zipfile.ZipFile(tmp_path / "in", "w") as archive:
        archive.writestr("ann_1_assignsubmission_file_/a.ipynb", notebook())
        archive.writestr("ann_1_assignsubmission_file_/b.ipynb", empty)
        archive.writestr("doelee_LATE_12_345_x.ipynb", notebook())
        archive.writestr("=cmd/essay.pdf", b"")
        archive.writestr("__MACOSX/x.ipynb", b"")
    assert grade(tmp_path).returncode == 0
    assert {name: row["sum"] for name, row in rows(tmp_path).items()} == {"ann": "3", "doelee": "3", "'=cmd": "0"}


def test_names_of_all_kinds(tmp_path):
    """A row and a folder for each, within OUT: long ones, paths, formulas, one like a checksum."""
    names = ["漢" * 100, "𠀀" * 80, "/abs", "C:\\x", "a\nb\x1b[31m", "＝1+1", "<script>", "a.b"]
    names += [report.folder_name("a.b")]
    with zipfile.ZipFile(tmp_path / "in", "w") as archive:
        for name in names:
            archive.writestr(f"{name}/x.txt", b"")
        archive.writestr("../../up/x.ipynb", notebook())
    assert grade(tmp_path).returncode == 0
    with (tmp_path / "out" / "grades.csv").open(newline="") as file:
        found = [row["student"] for row in csv.DictReader(file)]
    assert len(found) == len(names)
    assert "'＝1+1" in found
    assert len(list((tmp_path / "out").glob("*/feedback.html"))) == len(names)


def test_too_many_and_too_deep(tmp_path, request):
    """Of one student's notebooks twenty are read, links lead nowhere; no depth and no name ends the search."""
    for number in range(30):
        (tmp_path / "in" / "ann").mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / "ann" / f"{number:02}.ipynb").write_bytes(b"")
    (tmp_path / "in" / "bob").symlink_to(tmp_path / "in" / "ann")
    request.addfinalizer(lambda: subprocess.run(["rm", "-rf", tmp_path / "in"], check=True))  # pytest cannot
    depth = os.open(tmp_path / "in" / "ann", os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=depth)
        below = os.open("d", os.O_RDONLY, dir_fd=depth)
        os.close(depth)
        depth = below
    os.close(depth)
    with open(os.fsencode(tmp_path / "in") + b"/\xff.txt", "wb"):
        pass
    strange, ann = submissions.read(tmp_path / "in")
    assert strange.student == r"\udcff"
    assert (list(ann.notebooks), ann.n_more) == ([f"ann/{n:02}.ipynb" for n in range(20)], 10)


def test_what_is_no_class_gets_a_sentence(tmp_path):
    """Neither a folder nor questions: one sentence each."""
    done = grade(tmp_path)
    assert done.returncode == 1
    assert "expected a folder or a zip" in done.stderr
