"""`python -m course_utils notebooks`: execute lessons, solutions and appendices on MNIST, on one core, and store them.

The exercises, which are the solutions without what solves them, are stored beside them and not executed. A picture with
the tag `cover` becomes README's.
"""

import os
from dataclasses import replace

import nbformat

from course_utils._files import whole_file, write_text
from course_utils._machine import threads
from course_utils._paths import ROOT
from course_utils.book.widgets import states_file, store_states
from course_utils.datasets import load_mnist
from course_utils.notebooks.execution import execute, report_errors, table
from course_utils.notebooks.outputs import describe_figures, read_verdicts, tagged_picture
from course_utils.notebooks.progress import NotebookProgress
from course_utils.notebooks.provenance import facts, stored_seconds, take_over_outputs
from course_utils.notebooks.sources import (
    LANGUAGE,
    add_lesson_option,
    all_paths,
    exercise_paths,
    name_of,
    read_lesson,
    read_unsolved,
    stored_path,
    unsolved_path,
)

COVER = ROOT / "book" / "_static" / "two_numbers.png"


def add_arguments(parser) -> None:
    """Declare what the command takes."""
    add_lesson_option(parser)
    text = "also execute notebooks whose stored outputs belong to the code as it is"
    parser.add_argument("--force", action="store_true", help=text)


def main(options) -> int:
    """Store each notebook with its outputs; execute it only where they belong to other code, or under --force."""
    os.environ["COURSE_DATA"] = "mnist"
    for path in exercise_paths(options.lesson):
        _store(read_unsolved(path), unsolved_path(path))
    stale = {}
    for path in all_paths(options.lesson):
        notebook = read_lesson(path)
        if not options.force and (course := take_over_outputs(notebook, stored_path(path))):
            _store_executed(notebook, course, path)
        else:
            stale[path] = notebook
    if not stale:
        print("Nothing to execute: all stored outputs belong to the code as it is.")
        return 0
    load_mnist()  # where there is none, one message before the first lesson
    outcomes = {}
    with NotebookProgress({name_of(path): stored_seconds(stored_path(path)) for path in stale}) as progress:
        for path, notebook in stale.items():
            outcome = outcomes[name_of(path)] = _execute(notebook, name_of(path), progress)
            if not outcome.error:
                store_states(outcome.notebook, states_file(name_of(path)))
                _store_executed(outcome.notebook, facts(outcome, "mnist"), path)
    print(table(outcomes))
    return report_errors(outcomes)


def _execute(notebook, name, progress):
    # One thread is Binder's share, so that the stored minutes are those that a class on Binder has to expect.
    outcome = execute(notebook, name, {"COURSE_STRICT": "1"} | threads(1), progress=progress)
    missed = [verdict["key"] for verdict in read_verdicts(outcome.notebook) if not verdict["passed"]]
    if missed and not outcome.error:
        return replace(outcome, error=f"The course's own solutions do not pass: {', '.join(missed)}")
    return outcome


def _store_executed(notebook, course, path):
    describe_figures(notebook)
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = dict(LANGUAGE)  # not that of this machine's Python
    notebook.metadata["course"] = course
    _store(notebook, stored_path(path))
    if picture := tagged_picture(notebook, "cover"):
        with whole_file(COVER) as file:
            file.write(picture)


def _store(notebook, path):
    write_text(path, nbformat.writes(notebook) + "\n")
