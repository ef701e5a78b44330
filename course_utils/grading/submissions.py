"""What a class handed in: a folder or a zip, as learning platforms export them."""

import contextlib
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from course_utils._errors import CourseError
from course_utils.grading.notebook import LONGEST

MOODLE = re.compile(r"_assignsubmission_file.*$")  # Name_12345_assignsubmission_file_/x.ipynb
MOST = 20  # notebooks of a student: each may take its minutes
CANVAS = re.compile(r"^(?P<name>.+?)(_late)?_(?P<id>\d+)_\d+_.*$", re.IGNORECASE)  # lastfirst_123_456_x.ipynb


@dataclass
class Submission:
    """A student, and the first `MOST` notebooks by their paths; how many more there are, which nobody reads.

    No more of each is read than shows that it is too long.
    """

    student: str
    notebooks: dict[str, bytes] = field(default_factory=dict)
    n_more: int = 0


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
    found: dict[str, Submission] = {}
    try:
        for path, content in _in_folder(place) if place.is_dir() else _in_zip(place):
            student = student_of(path)
            submission = found.setdefault(student, Submission(student))
            if not path.endswith(".ipynb"):
                continue
            if len(submission.notebooks) < MOST:
                submission.notebooks[path] = content()
            else:
                submission.n_more += 1
    except zipfile.BadZipFile as error:
        raise CourseError(f"{place}: expected a folder or a zip of submissions, found another file.") from error
    if not found:
        raise CourseError(f"{place}: expected submissions, found no file.")
    return [found[student] for student in sorted(found)]


def _in_folder(folder) -> Iterator[tuple[str, Callable[[], bytes]]]:
    paths = {_readable(path.relative_to(folder)): path for path in _files(folder)}
    for name in filter(_counts, sorted(paths)):
        yield name, lambda name=name: _beginning(paths[name].open("rb"))


def _readable(path):
    # Linux takes any bytes for a name, and a file of text does not
    return path.as_posix().encode(errors="backslashreplace").decode()


def _files(folder):
    # os.walk calls itself for each folder within a folder; links lead nowhere
    waiting = [folder]
    while waiting:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:  # too deep for a path, or forbidden
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    yield Path(entry.path)


def _in_zip(place) -> Iterator[tuple[str, Callable[[], bytes]]]:
    with zipfile.ZipFile(place) as archive:
        entries = {entry.filename: entry for entry in archive.infolist() if not entry.is_dir()}
        for name in filter(_counts, sorted(entries)):
            yield name, lambda name=name: _beginning(archive.open(entries[name]))


def _beginning(opened):
    with opened as file:
        return file.read(LONGEST + 1)


def _counts(name):
    return not any(part.startswith(".") or part == "__MACOSX" for part in PurePosixPath(name).parts)
