"""The questions on lesson 3, the autoencoder."""

from course_utils.questions.lesson_03 import (
    q1_quoted_figure,
    q2_plan,
    q3_cut_out_decoder,
    q4_stretched_map,
    q5_fair_table,
    q6_small_net,
)

QUESTIONS = (
    q1_quoted_figure.QUESTION,
    q2_plan.QUESTION,
    q3_cut_out_decoder.QUESTION,
    q4_stretched_map.QUESTION,
    q5_fair_table.QUESTION,
    q6_small_net.QUESTION,
)
