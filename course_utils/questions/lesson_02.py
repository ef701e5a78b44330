"""The questions to lesson 2, MNIST by PCA."""

import numpy as np

from course_utils.questions._data import of_data
from course_utils.questions._kinds import array
from course_utils.questions._question import Mistake


def fit(X):
    """Return mean, singular values and components (as rows) of X."""
    mean = X.mean(axis=0)
    _, s, Vt = np.linalg.svd(X - mean, full_matrices=False)
    return mean, s, Vt


# 02.1: the scores of 1000 images on two components


@of_data
def first_1000(data):
    """Return the first 1000 train images."""
    return data.X_train[:1000].copy()


@of_data
def decomposed(data):
    """Return U, s, Vt of these images, centred; and of these images as they are."""
    X = data.X_train[:1000]
    return np.linalg.svd(X - X.mean(axis=0), full_matrices=False), np.linalg.svd(X, full_matrices=False)


def scores():
    """Return the scores on the first two components, (1000, 2)."""
    (U, s, _), _ = decomposed()
    return U[:, :2] * s[:2]


Q1 = array(
    "02.1",
    "two scores for each image",
    right=scores,
    signs="columns",
    rtol=1e-3,
    hints=(
        "Centre first: which axis of `X` has to be averaged over, so that 784 numbers remain?",
        "`np.linalg.svd(X_centred, full_matrices=False)` gives `U, s, Vt`. The components are the *rows* of `Vt`.",
        "The scores are `U[:, :2] * s[:2]`, or the centred images times the first two rows of `Vt`, transposed.",
    ),
    mistakes=(
        Mistake(
            "not centred",
            "These are scores of images that were not centred. What does the first direction point at, when the data "
            "lie far from the origin?",
            lambda: decomposed()[1][0][:, :2] * decomposed()[1][1][:2],
        ),
        Mistake(
            "centred each image",
            "You have taken away each image's own mean brightness. Which mean belongs to a *pixel*?",
            lambda: _scores_of(first_1000() - first_1000().mean(axis=1, keepdims=True)),
        ),
        Mistake(
            "U without s",
            "Both columns have length 1: that is `U`. How large is a score, beside that?",
            lambda: decomposed()[0][0][:, :2],
        ),
        Mistake(
            "projected uncentred",
            "The components are right. But what did you project on them: the images, or what is left when the mean is "
            "taken away?",
            lambda: first_1000() @ decomposed()[0][2][:2].T,
        ),
        Mistake(
            "columns of Vt",
            "You have multiplied by two *columns* of `Vt`. Where do the components stand in it?",
            lambda: (first_1000() - first_1000().mean(axis=0)) @ decomposed()[0][2][:, :2],
        ),
        Mistake(
            "axes exchanged",
            "Your array is lying on its side: the scores of an image belong into a row.",
            lambda: scores().T,
        ),
    ),
    praise="The SVD gives the scores at once, and projecting gives the same: that is what the scores are.",
    also_right=(lambda: (first_1000() - first_1000().mean(axis=0)) @ decomposed()[0][2][:2].T,),
)


def _scores_of(X):
    U, s, _ = np.linalg.svd(X, full_matrices=False)
    return U[:, :2] * s[:2]


QUESTIONS = (Q1,)
