"""The students' own copies of lessons, exercises and appendices: make them, and renew those that nobody has touched.

A copy belongs to the student as soon as it is made. Its metadata say what was handed out, so a later call can tell an
untouched copy from a changed one: it renews the first when the course has a newer version, and keeps the second.
"""

import hashlib
import json
import os
import shlex
import stat
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import nbformat

from course_utils._errors import CourseError
from course_utils._files import one_at_a_time, whole_file, write_text
from course_utils._paths import NOTEBOOKS, WORKSPACE
from course_utils.notebooks.sources import all_paths, key_of, read_unsolved, student_name


def handout(source: Path) -> nbformat.NotebookNode:
    """Return what a student gets of a source, and remember what that was."""
    notebook = read_unsolved(source)
    _name_by_content(notebook.cells)
    notebook.metadata["course"] = {"copy_of": student_name(source), "handed_out": fingerprint(notebook.cells)}
    return notebook


def _name_by_content(cells):
    # Numbered cells would all change their ids where one is inserted, and a hub, which merges a student's copy with the
    # course's newer one line by line, would then give one id to two cells
    seen = Counter()
    for cell in cells:
        name = hashlib.sha256(cell.source.encode()).hexdigest()[:8]
        seen[name] += 1
        cell["id"] = f"{name}-{seen[name]}"


def fingerprint(cells: list[dict]) -> str:
    """Return the SHA-256 of what a student can change: the cells, their kinds and sources.

    Outputs, counts and metadata do not count, nor do empty cells at the end, since running the last cell adds one.
    """
    content = [[cell["cell_type"], "".join(cell["source"])] for cell in cells]
    while content and not content[-1][1].strip():
        content.pop()
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def renew(folder: Path, fresh: Iterable[str] = ()) -> int:
    """Make or renew the copies in a folder, those with the keys `fresh` ("03") from the start; return an exit code.

    Raises CourseError where the folder cannot be written.
    """
    _check_folder(folder)
    done, exit_code = {"made": 0, "renewed": 0, "started anew": 0}, 0
    with one_at_a_time(folder, ".workspace-lock", "`workspace`"):
        for source in all_paths():
            name = student_name(source)
            path = folder / f"{name}.ipynb"
            advice = f"`{_command(folder, key_of(source))}` puts the course's there and keeps this one beside it"
            try:
                what = _start_anew if key_of(source) in fresh else _bring
                outcome = what(handout(source), path, name)
            except _InTheWay as reason:
                print(f"{path}: kept, for {reason}; {advice}.", file=sys.stderr)
                exit_code = 1
                continue
            if outcome == "kept":
                print(f"{path}: the course has a newer one, and yours is kept; {advice}.")
            elif outcome:
                done[outcome] += 1
    changes = ", ".join(f"{number} {what}" for what, number in done.items() if number)
    print(f"Your notebooks in {folder}: {changes or 'nothing to make or renew'}.", flush=True)
    return exit_code


class _InTheWay(Exception):  # noqa: N818 - no error: a file that is kept, and why
    pass


def _check_folder(folder):
    if NOTEBOOKS in (folder, *folder.parents):
        raise CourseError(
            f"{folder} is where the course keeps its own notebooks.\nWhat to do: give another folder, or none."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CourseError(
            f"{folder} cannot be made: {error.strerror or error}.\n"
            "What to do: give a folder of your own, `python -m course_utils workspace FOLDER`."
        ) from error


def _command(folder, key):
    words = ["python", "-m", "course_utils", "workspace", *([] if folder == WORKSPACE else [str(folder)])]
    return (subprocess.list2cmdline if os.name == "nt" else shlex.join)([*words, "--fresh", key])


def _bring(new, path, name):
    # What was done: "made", "renewed", "kept" (a touched one, and the course has a newer one), None (nothing to do)
    if not os.path.lexists(path):
        write_text(path, _text(new))
        return "made"
    now, handed_out = _look_at(path, name)
    if new.metadata["course"]["handed_out"] in (now, handed_out):
        return None  # the course has nothing newer: the student's outputs, or changes, stay
    if now != handed_out:
        return "kept"
    if not (path.stat().st_mode & stat.S_IWUSR and os.access(path, os.W_OK)):  # root may write to all
        raise _InTheWay("the course has a newer one, but this one may only be read")
    write_text(path, _text(new))
    return "renewed"


def _look_at(path, name):
    # The fingerprint of a copy as it is now, and the one of what was handed out
    if path.is_symlink() or not path.is_file():
        raise _InTheWay("it is not a file")
    try:
        notebook = json.loads(path.read_bytes())
        now, about = fingerprint(notebook["cells"]), notebook["metadata"].get("course", {})
        copy_of, handed_out = about.get("copy_of"), about.get("handed_out")
    except OSError as error:
        raise _InTheWay(f"it cannot be read ({error.strerror or error})") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _InTheWay("it is damaged, or no notebook") from error
    if copy_of != name:
        raise _InTheWay("it is another notebook of the same name")
    return now, handed_out


def _start_anew(new, path, name):
    # As _bring; what is there, whatever it is, gets a name with today's date
    if not os.path.lexists(path):
        return _bring(new, path, name)
    content = _text(new).encode()
    if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
        return None  # it is as it was handed out: nothing to keep
    before = _dated(path)
    try:
        with whole_file(path) as file:
            file.write(content)
            file.flush()  # all of the new one is on the disk before the old one moves
            os.rename(path, before)
    except OSError as error:
        raise CourseError(
            f"{path} cannot be started anew: {error.strerror or error}.\n"
            f"What to do: free some disk space, or make {path.parent} a folder that you may write to."
        ) from error
    print(f"{path}: started anew; what was there is {before.name} now.")
    return "started anew"


def _dated(path):
    stem = f"{path.stem}-kept-{time.strftime('%Y-%m-%d-%H%M%S')}"
    names = [f"{stem}.ipynb", *(f"{stem}-{i}.ipynb" for i in range(2, 100))]
    return next(path.with_name(name) for name in names if not os.path.lexists(path.with_name(name)))


def _text(notebook):
    return nbformat.writes(notebook) + "\n"
