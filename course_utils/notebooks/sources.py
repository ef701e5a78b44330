"""Find the sources of lessons, exercises and appendices, and read them as notebooks without outputs."""

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
    """Declare `--lesson`, whose values `lesson_paths`, `exercise_paths` and `appendix_paths` take."""
    text = "only this lesson, for example 3, or this appendix, by its name; may be repeated"
    parser.add_argument("--lesson", action="append", metavar="N", type=lesson_key, help=text)


def lesson_key(text: str) -> str:
    """Return the key of a lesson or an appendix, as `key_of` does: "03" for "3" and for "03".

    Raises argparse.ArgumentTypeError where there is none.
    """
    known = [key_of(path) for path in lesson_paths() + appendix_paths()]
    key = text.zfill(2) if text.isdigit() else text
    if key not in known:
        raise argparse.ArgumentTypeError(f"expected one of {', '.join(known)}, got {text!r}")
    return key


def key_of(source: Path) -> str:
    """Return the number of a lesson and its exercises, "03", or the name of an appendix, "optimizers"."""
    return source.stem if _is_appendix(source) else source.name[:2]


def lesson_paths(keys: list[str] | None = None) -> list[Path]:
    """Return the lessons' source files in order, or only those with the given keys."""
    return _chosen(SOURCES.glob("[0-9][0-9]_*.py"), keys)


def exercise_paths(keys: list[str] | None = None) -> list[Path]:
    """Return the source files of the lessons' exercises, in the lessons' order."""
    paths = [SOURCES / "exercises" / path.name for path in lesson_paths(keys)]
    return [path for path in paths if path.exists()]


def appendix_paths(keys: list[str] | None = None) -> list[Path]:
    """Return the source files of the appendices by their names, or only those with the given keys."""
    return _chosen((SOURCES / "appendix").glob("*.py"), keys)


def all_paths(keys: list[str] | None = None) -> list[Path]:
    """Return the source files of lessons, exercises and appendices, or only those with the given keys."""
    return lesson_paths(keys) + exercise_paths(keys) + appendix_paths(keys)


def _chosen(paths, keys):
    return [path for path in sorted(paths) if not keys or key_of(path) in keys]


def name_of(source: Path) -> str:
    """Return "01_toy_gaussians" for a lesson's source, "solutions/01_toy_gaussians" for that of its exercises.

    For an appendix it is "appendix/optimizers".
    """
    return f"solutions/{source.stem}" if _has_solutions(source) else student_name(source)


def stored_path(source: Path) -> Path:
    """Return where the notebook of a source is stored with its outputs: a lesson, solved exercises, an appendix."""
    return NOTEBOOKS / f"{name_of(source)}.ipynb"


def student_name(source: Path) -> str:
    """Return "01_toy_gaussians" for a lesson's source, "exercises/01_toy_gaussians" for that of its exercises.

    For an appendix it is "appendix/optimizers".
    """
    return source.relative_to(SOURCES).with_suffix("").as_posix()


def unsolved_path(source: Path) -> Path:
    """Return where a student finds the exercises of a source: no solution, no output."""
    return NOTEBOOKS / f"{student_name(source)}.ipynb"


def read_lesson(source: Path) -> nbformat.NotebookNode:
    """Return a lesson, an appendix, or exercises with their solutions, as a notebook without outputs.

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


def _is_appendix(source):
    return source.parent.name == "appendix"


def _read(source, without):
    notebook = jupytext.read(source)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata["language_info"] = dict(LANGUAGE)
    notebook.metadata.pop("jupytext", None)  # jupytext.toml says what belongs to what
    for i, cell in enumerate(notebook.cells):
        cell["id"] = f"{key_of(source)}-{i:03d}"  # stable, so that a change of one cell changes one cell
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
