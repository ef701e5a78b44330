"""Predictions that are remembered: what is asked, what is kept, what is said when it is measured."""

import nbformat
import numpy as np
import pytest
import traitlets
from nbclient import NotebookClient

from course_utils import _predictions, came_out, check_result, predict, report
from course_utils._predictions import PREDICTION, Prediction
from course_utils.widgets.prediction import PredictionForm

MSE = "03.ae_5_epochs.val_mse"
ANGLE = "01.line.best_angle"
VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(autouse=True)
def nothing_asked(monkeypatch):
    """Start each test as a kernel starts."""
    monkeypatch.setattr(_predictions, "_asked", {})
    monkeypatch.delenv("COURSE_STRICT", raising=False)


@pytest.fixture
def forms(monkeypatch):
    """Return the list of forms that predict shows, in order, as in a notebook."""
    shown = []
    monkeypatch.setattr("course_utils.widgets.prediction.in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", shown.append)
    return shown


def answer(form, value):
    """Answer as the browser does."""
    form.set_state({"_answer": value})


def said(capsys):
    """Return the lines printed since the last call that tell what was said."""
    return [line for line in capsys.readouterr().out.splitlines() if "you said" in line]


def listed(capsys):
    """Return the report's table of predictions."""
    capsys.readouterr()
    report()
    lines = capsys.readouterr().out.splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("prediction "))
    return lines[first : lines.index("", first)]


@pytest.mark.parametrize(
    ("i", "line"),
    [
        (0, "you said 0.05; the nearest of the choices is 0.04"),
        (1, "you said 0.04, the nearest of the choices"),
        (2, "you said 0.02; the nearest of the choices is 0.04"),
    ],
)
def test_choice_of_numbers(forms, capsys, i, line):
    """Whoever chose hears whether it was the nearest."""
    predict(MSE, "The test error", [0.05, 0.04, 0.02])
    assert forms[0]._choices == ["0.05", "0.04", "0.02"]
    answer(forms[0], i)
    check_result(MSE, 0.0402)
    assert said(capsys) == [line]


@pytest.mark.parametrize(
    ("value", "line"),
    [
        (45, "you said 45 degrees, 18 too high"),
        (26.5, "you said 26.5 degrees, 0.5 too low"),
        (27, "you said 27 degrees, and so it came out"),
    ],
)
def test_number(forms, capsys, value, line):
    """Whoever gave a number hears how far off it was."""
    predict(ANGLE, "The angle", unit="degrees")
    answer(forms[0], value)
    check_result(ANGLE, 27, "gaussians")
    assert said(capsys) == [line]


def test_share_in_per_cent(forms, capsys):
    """A share of the ledger is asked for, and shown, in per cent."""
    predict("02.explained.1", "The first explains", percent=True)
    assert forms[0]._unit == "%"
    answer(forms[0], 12)
    check_result("02.explained.1", 0.097)
    assert said(capsys) == ["you said 12 %, 2.3 too high"]
    predict("02.explained.2", "Both explain", [10, 20], percent=True)
    assert forms[1]._choices == ["10 %", "20 %"]


@pytest.mark.parametrize(
    ("i", "line"),
    [(0, "Which? - you said slow; it came out as fast"), (1, "Which? - you said fast, and so it came out")],
)
def test_choice_of_texts(forms, capsys, i, line):
    """What is no figure of the ledger is told by the cell that measures."""
    predict("02.fastest", "Which?", ["slow", "fast"])
    answer(forms[0], i)
    came_out("02.fastest", "fast")
    assert said(capsys) == [line]


def test_without_an_answer_nothing_is_said(forms, capsys):
    """An unanswered question, and one whose cell was not run, hold nobody up; the report has the first alone."""
    predict(MSE, "The test error", [0.05, 0.04])
    check_result(MSE, 0.0402)
    came_out("02.fastest", "fast")
    assert said(capsys) == []
    assert listed(capsys) == ["prediction      you said  came out", "The test error  -         0.0402"]


def test_answering_says_nothing(forms, capsys):
    """No answer is judged before it is measured."""
    predict(ANGLE, "The angle")
    answer(forms[0], 400)
    assert capsys.readouterr().out == ""
    assert forms[0]._fixed is False


def test_report_lists_all(forms, capsys):
    """Asked, said, came out, in the order in which they were asked; a question without an outcome, too."""
    predict("02.fastest", "Which is fastest?", ["slow", "fast"])
    predict(ANGLE, "The angle", unit="degrees")
    predict(MSE, "The test error", [0.05, 0.04])
    answer(forms[0], 0)
    answer(forms[1], 45)
    came_out("02.fastest", "fast")
    check_result(ANGLE, 27, "gaussians")
    assert listed(capsys) == [
        "prediction         you said    came out",
        "Which is fastest?  slow        fast",
        "The angle          45 degrees  27 degrees",
        "The test error     -           -",
    ]


def test_asked_again_it_keeps_its_answer(forms):
    """The cell is run again: the new form shows the answer; another question under the same key has none."""
    for _ in range(2):
        predict(MSE, "The test error", [0.05, 0.04])
        predict(ANGLE, "The angle")
        answer(forms[0], 1)
        answer(forms[1], 45)
    assert [form._answer for form in forms] == [1, 45, 1, 45]
    predict(MSE, "The test error", [0.05, 0.04, 0.02])
    assert forms[-1]._answer is None


def test_answer_can_be_changed_and_withdrawn_until_measured(forms, capsys):
    """The last one counts; an emptied field is no answer."""
    predict(ANGLE, "The angle")
    for value in (90, None):
        answer(forms[0], value)
    check_result(ANGLE, 27, "gaussians")
    assert said(capsys) == []
    answer(forms[0], 30)
    check_result(ANGLE, 27, "gaussians")
    assert said(capsys) == ["you said 30, 3 too high"]


def test_measured_answer_stands(forms, capsys):
    """What was said when it was measured is shown from then on, in the form, the line and the report."""
    predict(MSE, "The test error", [0.05, 0.04])
    answer(forms[0], 0)
    check_result(MSE, 0.0402)
    assert forms[0]._fixed is True
    answer(forms[0], 1)
    predict(MSE, "The test error", [0.05, 0.04])
    assert (forms[1]._answer, forms[1]._fixed) == (0, True)
    said(capsys)
    check_result(MSE, 0.0402)
    assert said(capsys) == ["you said 0.05; the nearest of the choices is 0.04"]
    assert listed(capsys)[1] == "The test error  0.05      0.0402"


def test_out_of_range_too(forms, capsys, monkeypatch):
    """What came out is said before an error stops CI."""
    monkeypatch.setenv("COURSE_STRICT", "1")
    predict(MSE, "The test error")
    answer(forms[0], 2)
    with pytest.raises(ValueError, match="expected 0"):
        check_result(MSE, 1)
    assert said(capsys) == ["you said 2, 1 too high"]


def test_no_number_came_out(forms, capsys):
    """Training that broke leaves NaN: nothing is nearest to it."""
    predict(MSE, "The test error", [0.05, 0.04])
    answer(forms[0], 0)
    check_result(MSE, float("nan"))
    assert said(capsys) == ["you said 0.05"]


def test_answers_that_cannot_be(forms):
    """What no browser of ours sends is refused, and the answer stays."""
    predict(MSE, "The test error", [0.05, 0.04])
    predict(ANGLE, "The angle")
    answer(forms[0], 1)
    for form, value in ((forms[0], 2), (forms[0], 0.5), (forms[0], -1), (forms[1], float("inf")), (forms[1], "x")):
        with pytest.raises(traitlets.TraitError):
            form._answer = value
    assert (forms[0]._answer, forms[1]._answer) == (1, None)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"choices": [0.05, 0.04]}, "Your prediction: The error\n  ( ) 0.05\n  ( ) 0.04"),
        ({"unit": "degrees"}, "Your prediction: The error\n  ____ degrees"),
        ({}, "Your prediction: The error\n  ____"),
    ],
)
def test_it_can_be_read_where_no_widget_is_shown(capsys, arguments, text):
    """Question and choices, printed in a terminal."""
    predict(MSE, "The error", **arguments)
    assert capsys.readouterr().out == f"{text}\n"


def test_in_a_kernel_without_a_browser():
    """Executed as by CI: nothing waits, the text stands beside the widget, the record beside the line."""
    code = (
        "from course_utils import came_out, check_result, predict, report, _predictions\n"
        f"predict('{MSE}', 'The error after five epochs of {100 * 'very '}slow training', [0.05, 0.04])\n"
        "predict('02.fastest', 'Which?', ['slow', 'fast'])",
        f"check_result('{MSE}', 0.0402)\ncame_out('02.fastest', 'fast')",
        "for prediction in _predictions._asked.values(): prediction.answer = prediction.choices[0]",
        f"check_result('{MSE}', float('nan'))\ncame_out('02.fastest', 'fast')",
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in code])
    NotebookClient(notebook, kernel_name="python3", timeout=120).execute(env={"COURSE_STRICT": "0"})
    nbformat.validate(notebook)
    asked, unanswered, _, answered = (cell.outputs for cell in notebook.cells)
    assert all(VIEW in output.data for output in asked)
    assert asked[0].data["text/plain"].endswith("very slow training\n  ( ) 0.05\n  ( ) 0.04")  # whole, not shortened
    assert len(unanswered) == 1  # check_result's own line
    assert answered[2].data["text/plain"] == "Which? - you said slow; it came out as fast"
    record = dict(answered[1].data[PREDICTION])
    assert record.pop("question").startswith("The error")
    assert record == {"key": MSE, "unit": "", "said": 0.05, "outcome": "nan", "choices": [0.05, 0.04]}


GOOD = {"key": MSE, "question": "The test error"}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"key": "03.ae_5_epoch.val_mse"}, f"key: expected a key of results.toml.*got.*Did you mean '{MSE}'"),
        ({"key": "xyz"}, "key: .*got 'xyz'. Add it there, or correct the spelling"),
        ({"key": 3}, "key: expected text, got 3 of type int"),
        ({"choices": ["a", "b"]}, "key: expected one of your own, for choices of text.*call came_out"),
        ({"question": " "}, "question: expected text, got an empty one"),
        ({"question": None}, "question: expected text, got None of type NoneType"),
        ({"choices": [1]}, "choices: expected at least two, got 1"),
        ({"choices": []}, "choices: expected at least two, got 0"),
        ({"choices": "ab"}, "choices: expected a list of numbers or of texts, got 'ab' of type str"),
        ({"choices": {1, 2}}, "choices: expected a list .* of type set"),
        ({"choices": 5}, "choices: expected a list .* 5 of type int"),
        ({"choices": [1, 2, 1.0]}, r"choices\[2\]: expected one that differs from the others, got '1'"),
        ({"key": "09.x", "choices": ["a", "a"]}, r"choices\[1\]: expected one that differs"),
        ({"key": "09.x", "choices": ["a", ""]}, r"choices\[1\]: expected text, got an empty one"),
        ({"choices": [1, "a"]}, r"choices\[1\]: expected a number beside numbers.*got 'a' of type str"),
        ({"choices": [1, True]}, r"choices\[1\]: expected a number .*got True of type bool"),
        ({"choices": [1, np.nan]}, r"choices\[1\]: expected a finite number, got nan"),
        ({"unit": 1}, "unit: expected text, got 1 of type int"),
        ({"unit": "%", "percent": True}, "unit: expected none beside percent=True"),
        ({"key": "09.x", "choices": ["a", "b"], "unit": "m"}, "unit: expected none beside choices of text"),
    ],
)
def test_wrong_arguments(change, error):
    """Each is named, with what was expected and what to do; nothing is asked."""
    with pytest.raises((TypeError, ValueError), match=error):
        predict(**GOOD | change)
    assert _predictions._asked == {}


def test_numbers_of_numpy_serve():
    """An array of choices is a list of numbers."""
    predict(MSE, "The test error", np.array([0.05, 0.04]))
    predict(ANGLE, "The angle", np.arange(2))
    assert [p.choices for p in _predictions._asked.values()] == [(0.05, 0.04), (0, 1)]


def test_misspelt_outcome_stops_ci_and_no_student(forms, capsys, monkeypatch):
    """A key that nobody asked for and an outcome that is no choice: told as they are, errors under COURSE_STRICT=1."""
    predict("02.fastest", "Which?", ["slow", "fast"])
    answer(forms[0], 0)
    came_out("02.fastets", "fast")
    came_out("02.fastest", "faster")
    assert said(capsys) == ["Which? - you said slow; it came out as faster"]
    with pytest.raises(TypeError, match=r"outcome: expected text, got 3 of type int. .*check_result"):
        came_out("02.fastest", 3)
    monkeypatch.setenv("COURSE_STRICT", "1")
    with pytest.raises(ValueError, match=r"key: expected one that predict has asked for, got '02\.fastets'"):
        came_out("02.fastets", "fast")
    with pytest.raises(ValueError, match="outcome: expected one of slow, fast, got 'faster'"):
        came_out("02.fastest", "faster")


def test_a_form_of_its_own():
    """Two forms of one prediction write into the same one."""
    prediction = Prediction("09.x", "Which?", ("a", "b"))
    for form, i in ((PredictionForm(prediction), 0), (PredictionForm(prediction), 1)):
        answer(form, i)
    assert prediction.answer == "b"
