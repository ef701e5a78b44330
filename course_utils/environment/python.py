"""Which Python the course runs on, and what to tell whoever has another one."""

import os
import platform
import sys

OLDEST, TOO_NEW = (3, 11), (3, 14)  # as in pyproject.toml; a test compares
SYSTEMS = {"linux": ("x86_64", "aarch64"), "darwin": ("arm64",), "win32": ("amd64",)}  # TensorFlow's wheels


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
