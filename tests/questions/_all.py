"""All questions of all lessons, and how tests ask them."""

import pytest

from course_utils.questions.engine import catalogue

QUESTIONS = [q for lesson in catalogue.lessons() for q in catalogue.questions_of(lesson).values()]
MISTAKES = [(q, mistake) for q in QUESTIONS for mistake in q.mistakes]

each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
each_mistake = pytest.mark.parametrize(
    ("question", "mistake"), MISTAKES, ids=[f"{q.key}-{mistake.name.replace(' ', '_')}" for q, mistake in MISTAKES]
)


def ask(question, answer):
    """Return the verdict on an answer, as `check` does, but without a net under our own code."""
    return question.judge(question.collect(answer))
