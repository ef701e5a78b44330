"""The questions that a class is graded by: the course's, or an instructor's own of the same form."""

import hashlib
import importlib
import re
import sys
import tempfile
from functools import cache
from importlib import metadata
from pathlib import Path

import cloudpickle

from course_utils._errors import CourseError
from course_utils._paths import DATA, PACKAGE
from course_utils.questions import _catalogue
from course_utils.questions._question import Question


class Bank:
    """Questions by their keys; `sources` are the texts of an instructor's modules, by their names."""

    def __init__(self, sources: dict[str, str] | None = None):
        self.sources = sources or {}
        self._own = _loaded(tuple(sorted(self.sources.items()))) if self.sources else None

    def find(self, key: str) -> Question | None:
        """Return the question of a key; None where there is none. An instructor's own take the place of all others."""
        if self._own is not None:
            return self._own.get(key)
        return _catalogue.questions_of(key[:2]).get(key) if key[:2] in _catalogue.lessons() else None

    def keys(self, lessons: set[str]) -> list[str]:
        """Return the keys of all questions of these lessons, in order."""
        own = self._own
        if own is not None:
            return [key for key in own if key[:2] in lessons]
        known = [lesson for lesson in _catalogue.lessons() if lesson in lessons]
        return [key for lesson in known for key in _catalogue.questions_of(lesson)]


def read_sources(folder: Path) -> dict[str, str]:
    """Return the modules in a folder of questions; CourseError where it has no lesson."""
    sources = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.py"))}
    if not any(re.fullmatch(r"lesson_\d\d\.py", name) for name in sources):
        raise CourseError(f"{folder}: expected questions in lesson_NN.py (two digits), found none.")
    return sources


@cache
def _loaded(sources):
    for name, _ in sources:
        name = name.removesuffix(".py")
        if name in sys.modules and name not in _loaded_names:
            raise CourseError(f"{name}.py: another module has this name. What to do: rename it, as {name}_own.py, say.")
        _loaded_names.add(name)
        sys.modules.pop(name, None)  # that of other questions, which this process had before
    with tempfile.TemporaryDirectory() as folder:
        for name, text in sources:
            Path(folder, name).write_text(text, encoding="utf-8")
        sys.path.insert(0, folder)
        try:
            modules = [importlib.import_module(name.removesuffix(".py")) for name, _ in sources]
        finally:
            sys.path.remove(folder)
    for module in modules:
        cloudpickle.register_pickle_by_value(module)  # the cage has no such module
    lessons = [module for module in modules if module.__name__.startswith("lesson_")]
    return {question.key: question for module in lessons for question in module.QUESTIONS}


_loaded_names: set[str] = set()


@cache
def version() -> str:
    """Return the first digits of the SHA-256 of the course's Python files and its ledger, and of what they stand on."""
    packages = [metadata.version(name) for name in ("numpy", "keras")]
    digest = hashlib.sha256(repr((sys.version_info[:2], packages)).encode())
    for path in [*sorted(PACKAGE.rglob("*.py")), DATA / "results.toml"]:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]
