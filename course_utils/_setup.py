"""Set up the course: make `.venv` and install the locked packages into it.

Only the standard library, and syntax that Python 3.6 reads: this runs before anything is installed, on
whatever Python the newcomer has, and has to tell them when that Python is the wrong one.
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

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST, TOO_NEW = (3, 11), (3, 14)  # as in pyproject.toml; a test compares
SYSTEMS = {"linux": ("x86_64", "aarch64"), "darwin": ("arm64",), "win32": ("amd64",)}  # TensorFlow's wheels
GB_NEEDED = 4.0  # measured on Linux: 2.4 GB installed, and pip's cache and temporary files beside it
UNFINISHED = "unfinished"
HINTS = (  # words in pip's output, what to do about them
    (("No space left", "Errno 28"), "free some disk space"),
    (
        ("do not match the hashes", "THESE PACKAGES DO NOT MATCH"),
        "a download was damaged or altered on the way: try again, and if it stays, try another network",
    ),
    (
        ("Connection", "timed out", "resolve", "Proxy", "SSL", "No matching distribution"),
        "check the network (a proxy? a class network that blocks downloads?)",
    ),
    (("Permission denied", "Errno 13"), "check that you may write here, and close programs that use .venv"),
)


class SetupError(Exception):
    """What went wrong, and what to do about it."""


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
            "open a new terminal and repeat the command",
        )
    if machine not in SYSTEMS.get(sys.platform, ()):
        return (
            "TensorFlow has no package for this computer: " + got,
            "use the course on Binder (see README.md), or on Linux, Windows or a Mac with Apple silicon",
        )
    return None


def run(browser=False):
    """Set up `.venv`, or return at once when it is up to date; return an exit code."""
    try:
        with _one_at_a_time():
            _prepare(ROOT / "requirements.txt", VENV / ".course-setup", editable=True)
            if browser:
                _prepare(ROOT / "requirements-browser.txt", VENV / ".course-setup-browser", editable=False)
    except SetupError as error:
        print(f"\nSet-up stopped: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nSet-up interrupted; the next command starts it again.", file=sys.stderr)
        return 130
    return 0


@contextlib.contextmanager
def _one_at_a_time():
    # Two terminals may start their first command together. The system frees the lock of a process that dies.
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    folder = os.open(str(ROOT), os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _prepare(lock, stamp, editable):
    wanted = _fingerprint(lock)
    found = stamp.read_text() if stamp.exists() else None
    in_venv = Path(sys.prefix).resolve() == VENV.resolve()
    if found == wanted and (in_venv or _venv_works()):
        return
    started = time.monotonic()
    if found == UNFINISHED or not _venv_works():
        _make_venv()
    _check_disk()
    stamp.write_text(UNFINISHED)  # a set-up that is killed half-way leaves this, and is done anew
    print(f"Installing the packages of {lock.name} into .venv (once; it takes some minutes).", flush=True)
    _pip(["install", "-r", str(lock)], "packages")
    if editable:  # in a step of its own: pip refuses it beside hashed requirements. The lock has setuptools
        _pip(["install", "--no-deps", "--no-build-isolation", "-e", str(ROOT)], "course_utils")
    stamp.write_text(wanted)
    print(f"Set up in {time.monotonic() - started:.0f} s.", flush=True)


def _fingerprint(lock):
    # The folder is part of it: the installed course_utils points into the folder it was installed from.
    digest = hashlib.sha256(str(ROOT).encode())
    for path in (lock, ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _venv_works():
    check = f"import sys, pip; sys.exit(not {OLDEST} <= sys.version_info[:2] < {TOO_NEW})"
    try:
        return subprocess.call([str(VENV_PYTHON), "-I", "-c", check], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def _make_venv():
    problem = python_problem()
    if problem:
        raise SetupError("{}.\nWhat to do: {}.".format(*problem))
    _check_disk()
    base = getattr(sys, "_base_executable", None) or sys.executable  # this may be the .venv that is replaced
    try:
        if VENV.exists():
            print("The folder .venv is broken or half made: making it anew.", flush=True)
            shutil.rmtree(str(VENV))
    except OSError as error:
        raise SetupError(f"cannot remove .venv: {error}.\nWhat to do: close what uses it.") from error
    print(f"Making .venv with Python {platform.python_version()} ({base}).", flush=True)
    made = subprocess.run([base, "-m", "venv", str(VENV)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if made.returncode or not _venv_works():
        raise SetupError(
            f"{base} -m venv failed:\n{made.stdout.decode(errors='replace')}\n"
            "What to do: on Debian or Ubuntu `sudo apt-get install python3-venv`; elsewhere install "
            "Python from https://www.python.org/downloads/."
        )


def _check_disk():
    free = shutil.disk_usage(str(ROOT)).free / 1e9
    if free < GB_NEEDED:
        raise SetupError(
            f"expected {GB_NEEDED} GB of free disk in {ROOT}, got {free:.1f} GB.\n"
            "What to do: free some space, or move the course to another disk."
        )


def _pip(arguments, title):
    log = VENV / "course-setup.log"
    # -I keeps PYTHONPATH and the user's own packages out of the decision what is installed already
    command = [str(VENV_PYTHON), "-I", "-u", "-m", "pip", *arguments, "--no-input", "--progress-bar", "off"]
    env = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_USER="0")
    with open(str(log), "wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=env, cwd=str(ROOT))
        code = _wait(process, log, title)
    if code:
        text = log.read_text(errors="replace")
        last = "\n  ".join(text.splitlines()[-12:])
        tips = "; ".join(tip for words, tip in HINTS if any(word in text for word in words))
        raise SetupError(
            f"pip failed on the {title}. Its last lines (all of them are in {log}):\n  {last}\n"
            f"What to do: {tips or 'read the lines above'}; then repeat the command."
        )


def _wait(process, log, title):
    # A first set-up takes minutes: say now and then what pip is at, so that it is seen to be alive.
    started, tty = time.monotonic(), sys.stdout.isatty()
    try:
        while True:
            try:
                return process.wait(timeout=1 if tty else 15)
            except subprocess.TimeoutExpired:
                last = _progress(log.read_text(errors="replace"))
                text = f"  {title}: {time.monotonic() - started:3.0f} s  {last}"
                print("\r\033[K" + text[:78] if tty else text[:110], end="" if tty else "\n", flush=True)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        if tty:
            print("\r\033[K", end="", flush=True)


def _progress(text):
    """Return what pip is at; while it installs it says nothing, so count what is in place."""
    lines = text.splitlines() or [""]
    lists = [line for line in lines if line.startswith("Installing collected packages:")]
    if not lists:
        return lines[-1].strip()
    places = ("lib/python3*/site-packages", "Lib/site-packages")
    done = {path.name for place in places for path in VENV.glob(place + "/*.dist-info")}
    return f"installing {lists[-1].count(',') + 1} packages: {len(done)} in place"
