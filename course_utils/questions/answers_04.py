"""Right and wrong code for the questions to lesson 4: what `lesson_04` and `more_04` compute their answers by."""

import numpy as np

from course_utils.questions.engine.data import of_data

# 1. Compute: the angle between two subspaces


def subspaces():
    """Return pairs of matrices whose rows span what is compared: nearly the same, the same, three dimensions, lines.

    Of equal lines about a quarter have a cosine that rounding takes above 1.
    """
    rng = np.random.default_rng(4)
    plane, solid = 0.2 * rng.normal(size=(2, 6)), 0.2 * rng.normal(size=(3, 8))
    return [
        (plane, plane + 0.02 * rng.normal(size=(2, 6))),
        (plane, np.array([[2.0, 1.0], [-1.0, 3.0]]) @ plane),
        (solid, 0.2 * rng.normal(size=(3, 8))),
        *((line, 3 * line) for line in rng.normal(size=(24, 1, 2))),
    ]


def orthonormal(M):
    """Return an orthonormal basis of the rows of M, as columns."""
    return np.linalg.qr(M.T)[0]


def unit_rows(M):
    """Return the rows of M at length 1, as columns."""
    return (M / np.linalg.norm(M, axis=1, keepdims=True)).T


def cosines(A, B, basis=orthonormal):
    """Return the singular values of the products of two bases, none above 1, largest first."""
    return np.clip(np.linalg.svd(basis(A).T @ basis(B), compute_uv=False), -1, 1)


def largest_angle(A, B, basis=orthonormal):
    """Return the largest principal angle between the rows' spaces, in degrees."""
    return np.degrees(np.arccos(cosines(A, B, basis).min()))


def by_scipy(A, B):
    """As `largest_angle`, by SciPy, through the sines of small angles."""
    from scipy.linalg import subspace_angles

    return np.degrees(subspace_angles(A.T, B.T).max())


def row_by_row(A, B):
    """Return the largest angle between rows of the same number."""
    return np.degrees(np.arccos(np.clip((unit_rows(A) * unit_rows(B)).sum(axis=0), -1, 1).min()))


# 2. Complete: per cent above PCA


def reconstructions():
    """Return triples (X, reconstruction, k): points far from the origin, projected on some directions."""
    rng = np.random.default_rng(14)
    triples = []
    for n, d, k in ((40, 6, 2), (25, 4, 1)):
        X = rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + 5
        Q = np.linalg.qr(rng.normal(size=(d, k)))[0]
        triples.append((X, (X - X.mean(axis=0)) @ Q @ Q.T + X.mean(axis=0), k))
    return triples


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


# 3. Find the fault: the components of a linear net


def nets():
    """Return pairs (codes, W): codes of a linear net that lie far from the origin, and its decoder's matrix."""
    rng = np.random.default_rng(24)
    return [
        (rng.normal(size=(50, k)) @ rng.normal(size=(k, k)) + 4, rng.normal(size=(k, d))) for k, d in ((2, 6), (3, 9))
    ]


def components(codes, W, centre=True, transpose=True):
    """Return the components of the reconstructions codes @ W + b, as rows."""
    codes = codes - centre * codes.mean(axis=0)
    L = np.linalg.cholesky(codes.T @ codes / len(codes))
    return np.linalg.svd((L.T if transpose else L) @ W, full_matrices=False)[2]


def by_eigenvectors(codes, W):
    """As `components`, from the reconstructions' own covariance."""
    _, V = np.linalg.eigh(np.cov(codes @ W, rowvar=False))
    return V[:, ::-1][:, : len(W)].T


def faulty(codes, W):
    """Return what the starter's code returns."""
    return components(codes, W, centre=False, transpose=False)


# 4. Derive: a third unit that found the fifth component


@of_data
def _of_train(data):
    # both at once: the data are not loaded again when a net has taken its memory
    from course_utils import PCA

    return PCA().fit(data.X_train).explained_variance_.astype(float), data.X_train[:500].astype(float)


def variances():
    """Return the variances of all components of train, largest first."""
    return _of_train()[0]


def stuck(gained=5, lost=3, dropped_from=4, power=1.0):
    """Return how far three components, one of them wrong, lie above PCA's three, in per cent; counted from 1."""
    v = variances() ** power
    return 100 * (v[lost - 1] - v[gained - 1]) / v[dropped_from - 1 :].sum()


# 6. The challenge: components without an SVD of the images


def some_images():
    """Return 500 train images."""
    return _of_train()[1]


def alternate(X, k, n_rounds=300, centre=True):
    """Return (codes, W) of a linear net, its decoder and its encoder improved in turn by least squares."""
    X = X - centre * X.mean(axis=0)
    W = np.random.default_rng(0).normal(size=(k, X.shape[1]))
    for _ in range(n_rounds):
        codes = np.linalg.solve(W @ W.T, W @ X.T).T  # the best codes for this decoder
        W = np.linalg.solve(codes.T @ codes, codes.T @ X)  # the best decoder for these codes
    return codes, W


def trained(X, k, **options):
    """Return PCA's components of X from such a net, as rows."""
    return components(*alternate(X, k, **options))


def one_by_one(X, k):
    """Return the same by the power method, each component taken away before the next."""
    X, found = X - X.mean(axis=0), []
    for _ in range(k):
        v = np.ones(X.shape[1])
        for _ in range(500):
            v = X.T @ (X @ v)
            v /= np.linalg.norm(v)
        X = X - np.outer(X @ v, v)
        found.append(v)
    return np.array(found)


def angles_off(rows):
    """Return the angle of each row to PCA's component of the same number, in degrees; none above 90."""
    true = np.linalg.svd(some_images() - some_images().mean(axis=0), full_matrices=False)[2][: len(rows)]
    lengths = np.linalg.norm(rows, axis=1)
    cosine = np.abs((rows * true).sum(axis=1)) / np.where(lengths > 0, lengths, 1)
    return np.degrees(np.arccos(np.clip(cosine, 0, 1)))


def plane_off(rows):
    """Return the largest angle between the rows' space and that of PCA's components."""
    true = np.linalg.svd(some_images() - some_images().mean(axis=0), full_matrices=False)[2][: len(rows)]
    return largest_angle(rows, true)


def are_components(rows):
    """Return whether rows are PCA's first three components, to one degree and a thousandth in length."""
    lengths = np.linalg.norm(rows, axis=1)
    return bool(np.all(angles_off(rows) <= 1) and np.all(np.abs(lengths - 1) <= 1e-3))


def is_right_space(rows):
    """Return whether three rows span the space of PCA's first three components, whatever they are."""
    return rows.shape == (3, 784) and np.linalg.matrix_rank(rows) == 3 and plane_off(rows) <= 1
