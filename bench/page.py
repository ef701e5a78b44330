"""What the bench found, in words: lines for a terminal, a table and a chart for the book and README."""

import re
import statistics
from pathlib import Path

from bench import widgets
from bench.rows import ROWS, Ratio, Row
from bench.ways import ROOT
from course_utils._files import write_text

BOOK_PAGE, README = ROOT / "book" / "speed.md", ROOT / "README.md"
_TABLE = re.compile(r"(?<=<!-- bench -->\n).*?(?=<!-- /bench -->)", re.DOTALL)


def lines(row: Row, found: dict) -> list[str]:
    """Return a line for each way of a row, and one for each ratio, for a terminal."""
    width = max(map(len, row.ways.values()))
    said = [f"{name:<{width}}  {_amount(found['ways'][way])}" for way, name in row.ways.items()]
    return said + [
        f"{_quantity(ratio)} / {row.ways[ratio.peer]}: {_ratio(found, ratio)}{_verdict(found, ratio)}"
        for ratio in row.ratios
    ]


def table(found: dict, marked: bool = False) -> str:
    """Return the ratios as a table of markdown; `marked` leaves out those that have no mark."""
    said = ["| work | the course | compared with | ratio | mark |", "| --- | --- | --- | --- | --- |"]
    for row in ROWS:
        if row.name not in found["rows"]:
            continue
        here, work = found["rows"][row.name], row.work
        for ratio in row.ratios:
            if marked and ratio.mark is None:
                continue
            own, peer = (_amount(here["ways"][way], ratio.what) for way in (ratio.way, ratio.peer))
            compared = (
                f"{row.ways[ratio.peer]}: {peer}" if here["ways"][ratio.peer][ratio.what] else row.ways[ratio.peer]
            )
            mark = f"{_verdict(here, ratio).removeprefix(', ')}" or "none"
            said.append(f"| {work} | {own} | {compared} | {_ratio(here, ratio)} | {mark} |")
            work = ""
    return "\n".join(said) + "\n"


def notes(found: dict) -> str:
    """Return what is to be said of the marks that were missed."""
    said = {}
    for row in ROWS:
        for ratio in row.ratios if row.name in found["rows"] else ():
            if ratio.missed and "missed" in _verdict(found["rows"][row.name], ratio):
                said.setdefault(ratio.missed, []).append(f"{row.work}, against {row.ways[ratio.peer]}")
    return "".join(f"- *{'; '.join(compared)}.* {why}\n" for why, compared in said.items())


def write(found: dict, result: Path, store: bool) -> None:
    """Write table and chart beside the result, and with `store` into the book and README."""
    moving = f"\n{widgets.table(found['widgets'])}" if found["widgets"] else ""
    write_text(result.with_suffix(".md"), f"{_measured(found)}\n\n{table(found)}\n{notes(found)}{moving}")
    _draw(found, result.with_suffix(".png"))
    if store:
        page = BOOK_PAGE.read_text("utf-8")
        missed = notes(found)
        below = f"\nMarks that were missed:\n\n{missed}\n" if missed else ""
        write_text(BOOK_PAGE, _TABLE.sub(f"\n{_measured(found)}\n\n{table(found)}{below}{moving}\n", page))
        write_text(README, _TABLE.sub(f"\n{table(found, marked=True)}\n", README.read_text("utf-8")))
        _draw(found, ROOT / "book" / "_static" / "bench.png")


def _measured(found):
    machine = found["machine"]
    dates = sorted({row["date"] for row in found["rows"].values()})
    packages = ", ".join(f"`{name}` {version}" for name, version in machine["packages"].items())
    when = dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"
    cores = "1 core" if machine["cores"] == 1 else f"{machine['cores']} cores"
    return (
        f"Measured {when} on {cores} and {machine['memory_gb']} GB of memory ({machine['system']}), "
        f"Python {machine['python']}, {packages}."
    )


def _amount(taken, what=None):
    if not taken["seconds"]:
        return f"not measured: {taken['why_not']}" if "why_not" in taken else "not measured"
    said = {name: f"{_short(statistics.median(taken[name]))} {unit}" for name, unit in (("seconds", "s"), ("mb", "MB"))}
    return said[what] if what else f"{said['seconds']} ({_spread(taken['seconds'])}), {said['mb']}"


def _spread(values):
    return f"{_short(min(values))} to {_short(max(values))}"


def _short(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.2g}"


def _quantity(ratio):
    return "memory" if ratio.what == "mb" else "time"


def _ratio(found, ratio):
    values = ratios(found, ratio)
    return f"{_short(statistics.median(values))} ({_spread(values)})" if values else "not measured"


def _verdict(found, ratio):
    if ratio.mark is None:
        return ""
    values = ratios(found, ratio)
    kept = "" if not values else ", kept" if statistics.median(values) <= ratio.mark else ", missed"
    return f", at most {ratio.mark:.3g}{kept}"


def ratios(found: dict, ratio: Ratio) -> list[float]:
    """Return the ratio of each round; none where one of the two could not be measured."""
    own, peer = (found["ways"][name][ratio.what] for name in (ratio.way, ratio.peer))
    return [a / b / ratio.per for a, b in zip(own, peer, strict=False)]


def _draw(found, path):
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    from course_utils.plotting import NET_COLOR, set_style

    set_style()
    drawn = [
        (f"{row.work}\n{_quantity(ratio)} / {row.ways[ratio.peer]}", found["rows"][row.name], ratio)
        for row in ROWS
        for ratio in (row.ratios if row.name in found["rows"] else ())
        if ratio.mark is not None and ratios(found["rows"][row.name], ratio)
    ]
    fig, ax = plt.subplots(figsize=(8, 0.8 + 0.5 * len(drawn)))
    for place, (_, row, ratio) in enumerate(reversed(drawn)):
        values = ratios(row, ratio)
        ax.plot([ratio.mark] * 2, [place - 0.3, place + 0.3], color="black", label="mark" if not place else None)
        ax.plot([min(values), max(values)], [place] * 2, color=NET_COLOR, linewidth=1.5)
        ax.plot(statistics.median(values), place, "o", color=NET_COLOR, label="the course" if not place else None)
    ax.set_yticks(range(len(drawn)), [name for name, *_ in reversed(drawn)], fontsize=8)
    ax.set_xscale("log")
    ticks = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.minorticks_off()
    ax.set_xlabel("the course / what it is compared with: further left is better", fontsize=10)
    ax.legend(loc="lower left", fontsize=8)
    fig.savefig(path, dpi=150, bbox_inches="tight", facecolor="white")
    plt.close(fig)
