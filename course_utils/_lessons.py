"""Execute lessons and exercises: for `make run`, `make notebooks`, `make measure` and `make weights`."""

import hashlib
import json
import math
import os
import statistics
import sys
from pathlib import Path

import jupytext
import nbformat

from course_utils._execute import NOTEBOOKS, execute, execute_side_by_side, threads

ROOT = Path(__file__).resolve().parent.parent
SOURCES = NOTEBOOKS / "source"
BUILD = ROOT / "build"


def lesson_paths(numbers: list[str] | None = None) -> list[Path]:
    """Return the lessons' source files in order, or only those whose number is given ("03")."""
    found = sorted(SOURCES.glob("[0-9][0-9]_*.py"))
    known = [path.name[:2] for path in found]
    for number in numbers or []:
        if number not in known:
            raise ValueError(f"lesson: expected one of {', '.join(known)}, got {number!r}.")
    return [path for path in found if not numbers or path.name[:2] in numbers]


def exercise_paths(numbers: list[str] | None = None) -> list[Path]:
    """Return the source files of the lessons' exercises, in the lessons' order."""
    return [SOURCES / "exercises" / path.name for path in lesson_paths(numbers)]


def name_of(source: Path) -> str:
    """Return "01_toy_gaussians" for a lesson's source, "exercises/01_toy_gaussians" for that of its exercises."""
    return source.relative_to(SOURCES).with_suffix("").as_posix()


def read_lesson(source: Path) -> nbformat.NotebookNode:
    """Return a lesson, or its exercises, as a notebook without outputs; solutions are folded away.

    A figure's text alternative stays in its cell's metadata.
    """
    notebook = jupytext.read(source)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for i, cell in enumerate(notebook.cells):
        cell["id"] = f"{source.name[:2]}-{i:03d}"  # stable, so that a change of one cell changes one cell
        if "solution" in cell.metadata.get("tags", []):
            cell.metadata["jupyter"] = {"source_hidden": True, "outputs_hidden": True}
    return notebook


def code_sha256(notebook: nbformat.NotebookNode) -> str:
    """Return the SHA-256 of the code cells: stored outputs belong to exactly this code."""
    code = [cell.source.strip() for cell in notebook.cells if cell.cell_type == "code"]
    return hashlib.sha256(json.dumps(code).encode()).hexdigest()


def set_parameter(notebook: nbformat.NotebookNode, line: str, new_line: str) -> bool:
    """Replace one line of code; return whether it was there."""
    for cell in notebook.cells:
        lines = cell.source.split("\n")
        if cell.cell_type == "code" and line in lines:
            cell.source = "\n".join(new_line if x == line else x for x in lines)
            return True
    return False


def run(numbers: list[str] | None = None) -> int:
    """`make run`: execute all lessons, write build/run.json and build/html, print the table; return an exit code."""
    from course_utils._export import export_html
    from course_utils.datasets import load_mnist

    source = load_mnist().source  # fetches, if need be, before the first lesson
    (BUILD / "html").mkdir(parents=True, exist_ok=True)
    notebooks = {path.stem: read_lesson(path) for path in lesson_paths(numbers)}
    longest_first = sorted(notebooks, key=_stored_seconds, reverse=True)
    lessons = {}
    for name, lesson in execute_side_by_side({name: notebooks[name] for name in longest_first}, strict=True):
        lessons[name] = lesson | {"data_source": source}
        lessons = dict(sorted(lessons.items()))
        _describe_figures(notebooks[name])
        export_html(notebooks[name], BUILD / "html" / f"{name}.html")
        (BUILD / "run.json").write_text(json.dumps({"lessons": lessons}, indent=1))
    print(_table(lessons))
    print(f"\ndata: {source}\nwritten: build/run.json and build/html/")
    return _report_errors(lessons)


def _stored_seconds(name: str) -> float:
    stored = NOTEBOOKS / f"{name}.ipynb"
    return nbformat.read(stored, as_version=4).metadata["course"]["seconds"] if stored.exists() else math.inf


def build_notebooks(numbers: list[str] | None = None) -> int:
    """`make notebooks`: execute the sources on MNIST, on one core, and store notebooks with their outputs.

    Where only prose changed, the stored outputs still belong to the code, and nothing is executed.
    """
    os.environ["COURSE_DATA"] = "mnist"
    lessons = {}
    for path in lesson_paths(numbers) + exercise_paths(numbers):
        notebook, name = read_lesson(path), name_of(path)
        target = NOTEBOOKS / f"{name}.ipynb"
        course = _take_over_outputs(notebook, target)
        if course is None:
            # One thread is Binder's share, so that the stored minutes are those that a class on Binder has to expect.
            lesson = execute(notebook, name, {"COURSE_STRICT": "1"} | threads(1))
            lessons[name] = lesson
            if lesson["error"]:
                continue
            course = {
                "code_sha256": code_sha256(notebook),
                "dataset": "mnist",
                "seconds": round(lesson["seconds"]),
                "peak_memory_mb": lesson["peak_memory_mb"],
            }
        _describe_figures(notebook)
        notebook.metadata.pop("widgets", None)
        notebook.metadata["language_info"] = {"name": "python", "pygments_lexer": "ipython3"}  # whatever the version
        notebook.metadata["course"] = course
        notebook.metadata.pop("jupytext", None)  # jupytext.toml says what belongs to what
        target.parent.mkdir(exist_ok=True)
        nbformat.write(notebook, target)
    print(_table(lessons))
    return _report_errors(lessons)


def _take_over_outputs(notebook: nbformat.NotebookNode, target: Path) -> dict | None:
    # The stored outputs, if they are those of this very code; what is known about their execution.
    if not target.exists():
        return None
    stored = nbformat.read(target, as_version=4)
    if stored.metadata.get("course", {}).get("code_sha256") != code_sha256(notebook):
        return None
    cells = [[cell for cell in book.cells if cell.cell_type == "code"] for book in (stored, notebook)]
    for old, new in zip(*cells, strict=True):
        new["outputs"], new["execution_count"] = old["outputs"], old["execution_count"]
    return stored.metadata["course"]


def measure(numbers: list[str] | None = None, n_seeds: int = 5) -> int:
    """`make measure`: execute the lessons with several seeds and write the spread to data/spread.json."""
    target = ROOT / "data" / "spread.json"
    for path in lesson_paths(numbers) + exercise_paths(numbers):
        seeds = {f"{name_of(path)}, seed {seed}": read_lesson(path) for seed in range(n_seeds)}
        varied = [set_parameter(book, "SEED = 0", f"SEED = {seed}") for seed, book in enumerate(seeds.values())]
        if not all(varied):  # nothing in it is random
            continue
        done = dict(execute_side_by_side(seeds, strict=False))
        if _report_errors(done):
            return 1
        runs = list(done.values())
        spread = json.loads(target.read_text()) if target.exists() else {}  # another lesson may have been measured
        table = spread.setdefault(runs[0]["dataset"], {})
        for key in runs[0]["results"]:
            values = [r["results"][key] for r in runs]
            summary = {
                "seeds": n_seeds,
                "min": min(values),
                "mean": statistics.fmean(values),
                "max": max(values),
            }
            table[key] = {k: float(f"{v:.5g}") if k != "seeds" else v for k, v in summary.items()}
            print(f"{key}: {table[key]}")
        target.write_text(json.dumps(spread, indent=1, sort_keys=True) + "\n")
    return 0


def make_weights(numbers: list[str] | None = None) -> int:
    """`make weights`: execute the cells tagged `weights`, with the training switched on, on MNIST."""
    os.environ["COURSE_DATA"] = "mnist"
    lessons = {}
    for path in lesson_paths(numbers):
        notebook = read_lesson(path)
        if set_parameter(notebook, "TRAIN_IT_YOURSELF = False", "TRAIN_IT_YOURSELF = True"):
            notebook.cells = [cell for cell in notebook.cells if "weights" in cell.metadata.get("tags", [])]
            lessons[path.stem] = execute(notebook, path.stem, {"COURSE_STRICT": "0"})
    print(_table(lessons))
    return _report_errors(lessons)


def _describe_figures(notebook: nbformat.NotebookNode) -> None:
    # A figure's text alternative stands in its cell's metadata; exporters look for it at the picture, or at the widget.
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for kind in {"image/png", "application/vnd.jupyter.widget-view+json"} & output.get("data", {}).keys():
                if "alt" in cell.metadata:
                    output.metadata.setdefault(kind, {})["alt"] = cell.metadata["alt"]


def _table(lessons: dict[str, dict]) -> str:
    lines = [f"{'lesson':<40}{'seconds':>8}{'peak GB':>9}{'results':>9}  verdict"]
    for name, lesson in lessons.items():
        verdict = "FAILED" if lesson["error"] else "OUT OF RANGE" if lesson["out_of_range"] else "ok"
        memory = (lesson["peak_memory_mb"] or 0) / 1000
        lines.append(f"{name:<40}{lesson['seconds']:>8.0f}{memory:>9.2f}{len(lesson['results']):>9}  {verdict}")
    return "\n".join(lines)


def _report_errors(lessons: dict[str, dict]) -> int:
    failed = {name: lesson["error"] for name, lesson in lessons.items() if lesson["error"]}
    for name, error in failed.items():
        print(f"\n{name} failed:\n{error}", file=sys.stderr)
    return 1 if failed else 0
