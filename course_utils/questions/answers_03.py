"""Right and wrong code for the questions to lesson 3: what `lesson_03` computes its answers by."""

from functools import cache

import numpy as np

from course_utils._settings import wanted_data
from course_utils.questions.engine.data import of_data

# 1. Complete: the figure to quote


def tables():
    """Return tables of errors of which each mistake shows: the nets rank otherwise on test, and by their best seed."""
    curve = np.array([0.081, 0.066, 0.054, 0.047, 0.043, 0.040, 0.0385, 0.0372])
    validation = np.array([[0.047, 0.049, 0.051, 0.048], [0.040, 0.056, 0.057, 0.055], [0.050, 0.052, 0.053, 0.051]])
    test = np.array([[0.0505, 0.0481, 0.0559, 0.0493], [0.046, 0.057, 0.058, 0.056], [0.045, 0.047, 0.048, 0.046]])
    more = np.array([[0.061, 0.044], [0.0415, 0.0463]])
    other = np.array([[0.0462, 0.0429], [0.0421, 0.0479]])
    # in hundredths: of the size of the worth, so that a verdict sees both
    return [(100 * validation, 100 * test, 100 * curve), (100 * more, 100 * other, 100 * curve[:6])]


def worth(error, curve):
    """Return how many components leave this error, interpolated between whole numbers."""
    return np.interp(error, curve[::-1], np.arange(len(curve), 0, -1))


def figure(errors, curve, worth_of=worth):
    """Return mean, least and largest of a net's errors, and the worth of the mean."""
    return [errors.mean(), errors.min(), errors.max(), worth_of(errors.mean(), curve)]


def quote(validation, test, curve):
    """Choose a net on validation, by its mean over the seeds, and return its figure on test."""
    return figure(test[validation.mean(axis=1).argmin()], curve)


def whole(rounded):
    """Return `quote` with a worth in whole components."""
    return lambda *tables: [*quote(*tables)[:3], rounded(quote(*tables)[3])]


def unsorted(validation, test, curve):
    """As `quote`, but with a falling curve handed to np.interp."""
    known = quote(validation, test, curve)
    return [*known[:3], np.interp(known[0], curve, np.arange(1, len(curve) + 1))]


def worth_of_each(validation, test, curve):
    """As `quote`, but the worths averaged instead of the errors."""
    errors = test[validation.mean(axis=1).argmin()]
    return [*figure(errors, curve)[:3], worth(errors, curve).mean()]


def standard_deviation(validation, test, curve):
    """As `quote`, but for a spread mean less and plus one standard deviation."""
    mean, sd = quote(validation, test, curve)[0], test[validation.mean(axis=1).argmin()].std()
    return [mean, mean - sd, mean + sd, worth(mean, curve)]


# 2. Complete: a net after a plan


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
    codes = pca.transform(X)
    return np.mean((X - pca.mean_) ** 2), np.mean((X - pca.inverse_transform(codes)) ** 2)


def net(units=(128, 32), code=2, decoder=None, inside="elu", at_code=None, output="sigmoid", around=False):
    """Return an untrained net: 784 pixels, units, code, the units backwards (or those of `decoder`), 784 pixels."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    h = image = keras.Input((784,))
    for n in units:
        h = layers.Dense(n, activation=inside)(h)
    early = h
    h = layers.Dense(code, activation=at_code, name="bottleneck")(h)
    for n in units[::-1] if decoder is None else decoder:
        h = layers.Dense(n, activation=inside)(h)
    h = layers.concatenate([h, early]) if around else h
    return keras.Model(image, layers.Dense(784, activation=output)(h))


def encoder_alone():
    """Return a net that ends at the code."""
    import keras

    whole_net = net()
    return keras.Model(whole_net.inputs[0], whole_net.get_layer("bottleneck").output)


def three_models():
    """Return what `build_autoencoder` returns."""
    from course_utils.autoencoder import build_autoencoder

    return build_autoencoder(784, [128, 32], 2)


@of_data
def train_images(data):
    """Return 20,000 train images as far as there are so many, the validation part left out."""
    return data.X_train[:-5_000][:20_000].copy()


def trained(model, n, epochs, rate=None, shuffled=False):
    """Train a net on n images; with a rate, along a cosine from there; `shuffled`: with others as targets.

    Where there are fewer images than n, there are more epochs: as many steps, whatever the data.
    """
    import keras

    X = train_images()[:n]
    targets = np.random.default_rng(0).permutation(X) if shuffled else X
    epochs = round(epochs * n / len(X))
    steps = epochs * -(-len(X) // 128)
    schedule = keras.optimizers.schedules.CosineDecay(rate, steps) if rate else 1e-3
    model.compile(keras.optimizers.Adam(schedule), loss="mean_squared_error")
    model.fit(X, targets, batch_size=128, epochs=epochs, verbose=0)
    return model


@cache
def _after_plan(setting):
    return trained(net(), 10_000, 8)


def after_plan():
    """Return the net of question 2, trained; the same one at each call."""
    return _after_plan(wanted_data())


@cache
def _small(setting):
    return trained(net((96, 32), decoder=(32, 96, 96), inside="gelu"), 20_000, 20, rate=5e-3)


def small():
    """Return the net of question 6, trained; the same one at each call."""
    return _small(wanted_data())


# 3. Find the fault: the decoder, cut out


def random_net(before, code, after):
    """Return a net of 9 numbers with random weights and biases, its code layer called "bottleneck"."""
    import keras
    from keras import layers

    hidden = [layers.Dense(n, activation="elu") for n in after[:-1]]
    model = keras.Sequential(
        [
            keras.Input((9,)),
            *(layers.Dense(n, activation="elu") for n in before),
            layers.Dense(code, name="bottleneck"),
            *hidden,
            layers.Dense(after[-1], activation="sigmoid"),
        ]
    )
    rng = np.random.default_rng(len(before))
    model.set_weights([rng.normal(size=w.shape).astype(np.float32) for w in model.get_weights()])
    return model


@cache
def to_cut():
    """Return nets with codes to decode, the first all zeros; cut at a wrong place, each fits together all the same."""
    nets = [random_net(*plan) for plan in (((5, 3), 3, (4, 6, 9)), ((4, 4), 4, (4, 6, 7, 9)), ((4, 4, 4), 4, (9,)))]
    rng = np.random.default_rng(0)
    return [
        (model, np.vstack([np.zeros(n), rng.normal(size=(4, n))])) for model, n in zip(nets, (3, 4, 4), strict=True)
    ]


def behind(model, more=0):
    """Return the layers behind the code's; with `more` = 1 the code's too."""
    return model.layers[[layer.name for layer in model.layers].index("bottleneck") + 1 - more :]


def through(codes, layers):
    """Return codes, passed through layers one by one."""
    h = np.asarray(codes, np.float32)
    for layer in layers:
        h = layer(h)
    return np.asarray(h)


def decode(autoencoder, codes):
    """Return what the layers behind the code make of codes."""
    return through(codes, behind(autoencoder))


def decode_by_model(autoencoder, codes):
    """As `decode`, by a model of its own."""
    import keras

    decoder = keras.Sequential([keras.Input((codes.shape[1],)), *behind(autoencoder)])
    return decoder.predict(codes, verbose=0)


def without_activations(autoencoder, codes):
    """As `decode`, but only multiplied and added."""
    h = np.asarray(codes)
    for layer in behind(autoencoder):
        kernel, bias = layer.get_weights()
        h = h @ kernel + bias
    return h


def all_alike(outputs):
    """Return whether the code 0 gives the same number everywhere, as layers do whose biases are still 0."""
    return any(np.ptp(output[0]) < 1e-6 for output in outputs)


# 4. Derive: a stretched map


@of_data
def maps(data):
    """Return PCA's two scores of 5,000 train images and of 2,000 validation ones, and their digits."""
    from course_utils.pca import PCA

    pca = PCA(n_components=2).fit(data.X_train[:5_000])
    codes = pca.transform(data.X_train[:5_000]), pca.transform(data.X_train[-5_000:-3_000])
    return *codes, data.y_train[:5_000].copy(), data.y_train[-5_000:-3_000].copy()


@cache
def _accuracy(stretch, k, only_val, swapped, setting):
    from sklearn.neighbors import KNeighborsClassifier

    codes_train, codes_val, y_train, y_val = maps()
    codes_train, codes_val = codes_train if only_val else codes_train * stretch, codes_val * stretch
    if swapped:
        codes_train, codes_val, y_train, y_val = codes_val, codes_val, y_val, y_val
    return KNeighborsClassifier(n_neighbors=k).fit(codes_train, y_train).score(codes_val, y_val)


def accuracy(stretch=(1, 0), k=5, only_val=False, swapped=False):
    """Return the neighbours' accuracy on a map whose axes are stretched by two factors; (1, 0): the first alone."""
    return _accuracy(stretch, k, only_val, swapped, wanted_data())
