"""The explorer's encoder and decoder: dense layers out of a Keras model or a list, checked, rounded, computed."""

import warnings
from collections.abc import Sequence

import numpy as np
from scipy.special import erf, expit

from course_utils._validation import check_array, message

# layers.js holds the same seven; tests/widgets/test_explorer.py compares both with Keras
_ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "elu": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
    "tanh": np.tanh,
    "sigmoid": expit,
    "gelu": lambda x: 0.5 * x * (1 + erf(x / np.sqrt(2))),  # Keras's default: exact, not the tanh formula
    "silu": lambda x: x * expit(x),
}


def apply(layers, x):
    """Apply ``layers``, a list of (weights, bias, activation), to ``x`` (n, n_in): (n, n_out)."""
    for weights, bias, activation in layers:
        x = _ACTIVATIONS[activation](x @ weights + bias)
    return x


def _activation_name(where, activation):
    name = "linear" if activation is None else getattr(activation, "__name__", activation)
    if not isinstance(name, str) or name not in _ACTIVATIONS:
        known = ", ".join(_ACTIVATIONS)
        raise ValueError(f"{where}: expected an activation among {known}; got {name!r}.")
    return name


def _flat(model):
    """Yield the layers of a Keras model in order, those of nested models too."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from _flat(layer)
        else:
            yield layer


def read_layers(name, net, n_in):
    """Read encoder or decoder, ``name`` says which, as a list of (weights, bias, activation) that fit each other."""
    if is_keras(net):
        layers = _read_keras(name, net, n_in)
    elif isinstance(net, Sequence):
        layers = _read_list(name, net)
    else:
        expected = "a Keras model or a list of (weights, bias, activation)"
        raise TypeError(message(name, expected, type(net).__name__))
    return _check_layers(name, layers, n_in)


def is_keras(net):
    """Tell a Keras model from a list, also before Keras is imported."""
    return isinstance(getattr(net, "layers", None), list)


def _read_keras(name, net, n_in):
    """Read a chain of Dense and Activation layers as a list of (weights, bias, activation)."""
    layers = []
    for layer in _flat(net):
        kind, where = type(layer).__name__, f"{name} layer {layer.name!r}"
        if kind == "Dense":
            if not layer.built:
                raise ValueError(
                    f"{where}: expected a layer with weights, got one whose number of inputs nobody has said. "
                    f"Let the model begin with keras.Input(({n_in},))."
                )
            weights, *bias = layer.get_weights()
            bias = bias[0] if bias else np.zeros(weights.shape[-1])
            layers.append((weights, bias, _activation_name(where, layer.activation)))
        elif kind == "Activation" and layers:
            activation, before = _activation_name(where, layer.activation), layers[-1][2]
            if before != "linear":
                raise ValueError(f"{where}: expected one activation per Dense layer, got {before!r}, {activation!r}.")
            layers[-1] = (*layers[-1][:2], activation)
        elif kind != "InputLayer":
            raise ValueError(f"{where}: expected Dense, Activation after a Dense, or InputLayer; got {kind}.")
    return layers


def check_same_output(name, model, layers, probe):
    """Hold that the chain computes what the model does: it may branch, or name its own function 'relu'."""
    try:
        with warnings.catch_warnings():  # Keras warns where a model was given [input] and is called with an array
            warnings.simplefilter("ignore", UserWarning)
            expected = np.asarray(model(probe.astype(np.float32), training=False))
    except Exception as error:  # whatever Keras or NumPy say about several inputs or outputs
        raise ValueError(
            f"{name}: expected a model that takes an array of shape (n, {probe.shape[1]}) to one output, got one of "
            f"{len(model.inputs)} input(s) and {len(model.outputs)} output(s) that does not. "
            "Join its layers in one keras.Sequential."
        ) from error
    got = apply(layers, probe)
    difference = np.abs(expected - got).max() if expected.shape == got.shape else np.inf
    if not difference <= 1e-3 * max(1.0, np.abs(expected).max()):
        raise ValueError(
            f"{name}: expected a plain chain of Dense layers with Keras's own activations; its output "
            f"differs by {difference:.3g}. Does it branch, or use an activation of its own?"
        )


def _read_list(name, net):
    """Read a list of (weights, bias, activation); a bias of None is zero, an activation of None is linear."""
    layers = []
    for i, layer in enumerate(net):
        where = f"{name} layer {i}"
        if not isinstance(layer, Sequence) or len(layer) != 3:
            got = f"{len(layer)} items" if isinstance(layer, Sequence) else type(layer).__name__
            raise ValueError(f"{where}: expected (weights, bias, activation), got {got}.")
        weights, bias, activation = layer
        weights = check_array(f"{where} weights", weights)
        bias = np.zeros(weights.shape[1]) if bias is None else check_array(f"{where} bias", bias, ndim=1)
        layers.append((weights, bias, _activation_name(where, activation)))
    return layers


def _check_layers(name, layers, n_in):
    if not layers:
        raise ValueError(f"{name}: expected at least one Dense layer, got none.")
    checked, width = [], n_in
    for i, (weights, bias, activation) in enumerate(layers):
        where = f"{name} layer {i}"
        weights = check_array(f"{where} weights", weights)
        bias = check_array(f"{where} bias", bias, ndim=1)
        if weights.shape[0] != width:
            raise ValueError(f"{where} weights: expected {width} rows, got shape {weights.shape}.")
        if bias.shape != weights.shape[1:]:
            raise ValueError(f"{where} bias: expected {weights.shape[1]} values, got shape {bias.shape}.")
        largest = max(np.abs(weights).max(), np.abs(bias).max())
        if largest > np.finfo(np.float32).max:
            raise ValueError(f"{where}: expected weights up to 3.4e+38, float32's largest; got {largest:.6g}.")
        checked.append((weights, bias, activation))
        width = weights.shape[1]
    return checked


def pack(layers):
    """Round weights to 255 steps in each column; return what the browser is given, and the rounded layers.

    A page may grow by 2 MB, and lesson 5's encoder and decoder take 2.9 MB as float16. As int8 they take 1.5 MB; over
    its 2,985 test images, with the weights that ship, this moves a code by 0.14 of the typical distance to its
    neighbour (median) and a decoded pixel by 0.014 (root mean square); the error goes from 0.0281 to 0.0283.

    Returns bytes (of each layer its weights by rows as int8, the float32 step of each column, the float32 bias), the
    list of [n_in, n_out, activation], and the layers in float32.
    """
    packed, shapes, rounded = [], [], []
    for weights, bias, activation in layers:
        step = (np.abs(weights).max(axis=0) / 127).astype("<f4")
        step[step == 0] = 1  # a column of zeros, or too small for float32
        steps = np.clip(np.rint(weights / step), -127, 127).astype(np.int8)
        bias = bias.astype("<f4")
        packed += [part.tobytes() for part in (steps, step, bias)]
        shapes.append([*weights.shape, activation])
        rounded.append((steps * step, bias, activation))
    return b"".join(packed), shapes, rounded
