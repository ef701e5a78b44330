"""01.6: one number for the arm of a spiral."""

import numpy as np

from course_utils.questions.authoring import Check, Mistake, Remark, chain_of, model, numbers_that_pass, once
from course_utils.questions.lesson_01 import nets

RELU = ("relu", "relu")
NOISE = 0.1**2 / 2  # what points lose when each is moved onto the arm: of two coordinates, the noise across it


def trained(epochs=150, activations=RELU, **how):
    """Return a function that trains such a net on the arm, once."""
    how = {"units": (64, 64, 1)} | how
    return once(lambda: nets.trained(nets.net(activations, activations, **how), nets.arm, epochs))


def unrolled():
    """Return a net that computes how far along the arm a point lies, and draws that place: no training at all."""
    import keras
    from keras import ops

    point = keras.Input((2,))
    turn = ops.arctan2(point[:, 1:], point[:, :1]) / np.pi  # half turns, up to a multiple of two
    radius = ops.sqrt(ops.sum(point**2, axis=1, keepdims=True))
    turn = turn + 2 * ops.round((radius - turn) / 2)  # that turn of the arm on which the radius fits
    return keras.Model(point, ops.concatenate([turn * ops.cos(np.pi * turn), turn * ops.sin(np.pi * turn)], axis=1))


def packed():
    """Return a net whose one number holds two: the first coordinate in its whole part, the second behind the point."""
    import keras
    from keras import ops

    point = keras.Input((2,))
    code = ops.round((point[:, :1] + 5) * 50) + (point[:, 1:] + 5) / 10
    whole = ops.floor(code)
    return keras.Model(point, ops.concatenate([whole / 50 - 5, (code - whole) * 10 - 5], axis=1))


def dead():
    """Return a net whose relu code is 0 for every point."""
    net = nets.net(RELU, RELU, latent="relu", units=(64, 64, 1))
    kernel, bias = net.layers[2].get_weights()
    net.layers[2].set_weights([0 * kernel, bias - 1])
    return net


def _error(facts):
    return facts["mse"] / nets.pca_error(nets.arm)


QUESTION = model(
    "01.6",
    "the arm of a spiral",
    images=lambda: nets.fresh(nets.arm),
    output_dim=2,
    more_facts={"n_numbers": numbers_that_pass, "chain": chain_of},
    right=trained(),
    also_right=(once(unrolled), trained(activations=("tanh", "tanh"))),
    checks=(
        Check(
            "code of two",
            "Two numbers pass through it: for points with two coordinates that reduces nothing.",
            lambda facts: facts["n_numbers"] in (None, 0, 1),
            trained(units=(64, 64, 2)),
        ),
        Check(
            "not tenfold",
            "It beats PCA on fresh points, but not tenfold yet: draw its reconstructions over the points. Where does "
            "the curve leave the arm, and what would let it bend more, or learn for longer?",
            lambda facts: _error(facts) <= 1 / 10,
            trained(epochs=20),
        ),
    ),
    hints=(
        "Begin with the lesson's net and draw its reconstructions: it cuts corners. More units give more bends; and a "
        "net that is still getting better has not been trained for long enough.",
        "Smaller batches and a larger rate get further in the same time: `keras.optimizers.Adam(0.003)`, "
        "`batch_size=64`. If one start cuts a corner, another may not.",
        'Try `build_autoencoder(2, [64, 64], 1, activation="relu", output_activation="linear").model`, trained in that '
        "way for 150 epochs.",
    ),
    mistakes=(
        Mistake(
            "collapsed code",
            "It gives all points the same answer: its code is dead. Which activation has the bottleneck?",
            dead,
            recognise=lambda facts: facts["n_numbers"] == 0,
        ),
        Mistake(
            "no bends",
            "Nothing in it bends, so it cannot be better than PCA.",
            trained(epochs=20, activations=("linear", "linear")),
            recognise=lambda facts: set(facts["chain"]["activations"]) == {"linear"},
        ),
        Mistake(
            "output cut off",
            "It never returns a number below 0, and the arm has such points: which activation has the last layer? "
            "`build_autoencoder` puts a sigmoid there unless told otherwise.",
            trained(epochs=20, output="sigmoid"),
            recognise=lambda facts: facts["output_range"][0] >= 0,
        ),
        Mistake(
            "no better than PCA",
            "On fresh points it is no better than PCA: has it been trained, and with the points as target? If you "
            "scaled them for the training, the model still has to take and return points in their own units.",
            lambda: nets.net(RELU, RELU, units=(64, 64, 1)),
            recognise=lambda facts: facts["n_numbers"] in (None, 1) and _error(facts) >= 0.95,
        ),
    ),
    praise="One number, and at most a tenth of PCA's error: the arm is a bent line, and the code counts along it.",
    remarks=(
        Remark(
            "packed",
            "It even reconstructs the noise across the arm, so its code tells two coordinates apart. If that code is "
            "one number, this is not an error: one real number can hold two, one in its leading digits and one behind "
            "them. How smooth encoder and decoder are limits what a code can hold, not how many numbers it has. "
            "(`check` cannot count the numbers that pass through a jump.)",
            packed,
            recognise=lambda facts: facts["mse"] < NOISE / 4,
        ),
    ),
    slow=True,
)
