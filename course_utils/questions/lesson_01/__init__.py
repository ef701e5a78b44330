"""The questions on lesson 1, toy Gaussians."""

from course_utils.questions.lesson_01 import (
    q1_three_points,
    q2_what_is_lost,
    q3_three_faults,
    q4_diagonal,
    q5_which_half,
    q6_spiral_arm,
)

QUESTIONS = (
    q1_three_points.QUESTION,
    q2_what_is_lost.QUESTION,
    q3_three_faults.QUESTION,
    q4_diagonal.QUESTION,
    q5_which_half.QUESTION,
    q6_spiral_arm.QUESTION,
)
