"""The ledger: what a lesson should measure, within what range, and whether it did."""

import json
import math
import os
import sys
import tomllib
from functools import cache
from pathlib import Path

LEDGER = Path(__file__).resolve().parent.parent / "data" / "results.toml"

_checked: list[dict] = []


class ResultOutOfRangeError(ValueError):
    """A measured figure lies outside its range and ``COURSE_STRICT=1`` asks for an error."""


@cache
def load_ledger() -> dict[str, dict[str, dict]]:
    """Return the ledger as ``{dataset: {key: {"value", "low", "high", "source"}}}``."""
    with LEDGER.open("rb") as file:
        return tomllib.load(file)


def check_result(key: str, value: float, dataset: str = "mnist") -> None:
    """Compare a measured figure with the ledger and print value, expected range and verdict.

    Parameters
    ----------
    key : str
        ``lesson.subject.quantity``, for example ``"03.ae_5_epochs.test_mse"``.
    value : float
        What was measured, unrounded.
    dataset : str
        ``"mnist"``, ``"digits"`` or ``"gaussians"``: the table of the ledger to look into, ``data.name`` in a lesson.

    Raises
    ------
    KeyError
        No table of the ledger has the key: a misspelling.
    ResultOutOfRangeError
        Out of range, and the environment variable ``COURSE_STRICT`` is ``1``. Without it nothing stops a
        student who changed a layer.
    """
    ledger = load_ledger()
    if not any(key in table for table in ledger.values()):
        raise KeyError(f"check_result: {key!r} is not in {LEDGER}. Add it there, or correct the spelling.")
    value = float(value)
    entry = ledger.get(dataset, {}).get(key)
    row = {"key": key, "dataset": dataset, "value": value, "expected": "", "verdict": "no claim"}
    if entry is not None:
        low, high = entry["low"], entry["high"]
        row["expected"] = _range(low, high)
        row["verdict"] = "ok" if low <= value <= high else "OUT OF RANGE"
    _checked.append(row)
    claim = f"expected {row['expected']}: {row['verdict']}" if row["expected"] else f"no claim on {dataset}"
    print(f"{key} = {_number(value)}   {claim}")
    if row["verdict"] == "OUT OF RANGE" and os.environ.get("COURSE_STRICT") == "1":
        raise ResultOutOfRangeError(
            f"{key} on {dataset}: expected {row['expected']}, got {value:.6g}. Source: {entry['source']}. "
            "If the lesson changed on purpose, measure again (`make measure`) and correct data/results.toml."
        )


def report() -> None:
    """Print every figure checked so far and this kernel's peak memory.

    ``make run`` names a file in ``COURSE_REPORT``; the same is then written there as JSON.
    """
    width = max((len(row["key"]) for row in _checked), default=3)
    print(f"{'result':<{width}}  {'measured':>9}  {'expected':<20}  verdict")
    for row in _checked:
        print(f"{row['key']:<{width}}  {_number(row['value']):>9}  {row['expected']:<20}  {row['verdict']}")
    peak = peak_memory_mb()
    print(f"\npeak memory of this kernel: {peak / 1000:.2f} GB")
    if path := os.environ.get("COURSE_REPORT"):
        Path(path).write_text(json.dumps({"results": _checked, "peak_memory_mb": round(peak)}))


def peak_memory_mb() -> float:
    """Return the largest resident memory that this process has had, in MB (10^6 bytes)."""
    if sys.platform == "win32":
        import psutil

        return psutil.Process().memory_info().peak_wset / 1e6
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def _number(value: float) -> str:
    return f"{value:.0f}" if value.is_integer() else f"{value:.4g}"  # counts in full


def _range(low: float, high: float) -> str:
    if math.isinf(low):
        return f"at most {high:g}"
    if math.isinf(high):
        return f"at least {low:g}"
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"
