"""What a generated notebook has for those who open it elsewhere: links to Binder and Colab, and a first cell.

Both links open a student's copy, without outputs and solutions: Binder has made it when it built the image, and Colab
finds it on a branch that a workflow keeps. A hub pulls that branch (`pull_link`). For a term, every link but the hub's
can be pinned to a tag.

The cell installs the course where it is not installed, and replaces nothing that is there: a hosted notebook brings
TensorFlow and the rest in versions of its own. In JupyterLab it is folded, for nobody needs it there.
"""

import tomllib
from urllib.parse import quote

import nbformat

from course_utils._paths import ROOT, WORKSPACE

TAG = "hosted"
BRANCH = "student"  # main with workspace/ added: .github/workflows/student.yml pushes it
GITHUB = "https://github.com/"
BINDER = "https://mybinder.org/v2/gh/"
COLAB = "https://colab.research.google.com/github/"
FOLDER = "pca-autoencoders"  # where a hub puts the pulled copy, in the student's home
FIRST_LESSON = "01_toy_gaussians"
CELL = """\
# Where the course is not installed, on Colab for example: install it, and replace nothing that is there
import importlib.util
import subprocess
import sys

if importlib.util.find_spec("course_utils") is None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet"]
    subprocess.check_call([*pip, {missing}])
    subprocess.check_call([*pip, "--no-deps", "{source}"])"""
MISSING = ("anywidget", "pooch")  # what the lessons import, and Colab may not have


def project() -> dict:
    """Return the table `project` of pyproject.toml, the one place that knows the repository's address."""
    return _pyproject()["project"]


def repository() -> str:
    """Return OWNER/REPO."""
    return project()["urls"]["Repository"].removeprefix(GITHUB)


def ref() -> str:
    """Return the tag that links are pinned to, as pyproject.toml has it; "" where they are not."""
    return _pyproject()["tool"]["course"]["ref"]


def _pyproject():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def has_address() -> bool:
    """Return whether the repository was told its address (`python -m course_utils address`): links to it lead there."""
    return repository() != "OWNER/REPO"


def beginnings(repository: str, ref: str) -> list[str]:
    """Return what the links to a repository begin with, in full and pinned to a tag, or to none ("").

    They are for Binder, for Colab, for pip, and for a hub, which pulls the branch whatever the tag.
    """
    return [
        f"{BINDER}{repository}/{ref or 'HEAD'}",
        f"{COLAB}{repository}/blob/{ref or BRANCH}",
        f"git+{GITHUB}{repository}{f'@{ref}' if ref else ''}",
        f"git-pull?repo={quote(GITHUB + repository, safe='')}&branch={BRANCH}",
    ]


def links(name: str) -> tuple[str, str]:
    """Return where Binder and Colab open the student's copy of a notebook; name is as in "01_toy_gaussians"."""
    path = f"{WORKSPACE.name}/{name}.ipynb"
    binder, colab, *_ = beginnings(repository(), ref())
    return f"{binder}?urlpath=lab/tree/{path}", f"{colab}/{path}"


def pull_link(hub: str) -> str:
    """Return the link by which the students of a hub get their copies, and later the corrections, at lesson 1.

    Parameters
    ----------
    hub : the hub's address, as in "https://hub.example.org"
    """
    *_, pull = beginnings(repository(), ref())
    path = quote(f"lab/tree/{FOLDER}/{WORKSPACE.name}/{FIRST_LESSON}.ipynb", safe="")
    return f"{hub}/hub/user-redirect/{pull}&targetpath={FOLDER}&urlpath={path}"


def links_below(name: str) -> str:
    """Return the links as they stand at the end of a notebook's first cell; name is as for `links`."""
    binder, colab = links(name)
    return f"\n\n*Open a fresh copy on [Binder]({binder}) or in [Colab]({colab}).*"


def add(notebook: nbformat.NotebookNode, name: str) -> None:
    """Put the links at the end of a notebook's first cell, and the cell behind it; name is as for `links`."""
    *_, source, _ = beginnings(repository(), ref())
    notebook.cells[0].source += links_below(name)
    missing = [f'"{text}"' for text in project()["dependencies"] if text.split(">")[0] in MISSING]
    cell = nbformat.v4.new_code_cell(CELL.format(missing=", ".join(missing), source=source), id=TAG)
    cell.metadata.update({"tags": [TAG], "jupyter": {"source_hidden": True}})
    notebook.cells.insert(1, cell)
