"""The ledger: what a lesson should measure, within what range, and whether it did."""

import math
import tomllib
from functools import cache
from html import escape

from course_utils import _predictions
from course_utils._display import show
from course_utils._machine import peak_memory_mb
from course_utils._paths import DATA
from course_utils._settings import is_strict

LEDGER = DATA / "results.toml"
RESULT = "application/vnd.pca-course.result+json"  # the MIME type of a checked figure in a cell's outputs

LIST = '<ul class="course-results" style="margin:0;padding:0;font-size:.93em">{}</ul>'  # of lines, one for each figure
_LINE = "display:flex;flex-wrap:wrap;align-items:center;gap:0 .8em;margin:0;padding:.15em .7em;list-style:none;"
_MARKS = {  # mark, colour, ground
    "ok": ("✓", "#2f855a", "transparent"),
    "OUT OF RANGE": ("✗", "#c53030", "rgb(197 48 48 / 16%)"),
    "no claim": ("·", "#8a8a8a", "transparent"),
}

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
    text = f"{what_is(key)}: {_number(row['value'])}   {_claim(row)}"
    # JSON has no NaN and no infinity: these travel as text, which float() reads
    record = row | {"value": row["value"] if math.isfinite(row["value"]) else str(row["value"])}
    show({"text/plain": text, "text/html": LIST.format(_line(row)), RESULT: record})
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


def report() -> None:
    """Show every figure checked so far, every prediction asked for, and this kernel's peak memory."""
    heads = ("result", "measured", "expected", "verdict")
    rows = [(what_is(row["key"]), _number(row["value"]), row["expected"], row["verdict"]) for row in _checked.values()]
    width = max((len(what) for what, *_ in rows), default=6)
    lines = [
        f"{what:<{width}}  {value:>9}  {expected:<20}  {verdict}" for what, value, expected, verdict in (heads, *rows)
    ]
    text, html = "\n".join(lines), _table(heads, rows)
    if predictions := _predictions.rows():
        text += f"\n\n{_predictions.table()}"
        html += _table(*predictions)
    memory = f"peak memory of this kernel: {peak_memory_mb() / 1000:.2f} GB"
    show({"text/plain": f"{text}\n\n{memory}", "text/html": f"{html}<p>{memory}</p>"})


def _claim(row):
    return {
        "ok": f"as expected ({row['expected']})",
        "OUT OF RANGE": f"OUT OF RANGE (expected {row['expected']})",
        "no claim": f"no claim on {row['dataset']}",
    }[row["verdict"]]


def _line(row):
    mark, colour, ground = _MARKS[row["verdict"]]
    style = f"{_LINE}border-left:4px solid {colour};background:{ground}"
    weight = ' style="font-weight:700"' if row["verdict"] == "OUT OF RANGE" else ""
    return (
        f'<li data-verdict="{row["verdict"]}" style="{style}">'
        f'<span aria-hidden="true" style="font-weight:700">{mark}</span> '
        f'<span style="flex:1 1 12em">{escape(what_is(row["key"]))}</span> <strong>{_number(row["value"])}</strong>'
        f"{_bar(row)} <span{weight}>{escape(_claim(row))}</span></li>"
    )


def _bar(row):
    """Return a drawing of the accepted range, a stroke at the value and a ring at the prediction, "" for a count."""
    entry = load_ledger()[row["dataset"]].get(row["key"], {"low": math.nan, "high": math.nan})
    low, high, value = entry["low"], entry["high"], row["value"]
    if not math.isfinite(value) or low == high or math.isnan(low):
        return ""
    ends = [end for end in (low, high) if math.isfinite(end)]
    span = high - low if len(ends) == 2 else max(abs(value - ends[0]), abs(ends[0]) / 10, 1e-12)
    left, right = min(ends) - span / 2, max(ends) + span / 2  # of a range without an end: as far as the value, and on
    if len(ends) == 1:
        left, right = (left, right + span) if math.isinf(high) else (left - span, right)

    def x(number):  # what lies outside is drawn at the edge
        return 5 + 110 * min(1.0, max(0.0, (number - left) / (right - left)))

    start, end = x(max(low, left)), x(min(high, right))
    colour = _MARKS[row["verdict"]][1]
    said = _predictions.said(row["key"])
    ring = f'<circle cx="{x(said):.1f}" cy="8" r="4" fill="none" stroke="currentColor"/>' if said is not None else ""
    return (
        '<svg width="120" height="16" viewBox="0 0 120 16" aria-hidden="true" style="flex:none">'
        '<path d="M5 8H115" stroke="currentColor" stroke-opacity=".35"/>'
        f'<rect x="{start:.1f}" y="4" width="{end - start:.1f}" height="8" rx="2" fill="{colour}" fill-opacity=".35"/>'
        f'{ring}<path d="M{x(value):.1f} 1V15" stroke="currentColor" stroke-width="2.5"/></svg>'
    )


def _table(heads, rows):
    head = "".join(f'<th scope="col" style="text-align:left">{escape(title)}</th>' for title in heads)
    body = "".join(
        f'<tr data-verdict="{escape(row[-1])}">'
        + "".join(f'<td style="text-align:left">{escape(cell)}</td>' for cell in row)
        + "</tr>"
        for row in rows
    )
    return f'<table class="course-report"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _number(value: float) -> str:
    return f"{value:.0f}" if value.is_integer() else f"{value:.4g}"  # counts in full


def _range(low: float, high: float) -> str:
    if math.isinf(low):
        return f"at most {high:g}"
    if math.isinf(high):
        return f"at least {low:g}"
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"
