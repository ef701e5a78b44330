"""What a student predicts, and what comes out: asked by a widget, measured by a cell, listed by a lesson's report."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from course_utils._display import show

PREDICTION = "application/vnd.pca-course.prediction+json"  # the MIME type of a record in a cell's outputs

_asked: dict[str, "Prediction"] = {}  # by key, in the order of the lesson


@dataclass
class Prediction:
    """A question, and what this kernel knows of its answer; the answer plays no part in whether two are equal."""

    key: str
    question: str
    choices: tuple = ()  # all text, or all numbers, or none: any number will do
    unit: str = ""
    scale: float = 1  # from the measured figure's unit to this one
    answer: str | float | None = field(default=None, compare=False)  # as it stands
    said: str | float | None = field(default=None, compare=False)  # as it stood when the outcome was measured
    outcome: str | float | None = field(default=None, compare=False)
    when_measured: Callable[[], None] = field(default=lambda: None, compare=False)  # tells the widget

    def shown(self, value: str | float | None) -> str:
        """Return an answer or an outcome as text, with its unit."""
        if value is None or isinstance(value, str):
            return value or "-"
        return f"{_number(value)} {self.unit}".rstrip()


def asked(prediction: Prediction) -> Prediction:
    """Add a question to the list and return it; one that was asked before keeps its answer."""
    if _asked.get(prediction.key) != prediction:
        _asked[prediction.key] = prediction
    return _asked[prediction.key]


def find(key: str) -> Prediction | None:
    """Return the question of this key, or None where there is none."""
    return _asked.get(key)


def measured(key: str, outcome: str | float) -> None:
    """Keep the outcome of a question; where it was answered, show both and leave a record of them.

    The answer counts as it stands when the outcome is shown for the first time, not as it is changed later.
    """
    prediction = _asked.get(key)
    if prediction is None:
        return
    prediction.outcome = outcome if isinstance(outcome, str) else outcome * prediction.scale
    if prediction.said is None:
        if prediction.answer is None:
            return
        prediction.said = prediction.answer
        prediction.when_measured()
    record = {name: getattr(prediction, name) for name in ("key", "question", "unit", "said", "outcome")}
    if isinstance(prediction.outcome, float) and not math.isfinite(prediction.outcome):
        record["outcome"] = str(prediction.outcome)  # JSON has no NaN and no infinity
    show({"text/plain": _beside(prediction), PREDICTION: record | {"choices": list(prediction.choices)}})


def said(key: str) -> float | None:
    """Return the number predicted for a figure, in the figure's own unit; None where there is none."""
    prediction = _asked.get(key)
    if prediction is None or not isinstance(prediction.answer, int | float):
        return None
    return prediction.answer / prediction.scale


def rows() -> tuple[tuple, list[tuple]] | None:
    """Return the titles and a row for each question: asked, said, came out; None where none was asked."""
    found = [(p.question, p.shown(p.said), p.shown(p.outcome)) for p in _asked.values()]
    return (("prediction", "you said", "came out"), found) if found else None


def table() -> str:
    """Return the rows as text, "" where none was asked."""
    if not (found := rows()):
        return ""
    lines = [found[0], *found[1]]
    first, second = (max(len(line[i]) for line in lines) for i in (0, 1))
    return "\n".join(f"{question:<{first}}  {said:<{second}}  {out}" for question, said, out in lines)


def _beside(prediction):
    said, outcome = prediction.said, prediction.outcome
    text, right = f"you said {prediction.shown(said)}", "and so it came out"
    if isinstance(outcome, str):  # no line of a figure stands above it
        text = f"{prediction.question} - {text}"
        return f"{text}, {right}" if said == outcome else f"{text}; it came out as {outcome}"
    if not math.isfinite(outcome):
        return text
    if prediction.choices:
        nearest = min(prediction.choices, key=lambda choice: abs(choice - outcome))
        if abs(said - outcome) <= abs(nearest - outcome):
            return f"{text}, the nearest of the choices"
        return f"{text}; the nearest of the choices is {prediction.shown(nearest)}"
    if prediction.shown(said) == prediction.shown(outcome):
        return f"{text}, {right}"
    return f"{text}, {_number(abs(said - outcome))} too {'high' if said > outcome else 'low'}"


def _number(value):
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.4g}"  # counts in full
