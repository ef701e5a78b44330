"""The questions to lesson 7, a code with a prior."""

from course_utils.questions.lesson_07 import (
    q1_divergence,
    q2_draws,
    q3_five_losses,
    q5_exact_likelihood,
)

QUESTIONS = (
    q1_divergence.QUESTION,
    q2_draws.QUESTION,
    q3_five_losses.QUESTION,
    q5_exact_likelihood.QUESTION,
)
