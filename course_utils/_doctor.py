"""`python -m course_utils doctor`: what keeps the course from running, and what to do about it.

It is needed most where packages are missing, so nothing but the standard library is imported at the top.
"""

import json
import os
import platform
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV_PYTHON = Path(".venv") / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
MEMORY_NEEDED = 1.5  # GB; a lesson's kernel takes 1.2 at most (build/run.json), JupyterLab the rest
DISK_NEEDED = 1.0  # GB; for data, build/ and temporary files once the packages are installed
THREAD_CAPS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
BAD_STATES = ("corrupt", "unreadable")
CGROUP_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def run(python_problem, describe_sources):
    """Check, print a line for each check, and for each problem what to do.

    python_problem : None, or a pair of what is wrong with this Python and what to do.
    describe_sources : function like the one of datasets; it may raise ImportError.

    Returns 0 when the course can run here, 1 otherwise.
    """
    checks = (
        ("Python", lambda: check_python(python_problem)),
        ("Packages", check_packages),
        ("Kernel", check_kernel),
        ("Memory", check_memory),
        ("Disk", check_disk),
        ("Cores", check_threads),
        ("Data", lambda: check_data(describe_sources)),
    )
    n_problems = 0
    for name, check in checks:
        found, remedy = check()
        verdict = "problem" if remedy else "ok"
        print("{:<9} {:<8} {}".format(name, verdict, found.replace("\n", "\n" + " " * 19)))
        if remedy:
            n_problems += 1
            print("{:<9} {:<8} {}".format("", "to do:", remedy))
    print("\nThe course can run here." if not n_problems else f"\nProblems: {n_problems}.")
    return 1 if n_problems else 0


def check_python(problem):
    """Report the version; `problem` comes from the set-up, which knows what the course needs."""
    if problem:
        return problem
    return f"{platform.python_version()} at {sys.executable}", None


def read_lock(text):
    """Return (name, version, marker or "") for each pin of a requirements.txt."""
    pin = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)(?: *; *([^\\]*))?", re.MULTILINE)
    return [(name, version, (marker or "").strip()) for name, version, marker in pin.findall(text)]


def applies(marker):
    """Return whether an environment marker holds for this Python; None when nothing here can evaluate it."""
    if not marker:
        return True
    try:
        from packaging.markers import Marker
    except ImportError:
        try:
            from pip._vendor.packaging.markers import Marker
        except ImportError:
            return None
    return Marker(marker).evaluate()


def check_packages(lock=ROOT / "requirements.txt"):
    """Compare the installed versions with the pins, without importing any package."""
    try:
        from importlib import metadata
    except ImportError:  # Python 3.7 and older
        return "not looked for with this Python", _install_remedy()
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


def _some(names):
    return ", ".join(names[:6]) + (", ..." if len(names) > 6 else "")


def _install_remedy():
    if (ROOT / VENV_PYTHON).exists() and Path(sys.prefix).resolve() != (ROOT / ".venv").resolve():
        return f"this Python is not the course's own: repeat with {VENV_PYTHON} (or `make doctor`)"
    return "`make setup`, or `python -m course_utils setup` where there is no make"


def check_kernel():
    """Look for the kernel that the lessons name."""
    try:
        from jupyter_client.kernelspec import KernelSpecManager
    except ImportError:
        return "Jupyter is not installed", _install_remedy()
    specs = KernelSpecManager().find_kernel_specs()
    if "python3" not in specs:
        return f"expected a kernel python3, got {sorted(specs)}", _install_remedy()
    executable = json.loads((Path(specs["python3"]) / "kernel.json").read_text())["argv"][0]
    return f"python3, started by {executable}", None


def memory_limit():
    """Return the memory this container may use in GB, or None when there is no limit."""
    texts = [os.environ.get("MEM_LIMIT", "")]  # JupyterHub and Binder set it, in bytes
    for path in CGROUP_LIMITS:
        if os.path.exists(path):
            texts.append(Path(path).read_text().strip())
    limits = [int(text) / 1e9 for text in texts if text.isdigit()]
    return min((limit for limit in limits if limit < 1e6), default=None)  # the kernel's 'no limit' is huge


def memory_available():
    """Return the memory free for new programs in GB, or None when it cannot be told."""
    try:
        import psutil
    except ImportError:
        found = re.search(r"MemAvailable: +(\d+) kB", _read("/proc/meminfo"))
        return int(found.group(1)) * 1024 / 1e9 if found else None
    return psutil.virtual_memory().available / 1e9


def _read(path):
    try:
        return Path(path).read_text()
    except OSError:
        return ""


def check_memory():
    """Compare the memory at hand, and a container's limit, with what a lesson takes."""
    available, limit = memory_available(), memory_limit()
    found = "unknown" if available is None else f"{available:.1f} GB available"
    found += f", limit of this container {limit:.1f} GB" if limit else ""
    remedy = "shut down other kernels (in JupyterLab: Kernel, Shut Down All Kernels) and other programs"
    if min(limit or MEMORY_NEEDED, MEMORY_NEEDED if available is None else available) < MEMORY_NEEDED:
        return f"{found}; expected {MEMORY_NEEDED} GB or more", remedy
    return found, None


def check_disk():
    """Compare the free disk with what the lessons write."""
    free = shutil.disk_usage(str(ROOT)).free / 1e9
    found = f"{free:.1f} GB free in {ROOT}"
    if free < DISK_NEEDED:
        return f"{found}; expected {DISK_NEEDED} GB or more", "free some; `make clean` helps a little"
    return found, None


def check_threads():
    """Report cores and thread caps. Neither keeps the course from running, so this is never a problem."""
    try:
        usable = len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows
        usable = os.cpu_count()
    caps = ", ".join(f"{name}={os.environ[name]}" for name in THREAD_CAPS if name in os.environ)
    return f"{usable} to use; thread caps: {caps or 'none set, all cores are used'}", None


def check_data(describe):
    """Report where the data would come from. The embedded digits are always there."""
    try:
        rows = describe()
    except ImportError as error:
        return f"cannot be told: {error}", _install_remedy()
    except Exception as error:  # whatever is broken is what a doctor has to report
        return f"{type(error).__name__}: {error}", "see data/README.md for COURSE_DATA and COURSE_DATA_DIR"
    bad = "".join(f"\n{row['state']}: {row['detail']}" for row in rows if row["state"] in BAD_STATES)
    valid = [row["where"] for row in rows if row["state"] == "valid"]
    wish = os.environ.get("COURSE_DATA", "").strip()
    if wish not in ("", "mnist", "digits"):
        return f"COURSE_DATA: expected mnist, digits or nothing, got {wish!r}", "correct or unset COURSE_DATA"
    if wish == "digits":
        return "the embedded digits, because COURSE_DATA=digits", None
    if valid:
        return f"MNIST in {valid[0]}{bad}", None
    found = "no MNIST here yet: the first use downloads it, and without network takes the embedded digits" + bad
    return found, "`python -m course_utils data`, or unset COURSE_DATA" if wish == "mnist" else None
