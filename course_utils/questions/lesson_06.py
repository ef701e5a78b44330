"""The questions to lesson 6, one layer and denoising: the first three, and all in a row."""

import numpy as np

from course_utils.questions import answers_06 as code
from course_utils.questions.authoring import function
from course_utils.questions.engine.question import Mistake
from course_utils.questions.more_06 import Q4, Q5, Q6

# 1. Compute: what a guess costs

Q1 = function(
    "06.1",
    "what a guess costs",
    arguments="X_train, X",
    inputs=code.grey_images,
    right=lambda: code.guess_cost,
    also_right=(lambda: code.by_keras,),
    scalar=True,
    rtol=1e-4,
    hints=(
        "The guess is one image for all: what was learnt from train, pixel by pixel. NumPy repeats a row by itself.",
        "`r = np.clip(X_train.mean(axis=0), 1e-7, 1 - 1e-7)`, and the cost of a pixel has two terms, one for ink and "
        "one for paper.",
        "`np.mean(-X * np.log(r) - (1 - X) * np.log(1 - r))`.",
    ),
    mistakes=(
        Mistake(
            "its own mean",
            "Your guess has seen `X`: it is the mean of the images that it is judged by. What may be learnt from?",
            lambda: lambda X_train, X: code.guess_cost(X, X),
        ),
        Mistake(
            "one brightness for all pixels",
            "Your guess is one grey for the whole image. Which mean keeps the pixels apart?",
            lambda: lambda X_train, X: code.cross_entropy(X, X_train.mean()).mean(),
        ),
        Mistake(
            "a mean for each image",
            "Your guess has a brightness for each image, taken from `X` itself. Which mean belongs to a pixel of "
            "train?",
            lambda: lambda X_train, X: code.cross_entropy(X, X.mean(axis=1, keepdims=True)).mean(),
        ),
        Mistake(
            "bits",
            "That is in bits, with the logarithm to the base 2. Keras takes the natural one.",
            lambda: lambda X_train, X: code.cross_entropy(X, X_train.mean(axis=0), np.log2).mean(),
        ),
        Mistake(
            "summed over pixels",
            "That is the cost of an image. What is asked for per pixel?",
            lambda: lambda X_train, X: X.shape[1] * code.guess_cost(X_train, X),
        ),
        Mistake(
            "summed over all",
            "That is a sum over images and pixels. A mean is asked for.",
            lambda: lambda X_train, X: X.size * code.guess_cost(X_train, X),
        ),
        Mistake(
            "ink alone",
            "That is the first term. What does it cost to expect ink where there is paper?",
            lambda: lambda X_train, X: np.mean(-X * np.log(np.clip(X_train.mean(axis=0), 1e-7, 1))),
        ),
        Mistake(
            "the sign",
            "A cost is not negative: the logarithm of a number below 1 is.",
            lambda: lambda X_train, X: -code.guess_cost(X_train, X),
        ),
        Mistake(
            "squared error",
            "That is the squared error of the guess. The lesson's loss here is another.",
            lambda: lambda X_train, X: np.mean((X - X_train.mean(axis=0)) ** 2),
        ),
        Mistake(
            "the perfect answer",
            "That is what the *perfect* answer costs, each pixel its own value.",
            lambda: lambda X_train, X: code.cross_entropy(X, X).mean(),
        ),
        Mistake(
            "not clipped",
            "The logarithm of 0 is infinite: somewhere train has nothing but paper, and one of `X` has ink. What does "
            "Keras do before it takes the logarithm?",
            lambda: lambda X_train, X: np.inf,
            recognise=lambda outputs: not np.isfinite(outputs).all(),
        ),
    ),
    praise="A net that costs more than this has learnt nothing of the single image yet.",
)


# 2. Complete: units that are not used

Q2 = function(
    "06.2",
    "units that are not used",
    arguments="X, W, b",
    inputs=code.layers,
    right=lambda: code.n_unused,
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
            lambda: lambda X, W, b: code.n_unused(X, W, 0 * b),
        ),
        Mistake(
            "zero for one image",
            "You count units that are zero for *some* image. Which are zero for all?",
            lambda: lambda X, W, b: (code.sums(X, W, b) <= 0).any(axis=0).sum(),
        ),
        Mistake(
            "images for units",
            "You count images for which no unit answers. Over which axis do the images run?",
            lambda: lambda X, W, b: (code.sums(X, W, b) <= 0).all(axis=1).sum(),
        ),
        Mistake(
            "those in use",
            "That is how many *are* used.",
            lambda: lambda X, W, b: len(b) - code.n_unused(X, W, b),
        ),
        Mistake(
            "silent on average",
            "You take a mean before you ask. A unit may be negative on average and still answer to some images.",
            lambda: lambda X, W, b: (code.sums(X, W, b).mean(axis=0) <= 0).sum(),
        ),
        Mistake(
            "no weights",
            "A unit whose weights are zero is not used, but others may be silent as well: look at what they return.",
            lambda: lambda X, W, b: (np.abs(W).sum(axis=0) == 0).sum(),
        ),
        Mistake(
            "before the relu",
            "You ask for 0 before the relu has made it one: what enters it may be negative.",
            lambda: lambda X, W, b: (code.sums(X, W, b).max(axis=0) == 0).sum(),
        ),
        Mistake(
            "a negative bias",
            "The bias alone does not decide: the weighted pixels may outweigh it.",
            lambda: lambda X, W, b: (b <= 0).sum(),
        ),
    ),
    praise="Count before you believe the size of a code.",
)


# 3. Find the fault: pairs to learn cleaning from


def _first_fault(name, *earlier):
    # the property `name` fails, and those before it hold
    def recognise(outputs):
        found = code.judged(outputs)
        return found["shapes"] and all(found[other] for other in earlier) and not found[name]

    return recognise


Q3 = function(
    "06.3",
    "three faults in the pairs",
    arguments="X, rng, stddev",
    inputs=code.clean_images,
    right=lambda: code.pairs,
    given=lambda: code.faulty,
    accepts=lambda outputs: all(code.judged(outputs).values()),
    hints=(
        "Call it with an `X` of zeros, and look at what has become of `X`. What does `noisy = X` make: a copy?",
        "How many different noises does `rng.normal(size=X.shape[1])` draw, for how many images?",
        "`noisy = X + stddev * rng.normal(size=X.shape)`, and then `np.clip` to the range of a pixel.",
    ),
    mistakes=(
        Mistake(
            "another shape",
            "The shape is not that of pairs: (2, n, d), where `X` is (n, d).",
            lambda: lambda X, rng, stddev: np.concatenate(code.pairs(X, rng, stddev)),
            recognise=lambda outputs: not code.judged(outputs)["shapes"],
        ),
        Mistake(
            "the clean ones first",
            "The clean images come first in your pairs. The first is what goes into the net: which are they?",
            lambda: lambda X, rng, stddev: code.pairs(X, rng, stddev)[::-1],
            recognise=lambda outputs: code.judged([np.asarray(o)[::-1] for o in outputs]).get("clean", False),
        ),
        Mistake(
            "noise added to the target",
            "Your target is noisy: what should the net learn to draw? If your code begins with `noisy = X`: that gives "
            "the array a second name, and `+=` writes into it.",
            lambda: lambda X, rng, stddev: code.pairs(X, rng, stddev, target=lambda X, noisy: noisy),
            recognise=_first_fault("clean"),
        ),
        Mistake(
            "the same noise for all",
            "All images have the same noise: a net can learn that by heart. Which shape has the noise of all images?",
            lambda: lambda X, rng, stddev: code.pairs(X, rng, stddev, shape=(1, X.shape[1])),
            recognise=_first_fault("fresh", "clean"),
        ),
        Mistake(
            "one number for an image",
            "All pixels of an image get the same noise, as if it were lit differently. Which shape has a draw for each "
            "pixel?",
            lambda: lambda X, rng, stddev: code.pairs(X, rng, stddev, shape=(len(X), 1)),
            recognise=_first_fault("each pixel", "clean", "fresh"),
        ),
        Mistake(
            "the same noise at each call",
            "Called twice with different `rng`, it draws the same noise. Whose draws should it take?",
            lambda: lambda X, rng, stddev: code.pairs(X, np.random.default_rng(0), stddev),
            recognise=_first_fault("of rng", "clean", "fresh", "each pixel"),
        ),
        Mistake(
            "noise of one sign",
            "Your noise makes images darker or lighter as a whole, also where nothing is clipped. Normal noise has "
            "mean 0, and it is the noisy image that is clipped.",
            lambda: lambda X, rng, stddev: np.stack([np.clip(X + np.abs(stddev * rng.normal(size=X.shape)), 0, 1), X]),
            recognise=_first_fault("mean", "clean", "fresh", "each pixel"),
        ),
        Mistake(
            "variance for standard deviation",
            "The noise is of the wrong size: `stddev` is a standard deviation. What multiplies a standard normal draw?",
            lambda: lambda X, rng, stddev: code.pairs(X, rng, stddev, power=2.0),
            recognise=_first_fault("size", "clean", "fresh", "each pixel", "mean"),
        ),
        Mistake(
            "uniform noise",
            "Of the right size, but no draw is far out: the noise is uniform. Which one is asked for?",
            lambda: (
                lambda X, rng, stddev: np.stack(
                    [np.clip(X + stddev * np.sqrt(12) * (rng.random(X.shape) - 0.5), 0, 1), X]
                )
            ),
            recognise=_first_fault("normal", "clean", "fresh", "each pixel", "size"),
        ),
        Mistake(
            "not clipped",
            "Some of your pixels are lighter than paper or darker than ink. To which range does a pixel belong?",
            lambda: lambda X, rng, stddev: code.pairs(X, rng, stddev, clip=False),
            recognise=_first_fault("clipped", "clean", "fresh", "each pixel", "size", "normal"),
        ),
    ),
    praise="Fresh noise on the input, none on the target: that is all that makes a denoiser.",
)

QUESTIONS = (Q1, Q2, Q3, Q4, Q5, Q6)
