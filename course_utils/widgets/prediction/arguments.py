"""What `predict` is given, checked."""

import difflib
import math
from collections.abc import Mapping, Set
from numbers import Integral, Real

from course_utils._predictions import Prediction
from course_utils._validation import message
from course_utils.results import LEDGER, load_ledger

_CHOICES = "Give two or more numbers, or two or more texts; without choices it asks for a number."


def check_text(name: str, value, hint: str) -> str:
    """Return a text that says something; TypeError or ValueError for anything else."""
    if not isinstance(value, str):
        raise TypeError(message(name, "text", f"{value!r} of type {type(value).__name__}", hint))
    if not value.strip():
        raise ValueError(message(name, "text", "an empty one", hint))
    return value


def check_unit(unit, percent: bool) -> str:
    """Return what stands behind the numbers."""
    if not isinstance(unit, str):
        raise TypeError(message("unit", "text", f"{unit!r} of type {type(unit).__name__}"))
    if unit and percent:
        raise ValueError(message("unit", "none beside percent=True, which has its own", repr(unit)))
    return "%" if percent else unit


def check_choices(choices, unit: str) -> tuple:
    """Return at least two different texts, or numbers, as a tuple; an empty one for None."""
    if choices is None:
        return ()
    if isinstance(choices, str | Mapping | Set) or not hasattr(choices, "__iter__"):  # a set has no order
        got = f"{choices!r} of type {type(choices).__name__}"
        raise TypeError(message("choices", "a list of numbers or of texts", got, _CHOICES))
    choices = tuple(choices)
    if len(choices) < 2:
        raise ValueError(message("choices", "at least two", f"{len(choices)}", _CHOICES))
    if all(isinstance(choice, str) for choice in choices):
        choices = tuple(check_text(f"choices[{i}]", choice, _CHOICES) for i, choice in enumerate(choices))
        if unit:
            raise ValueError(message("unit", "none beside choices of text", repr(unit)))
    else:
        choices = tuple(_number(f"choices[{i}]", choice) for i, choice in enumerate(choices))
    shown = [Prediction("", "", unit=unit).shown(choice) for choice in choices]
    for i, text in enumerate(shown):
        if text in shown[:i]:
            raise ValueError(message(f"choices[{i}]", "one that differs from the others", repr(text), _CHOICES))
    return choices


def check_key(key, is_text: bool) -> str:
    """Return a key of the ledger, or for choices of text one that the ledger does not have."""
    key = check_text("key", key, 'Keys read lesson.subject.quantity: "03.ae_5_epochs.test_mse".')
    known = {name for figures in load_ledger().values() for name in figures}
    if is_text and key in known:
        hint = "check_result measures a number: give numbers as choices, or another key and call came_out."
        raise ValueError(message("key", "one of your own, for choices of text", f"the ledger's {key!r}", hint))
    if not is_text and key not in known:
        close = difflib.get_close_matches(key, known, n=1)
        hint = f"Did you mean {close[0]!r}?" if close else "Add it there, or correct the spelling."
        raise ValueError(message("key", f"a key of {LEDGER.name}, under which check_result measures", repr(key), hint))
    return key


def _number(name, value):
    if isinstance(value, bool) or not isinstance(value, Real):
        got = f"{value!r} of type {type(value).__name__}"
        raise TypeError(message(name, "a number beside numbers, a text beside texts", got, _CHOICES))
    if not math.isfinite(value):
        raise ValueError(message(name, "a finite number", repr(value), _CHOICES))
    return int(value) if isinstance(value, Integral) else float(value)
