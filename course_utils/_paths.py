"""The folders of the course, for helpers and tooling. Standard library, syntax of Python 3.9: see commands/setup.py."""

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parent  # the checkout; where the package is installed without one, the folder of all packages
DATA = PACKAGE / "data" if (PACKAGE / "data").is_dir() else ROOT / "data"  # a wheel has it inside
NOTEBOOKS = ROOT / "notebooks"
SOURCES = NOTEBOOKS / "source"
BUILD = ROOT / "build"
WORKSPACE = ROOT / "workspace"  # the student's own copies; it mirrors notebooks/
VENV = ROOT / ".venv"


def python_of(venv):
    """Return the path of a virtual environment's Python on this system."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
