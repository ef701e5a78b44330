"""The questions on lesson 4, a linear autoencoder is PCA."""

from course_utils.questions.lesson_04 import (
    q1_largest_angle,
    q2_above_pca,
    q3_recovery_faults,
    q4_stuck_net,
    q5_bent_decoder,
    q6_trained_components,
)

QUESTIONS = (
    q1_largest_angle.QUESTION,
    q2_above_pca.QUESTION,
    q3_recovery_faults.QUESTION,
    q4_stuck_net.QUESTION,
    q5_bent_decoder.QUESTION,
    q6_trained_components.QUESTION,
)
