"""Execute notebooks, one or two at a time, with a progress line; read what they measured from their outputs."""

import math
import os
import shutil
import sys
import time
from collections.abc import Iterator
from concurrent.futures import as_completed
from pathlib import Path

import nbformat
import psutil
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.output_widget import OutputWidget

from course_utils import _machine
from course_utils._paths import NOTEBOOKS
from course_utils.commands import executors
from course_utils.commands.kernels import CourseKernels
from course_utils.questions.engine.verdict import VERDICT
from course_utils.results import RECORD

_GIGABYTES = 2  # free memory to have for each lesson that runs beside another; a kernel takes 1.2
_PROBE = "print(__import__('course_utils._machine')._machine.peak_memory_mb())"


# what is known of a notebook that nobody could execute
_NOTHING = {"seconds": 0, "peak_memory_mb": None, "dataset": None, "results": {}, "out_of_range": []}


class _QuietOutputWidget(OutputWidget):
    # nbclient keeps what a slider draws, and would also send it to the kernel, through the socket on which it awaits
    # the end of the cell. That end it may then miss, and wait for ever (nbclient, issue 312).
    def sync_state(self):
        pass


def execute(notebook: nbformat.NotebookNode, title: str, env: dict[str, str], folder: Path = NOTEBOOKS) -> dict:
    """Execute in place with a progress line; return seconds, peak memory, results and the error, if any."""
    n_cells = len(notebook.cells)
    started = time.perf_counter()

    def progress(cell, cell_index):
        if cell_index < n_cells:
            _say(title, f"cell {cell_index + 1} of {n_cells}, {time.perf_counter() - started:.0f} s")

    client = NotebookClient(
        notebook,
        timeout=None,  # a slow machine is no failure; CI limits the whole
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        extra_arguments=["--log-level=ERROR"],  # no warnings about the kernel's sockets in the progress
        on_cell_execute=progress,
    )
    client.widget_registry["@jupyter-widgets/output"]["OutputModel"] = _QuietOutputWidget
    client.km = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=CourseKernels())
    notebook.cells.append(nbformat.v4.new_code_cell(_PROBE))
    error = None
    try:
        client.execute(env=os.environ | env)
    except Exception as problem:  # whatever a lesson or its kernel does is that lesson's failure, not the others'
        error = str(problem) or type(problem).__name__
    finally:
        probe = notebook.cells.pop()
        _say(title, None)
    records = {record["key"]: record for record in read_records(notebook)}
    return {
        "seconds": round(time.perf_counter() - started, 1),
        "peak_memory_mb": round(float(probe.outputs[0].text)) if probe.outputs else None,
        "dataset": next((record["dataset"] for record in records.values()), None),
        "results": {key: record["value"] for key, record in records.items()},
        "out_of_range": [key for key, record in records.items() if record["verdict"] == "OUT OF RANGE"],
        "error": error,
    }


def read_records(notebook: nbformat.NotebookNode) -> list[dict]:
    """Return what `check_result` recorded in a notebook's outputs, in order; values are floats."""
    return [dict(record, value=float(record["value"])) for record in _recorded(notebook, RECORD)]


def read_verdicts(notebook: nbformat.NotebookNode) -> list[dict]:
    """Return what `check` recorded in a notebook's outputs, in order: key, passed, mistake, state."""
    return [dict(verdict) for verdict in _recorded(notebook, VERDICT)]


def _recorded(notebook, kind):
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [output.data[kind] for output in outputs if kind in output.get("data", {})]


def lessons_at_once() -> int:
    """Return 2 where cores and memory suffice for two kernels, else 1."""
    memory = min(_machine.memory_limit() or math.inf, _machine.memory_available() or math.inf)
    return 2 if _machine.usable_cores() >= 2 and memory >= 2 * _GIGABYTES else 1


def execute_side_by_side(
    notebooks: dict[str, nbformat.NotebookNode], strict: bool, scheduler: str | None = None, data: str = ""
) -> Iterator[tuple[str, dict]]:
    """Execute in place, two at a time or on a scheduler's workers; yield title and outcome as each is done.

    They share the cores, unless the environment already says how many threads to use; a worker has one, and takes the
    same `data`, "mnist" or "digits".
    """
    at_once = lessons_at_once()
    shared = _machine.threads(1 if scheduler else _machine.usable_cores() // at_once)
    env = {name: os.environ.get(name, n) for name, n in shared.items()} | {"COURSE_STRICT": "1" if strict else "0"}
    env |= {"COURSE_DATA": data} if scheduler else {}
    with executors.of_threads(at_once, scheduler) as executor:
        titles = {executor.submit(_executed, notebook, title, env): title for title, notebook in notebooks.items()}
        try:
            for done in as_completed(titles):
                title = titles[done]
                try:
                    executed, outcome = done.result()
                    notebooks[title].update(executed)
                except Exception as error:  # its worker has died, and those that tried after it
                    outcome = _NOTHING | {"error": f"no worker has executed it: {error or type(error).__name__}"}
                yield title, outcome
        except BaseException:  # Ctrl-C, above all: the pool would wait for the lessons' ends
            for waiting in titles:
                waiting.cancel()
            executor.shutdown(wait=False)
            for kernel in psutil.Process().children():
                kernel.kill()
            raise


def _executed(notebook, title, env):
    # on another machine it is a copy that is executed
    outcome = execute(notebook, title, env)
    return notebook, outcome


def table(lessons: dict[str, dict]) -> str:
    """Return a row for each lesson: seconds, peak memory, number of results, verdict."""
    lines = [f"{'lesson':<40}{'seconds':>8}{'peak GB':>9}{'results':>9}  verdict"]
    for name, lesson in lessons.items():
        verdict = "OUT OF RANGE" if lesson["out_of_range"] else "FAILED" if lesson["error"] else "ok"
        memory = (lesson["peak_memory_mb"] or 0) / 1000
        lines.append(f"{name:<40}{lesson['seconds']:>8.0f}{memory:>9.2f}{len(lesson['results']):>9}  {verdict}")
    return "\n".join(lines)


def report_errors(lessons: dict[str, dict]) -> int:
    """Print each lesson's error; return the command's exit code."""
    failed = {name: lesson["error"] for name, lesson in lessons.items() if lesson["error"]}
    for name, error in failed.items():
        print(f"\n{name} failed:\n{error}", file=sys.stderr)
    return 1 if failed else 0


_running: dict[str, str] = {}


def _say(title: str, state: str | None) -> None:
    # The state of all that runs, in one line that moves; where a log is kept, a line for each cell. None: it is done.
    _running[title] = state
    if state is None:
        del _running[title]
    if sys.stderr.isatty():
        line = " | ".join(": ".join(item) for item in list(_running.items()))
        print(f"\r\033[K{line[: shutil.get_terminal_size().columns - 1]}", end="", file=sys.stderr, flush=True)
    elif state:
        print(f"{title}: {state}", file=sys.stderr, flush=True)
