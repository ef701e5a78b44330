"""What a class handed in: a folder or a zip, as learning platforms export them."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from course_utils._errors import CourseError
from course_utils.grading.notebook import LONGEST

MOODLE = re.compile(r"_assignsubmission_file.*$")  # Name_12345_assignsubmission_file_/x.ipynb
CANVAS = re.compile(r"^(?P<name>.+?)(_late)?_(?P<id>\d+)_\d+_.*$", re.IGNORECASE)  # lastfirst_123_456_x.ipynb


@dataclass
class Submission:
    """A student, and the notebooks by their paths; no more of each is read than shows that it is too long."""

    student: str
    notebooks: dict[str, bytes] = field(default_factory=dict)


def student_of(path: str) -> str:
    """Return whose a file is: its first folder's name, or its own, without what platforms add. Their number stays."""
    parts = PurePosixPath(path).parts
    if len(parts) > 1:
        return MOODLE.sub("", parts[0])
    stem = PurePosixPath(path).stem
    found = CANVAS.match(f"{stem}_")
    return f"{found['name']}_{found['id']}" if found else stem


def read(place: Path) -> list[Submission]:
    """Return all submissions, by student; CourseError where there are none."""
    if not place.exists():
        raise CourseError(f"{place}: expected a folder or a zip of submissions, found nothing.")
    try:
        files = sorted(_in_folder(place) if place.is_dir() else _in_zip(place))
    except zipfile.BadZipFile as error:
        raise CourseError(f"{place}: expected a folder or a zip of submissions, found another file.") from error
    found: dict[str, Submission] = {}
    for path, content in files:
        student = student_of(path)
        submission = found.setdefault(student, Submission(student))
        if path.endswith(".ipynb"):
            submission.notebooks[path] = content
    if not found:
        raise CourseError(f"{place}: expected submissions, found no file.")
    return [found[student] for student in sorted(found)]


def _in_folder(folder) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not path.is_symlink() and _counts(name):
            with path.open("rb") as file:
                yield name, file.read(LONGEST + 1) if name.endswith(".ipynb") else b""


def _in_zip(place) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(place) as archive:
        for entry in archive.infolist():
            if not entry.is_dir() and _counts(entry.filename):
                with archive.open(entry) as file:
                    yield entry.filename, file.read(LONGEST + 1) if entry.filename.endswith(".ipynb") else b""


def _counts(name):
    return not any(part.startswith(".") or part == "__MACOSX" for part in PurePosixPath(name).parts)
