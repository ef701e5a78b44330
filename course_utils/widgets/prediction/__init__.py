"""A prediction that is remembered: a small question below a *Predict first*, answered by a choice or by a number.

It says only that the answer is noted. The cell that measures says what came out beside what was said, and
`report` lists all at the lesson's end. Nothing waits for an answer, and without one nothing is said.
"""

import math
import pathlib

import anywidget
import traitlets

from course_utils import _predictions
from course_utils._display import in_notebook
from course_utils._predictions import Prediction
from course_utils._settings import is_strict
from course_utils._validation import message
from course_utils.widgets import read_style
from course_utils.widgets.prediction.arguments import check_choices, check_key, check_text, check_unit

__all__ = ["PredictionForm", "came_out", "predict"]

_HERE = pathlib.Path(__file__).parent


def predict(key: str, question: str, choices=None, *, unit: str = "", percent: bool = False) -> None:
    """Ask for a prediction, below the cell.

    A cell that is run again keeps the answer given. The answer that stands when the outcome is measured is the one
    that counts; from then on it is fixed.

    Parameters
    ----------
    key : str
        The ledger's key under which `check_result` will measure the outcome, ``"03.ae_5_epochs.test_mse"``. Where
        choices are text, a key of your own in the same form, which you give to `came_out`.
    question : str
        The question, or what is asked for. It stands in the report, too: keep it short.
    choices : sequence of at least two different numbers or texts, or None
        None asks for any number.
    unit : str
        What stands behind the numbers, ``"degrees"``.
    percent : bool
        The ledger's figure is a share: ask for it, and show it, in per cent.

    Raises
    ------
    TypeError or ValueError
        For a key that is not in the ledger, fewer than two choices or the same one twice; the message says what to do.
    """
    question = check_text("question", question, "It says what is asked for.")
    unit = check_unit(unit, percent)
    choices = check_choices(choices, unit)
    key = check_key(key, is_text=bool(choices) and isinstance(choices[0], str))
    form = PredictionForm(_predictions.asked(Prediction(key, question, choices, unit, 100 if percent else 1)))
    if in_notebook():
        from IPython.display import display

        display(form)
    else:
        print(form.as_text())


def came_out(key: str, outcome: str) -> None:
    """Say what came out of a prediction whose choices are text, beside what was said, if anything was.

    Parameters
    ----------
    key : str
        As in `predict`. What has not been asked, because its cell was not run, is passed over.
    outcome : str
        One of the choices. Another, in a lesson that a student has changed, is told as it is.

    Raises
    ------
    ValueError
        Not asked, or none of the choices, and the environment variable ``COURSE_STRICT`` is ``1``.
    """
    outcome = check_text("outcome", outcome, "What came out as a number is told by check_result.")
    prediction = _predictions.find(key)
    if is_strict():
        if prediction is None:
            raise ValueError(message("key", "one that predict has asked for", repr(key), "Or run its cell first."))
        if outcome not in prediction.choices:
            raise ValueError(message("outcome", f"one of {', '.join(map(str, prediction.choices))}", repr(outcome)))
    _predictions.measured(key, outcome)


class PredictionForm(anywidget.AnyWidget):
    """The question in a cell's output: radio buttons or a number field, in Jupyter and in pages without a kernel."""

    _esm = (_HERE / "prediction.js").read_text(encoding="utf-8")
    _css = read_style(_HERE / "prediction.css")

    _question = traitlets.Unicode().tag(sync=True)
    _choices = traitlets.List(traitlets.Unicode()).tag(sync=True)  # as they are shown; none: a number field
    _unit = traitlets.Unicode().tag(sync=True)
    _answer = traitlets.Float(None, allow_none=True).tag(sync=True)  # the number of the choice, from 0, or the number
    _fixed = traitlets.Bool(False).tag(sync=True)  # measured: it can be changed no more

    def __init__(self, prediction: Prediction, **kwargs):
        """Show a prediction, with the answer that it has."""
        self._prediction = prediction
        answer = prediction.answer if prediction.said is None else prediction.said
        if answer is not None and prediction.choices:
            answer = prediction.choices.index(answer)
        super().__init__(
            _question=prediction.question,
            _choices=[prediction.shown(choice) for choice in prediction.choices],
            _unit=prediction.unit,
            _answer=answer,
            _fixed=prediction.said is not None,
            **kwargs,
        )
        self.observe(self._note, "_answer")
        prediction.when_measured = lambda: setattr(self, "_fixed", True)

    @traitlets.validate("_answer")
    def _check_answer(self, proposal):
        answer, choices = proposal.value, self._prediction.choices
        possible = answer in range(len(choices)) if choices else answer is None or math.isfinite(answer)
        if answer is not None and not possible:
            raise traitlets.TraitError(message("answer", "a choice's number" if choices else "a number", repr(answer)))
        return answer

    def _note(self, change):
        choices, answer = self._prediction.choices, change.new
        self._prediction.answer = choices[int(answer)] if choices and answer is not None else answer

    def as_text(self) -> str:
        """Return the question as text, for where no widget can be shown: a terminal, or a stored notebook on GitHub."""
        lines = [f"( ) {choice}" for choice in self._choices] or [f"____ {self._unit}".rstrip()]
        return "\n".join([f"Your prediction: {self._question}", *(f"  {line}" for line in lines)])

    _ipython_display_ = None  # that of ipywidgets 7, which Colab brings, would show other text

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return data | {"text/plain": self.as_text()}, metadata
