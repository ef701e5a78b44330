"""06.2: units that are zero for every image."""

import numpy as np

from course_utils.questions.authoring import Mistake, function


def layers():
    """Return triples (X, W, b): images, and a relu layer of which some units are silent."""
    rng = np.random.default_rng(16)
    X, W = rng.random((30, 8)), rng.normal(size=(8, 12))
    W[:, 0], W[:, 1] = 0, -np.abs(W[:, 1])  # one that has no weights, and one that is silent for its weights
    several = X, W, np.linspace(-2.5, 1.5, 12)[rng.permutation(12)]
    X, W = rng.random((20, 6)), rng.normal(size=(6, 4))
    W[:, 0], W[:, 1] = 0.001, 0  # hardly an answer, but one; and the only silent unit
    X[0] = 0  # an image to which no unit answers
    return [several, (X, W, np.array([0, -1.5, -0.1, -0.3]))]


def sums(X, W, b):
    """Return what enters the relu of each unit, (n, units)."""
    return X @ W + b


def n_unused(X, W, b):
    """Return how many units are zero for every image."""
    return int((sums(X, W, b) <= 0).all(axis=0).sum())


def by_a_loop(X, W, b):
    """Return the same, counted unit by unit and image by image."""
    return sum(not any(x @ w + bias > 0 for x in X) for w, bias in zip(W.T, b, strict=True))


def by_those_that_answer(X, W, b):
    """Return how many units are left when all that answer to some image are taken away."""
    return len(set(range(len(b))) - set(np.nonzero(np.maximum(sums(X, W, b), 0))[1]))


QUESTION = function(
    "06.2",
    "units that are not used",
    arguments="X, W, b",
    inputs=layers,
    right=lambda: n_unused,
    also_right=(lambda: by_a_loop, lambda: by_those_that_answer),
    scalar=True,
    whole=True,
    low=0,
    hints=(
        "Compute what the layer returns for all images: `np.maximum(X @ W + b, 0)`, one row per image.",
        "A unit is a column. It is not used if its *largest* value over all images is 0.",
        "`np.sum(np.maximum(X @ W + b, 0).max(axis=0) == 0)`.",
    ),
    mistakes=(
        Mistake(
            "bias forgotten",
            "A unit adds something to its sum before the relu.",
            lambda: lambda X, W, b: n_unused(X, W, 0 * b),
        ),
        Mistake(
            "zero for one image",
            "You count units that are zero for *some* image. Which are zero for all?",
            lambda: lambda X, W, b: (sums(X, W, b) <= 0).any(axis=0).sum(),
        ),
        Mistake(
            "images for units",
            "You count images for which no unit answers. Over which axis do the images run?",
            lambda: lambda X, W, b: (sums(X, W, b) <= 0).all(axis=1).sum(),
        ),
        Mistake(
            "those in use",
            "That is how many *are* used.",
            lambda: lambda X, W, b: len(b) - n_unused(X, W, b),
        ),
        Mistake(
            "silent on average",
            "You take a mean before you ask. A unit may be negative on average and still answer to some images.",
            lambda: lambda X, W, b: (sums(X, W, b).mean(axis=0) <= 0).sum(),
        ),
        Mistake(
            "no weights",
            "A unit whose weights are zero is not used, but others may be silent as well: look at what they return.",
            lambda: lambda X, W, b: (np.abs(W).sum(axis=0) == 0).sum(),
        ),
        Mistake(
            "nearly zero",
            "You count units that answer faintly as unused. What is the smallest answer that is not 0?",
            lambda: lambda X, W, b: (sums(X, W, b).max(axis=0) < 0.01).sum(),
        ),
        Mistake(
            "before the relu",
            "You look for 0 before the relu: what enters it may be negative, and only the relu turns that into 0.",
            lambda: lambda X, W, b: (sums(X, W, b).max(axis=0) == 0).sum(),
        ),
        Mistake(
            "a negative bias",
            "The bias alone does not decide: the weighted pixels may outweigh it.",
            lambda: lambda X, W, b: (b <= 0).sum(),
        ),
    ),
    praise="The number of units says how many a layer has, not how many it uses.",
)
