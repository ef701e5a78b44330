"""`python -m course_utils doctor`: each problem is a line with what to do, and the exit code tells of it.

How much memory and disk there is belongs to the machine; these tests hold the doctor to its own numbers.
"""

import json
import os
import re
import sys
import tempfile
from pathlib import Path

import pytest
from _checkout import NOBODY, bare_python, copy_checkout, python_for_nobody, run

from course_utils.commands import doctor

NAMES = ["Python", "Packages", "Security", "Kernel", "Settings", "Memory", "Folder", "Disk", "Cores", "Data"]


def examine(**options):
    """Run the doctor; return {name: (verdict, found)} and its exit code."""
    done = run("-m", "course_utils", "doctor", **options)
    assert not done.stderr
    lines = re.findall(r"^([A-Z][a-z]+) +(ok|problem) +(.+)$", done.stdout, re.MULTILINE)
    remedies = re.findall(r"^ +to do: +\S", done.stdout, re.MULTILINE)
    n_problems = sum(verdict == "problem" for _, verdict, _ in lines)
    assert [name for name, _, _ in lines] == NAMES, done.stdout
    assert len(remedies) == n_problems
    assert ("The course can run here." if n_problems == 0 else f"Problems: {n_problems}.") in done.stdout
    return {name: (verdict, found) for name, verdict, found in lines}, done.returncode


def test_what_the_tests_run_with_is_in_order():
    """The Python, its kernel and the embedded digits are fine wherever these tests run."""
    report, code = examine(COURSE_DATA="digits")
    for name in ("Python", "Kernel", "Cores", "Data"):
        assert report[name][0] == "ok", report
    assert report["Data"][1] == "the embedded digits, because COURSE_DATA=digits"
    assert code == any(verdict == "problem" for verdict, _ in report.values())


@pytest.mark.parametrize(
    ("setting", "verdict", "words"),
    [("mnist", "problem", "that is an error"), ("", "ok", "the lessons use the embedded digits")],
)
def test_without_mnist(tmp_path, setting, verdict, words):
    """What a missing network will mean depends on whether MNIST was asked for."""
    nowhere = {name: str(tmp_path) for name in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "COURSE_DATA_DIR")}
    report, _ = examine(COURSE_DATA=setting, **nowhere)
    assert report["Data"][0] == verdict
    assert f"Without a network {words}" in report["Data"][1]


def test_a_problem_ends_with_1():
    """A container's limit counts, whatever memory the machine has."""
    report, code = examine(COURSE_DATA="digits", MEM_LIMIT=str(10**9))
    assert report["Memory"][0] == "problem"
    assert "limit of this container 1.0 GB; expected 1.5 GB" in report["Memory"][1]
    assert code == 1


def test_a_python_without_packages_is_reported(tmp_path):
    """It says so for packages, kernel and data, says what to do, and ends with 1."""
    checkout = copy_checkout(tmp_path)
    report, code = examine(python=bare_python(tmp_path / "bare"), cwd=checkout)
    assert "are missing: " in report["Packages"][1]
    assert report["Kernel"] == ("problem", "Jupyter is not installed")
    assert report["Data"][0] == "problem"
    assert code == 1


def test_a_check_that_fails_itself_is_one_line(tmp_path):
    """What cannot be checked, as a lock that cannot be read, is reported; the checks after it go on."""
    checkout = copy_checkout(tmp_path)
    (checkout / "requirements.txt").unlink()
    (checkout / "requirements.txt").mkdir()
    report, code = examine(cwd=checkout, COURSE_DATA="digits")
    assert report["Packages"][0] == "problem"
    assert "cannot be checked: " in report["Packages"][1]
    assert report["Data"][0] == "ok"
    assert code == 1


def test_one_missing_package_is_named(tmp_path):
    """So is one in another version than its pin; one whose marker does not hold is not looked for."""
    lock = tmp_path / "requirements.txt"
    pins = ("no-such-package==1.0", "pytest[dev]==0.1 ; python_version > '3'", "nor-this==1.0 ; python_version < '3'")
    lock.write_text("".join(f"{pin} \\\n    --hash=sha256:00\n" for pin in pins))
    found, remedy = doctor.check_packages(lock)
    assert "of 2 in requirements.txt, 1 are missing: no-such-package\n" in found
    assert "(lock: 0.1)" in found
    assert remedy


@pytest.mark.parametrize(
    ("package", "version", "holes", "upgrade"),
    [
        ("keras", "3.8.0", ["CVE-2025-1550", "CVE-2026-1462"], "keras>=3.14"),
        ("keras", "3.9.0", ["CVE-2026-1462"], "keras>=3.14"),
        ("keras", "3.13.2", ["CVE-2026-1462"], "keras>=3.14"),
        ("keras", "3.14.0", [], None),
        ("keras", "3.100.1", [], None),
        ("jupyterlab", "4.6.3", ["CVE-2026-102831"], "jupyterlab>=4.6.4"),
        ("jupyterlab", "4.6.4", [], None),
    ],
)
def test_a_version_with_a_known_hole_is_named(tmp_path, package, version, holes, upgrade):
    """Each hole is named with the version that closes it; versions are compared as numbers, not as text."""
    checkout = copy_checkout(tmp_path)
    installed = checkout / f"{package}-{version}.dist-info"  # Python looks in its working folder first
    installed.mkdir()
    (installed / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
    done = run("-m", "course_utils", "doctor", cwd=checkout, COURSE_DATA="digits")
    (verdict,) = re.findall(r"^Security +(ok|problem) ", done.stdout, re.MULTILINE)
    assert verdict == ("problem" if holes else "ok"), done.stdout
    assert re.findall(r"CVE-\d+-\d+", done.stdout) == holes
    assert re.findall(rf"{package}>=[\d.]+", done.stdout) == ([upgrade] if holes else [])


def test_a_kernel_of_another_python_is_named(tmp_path):
    """Another Jupyter may have left a kernel of the same name: the course starts its own, other programs do not."""
    kernel = tmp_path / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    spec = {"argv": ["/elsewhere/bin/python", "-m", "ipykernel_launcher"], "display_name": "", "language": "python"}
    kernel.write_text(json.dumps(spec))
    done = run("-m", "course_utils", "doctor", COURSE_DATA="digits", JUPYTER_PATH=str(tmp_path))
    assert f"ok       the course's commands start python3 by {sys.executable}." in done.stdout
    assert "which is started by /elsewhere/bin/python: use `lab`" in done.stdout


def test_packages_of_ones_own_are_named(tmp_path):
    """The doctor works without a PYTHONPATH that would break it, names it, and says what to do."""
    (tmp_path / "numpy.py").write_text("raise ImportError('another numpy')")
    done = run("-m", "course_utils", "doctor", COURSE_DATA="digits", PYTHONPATH=str(tmp_path))
    assert f"PYTHONPATH={tmp_path}: the course's commands ignore it" in done.stdout
    assert "use `lab`, or unset it there" in done.stdout
    assert "another numpy" not in done.stdout + done.stderr


@pytest.mark.parametrize("needed", [0.0, 1e9])
def test_the_disk_is_held_against_what_the_course_needs(needed, monkeypatch):
    """No disk has 10^18 bytes free, and each has none at least."""
    monkeypatch.setattr(doctor, "DISK_NEEDED", needed)
    found, remedy = doctor.check_disk()
    assert bool(remedy) == (needed > 0)
    assert ("expected 1000000000.0 GB or more" in found) == (needed > 0)


@pytest.mark.parametrize("needed", [0.0, 1e9])
def test_the_memory_is_held_against_what_a_lesson_needs(needed, monkeypatch):
    """As the disk."""
    monkeypatch.delenv("MEM_LIMIT", raising=False)
    monkeypatch.setattr(doctor, "MEMORY_NEEDED", needed)
    found, remedy = doctor.check_memory()
    assert bool(remedy) == (needed > 0)


@pytest.mark.parametrize(("name", "value"), [("COURSE_DATA", "mnsit"), ("COURSE_MNIST_URL", "ftp://here")])
def test_a_misspelt_setting_is_a_problem(name, value):
    """The doctor names it among the rest."""
    report, code = examine(**{name: value})
    assert report["Data"][0] == "problem"
    assert f"{name}: expected " in report["Data"][1]
    assert code == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_a_read_only_folder_is_a_problem():
    """Lessons run there, but nothing of them can be kept."""
    python, user = sys.executable, None
    if os.geteuid() == 0:  # root may write everywhere
        python, user = python_for_nobody(), NOBODY
        if python is None:
            pytest.skip("this user cannot start a Python as another one")
    with tempfile.TemporaryDirectory() as name:  # not below pytest's folder, which others may not enter
        folder = copy_checkout(Path(name).resolve())
        folder.chmod(0o555)
        try:
            report, code = examine(python=python, cwd=folder, user=user, COURSE_DATA="digits")
        finally:
            folder.chmod(0o755)
    assert report["Folder"] == ("problem", f"{folder} cannot be written by you")
    assert code == 1
