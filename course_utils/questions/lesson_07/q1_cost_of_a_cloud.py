"""07.1: the KL divergence of clouds of codes from the prior."""

from statistics import NormalDist

import numpy as np

from course_utils.questions.authoring import Mistake, function


def clouds():
    """Return one pair (mean, log_variance) for five images with three codes each: the prior itself, and others."""
    mean = np.array([[0, 0, 0], [1.5, -0.5, 2], [0, 0, 0], [0.3, 2, -1.2], [-2, 0.8, 0.4]], float)
    log_variance = np.array([[0, 0, 0], [0, 0, 0], [-3, 0.8, -1], [-4, 0.5, 1.1], [-1.3, -2.5, -0.2]], float)
    return [(mean, log_variance)]


def terms(mean, log_variance, half=0.5, variance=lambda v: np.exp(v), logarithm=lambda v: v, square=np.square, one=1):
    """Return the KL divergence of each code; every argument can be made wrong."""
    with np.errstate(all="ignore"):
        return half * (variance(log_variance) + square(mean) - one - logarithm(log_variance))


def summed(**faults):
    """Return a function (mean, log_variance) -> sums of `terms` over the codes."""
    return lambda mean, log_variance: terms(mean, log_variance, **faults).sum(axis=1)


def by_integrating(mean, log_variance):
    """Return the same from the definition, the integral of q log(q / p), on a fine grid around each cloud."""
    spread = np.exp(log_variance / 2)
    steps = np.linspace(-10, 10, 2001)
    z = mean[..., None] + spread[..., None] * steps
    log_q = -(steps**2) / 2 - np.log(spread[..., None])
    log_p = -(z**2) / 2
    weight = np.exp(-(steps**2) / 2) / np.sqrt(2 * np.pi) * (steps[1] - steps[0])
    return np.sum(weight * (log_q - log_p), axis=(1, 2))


def by_matrices(mean, log_variance):
    """Return the same from the formula for any two normal distributions: a trace, a distance, a determinant."""
    found = []
    for centre, logs in zip(mean, log_variance, strict=True):
        covariance = np.diag(np.exp(logs))
        found.append((np.trace(covariance) + centre @ centre - len(centre) - np.linalg.slogdet(covariance)[1]) / 2)
    return found


def by_quantiles(mean, log_variance):
    """Return the same, one code after another, as a mean over the quantiles of each cloud."""
    noise = np.array([NormalDist().inv_cdf((i + 0.5) / 20_000) for i in range(20_000)])

    def one(centre, log):
        z = centre + np.exp(log / 2) * noise
        return np.mean(z**2 / 2 - noise**2 / 2) - log / 2

    return [sum(map(one, *row)) for row in zip(mean, log_variance, strict=True)]


def reversed_divergence(mean, log_variance):
    """Return the KL divergence of the prior from the clouds."""
    return np.sum(np.exp(-log_variance) * (1 + mean**2) - 1 + log_variance, axis=1) / 2


QUESTION = function(
    "07.1",
    "what a cloud costs",
    arguments="mean, log_variance",
    inputs=clouds,
    right=summed,
    also_right=(lambda: by_integrating, lambda: by_matrices, lambda: by_quantiles),
    rtol=1e-3,
    hints=(
        "Try your function on a code with mean 0 and log variance 0: what is the KL divergence of the prior from "
        "itself? And what does a mean of 1 cost?",
        "The formula has the variance and its logarithm. `log_variance` is one of them: how do you get the other?",
        "`np.exp(log_variance) + mean**2 - 1 - log_variance` has shape (n, k). Halve it, and add up along axis 1.",
    ),
    mistakes=(
        Mistake(
            "one half forgotten",
            "Everything is twice too large. Which factor does the formula begin with?",
            lambda: summed(half=1.0),
        ),
        Mistake(
            "mean over codes",
            "You take the mean over the codes. Each code costs its own nats: how do costs of one image combine?",
            lambda: lambda mean, log_variance: terms(mean, log_variance).mean(axis=1),
        ),
        Mistake(
            "half forgotten, mean over codes",
            "For two codes this would be right, by chance: two faults cancel. Is there a one half, and are costs "
            "averaged?",
            lambda: lambda mean, log_variance: terms(mean, log_variance, half=1.0).mean(axis=1),
        ),
        Mistake(
            "not added up",
            "That is one number for each code. An image has one cost: add up its codes.",
            lambda: terms,
        ),
        Mistake(
            "added up over images",
            "You add up over the images, so there is one number for each code. Along which axis do the codes run?",
            lambda: lambda mean, log_variance: terms(mean, log_variance).sum(axis=0),
        ),
        Mistake(
            "one number for all",
            "That is one number for all images together. Return one for each image.",
            lambda: lambda mean, log_variance: terms(mean, log_variance).sum(axis=1).mean(),
            recognise=lambda outputs: outputs[0].size == 1,
        ),
        Mistake(
            "log variance for sigma",
            "You use `log_variance` as if it were the standard deviation. It is the logarithm of the variance.",
            lambda: summed(variance=np.square, logarithm=lambda v: np.log(v**2)),
        ),
        Mistake(
            "log variance for log sigma",
            "You use `log_variance` as if it were the logarithm of the *standard deviation*. Of what is it the "
            "logarithm?",
            lambda: summed(variance=lambda v: np.exp(2 * v), logarithm=lambda v: 2 * v),
        ),
        Mistake(
            "log variance for variance",
            "You use `log_variance` as if it were the variance: a variance is never negative, and its logarithm can "
            "be. Which function undoes a logarithm?",
            lambda: summed(variance=lambda v: v, logarithm=np.log),
        ),
        Mistake(
            "no exponential",
            "The variance has dropped out: `log_variance` minus `log_variance` is 0. The formula has the variance "
            "once, and once its logarithm.",
            lambda: summed(variance=lambda v: v),
        ),
        Mistake(
            "sigma for its square",
            "You add the standard deviation where the formula has the variance.",
            lambda: summed(variance=lambda v: np.exp(v / 2)),
        ),
        Mistake(
            "logarithm of sigma",
            "You subtract the logarithm of the standard deviation where the formula has that of the variance.",
            lambda: summed(logarithm=lambda v: v / 2),
        ),
        Mistake(
            "one forgotten",
            "The prior's KL divergence from itself should be 0, and yours is not. Which term makes it 0?",
            lambda: summed(one=0),
        ),
        Mistake(
            "mean not squared",
            "A code at -1 costs as much as one at 1. How does the mean enter?",
            lambda: summed(square=lambda m: m),
        ),
        Mistake(
            "variance alone",
            "You have left out the mean. A cloud of variance 1 that lies far from 0 is not the prior.",
            lambda: summed(square=lambda m: 0 * m),
        ),
        Mistake(
            "mean alone",
            "You have left out the variance. A cloud around 0 that is far narrower than the prior is not the prior.",
            lambda: summed(variance=lambda v: 1, logarithm=lambda v: 0),
        ),
        Mistake(
            "sign of the logarithm",
            "The logarithm has the wrong sign: with yours, a narrow cloud would cost less than nothing.",
            lambda: summed(logarithm=lambda v: -v),
        ),
        Mistake("the sign", "A KL divergence is never negative.", lambda: summed(half=-0.5)),
        Mistake(
            "bits",
            "That is in bits. The question asks for nats, with the natural logarithm.",
            lambda: summed(half=0.5 / np.log(2)),
        ),
        Mistake(
            "the other way round",
            "That is the KL divergence of the prior from the cloud. The two are not the same: the question asks for "
            "that of the cloud from the prior.",
            lambda: reversed_divergence,
        ),
    ),
    praise="Zero for the prior itself, and more for every cloud that is shifted, narrower or wider.",
)
