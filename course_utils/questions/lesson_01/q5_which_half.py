"""01.5: an autoencoder of which one half bends."""

from course_utils.questions.authoring import Check, Mistake, chain_of, model, once
from course_utils.questions.lesson_01 import nets

UNITS = [2, 20, 20, 1, 20, 20, 2]
LINEAR, RELU = ["linear", "linear"], ["relu", "relu"]
PLAN = [*LINEAR, "linear", *RELU, "linear"]


def trained(*activations, epochs=40, **how):
    """Return a function that trains such a net on the bow, once."""
    return once(lambda: nets.trained(nets.net(*activations, **how), nets.bow, epochs))


def with_a_way_around():
    """Return the right net, and beside it a fixed share of the point that goes around the code."""
    import keras
    from keras import layers

    inner = nets.net()
    point = keras.Input((2,))
    around = layers.Rescaling(0.3)(point)
    return nets.trained(keras.Model(point, layers.Add()([inner(point), around])), nets.bow, 40)


def by_layers():
    """Return the right net with its activations as layers, in an encoder, a decoder and a model of both."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    point, code = keras.Input((2,)), keras.Input((1,))
    encoder = keras.Model(point, layers.Dense(1)(layers.Dense(20)(layers.Dense(20)(point))))
    h = layers.ReLU()(layers.Dense(20)(code))
    decoder = keras.Model(code, layers.Dense(2)(layers.Activation("relu")(layers.Dense(20)(h))))
    return nets.trained(keras.Model(point, decoder(encoder(point))), nets.bow, 40)


def by_subclass():
    """Return the right net as a model and two halves of classes of its own, its decoder made first."""
    import keras
    from keras import layers

    class Half(keras.Model):
        def __init__(self, n_out, bend):
            super().__init__()
            self.inner, self.last, self.bend = [layers.Dense(20), layers.Dense(20)], layers.Dense(n_out), bend

        def call(self, x):
            for layer in self.inner:
                x = self.bend(layer(x))
            return self.last(x)

    class Bow(keras.Model):
        def __init__(self):
            super().__init__()
            self.decoder, self.encoder = Half(2, keras.ops.relu), Half(1, lambda x: x)

        def call(self, x):
            return self.decoder(self.encoder(x))

    keras.utils.set_random_seed(0)
    return nets.trained(Bow(), nets.bow, 40)


def _activations(facts, *places):
    # those of the layers at these places; None where no activations of six layers explain the outputs
    found = facts["chain"]["activations"] or []
    return [found[place] for place in places] if len(found) == 6 else None


def _encoder(facts):
    return _activations(facts, 0, 1)


def _decoder(facts):
    return _activations(facts, 3, 4)


def _error(facts):
    return facts["mse"] / nets.pca_error(nets.bow)


QUESTION = model(
    "01.5",
    "which half has to bend",
    images=lambda: nets.fresh(nets.bow),
    output_dim=2,
    more_facts={"chain": chain_of},
    right=trained(),
    also_right=(once(by_layers), once(by_subclass)),
    checks=(
        Check(
            "other units",
            "Its dense layers should have 20, 20, 1 and 20, 20, 2 units: see `model.summary(expand_nested=True)`.",
            lambda facts: facts["chain"]["units"] == UNITS,
            trained(units=(24, 16, 1)),
        ),
        Check(
            "more than the plan",
            "There is more to it than six dense layers with relu or without an activation: does something lead around "
            "the code, or stand between the layers?",
            lambda facts: facts["chain"]["activations"] is not None,
            once(with_a_way_around),
        ),
        Check(
            "both halves",
            "Both halves bend, as in the lesson's net. Here only one half may.",
            lambda facts: _encoder(facts) in (None, LINEAR),
            trained(("relu", "relu")),
        ),
        Check(
            "bent code",
            "Your code has an activation of its own: it should be linear, as in the lesson.",
            lambda facts: _activations(facts, 2) in (None, ["linear"]),
            trained(latent="elu"),
        ),
        Check(
            "not relu throughout",
            "The half that bends should have relu in both of its layers of 20.",
            lambda facts: _decoder(facts) in (None, RELU),
            trained(LINEAR, ("tanh", "tanh")),
        ),
        Check(
            "bent output",
            "Your last layer has an activation, and should have none: points may have any coordinates.",
            lambda facts: _activations(facts, 5) in (None, ["linear"]),
            trained(output="leaky_relu"),
        ),
        Check(
            "not good enough",
            "The right half bends, but its error on fresh points is not yet below half of PCA's: has it been trained "
            "long enough?",
            lambda facts: _error(facts) <= 1 / 2,
            trained(epochs=1),
        ),
    ),
    hints=(
        "A half without `activation` is linear. Where must the bends be for the *reconstructions* to lie on a curve?",
        "Look at the bow: which of its coordinates alone tells you where along the bow a point lies? Then the encoder "
        "has little to do. What is left for the decoder?",
        "Encoder: two `layers.Dense(20)` and a `layers.Dense(1)`, all without activation. Decoder: two "
        '`layers.Dense(20, activation="relu")` and a `layers.Dense(2)`. Join them, `compile("adam", '
        '"mean_squared_error")`, `fit(bow, bow, ...)`.',
    ),
    mistakes=(
        Mistake(
            "code of two",
            "Two numbers pass through your bottleneck: how many units has the code?",
            trained(units=(20, 20, 2)),
            recognise=lambda facts: facts["chain"]["units"] == [2, 20, 20, 2, 20, 20, 2],
        ),
        Mistake(
            "no half",
            "Nothing in it bends: a linear map after a linear map is one linear map. What is the best it can do?",
            trained(LINEAR, LINEAR),
            recognise=lambda facts: set(facts["chain"]["activations"]) == {"linear"},
        ),
        Mistake(
            "the other half",
            "Your encoder bends, and your decoder is linear. On what do its reconstructions lie, whatever the code is?",
            trained(("relu", "relu"), LINEAR),
            recognise=lambda facts: _encoder(facts) != LINEAR and _decoder(facts) == LINEAR,
        ),
        Mistake(
            "one layer of relu",
            "Only one of the two layers of 20 has relu.",
            trained(LINEAR, ("relu", "linear")),
            recognise=lambda facts: sorted(_decoder(facts)) == ["linear", "relu"],
        ),
        Mistake(
            "untrained",
            "Its error on fresh points is larger than PCA's: has it been trained on the bow, with the bow as target?",
            nets.net,
            recognise=lambda facts: _activations(facts, 0, 1, 2, 3, 4, 5) == PLAN and _error(facts) > 1,
        ),
    ),
    praise="The decoder draws, so the decoder has to bend. The encoder has to bend only where no straight coordinate "
    "of the points tells one code from another.",
    slow=True,
)
