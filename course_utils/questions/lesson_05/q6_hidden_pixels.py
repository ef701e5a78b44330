"""05.6: codes found from a tenth of the pixels."""

import numpy as np

from course_utils.questions.authoring import Check, Mistake, function, of_data
from course_utils.questions.lesson_05.nets import DIGITS, Layers, drawn, half, small_half


@of_data
def dusted(data):
    """Return 100 test images, the same with 80 pixels left, which pixels, a small net, and the mean train image."""
    import keras

    from course_utils.autoencoder import build_autoencoder

    chosen = np.flatnonzero(np.isin(data.y_train, DIGITS))
    images = data.X_train[chosen[:6000]]
    true = data.X_test[np.flatnonzero(np.isin(data.y_test, DIGITS))[:100]]
    keras.utils.set_random_seed(0)
    net = build_autoencoder(784, [100, 50], 2, activation="tanh", output_activation="linear")
    net.model.compile(keras.optimizers.Adam(2e-3), "mse")
    net.model.fit(images, images, batch_size=64, epochs=8, verbose=0)
    flat = net.encoder.get_weights() + net.decoder.get_weights()
    visible = np.zeros(784, bool)
    visible[np.random.default_rng(1).permutation(784)[:80]] = True
    mean = np.mean(
        [data.X_train[part].mean(axis=0) for part in np.split(chosen[: len(chosen) // 100 * 100], 100)], axis=0
    )
    weights = Layers(zip(flat[::2], flat[1::2], strict=True))
    return true, np.where(visible, true, np.float32(0)), visible, weights, mean


def by_lattice(images, visible, weights, counts=None):
    """Return the code among 40 x 40 whose picture fits best where `counts` says so."""
    counts = visible if counts is None else counts
    codes = small_half(dusted()[0], weights[:3])
    x, y = np.linspace(codes.min(axis=0), codes.max(axis=0), 40).T
    lattice = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    pictures = small_half(lattice, weights[3:])
    squares = -2 * (images * counts) @ pictures.T + (pictures**2 @ counts)
    return lattice[squares.argmin(axis=1)]


def by_gradient(images, visible, weights, n_steps=200):
    """Return codes found from the encoder's by Adam."""
    import keras
    import tensorflow as tf

    codes = tf.Variable(small_half(images, weights[:3]).astype(np.float32))
    counts, optimizer = visible.astype(np.float32), keras.optimizers.Adam(0.05)
    for _ in range(n_steps):
        with tf.GradientTape() as tape:
            value = tf.reduce_sum(tf.square(images - half(codes, weights[3:])) * counts)
        optimizer.apply_gradients([(tape.gradient(value, codes), codes)])
    return codes.numpy()


def by_random_search(images, visible, weights):
    """Return the best codes among random ones: first anywhere, then ever nearer to the best so far."""
    rng = np.random.default_rng(0)
    seen = small_half(dusted()[0], weights[:3])
    best, least = np.zeros((len(images), 2)), np.full(len(images), np.inf)
    for scale in [*np.ones(200), *np.geomspace(1, 0.01, 200)]:
        centre = seen.mean(axis=0) if scale == 1 else best
        codes = centre + scale * 1.5 * seen.std(axis=0) * rng.normal(size=(len(images), 2))
        pictures = small_half(codes, [*weights[3:5], tuple(part[..., visible] for part in weights[5])])
        squares = np.sum((pictures - images[:, visible]) ** 2, axis=1)
        better = squares < least
        best[better], least[better] = codes[better], squares[better]
    return best


def error_of(codes):
    """Return the error on the hidden pixels over that of the encoder's codes."""
    true, images, visible, weights, _ = dusted()
    hidden = ~visible

    def error(z):
        return np.mean((small_half(z, weights[3:]) - true)[:, hidden] ** 2)

    return error(codes) / error(small_half(images, weights[:3]))


def misfit(codes):
    """Return the error on all pixels, the hidden ones taken for paper."""
    _, images, _, weights, _ = dusted()
    return np.mean((small_half(codes, weights[3:]) - images) ** 2)


def least_misfit():
    """Return the smallest `misfit` of codes on a lattice."""
    return misfit(by_lattice(*dusted()[1:4], counts=np.ones(784)))


QUESTION = function(
    "05.6",
    "a digit from a tenth of its pixels",
    arguments="images, visible, weights",
    inputs=lambda: [dusted()[1:4]],
    right=lambda: by_lattice,
    also_right=(lambda: by_gradient, lambda: by_random_search),
    checks=(
        Check(
            "not by a third",
            "Your error is not yet two thirds of the encoder's. Do you count the visible pixels, and only these? "
            "Then try more steps, more candidates, or another start.",
            lambda outputs: error_of(outputs[0]) <= 2 / 3,
            lambda: lambda *given: by_gradient(*given, n_steps=5),
        ),
    ),
    shape=(100, 2),
    slow=True,
    hints=(
        "The encoder has never seen such images, so do not ask it. Which codes are possible, and how can you tell "
        "that one of them fits the visible pixels?",
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
            "These are the encoder's codes, the yardstick. The encoder takes hidden pixels for paper.",
            lambda: lambda images, visible, weights: small_half(images, weights[:3]),
        ),
        Mistake(
            "the mean put in",
            "You filled the hidden pixels with the mean image and asked the encoder. Nine tenths of what it sees "
            "are then the same for all images. Can you find a code without it?",
            lambda: lambda images, visible, weights: small_half(np.where(visible, images, dusted()[4]), weights[:3]),
        ),
        Mistake(
            "paper fitted",
            "Your codes fit all 784 pixels, so they fit an almost empty page. Which pixels carry information?",
            lambda: lambda *given: by_lattice(*given, counts=np.ones(784)),
            recognise=lambda outputs: misfit(outputs[0]) < 1.05 * least_misfit(),
        ),
        Mistake(
            "pictures returned",
            "These are pictures. Return the codes: `check` decodes them itself.",
            lambda: lambda images, visible, weights: small_half(by_lattice(images, visible, weights), weights[3:]),
            recognise=lambda outputs: outputs[0].shape == (100, 784),
        ),
        Mistake(
            "worse than the encoder",
            "Worse than the encoder's codes. Do yours belong to the net in `weights`, or to another one? Or did a "
            "descent diverge?",
            lambda: lambda images, visible, weights: small_half(images, drawn([784, 30, 20, 2], seed=6, scale=5.0)),
            recognise=lambda outputs: 1 < error_of(outputs[0]) < np.inf,
        ),
    ),
    praise="The decoder holds what digits look like, so a few pixels are enough to choose among its pictures.",
)
