"""What the tests of lessons and exercises read: their text, their code, what is stored of them."""

import re

import nbformat
import pytest

from course_utils.notebooks import sources

SOURCES = sources.lesson_paths()
EXERCISES = sources.exercise_paths()
APPENDICES = sources.appendix_paths()

each_lesson = pytest.mark.parametrize("source", SOURCES, ids=sources.name_of)
each_exercise = pytest.mark.parametrize("source", EXERCISES, ids=sources.name_of)
each_notebook = pytest.mark.parametrize("source", SOURCES + EXERCISES + APPENDICES, ids=sources.name_of)


def stored(source):
    """Return the committed notebook of a lesson, of its exercises, or of an appendix."""
    return nbformat.read(sources.stored_path(source), as_version=4)


def prose(notebook):
    """Return the text of a notebook's markdown cells."""
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def promised(source):
    """Return the minutes and gigabytes that a notebook's first cell promises."""
    first = sources.read_lesson(source).cells[0].source
    return map(float, re.search(r"\*About ([\d.]+) minutes? .* ([\d.]+) GB of memory", first).groups())
