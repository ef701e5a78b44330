"""Find the sources of lessons and exercises, and read them as notebooks without outputs."""

import argparse
from pathlib import Path

import jupytext
import nbformat

from course_utils._paths import NOTEBOOKS, SOURCES
from course_utils.notebooks import hosted

# What other tools read in a notebook: nbconvert's script exporter, an editor's highlighting. The same on every Python.
LANGUAGE = {
    "name": "python",
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}


def add_lesson_option(parser: argparse.ArgumentParser) -> None:
    """Declare `--lesson`, whose values `lesson_paths` and `exercise_paths` take."""
    text = "only this lesson, for example 3; may be repeated"
    parser.add_argument("--lesson", action="append", metavar="N", type=lesson_number, help=text)


def lesson_number(text: str) -> str:
    """Return the number of a lesson as its files have it: "03" for "3" and for "03".

    Raises argparse.ArgumentTypeError where there is no such lesson.
    """
    known = [path.name[:2] for path in lesson_paths()]
    if text.zfill(2) not in known:
        raise argparse.ArgumentTypeError(f"expected the number of a lesson ({', '.join(known)}), got {text!r}")
    return text.zfill(2)


def lesson_paths(numbers: list[str] | None = None) -> list[Path]:
    """Return the lessons' source files in order, or only those whose number is given ("03")."""
    found = sorted(SOURCES.glob("[0-9][0-9]_*.py"))
    return [path for path in found if not numbers or path.name[:2] in numbers]


def exercise_paths(numbers: list[str] | None = None) -> list[Path]:
    """Return the source files of the lessons' exercises, in the lessons' order."""
    paths = [SOURCES / "exercises" / path.name for path in lesson_paths(numbers)]
    return [path for path in paths if path.exists()]


def name_of(source: Path) -> str:
    """Return "01_toy_gaussians" for a lesson's source, "solutions/01_toy_gaussians" for that of its exercises."""
    return f"solutions/{source.stem}" if _has_solutions(source) else source.stem


def stored_path(source: Path) -> Path:
    """Return where the notebook of a source is stored with its outputs: a lesson, or solved exercises."""
    return NOTEBOOKS / f"{name_of(source)}.ipynb"


def student_name(source: Path) -> str:
    """Return "01_toy_gaussians" for a lesson's source, "exercises/01_toy_gaussians" for that of its exercises."""
    return f"exercises/{source.stem}" if _has_solutions(source) else source.stem


def unsolved_path(source: Path) -> Path:
    """Return where a student finds the exercises of a source: no solution, no output."""
    return NOTEBOOKS / f"{student_name(source)}.ipynb"


def read_lesson(source: Path) -> nbformat.NotebookNode:
    """Return a lesson, or its exercises with their solutions, as a notebook without outputs.

    A figure's text alternative stays in its cell's metadata. Links and a cell for hosted notebooks are added. What
    `check` says of a solution is compared on every test run.
    """
    notebook = _read(source, without="starter")
    for cell in code_cells(notebook) if _has_solutions(source) else []:
        if cell.source.startswith(("check(", "progress(")):
            cell.metadata["tags"] = [*cell.metadata.get("tags", []), "nbval-check-output"]
    return notebook


def read_unsolved(source: Path) -> nbformat.NotebookNode:
    """Return what a student gets, without outputs: exercises have starters to fill in, and no solution."""
    return _read(source, without="solution")


def _has_solutions(source):
    return source.parent.name == "exercises"


def _read(source, without):
    notebook = jupytext.read(source)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata["language_info"] = dict(LANGUAGE)
    notebook.metadata.pop("jupytext", None)  # jupytext.toml says what belongs to what
    for i, cell in enumerate(notebook.cells):
        cell["id"] = f"{source.name[:2]}-{i:03d}"  # stable, so that a change of one cell changes one cell
    notebook.cells = [cell for cell in notebook.cells if without not in cell.metadata.get("tags", [])]
    hosted.add(notebook, student_name(source))
    return notebook


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Return the code cells of a notebook."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def set_parameter(notebook: nbformat.NotebookNode, line: str, new_line: str) -> bool:
    """Replace one line of a notebook's code, in place; return whether the line was there."""
    for cell in code_cells(notebook):
        lines = cell.source.split("\n")
        if line in lines:
            cell.source = "\n".join(new_line if x == line else x for x in lines)
            return True
    return False
