"""The questions on lesson 6, one layer and denoising."""

from course_utils.questions.lesson_06 import (
    q1_guess_cost,
    q2_unused_units,
    q3_pairs,
    q4_linear_cleaner,
    q5_wide_net,
    q6_few_images,
)

QUESTIONS = (
    q1_guess_cost.QUESTION,
    q2_unused_units.QUESTION,
    q3_pairs.QUESTION,
    q4_linear_cleaner.QUESTION,
    q5_wide_net.QUESTION,
    q6_few_images.QUESTION,
)
