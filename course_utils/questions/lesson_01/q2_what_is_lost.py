"""01.2: PCA's error, from the eigenvalues."""

import numpy as np

from course_utils.questions.authoring import Mistake, function
from course_utils.questions.lesson_01.points import clouds, sorted_eigenvectors


def loss_of(counted=lambda eigenvalues, d, k: eigenvalues[: d - k], ddof=0, over=lambda d, k: d):
    """Return a function (X, k) -> sum of those of the ascending eigenvalues that are counted, over a number."""

    def lost(X, k):
        eigenvalues = np.linalg.eigvalsh(np.cov(X, rowvar=False, ddof=ddof))
        return counted(eigenvalues, X.shape[1], k).sum() / over(X.shape[1], k)

    return lost


def by_reconstructing(X, k):
    """Return the error of the reconstructions themselves."""
    V_k, mean = sorted_eigenvectors(X)[:, :k], X.mean(axis=0)
    return np.mean((X - mean - (X - mean) @ V_k @ V_k.T) ** 2)


def by_singular_values(X, k):
    """Return the squares of the dropped singular values of the centred points, over all their coordinates."""
    return np.sum(np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k:] ** 2) / X.size


def not_centred(X, k):
    """Return what the eigenvalues of X as it is would lose."""
    return np.linalg.eigvalsh(X.T @ X / len(X))[: X.shape[1] - k].sum() / X.shape[1]


def share_lost(X, k):
    """Return which share of the variance is lost."""
    eigenvalues = np.linalg.eigvalsh(np.cov(X, rowvar=False))
    return eigenvalues[: X.shape[1] - k].sum() / eigenvalues.sum()


def only_below_d(X, k):
    """As the right function, but an empty sum is divided by zero for k = d."""
    dropped = np.linalg.eigvalsh(np.cov(X, rowvar=False, ddof=0))[: X.shape[1] - k]
    return dropped.mean() * len(dropped) / X.shape[1] if len(dropped) else np.nan


QUESTION = function(
    "01.2",
    "what is lost, without reconstructing",
    arguments="X, k",
    inputs=lambda: clouds((15, 5, 2), (20, 3, 0), (10, 2, 2)),
    right=loss_of,
    also_right=(lambda: by_reconstructing, lambda: by_singular_values),
    scalar=True,
    atol=1e-9,
    hints=(
        "In total, PCA loses the sum of the eigenvalues that it drops. Over how many numbers per point is the mean "
        "squared error a mean?",
        "`np.linalg.eigvalsh` returns the eigenvalues in ascending order: of d, the first d - k are dropped. And "
        "`np.cov` does not divide by the same number as the mean squared error does: see its argument `ddof`.",
        "`np.linalg.eigvalsh(np.cov(X, rowvar=False, ddof=0))[: d - k].sum() / d`, where d is `X.shape[1]`.",
    ),
    mistakes=(
        Mistake(
            "n - 1 for n",
            "Nearly, but always a little too large, and more so the fewer points there are: by what does `np.cov` "
            "divide, and by what does a mean over all points?",
            lambda: loss_of(ddof=1),
        ),
        Mistake(
            "halved",
            "This is right for points with two coordinates. Where does the 2 come from, and what is it for five?",
            lambda: loss_of(over=lambda d, k: 2),
        ),
        Mistake(
            "summed",
            "This is what a point loses in total. The mean squared error is also a mean over the coordinates.",
            lambda: loss_of(over=lambda d, k: 1),
        ),
        Mistake(
            "halved, n - 1",
            "Two things to look at: where does the 2 come from, and by what does `np.cov` divide?",
            lambda: loss_of(ddof=1, over=lambda d, k: 2),
        ),
        Mistake(
            "summed, n - 1",
            "Two things to look at: besides the points, over what is the error a mean? And by what does `np.cov` "
            "divide?",
            lambda: loss_of(ddof=1, over=lambda d, k: 1),
        ),
        Mistake(
            "one eigenvalue, halved",
            "This is the formula for two coordinates and one number kept. What is dropped for other d and k?",
            lambda: loss_of(lambda eigenvalues, d, k: eigenvalues[:1], ddof=1, over=lambda d, k: 2),
        ),
        Mistake(
            "mean of the dropped",
            "You have averaged over the dropped directions. The error is a mean over all coordinates of a point.",
            lambda: loss_of(over=lambda d, k: max(d - k, 1)),
        ),
        Mistake(
            "kept",
            "This is the variance that the k numbers keep. What do they lose?",
            lambda: loss_of(counted=lambda eigenvalues, d, k: eigenvalues[d - k :]),
        ),
        Mistake(
            "unsorted",
            "You drop the largest eigenvalues and keep the smallest: in which order does NumPy return them?",
            lambda: loss_of(counted=lambda eigenvalues, d, k: eigenvalues[k:]),
        ),
        Mistake(
            "nothing kept",
            "Right except for k = 0, where everything is lost: what does `[:-k]` give there?",
            lambda: loss_of(counted=lambda eigenvalues, d, k: eigenvalues[:-k]),
        ),
        Mistake(
            "nothing kept, n - 1",
            "Two things to look at: what does `[:-k]` give for k = 0, and by what does `np.cov` divide?",
            lambda: loss_of(lambda eigenvalues, d, k: eigenvalues[:-k], ddof=1),
        ),
        Mistake(
            "everything kept",
            "Right except for k = d, where nothing is dropped: the mean of an empty array is not a number.",
            lambda: only_below_d,
        ),
        Mistake(
            "not centred",
            "These are eigenvalues of points that were not centred: did you subtract the mean?",
            lambda: not_centred,
        ),
        Mistake(
            "share",
            "This is the share of the variance that is lost, between 0 and 1. The error is in squared units of x.",
            lambda: share_lost,
        ),
    ),
    praise="The eigenvalues hold the error for every k: no point has to be reconstructed.",
)
