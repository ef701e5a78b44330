"""Questions that are answered by a function: it is called with inputs that the student has not seen."""

import copy
import inspect
import linecache
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from course_utils._paths import PACKAGE
from course_utils.questions.engine.values import UnfitError, Values, is_unanswered, kind_of

OURS = (str(PACKAGE / "questions"), str(PACKAGE / "grading"))
NOTHING = (
    "Your function returns nothing: `print` shows a value, `return` hands it over. Is there one on every way through?"
)


@dataclass(frozen=True, eq=False)
class FunctionKind:
    """A function of `arguments` (names, separated by commas), called once for each of `inputs`.

    With `frozen`, arrays that it is given cannot be written to.
    """

    arguments: str
    inputs: Callable[[], Sequence[tuple]]
    returns: Values
    frozen: bool = False

    def collect(self, answer) -> dict:
        """Return what the function returns for copies of all inputs, as plain arrays."""
        if is_unanswered(answer):
            return {"state": "unanswered"}
        if not callable(answer):
            text = f"A function is expected, and this is {kind_of(answer)}. Hand it over by its name, without brackets."
            return {"state": "unfit", "text": text}
        if text := self._misfit(answer):
            return {"state": "unfit", "text": text}
        results = []
        for given in self.inputs():
            try:
                results.append(answer(*self.copied(given)))
            except (Exception, SystemExit) as error:  # the student's, whatever it is; Ctrl-C passes through
                raised = raised_by(error)
                if raised.unanswered:
                    return {"state": "unanswered"}  # it calculates with a ... that is still there
                return {"state": "raised", "text": self._told(raised, given)}
        if all(is_unanswered(result) and result is not None for result in results):  # starters return a ...
            return {"state": "unanswered"}
        return self._read(results)

    def copied(self, given: tuple) -> list:
        """Return copies of one of `inputs`, which nobody may change: they are shared by all answers."""
        given = [_copy(x) for x in given]
        for x in given:
            if self.frozen and isinstance(x, np.ndarray):
                x.flags.writeable = False
        return given

    def _misfit(self, answer):
        # why it cannot be called with these arguments, in a sentence; some functions written in C tell nothing
        try:
            signature = inspect.signature(answer)
            names = self.arguments.split(", ")
        except Exception:
            return None
        try:
            signature.bind(*names)
        except TypeError:
            return f"The function has to take ({self.arguments}); yours takes {signature}."
        return None

    def _read(self, results):
        outputs = []
        for result, given in zip(results, self.inputs(), strict=True):
            try:
                outputs.append(self.returns.read(result))
            except UnfitError as error:
                text = NOTHING if is_unanswered(result) else str(error)
                return {"state": "unfit", "text": f"{text} That is for {self._name(given)}."}
        return {"state": "value", "value": outputs}

    def _told(self, raised, given):
        text = f"It raised {raised.text}{raised.line}\nThat was for {self._name(given)}."
        if self.frozen and "read-only" in raised.text:
            text += "\nWhat is handed over belongs to the caller: write into an array of your own."
        return text

    def _name(self, given):
        return ", ".join(f"{name} = {_shown(x)}" for name, x in zip(self.arguments.split(", "), given, strict=True))

    def agree(self, value, other) -> bool:
        """Return whether two lists of outputs agree, one by one."""
        return len(value) == len(other) and all(map(self.returns.agree, value, other))

    def flaw(self, value, expected) -> str | None:
        """Return the first property that an output lacks, and for which input."""
        for i, (output, given) in enumerate(zip(value, self.inputs(), strict=True)):
            if flaw := self.returns.flaw(output, None if expected is None else expected[i]):
                return f"{flaw} That is what your function returns for {self._name(given)}."
        return None

    def difference(self, value, expected) -> str:
        """Return how the first wrong output differs, and for which input."""
        wrong = [i for i in range(len(value)) if not self.returns.agree(value[i], expected[i])]
        text = self.returns.difference(value[wrong[0]], expected[wrong[0]])
        return f"{text} That is what your function returns for {self._name(self.inputs()[wrong[0]])}."


def _copy(value):
    if "keras" in sys.modules and isinstance(value, sys.modules["keras"].Model):
        copied = sys.modules["keras"].models.clone_model(value)  # a deep copy would lose how its layers are connected
        copied.set_weights(value.get_weights())
        return copied
    return copy.deepcopy(value)


def _shown(value):
    # an input as a student is told of it: small ones in full
    if isinstance(value, np.ndarray):
        if value.size > 12:
            return f"an array of shape {value.shape}"
        return np.array2string(value, precision=4, separator=", ").replace("\n", "")
    if isinstance(value, np.random.Generator):
        return "a generator"
    return repr(value)


@dataclass(eq=False)
class Raised(Exception):  # noqa: N818 - it is a record first
    """What a student's function raised, as a verdict tells it; also raised itself, for one in another process.

    Attributes: ``text``, the exception's type and text; ``line``, a sentence on where, or ""; ``unanswered``, whether
    it calculated with a ... that is still there.
    """

    text: str
    line: str = ""
    unanswered: bool = False


def raised_by(error: BaseException) -> Raised:
    """Return what a verdict tells of an exception."""
    if isinstance(error, Raised):
        return error
    line = _student_line(error)
    where = f"\nIn its line {line[0]}: `{line[1]}`" if line else ""
    return Raised(error_text(error), where, _holds_ellipsis(error))


def error_text(error: BaseException) -> str:
    """Return an exception's type and the first line of its text that says something."""
    try:
        text = re.sub(r"\x1b\[\d*m", "", str(error))  # Keras writes in bold
        text = re.sub(r"\(<ipython-input[^>]*>, line", "(line", text)
    except Exception:  # an exception whose own text raises
        text = ""
    lines = [line.strip() for line in text.split("\n") if line.strip() and not line.startswith("Exception encountered")]
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__


def _frames(error):
    # the student's frame that raised, or from which a library was called, and those below it
    tb = error.__traceback__
    while tb is not None and tb.tb_frame.f_code.co_filename.startswith(OURS):
        tb = tb.tb_next
    return tb


def _holds_ellipsis(error):
    tb = _frames(error)
    left = tb is not None and any(value is Ellipsis for value in tb.tb_frame.f_locals.values())
    return left or (isinstance(error, TypeError) and "ellipsis" in str(error))


def _student_line(error):
    # number and text of the line in the student's function
    tb = _frames(error)
    if tb is None:
        return None
    code = tb.tb_frame.f_code
    line = linecache.getline(code.co_filename, tb.tb_lineno).strip()
    return (tb.tb_lineno - code.co_firstlineno + 1, line) if line else None
