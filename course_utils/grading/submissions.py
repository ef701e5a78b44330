"""What a class handed in: a folder or a zip, as learning platforms export them."""

import contextlib
import os
import re
import sys
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
    found = PurePosixPath(unicodedata.normalize("NFC", path))  # macOS writes an accent as a letter of its own
    parts = found.parts
    whole = parts[0] if len(parts) > 1 else found.stem
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
    names = sorted(filter(_counts, files), key=_age)
    if above := _wrapping([name for name in names if _is_notebook(name)]):
        print(f"Taken for a folder around all: {above}", file=sys.stderr)
    found, of_student = {}, {}
    for name in names:
        within = name.removeprefix(above)
        if "/" not in within and not _is_notebook(name) and not _by_platform(within):
            continue  # what a system leaves beside all students' folders
        student = student_of(within)
        found.setdefault(student, Submission(student))
        if _is_notebook(name):
            of_student.setdefault(student, []).append(name)
        else:
            found[student].others.append(PurePosixPath(name).name)
    for student, its in of_student.items():
        for name in its[-MOST:]:
            try:
                found[student].notebooks[name] = files[name]()
            except Exception as error:  # damaged, encrypted, forbidden: zipfile has an exception for each
                found[student].problems.append(f"{PurePosixPath(name).name}: it cannot be read ({error}).")
        if its[:-MOST]:
            found[student].problems.append(f"{len(its[:-MOST])} more notebooks were not read: the last {MOST} are.")
    return found


def _is_notebook(name):
    return name.lower().endswith(".ipynb")


def _by_platform(name):
    return bool(MOODLE.match(name) or CANVAS.match(f"{name}_"))


def _age(name):
    # "x", "x (1)" or "x-1", and so on to "x (10)": as browsers and platforms number new versions
    parts = re.split(r"(\d+)", name.removesuffix(".ipynb"))
    return [(len(part.lstrip("0")), part.lstrip("0")) if part.isdecimal() else part for part in parts], name


def _wrapping(names):
    # folders around all students' folders, as who packs an unpacked export anew gets them
    parts = [PurePosixPath(name).parts for name in names]
    tops = {part[0] for part in parts}
    if len(tops) != 1 or any(len(part) < 2 for part in parts) or MOODLE.match(top := tops.pop()):
        return ""
    below = ["/".join(part[1:]) for part in parts]
    several = len({student_of(name) for name in below}) > 1
    if several and (all(map(_by_platform, below)) or all("/" in name for name in below)):
        return f"{top}/"
    deeper = _wrapping(below)
    return f"{top}/{deeper}" if deeper else ""


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
