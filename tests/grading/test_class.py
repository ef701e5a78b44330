"""A class on its roster: whose a file is, what goes back to the platform, marks by hand, the report."""

import csv
import io
import subprocess
import sys
import zipfile

import pytest
from _class import CHECKS, GOOD, QUESTIONS, RIGHT, command, grade, hand_in, notebook, rows
from _made_up import SIMPLE, class_of, export, wrong_rows
from _made_up import command as command_of_class

from course_utils._errors import CourseError
from course_utils.grading import _namespaces, class_report, marks, roster, submissions, tables
from course_utils.grading._spreadsheet import as_csv, harmless
from course_utils.grading.bank import Bank
from course_utils.grading.marks import Row
from course_utils.grading.roster import Student

sandboxed = pytest.mark.skipif(_namespaces.missing() is not None, reason=str(_namespaces.missing()))


# Whose a file is


def packed(place, *names):
    """Return a zip of files, each of which holds its name."""
    with zipfile.ZipFile(place, "w") as archive:
        for name in names:
            archive.writestr(name, name.encode() if not name.endswith("/") else b"")
    return place


def on_roster(tmp_path, text):
    """Return the roster of a CSV."""
    (tmp_path / "class.csv").write_bytes(text.encode("utf-8-sig"))
    return roster.read(tmp_path / "class.csv")


def who(found):
    """Return the names of each student's notebooks."""
    return {key: [attempt.name for attempt in s.attempts] for key, s in found.submissions.items()}


def test_nobody_vanishes(tmp_path):
    """Odd names, nothing in a folder, nothing but what is hidden, a link: each has a row, and a reason."""
    place = tmp_path / "in"
    for name in (".ann", "bob", "cem", "dan", "eve/.ipynb_checkpoints"):
        (place / name).mkdir(parents=True)
    (place / ".ann" / "x.ipynb").write_bytes(b"{}")
    (place / "bob" / ".hidden").write_bytes(b"")
    (place / "dan" / "x.ipynb").symlink_to(place / ".ann" / "x.ipynb")
    (place / "eve" / ".ipynb_checkpoints" / "x.ipynb").write_bytes(b"{}")
    (place / "lee_1_text.html").write_bytes(b"")
    (place / "__MACOSX").mkdir()
    found = submissions.read(place)
    assert who(found) == {".ann": ["x.ipynb"], "bob": [], "cem": [], "dan": [], "eve": [], "lee_1": []}
    assert "symbolic link" in found.submissions["dan"].problems[0]
    reasons = {key: marks.row_of(s, [], {"97.1": "x"}).state for key, s in found.submissions.items() if not s.attempts}
    assert reasons["bob"] == "No notebook was handed in, but .hidden."
    assert reasons["cem"] == "No notebook was handed in."
    assert reasons["lee_1"] == "No notebook was handed in, but lee_1_text.html."


def test_a_link_in_a_zip_is_none(tmp_path):
    """What it holds is a path, and no notebook."""
    link = zipfile.ZipInfo("ann/x.ipynb")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "in", "w") as archive:
        archive.writestr(link, b"/etc/passwd")
        archive.writestr("empty/", b"")
    found = submissions.read(tmp_path / "in").submissions
    assert "symbolic link" in found["ann"].problems[0]
    assert found["empty"].attempts == []


def test_output_among_the_submissions(tmp_path):
    """The folder that the grader writes to is no student, nor that of a run before."""
    for name in ("ann", "graded/ann", "graded/.graded", "older/.graded", "older/bob"):
        (tmp_path / name).mkdir(parents=True)
    assert list(submissions.read(tmp_path, without=tmp_path / "graded").submissions) == ["ann"]


def test_names_that_fit_no_platform(tmp_path):
    """`lab_1_2_ann` looks like one of Canvas; two files with one number are none of Canvas."""
    found = submissions.read(packed(tmp_path / "in", "lab_1_2_ann.ipynb", "lab_1_2_bob.ipynb"))
    assert list(found.submissions) == ["lab_1_2_ann", "lab_1_2_bob"]
    assert "2 names are of no platform" in found.remarks[0]
    people = on_roster(tmp_path, "name,id\nAnn Lee,ann\nBob Ray,bob\n")
    found = submissions.read(tmp_path / "in", people)
    assert who(found) == {"Ann Lee_ann": ["lab_1_2_ann.ipynb"], "Bob Ray_bob": ["lab_1_2_bob.ipynb"]}
    assert found.remarks == []


def test_other_platforms_by_the_roster(tmp_path):
    """Blackboard's names hold the log-in: two students, three attempts, the later one last."""
    people = on_roster(tmp_path, "Last Name;First Name;Username\nLee;Ann;alee2\nRay;Bob;bray\nZhou;Cem;czhou\n")
    attempts = [
        "bray_attempt_2026-11-02-09-00-00",
        "alee2_attempt_2026-11-03-10-00-00",
        "bray_attempt_2026-11-01-09-00-00",
    ]
    names = [f"PCA exercises_{name}_x.ipynb" for name in attempts]
    texts = [f"PCA exercises_{name}.txt" for name in attempts]
    found = submissions.read(packed(tmp_path / "in", *names, *texts), people)
    assert who(found) == {"Ann Lee": [names[1]], "Bob Ray": [names[2], names[0]], "Cem Zhou": []}
    assert found.strangers == {}


def test_two_or_none_are_said(tmp_path):
    """A name that fits two students is nobody's; who is not on the roster is listed apart."""
    people = on_roster(tmp_path, "name,email\nAnn Lee,al@x.org\nAnn Ray,ar@x.org\n")
    found = submissions.read(packed(tmp_path / "in", "al and ar.ipynb", "ann_lee/x.ipynb", "Eve/x.ipynb"), people)
    assert who(found) == {"Ann Lee": ["x.ipynb"], "Ann Ray": []}
    assert list(found.strangers) == ["Eve", "al and ar"]
    assert "Eve is not on the roster." in found.remarks
    assert "al and ar fits 2 students of the roster: Ann Lee, Ann Ray." in found.remarks


def test_platforms_numbers_decide(tmp_path):
    """Two students of one name are told apart by the platform's number, in its own roster."""
    head = "Identifier,Full name,Email address,Grade,Maximum Grade,Last modified (grade)\n"
    lines = "Teilnehmer/in 7,Ann Lee,a@x.org,,10,-\nTeilnehmer/in 8,Ann Lee,b@x.org,,10,-\n"
    people = on_roster(tmp_path, head + lines)
    names = ["Ann Lee_8_assignsubmission_file/x.ipynb", "Ann Lee_9_assignsubmission_file/x.ipynb"]
    found = submissions.read(packed(tmp_path / "in", *names), people)
    assert who(found) == {"Ann Lee_7": [], "Ann Lee_8": ["x.ipynb"]}
    assert list(found.strangers) == ["Ann Lee_9"]
    canvas = on_roster(
        tmp_path, 'Student,ID,SIS Login ID,Section,PCA (77)\n  Points Possible,,,,10\n"Lee, Ann",5,al,A,\n'
    )
    found = submissions.read(packed(tmp_path / "in", "leeann_LATE_5_12_x.ipynb", "leeann_5_text.html"), canvas)
    assert who(found) == {"Lee, Ann_5": ["leeann_LATE_5_12_x.ipynb"]}
    assert found.submissions["Lee, Ann_5"].notes == ["handed in late, by the file's name"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,id\n", "expected a row for each student"),
        ("colour\nred\n", "expected a column `name`"),
        ("name\nAnn\nAnn\n", "found twice: Ann"),
    ],
)
def test_what_is_no_roster(tmp_path, text, words):
    """A sentence says what was expected."""
    with pytest.raises(CourseError, match=words):
        on_roster(tmp_path, text)


# Tables


def row(name="Ann Lee", id_="7", passed=(1, 0), cells=None, mistake=None):
    """Return a row with verdicts."""
    keys = ("97.1", "97.2")
    verdicts = {
        key: {
            "passed": bool(p),
            "state": "passed" if p else "known mistake",
            "mistake": None if p else mistake,
            "text": "" if p else "You count from 1.",
            "missing": False,
        }
        for key, p in zip(keys, passed, strict=True)
    }
    return Row(Student(name, id_, (), cells or {}), dict.fromkeys(keys, "a title"), verdicts, asked={*keys})


@pytest.mark.parametrize(
    "cell", ["=1+1", "x;=1+1;", "x\t=1", "x|@SUM(A1)", "+1", "x,-1+1", "＝1", "a: =2", "'=1", '";=1']
)
def test_no_cell_is_a_formula(cell):
    """Whatever separates the cells where the file is read."""
    text = as_csv([["a", cell], [cell, cell]]).removeprefix("\ufeff")
    for separator in ",;\t|: ":
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
            for line in csv.reader(io.StringIO(text), delimiter=separator, quoting=quoting):
                assert not [c for c in line if c.strip().strip('"')[:1] in tuple("=+-@＝") and c.strip().strip('"')[1:]]


def test_a_table_keeps_what_is_no_formula():
    """Umlauts, addresses, hyphens and negative numbers within words stay as they are; a mark says that it is UTF-8."""
    assert as_csv([["Müller-Lee", "a@b.org", 1.5]]).encode().startswith(b"\xef\xbb\xbfM\xc3\xbcller-Lee,a@b.org,1.5")
    assert harmless("02.1 was not judged; 3 - 2") == "02.1 was not judged; 3 - 2"


def cells(text):
    """Return a CSV's rows."""
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_back_to_moodle(tmp_path):
    """The worksheet itself with grades of its scale, every column kept; without one, what its importer needs."""
    head = "Identifier,Full name,Email address,Grade,Maximum Grade,Last modified (grade),Feedback comments\n"
    people = on_roster(tmp_path, head + "Participant 7,Ann Lee,a@x.org,,100.00,-,\n")
    ann = row(cells=people.students[0].row)
    table = cells(tables.gradebook({"a": ann}, people, "moodle", None)["moodle.csv"])
    assert table == [head.strip().split(","), ["Participant 7", "Ann Lee", "a@x.org", "50.0", "100.00", "-", "graded"]]
    table = cells(tables.gradebook({"a": ann}, None, "moodle", None)["moodle.csv"])
    assert {"Identifier", "Grade", "Last modified (grade)"} <= {*table[0]}
    assert table[1][:3] == ["Participant 7", "Ann Lee", "1"]
    assert tables.gradebook({"a": ann}, None, "", None) == {}


def test_back_to_canvas(tmp_path):
    """Students by their numbers, the section last before the assignment, whose column is named with its number."""
    text = "Student,ID,SIS User ID,SIS Login ID,Section,PCA (77),Final Score\n    Points Possible,,,,,10,(read only)\n"
    people = on_roster(tmp_path, text + '"Lee, Ann",7,u7,al,A,,3\n')
    ann = row(name="Lee, Ann", cells=people.students[0].row)
    table = cells(tables.gradebook({"a": ann}, people, "canvas", "PCA")["canvas.csv"])
    assert table[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "PCA (77)"]
    assert table[1][0].strip() == "Points Possible"
    assert table[1][-1] == "10"
    assert table[2] == ["Lee, Ann", "7", "u7", "al", "A", "5.0"]
    table = cells(tables.gradebook({"a": ann}, None, "canvas", None)["canvas.csv"])
    assert table[0] == ["Student", "ID", "Section", "Exercises"]
    assert table[1:] == [["    Points Possible", "", "", "2"], ["Lee, Ann", "7", "A", "1"]]


def test_marks_by_hand(tmp_path):
    """Merged at every run, by name, number or address; a spreadsheet's 2.1 is 02.1; what fits nothing is said."""
    path, rows_ = tmp_path / "manual.csv", {"Ann Lee_7": row(), "Bo Ray_8": row("Bo Ray", "8")}
    assert marks.merge_manual(path, rows_) == []
    assert path.read_text("utf-8-sig").strip() == "student,question,points,comment"
    path.write_text(
        "student;question;points;comment\nAnn Lee_7;97.2;0,5;good idea\n8;97.1;0;copied\nEve;97.1;1;\n7;9.1;1;\n"
    )
    remarks = marks.merge_manual(path, rows_)
    assert rows_["Ann Lee_7"].by_hand == {"97.2": (0.5, "good idea")}
    assert (rows_["Ann Lee_7"].sum, rows_["Bo Ray_8"].sum) == (1.5, 0)
    assert [remark.partition(" was")[0] for remark in remarks] == ["manual.csv, line 4", "manual.csv, line 5"]
    path.write_text("student,question,points\n7,97.1,full\n")
    with pytest.raises(CourseError, match="line 2: expected points, a number, got 'full'"):
        marks.merge_manual(path, rows_)


def test_the_report_counts(tmp_path):
    """Each mistake as often as it was made, with the sentence; no name of a student."""
    made = {"a": row(passed=(0, 0), mistake="shifted"), "b": row("Bo", "8", (1, 0), mistake="shifted")}
    texts = class_report.of_class(made, {"97.1": "the mean", "97.2": "the square", "97.3": "a letter"})
    counted = {(r[0], r[2], r[4]): r[3] for r in cells(texts["class.csv"])[1:]}
    assert counted["97.1", "passed", ""] == "1"
    assert counted["97.1", "known mistake", "shifted"] == "1"
    assert counted["97.2", "known mistake", "shifted"] == "2"
    assert counted["97.3", "no answer", ""] == "2"
    page = texts["class.html"]
    assert page.index("97.2, shifted") < page.index("97.1, shifted")
    assert "What nobody answered</h2><p>97.3 (a letter)" in page
    assert "You count from 1." in page
    assert not [name for name in ("Ann", "Bo<") if name in page]


def test_misconceptions_are_linked():
    """A question of the course leads to what the instructor's page says of its exercise."""
    place, words = class_report.misconception("01.2")
    assert place.name == "01_toy_gaussians.md"
    assert words.startswith("*The error is half of something*")
    words = class_report.misconception("01.1", "own mean of the new points")[1]
    assert words.startswith("*New points get a mean of their own")
    assert class_report.misconception("97.1") == (None, "")


# The whole command


@sandboxed
@pytest.mark.parametrize("platform", ["moodle", "canvas"])
def test_a_made_up_class(tmp_path, platform, monkeypatch):
    """Right rows for every oddity, the known mistakes counted; the roster's scale in the platform's table."""
    monkeypatch.setenv("COURSE_DATA", "digits")
    people = class_of(18, 0, Bank(SIMPLE))
    export(people, platform, tmp_path)
    (tmp_path / "questions").mkdir()
    for name, text in SIMPLE.items():
        (tmp_path / "questions" / name).write_text(text)
    words = command_of_class(tmp_path, platform, "--questions", str(tmp_path / "questions"))
    done = subprocess.run(words, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stderr
    assert wrong_rows(people, tmp_path / platform, platform) == []
    table = cells((tmp_path / platform / f"{platform}.csv").read_text("utf-8-sig"))
    column = table[0].index("Grade" if platform == "moodle" else "PCA (77)")
    grades = {line[0 if platform == "moodle" else 1].split()[-1]: line[column] for line in table[1:] if line[1]}
    expected = {str(p.id): str(round(p.sum * 10 / 5, 2)) for p in people if p.on_roster}
    assert {key: str(float(grade or 0)) for key, grade in grades.items()} == {
        k: str(float(v)) for k, v in expected.items()
    }
    assert grades["1000"] == ""  # who handed nothing in keeps what the platform has


@sandboxed
def test_judging_is_a_step_of_its_own(tmp_path):
    """A changed hint executes nothing; a changed input only what meets it, announced; marks and edits are kept."""
    hand_in(
        tmp_path / "in",
        {"ann": GOOD["right"], "bob": GOOD["mistakes"], "cem": (notebook(RIGHT[:1], checks=CHECKS[:1]),)},
    )
    assert grade(tmp_path).returncode == 0
    out = tmp_path / "out"
    kept = {path: path.stat().st_mtime_ns for path in (out / ".graded").glob("*.answers")}

    def rejudge(questions, *more):
        asked = command(tmp_path, *more)
        (tmp_path / "questions" / "lesson_97.py").write_text(questions)
        done = subprocess.run(**asked, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stderr, {path for path in kept if path.stat().st_mtime_ns != kept[path]}

    changed = QUESTIONS.replace('HINTS = ("One?"', 'HINTS = ("Another?", "One?"').replace(
        "You count from 1.", "From 0."
    )
    said, again = rejudge(changed)
    assert (again, "known" in said) == (set(), False)
    assert "From 0." in (out / "bob_1" / "feedback.html").read_text()
    (out / "manual.csv").write_text("student,question,points,comment\nbob_1,97.3,1,told me\n")
    (out / "grades.csv").write_text("edited")
    said, again = rejudge(changed, "--rejudge")
    assert rows(tmp_path)["bob"]["sum"] == "1"
    assert "told me" in (out / "bob_1" / "feedback.html").read_text()
    assert (out / "grades.edited-1.csv").read_text() == "edited"
    assert "grades.csv was edited: your version is now grades.edited-1.csv" in said
    said, again = rejudge(changed.replace("np.array([5.5])", "np.array([6.5])"), "--rejudge")
    assert "97.2: what its check hands in has changed: 2 notebooks are executed again" in said
    assert len(again) == 2
    assert rows(tmp_path)["ann"]["sum"] == "3"
    (tmp_path / "in" / "bob_1_assignsubmission_file_" / "x.ipynb").write_bytes(notebook(("answer_1 = 1",)))
    (tmp_path / "in" / "cem_2_assignsubmission_file_" / "x.ipynb").unlink()
    (tmp_path / "in" / "cem_2_assignsubmission_file_").rmdir()
    rejudge(changed.replace("np.array([5.5])", "np.array([6.5])"), "--rejudge")
    assert "not executed yet: repeat the command without `--rejudge`" in rows(tmp_path)["bob"]["state"]
    assert not (out / "cem_2").exists()  # who has left has no page any more


@sandboxed
def test_what_cannot_be_written_or_read_is_said(tmp_path):
    """A folder of questions that is not there; an output that is a file, or the submissions themselves."""
    hand_in(tmp_path / "in", {"ann": GOOD["right"]})
    base = [sys.executable, "-m", "course_utils", "grade", str(tmp_path / "in")]
    (tmp_path / "file").write_text("")
    for more, words in (
        (
            ["-o", str(tmp_path / "out"), "--questions", str(tmp_path / "nowhere")],
            "expected a folder of questions, found none",
        ),
        (["-o", str(tmp_path / "file")], "cannot be written"),
        (["-o", str(tmp_path / "in")], "expected another folder than that of the submissions"),
        (["-o", str(tmp_path / "out"), "--roster", str(tmp_path / "none.csv")], "expected a roster"),
    ):
        done = subprocess.run([*base, *more], capture_output=True, text=True, timeout=100, check=False)
        assert done.returncode == 1
        assert words in done.stderr, done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_does_not_grow_with_what_is_handed_in(tmp_path):
    """A hundred files of 21 MiB in a small zip: none is held, and none reaches a worker."""
    code = f"""
import re
from pathlib import Path
from course_utils.grading import submissions
found = submissions.read(Path({str(tmp_path / "in")!r}))
assert len(found.submissions) == 100
assert all("larger than" in s.problems[0] and not s.attempts for s in found.submissions.values())
print(re.search(r"VmHWM:\\s+([0-9]+) kB", Path("/proc/self/status").read_text())[1])  # getrusage inherits
"""
    with zipfile.ZipFile(tmp_path / "in", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(100):
            archive.writestr(f"s{number}/x.ipynb", b"0" * (21 * 2**20))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=200, check=True)
    assert int(done.stdout) < 400 * 2**10  # KiB
