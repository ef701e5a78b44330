"""The house: which module may import which. Arrows lead down, none leads back up, none leads in a circle."""

import ast
import graphlib
from pathlib import Path

import pytest

from course_utils import MODULES
from course_utils._paths import ROOT

PACKAGE = ROOT / "course_utils"
FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
ROOMS = ("widgets", "questions", "notebooks", "book", "hub", "grading", "commands")  # each above the ones before it
TOOLING = ("notebooks", "book", "hub", "grading", "commands", "environment", "__main__")
pytestmark = pytest.mark.check


def imports_of(path: Path, late: bool = True) -> set[str]:
    """Return the course's modules that a file imports; without `late` only those that it imports when it is loaded."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree)) if late else tree.body
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute, here as everywhere"
            below = {f"{node.module}.{alias.name}" for alias in node.names} & FILES.keys()
            found |= below or {node.module}
            if node.module == "course_utils":  # `from course_utils import PCA` means the module that holds it
                found |= {f"course_utils.{MODULES[alias.name]}" for alias in node.names if alias.name in MODULES}
    return {name for name in found if name.startswith("course_utils.")}


def floor(module: str) -> int:
    """Return 0 for what all may use, 1 for the helpers, and 2 to 8 for the rooms above them."""
    room = module.split(".")[1]
    if room in ROOMS:
        return 2 + ROOMS.index(room)
    return 0 if room.startswith("_") else 1


@pytest.mark.parametrize("module", FILES)
def test_no_arrow_leads_up(module):
    """Commands may import grading, this the book, and so on down to the helpers, which import no other helper.

    `environment` stands beside the helpers: it works before anything is installed.
    """
    if module == "course_utils":  # it only looks names up, once Keras is set
        assert imports_of(FILES[module]) == {"course_utils._isolation"}
        return
    for other in imports_of(FILES[module]):
        assert floor(other) <= floor(module), f"{module} imports {other}"
        if floor(module) == 1:
            same_room = other.split(".")[1] == module.split(".")[1]
            assert floor(other) == 0 or same_room, f"{module} imports its sibling {other}"


def private_to(module: str) -> str | None:
    """Return the room that a module is private to by its name, "course_utils.grading" for `grading._walls`."""
    parts = module.split(".")
    places = [i for i, part in enumerate(parts) if part.startswith("_")]
    return ".".join(parts[: places[-1]]) if places else None


@pytest.mark.parametrize("module", FILES)
def test_what_is_private_to_a_room_stays_in_it(module):
    """A name that begins with _ is imported inside its own room alone; those at the top are for all rooms.

    `datasets` is the one door to `_mnist`.
    """
    for other in imports_of(FILES[module]):
        room = private_to(other)
        assert room is None or module.startswith(room), f"{module} imports {other}"
        if other.startswith("course_utils._mnist"):
            assert module.startswith(("course_utils.datasets", "course_utils._mnist")), f"{module} imports {other}"


def test_no_arrow_goes_round():
    """The modules can be put in an order in which each imports only earlier ones, late imports included."""
    list(graphlib.TopologicalSorter({name: imports_of(path) for name, path in FILES.items()}).static_order())


@pytest.mark.parametrize("source", sorted((ROOT / "notebooks" / "source").rglob("*.py")), ids=lambda path: path.stem)
def test_no_lesson_imports_the_tooling(source):
    """What a student runs needs helpers and widgets alone."""
    assert not [name for name in imports_of(source) if name.split(".")[1] in TOOLING]


def test_every_module_is_in_the_package():
    """pyproject.toml names each folder, or a wheel would lack it."""
    import tomllib

    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    folders = {".".join(path.relative_to(ROOT).parent.parts) for path in FILES.values()}
    at_the_top = {"course_utils.data", "course_utils.exercises"}  # data/ and notebooks/source/exercises/
    assert sorted(packages) == sorted(folders | at_the_top)
