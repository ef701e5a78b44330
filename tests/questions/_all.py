"""All questions of all lessons, their right and wrong answers, and how tests ask them.

Answers that are slow to make, trained nets above all, are made once per run; so are the facts about them.
"""

from functools import cache

import numpy as np
import pytest

from course_utils.questions.engine import catalogue

QUESTIONS = [q for lesson in catalogue.lessons() for q in catalogue.questions_of(lesson).values()]

# Questions that never look at the images: `make test-lessons` leaves them out, because `make test` has asked them
ON_ANY_DATA = {
    *("01.1", "01.2", "01.3", "01.4", "01.5", "01.6"),
    *("02.2", "02.3", "02.5", "03.3", "04.1", "04.2", "04.3"),
    *("05.1", "05.2", "05.3", "05.5", "06.1", "06.2", "06.3", "06.5"),
    *("07.1", "07.2", "07.3", "07.5"),
}


def _parameter(question, *more, name=""):
    marks = pytest.mark.on_any_data if question.key in ON_ANY_DATA else ()
    return pytest.param(question, *more, marks=marks, id=question.key + name)


each_question = pytest.mark.parametrize("question", [_parameter(q) for q in QUESTIONS])
each_wrong_answer = pytest.mark.parametrize(
    ("question", "wrong"),
    [
        _parameter(q, wrong, name=f"-{wrong.name.replace(' ', '_')}")
        for q in QUESTIONS
        for wrong in (*q.mistakes, *q.checks)
    ],
)


def ask(question, answer):
    """Return the verdict on an answer, as `check` does, but without a net under our own code."""
    return question.judge(question.collect(answer, question.edition))


@cache
def made(make):
    """Return the answer that a function makes, the same one at each call."""
    return make()


@cache
def facts_of(question, make):
    """Return what a question collects of an answer, which has to stay as it is."""
    answer = made(make)
    before = fingerprint(answer)
    facts = question.collect(answer, question.edition)
    assert fingerprint(answer) == before, f"{question.key} has changed the answer that it was given"
    question._made.setdefault(make, lambda: facts)  # the question itself need not collect them again
    return facts


def fingerprint(answer):
    """Return what must not change of an answer: bytes of arrays, weights and settings of a model."""
    if hasattr(answer, "get_weights"):
        settings = [answer.trainable, answer.compiled, answer.built, [layer.name for layer in answer.layers]]
        return [*(w.tobytes() for w in answer.get_weights()), repr(settings)]
    if callable(answer):
        return repr(sorted(vars(answer).items()))
    return np.asarray(answer).tobytes() + repr(answer).encode()


def right_makes(question):
    """Return the functions that make right answers."""
    return (question.right, *question.also_right)
