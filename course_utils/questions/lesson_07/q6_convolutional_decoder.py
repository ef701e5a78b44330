"""07.6: a decoder that knows which pixels are neighbours."""

import numpy as np

from course_utils.questions.authoring import Check, Mistake, chain_of, model, of_data, once
from course_utils.questions.lesson_07 import nets

N_CODES = 8
MAX_PARAMETERS = 12_000
SHARE = 0.88  # of the error that PCA leaves with as many numbers


@of_data
def eight_components(data):
    """Return the mean of train without validation, eight components (8, 784) and the spreads of their scores."""
    from course_utils.pca import PCA

    pca = PCA(n_components=N_CODES).fit(data.X_train[:-5_000])
    return pca.mean_, pca.components_, np.sqrt(pca.explained_variance_)


def codes_of(X):
    """Return scores over their spreads: (n, 784) -> (n, 8)."""
    mean, components, spreads = eight_components()
    return ((X - mean) @ components.T / spreads).astype(np.float32)


def judged_codes():
    """Return the codes of the images that are judged."""
    return codes_of(nets.judged_images())


def linear_decoder():
    """Return PCA's own decoder as a dense layer."""
    import keras

    mean, components, spreads = eight_components()
    decoder = keras.Sequential([keras.Input((N_CODES,)), keras.layers.Dense(784)])
    decoder.set_weights([components * spreads[:, None], mean])
    return decoder


@once
def pca_error():
    """Return what eight components leave of the images that are judged."""
    mean, components, spreads = eight_components()
    return np.mean((judged_codes() * spreads @ components + mean - nets.judged_images()) ** 2)


def trained(up, epochs=6):
    """Return a decoder of 7 x 7 pixels in 20 channels, doubled twice by `up(channels, activation)`, trained briefly."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    decoder = keras.Sequential(
        [
            keras.Input((N_CODES,)),
            layers.Dense(7 * 7 * 20, activation="elu"),
            layers.Reshape((7, 7, 20)),
            *up(10, "elu"),
            *up(1, "sigmoid"),
            layers.Flatten(),
        ]
    )
    X = nets.train_images()
    schedule = keras.optimizers.schedules.CosineDecay(5e-3, epochs * len(X) // 100)
    decoder.compile(keras.optimizers.Adam(schedule), "mean_squared_error", steps_per_execution=20)
    decoder.fit(codes_of(X), X, batch_size=100, epochs=epochs, verbose=0)
    return decoder


def transposed_convolution(channels, activation):
    """Return the layer that doubles width and height by spreading each pixel."""
    from keras import layers

    return [layers.Conv2DTranspose(channels, 3, strides=2, padding="same", activation=activation)]


def enlarged(channels, activation):
    """Return two layers that do so by repeating each pixel, and convolving."""
    from keras import layers

    return [layers.UpSampling2D(), layers.Conv2D(channels, 3, padding="same", activation=activation)]


right = once(lambda: trained(transposed_convolution))
by_enlarging = once(lambda: trained(enlarged))


def as_subclass(look=lambda z: None):
    """Return the right decoder as a model of a class of its own, which may look at what it is given."""
    import keras

    class Decoder(keras.Model):
        def __init__(self, parts):
            super().__init__()
            self.parts = parts

        def call(self, z):
            look(z)
            for layer in self.parts:
                z = layer(z)
            return z

    decoder = Decoder(right().layers)
    decoder(judged_codes()[:2])
    return decoder


def ending_in(layers_after):
    """Return the right decoder with more layers at its end."""
    import keras

    return keras.Sequential([keras.Input((N_CODES,)), right(), *layers_after])


@once
def with_idle_weights():
    """Return the right decoder, and beside it a branch that adds nothing."""
    import keras
    from keras import layers

    codes = keras.Input((N_CODES,))
    idle = layers.Dense(784, kernel_initializer="zeros")(codes)
    return keras.Model(codes, layers.Add()([right()(codes), idle]))


@once
def half_way():
    """Return the right decoder with its pictures paler, as early in training, so that it is no better than PCA."""
    import keras

    pictures, true = np.array(right()(judged_codes())), nets.judged_images()
    scales = np.linspace(1, 0, 101)
    errors = np.array([np.mean((scale * pictures - true) ** 2) for scale in scales])
    return ending_in([keras.layers.Rescaling(scales[np.argmax(errors > 0.95 * pca_error())])])


@once
def lying_down():
    """Return the right decoder with rows and columns of its pictures exchanged."""
    from keras import layers

    return ending_in([layers.Reshape((28, 28)), layers.Permute((2, 1)), layers.Flatten()])


@once
def logits():
    """Return the right decoder without its sigmoid."""
    import keras

    decoder = keras.models.clone_model(right())
    decoder.set_weights(right().get_weights())
    decoder.layers[-2].activation = keras.activations.linear
    return decoder


def over_pca(facts):
    """Return the error over that of PCA."""
    return facts["mse"] / pca_error()


QUESTION = model(
    "07.6",
    "a decoder that knows neighbours",
    images=judged_codes,
    targets=nets.judged_images,
    more_facts={"chain": chain_of},
    right=right,
    also_right=(by_enlarging, once(as_subclass)),
    slow=True,
    checks=(
        Check(
            "parameters out of sight",
            "`check` cannot count its parameters, because Python or NumPy computes a part of it. Use only layers and "
            "functions of `keras.ops`.",
            lambda facts: facts["n_parameters"] is not None,
            once(lambda: as_subclass(look=lambda z: z.numpy().mean())),
        ),
        Check(
            "too large",
            "It has more parameters than allowed. Where are most of them? `model.summary()` tells.",
            lambda facts: facts["n_parameters"] is None or facts["n_parameters"] <= MAX_PARAMETERS,
            with_idle_weights,
        ),
        Check(
            "not good enough",
            "Its error is not low enough yet. Was it still falling when training ended? And does the picture grow in "
            "steps, from a few pixels with many channels to 28 x 28 with one?",
            lambda facts: over_pca(facts) <= SHARE,
            half_way,
        ),
    ),
    hints=(
        "A dense layer from h units to 784 pixels has 784 (h + 1) weights and biases, and learns each stroke anew "
        "at each place. A convolution has the same few weights at all places.",
        "Begin with a dense layer to 7 x 7 pixels in some 20 channels, and `layers.Reshape((7, 7, 20))`. Then "
        '`layers.Conv2DTranspose(channels, 3, strides=2, padding="same")` doubles width and height.',
        "Two such layers lead to 28 x 28: the first with 10 channels and `elu`, the last with one channel and a "
        "sigmoid. `layers.Flatten()` makes rows of 784 pixels. Train for six epochs, as `fit` does.",
    ),
    mistakes=(
        Mistake(
            "dense layers",
            "This is a chain of dense layers, and no such chain is small enough and good enough at once: its last "
            "layer has weights of its own for each pixel. Which layer uses the same few weights at all places?",
            linear_decoder,
            recognise=lambda facts: facts["chain"]["activations"] is not None,
        ),
        Mistake(
            "logits",
            "Its pixels go far beyond 0 and 1. Does the last layer have its sigmoid?",
            logits,
            recognise=lambda facts: facts["output_range"][0] < -1 and facts["output_range"][1] > 1.5,
        ),
        Mistake(
            "worse than PCA",
            "Worse than PCA with eight components. Does it take the codes of `codes_of`, and are its 784 pixels in the "
            "order of the images? Was it trained?",
            lying_down,
            recognise=lambda facts: over_pca(facts) > 1.1,
        ),
    ),
    praise="The same few weights at all places: so much is known before training, because pixels have neighbours.",
)
