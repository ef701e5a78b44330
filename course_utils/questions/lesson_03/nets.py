"""Nets on MNIST, trained briefly, and what PCA leaves of the images that they are judged on."""

import numpy as np

from course_utils.questions.authoring import of_data


@of_data
def unseen(data):
    """Return 600 test images."""
    return data.X_test[:600].astype(np.float32)


@of_data
def yardsticks(data):
    """Return the errors of the mean image and of two components of train on the images of `unseen`."""
    from course_utils.pca import PCA

    pca = PCA(n_components=2).fit(data.X_train[:-5_000:5])
    X = data.X_test[:600]
    return np.mean((X - pca.mean_) ** 2), np.mean((X - pca.inverse_transform(pca.transform(X))) ** 2)


@of_data
def train_images(data):
    """Return 20,000 train images, or all if there are fewer, without the validation part."""
    return data.X_train[:-5_000][:20_000].copy()


def net(units=(128, 32), code=2, decoder=None, *, inside="elu", at_code=None):
    """Return an untrained net: 784 pixels, units, code, the units backwards (or those of `decoder`), 784 pixels.

    `inside` is an activation, or one for each of the inner layers.
    """
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    back = units[::-1] if decoder is None else decoder
    names = iter([inside] * (len(units) + len(back)) if inside is None or isinstance(inside, str) else inside)
    h = image = keras.Input((784,))
    for n in units:
        h = layers.Dense(n, activation=next(names))(h)
    h = layers.Dense(code, activation=at_code, name="bottleneck")(h)
    for n in back:
        h = layers.Dense(n, activation=next(names))(h)
    return keras.Model(image, layers.Dense(784, activation="sigmoid")(h))


def trained(model, n=8_000, epochs=5, rate=5e-3, *, shuffled=False):
    """Train a net on n images, at a rate that falls from here along a cosine; `shuffled`: with other images as targets.

    Where there are fewer images than n, there are more epochs: as many steps, whatever the data.
    """
    import keras

    X = train_images()[:n]
    targets = np.random.default_rng(0).permutation(X) if shuffled else X
    epochs = round(epochs * n / len(X))
    steps = epochs * -(-len(X) // 128)
    schedule = keras.optimizers.schedules.CosineDecay(rate, steps)
    model.compile(keras.optimizers.Adam(schedule), loss="mean_squared_error", steps_per_execution=20)
    model.fit(X, targets, batch_size=128, epochs=epochs, verbose=0)
    return model


# Nets made from a trained one: they have one fault, are otherwise as good, and need little training or none


def with_weights_of(model, larger):
    """Return a net with the weights of another, layer by layer; its additional units are idle."""
    weights = [np.zeros_like(weight) for weight in larger.get_weights()]
    for weight, known in zip(weights, model.get_weights(), strict=True):
        weight[tuple(slice(n) for n in known.shape)] = known
    larger.set_weights(weights)
    return larger


def with_a_way_around(model):
    """Return the net, and a little of the image that goes around its code."""
    import keras
    from keras import layers

    image = keras.Input((784,))
    return keras.Model(image, layers.Add()([model(image), layers.Rescaling(0.02)(image)]))


def with_linear_output(model):
    """Return the net with a linear output in place of the sigmoid, fitted to train images by least squares."""
    import keras
    from keras import layers

    X = train_images()[:8_000]
    h = np.column_stack([_entering_last(model, X), np.ones(len(X))])  # (n, units + 1)
    solved = np.linalg.solve(h.T @ h + 1e-3 * np.eye(h.shape[1]), h.T @ X)
    linear = layers.Dense(784)
    changed = keras.Model(model.inputs[0], linear(model.layers[-2].output))
    linear.set_weights([solved[:-1], solved[-1]])
    return changed


def half_trained(model, mse):
    """Return the net with a larger error on the unseen images: its last layer is too flat, as after too few steps."""
    import keras

    kernel, bias = model.layers[-1].get_weights()
    h = _entering_last(model, unseen()) @ kernel
    flat, steep = 0.0, 1.0
    for _ in range(30):
        factor = (flat + steep) / 2
        too_good = np.mean((1 / (1 + np.exp(-factor * h - bias)) - unseen()) ** 2) < mse
        flat, steep = (flat, factor) if too_good else (factor, steep)
    changed = keras.models.clone_model(model)
    changed.set_weights([*model.get_weights()[:-2], factor * kernel, bias])
    return changed


def _entering_last(model, X):
    # what enters the last layer, (n, units)
    import keras

    return np.array(keras.Model(model.inputs[0], model.layers[-2].output)(X), dtype=np.float64)
