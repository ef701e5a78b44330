"""The latent-space explorer: drag a point over the map of codes and see its decoded digit.

The decoder's weights go to the browser once, as float16, and the browser decodes by itself (explorer.js): a
round trip through the kernel takes longer than a frame of the screen. Python decodes with the same rounded
weights, so that ``explorer.image`` is the picture that the student sees.
"""

import pathlib
from collections.abc import Sequence

import anywidget
import numpy as np
import traitlets
from scipy.spatial import cKDTree
from scipy.special import erf, expit

from ._validation import check_array, check_count

__all__ = ["LatentExplorer"]

_HERE = pathlib.Path(__file__).parent
_MODULES = ("explorer_decoder.js", "explorer_map.js", "explorer.js")  # anywidget takes one module

# explorer_decoder.js holds the same seven; tests/test_explorer.py compares both with Keras
_ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "elu": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
    "tanh": np.tanh,
    "sigmoid": expit,
    "gelu": lambda x: 0.5 * x * (1 + erf(x / np.sqrt(2))),  # Keras's default: exact, not the tanh formula
    "silu": lambda x: x * expit(x),
}


def _decode(layers, codes):
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


def _layers_of_keras(decoder):
    """Read a chain of Dense and Activation layers as a list of (weights, bias, activation)."""
    layers = []
    for layer in _flat(decoder):
        kind, where = type(layer).__name__, f"decoder layer {layer.name!r}"
        if kind == "Dense":
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


def _check_same_output(decoder, layers, probe):
    """Hold that the chain computes what the model does: it may branch, or name its own function 'relu'."""
    expected = np.asarray(decoder(probe.astype(np.float32), training=False))
    got = _decode(layers, probe)
    difference = np.abs(expected - got).max() if expected.shape == got.shape else np.inf
    if not difference <= 1e-3 * max(1.0, np.abs(expected).max()):
        raise ValueError(
            "decoder: expected a plain chain of Dense layers with Keras's own activations; its output "
            f"differs by {difference:.3g}. Does it branch, or use an activation of its own?"
        )


def _layers_of_list(decoder):
    """Read a list of (weights, bias, activation); a bias of None is zero, an activation of None is linear."""
    layers = []
    for i, layer in enumerate(decoder):
        where = f"decoder layer {i}"
        if not isinstance(layer, Sequence) or len(layer) != 3:
            got = f"{len(layer)} items" if isinstance(layer, Sequence) else type(layer).__name__
            raise ValueError(f"{where}: expected (weights, bias, activation), got {got}.")
        weights, bias, activation = layer
        weights = check_array(f"{where} weights", np.asarray(weights))
        bias = np.zeros(weights.shape[1]) if bias is None else np.asarray(bias)
        layers.append((weights, bias, _activation_name(where, activation)))
    return layers


def _check_layers(layers, n_pixels, image_shape):
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


class _Code(traitlets.TraitType):
    """A pair of finite floats; arrays serve too, so that ``explorer.code = codes[3]`` works."""

    def validate(self, obj, value):
        code = check_array("code", value, ndim=1, n_features=2, hint="It is a pair (x, y).")
        return tuple(code.tolist())


class LatentExplorer(anywidget.AnyWidget):
    """Explore a decoder's two-dimensional latent space by dragging a point.

    It works by mouse, touch and keyboard, in Jupyter and in exported HTML without a kernel. It holds codes
    and labels, and no image of the data set.

    Parameters
    ----------
    decoder : Keras model, or list of (weights, bias, activation)
        A chain of dense layers that takes 2 numbers to ``height * width`` pixels. In a list, weights are of
        shape (n_in, n_out), biases of shape (n_out,) or None; NumPy arrays and ``tf.Variable`` both serve.
        Activations: linear (or None), relu, elu, tanh, sigmoid, gelu (exact), silu.
    codes : array of shape (n, 2), n >= 2
        The codes of the data, drawn as the map behind the point.
    labels : array of n integers
        The class of each code.
    image_shape : tuple of 2 ints
        Height and width of a decoded image.

    Attributes
    ----------
    code : tuple of 2 floats
        Where the point is. Set it and the point moves; drag the point and it changes; ``observe`` and
        ``traitlets.link`` work with it. At first it is the code nearest to the codes' median.
    image : ndarray of float32, shape ``image_shape``
        The decoded ``code``, from the same float16 weights that the browser uses.

    Raises
    ------
    ValueError or TypeError
        For a layer or an activation it does not know, shapes that do not fit, NaN; the message says which.
    """

    _esm = "\n".join((_HERE / name).read_text(encoding="utf-8") for name in _MODULES)
    _css = (_HERE / "explorer.css").read_text(encoding="utf-8")

    code = _Code((0.0, 0.0)).tag(sync=True)
    _weights = traitlets.Bytes().tag(sync=True)  # float16: each layer's weights by rows, then its bias
    _layers = traitlets.List().tag(sync=True)  # [n_in, n_out, activation] of each layer
    _image_shape = traitlets.List().tag(sync=True)
    _codes = traitlets.Bytes().tag(sync=True)  # float32, x0 y0 x1 y1 ...
    _labels = traitlets.Bytes().tag(sync=True)  # int32
    _distances = traitlets.List().tag(sync=True)  # [typical, far] between a code and its nearest neighbour

    def __init__(self, decoder, codes, labels, image_shape: tuple[int, int], **kwargs):
        """Check every argument, round the weights to float16 and hand all to the browser."""
        if not isinstance(image_shape, Sequence) or len(image_shape) != 2:
            raise ValueError(f"image_shape: expected (height, width), got {image_shape!r}.")
        image_shape = tuple(check_count("image_shape", side, 1) for side in image_shape)
        codes = check_array("codes", codes, n_features=2).astype("<f4")
        if len(codes) < 2:
            raise ValueError(f"codes: expected at least 2 rows, got {len(codes)}.")
        labels = self._check_labels(labels, len(codes))
        is_keras = hasattr(decoder, "layers")
        if not is_keras and not isinstance(decoder, Sequence):
            raise TypeError(
                "decoder: expected a Keras model or a list of (weights, bias, activation), "
                f"got {type(decoder).__name__}."
            )
        layers = _layers_of_keras(decoder) if is_keras else _layers_of_list(decoder)
        rounded = _check_layers(layers, image_shape[0] * image_shape[1], image_shape)
        if is_keras:
            _check_same_output(decoder, layers, codes[:5])
        self._rounded = [(w.astype(np.float32), b.astype(np.float32), name) for w, b, name in rounded]
        nearest = cKDTree(codes).query(codes, k=2)[0][:, 1]
        super().__init__(
            code=codes[np.abs(codes - np.median(codes, axis=0)).sum(axis=1).argmin()].tolist(),
            _weights=b"".join(part.tobytes() for w, b, _ in rounded for part in (w, b)),
            _layers=[[*w.shape, name] for w, _, name in rounded],
            _image_shape=list(image_shape),
            _codes=codes.tobytes(),
            _labels=labels.tobytes(),
            _distances=[float(np.median(nearest)), float(np.quantile(nearest, 0.99))],
            **kwargs,
        )

    @staticmethod
    def _check_labels(labels, n_codes):
        labels = np.asarray(labels)
        if labels.dtype.kind not in "iu" or labels.shape != (n_codes,):
            raise ValueError(
                f"labels: expected {n_codes} integers, one for each code; "
                f"got dtype {labels.dtype}, shape {labels.shape}."
            )
        return labels.astype("<i4")

    @property
    def image(self) -> np.ndarray:
        """The decoded ``code``: float32, shape ``image_shape``."""
        decoded = _decode(self._rounded, np.asarray([self.code], dtype=np.float32))
        return decoded.astype(np.float32).reshape(self._image_shape)
