"""Execute notebooks, each in a kernel of its own: one, or many on this machine or on other ones."""

import copy
import math
import os
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import as_completed
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
import psutil
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.output_widget import OutputWidget

from course_utils import _machine
from course_utils._paths import NOTEBOOKS
from course_utils.notebooks import workers
from course_utils.notebooks.kernels import CourseKernels
from course_utils.notebooks.outputs import read_records
from course_utils.notebooks.progress import NotebookProgress

_GIGABYTES = 2  # free memory to have for each notebook that runs beside another; a kernel takes 1.2
_PROBE = "print(__import__('course_utils._machine')._machine.peak_memory_mb())"


@dataclass(frozen=True)
class Outcome:
    """What came of executing a notebook.

    Attributes
    ----------
    notebook : the notebook with its outputs, as far as it was executed
    seconds : how long that took
    peak_memory_mb : the largest memory of its kernel, in MB; None where the kernel died
    error : what went wrong; None where nothing did
    """

    notebook: nbformat.NotebookNode
    seconds: float = 0.0
    peak_memory_mb: int | None = None
    error: str | None = None

    @cached_property
    def _records(self):
        return {record["key"]: record for record in read_records(self.notebook)}

    @property
    def dataset(self) -> str | None:
        """Return the data set of its first figure; None where it checked no figure."""
        return next((record["dataset"] for record in self._records.values()), None)

    @property
    def results(self) -> dict[str, float]:
        """Return the figures that it checked, by their keys in the ledger."""
        return {key: record["value"] for key, record in self._records.items()}

    @property
    def out_of_range(self) -> list[str]:
        """Return the keys of the figures that were not as the ledger expects."""
        return [key for key, record in self._records.items() if record["verdict"] == "OUT OF RANGE"]

    def summary(self) -> dict:
        """Return all that is known of it, without the notebook, as build/run.json has it."""
        names = ("seconds", "peak_memory_mb", "dataset", "results", "out_of_range", "error")
        return {name: getattr(self, name) for name in names}


class _QuietOutputWidget(OutputWidget):
    # nbclient keeps what a slider draws, and would also send it to the kernel, through the socket on which it awaits
    # the end of the cell. That end it may then miss, and wait for ever (nbclient, issue 312).
    def sync_state(self):
        pass


def execute(
    notebook: nbformat.NotebookNode,
    title: str,
    env: dict[str, str],
    *,
    folder: Path = NOTEBOOKS,
    progress: NotebookProgress | None = None,
) -> Outcome:
    """Execute a copy of a notebook; what goes wrong in it is in the outcome, not raised.

    env is added to the kernel's environment; folder is where the kernel works; progress, if any, is told under the
    title how far the notebook is.
    """
    notebook = copy.deepcopy(notebook)
    n_cells = len(notebook.cells)
    started = time.perf_counter()

    def tell(cell, cell_index):
        if progress and cell_index < n_cells:
            progress.at_cell(title, cell_index + 1, n_cells)

    client = NotebookClient(
        notebook,
        timeout=None,  # a slow machine is no failure; CI limits the whole
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        coalesce_streams=True,
        on_cell_execute=tell,
    )
    client.widget_registry["@jupyter-widgets/output"]["OutputModel"] = _QuietOutputWidget
    client.km = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=CourseKernels())
    notebook.cells.append(nbformat.v4.new_code_cell(_PROBE))
    error = None
    if progress:
        progress.begin(title)
    try:
        client.execute(env=os.environ | env)
    except Exception as problem:  # whatever a lesson or its kernel does is that lesson's failure, not the others'
        error = str(problem) or type(problem).__name__
    finally:
        probe = notebook.cells.pop()
        if progress:
            progress.end(title)
    memory = round(float(probe.outputs[0].text)) if probe.outputs else None
    return Outcome(notebook, round(time.perf_counter() - started, 1), memory, error)


def notebooks_at_once() -> int:
    """Return 2 where cores and memory suffice for two kernels, else 1."""
    memory = min(_machine.memory_limit() or math.inf, _machine.memory_available() or math.inf)
    return 2 if _machine.usable_cores() >= 2 and memory >= 2 * _GIGABYTES else 1


def execute_all(
    notebooks: Mapping[str, nbformat.NotebookNode],
    *,
    strict: bool,
    scheduler: str | None = None,
    data: str = "",
    expected: Mapping[str, float | None] | None = None,
) -> Iterator[tuple[str, Outcome]]:
    """Execute notebooks, given by their titles; yield title and outcome of each as soon as it is done.

    Their progress is shown; `expected` holds the seconds that each of them should take, where they are known.

    Here two are executed at a time where the machine suffices; they share the cores, unless the environment already
    says how many threads to use. On the workers of a scheduler each has one thread, and takes `data`, "mnist" or
    "digits". In strict ones a figure out of range is an error.
    """
    at_once = notebooks_at_once()
    shared = _machine.threads(1 if scheduler else _machine.usable_cores() // at_once)
    env = {name: os.environ.get(name, n) for name, n in shared.items()} | {"COURSE_STRICT": "1" if strict else "0"}
    env |= {"COURSE_DATA": data} if scheduler else {}
    seconds = {title: (expected or {}).get(title) for title in notebooks}
    progress = NotebookProgress(seconds, None if scheduler else at_once)
    told = {} if scheduler else {"progress": progress}  # workers elsewhere cannot tell: their ends are seen here
    with workers.threads(at_once, scheduler) as executor, progress:
        titles = {executor.submit(execute, book, title, env, **told): title for title, book in notebooks.items()}
        try:
            for done in as_completed(titles):
                title = titles[done]
                try:
                    outcome = done.result()
                except Exception as error:  # its worker has died, and those that tried after it
                    problem = f"no worker has executed it: {error or type(error).__name__}"
                    outcome = Outcome(notebooks[title], error=problem)
                if scheduler:
                    progress.end(title)
                yield title, outcome
        except BaseException:  # Ctrl-C, above all: the pool would wait for the notebooks' ends
            for waiting in titles:
                waiting.cancel()
            executor.shutdown(wait=False)
            for kernel in psutil.Process().children():
                kernel.kill()
            raise


def table(outcomes: Mapping[str, Outcome]) -> str:
    """Return a row for each notebook: seconds, peak memory, number of results, verdict."""
    lines = [f"{'notebook':<40}{'seconds':>8}{'peak GB':>9}{'results':>9}  verdict"]
    for name, outcome in outcomes.items():
        verdict = "OUT OF RANGE" if outcome.out_of_range else "FAILED" if outcome.error else "ok"
        memory = (outcome.peak_memory_mb or 0) / 1000
        lines.append(f"{name:<40}{outcome.seconds:>8.0f}{memory:>9.2f}{len(outcome.results):>9}  {verdict}")
    return "\n".join(lines)


def report_errors(outcomes: Mapping[str, Outcome]) -> int:
    """Print the error of each notebook that has one; return the command's exit code."""
    failed = {name: outcome.error for name, outcome in outcomes.items() if outcome.error}
    for name, error in failed.items():
        print(f"\n{name} failed:\n{error}", file=sys.stderr)
    return 1 if failed else 0
