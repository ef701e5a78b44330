"""Autoencoders in Keras: build the three models, keep and load their weights."""

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
from keras import layers

from course_utils._files import whole_file
from course_utils._paths import DATA
from course_utils._validation import check_count

# Hints about retracing would stand among the lessons' outputs. TensorFlow sets its level when it is imported.
logging.getLogger("tensorflow").setLevel(logging.ERROR)


class Autoencoder(NamedTuple):
    """Three Keras models that share their weights.

    Attributes
    ----------
    encoder : keras.Model, (n, input_dim) -> (n, latent_dim)
    decoder : keras.Model, (n, latent_dim) -> (n, input_dim)
    model : keras.Model, (n, input_dim) -> (n, input_dim)
        The decoder after the encoder. Training it trains both. ``model.save("name.keras")`` and
        ``keras.models.load_model`` keep it; ``get_layer("encoder")`` and ``get_layer("decoder")`` take it apart.
    """

    encoder: keras.Model
    decoder: keras.Model
    model: keras.Model


def build_autoencoder(
    input_dim: int,
    hidden_units: Sequence[int],
    latent_dim: int,
    *,
    activation: str = "elu",
    output_activation: str = "sigmoid",
    latent_activation: str = "linear",
) -> Autoencoder:
    """Build an encoder, the decoder that mirrors it, and the model that joins them.

    Parameters
    ----------
    input_dim : int, at least 1
        Number of features, 784 for a 28x28 image.
    hidden_units : sequence of int, each at least 1
        Units of the encoder's hidden layers from the input inwards; the decoder has them in reverse. May be empty.
    latent_dim : int, at least 1
        Number of units of the bottleneck.
    activation, output_activation, latent_activation : str
        Keras activations of the hidden layers, of the output and of the bottleneck.

    Returns
    -------
    Autoencoder
        ``encoder, decoder, model``, not yet compiled.

    Raises
    ------
    TypeError, ValueError
        A size is not a positive whole number, or Keras does not know an activation.

    References
    ----------
    Hinton and Salakhutdinov (2006), Reducing the dimensionality of data with neural networks, Science 313.
    """
    check_count("input_dim", input_dim, 1, None, hint="give the number of columns of X")
    check_count("latent_dim", latent_dim, 1, None, hint="2 can be drawn as a map")
    for i, units in enumerate(hidden_units):
        check_count(f"hidden_units[{i}]", units, 1, None, hint="give one size per hidden layer, [512, 128] for two")

    image = keras.Input((input_dim,), name="image")
    h = image
    for units in hidden_units:
        h = layers.Dense(units, activation=activation)(h)
    code = layers.Dense(latent_dim, activation=latent_activation, name="bottleneck")(h)
    encoder = keras.Model(image, code, name="encoder")

    latent = keras.Input((latent_dim,), name="code")
    h = latent
    for units in reversed(hidden_units):
        h = layers.Dense(units, activation=activation)(h)
    reconstruction = layers.Dense(input_dim, activation=output_activation, name="reconstruction")(h)
    decoder = keras.Model(latent, reconstruction, name="decoder")

    return Autoencoder(encoder, decoder, keras.Model(image, decoder(encoder(image)), name="autoencoder"))


def save_pretrained(name: str, weights: Sequence[np.ndarray], folder: Path = DATA) -> Path:
    """Write weights as float16 to ``folder/weights_<name>.npz`` and their SHA-256 to ``weights.sha256``.

    Half precision halves the file; the lessons' ledger says what the weights give after rounding.
    """
    path = Path(folder) / f"weights_{name}.npz"
    with whole_file(path) as file:
        np.savez_compressed(file, *(np.asarray(w, dtype=np.float16) for w in weights))
    sums = _read_checksums(folder) | {path.name: hashlib.sha256(path.read_bytes()).hexdigest()}
    with whole_file(Path(folder) / "weights.sha256") as file:
        file.write("".join(f"{s}  {n}\n" for n, s in sorted(sums.items())).encode())
    return path


def load_pretrained(name: str, folder: Path = DATA) -> list[np.ndarray]:
    """Return the shipped weights ``name`` as float32 arrays, in the order of ``model.get_weights()``.

    Raises
    ------
    FileNotFoundError, ValueError
        The file is missing, or its SHA-256 is not the one in ``weights.sha256``.
    """
    path = Path(folder) / f"weights_{name}.npz"
    expected = _read_checksums(folder).get(path.name)
    if not path.exists() or expected is None:
        raise FileNotFoundError(
            f"load_pretrained({name!r}): {path} or its line in weights.sha256 is missing. Run `make weights`."
        )
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != expected:
        raise ValueError(
            f"load_pretrained({name!r}): {path} is damaged: expected SHA-256 {expected}, got {found}. "
            "Restore it with `git checkout data`, or make it anew with `make weights`."
        )
    with np.load(path) as file:
        return [file[key].astype(np.float32) for key in file.files]


def _read_checksums(folder: Path) -> dict[str, str]:
    path = Path(folder) / "weights.sha256"
    lines = path.read_text().splitlines() if path.exists() else []
    return {name: checksum for checksum, name in (line.split() for line in lines)}
