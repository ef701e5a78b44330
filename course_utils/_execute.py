"""Execute notebooks, one or two at a time, with a progress line."""

import json
import math
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import joblib
import nbformat
import psutil
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbclient.output_widget import OutputWidget

from course_utils import _doctor

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"

_GIGABYTES = 2  # free memory to have for each lesson that runs beside another; a kernel takes 1.2
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")


def threads(n: int) -> dict[str, str]:
    """Return the environment in which a kernel calculates with n threads."""
    return dict.fromkeys(_THREADS, str(n))


class _QuietOutputWidget(OutputWidget):
    # nbclient keeps what a slider draws, and would also send it to the kernel, through the socket on which it awaits
    # the end of the cell. That end it may then miss, and wait for ever (nbclient, issue 312).
    def sync_state(self):
        pass


def execute(notebook: nbformat.NotebookNode, title: str, env: dict[str, str]) -> dict:
    """Execute in place with a progress line; return seconds, peak memory, results and the error, if any."""
    n_cells = len(notebook.cells)
    started = time.perf_counter()

    def progress(cell, cell_index):
        _say(title, f"cell {cell_index + 1} of {n_cells}, {time.perf_counter() - started:.0f} s")

    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        client = NotebookClient(
            notebook,
            timeout=None,  # a slow machine is no failure; CI limits the whole
            kernel_name="python3",
            resources={"metadata": {"path": str(NOTEBOOKS)}},
            record_timing=False,
            extra_arguments=["--log-level=ERROR"],  # no warnings about the kernel's sockets in the progress
            on_cell_execute=progress,
        )
        client.widget_registry["@jupyter-widgets/output"]["OutputModel"] = _QuietOutputWidget
        error = None
        try:
            client.execute(env=os.environ | env | {"COURSE_REPORT": str(report)})
        except (CellExecutionError, DeadKernelError) as problem:
            error = str(problem)
        _say(title, None)
        seconds = round(time.perf_counter() - started, 1)
        found = json.loads(report.read_text()) if report.exists() else {}
    if error is None and not found:
        error = "the lesson ended without calling report()"
    rows = found.get("results", [])
    return {
        "seconds": seconds,
        "peak_memory_mb": found.get("peak_memory_mb"),
        "dataset": rows[0]["dataset"] if rows else None,
        "results": {row["key"]: row["value"] for row in rows},
        "out_of_range": [row["key"] for row in rows if row["verdict"] == "OUT OF RANGE"],
        "error": error,
    }


def lessons_at_once() -> int:
    """Return 2 where cores and memory suffice for two kernels, else 1."""
    memory = min(_doctor.memory_limit() or math.inf, _doctor.memory_available() or math.inf)
    return 2 if joblib.cpu_count() >= 2 and memory >= 2 * _GIGABYTES else 1


def execute_side_by_side(notebooks: dict[str, nbformat.NotebookNode], strict: bool) -> Iterator[tuple[str, dict]]:
    """Execute in place, `lessons_at_once` at a time; yield title and outcome as each is done.

    They share the cores, unless the environment already says how many threads to use.
    """
    at_once = lessons_at_once()
    shared = threads(joblib.cpu_count() // at_once)
    env = {name: os.environ.get(name, n) for name, n in shared.items()} | {"COURSE_STRICT": "1" if strict else "0"}
    with ThreadPoolExecutor(at_once) as pool:
        titles = {pool.submit(execute, notebook, title, env): title for title, notebook in notebooks.items()}
        try:
            for done in as_completed(titles):
                yield titles[done], done.result()
        except BaseException:  # Ctrl-C, above all: the pool would wait for the lessons' ends
            pool.shutdown(wait=False, cancel_futures=True)
            for kernel in psutil.Process().children():
                kernel.kill()
            raise


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
