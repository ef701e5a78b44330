"""Right and wrong code for the questions to lesson 5: what `lesson_05` computes its answers by."""

from itertools import pairwise

import numpy as np

from course_utils.questions.engine.data import of_data

DIGITS = [1, 5, 6]


class Layers(list):
    """Pairs (W, b), short where they are named in a verdict."""

    __module__ = "builtins"  # where TensorFlow names the class in an error, our path says nothing to a student

    def __repr__(self):
        """Return how many they are."""
        return f"{len(self)} pairs (W, b)"


def drawn(sizes, seed, scale=1.0):
    """Return pairs (W, b) between layers of these sizes, in float32."""
    rng = np.random.default_rng(seed)
    return Layers(
        (
            (scale * rng.normal(size=(m, n)) / np.sqrt(m)).astype(np.float32),
            (0.5 * rng.normal(size=n)).astype(np.float32),
        )
        for m, n in pairwise(sizes)
    )


# 1. Compute: a decoder without layers


def elu(s):
    """Return s where it is positive, and exp(s) - 1 elsewhere."""
    return np.where(s > 0, s, np.exp(np.minimum(s, 0)) - 1)


def sigmoid(s):
    """Return 1 / (1 + exp(-s))."""
    return 1 / (1 + np.exp(-s))


def decoded(codes, layers, inside=elu, last=sigmoid, bias=1.0):
    """Return what dense layers make of codes, with these activations."""
    h = np.asarray(codes)
    for i, (W, b) in enumerate(layers):
        h = (last if i == len(layers) - 1 else inside)(h @ W + bias * b)
    return h


def by_tensorflow(codes, layers):
    """As `decoded`, in another way."""
    import tensorflow as tf

    for W, b in layers[:-1]:
        codes = tf.nn.elu(tf.matmul(codes, W) + b)
    return tf.sigmoid(tf.matmul(codes, layers[-1][0]) + layers[-1][1])


def bias_behind(codes, layers):
    """As `decoded`, but each bias is added behind the activation."""
    h = codes
    for i, (W, b) in enumerate(layers):
        h = (sigmoid if i == len(layers) - 1 else elu)(h @ W) + b
    return h


def of_the_page(codes, layers):
    """As `decoded`, but with the layers that the exercise shows."""
    return decoded(codes, drawn([2, 20, 30, 784], seed=0))


def some_layers():
    """Return codes, and decoders of two, three and four layers."""
    rng = np.random.default_rng(51)
    sizes = ([2, 6, 5], [2, 7, 4, 6], [2, 5, 6, 3, 8])
    return [(rng.normal(size=(9, 2)).astype(np.float32) * 2, drawn(s, seed=len(s), scale=1.5)) for s in sizes]


# 2. Complete: training steps


def half(h, weights):
    """Return what three layers make of h, as in the lesson: tanh, tanh, linear."""
    import tensorflow as tf

    (W1, b1), (W2, b2), (W3, b3) = weights
    h = tf.tanh(tf.matmul(h, W1) + b1)
    h = tf.tanh(tf.matmul(h, W2) + b2)
    return tf.matmul(h, W3) + b3


def cost(images, weights):
    """Return the squared error per pixel."""
    import tensorflow as tf

    return tf.reduce_mean(tf.square(images - half(half(images, weights[:3]), weights[3:])))


def descent(images, weights, rate, n_steps, *, factor=1.0, chosen=slice(None), stale=False, optimizer=None):
    """Return the cost before the first step and after each, with some faults to choose from."""
    import keras
    import tensorflow as tf

    layers = [(tf.Variable(W), tf.Variable(b)) for W, b in weights]
    variables = [variable for layer in layers for variable in layer][chosen]
    optimizer = optimizer and getattr(keras.optimizers, optimizer)(rate)
    costs, gradients = [cost(images, layers).numpy()], None
    for _ in range(n_steps):
        if gradients is None or not stale:
            with tf.GradientTape() as tape:
                value = factor * cost(images, layers)
            gradients = tape.gradient(value, variables)
        if optimizer:
            optimizer.apply_gradients(zip(gradients, variables, strict=True))
        else:
            for variable, gradient in zip(variables, gradients, strict=True):
                variable.assign_sub(rate * gradient)
        costs.append(cost(images, layers).numpy())
    return costs


def some_nets():
    """Return images of few pixels, small nets, a rate and a number of steps."""
    rng = np.random.default_rng(52)
    found = []
    for d, n, rate, n_steps in ((6, 12, 0.1, 5), (8, 10, 0.2, 4)):
        images = rng.random((n, d)).astype(np.float32)
        found.append((images, drawn([d, 7, 5, 2, 5, 7, d], seed=d), rate, n_steps))
    return found


# 3. Find the fault: the canvas


class Painter:
    """A decoder of which nothing is the same upside down or mirrored, short where it is named in a verdict."""

    __module__ = "builtins"

    def __init__(self, n_pixels, seed):
        self.W = np.random.default_rng(seed).normal(size=(2, n_pixels))

    def __call__(self, codes):
        """Return images: (n, 2) -> (n, n_pixels)."""
        codes = np.asarray(codes, dtype=float)
        return np.tanh(codes @ self.W) + np.arange(self.W.shape[1]) / 10

    def __repr__(self):
        """Return a word."""
        return "a decoder"


def canvas(x, y, decode, image_shape, *, exchanged=False, up=True, mirrored=False, cut=False, order=slice(None)):
    """Return one picture of the images at the codes (x[j], y[i]), with some faults to choose from."""
    height, width = image_shape
    plane = np.meshgrid(x, y, indexing="ij" if exchanged else "xy")
    images = np.asarray(decode(np.stack(plane[order], axis=-1).reshape(-1, 2)))
    images = images.reshape(len(y), len(x), height, width)[:: -1 if up else 1, :: -1 if mirrored else 1]
    images = images if cut else images.transpose(0, 2, 1, 3)
    return images.reshape(len(y) * height, len(x) * width)


def is_exchanged(outputs):
    """Return whether a decoder was given (y, x), in one of the ways to do so."""
    ways = [{"exchanged": a, "up": b, "order": slice(None, None, -1)} for a in (True, False) for b in (True, False)]
    pairs = list(zip(outputs, some_planes(), strict=True))
    return any(all(np.allclose(out, canvas(*given, **way)) for out, given in pairs) for way in ways)


def by_a_loop(x, y, decode, image_shape):
    """As `canvas`, one image after another."""
    rows = [[decode(np.array([[a, b]]))[0].reshape(image_shape) for a in x] for b in y[::-1]]
    return np.block(rows)


def some_planes():
    """Return ranges of codes and decoders; the numbers of x and y differ, or do not."""
    return [
        (np.linspace(-1, 2, 4), np.linspace(0, 1.5, 3), Painter(6, 1), (2, 3)),
        (np.linspace(-2, 0, 3), np.linspace(-1, 3, 3), Painter(9, 2), (3, 3)),
        (np.linspace(0, 1, 2), np.linspace(-1, 1, 5), Painter(8, 3), (4, 2)),
    ]


# 6. The challenge: a code from a tenth of the pixels


@of_data
def dusted(data):
    """Return 100 test images, of which 80 pixels are left, which these are, a small net, and the mean train image."""
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


def small_half(h, weights):
    """As `half`, in NumPy."""
    return decoded(h, weights, inside=np.tanh, last=np.positive)


def by_lattice(images, visible, weights, counts=None):
    """Return the code among 40 x 40 whose picture fits best where `counts` says so."""
    counts = visible if counts is None else counts
    codes = small_half(dusted()[0], weights[:3])
    x, y = np.linspace(codes.min(axis=0), codes.max(axis=0), 40).T
    lattice = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    pictures = small_half(lattice, weights[3:])
    squares = -2 * (images * counts) @ pictures.T + (pictures**2 @ counts)
    return lattice[squares.argmin(axis=1)]


def by_gradient(images, visible, weights, n_steps=200, rate=0.05):
    """Return codes found from the encoder's by Adam."""
    import keras
    import tensorflow as tf

    codes = tf.Variable(small_half(images, weights[:3]).astype(np.float32))
    counts, optimizer = visible.astype(np.float32), keras.optimizers.Adam(rate)
    for _ in range(n_steps):
        with tf.GradientTape() as tape:
            value = tf.reduce_sum(tf.square(images - half(codes, weights[3:])) * counts)
        optimizer.apply_gradients([(tape.gradient(value, codes), codes)])
    return codes.numpy()
