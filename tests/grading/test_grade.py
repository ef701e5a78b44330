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
from _class import CHECKS, GOOD, HOSTILE, QUESTIONS, RIGHT, command, grade, hand_in, notebook, rows

from course_utils._errors import CourseError
from course_utils.grading import _namespaces, submissions
from course_utils.grading.bank import Bank
from course_utils.grading.student_report import folder_name

pytestmark = pytest.mark.skipif(_namespaces.missing() is not None, reason=str(_namespaces.missing()))
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
    assert "Before that: ZeroDivisionError: division by zero, in the cell that begins: 1 / 0" in page
    assert "KeyError" in page


def test_killed_grader_goes_on(tmp_path):
    """After kill -9 nothing runs on, and what is there stays; the rows are those of a run that nobody disturbed."""
    hand_in(tmp_path / "in", {f"s{i}": (notebook(before=f"import time; time.sleep({i})"),) for i in range(6)})
    running = subprocess.Popen(**command(tmp_path, minutes="9"), stderr=subprocess.PIPE, text=True)
    assert "6 notebooks, 0 known" in running.stderr.readline()
    assert "1 of 6" in running.stderr.readline()
    below = psutil.Process(running.pid).children(recursive=True)
    running.send_signal(signal.SIGKILL)
    running.communicate(timeout=60)  # what lives on holds the pipe
    assert not psutil.wait_procs(below, timeout=30)[1]
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / ".graded").glob("*.answers")}
    assert kept
    assert grade(tmp_path, minutes="9").returncode == 0
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert [row["sum"] for row in rows(tmp_path).values()] == ["3"] * 6
    before = (tmp_path / "out" / "grades.csv").read_bytes()
    started = time.time()
    assert grade(tmp_path, minutes="9").returncode == 0
    assert (tmp_path / "out" / "grades.csv").read_bytes() == before
    assert not [p for p in (tmp_path / "out" / ".graded").glob("*.answers") if p.stat().st_mtime > started]


def test_a_process_of_the_grader_dies(tmp_path):
    """It costs the notebook that it was at, which is graded the next time; the others are there."""
    hand_in(tmp_path / "in", {f"s{i}": (notebook(before=f"import time; time.sleep({i})"),) for i in range(6)})
    running = subprocess.Popen(**command(tmp_path, minutes="9"), stderr=subprocess.PIPE, text=True)
    assert "6 notebooks, 0 known" in running.stderr.readline()
    assert "1 of 6" in running.stderr.readline()
    judges = [p for p in psutil.Process(running.pid).children() if "spawn_main" in " ".join(p.cmdline())]
    next(judge for judge in judges if judge.children()).kill()
    _, said = running.communicate(timeout=200)
    assert (running.returncode, "fault of the grader: 1." in said) == (1, True), said
    assert sorted(row["sum"] for row in rows(tmp_path).values()) == ["0", *["3"] * 5]
    assert grade(tmp_path, minutes="9").returncode == 0
    assert [row["sum"] for row in rows(tmp_path).values()] == ["3"] * 6


def students(place):
    """Return the names of the notebooks of each student."""
    return {key: [a.name for a in s.attempts] for key, s in submissions.read(place).submissions.items()}


def packed(place, *names):
    """Return a zip of empty files."""
    with zipfile.ZipFile(place, "w") as archive:
        for name in names:
            archive.writestr(name, b"")
    return place


def test_as_platforms_export(tmp_path):
    """Moodle's, with online texts, without folders; packed anew; Canvas's second versions after their first."""
    moodle = [f"{name}_assignsubmission_file_/a.ipynb" for name in ("Ada L_1", "Bo_2")]
    texts = ["Ada L_1_assignsubmission_onlinetext_/onlinetext.html"]
    expected = {"Ada L_1": ["a.ipynb"], "Bo_2": ["a.ipynb"]}
    left = ["a/class/Thumbs.db", *(f"a/class/{name}" for name in moodle)]
    assert students(packed(tmp_path / "8", *left, "a/class/Cy_3_assignsubmission_file_x.pdf")) == expected | {
        "Cy_3": []
    }
    assert students(packed(tmp_path / "1", *moodle, *texts)) == expected
    assert students(packed(tmp_path / "2", *(f"class/{name}" for name in moodle))) == expected
    flat = packed(tmp_path / "3", *(name.replace("/", "") for name in moodle))
    assert students(flat) == {name: [f"{name}_assignsubmission_file_a.ipynb"] for name in expected}
    canvas = packed(tmp_path / "4", "c/lee_1_10_x-1.ipynb", "c/lee_1_9_x.ipynb", "c/ray_LATE_2_7_x.ipynb")
    assert students(canvas) == {"lee_1": ["lee_1_9_x.ipynb", "lee_1_10_x-1.ipynb"], "ray_2": ["ray_LATE_2_7_x.ipynb"]}
    assert students(packed(tmp_path / "5", "c/a/02 (1).ipynb", "c/a/02.ipynb", "c/b/.ipynb_checkpoints/x.ipynb")) == {
        "c": ["02.ipynb", "02 (1).ipynb"]
    }
    as_bob = packed(
        tmp_path / "7", "Bob_1_assignsubmission_file__9_assignsubmission_file_/x.ipynb"
    )  # no name of Moodle's
    assert students(as_bob) == {"Bob_1_assignsubmission_file__9_assignsubmission_file_": ["x.ipynb"]}
    assert students(packed(tmp_path / "6", "c/a/x.ipynb", "c/b/d/y.ipynb")) == {"a": ["x.ipynb"], "b": ["y.ipynb"]}


def test_what_cannot_be_read_is_its_students_loss(tmp_path):
    """A damaged entry and one with a password; the others count, also of that student."""
    place = packed(tmp_path / "in", "ann/a.ipynb", "ann/b.ipynb", "bob/a.ipynb", "cem/a.ipynb")
    content = bytearray(place.read_bytes())
    directory = content.index(b"PK\x01\x02")
    for number in (0, 2):  # in the directory: a checksum that is not the content's, and the mark of a password
        start = content.index((b"ann/a", b"", b"bob/a")[number], directory) - 46
        content[start + (16 if number == 0 else 8)] ^= 1
    place.write_bytes(content)
    ann, bob, cem = submissions.read(place).submissions.values()
    assert ([a.name for a in ann.attempts], len(ann.problems)) == (["b.ipynb"], 1)
    assert (bob.attempts, "password" in bob.problems[0]) == ([], True)
    assert [a.source.read() for a in cem.attempts] == [b""]


def test_versions_of_one_notebook(tmp_path):
    """A newer one without an answer takes none away; one that cannot be judged is said, beside the older verdict."""
    lost = notebook(("answer_1 = nothing", "answer_2 = ...", "answer_3 = 'a'"))
    with zipfile.ZipFile(tmp_path / "in", "w") as archive:
        archive.writestr("ann/x.ipynb", notebook())
        archive.writestr("ann/x (1).ipynb", lost)
    assert grade(tmp_path).returncode == 0
    assert [rows(tmp_path)["ann"][key] for key in KEYS] == ["1", "1", "0"]


def test_more_time_for_who_needs_it(tmp_path):
    """With another limit what was ended is executed anew, and nothing else."""
    hand_in(tmp_path / "in", {"ann": GOOD["right"], "bob": (notebook(before="import time; time.sleep(20)"),)})
    assert grade(tmp_path, minutes="0.2").returncode == 0
    assert rows(tmp_path)["bob"]["sum"] == "0"
    said = grade(tmp_path, minutes="9").stderr
    assert "2 notebooks, 1 known from before" in said
    assert rows(tmp_path)["bob"]["sum"] == "3"


def test_own_questions_are_tried_first(tmp_path):
    """A fault in an instructor's question is said to them, before a student pays for it."""
    hand_in(tmp_path / "in", {"ann": GOOD["right"]})
    for edit, words in (
        (("np.arange(4.0)", "1 / 0"), "question 97.1: its check raised ZeroDivisionError"),
        (('"97.1", "the mean",', '"97.1", "the mean", low=1,'), "question 97.1: expected its own right answer to pass"),
        (("QUESTIONS = (Q1, Q2, Q3)", ""), "expected QUESTIONS"),
        (("import numpy as np", "import nothere"), "cannot be imported: ModuleNotFoundError"),
    ):
        asked = command(tmp_path)
        (tmp_path / "questions" / "lesson_97.py").write_text(QUESTIONS.replace(*edit))
        done = subprocess.run(**asked, capture_output=True, text=True, timeout=100)
        assert done.returncode == 1
        assert words in done.stderr
        assert "Traceback" not in done.stderr


def test_the_sum_counts_what_was_set(tmp_path):
    """Checks of another lesson, guessed or not, change neither points nor table; a person is told."""
    own = tmp_path / "questions"
    own.mkdir()
    (own / "lesson_98.py").write_text(QUESTIONS.replace("97.", "98."))
    more = notebook(answers=RIGHT * 2, checks=[*CHECKS, *(c.replace("97", "98") for c in CHECKS)])
    hand_in(tmp_path / "in", {"ann": GOOD["right"], "bob": (more,)})
    assert grade(tmp_path, "--lessons", "97").returncode == 0
    found = rows(tmp_path)
    assert [found[name]["sum"] for name in ("ann", "bob")] == ["3", "3"]
    assert "3 of 3 points" in (tmp_path / "out" / "bob_1" / "feedback.html").read_text()
    assert "98.1" not in found["ann"]
    assert found["bob"]["look at this"] == "checks what was not set: 98.1, 98.2, 98.3"
    done = grade(tmp_path, "--lessons", "97,12")
    assert "--lessons: expected numbers of 97, 98" in done.stderr


def test_questions_are_edited(tmp_path):
    """A process that outlives an edit judges by the questions that it is given; a name that is taken is refused."""
    old = Bank({"lesson_97.py": QUESTIONS}).find("97.1").right()
    new = Bank({"lesson_97.py": QUESTIONS.replace("np.arange(4.0)", "np.ones(4)")}).find("97.1").right()
    assert (old.sum(), new.sum()) == (6, 4)
    with pytest.raises(CourseError, match=r"json\.py: another module has this name"):
        Bank({"lesson_97.py": QUESTIONS, "json.py": ""})


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
    names += [folder_name("a.b")]
    with zipfile.ZipFile(tmp_path / "in", "w") as archive:
        for name in names:
            archive.writestr(f"{name}/x.txt", b"")
        archive.writestr("../../up/x.ipynb", notebook())
        archive.writestr("a.b/\x1b[2J\nMallory,1,1,1,3,graded,.ipynb", b"")
    assert grade(tmp_path).returncode == 0
    with (tmp_path / "out" / "grades.csv").open(newline="", encoding="utf-8-sig") as file:
        found = [row["student"] for row in csv.DictReader(file)]
    assert len(found) == len(names) + 1  # ".."
    assert "'＝1+1" in found
    assert "\x1b" not in (tmp_path / "out" / "grades.csv").read_text()
    assert len(list((tmp_path / "out").glob("*/feedback.html"))) == len(names) + 1


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
    with open(os.fsencode(tmp_path / "in") + b"/\xff_1_assignsubmission_file_x.txt", "wb"):
        pass
    found = submissions.read(tmp_path / "in").submissions
    assert sorted(found) == [r"\udcff_1", "ann", "bob"]
    assert [a.name for a in found["ann"].attempts] == [f"{n:02}.ipynb" for n in range(10, 30)]
    assert found["ann"].problems == ["10 more notebooks were not read: the last 20 are."]
    assert found["bob"].problems == ["bob: it is a symbolic link, and these are not followed."]


def test_what_is_no_class_gets_a_sentence(tmp_path):
    """Neither a folder nor questions: one sentence each."""
    done = grade(tmp_path)
    assert done.returncode == 1
    assert "expected a folder or a zip" in done.stderr
