"""The marks of a student: what was judged of all attempts, and what an instructor gave by hand."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from course_utils._errors import CourseError
from course_utils.grading import roster
from course_utils.grading._spreadsheet import as_csv
from course_utils.grading.judging import Judged, better
from course_utils.grading.roster import Student
from course_utils.grading.submissions import Submission

COLUMNS = ("student", "question", "points", "comment")
STOPPED_FOR = re.compile(r"\b(FileNotFoundError|ModuleNotFoundError|ImportError|EOFError|StdinNotImplementedError)\b")
WHAT_LACKS = {"FileNotFoundError": "file", "EOFError": "input", "StdinNotImplementedError": "input"}


@dataclass
class Row:
    """One student's row.

    Attributes
    ----------
    titles : dict of str, the questions that were set, by their keys
    verdicts, unjudged : by key; `errors`, `reasons` and `notes` are sentences, `by_hand` is (points, comment) by key
    asked : the keys that the student's notebooks check
    """

    student: Student
    titles: dict[str, str]
    verdicts: dict[str, dict] = field(default_factory=dict)
    unjudged: dict[str, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    reasons: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    by_hand: dict[str, tuple[float, str]] = field(default_factory=dict)

    def points(self, key: str) -> float | None:
        """Return the points of a question; None where it was not judged."""
        if key in self.by_hand:
            return self.by_hand[key][0]
        return int(self.verdicts[key]["passed"]) if key in self.verdicts else None

    @property
    def sum(self) -> float:
        """Return the sum over the questions that were set."""
        return sum(self.points(key) or 0 for key in self.titles)

    @property
    def state(self) -> str:
        """Return `graded`, or why not all was."""
        return " ".join(self.reasons) or "graded"

    def absent(self, key: str) -> str:
        """Return why a question has no verdict."""
        if key in self.unjudged:
            return sentence(self.unjudged[key])
        return "The notebook ended before." if key in self.asked else f'No check("{key}", ...) was found.'


def row_of(submission: Submission, outcomes: list[Judged], titles: dict[str, str]) -> Row:
    """Return a student's row; `outcomes` are those of the attempts, in their order, `titles` what was set."""
    row = Row(submission.student, titles, notes=list(submission.notes))
    for attempt, outcome in zip(submission.attempts, outcomes, strict=True):
        if outcome.reason:
            row.reasons.append(f"{attempt.name}: {outcome.reason.rstrip('. ')}.")
        row.errors += [f"{attempt.name}: {error}" for error in outcome.errors]
        row.asked |= {*outcome.asked}
        for verdict in outcome.verdicts:
            if better(verdict, row.verdicts.get(verdict["key"])):
                row.verdicts[verdict["key"]] = verdict
                row.unjudged.pop(verdict["key"], None)
        row.unjudged |= outcome.unjudged
        row.notes += [note for note in outcome.notes if note not in row.notes]
    row.notes += _what_stopped(row)
    if others := sorted(row.asked - titles.keys()):
        row.notes.append(f"checks what was not set: {', '.join(others[:5])}{' and more' * (len(others) > 5)}")
    row.reasons += submission.problems
    row.reasons += [sentence(f"{key} was not judged: {why}") for key, why in row.unjudged.items() if key in titles]
    if not submission.attempts and not submission.problems:
        but = f", but {', '.join(submission.others[:3])}{' and more' * (len(submission.others) > 3)}"
        row.reasons.append(f"No notebook was handed in{but * bool(submission.others)}.")
    elif not row.asked & titles.keys() and not row.reasons:
        row.reasons.append("No notebook checks a question that was set.")
    elif row.asked and (unasked := [key for key in titles if key not in row.asked]):
        row.reasons.append(f"No check of {', '.join(unasked)} was found.")
    return row


def _what_stopped(row):
    # answers that are not there because this machine lacks something
    found = []
    for key, verdict in row.verdicts.items():
        if verdict["missing"] and key in row.titles and (stopped := STOPPED_FOR.search(verdict["text"])):
            found.append(f"the answer to {key} stopped for a missing {WHAT_LACKS.get(stopped[1], 'package')}")
        elif verdict["missing"] and key in row.titles:
            found.append(f"the answer to {key} was not there when it was checked")
    return found


def sentence(text: str) -> str:
    """Return a text with a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:].rstrip('. ')}."


def merge_manual(path: Path, rows: dict[str, Row]) -> list[str]:
    """Add the marks of `manual.csv` to the rows, and return in sentences what could not be added.

    Where there is no such file, one with the names of its columns is made. CourseError where it is none, or where
    points are no number.
    """
    if not path.exists():
        path.write_text(as_csv([list(COLUMNS)]), encoding="utf-8")
        return []
    columns, lines = roster.table(path, "marks by hand")
    if missing := [name for name in COLUMNS[:3] if name not in [column.casefold() for column in columns]]:
        raise CourseError(f"{path}: expected the columns {', '.join(COLUMNS)}; {', '.join(missing)} is missing.")
    remarks = []
    for number, line in enumerate(lines, 2):
        cell = {name.casefold(): text.strip().removeprefix("'") for name, text in line.items()}
        try:
            points = float(cell["points"].replace(",", "."))
        except ValueError as error:
            raise CourseError(f"{path}, line {number}: expected points, a number, got {cell['points']!r}.") from error
        if not 0 <= points <= 1:
            raise CourseError(f"{path}, line {number}: expected points from 0 to 1, got {points:g}.")
        fitting = _fitting(cell["student"], rows)
        question = _key(cell["question"])
        if len(fitting) != 1 or question not in fitting[0].titles:
            what = (
                f"the student {cell['student']!r} fits {len(fitting)} rows"
                if len(fitting) != 1
                else (f"{cell['question']!r} is no question that was set")
            )
            remarks.append(f"{path.name}, line {number} was left out: {what}.")
            continue
        fitting[0].by_hand[question] = (int(points) if points in (0, 1) else points, cell.get("comment", ""))
    return remarks


def _fitting(name, rows):
    if name in rows:
        return [rows[name]]
    people = roster.Roster(tuple(row.student for row in rows.values()), ())
    return [rows[student.key] for student in people.find(name)]


def _key(text):
    # spreadsheets make a number of 02.1: 2.1
    found = re.fullmatch(r"(\d{1,2})[.,](\d+)", text)
    return f"{int(found[1]):02}.{found[2]}" if found else text
