"""Questions that are answered by a Keras model: it is called, in batches and without training, and nothing else."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from course_utils.questions.engine.functions import error_text
from course_utils.questions.engine.question import Question
from course_utils.questions.engine.values import is_unanswered, kind_of

BATCH = 250
ZERO = 1e-4  # what is smaller, beside the largest singular value, is rounding in float32


@dataclass(frozen=True)
class Check:
    """A property that a model must have: `holds` says so from its facts, `text` is shown where it does not."""

    text: str
    holds: Callable[[dict], bool]


@dataclass(frozen=True, eq=False)
class ModelKind:
    """A model that takes rows like `images()` and returns rows of `output_dim` numbers.

    Its facts, as plain values: ``input_shape``, ``output_shape``, ``n_parameters``, ``layers`` (class, units and
    activation of each), ``output_range``, ``n_numbers`` (how many numbers pass through it at most: the rank of its
    derivative at a few images), ``mse`` (against `targets()`), and what `more_facts` adds.
    """

    images: Callable[[], np.ndarray]
    output_dim: int
    checks: Sequence[Check]
    targets: Callable[[], np.ndarray] | None = None
    more_facts: dict[str, Callable] = field(default_factory=dict)

    def collect(self, answer) -> dict:
        """Return the facts of a model; nothing of it changes."""
        if is_unanswered(answer):
            return {"state": "unanswered"}
        if not _is_model(answer):
            return {"state": "unfit", "text": f"A Keras model is expected, and this is {kind_of(answer)}."}
        if not answer.built:  # calling it would build it
            text = "The model has no weights yet: begin it with a `keras.Input` of the width of the data."
            return {"state": "unfit", "text": text}
        X = self.images()
        try:
            output = self._called(answer, X)
            if output.ndim != 2 or output.shape != (len(X), self.output_dim):
                text = f"For {len(X)} rows of {X.shape[1]} numbers it returns the shape {output.shape}; "
                return {"state": "unfit", "text": f"{text}expected {(len(X), self.output_dim)}."}
            facts = self._facts(answer, X, output)
            facts |= {name: fact(answer) for name, fact in self.more_facts.items()}
        except (Exception, SystemExit) as error:  # of the student's layers, or of Keras about them
            shape = f"rows of shape (n, {X.shape[1]})"
            return {"state": "raised", "text": f"Applied to {shape}, your model raised {error_text(error)}"}
        return {"state": "value", "value": facts}

    def _called(self, model, X):
        parts = [
            np.array(model(X[start : start + BATCH].copy(), training=False), dtype=np.float64)
            for start in range(0, len(X), BATCH)
        ]
        return np.concatenate(parts)

    def _facts(self, model, X, output):
        targets = X if self.targets is None else self.targets()
        return {
            "input_shape": (None, X.shape[1]),
            "output_shape": (None, output.shape[1]),
            "n_parameters": int(model.count_params()),
            "layers": _layers(model),
            "output_range": (float(output.min()), float(output.max())),
            "n_numbers": numbers_that_pass(model, X[:4]),
            "mse": float(np.mean((output - targets) ** 2)) if output.shape == targets.shape else None,
        }

    def agree(self, value, other) -> bool:
        """Return whether two models have the same layers, and the same error within one part in 1000."""
        same = all(value[name] == other[name] for name in ("layers", "n_parameters", "n_numbers"))
        return same and (value["mse"] is None or bool(np.isclose(value["mse"], other["mse"], rtol=1e-3)))

    def flaw(self, value, expected) -> str | None:
        """Return the text of the first property that is missing."""
        if not np.isfinite(value["output_range"]).all():
            return "Its output is not finite: NaN or infinity."
        return next((check.text for check in self.checks if not check.holds(value)), None)

    def difference(self, value, expected) -> str:
        """Return the sentence for a model that lacks nothing and is not accepted all the same."""
        return "It is not what was asked for."


def numbers_that_pass(model, X) -> int:
    """Return how many numbers pass through a model at most: the largest rank of its derivative at some rows.

    What goes through two numbers has a derivative of rank two, whatever the layers are; a way around them adds to it.
    The derivative is taken along up to 40 random directions.
    """
    import tensorflow as tf

    directions = np.random.default_rng(0).normal(size=(min(40, X.shape[1]), X.shape[1])).astype(np.float32)
    most = 0
    for row in X:
        rows = tf.constant(np.repeat(row[None], len(directions), axis=0))
        with tf.autodiff.ForwardAccumulator(rows, tf.constant(directions)) as forward:
            output = model(rows, training=False)
        change = forward.jvp(output)
        s = np.linalg.svd(np.zeros((1, 1)) if change is None else np.array(change, np.float64), compute_uv=False)
        most = max(most, int(np.count_nonzero(s > ZERO * max(s[0], 1e-12))))
    return most


def _is_model(answer):
    return "keras" in sys.modules and isinstance(answer, sys.modules["keras"].Model)


def _layers(model):
    # class, units and activation of each layer, those of models within models in their place
    found = []
    for layer in model.layers:
        if getattr(layer, "layers", None):
            found += _layers(layer)
        else:
            activation = getattr(getattr(layer, "activation", None), "__name__", None)
            found.append((type(layer).__name__, getattr(layer, "units", None), activation))
    return found


def model(
    key: str,
    title: str,
    *,
    images: Callable[[], np.ndarray],
    right: Callable,
    hints: Sequence[str],
    checks: Sequence[Check] = (),
    latent_dim: int | None = None,
    mse_at_most: Callable[[], float] | None = None,
    output_dim: int = 784,
    targets: Callable[[], np.ndarray] | None = None,
    more_facts: dict[str, Callable] | None = None,
    **more,
) -> Question:
    """Return a question whose answer is a Keras model.

    Parameters
    ----------
    images : function without arguments that returns what the model is applied to, float32; a few hundred rows
    right : function without arguments that returns a right model
    checks : tuple of `Check` on the facts (see `ModelKind`), tried in order
    latent_dim : int, how many numbers may pass through it at most; None: any
    mse_at_most : function without arguments that returns the largest error against `targets` that passes
    targets : as `images`; None: the images themselves
    more_facts : further facts, functions of the model that return plain values and change nothing of it
    more : any other field of `Question`. Known mistakes mostly need `recognise`, on the facts
    """
    checks = list(checks)
    if latent_dim is not None:
        numbers = "number passes" if latent_dim == 1 else "numbers pass"
        text = f"More than {latent_dim} {numbers} through it: look for a wider code, or for a way around it."
        checks.append(Check(text, lambda facts: facts["n_numbers"] <= latent_dim))
    if mse_at_most is not None:
        text = "Its error on data that it has not seen is too large still."
        checks.append(Check(text, lambda facts: facts["mse"] is not None and facts["mse"] <= mse_at_most()))
    kind = ModelKind(images, output_dim, checks, targets, more_facts or {})
    accepts = more.pop("accepts", lambda facts: True)
    return Question(key=key, title=title, kind=kind, right=right, hints=hints, accepts=accepts, **more)
