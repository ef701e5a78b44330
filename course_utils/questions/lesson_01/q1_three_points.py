"""01.1: PCA fitted to eight points, applied to three others."""

import numpy as np

from course_utils.questions.authoring import Mistake, array
from course_utils.questions.lesson_01.points import feet, sorted_eigenvectors

EIGHT = np.array([[1, 5], [2, 6], [3, 4], [4, 5], [5, 3], [6, 4], [7, 1], [8, 2]])
THREE = np.array([[9, 3], [2, 2], [6, 7]])
MEAN = EIGHT.mean(axis=0)


def reconstructed(through=MEAN, v=None):
    """Return the feet of the three points on a line; by default on the right one."""
    return feet(THREE, through, sorted_eigenvectors(EIGHT)[:, 0] if v is None else v)


def by_svd():
    """Return the right answer by the SVD of the centred points."""
    v = np.linalg.svd(EIGHT - MEAN)[2][:1]  # (1, 2)
    return (THREE - MEAN) @ v.T @ v + MEAN


def by_angle():
    """Return the right answer from the angle of the long axis, which two coordinates have in closed form."""
    (a, b), (_, d) = np.cov(EIGHT, rowvar=False)
    angle = np.arctan2(2 * b, a - d) / 2
    return feet(THREE, MEAN, np.array([np.cos(angle), np.sin(angle)]))


def uncentred_direction():
    """Return the direction in which the eight points, seen from the origin, are longest."""
    return np.linalg.eigh(EIGHT.T @ EIGHT / len(EIGHT))[1][:, -1]


def regression():
    """Return the points of the regression line above and below the three."""
    slope, intercept = np.polyfit(*EIGHT.T, 1)
    return np.column_stack([THREE[:, 0], slope * THREE[:, 0] + intercept])


def fitted_to(X):
    """Return the feet of the three on the line of other points."""
    return feet(THREE, X.mean(axis=0), sorted_eigenvectors(X)[:, 0])


def codes():
    """Return the codes of the three points, (3, 1)."""
    return (THREE - MEAN) @ sorted_eigenvectors(EIGHT)[:, :1]


QUESTION = array(
    "01.1",
    "three points on a line of others",
    right=reconstructed,
    also_right=(by_svd, by_angle),
    shape=(3, 2),
    rtol=1e-3,
    hints=(
        "PCA is fitted to the eight points: their mean, their covariance and its eigenvectors. The three new points "
        "play no part in that.",
        "`eigenvalues, V = np.linalg.eigh(np.cov(X, rowvar=False))`: the eigenvectors are the columns of `V`, and the "
        "eigenvalues ascend. Which column is PCA's direction?",
        "With `v = V[:, [-1]]`, of shape (2, 1), the codes are `(X_new - mean) @ v`, of shape (3, 1). Multiply them by "
        "`v.T` and add `mean`.",
    ),
    mistakes=(
        Mistake(
            "own mean of the new points",
            "The direction is right, but you centred the new points with their own mean. Through which point does the "
            "line of the eight run?",
            lambda: reconstructed(through=THREE.mean(axis=0)),
        ),
        Mistake(
            "fitted to the new points",
            "This is the line of the three new points. Which points should it be fitted to?",
            lambda: fitted_to(THREE),
        ),
        Mistake(
            "not centred",
            "This line runs through the origin and points at the middle of the cloud. What has to be subtracted before "
            "directions are compared?",
            lambda: reconstructed(through=np.zeros(2), v=uncentred_direction()),
        ),
        Mistake(
            "direction not centred",
            "The line runs through the right point, but in the wrong direction: was the covariance computed from "
            "centred points?",
            lambda: reconstructed(v=uncentred_direction()),
        ),
        Mistake(
            "mean forgotten",
            "The direction is right, but the line runs through the origin. Through which point should it run?",
            lambda: reconstructed(through=np.zeros(2)),
        ),
        Mistake(
            "mean not added",
            "You subtracted the mean and never added it back: these points lie around the origin.",
            lambda: reconstructed() - MEAN,
        ),
        Mistake(
            "mean not subtracted",
            "You added the mean at the end. Did you subtract it at the beginning?",
            lambda: reconstructed(through=np.zeros(2)) + MEAN,
        ),
        Mistake(
            "thin direction",
            "Your line runs across the cloud: it keeps the direction in which the points vary least. In which order do "
            "the eigenvalues come?",
            lambda: reconstructed(v=sorted_eigenvectors(EIGHT)[:, 1]),
        ),
        Mistake(
            "row of V",
            "Your line rises, but the cloud falls. Is an eigenvector a row of `V`, or a column?",
            lambda: reconstructed(v=sorted_eigenvectors(EIGHT)[:, 0] * [1, -1]),
        ),
        Mistake(
            "regression",
            "This is the regression line: it makes the *vertical* residuals small. Which ones does PCA make small?",
            regression,
        ),
        Mistake(
            "fitted to all points",
            "You fitted the line to the new points as well. Which points should it be fitted to?",
            lambda: fitted_to(np.concatenate([EIGHT, THREE])),
        ),
        Mistake(
            "both directions kept",
            "Nothing is lost here: you kept both directions. How many does `k = 1` keep?",
            lambda: THREE,
        ),
        Mistake(
            "residuals",
            "These are the residuals, the part that the line misses. Which part lies on the line?",
            lambda: THREE - reconstructed(),
        ),
        Mistake(
            "codes",
            "These are the codes, one number for each point. What does the decoder turn them into?",
            codes,
            recognise=lambda value: value.size == 3,
        ),
        Mistake(
            "axes exchanged",
            "Your array is transposed: each point should be a row.",
            lambda: reconstructed().T,
        ),
    ),
    praise="Fitted to eight points, applied to three others: once found, a line serves every point.",
)
