"""The locks: exact, hashed, in agreement with pyproject.toml and with each other."""

import functools
import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from course_utils.commands import setup

pytestmark = pytest.mark.check

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS = dict(PYPROJECT["project"]["optional-dependencies"])
STUDENT = "requirements.txt"
# {lock: what it is made from}
ASKED = {STUDENT: PYPROJECT["project"]["dependencies"] + EXTRAS.pop("lab")}
ASKED |= {f"requirements-{extra}.txt": asked for extra, asked in EXTRAS.items()}


@functools.cache
def read_pins(lock):
    """Return {name: [(version, marker), ...]} of a lock: a package may have one pin for each system."""
    pins = {}
    for line in (ROOT / lock).read_text().splitlines():
        if line and not line.startswith((" ", "#")):
            pin = Requirement(line.rstrip("\\ "))
            (version,) = pin.specifier
            pins.setdefault(canonicalize_name(pin.name), []).append((version.version, pin.marker))
    return pins


def test_each_extra_has_a_lock_and_can_be_set_up():
    """`requirements-<extra>.txt` for each extra but `lab`; `requirements-hosted.txt` is no lock."""
    found = {path.name for path in ROOT.glob("requirements*.txt")} - {"requirements-hosted.txt"}
    assert found == set(ASKED)
    assert set(setup.EXTRAS) == set(EXTRAS)


@pytest.mark.parametrize("lock", ASKED)
def test_every_pin_is_exact_and_hashed(lock):
    """Each requirement is `name==version` with at least one SHA-256, and nothing else is in the file."""
    pin = re.compile(r"[A-Za-z0-9._-]+(\[[a-z-]+\])?==\S+( ; [^\\]+)? \\\n    --hash=sha256:[0-9a-f]{64}")
    for entry in re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip()):
        assert pin.match(entry), entry[:100]


@pytest.mark.parametrize(("lock", "text"), [(lock, text) for lock, asked in ASKED.items() for text in asked])
def test_a_lock_covers_what_pyproject_asks_for(lock, text):
    """Each requirement is locked at a version that pyproject.toml allows; only markers may narrow it."""
    wanted = Requirement(text)
    pins = read_pins(lock).get(canonicalize_name(wanted.name), [])
    assert pins, f"{wanted.name} is not in {lock}: `make lock`"
    for version, _ in pins:
        assert wanted.specifier.contains(version), f"{lock} has {version}, but {wanted} is asked for: `make lock`"


def test_the_course_asks_for_no_more_than_a_hosted_notebook_brings():
    """There the course is installed without its dependencies: what it is too new for would fail in a student's cell."""
    asked = map(Requirement, PYPROJECT["project"]["dependencies"])
    wanted = {canonicalize_name(requirement.name): requirement.specifier for requirement in asked}
    for name, [(version, _)] in read_pins("requirements-hosted.txt").items():
        assert wanted[name].contains(version), f"a hosted notebook brings {name} {version}, not {wanted[name]}"


def test_the_lock_holds_what_builds_the_package():
    """course_utils is installed without build isolation, by the setuptools of the lock."""
    (text,) = PYPROJECT["build-system"]["requires"]
    for version, _ in read_pins(STUDENT)["setuptools"]:
        assert Requirement(text).specifier.contains(version)


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize(
    ("system", "machine"), [("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"), ("win32", "AMD64")]
)
def test_no_package_has_two_versions(python, system, machine):
    """An extra is installed on top of what is there, and must change nothing in it, whatever the system."""
    here = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": system,
        "platform_machine": machine,
    }
    versions = {}
    for lock in ASKED:
        for name, found in read_pins(lock).items():
            applied = [version for version, marker in found if not marker or marker.evaluate(here)]
            versions.setdefault(name, set()).update(applied)
    assert any(versions.values())
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def closure(requirements):
    """Return the names of all packages that these requirements need on this system, from what is installed."""
    waiting, seen = [Requirement(text) for text in requirements], set()
    while waiting:
        wanted = waiting.pop()
        if wanted.marker and not wanted.marker.evaluate({"extra": ""}):
            continue
        name = canonicalize_name(wanted.name)
        if (name, *sorted(wanted.extras)) in seen:
            continue
        seen.add((name, *sorted(wanted.extras)))
        for text in metadata.requires(name) or ():
            need = Requirement(text)
            if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in (wanted.extras or {""})):
                need.marker = None
                waiting.append(need)
    return {name for name, *_ in seen}


def test_a_student_installs_no_maintainers_tool():
    """What requirements.txt pins for this system is what helpers, lessons and JupyterLab need, and no more."""
    pinned = {
        name for name, pins in read_pins(STUDENT).items() if any(not marker or marker.evaluate() for _, marker in pins)
    }
    assert pinned - closure(ASKED[STUDENT]) == set()
