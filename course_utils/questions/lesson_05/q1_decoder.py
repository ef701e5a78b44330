"""05.1: a decoder computed from its weights."""

import numpy as np

from course_utils.questions.authoring import Mistake, function
from course_utils.questions.lesson_05.nets import decoded, drawn, elu, sigmoid


def by_tensorflow(codes, layers):
    """As `decoded`, in another way."""
    import tensorflow as tf

    for W, b in layers[:-1]:
        codes = tf.nn.elu(tf.matmul(codes, W) + b)
    return tf.sigmoid(tf.matmul(codes, layers[-1][0]) + layers[-1][1])


def by_keras(codes, layers):
    """As `decoded`, by Keras's layers with these weights."""
    import keras

    names = ["elu"] * (len(layers) - 1) + ["sigmoid"]
    model = keras.Sequential([keras.Input((2,))])
    for (_, b), name in zip(layers, names, strict=True):
        model.add(keras.layers.Dense(len(b), activation=name))
    model.set_weights([part for layer in layers for part in layer])
    return model(codes)


def with_a_column_of_ones(codes, layers):
    """As `decoded`, each bias a further row of its matrix, and both activations from other functions."""
    h = np.asarray(codes, dtype=float)
    for i, (W, b) in enumerate(layers):
        s = np.column_stack([h, np.ones(len(h))]) @ np.vstack([W, b])
        h = (1 + np.tanh(s / 2)) / 2 if i == len(layers) - 1 else np.maximum(s, 0) + np.expm1(np.minimum(s, 0))
    return h


def bias_behind(codes, layers):
    """As `decoded`, but each bias is added behind the activation."""
    h = codes
    for i, (W, b) in enumerate(layers):
        h = (sigmoid if i == len(layers) - 1 else elu)(h @ W) + b
    return h


def of_the_page(codes, layers):
    """As `decoded`, but with the layers that the exercise shows."""
    return decoded(codes, drawn([2, 20, 30, 784], seed=0))


def three_layers(codes, layers):
    """As `decoded`, but with the first two layers and the last, whatever stands between them."""
    return decoded(codes, [*layers[:2], layers[-1]])


def some_layers():
    """Return codes and a decoder of four layers; the third could be left out without an error."""
    codes = 2 * np.random.default_rng(51).normal(size=(9, 2)).astype(np.float32)
    return [(codes, drawn([2, 7, 5, 5, 8], seed=5, scale=1.5))]


QUESTION = function(
    "05.1",
    "a decoder without layers",
    arguments="codes, layers",
    inputs=some_layers,
    right=lambda: decoded,
    also_right=(lambda: by_tensorflow, lambda: by_keras, lambda: with_a_column_of_ones),
    rtol=1e-4,
    hints=(
        "One layer is `activation(h @ W + b)`. In a loop over `layers`, what does each layer pass to the next?",
        "Which layer has another activation than the rest? `layers[:-1]` are all but the last, `layers[-1]` is the "
        "last.",
        "In the loop over `layers[:-1]`: `h = elu(h @ W + b)`. After the loop comes one more layer, with the "
        "sigmoid in place of elu.",
    ),
    mistakes=(
        Mistake(
            "elu at the output as well",
            "The last layer goes through elu and then through the sigmoid. How many activations does a layer have?",
            lambda: lambda codes, layers: decoded(codes, layers, last=lambda s: sigmoid(elu(s))),
        ),
        Mistake(
            "elu in place of the sigmoid",
            "The last layer has elu like the others. In which range do pixels lie, and which activation stays in it?",
            lambda: lambda codes, layers: decoded(codes, layers, last=elu),
        ),
        Mistake(
            "linear output",
            "The output is linear, as in this lesson. Which activation does the question ask for there?",
            lambda: lambda codes, layers: decoded(codes, layers, last=np.positive),
        ),
        Mistake(
            "sigmoid everywhere",
            "The inner layers have the sigmoid, too. Where does the question ask for it?",
            lambda: lambda codes, layers: decoded(codes, layers, inside=sigmoid),
        ),
        Mistake(
            "no activation inside",
            "Nothing bends between the layers. What do several matrices in a row amount to, without an activation?",
            lambda: lambda codes, layers: decoded(codes, layers, inside=np.positive),
        ),
        Mistake(
            "relu",
            "That is relu: 0 for every negative sum. What does elu return there?",
            lambda: lambda codes, layers: decoded(codes, layers, inside=lambda s: np.maximum(s, 0)),
        ),
        Mistake(
            "tanh",
            "That is this lesson's net, with tanh inside. Which activation does the question ask for?",
            lambda: lambda codes, layers: decoded(codes, layers, inside=np.tanh),
        ),
        Mistake(
            "no bias",
            "You only multiply by matrices. What else does a layer have?",
            lambda: lambda codes, layers: decoded(codes, layers, bias=0),
        ),
        Mistake(
            "bias behind the activation",
            "You add the bias after the activation. Is it not part of the sum that the activation bends?",
            lambda: bias_behind,
        ),
        Mistake(
            "three layers",
            "Your function uses the first two layers and the last one. What if there are more than three?",
            lambda: three_layers,
        ),
        Mistake(
            "the page's layers",
            "Whatever it is given, your function uses the layers of the page. What are its own arguments called?",
            lambda: of_the_page,
        ),
        Mistake(
            "elu without its 1",
            "Your elu jumps at 0: it tends to 1 from below. What is missing on its negative side?",
            lambda: lambda codes, layers: decoded(codes, layers, inside=lambda s: np.where(s > 0, s, np.exp(s))),
        ),
    ),
    praise="A decoder is no more than these few lines, whatever a library calls its layers.",
)
