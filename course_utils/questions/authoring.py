"""The builders: `number`, `array`, `function` and `choice`; `model` is in `_models`."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields

from course_utils.questions.engine.functions import FunctionKind
from course_utils.questions.engine.question import Mistake, Question
from course_utils.questions.engine.values import UnfitError, Values, is_unanswered, kind_of

_OF_VALUES = {field.name for field in fields(Values)}


@dataclass(frozen=True, eq=False)
class ValueKind:
    """A number or an array."""

    values: Values

    def collect(self, answer) -> dict:
        """Return the number or the array as a plain one."""
        if is_unanswered(answer):
            return {"state": "unanswered"}
        try:
            return {"state": "value", "value": self.values.read(answer)}
        except UnfitError as error:
            return {"state": "unfit", "text": str(error)}

    def agree(self, value, other) -> bool:
        """Return whether both are the same within the tolerance, and up to free signs."""
        return self.values.agree(value, other)

    def flaw(self, value, expected) -> str | None:
        """Return the property that is missing: shape, finite, whole, range, orthonormal."""
        return self.values.flaw(value, expected)

    def difference(self, value, expected) -> str:
        """Return whether a factor, a shift or the order is wrong, or how much of it is."""
        return "It is not good enough yet." if expected is None else self.values.difference(value, expected)


@dataclass(frozen=True, eq=False)
class ChoiceKind:
    """One letter among a few."""

    letters: Sequence[str]

    def collect(self, answer) -> dict:
        """Return the letter; case, spaces, brackets, and what follows a bracket or a dot do not matter."""
        if is_unanswered(answer):
            return {"state": "unanswered"}
        found = re.match(r"[\s(\[]*([a-z])\s*([)\].:]|$)", answer.lower()) if isinstance(answer, str) else None
        if found and found[1] in self.letters:
            return {"state": "value", "value": found[1]}
        got = f"{answer[:20]!r}" if isinstance(answer, str) else kind_of(answer)
        listed = ", ".join(f'"{letter}"' for letter in self.letters)
        return {"state": "unfit", "text": f"One of {listed} is expected, and this is {got}."}

    def agree(self, value, other) -> bool:
        """Return whether both are one letter."""
        return value == other

    def flaw(self, value, expected) -> str | None:
        """Return None: a letter lacks nothing."""
        return None

    def difference(self, value, expected) -> str:
        """Return the sentence for a wrong letter that has none of its own."""
        return "It is another one."


def number(key: str, title: str, *, right: Callable[[], float], hints: Sequence[str], **more) -> Question:
    """Return a question whose answer is one number.

    Parameters
    ----------
    key, title, right, hints : as in `Question`; `right` computes the number
    more : any other field of `Question` (`mistakes`, `praise`, `accepts`, `also_right`, `slow`)
        and of `Values` (`rtol` = 1e-4, `atol`, `whole`, `low`, `high`)
    """
    values, more = _parted(more)
    return Question(
        key=key, title=title, kind=ValueKind(Values(scalar=True, **values)), right=right, hints=hints, **more
    )


def array(key: str, title: str, *, right: Callable, hints: Sequence[str], **more) -> Question:
    """Return a question whose answer is an array; as `number`, and `signs`, `orthonormal`, `shape` of `Values`."""
    values, more = _parted(more)
    kind = ValueKind(Values(**values))
    return Question(key=key, title=title, kind=kind, right=right, hints=hints, **more)


def function(
    key: str,
    title: str,
    *,
    arguments: str,
    inputs: Callable[[], Sequence[tuple]],
    right: Callable[[], Callable],
    hints: Sequence[str],
    **more,
) -> Question:
    """Return a question whose answer is a function.

    Parameters
    ----------
    arguments : str, the names of its arguments, separated by ", "
    inputs : function without arguments that returns a list of tuples of arguments, the same at each call
    right : function without arguments that returns a right function
    more : as for `array`; fields of `Values` say what the function returns (`scalar=True`: a number)
    """
    values, more = _parted(more)
    kind = FunctionKind(arguments, inputs, Values(**values))
    return Question(key=key, title=title, kind=kind, right=right, hints=hints, **more)


def choice(key: str, title: str, *, right: str, wrong: Mapping[str, str], hints: Sequence[str], **more) -> Question:
    """Return a question that is answered by a letter; `wrong` has a sentence for each other letter."""
    mistakes = [Mistake(f"option {letter}", text, lambda letter=letter: letter) for letter, text in wrong.items()]
    kind = ChoiceKind(tuple(sorted([right, *wrong])))
    return Question(key=key, title=title, kind=kind, right=lambda: right, hints=hints, mistakes=mistakes, **more)


def rounded(right: Callable[[], float]) -> Mistake:
    """Return the mistake of whoever types the right number with too few digits, two to four of them."""

    def recognise(value):
        return any(float(value) == float(f"{right():.{n}g}") for n in (2, 3, 4))

    text = "Right as far as its digits go, but others would round to the same: hand it over as it comes out, unrounded."
    return Mistake("rounded", text, lambda: float(f"{right():.2g}"), recognise)


def _parted(more):
    return (
        {name: value for name, value in more.items() if name in _OF_VALUES},
        {name: value for name, value in more.items() if name not in _OF_VALUES},
    )
