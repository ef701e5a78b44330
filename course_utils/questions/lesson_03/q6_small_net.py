"""03.6: a small net that beats PCA by a fifth."""

from course_utils.questions.authoring import Check, Mistake, chain_of, model, numbers_that_pass, once
from course_utils.questions.lesson_03 import nets

MAX_PARAMETERS = 200_000


@once
def right():
    """Return a small net that is trained to the end."""
    return nets.trained(nets.net((96, 32), decoder=(32, 96, 96), inside="gelu"), 20_000, epochs=16)


def as_subclass(look=lambda x: None):
    """Return the right net as a model of a class of its own, which may look at what it is given."""
    import keras

    class Small(keras.Model):
        def __init__(self, layers):
            super().__init__()
            self.parts = layers

        def call(self, x):
            look(x)
            for layer in self.parts:
                x = layer(x)
            return x

    model = Small(right().layers[1:])
    model(nets.unseen()[:2])
    return model


def talking():
    """Return the right net as a model that looks at its images with NumPy."""
    return as_subclass(look=lambda x: x.numpy().mean())


def as_two_models():
    """Return the right net as an encoder and a decoder in one model, with functions for the activations."""
    import keras
    from keras import ops

    names = [layer.name for layer in right().layers]
    code = names.index("bottleneck")
    image, latent = keras.Input((784,)), keras.Input((2,))

    def through(h, layers):
        for layer in layers:
            bend = {"gelu": ops.gelu, "sigmoid": ops.sigmoid}.get(layer.activation.__name__, lambda s: s)
            kernel, bias = layer.get_weights()
            bare = keras.layers.Dense(layer.units)
            h = bare(h)
            bare.set_weights([kernel, bias])
            h = bend(h, approximate=False) if bend is ops.gelu else bend(h)
        return h

    encoder = keras.Model(image, through(image, right().layers[1 : code + 1]))
    decoder = keras.Model(latent, through(latent, right().layers[code + 1 :]))
    return keras.Model(image, decoder(encoder(image)))


def jumping():
    """Return the right net with its code rounded, which costs it little."""
    import keras
    from keras import ops

    h = image = keras.Input((784,))
    for layer in right().layers[1:]:
        h = layer(h)
        if layer.name == "bottleneck":
            h = ops.round(h * 50) / 50
    return keras.Model(image, h)


def with_idle_weights():
    """Return the right net, and beside it a branch that adds nothing."""
    import keras
    from keras import layers

    image = keras.Input((784,))
    idle = layers.Dense(784, kernel_initializer="zeros")(layers.Dense(100)(image))
    return keras.Model(image, layers.Add()([right()(image), idle]))


def half_trained():
    """Return the right net with an error between PCA's and nearly that of the mean image."""
    mean_image, pca = nets.yardsticks()
    return nets.half_trained(right(), (pca + 0.95 * mean_image) / 2)


def _mse(facts):
    return facts["mse"] / nets.yardsticks()[1]


QUESTION = model(
    "03.6",
    "a small net",
    images=nets.unseen,
    more_facts={"n_numbers": numbers_that_pass, "chain": chain_of},
    right=right,
    also_right=(once(as_subclass), once(as_two_models)),
    checks=(
        Check(
            "jumps",
            "Its output jumps: something in it rounds or compares, so `check` cannot count the numbers that pass. "
            "Leave that out.",
            lambda facts: facts["n_numbers"] is not None,
            once(jumping),
        ),
        Check(
            "wide code",
            "More than two numbers pass through it: look for a wider code, or for a way around it.",
            lambda facts: facts["n_numbers"] is None or facts["n_numbers"] <= 2,
            once(lambda: nets.with_a_way_around(right())),
        ),
        Check(
            "parameters out of sight",
            "`check` cannot count its parameters, because Python or NumPy computes a part of it. Use only layers and "
            "functions of `keras.ops`.",
            lambda facts: facts["n_parameters"] is not None,
            once(talking),
        ),
        Check(
            "too large",
            "It has more parameters than allowed. Where are most of them? `model.summary(expand_nested=True)` tells.",
            lambda facts: facts["n_parameters"] is None or facts["n_parameters"] <= MAX_PARAMETERS,
            once(with_idle_weights),
        ),
        Check(
            "not by a fifth",
            "It is better than PCA's two components, but not by a fifth yet. Was the error still falling when "
            "training ended? What do other activations, rates or sizes give on validation?",
            lambda facts: _mse(facts) <= 0.8,
            once(lambda: nets.half_trained(right(), 0.9 * nets.yardsticks()[1])),
        ),
    ),
    hints=(
        "The decoder need not mirror the encoder. Which has the harder task: finding two numbers, or drawing an "
        "image from them? And the first layer alone has 784 parameters for each of its units.",
        "Adam's rate of 0.001 is timid here. Begin higher and let the rate fall to 0: "
        "`keras.optimizers.schedules.CosineDecay(0.005, steps)`, where `steps` is the number of all batches.",
        'Try 784-96-32-2-32-96-96-784 with `activation="gelu"`, that rate, 20,000 images, 20 epochs in batches of 128.',
    ),
    mistakes=(
        Mistake(
            "nothing bends",
            "No layer before the output bends, so all reconstructions come from a plane, as with PCA. Which "
            "activation do its layers have?",
            once(lambda: nets.trained(nets.net((96, 32), inside=None), epochs=2)),
            recognise=lambda facts: set(facts["chain"]["activations"][:-1]) == {"linear"},
        ),
        Mistake(
            "no better than the mean image",
            "It is no better than the mean image. Did you train *this* net, image to image? Or is its code dead, "
            "because it has an activation?",
            lambda: nets.net((96, 32)),
            recognise=lambda facts: facts["mse"] > 0.95 * nets.yardsticks()[0],
        ),
        Mistake(
            "behind PCA",
            "It has learnt something, but PCA's two components still leave a smaller error. Did you train it for "
            "enough steps?",
            once(half_trained),
            recognise=lambda facts: _mse(facts) > 1,
        ),
    ),
    praise="A small net, and well ahead of PCA: how it is trained counts as much as how large it is.",
    slow=True,
)
