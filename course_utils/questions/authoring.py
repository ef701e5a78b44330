"""What the author of a question imports, an instructor's own questions included.

A question is a value. This one is complete; a file with it, and with ``QUESTIONS = (Q1,)`` at its end, is a module of
questions::

    import numpy as np

    from course_utils.questions.authoring import Mistake, array

    CHILDREN = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 9.0]])

    Q1 = array(
        "97.1",
        "the mean child",
        right=lambda: CHILDREN.mean(axis=0),
        also_right=(lambda: np.ones(3) @ CHILDREN / 3,),
        hints=("Over which axis of the array do the children run?", "`X.mean(axis=0)` is a mean over rows."),
        mistakes=(
            Mistake(
                "a mean for each child",
                "You have averaged over what was measured of one child. Which axis has the children?",
                lambda: CHILDREN.mean(axis=1),
            ),
            Mistake("one number", "That is the mean of everything. How many columns are there?", CHILDREN.mean),
        ),
        praise="A mean for each column: the centre of the cloud.",
    )

    QUESTIONS = (Q1,)

How an answer is judged: first whether there is one at all, then whether it is right. It is right when it agrees with
`right`, or, for a question with `checks`, when it passes every check. Whatever the text asks for must therefore be part
of `right` or be a check. Mistakes come afterwards: they choose the words for a wrong answer, the first that fits.
Nothing that `check` expects is typed in: right and wrong answers are computed by right and wrong code.

`once` and `of_data` remember what is slow to compute, for each data set.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields

import numpy as np

from course_utils.questions.engine.data import of_data, once
from course_utils.questions.engine.functions import FunctionKind
from course_utils.questions.engine.models import ModelKind, chain_of, numbers_that_pass
from course_utils.questions.engine.question import Check, Mistake, Question, Remark
from course_utils.questions.engine.values import ChoiceKind, ValueKind, Values

__all__ = [
    "Check",
    "Mistake",
    "Question",
    "Remark",
    "array",
    "chain_of",
    "choice",
    "function",
    "model",
    "number",
    "numbers_that_pass",
    "of_data",
    "once",
    "rounded",
]

_OF_VALUES = {field.name for field in fields(Values)}


def number(key: str, title: str, *, right: Callable[[], float], hints: Sequence[str], **more) -> Question:
    """Return a question whose answer is one number.

    Parameters
    ----------
    key, title, right, hints : as in `Question`; `right` computes the number
    more : any other field of `Question` (`checks`, `mistakes`, `praise`, `also_right`, `slow`)
        and of `Values` (`rtol` = 1e-4, `atol`, `whole`, `low`, `high`)
    """
    values, more = _parted(more)
    return Question(
        key=key, title=title, kind=ValueKind(Values(scalar=True, **values)), right=right, hints=hints, **more
    )


def array(key: str, title: str, *, right: Callable, hints: Sequence[str], **more) -> Question:
    """Return a question whose answer is an array; as `number`, and `signs`, `orthonormal`, `shape` of `Values`."""
    values, more = _parted(more)
    kind = ValueKind(Values(**values))
    return Question(key=key, title=title, kind=kind, right=right, hints=hints, **more)


def function(
    key: str,
    title: str,
    *,
    arguments: str,
    inputs: Callable[[], Sequence[tuple]],
    right: Callable[[], Callable],
    hints: Sequence[str],
    frozen: bool = False,
    **more,
) -> Question:
    """Return a question whose answer is a function.

    Parameters
    ----------
    arguments : str, the names of its arguments, separated by ", "
    inputs : function without arguments that returns a list of tuples of arguments, the same at each call
    right : function without arguments that returns a right function
    frozen : bool, whether the function must leave the arrays that it is given as they are: writing into one raises
    more : as for `array`; fields of `Values` say what the function returns (`scalar=True`: a number). Checks and
        predicates get the list of what it returned, one item for each of `inputs`
    """
    values, more = _parted(more)
    kind = FunctionKind(arguments, once(inputs), Values(**values), frozen)
    return Question(key=key, title=title, kind=kind, right=right, hints=hints, **more)


def choice(key: str, title: str, *, right: str, wrong: Mapping[str, str], hints: Sequence[str], **more) -> Question:
    """Return a question that is answered by a letter; `wrong` has a sentence for each other letter."""
    mistakes = [Mistake(f"option {letter}", text, lambda letter=letter: letter) for letter, text in wrong.items()]
    kind = ChoiceKind(tuple(sorted([right, *wrong])))
    return Question(key=key, title=title, kind=kind, right=lambda: right, hints=hints, mistakes=mistakes, **more)


def model(
    key: str,
    title: str,
    *,
    images: Callable[[], np.ndarray],
    right: Callable,
    hints: Sequence[str],
    checks: Sequence[Check],
    output_dim: int = 784,
    targets: Callable[[], np.ndarray] | None = None,
    more_facts: dict[str, Callable] | None = None,
    **more,
) -> Question:
    """Return a question whose answer is a Keras model.

    A model is judged by what it does, never by the names or classes of its layers: a Sequential model, one with
    activations as layers, one with functions of `keras.ops` and a subclass are the same answer.

    Parameters
    ----------
    images : function without arguments that returns what the model is applied to, float32; a few hundred rows
    right : function without arguments that returns a right model
    checks : `Check` on the facts: ``n_parameters``, ``output_range``, ``mse``, and `more_facts`
    targets : as `images`, what ``mse`` compares the outputs with; None: the images themselves
    more_facts : further facts by name, functions of (model, rows, its outputs) that return plain values, such as
        `numbers_that_pass` and `chain_of`; functions of a module, not lambdas, because graders send them to a process
    more : any other field of `Question`. Known mistakes need `recognise`, on the facts
    """
    kind = ModelKind(images, output_dim, targets, more_facts or {})
    return Question(key=key, title=title, kind=kind, right=right, hints=hints, checks=checks, **more)


def rounded(right: Callable[[], float]) -> Mistake:
    """Return the mistake of typing the right number with too few digits, two to four of them."""

    def recognise(value):
        return any(float(value) == float(f"{right():.{n}g}") for n in (2, 3, 4))

    text = (
        "Right as far as its digits go, but they are too few to be sure. Hand over the number as you computed it, "
        "unrounded."
    )
    return Mistake("rounded", text, lambda: float(f"{right():.2g}"), recognise)


def _parted(more):
    return (
        {name: value for name, value in more.items() if name in _OF_VALUES},
        {name: value for name, value in more.items() if name not in _OF_VALUES},
    )
