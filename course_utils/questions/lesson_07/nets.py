"""Small variational autoencoders of digits, and what answers that know nothing of an image cost."""

import numpy as np

from course_utils.questions.authoring import of_data, once

N_JUDGED = 400


@of_data
def train_images(data):
    """Return 8000 train images, the validation part left out, (8000, 784)."""
    return data.X_train[:-5_000][:8_000].copy()


@of_data
def judged_images(data):
    """Return 400 test images, (400, 784)."""
    return data.X_test[:N_JUDGED].copy()


@once
def judged_noise():
    """Return a draw of noise for each code of the images that are judged, (400, 2)."""
    return np.random.default_rng(7).normal(size=(N_JUDGED, 2)).astype(np.float32)


def cross_entropy(X, r):
    """Return what reconstructions cost, in nats per image: (n, 784), (n, 784) or (784,) -> (n,)."""
    r = np.clip(np.asarray(r, float), 1e-7, 1 - 1e-7)
    return -np.sum(X * np.log(r) + (1 - X) * np.log(1 - r), axis=1)


def collapsed_cost():
    """Return the -ELBO of a net whose codes say nothing: every image is answered with the mean image of train."""
    return cross_entropy(judged_images(), train_images().mean(axis=0)).mean()


def divergence(mean, log_variance):
    """Return the KL divergence of each cloud from the prior, infinite where it is too large: (n, k) -> (n,)."""
    return 0.5 * np.sum(np.exp(log_variance) + mean**2 - 1 - log_variance, axis=1)


def trained(units=(128, 64), activation="elu", *, epochs=12):
    """Return a function x -> (mean, log variance) and a decoder z -> (n, 784), trained for seconds."""
    import keras
    import tensorflow as tf
    from keras import layers

    keras.utils.set_random_seed(0)

    def half(n_in, widths, n_out, last):
        inner = [layers.Dense(n, activation=activation) for n in widths]
        return keras.Sequential([keras.Input((n_in,)), *inner, layers.Dense(n_out, activation=last)])

    encoder, decoder = half(784, units, 4, None), half(2, units[::-1], 784, "sigmoid")
    weights = encoder.trainable_variables + decoder.trainable_variables
    X, rng, size = train_images(), np.random.default_rng(0), 100
    schedule = keras.optimizers.schedules.CosineDecay(3e-3, epochs * (len(X) // size))
    optimizer = keras.optimizers.Adam(schedule)

    @tf.function
    def step(x, noise):
        with tf.GradientTape() as tape:
            mean, log_variance = tf.split(encoder(x), 2, axis=1)
            r = decoder(mean + tf.exp(log_variance / 2) * noise)
            kl = tf.reduce_sum(tf.exp(log_variance) + mean**2 - 1 - log_variance, axis=1) / 2
            value = tf.reduce_mean(784 * keras.losses.binary_crossentropy(x, r) + kl)
        optimizer.apply(tape.gradient(value, weights), weights)

    for _ in range(epochs):
        for rows in np.split(rng.permutation(len(X)), len(X) // size):
            step(X[rows], rng.standard_normal((size, 2), dtype=np.float32))

    def encode(x):
        return np.split(encoder(x).numpy(), 2, axis=1)

    return encode, lambda z: decoder(np.asarray(z, np.float32)).numpy()
