"""What a person sees while a command is at work: lines that move in a terminal, a few plain lines in a log."""

import contextlib
import time
from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Column, Table
from rich.text import Text

_WIDTHS = {"title": 36, "state": 17, "bar": 14}  # with the seconds behind them they fit into 80 columns


class NotebookProgress:
    """A context that shows how far notebooks are, executed one after another or several at a time.

    In a terminal each running notebook has a line with its cell, a bar and its seconds, and a last line shows how many
    are done and how much time is left. In a log a line says that a notebook has started, and another how long it took.
    All of it goes to stderr.

    Parameters
    ----------
    expected : the seconds that each notebook is expected to take, by its title; None where that is not known
    at_once : how many are executed at a time; None where that is not known
    """

    def __init__(self, expected: Mapping[str, float | None], at_once: int | None = 1):
        self._expected = {title: seconds or 0.0 for title, seconds in expected.items()}
        self._at_once = at_once
        self._console = Console(stderr=True, highlight=False)
        self._live, self._open = None, True
        self._running, self._done = {}, set()  # {title: (when it began, its cell, its number of cells)}

    def __enter__(self):
        """Say what begins and how long it should take."""
        n, whole = len(self._expected), sum(self._expected.values())
        opening = f"Executing {n} notebook{'s' * (n != 1)}"
        if self._at_once and n > self._at_once > 1:
            opening += f", {self._at_once} at a time"
        if self._at_once and whole:
            opening += f": {_in_words(max(whole / self._at_once, *self._expected.values()))}"
        self._started = time.monotonic()
        self._print(f"{opening}.")
        if self._console.is_interactive:
            drawn = {"console": self._console, "transient": True, "refresh_per_second": 2}
            self._live = Live(get_renderable=self._lines, **drawn)
            self._live.start()
        return self

    def __exit__(self, *error):
        """Take the moving lines away."""
        self._open = False
        if self._live:
            self._live.stop()

    def begin(self, title: str) -> None:
        """Say that a notebook has started."""
        self._running[title] = (time.monotonic(), 0, 0)
        if not self._live:
            self._print(f"{title}: started")

    def at_cell(self, title: str, cell: int, n_cells: int) -> None:
        """Say which cell of a notebook is executed; the first one is 1."""
        self._running[title] = (self._running[title][0], cell, n_cells)

    def end(self, title: str) -> None:
        """Say that a notebook is done, well or badly."""
        began, *_ = self._running.pop(title, (self._started,))
        self._done.add(title)
        if not self._live:
            seconds = time.monotonic() - began
            self._print(f"{title}: {seconds:.0f} s ({len(self._done)} of {len(self._expected)} done)")

    def _print(self, line):
        if self._open:  # after Ctrl-C nobody wants to know how the kernels end
            self._console.print(line, soft_wrap=True, markup=False)

    def _lines(self):
        # Called at each drawing, in a thread of the display's own
        now = time.monotonic()
        columns = [Column(width=width, no_wrap=True, overflow="ellipsis") for width in _WIDTHS.values()]
        table = Table.grid(*columns, Column(justify="right"), padding=(0, 1))
        running, done = list(self._running.items()), list(self._done)
        for title, (began, cell, n_cells) in running:
            state = f"cell {cell} of {n_cells}" if cell else "starts its kernel"
            table.add_row(Text(title), state, _bar(n_cells, cell - 1), _clock(now - began))
        whole = sum(self._expected.values())
        work = sum(self._expected[title] for title in done)
        work += sum(min(now - began, self._expected[title]) for title, (began, *_) in running)
        left = (whole - work) * (now - self._started) / work if work else 0.0
        state = f"{_clock(left)} left" if left >= 1 else ""
        counted = f"{len(done)} of {len(self._expected)} done"
        table.add_row(counted, state, _bar(whole, work), _clock(now - self._started))
        return table


@contextlib.contextmanager
def waiting(sentence: str) -> Iterator[None]:
    """Print a sentence and, in a terminal, seconds that tick until the block below is done; to stderr."""
    console = Console(stderr=True, highlight=False)
    console.print(sentence, soft_wrap=True, markup=False)
    started = time.monotonic()
    # What else is printed goes its own way: in a process that is forked no thread would pass it on
    drawn = {"console": console, "transient": True, "redirect_stdout": False, "redirect_stderr": False}
    live = Live(get_renderable=lambda: Text(_clock(time.monotonic() - started)), refresh_per_second=2, **drawn)
    with live if console.is_interactive else contextlib.nullcontext():
        yield


def _in_words(seconds):
    n = round(seconds / 60)
    return "less than a minute" if seconds < 45 else "about a minute" if n == 1 else f"about {n} minutes"


def _clock(seconds):
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _bar(total, completed):
    return ProgressBar(max(total, 1), max(completed, 0), width=_WIDTHS["bar"])
