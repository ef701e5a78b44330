"""Principal component analysis, short enough to read."""

import numpy as np
from scipy.linalg import eigh
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from course_utils._validation import check_array, check_count, check_squares

_FLOATS = [np.float64, np.float32]
_CHUNK = 5_000  # rows centred at a time: 16 MB of MNIST in float32, where all of it takes 188 MB


def _covariance_path(X, mean, k):
    """Return the k largest variances, their directions (one per row) and the total from Cov(X) = V D V^T."""
    covariance = np.zeros((X.shape[1], X.shape[1]))  # float64: sums of float32 products lose nothing more
    for start in range(0, len(X), _CHUNK):
        centred = X[start : start + _CHUNK] - mean
        covariance += centred.T @ centred
    covariance /= len(X) - 1
    d = len(covariance)
    variances, V = eigh(covariance, subset_by_index=[d - k, d - 1])  # ascending, one eigenvector per column
    # rounding can leave a variance of zero slightly negative
    return np.maximum(variances[::-1], 0), V[:, ::-1].T, np.trace(covariance)


def _svd_path(X, mean, k):
    """Return the same from the centred data, X - mean = U S V^T: cheaper where there are few rows."""
    _, singular_values, Vt = np.linalg.svd(X - mean, full_matrices=False)
    variances = singular_values**2 / (len(X) - 1)
    return variances[:k], Vt[:k], variances.sum()


class PCA(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Principal component analysis (Pearson 1901, Hotelling 1933).

    The components are the eigenvectors of the covariance, Cov(X) = V D V^T, sorted by their variance D.
    A code is (x - mean) V_k and a reconstruction is code V_k^T + mean: no affine map to k numbers and
    back has a smaller squared error on the data of ``fit``.

    Parameters
    ----------
    n_components : int from 1 to min(n_samples, n_features); None keeps that many

    Attributes
    ----------
    components_ : ndarray of shape (n_components_, n_features), orthonormal rows by decreasing
        variance; in each the entry of largest absolute value is positive
    mean_ : ndarray of shape (n_features,), in the units of the data
    explained_variance_ : ndarray of shape (n_components_,), in squared units, with the divisor n_samples - 1
    explained_variance_ratio_ : ndarray of shape (n_components_,), shares of the total variance, from 0 to 1
    n_components_ : int, the number of components kept
    n_features_in_ : int, the number of features seen in ``fit``
    """

    def __init__(self, n_components: int | None = None):
        """Only store the argument: ``fit`` checks it, as scikit-learn expects."""
        self.n_components = n_components

    def fit(self, X, y=None) -> "PCA":
        """Learn mean and components from X of shape (n_samples, n_features); y is ignored.

        float32 stays float32, everything else becomes float64. Raises ValueError or TypeError where X is
        not a finite two-dimensional array of at least two rows, or too large to be squared, or n_components is
        not in its range.
        """
        X = validate_data(self, X, dtype=_FLOATS, ensure_min_samples=2)
        check_squares("X", X, X.dtype)
        most = min(X.shape)
        hint = f"Pass a whole number up to the smaller side of X, whose shape is {X.shape}, or None to keep them all."
        k = most if self.n_components is None else check_count("n_components", self.n_components, 1, most, hint)
        self.n_components_ = k
        self.mean_ = X.mean(axis=0, dtype=np.float64).astype(X.dtype)
        decompose = _covariance_path if X.shape[1] < X.shape[0] else _svd_path
        variances, components, total = decompose(X, self.mean_, k)
        self.explained_variance_ = variances.astype(X.dtype)
        self.explained_variance_ratio_ = (variances / (total or 1.0)).astype(X.dtype)  # constant data: every share is 0
        components = components.astype(X.dtype)
        # v and -v are the same direction: choose one, so that the result is deterministic
        largest = np.take_along_axis(components, np.abs(components).argmax(axis=1)[:, None], axis=1)
        self.components_ = np.ascontiguousarray(components * np.sign(largest))
        return self

    def transform(self, X) -> np.ndarray:
        """Return the codes (X - mean) V_k, (n_samples, n_features_in_) -> (n_samples, n_components_)."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=_FLOATS, reset=False)
        return X @ self.components_.T - self.mean_ @ self.components_.T  # no centred copy of X

    def inverse_transform(self, X) -> np.ndarray:
        """Return the reconstructions of codes, (n_samples, n_components_) -> (n_samples, n_features_in_)."""
        check_is_fitted(self)
        hint = "Pass codes as transform returns them, one column per component."
        codes = check_array("X", X, ndim=2, n_features=self.n_components_, hint=hint)
        reconstruction = codes @ self.components_
        reconstruction += self.mean_
        return reconstruction

    @property
    def _n_features_out(self):
        # scikit-learn names the codes' columns pca0, pca1, ..., as set_output(transform="pandas") shows them
        return self.n_components_

    def __sklearn_tags__(self):
        """Tell scikit-learn that float32 stays float32."""
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
