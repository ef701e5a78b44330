"""Plain values of what a student hands over: numbers, arrays and letters, by copy; and how they are compared."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LIMIT = 2_000_000  # values: no answer is larger, and a copy of all images would take the kernel's memory


class UnfitError(ValueError):
    """An answer is not of the kind that the question asks for; the message is for the student."""


def is_unanswered(value) -> bool:
    """Return whether a value says that there is no answer yet: ``...``, None, or a few of these."""
    if isinstance(value, list | tuple) and 0 < len(value) <= 10:
        return all(item is None or item is Ellipsis for item in value)
    return value is None or value is Ellipsis


def kind_of(value) -> str:
    """Return in words what a value is, without calling anything of its own."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and type {value.dtype}"
    if isinstance(value, list | tuple):
        return f"a {type(value).__name__} of {len(value)}"
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _holds_text(value, depth=64):
    # NumPy would give each number of a list the room of its longest text; deeper than `depth` it takes no list
    if isinstance(value, list | tuple):
        return depth == 0 or any(_holds_text(item, depth - 1) for item in value)
    return isinstance(value, str | bytes)


def plain_array(value) -> np.ndarray:
    """Return numbers in any form as a new float64 array; raise UnfitError where they are not numbers."""
    if isinstance(value, dict | set | frozenset | type) or is_unanswered(value) or _holds_text(value):
        raise UnfitError(f"Numbers are expected, and this is {kind_of(value)}.")
    if isinstance(value, list | tuple | range) and len(value) > LIMIT:  # not even to be copied
        raise UnfitError(f"These are {len(value)} numbers: far more than the answer has.")
    try:
        array = np.asarray(value)
    except Exception as error:  # ragged lists, tensors without values, and whatever an object's own code raises
        rows = "its rows differ in length" if isinstance(value, list | tuple) else "it has no values"
        raise UnfitError(f"Numbers are expected, and this is {kind_of(value)}: {rows}.") from error
    if array.size > LIMIT:
        raise UnfitError(f"The shape is {array.shape}: far more numbers than the answer has.")
    if array.dtype.kind == "b":
        raise UnfitError("Numbers are expected, and this is True or False.")
    if array.dtype.kind not in "iufcO":
        raise UnfitError(f"Numbers are expected, and this is {kind_of(value)}.")
    try:
        if array.dtype.kind == "c":
            if np.any(array.imag != 0):
                raise UnfitError("Some of the numbers are complex.")
            array = array.real
        return np.array(array, dtype=np.float64)
    except Exception as error:  # too large for a float, no number at all, or what an object's own code raises
        text = str(error) if isinstance(error, UnfitError) else f"Numbers are expected, and this is {kind_of(value)}."
        raise UnfitError(text) from error


@dataclass(frozen=True, kw_only=True)
class Values:
    """What numbers have to be like, and when two answers agree.

    Attributes
    ----------
    scalar : bool, one number instead of an array
    rtol, atol : float; two answers agree where they differ by at most atol + rtol times the largest absolute value
    signs : "rows" or "columns" where the sign of each is free, "all" where that of the whole is
    whole : bool, whole numbers only
    low, high : float, limits that every right answer keeps
    orthonormal : "rows" or "columns" where these have length 1 and are orthogonal
    shape : tuple of int that an answer must have; None for that of the right one
    """

    scalar: bool = False
    rtol: float = 1e-4
    atol: float = 0.0
    signs: str | None = None
    whole: bool = False
    low: float = -np.inf
    high: float = np.inf
    orthonormal: str | None = None
    shape: tuple | None = None

    def read(self, value) -> np.ndarray:
        """Return a student's value as plain numbers; raise UnfitError where it has none."""
        array = plain_array(value)
        if self.scalar and array.size == 1:
            return array.reshape(())
        if self.scalar:
            raise UnfitError(f"One number is expected, and this is an array of shape {array.shape}.")
        return array

    def agree(self, a, b) -> bool:
        """Return whether two plain values are the same answer."""
        a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
        if a.shape != b.shape or not np.array_equal(np.isfinite(a), np.isfinite(b)):
            return False
        finite = np.isfinite(b)
        if not finite.all():
            a, b = np.where(finite, a, 0), np.where(finite, b, 0)
        with np.errstate(over="ignore"):
            difference = np.abs(self._aligned(a, b) - b)
        return bool(np.all(difference <= self.atol + self.rtol * np.abs(b).max(initial=0)))

    def _aligned(self, a, b):
        # `a` with the signs of `b`, where signs are free
        if self.signs is None or a.ndim == 0:
            return a
        axis = {"rows": -1, "columns": 0, "all": None}[self.signs]
        scale = max(np.abs(a).max(initial=0), 1e-300)
        return a * np.where(np.sum(a / scale * b, axis=axis, keepdims=True) < 0, -1, 1)

    def flaw(self, value, expected=None) -> str | None:
        """Return the property that a plain value lacks, in a sentence; None where it has all."""
        value = np.asarray(value, np.float64)
        shape = self.shape or (None if expected is None else np.shape(expected))
        it = "It" if self.scalar else "Some of it"
        if shape is not None and value.shape != tuple(shape):
            return f"The shape is wrong: expected {tuple(shape)}, got {value.shape}."
        if not np.isfinite(value).all():
            return f"{it} is not finite: NaN or infinity."
        if self.whole and np.any(value != np.round(value)):
            return f"{it} is not a whole number."
        if np.any(value < self.low) or np.any(value > self.high):
            return f"{it} is not {self._range()}."
        if self.orthonormal and not self._is_orthonormal(value):
            return f"The {self.orthonormal} are not orthonormal: each of length 1, each at right angles to the others."
        return None

    def _range(self):
        if np.isinf(self.high):
            return f"at least {self.low:g}"
        return f"at most {self.high:g}" if np.isinf(self.low) else f"between {self.low:g} and {self.high:g}"

    def _is_orthonormal(self, value):
        rows = value if self.orthonormal == "rows" else value.T
        if value.ndim != 2 or len(rows) > rows.shape[1]:  # too many for right angles, and for memory
            return False
        with np.errstate(all="ignore"):
            return bool(np.allclose(rows @ rows.T, np.eye(len(rows)), atol=1e-3))

    def difference(self, value, expected) -> str:
        """Return how a plain value of the right shape differs from the right one, without telling that one."""
        value, expected = np.asarray(value, np.float64), np.asarray(expected, np.float64)
        with np.errstate(all="ignore"):
            if self.scalar:
                ratio = abs(value / expected) if expected else np.inf
                if 0.1 <= ratio <= 10:
                    return "The number is not right, though it is not far off in size."
                return "The number is not right: it is of another order of magnitude."
            aligned = self._aligned(value, expected)
            scale = np.abs(expected).max(initial=0)
            if np.allclose(aligned, expected, rtol=0, atol=1e-2 * scale):
                return (
                    "It is nearly right: no number is off by more than a hundredth of the largest. Rounding does that, "
                    "to a few digits or to float16; so does a formula that is slightly different."
                )
            if np.sum(expected**2) and np.sum(value**2):
                factor = np.sum(aligned * expected) / np.sum(expected**2)
                if factor and np.allclose(aligned / factor, expected, rtol=0, atol=1e-3 * scale):
                    return "It is right except for one factor, which is the same everywhere."
            shift = aligned - expected
            if np.allclose(shift, shift.mean(), rtol=0, atol=1e-3 * scale):
                return "It is right except for a number that is added everywhere."
            wrong = np.abs(shift) > self.atol + self.rtol * scale
            in_order = np.sort(value, axis=None), np.sort(expected, axis=None)
            if value.size > 1 and np.allclose(*in_order, atol=1e-3 * scale):
                return "The numbers are right, but in another order."
            return f"{np.count_nonzero(wrong)} of its {value.size} numbers are not right."


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
        return self.values.difference(value, expected)


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
        return "It is not the right letter."
