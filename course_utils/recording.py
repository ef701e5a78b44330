"""Recording a net while it trains, frame by frame: `course_utils.Film` plays it."""

import math

import keras
import numpy as np
import tensorflow as tf

from course_utils._validation import check_array, message

GROWTH = 1.07  # each frame is at least a step after the one before, and later 7 % further into the training
N_CURVE = 100  # points of a curve


class FilmRecorder(keras.callbacks.Callback):
    """Record what an autoencoder makes of some points while it trains: every step at first, then ever more rarely.

    A code of two numbers gives a map: each frame holds the codes of ``X``. A code of one number, for points in the
    plane, gives a curve: each frame holds what the decoder makes of 100 evenly spaced codes, from the lowest to the
    highest code of ``X``. The next frame follows after one step, and from step 15 on after 7 % more steps: 10,000 steps
    make some 110 frames. Where the model was compiled with ``steps_per_execution``, frames fall between two executions.
    A further ``fit`` goes on in the same film.

    Parameters
    ----------
    X : ndarray of shape (n, n_features)
        The points to watch; a few hundred are enough. They need not be among those of ``fit``.
    encoder : keras.Model, (n, n_features) -> (n, 2) or (n, 1)
    decoder : keras.Model, back to (n, n_features)
        Both share their weights with the model that is trained.

    Attributes
    ----------
    steps : list of int
        Before which training step each frame was taken, counted from 0: the number of updates of the weights so far.
    frames : list of float32 ndarrays of shape (n, 2), or (100, 2) of a curve
    losses : list of float
        The mean squared error of ``X`` at each frame, with the weights at rest.
    steps_per_epoch : int or None
        None before the training.

    Raises
    ------
    TypeError, ValueError
        X is no table of finite numbers, or the two models make neither a map nor a curve of it.
    """

    def __init__(self, X: np.ndarray, encoder: keras.Model, decoder: keras.Model):
        super().__init__()
        self.X = check_array("X", X, hint="Give one row for each point.").astype(np.float32)
        self.is_curve = _width_of_code(self.X, encoder, decoder) == 1
        self.steps, self.frames, self.losses = [], [], []
        self.steps_per_epoch = None
        self._step = self._next = self._before = 0
        x = tf.constant(self.X)

        @tf.function  # Keras's own call, layer by layer, would take four times as long
        def look():
            codes = encoder(x)
            loss = tf.reduce_mean(tf.square(x - decoder(codes)))
            if not self.is_curve:
                return codes, loss
            grid = tf.linspace(tf.reduce_min(codes), tf.reduce_max(codes), N_CURVE)
            return decoder(grid[:, None]), loss

        self._look = look

    def on_train_begin(self, logs=None):
        """Note how many steps an epoch has."""
        self.steps_per_epoch = self.params["steps"]

    def on_epoch_begin(self, epoch, logs=None):
        """Note how many steps came before."""
        self._before = self._step

    # Not on_train_batch_end: where a callback has that, Keras fetches the losses of every step
    def on_train_batch_begin(self, batch, logs=None):
        """Take a frame, if it is this step's turn."""
        self._step = self._before + batch
        if self._step >= self._next:
            self._take()

    def on_epoch_end(self, epoch, logs=None):
        """Count the steps of the epoch."""
        self._step = self._before + self.steps_per_epoch

    def on_train_end(self, logs=None):
        """Take the last frame."""
        self._take()

    def _take(self):
        if self.steps and self.steps[-1] == self._step:  # where one fit ends, the next begins
            return
        frame, loss = self._look()
        self.steps.append(self._step)
        self.frames.append(frame.numpy())
        self.losses.append(float(loss))
        self._next = max(self._step + 1, math.ceil(GROWTH * self._step))


def _width_of_code(X, encoder, decoder):
    for name, model in (("encoder", encoder), ("decoder", decoder)):
        if not isinstance(model, keras.Model):
            raise TypeError(
                message(name, "a Keras model", type(model).__name__, "Cut it out of the net that you train.")
            )
    codes = encoder(X[:1])
    n_features, width = X.shape[1], codes.shape[-1]
    if codes.ndim != 2 or width not in (1, 2) or (width == 1 and n_features != 2):
        expected = "codes of 2 numbers, or of 1 where X has 2 columns"
        raise ValueError(
            message("encoder", expected, f"codes of shape {tuple(codes.shape)} for {n_features} column(s)")
        )
    back = tuple(decoder(codes).shape)
    if back != (1, n_features):
        raise ValueError(message("decoder", f"{n_features} output(s), as X has columns", f"shape {back} for one code"))
    return width
