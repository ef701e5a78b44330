"""Autoencoders in Keras: build the three models, feed them, watch them train, load shipped weights."""

import ctypes
import gc
import hashlib
import logging
import platform
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
from keras import layers

from course_utils._validation import check_array, check_count

_BATCH = 500  # rows to evaluate at a time: 1.6 MB of MNIST
_DATA = Path(__file__).resolve().parent.parent / "data"

# Hints about retracing would stand among the lessons' outputs. TensorFlow sets its level when it is imported.
logging.getLogger("tensorflow").setLevel(logging.ERROR)

# TensorFlow frees and allocates each layer's arrays in every step. By default the C library gives them back to the
# system and gets them anew, page by page, which made training twice as slow where that was measured. With these
# options it keeps them, and gives back what is free before and after a training. The numbers are those of
# M_TRIM_THRESHOLD, M_TOP_PAD and M_MMAP_THRESHOLD in glibc's malloc.h.
_GLIBC = ctypes.CDLL(None) if platform.libc_ver()[0] == "glibc" else None
if _GLIBC:
    for _option, _megabytes in ((-1, 32), (-2, 16), (-3, 8)):
        _GLIBC.mallopt(_option, _megabytes * 2**20)


def _give_back_memory():
    gc.collect()  # what is left of earlier models
    if _GLIBC:
        _GLIBC.malloc_trim(0)


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


def in_batches(function: Callable[[np.ndarray], np.ndarray], X: np.ndarray) -> np.ndarray:
    """Return ``function(X)``, computed for 500 rows at a time.

    A net applied to all images at once needs memory for each layer's values of all of them.

    Parameters
    ----------
    function : callable, (n, ...) -> (n, ...)
        Treats each row by itself, as ``model.predict_on_batch`` does. May return an array or a tensor.
    X : ndarray of shape (n_samples, ...), at least one row

    Returns
    -------
    ndarray of shape (n_samples, ...), of the type that the function returns

    Raises
    ------
    ValueError
        X has no rows, or the function does not return one row for each.
    """
    X = check_array("X", X, ndim=None, hint="give at least one row")
    result = None
    for start in range(0, len(X), _BATCH):
        rows = X[start : start + _BATCH]
        part = np.asarray(function(rows))
        if part.shape[:1] != rows.shape[:1]:
            raise ValueError(
                f"function: expected {len(rows)} rows for {len(rows)} rows, got shape {part.shape}. "
                "It has to treat each row by itself."
            )
        if result is None:
            result = np.empty((len(X), *part.shape[1:]), part.dtype)
        result[start : start + _BATCH] = part
    return result


class ReconstructionBatches(keras.utils.PyDataset):
    """Shuffled batches ``(input, target)`` in which the target is the image itself.

    ``model.fit(X, X)`` would copy ``X`` twice; this takes each batch from the one array there is.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    batch_size : int, 1 to n_samples
    seed : int
        Seed of the shuffling (a new order every epoch) and of the corruption.
    corrupt : callable(batch, rng) -> ndarray of the batch's shape, optional
        Applied to the input only, afresh in every epoch: the net learns to undo it.
    """

    def __init__(
        self,
        X: np.ndarray,
        batch_size: int,
        *,
        seed: int = 0,
        corrupt: Callable[[np.ndarray, np.random.Generator], np.ndarray] | None = None,
    ):
        super().__init__()
        self.X = check_array("X", X, ndim=2, hint="give images as rows, (n, 784)")
        self.batch_size = check_count("batch_size", batch_size, 1, len(X), hint="128 is a good start")
        self.corrupt = corrupt
        self.rng = np.random.default_rng(seed)
        self.order = self.rng.permutation(len(X))

    def __len__(self) -> int:
        """Return the number of batches in an epoch; the last one may be smaller."""
        return -(-len(self.X) // self.batch_size)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """Return batch ``index`` as (input, target), each of shape (batch_size, n_features)."""
        target = self.X[self.order[index * self.batch_size : (index + 1) * self.batch_size]]
        return (target if self.corrupt is None else self.corrupt(target, self.rng)), target

    def on_epoch_end(self):
        """Draw a new order."""
        self.order = self.rng.permutation(len(self.X))


class TrainingTable(keras.callbacks.Callback):
    """One moving progress line while a model trains, a clean table of losses when it is done.

    Keras's own training loss is a running mean over an epoch in which the weights still move; the losses here
    are evaluated after the epoch, with the weights at rest.

    Parameters
    ----------
    X_test, X_train : ndarray of shape (n, n_features)
        Evaluated with the image as its own target. Give a part of the train images where all take too long.
    at : sequence of int, optional
        Epochs after which to evaluate, counted from 1; every epoch by default. The last one is always evaluated.
    corrupt : callable(batch, rng) -> ndarray, optional
        Corrupts the input, always with the same noise, as in `ReconstructionBatches`.
    show : bool
        Whether to print at all.

    Attributes
    ----------
    history : dict of str to list
        ``epoch``, ``train`` and ``test``, one entry per evaluation; kept over several calls of ``fit``.
    """

    def __init__(self, X_train, X_test, *, at: Sequence[int] | None = None, corrupt=None, show: bool = True):
        super().__init__()
        self.at, self.show, self.corrupt = at, show, corrupt
        self.sets = {"train": X_train, "test": X_test}
        self.history = {"epoch": [], "train": [], "test": []}

    def on_train_begin(self, logs=None):
        """Open the progress line."""
        _give_back_memory()
        from IPython.display import display

        self._line = display({"text/plain": ""}, raw=True, display_id=True) if self.show else None

    def _write(self, text: str):
        if self.show:
            self._line.update({"text/plain": text}, raw=True)

    def on_epoch_begin(self, epoch, logs=None):
        """Say which epoch is running."""
        self._write(f"{self.table()}\nepoch {epoch + 1} of {self.params['epochs']} ...")

    def on_epoch_end(self, epoch, logs=None):
        """Evaluate, if it is this epoch's turn."""
        epoch += 1
        if self.at is not None and epoch not in self.at and epoch != self.params["epochs"]:
            return
        self.history["epoch"].append(epoch)
        for name, X in self.sets.items():
            batches = ReconstructionBatches(X, min(_BATCH, len(X)), corrupt=self.corrupt)
            self.history[name].append(self.model.evaluate(batches, verbose=0, return_dict=True)["loss"])

    def on_train_end(self, logs=None):
        """Replace the progress line by the table."""
        _give_back_memory()
        self._write(self.table())

    def table(self) -> str:
        """Return the losses so far as text, a row per evaluation."""
        rows = zip(*self.history.values(), strict=True)
        return "\n".join(
            [f"{'epoch':>5}  {'train':>7}  {'test':>7}", *(f"{e:5d}  {a:7.4f}  {b:7.4f}" for e, a, b in rows)]
        )


def save_pretrained(name: str, weights: Sequence[np.ndarray], folder: Path = _DATA) -> Path:
    """Write weights as float16 to ``folder/weights_<name>.npz`` and their SHA-256 to ``weights.sha256``.

    Half precision halves the file; the lessons' ledger says what the weights give after rounding.
    """
    path = Path(folder) / f"weights_{name}.npz"
    np.savez_compressed(path, *(np.asarray(w, dtype=np.float16) for w in weights))
    sums = _read_checksums(folder) | {path.name: hashlib.sha256(path.read_bytes()).hexdigest()}
    (Path(folder) / "weights.sha256").write_text("".join(f"{s}  {n}\n" for n, s in sorted(sums.items())))
    return path


def load_pretrained(name: str, folder: Path = _DATA) -> list[np.ndarray]:
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
