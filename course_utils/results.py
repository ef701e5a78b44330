"""The ledger: what a lesson should measure, within what range, and whether it did."""

import math
import tomllib
from functools import cache

from course_utils import _predictions
from course_utils._display import show
from course_utils._machine import peak_memory_mb
from course_utils._paths import DATA
from course_utils._settings import is_strict

LEDGER = DATA / "results.toml"
RESULT = "application/vnd.pca-course.result+json"  # the MIME type of a checked figure in a cell's outputs

_checked: dict[tuple[str, str], dict] = {}  # by data set and key, so that a cell that is run again counts once


class ResultOutOfRangeError(ValueError):
    """A measured figure lies outside its range and ``COURSE_STRICT=1`` asks for an error."""


@cache
def load_ledger() -> dict[str, dict[str, dict]]:
    """Return the ledger as ``{dataset: {key: {"value", "low", "high", "source"}}}``; one entry of a key has "what"."""
    with LEDGER.open("rb") as file:
        return tomllib.load(file)


def check_result(key: str, value: float, dataset: str = "mnist") -> None:
    """Compare a measured figure with the ledger; print what it is, its value, and whether it is as expected.

    In a notebook the same goes into the cell's output as a record that programs read (the type ``RESULT``):
    ``key``, ``dataset``, ``value`` in full, ``expected`` and ``verdict``.

    Parameters
    ----------
    key : str
        ``lesson.subject.quantity``, for example ``"03.ae_5_epochs.val_mse"``.
    value : float
        What was measured, unrounded.
    dataset : str
        ``"mnist"``, ``"digits"`` or ``"gaussians"``: the table of the ledger to look into, ``data.name`` in a lesson.

    Raises
    ------
    ValueError
        No table of the ledger has the key, or the ledger has no table for this data set: a misspelling.
    ResultOutOfRangeError
        Out of range, and the environment variable ``COURSE_STRICT`` is ``1``. Without it nothing stops a
        student who changed a layer.
    """
    row = judge(key, value, dataset)
    _checked[dataset, key] = row
    claim = {
        "ok": f"as expected ({row['expected']})",
        "OUT OF RANGE": f"OUT OF RANGE (expected {row['expected']})",
        "no claim": f"no claim on {dataset}",
    }
    _emit(f"{what_is(key)}: {_number(row['value'])}   {claim[row['verdict']]}", row)
    _predictions.measured(key, row["value"])
    if row["verdict"] == "OUT OF RANGE" and is_strict():
        raise ResultOutOfRangeError(
            f"{key} on {dataset}: expected {row['expected']}, got {row['value']:.6g}. "
            f"Source: {load_ledger()[dataset][key]['source']}. "
            "If the lesson changed on purpose, measure again (`make measure`) and correct data/results.toml."
        )


def judge(key: str, value: float, dataset: str) -> dict:
    """Return key, data set, value, expected range and verdict, as the ledger has it today."""
    ledger = load_ledger()
    if not any(key in table for table in ledger.values()):
        raise ValueError(
            f"check_result: key: expected one of {LEDGER}, got {key!r}. Correct the spelling, or add the key there."
        )
    if dataset not in ledger:
        raise ValueError(
            f"check_result: dataset: expected one of {', '.join(ledger)}, got {dataset!r}. "
            'Pass data.name, or "gaussians" for lesson 1\'s points.'
        )
    value = float(value)
    row = {"key": key, "dataset": dataset, "value": value, "expected": "", "verdict": "no claim"}
    if key in ledger[dataset]:
        low, high = ledger[dataset][key]["low"], ledger[dataset][key]["high"]
        row["expected"] = _range(low, high)
        row["verdict"] = "ok" if low <= value <= high else "OUT OF RANGE"
    return row


def what_is(key: str) -> str:
    """Return in words what a figure of the ledger is; the key itself where the ledger has no words for it."""
    return next((table[key]["what"] for table in load_ledger().values() if "what" in table.get(key, {})), key)


def _emit(text: str, row: dict) -> None:
    # JSON has no NaN and no infinity: these travel as text, which float() reads
    value = row["value"] if math.isfinite(row["value"]) else str(row["value"])
    show({"text/plain": text, RESULT: row | {"value": value}})


def report() -> None:
    """Print every figure checked so far, every prediction asked for, and this kernel's peak memory."""
    rows = [(what_is(row["key"]), row) for row in _checked.values()]
    width = max((len(what) for what, _ in rows), default=6)
    print(f"{'result':<{width}}  {'measured':>9}  {'expected':<20}  verdict")
    for what, row in rows:
        print(f"{what:<{width}}  {_number(row['value']):>9}  {row['expected']:<20}  {row['verdict']}")
    if predictions := _predictions.table():
        print(f"\n{predictions}")
    print(f"\npeak memory of this kernel: {peak_memory_mb() / 1000:.2f} GB")


def _number(value: float) -> str:
    return f"{value:.0f}" if value.is_integer() else f"{value:.4g}"  # counts in full


def _range(low: float, high: float) -> str:
    if math.isinf(low):
        return f"at most {high:g}"
    if math.isinf(high):
        return f"at least {low:g}"
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"
