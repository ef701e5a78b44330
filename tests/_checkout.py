"""Small checkouts with a real lock: its packages are made here and lie in a folder, so that no network is needed."""

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOBODY = 65534
# A package that is built as slowly as the test wants: it says that it has begun, and waits for a file.
SLOW_BACKEND = """
import os, pathlib, time, zipfile

def build_wheel(folder, config_settings=None, metadata_directory=None):
    pathlib.Path(os.environ["BEGUN"]).touch()
    while not pathlib.Path(os.environ["GO_ON"]).exists():
        time.sleep(0.02)
    with zipfile.ZipFile(f"{folder}/slow-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("slow.py", "")
        wheel.writestr("slow-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: slow\\nVersion: 1.0\\n")
        wheel.writestr("slow-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("slow-1.0.dist-info/RECORD", "")
    return "slow-1.0-py3-none-any.whl"
"""
SLOW_PROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'


def environment(**more):
    """Return this process's environment, without what would lead a command to other code or settings."""
    foreign = ("COURSE_", "PIP_", "PYTHONPATH", "MAKE", "MFLAGS")  # `make test` would have a make in a test say more
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return kept | more


def run(*arguments, python=sys.executable, cwd=ROOT, user=None, **env):
    """Run Python to its end, in an environment with `env`, and return it with its output as text."""
    options = {"cwd": cwd, "env": environment(**env), "capture_output": True, "text": True, "timeout": 60}
    if user is not None:
        options |= as_user(user)
    return subprocess.run([python, *arguments], **options)


def as_user(number):
    """Return what makes `subprocess` start a process as another user, with no group of this one."""
    return {"user": number, "group": number, "extra_groups": []}


def copy_checkout(folder):
    """Copy what the commands need into `folder`; there is no .venv."""
    for name in ("course_utils", "data", "notebooks/source/exercises"):  # without what is large
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.npz", "*.gz"))
    for name in ("requirements.txt", "requirements-browser.txt", "pyproject.toml", "Makefile", "README.md"):
        shutil.copy(ROOT / name, folder)
    return folder


def write_wheel(folder, name, version, files):
    """Write a wheel of pure Python with a command of its own name; return its path."""
    info = f"{name}-{version}.dist-info"
    files = files | {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{name} = {name}:main\n",
        f"{info}/RECORD": "",
    }
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for place, text in files.items():
            wheel.writestr(place, text)
    return path


def write_setuptools(folder):
    """Write the wheel of the setuptools that is installed here; return its path."""
    package = metadata.distribution("setuptools")
    path = folder / f"setuptools-{package.version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for file in package.files:
            if "__pycache__" not in file.parts and file.name not in ("INSTALLER", "REQUESTED"):
                wheel.write(file.locate(), str(file))
    return path


def write_slow(folder):
    """Write the source distribution of the slow package; return its path."""
    path = folder / "slow-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, text in {
            "pyproject.toml": SLOW_PROJECT,
            "backend.py": SLOW_BACKEND,
            "PKG-INFO": "Metadata-Version: 2.1\nName: slow\nVersion: 1.0\n",
        }.items():
            member = tarfile.TarInfo(f"slow-1.0/{name}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return path


def pin(path):
    """Return the line of a lock that asks for exactly this file."""
    name, version = path.name.removesuffix(".tar.gz").split("-")[:2]
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def python_for_nobody():
    """Return a Python that the course runs on and that another user can start, or None."""
    check = "import sys, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))"
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    for python in (getattr(sys, "_base_executable", sys.executable), "/usr/bin/python3"):
        try:
            if subprocess.call([python, "-c", check], cwd="/", stderr=subprocess.DEVNULL, **as_user(NOBODY)) == 0:
                return python
        except OSError:
            continue
    return None


def bare_python(folder):
    """Make a Python of its own in `folder`, in which nothing is installed, not even pip; return its path."""
    venv.create(folder, symlinks=os.name != "nt")
    return str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
