"""The questions on lesson 7, a code with a prior."""

from course_utils.questions.lesson_07 import (
    q1_cost_of_a_cloud,
    q2_draws,
    q3_five_losses,
    q4_better_than_collapsed,
    q5_exact_likelihood,
    q6_convolutional_decoder,
)

QUESTIONS = (
    q1_cost_of_a_cloud.QUESTION,
    q2_draws.QUESTION,
    q3_five_losses.QUESTION,
    q4_better_than_collapsed.QUESTION,
    q5_exact_likelihood.QUESTION,
    q6_convolutional_decoder.QUESTION,
)
