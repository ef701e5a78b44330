"""The questions on lesson 2, MNIST by PCA."""

from course_utils.questions.lesson_02 import (
    q1_scores,
    q2_train_test,
    q3_scree_fault,
    q4_predicted_error,
    q5_shuffled_pixels,
    q6_hidden_half,
)

QUESTIONS = (
    q1_scores.QUESTION,
    q2_train_test.QUESTION,
    q3_scree_fault.QUESTION,
    q4_predicted_error.QUESTION,
    q5_shuffled_pixels.QUESTION,
    q6_hidden_half.QUESTION,
)
