"""Points along curves, and the nets that learn them."""

import numpy as np

from course_utils.questions.lesson_01.points import feet, sorted_eigenvectors


def bow(n, seed):
    """Draw n points along a parabola, (n, 2)."""
    rng = np.random.default_rng(seed)
    t = rng.uniform(-2, 2, n)
    return np.column_stack([t, t**2 / 2]) + rng.normal(0, 0.1, (n, 2))


def arm(n, seed):
    """Draw n points along the arm of a spiral, (n, 2)."""
    rng = np.random.default_rng(seed)
    turn = rng.uniform(0.5, 3, n)  # half turns
    return np.column_stack([turn * np.cos(np.pi * turn), turn * np.sin(np.pi * turn)]) + rng.normal(0, 0.1, (n, 2))


def fresh(draw):
    """Return 500 points that no student has trained on, float32."""
    return draw(500, 31_415).astype(np.float32)


def pca_error(draw):
    """Return the error of PCA's line of 1000 points on the fresh ones."""
    X = draw(1000, 0)
    return float(np.mean((fresh(draw) - feet(fresh(draw), X.mean(axis=0), sorted_eigenvectors(X)[:, 0])) ** 2))


def net(encoder=("linear", "linear"), decoder=("relu", "relu"), *, latent="linear", output="linear", units=(20, 20, 1)):
    """Return an untrained net 2-20-20-1-20-20-2 with these activations; `units` of the encoder, its code last."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    sizes = [*units, *units[-2::-1], 2]
    activations = [*encoder, latent, *decoder, output]
    dense = [layers.Dense(n, activation=name) for n, name in zip(sizes, activations, strict=True)]
    return keras.Sequential([keras.Input((2,)), *dense])


def trained(model, draw, epochs, rate=3e-3):
    """Return the model after so many epochs on 1000 points, in batches of 64."""
    import keras

    X, rng = draw(1000, 0), np.random.default_rng(0)
    X = np.concatenate([rng.permutation(X) for _ in range(epochs)])  # one long epoch: each has its own price in Keras
    model.compile(keras.optimizers.Adam(rate), "mean_squared_error", jit_compile=False, steps_per_execution=16)
    model.fit(X, X, batch_size=64, shuffle=False, verbose=0)
    return model
