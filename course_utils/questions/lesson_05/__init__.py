"""The questions on lesson 5, the latent manifold."""

from course_utils.questions.lesson_05 import (
    q1_decoder,
    q2_training_steps,
    q3_canvas,
    q4_spread,
    q5_half_way,
    q6_hidden_pixels,
)

QUESTIONS = (
    q1_decoder.QUESTION,
    q2_training_steps.QUESTION,
    q3_canvas.QUESTION,
    q4_spread.QUESTION,
    q5_half_way.QUESTION,
    q6_hidden_pixels.QUESTION,
)
