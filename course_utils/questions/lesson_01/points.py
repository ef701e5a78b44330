"""PCA of points, as right and wrong code computes it."""

import numpy as np


def sorted_eigenvectors(X):
    """Return the eigenvectors of the covariance of X as columns, the largest eigenvalue first."""
    return np.linalg.eigh(np.cov(X, rowvar=False))[1][:, ::-1]


def feet(X, through, v):
    """Return the feet of X on the line through a point along v: (n, d) -> (n, d)."""
    v = v / np.linalg.norm(v)
    return np.outer((X - through) @ v, v) + through


def clouds(*sizes):
    """Return one tuple (X, k) for each (n, d, k) of `sizes`: n points in d dimensions, far from the origin."""
    rng = np.random.default_rng(12)
    return [(rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + rng.uniform(2, 4, d), k) for n, d, k in sizes]
