"""What a person sees while a command is at work: lines that move in a terminal, a few plain lines in a log."""

import contextlib
import time
from collections.abc import Iterator, Mapping

from rich.console import Console, Group
from rich.control import Control
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.segment import ControlType
from rich.table import Column, Table
from rich.text import Text

_WIDTHS = {"title": 36, "state": 17, "bar": 14}  # with the seconds behind them they fit into 80 columns


class Progress:
    """A context that shows how many notebooks are done.

    In a terminal a sentence is followed by a line that moves: how many are done, the time left, a bar and the seconds.
    In a log the sentence is followed by a line for each notebook that is done. All of it goes to stderr.

    Parameters
    ----------
    opening : the sentence
    n : how many notebooks there are
    n_before : how many of them were done before
    in_log : whether a log gets any line; if not, there is only what moves in a terminal, below the sentence
    """

    def __init__(self, opening: str, n: int, n_before: int = 0, *, in_log: bool = True):
        self._opening, self._n, self._n_before, self._in_log = opening, n, n_before, in_log
        self._console = Console(stderr=True, highlight=False)
        self._live, self._open = None, True
        self._ends = []  # when each notebook was done

    def __enter__(self):
        """Say what begins."""
        self._started = time.monotonic()
        if self._console.is_interactive or self._in_log:
            self._print(self._opening)
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

    def advance(self) -> None:
        """Say that one more notebook is done, well or badly."""
        self._ends.append(time.monotonic())
        self._log(f"{self._n_before + len(self._ends)} of {self._n} notebooks")

    def _log(self, line):
        if self._in_log and not self._live:
            self._print(line)

    def _print(self, line):
        if self._open:  # after Ctrl-C nobody wants to know how the kernels end
            self._console.print(line, soft_wrap=not self._console.is_terminal, markup=False)

    def _lines(self):
        # Called at each drawing, in a thread of the display's own
        now = time.monotonic()
        columns = [Column(width=width, no_wrap=True, overflow="ellipsis") for width in _WIDTHS.values()]
        table = Table.grid(*columns, Column(justify="right"), padding=(0, 1))
        for row in self._rows(now):
            table.add_row(*row)
        work, whole, left = self._estimate(now)
        state = f"{_clock(left)} left" if left >= 1 else ""
        counted = f"{self._n_before + len(self._ends)} of {self._n} done"
        bar = _bar(self._n_before + whole, self._n_before + work)
        table.add_row(counted, state, bar, _clock(now - self._started))
        return table

    def _rows(self, now):
        # above the last line
        return []

    def _estimate(self, now):
        # How much is done since the beginning, how much there was to do, and the seconds that are left: here from the
        # notebooks that have ended, unless the next one takes longer than all of them
        n_done, whole = len(self._ends), self._n - self._n_before
        if not n_done:
            return 0, whole, 0.0
        seconds = self._ends[n_done - 1] - self._started
        since = now - self._started - seconds
        if since >= seconds:
            return min(n_done + 1, whole), whole, 0.0
        work = min(n_done + min(since * n_done / seconds, 1), whole)
        return work, whole, (whole - work) * seconds / n_done


class NotebookProgress(Progress):
    """A context that shows how far notebooks are, executed one after another or several at a time.

    In a terminal each running notebook has a line with its cell, a bar and its seconds, above that of all.
    In a log a line says that a notebook has started, and another how long it took.

    Parameters
    ----------
    expected : the seconds that each notebook is expected to take, by its title; None where that is not known
    at_once : how many are executed at a time; None where that is not known
    """

    def __init__(self, expected: Mapping[str, float | None], at_once: int | None = 1):
        self._expected = {title: seconds or 0.0 for title, seconds in expected.items()}
        self._running, self._done = {}, set()  # {title: (when it began, its cell, its number of cells)}
        n, whole = len(self._expected), sum(self._expected.values())
        opening = f"Executing {n} notebook{'s' * (n != 1)}"
        if at_once and n > at_once > 1:
            opening += f", {at_once} at a time"
        if at_once and whole:
            opening += f": {_in_words(max(whole / at_once, *self._expected.values()))}"
        super().__init__(f"{opening}.", n)

    def begin(self, title: str) -> None:
        """Say that a notebook has started."""
        self._running[title] = (time.monotonic(), 0, 0)
        self._log(f"{title}: started")

    def at_cell(self, title: str, cell: int, n_cells: int) -> None:
        """Say which cell of a notebook is executed; the first one is 1."""
        self._running[title] = (self._running[title][0], cell, n_cells)

    def end(self, title: str) -> None:
        """Say that a notebook is done, well or badly."""
        began, *_ = self._running.pop(title, (self._started,))
        self._done.add(title)
        self._ends.append(time.monotonic())
        self._log(f"{title}: {self._ends[-1] - began:.0f} s ({len(self._ends)} of {self._n} done)")

    def _rows(self, now):
        for title, (began, cell, n_cells) in list(self._running.items()):
            state = f"cell {cell} of {n_cells}" if cell else "starts its kernel"
            yield Text(title), state, _bar(n_cells, cell - 1), _clock(now - began)

    def _estimate(self, now):
        # from the seconds that notebooks should take, where they are known
        whole = sum(self._expected.values())
        if not whole:
            return super()._estimate(now)
        work = sum(self._expected[title] for title in list(self._done))
        work += sum(min(now - began, self._expected[title]) for title, (began, *_) in list(self._running.items()))
        return work, whole, (whole - work) * (now - self._started) / work if work else 0.0


@contextlib.contextmanager
def waiting(sentence: str) -> Iterator[None]:
    """Print a sentence and, in a terminal, seconds that tick until the block below is done; to stderr."""
    console = Console(stderr=True, highlight=False)
    console.print(sentence, soft_wrap=True, markup=False)
    started = time.monotonic()
    # What else is printed goes its own way: in a process that is forked no thread would pass it on
    drawn = {"console": console, "transient": True, "redirect_stdout": False, "redirect_stderr": False}
    live = Live(get_renderable=lambda: _covered(_clock(time.monotonic() - started)), refresh_per_second=2, **drawn)
    with live if console.is_interactive else contextlib.nullcontext():
        yield


def _covered(clock):
    # a clock with the cursor on it, so that a warning stands in its place and not behind it
    return Group(Text(clock, end=""), Control(ControlType.CARRIAGE_RETURN))


def _in_words(seconds):
    n = round(seconds / 60)
    return "less than a minute" if seconds < 45 else "about a minute" if n == 1 else f"about {n} minutes"


def _clock(seconds):
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _bar(total, completed):
    return ProgressBar(max(total, 1), max(completed, 0), width=_WIDTHS["bar"])
