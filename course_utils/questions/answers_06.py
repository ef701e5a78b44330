"""Right and wrong code for the questions to lesson 6: what `lesson_06` and `more_06` compute their answers by."""

import numpy as np

from course_utils.questions.engine.data import of_data

# 1. Compute: the cost of the mean image


def grey_images():
    """Return pairs (X_train, X) of small images between 0 and 1; one pixel of X_train is always paper."""
    rng = np.random.default_rng(6)
    pairs = []
    for n, m, d in ((30, 20, 12), (15, 40, 5)):
        X_train, X = rng.beta(0.5, 1, (n, d)), rng.beta(0.7, 0.9, (m, d))
        X_train[:, 0], X[:, 0] = 0, X[:, 0] * (rng.random(m) < 0.1)
        pairs.append((X_train, X))
    return pairs


def cross_entropy(X, r, log=np.log):
    """Return the cross-entropy of each pixel, r kept away from 0 and 1."""
    r = np.clip(r, 1e-7, 1 - 1e-7)
    return -X * log(r) - (1 - X) * log(1 - r)


def guess_cost(X_train, X):
    """Return what it costs to answer every image of X with the mean of X_train."""
    return cross_entropy(X, X_train.mean(axis=0)).mean()


def by_keras(X_train, X):
    """Return the same by Keras's own loss."""
    import keras

    answers = np.broadcast_to(X_train.mean(axis=0), X.shape)
    return float(np.mean(keras.losses.binary_crossentropy(X, answers)))


# 2. Complete: units that are not used


def layers():
    """Return triples (X, W, b): images, and a relu layer of which some units are silent."""
    rng = np.random.default_rng(16)
    triples = []
    for n, d, units in ((30, 8, 12), (9, 5, 20)):
        X, W = rng.random((n, d)), rng.normal(size=(d, units))
        W[:, 0], W[:, 1] = 0, -np.abs(W[:, 1])  # one that has no weights, and one that is silent for its weights
        triples.append((X, W, np.linspace(-2.5, 1.5, units)[rng.permutation(units)]))
    X, W = rng.random((20, 6)), rng.normal(size=(6, 4))
    W[:, 0], X[0] = 0.001, 0  # hardly an answer, but one; and an image to which no unit answers
    return [*triples, (X, W, np.array([0, -1.5, -1, -9]))]


def sums(X, W, b):
    """Return what enters the relu of each unit, (n, units)."""
    return X @ W + b


def n_unused(X, W, b):
    """Return how many units are zero for every image."""
    return int((sums(X, W, b) <= 0).all(axis=0).sum())


# 3. Find the fault: pairs to learn cleaning from


def clean_images():
    """Return triples (X, rng, stddev): grey images, on which nothing is clipped, and others; the grey once more."""
    rng = np.random.default_rng(26)
    black_and_white = (rng.random((300, 40)) < 0.4).astype(float)
    return [
        (np.full((400, 30), 0.5), np.random.default_rng(1), 0.1),
        (black_and_white, np.random.default_rng(2), 0.5),
        (np.full((400, 30), 0.5), np.random.default_rng(3), 0.1),
    ]


def pairs(X, rng, stddev, clip=True, shape=None, target=None, power=1.0):
    """Return noisy and clean images as one array, (2, n, d)."""
    noisy = X + stddev**power * rng.normal(size=shape or X.shape)
    noisy = np.clip(noisy, 0, 1) if clip else noisy
    return np.stack([noisy, X if target is None else target(X, noisy)])


def faulty(X, rng, stddev):
    """Return what the starter's code returns."""
    noisy = X
    noisy += stddev * rng.normal(size=X.shape[1])
    return np.stack([noisy, X])


def judged(outputs):
    """Return what holds of pairs: shapes, clean targets, a range, and noise: fresh, of `rng`, normal, of its size."""
    shapes = [(2, *X.shape) for X, _, _ in clean_images()]
    found = {"shapes": [output.shape for output in outputs] == shapes}
    if not found["shapes"]:
        return found
    grey, (noisy, target), again = outputs
    noise = grey[0] - 0.5
    found["clean"] = bool(np.allclose(target, clean_images()[1][0], atol=1e-6) and np.allclose(grey[1], 0.5, atol=1e-6))
    found["clipped"] = bool(noisy.min() >= 0 and noisy.max() <= 1)
    found["fresh"] = bool(noise.std(axis=0).min() > 0.004)
    found["each pixel"] = bool(noise.std(axis=1).min() > 0.004)
    found["of rng"] = not np.allclose(grey[0], again[0], atol=1e-6)
    found["mean"] = bool(abs(noise.mean()) < 0.004)
    found["size"] = bool(abs(noise.std() - 0.1) < 0.004)
    found["normal"] = bool(np.mean(np.abs(noise) > 0.18) > 0.04)  # 7 % of normal noise, none of uniform noise
    return found


# 4. Derive: the best linear cleaner


@of_data
def _of_train(data):
    # all that needs the data, at once: they are not loaded again when a net has taken its memory
    from course_utils import PCA

    variances = PCA().fit(data.X_train).explained_variance_.astype(float)
    rng = np.random.default_rng(36)
    test = data.X_test[rng.choice(len(data.X_test), 300, replace=False)].astype(float)
    noisy = noisy_again(test, rng)
    return variances, data.X_train[:2000].copy(), test.astype(np.float32), noisy.astype(np.float32)


def variances():
    """Return the variances of all components of train, largest first."""
    return _of_train()[0]


def foretold(lost=lambda v, noise: v * noise / (v + noise), noise=0.25, pixels=784):
    """Return a loss of each component, added up and divided by the pixels."""
    return np.sum(lost(variances(), noise)) / pixels


# 6. The challenge: cleaning, learnt from few images


def few_images():
    """Return clean train images, (2000, 784), and noisy test images, (300, 784)."""
    return _of_train()[1], _of_train()[3]


def noisy_again(X, rng):
    """Return X with noise of 0.5, clipped."""
    return np.clip(X + 0.5 * rng.normal(size=X.shape), 0, 1)


def by_many_draws(X_train, noisy, n_draws=10):
    """Return least squares from noisy to clean images, each image with many draws of noise."""
    rng = np.random.default_rng(0)
    d = X_train.shape[1]
    gram, cross, mean = np.zeros((d, d)), np.zeros((d, d)), np.zeros(d)
    for _ in range(n_draws):
        drawn = noisy_again(X_train, rng)
        gram, cross, mean = gram + drawn.T @ drawn, cross + drawn.T @ X_train, mean + drawn.mean(axis=0)
    n, mean, clean = n_draws * len(X_train), mean / n_draws, X_train.mean(axis=0)
    gram, cross = gram - n * np.outer(mean, mean), cross - n * np.outer(mean, clean)
    return np.clip((noisy - mean) @ np.linalg.solve(gram + 1e-3 * np.eye(d), cross) + clean, 0, 1)


def by_pca(X_train, noisy, k=32, own_mean=True):
    """Return what PCA of the clean images keeps of the noisy ones."""
    clean = X_train.mean(axis=0)
    components = np.linalg.svd(X_train - clean, full_matrices=False)[2][:k]
    shift = noisy_again(X_train, np.random.default_rng(0)).mean(axis=0) if own_mean else clean
    return (noisy - shift) @ components.T @ components + clean


def over_pca(cleaned):
    """Return the error on the 300 images over that of PCA with 32 components; infinite for another shape."""
    _, X_train, test, noisy = _of_train()
    if cleaned.shape != test.shape:
        return np.inf
    return np.mean((cleaned - test) ** 2) / np.mean((by_pca(X_train, noisy) - test) ** 2)
