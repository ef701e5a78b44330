"""The questions to lesson 5, the latent manifold: the last three."""

import numpy as np

from course_utils.questions import answers_05 as code
from course_utils.questions.authoring import choice, function, number, rounded
from course_utils.questions.engine.data import of_data
from course_utils.questions.engine.question import Mistake

# 4. Derive: the spread of the codes


@of_data
def moments(data):
    """Return variances and mean squares of the pixels of 1000 train images, and the variance of all pixels."""
    X = data.X_train[np.flatnonzero(np.isin(data.y_train, code.DIGITS))[:1000]].astype(np.float64)
    return {"variances": X.var(axis=0), "squares": (X**2).mean(axis=0), "pooled": X.var()}


def foretold(total=None, units=500 * 300, power=3):
    """Return sigma^power times the root of units times the total variance of the pixels."""
    total = moments()["variances"].sum() if total is None else total
    return 0.01**power * np.sqrt(units * total)


Q4 = number(
    "05.4",
    "the spread, foretold",
    right=foretold,
    rtol=1e-3,
    low=0,
    hints=(
        "Take one sum, of weights $w_i$ times inputs $h_i$. The weights are independent, with mean 0 and variance "
        "$\\sigma^2$: over many draws, which multiple of the inputs' variances, all added up, is the sum's variance?",
        "Through one layer: each unit's variance is $\\sigma^2$ times the total of its inputs' variances, and the "
        "total over all units is their number times that. How many units has each of the two hidden layers?",
        "The total of the pixels' variances is `X.var(axis=0).sum()`. Three layers multiply it by $\\sigma^2$ each, "
        "and two of them also by their number of units; the last one counts for one code alone. A spread is a root.",
    ),
    mistakes=(
        rounded(foretold),
        Mistake("no root", "That is the variance of a code.", lambda: foretold() ** 2),
        Mistake(
            "the mean square",
            "You have added up squares of pixels. But what all images share moves all codes alike: does that spread "
            "them?",
            lambda: foretold(moments()["squares"].sum()),
        ),
        Mistake(
            "pooled pixels",
            "The variance of all pixels together also has the difference between a pixel in the middle and one at the "
            "edge. Which images differ in is the variance of each pixel by itself.",
            lambda: foretold(784 * moments()["pooled"]),
        ),
        Mistake(
            "a mean over pixels",
            "A unit adds up all its inputs. Is it the mean of their variances that counts?",
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
            "You have added up both codes. How many does a spread belong to?",
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
            "The weights of three layers are in it. But each layer also adds up as many products as it has inputs.",
            lambda: foretold(units=1),
        ),
        Mistake(
            "one hidden layer forgotten",
            "One of the two hidden layers adds up its products, the other one does not yet.",
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
            "Near. Did you draw a net and measure? Each draw gives another number; their mean square can be "
            "calculated. Or have you rounded, or taken other images?",
            lambda: 0.95 * foretold(),
            recognise=lambda value: 0.85 < value / foretold() < 1.15,
        ),
    ),
    praise=(
        "Before any net was drawn, its codes' spread was known: three layers, three times the same factor too small."
    ),
)


# 5. Experiment: half-way

Q5 = choice(
    "05.5",
    "half-way between two digits",
    right="c",
    wrong={
        "a": "Print the middles of pairs of different digits beside their ends. Are they as near to an image?",
        "b": "Compare the two middles for pairs of the same digit. Which of them is nearer to a real image?",
        "d": "A cross-fade holds real strokes, but twice as many as a digit. Which middle is nearer in your figures?",
    },
    hints=(
        "For 300 random pairs you need four arrays of pictures: both ends, the middle by code, the middle by "
        "pixels. Then split the pairs by `y_test[i] == y_test[j]`.",
        "With `codes = codes_test`: `decode((codes[i] + codes[j]) / 2, trained)` against `(decode(codes[i], trained) + "
        "decode(codes[j], trained)) / 2`, each through `to_nearest_image`; print the means for equal and for different "
        "digits.",
    ),
    praise="Within a digit a decoder changes shapes; between two of them it crosses a border, or a third digit.",
)


# 6. The challenge: a code from a tenth of the pixels


def error_of(codes):
    """Return the error on the hidden pixels over that of the encoder's codes; infinity for another shape."""
    true, images, visible, weights, _ = code.dusted()
    if np.shape(codes) != (100, 2):
        return np.inf
    hidden = ~visible

    def error(z):
        return np.mean((code.small_half(z, weights[3:]) - true)[:, hidden] ** 2)

    return error(codes) / error(code.small_half(images, weights[:3]))


def misfit(codes):
    """Return the error on all pixels, the hidden ones taken for paper."""
    _, images, _, weights, _ = code.dusted()
    return np.mean((code.small_half(codes, weights[3:]) - images) ** 2)


def least_misfit():
    """Return the smallest `misfit` of codes on a lattice."""
    return misfit(code.by_lattice(*code.dusted()[1:4], counts=np.ones(784)))


Q6 = function(
    "05.6",
    "a digit from a tenth of its pixels",
    arguments="images, visible, weights",
    inputs=lambda: [code.dusted()[1:4]],
    right=lambda: code.by_lattice,
    also_right=(lambda: code.by_gradient,),
    accepts=lambda outputs: error_of(outputs[0]) <= 2 / 3,
    shape=(100, 2),
    slow=True,
    hints=(
        "The encoder was never shown such images: do not ask it. Which codes *could* it be, and how do you tell "
        "that one of them fits what is visible?",
        "Decode many codes, such as a lattice over the range of `encode(X_train[:2000], weights)`, or these codes "
        "themselves. For each image take the one whose picture has the smallest squared error on the visible "
        "pixels. Or make the codes a `tf.Variable`, and go down that error's gradient.",
        "With `pictures` (m, 784) of m candidate codes, an array (a tensor has `.numpy()`), the errors of all "
        "images against all pictures are, up to what does not depend on the code, `-2 * images[:, visible] @ "
        "pictures[:, visible].T + (pictures[:, visible] ** 2).sum(axis=1)`; take the `argmin` along axis 1.",
    ),
    mistakes=(
        Mistake(
            "the encoder's codes",
            "That is the yardstick: to the encoder, what is hidden is paper.",
            lambda: lambda images, visible, weights: code.small_half(images, weights[:3]),
        ),
        Mistake(
            "the mean put in",
            "You have put the mean in for what is hidden, and asked the encoder. Nine tenths of what it sees are "
            "then the same for all images. Can a code be found without it?",
            lambda: (
                lambda images, visible, weights: code.small_half(
                    np.where(visible, images, code.dusted()[4]), weights[:3]
                )
            ),
        ),
        Mistake(
            "paper fitted",
            "Your codes fit all 784 pixels, so they fit an almost white page. Which pixels tell anything?",
            lambda: lambda *given: code.by_lattice(*given, counts=np.ones(784)),
            recognise=lambda outputs: misfit(outputs[0]) < 1.05 * least_misfit(),
        ),
        Mistake(
            "pictures returned",
            "These are pictures. Asked for are the codes; `check` decodes them itself.",
            lambda: (
                lambda images, visible, weights: code.small_half(code.by_lattice(images, visible, weights), weights[3:])
            ),
            recognise=lambda outputs: outputs[0].shape == (100, 784),
        ),
        Mistake(
            "not by a third",
            "Better than the encoder's, but not by a third yet. Do the visible pixels count, and they alone? Then: "
            "more steps, more candidates, or another start?",
            lambda: lambda *given: code.by_gradient(*given, n_steps=5),
            recognise=lambda outputs: 2 / 3 < error_of(outputs[0]) < 1,
        ),
        Mistake(
            "worse than the encoder",
            "Worse than the encoder's. Are these codes of the net that was handed over, or of another one? Has a "
            "descent run away?",
            lambda: (
                lambda images, visible, weights: code.small_half(
                    images, code.drawn([784, 30, 20, 2], seed=6, scale=5.0)
                )
            ),
            recognise=lambda outputs: 1 < error_of(outputs[0]) < np.inf,
        ),
    ),
    praise="The decoder holds what digits look like, so a few pixels are enough to choose among its pictures.",
)
