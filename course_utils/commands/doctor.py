"""`python -m course_utils doctor`: what keeps the course from running, and what to do about it.

It is needed most where packages are missing, so nothing but the standard library is imported at the top.
"""

import os
import platform
import re
import shutil
import sys
from importlib import metadata
from pathlib import Path

from course_utils import _machine
from course_utils._errors import CourseError
from course_utils._isolation import KERAS_HOME, PYTHONPATH
from course_utils._paths import ROOT, VENV, python_of
from course_utils._settings import mnist_urls, wanted_data
from course_utils._terminal import wrapped
from course_utils.environment.lock import applies, read_lock
from course_utils.environment.python import python_problem

MEMORY_NEEDED = 1.5  # GB; a lesson's kernel takes 1.2 at most (build/run.json), JupyterLab the rest
DISK_NEEDED = 1.0  # GB; for data, build/ and temporary files once the packages are installed
IN_CHECKOUT = (ROOT / "pyproject.toml").exists()
HERE = ROOT if IN_CHECKOUT else Path.cwd()  # an installed package stands among others; what is done is done here
BAD_STATES = ("corrupt", "unreadable")
KNOWN_HOLES = (  # package, the first version without the hole, the hole's number
    ("keras", "3.9", "CVE-2025-1550"),
    ("keras", "3.14", "CVE-2026-1462"),
    ("jupyterlab", "4.6.4", "CVE-2026-102831"),
)


def add_arguments(parser):
    """Declare nothing: the command takes no arguments."""


def main(options):
    """Print a line for each check, and for each problem what to do; return 0 when there is none."""
    checks = (
        ("Python", check_python),
        ("Packages", check_packages),
        ("Security", check_known_holes),
        ("Kernel", check_kernel),
        ("Settings", check_settings),
        ("Memory", check_memory),
        ("Folder", check_folder),
        ("Disk", check_disk),
        ("Cores", check_threads),
        ("Data", check_data),
    )
    n_problems = 0
    for name, check in checks:
        try:
            found, remedy = check()
        except Exception as error:  # whatever is broken is what a doctor has to report; the other checks go on
            found = f"cannot be checked: {type(error).__name__}: {error}"
            remedy = "repeat the command; if it stays, report it with all these lines"
        verdict = "problem" if remedy else "ok"
        _print_row(name, verdict, found)
        if remedy:
            n_problems += 1
            _print_row("", "to do:", remedy)
    print("\nThe course can run here." if not n_problems else f"\nProblems: {n_problems}.")
    return 1 if n_problems else 0


def _print_row(name, verdict, text):
    row = "{:<9} {:<8} {}".format(name, verdict, text.replace("\n", "\n" + " " * 19))
    print(wrapped(row, sys.stdout, indent=19))


def check_python():
    """Report the version, and what is wrong with it."""
    return python_problem() or (f"{platform.python_version()} at {sys.executable}", None)


def check_packages(lock=ROOT / "requirements.txt"):
    """Compare the installed versions with the pins, without importing any package."""
    if not lock.exists():
        return _check_requirements()
    pins = [pin for pin in read_lock(lock.read_text()) if applies(pin[2]) is not False]
    missing, other = [], []
    for name, pinned, _ in pins:
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            missing.append(name)
            continue
        if version != pinned:
            other.append(f"{name} {version} (lock: {pinned})")
    if not missing and not other:
        return f"all {len(pins)} of requirements.txt are installed", None
    found = f"of {len(pins)} in requirements.txt, {len(missing)} are missing"
    found += f": {_some(missing)}" if missing else ""
    found += f"\n{len(other)} in another version: {_some(other)}" if other else ""
    return found, _install_remedy()


def _check_requirements():
    # The package is installed without a checkout, among whatever its user has: its own floors count, not the lock
    from packaging.requirements import Requirement

    wanted = [Requirement(text) for text in metadata.requires("course-utils")]
    wanted = [need for need in wanted if "extra" not in str(need.marker) and applies(str(need.marker or ""))]
    names = {need.name: (need.name, "tensorflow") if need.name == "tensorflow-cpu" else (need.name,) for need in wanted}
    bad = []
    for need in wanted:
        found = [one.version for name in names[need.name] for one in metadata.distributions(name=name)]
        if not any(need.specifier.contains(version, prereleases=True) for version in found):
            bad.append(f"{need.name}{need.specifier} ({'got ' + found[0] if found else 'missing'})")
    if bad:
        return f"{len(bad)} of {len(wanted)} do not fit: {_some(bad)}", "`pip install` what is named"
    return f"all {len(wanted)} that course_utils needs are installed", None


def _some(names):
    return ", ".join(names[:6]) + (", ..." if len(names) > 6 else "")


def check_known_holes():
    """Name what is installed in a version with a known security hole."""
    found, upgrades = [], {}
    for name, fixed, hole in KNOWN_HOLES:
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
        if _release(version) < _release(fixed):
            found.append(f"{name} {version} has {hole}, which {fixed} closes")
            upgrades[name] = max(fixed, upgrades.get(name, fixed), key=_release)
    if not found:
        return "no known security hole in an installed version", None
    wanted = " ".join(f'"{name}>={version}"' for name, version in upgrades.items())
    caution = "until then, open no notebook and no model from people you do not know"
    return "\n".join(found), f"`python -m pip install --upgrade {wanted}`; {caution}"


def _release(version):
    """Return the numbers of a version, as (3, 14, 0) of "3.14.0rc1"."""
    return tuple(int(number) for number in re.match(r"\d+(?:\.\d+)*", version)[0].split("."))


def _install_remedy():
    if not IN_CHECKOUT:
        return "install what is missing into this Python, for example `pip install jupyterlab`"
    if os.access(python_of(VENV), os.X_OK) and Path(sys.prefix).resolve() != VENV.resolve():
        python = python_of(VENV).relative_to(ROOT)
        return f"this Python is not the course's own: repeat with {python} (or `make doctor`)"
    return "`make setup`, or `python -m course_utils setup` where there is no make"


def check_kernel():
    """Look for the kernel that the lessons name, and whether it is one of this Python."""
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError:
        return "Jupyter is not installed", _install_remedy()
    try:
        spec = KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        return "there is no kernel python3", _install_remedy()
    python = spec.argv[0]
    # Without a folder, Jupyter takes its own Python
    if os.path.dirname(python) and _real_folder(python) != _real_folder(sys.executable):
        return (
            f"the course's commands start python3 by {sys.executable}. A JupyterLab or an editor that you start\n"
            f"yourself takes {spec.resource_dir}, which is started by {python}: use `lab`,\n"
            f"or choose {sys.executable} as the kernel there"
        ), None
    return f"python3, started by {python}", None


def check_settings():
    """Name the settings for Python and Keras that the course does not heed; other programs' kernels heed the first."""
    found = []
    if os.environ.get(PYTHONPATH):
        found.append(
            f"PYTHONPATH={os.environ[PYTHONPATH]}: the course's commands ignore it. A JupyterLab or an editor\n"
            "that you start yourself does not: use `lab`, or unset it there"
        )
    if os.environ.get(KERAS_HOME):
        found.append(f"KERAS_HOME={os.environ[KERAS_HOME]}: used to find data only; lessons use Keras's own defaults")
    return "\n".join(found) or "none of your own that the course has to ignore", None


def _real_folder(path):
    return os.path.normcase(os.path.realpath(os.path.dirname(path)))


def check_memory():
    """Compare the memory at hand, and a container's limit, with what a lesson takes."""
    available, limit = _machine.memory_available(), _machine.memory_limit()
    found = "unknown" if available is None else f"{available:.1f} GB available"
    found += f", limit of this container {limit:.1f} GB" if limit else ""
    remedy = "shut down other kernels (in JupyterLab: Kernel, Shut Down All Kernels) and other programs"
    if min(limit or MEMORY_NEEDED, MEMORY_NEEDED if available is None else available) < MEMORY_NEEDED:
        return f"{found}; expected {MEMORY_NEEDED} GB or more", remedy
    return _machine.address_space_problem() or (found, None)


def check_folder():
    """Say whether this user may write here; lessons run all the same, but nothing of them can be kept."""
    if os.access(HERE, os.W_OK):
        return f"{HERE} can be written", None
    return f"{HERE} cannot be written by you", "copy the course to a folder of your own"


def check_disk():
    """Compare the free disk with what the lessons write."""
    free = shutil.disk_usage(HERE).free / 1e9
    found = f"{free:.1f} GB free in {HERE}"
    if free < DISK_NEEDED:
        return f"{found}; expected {DISK_NEEDED} GB or more", "free some; `make clean` helps a little"
    return found, None


def check_threads():
    """Report cores and thread caps. Neither keeps the course from running, so this is never a problem."""
    caps = ", ".join(f"{name}={os.environ[name]}" for name in _machine.THREAD_VARIABLES if name in os.environ)
    return f"{_machine.usable_cores()} to use; thread caps: {caps or 'none set, all cores are used'}", None


def check_data():
    """Report where the data would come from. The embedded digits are always there."""
    try:
        wish = wanted_data()
        mnist_urls(())
        from course_utils.datasets import describe_sources

        rows = describe_sources()
    except ImportError as error:
        return f"cannot be told: {error}", _install_remedy()
    except CourseError as error:
        return str(error), "correct the setting, or unset it (data/README.md lists the settings)"
    bad = "".join(f"\n{row['state']}: {row['detail']}" for row in rows if row["state"] in BAD_STATES)
    valid = [row["where"] for row in rows if row["state"] == "valid"]
    if wish == "digits":
        return "the embedded digits, because COURSE_DATA=digits", None
    if valid:
        return f"MNIST in {valid[0]}{bad}", None
    found = "no MNIST here yet: the first use downloads it. Without a network "
    if wish == "mnist":
        return (
            f"{found}that is an error, because COURSE_DATA=mnist{bad}",
            "`python -m course_utils data`, or unset COURSE_DATA",
        )
    return f"{found}the lessons use the embedded digits{bad}", None
