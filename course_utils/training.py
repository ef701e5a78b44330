"""Feeding a Keras model and watching it train, in little memory."""

import gc
import logging
import time
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from html import escape

import keras
import numpy as np
import tensorflow as tf

from course_utils._display import explain_interrupts, in_notebook
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

_SECONDS = 0.5  # between two moves of a progress line

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
        # With one worker Keras lets TensorFlow tune the pipeline, and at the end of each epoch TensorFlow (2.21) waits
        # until its tuner wakes. Its pauses double, from 10 ms on, so an epoch of 5.2 s takes 10.2. Two need no tuner.
        super().__init__(workers=2)
        self.X = check_array("X", X, ndim=2, hint="give images as rows, (n, 784)")
        self.batch_size = check_count("batch_size", batch_size, 1, len(X), hint="128 is a good start")
        self.corrupt = corrupt
        self.seed, self.epoch = check_count("seed", seed, 0, hint="0 is as good as any"), 0
        self._rng = np.random.default_rng(seed)
        self.order = self._rng.permutation(len(self.X))
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
        if self.corrupt is None:
            return target, target
        # a generator of its own for each batch: two threads make them, in whatever order
        return self._corrupted(target, np.random.default_rng((self.seed, self.epoch, index))), target

    def on_epoch_begin(self):
        """Have freed memory kept for the steps to come."""
        _keep_freed_memory()

    def on_epoch_end(self):
        """Draw a new order."""
        self.epoch += 1
        self.order = self._rng.permutation(len(self.X))


class _MovingLine:
    """A text in a notebook's output that is replaced while a cell runs; where nothing can move, none is shown."""

    def __init__(self):
        self._display, self._started, self._moved = None, time.monotonic(), -np.inf
        if in_notebook():
            from IPython.display import display

            self._display = display({"text/plain": ""}, raw=True, display_id=True)

    def is_due(self) -> bool:
        """Return whether the text has stood long enough to be replaced."""
        return self._display is not None and time.monotonic() - self._moved >= _SECONDS

    def show(self, text: str, losses: Sequence[float] = (), of: str = "") -> None:
        """Replace the text; with two losses or more, their curve stands beside it, with a word on what they are of."""
        self._moved = time.monotonic()
        if self._display is None:
            return
        bundle = {"text/plain": text}
        if len(losses) > 1:
            curve = f'<figure style="margin:0">{_curve(losses)}<figcaption>{escape(of)}</figcaption></figure>'
            pre = f'<pre style="min-width:48ch">{escape(text)}</pre>'  # the curve stays in its place
            bundle["text/html"] = f'<div style="display:flex;gap:2em">{pre}{curve}</div>'
        self._display.update(bundle, raw=True)

    def time_left(self, share: float) -> str:
        """Return in words how long it will take, where this share of the work is done."""
        elapsed = time.monotonic() - self._started
        if elapsed < 1 or share <= 0:
            return ""
        left = elapsed / share * (1 - share)
        return f", about {left:.0f} s left" if left < 100 else f", about {left / 60:.0f} min left"


def _curve(losses):
    """Return a drawing of the losses so far, the lowest at the bottom."""
    low, high, last = min(losses), max(losses), len(losses) - 1
    points = " ".join(
        f"{160 * i / last:.1f},{4 + 52 * (high - y) / ((high - low) or 1):.1f}" for i, y in enumerate(losses)
    )
    return (
        '<svg width="160" height="60" viewBox="0 0 160 60" role="img" aria-label="the first column so far, as a curve">'
        f'<polyline points="{points}" fill="none" stroke="currentColor" stroke-width="2"/></svg>'
    )


def with_progress(steps: Sequence[int]) -> Iterator[int]:
    """Yield the steps of a training loop of one's own, with a moving line: which step of how many, and the time left.

    An interrupt ends the cell in one sentence. When the loop is done, the line is empty.

    Parameters
    ----------
    steps : sequence of int, for example ``range(1, 5001)``
    """
    line, running = _MovingLine(), {"step": None}
    explain_interrupts(lambda: _interrupted(running["step"] and f"at step {running['step']}"))
    for done, step in enumerate(steps):
        running["step"] = step
        if line.is_due():
            line.show(f"step {step} of {steps[-1]}{line.time_left(done / len(steps))}")
        yield step
    running["step"] = None
    line.show("")


def _interrupted(where):
    if where:
        return f"Stopped {where}; the net keeps what it has learnt. Run the cell that makes the net to begin afresh."
    return "Interrupted: this cell did not come to its end."


class TrainingTable(keras.callbacks.Callback):
    """One moving progress line while a model trains, a clean table of losses when it is done.

    The line says which epoch and step is running and how long the rest will take; a small curve beside it shows the
    first column. An interrupt ends the cell in one sentence.

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
        self._line = self._epoch = None
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
        if self._line:  # Keras tells of no interrupt: its line 'epoch 5 of 50 ...' still stands there
            self._line.show(self._note + self.table())
        again = self._model_seen is not None and self._model_seen() is self.model
        if not again:
            self._start(self.model)
        self._before = None
        self._line = _MovingLine() if self.show else None
        self._note = f"goes on after epoch {self._done}\n" if again and self._done else ""
        explain_interrupts(self._explain)

    def _explain(self):
        if self._line and self._epoch:
            self._line.show(self._note + self.table())  # nothing is running, and no time is left
        return _interrupted(self._epoch and f"in epoch {self._epoch}")

    def on_epoch_begin(self, epoch, logs=None):
        """Say which epoch is running."""
        give_back_memory()  # free pieces between those in use: 60 MB more after 50 epochs, where it is left out
        if self._before is None:  # Keras counts from initial_epoch, 0 by default, and knows nothing of earlier fits
            self._before, self._first = max(0, self._done - epoch), epoch
        self._epoch = self._before + epoch + 1
        self._say(0)

    # Not on_train_batch_end: where a callback has that, Keras fetches the losses of every step
    def on_train_batch_begin(self, batch, logs=None):
        """Move the line, twice a second at most."""
        if self._line and self._line.is_due():
            self._say(batch)

    def _say(self, step):
        if self._line is None:
            return
        epochs, steps = self.params["epochs"], self.params["steps"]
        text = f"epoch {self._epoch} of {self._before + epochs}"
        if steps:
            text += f", step {step} of {steps}"
            done = self._epoch - 1 - self._before - self._first + step / steps
            text += self._line.time_left(done / (epochs - self._first))
        first = next(iter(self.sets))
        self._line.show(f"{self._note}{self.table()}\n{text}", self.history[first], of=first)

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
        self._epoch = None  # from here on, an interrupt is another cell's
        if self._line:
            self._line.show(self._note + self.table())
            if not in_notebook():
                print(self.table())
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
