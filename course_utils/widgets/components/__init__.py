"""A digit as a sum: the mean image and, for each component of PCA, its score times the component.

Components go to the browser once, a byte a pixel; it computes scores, sums and errors by itself (components.js).
"""

import pathlib

import anywidget
import numpy as np
import traitlets

from course_utils._validation import check_array, check_image_shape, check_labels, message
from course_utils.widgets import read_style
from course_utils.widgets.explorer.layers import check_same_output, is_keras, pack, read_layers
from course_utils.widgets.received import Received

__all__ = ["ComponentMixer"]

_HERE = pathlib.Path(__file__).parent
_SHARED = ("view.js", "plot.js", "controls.js", "images.js", "prepare.js", "pad.js", "explorer/layers.js")
_MODULES = (*(f"../{name}" for name in _SHARED), "components.js")  # anywidget takes one module
_MOST = 64  # components: 0.07 MB in a page


class ComponentMixer(anywidget.AnyWidget):
    """Rebuild a digit from PCA's components, one after another, and mix one from scores of your own.

    It works by mouse, touch, pen and keyboard, in Jupyter and in exported HTML without a kernel. A reader chooses one
    of the images, or draws a digit, which is prepared as the images of MNIST were. They see each term, score times
    component, their sum, and the sum's mean squared error per pixel, over the number of components.

    With an autoencoder of two numbers the same digit is shown as that rebuilds it, beside PCA's.

    Parameters
    ----------
    pca : PCA
        Fitted to images; its first 64 components are used. scikit-learn's serves, too.
    images : array of shape (n, n_pixels)
        Images to choose from, at most 20, from 0 (paper) to 1 (ink).
    labels : array of n whole numbers
        What they show.
    image_shape : tuple of 2 ints
        Height and width of an image.
    encoder, decoder : Keras models or lists of (weights, bias, activation), or None
        Both or neither; from pixels to 2 numbers and back, as `LatentExplorer` takes them.

    Attributes
    ----------
    k : int
        How many components are added, from 1 to all. Set it and the slider moves; ``observe`` and ``traitlets.link``
        work with it. At first 9, or all where there are fewer.
    drawing : ndarray of float32, shape ``image_shape``, or None
        What was drawn on the pad, prepared as the images are; it is read, not set.

    Raises
    ------
    TypeError, ValueError
        The parts do not fit each other; the message says which.
    """

    _esm = "\n".join((_HERE / name).read_text(encoding="utf-8") for name in _MODULES)
    _css = read_style(_HERE / "components.css")

    k = traitlets.Int(1).tag(sync=True)
    drawing = Received(lambda image, widget: image.reshape(widget._image_shape))
    _strokes = traitlets.List().tag(sync=True)  # each [x0, y0, x1, y1, ...], in pixels of the image
    _chosen = traitlets.Int(0).tag(sync=True)  # which image is rebuilt; -1: the drawing
    _own_scores = traitlets.List().tag(sync=True)  # the first scores, where the reader has changed them
    _image_shape = traitlets.List().tag(sync=True)
    _images = traitlets.Bytes().tag(sync=True)  # uint8, 255 is ink
    _labels = traitlets.List().tag(sync=True)
    _components = traitlets.Bytes().tag(sync=True)  # float32 mean; int8 components by rows; float32 step of each
    _spreads = traitlets.List().tag(sync=True)  # the standard deviation of each score
    _encoder_weights = traitlets.Bytes().tag(sync=True)
    _encoder_layers = traitlets.List().tag(sync=True)  # none: no autoencoder
    _weights = traitlets.Bytes().tag(sync=True)
    _layers = traitlets.List().tag(sync=True)

    def __init__(self, pca, images, labels, image_shape: tuple[int, int], encoder=None, decoder=None, **kwargs):
        """Check every argument, round components and images, and hand all to the browser."""
        height, width = check_image_shape(image_shape)
        images = check_array("images", images, n_features=height * width, hint="Give images as rows: X_test[:10].")
        if len(images) > 20:
            raise ValueError(message("images", "at most 20 to choose from", f"{len(images)}", "X_test[:10] are ten."))
        mean, components, variances = _read_pca(pca, height * width)
        if (encoder is None) != (decoder is None):
            raise ValueError(message("encoder and decoder", "both or neither", "one", "The digit goes through both."))
        encoder = [] if encoder is None else _read("encoder", encoder, images, 2)
        decoder = [] if decoder is None else _read("decoder", decoder, np.zeros((1, 2)), height * width)
        (encoder_weights, encoder_layers, _), (weights, layers, _) = pack(encoder), pack(decoder)
        super().__init__(
            k=min(9, len(components)),
            _image_shape=[height, width],
            _images=np.rint(255 * np.clip(images, 0, 1)).astype(np.uint8).tobytes(),
            _labels=check_labels(labels, len(images), -(2**31), 2**31 - 1).tolist(),
            _components=_round(mean, components),
            _spreads=np.sqrt(variances).astype(float).tolist(),
            _encoder_weights=encoder_weights,
            _encoder_layers=encoder_layers,
            _weights=weights,
            _layers=layers,
            **kwargs,
        )

    @traitlets.validate("k")
    def _check_k(self, proposal):
        most = len(self._spreads)
        if not 1 <= proposal.value <= most:
            raise traitlets.TraitError(message("k", f"a whole number from 1 to {most}", f"{proposal.value}"))
        return proposal.value


def _read_pca(pca, n_pixels):
    hint = "Give PCA(n_components=64).fit(X_train)."
    if not hasattr(pca, "components_"):
        raise TypeError(message("pca", "a fitted PCA", type(pca).__name__, hint))
    components = check_array("pca.components_", pca.components_, n_features=n_pixels, hint="Fit it to such images.")
    return pca.mean_, components[:_MOST], pca.explained_variance_[:_MOST]


def _read(name, net, probe, n_outputs):
    layers = read_layers(name, net, probe.shape[1])
    if layers[-1][0].shape[1] != n_outputs:
        raise ValueError(message(name, f"{n_outputs} outputs", f"{layers[-1][0].shape[1]}"))
    if is_keras(net):
        check_same_output(name, net, layers, probe[:5])
    return layers


def _round(mean, components):
    """Round each component to 255 steps of its largest weight."""
    step = (np.abs(components).max(axis=1) / 127).astype("<f4")
    steps = np.rint(components / step[:, None]).astype(np.int8)
    return mean.astype("<f4").tobytes() + steps.tobytes() + step.tobytes()
