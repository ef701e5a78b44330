"""04.6: PCA's components from a linear net, trained."""

import numpy as np

from course_utils.questions.authoring import Check, Mistake, function, once
from course_utils.questions.lesson_04.images import first_500
from course_utils.questions.lesson_04.nets import components
from course_utils.questions.lesson_04.subspaces import largest_angle, orthonormal

K = 3


def alternate(X, k, n_rounds=300, centre=True):
    """Return (codes, W) of a linear net whose decoder and encoder are improved in turn by least squares."""
    X = X - centre * X.mean(axis=0)
    W = np.random.default_rng(0).normal(size=(k, X.shape[1]))
    for _ in range(n_rounds):
        codes = np.linalg.solve(W @ W.T, W @ X.T).T  # the best codes for this decoder
        W = np.linalg.solve(codes.T @ codes, codes.T @ X)  # the best decoder for these codes
    return codes, W


def trained(X, k, **options):
    """Return PCA's components of X from such a net, as rows."""
    return components(*alternate(X, k, **options))


def one_by_one(X, k, deflate=True):
    """Return the same by power iteration; each component is taken out of X before the next, or is not."""
    X, found = X - X.mean(axis=0), []
    for _ in range(k):
        v = np.ones(X.shape[1])
        for _ in range(500):
            v = X.T @ (X @ v)
            v /= np.linalg.norm(v)
        X = X - deflate * np.outer(X @ v, v)
        found.append(v)
    return np.array(found)


def all_at_once(X, k):
    """Return the same by orthogonal iteration, whose axes sort themselves by variance."""
    X = X - X.mean(axis=0)
    Q = orthonormal(np.random.default_rng(1).normal(size=(k, X.shape[1])))
    for _ in range(500):
        Q = np.linalg.qr(X.T @ (X @ Q))[0]
    return Q.T


def by_svd(X, k):
    """Return PCA's components of X as the SVD gives them."""
    return np.linalg.svd(X - X.mean(axis=0), full_matrices=False)[2][:k]


@once
def _true():
    return by_svd(first_500(), K)


def _cosines(rows):
    # of each row to each component, in absolute value
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.abs(rows @ _true().T) / np.where(lengths > 0, lengths, 1)


def _within(rows, degrees=1):
    return bool(np.all(np.diag(_cosines(rows)) >= np.cos(np.radians(degrees))))


def _is_unit(rows):
    return bool(np.all(np.abs(np.linalg.norm(rows, axis=1) - 1) <= 1e-3))


def _in_space(rows, degrees):
    return np.linalg.matrix_rank(rows) == K and largest_angle(rows, _true()) <= degrees


def _holds_mean(rows):
    # the best subspace through the origin contains nearly all of the mean image
    mean = first_500().mean(axis=0)
    return np.linalg.norm(orthonormal(rows).T @ mean) >= 0.98 * np.linalg.norm(mean)


def _mistake(name, text, wrong, recognise, shape=(K, 784)):
    # `recognise` gets the rows of the only output, not within one degree of the components
    def of_rows(outputs):
        rows = outputs[0]
        return rows.shape == shape and (shape != (K, 784) or not _within(rows)) and bool(recognise(rows))

    return Mistake(name, text, lambda: wrong, of_rows)


QUESTION = function(
    "04.6",
    "components by training",
    arguments="X, k",
    inputs=lambda: [(first_500(), K)],
    right=lambda: trained,
    also_right=(lambda: one_by_one, lambda: all_at_once, lambda: by_svd),
    shape=(K, 784),
    checks=(
        Check(
            "within one degree",
            "At least one row is more than a degree away from PCA's component of the same number.",
            lambda outputs: _within(outputs[0]),
            lambda: lambda X, k: by_svd(X, k + 1)[[*range(k - 1), k]],
        ),
        Check(
            "length 1",
            "The directions are right. Which length does a component have?",
            lambda outputs: _is_unit(outputs[0]),
            lambda: lambda X, k: 2 * trained(X, k),
        ),
    ),
    hints=(
        "The error is quadratic in the decoder alone, and in the codes alone. For each, a system of linear equations "
        "gives the best value while the other stays fixed. Solve them in turn, some hundred times.",
        "Centre `X`. For a decoder `W` of shape (k, 784) the best codes are `np.linalg.solve(W @ W.T, W @ X.T).T`; for "
        "codes the best `W` is `np.linalg.solve(codes.T @ codes, codes.T @ X)`.",
        "This finds the subspace. To find the axes, do as in question 3: take the Cholesky factor `L` of the codes' "
        "covariance, and the SVD of `L.T @ W`, which is small.",
    ),
    mistakes=(
        _mistake(
            "equal rows",
            "Your rows are all the same direction. If you start again for the next component, what keeps it from "
            "becoming the first one again?",
            lambda X, k: one_by_one(X, k, deflate=False),
            lambda rows: np.all(np.abs(np.corrcoef(rows)) > 0.99),
        ),
        _mistake(
            "not centred",
            "The mean is still in it: you have found the best subspace through the origin. What comes first in PCA?",
            lambda X, k: trained(X, k, centre=False),
            _holds_mean,
        ),
        _mistake(
            "another order",
            "These are the right components, but in another order. Which one comes first?",
            lambda X, k: trained(X, k)[::-1],
            lambda rows: _within(rows[np.argmax(_cosines(rows), axis=0)]),
        ),
        _mistake(
            "the space, other axes",
            "This is the right subspace, but with other axes. The error cannot tell them apart; what can?",
            lambda X, k: orthonormal(alternate(X, k)[1]).T,
            lambda rows: _in_space(rows, 1),
        ),
        _mistake(
            "not trained to the end",
            "You are on the way: your subspace is within 30 degrees of PCA's. Try more rounds, or longer steps.",
            lambda X, k: trained(X, k, n_rounds=20),
            lambda rows: _in_space(rows, 30),
        ),
        _mistake(
            "columns",
            "The components must be the rows of the answer.",
            lambda X, k: trained(X, k).T,
            lambda columns: True,
            shape=(784, K),
        ),
    ),
    praise="A linear net, trained to the end, holds these components: it solves the same problem as PCA.",
    slow=True,
)
