"""What a class handed in: a folder or a zip, as learning platforms export them.

Nothing is held in memory but names and checksums: a notebook is read when it is its turn.
"""

import contextlib
import hashlib
import os
import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from course_utils._errors import CourseError
from course_utils.grading.execution import LONGEST, TOO_LARGE
from course_utils.grading.platforms import LATE, FileName, read_name
from course_utils.grading.roster import Roster, Student

MOST = 20  # notebooks of a student: each may take its minutes
MOST_FILES = 200_000
DEEPEST = 4  # of the folders that may be a student's: there may be some around all
LEFT_BY_SYSTEMS = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini", ".ipynb_checkpoints")


@dataclass(frozen=True)
class Source:
    """Where a notebook lies: a file, or an entry of a zip."""

    place: Path
    entry: str | None = None

    def read(self) -> bytes:
        """Return its bytes, no more of them than show that it is too long."""
        if self.entry is None:
            with self.place.open("rb") as file:
                return file.read(LONGEST + 1)
        with zipfile.ZipFile(self.place) as archive, archive.open(self.entry) as file:
            return file.read(LONGEST + 1)


@dataclass
class Attempt:
    """A notebook that a student handed in: its name, where it lies, its checksum."""

    name: str
    source: Source
    checksum: str


@dataclass
class Submission:
    """What one student handed in: the last `MOST` notebooks, older versions before newer ones.

    `problems` says what could not be read, `others` has the names of what is no notebook, `notes` are for a person.
    """

    student: Student
    attempts: list[Attempt] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass
class HandedIn:
    """All submissions by the students' keys, those of the roster in its order; who is not on it; what is to be said."""

    submissions: dict[str, Submission]
    strangers: dict[str, Submission] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    platform: str = ""


@dataclass
class _File:
    # a file's path, or a folder's with a slash at its end, and how to read it
    path: str
    source: Source | None = None
    problem: str = ""


def read(place: Path, roster: Roster | None = None, without: Path | None = None) -> HandedIn:
    """Return all submissions; CourseError where there are none. `without` is a folder that holds none: the output.

    Each student of the roster has one, whatever came.
    """
    if not place.exists():
        raise CourseError(f"{place}: expected a folder or a zip of submissions, or a notebook, found nothing.")
    if place.is_dir():
        files = _in_folder(place, without)
    elif place.suffix == ".ipynb":
        files = [_File(place.name, Source(place))]
    else:
        try:
            with zipfile.ZipFile(place) as archive:
                files = [_of_entry(place, entry) for entry in archive.infolist()]
        except (zipfile.BadZipFile, OSError) as error:
            raise CourseError(f"{place}: expected a folder or a zip of submissions, found another file.") from error
    if len(files) > MOST_FILES:
        raise CourseError(f"{place}: expected at most {MOST_FILES:,} files, found {len(files):,}.")
    found = _sorted_out(files, roster)
    if not found.submissions and not found.strangers:
        raise CourseError(f"{place}: expected submissions, found no file.")
    return found


def _sorted_out(files: Iterable[_File], roster):
    files = sorted(files, key=lambda file: _age(file.path))
    above = _wrapping([file.path for file in files if _is_notebook(file.path)])
    found = HandedIn({})
    if above:
        found.remarks.append(f"Taken for a folder around all: {above}")
    if roster:
        found.submissions = {student.key: Submission(student) for student in roster.students}
    files = [(file, within) for file in files if (within := _within(file.path, above))]
    shared = _numbers_of_several(within for _, within in files)
    fits_none = []
    for file, within in files:
        name = _platforms_name(within, shared)
        if "/" not in within and not _is_notebook(within) and name is None and not (roster and roster.named_in(within)):
            continue  # what a system leaves beside all students' folders
        found.platform = found.platform or (name.platform if name else "")
        submission = _submission_of(within, name, roster, found)
        if name is None and not within.endswith("/") and "/" not in within:
            fits_none.append(within)
        _add(submission, file, within, name)
    if fits_none and not roster:
        found.remarks.append(
            f"{len(fits_none)} names are of no platform that the course knows, and each is taken for a student of its "
            f"own: {_some(fits_none)}. What to do where that is wrong: --roster, or a folder for each student."
        )
    for submission in (*found.submissions.values(), *found.strangers.values()):
        if more := submission.attempts[:-MOST]:
            submission.problems.append(f"{len(more)} more notebooks were not read: the last {MOST} are.")
            submission.attempts = submission.attempts[-MOST:]
        _take_checksums(submission)
    if not roster:
        found.submissions = dict(sorted(found.submissions.items()))
    return found


def _submission_of(within, name, roster, found):
    parts = PurePosixPath(unicodedata.normalize("NFC", within)).parts  # macOS writes an accent as a letter of its own
    whole = parts[0] if within.endswith("/") or len(parts) > 1 else PurePosixPath(parts[0]).stem
    student = Student(name.name or name.id, name.id) if name else Student(whole)
    if not roster:
        return found.submissions.setdefault(student.key, Submission(student))
    fitting = roster.find(student.name, student.id) if name else roster.find(whole) or roster.named_in(within)
    if len(fitting) == 1:
        return found.submissions[fitting[0].key]
    if student.key not in found.strangers:
        why = (
            f"fits {len(fitting)} students of the roster: {_some([s.key for s in fitting])}"
            if fitting
            else ("is not on the roster")
        )
        found.remarks.append(f"{student.key} {why}.")
    return found.strangers.setdefault(student.key, Submission(student))


def _add(submission, file, within, name):
    own = PurePosixPath(within).name
    if within.endswith("/"):
        submission.problems += [f"{own}: {file.problem}."] if file.problem else []
        return
    if name and name.late and LATE not in submission.notes:
        submission.notes.append(LATE)
    if _left_by_system(within) or not _is_notebook(within):
        if len(submission.others) < 10:
            submission.others.append(own)
    elif file.problem:
        submission.problems.append(f"{own}: {file.problem}.")
    else:
        submission.attempts.append(Attempt(own, file.source, ""))


def _take_checksums(submission):
    readable = []
    for attempt in submission.attempts:
        try:
            content = attempt.source.read()
        except Exception as error:  # damaged, encrypted, forbidden: zipfile has an exception for each
            submission.problems.append(f"{attempt.name}: it cannot be read ({error}).")
            continue
        if len(content) > LONGEST:
            submission.problems.append(f"{attempt.name}: {TOO_LARGE}.")
            continue
        attempt.checksum = hashlib.sha256(content).hexdigest()
        readable.append(attempt)
    submission.attempts = readable


def _within(path, above):
    # the path below a folder around all; "" for what is no student's
    within = path.removeprefix(above)
    top = within.split("/")[0]
    outside = above and not path.startswith(above)
    return "" if (outside and path.endswith("/")) or _is_left_by_system(top) or above.startswith(path) else within


def _left_by_system(within):
    return any(map(_is_left_by_system, within.split("/")))


def _is_left_by_system(part):
    return part in LEFT_BY_SYSTEMS or part.startswith("._")


def _is_notebook(name):
    return name.lower().endswith(".ipynb")


def _platforms_name(within, shared=frozenset()) -> FileName | None:
    first = within.split("/")[0]
    found = read_name(unicodedata.normalize("NFC", first), alone="/" not in within)
    return None if found and found.number and found.number in shared else found


def _numbers_of_several(names):
    # Canvas numbers each file: a number that several have is no such number, as in lab_1_2_ann.ipynb, lab_1_2_bob.ipynb
    seen, shared = set(), set()
    for within in names:
        if "/" not in within and (name := read_name(within, alone=True)) and name.number:
            (shared if name.number in seen else seen).add(name.number)
    return shared


def _some(names):
    return ", ".join(names[:3]) + (" and more" if len(names) > 3 else "")


def _age(name):
    # "x", "x (1)" or "x-1", and so on to "x (10)": as browsers and platforms number new versions
    parts = re.split(r"(\d+)", name.removesuffix(".ipynb"))
    return [(len(part.lstrip("0")), part.lstrip("0")) if part.isdecimal() else part for part in parts], name


def _wrapping(names):
    # folders around all students' folders, as who packs an unpacked export anew gets them
    names = [name for name in names if not _left_by_system(name)]
    parts = [PurePosixPath(name).parts for name in names]
    tops = {part[0] for part in parts}
    if len(tops) != 1 or any(len(part) < 2 for part in parts):
        return ""
    top = tops.pop()
    if read_name(top, alone=False):
        return ""
    below = ["/".join(part[1:]) for part in parts]
    several = len({_whole(name) for name in below}) > 1
    if several and (all(map(_platforms_name, below)) or all("/" in name for name in below)):
        return f"{top}/"
    deeper = _wrapping(below)
    return f"{top}/{deeper}" if deeper else ""


def _whole(within):
    # whose a file is, as far as its name says
    name = _platforms_name(within)
    return f"{name.name}_{name.id}" if name else within.split("/")[0]


def _in_folder(folder, without):
    # os.walk calls itself for each folder within a folder; links lead nowhere
    top = str(folder)
    waiting, found = [top], []
    output = _identity(without) if without else None
    while waiting and len(found) <= MOST_FILES:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:  # too deep for a path, or forbidden
            for entry in entries:
                name = _readable(entry.path[len(top) :].lstrip("/" + os.sep).replace(os.sep, "/"))
                if entry.is_symlink():
                    link = "it is a symbolic link, and these are not followed"
                    found.append(_File(name if _is_notebook(name) else f"{name}/", None, link))
                elif entry.is_dir():
                    if _identity(entry.path) == output or os.path.isdir(f"{entry.path}/.graded"):
                        continue  # what the grader wrote, this time or before
                    waiting.append(entry.path)
                    if name.count("/") < DEEPEST:
                        found.append(_File(f"{name}/"))
                else:
                    regular = entry.is_file(follow_symlinks=False)
                    found.append(_File(name, Source(Path(entry.path)), "" if regular else "it is no file"))
    return found


def _identity(path):
    # which folder it is, by whatever way it is reached; None where there is none
    with contextlib.suppress(OSError):
        seen = os.stat(path)
        return seen.st_dev, seen.st_ino


def _of_entry(place, entry):
    link = stat.S_ISLNK(entry.external_attr >> 16)
    problem = "it is a symbolic link, and these are not followed" if link else ""
    return _File(
        _readable(PurePosixPath(entry.filename)) + "/" * entry.is_dir(), Source(place, entry.filename), problem
    )


def _readable(path):
    # Linux takes any bytes for a name, and a file of text does not
    return os.fspath(path).encode(errors="backslashreplace").decode()
