"""A question: what it collects from an answer, as plain values, and how it judges them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from course_utils._settings import wanted_data
from course_utils.questions.engine.data import held
from course_utils.questions.engine.verdict import ERROR, MISTAKE, NOT_YET, PASSED, YOUR_TURN, Verdict

NO_ANSWER = "There is no answer yet."


class Kind(Protocol):
    """What differs between a number, an array, a function, a choice and a model.

    Collected data are a dict of plain values: ``state`` is "value" (and ``value`` holds numbers, arrays, lists and
    dicts of them), "unanswered", "unfit" (``text`` says why) or "raised" (``text`` says what the student's code did).
    """

    def collect(self, answer) -> dict:
        """Return plain data of a student's answer, which stays as it is."""
        ...

    def agree(self, value, other) -> bool:
        """Return whether two plain values are the same answer."""
        ...

    def flaw(self, value, expected) -> str | None:
        """Return which property a plain value lacks, if any."""
        ...

    def difference(self, value, expected) -> str:
        """Return how a value that lacks no property differs from the right one."""
        ...


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that students give.

    Parameters
    ----------
    name : str, in two or three words
    text : str, a sentence that leads on and does not tell the answer
    make : function without arguments that returns the wrong answer: a number, an array, a function, a model
    recognise : predicate on the plain value, where agreement with what `make` returns is too dear or inexact
    """

    name: str
    text: str
    make: Callable[[], Any]
    recognise: Callable[[Any], bool] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Question:
    """One question. The builders of `_kinds` and `_models` make them.

    Attributes
    ----------
    key : str, "02.1"
    title : str, a few words for `progress`
    kind : what is collected and compared
    right : function without arguments that returns a right answer, computed by right code
    hints : two or three, each leads further
    mistakes : tried in this order
    praise : str, a sentence for those who got it: what it means. No figure: it is the same on all data
    accepts : predicate on the plain value, where more than one answer is right; None: only what agrees with `right`
    given : function without arguments that returns what stands in the starter, where that is no ``...``
    also_right : functions without arguments that return other right answers; tests run them
    slow : bool, whether its tests take more than some seconds
    """

    key: str
    title: str
    kind: Kind
    right: Callable[[], Any]
    hints: Sequence[str]
    mistakes: Sequence[Mistake] = ()
    praise: str = ""
    accepts: Callable[[Any], bool] | None = None
    given: Callable[[], Any] | None = None
    also_right: Sequence[Callable[[], Any]] = ()
    slow: bool = False
    _made: dict = field(default_factory=dict, repr=False)

    def collect(self, answer) -> dict:
        """Return plain data of an answer; runs where the student's object lives, and never raises what they raise."""
        with held():
            return self.kind.collect(answer)

    def judge(self, data: dict) -> Verdict:
        """Return the verdict on collected data; no code of a student runs here."""
        with held(), np.errstate(all="ignore"):  # a student's 1e300 is no reason for a warning of ours
            state, mistake, text = self._judge(data)
        return Verdict(self.key, state == PASSED, text, mistake, state)

    def _judge(self, data):
        if data["state"] == "unanswered":
            return YOUR_TURN, None, NO_ANSWER
        if self.given is not None and self._is(data, self.given):
            return YOUR_TURN, None, "This is what was given, unchanged."
        if self._is_right(data):
            return PASSED, None, self.praise
        for mistake in self.mistakes:
            if self._recognises(mistake, data):
                return MISTAKE, mistake.name, mistake.text
        if data["state"] == "raised":
            return ERROR, None, data["text"]
        if data["state"] == "unfit":
            return NOT_YET, None, data["text"]
        expected = None if self.accepts else self._collected(self.right)["value"]
        flaw = self.kind.flaw(data["value"], expected)
        return NOT_YET, None, flaw or self.kind.difference(data["value"], expected)

    def _is_right(self, data):
        if data["state"] != "value":
            return False
        if self.accepts is None:
            return self._is(data, self.right) and not self.kind.flaw(data["value"], None)
        return not self.kind.flaw(data["value"], None) and bool(self.accepts(data["value"]))

    def _recognises(self, mistake, data):
        if mistake.recognise is None:
            return self._is(data, mistake.make)
        try:
            return data["state"] == "value" and bool(mistake.recognise(data["value"]))
        except Exception:  # the predicate met a value of another shape than it is made for: so it is another mistake
            return False

    def _is(self, data, make):
        # whether the data are those of the answer that `make` returns
        other = self._collected(make)
        if data["state"] != "value" or other["state"] != "value":
            return data == other
        return self.kind.agree(data["value"], other["value"])

    def _collected(self, make):
        known = self._made.setdefault(wanted_data(), {})
        if make not in known:
            with held():
                known[make] = self.kind.collect(make())
        return known[make]
