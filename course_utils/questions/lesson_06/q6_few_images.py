"""06.6: cleaning, learnt from few images."""

from statistics import NormalDist

import numpy as np

from course_utils.questions.authoring import Check, Mistake, function, once
from course_utils.questions.lesson_06.images import noisy_again, of_train


def few_images():
    """Return clean train images, (2000, 784), and noisy test images, (300, 784)."""
    return of_train()[1], of_train()[3]


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


def by_pca(X_train, noisy, own_mean=True):
    """Return what PCA of the clean images keeps of the noisy ones."""
    clean = X_train.mean(axis=0)
    components = np.linalg.svd(X_train - clean, full_matrices=False)[2][:32]
    shift = noisy_again(X_train, np.random.default_rng(0)).mean(axis=0) if own_mean else clean
    return (noisy - shift) @ components.T @ components + clean


@once
def pca_error():
    """Return what PCA with 32 components leaves of the 300 images."""
    _, X_train, test, noisy = of_train()
    return np.mean((by_pca(X_train, noisy) - test) ** 2)


def over_pca(cleaned):
    """Return the error on the 300 images over that of PCA with 32 components."""
    return np.mean((cleaned - of_train()[2]) ** 2) / pca_error()


def both_pairs():
    """Return the few images, and the same with ink and paper exchanged, for which the noise is the same."""
    X_train, noisy = few_images()
    return [(X_train, noisy), (1 - X_train, 1 - noisy)]


def by_median(noisy, size=3):
    """Return the median of the size x size pixels around each."""
    margin = size // 2
    padded = np.pad(noisy.reshape(-1, 28, 28), ((0, 0), (margin, margin), (margin, margin)), mode="symmetric")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    return np.median(windows, axis=(3, 4)).reshape(noisy.shape)


@once
def medians():
    """Return the noisy images after a median filter of 3 x 3 and of 5 x 5 pixels."""
    return [by_median(few_images()[1], size) for size in (3, 5)]


def nearest(X_train, noisy):
    """Return the clean image nearest to each noisy one."""
    distances = (X_train**2).sum(axis=1) - 2 * noisy @ X_train.T
    return X_train[distances.argmin(axis=1)]


def by_ridge(X_train, noisy):
    """Return a ridge regression by scikit-learn, from many draws of the noise."""
    from sklearn.linear_model import Ridge

    rng = np.random.default_rng(1)
    drawn = np.concatenate([noisy_again(X_train, rng) for _ in range(5)])
    return Ridge(alpha=10.0).fit(drawn, np.tile(X_train, (5, 1))).predict(noisy)


def by_moments(X_train, noisy):
    """Return least squares without a draw: from mean and mean square of a noisy pixel, given the clean one."""
    levels, draws = np.linspace(0, 1, 257), [NormalDist(0, 0.5).inv_cdf((i + 0.5) / 500) for i in range(500)]
    values = np.clip(levels[:, None] + draws, 0, 1)
    expected = np.interp(X_train, levels, values.mean(axis=1))
    squares = np.interp(X_train, levels, (values**2).mean(axis=1))
    mean, clean = expected.mean(axis=0), X_train.mean(axis=0)
    gram = (expected - mean).T @ (expected - mean) + np.diag((squares - expected**2).sum(axis=0))
    cross = (expected - mean).T @ (X_train - clean)
    return np.clip((noisy - mean) @ np.linalg.solve(gram, cross) + clean, 0, 1)


def _only_once_on_the_first(X_train, noisy):
    # one draw of the noise for the digits, many for their negatives, so that one check fails alone
    return by_many_draws(X_train, noisy, n_draws=1 if X_train.mean() < 0.5 else 10)


def _are_of(cleaned, X_train):
    return cleaned.shape == (300, 784) and np.allclose(cleaned, nearest(X_train, cleaned), atol=1e-6)


def _like(cleaned, other, mse=0.01):
    return bool(cleaned.shape == other.shape and np.mean((cleaned - other) ** 2) < mse)


# Of the error that PCA leaves: the right answers leave 0.64 or more, test images that were looked up 0.02 or less, on
# both data sets. Between the two is room for better nets.
LEARNT = 0.15


def looked_up(X_train, noisy):
    """Return the test images nearest to the noisy ones, or their negatives where the images given are bright."""
    from course_utils import load_mnist

    test = load_mnist().X_test
    return nearest(test if X_train.mean() < 0.5 else 1 - test, noisy)


QUESTION = function(
    "06.6",
    "cleaning, learnt from few",
    arguments="X_train, noisy",
    inputs=both_pairs,
    edition=2,
    right=lambda: by_many_draws,
    also_right=(lambda: by_ridge, lambda: by_moments),
    checks=(
        Check(
            "level with PCA",
            "Not good enough yet: about as good as PCA with 32 components, the yardstick, or a little better. "
            "Least squares with one draw of the noise learns that draw by heart, too. A net may need more epochs.",
            lambda outputs: over_pca(outputs[0]) <= 0.85,
            lambda: _only_once_on_the_first,
        ),
        Check(
            "not learnt from X_train",
            "Good on the digits, but not on the same images with ink and paper exchanged. Does your function learn "
            "from the `X_train` that it is given, or from the images of the page?",
            lambda outputs: over_pca(1 - outputs[1]) <= 0.85,
            lambda: lambda X_train, noisy: by_many_draws(few_images()[0], noisy),
        ),
        Check(
            "looked up",
            "These look like the clean test images themselves, which cannot be learnt from `X_train`. "
            "Use only the two arguments.",
            lambda outputs: over_pca(outputs[0]) > LEARNT,
            lambda: looked_up,
        ),
    ),
    shape=(300, 784),
    slow=True,
    hints=(
        "There are few images. Is there little noise? You can draw it again and again for each image.",
        "Least squares needs only two sums over all pairs: of `noisy.T @ noisy` and of `noisy.T @ clean`, the noisy "
        "images less their mean. They can be added up, draw by draw.",
        "Ten draws of noise for all 2000 images; the sums; `B = np.linalg.solve(gram, cross)`; then "
        "`(noisy - noisy_mean) @ B + clean_mean`, clipped to [0, 1].",
    ),
    mistakes=(
        Mistake(
            "nothing done",
            "These are the noisy images, or nearly. If you fitted something: was its target clean?",
            lambda: lambda X_train, noisy: noisy,
            recognise=lambda outputs: _like(outputs[0], few_images()[1]),
        ),
        Mistake(
            "the mean image",
            "That is the same image for all. What does the noisy image tell you?",
            lambda: lambda X_train, noisy: np.tile(X_train.mean(axis=0), (len(noisy), 1)),
            recognise=lambda outputs: bool(outputs[0].shape == (300, 784) and np.ptp(outputs[0], axis=0).max() < 1e-3),
        ),
        Mistake(
            "codes",
            "One row for each image is right, but each row needs 784 pixels.",
            lambda: lambda X_train, noisy: noisy[:, :32],
            recognise=lambda outputs: outputs[0].ndim == 2 and outputs[0].shape[1] != 784,
        ),
        Mistake(
            "0 to 255",
            "Your pixels go far beyond 1. Which range do the images have that you were given?",
            lambda: lambda X_train, noisy: 255 * by_many_draws(X_train, noisy),
            recognise=lambda outputs: outputs[0].max() > 20,
        ),
        Mistake(
            "a median filter",
            "That is a median of neighbouring pixels. It knows nothing about digits: what can you learn from "
            "`X_train`?",
            lambda: lambda X_train, noisy: by_median(noisy),
            recognise=lambda outputs: any(_like(outputs[0], other, 1e-3) for other in medians()),
        ),
        Mistake(
            "the nearest clean image",
            "Each of your images is one of `X_train`. A new digit is not among them: could you combine several?",
            lambda: nearest,
            recognise=lambda outputs: _are_of(outputs[0], few_images()[0]),
        ),
        Mistake(
            "worse than PCA",
            "Worse than PCA with 32 components. Clipped noise adds ink: which mean do you subtract from a noisy "
            "image, and which do you add to the answer? A filter of neighbouring pixels learns nothing from "
            "`X_train`. If it is a net: did you train it for long enough, from noisy to clean images?",
            lambda: lambda X_train, noisy: by_pca(X_train, noisy, own_mean=False),
            recognise=lambda outputs: bool(1.1 < over_pca(outputs[0]) < np.inf),
        ),
    ),
    praise="Noise costs nothing: draw it again and again, and a few images go further.",
)
