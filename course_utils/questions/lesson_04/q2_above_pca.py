"""04.2: how far an error lies above PCA's, in per cent."""

import numpy as np

from course_utils.questions.authoring import Mistake, function


def reconstructions():
    """Return two triples (X, reconstruction, k), with points far from the origin.

    The first reconstruction has the wrong mean. The second has the right one, and is better than PCA's.
    """
    rng = np.random.default_rng(14)
    X, Y = (rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + 5 for n, d in ((40, 6), (25, 4)))
    Q = np.linalg.qr(rng.normal(size=(6, 2)))[0]
    residual = rng.normal(size=Y.shape)
    residual *= 0.6 * np.sqrt(pca_error(Y, 1)) / residual.std()
    return [
        (X, (X - X.mean(axis=0)) @ Q @ Q.T + X.mean(axis=0) + rng.uniform(0.5, 1.5, size=6), 2),
        (Y, Y - (residual - residual.mean(axis=0)), 1),
    ]


def pca_error(X, k, centre=True):
    """Return PCA's squared error per entry, fitted to X."""
    s = np.linalg.svd(X - centre * X.mean(axis=0), compute_uv=False)
    return np.sum(s[k:] ** 2) / X.size


def error(X, reconstruction):
    """Return the squared error per entry."""
    return np.mean((X - reconstruction) ** 2)


def above_pca(X, reconstruction, k):
    """Return how far the error lies above PCA's, in per cent of PCA's."""
    return 100 * (error(X, reconstruction) / pca_error(X, k) - 1)


def by_reconstructing(X, reconstruction, k):
    """Return the same by scikit-learn's reconstructions."""
    from sklearn.decomposition import PCA

    pca = PCA(k, svd_solver="full").fit(X)
    best = error(X, pca.inverse_transform(pca.transform(X)))
    return 100 * (error(X, reconstruction) - best) / best


def by_eigenvalues(X, reconstruction, k):
    """Return the same by sums over entries, PCA's from the eigenvalues of the scatter matrix."""
    centred = X - np.ones(len(X)) @ X / len(X)
    left = np.linalg.eigvalsh(centred.T @ centred)[: X.shape[1] - k].sum()
    return 100 * np.sum((X - reconstruction) ** 2) / left - 100


def centred_apart(X, reconstruction, k):
    """Return the number for X and reconstruction, each less its own mean."""
    return above_pca(X - X.mean(axis=0), reconstruction - reconstruction.mean(axis=0), k)


QUESTION = function(
    "04.2",
    "per cent above PCA",
    arguments="X, reconstruction, k",
    inputs=reconstructions,
    right=lambda: above_pca,
    also_right=(lambda: by_reconstructing, lambda: by_eigenvalues),
    scalar=True,
    rtol=1e-6,
    hints=(
        "You need two errors on the same `X`: that of `reconstruction`, and PCA's. Which one do you divide by?",
        "PCA's error needs no reconstruction. With `s` the singular values of the centred `X`, it is the sum of the "
        "squares of the dropped ones, divided by the number of all entries.",
        "`100 * (error / pca_error - 1)`, with `pca_error = np.sum(s[k:] ** 2) / X.size`.",
    ),
    mistakes=(
        Mistake("a share", "This is a share. The question asks for per cent.", lambda: lambda *a: above_pca(*a) / 100),
        Mistake(
            "per cent of PCA's error",
            "This is the error *in* per cent of PCA's. How far *above* PCA's is it?",
            lambda: lambda *a: above_pca(*a) + 100,
        ),
        Mistake(
            "the other yardstick",
            "You divide by the error of `reconstruction`. Which error is the yardstick?",
            lambda: lambda X, r, k: 100 * (1 - pca_error(X, k) / error(X, r)),
        ),
        Mistake(
            "below",
            "The sign is the wrong way round: an error larger than PCA's lies above it.",
            lambda: lambda *a: -above_pca(*a),
        ),
        Mistake(
            "never negative",
            "You return 0 where the error is smaller than PCA's. The answer is negative there.",
            lambda: lambda *a: max(above_pca(*a), 0),
        ),
        Mistake(
            "without a sign",
            "You return how far apart the two errors are. The answer is negative where the error is smaller than "
            "PCA's.",
            lambda: lambda *a: abs(above_pca(*a)),
        ),
        Mistake(
            "variance for error",
            "The variance of `X - reconstruction` leaves out its mean. A reconstruction that is too large everywhere "
            "has an error, too.",
            lambda: lambda X, r, k: 100 * (np.var(X - r) / pca_error(X, k) - 1),
        ),
        Mistake(
            "centred apart",
            "You subtract from `reconstruction` its own mean. Then a reconstruction with the wrong mean counts as "
            "a good one.",
            lambda: centred_apart,
        ),
        Mistake(
            "the difference",
            "You subtract one error from the other. In per cent of what?",
            lambda: lambda X, r, k: 100 * (error(X, r) - pca_error(X, k)),
        ),
        Mistake(
            "PCA not centred",
            "Your PCA is not centred: its first direction points at the mean, and its error is not PCA's.",
            lambda: lambda X, r, k: 100 * (error(X, r) / pca_error(X, k, centre=False) - 1),
        ),
        Mistake(
            "n - 1",
            "Very near. By what does `np.cov` divide, and by what an error that is a mean over n points?",
            lambda: lambda X, r, k: 100 * (error(X, r) / pca_error(X, k) * (len(X) - 1) / len(X) - 1),
        ),
        Mistake(
            "per point",
            "One of your errors is per point, the other per entry. Divide both by the same number.",
            lambda: lambda X, r, k: 100 * (error(X, r) / (X.shape[1] * pca_error(X, k)) - 1),
        ),
        Mistake(
            "PCA of the reconstruction",
            "The number is enormous. Did you fit PCA to the reconstructions? Of those it leaves nothing. Fit it to "
            "`X`.",
            lambda: lambda X, r, k: 100 * (error(X, r) / pca_error(r, k) - 1),
            recognise=lambda outputs: not np.isfinite(outputs[0]) or outputs[0] > 1e6,
        ),
        Mistake(
            "one component too many",
            "Your PCA keeps more than k components. Which Python index has the first dropped one?",
            lambda: lambda X, r, k: 100 * (error(X, r) / pca_error(X, k + 1) - 1),
        ),
        Mistake(
            "one component too few",
            "Your PCA keeps fewer than k components. Which Python index has the first dropped one?",
            lambda: lambda X, r, k: 100 * (error(X, r) / pca_error(X, k - 1) - 1),
        ),
    ),
    praise="On the images that PCA was fitted to, no linear net with k code units can make this negative.",
)
