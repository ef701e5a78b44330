"""06.4: the error of the best linear cleaner, derived."""

import numpy as np

from course_utils.questions.authoring import Mistake, number, of_data
from course_utils.questions.lesson_06.images import of_train


def variances():
    """Return the variances of all components of train, largest first."""
    return of_train()[0]


def foretold(lost=lambda v, noise: v * noise / (v + noise), noise=0.25, pixels=784):
    """Return a loss of each component, added up and divided by the pixels."""
    return np.sum(lost(variances(), noise)) / pixels


def by_trying_factors():
    """Return the same, each component's factor being the best of many."""
    factors = np.linspace(0, 1, 2001)[:, None]
    return np.sum(((1 - factors) ** 2 * variances() + factors**2 * 0.25).min(axis=0)) / 784


@of_data
def by_matrices(data):
    """Return the same from the covariance of the pixels, without any components."""
    X = data.X_train
    mean = X.mean(axis=0, dtype=float)
    covariance = (X.T @ X).astype(float) / len(X) - np.outer(mean, mean)
    return 0.25 * np.trace(np.linalg.solve(covariance + 0.25 * np.eye(784), covariance)) / 784


QUESTION = number(
    "06.4",
    "cleaning, predicted",
    right=foretold,
    also_right=(by_trying_factors, by_matrices),
    rtol=3e-3,
    low=0,
    hints=(
        "Along one component the clean score $c$ has variance $\\lambda$, and arrives as $c + e$, where $e$ has the "
        "noise's variance $\\nu$ and nothing to do with $c$. The cleaner answers $a\\,(c + e)$.",
        "Its error is $\\lambda$ times the square of $1 - a$, and $\\nu$ times the square of $a$. Which $a$ makes that "
        "least? Put it in.",
        "$a = \\lambda/(\\lambda + \\nu)$ leaves $\\lambda\\nu/(\\lambda + \\nu)$. Add these up over all "
        "components, and divide by the number of pixels.",
    ),
    mistakes=(
        Mistake(
            "summed over pixels",
            "That is the error of a whole image. The question asks for the error per pixel.",
            lambda: foretold(pixels=1),
        ),
        Mistake(
            "0.5 for its square",
            "You used 0.5 as the variance of the noise. It is the standard deviation.",
            lambda: foretold(noise=0.5),
        ),
        Mistake(
            "the noise itself",
            "That is the error of the noisy images themselves, with nothing done to them.",
            lambda: 0.25,
        ),
        Mistake(
            "the noise that stays",
            "That is the noise that gets through. What does the cleaner take away from the digit itself?",
            lambda: foretold(lambda v, noise: v**2 * noise / (v + noise) ** 2),
        ),
        Mistake(
            "what is taken from the digit",
            "That is what the cleaner takes away from the digit. How much of the noise gets through?",
            lambda: foretold(lambda v, noise: v * noise**2 / (v + noise) ** 2),
        ),
        Mistake(
            "what is kept",
            "That is the variance that the cleaner keeps. What does it miss?",
            lambda: foretold(lambda v, noise: v**2 / (v + noise)),
        ),
        Mistake(
            "kept or dropped",
            "You keep components with more variance than the noise, and drop the others. Could a cleaner not keep "
            "a part of each?",
            lambda: foretold(np.minimum),
        ),
        Mistake(
            "PCA with 32",
            "That is PCA with 32 components: it keeps all of their noise, and loses everything in the others. The "
            "best map weighs each component.",
            lambda: foretold(lambda v, noise: np.where(np.arange(784) < 32, noise, v)),
        ),
        Mistake(
            "the best of 32",
            "You weigh each of 32 components as you should, and drop the others. Does the best cleaner drop any?",
            lambda: foretold(lambda v, noise: np.where(np.arange(784) < 32, v * noise / (v + noise), v)),
        ),
        Mistake(
            "everything dropped",
            "That is the variance of the images: the error of always answering with the mean image.",
            lambda: foretold(lambda v, noise: v),
        ),
    ),
    praise="You did not have to clean an image: the variances and the size of the noise are enough.",
)
