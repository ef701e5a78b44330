"""03.2: a net built to a plan, and trained."""

from course_utils.questions.authoring import Check, Mistake, chain_of, model, once
from course_utils.questions.lesson_03 import nets

UNITS = [784, 128, 32, 2, 32, 128, 784]
INSIDE = ["elu"] * 4


@once
def right():
    """Return a net built to the plan, trained."""
    return nets.trained(nets.net(), epochs=10)


def trained(epochs=2, **how):
    """Return a function that trains another net, once; two epochs show a fault that does not depend on the error."""
    return once(lambda: nets.trained(nets.net(**how), epochs=epochs))


def with_idle_units(**how):
    """Return a function that makes a larger net of which only the right one is used, once."""
    return once(lambda: nets.with_weights_of(right(), nets.net(**how)))


def by_layers():
    """Return the right net with its activations as layers."""
    import keras
    from keras import layers

    bent = [layer for n in (128, 32) for layer in (layers.Dense(n), layers.ELU())]
    back = [layer for n in (32, 128) for layer in (layers.Dense(n), layers.Activation("elu"))]
    code, last = layers.Dense(2, name="bottleneck"), [layers.Dense(784), layers.Activation("sigmoid")]
    return nets.with_weights_of(right(), keras.Sequential([keras.Input((784,)), *bent, code, *back, *last]))


def by_functions():
    """Return the right net with functions of keras.ops, an encoder and a decoder in one model."""
    import keras
    from keras import layers, ops

    image, code = keras.Input((784,)), keras.Input((2,))
    h = ops.elu(layers.Dense(32)(ops.elu(layers.Dense(128)(image))))
    encoder = keras.Model(image, layers.Dense(2)(h))
    h = ops.elu(layers.Dense(128)(ops.elu(layers.Dense(32)(code))))
    decoder = keras.Model(code, ops.sigmoid(layers.Dense(784)(h)))
    return nets.with_weights_of(right(), keras.Model(image, decoder(encoder(image))))


def half_trained():
    """Return the right net with an error between PCA's and nine tenths of the mean image's."""
    mean_image, pca = nets.yardsticks()
    return nets.half_trained(right(), (pca + 0.9 * mean_image) / 2)


def encoder_alone():
    """Return a net that ends at the code."""
    import keras

    whole = nets.net()
    return keras.Model(whole.inputs[0], whole.get_layer("bottleneck").output)


def three_models():
    """Return what `build_autoencoder` returns."""
    from course_utils.autoencoder import build_autoencoder

    return build_autoencoder(784, [128, 32], 2)


def _units(facts):
    return facts["chain"]["units"]


def _activations(facts, *places):
    # those of the layers at these places; None where no activations of six layers explain the outputs
    found = facts["chain"]["activations"] or []
    return [found[place] for place in places] if len(found) == 6 else None


def _inside(facts):
    return _activations(facts, 0, 1, 3, 4)


QUESTION = model(
    "03.2",
    "a net built to a plan",
    images=nets.unseen,
    more_facts={"chain": chain_of},
    right=right,
    also_right=(once(by_layers), once(by_functions)),
    checks=(
        Check(
            "other units",
            "Its dense layers do not have the plan's sizes: see `model.summary(expand_nested=True)`.",
            lambda facts: _units(facts) == UNITS,
            with_idle_units(units=(160, 32)),
        ),
        Check(
            "more than the plan",
            "There is more in it than the plan's six dense layers with their activations. Is there a way around "
            "the code, or an extra layer?",
            lambda facts: facts["chain"]["activations"] is not None,
            once(lambda: nets.with_a_way_around(right())),
        ),
        Check(
            "not elu throughout",
            "Not every layer inside is `elu`.",
            lambda facts: _inside(facts) in (None, INSIDE),
            trained(inside=("elu", "relu", "elu", "elu"), epochs=10),
        ),
        Check(
            "bent code",
            "The code has an activation; with elu, no number could fall below -1. What does the lesson's "
            "bottleneck have?",
            lambda facts: _activations(facts, 2) in (None, ["linear"]),
            trained(at_code="elu", epochs=10),
        ),
        Check(
            "no sigmoid",
            "The last layer is not a sigmoid. In which range do pixels lie, and which activation stays in it?",
            lambda facts: _activations(facts, 5) in (None, ["sigmoid"]),
            once(lambda: nets.with_linear_output(right())),
        ),
        Check(
            "behind PCA",
            "It follows the plan and has learnt something, but on unseen images PCA's two components still leave a "
            "smaller error. For how many steps did you train it?",
            lambda facts: facts["mse"] < nets.yardsticks()[1],
            once(half_trained),
        ),
    ),
    hints=(
        "Write down the sizes of all dense layers, from the first to the last. There are six, and the code is in "
        "the middle.",
        '`keras.Sequential([keras.Input((784,)), layers.Dense(128, activation="elu"), ...])`. Which two layers are not '
        "`elu`?",
        'The code is `layers.Dense(2, name="bottleneck")`, the output `layers.Dense(784, activation="sigmoid")`. Then '
        '`compile(optimizer="adam", loss="mean_squared_error")` and `fit(X_part, X_part, batch_size=128, epochs=10)`.',
    ),
    mistakes=(
        Mistake(
            "the encoder alone",
            "This model ends at the code. What leads from there back to an image?",
            encoder_alone,
        ),
        Mistake("three models", "These are three models in one object. Which of them is the whole?", three_models),
        Mistake(
            "wide code",
            "The layer in the middle does not have two units. Which layer is the code?",
            with_idle_units(code=3),
            recognise=lambda facts: 2 not in _units(facts),
        ),
        Mistake(
            "not mirrored",
            "The decoder has its layers in the encoder's order. It should mirror the encoder.",
            trained(decoder=(128, 32)),
            recognise=lambda facts: _units(facts) == [784, 128, 32, 2, 128, 32, 784],
        ),
        Mistake(
            "nothing bends",
            "Without activations inside, all layers before the output form one linear map.",
            trained(inside=None),
            recognise=lambda facts: _inside(facts) == ["linear"] * 4,
        ),
        Mistake(
            "another activation",
            "The inner layers have a different activation from the plan's.",
            trained(inside="relu"),
            recognise=lambda facts: len(set(_inside(facts))) == 1 and "elu" not in _inside(facts),
        ),
        Mistake(
            "hardly trained",
            "It follows the plan, but its errors are those of a net with random weights. Did you call `fit` on "
            "this very net, and does the optimiser make progress? Plain SGD at its default rate hardly does.",
            nets.net,
            recognise=lambda facts: _units(facts) == UNITS and facts["mse"] > 1.5 * nets.yardsticks()[0],
        ),
        Mistake(
            "the mean image",
            "It follows the plan, but whatever it is given, it draws little more than the mean image. Are the "
            "targets the images themselves, in the same order, and were there enough steps? Plain SGD at its default "
            "rate needs far more of them than Adam.",
            once(lambda: nets.trained(nets.net(), epochs=1, shuffled=True)),
            recognise=lambda facts: _units(facts) == UNITS and facts["mse"] > 0.9 * nets.yardsticks()[0],
        ),
    ),
    praise="The bottleneck decides how much gets through; the other layers decide what it says.",
    slow=True,
)
