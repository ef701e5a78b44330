"""Exercises as students get them: all there, nothing given away, and no point for doing nothing."""

import ast
import re

import jupytext
import nbformat
import pytest
from _reading import each_exercise, prose, stored

from course_utils.notebooks import sources
from course_utils.notebooks.execution import execute
from course_utils.notebooks.outputs import read_verdicts
from course_utils.notebooks.sources import code_cells
from course_utils.questions.engine import catalogue
from course_utils.questions.engine.session import PROGRESS


def student_notebook(source):
    """Return the committed notebook that a student opens."""
    return nbformat.read(sources.unsolved_path(source), as_version=4)


def tags(cell):
    """Return a cell's tags."""
    return cell.metadata.get("tags", [])


@pytest.mark.check
@each_exercise
def test_each_exercise_has_its_parts(source):
    """Per exercise a question, a starter, a solution and a check, where there is one; then the report."""
    kinds = ""
    for cell in jupytext.read(source).cells:
        if re.match(rf"## {kinds.count('Q') + 1}\. ", cell.source):
            kinds += "Q"
        elif "starter" in tags(cell):
            kinds += "t"
        elif "solution" in tags(cell) and cell.cell_type == "code" and "Q" in kinds:
            kinds += "s"
        elif cell.source.startswith("check("):
            kinds += "c"
        elif cell.source.startswith("progress("):
            kinds += "p"
    assert re.fullmatch("(Qts+c?){3,}p?s", kinds), kinds  # the last one: the report
    solved = sources.read_lesson(source)
    assert code_cells(solved)[-1].source == "report()"
    for text in (prose(solved), prose(student_notebook(source))):
        assert f"](../{source.stem}.ipynb)" in text
        assert f"](../../notebooks/solutions/{source.stem}.ipynb)" in text


@pytest.mark.check
@each_exercise
def test_nothing_is_given_away(source):
    """What is tagged as solution is not in what a student opens, and no output is."""
    notebook = student_notebook(source)
    text = "\n".join(cell.source for cell in notebook.cells)
    hidden = [cell.source for cell in jupytext.read(source).cells if "solution" in tags(cell)]
    assert hidden
    assert not [source for source in hidden if source in text]
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in code_cells(notebook))
    assert "<details>" not in text
    assert [cell for cell in code_cells(notebook) if "starter" in tags(cell)]


def imported(code):
    """Return what a notebook's code imports by name."""
    return [alias for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom) for alias in node.names]


@pytest.mark.check
@each_exercise
def test_every_question_is_asked_and_every_stored_solution_passes(source):
    """In order, once each; the stored outputs of the solutions say so."""
    number = source.name[:2]
    keys = list(catalogue.questions_of(number)) if number in catalogue.lessons() else []
    code = "\n".join(cell.source for cell in code_cells(student_notebook(source)))
    asked = re.findall(r"^check\('?\"?([\d.]+)", code, re.MULTILINE)
    assert asked == keys
    if keys:  # what stands behind a # works as soon as it is taken away
        assert {"check", "hint", "solution", "progress"} <= {alias.name for alias in imported(code)}
    assert [(v["key"], v["passed"]) for v in read_verdicts(stored(source))] == [(key, True) for key in keys]


@pytest.mark.timeout(900)
@each_exercise
def test_unanswered_exercises_run_from_top_to_bottom(source):
    """Each check says that it is the student's turn, and there is no point."""
    notebook = student_notebook(source)
    if source.name.startswith("05"):  # three questions look at its net, this test does not
        assert sources.set_parameter(notebook, "def train(n_steps=2_000):", "def train(n_steps=20):")
    outcome = execute(notebook, source.stem, {"COURSE_STRICT": "1"})
    assert outcome.error is None, outcome.error
    number = source.name[:2]
    keys = list(catalogue.questions_of(number)) if number in catalogue.lessons() else []
    assert [(v["key"], v["state"]) for v in read_verdicts(outcome.notebook)] == [(key, "your turn") for key in keys]
    outputs = [output for cell in code_cells(outcome.notebook) for output in cell.outputs]
    points = [output.data[PROGRESS] for output in outputs if PROGRESS in output.get("data", {})]
    assert points == ([{"points": 0, "of": len(keys)}] if keys else [])
