"""What the questions on lesson 5 share: small nets, computed by hand."""

from itertools import pairwise

import numpy as np

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


def half(h, weights):
    """Return what three layers make of h, as in the lesson: tanh, tanh, linear."""
    import tensorflow as tf

    (W1, b1), (W2, b2), (W3, b3) = weights
    h = tf.tanh(tf.matmul(h, W1) + b1)
    h = tf.tanh(tf.matmul(h, W2) + b2)
    return tf.matmul(h, W3) + b3


def small_half(h, weights):
    """As `half`, in NumPy."""
    return decoded(h, weights, inside=np.tanh, last=np.positive)
