"""What `check`, `hint`, `solution` and `progress` do, and what this kernel remembers of it."""

from dataclasses import replace

from course_utils._display import show
from course_utils._settings import is_strict
from course_utils.questions.engine import catalogue
from course_utils.questions.engine.models import ModelKind
from course_utils.questions.engine.portable import refusal
from course_utils.questions.engine.verdict import LOOKS, NOT_YET, YOUR_TURN, Verdict, as_html, box, bundle_of

PROGRESS = "application/vnd.pca-course.progress+json"
_GREY = LOOKS[YOUR_TURN][2]

_verdicts: dict[str, Verdict] = {}  # the last one of each question
_hints_shown: dict[str, int] = {}


def check(key: str, answer, edition: int = 1) -> Verdict:
    """Collect, judge, show and return a verdict; an error of the course itself is reported in one sentence."""
    question = catalogue.find(key)
    try:
        verdict = question.judge(question.collect(answer, edition))
        if verdict.passed and isinstance(question.kind, ModelKind) and (why := refusal(answer)):
            verdict = replace(verdict, text=f"{verdict.text}\nIf this is graded: {why}.")
    except Exception as error:
        if is_strict():
            raise
        text = f"This check failed by itself, and your answer was not judged ({type(error).__name__}: {error})."
        verdict = Verdict(key, text, None, NOT_YET)
    _verdicts[key] = verdict
    more = "" if verdict.passed or verdict.state == YOUR_TURN else f'\n`hint("{key}")` leads on.'
    show(bundle_of(replace(verdict, text=verdict.text + more)))
    return verdict


def hint(key: str) -> None:
    """Show the next hint; the last one again where all were shown."""
    hints = catalogue.find(key).hints
    number = min(_hints_shown.get(key, 0) + 1, len(hints))
    _hints_shown[key] = number
    last = f'\nThat was the last one; `solution("{key}")` shows code.' if number == len(hints) else ""
    text = f"{key}, hint {number} of {len(hints)}: {hints[number - 1]}{last}"
    show({"text/plain": text, "text/html": box(as_html(text), _GREY)})


def solution(key: str) -> None:
    """Show the code of a question's solution."""
    catalogue.find(key)
    code = "\n\n\n".join(catalogue.cells_of(key, "solution"))
    show({"text/plain": code, "text/markdown": f"```python\n{code}\n```"})


def progress(lesson: str | None = None) -> None:
    """Show the points of a lesson, or of all lessons of which a question was checked."""
    begun = [lesson] if lesson is not None else sorted({key[:2] for key in _verdicts})
    if not set(begun) <= set(catalogue.lessons()):
        expected = ", ".join(f'"{number}"' for number in catalogue.lessons())
        raise catalogue.UnknownQuestionError(f"lesson: expected one of {expected}, got {lesson!r}.")
    lines, points, of = [], 0, 0
    for question in (q for number in begun for q in catalogue.questions_of(number).values()):
        verdict = _verdicts.get(question.key)
        point = int(verdict is not None and verdict.passed)
        mark, words = LOOKS[verdict.state][:2] if verdict else (" ", "Not checked yet.")
        lines.append(f"{mark} {question.key} {question.title}: {words} {point} point{'' if point else 's'}")
        points, of = points + point, of + 1
    total = f"{points} of {of} points" if begun else "No question was checked yet."
    rows = "".join(f"<div>{as_html(line)}</div>" for line in lines)
    show(
        {
            "text/plain": "\n".join([*lines, total]),
            "text/html": box(f"{rows}<strong>{total}</strong>", _GREY),
            PROGRESS: {"points": points, "of": of},
        }
    )
