"""`python -m course_utils notebooks`: execute lessons and solutions on MNIST, on one core, and store them.

The exercises, which are the solutions without what solves them, are stored beside them and not executed.
"""

import os

import nbformat

from course_utils._machine import threads
from course_utils.commands import write_text
from course_utils.commands.book.widgets import states_file, store_states
from course_utils.commands.execute import execute, read_verdicts, report_errors, table
from course_utils.commands.lessons import (
    describe_figures,
    exercise_paths,
    facts,
    lesson_paths,
    name_of,
    read_lesson,
    read_unsolved,
    stored_path,
    take_over_outputs,
    unsolved_path,
)
from course_utils.datasets import load_mnist


def main(options) -> int:
    """Store each notebook with its outputs; execute it only where they belong to other code, or under --force."""
    os.environ["COURSE_DATA"] = "mnist"
    lessons = {}
    for path in exercise_paths(options.lesson):
        write_text(unsolved_path(path), nbformat.writes(read_unsolved(path)) + "\n")
    for path in lesson_paths(options.lesson) + exercise_paths(options.lesson):
        notebook, name, target = read_lesson(path), name_of(path), stored_path(path)
        course = None if options.force else take_over_outputs(notebook, target)
        if course is None:
            if not lessons:
                load_mnist()  # where there is none, one message before the first lesson
            # One thread is Binder's share, so that the stored minutes are those that a class on Binder has to expect.
            lessons[name] = execute(notebook, name, {"COURSE_STRICT": "1"} | threads(1))
            missed = [verdict["key"] for verdict in read_verdicts(notebook) if not verdict["passed"]]
            if missed and not lessons[name]["error"]:
                lessons[name]["error"] = f"The course's own solutions do not pass: {', '.join(missed)}"
            if lessons[name]["error"]:
                continue
            course = facts(notebook, lessons[name], "mnist")
            store_states(notebook, states_file(name))
        describe_figures(notebook)
        notebook.metadata.pop("widgets", None)
        notebook.metadata["language_info"] = read_lesson(path).metadata["language_info"]  # not this machine's Python
        notebook.metadata["course"] = course
        write_text(target, nbformat.writes(notebook) + "\n")
    print(table(lessons))
    return report_errors(lessons)
