"""Feeding a Keras model and watching it train, in little memory."""

import gc
import logging
import weakref
from collections.abc import Callable, Mapping, Sequence
from functools import cache

import keras
import numpy as np
import tensorflow as tf

from course_utils._display import in_notebook
from course_utils._machine import give_back_memory, keep_freed_memory
from course_utils._validation import (
    as_array,
    check_array,
    check_count,
    check_counts,
    check_function,
    check_same_shape,
    message,
)

# Hints about retracing, where a net is applied to ten images after 250, would stand among the lessons' outputs.
logging.getLogger("tensorflow").setLevel(logging.ERROR)

_BATCH = 250  # rows to evaluate at a time: 0.8 MB of MNIST; TensorFlow fetches several batches in advance


@cache
def _keep_freed_memory():
    # TensorFlow frees and allocates each layer's arrays in every step. When its first generator of batches starts, it
    # tells the C library to give back whatever exceeds 128 KB (generator_dataset_op.cc), which then comes anew, page by
    # page, in the next step: that made training up to twice as slow. So start one, and have the last word.
    next(iter(tf.data.Dataset.from_generator(lambda: [0], output_signature=tf.TensorSpec((), tf.int32))))
    keep_freed_memory()


def in_batches(function: Callable[[np.ndarray], np.ndarray], X: np.ndarray) -> np.ndarray:
    """Return ``function(X)``, computed for 250 rows at a time.

    A net applied to all images at once needs memory for each layer's values of all of them.

    Parameters
    ----------
    function : callable, (n, ...) -> (n, ...)
        Treats each row by itself, as ``model.predict_on_batch`` does. May return an array or a tensor, and may work
        in place: it gets a copy.
    X : ndarray of shape (n_samples, ...), at least one row

    Returns
    -------
    ndarray of shape (n_samples, ...), of the type that the function returns

    Raises
    ------
    TypeError, ValueError, where X has no rows or no numbers, or the function returns not one row of one shape for each
    """
    check_function("function", function, "rows", hint="The function comes first, X second.")
    X = check_array("X", X, ndim=None, hint="give at least one row")
    hint = "It has to treat each row by itself."
    result = None
    for start in range(0, len(X), _BATCH):
        rows = X[start : start + _BATCH].copy()
        part = as_array("function(rows)", function(rows), hint)
        width = part.shape[1:] if result is None else result.shape[1:]
        if part.shape != (len(rows), *width):
            expected = f"{len(rows)} rows for {len(rows)} rows"
            if result is not None:
                expected += f", each of shape {width} as before"
            raise ValueError(message("function", expected, f"shape {part.shape}", hint))
        if result is None:
            result = np.empty((len(X), *width), part.dtype)
        result[start : start + _BATCH] = part
    return result


class ReconstructionBatches(keras.utils.PyDataset):
    """Shuffled batches ``(input, target)`` in which the target is the image itself.

    ``model.fit(X, X)`` would copy ``X`` twice; this takes each batch from the one array there is.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    batch_size : int, 1 to n_samples
    seed : int, of the shuffling (a new order every epoch) and of the corruption
    corrupt : callable(batch, rng) -> ndarray of the batch's shape, optional
        Applied to the input only, afresh in every epoch: the net learns to undo it. It may work in place: it gets a
        copy of the batch, and has to return it.

    Raises
    ------
    TypeError, ValueError, where X is no table of finite numbers, a batch would be larger than X, or ``corrupt`` returns
    something else than numbers of the batch's shape
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
        self.rng = np.random.default_rng(check_count("seed", seed, 0, hint="0 is as good as any"))
        self.order = self.rng.permutation(len(self.X))
        if corrupt is not None:
            check_function("corrupt", corrupt, "batch, rng", hint="rng is a numpy.random.Generator.")
            # the last batch may be smaller; during training, TensorFlow would wrap the error in its own
            self._corrupted(self.X[: len(self.X) % self.batch_size or self.batch_size], np.random.default_rng(seed))

    def _corrupted(self, batch, rng):
        name, hint = "corrupt(batch, rng)", "It has to return the noisy batch."
        noisy = check_array(name, self.corrupt(batch.copy(), rng), ndim=None, hint=hint)
        check_same_shape("batch", batch, name, noisy, hint)
        return noisy

    def __len__(self) -> int:
        """Return the number of batches in an epoch; the last one may be smaller."""
        return -(-len(self.X) // self.batch_size)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """Return batch ``index`` as (input, target), each of shape (batch_size, n_features)."""
        target = self.X[self.order[index * self.batch_size : (index + 1) * self.batch_size]]
        return (target if self.corrupt is None else self._corrupted(target, self.rng)), target

    def on_epoch_begin(self):
        """Have freed memory kept for the steps to come."""
        _keep_freed_memory()

    def on_epoch_end(self):
        """Draw a new order."""
        self.order = self.rng.permutation(len(self.X))


class TrainingTable(keras.callbacks.Callback):
    """One moving progress line while a model trains, a clean table of losses when it is done.

    Keras's own training loss is a running mean over an epoch in which the weights still move; the losses here
    are evaluated after the epoch, with the weights at rest.

    A further ``fit`` of the same model goes on in the same table: epochs are counted from the model's first one,
    also after an interrupt, because its weights are kept. Another model starts a new history.

    Parameters
    ----------
    sets : mapping of a name to an ndarray of shape (n, n_features)
        ``{"train": X_train[:5000], "validation": X_val}``, for example: a column for each, evaluated with the image as
        its own target.
    at : sequence of int, optional
        Epochs after which to evaluate, counted from 1; every epoch by default. The last one is always evaluated.
    corrupt : callable(batch, rng) -> ndarray, optional
        Corrupts the input, always with the same noise, as in `ReconstructionBatches`.
    show : bool, whether to print at all

    Attributes
    ----------
    history : dict of str to list
        ``epoch`` (increasing) and the names of the sets, one entry per evaluation; kept over several calls of ``fit``.

    Raises
    ------
    TypeError, ValueError, where ``sets`` is no mapping of names to tables of numbers of one width, ``at`` no sequence
    of positive whole numbers, or ``corrupt`` as `ReconstructionBatches` does not take it
    """

    def __init__(
        self, sets: Mapping[str, np.ndarray], *, at: Sequence[int] | None = None, corrupt=None, show: bool = True
    ):
        super().__init__()
        if not isinstance(sets, Mapping) or not sets or "epoch" in sets:
            got = f"{list(sets)}" if isinstance(sets, Mapping) else type(sets).__name__
            hint = 'Give {"train": X_train[:5000], "validation": X_val}.'
            raise TypeError(message("sets", "a mapping of names, other than epoch, to images", got, hint))
        self.sets, width = {}, None
        for name, X in sets.items():
            X = check_array(f"sets[{name!r}]", X, n_features=width, hint="give images as rows, (n, 784)")
            self.sets[name], width = X, X.shape[1]
        self.at = None if at is None else check_counts("at", at, 1, hint="[1, 5, 10] evaluates after three epochs")
        self.show, self.corrupt = show, corrupt
        for X in self.sets.values():
            self._batches(X)  # a corrupt that fails should do so now, not after an epoch
        self._line = None
        self._start(None)

    def _batches(self, X):
        return ReconstructionBatches(X, min(_BATCH, len(X)), corrupt=self.corrupt)  # its seed is always the same

    def _start(self, model):
        self.history = {"epoch": []} | {name: [] for name in self.sets}
        self._done = 0  # epochs of this model that are finished
        self._model_seen = None if model is None else weakref.ref(model)  # which keeps no old model in memory

    def on_train_begin(self, logs=None):
        """Open the progress line; start a new history where another model comes."""
        gc.collect()  # what is left of earlier models
        give_back_memory()
        self._write(self.table())  # Keras tells of no interrupt: its line 'epoch 5 of 50 ...' still stands there
        if self._model_seen is None or self._model_seen() is not self.model:
            self._start(self.model)
        self._before = None
        if self.show and in_notebook():
            from IPython.display import display

            self._line = display({"text/plain": ""}, raw=True, display_id=True)

    def _write(self, text: str, done: bool = False):
        if self._line:
            self._line.update({"text/plain": text}, raw=True)
        elif self.show and done:  # a script has no line that moves
            print(text)

    def on_epoch_begin(self, epoch, logs=None):
        """Say which epoch is running."""
        give_back_memory()  # free pieces between those in use: 60 MB more after 50 epochs, where it is left out
        if self._before is None:  # Keras counts from initial_epoch, 0 by default, and knows nothing of earlier fits
            self._before = max(0, self._done - epoch)
        self._write(f"{self.table()}\nepoch {self._before + epoch + 1} of {self._before + self.params['epochs']} ...")

    def on_epoch_end(self, epoch, logs=None):
        """Evaluate, if it is this epoch's turn."""
        self._done = self._before + epoch + 1
        last = epoch + 1 == self.params["epochs"] or self.model.stop_training
        if self.at is None or self._done in self.at or last:
            self._evaluate()

    def _evaluate(self):
        losses = {
            name: self.model.evaluate(self._batches(X), verbose=0, return_dict=True)["loss"]
            for name, X in self.sets.items()
        }
        for name, value in {"epoch": self._done, **losses}.items():  # all at once: an interrupt leaves no half row
            self.history[name].append(value)

    def on_train_end(self, logs=None):
        """Replace the progress line by the table; evaluate, where another callback ended it after this one."""
        if self._before is not None and self.history["epoch"][-1:] != [self._done]:
            self._evaluate()
        gc.collect()
        give_back_memory()
        self._write(self.table(), done=True)
        self._line = None

    def table(self) -> str:
        """Return the losses so far as text, a row per evaluation."""
        rows = zip(*self.history.values(), strict=True)
        return "\n".join(
            ["  ".join(["epoch", *(f"{name:>7}" for name in self.sets)])]
            + ["  ".join([f"{epoch:5d}", *map(_padded, self.sets, losses)]) for epoch, *losses in rows]
        )


def _padded(name, loss):
    return f"{loss:{max(7, len(name))}.4f}"  # under its name
