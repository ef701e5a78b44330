"""All questions of all lessons, their right and wrong answers, and how tests ask them.

Answers that are slow to make, trained nets above all, are made once per run; so are the facts about them.
"""

from functools import cache

import pytest

from course_utils.questions.engine import catalogue

QUESTIONS = [q for lesson in catalogue.lessons() for q in catalogue.questions_of(lesson).values()]
WRONG = [(q, wrong) for q in QUESTIONS for wrong in (*q.mistakes, *q.checks)]

each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
each_wrong_answer = pytest.mark.parametrize(
    ("question", "wrong"), WRONG, ids=[f"{q.key}-{wrong.name.replace(' ', '_')}" for q, wrong in WRONG]
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
    """Return what a question collects of an answer."""
    return question.collect(made(make), question.edition)


def right_makes(question):
    """Return the functions that make right answers."""
    return (question.right, *question.also_right)
