"""Questions that are answered by a Keras model: it is called and differentiated, never trained, and stays as it is."""

import itertools
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from course_utils.questions.engine.functions import error_text
from course_utils.questions.engine.values import is_unanswered, kind_of

BATCH = 250
PAIRS = 8  # of rows between which the derivative is followed
STEPS = 128  # places on the way from one row to the other: well trained nets change within a small part of it
DIRECTIONS = 40
ZERO = 1e-3  # a slope below this part of the typical one carries nothing
SHORT = 3e-3  # of the way from one row to the other: a step along which no net bends
ORDERS = 8  # of kernels that are tried: layers of equal sizes fit together in many
ACCOUNTED = 0.1  # the largest relative error with which the derivative explains what the model does


@dataclass(frozen=True, eq=False)
class ModelKind:
    """A model that takes rows like `images()` and returns rows of `output_dim` numbers.

    Its facts, as plain values, are ``n_parameters``, ``output_range``, ``mse`` (against `targets()`) and what
    `more_facts` adds: functions of the model, the rows and the model's outputs.
    """

    images: Callable[[], np.ndarray]
    output_dim: int
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
            output = called(answer, X)
        except (Exception, SystemExit) as error:  # of the student's layers, or of Keras about them
            shape = f"rows of shape (n, {X.shape[1]})"
            return {"state": "raised", "text": f"Applied to {shape}, your model raised {error_text(error)}"}
        if output.shape != (len(X), self.output_dim):
            text = f"For {len(X)} rows of {X.shape[1]} numbers it returns the shape {output.shape}; "
            return {"state": "unfit", "text": f"{text}expected {(len(X), self.output_dim)}."}
        if not np.isfinite(output).all():
            return {"state": "unfit", "text": "Its output is not finite: NaN or infinity."}
        return {"state": "value", "value": self._facts(answer, X, output)}

    def _facts(self, model, X, output):
        targets = X if self.targets is None else self.targets()
        facts = {
            "n_parameters": n_parameters(model, X),
            "output_range": (float(output.min()), float(output.max())),
            "mse": float(np.mean((output - targets) ** 2)),
        }
        return facts | {name: fact(model, X, output) for name, fact in self.more_facts.items()}

    def agree(self, value, other) -> bool:
        """Return whether two models have the same facts, and the same error within one part in 1000."""
        same = all(value[name] == other[name] for name in value if name not in ("mse", "output_range"))
        return same and bool(np.isclose(value["mse"], other["mse"], rtol=1e-3))

    def flaw(self, value, expected) -> str | None:
        """Return None: what a model must fulfil is said by the question's checks."""
        return None

    def difference(self, value, expected) -> str:
        """Return the sentence for a model that lacks nothing and is not accepted all the same."""
        return "It is not what the question asks for."


def called(model, X) -> np.ndarray:
    """Return what a model makes of rows, in batches, as float64."""
    parts = [
        np.array(model(X[start : start + BATCH].copy(), training=False), dtype=np.float64)
        for start in range(0, len(X), BATCH)
    ]
    return np.concatenate(parts)


def n_parameters(model, X) -> int | None:
    """Return how many numbers a model computes with: its weights, and any constants of 100 numbers or more.

    None where they cannot be counted, because Python or NumPy computes a part of it, out of TensorFlow's sight.
    """
    import tensorflow as tf

    try:
        traced = tf.function(lambda x: model(x, training=False)).get_concrete_function(tf.constant(X[:2]))
    except Exception:  # whatever the student's code raises
        return None
    definition = traced.graph.as_graph_def()
    nodes = [*definition.node, *(node for function in definition.library.function for node in function.node_def)]
    if any("PyFunc" in node.op for node in nodes):
        return None
    shapes = [tuple(tensor.shape) for tensor, _ in traced.graph.captures if tensor.dtype != tf.resource]
    shapes += [tuple(v.shape) for v in traced.graph.variables if all(v is not w.value for w in model.variables)]
    constants = [node.attr["value"].tensor.tensor_shape.dim for node in nodes if node.op == "Const"]
    shapes += [tuple(axis.size for axis in axes) for axes in constants]
    return int(model.count_params()) + sum(n for n in map(math.prod, shapes) if n >= 100)


# How many numbers pass


def numbers_that_pass(model, X, output) -> int | None:
    """Return how many numbers pass through a model at most; None where its derivative does not tell.

    What goes through two numbers has a derivative of rank two, whatever the layers are, and a way around them adds
    to the rank. The derivative is taken at random rows of X and at random places between two of them, along random
    directions. A slope counts when it is no smaller than `ZERO` times what the model typically does from one row to
    another: one steep direction cannot hide the rest.

    The derivative has to be the model's own. Added up along the way, it has to explain the change from one row to
    the other: a model that moves in jumps, or treats exact rows in a way of its own, is not described by it. And it
    has to explain what the model does along short steps: what goes through `stop_gradient` has no derivative, and
    passes all the same.

    Parameters
    ----------
    model : Keras model, (n, n_in) -> (n, n_out)
    X : ndarray of shape (n, n_in)
    output : ndarray of shape (n, n_out), what the model makes of X
    """
    rng = np.random.default_rng()  # other rows and directions at each call
    chosen = rng.choice(len(X), (PAIRS, 2), replace=False)
    start, way = X[chosen[:, 0]], X[chosen[:, 1]] - X[chosen[:, 0]]  # (pairs, n_in)
    change = output[chosen[:, 1]] - output[chosen[:, 0]]  # (pairs, n_out)
    typical = np.median(np.linalg.norm(change, axis=1) / np.linalg.norm(way, axis=1))
    places = (np.arange(STEPS)[None, :, None] + rng.random((PAIRS, STEPS, 1))) / STEPS
    between = start[:, None] + places * way[:, None]  # (pairs, steps, n_in)

    slopes = _derivatives(model, between.reshape(-1, X.shape[1]), np.repeat(way, STEPS, axis=0))
    explained = slopes.reshape(PAIRS, STEPS, -1).mean(axis=1)
    error = np.linalg.norm(explained - change, axis=1)
    if np.median(error) > ACCOUNTED * np.median(np.linalg.norm(change, axis=1)) + 1e-6:
        return None

    n_directions = min(DIRECTIONS, X.shape[1])
    directions = np.linalg.qr(rng.normal(size=(X.shape[1], n_directions)))[0].T  # orthonormal rows
    rows = np.concatenate([start, between[:, 0], between[:, STEPS // 2]])
    slopes = _derivatives(model, np.repeat(rows, n_directions, axis=0), np.tile(directions, (len(rows), 1)))
    slopes = slopes.reshape(len(rows), n_directions, -1)
    short = SHORT * np.median(np.linalg.norm(way, axis=1))
    there, back = (called(model, (rows + step * directions[0]).astype(np.float32)) for step in (short, -short))
    error = np.linalg.norm((there - back) / (2 * short) - slopes[:, 0], axis=1)
    if np.median(error) > ACCOUNTED * np.median(np.linalg.norm(slopes[:, 0], axis=1)) + 1e-4:
        return None

    s = np.linalg.svd(slopes, compute_uv=False)  # (rows, n_directions)
    scale = np.sqrt(n_directions / X.shape[1])  # of a slope, the part that lies along the random directions
    return int(np.count_nonzero(s > max(ZERO * scale * typical, 1e-9), axis=1).max())


def _derivatives(model, rows, directions):
    # of the model at each row along its own direction; rows are shuffled, so that a batch looks like any other
    import tensorflow as tf

    order = np.random.default_rng().permutation(len(rows))
    found = None
    for i in range(0, len(order), BATCH):
        part = order[i : i + BATCH]
        x, along = (tf.constant(a[part], tf.float32) for a in (rows, directions))
        with tf.autodiff.ForwardAccumulator(x, along) as forward:
            output = tf.convert_to_tensor(model(x, training=False))  # it may come from NumPy
        change = forward.jvp(output)
        if found is None:
            found = np.zeros((len(rows), output.shape[1]))
        if change is not None:
            found[part] = np.array(change, np.float64)
    return found


# Which activations a chain of dense layers has

ACTIVATIONS: dict[str, Callable] = {
    "linear": lambda s: s,
    "relu": lambda s: np.maximum(s, 0),
    "elu": lambda s: np.where(s > 0, s, np.expm1(np.minimum(s, 0))),
    "tanh": np.tanh,
    "sigmoid": lambda s: 1 / (1 + np.exp(-s)),
    "gelu": lambda s: _gelu(s),
    "silu": lambda s: s / (1 + np.exp(-s)),
    "softplus": lambda s: np.logaddexp(0, s),
    "selu": lambda s: 1.05070099 * np.where(s > 0, s, 1.67326324 * np.expm1(np.minimum(s, 0))),
    "leaky relu": lambda s: np.where(s > 0, s, 0.2 * s),  # keras.activations.leaky_relu
    "LeakyReLU": lambda s: np.where(s > 0, s, 0.3 * s),  # keras.layers.LeakyReLU
}


def _gelu(s):
    from scipy.special import erf

    return s * (1 + erf(s / np.sqrt(2))) / 2


def chain_of(model, X, output) -> dict:
    """Return the units of a chain of dense layers, and the activations that explain what the model does.

    The kernels are those of the model's weights. The activations are found by computing what a chain with these
    weights would return: it makes no difference whether an activation belongs to a layer, is one, or is a function of
    `keras.ops`. Where no activations explain the outputs, there is more to the model than the chain.

    Parameters
    ----------
    model, X, output : as for `numbers_that_pass`

    Returns
    -------
    dict with ``units`` (list of int, the input first) and ``activations`` (list of names, one for each kernel, or None)
    """
    for layers in itertools.islice(_orders(_pairs(model), X.shape[1], output.shape[1]), ORDERS):
        if (activations := _explaining(layers, X, output)) is not None:
            return {"units": _units(layers), "activations": activations}
    return {"units": _units(_pairs(model)), "activations": None}


def _pairs(model):
    # each kernel with its bias, in the model's own order
    found = []
    for weight in model.weights:
        w = weight.numpy().astype(np.float64)
        if w.ndim == 2:
            found.append((w, np.zeros(w.shape[1])))
        elif w.ndim == 1 and found and len(w) == found[-1][0].shape[1]:
            found[-1] = (found[-1][0], w)
    return found


def _units(layers):
    return [layers[0][0].shape[0], *(kernel.shape[1] for kernel, _ in layers)] if layers else []


def _orders(layers, n_in, n_out, most=8):
    # the orders in which the kernels lead from input to output: a subclass may have made its decoder before its encoder
    if not layers or len(layers) > most:
        return
    for i, (kernel, _) in enumerate(layers):
        if kernel.shape[0] == n_in:
            rest = layers[:i] + layers[i + 1 :]
            if rest:
                yield from ([layers[i], *order] for order in _orders(rest, kernel.shape[1], n_out))
            elif kernel.shape[1] == n_out:
                yield [layers[i]]


def _explaining(layers, X, output):
    few, shown = np.asarray(X[:8], np.float64), np.argsort(output[:8].std(axis=0))[-16:]
    sums = {}  # what enters a layer's activation in these rows, by the activations before; of the last, what is shown

    def entering(before):
        if before not in sums:
            kernel, bias = layers[len(before)]
            if len(before) == len(layers) - 1:
                kernel, bias = kernel[:, shown], bias[shown]
            h = ACTIVATIONS[before[-1]](entering(before[:-1])) if before else few
            sums[before] = h @ kernel + bias
        return sums[before]

    with np.errstate(all="ignore"):
        for activations in dict.fromkeys(_candidates(len(layers))):
            if _same(ACTIVATIONS[activations[-1]](entering(activations[:-1])), output[:8, shown]):
                h = np.asarray(X, np.float64)
                for (kernel, bias), activation in zip(layers, activations, strict=True):
                    h = ACTIVATIONS[activation](h @ kernel + bias)
                if _same(h, output):
                    return list(activations)
    return None


def _same(a, b):
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-3, atol=1e-4)


def _candidates(n):
    # the likely ones first: each half alike inside and a linear code; any code; then one inner layer unlike the others
    code = max(n // 2 - 1, 0)
    names = sorted(itertools.product(ACTIVATIONS, repeat=4), key=lambda names: names[1] != "linear")
    for encoder, middle, decoder, last in names:
        inner = [*[encoder] * code, middle, *[decoder] * n]
        yield (*inner[: n - 1], last)
    for alike, odd, last, place in itertools.product(ACTIVATIONS, ACTIVATIONS, ("linear", "sigmoid"), range(n - 1)):
        inner = [alike] * (n - 1)
        inner[code] = "linear"
        inner[place] = odd
        yield (*inner, last)


def _is_model(answer):
    return "keras" in sys.modules and isinstance(answer, sys.modules["keras"].Model)
