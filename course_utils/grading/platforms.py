"""How Moodle and Canvas name the files that a class handed in, and the tables by which grades go back to them.

The patterns are those of the programs that write and read them:

- Moodle: `mod/assign/classes/downloader.php` (`get_student_prefix`, `load_submissionplugin_filelist`) makes
  ``Full name_12345_assignsubmission_file/x.ipynb``, in older versions with a ``_`` at the folder's end, or without
  folders ``Full name_12345_assignsubmission_file_x.ipynb``. A ``_`` in a name has become a space. The number is the
  participant's in this assignment: *Participant 12345* in the column *Identifier* of the grading worksheet, which
  `mod/assign/feedback/offline/importgradeslib.php` reads: *Identifier*, *Grade* and *Last modified (grade)* have to be
  there.
- Canvas: `lib/content_zipper.rb` (`get_filename`, `add_upload_submission`) makes ``lastfirst_LATE_123_456_x.ipynb`` of
  the sortable name in lower case without spaces and signs, the user's number, the file's number and its name;
  ``_LATE`` where it came late, ``anon_x1y2z`` for name and number where grading is anonymous, ``_text.html`` and
  ``_link.html`` for what is no file. `lib/gradebook_importer.rb` reads a gradebook: *Student* and *ID*, maybe *SIS User
  ID* and *SIS Login ID*, then *Section*, then a column for each assignment, ``Title (789)``; a row *Points Possible*
  may come first.
"""

import re
from dataclasses import dataclass

MOODLE_FOLDER = re.compile(r"(?P<name>[^_]*)_(?P<id>\d+)_assignsubmission_[a-z]+_?")
MOODLE_FILE = re.compile(r"(?P<name>[^_]*)_(?P<id>\d+)_assignsubmission_[a-z]+_(?P<file>.+)")
CANVAS = re.compile(
    r"(?P<name>\w*?)(?P<late>_LATE)?_(?P<id>\d+|anon_[^\W_]+)_(?:(?P<number>\d+)_.+|text\.html|link\.html)"
)
CANVAS_ANONYMOUS = re.compile(r"(?P<late>LATE_)?(?P<id>anon_[^\W_]+)_(?:(?P<number>\d+)_.+|text\.html|link\.html)")
ON_TIME, LATE = "", "handed in late, by the file's name"


@dataclass(frozen=True)
class FileName:
    """What a platform's name for a file says: platform, student's name and number, the file's own number, lateness."""

    platform: str
    name: str
    id: str
    number: str = ""
    late: bool = False


def read_name(first: str, alone: bool) -> FileName | None:
    """Return what a folder's name says, or, `alone`, a file's; None where it fits no pattern."""
    if alone and (found := CANVAS.fullmatch(first) or CANVAS_ANONYMOUS.fullmatch(first)):
        parts = found.groupdict()
        return FileName("canvas", parts.get("name", ""), parts["id"], parts["number"] or "", bool(parts["late"]))
    if found := (MOODLE_FILE if alone else MOODLE_FOLDER).fullmatch(first):
        return FileName("moodle", found["name"], found["id"])
    return None


@dataclass(frozen=True)
class Columns:
    """Where a platform's table has what: the names of its columns in lower case."""

    platform: str
    name: str
    id: str
    others: tuple[str, ...] = ()  # that name a student, too


WORKSHEET = Columns("moodle", "full name", "identifier", ("email address", "id number", "username"))
GRADEBOOK = Columns("canvas", "student", "id", ("sis user id", "sis login id"))


def form_of(columns: list[str]) -> Columns | None:
    """Return whose table has these columns (in lower case); None for one of another form."""
    if "identifier" in columns and "full name" in columns:
        return WORKSHEET
    return GRADEBOOK if columns[:2] == ["student", "id"] and "section" in columns else None


def id_in(columns: Columns, cell: str) -> str:
    """Return a student's number: Moodle's *Identifier* has it at its end, behind a word in the site's language."""
    found = re.search(r"\d+$", cell.strip())
    return found[0] if found and columns.platform == "moodle" else cell.strip()
