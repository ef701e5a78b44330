"""The commands, run as a newcomer runs them: from a checkout, with whatever Python is there."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path

import pytest

from course_utils import __main__ as commands
from course_utils import _doctor, _setup

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments, python=sys.executable, cwd=ROOT, **env):
    """Run a command and return it, finished, with its output as text."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | env
    return subprocess.run([python, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, timeout=600)


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory):
    """A Python of its own in which nothing is installed, not even pip."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder / "venv", symlinks=os.name != "nt")
    return str(folder / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


@pytest.fixture
def checkout(tmp_path):
    """A copy of what the set-up needs, without a .venv."""
    shutil.copytree(ROOT / "course_utils", tmp_path / "course_utils", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("requirements.txt", "pyproject.toml", "Makefile"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_importing_the_package_is_lazy():
    """`import course_utils` pulls in neither Keras nor TensorFlow nor NumPy."""
    heavy = run(
        "-c",
        "import sys, course_utils; print({'keras', 'tensorflow', 'numpy', 'sklearn'} & set(sys.modules))",
    )
    assert heavy.stdout.strip() == "set()", heavy.stdout + heavy.stderr


def test_help_lists_every_command():
    """`--help` names each command and what it does."""
    text = " ".join(run("-m", "course_utils", "--help").stdout.split())
    for name, purpose in commands.COMMANDS.items():
        assert f"{name} {purpose}" in text


@pytest.mark.parametrize("arguments", [["fly"], [], ["run", "--lesson", "99"], ["run", "--fast"]])
def test_what_is_not_understood_ends_with_2(arguments):
    """Unknown commands, lessons and options are usage errors."""
    finished = run("-m", "course_utils", *arguments)
    assert finished.returncode == 2
    assert "usage:" in finished.stderr


def test_doctor_finds_nothing_here():
    """Where the tests run, the course can run."""
    finished = run("-m", "course_utils", "doctor", COURSE_DATA="digits")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    for name in ("Python", "Packages", "Kernel", "Memory", "Disk", "Cores", "Data"):
        assert re.search(rf"^{name} +ok", finished.stdout, re.MULTILINE), finished.stdout


def test_doctor_reports_missing_packages(bare_python, checkout):
    """In a Python without packages it says so, says what to do, and ends with 1."""
    finished = run("-m", "course_utils", "doctor", python=bare_python, cwd=checkout)
    assert finished.returncode == 1, finished.stdout + finished.stderr
    assert re.search(r"^Packages +problem .* are missing: ", finished.stdout, re.MULTILINE)
    assert "make setup" in finished.stdout
    assert not finished.stderr


def test_doctor_names_one_missing_package(tmp_path, monkeypatch):
    """A pin that is not installed, and one in another version, are named."""
    lock = tmp_path / "requirements.txt"
    lock.write_text("no-such-package==1.0 \\\n    --hash=sha256:00\npytest==0.1 ; python_version > '3' \\\n")
    found, remedy = _doctor.check_packages(lock)
    assert "1 are missing: no-such-package" in found
    assert "(lock: 0.1)" in found
    assert remedy


def test_doctor_warns_of_little_memory(monkeypatch):
    """A container's limit counts, whatever the machine has."""
    monkeypatch.setenv("MEM_LIMIT", str(10**9))
    found, remedy = _doctor.check_memory()
    assert "limit of this container 1.0 GB; expected 1.5 GB" in found
    assert "other kernels" in remedy


def test_a_command_in_the_wrong_python_says_which_one_is_right(bare_python, checkout):
    """`run` without packages names the package, the Python, and the way out."""
    finished = run("-m", "course_utils", "run", python=bare_python, cwd=checkout)
    assert finished.returncode == 1
    assert "has no package" in finished.stderr
    assert "course_utils setup" in finished.stderr
    assert "Traceback" not in finished.stderr


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"version": (3, 10, 4)}, "expected Python 3.11, 3.12 or 3.13 with 64 bit, got Python 3.10.4"),
        ({"version": (3, 14, 0)}, "got Python 3.14.0"),
        ({"is_64bit": False}, "(32 bit"),
        ({"machine": "riscv64"}, "TensorFlow has no package for this computer"),
    ],
)
def test_an_unsuitable_python_is_refused(facts, words):
    """The message says what was expected, what was found and what to do."""
    problem, remedy = _setup.python_problem(**facts)
    assert words in problem
    assert remedy


def test_this_python_is_accepted():
    """The tests' own Python is one that the course runs on."""
    assert _setup.python_problem() is None


@pytest.mark.parametrize("name", ["python3.10", "python3.9", "python3.8", "python3.14"])
def test_a_real_wrong_python_is_refused(name, checkout):
    """Where such a Python is installed, `setup` ends with 1 and a clear message, not with a traceback."""
    python = shutil.which(name)
    if python is None or run("-c", "", python=python).returncode:
        pytest.skip(f"no {name} here")
    finished = run("-m", "course_utils", "setup", python=python, cwd=checkout)
    assert finished.returncode == 1
    assert "expected Python 3.11, 3.12 or 3.13" in finished.stderr
    assert "Traceback" not in finished.stderr
    assert not (checkout / ".venv").exists()


@pytest.fixture
def small_checkout(checkout):
    """A checkout whose lock is empty and whose .venv has pip alone: set up in seconds, without network."""
    (checkout / "requirements.txt").write_text("# nothing\n")
    small = (checkout / "course_utils" / "_setup.py").read_text().replace("editable=True", "editable=False")
    (checkout / "course_utils" / "_setup.py").write_text(small)
    return checkout


def test_setup_is_redone_when_needed_and_only_then(small_checkout):
    """A broken or unfinished set-up is done anew, an outdated one brought up to date, a good one kept."""
    setup = ["-m", "course_utils", "setup"]
    stamp = small_checkout / ".venv" / ".course-setup"
    stamp.parent.mkdir()
    stamp.write_text("of a .venv that has no Python")
    assert "making it anew" in run(*setup, cwd=small_checkout).stdout
    done = stamp.read_text()
    assert run(*setup, cwd=small_checkout).stdout == ""  # no pip was started: 0.1 s

    stamp.write_text(_setup.UNFINISHED)
    assert "making it anew" in run(*setup, cwd=small_checkout).stdout
    assert stamp.read_text() == done

    (small_checkout / "requirements.txt").write_text("# nothing new\n")
    again = run(*setup, cwd=small_checkout).stdout
    assert "Set up in" in again
    assert "anew" not in again


def test_setup_shows_what_pip_said_when_it_fails(tmp_path, monkeypatch):
    """A failing installation ends with pip's last lines and what to do."""
    monkeypatch.setattr(_setup, "VENV", tmp_path)
    monkeypatch.setattr(_setup, "VENV_PYTHON", sys.executable)
    with pytest.raises(_setup.SetupError) as caught:
        _setup._pip(["install", "--no-index", "no-such-package==1.0"], "packages")
    assert "No matching distribution found for no-such-package==1.0" in str(caught.value)
    assert "What to do: check the network" in str(caught.value)


def test_setup_refuses_a_full_disk(monkeypatch):
    """Too little disk is said before anything is downloaded."""
    monkeypatch.setattr(_setup, "GB_NEEDED", 1e9)
    with pytest.raises(_setup.SetupError, match=r"(?s)expected 1000000000.0 GB of free disk.*What to do"):
        _setup._check_disk()


@pytest.mark.skipif(os.name == "nt", reason="ends JupyterLab and its children as a POSIX process group")
def test_lab_starts_for_whoever_calls_it():
    """JupyterLab serves lesson 1, also for root, as whom one works in a container."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "course_utils", "lab", "--no-browser", f"--port={port}"]
    lesson = f"http://127.0.0.1:{port}/api/contents/01_toy_gaussians.ipynb?content=0&token=course"
    with subprocess.Popen([*command, "--IdentityProvider.token=course"], cwd=ROOT, start_new_session=True) as server:
        try:
            assert _status(lesson, server) == 200
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)


def _status(address, server):
    """The HTTP status of an address, as soon as `server` answers; None when it ends without an answer."""
    while server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=30) as page:
                return page.status
        except urllib.error.HTTPError as error:
            return error.code
        except urllib.error.URLError:  # it does not listen yet
            time.sleep(0.2)
    return None
