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
from course_utils._validation import check_array, check_count, check_counts, message

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
    input_dim = check_count("input_dim", input_dim, 1, hint="give the number of columns of X")
    latent_dim = check_count("latent_dim", latent_dim, 1, hint="2 can be drawn as a map")
    hidden_units = check_counts("hidden_units", hidden_units, 1, "give one size per hidden layer, [512, 128] for two")
    _check_activation("activation", activation)
    _check_activation("output_activation", output_activation)
    _check_activation("latent_activation", latent_activation)

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


def _check_activation(name, activation):
    try:
        keras.activations.get(activation)
    except (ValueError, TypeError) as error:
        public = {key for key in vars(keras.activations) if not key.startswith("_")}
        known = ", ".join(sorted(public - {"deserialize", "get", "serialize"}))
        hint = "A function of a tensor serves, too."
        raise ValueError(message(name, f"one of {known}", repr(activation), hint)) from error


def save_pretrained(name: str, weights: Sequence[np.ndarray], folder: Path = DATA) -> Path:
    """Write weights as float16 to ``folder/weights_<name>.npz`` and their SHA-256 to ``weights.sha256``.

    Half precision halves the file; the lessons' ledger says what the weights give after rounding.

    Raises
    ------
    TypeError, ValueError
        The weights are no list of finite arrays, or one is larger than float16 holds.
    """
    hint = "Give what model.get_weights() returns."
    if not isinstance(weights, Sequence) or not weights:
        raise TypeError(message("weights", "a list of arrays", f"{weights!r:.40}", hint))
    arrays = [check_array(f"weights[{i}]", w, ndim=None, hint=hint) for i, w in enumerate(weights)]
    largest = max(np.abs(array).max() for array in arrays)
    if largest > np.finfo(np.float16).max:
        expected = "values up to 65504, float16's largest"
        raise ValueError(message("weights", expected, f"{largest:.6g}", "Has training diverged?"))
    path = Path(folder) / f"weights_{name}.npz"
    with whole_file(path) as file:
        np.savez_compressed(file, *(array.astype(np.float16) for array in arrays))
    sums = _read_checksums(folder) | {path.name: hashlib.sha256(path.read_bytes()).hexdigest()}
    with whole_file(Path(folder) / "weights.sha256") as file:
        file.write("".join(f"{s}  {n}\n" for n, s in sorted(sums.items())).encode())
    return path


def load_pretrained(name: str, folder: Path = DATA) -> list[np.ndarray]:
    """Return the shipped weights ``name`` as float32 arrays, in the order of ``model.get_weights()``.

    Raises
    ------
    FileNotFoundError, ValueError
        There are no weights of that name, their file is missing, or its SHA-256 is not the one in ``weights.sha256``.
    """
    path = Path(folder) / f"weights_{name}.npz"
    sums = _read_checksums(folder)
    if path.name not in sums:
        known = ", ".join(repr(file[len("weights_") : -len(".npz")]) for file in sums) or "(there are none)"
        hint = "Run `make weights` where a lesson has new ones."
        raise FileNotFoundError(message("load_pretrained: name", f"one of {known}", repr(name), hint))
    restore = "Restore it with `git checkout data`, or make it anew with `make weights`."
    if not path.exists():
        raise FileNotFoundError(f"load_pretrained({name!r}): {path} is missing. {restore}")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != sums[path.name]:
        expected = f"expected SHA-256 {sums[path.name]}, got {found}"
        raise ValueError(f"load_pretrained({name!r}): {path} is damaged: {expected}. {restore}")
    with np.load(path) as file:
        return [file[key].astype(np.float32) for key in file.files]


def _read_checksums(folder: Path) -> dict[str, str]:
    path = Path(folder) / "weights.sha256"
    lines = [line.split() for line in path.read_text().splitlines()] if path.exists() else []
    for words in lines:
        if len(words) != 2:
            expected, hint = "a checksum and a file's name in each line", "Restore it with `git checkout data`."
            raise ValueError(message(str(path), expected, repr(" ".join(words)), hint))
    return {name: checksum for checksum, name in lines}
