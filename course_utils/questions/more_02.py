"""The questions to lesson 2, MNIST by PCA: the last three."""

import numpy as np

from course_utils.questions import answers_02 as code
from course_utils.questions.authoring import choice, function, number, rounded
from course_utils.questions.engine.question import Mistake

# 4. Derive: the error from the variances

Q4 = number(
    "02.4",
    "the error, foretold",
    right=code.foretold,
    rtol=2e-4,
    low=0,
    hints=(
        "Which variances are lost, those of the kept components or the others? Their sum is a squared length.",
        "The lesson's formula has a sum over i > k, and a divisor that makes it a mean over pixels. At which index of "
        "Python is i = 21?",
        "`explained_variance_` divides by n - 1, and an error is a mean over n. Here n is 1000, so this shows.",
    ),
    mistakes=(
        rounded(code.foretold),
        Mistake(
            "n for n - 1",
            "Very near. The variances have the divisor n - 1; by what does a mean over n images divide?",
            lambda: code.foretold(divisor=999),
        ),
        Mistake(
            "corrected the wrong way",
            "You know of n and n - 1, but which of the two has to go, and which to come?",
            lambda: code.foretold(divisor=999**2 / 1000),
        ),
        Mistake(
            "summed over pixels",
            "This is the squared error of an image, all its pixels together. What is asked for per pixel?",
            lambda: code.foretold(pixels=1),
        ),
        Mistake(
            "divided by the number of dropped ones",
            "The sum is right, and it is spread over the wrong number. How many *pixels* has an image?",
            lambda: code.foretold(pixels=764),
        ),
        Mistake(
            "the kept ones",
            "That is what the 20 components keep. What do they leave?",
            code.of_the_kept,
        ),
        Mistake("a share", "That is the share of the variance that is left, without a unit.", code.share_left),
        Mistake("one too many", "You have dropped the 20th as well.", lambda: code.foretold(19)),
        Mistake("one too few", "You have kept the 21st as well.", lambda: code.foretold(21)),
    ),
    praise="No image had to be reconstructed: what is dropped is what is left.",
)


# 5. Experiment: shuffled pixels

Q5 = choice(
    "02.5",
    "shuffled pixels",
    right="b",
    wrong={
        "a": "Compare the two errors that you have printed. Do they differ by more than rounding?",
        "c": "Put a component back in order before you judge it: pixel `order[j]` of the image went to place j.",
        "d": "Compare the two errors that you have printed, and the explained variances beside them.",
    },
    hints=(
        "Fit both on the same 10,000 images. Print both errors on test images, each set in its own order of pixels.",
        "`back = np.empty_like(v); back[order] = v` puts a shuffled component back. Draw it beside the old one.",
    ),
    praise="PCA sees a list of numbers. A method that knows neighbours, a convolution, would notice.",
)


# 6. The challenge: the hidden half

Q6 = function(
    "02.6",
    "the hidden half",
    arguments="X_train, upper",
    inputs=lambda: [code.halves()[:2]],
    right=lambda: code.by_regression,
    also_right=(lambda: code.by_neighbours,),
    accepts=lambda outputs: code.error_of(outputs[0]) <= 0.8,
    shape=(300, 392),
    slow=True,
    hints=(
        "PCA on the upper halves of train gives a few scores for each image, and these can be had for `upper` as well.",
        "What joins scores of the upper half with the lower half? On train you know both: fit a straight line.",
        "`B = np.linalg.lstsq(scores_train, lower_train_centred, rcond=None)[0]`, with some 50 scores; then `scores @ "
        "B` plus the mean lower half of train.",
    ),
    mistakes=(
        Mistake(
            "the mean",
            "That is the yardstick: the same lower half for all. What does `upper` tell about it?",
            lambda: code.mean_half,
        ),
        Mistake(
            "paper put in",
            "To project, you needed a lower half, and took an empty one. PCA believes it: below there is paper.",
            lambda: code.paper_put_in,
        ),
        Mistake(
            "mean put in",
            "To project, you needed a lower half, and took the mean. That pulls each code to the middle: better than "
            "nothing, and not enough. Can a code be found from the visible pixels alone?",
            lambda: code.mean_put_in,
        ),
        Mistake(
            "the upper half",
            "You return the half that was given.",
            lambda: lambda X_train, upper: upper,
        ),
        Mistake(
            "fitted without a limit",
            "Worse than the mean: your codes fit the visible half so well that they run wild in the other one. Fewer "
            "numbers, or learn on train how far to trust them.",
            lambda: code.fitted_to_the_upper,
            recognise=lambda outputs: outputs[0].shape == (300, 392) and 1.7 < code.error_of(outputs[0]) < np.inf,
        ),
        Mistake(
            "whole images",
            "These are whole images. Only the lower 392 pixels are asked for.",
            lambda: lambda X_train, upper: np.hstack([upper, code.by_regression(X_train, upper)]),
        ),
        Mistake(
            "not by a fifth",
            "Better than the mean, but not by a fifth yet. Are all its numbers needed? Are there enough of them?",
            lambda: lambda X_train, upper: code.mean_put_in(X_train, upper, k=5),
            recognise=lambda outputs: 0.8 < code.error_of(outputs[0]) < 1,
        ),
        Mistake(
            "worse than the mean",
            "Worse than the mean lower half: what you draw is too sure of itself, or not in the pixels' order.",
            lambda: lambda X_train, upper: code.by_neighbours(X_train, upper, n=1),
            recognise=lambda outputs: outputs[0].shape == (300, 392) and 1 < code.error_of(outputs[0]) < np.inf,
        ),
    ),
    praise="Half an image foretells a good part of the other half, and PCA made it a small problem.",
)
