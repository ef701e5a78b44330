"""06.1: what the mean image costs as a guess."""

import numpy as np

from course_utils.questions.authoring import Mistake, function


def grey_images():
    """Return pairs (X_train, X) of small images in [0, 1]: a pixel of X_train is all paper, then one is all ink."""
    rng = np.random.default_rng(6)
    pairs = []
    for n, m, d, level in ((30, 20, 12, 0.0), (15, 40, 5, 1.0)):
        X_train, X = rng.beta(0.5, 1, (n, d)), rng.beta(0.7, 0.9, (m, d))
        X_train[:, 0] = level
        X[:, 0] = np.where(rng.random(m) < 0.2, X[:, 0], level)  # a few images differ from all of train
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


def by_means(X_train, X):
    """Return the same from the means of both sets: the cost is linear in X."""
    r, ink = np.clip(X_train.mean(axis=0), 1e-7, 1 - 1e-7), X.mean(axis=0)
    return -np.log(1 - r).mean() - np.mean(ink * np.log(r / (1 - r)))


def clipped_to(low, high):
    """Return a guess's cost where the guess is kept between other limits."""

    def function(X_train, X):
        r = np.clip(X_train.mean(axis=0), low, high)
        with np.errstate(all="ignore"):
            return np.mean(-X * np.log(r) - (1 - X) * np.log(1 - r))

    return function


def _finite(outputs):
    return [bool(np.isfinite(output)) for output in outputs]


QUESTION = function(
    "06.1",
    "what a guess costs",
    arguments="X_train, X",
    inputs=grey_images,
    right=lambda: guess_cost,
    also_right=(lambda: by_keras, lambda: by_means),
    scalar=True,
    rtol=1e-4,
    hints=(
        "The guess is the same image for all, learnt from train pixel by pixel. NumPy repeats a row by itself.",
        "`r = np.clip(X_train.mean(axis=0), 1e-7, 1 - 1e-7)`, and the cost of a pixel has two terms, one for ink and "
        "one for paper.",
        "`np.mean(-X * np.log(r) - (1 - X) * np.log(1 - r))`.",
    ),
    mistakes=(
        Mistake(
            "its own mean",
            "Your guess has seen `X`: it is the mean of the images on which it is judged. Which images may it "
            "learn from?",
            lambda: lambda X_train, X: guess_cost(X, X),
        ),
        Mistake(
            "cost on train",
            "That is the cost of the guess on `X_train`, from which it was made. On which images does the question "
            "ask for it?",
            lambda: lambda X_train, X: guess_cost(X_train, X_train),
        ),
        Mistake(
            "arguments exchanged",
            "You have exchanged the two sets of images: you learn from `X` and measure the cost on `X_train`.",
            lambda: lambda X_train, X: guess_cost(X, X_train),
        ),
        Mistake(
            "one brightness for all pixels",
            "Your guess is one grey for the whole image. Which mean keeps the pixels apart?",
            lambda: lambda X_train, X: cross_entropy(X, X_train.mean()).mean(),
        ),
        Mistake(
            "a mean for each image",
            "Your guess is a brightness for each image, taken from `X` itself. Which mean belongs to a pixel of train?",
            lambda: lambda X_train, X: cross_entropy(X, X.mean(axis=1, keepdims=True)).mean(),
        ),
        Mistake(
            "bits",
            "That is in bits, with the logarithm to base 2. Keras uses the natural one.",
            lambda: lambda X_train, X: cross_entropy(X, X_train.mean(axis=0), np.log2).mean(),
        ),
        Mistake(
            "summed over pixels",
            "That is the cost of a whole image. The question asks for the cost per pixel.",
            lambda: lambda X_train, X: X.shape[1] * guess_cost(X_train, X),
        ),
        Mistake(
            "summed over all",
            "That is a sum over images and pixels. The question asks for the mean.",
            lambda: lambda X_train, X: X.size * guess_cost(X_train, X),
        ),
        Mistake(
            "ink alone",
            "That is the first term. What does it cost to expect ink where there is paper?",
            lambda: lambda X_train, X: np.mean(-X * np.log(np.clip(X_train.mean(axis=0), 1e-7, 1))),
        ),
        Mistake(
            "the sign",
            "A cost is not negative: the logarithm of a number below 1 is.",
            lambda: lambda X_train, X: -guess_cost(X_train, X),
        ),
        Mistake(
            "squared error",
            "That is the squared error of the guess. The question asks for the lesson's other loss.",
            lambda: lambda X_train, X: np.mean((X - X_train.mean(axis=0)) ** 2),
        ),
        Mistake(
            "the perfect answer",
            "That is what the *perfect* answer costs, each pixel its own value.",
            lambda: lambda X_train, X: cross_entropy(X, X).mean(),
        ),
        Mistake(
            "clipped from below only",
            "Where all train images have ink in a pixel, your guess is still 1, and one of the two logarithms is "
            "infinite. At which ends does Keras clip a guess?",
            lambda: clipped_to(1e-7, 1),
            recognise=lambda outputs: _finite(outputs) == [True, False],
        ),
        Mistake(
            "clipped from above only",
            "Where all train images have paper in a pixel, your guess is still 0, and its logarithm is infinite. "
            "At which ends does Keras clip a guess?",
            lambda: clipped_to(0, 1 - 1e-7),
            recognise=lambda outputs: _finite(outputs) == [False, True],
        ),
        Mistake(
            "not clipped",
            "The logarithm of 0 is infinite. A pixel may be paper in all of train, or ink in all of it: what does "
            "Keras do in both cases before it takes the logarithm?",
            lambda: lambda X_train, X: np.inf,
            recognise=lambda outputs: not np.isfinite(outputs).all(),
        ),
    ),
    praise="A net with a larger cost than this has not yet learnt anything about single images.",
)
