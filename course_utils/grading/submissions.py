"""What a class handed in: a folder or a zip, as learning platforms export them."""

import contextlib
import os
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from course_utils._errors import CourseError
from course_utils.grading.notebook import LONGEST

MOODLE = re.compile(r"(.+)_assignsubmission_(?:file|onlinetext)")  # Name_12345_assignsubmission_file_/x.ipynb
MOST = 20  # notebooks of a student: each may take its minutes
CANVAS = re.compile(r"^(?P<name>.+?)(_late)?_(?P<id>\d+)_\d+_.*$", re.IGNORECASE)  # lastfirst_123_456_x.ipynb


@dataclass
class Submission:
    """A student, and the first `MOST` notebooks by their paths, older versions before newer ones.

    No more of each is read than shows that it is too long. `problems` says which could not be read, `others` has the
    names of what is no notebook.
    """

    student: str
    notebooks: dict[str, bytes] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def student_of(path: str) -> str:
    """Return whose a file is: its first folder's name, or its own, without what platforms add. Their number stays."""
    parts = PurePosixPath(unicodedata.normalize("NFC", path)).parts  # macOS writes an accent as a letter of its own
    whole = parts[0] if len(parts) > 1 else PurePosixPath(path).stem
    if found := MOODLE.match(whole):
        return found[1]
    if len(parts) == 1 and (found := CANVAS.match(f"{whole}_")):
        return f"{found['name']}_{found['id']}"
    return whole


def read(place: Path) -> list[Submission]:
    """Return all submissions, by student; CourseError where there are none. A file that cannot be read is a problem."""
    if not place.exists():
        raise CourseError(f"{place}: expected a folder or a zip of submissions, or a notebook, found nothing.")
    if place.is_dir():
        found = _read(_in_folder(place))
    elif place.suffix == ".ipynb":
        found = _read({place.name: lambda: _beginning(place.open("rb"))})
    else:
        try:
            with zipfile.ZipFile(place) as archive:
                found = _read(_in_zip(archive))
        except (zipfile.BadZipFile, OSError) as error:
            raise CourseError(f"{place}: expected a folder or a zip of submissions, found another file.") from error
    if not found:
        raise CourseError(f"{place}: expected submissions, found no file.")
    return [found[student] for student in sorted(found)]


def _read(files):
    found, n_more = {}, {}
    names = sorted(filter(_counts, files), key=_age)
    above = _wrapping(names)
    for name in names:
        student = student_of(name.removeprefix(above))
        submission = found.setdefault(student, Submission(student))
        if not name.lower().endswith(".ipynb"):
            submission.others.append(PurePosixPath(name).name)
            continue
        if len(submission.notebooks) == MOST:
            n_more[student] = n_more.get(student, 0) + 1
            continue
        try:
            submission.notebooks[name] = files[name]()
        except Exception as error:  # damaged, encrypted, forbidden: zipfile has an exception for each
            submission.problems.append(f"{PurePosixPath(name).name}: it cannot be read ({error}).")
    for student, n in n_more.items():
        found[student].problems.append(f"{n} more notebooks were not read: {MOST} are, by name.")
    return found


def _age(name):
    # "x", "x (1)" or "x-1", and so on to "x (10)": as browsers and platforms number new versions
    parts = re.split(r"(\d+)", name.removesuffix(".ipynb"))
    return [int(part) if part.isdecimal() else part for part in parts], name


def _wrapping(names):
    # a folder around all students' folders, as who packs an unpacked export anew gets it
    parts = [PurePosixPath(name).parts for name in names]
    tops = {part[0] for part in parts if part}
    if len(tops) != 1 or any(len(part) < 2 for part in parts) or MOODLE.match(top := tops.pop()):
        return ""
    students = {student_of("/".join(part[1:])) for part in parts}
    by_platform = all(MOODLE.match(part[1]) or CANVAS.match(f"{part[1]}_") for part in parts)
    in_folders = all(len(part) > 2 for part in parts)
    return f"{top}/" if (by_platform or in_folders) and len(students) > 1 else ""


def _in_folder(folder) -> dict[str, Callable[[], bytes]]:
    paths = {_readable(path.relative_to(folder)): path for path in _files(folder)}
    return {name: lambda path=path: _beginning(path.open("rb")) for name, path in paths.items()}


def _readable(path):
    # Linux takes any bytes for a name, and a file of text does not
    return path.as_posix().encode(errors="backslashreplace").decode()


def _files(folder) -> Iterator[Path]:
    # os.walk calls itself for each folder within a folder; links lead nowhere
    waiting = [folder]
    while waiting:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:  # too deep for a path, or forbidden
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    yield Path(entry.path)


def _in_zip(archive) -> dict[str, Callable[[], bytes]]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    return {entry.filename: lambda entry=entry: _beginning(archive.open(entry)) for entry in entries}


def _beginning(opened):
    with opened as file:
        return file.read(LONGEST + 1)


def _counts(name):
    return not any(part.startswith(".") or part == "__MACOSX" for part in PurePosixPath(name).parts)
