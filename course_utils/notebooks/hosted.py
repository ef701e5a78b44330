"""What a generated notebook has for those who open it elsewhere: links to Binder and Colab, and a first cell.

Both links open a student's copy, without outputs and solutions: Binder has made it when it built the image, and Colab
finds it on a branch that a workflow keeps.

The cell installs the course where it is not installed, and replaces nothing that is there: a hosted notebook brings
TensorFlow and the rest in versions of its own. In JupyterLab it is folded, for nobody needs it there.
"""

import tomllib

import nbformat

from course_utils._paths import ROOT, WORKSPACE

TAG = "hosted"
BRANCH = "student"  # main with workspace/ added: .github/workflows/student.yml pushes it
HOSTS = (  # what stands before OWNER/REPO, wherever it stands
    "https://github.com/",
    "https://mybinder.org/v2/gh/",
    "https://colab.research.google.com/github/",
)
CELL = """\
# Where the course is not installed, on Colab for example: install it, and replace nothing that is there
import importlib.util
import subprocess
import sys

if importlib.util.find_spec("course_utils") is None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet"]
    subprocess.check_call([*pip, {missing}])
    subprocess.check_call([*pip, "--no-deps", "git+{address}"])"""
MISSING = ("anywidget", "pooch")  # what the lessons import, and Colab may not have


def project() -> dict:
    """Return the table `project` of pyproject.toml, the one place that knows the repository's address."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def has_address() -> bool:
    """Return whether the repository was told its address (`python -m course_utils address`): links to it lead there."""
    return not project()["urls"]["Repository"].endswith("/OWNER/REPO")


def links(name: str) -> tuple[str, str]:
    """Return where Binder and Colab open the student's copy of a notebook; name is as in "01_toy_gaussians"."""
    repository, path = project()["urls"]["Repository"].removeprefix(HOSTS[0]), f"{WORKSPACE.name}/{name}.ipynb"
    return f"{HOSTS[1]}{repository}/HEAD?urlpath=lab/tree/{path}", f"{HOSTS[2]}{repository}/blob/{BRANCH}/{path}"


def links_below(name: str) -> str:
    """Return the links as they stand at the end of a notebook's first cell; name is as for `links`."""
    binder, colab = links(name)
    return f"\n\n*Open a fresh copy on [Binder]({binder}) or in [Colab]({colab}).*"


def add(notebook: nbformat.NotebookNode, name: str) -> None:
    """Put the links at the end of a notebook's first cell, and the cell behind it; name is as for `links`."""
    address = project()["urls"]["Repository"]
    notebook.cells[0].source += links_below(name)
    missing = [f'"{text}"' for text in project()["dependencies"] if text.split(">")[0] in MISSING]
    cell = nbformat.v4.new_code_cell(CELL.format(missing=", ".join(missing), address=address), id=TAG)
    cell.metadata.update({"tags": [TAG], "jupyter": {"source_hidden": True}})
    notebook.cells.insert(1, cell)
