"""Numbers that compare data, codes and reconstructions, and what a computation takes."""

import time
import tracemalloc
from collections.abc import Callable

import numpy as np

from course_utils._validation import as_array, check_array, check_function, check_same_shape, check_squares

_CHUNK = 250  # rows in float64 at a time: 1.6 MB of MNIST, where all of it takes 376 MB


def reconstruction_mse(X, reconstruction) -> float:
    """Return the mean of (X - reconstruction)^2 over all samples and pixels.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features) or (n_samples, ...)
    reconstruction : array-like of the same shape

    Returns
    -------
    float, at least 0, in squared units of the data; accumulated in float64

    Raises
    ------
    TypeError or ValueError, for values that are not finite numbers, or too large to be squared, empty data or
    shapes that differ
    """
    X = check_array("X", X, ndim=None)
    reconstruction = check_array("reconstruction", reconstruction, ndim=None)
    hint = "Compare each sample with its own reconstruction, both flat or both as images."
    check_same_shape("X", X, "reconstruction", reconstruction, hint)
    check_squares("X", X)
    check_squares("reconstruction", reconstruction)
    total = 0.0
    for start in range(0, len(X), _CHUNK):
        rows = slice(start, start + _CHUNK)
        difference = np.subtract(X[rows], reconstruction[rows], dtype=np.float64)
        total += np.vdot(difference, difference)
    return float(total / X.size)


def principal_angles(A, B) -> np.ndarray:
    """Return the angles between the subspaces spanned by the rows of A and by the rows of B.

    They do not depend on which vectors span the subspace: 0 everywhere means the same subspace (Jordan 1875).
    Their cosines and sines are singular values (Björck and Golub 1973).

    Parameters
    ----------
    A : array-like of shape (k, n_features), linearly independent rows, such as ``components_`` or the kernel
        of a linear decoder
    B : array-like of shape (m, n_features), likewise

    Returns
    -------
    ndarray of shape (min(k, m),), degrees from 0 to 90, largest first

    Raises
    ------
    TypeError or ValueError, for values that are not finite numbers, lengths that differ or dependent rows
    """
    hint = "One vector per row: transpose a matrix that has its vectors in columns."
    A = check_array("A", A, ndim=2, hint=hint)
    B = check_array("B", B, ndim=2, n_features=A.shape[1], hint=hint)
    for name, rows in (("A", A), ("B", B)):
        check_squares(name, rows)
        rank = np.linalg.matrix_rank(rows)
        if rank < len(rows):
            raise ValueError(
                f"{name}: expected {len(rows)} linearly independent rows, "
                f"got rank {rank} with shape {rows.shape}. "
                "Leave out rows that are zero or combinations of others. " + hint
            )
    # one orthonormal basis per subspace, in columns; the smaller one is projected on the larger one
    Q_large, Q_small = (np.linalg.qr(M.T.astype(np.float64))[0] for M in sorted((A, B), key=len, reverse=True))
    overlap = Q_large.T @ Q_small
    cosines = np.linalg.svd(overlap, compute_uv=False)[::-1]  # increasing, as the angles decrease
    sines = np.linalg.svd(Q_small - Q_large @ overlap, compute_uv=False)
    # scipy.linalg.subspace_angles takes small angles from the cosine where others are large, and loses
    # half of the digits; the tangent is accurate everywhere
    return np.degrees(np.arctan2(sines, cosines))


def pca_error_curve(pca, X) -> np.ndarray:
    """Return the reconstruction error of X for the first 1, 2, ..., n components of a fitted PCA.

    The components are orthonormal, so each takes its squared score off the squared distance from the mean:
    error_k = (sum |x - mean|^2 - sum_{j<=k} score_j^2) / (n_samples n_features). No reconstruction is needed.

    Parameters
    ----------
    pca : fitted object with ``mean_`` of shape (n_features,) and ``components_`` of shape
        (n_components, n_features), orthonormal rows
    X : array-like of shape (n_samples, n_features), train or test

    Returns
    -------
    ndarray of shape (n_components,), float64, never increasing; entry k - 1 is ``reconstruction_mse`` at k

    Raises
    ------
    TypeError or ValueError, where ``pca`` is not fitted, or X is not a finite array with its n_features, or too
    large to be squared
    """
    if not (hasattr(pca, "mean_") and hasattr(pca, "components_")):
        raise TypeError(
            f"pca: expected a fitted PCA with mean_ and components_, got {type(pca).__name__} without. "
            "Call its fit(X_train) first."
        )
    components = np.asarray(pca.components_, dtype=np.float64)
    hint = "Pass data with the features that the PCA was fitted on."
    X = check_array("X", X, ndim=2, n_features=components.shape[1], hint=hint)
    check_squares("X", X)
    check_squares("pca.mean_", np.asarray(pca.mean_, dtype=np.float64))
    total, squared_scores = 0.0, np.zeros(len(components))
    for start in range(0, len(X), _CHUNK):
        centred = np.subtract(X[start : start + _CHUNK], pca.mean_, dtype=np.float64)
        total += np.vdot(centred, centred)
        squared_scores += np.square(centred @ components.T).sum(axis=0)
    # with all components nothing is left: rounding must not make it negative
    return np.maximum(total - np.cumsum(squared_scores), 0) / X.size


def equivalent_n_components(error: float, curve) -> float:
    """Return how many components PCA needs to reach this error, interpolated linearly between whole numbers.

    Parameters
    ----------
    error : float, a reconstruction error on the same data as the curve
    curve : array-like of shape (K,), PCA's error with 1, 2, ..., K components, never increasing

    Returns
    -------
    float from 1 to K; where the curve is flat, the smallest number

    Raises
    ------
    TypeError or ValueError, where the curve increases, or the error is not a number or outside of the curve
    """
    hint = "curve[k - 1] is PCA's error with k components: pca_error_curve returns it."
    curve = check_array("curve", curve, ndim=1, hint=hint).astype(np.float64)
    rises = np.flatnonzero(np.diff(curve) > 0)
    if rises.size:
        k = rises[0] + 1
        got = f"{curve[k - 1]:.6g} at k = {k} and {curve[k]:.6g} at k = {k + 1}"
        raise ValueError(f"curve: expected values that never increase, got {got}. {hint}")
    hint = "It is one number, such as reconstruction_mse returns."
    error = float(
        check_array("error", np.atleast_1d(as_array("error", error, hint)), ndim=1, n_features=1, hint=hint)[0]
    )
    if not curve[-1] <= error <= curve[0]:
        advice = "more components in the curve" if error < curve[-1] else "an error of one component or better"
        raise ValueError(
            f"error: expected a value from {curve[-1]:.6g} (k = {len(curve)}) to {curve[0]:.6g} (k = 1), "
            f"got {error:.6g}. It needs {advice}, measured on the same data."
        )
    # np.interp wants increasing abscissae
    return float(np.interp(error, curve[::-1], np.arange(len(curve), 0, -1)))


def time_and_memory(function: Callable, X) -> tuple[object, float, float]:
    """Call ``function(X)`` and watch it.

    Returns
    -------
    result : what the function returns
    seconds : float
    megabytes : float, the most (10^6 bytes) that its own arrays and objects took at one time, X not counted

    Raises
    ------
    TypeError
        ``function`` cannot be called with one argument.
    """
    check_function("function", function, "X", hint="The function comes first, X second.")
    tracing = tracemalloc.is_tracing()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    try:
        started = time.perf_counter()
        result = function(X)
        seconds = time.perf_counter() - started
        return result, seconds, (tracemalloc.get_traced_memory()[1] - before) / 1e6
    finally:
        if not tracing:
            tracemalloc.stop()
