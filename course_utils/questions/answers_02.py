"""Right and wrong code for the questions to lesson 2: what `lesson_02` computes its answers by."""

import numpy as np

from course_utils.questions.engine.data import of_data

# 1. Compute: the scores of 1000 images


@of_data
def first_1000(data):
    """Return the first 1000 train images."""
    return data.X_train[:1000].copy()


@of_data
def svd(data):
    """Return U, s, Vt of these images, centred."""
    X = data.X_train[:1000]
    return np.linalg.svd(X - X.mean(axis=0), full_matrices=False)


def scores(X):
    """Return two scores for each row of X as it is, uncentred: (n, 784) -> (n, 2)."""
    U, s, _ = np.linalg.svd(X, full_matrices=False)
    return U[:, :2] * s[:2]


def projected(X, components):
    """Return the centred rows of X times components."""
    return (X - X.mean(axis=0)) @ components


# 2. Complete: train and test kept apart


def fit(X):
    """Return the mean of X and its components as rows."""
    mean = X.mean(axis=0)
    return mean, np.linalg.svd(X - mean, full_matrices=False)[2]


def reconstruct(X_train, X, k):
    """Return X, encoded with k components of X_train and decoded."""
    mean, components = fit(X_train)
    return (X - mean) @ components[:k].T @ components[:k] + mean


def never_centred(X_train, X, k):
    """As `reconstruct`, without any mean."""
    V = np.linalg.svd(X_train, full_matrices=False)[2][:k].T
    return X @ V @ V.T


def own_mean(X_train, X, k):
    """As `reconstruct`, with the mean of X."""
    components = fit(X_train)[1][:k]
    return (X - X.mean(axis=0)) @ components.T @ components + X.mean(axis=0)


def mean_forgotten(X_train, X, k):
    """As `reconstruct`, without the mean at the end."""
    return reconstruct(X_train, X, k) - X_train.mean(axis=0)


def columns(X_train, X, k):
    """As `reconstruct`, with columns of Vt."""
    mean, components = fit(X_train)
    return (X - mean) @ components[:, :k] @ components[:, :k].T + mean


def last_k(X_train, X, k):
    """As `reconstruct`, with the last k components."""
    mean, components = fit(X_train)
    return (X - mean) @ components[-k:].T @ components[-k:] + mean


def codes_only(X_train, X, k):
    """Return the codes."""
    mean, components = fit(X_train)
    return (X - mean) @ components[:k].T


def points():
    """Return train and test rows that do not lie around the origin, nor around each other; and how many components."""
    rng = np.random.default_rng(2)
    found = []
    for d, k in ((6, 2), (8, 3)):
        mix = rng.normal(size=(d, d)) * 2.0 ** -np.arange(d)[:, None]
        found.append((rng.normal(size=(40, d)) @ mix + 3, rng.normal(size=(15, d)) @ mix + 4, k))
    return found


# 3. Find the fault: how many components explain a share


def components_for(X, share):
    """Return how many components explain at least this share of the variance."""
    return counted(X, share, lambda variances: np.cumsum(variances[::-1]))


def counted(X, share, added_up, power=1.0, centre=True):
    """Return the first place at which the added up variances (ascending before) reach a share, from 1."""
    X = X - X.mean(axis=0) if centre else X
    variances = np.linalg.eigvalsh(X.T @ X / (len(X) - 1)).clip(0) ** power
    return np.argmax(added_up(variances) / variances.sum() >= share) + 1


def clouds():
    """Return points of which few or many components explain a share, far from the origin."""
    rng = np.random.default_rng(3)
    scales = (np.array([9, 5, 3, 2, 1, 0.5]), np.array([4.0, 3.9, 3.8, 3.7, 1.5, 1.4, 1.3, 0.1]))
    sets = [rng.normal(size=(80, len(scale))) * scale + 5 for scale in scales]
    return [(X, share) for X in sets for share in (0.5, 0.8, 0.9, 0.99)]


# 4. Derive: the error of 20 components, from the variances


def foretold(kept=20, divisor=1000, pixels=784):
    """Return the sum of the variances behind the kept ones over the pixels, with any divisor in place of n."""
    return np.sum(svd()[1][kept:] ** 2) / divisor / pixels


def share_left():
    """Return the share of the variance that 20 components leave."""
    return np.sum(svd()[1][20:] ** 2) / np.sum(svd()[1] ** 2)


def of_the_kept():
    """Return the variance of the kept ones per pixel."""
    return foretold(0) - foretold()


# 6. The challenge: the hidden half


@of_data
def halves(data):
    """Return 4000 train images, the upper halves of 300 test images, and the lower ones."""
    X = data.X_test[:300]
    return data.X_train[:4000].copy(), X[:, :392].copy(), X[:, 392:].copy()


def error_of(lower):
    """Return the squared error of lower halves over that of the mean lower half of train."""
    X_train, _, true = halves()
    return np.mean((lower - true) ** 2) / np.mean((X_train[:, 392:].mean(axis=0) - true) ** 2)


def by_regression(X_train, upper, k=50):
    """Foretell the lower halves from k scores of the upper ones, by least squares."""
    mean = X_train.mean(axis=0)
    centred = X_train - mean
    components = np.linalg.svd(centred[:, :392], full_matrices=False)[2][:k]
    B = np.linalg.lstsq(centred[:, :392] @ components.T, centred[:, 392:], rcond=None)[0]
    return (upper - mean[:392]) @ components.T @ B + mean[392:]


def by_neighbours(X_train, upper, n=20):
    """Return the mean lower half of the n train images whose upper halves are nearest."""
    squared = -2 * upper @ X_train[:, :392].T + np.sum(X_train[:, :392] ** 2, axis=1)
    return X_train[np.argsort(squared, axis=1)[:, :n], 392:].mean(axis=1)


def mean_half(X_train, upper):
    """Return the mean lower half for everyone."""
    return np.tile(X_train[:, 392:].mean(axis=0), (len(upper), 1))


def completed(X_train, upper, lower, k=20):
    """Return the lower halves of whole images, `lower` put in, after k components of train."""
    return reconstruct(X_train, np.hstack([upper, lower]), k)[:, 392:]


def paper_put_in(X_train, upper):
    """As if nothing were drawn below."""
    return completed(X_train, upper, np.zeros_like(upper))


def mean_put_in(X_train, upper, k=20):
    """As if the mean were drawn below."""
    return completed(X_train, upper, mean_half(X_train, upper), k)


def fitted_to_the_upper(X_train, upper, k=40):
    """Fit k scores to the visible pixels alone, by least squares without a limit."""
    mean, components = fit(X_train)
    V = components[:k]
    codes = np.linalg.lstsq(V[:, :392].T, (upper - mean[:392]).T, rcond=None)[0].T
    return codes @ V[:, 392:] + mean[392:]
