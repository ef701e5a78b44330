"""02.6: the lower half of an image, drawn from the upper one."""

import numpy as np

from course_utils.questions.authoring import Check, Mistake, function, of_data
from course_utils.questions.lesson_02.images import fit, reconstruct

# Measured on both data sets: what is learnt leaves 0.52 or more (neighbours, kernel regression and nets with dropout,
# from the 4000 images or from five and more times as many). The true halves leave 0; half truth, half mean leaves 0.25.
LEARNT = 0.3


@of_data
def halves(data):
    """Return 4000 train images, the upper halves of 300 test images, and the lower ones."""
    X = data.X_test[:300]
    return data.X_train[:4000].copy(), X[:, :392].copy(), X[:, 392:].copy()


def error_of(outputs):
    """Return the squared error of the lower halves over that of the mean lower half of train."""
    X_train, _, true = halves()
    return np.mean((outputs[0] - true) ** 2) / np.mean((X_train[:, 392:].mean(axis=0) - true) ** 2)


def by_regression(X_train, upper, k=50):
    """Predict the lower halves from k scores of the upper ones, by least squares."""
    mean = X_train.mean(axis=0)
    centred = X_train - mean
    components = np.linalg.svd(centred[:, :392], full_matrices=False)[2][:k]
    B = np.linalg.lstsq(centred[:, :392] @ components.T, centred[:, 392:], rcond=None)[0]
    return (upper - mean[:392]) @ components.T @ B + mean[392:]


def by_neighbours(X_train, upper, n=20):
    """Return the mean lower half of the n train images whose upper halves are nearest."""
    squared = -2 * upper @ X_train[:, :392].T + np.sum(X_train[:, :392] ** 2, axis=1)
    return X_train[np.argsort(squared, axis=1)[:, :n], 392:].mean(axis=1)


def by_covariances(X_train, upper, ridge=0.1):
    """Return the conditional mean of a Gaussian with train's covariance and some noise in each pixel."""
    mean, C = X_train.mean(axis=0), np.cov(X_train, rowvar=False)
    return (upper - mean[:392]) @ np.linalg.solve(C[:392, :392] + ridge * np.eye(392), C[:392, 392:]) + mean[392:]


def mean_half(X_train, upper):
    """Return the mean lower half for everyone."""
    return np.tile(X_train[:, 392:].mean(axis=0), (len(upper), 1))


def completed(X_train, upper, lower, k=20):
    """Return the lower halves of whole images, `lower` put in, after k components of train."""
    return reconstruct(X_train, np.hstack([upper, lower]), k)[:, 392:]


def mean_put_in(X_train, upper, k=20):
    """As if the mean were drawn below."""
    return completed(X_train, upper, mean_half(X_train, upper), k)


def fitted_to_the_upper(X_train, upper, k=40):
    """Fit k scores to the visible pixels alone, by least squares without a limit."""
    mean, components = fit(X_train)
    V = components[:k]
    codes = np.linalg.lstsq(V[:, :392].T, (upper - mean[:392]).T, rcond=None)[0].T
    return codes @ V[:, 392:] + mean[392:]


def looked_up(X_train, upper):
    """Return the true lower halves: what a function returns that searches the test images for the upper ones."""
    return halves()[2]


def upside_down(X):
    """Return half images with their rows of pixels in reversed order: (n, 392) -> (n, 392)."""
    return X.reshape(-1, 14, 28)[:, ::-1].reshape(-1, 392)


QUESTION = function(
    "02.6",
    "the hidden half",
    arguments="X_train, upper",
    inputs=lambda: [halves()[:2]],
    right=lambda: by_regression,
    also_right=(lambda: by_neighbours, lambda: by_covariances),
    checks=(
        Check(
            "not by a fifth",
            "Your squared error is still more than four fifths of the yardstick's. Do you use too few numbers, or "
            "more than can be learnt from these train images?",
            lambda outputs: error_of(outputs) <= 0.8,
            lambda: lambda X_train, upper: mean_put_in(X_train, upper, k=5),
        ),
        Check(
            "looked up",
            "These look like the lower halves of the test images themselves, which cannot be learnt from train. "
            "Use only the two arguments.",
            lambda outputs: error_of(outputs) > LEARNT,
            lambda: looked_up,
        ),
    ),
    shape=(300, 392),
    slow=True,
    hints=(
        "PCA on the upper halves of train gives a few scores for each image, and `upper` has such scores as well.",
        "What connects scores of the upper half with the lower half? On train you know both: fit a straight line.",
        "`B = np.linalg.lstsq(scores_train, lower_train_centred, rcond=None)[0]`, with some 50 scores; then `scores @ "
        "B` plus the mean lower half of train.",
    ),
    mistakes=(
        Mistake(
            "the mean",
            "That is the yardstick: the same lower half for all. What does `upper` tell you about it?",
            lambda: mean_half,
        ),
        Mistake(
            "nothing drawn",
            "Your lower halves are empty: all pixels are 0. Even the mean lower half is better than that.",
            lambda: lambda X_train, upper: np.zeros_like(upper),
        ),
        Mistake(
            "empty paper put in",
            "To project, you needed a lower half, and used an empty one. PCA believes it and draws little below.",
            lambda: lambda X_train, upper: completed(X_train, upper, np.zeros_like(upper)),
        ),
        Mistake(
            "mean put in",
            "To project, you needed a lower half, and used the mean. That pulls each code towards the middle: better "
            "than nothing, and not enough. Can a code be found from the visible pixels alone?",
            lambda: mean_put_in,
        ),
        Mistake(
            "the upper half",
            "You return the half that was given.",
            lambda: lambda X_train, upper: upper,
        ),
        Mistake(
            "the upper half, mirrored",
            "You return the half that was given, upside down. Few digits are symmetric.",
            lambda: lambda X_train, upper: upside_down(upper),
        ),
        Mistake(
            "drawn upside down",
            "Turned upside down, your lower halves would be better: in which order are the rows of pixels?",
            lambda: lambda X_train, upper: upside_down(by_regression(X_train, upper)),
            lambda outputs: error_of([upside_down(outputs[0])]) <= 0.8,
        ),
        Mistake(
            "mean not added",
            "With train's mean lower half added, your answer would do. Where was it subtracted?",
            lambda: lambda X_train, upper: by_regression(X_train, upper) - X_train[:, 392:].mean(axis=0),
            lambda outputs: (
                error_of(outputs) > 0.8 and error_of([outputs[0] + halves()[0][:, 392:].mean(axis=0)]) <= 0.8
            ),
        ),
        Mistake(
            "0 to 255",
            "Your pixels go far beyond 1. Which range do the images have that you were given?",
            lambda: lambda X_train, upper: 255 * by_regression(X_train, upper),
            lambda outputs: error_of([outputs[0] / 255]) <= 1.01 < error_of(outputs),
        ),
        Mistake(
            "fitted without a limit",
            "Worse than the mean, with pixels far below 0 or above 1. Codes that fit the visible half too closely run "
            "wild in the other one. Use fewer numbers, or learn on train how far to trust them.",
            lambda: fitted_to_the_upper,
            lambda outputs: error_of(outputs) > 1 and (outputs[0].min() < -0.7 or outputs[0].max() > 1.7),
        ),
        Mistake(
            "whole images",
            "These are whole images. Return only the lower 392 pixels.",
            lambda: lambda X_train, upper: np.hstack([upper, by_regression(X_train, upper)]),
        ),
        Mistake(
            "worse than the mean",
            "Worse than the mean lower half: either what you draw is too sure of itself, or its rows or pixels are not "
            "in the order of `upper`.",
            lambda: lambda X_train, upper: by_neighbours(X_train, upper, n=1),
            lambda outputs: 1 < error_of(outputs) < np.inf,
        ),
    ),
    praise="Half an image predicts a good part of the other half, and PCA made it a small problem.",
)
