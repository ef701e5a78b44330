"""What stored outputs belong to: code, weights, versions of packages, and for each picture the cell that drew it."""

import ast
import hashlib
import json
from importlib import metadata
from pathlib import Path

import nbformat

import course_utils
from course_utils._paths import DATA, PACKAGE, ROOT
from course_utils.environment.lock import read_lock
from course_utils.notebooks import hosted
from course_utils.notebooks.execution import Outcome
from course_utils.notebooks.outputs import PICTURE
from course_utils.notebooks.sources import code_cells

PACKAGES = ("numpy", "scipy", "scikit-learn", "matplotlib", "seaborn", "keras", "tensorflow")


def stored_seconds(stored: Path) -> float | None:
    """Return the seconds that a stored notebook took to execute, on one core; None where there is none yet."""
    if not stored.exists():
        return None
    return nbformat.read(stored, as_version=4).metadata.get("course", {}).get("seconds")


def facts(outcome: Outcome, dataset: str) -> dict:
    """Return what the metadata of a notebook that was just executed here say of it, under "course"."""
    cells = _own_cells(outcome.notebook)
    return {
        "code_sha256": code_sha256(outcome.notebook),
        "dataset": dataset,
        "seconds": round(outcome.seconds),
        "peak_memory_mb": outcome.peak_memory_mb,
        "weights": weights_of(cells),
        "versions": installed_versions(),
        "pictures": pictures_of(cells),
    }


def problems(course: dict, notebook: nbformat.NotebookNode) -> list[str]:
    """Return a sentence for each way in which a notebook's outputs are not those of the course as it is.

    course is what `facts` said when they were stored.
    """
    cells, found = _own_cells(notebook), []
    if course.get("code_sha256") != code_sha256(notebook):
        found.append("the code changed after the outputs were stored: run `make notebooks`")
    found += _other_weights(course.get("weights"), cells)
    return found + _other_versions(course.get("versions")) + _foreign_pictures(course.get("pictures"), cells)


def take_over_outputs(notebook: nbformat.NotebookNode, executed: Path) -> dict | None:
    """Give a notebook the outputs of an executed one, in place, and its widgets' states, if all is as it was.

    Returns what is known about the execution, or None where the outputs have another origin or there is no such file.
    """
    if not executed.exists():
        return None
    found = nbformat.read(executed, as_version=4)
    course = found.metadata.get("course", {})
    if course.get("code_sha256") != code_sha256(notebook) or problems(course, found):
        return None
    for old, new in zip(code_cells(found), code_cells(notebook), strict=True):
        new["outputs"], new["execution_count"] = old["outputs"], old["execution_count"]
    notebook.metadata["widgets"] = found.metadata.get("widgets", {})
    return course


# The code


def code_sha256(notebook: nbformat.NotebookNode) -> str:
    """Return the SHA-256 of the code that stored outputs belong to.

    That is the code of the cells, and of the course's modules that they import, directly or through one another.
    Three things are left out: comments and docstrings, which change no output; the cell for hosted notebooks; and
    the questions, since what they show is compared on every test run.
    """
    cells = [cell.source for cell in _own_cells(notebook)]
    # a semicolon at a cell's end keeps its last value out of the output
    code = [[_shape(ast.parse(cell)), cell.rstrip().endswith(";")] for cell in cells]
    modules = {name: _shape(ast.parse(_file_of(name).read_text("utf-8"))) for name in imported_modules(cells)}
    return hashlib.sha256(json.dumps([code, modules], sort_keys=True).encode()).hexdigest()


def imported_modules(cells: list[str]) -> list[str]:
    """Return the names of the course's modules that code imports, and of those that these import, sorted."""
    found, waiting = set(), [name for cell in cells for name in _imports(ast.parse(cell))]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _imports(ast.parse(_file_of(name).read_text("utf-8")))
    return sorted(found)


def _own_cells(notebook):
    # without the cell for hosted notebooks, which does nothing elsewhere
    return [cell for cell in code_cells(notebook) if hosted.TAG not in cell.metadata.get("tags", [])]


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


# The weights


def weights_of(cells: list[nbformat.NotebookNode]) -> dict[str, str | None]:
    """Return the SHA-256 of each file of weights that code cells load by name; None where the file is missing."""
    calls = [node for cell in cells for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)]
    names = [call.args[0].value for call in calls if getattr(call.func, "id", "") == "load_pretrained"]
    return {path.name: _sha256(path) for path in sorted(DATA / f"weights_{name}.npz" for name in names)}


def _sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


def _other_weights(stored, cells):
    if stored is None:
        return ["it is not known which weights the outputs were made with: run `make notebooks`"]
    now = weights_of(cells)
    changed = sorted(name for name in stored.keys() | now.keys() if stored.get(name) != now.get(name))
    return [f"data/{name} changed after the outputs were stored: run `make notebooks`" for name in changed]


# The packages


def installed_versions() -> dict[str, str | None]:
    """Return the version of each package that lessons calculate and draw with; None for one that is missing."""
    found = {name: _version(name) for name in PACKAGES}
    return found | {"tensorflow": _version("tensorflow-cpu") or found["tensorflow"]}  # its name on this system


def _version(package):
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _other_versions(stored):
    if stored is None:
        return ["it is not known which packages' versions made the outputs: run `make notebooks`"]
    lock = ROOT / "requirements.txt"
    pins = {}  # of one package several, each for some Pythons or systems
    for name, version, _ in read_lock(lock.read_text("utf-8")) if lock.exists() else []:
        pins.setdefault(name.replace("tensorflow-cpu", "tensorflow"), set()).add(version)
    return [
        f"{name} {stored.get(name)} made the outputs, and requirements.txt has {' or '.join(sorted(pins[name]))}: "
        "run `make notebooks`"
        for name in PACKAGES
        if name in pins and stored.get(name) not in pins[name]
    ]


# The pictures


def pictures_of(cells: list[nbformat.NotebookNode]) -> list[list[str]]:
    """Return the SHA-256 of each picture in the outputs, a list for each code cell, in their order."""
    outputs = [[output.get("data", {}) for output in cell.outputs] for cell in cells]
    return [[hashlib.sha256(x[PICTURE].encode()).hexdigest() for x in cell if PICTURE in x] for cell in outputs]


def _foreign_pictures(stored, cells):
    if stored is None:
        return ["it is not known which pictures the cells drew: run `make notebooks`"]
    if len(stored) != len(cells):
        return [f"the pictures of {len(stored)} cells were stored, and there are {len(cells)}: run `make notebooks`"]
    return [
        f"{cell.source.splitlines()[0]}: its picture is not the one that it drew: run `make notebooks`"
        for cell, drawn, found in zip(cells, stored, pictures_of(cells), strict=True)
        if found != drawn
    ]
