"""Right and wrong code for the questions to lesson 3: what `lesson_03` computes its answers by."""

from functools import cache

import numpy as np

from course_utils._settings import wanted_data
from course_utils.questions._data import of_data

# 1. Complete: the figure to quote


def tables():
    """Return tables of errors of which each mistake shows: the nets rank otherwise on test, and by their best seed."""
    curve = np.array([0.081, 0.066, 0.054, 0.047, 0.043, 0.040, 0.0385, 0.0372])
    validation = np.array([[0.047, 0.049, 0.051, 0.048], [0.040, 0.056, 0.057, 0.055], [0.050, 0.052, 0.053, 0.051]])
    test = np.array([[0.0505, 0.0481, 0.0559, 0.0493], [0.046, 0.057, 0.058, 0.056], [0.045, 0.047, 0.048, 0.046]])
    more = np.array([[0.061, 0.044], [0.0415, 0.0463]])
    return [(validation, test, curve), (more, np.array([[0.0462, 0.0429], [0.0421, 0.0479]]), curve[:6])]


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


def worth_of_each(validation, test, curve):
    """As `quote`, but the worths averaged instead of the errors."""
    errors = test[validation.mean(axis=1).argmin()]
    return [*figure(errors, curve)[:3], worth(errors, curve).mean()]


def standard_deviation(validation, test, curve):
    """As `quote`, but for a spread mean less and plus one standard deviation."""
    errors = test[validation.mean(axis=1).argmin()]
    mean, sd = errors.mean(), errors.std()
    return [mean, mean - sd, mean + sd, worth(mean, curve)]


# 2. Complete: a net after a plan


@of_data
def unseen(data):
    """Return 600 test images."""
    return data.X_test[:600].astype(np.float32)


@of_data
def yardsticks(data):
    """Return the errors of the mean image and of two components of train on the images of `unseen`."""
    from course_utils.decomposition import PCA

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
    return keras.Model(whole_net.inputs, whole_net.get_layer("bottleneck").output)


@of_data
def train_images(data):
    """Return 20,000 train images as far as there are so many, the validation part left out."""
    return data.X_train[:-5_000][:20_000].copy()


def trained(model, n, epochs, rate=None, shuffled=False):
    """Train a net on n images; with a rate, along a cosine from there; `shuffled`: with others as targets."""
    import keras

    X = train_images()[:n]
    targets = np.random.default_rng(0).permutation(X) if shuffled else X
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
    return trained(net((96, 32), decoder=(32, 96, 96), inside="gelu"), 20_000, 16, rate=5e-3)


def small():
    """Return the net of question 6, trained; the same one at each call."""
    return _small(wanted_data())


# 4. Derive: a stretched map


@of_data
def maps(data):
    """Return PCA's two scores of 5,000 train images and of 2,000 validation ones, and their digits."""
    from course_utils.decomposition import PCA

    pca = PCA(n_components=2).fit(data.X_train[:-5_000])
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


# 5. Experiment: a thousand images


@of_data
def few(data):
    """Return PCA's errors on the thousand images, on validation and on test, fitted on each and on all of train."""
    from course_utils.decomposition import PCA
    from course_utils.metrics import pca_error_curve

    X_train, X_val = data.X_train[:-5_000], data.X_train[-5_000:]
    X_few = X_train[np.random.default_rng(0).choice(len(X_train), 1_000, replace=False)]
    sets = {"few": X_few, "validation": X_val, "test": data.X_test}
    fitted = {name: PCA(n_components=2).fit(X) for name, X in {**sets, "train": X_train}.items()}
    return {
        (on, of): pca_error_curve(pca, X)[k]
        for on, pca in fitted.items()
        for name, X in sets.items()
        for k, of in ((1, name), (0, f"{name}, one"))
    }


def of_pca(fitted_on=("few", "few"), of=("few", "validation")):
    """Return PCA's two errors."""
    return [few()[pair] for pair in zip(fitted_on, of, strict=True)]


def table(over_pca=(0.76, 0.87), pca=None):
    """Return a table as the experiment gives it: PCA's errors, and those of a net in parts of these."""
    own = of_pca()
    return np.array([own if pca is None else pca, np.multiply(own, over_pca)])


def parts(answer):
    """Return PCA's row over the right one, and the net's row over it; 0s for another shape."""
    if np.shape(answer) != (2, 2):
        return np.zeros((2, 2))
    return np.asarray(answer) / of_pca()


def pca_is(answer, *pair):
    """Return whether PCA's row has just these errors."""
    return np.shape(answer) == (2, 2) and np.allclose(answer[0], of_pca(*pair), rtol=3e-4)
