"""The explorer's decoder in Python: dense layers taken out of a Keras model or a list, checked, rounded, computed."""

from collections.abc import Sequence

import numpy as np
from scipy.special import erf, expit

from course_utils._validation import check_array

# decoder.js holds the same seven; tests/widgets/test_explorer.py compares both with Keras
_ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "elu": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
    "tanh": np.tanh,
    "sigmoid": expit,
    "gelu": lambda x: 0.5 * x * (1 + erf(x / np.sqrt(2))),  # Keras's default: exact, not the tanh formula
    "silu": lambda x: x * expit(x),
}


def decode(layers, codes):
    """Decode ``codes`` (n, 2) with ``layers``, a list of (weights, bias, activation): (n, n_pixels)."""
    x = codes
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


def read_keras(decoder):
    """Read a chain of Dense and Activation layers as a list of (weights, bias, activation)."""
    layers = []
    for layer in _flat(decoder):
        kind, where = type(layer).__name__, f"decoder layer {layer.name!r}"
        if kind == "Dense":
            if not layer.built:
                raise ValueError(
                    f"{where}: expected a layer with weights, got one whose number of inputs nobody has said. "
                    "Let the model begin with keras.Input((2,))."
                )
            weights, *bias = layer.get_weights()
            bias = bias[0] if bias else np.zeros(weights.shape[-1])
            layers.append((weights, bias, _activation_name(where, layer.activation)))
        elif kind == "Activation" and layers:
            name, before = _activation_name(where, layer.activation), layers[-1][2]
            if before != "linear":
                raise ValueError(f"{where}: expected one activation per Dense layer, got {before!r}, {name!r}.")
            layers[-1] = (*layers[-1][:2], name)
        elif kind != "InputLayer":
            raise ValueError(f"{where}: expected Dense, Activation after a Dense, or InputLayer; got {kind}.")
    return layers


def check_same_output(decoder, layers, probe):
    """Hold that the chain computes what the model does: it may branch, or name its own function 'relu'."""
    try:
        expected = np.asarray(decoder(probe.astype(np.float32), training=False))
    except Exception as error:  # whatever Keras or NumPy say about several inputs or outputs
        raise ValueError(
            f"decoder: expected a model that takes codes of shape (n, 2) to one output, got one of "
            f"{len(decoder.inputs)} input(s) and {len(decoder.outputs)} output(s) that does not. "
            "Join its layers in one keras.Sequential."
        ) from error
    got = decode(layers, probe)
    difference = np.abs(expected - got).max() if expected.shape == got.shape else np.inf
    if not difference <= 1e-3 * max(1.0, np.abs(expected).max()):
        raise ValueError(
            "decoder: expected a plain chain of Dense layers with Keras's own activations; its output "
            f"differs by {difference:.3g}. Does it branch, or use an activation of its own?"
        )


def read_list(decoder):
    """Read a list of (weights, bias, activation); a bias of None is zero, an activation of None is linear."""
    layers = []
    for i, layer in enumerate(decoder):
        where = f"decoder layer {i}"
        if not isinstance(layer, Sequence) or len(layer) != 3:
            got = f"{len(layer)} items" if isinstance(layer, Sequence) else type(layer).__name__
            raise ValueError(f"{where}: expected (weights, bias, activation), got {got}.")
        weights, bias, activation = layer
        weights = check_array(f"{where} weights", weights)
        bias = np.zeros(weights.shape[1]) if bias is None else check_array(f"{where} bias", bias, ndim=1)
        layers.append((weights, bias, _activation_name(where, activation)))
    return layers


def check_layers(layers, n_pixels, image_shape):
    """Round to float16 and hold that 2 numbers go in, every layer fits the last, and an image comes out."""
    if not layers:
        raise ValueError("decoder: expected at least one Dense layer, got none.")
    rounded, width = [], 2
    for i, (weights, bias, activation) in enumerate(layers):
        where = f"decoder layer {i}"
        weights = check_array(f"{where} weights", weights)
        bias = check_array(f"{where} bias", bias, ndim=1)
        if weights.shape[0] != width:
            raise ValueError(f"{where} weights: expected {width} rows, got shape {weights.shape}.")
        if bias.shape != weights.shape[1:]:
            raise ValueError(f"{where} bias: expected {weights.shape[1]} values, got shape {bias.shape}.")
        largest = max(np.abs(weights).max(), np.abs(bias).max())
        if largest > np.finfo(np.float16).max:
            raise ValueError(f"{where}: expected weights up to 65504, float16's largest; got {largest:.6g}.")
        rounded.append((weights.astype("<f2"), bias.astype("<f2"), activation))
        width = weights.shape[1]
    if width != n_pixels:
        raise ValueError(
            f"image_shape: expected as many pixels as the decoder has outputs, {width}; "
            f"got {image_shape}, which has {n_pixels}."
        )
    return rounded
