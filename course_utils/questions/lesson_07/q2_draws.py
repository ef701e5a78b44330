"""07.2: codes for training and codes for a map."""

from statistics import NormalDist

import numpy as np

from course_utils.questions.authoring import Check, Mistake, function

SHAPE = (300, 60)  # images and codes: 18,000 draws, and 60 even where all images share theirs


def given():
    """Return tuples (mean, log_variance, rng, training).

    First clouds of three widths; the prior with an rng in the same state; the clouds with another rng; and once more
    without training.
    """
    mean = np.random.default_rng(27).uniform(1, 3, SHAPE)
    log_variance = np.array([-3.0, 0.0, 1.2])[np.add.outer(np.arange(SHAPE[0]), np.arange(SHAPE[1])) % 3]
    clouds, prior = (mean, log_variance), (np.zeros(SHAPE), np.zeros(SHAPE))
    calls = ((clouds, 1, True), (prior, 1, True), (clouds, 2, True), (clouds, 3, False))
    return [(*of, np.random.default_rng(seed), training) for of, seed, training in calls]


def codes(mean, log_variance, rng, training, *, spread=lambda v: np.exp(v / 2), shape=None, shift=0.0):
    """Return draws in training, and else the means; with an argument that makes them wrong."""
    if not training:
        return mean
    noise = rng.normal(size=mean.shape) if shape is None else np.broadcast_to(even_noise(rng, shape), mean.shape)
    return mean + spread(log_variance) * (noise + shift)


def faulty(**faults):
    """Return a function like `codes` with a fault."""
    return lambda *given: codes(*given, **faults)


def even_noise(rng, shape):
    """Return the quantiles of a normal variable in random order: mean, size and tails are right, however few."""
    n = np.prod(shape)
    drawn = np.array([NormalDist().inv_cdf((i + 0.5) / n) for i in range(n)])
    return rng.permutation(drawn / drawn.std()).reshape(shape)


def by_normal(mean, log_variance, rng, training):
    """Return draws by NumPy's own normal distribution with this mean and this standard deviation."""
    return rng.normal(mean, np.sqrt(np.exp(log_variance))) if training else mean


def by_quantiles(mean, log_variance, rng, training):
    """Return draws by the quantiles of the normal distribution, from uniform numbers."""
    from scipy.special import ndtri

    return mean + training * np.exp(0.5 * log_variance) * ndtri(1 - rng.random(mean.shape))


def by_a_loop(mean, log_variance, rng, training):
    """Return draws by the covariance of each cloud, image by image."""
    if not training:
        return mean.copy()
    rows = zip(mean, log_variance, strict=True)
    return np.stack([m + np.linalg.cholesky(np.diag(np.exp(v))) @ rng.standard_normal(len(m)) for m, v in rows])


def judged(outputs):
    """Return what holds of the codes: their noise has its mean, size and shape, is fresh, and comes from `rng`."""
    mean, log_variance, _, _ = given()[0]
    noise = (outputs[0] - mean) / np.exp(log_variance / 2)
    levels = [log_variance == level for level in np.unique(log_variance)]
    parts = [noise[level] for level in levels]
    scale = noise.std() + 1e-12
    return {
        "mean": all(abs(part.mean()) < 0.1 * part.std() + 1e-12 for part in parts),
        "spread": all(abs(part.std() - 1) < 0.06 for part in parts),
        "normal": all(np.mean(np.abs(part) > 1.8 * part.std() + 1e-12) > 0.04 for part in parts) or scale < 1e-6,
        "each image": noise.std(axis=0).min() > 0.2 * scale,
        "each code": noise.std(axis=1).min() > 0.2 * scale,
        "other rng": not np.allclose(outputs[0], outputs[2], atol=1e-6),
        "same rng": all(_in_step(noise[level], outputs[1][level]) for level in levels),
        "encoding": np.allclose(outputs[3], mean, atol=1e-5),
    }


def _in_step(noise, other):
    # whether both are the same up to their mean and their size
    return bool(abs(np.corrcoef(noise, other)[0, 1]) > 0.999)


def _found(name):
    return lambda outputs: bool(judged(outputs)[name])


def _uniform(mean, log_variance, rng, training):
    noise = np.sqrt(12) * (rng.random(mean.shape) - 0.5)
    return mean + training * np.exp(log_variance / 2) * noise


def _own_generator(mean, log_variance, rng, training):
    return codes(mean, log_variance, np.random.default_rng(), training)


QUESTION = function(
    "07.2",
    "codes for training, codes for a map",
    arguments="mean, log_variance, rng, training",
    inputs=given,
    frozen=True,
    shape=SHAPE,
    right=lambda: codes,
    also_right=(lambda: by_normal, lambda: by_quantiles, lambda: by_a_loop),
    checks=(
        Check(
            "sampling when encoding",
            "In training your codes are right. Without training they are still noisy: the same image would lie "
            "elsewhere on the map at each call. Which point of the cloud stands for the image?",
            _found("encoding"),
            lambda: lambda mean, log_variance, rng, training: codes(mean, log_variance, rng, training=True),
        ),
        Check(
            "noise shared by all images",
            "All images get the same noise. Which shape has a draw for each image and each code?",
            _found("each image"),
            lambda: faulty(shape=(1, SHAPE[1])),
        ),
        Check(
            "noise shared by all codes",
            "All codes of an image get the same noise, so they move together. Which shape has a draw for each code?",
            _found("each code"),
            lambda: faulty(shape=(SHAPE[0], 1)),
        ),
        Check(
            "variance for standard deviation",
            "The spread of many draws is not the cloud's. What multiplies standard normal noise: the variance, or its "
            "root? And is what you multiply by the logarithm of something?",
            _found("spread"),
            lambda: faulty(spread=np.exp),
        ),
        Check(
            "noise with a mean",
            "The mean of many draws is not the cloud's mean. What is the mean of your noise?",
            _found("mean"),
            lambda: faulty(shift=0.3),
        ),
        Check(
            "uniform noise",
            "Mean and spread are right, but no draw is far from the mean. Is that normal noise?",
            _found("normal"),
            lambda: _uniform,
        ),
        Check(
            "the same noise at each call",
            "Called with a different `rng`, your function draws the same noise. Every step of training would add the "
            "same. Which generator should it draw from?",
            _found("other rng"),
            lambda: (
                lambda mean, log_variance, rng, training: codes(mean, log_variance, np.random.default_rng(0), training)
            ),
        ),
        Check(
            "noise of another generator",
            "Called twice with an `rng` in the same state, your function draws different noise. Which generator should "
            "it draw from?",
            _found("same rng"),
            lambda: _own_generator,
        ),
    ),
    hints=(
        "`rng.normal(size=mean.shape)` is noise with mean 0 and standard deviation 1, a draw for each code of each "
        "image.",
        "The variance is `np.exp(log_variance)`. Its root is the standard deviation: what becomes of the exponent?",
        "In training `mean + np.exp(log_variance / 2) * rng.normal(size=mean.shape)`, and otherwise `mean`.",
    ),
    mistakes=(
        Mistake(
            "another shape",
            "The shape is not that of `mean`. Return codes alone, one for each code of each image.",
            lambda: lambda mean, log_variance, rng, training: codes(mean, log_variance, rng, training)[..., None],
            recognise=lambda outputs: outputs[0].shape != SHAPE,
        ),
        Mistake(
            "the other way round",
            "You draw without training, and return the means in training. When is the noise needed?",
            lambda: lambda mean, log_variance, rng, training: codes(mean, log_variance, rng, not training),
            recognise=lambda outputs: (
                np.allclose(outputs[0], given()[0][0], atol=1e-5) and not judged(outputs)["encoding"]
            ),
        ),
        Mistake(
            "never drawn",
            "You always return the mean. If a decoder sees nothing else in training, it never learns what lies "
            "around it.",
            lambda: lambda mean, log_variance, rng, training: mean,
            recognise=lambda outputs: np.allclose(outputs[0], given()[0][0], atol=1e-5),
        ),
        Mistake(
            "no noise for the prior",
            "Where all log variances are 0 you draw nothing. Which variance has the logarithm 0?",
            lambda: (
                lambda mean, log_variance, rng, training: codes(
                    mean, log_variance, rng, training and log_variance.any()
                )
            ),
            recognise=lambda outputs: judged(outputs)["spread"] and np.allclose(outputs[1], 0, atol=1e-6),
        ),
        Mistake(
            "mean forgotten",
            "Your draws lie around 0 and not around `mean`.",
            lambda: lambda mean, log_variance, rng, training: codes(0 * mean, log_variance, rng, training),
            recognise=lambda outputs: abs(outputs[0].mean()) < 0.2,
        ),
        Mistake(
            "log variance for sigma",
            "You multiply the noise by `log_variance` itself, so a cloud of variance 1 gets none. Which function "
            "undoes a logarithm?",
            lambda: faulty(spread=lambda v: v),
            recognise=lambda outputs: np.allclose((outputs[0] - given()[0][0])[given()[0][1] == 0], 0, atol=1e-6),
        ),
        Mistake(
            "standard noise",
            "Every cloud gets the same spread, 1. What does `log_variance` say?",
            lambda: faulty(spread=lambda v: 1),
            recognise=lambda outputs: all(
                abs((outputs[0] - given()[0][0])[given()[0][1] == level].std() - 1) < 0.05 for level in (-3, 0, 1.2)
            ),
        ),
        Mistake(
            "noise of one sign",
            "All your noise has one sign. A normal draw is below its mean as often as above it.",
            lambda: (
                lambda mean, log_variance, rng, training: (
                    mean + training * np.exp(log_variance / 2) * np.abs(rng.normal(size=mean.shape))
                )
            ),
            recognise=lambda outputs: (outputs[0] >= given()[0][0]).all() or (outputs[0] <= given()[0][0]).all(),
        ),
    ),
    praise="The noise is for the decoder, which learns from it what lies around a code. A map needs the means alone.",
)
