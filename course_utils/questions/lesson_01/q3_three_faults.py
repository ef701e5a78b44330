"""01.3: three faults in PCA's reconstructions."""

import numpy as np

from course_utils.questions.authoring import Mistake, function
from course_utils.questions.lesson_01.points import clouds


def reconstructing(mean=True, order=True, columns=True):
    """Return a function (X, k) -> reconstructions, with a fault for each argument that is False."""

    def reconstructed(X, k):
        middle = X.mean(axis=0) if mean else X.mean()
        eigenvalues, V = np.linalg.eigh(np.cov(X - middle, rowvar=False))
        kept = np.argsort(eigenvalues)[::-1][:k] if order else np.argsort(eigenvalues)[:k]
        V_k = V[:, kept] if columns else V[kept].T
        return (X - middle) @ V_k @ V_k.T + middle

    return reconstructed


def by_svd(X, k):
    """Return the right reconstructions by the SVD."""
    mean = X.mean(axis=0)
    _, _, Vt = np.linalg.svd(X - mean, full_matrices=False)
    return (X - mean) @ Vt[:k].T @ Vt[:k] + mean


def by_scikit_learn(X, k):
    """Return the right reconstructions by scikit-learn."""
    from sklearn.decomposition import PCA

    pca = PCA(n_components=k).fit(X)
    return pca.inverse_transform(pca.transform(X))


def by_the_last_columns(X, k):
    """Return the right reconstructions from the last k eigenvectors, in the order in which `eigh` returns them."""
    mean, V = X.mean(axis=0), np.linalg.eigh(np.cov(X, rowvar=False))[1]
    return (X - mean) @ V[:, -k:] @ V[:, -k:].T + mean


def without_the_last(X, k):
    """Return the right reconstructions by dropping the other directions, the smallest eigenvalues' ones."""
    mean, V = X.mean(axis=0), np.linalg.eigh(np.cov(X, rowvar=False))[1]
    dropped = V[:, : X.shape[1] - k]
    return X - (X - mean) @ dropped @ dropped.T


TWO_LEFT = (
    "You have mended one fault; two are left. Try your function on points for which you know the result: three "
    "coordinates, exactly on a line that misses the origin, and k = 1."
)

QUESTION = function(
    "01.3",
    "three faults",
    arguments="X, k",
    inputs=lambda: clouds((15, 5, 2)),
    right=reconstructing,
    also_right=(lambda: by_svd, lambda: by_scikit_learn, lambda: by_the_last_columns, lambda: without_the_last),
    given=lambda: reconstructing(mean=False, order=False, columns=False),
    rtol=1e-3,
    hints=(
        "Points that lie exactly on a line in space lose nothing with k = 1. Make some, with `np.outer(t, direction) + "
        "somewhere`, and print what each line of the function gives for them: is it what its comment says?",
        "Print the shape of `mean`. Compare `eigenvalues` with `eigenvalues[order]`. For an eigenvector `v`, `cov @ v` "
        "is a multiple of `v`: for which `v` of yours is it?",
        "A mean needs `axis=0`; `np.argsort` sorts in ascending order; and eigenvectors are columns of `V`.",
    ),
    mistakes=(
        Mistake(
            "mean left",
            "Two faults are gone: the directions are right. But the line, or the plane, does not run through the "
            "middle of the points. What is `mean`?",
            lambda: reconstructing(mean=False),
        ),
        Mistake(
            "order left",
            "Two faults are gone. The directions are eigenvectors and start from the mean, but the error is the "
            "largest that k of them can leave.",
            lambda: reconstructing(order=False),
        ),
        Mistake(
            "rows left",
            "Two faults are gone: the mean and the order are right. But the directions are not the eigenvectors: "
            "compare `cov @ v` with `v`.",
            lambda: reconstructing(columns=False),
        ),
        Mistake("only the mean", TWO_LEFT, lambda: reconstructing(order=False, columns=False)),
        Mistake("only the order", TWO_LEFT, lambda: reconstructing(mean=False, columns=False)),
        Mistake("only the columns", TWO_LEFT, lambda: reconstructing(mean=False, order=False)),
        Mistake(
            "always one",
            "You keep one direction whatever `k` is. How many should `V_k` have?",
            lambda: lambda X, k: reconstructing()(X, 1),
        ),
    ),
    praise="Three faults, and not one error message: only points whose result you know can tell.",
)
