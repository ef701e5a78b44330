"""`python -m course_utils run`: execute lessons and appendices, keep them and run.json in build/, print a table."""

import json
import math

import nbformat

from course_utils._files import write_text
from course_utils._paths import BUILD
from course_utils.datasets import load_mnist
from course_utils.notebooks import workers
from course_utils.notebooks.execution import execute_all, report_errors, table
from course_utils.notebooks.outputs import describe_figures
from course_utils.notebooks.provenance import facts, stored_seconds
from course_utils.notebooks.sources import (
    add_lesson_option,
    appendix_paths,
    lesson_paths,
    name_of,
    read_lesson,
    stored_path,
)


def add_arguments(parser) -> None:
    """Declare what the command takes."""
    add_lesson_option(parser)
    workers.add_scheduler_option(parser)


def main(options) -> int:
    """Execute the lessons asked for; each one's notebook and figures are on disk as soon as it is done."""
    write_text(BUILD / "run.json", json.dumps({"lessons": {}}, indent=1))  # before minutes are spent
    print("Loading the data: MNIST, or else the embedded digits.", flush=True)
    data = load_mnist()  # fetched, if need be, before the first lesson
    name_of_data, source = data.name, data.source
    del data  # the lessons need the memory
    paths = lesson_paths(options.lesson) + appendix_paths(options.lesson)
    expected = {name_of(path): stored_seconds(stored_path(path)) for path in paths}
    longest_first = sorted(paths, key=lambda path: expected[name_of(path)] or math.inf, reverse=True)
    notebooks = {name_of(path): read_lesson(path) for path in longest_first}
    how = {"strict": True, "scheduler": options.scheduler, "data": name_of_data, "expected": expected}
    outcomes = {}
    for name, outcome in execute_all(notebooks, **how):
        outcomes = dict(sorted((outcomes | {name: outcome}).items()))
        describe_figures(outcome.notebook)
        if not outcome.error:  # the book takes only notebooks that were executed to their end
            outcome.notebook.metadata["course"] = facts(outcome, name_of_data)
        write_text(BUILD / "notebooks" / f"{name}.ipynb", nbformat.writes(outcome.notebook) + "\n")
        lessons = {name: outcome.summary() | {"data_source": source} for name, outcome in outcomes.items()}
        write_text(BUILD / "run.json", json.dumps({"lessons": lessons}, indent=1))
    print(table(outcomes))
    print(f"\nData: {source}\nWritten: build/run.json, and build/notebooks/ for `make book`.")
    return report_errors(outcomes)
