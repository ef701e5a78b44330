"""A question: what it collects from an answer, as plain values, and how it judges them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from course_utils.questions.engine.data import held, once
from course_utils.questions.engine.verdict import ERROR, MISTAKE, NOT_YET, PASSED, YOUR_TURN, Verdict

NO_ANSWER = "There is no answer yet."
UNCHANGED = "This is what was given, unchanged."


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
        """Return which property a plain value lacks, if any; `expected` is a right value, None where many are right."""
        ...

    def difference(self, value, expected) -> str:
        """Return how a value that lacks no property differs from the right one."""
        ...


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that students give. It chooses the words, and never decides whether an answer passes.

    Parameters
    ----------
    name : str, two or three words
    text : str, a sentence that leads on without giving the answer away
    make : function without arguments that returns the wrong answer: a number, an array, a function, a model
    recognise : predicate on the plain value, where comparing with what `make` returns is too slow or too strict
    """

    name: str
    text: str
    make: Callable[[], Any]
    recognise: Callable[[Any], bool] | None = None


@dataclass(frozen=True)
class Check:
    """Something that the question's text asks for. An answer passes only if all checks hold.

    Parameters
    ----------
    name, text : as in `Mistake`; shown where the check fails and no mistake is recognised
    holds : predicate on the plain value
    make : function without arguments that returns an answer which fails this check alone, and is otherwise as good
        as a right one; tests run it
    """

    name: str
    text: str
    holds: Callable[[Any], bool]
    make: Callable[[], Any]


@dataclass(frozen=True)
class Remark:
    """Words for a right answer that is not the expected one; fields as in `Mistake`, `recognise` included."""

    name: str
    text: str
    make: Callable[[], Any]
    recognise: Callable[[Any], bool]


@dataclass(frozen=True, kw_only=True, eq=False)
class Question:
    """One question. The functions of `course_utils.questions.authoring` make them.

    Attributes
    ----------
    key : str, "02.1"
    title : str, a few words for `progress`
    kind : what is collected and compared
    right : function without arguments that returns a right answer, computed by right code
    hints : two or three; each leads further
    checks : what an answer must fulfil, where more than one is right; none: it must agree with `right`
    mistakes : tried in this order once an answer has failed
    praise : str, a sentence for those who got it: what it means. No figure, because both data sets share it
    remarks : tried in this order once an answer has passed, in place of `praise`
    given : function without arguments that returns what the starter holds, where that is not ``...``
    also_right : functions without arguments that return right answers found by other methods; tests run them
    edition : int, raised when older copies of the exercise can no longer be judged; `check` is then called with it
    slow : bool, whether its tests take more than a few seconds
    """

    key: str
    title: str
    kind: Kind
    right: Callable[[], Any]
    hints: Sequence[str]
    checks: Sequence[Check] = ()
    mistakes: Sequence[Mistake] = ()
    praise: str = ""
    remarks: Sequence[Remark] = ()
    given: Callable[[], Any] | None = None
    also_right: Sequence[Callable[[], Any]] = ()
    edition: int = 1
    slow: bool = False
    _made: dict = field(default_factory=dict, repr=False)

    def collect(self, answer, edition: int = 1) -> dict:
        """Return plain data of an answer; runs where the student's object lives, and never raises what they raise.

        `edition` is the one of the copy that asks.
        """
        if edition < self.edition:
            return {"state": "older"}
        with held():
            return self.kind.collect(answer)

    def judge(self, data: dict) -> Verdict:
        """Return the verdict on collected data; no code of a student runs here."""
        with held(), np.errstate(all="ignore"):  # a student's 1e300 is no reason for a warning of ours
            state, mistake, text = self._judge(data)
        return Verdict(self.key, text, mistake, state)

    def _judge(self, data):
        if data["state"] == "older":
            return YOUR_TURN, None, self._renew()
        if data["state"] == "unanswered":
            return YOUR_TURN, None, NO_ANSWER
        if self.given is not None and self._is(data, self.given):
            return YOUR_TURN, None, UNCHANGED
        if self._is_right(data):
            remark = next((remark for remark in self.remarks if remark.recognise(data["value"])), None)
            return PASSED, None, remark.text if remark else self.praise
        for mistake in self.mistakes:
            if self._recognises(mistake, data):
                return MISTAKE, mistake.name, mistake.text
        if data["state"] == "raised":
            return ERROR, None, data["text"]
        if data["state"] == "unfit":
            return NOT_YET, None, data["text"]
        return self._what_is_missing(data["value"])

    def _renew(self):
        lesson = self.key[:2]
        return (
            "This copy of the exercise is older than the course, and the question has changed since. Your answer was "
            f"not judged. `make workspace FRESH={lesson}` (or `python -m course_utils workspace --fresh {lesson}`) "
            "makes a new copy and keeps yours."
        )

    def _is_right(self, data):
        if data["state"] != "value" or self.kind.flaw(data["value"], self._expected()):
            return False
        if self.checks:
            return all(check.holds(data["value"]) for check in self.checks)
        return self._is(data, self.right)

    def _expected(self):
        return None if self.checks else self._collected(self.right)["value"]

    def _recognises(self, mistake, data):
        if mistake.recognise is None:
            return self._is(data, mistake.make)
        try:
            return data["state"] == "value" and bool(mistake.recognise(data["value"]))
        except Exception:  # the predicate met a value of another shape than it is made for: so it is another mistake
            return False

    def _what_is_missing(self, value):
        expected = self._expected()
        if flaw := self.kind.flaw(value, expected):
            return NOT_YET, None, flaw
        for check in self.checks:
            if not check.holds(value):
                return MISTAKE, check.name, check.text
        return NOT_YET, None, self.kind.difference(value, expected)

    def _is(self, data, make):
        # whether the data are those of the answer that `make` returns
        other = self._collected(make)
        if data["state"] != "value" or other["state"] != "value":
            return data == other
        return self.kind.agree(data["value"], other["value"])

    def _collected(self, make):
        if make not in self._made:
            self._made[make] = once(lambda: self.collect(make(), self.edition))
        return self._made[make]()
