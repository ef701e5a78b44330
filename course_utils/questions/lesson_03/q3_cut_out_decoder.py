"""03.3: the decoder, cut out of a trained net."""

import numpy as np

from course_utils.questions.authoring import Mistake, function, once


def random_net(before, code, after):
    """Return a net of 9 numbers with random weights and biases, its code layer called "bottleneck"."""
    import keras
    from keras import layers

    hidden = [layers.Dense(n, activation="elu") for n in after[:-1]]
    model = keras.Sequential(
        [
            keras.Input((9,)),
            *(layers.Dense(n, activation="elu") for n in before),
            layers.Dense(code, name="bottleneck"),
            *hidden,
            layers.Dense(after[-1], activation="sigmoid"),
        ]
    )
    rng = np.random.default_rng(len(before))
    model.set_weights([rng.normal(size=w.shape).astype(np.float32) for w in model.get_weights()])
    return model


@once
def nets_to_cut():
    """Return a net with codes, the first all zeros; cut at any wrong place, the net fits together all the same."""
    codes = np.vstack([np.zeros(4), np.random.default_rng(0).normal(size=(4, 4))])
    return [(random_net((4, 4), 4, (4, 4, 4, 4, 9)), codes)]


def behind(model, more=0):
    """Return the layers behind the code's; with `more` = 1 the code's too."""
    return model.layers[[layer.name for layer in model.layers].index("bottleneck") + 1 - more :]


def through(codes, layers):
    """Return codes, passed through layers one by one."""
    h = np.asarray(codes, np.float32)
    for layer in layers:
        h = layer(h)
    return np.asarray(h)


def decode(autoencoder, codes):
    """Return what the layers behind the code make of codes."""
    return through(codes, behind(autoencoder))


def by_sequential(autoencoder, codes):
    """Return the same by a model made of these layers."""
    import keras

    decoder = keras.Sequential([keras.Input((codes.shape[1],)), *behind(autoencoder)])
    return decoder.predict(codes, verbose=0)


def by_graph(autoencoder, codes):
    """Return the same by a model from the code's tensor to the net's output."""
    import keras

    return keras.Model(autoencoder.get_layer("bottleneck").output, autoencoder.layers[-1].output)(codes)


def by_copied_weights(autoencoder, codes):
    """Return the same by new layers with the old weights."""
    layers = [type(layer).from_config(layer.get_config()) for layer in behind(autoencoder)]
    through(codes, layers)  # builds them
    for new, old in zip(layers, behind(autoencoder), strict=True):
        new.set_weights(old.get_weights())
    return through(codes, layers)


def without_activations(autoencoder, codes):
    """Return `decode`, but only multiplied and added."""
    h = np.asarray(codes)
    for layer in behind(autoencoder):
        kernel, bias = layer.get_weights()
        h = h @ kernel + bias
    return h


def new_layers(autoencoder, codes):
    """Return `decode` by copies of the layers, which have weights of their own."""
    return through(codes, [type(layer).from_config(layer.get_config()) for layer in behind(autoencoder)])


def all_alike(outputs):
    """Return whether the code 0 gives the same number everywhere, as layers do whose biases are still 0."""
    return any(np.ptp(output[0]) < 1e-6 for output in outputs)


QUESTION = function(
    "03.3",
    "the faults in a cut",
    arguments="autoencoder, codes",
    inputs=nets_to_cut,
    right=lambda: decode,
    also_right=(lambda: by_sequential, lambda: by_graph, lambda: by_copied_weights),
    rtol=1e-3,
    hints=(
        "Print the first weights of `autoencoder.layers[-1].get_weights()[0]`, and those of the decoder's last layer.",
        "`from_config` makes a layer with the same settings and new random weights. What would you put into the "
        "decoder instead? And in a net with more layers, what tells you where the code is?",
        '`names = [layer.name for layer in autoencoder.layers]`, and `names.index("bottleneck")` is its place. The '
        "decoder is made of the layers behind it: those very layers, not copies.",
    ),
    mistakes=(
        Mistake(
            "copies",
            "The code (0, 0, ...) becomes a uniform grey, and each call gives a different result: are these the "
            "trained layers?",
            lambda: new_layers,
            recognise=all_alike,
        ),
        Mistake(
            "always three",
            "The weights are now the trained ones. But you always take three layers: how many are there behind the "
            "code?",
            lambda: lambda net, codes: through(codes, net.layers[-3:]),
        ),
        Mistake(
            "half of them",
            "The weights are now the trained ones. But the code need not be in the middle of the layers.",
            lambda: lambda net, codes: through(codes, net.layers[len(net.layers) // 2 :]),
        ),
        Mistake(
            "the code's layer too",
            "You cut one layer too early: `codes` have already passed the bottleneck.",
            lambda: lambda net, codes: through(codes, behind(net, more=1)),
        ),
        Mistake(
            "no activations",
            "You multiply and add. What does a layer do after that?",
            lambda: without_activations,
        ),
    ),
    praise="A decoder is not a new net: it consists of the trained layers themselves, from the code on.",
    slow=True,
)
