"""What the tests of lessons and exercises read: their text, their code, what is stored of them."""

import re

import nbformat
import pytest

from course_utils.commands import lessons

SOURCES = lessons.lesson_paths()
EXERCISES = lessons.exercise_paths()
APPENDICES = sorted(lessons.SOURCES.glob("appendix/*.py"))

each_lesson = pytest.mark.parametrize("source", SOURCES, ids=lessons.name_of)
each_exercise = pytest.mark.parametrize("source", EXERCISES, ids=lessons.name_of)
each_notebook = pytest.mark.parametrize("source", SOURCES + EXERCISES, ids=lessons.name_of)


def stored(source):
    """Return the committed notebook of a lesson, or of its exercises."""
    return nbformat.read(lessons.stored_path(source), as_version=4)


def prose(notebook):
    """Return the text of a notebook's markdown cells."""
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def promised(source):
    """Return the minutes and gigabytes that a notebook's first cell promises."""
    first = lessons.read_lesson(source).cells[0].source
    return map(float, re.search(r"\*About ([\d.]+) minutes? .* ([\d.]+) GB of memory", first).groups())
