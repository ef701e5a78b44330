"""`python -m course_utils run`: execute all lessons, keep them and build/run.json in build/, print the table."""

import json
import math

import nbformat

from course_utils._paths import BUILD, NOTEBOOKS
from course_utils.commands import write_text
from course_utils.commands.execute import execute_side_by_side, report_errors, table
from course_utils.commands.lessons import describe_figures, facts, lesson_paths, read_lesson
from course_utils.datasets import load_mnist


def main(options) -> int:
    """Execute the lessons asked for; each one's notebook and figures are on disk as soon as it is done."""
    write_text(BUILD / "run.json", json.dumps({"lessons": {}}, indent=1))  # before minutes are spent
    data = load_mnist()  # fetched, if need be, before the first lesson
    name_of_data, source = data.name, data.source
    del data  # the lessons need the memory
    notebooks = {path.stem: read_lesson(path) for path in lesson_paths(options.lesson)}
    longest_first = sorted(notebooks, key=_stored_seconds, reverse=True)
    lessons = {}
    for name, lesson in execute_side_by_side(
        {name: notebooks[name] for name in longest_first}, True, options.scheduler, name_of_data
    ):
        lessons[name] = lesson | {"data_source": source}
        lessons = dict(sorted(lessons.items()))
        describe_figures(notebooks[name])
        if not lesson["error"]:  # the book takes what is whole
            notebooks[name].metadata["course"] = facts(notebooks[name], lesson, name_of_data)
        write_text(BUILD / "notebooks" / f"{name}.ipynb", nbformat.writes(notebooks[name]) + "\n")
        write_text(BUILD / "run.json", json.dumps({"lessons": lessons}, indent=1))
    print(table(lessons))
    print(f"\ndata: {source}\nwritten: build/run.json and build/notebooks/, which `make book` takes up")
    return report_errors(lessons)


def _stored_seconds(name):
    stored = NOTEBOOKS / f"{name}.ipynb"
    return nbformat.read(stored, as_version=4).metadata["course"]["seconds"] if stored.exists() else math.inf
