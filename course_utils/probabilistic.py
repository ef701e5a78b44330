"""What a code with a prior needs: the cost of a cloud of codes, a draw from it, an exact likelihood, nearest images."""

import numpy as np

from course_utils._validation import check_array, check_count, check_same_shape, check_squares, message

_CHUNK = 250  # images compared with all others at a time: 36 MB for 18,000 of them


def kl_to_standard_normal(mean, log_variance) -> np.ndarray:
    """Return the KL divergence from N(mean, diag(exp(log_variance))) to N(0, I), for each row.

    KL = 1/2 sum_j (exp(log_variance_j) + mean_j^2 - 1 - log_variance_j): Kingma and Welling (2014), appendix B.

    Parameters
    ----------
    mean : array-like of shape (n_samples, latent_dim)
    log_variance : array-like of the same shape, natural logarithms of the variances

    Returns
    -------
    ndarray of shape (n_samples,), float64, in nats, at least 0

    Raises
    ------
    TypeError or ValueError, for values that are not finite numbers or too large, or shapes that differ
    """
    mean, log_variance = _check_clouds(mean, log_variance)
    return 0.5 * (np.exp(log_variance) + np.square(mean) - 1 - log_variance).sum(axis=1)


def draw_codes(mean, log_variance, rng: np.random.Generator) -> np.ndarray:
    """Draw one code from each cloud N(mean, diag(exp(log_variance))).

    z = mean + exp(log_variance / 2) noise, with noise from N(0, I): the reparametrization of Kingma and Welling (2014).

    Parameters
    ----------
    mean, log_variance : array-like of shape (n_samples, latent_dim)
    rng : numpy.random.Generator, which goes on: the next call draws other codes

    Returns
    -------
    ndarray of shape (n_samples, latent_dim), float32, as a decoder takes it

    Raises
    ------
    TypeError or ValueError, for values that are not finite numbers or too large, shapes that differ, or no generator
    """
    mean, log_variance = _check_clouds(mean, log_variance)
    if not isinstance(rng, np.random.Generator):
        got = type(rng).__name__
        raise TypeError(message("rng", "a numpy.random.Generator", got, "np.random.default_rng(0) makes one."))
    return (mean + np.exp(log_variance / 2) * rng.standard_normal(mean.shape)).astype(np.float32)


def _check_clouds(mean, log_variance):
    hint = "The encoder returns both, one row for each image."
    mean = check_array("mean", mean, ndim=2, hint=hint).astype(np.float64)
    log_variance = check_array("log_variance", log_variance, ndim=2, hint=hint).astype(np.float64)
    check_same_shape("mean", mean, "log_variance", log_variance, hint)
    check_squares("mean", mean)
    largest = log_variance.max()
    if largest > 700:  # exp(710) is no float64
        hint = "Is it the variance itself? Take its logarithm."
        raise ValueError(message("log_variance", "logarithms up to 700", f"{largest:.6g}", hint))
    return mean, log_variance


def ppca_log_likelihood(variances, n_components: int) -> float:
    """Return the largest log-likelihood that probabilistic PCA can reach, for each data point on average.

    The model is x = W z + mean + noise, with z from N(0, I) of n_components numbers and noise from N(0, sigma^2 I). Its
    best W and sigma^2 follow from the eigenvalues l_1 >= ... >= l_d of the data's covariance: sigma^2 is the mean of
    those that are left out, and the log-likelihood is
    -1/2 (d log(2 pi) + sum_{j<=k} log l_j + (d - k) log sigma^2 + d): Tipping and Bishop (1999).

    Parameters
    ----------
    variances : array-like of shape (d,), all eigenvalues of the covariance with the divisor n, none increasing
    n_components : int, 1 to d - 1

    Returns
    -------
    float, in nats per data point. It is the logarithm of a density, so it may be positive.

    Raises
    ------
    TypeError or ValueError, where the variances are not finite numbers, negative, increasing or nothing is left out
    """
    hint = "Give all eigenvalues of the covariance, the largest first."
    variances = check_array("variances", variances, ndim=1, hint=hint).astype(np.float64)
    if np.any(np.diff(variances) > 0) or variances[-1] < 0:
        got = np.array2string(variances, threshold=6, edgeitems=2, precision=3, separator=", ")
        raise ValueError(message("variances", "values that never increase, none negative", got, hint))
    d = len(variances)
    k = check_count("n_components", n_components, 1, d - 1, hint="One variance at least is left to the noise.")
    kept, noise = variances[:k], variances[k:].mean()
    if noise == 0:
        got = f"{d - k} of them that are 0"
        raise ValueError(message("variances[n_components:]", "some variance left to the noise", got, "Keep fewer."))
    return float(-0.5 * (d * np.log(2 * np.pi) + np.log(kept).sum() + (d - k) * np.log(noise) + d))


def nearest_image_distance(images, X) -> np.ndarray:
    """Return the squared error per pixel between each image and the one of X that is nearest to it.

    Parameters
    ----------
    images : array-like of shape (n_images, n_pixels)
    X : array-like of shape (n_samples, n_pixels), for example all train images

    Returns
    -------
    ndarray of shape (n_images,), in the units of `reconstruction_mse`, at least 0

    Raises
    ------
    TypeError or ValueError, for values that are not finite numbers or too large to be squared, or widths that differ
    """
    X = check_array("X", X, ndim=2, hint="Give images as rows.")
    images = check_array("images", images, ndim=2, n_features=X.shape[1], hint="Give images as rows, as X has them.")
    check_squares("X", X)
    check_squares("images", images)
    lengths = np.einsum("ij,ij->i", X, X)
    nearest = [
        # |a - b|^2 = |a|^2 - 2 ab + |b|^2, and |a|^2 does not change which is nearest
        X[(lengths - 2 * (images[start : start + _CHUNK] @ X.T)).argmin(axis=1)]
        for start in range(0, len(images), _CHUNK)
    ]
    return np.square(images - np.concatenate(nearest), dtype=np.float64).mean(axis=1)
