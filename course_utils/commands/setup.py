"""`python -m course_utils setup`: make `.venv` and install the locked packages into it.

Only the standard library, and syntax that Python 3.6 reads: this runs before anything is installed, on
whatever Python the newcomer has, and has to tell them when that Python is the wrong one.

An environment that works is never touched. While a new one is made at `.venv`, the old one waits under another
name; it comes back when that fails, and when it was killed, with the next command.
"""

import contextlib
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

from course_utils._paths import ROOT, VENV, python_of
from course_utils.commands import CommandError
from course_utils.commands.installer import pip

BEFORE = ROOT / ".venv-before"  # the environment that worked, while a new one is made
OLDEST, TOO_NEW = (3, 11), (3, 14)  # as in pyproject.toml; a test compares
SYSTEMS = {"linux": ("x86_64", "aarch64"), "darwin": ("arm64",), "win32": ("amd64",)}  # TensorFlow's wheels
GB_NEEDED = 4.0  # measured on Linux: 2.4 GB installed, and pip's cache and temporary files beside it
LOCK, BROWSER_LOCK = ROOT / "requirements.txt", ROOT / "requirements-browser.txt"
STAMP, BROWSER_STAMP = ".course-setup", ".course-setup-browser"  # in .venv: what was installed, when that is done
UNFINISHED = "unfinished"


def python_problem(version=None, is_64bit=None, machine=None):
    """Return (what is wrong with this Python, what to do), or None when the packages exist for it."""
    version = tuple(version or sys.version_info[:3])
    is_64bit = sys.maxsize > 2**32 if is_64bit is None else is_64bit
    machine = (machine or platform.machine()).lower()
    name = ".".join(str(n) for n in version)
    bits = 64 if is_64bit else 32
    got = f"got Python {name} ({bits} bit, {machine} on {sys.platform}) at {sys.executable}"
    if not OLDEST <= version[:2] < TOO_NEW or not is_64bit:
        return (
            "expected Python 3.11, 3.12 or 3.13 with 64 bit, " + got,
            "install Python 3.12 from https://www.python.org/downloads/ (or your system's packages), "
            "open a new terminal and repeat the command" + (" with `py -3.12`" if os.name == "nt" else ""),
        )
    if machine not in SYSTEMS.get(sys.platform, ()):
        return (
            "TensorFlow has no package for this computer: " + got,
            "use the course on Binder (see README.md), or on Linux, Windows or a Mac with Apple silicon",
        )
    return None


def main(options):
    """Set up `.venv`, or return at once when it is up to date; return an exit code.

    Where that fails and an environment that works is there, `--keep-going` warns and returns 0.
    """
    try:
        with _one_at_a_time():
            _recover()
            if not _is_up_to_date(LOCK, STAMP):
                _replace_venv()
            if options.browser and not _is_up_to_date(BROWSER_LOCK, BROWSER_STAMP):
                _add_browser_packages()
    except CommandError as error:
        if options.keep_going and _is_finished(VENV) and _starts(VENV):
            print(f"\nThe set-up could not be brought up to date: {error}", file=sys.stderr)
            print("\nGoing on with the .venv of before, which works.\n", file=sys.stderr, flush=True)
            return 0
        raise
    return 0


@contextlib.contextmanager
def _one_at_a_time():
    # Two terminals may start their first command together. The system frees the lock of a process that dies.
    if os.name == "nt":
        import msvcrt

        with open(str(ROOT / ".venv-lock"), "w") as file:
            while True:
                try:
                    msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)  # gives up after ten seconds
                    break
                except OSError:
                    print("Waiting for another set-up of this folder to end ...", flush=True)
            yield
        return
    import fcntl

    folder = os.open(str(ROOT), os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print("Waiting for another set-up of this folder to end ...", flush=True)
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _recover():
    """Bring back the environment that worked, when a set-up was killed before the new one was done."""
    if not BEFORE.exists():
        return
    if not _is_finished(VENV):
        print("The last set-up was cut off: going back to the .venv of before.", flush=True)
        _remove(VENV)
        _rename(BEFORE, VENV)
    else:
        _remove(BEFORE)


def _is_finished(venv):
    """Return whether a set-up has come to its end there."""
    stamp = _stamped(venv, STAMP)
    return stamp is not None and stamp != UNFINISHED


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
    check = f"import sys, pip; sys.exit(not {OLDEST} <= sys.version_info[:2] < {TOO_NEW})"
    try:
        return subprocess.call([str(python_of(venv)), "-I", "-c", check], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def _replace_venv():
    """Make a new environment at `.venv`; put the old one back if that does not succeed."""
    problem = python_problem()
    if problem:
        raise CommandError("{}.\nWhat to do: {}.".format(*problem))
    _check_folder()
    _check_disk()
    started = time.monotonic()
    had_one = _is_finished(VENV)
    if had_one:
        print("The packages have changed: making .venv anew. The one of before is kept until that is done.", flush=True)
        _rename(VENV, BEFORE)
    else:
        _remove(VENV)
    try:
        VENV.mkdir()
        (VENV / STAMP).write_text(UNFINISHED)
        _make_venv()
        print(f"Installing the packages of {LOCK.name} into .venv (it takes some minutes).", flush=True)
        pip(VENV, ["install", "-r", str(LOCK)], "packages")
        # In a step of its own: pip refuses it beside hashed requirements. The lock has setuptools
        pip(VENV, ["install", "--no-deps", "--no-build-isolation", "-e", str(ROOT)], "course_utils")
        (VENV / STAMP).write_text(_fingerprint(LOCK))
    except BaseException as error:
        _remove(VENV)
        if had_one:
            _rename(BEFORE, VENV)
        if isinstance(error, OSError):
            raise CommandError(f"the set-up stopped: {error}.\nWhat to do: free some disk space.") from error
        raise
    if had_one:
        _remove(BEFORE)
    print(f"Set up in {time.monotonic() - started:.0f} s.", flush=True)


def _add_browser_packages():
    # They come on top of a .venv that works and change nothing in it: both locks agree
    print(f"Installing the packages of {BROWSER_LOCK.name} into .venv.", flush=True)
    pip(VENV, ["install", "-r", str(BROWSER_LOCK)], "browser's packages")
    (VENV / BROWSER_STAMP).write_text(_fingerprint(BROWSER_LOCK))


def _check_folder():
    """Refuse what this user may not change, or did not make with this set-up: nothing of it is removed."""
    if not os.access(str(ROOT), os.W_OK):
        raise CommandError(
            f"you may not write to {ROOT}, and its .venv is missing or of another version of the course.\n"
            "What to do: copy the course to a folder of your own, or ask whoever owns this one to run `make setup`."
        )
    if not (VENV.exists() or VENV.is_symlink()):
        return
    if hasattr(os, "geteuid") and os.lstat(str(VENV)).st_uid != os.geteuid():
        raise CommandError(
            f"{VENV} belongs to another user (number {os.lstat(str(VENV)).st_uid}) and needs to be made anew.\n"
            "What to do: run `make setup` as that user, or copy the course to a folder of your own."
        )
    if _stamped(VENV, STAMP) is None:
        raise CommandError(
            f"{VENV} was not made by the course's set-up, which therefore leaves it alone.\n"
            "What to do: remove it, or give it another name, and repeat the command."
        )


def _check_disk():
    free = shutil.disk_usage(str(ROOT)).free / 1e9
    if free < GB_NEEDED:
        beside = " beside the .venv of before, which is kept until the new one is done" if VENV.exists() else ""
        raise CommandError(
            f"expected {GB_NEEDED} GB of free disk in {ROOT}{beside}; got {free:.1f} GB.\n"
            "What to do: free some space, or move the course to another disk."
        )


def _remove(folder):
    try:
        if folder.exists():
            shutil.rmtree(str(folder))
    except OSError as error:
        raise CommandError(f"{folder} cannot be removed: {error}.\nWhat to do: close what uses it.") from error


def _rename(old, new):
    try:
        os.rename(str(old), str(new))
    except OSError as error:
        raise CommandError(f"{old} cannot be renamed: {error}.\nWhat to do: close what uses it.") from error


def _make_venv():
    base = getattr(sys, "_base_executable", None) or sys.executable  # this may be the .venv that is replaced
    print(f"Making .venv with Python {platform.python_version()} ({base}).", flush=True)
    made = subprocess.run([base, "-m", "venv", str(VENV)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if made.returncode or not _starts(VENV):
        raise CommandError(
            f"{base} -m venv failed:\n{made.stdout.decode(errors='replace')}\n"
            "What to do: on Debian or Ubuntu `sudo apt-get install python3-venv`; elsewhere install "
            "Python from https://www.python.org/downloads/."
        )
