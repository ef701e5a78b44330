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

from course_utils._validation import check_array, check_image_shape, check_labels, check_squares
from course_utils.widgets import read_style
from course_utils.widgets.explorer.decoder import check_layers, check_same_output, decode, read_keras, read_list

__all__ = ["LatentExplorer"]

_HERE = pathlib.Path(__file__).parent
_MODULES = ("../view.js", "../plot.js", "decoder.js", "map.js", "explorer.js")  # anywidget takes one module


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
    labels : array of n whole numbers
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
    _css = read_style(_HERE / "explorer.css")

    code = _Code((0.0, 0.0)).tag(sync=True)
    _weights = traitlets.Bytes().tag(sync=True)  # float16: each layer's weights by rows, then its bias
    _layers = traitlets.List().tag(sync=True)  # [n_in, n_out, activation] of each layer
    _image_shape = traitlets.List().tag(sync=True)
    _codes = traitlets.Bytes().tag(sync=True)  # float32, x0 y0 x1 y1 ...
    _labels = traitlets.Bytes().tag(sync=True)  # int32
    _distances = traitlets.List().tag(sync=True)  # [typical, far] between a code and its nearest neighbour

    def __init__(self, decoder, codes, labels, image_shape: tuple[int, int], **kwargs):
        """Check every argument, round the weights to float16 and hand all to the browser."""
        image_shape = check_image_shape(image_shape)
        codes = check_array("codes", codes, n_features=2, hint="give one row (x, y) for each image")
        check_squares("codes", codes, np.float32)
        codes = codes.astype("<f4")
        if len(codes) < 2:
            raise ValueError(f"codes: expected at least 2 rows, got {len(codes)}. Their distances are measured.")
        labels = check_labels(labels, len(codes), -(2**31), 2**31 - 1).astype("<i4")
        is_keras = isinstance(getattr(decoder, "layers", None), list)
        if not is_keras and not isinstance(decoder, Sequence):
            raise TypeError(
                "decoder: expected a Keras model or a list of (weights, bias, activation), "
                f"got {type(decoder).__name__}."
            )
        layers = read_keras(decoder) if is_keras else read_list(decoder)
        rounded = check_layers(layers, image_shape[0] * image_shape[1], image_shape)
        if is_keras:
            check_same_output(decoder, layers, codes[:5])
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

    @property
    def image(self) -> np.ndarray:
        """The decoded ``code``: float32, shape ``image_shape``."""
        decoded = decode(self._rounded, np.asarray([self.code], dtype=np.float32))
        return decoded.astype(np.float32).reshape(self._image_shape)
