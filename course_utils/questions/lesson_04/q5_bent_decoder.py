"""04.5: the smallest bent decoder that beats PCA."""

import numpy as np

from course_utils.questions.authoring import Mistake, number
from course_utils.questions.lesson_04.images import centred_500

N_CODES = 2


def elu(x):
    """Return Keras's `elu` of x."""
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


def by_rank():
    """Return the smallest number of elu units whose values at codes in the plane do not lie in a plane."""
    rng = np.random.default_rng(0)
    codes = rng.normal(size=(200, N_CODES))
    for n_units in range(1, 10):
        bent = elu(codes @ rng.normal(size=(N_CODES, n_units)) + rng.normal(size=n_units))
        if np.linalg.matrix_rank(bent - bent.mean(axis=0)) > N_CODES:
            return n_units
    raise AssertionError("ten units lie in a plane")


def by_least_squares():
    """Return the smallest number of elu units of PCA's codes from which a linear layer draws better than PCA.

    The first two are far from the bend, so they pass the codes on.
    """
    X = centred_500()
    U, s, _ = np.linalg.svd(X, full_matrices=False)
    codes = U[:, :N_CODES] * s[:N_CODES]
    units = elu(np.column_stack([codes + 1000, codes]))
    for n_units in range(1, 5):
        bent = np.column_stack([units[:, :n_units], np.ones(len(X))])
        residual = X - bent @ np.linalg.lstsq(bent, X, rcond=None)[0]
        if np.sum(residual**2) < (1 - 1e-6) * np.sum(s[N_CODES:] ** 2):
            return n_units
    raise AssertionError("four units are no better than PCA")


QUESTION = number(
    "04.5",
    "the smallest bent decoder",
    right=lambda: N_CODES + 1,  # fewer draw into a plane at most
    also_right=(by_rank, by_least_squares),
    whole=True,
    low=1,
    hints=(
        "Compare each net with PCA's error on the images that it was trained on: `above_pca` does this.",
        "Where do the reconstructions lie if a linear layer draws them from `n_units` bent numbers? What if there are "
        "only two such numbers?",
        "Two numbers, however bent, are drawn into a plane. Try the next.",
    ),
    mistakes=(
        Mistake(
            "one",
            "From one bent unit, the linear output draws a straight line. Can a line beat PCA's plane?",
            lambda: 1,
        ),
        Mistake(
            "two",
            "The last layer is linear, so two bent numbers are drawn into a plane again. What does the lesson say "
            "about the best plane? Look at the sign of `above_pca`.",
            lambda: 2,
        ),
        Mistake("four", "Four are enough. Are fewer?", lambda: 4),
        Mistake(
            "many",
            "So many are enough. Are fewer? Start at the lower end.",
            lambda: 8,
            recognise=lambda value: bool(value > 4 and value == np.round(value)),
        ),
    ),
    praise="With this many units the surface can leave the plane, although the encoder is still linear.",
)
