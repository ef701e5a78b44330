"""`python -m course_utils setup`: make `.venv` and install the locked packages into it.

Only the standard library, and what Python 3.9 knows: this runs before anything is installed, on whatever
Python the newcomer has, and has to tell them when that Python is the wrong one.

An environment that works is never lost. While a new one is made at `.venv`, the previous one is kept under another
name. It is restored if the set-up fails, and by the next command if the set-up was killed.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from course_utils._errors import CourseError
from course_utils._files import one_at_a_time
from course_utils._paths import ROOT, VENV, python_of
from course_utils.environment.installer import install, make_venv, pip
from course_utils.environment.python import OLDEST, TOO_NEW, python_problem

BEFORE = ROOT / ".venv-before"  # the environment that worked, while a new one is made
REMOVED = ROOT / ".venv-removed"  # what is being removed: half of it must not be taken for an environment
GB_NEEDED = 4.0  # measured on Linux: 2.3 GB installed, and pip's cache and temporary files beside it
LOCK = ROOT / "requirements.txt"
STAMP = ".course-setup"  # in .venv: what was installed, when that is done; an extra has a lock and a stamp of its own
UNFINISHED = "unfinished"
EXTRAS = ("book", "browser", "cluster", "hub", "test")  # of pyproject.toml, with a lock each
_NEXT = (
    "The course is set up in .venv. Next: `make lab` opens JupyterLab at lesson 1\n"
    f"(without make: `{python_of(VENV).relative_to(ROOT)} -m course_utils lab`)."
)


def add_arguments(parser):
    """Declare what the command takes."""
    text = "also install the packages of an extra; may be repeated"
    parser.add_argument("--extra", action="append", default=[], choices=EXTRAS, help=text)
    text = "if it fails and the previous .venv works, warn and end with exit code 0"
    parser.add_argument("--keep-going", action="store_true", help=text)


def main(options):
    """Set up `.venv`, or return at once when it is up to date; return an exit code.

    If that fails and the previous environment works, `--keep-going` warns and returns 0.
    """
    try:
        with one_at_a_time(ROOT, ".venv-lock", "set-up"):
            _recover()
            if not _is_up_to_date(LOCK, STAMP):
                _replace_venv()
            for extra in options.extra:
                _add_extra(extra)
            if not (options.keep_going or options.extra):  # then another command follows
                print(_NEXT)
    except (CourseError, OSError) as error:
        if not (_is_finished(VENV) and _starts(VENV) and _is_of_this_folder(VENV)):
            raise
        if not options.keep_going:
            raise CourseError(f"{error}\nThe previous .venv still works.") from error
        print(f"\nThe set-up could not be brought up to date: {error}", file=sys.stderr)
        print("\nContinuing with the previous .venv, which works.\n", file=sys.stderr, flush=True)
    return 0


def _recover():
    """Restore the environment that worked, if a set-up was killed before the new one was ready."""
    if not os.access(ROOT, os.W_OK):
        return
    if BEFORE.exists() and not _is_finished(VENV):
        print("The last set-up was interrupted: the previous .venv is restored.", flush=True)
        _remove(VENV)
        _rename(BEFORE, VENV)
    _remove(BEFORE)


def _is_finished(venv):
    """Return whether a set-up was completed there; a stamp is empty for the moment in which it is written."""
    return _stamped(venv, STAMP) not in (None, "", UNFINISHED)


def _is_up_to_date(lock, stamp):
    in_it = Path(sys.prefix).resolve() == VENV.resolve()  # then it starts, as this very process shows
    return _stamped(VENV, stamp) == _fingerprint(lock) and (in_it or _starts(VENV))


def _stamped(venv, stamp):
    try:
        return (venv / stamp).read_text()
    except OSError:
        return None


def _fingerprint(lock):
    # The folder is part of it: the installed course_utils points into the folder it was installed from.
    digest = hashlib.sha256(str(ROOT).encode())
    for path in (lock, ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _starts(venv):
    """Return whether the environment has a suitable Python with pip that this user can start."""
    return _agrees(venv, f"import sys, pip; sys.exit(not {OLDEST} <= sys.version_info[:2] < {TOO_NEW})")


def _is_of_this_folder(venv):
    """Return whether the lessons would find this course_utils, not that of a folder it was moved or copied from."""
    check = "import sys, course_utils; sys.exit(sys.argv[1] not in course_utils.__path__)"
    return _agrees(venv, check, str(ROOT / "course_utils"))


def _agrees(venv, check, *arguments):
    command = [str(python_of(venv)), "-I", "-c", check, *arguments]
    try:
        return subprocess.call(command, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def _replace_venv():
    """Make a new environment at `.venv`; put the old one back if that does not succeed."""
    problem = python_problem()
    if problem:
        found, remedy = problem
        raise CourseError(f"{found}.\nWhat to do: {remedy}.")
    _check_folder()
    _check_disk()
    started = time.monotonic()
    had_one = _is_finished(VENV)
    if had_one:
        print("The course's packages or its folder have changed, so .venv is made anew.", flush=True)
        print("The previous one is kept until the new one is ready.", flush=True)
        _rename(VENV, BEFORE)
    _remove(VENV)
    try:
        _fill_venv()
    except BaseException as error:
        _remove(VENV)
        if had_one:
            _rename(BEFORE, VENV)
        if isinstance(error, OSError):
            raise CourseError(f"the set-up stopped: {error}.\nWhat to do: free some disk space.") from error
        raise
    _remove(BEFORE)
    print(f"Set up in {time.monotonic() - started:.0f} s.", flush=True)


def _fill_venv():
    VENV.mkdir()
    (VENV / STAMP).write_text(UNFINISHED)
    make_venv(VENV)
    print("Installing the packages into it. This takes a few minutes.", flush=True)
    install(VENV, LOCK, "packages")
    # In a step of its own: pip refuses it beside hashed requirements. The lock has setuptools
    pip(VENV, ["install", "--no-deps", "--no-build-isolation", "-e", str(ROOT)], "course_utils")
    (VENV / STAMP).write_text(_fingerprint(LOCK))


def _add_extra(extra):
    # Its packages come on top of a .venv that works and change nothing in it: all locks agree
    lock, stamp = LOCK.with_name(f"requirements-{extra}.txt"), f"{STAMP}-{extra}"
    if _is_up_to_date(lock, stamp):
        return
    print(f"Installing the packages of {lock.name} into .venv.", flush=True)
    install(VENV, lock, f"{extra}'s packages")
    (VENV / stamp).write_text(_fingerprint(lock))


def _check_folder():
    """Refuse what this user may not change, or did not make with this set-up: nothing of it is removed."""
    if not os.access(ROOT, os.W_OK):
        raise CourseError(
            f"you may not write to {ROOT}, and {_what_is_wrong()}.\n"
            "What to do: copy the course to a folder of your own, or ask whoever owns this one to run `make setup`."
        )
    if not os.path.lexists(VENV):
        return
    owner = os.lstat(VENV).st_uid
    if hasattr(os, "geteuid") and owner != os.geteuid():
        raise CourseError(
            f"{VENV} belongs to another user (number {owner}), and {_what_is_wrong()}.\n"
            "What to do: run `make setup` as that user, or copy the course to a folder of your own."
        )
    if VENV.is_symlink() or (_stamped(VENV, STAMP) is None and os.listdir(VENV)):
        raise CourseError(
            f"{VENV} was not made by the course's set-up, which therefore leaves it alone.\n"
            "What to do: remove it, or give it another name, and repeat the command."
        )


def _what_is_wrong():
    if not os.path.lexists(VENV):
        return "there is no .venv yet"
    if not os.access(python_of(VENV), os.X_OK):
        return "the Python of its .venv cannot be started by you"
    return "its .venv is unfinished, or of another version of the course"


def _check_disk():
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < GB_NEEDED:
        beside = " beside the previous .venv, which is kept until the new one is ready" if _is_finished(VENV) else ""
        raise CourseError(
            f"expected {GB_NEEDED} GB of free disk in {ROOT}{beside}; got {free:.1f} GB.\n"
            "What to do: free some space, or move the course to another disk."
        )


def _remove(folder):
    """Remove a folder, in one step for whoever looks at it; what then cannot be removed is tried again next time."""
    shutil.rmtree(REMOVED, ignore_errors=True)
    if os.path.lexists(folder):
        _rename(folder, REMOVED)
        shutil.rmtree(REMOVED, ignore_errors=True)


def _rename(old, new):
    try:
        os.rename(old, new)
    except OSError as error:
        raise CourseError(f"{old} cannot be renamed: {error}.\nWhat to do: close what uses it.") from error
