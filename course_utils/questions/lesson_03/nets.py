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
    """Return 20,000 train images as far as there are so many, the validation part left out."""
    return data.X_train[:-5_000][:20_000].copy()


def net(units=(128, 32), code=2, decoder=None, *, inside="elu", at_code=None, output="sigmoid", around=False):
    """Return an untrained net: 784 pixels, units, code, the units backwards (or those of `decoder`), 784 pixels.

    `inside` is an activation, or one for each of the inner layers; `around`: a layer of the encoder is added to the
    decoder's last one.
    """
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    back = units[::-1] if decoder is None else decoder
    names = iter([inside] * (len(units) + len(back)) if inside is None or isinstance(inside, str) else inside)
    h = image = keras.Input((784,))
    hidden = []
    for n in units:
        h = layers.Dense(n, activation=next(names))(h)
        hidden.append(h)
    h = layers.Dense(code, activation=at_code, name="bottleneck")(h)
    for n in back:
        h = layers.Dense(n, activation=next(names))(h)
    h = layers.add([h, hidden[0]]) if around else h
    return keras.Model(image, layers.Dense(784, activation=output)(h))


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
