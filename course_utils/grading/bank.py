"""The questions that a class is graded by: the course's, or an instructor's own of the same form."""

import importlib
import re
import sys
import tempfile
from functools import cache
from pathlib import Path

import cloudpickle

from course_utils._errors import CourseError
from course_utils.questions.engine import catalogue
from course_utils.questions.engine.question import Question

_loaded_names: set[str] = set()  # of an instructor's modules


class Bank:
    """Questions by their keys; `sources` are the texts of an instructor's modules, by their names."""

    def __init__(self, sources: dict[str, str] | None = None):
        self.sources = sources or {}
        self._own = _loaded(tuple(sorted(self.sources.items()))) if self.sources else None

    def find(self, key: str) -> Question | None:
        """Return the question of a key; None where there is none. An instructor's own take the place of all others."""
        if self._own is not None:
            return self._own.get(key)
        return catalogue.questions_of(key[:2]).get(key) if key[:2] in catalogue.lessons() else None

    def lessons(self) -> set[str]:
        """Return the numbers of the lessons that have questions."""
        return set(catalogue.lessons()) if self._own is None else {key[:2] for key in self._own}

    def titles(self, lessons: set[str]) -> dict[str, str]:
        """Return the titles of all questions of these lessons by their keys, in order."""
        if self._own is not None:
            return {key: question.title for key, question in self._own.items() if key[:2] in lessons}
        known = [lesson for lesson in catalogue.lessons() if lesson in lessons]
        return {key: question.title for lesson in known for key, question in catalogue.questions_of(lesson).items()}

    def check(self) -> None:
        """Try an instructor's own questions on their own right and wrong answers; CourseError where one fails."""
        for key, question in (self._own or {}).items():
            try:
                verdict = question.judge(question.collect(question.right(), question.edition))
                for mistake in question.mistakes:
                    if mistake.recognise is None:
                        question.collect(mistake.make(), question.edition)
            except Exception as error:
                raise CourseError(f"question {key}: its check raised {type(error).__name__}: {error}.") from error
            if not verdict.passed:
                raise CourseError(f"question {key}: expected its own right answer to pass, got: {verdict.text}")


def read_sources(folder: Path) -> dict[str, str]:
    """Return the modules in a folder of questions; CourseError where it has no lesson."""
    if not folder.is_dir():
        raise CourseError(f"--questions {folder}: expected a folder of questions, found none of this name.")
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
            modules = [_imported(name.removesuffix(".py")) for name, _ in sources]
        finally:
            sys.path.remove(folder)
    for module in modules:
        cloudpickle.register_pickle_by_value(module)  # the sandbox has no such module
    found = {}
    for module in modules:
        if module.__name__.startswith("lesson_"):
            questions = getattr(module, "QUESTIONS", None)
            if not isinstance(questions, tuple | list) or not all(isinstance(q, Question) for q in questions):
                raise CourseError(f"{module.__name__}.py: expected QUESTIONS, a tuple of questions, found none.")
            found |= {question.key: question for question in questions}
    return found


def _imported(name):
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise CourseError(f"{name}.py cannot be imported: {type(error).__name__}: {error}.") from error
