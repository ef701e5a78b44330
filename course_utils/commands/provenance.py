"""What stored outputs belong to besides their code: the weights loaded, the packages' versions, the pictures drawn."""

import ast
import hashlib
from importlib import metadata

import nbformat

from course_utils._paths import DATA, ROOT
from course_utils.commands.doctor import read_lock

PACKAGES = ("numpy", "scipy", "scikit-learn", "matplotlib", "seaborn", "keras", "tensorflow")
PICTURE = "image/png"


def provenance(cells: list[nbformat.NotebookNode]) -> dict:
    """Return what is to be stored of code cells that were just executed here: weights, versions, pictures."""
    return {"weights": weights_of(cells), "versions": installed_versions(), "pictures": pictures_of(cells)}


def problems(course: dict, cells: list[nbformat.NotebookNode]) -> list[str]:
    """Return a sentence for each way in which stored outputs are not of today's weights, versions and cells.

    course is what was stored with them; cells are the code cells with the stored outputs.
    """
    found = []
    stored, now = course.get("weights"), weights_of(cells)
    if stored is None:
        found.append("it is not known which weights the outputs were made with: run `make notebooks`")
    else:
        changed = sorted(name for name in stored.keys() | now.keys() if stored.get(name) != now.get(name))
        found += [f"data/{name} changed after the outputs were stored: run `make notebooks`" for name in changed]
    return found + _other_versions(course.get("versions")) + _foreign_pictures(course.get("pictures"), cells)


def weights_of(cells: list[nbformat.NotebookNode]) -> dict[str, str | None]:
    """Return the SHA-256 of each file of weights that code cells load by name; None where the file is missing."""
    calls = [node for cell in cells for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)]
    names = [call.args[0].value for call in calls if getattr(call.func, "id", "") == "load_pretrained"]
    return {path.name: _sha256(path) for path in sorted(DATA / f"weights_{name}.npz" for name in names)}


def _sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


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
