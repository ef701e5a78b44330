"""Where the questions are: a package for each lesson, and their starters and solutions in the exercises' sources."""

import difflib
import importlib
import re
from functools import cache
from pathlib import Path

from course_utils._errors import CourseError
from course_utils._paths import PACKAGE, SOURCES
from course_utils.questions.engine.question import Question

# A wheel has the sources inside, as it has data/
EXERCISES = PACKAGE / "exercises" if (PACKAGE / "exercises").is_dir() else SOURCES / "exercises"
CELL = re.compile(r"^# %%(?P<head>[^\n]*)\n", re.MULTILINE)


class UnknownQuestionError(CourseError, LookupError):
    """There is no question of this key."""


def lessons() -> list[str]:
    """Return the numbers of the lessons that have questions: "01", "02", ..."""
    return sorted(path.name.removeprefix("lesson_") for path in (PACKAGE / "questions").glob("lesson_[0-9][0-9]"))


@cache
def questions_of(lesson: str) -> dict[str, Question]:
    """Return a lesson's questions by their keys, in order."""
    module = importlib.import_module(f"course_utils.questions.lesson_{lesson}")
    return {question.key: question for question in module.QUESTIONS}


def find(key: str) -> Question:
    """Return the question of a key; UnknownQuestionError where there is none."""
    lesson = key[:2] if isinstance(key, str) else ""
    if lesson in lessons() and key in questions_of(lesson):
        return questions_of(lesson)[key]
    known = list(questions_of(lesson)) if lesson in lessons() else [k for n in lessons() for k in questions_of(n)]
    near = difflib.get_close_matches(str(key), known, n=3, cutoff=0.3) or known[:3]
    listed = ", ".join(f'"{k}"' for k in near)
    raise UnknownQuestionError(f"There is no question {key!r}. Near it: {listed}. A key is text, as in {listed[:6]}.")


def cells(path: Path) -> list[tuple[str, str]]:
    """Return (what stands behind `# %%`, source) for each cell of a text in the percent format."""
    text = path.read_text(encoding="utf-8")
    heads = list(CELL.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return [(head["head"].strip(), text[head.end() : end].strip()) for head, end in zip(heads, ends, strict=True)]


def cells_of(key: str, tag: str) -> list[str]:
    """Return the code of a question's cells with this tag ("starter", "solution"), in order."""
    return [
        source
        for path in sorted(EXERCISES.glob(f"{key[:2]}_*.py"))
        for head, source in cells(path)
        if f'"{tag}"' in head and f'question="{key}"' in head and not head.startswith("[markdown]")
    ]
