"""01.4: the error of the line at 45 degrees, derived."""

import numpy as np

from course_utils.questions.authoring import Mistake, number

C = np.array([[5, 2], [2, 2]])


def lost(v=(1, 1)):
    """Return the mean over both coordinates of what the line along v loses."""
    v = np.array(v) / np.linalg.norm(v)
    return (np.trace(C) - v @ C @ v) / 2


def lost_across():
    """Return the same from the variance across the line."""
    v = np.array([1, -1]) / np.sqrt(2)
    return v @ C @ v / 2


def lost_by_matrices():
    """Return the same from the covariance of the residuals."""
    v = np.array([[1], [1]]) / np.sqrt(2)
    R = np.eye(2) - v @ v.T
    return np.trace(R @ C @ R) / 2


QUESTION = number(
    "01.4",
    "the price of the diagonal",
    right=lost,
    also_right=(lost_across, lost_by_matrices),
    rtol=1e-3,
    low=0,
    hints=(
        "A line keeps the variance of the codes along it and loses the rest. What is the total?",
        "The codes along v have the variance $v^\\top C v$, where v has length 1: at 45 degrees both its coordinates "
        "are $1/\\sqrt{2}$. The total variance is the sum of the diagonal of C.",
        "What is lost is 5 + 2 less $v^\\top C v$, which is half the sum of all four entries of C. The mean over two "
        "coordinates halves it.",
    ),
    mistakes=(
        Mistake(
            "not halved",
            "This is what a point loses in total, or half of the *vertical* residual squared. The mean squared error "
            "is a mean over both coordinates, and the residual is perpendicular to the line.",
            lambda: 1.5,
        ),
        Mistake(
            "vertical, or kept by the best line",
            "Two ways lead to this number. If you measured the residual vertically: PCA's is perpendicular to the "
            "line. If it is half of the larger eigenvalue: that is what the *best* line *keeps*.",
            lambda: 3,
        ),
        Mistake(
            "best line", "This is what the *best* line loses. Does the best line rise by 45 degrees here?", lambda: 0.5
        ),
        Mistake(
            "best line, not halved",
            "This is the smaller eigenvalue. Whose line loses that, and over how many coordinates is the mean?",
            lambda: 1,
        ),
        Mistake("kept, not halved", "This is the variance of the codes: what the line keeps.", lambda: 5.5),
        Mistake("kept", "This is half of the codes' variance: what the line keeps. What is left?", lambda: 2.75),
        Mistake("total", "This is the error when the answer is always the mean: everything is lost.", lambda: 3.5),
        Mistake(
            "v too long",
            "An error below zero? Look at the length of your v.",
            lambda: (np.trace(C) - np.ones(2) @ C @ np.ones(2)) / 2,
            recognise=lambda value: bool(value < 0),
        ),
        Mistake("root", "You took a root: the error is a mean of *squares*.", lambda: lost() ** 0.5),
    ),
    praise="What is kept and what is lost add up to the same total for every line, so one of them is enough.",
)
