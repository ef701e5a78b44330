"""Predictions in lessons: each is asked below its prompt, and measured in a later cell."""

import ast
import math
import re

import pytest
from _reading import SOURCES, each_lesson, stored

from course_utils.notebooks import sources

pytestmark = pytest.mark.check


def calls(cell, i):
    """Yield name, key and place of each call with a key; "@" is what an f-string fills in.

    The place is the cell's number, or infinity inside of a function, which is called later, who knows where.
    """
    tree = ast.parse(cell.source)
    later = {
        node for function in ast.walk(tree) if isinstance(function, ast.FunctionDef) for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            parts = getattr(node.args[0], "values", node.args[:1])
            key = "".join(str(part.value) if isinstance(part, ast.Constant) else "@" for part in parts)
            yield node.func.id, key, math.inf if node in later else i


def problems_in_predictions(notebook):
    """Return a sentence for each prediction not below a prompt, asked twice, or measured too early or never."""
    found = [call for i, cell in enumerate(notebook.cells) if cell.cell_type == "code" for call in calls(cell, i)]
    asked = [(key, i) for name, key, i in found if name == "predict"]
    measured = [(key, i) for name, key, i in found if name in ("check_result", "came_out")]
    keys, problems = [key for key, _ in asked], []
    for key, i in asked:
        if "> **Predict first.**" not in notebook.cells[i - 1].source.split("\n\n")[-1]:
            problems.append(f"{key}: the cell above does not end with 'Predict first'")
        if keys.count(key) > 1:
            problems.append(f"{key}: asked twice")
        at = [place for other, place in measured if re.fullmatch(re.escape(other).replace("@", r"\w+"), key)]
        if min(at, default=-1) <= i:
            problems.append(f"{key}: {'measured before it is asked' if at else 'never measured'}")
    never = [key for name, key, _ in found if name == "came_out" and key not in keys]
    return problems + [f"{key}: came out, but was not asked" for key in never]


@each_lesson
def test_predictions_are_asked_and_measured(source):
    """Below their prompt, once, before the outcome is known."""
    assert problems_in_predictions(sources.read_lesson(source)) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda code: code.replace('check_result("01.line.best_angle"', 'check_result("01.line.error_at_45"'), "never"),
        (lambda code: code.replace('predict("01.ae.n_parameters"', 'predict("01.line.best_angle"'), "asked twice"),
        (lambda code: code.replace('predict("01.ae.n_parameters"', 'predict("01.pca.error"'), "before it is asked"),
        (
            lambda code: code.replace("**Predict first.** How many parameters", "How many parameters"),
            "does not end with",
        ),
        (lambda code: code.replace("SEED = 0", 'came_out("09.x", "a")'), "09.*came out, but was not asked"),
    ],
)
def test_altered_prediction_is_caught(change, words):
    """Each way of going wrong is noticed."""
    notebook = sources.read_lesson(SOURCES[0])
    assert problems_in_predictions(notebook) == []
    for cell in notebook.cells:
        cell.source = change(cell.source)
    assert re.search(words, "\n".join(problems_in_predictions(notebook)))


def stored_report(stem):
    """Return the last table that a stored lesson shows."""
    source = next(source for source in SOURCES if source.stem == stem)
    outputs = [output for cell in stored(source).cells for output in cell.get("outputs", [])]
    texts = [output.get("data", {}).get("text/plain", "") for output in outputs]
    return next(text for text in reversed(texts) if "came out" in text)


OUTCOMES = [  # as the lessons' text tells them
    ("04_linear_autoencoder_is_pca", "Which gives the components?", "SVD of LᵀW"),
    ("05_latent_manifold", "Which digit lies between the other two?", "5"),
    ("05_latent_manifold", "Which rule catches more digits never seen?", "error"),
    ("06_one_layer_and_denoising", "Does the net copy better with its relu or without?", "without"),
    ("06_one_layer_and_denoising", "Which widths get below least squares?", "512 alone"),
    ("06_one_layer_and_denoising", "At which task is the net of 32 further ahead?", "copying"),
    ("07_a_code_with_a_prior", "Are the decoder's columns the components?", "only with clouds"),
    ("07_a_code_with_a_prior", "What catches the most digits never seen?", "squared error"),
]


@pytest.mark.parametrize(("stem", "question", "outcome"), OUTCOMES)
def test_a_choice_comes_out_as_the_text_says(stem, question, outcome):
    """Whoever predicted rightly is told so."""
    assert re.search(rf"^{re.escape(question)} +- +{re.escape(outcome)}$", stored_report(stem), re.MULTILINE)


def test_no_choice_is_forgotten():
    """Each outcome of a lesson is in the list above."""
    assert sum(path.read_text("utf-8").count("came_out(") for path in SOURCES) == len(OUTCOMES)
