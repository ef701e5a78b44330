"""06.3: three faults in the pairs to learn cleaning from."""

from statistics import NormalDist

import numpy as np

from course_utils.questions.authoring import Check, Mistake, function


def clean_images():
    """Return triples (X, rng, stddev): grey images, on which nothing is clipped, and others; the grey once more."""
    rng = np.random.default_rng(26)
    black_and_white = (rng.random((300, 40)) < 0.4).astype(float)
    return [
        (np.full((400, 30), 0.5), np.random.default_rng(1), 0.1),
        (black_and_white, np.random.default_rng(2), 0.5),
        (np.full((400, 30), 0.5), np.random.default_rng(3), 0.1),
    ]


def pairs(X, rng, stddev, clip=True, shape=None, target=None, power=1.0):
    """Return noisy and clean images as one array, (2, n, d)."""
    drawn = rng.normal(size=X.shape) if shape is None else _like_many_draws(rng, shape)
    noisy = X + stddev**power * drawn
    noisy = np.clip(noisy, 0, 1) if clip else noisy
    return np.stack([noisy, X if target is None else target(X, noisy)])


def _like_many_draws(rng, shape):
    # the quantiles of a normal variable in random order: mean, size and tails are right, however few they are
    n = np.prod(shape)
    drawn = np.array([NormalDist().inv_cdf((i + 0.5) / n) for i in range(n)])
    return rng.permutation(drawn / drawn.std()).reshape(shape)


def judged(outputs):
    """Return which properties pairs have: shapes, clean targets, a range; noise that is fresh, normal and of `rng`."""
    shapes = [(2, *X.shape) for X, _, _ in clean_images()]
    found = {"shapes": [output.shape for output in outputs] == shapes}
    if not found["shapes"]:
        return found  # of another shape nothing else can be said
    grey, (noisy, _), again = outputs
    noise = grey[0] - 0.5
    black_and_white = clean_images()[1][0]
    found["clean"] = all(
        np.allclose(output[1], X, atol=1e-6) for output, (X, _, _) in zip(outputs, clean_images(), strict=True)
    )
    found["in range"] = bool(np.all(np.abs(noisy - 0.5) <= 0.5))
    found["stops at 0"] = bool(np.mean(noisy[black_and_white == 0] == 0) > 0.4)  # half of them, if clipped
    found["stops at 1"] = bool(np.mean(noisy[black_and_white == 1] == 1) > 0.4)
    found["fresh"] = bool(noise.std(axis=0).min() > 0.004)
    found["each pixel"] = bool(noise.std(axis=1).min() > 0.004)
    found["of rng"] = not np.allclose(grey[0], again[0], atol=1e-6)
    found["mean"] = bool(abs(noise.mean()) < 0.004)
    found["size"] = bool(abs(noise.std() - 0.1) < 0.004)
    found["normal"] = bool(
        np.mean(np.abs(noise) > 1.8 * noise.std()) > 0.04
    )  # 7 % of normal noise, none of uniform noise
    return found


def _found(name):
    # the predicate of a check; with another shape only that one fails
    return lambda outputs: judged(outputs).get(name, True)


def _stretched(X, rng, stddev):
    noisy = pairs(X, rng, stddev, clip=False)[0]
    return np.stack([(noisy - noisy.min()) / np.ptp(noisy), X])


def _clipped_on_one_side(X, rng, stddev):
    # black pixels from below and white ones from above, as if no noise could reach the other end
    noisy = pairs(X, rng, stddev, clip=False)[0]
    return np.stack([np.where(X < 0.5, np.maximum(noisy, 0), np.minimum(noisy, 1)), X])


def _folded_at_1(X, rng, stddev):
    noisy = np.maximum(pairs(X, rng, stddev, clip=False)[0], 0)
    return np.stack([np.where(noisy > 1, np.maximum(2 - noisy, 0), noisy), X])


def by_a_loop():
    """Return a function that draws the noise image by image."""

    def function(X, rng, stddev):
        return np.stack([[np.clip(rng.normal(x, stddev), 0, 1) for x in X], X])

    return function


def by_maximum():
    """Return a function that writes into a copy, and clips with a minimum and a maximum."""

    def function(X, rng, stddev):
        noisy = X.copy()
        noisy += stddev * rng.standard_normal(X.shape)
        return np.array([np.minimum(np.maximum(noisy, 0), 1), X])

    return function


QUESTION = function(
    "06.3",
    "three faults in the pairs",
    arguments="X, rng, stddev",
    inputs=clean_images,
    frozen=True,
    right=lambda: pairs,
    also_right=(by_a_loop, by_maximum),
    checks=(
        Check(
            "another shape",
            "The shape is not that of the pairs: it should be (2, n, d), where `X` is (n, d).",
            _found("shapes"),
            lambda: lambda X, rng, stddev: np.concatenate(pairs(X, rng, stddev)),
        ),
        Check(
            "noise added to the target",
            "Your target is not the clean image. What should the net learn to draw?",
            _found("clean"),
            lambda: lambda X, rng, stddev: pairs(X, rng, stddev, target=lambda X, noisy: noisy),
        ),
        Check(
            "the same noise for all",
            "All images have the same noise, and a net can learn that by heart. Which shape should the noise have?",
            _found("fresh"),
            lambda: lambda X, rng, stddev: pairs(X, rng, stddev, shape=(1, X.shape[1])),
        ),
        Check(
            "one number for an image",
            "All pixels of an image get the same noise, as if it were lit differently. Which shape has a draw for each "
            "pixel?",
            _found("each pixel"),
            lambda: lambda X, rng, stddev: pairs(X, rng, stddev, shape=(len(X), 1)),
        ),
        Check(
            "the same noise at each call",
            "Called twice with a different `rng`, your function draws the same noise. Which generator should it "
            "draw from?",
            _found("of rng"),
            lambda: lambda X, rng, stddev: pairs(X, np.random.default_rng(0), stddev),
        ),
        Check(
            "noise with a mean",
            "Your noise makes whole images darker or lighter, even where nothing is clipped. What is its mean?",
            _found("mean"),
            lambda: lambda X, rng, stddev: np.stack([np.clip(rng.normal(X + 0.1 * stddev, stddev), 0, 1), X]),
        ),
        Check(
            "variance for standard deviation",
            "The noise has the wrong size: `stddev` is a standard deviation. What multiplies a standard normal draw?",
            _found("size"),
            lambda: lambda X, rng, stddev: pairs(X, rng, stddev, power=2.0),
        ),
        Check(
            "uniform noise",
            "The noise has the right size, but no draw is far from the mean. Is that normal noise?",
            _found("normal"),
            lambda: (
                lambda X, rng, stddev: np.stack(
                    [np.clip(X + stddev * np.sqrt(12) * (rng.random(X.shape) - 0.5), 0, 1), X]
                )
            ),
        ),
        Check(
            "not clipped",
            "Some noisy pixels lie outside the range. A value below it becomes its lower end, one above it becomes "
            "its upper end, and all others stay as they are.",
            _found("in range"),
            lambda: _clipped_on_one_side,
        ),
        Check(
            "folded at 0",
            "Your values are in the range, but those below 0 have moved to other places in it. Clipping puts them "
            "at 0.",
            _found("stops at 0"),
            lambda: lambda X, rng, stddev: np.stack([np.minimum(np.abs(pairs(X, rng, stddev, clip=False)[0]), 1), X]),
        ),
        Check(
            "folded at 1",
            "Your values are in the range, but those above 1 have moved to other places in it. Clipping puts them "
            "at 1.",
            _found("stops at 1"),
            lambda: _folded_at_1,
        ),
    ),
    hints=(
        "Call it with an `X` of zeros, and look at what has become of `X`. What does `noisy = X` make: a copy?",
        "How many different noises does `rng.normal(size=X.shape[1])` draw, for how many images?",
        "`noisy = X + stddev * rng.normal(size=X.shape)`, and then `np.clip` to the range of a pixel.",
    ),
    mistakes=(
        Mistake(
            "the clean ones first",
            "The clean images come first in your pairs. The first is what goes into the net: which are they?",
            lambda: lambda X, rng, stddev: pairs(X, rng, stddev)[::-1],
            recognise=lambda outputs: (
                judged([output[::-1] for output in outputs]).get("clean", False) and not judged(outputs)["clean"]
            ),
        ),
        Mistake(
            "target in black and white",
            "Your target has only black and white pixels. What becomes of the image's greys?",
            lambda: lambda X, rng, stddev: pairs(X, rng, stddev, target=lambda X, noisy: X > 0.5),
            recognise=lambda outputs: judged(outputs)["shapes"] and bool(np.isin(outputs[0][1], (0, 1)).all()),
        ),
        Mistake(
            "noise of one sign",
            "All your noise has one sign. A normal draw is below its mean as often as above it.",
            lambda: lambda X, rng, stddev: np.stack([np.clip(X + np.abs(stddev * rng.normal(size=X.shape)), 0, 1), X]),
            recognise=lambda outputs: (
                judged(outputs)["clean"] and (outputs[0][0].min() >= 0.5 or outputs[0][0].max() <= 0.5)
            ),
        ),
        Mistake(
            "stretched to the range",
            "You have stretched the noisy images until they fill the range, which changes every pixel. Only values "
            "outside the range have to change.",
            lambda: lambda X, rng, stddev: _stretched(X, rng, stddev),
            recognise=lambda outputs: judged(outputs)["clean"] and np.ptp(outputs[0][0]) > 0.99,
        ),
    ),
    praise="Fresh noise on the input and none on the target: that is all it takes to train a denoiser.",
)
