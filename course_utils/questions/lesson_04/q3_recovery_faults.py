"""04.3: two faults in the recovery of components from a linear net."""

import numpy as np

from course_utils.questions.authoring import Mistake, function
from course_utils.questions.lesson_04.nets import components


def nets():
    """Return one pair (codes, W): codes far from the origin, and the matrix of a decoder."""
    rng = np.random.default_rng(24)
    return [(rng.normal(size=(50, 3)) @ rng.normal(size=(3, 3)) + 4, rng.normal(size=(3, 9)))]


def by_eigenvectors(codes, W):
    """Return the components from the covariance of the reconstructions."""
    _, V = np.linalg.eigh(np.cov(codes @ W, rowvar=False))
    return V[:, ::-1][:, : len(W)].T


def by_reconstructions(codes, W):
    """Return the components from the reconstructions themselves."""
    drawn = codes @ W
    return np.linalg.svd(drawn - drawn.mean(axis=0), full_matrices=False)[2][: len(W)]


def by_symmetric_root(codes, W):
    """Return the components by the symmetric root of the codes' covariance in place of Cholesky's."""
    values, V = np.linalg.eigh(np.cov(codes, rowvar=False))
    return np.linalg.svd(V @ np.diag(np.sqrt(values)) @ V.T @ W, full_matrices=False)[2]


QUESTION = function(
    "04.3",
    "two faults in a recovery",
    arguments="codes, W",
    inputs=nets,
    right=lambda: components,
    also_right=(lambda: by_eigenvectors, lambda: by_reconstructions, lambda: by_symmetric_root),
    given=lambda: lambda codes, W: components(codes, W, centre=False, transpose=False),
    signs="rows",
    orthonormal="rows",
    rtol=1e-5,
    hints=(
        "Write down the covariance of the centred reconstructions, with `L @ L.T` for the covariance of the codes.",
        "It is `W.T @ L @ L.T @ W`: a matrix, multiplied by its transpose from the left. Which matrix?",
        "`codes.T @ codes / len(codes)` is a covariance only if the mean of the codes is zero. And the SVD must be "
        "that of `L.T @ W`.",
    ),
    mistakes=(
        Mistake(
            "not centred",
            "`L.T` is right now. But is `codes.T @ codes / len(codes)` a covariance, whatever the mean of the codes?",
            lambda: lambda codes, W: components(codes, W, centre=False),
        ),
        Mistake(
            "L for its transpose",
            "The codes are centred now. Write the covariance of the reconstructions with `L @ L.T` in it: which factor "
            "stands next to `W`?",
            lambda: lambda codes, W: components(codes, W, transpose=False),
        ),
        Mistake(
            "SVD of W",
            "These are the singular vectors of `W` alone. What about the codes do they leave out?",
            lambda: lambda codes, W: np.linalg.svd(W, full_matrices=False)[2],
        ),
        Mistake(
            "the other end first",
            "These are the right components, but the one with least variance comes first.",
            lambda: lambda codes, W: components(codes, W)[::-1],
        ),
        Mistake(
            "columns",
            "These are the right components, but as columns. Return them as rows.",
            lambda: lambda codes, W: components(codes, W).T,
        ),
    ),
    praise="The root of the codes' covariance tells the SVD how much the net uses each direction of W.",
)
