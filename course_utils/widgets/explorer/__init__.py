"""The latent-space explorer: drag a point over the map of codes and see its decoded digit; draw one and see its code.

The weights go to the browser once, as int8, and the browser decodes and encodes by itself (explorer.js, own.js): a
round trip through the kernel takes longer than a frame of the screen. Python decodes with the same rounded
weights, so that ``explorer.image`` is the picture that the student sees.
"""

import pathlib

import anywidget
import ipywidgets
import numpy as np
import traitlets
from scipy.spatial import cKDTree

from course_utils._validation import check_array, check_image_shape, check_labels, check_squares, message
from course_utils.widgets import read_style
from course_utils.widgets.explorer.layers import apply, check_same_output, is_keras, pack, read_layers
from course_utils.widgets.received import Received

__all__ = ["LatentExplorer"]

_HERE = pathlib.Path(__file__).parent
# anywidget takes one module
_MODULES = (
    *("../view.js", "../plot.js", "../prepare.js", "../pad.js"),
    *("layers.js", "map.js", "own.js", "draws.js", "explorer.js"),
)


_PRIORS = {"standard": "N(0, I)", "fitted": "the fitted normal"}


class _Code(traitlets.TraitType):
    """A pair of finite floats; arrays serve too, so that ``explorer.code = codes[3]`` works."""

    def validate(self, obj, value):
        code = check_array("code", value, ndim=1, n_features=2, hint="It is a pair (x, y).")
        return tuple(code.tolist())


class LatentExplorer(anywidget.AnyWidget):
    """Explore a decoder's two-dimensional latent space by dragging a point.

    It works by mouse, touch, pen and keyboard, in Jupyter and in exported HTML without a kernel. It holds codes
    and labels, and no image of the data set.

    With an encoder it has a pad: what is drawn there is prepared as the images of MNIST were (LeCun et al. 1998),
    encoded and shown on the map, with the nearest code, the decoded image and its mean squared error per pixel.
    Prepared means: scaled to fit into 20 of the 28 pixels (of other images: 5/7 of each side), the aspect ratio kept,
    each pixel the mean of what it covers, and moved until the centre of mass is in the middle,
    or rather, as with MNIST's images on average, half a pixel to the right of it and below.

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
    encoder : Keras model, list of (weights, bias, activation), or None
        As the decoder, from the ``height * width`` pixels of an image, by rows and each from 0 (paper) to 1 (ink), to a
        code of 2 numbers. With None there is no pad.
    prior : "standard", "fitted" or None
        Gives a button that draws twelve codes and decodes them: from N(0, I), or from the normal distribution with the
        mean and the covariance of ``codes``. With None there is no button.

    Attributes
    ----------
    code : tuple of 2 floats
        Where the point is. Set it and the point moves; drag the point and it changes; ``observe`` and
        ``traitlets.link`` work with it. At first it is the code nearest to the codes' median.
    image : ndarray of float32, shape ``image_shape``
        The decoded ``code``, from the same weights that the browser uses: 255 steps in each column.
    drawing : ndarray of float32, shape ``image_shape``, or None
        What was drawn on the pad, prepared as the encoder gets it; None while the pad is empty. It is read, not set;
        ``observe`` works with it.
    draws : ndarray of float32, shape (12, 2), or None
        The codes that the button has drawn last; None before. It is read, not set; ``observe`` works with it.

    Raises
    ------
    ValueError or TypeError
        For a layer or an activation it does not know, shapes that do not fit, NaN; the message says which.
    """

    _esm = "\n".join((_HERE / name).read_text(encoding="utf-8") for name in _MODULES)
    _css = read_style(_HERE / "explorer.css")

    code = _Code((0.0, 0.0)).tag(sync=True)
    drawing = Received(lambda image, widget: image.reshape(widget._image_shape))
    draws = Received(lambda codes, _: codes.reshape(-1, 2))
    _strokes = traitlets.List().tag(sync=True)  # each [x0, y0, x1, y1, ...], in pixels of the image
    _weights = traitlets.Bytes().tag(sync=True)  # of the decoder, see layers.pack
    _layers = traitlets.List().tag(sync=True)  # [n_in, n_out, activation] of each layer
    _encoder_weights = traitlets.Bytes().tag(sync=True)
    _encoder_layers = traitlets.List().tag(sync=True)  # none: no pad
    _image_shape = traitlets.List().tag(sync=True)
    _codes = traitlets.Bytes().tag(sync=True)  # float32, x0 y0 x1 y1 ...
    _labels = traitlets.Bytes().tag(sync=True)  # int32
    _distances = traitlets.List().tag(sync=True)  # [typical, far] between a code and its nearest neighbour

    _prior = traitlets.List().tag(sync=True)  # [name, mean, square root of the covariance by rows], or none: no button

    def __init__(
        self, decoder, codes, labels, image_shape: tuple[int, int], encoder=None, prior: str | None = None, **kwargs
    ):
        """Check every argument, round the weights and hand all to the browser."""
        image_shape = check_image_shape(image_shape)
        codes = check_array("codes", codes, n_features=2, hint="give one row (x, y) for each image")
        check_squares("codes", codes, np.float32)
        codes = codes.astype("<f4")
        if len(codes) < 2:
            raise ValueError(f"codes: expected at least 2 rows, got {len(codes)}. Their distances are measured.")
        labels = check_labels(labels, len(codes), -(2**31), 2**31 - 1).astype("<i4")
        layers = _read_decoder(decoder, image_shape, codes[:5])
        encoder_layers = _read_encoder(encoder, image_shape, apply(layers, codes[:5]))
        weights, shapes, self._rounded = pack(layers)
        encoder_weights, encoder_shapes, _ = pack(encoder_layers)
        nearest = cKDTree(codes).query(codes, k=2)[0][:, 1]
        super().__init__(
            code=codes[np.abs(codes - np.median(codes, axis=0)).sum(axis=1).argmin()].tolist(),
            _weights=weights,
            _layers=shapes,
            _encoder_weights=encoder_weights,
            _encoder_layers=encoder_shapes,
            _image_shape=list(image_shape),
            _codes=codes.tobytes(),
            _labels=labels.tobytes(),
            _prior=_read_prior(prior, codes),
            _distances=[float(np.median(nearest)), float(np.quantile(nearest, 0.99))],
            **kwargs,
        )

    def beside(self, other: "LatentExplorer") -> ipywidgets.GridBox:
        """Return both explorers, this one on the left; where the page is narrow, ``other`` comes below."""
        columns = ipywidgets.Layout(grid_template_columns="repeat(auto-fit, minmax(min(100%, 320px), 1fr))")
        return ipywidgets.GridBox([self, other], layout=columns)

    @property
    def image(self) -> np.ndarray:
        """The decoded ``code``: float32, shape ``image_shape``."""
        decoded = apply(self._rounded, np.asarray([self.code], dtype=np.float32))
        return decoded.astype(np.float32).reshape(self._image_shape)


def _read_decoder(decoder, image_shape, probe):
    layers = read_layers("decoder", decoder, 2)
    width, n_pixels = layers[-1][0].shape[1], image_shape[0] * image_shape[1]
    if width != n_pixels:
        expected = f"as many pixels as the decoder has outputs, {width};"
        raise ValueError(f"image_shape: expected {expected} got {image_shape}, which has {n_pixels}.")
    if is_keras(decoder):
        check_same_output("decoder", decoder, layers, probe)
    return layers


def _read_encoder(encoder, image_shape, probe):
    if encoder is None:
        return []
    layers = read_layers("encoder", encoder, image_shape[0] * image_shape[1])
    width = layers[-1][0].shape[1]
    if width != 2:
        raise ValueError(message("encoder", "2 outputs, a code", str(width), "Give the encoder that made the codes."))
    if is_keras(encoder):
        check_same_output("encoder", encoder, layers, probe)
    return layers


def _read_prior(prior, codes):
    if prior is None:
        return []
    if prior not in _PRIORS:
        raise ValueError(message("prior", "'standard', 'fitted' or None", repr(prior)))
    mean, factor = np.zeros(2), np.eye(2)
    if prior == "fitted":
        mean = codes.mean(axis=0, dtype=float)
        axes, variances, _ = np.linalg.svd(np.cov(codes.T, dtype=float))
        factor = axes * np.sqrt(variances)
    return [_PRIORS[prior], mean.tolist(), factor.ravel().tolist()]
