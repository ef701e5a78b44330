"""Lessons and exercises as text: find them, read them as notebooks, and tell whose code their outputs belong to."""

import ast
import hashlib
import json
from pathlib import Path

import jupytext
import nbformat

import course_utils
from course_utils._paths import NOTEBOOKS, PACKAGE, SOURCES
from course_utils.commands import hosted
from course_utils.commands.provenance import problems, provenance

# What other tools read in a notebook: nbconvert's script exporter, an editor's highlighting. The same on every Python.
LANGUAGE = {
    "name": "python",
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}


def lesson_paths(numbers: list[str] | None = None) -> list[Path]:
    """Return the lessons' source files in order, or only those whose number is given ("03")."""
    found = sorted(SOURCES.glob("[0-9][0-9]_*.py"))
    known = [path.name[:2] for path in found]
    for number in numbers or []:
        if number not in known:
            raise ValueError(f"lesson: expected one of {', '.join(known)}, got {number!r}.")
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
    """Replace one line of code; return whether it was there."""
    for cell in code_cells(notebook):
        lines = cell.source.split("\n")
        if line in lines:
            cell.source = "\n".join(new_line if x == line else x for x in lines)
            return True
    return False


def describe_figures(notebook: nbformat.NotebookNode) -> None:
    """Put each cell's text alternative where exporters look for it: at its picture, or at its widget."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for kind in {"image/png", "application/vnd.jupyter.widget-view+json"} & output.get("data", {}).keys():
                if "alt" in cell.metadata:
                    output.metadata.setdefault(kind, {})["alt"] = cell.metadata["alt"]


def facts(notebook: nbformat.NotebookNode, lesson: dict, dataset: str) -> dict:
    """Return what an executed notebook's metadata tell under "course"; lesson is what `execute` returned."""
    return {
        "code_sha256": code_sha256(notebook),
        "dataset": dataset,
        "seconds": round(lesson["seconds"]),
        "peak_memory_mb": lesson["peak_memory_mb"],
        **provenance(_own_cells(notebook)),
    }


def problems_of_origin(course: dict, notebook: nbformat.NotebookNode) -> list[str]:
    """Return a sentence for each way in which a notebook's outputs are not those of the course as it is.

    course is what `facts` told of them: they belong to the code, the weights that it loads, the packages that it ran
    with, and each picture to its cell.
    """
    found = []
    if course.get("code_sha256") != code_sha256(notebook):
        found.append("the code changed after the outputs were stored: run `make notebooks`")
    return found + problems(course, _own_cells(notebook))


def take_over_outputs(notebook: nbformat.NotebookNode, executed: Path) -> dict | None:
    """Give a notebook the outputs of an executed one, if they are those of this very code, and its widgets' states.

    Returns what is known about the execution, or None where they have another origin or there is no such file.
    """
    if not executed.exists():
        return None
    found = nbformat.read(executed, as_version=4)
    course = found.metadata.get("course", {})
    if course.get("code_sha256") != code_sha256(notebook) or problems_of_origin(course, found):
        return None
    for old, new in zip(code_cells(found), code_cells(notebook), strict=True):
        new["outputs"], new["execution_count"] = old["outputs"], old["execution_count"]
    notebook.metadata["widgets"] = found.metadata.get("widgets", {})
    return found.metadata["course"]


def code_sha256(notebook: nbformat.NotebookNode) -> str:
    """Return the SHA-256 of the code that stored outputs belong to.

    That is the code of the cells, and of the course's modules that they import, directly or through one another.
    Comments and docstrings are left aside: they change no output. So are the cell for hosted notebooks, and the
    questions: what they show is compared on every test run.
    """
    cells = [cell.source for cell in _own_cells(notebook)]
    # a semicolon at a cell's end keeps its last value out of the output
    code = [[_shape(ast.parse(cell)), cell.rstrip().endswith(";")] for cell in cells]
    modules = {name: _shape(ast.parse(_file_of(name).read_text("utf-8"))) for name in imported_modules(cells)}
    return hashlib.sha256(json.dumps([code, modules], sort_keys=True).encode()).hexdigest()


def _own_cells(notebook):
    # without the cell for hosted notebooks, which does nothing elsewhere
    return [cell for cell in code_cells(notebook) if hosted.TAG not in cell.metadata.get("tags", [])]


def imported_modules(cells: list[str]) -> list[str]:
    """Return the names of the course's modules that code imports, and of those that these import, sorted."""
    found, waiting = set(), [name for cell in cells for name in _imports(ast.parse(cell))]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _imports(ast.parse(_file_of(name).read_text("utf-8")))
    return sorted(found)


def _imports(tree):
    # Names of course_utils that a syntax tree imports. `from course_utils import PCA` means the module that holds it.
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "course_utils")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "course_utils":
            if node.module != "course_utils":  # which only looks names up
                yield node.module
            for alias in node.names:
                name = course_utils.MODULES.get(alias.name, alias.name) if node.module == "course_utils" else alias.name
                if name != "questions" and _file_of(f"{node.module}.{name}"):
                    yield f"{node.module}.{name}"


def _file_of(module):
    path = PACKAGE.joinpath(*module.split(".")[1:])
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.exists()), None)


def _shape(node):
    # As ast.dump, which differs from one Python to the next; without docstrings, and without what is empty.
    if isinstance(node, list):
        return [_shape(item) for item in node if not _is_text(item)]
    if isinstance(node, ast.AST):
        return [type(node).__name__, {k: _shape(v) for k, v in ast.iter_fields(node) if v not in (None, [])}]
    return repr(node)


def _is_text(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
