"""05.4: the spread of an untrained net's codes, derived."""

import numpy as np

from course_utils.questions.authoring import Mistake, number, of_data, rounded
from course_utils.questions.lesson_05.nets import DIGITS


@of_data
def images(data):
    """Return the 1000 train images, (1000, 784)."""
    return data.X_train[np.flatnonzero(np.isin(data.y_train, DIGITS))[:1000]].astype(np.float64)


def moments():
    """Return variances and mean squares of the pixels, and the variance of all pixels."""
    X = images()
    return {"variances": X.var(axis=0), "squares": (X**2).mean(axis=0), "pooled": X.var()}


def foretold(total=None, units=500 * 300, power=3):
    """Return sigma^power times the root of units times the total variance of the pixels."""
    total = moments()["variances"].sum() if total is None else total
    return 0.01**power * np.sqrt(units * total)


def by_pairs():
    """Return the same from the distances between images: their mean square is twice the total variance."""
    X = images()
    squares = (X**2).sum(axis=1)
    return foretold(np.mean(squares[:, None] + squares - 2 * X @ X.T) / 2)


def by_layers():
    """Return the same layer by layer, starting from the singular values of the centred images."""
    X = images()
    total = np.sum(np.linalg.svd(X - X.mean(axis=0), compute_uv=False) ** 2) / len(X)
    for units in (500, 300, 1):
        total *= units * 0.01**2
    return np.sqrt(total)


QUESTION = number(
    "05.4",
    "the spread, predicted",
    right=foretold,
    also_right=(by_pairs, by_layers),
    rtol=1e-3,
    low=0,
    hints=(
        "Take one sum of weights $w_i$ times inputs $h_i$. The weights are independent, with mean 0 and variance "
        "$\\sigma^2$. Over many draws, the sum's variance is a multiple of the inputs' variances, added up: which "
        "multiple?",
        "Through one layer: each unit's variance is $\\sigma^2$ times the total of its inputs' variances, and the "
        "total over all units is their number times that. How many units has each of the two hidden layers?",
        "The total of the pixels' variances is `X.var(axis=0).sum()`. Three layers multiply it by $\\sigma^2$ each, "
        "and two of them also by their number of units; the last one counts for one code alone. A spread is a root.",
    ),
    mistakes=(
        rounded(foretold),
        Mistake("no root", "That is a variance. A spread is its root.", lambda: foretold() ** 2),
        Mistake(
            "the mean square",
            "You have added up squares of pixels. But what all images share moves all codes alike: does it spread "
            "them?",
            lambda: foretold(moments()["squares"].sum()),
        ),
        Mistake(
            "pooled pixels",
            "The variance of all pixels together includes the difference between a pixel in the middle and one at "
            "the edge. Images differ by the variance of each pixel by itself.",
            lambda: foretold(784 * moments()["pooled"]),
        ),
        Mistake(
            "a mean over pixels",
            "A unit adds up all its inputs. Why would the mean of their variances count?",
            lambda: foretold(moments()["variances"].mean()),
        ),
        Mistake(
            "pixels of variance one",
            "You have counted 784 inputs, as if each had the variance 1. Most pixels hardly vary.",
            lambda: foretold(784),
        ),
        Mistake(
            "784 pixels twice",
            "The sum over the pixels has been taken already, and you multiply by their number once more.",
            lambda: foretold(784 * moments()["variances"].sum()),
        ),
        Mistake(
            "both codes",
            "You have added up the variances of both codes. The question asks for one code.",
            lambda: foretold(units=500 * 300 * 2),
        ),
        Mistake(
            "one layer",
            "That is the spread of a unit in the first layer. Two more layers follow.",
            lambda: foretold(units=1, power=1),
        ),
        Mistake(
            "two layers",
            "That is the spread of a unit in the second hidden layer. One more layer follows.",
            lambda: foretold(units=500, power=2),
        ),
        Mistake(
            "units forgotten",
            "You have counted the weights of all three layers. But each layer also adds up as many products as it "
            "has inputs.",
            lambda: foretold(units=1),
        ),
        Mistake(
            "one hidden layer forgotten",
            "You have counted the units of one hidden layer, but not those of the other.",
            lambda: foretold(units=500),
            recognise=lambda value: any(np.isclose(value, foretold(units=n), rtol=2e-3) for n in (500, 300)),
        ),
        Mistake(
            "standard deviations added",
            "You have added up standard deviations. What may be added for independent terms?",
            lambda: 0.01**3 * 500 * 300 * np.sqrt(moments()["variances"]).sum(),
            recognise=lambda value: any(
                np.isclose(value, c * np.sqrt(moments()["variances"]).sum(), rtol=2e-3)
                for c in (0.01**3 * 500 * 300, 0.01**3 * np.sqrt(500 * 300))
            ),
        ),
        Mistake(
            "sigma for its square",
            "You have multiplied variances by 0.01. What is the *variance* of these weights?",
            lambda: foretold(power=1.5),
        ),
        Mistake(
            "biases added",
            "Most of this comes from the biases. Do they differ from image to image?",
            lambda: np.sqrt(foretold() ** 2 + 0.01**2),
            recognise=lambda value: 0.0098 < value < 0.0108,
        ),
        Mistake(
            "drawn, not derived",
            "Close. Did you draw a net and measure? Each draw gives a different number, but their mean square can "
            "be calculated. Or did you round, or use other images?",
            lambda: 0.95 * foretold(),
            recognise=lambda value: 0.85 < value / foretold() < 1.15,
        ),
    ),
    praise=("You knew the spread of the codes before any net was drawn: each of the three layers makes it smaller."),
)
