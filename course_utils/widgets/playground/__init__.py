"""The playground: a student trains an autoencoder of points in the plane, in the browser, and sees it bend.

Points, net and training live in the browser (shapes.js, net.js); Python says what to begin with, and hears what came.
"""

import itertools
import pathlib
from numbers import Real

import anywidget
import numpy as np
import traitlets

from course_utils._validation import check_count, message
from course_utils.widgets import read_style
from course_utils.widgets.received import Received

__all__ = ["Playground"]

_HERE = pathlib.Path(__file__).parent
_SHARED = ("view.js", "plot.js", "cloud.js", "losses.js", "controls.js")
_MODULES = (*(f"../{name}" for name in _SHARED), "net.js", "shapes.js", "playground.js")  # anywidget takes one module
_UNITS = 20  # of each hidden layer, as in lesson 1
_CHOICES = {
    "data": ("gaussians", "bow", "spiral", "ring", "own"),
    "hidden_layers": (0, 1, 2),
    "activation": ("linear", "relu", "elu", "tanh"),
    "latent_activation": ("linear", "relu"),
}


def _read_weights(flat, _):
    # Kernel and bias of each layer. How many numbers came tells which net it is.
    for hidden in _CHOICES["hidden_layers"]:
        half = [_UNITS] * hidden
        sizes = [2, *half, 1, *half, 2]
        shapes = [shape for m, n in itertools.pairwise(sizes) for shape in ((m, n), (n,))]
        ends = np.cumsum([np.prod(shape) for shape in shapes])
        if ends[-1] == len(flat):
            parts = np.split(flat, ends[:-1])
            return [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]
    raise ValueError(message("weights", "those of a net of the playground", f"{len(flat)} numbers"))


class Playground(anywidget.AnyWidget):
    """Train an autoencoder with a code of one number on points in the plane, and see its curve beside PCA's line.

    It works by mouse, touch, pen and keyboard, in Jupyter and in exported HTML without a kernel. The net has up to two
    hidden layers of 20 units in each half and a linear output. It is trained by Adam, with batches of 128 and the mean
    squared error over all points and both coordinates.

    Everything that a reader can choose is an argument and a trait: set it, and the widget follows; ``observe`` and
    ``traitlets.link`` work with it.

    Parameters
    ----------
    data : {"gaussians", "bow", "spiral", "ring", "own"}
        The points to begin with: "gaussians" are two classes as `make_two_gaussians` draws them, "own" are none.
    hidden_layers : {2, 1, 0}
        In each half.
    activation : {"relu", "elu", "tanh", "linear"}
        Of the hidden layers.
    latent_activation : {"linear", "relu"}
        Of the code.
    learning_rate : float, above 0
    seed : int, at least 0
        Of the first weights and of the batches.

    Attributes
    ----------
    epoch : int
        How often the net has seen all points. This and what follows is read, not set.
    loss : float or None
        The mean squared error of all points with the present weights; None until the widget was shown.
    weights : list of float32 arrays or None
        Kernel and bias of each layer, as ``model.set_weights`` takes them where ``model`` is
        ``build_autoencoder(2, [20, 20], 1, activation="relu", output_activation="linear").model``.
    points : float32 array of shape (n, 2) or None
        The points as they are now, moved and drawn ones among them.

    Raises
    ------
    TypeError, ValueError
        An argument is none of these; the message says which.
    """

    _esm = "\n".join((_HERE / name).read_text(encoding="utf-8") for name in _MODULES)
    _css = read_style(_HERE / "playground.css")

    data = traitlets.TraitType("gaussians").tag(sync=True)
    hidden_layers = traitlets.TraitType(2).tag(sync=True)
    activation = traitlets.TraitType("relu").tag(sync=True)
    latent_activation = traitlets.TraitType("linear").tag(sync=True)
    learning_rate = traitlets.TraitType(0.001).tag(sync=True)
    seed = traitlets.TraitType(0).tag(sync=True)

    epoch = traitlets.Int(0, read_only=True).tag(sync=True, echo_update=False)
    loss = traitlets.Float(None, allow_none=True, read_only=True).tag(sync=True, echo_update=False)
    weights = Received(_read_weights)
    points = Received(lambda flat, _: flat.reshape(-1, 2))

    @traitlets.validate(*_CHOICES)
    def _check_choice(self, proposal):
        name, choices = proposal.trait.name, _CHOICES[proposal.trait.name]
        if proposal.value not in choices:
            raise ValueError(message(name, f"one of {', '.join(map(repr, choices))}", repr(proposal.value)))
        return choices[choices.index(proposal.value)]  # 2 where NumPy's 2 came

    @traitlets.validate("learning_rate")
    def _check_rate(self, proposal):
        rate, expected = proposal.value, "a number above 0"
        if isinstance(rate, bool) or not isinstance(rate, Real):
            raise TypeError(message("learning_rate", expected, f"{rate!r} of type {type(rate).__name__}"))
        if not 0 < rate < np.inf:
            raise ValueError(message("learning_rate", expected, repr(rate), "0.001 is Adam's usual one."))
        return float(rate)

    @traitlets.validate("seed")
    def _check_seed(self, proposal):
        return check_count("seed", proposal.value, 0, 2**32 - 1)
