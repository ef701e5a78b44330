"""Who is in the class: Moodle's grading worksheet, Canvas's gradebook, or a CSV of one's own."""

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from course_utils._errors import CourseError
from course_utils.grading import platforms

NAMES = ("student", "name", "full name")
FIRST, LAST = ("first name", "firstname", "given name"), ("last name", "lastname", "surname", "family name")
IDS = ("id", "student id", "number", "identifier")
OTHERS = ("email", "email address", "e-mail", "login", "username", "user name", "id number", "matriculation number")


@dataclass(frozen=True)
class Student:
    """One of the roster: name, number on the platform, and what else may stand for them in a file's name."""

    name: str
    id: str = ""
    others: tuple[str, ...] = ()
    row: dict = field(default_factory=dict, compare=False)  # of the table that they stand in

    @property
    def key(self) -> str:
        """Return name and number, which no two students share."""
        return f"{self.name}_{self.id}" if self.id else self.name


@dataclass(frozen=True)
class Roster:
    """The students in their order; `form` says whose table it was, and `possible` has its row of points, if any."""

    students: tuple[Student, ...]
    columns: tuple[str, ...]
    form: platforms.Columns | None = None
    possible: dict | None = None

    def find(self, name: str, id_: str = "") -> list[Student]:
        """Return whose number this is; where the roster does not know the platform's numbers, who has this name.

        A name may also be a number, an address or a log-in, or as Canvas writes it: ``lastfirst``.
        """
        if id_ and (self.form or any(student.id == id_ for student in self.students)):
            found = [student for student in self.students if student.id == id_]
            # in Canvas a name that a student may choose stands before the number, and may hold numbers of its own
            return [
                s for s in found if self.form is not platforms.GRADEBOOK or same(name).replace(" ", "") in _known(s)
            ]
        wanted = same(name)
        return [student for student in self.students if wanted and wanted in _known(student)]

    def named_in(self, text: str) -> list[Student]:
        """Return whose name, address or log-in stands in a file's name as words of their own; else whose number."""
        words = f" {same(text)} "
        for known in (lambda s: {*map(same, (s.name, *s.others)), *_log_ins(s)}, lambda s: {same(s.id)}):
            if found := [s for s in self.students if any(f" {name} " in words for name in known(s) if name)]:
                return found
        return []


def _known(student):
    # all that stands for a student, and the name with its last words first, written as one: "leeann" for Ann Lee
    words = same(student.name).split()
    as_one = {"".join(words[i:] + words[:i]) for i in range(len(words))}
    return {*map(same, (student.name, student.key, student.id, *student.others)), *_log_ins(student), *as_one} - {""}


def _log_ins(student):
    return {same(other.split("@")[0]) for other in student.others if "@" in other}


def same(text: str) -> str:
    """Return a name without what differs between systems: case, signs, the way accents are written."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold().replace("_", " ")))


def table(path: Path, what: str) -> tuple[list[str], list[dict[str, str]]]:
    """Return the columns and rows of a CSV as spreadsheets and platforms write it; CourseError where it is none.

    Names of columns come in lower case; the separator is the comma, the semicolon or the tab.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_bytes().decode("cp1252", "replace")  # a spreadsheet's plain "CSV" in Western Europe
    except OSError as error:
        raise CourseError(f"{path}: expected {what}, a CSV; it cannot be read: {error.strerror}.") from error
    head = text.partition("\n")[0]
    rows = list(csv.reader(io.StringIO(text), delimiter=max(",;\t", key=head.count)))
    columns = [name.strip() for name in rows[0]] if rows else []
    found = [
        dict(zip(columns, [*row, *[""] * len(columns)], strict=False)) for row in rows[1:] if any(map(str.strip, row))
    ]
    return columns, found


def read(path: Path) -> Roster:
    """Return the roster in a CSV; CourseError where it names no students, or one twice."""
    columns, rows = table(path, "a roster")
    form = platforms.form_of([name.casefold() for name in columns])
    possible, students = None, []
    for row in rows:
        low = {name.casefold(): cell.strip() for name, cell in row.items()}
        if form is platforms.GRADEBOOK and (not low["id"]):  # rows of Canvas's own: points possible, manual posting
            possible = row if "points possible" in low["student"].casefold() else possible
            continue
        students.append(_student(low, row, form, path))
    if not students:
        raise CourseError(f"{path}: expected a row for each student, found none.")
    keys = [student.key for student in students]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise CourseError(
            f"{path}: expected each student once, found twice: {', '.join(twice[:3])}.\n"
            "What to do: give the roster a column `id`, with the platform's number or the log-in."
        )
    return Roster(tuple(students), tuple(columns), form, possible)


def _student(low, row, form, path):
    if form:
        others = tuple(low[name] for name in form.others if low.get(name))
        return Student(low[form.name], platforms.id_in(form, low[form.id]), others, row)

    def first(names):
        return next((low[name] for name in names if low.get(name)), "")

    name = first(NAMES) or " ".join(filter(None, (first(FIRST), first(LAST))))
    others = tuple(low[name] for name in OTHERS if low.get(name))
    if not (name or first(IDS) or others):
        raise CourseError(
            f"{path}: expected a column `name` (or `first name` and `last name`), and any of `id`, `email`, `login`; "
            f"found {', '.join(row)}."
        )
    return Student(name or first(IDS) or others[0], first(IDS), others, row)
