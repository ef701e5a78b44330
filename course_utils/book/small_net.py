"""The explorer of the book's first page: a decoder small enough for a page that has to be there at once.

Its map is that of lesson 3's longer training: the shipped encoder's codes of test images. The decoder that belongs to
them is five times too large for a first page, so a smaller one learns to draw the train images from their codes.
"""

from pathlib import Path

import numpy as np

from course_utils._files import whole_file
from course_utils._paths import ROOT
from course_utils.widgets.explorer import LatentExplorer

FILE = ROOT / "book" / "explorer.npz"
HIDDEN_UNITS = (256, 64)
ACTIVATIONS = ("gelu", "gelu", "sigmoid")
N_CODES = 1500  # on the map


def train(file: Path = FILE) -> float:
    """Train the small decoder on MNIST, write it with its map as float16, and return its error on the test images."""
    import keras

    from course_utils.autoencoder import build_autoencoder, load_pretrained
    from course_utils.datasets import load_mnist
    from course_utils.metrics import reconstruction_mse
    from course_utils.training import in_batches

    keras.utils.set_random_seed(0)
    data = load_mnist()
    teacher = build_autoencoder(784, [512, 256, 128, 64], 2, activation="gelu")  # lesson 3, "Trained better"
    teacher.model.set_weights(load_pretrained("03_better"))
    codes_train, codes_test = (in_batches(teacher.encoder, X) for X in (data.X_train, data.X_test))
    hidden = [keras.layers.Dense(n, activation) for n, activation in zip(HIDDEN_UNITS, ACTIVATIONS, strict=False)]
    decoder = keras.Sequential([keras.Input((2,)), *hidden, keras.layers.Dense(784, ACTIVATIONS[-1])])
    rate = keras.optimizers.schedules.CosineDecay(3e-3, decay_steps=40 * 235)
    decoder.compile(keras.optimizers.Adam(rate), loss="mean_squared_error")
    decoder.fit(codes_train, data.X_train, batch_size=256, epochs=40, verbose=0)
    arrays = {f"weights_{i}": array.astype("<f2") for i, array in enumerate(decoder.get_weights())}
    shown = np.flatnonzero(_is_near(codes_test))[:N_CODES]
    arrays |= {"codes": codes_test[shown].astype("<f2"), "labels": data.y_test[shown].astype("u1")}
    with whole_file(file) as target:
        np.savez(target, **arrays)
    return reconstruction_mse(data.X_test, in_batches(decoder, codes_test))


def _is_near(codes):
    # All but the outermost twentieth, for which the others would have to move closely together on the map
    distances = np.linalg.norm(codes - np.median(codes, axis=0), axis=1)
    return distances <= np.quantile(distances, 0.95)


def load(file: Path = FILE) -> LatentExplorer:
    """Return the explorer of the first page."""
    with np.load(file) as found:
        weights = [found[f"weights_{i}"] for i in range(2 * len(ACTIVATIONS))]
        layers = list(zip(weights[::2], weights[1::2], ACTIVATIONS, strict=True))
        return LatentExplorer(layers, found["codes"].astype("f4"), found["labels"].astype(int), (28, 28))
