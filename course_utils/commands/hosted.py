"""What a generated notebook carries for those who open it elsewhere: links to Binder and Colab, and a first cell.

The cell installs the course where it is not installed, and replaces nothing that is there: a hosted notebook brings
TensorFlow and the rest in versions of its own. In JupyterLab it is folded, for nobody needs it there.
"""

import tomllib

import nbformat

from course_utils._paths import ROOT

TAG = "hosted"
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


def add(notebook: nbformat.NotebookNode, name: str) -> None:
    """Put the links at the end of a notebook's first cell, and the cell behind it; name is as in "01_toy_gaussians"."""
    address = project()["urls"]["Repository"]
    repository, path = address.removeprefix(HOSTS[0]), f"notebooks/{name}.ipynb"
    notebook.cells[0].source += (
        f"\n\n*Open it on [Binder]({HOSTS[1]}{repository}/HEAD?urlpath=lab/tree/{path}) or in "
        f"[Colab]({HOSTS[2]}{repository}/blob/main/{path}).*"
    )
    missing = [f'"{text}"' for text in project()["dependencies"] if text.split(">")[0] in MISSING]
    cell = nbformat.v4.new_code_cell(CELL.format(missing=", ".join(missing), address=address), id=TAG)
    cell.metadata.update({"tags": [TAG], "jupyter": {"source_hidden": True}})
    notebook.cells.insert(1, cell)
