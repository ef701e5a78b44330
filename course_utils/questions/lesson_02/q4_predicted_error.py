"""02.4: the error of 20 components, from the variances."""

import numpy as np

from course_utils.questions.authoring import Mistake, number, rounded
from course_utils.questions.lesson_02.images import first_1000, reconstruct, svd


def predicted(kept=20, divisor=1000, pixels=784):
    """Return the sum of the variances behind the kept ones over the pixels, with any divisor in place of n."""
    return np.sum(svd()[1][kept:].astype(float) ** 2) / divisor / pixels


def by_reconstructing():
    """Return the error of the reconstructions themselves."""
    X = first_1000().astype(float)
    return np.mean((X - reconstruct(X, X, 20)) ** 2)


def by_what_is_kept():
    """Return the total variance less that of the scores on the 20 eigenvectors of the covariance."""
    C = np.cov(first_1000(), rowvar=False, ddof=0)
    return (np.trace(C) - np.linalg.eigvalsh(C)[-20:].sum()) / len(C)


def share_left():
    """Return the share of the variance that 20 components leave."""
    return predicted() / predicted(0)


QUESTION = number(
    "02.4",
    "the error, predicted",
    right=predicted,
    also_right=(by_reconstructing, by_what_is_kept),
    rtol=2e-4,
    low=0,
    hints=(
        "Which variances are lost, those of the kept components or the others? Their sum is a squared length.",
        "The lesson's formula has a sum over i > k, and a divisor that makes it a mean over pixels. Which Python index "
        "has i = 21?",
        "`explained_variance_` divides by n - 1, and an error is a mean over n. Here n is 1000, which is few enough "
        "for the difference to show.",
    ),
    mistakes=(
        rounded(predicted),
        Mistake(
            "n - 1 for n",
            "Very near. The variances have the divisor n - 1; by what does a mean over n images divide?",
            lambda: predicted(divisor=999),
        ),
        Mistake(
            "corrected the wrong way",
            "You know of n and n - 1. Which of the two must be replaced by the other?",
            lambda: predicted(divisor=999**2 / 1000),
        ),
        Mistake(
            "summed over pixels",
            "This is the squared error of a whole image. The question asks for the error per pixel.",
            lambda: predicted(pixels=1),
        ),
        Mistake(
            "summed, n - 1",
            "You have added up the right variances. Two things are left: the question asks for the error per "
            "pixel, and the variances have the divisor n - 1.",
            lambda: predicted(divisor=999, pixels=1),
        ),
        Mistake(
            "mean over the dropped components",
            "You divide the right sum by the number of dropped components. How many *pixels* has an image?",
            lambda: predicted(pixels=764),
        ),
        Mistake(
            "mean over the dropped, n - 1",
            "These are the right variances, but `mean` divides by how many were dropped. How many *pixels* are there? "
            "And what is the divisor in the variances themselves?",
            lambda: predicted(divisor=999, pixels=764),
        ),
        Mistake(
            "the kept ones",
            "That is what the 20 components keep. What do they leave?",
            lambda: predicted(0) - predicted(),
        ),
        Mistake("a share", "That is the share of the variance that is left, without a unit.", share_left),
        Mistake("one too many", "You have dropped the 20th as well.", lambda: predicted(19)),
        Mistake("one too few", "You have kept the 21st as well.", lambda: predicted(21)),
        Mistake(
            "one too many, n - 1",
            "You have dropped the 20th as well. And by what does a mean over n images divide?",
            lambda: predicted(19, divisor=999),
        ),
        Mistake(
            "one too few, n - 1",
            "You have kept the 21st as well. And by what does a mean over n images divide?",
            lambda: predicted(21, divisor=999),
        ),
    ),
    praise="You did not have to reconstruct an image: the variances of the dropped components are the error.",
)
