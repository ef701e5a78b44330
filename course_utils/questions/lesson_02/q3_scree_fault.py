"""02.3: how many components explain a share, with the eigenvalues in the wrong order."""

import numpy as np

from course_utils.questions.authoring import Mistake, function


def counted(X, share, added_up=lambda variances: np.cumsum(variances[::-1]), power=1.0, centre=True):
    """Return the first place, counted from 1, at which the running sum of the ascending variances reaches a share."""
    X = X - X.mean(axis=0) if centre else X
    variances = np.linalg.eigvalsh(X.T @ X / (len(X) - 1)).clip(0) ** power
    return np.argmax(added_up(variances) / variances.sum() >= share) + 1


def by_singular_values(X, share):
    """Return the same from the singular values of the centred points."""
    squares = np.linalg.svd(X - X.mean(axis=0), compute_uv=False) ** 2
    return np.searchsorted(np.cumsum(squares) / squares.sum(), share) + 1


def one_by_one(X, share):
    """Return the same by adding components until it is enough."""
    left = sorted(np.linalg.eigvals(np.cov(X, rowvar=False)).real)
    total, explained, n = sum(left), 0, 0
    while explained < share * total:
        explained += left.pop()
        n += 1
    return n


def clouds():
    """Return points far from the origin: of one, several components explain the share, of the other the first does."""
    rng = np.random.default_rng(3)
    several = rng.normal(size=(80, 8)) * [4.0, 3.9, 3.8, 3.7, 1.5, 1.4, 1.3, 0.1] + 5
    first = rng.normal(size=(80, 6)) * [9, 5, 3, 2, 1, 0.5] + 5
    return [(several, 0.9), (first, 0.5)]


QUESTION = function(
    "02.3",
    "the fault in a scree",
    arguments="X, share",
    inputs=clouds,
    right=lambda: counted,
    also_right=(lambda: by_singular_values, lambda: one_by_one),
    given=lambda: lambda X, share: counted(X, share, np.cumsum),
    scalar=True,
    whole=True,
    low=1,
    rtol=1e-9,
    hints=(
        "Print `variances[:3]` and `variances[-3:]`. Which of them belongs to the first component?",
        "`np.linalg.eigh` returns the eigenvalues in ascending order. At which line does the order begin to matter?",
        "Reverse them, `variances[::-1]`, *before* they are added up.",
    ),
    mistakes=(
        Mistake(
            "always one",
            "It answers 1 whatever is asked. If you reversed the *sums*: the first of them is then the sum of all "
            "variances, and no share is larger.",
            lambda: lambda X, share: counted(X, share, lambda v: np.cumsum(v)[::-1]),
        ),
        Mistake(
            "share ignored",
            "It answers the same for every `share`: where in your function does `share` stand?",
            lambda: lambda X, share: counted(X, 0.8),
            lambda outputs: [int(n) for n in outputs] in _for_fixed_shares(),
        ),
        Mistake(
            "one too few",
            "The order is right now. Python counts from 0: how many components are there up to index 0?",
            lambda: lambda X, share: counted(X, share) - 1,
        ),
        Mistake(
            "one too many",
            "The order is right now. But your answer is one component more than it takes.",
            lambda: lambda X, share: counted(X, share) + 1,
        ),
        Mistake(
            "counted what is left over",
            "That is how many components may be *left out*.",
            lambda: lambda X, share: X.shape[1] - counted(X, share),
        ),
        Mistake(
            "standard deviations",
            "You add up roots of variances. Which of the two may be added: variances, or standard deviations?",
            lambda: lambda X, share: counted(X, share, power=0.5),
        ),
        Mistake(
            "not centred",
            "The points are no longer centred: the first direction now points at the mean, and explains nearly "
            "everything.",
            lambda: lambda X, share: counted(X, share, centre=False),
        ),
    ),
    praise="One line: `eigh` sorts in the opposite order to the SVD, and nothing warns you.",
)


def _for_fixed_shares():
    # what a function returns that knows one share only; the usual ones
    return [[counted(X, share) for X, _ in clouds()] for share in (0.8, 0.9, 0.95)]
