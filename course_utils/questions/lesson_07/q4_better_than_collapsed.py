"""07.4: a variational autoencoder that is better than a collapsed one."""

import numpy as np

from course_utils.questions.authoring import Check, Mistake, function, once
from course_utils.questions.lesson_07 import nets

SHARE = 0.9  # of the cost of the collapsed answer
N_COLUMNS = 2 + 2 + 2 + 784


def passed_through(encode, decode, *, spread=lambda v: np.exp(v / 2)):
    """Return a function (x, noise) -> means, log variances, codes and reconstructions, side by side."""

    def through(x, noise):
        mean, log_variance = encode(x)
        z = mean + spread(log_variance) * noise
        return np.hstack([mean, log_variance, z, decode(z)])

    return through


net = once(nets.trained)
relu_net = once(lambda: nets.trained((100,), "relu"))


def right():
    """Return a right function, by a net trained for seconds."""
    return passed_through(*net())


@once
def smoothed():
    """Return a right function without a net: PCA's scores as means, and means of near train images as pictures."""
    X, variance, width = nets.train_images(), 0.02, 0.13
    centre = X.mean(axis=0)
    V = np.linalg.eigh(np.cov(X, rowvar=False))[1][:, :-3:-1]  # (784, 2)
    V = V / np.std((X - centre) @ V, axis=0)
    codes = (X - centre) @ V + np.sqrt(variance) * np.random.default_rng(0).normal(size=(len(X), 2))

    def encode(x):
        return (x - centre) @ V, np.full((len(x), 2), np.log(variance))

    def decode(z):
        squares = np.sum(z**2, axis=1)[:, None] + np.sum(codes**2, axis=1) - 2 * z @ codes.T
        near = np.exp(-squares / (2 * width**2)) + 1e-8
        return near @ X / near.sum(axis=1, keepdims=True)

    return encode, decode


def parts(outputs):
    """Return means, log variances, codes and reconstructions of the images that are judged."""
    return np.split(outputs[0], [2, 4, 6], axis=1)


def costs(outputs):
    """Return KL and reconstruction cost, in nats, on average over the images that are judged."""
    mean, log_variance, _, r = parts(outputs)
    return nets.divergence(mean, log_variance).mean(), nets.cross_entropy(nets.judged_images(), r).mean()


def over_collapsed(outputs):
    """Return -ELBO over that of the collapsed answer."""
    return sum(costs(outputs)) / nets.collapsed_cost()


def is_drawn(outputs):
    """Return whether the codes are those that the noise makes of means and log variances."""
    mean, log_variance, z, _ = parts(outputs)
    return bool(np.allclose(z, mean + np.exp(log_variance / 2) * nets.judged_noise(), rtol=1e-3, atol=1e-3))


def through_codes_alone(outputs, n_pairs=60):
    """Return whether images whose codes are nearly the same have nearly the same reconstruction."""
    _, _, z, r = parts(outputs)
    distances = np.linalg.norm((z[:, None] - z) / (z.std(axis=0) + 1e-12), axis=2)
    distances[np.tril_indices(len(z))] = np.inf
    pairs = np.unravel_index(np.argsort(distances, axis=None)[:n_pairs], distances.shape)
    near = np.median(np.linalg.norm(r[pairs[0]] - r[pairs[1]], axis=1))
    any_two = np.median(np.linalg.norm(r - np.roll(r, 1, axis=0), axis=1))
    return bool(near <= 0.35 * any_two)


def changed(change):
    """Return a function like the right one whose parts (mean, log variance, z, r) one of (x, *parts) has changed."""

    def through(x, noise):
        return np.hstack(change(x, *np.split(right()(x, noise), [2, 4, 6], axis=1)))

    return through


def collapsed(x, noise):
    """Return the answer of a net whose codes say nothing."""
    nothing = np.zeros((len(x), 2))
    return np.hstack([nothing, nothing, noise, np.tile(nets.train_images().mean(axis=0), (len(x), 1))])


def half_way(x, mean, log_variance, z, r):
    """Return reconstructions between the right ones and the mean image, as early in training."""
    centre = nets.train_images().mean(axis=0)
    for share in np.linspace(1, 0, 101):
        mixed = [mean, log_variance, z, share * r + (1 - share) * centre]
        if over_collapsed([np.hstack(mixed)]) > SHARE + 0.04:
            return mixed
    return mixed


def by_a_way_around(x, mean, log_variance, z, r):
    """Return reconstructions that have seen the image itself, beside its code."""
    return mean, log_variance, z, (r + x) / 2


QUESTION = function(
    "07.4",
    "better than collapsed",
    arguments="x, noise",
    inputs=lambda: [(nets.judged_images(), nets.judged_noise())],
    right=right,
    also_right=(once(lambda: passed_through(*relu_net())), once(lambda: passed_through(*smoothed()))),
    shape=(nets.N_JUDGED, N_COLUMNS),
    slow=True,
    checks=(
        Check(
            "not drawn so",
            "Columns 4 and 5 are not the codes that this noise makes of your means and log variances. What multiplies "
            "the noise? And in which order do the columns come?",
            is_drawn,
            lambda: passed_through(*net(), spread=np.exp),
        ),
        Check(
            "a way around the code",
            "Images whose codes are nearly the same get different reconstructions, so yours depend on more than the "
            "code. The decoder may see nothing but `z`.",
            through_codes_alone,
            lambda: changed(by_a_way_around),
        ),
        Check(
            "not yet a tenth",
            "Better than the collapsed answer, but not by a tenth yet. Was the cost still falling when training ended? "
            "Look at both terms: which one is large?",
            lambda outputs: over_collapsed(outputs) <= SHARE,
            lambda: changed(half_way),
        ),
    ),
    hints=(
        "Print both terms. A KL near 0 means that the codes have collapsed; one of more than 20 nats, that it "
        "has no weight in the cost.",
        "Both terms are sums over one image: `784 * keras.losses.binary_crossentropy(x, r)` and "
        "`ops.sum(..., axis=1) / 2`. The cost is the mean over the images of their sum.",
        "In `through`: `mean, log_variance = ops.split(encoder(x), 2, axis=1)`, then "
        "`z = mean + ops.exp(log_variance / 2) * noise`, and `ops.concatenate` of all four along axis 1. Then `train` "
        "for five epochs.",
    ),
    mistakes=(
        Mistake(
            "other columns",
            "The number of columns is not 790. Are there just four parts, side by side: two means, two log variances, "
            "two codes and 784 pixels?",
            lambda: lambda x, noise: np.hstack([right()(x, noise), noise[:, :1]]),
            recognise=lambda outputs: outputs[0].shape[1:] != (N_COLUMNS,),
        ),
        Mistake(
            "collapsed",
            "Your codes have collapsed: they say nothing about their image. Are pixels and codes both added up, or is "
            "one of the two averaged?",
            lambda: collapsed,
            recognise=lambda outputs: is_drawn(outputs) and costs(outputs)[0] < 0.2,
        ),
        Mistake(
            "not drawn",
            "Your decoder gets the means, without noise. Its cost is then not -ELBO, which is an average over draws.",
            lambda: changed(lambda x, mean, log_variance, z, r: (mean, log_variance, mean, net()[1](mean))),
            recognise=lambda outputs: np.allclose(parts(outputs)[0], parts(outputs)[2], atol=1e-5),
        ),
        Mistake(
            "logits",
            "Your reconstructions are not pixels: they go far beyond 0 and 1. Does the last layer have its sigmoid?",
            lambda: changed(lambda x, mean, log_variance, z, r: (mean, log_variance, z, _logits(r))),
            recognise=lambda outputs: parts(outputs)[3].min() < -1,
        ),
        Mistake(
            "KL left out",
            "The reconstructions are good, but KL is far larger than what they gain: your clouds lie far from the "
            "prior. Is KL part of the cost that was trained?",
            lambda: changed(lambda x, mean, log_variance, z, r: (8 * mean, log_variance, _scaled(mean, z), r)),
            recognise=lambda outputs: (
                is_drawn(outputs) and costs(outputs)[0] > 15 and costs(outputs)[1] <= SHARE * nets.collapsed_cost()
            ),
        ),
        Mistake(
            "worse than collapsed",
            "Worse than answering every image with the mean image. Was this net trained?",
            lambda: changed(lambda x, mean, log_variance, z, r: (mean, log_variance, z, 0.5 + 0 * r)),
            recognise=lambda outputs: over_collapsed(outputs) > 1.02,
        ),
    ),
    praise="Your codes cost some nats, and save more than that in the reconstruction.",
)


def _logits(r):
    return np.log(np.clip(r, 1e-7, 1 - 1e-7) / (1 - np.clip(r, 1e-7, 1 - 1e-7)))


def _scaled(mean, z):
    # the codes of means eight times as large, with the same noise: what a net does that pays nothing for distance
    return 8 * mean + (z - mean)
