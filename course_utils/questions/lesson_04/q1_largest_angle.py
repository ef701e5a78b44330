"""04.1: the largest angle between two subspaces."""

import numpy as np

from course_utils.questions.authoring import Mistake, function, once
from course_utils.questions.lesson_04.subspaces import cosines, largest_angle, orthonormal, unit_rows


@once
def pairs():
    """Return two pairs (A, B): subspaces of three dimensions, and one line given twice.

    For the line, rounding takes the cosine above 1, whichever way it is computed.
    """
    rng = np.random.default_rng(4)
    A, B = 0.2 * rng.normal(size=(2, 3, 8))
    lines = rng.normal(size=(10_000, 1, 2))
    return [(A, B), next((line, 3 * line) for line in lines if _exceeds_1(line, 3 * line))]


def _exceeds_1(A, B):
    bases = (orthonormal, unit_rows, lambda M: np.linalg.svd(M, full_matrices=False)[2].T)
    return all(abs((basis(A).T @ basis(B)).item()) > 1 and cosines(A, B, basis).min() > 1 for basis in bases)


def by_scipy(A, B):
    """Return the angle by SciPy, which takes the sine of small angles."""
    from scipy.linalg import subspace_angles

    return np.degrees(subspace_angles(A.T, B.T).max())


def by_projections(A, B):
    """Return the angle from its sine: the largest singular value of the difference of the two projections."""
    P_A, P_B = (M.T @ np.linalg.inv(M @ M.T) @ M for M in (A, B))
    return np.degrees(np.arcsin(min(np.linalg.norm(P_A - P_B, 2), 1)))


def unclipped(A, B):
    """Return the angle, or nan where rounding has taken the cosine above 1."""
    with np.errstate(invalid="ignore"):
        return np.degrees(np.arccos(cosines(A, B).min()))


def row_by_row(A, B):
    """Return the largest angle between a row of A and the same row of B."""
    return np.degrees(np.arccos(np.clip((unit_rows(A) * unit_rows(B)).sum(axis=0), -1, 1).min()))


def _mistake(name, text, wrong):
    # recognised by the first pair alone: without `np.clip`, the same mistake gives nan for the second
    return Mistake(name, text, lambda: wrong, lambda outputs: abs(outputs[0] - wrong(*pairs()[0])) < 1e-3)


def _is_rounded(outputs):
    right = largest_angle(*pairs()[0])
    return any(outputs[0] == np.round(right, digits) for digits in (0, 1, 2)) or 1e-3 < abs(outputs[0] - right) < 0.05


QUESTION = function(
    "04.1",
    "the angle between two subspaces",
    arguments="A, B",
    inputs=pairs,
    right=lambda: largest_angle,
    also_right=(lambda: by_scipy, lambda: by_projections),
    scalar=True,
    rtol=0,
    atol=1e-3,
    hints=(
        "The product of two vectors is the cosine of the angle between them only if both have length 1. For bases, the "
        "vectors of each must also be at right angles to one another. Is this true of the rows of `A`?",
        "`Q_A = np.linalg.qr(A.T)[0]` has orthonormal columns, which span the same subspace as the rows of `A`. The "
        "singular values of `Q_A.T @ Q_B` are the cosines of the principal angles.",
        "The largest angle has the smallest cosine. Use `np.clip(cosine, -1, 1)` before `np.arccos`, then "
        "`np.degrees`.",
    ),
    mistakes=(
        Mistake(
            "arccos of more than 1",
            "You get nan where both subspaces are the same: rounding takes the cosine slightly above 1. What can you "
            "do before `np.arccos`?",
            lambda: unclipped,
        ),
        Mistake(
            "always 0",
            "You get 0 for any two subspaces, so your two bases always span the same. Did you take the columns of `A` "
            "and `B`, or all d rows of a full `Vt`? Compare k vectors that span what the rows span.",
            lambda: lambda A, B: largest_angle(A.T, B.T),
        ),
        Mistake(
            "rounded",
            "Your angle is right as far as its digits go, but it is rounded. Return it unrounded.",
            lambda: lambda A, B: np.round(largest_angle(A, B), 1),
            _is_rounded,
        ),
        _mistake(
            "radians",
            "The angle is right, but in another unit. Which unit does the question ask for?",
            lambda A, B: np.radians(largest_angle(A, B)),
        ),
        _mistake("the cosine", "This is the cosine of the angle.", lambda A, B: cosines(A, B).min()),
        _mistake(
            "the smallest angle",
            "This is the smallest of the principal angles. Does the largest cosine belong to the largest angle?",
            lambda A, B: np.degrees(np.arccos(np.clip(cosines(A, B).max(), -1, 1))),
        ),
        _mistake(
            "rows as they are",
            "You multiply the rows as they are. To get cosines, the vectors of each basis must have length 1 and be at "
            "right angles to one another.",
            lambda A, B: largest_angle(A, B, basis=np.transpose),
        ),
        _mistake(
            "rows of length 1",
            "Your rows have length 1, but they are not at right angles to one another. Another basis of the same "
            "subspace would give another angle.",
            lambda A, B: largest_angle(A, B, basis=unit_rows),
        ),
        _mistake(
            "row by row",
            "You compare the first row with the first, the second with the second, and so on. Other rows can span the "
            "same subspace.",
            row_by_row,
        ),
    ),
    praise="The angle depends on the subspaces alone, not on the vectors that span them.",
)
