"""The questions to lesson 5, the latent manifold: the first three, and all in a row."""

import numpy as np

from course_utils.questions import answers_05 as code
from course_utils.questions.authoring import function
from course_utils.questions.engine.question import Mistake
from course_utils.questions.more_05 import Q4, Q5, Q6

# 1. Compute: a decoder without layers

Q1 = function(
    "05.1",
    "a decoder without layers",
    arguments="codes, layers",
    inputs=code.some_layers,
    right=lambda: code.decoded,
    also_right=(lambda: code.by_tensorflow,),
    rtol=1e-4,
    hints=(
        "One layer is `activation(h @ W + b)`. What does a loop over `layers` hand from one turn to the next?",
        "Which layer has another activation than the rest? `layers[:-1]` are all but the last, `layers[-1]` is the "
        "last.",
        "In the loop over `layers[:-1]`: `h = elu(h @ W + b)`. Behind it one layer more, with the sigmoid in place "
        "of elu.",
    ),
    mistakes=(
        Mistake(
            "elu at the output as well",
            "The last layer goes through elu, and then through the sigmoid. How many activations has a layer?",
            lambda: lambda codes, layers: code.decoded(codes, layers, last=lambda s: code.sigmoid(code.elu(s))),
        ),
        Mistake(
            "elu in place of the sigmoid",
            "The last layer has elu like the others. Which range has a pixel, and which activation keeps it?",
            lambda: lambda codes, layers: code.decoded(codes, layers, last=code.elu),
        ),
        Mistake(
            "linear output",
            "The output is linear, as in this lesson. The net asked for ends differently.",
            lambda: lambda codes, layers: code.decoded(codes, layers, last=np.positive),
        ),
        Mistake(
            "sigmoid everywhere",
            "The inner layers have the sigmoid, too. Where is it asked for?",
            lambda: lambda codes, layers: code.decoded(codes, layers, inside=code.sigmoid),
        ),
        Mistake(
            "no activation inside",
            "Between the layers nothing bends. What do several matrices in a row amount to, without an activation?",
            lambda: lambda codes, layers: code.decoded(codes, layers, inside=np.positive),
        ),
        Mistake(
            "relu",
            "That is relu: 0 for every negative sum. What does elu return there?",
            lambda: lambda codes, layers: code.decoded(codes, layers, inside=lambda s: np.maximum(s, 0)),
        ),
        Mistake(
            "tanh",
            "That is this lesson's net, with tanh inside. Which activation is asked for here?",
            lambda: lambda codes, layers: code.decoded(codes, layers, inside=np.tanh),
        ),
        Mistake(
            "no bias",
            "Only matrices so far. What else has a layer?",
            lambda: lambda codes, layers: code.decoded(codes, layers, bias=0),
        ),
        Mistake(
            "bias behind the activation",
            "The bias comes too late: is it a part of what is bent, or is it added to what was bent?",
            lambda: code.bias_behind,
        ),
        Mistake(
            "the page's layers",
            "Whatever it is given, your function computes with the layers of the page. Which name do its arguments "
            "have?",
            lambda: code.of_the_page,
        ),
        Mistake(
            "elu without its 1",
            "Your elu jumps at 0: it tends to 1 from below. What is missing on its negative side?",
            lambda: lambda codes, layers: code.decoded(codes, layers, inside=lambda s: np.where(s > 0, s, np.exp(s))),
        ),
    ),
    praise="A decoder is these few lines, whatever a library calls its layers.",
)


# 2. Complete: training steps


def _descent(**fault):
    return lambda *given: code.descent(*given, **fault)


Q2 = function(
    "05.2",
    "training, step by step",
    arguments="images, weights, rate, n_steps",
    inputs=code.some_nets,
    right=lambda: code.descent,
    also_right=(lambda: _descent(optimizer="SGD"),),
    rtol=1e-4,
    hints=(
        "What has to be computed anew in each step, because the weights are others than before?",
        "In each step: under `tf.GradientTape()` compute the cost, ask the tape for its gradients by all "
        "`variables`, and subtract.",
        "`tape.gradient(value, variables)` returns a list in the order of `variables`; go through both by `zip`, call "
        "`variable.assign_sub(rate * gradient)`, and append `float(cost(images, layers))` once all are moved.",
    ),
    mistakes=(
        Mistake(
            "uphill",
            "The cost rises. A gradient points to where it grows: which way do you want to go?",
            lambda: _descent(factor=-1),
        ),
        Mistake(
            "an old gradient",
            "All steps go in the first one's direction. Where does the tape stand: before the loop, or in it?",
            lambda: _descent(stale=True),
        ),
        Mistake(
            "matrices alone",
            "The matrices learn, and something stays as it was drawn. How many variables has a layer?",
            lambda: _descent(chosen=slice(None, None, 2)),
        ),
        Mistake(
            "decoder alone",
            "Only the decoder learns. Which variables does the cost depend on?",
            lambda: _descent(chosen=slice(6, None)),
        ),
        Mistake(
            "costs one step late",
            "The first cost is there twice, and the last one is missing. When was the cost computed that you append?",
            lambda: lambda *given: code.descent(*given)[:1] + code.descent(*given)[:-1],
        ),
        Mistake(
            "nothing learns",
            "The cost never changes. `rate * gradient` has to end up in the variables that the cost is computed from.",
            lambda: lambda images, weights, rate, n_steps: [code.cost(images, weights)] * (n_steps + 1),
        ),
        Mistake(
            "no rate",
            "Your steps do not depend on the rate. What is multiplied by what?",
            lambda: lambda images, weights, rate, n_steps: code.descent(images, weights, 1.0, n_steps),
        ),
        Mistake(
            "rate over the number of images",
            "Your rate shrinks with the number of images. Is the cost a sum over them, or a mean already?",
            lambda: lambda images, weights, rate, n_steps: code.descent(images, weights, rate / len(images), n_steps),
        ),
        Mistake(
            "another optimizer",
            "That is Adam, which gives each weight a step of its own. Asked for is the plain step: rate times "
            "gradient.",
            lambda: _descent(optimizer="Adam"),
        ),
        Mistake(
            "the last one missing",
            "The costs are right, and one is missing: that after the last step.",
            lambda: lambda *given: code.descent(*given)[:-1],
        ),
        Mistake(
            "the first one missing",
            "The costs are right, and one is missing: that before the first step.",
            lambda: lambda *given: code.descent(*given)[1:],
        ),
        Mistake(
            "only the last cost",
            "That is the cost at the end. Asked for is the way there, step by step.",
            lambda: lambda *given: code.descent(*given)[-1],
        ),
    ),
    praise="Record, differentiate, subtract: every optimiser does this, and differs in the length of its steps alone.",
)


# 3. Find the fault: the canvas


def _canvas(**fault):
    return lambda *given: code.canvas(*given, **fault)


Q3 = function(
    "05.3",
    "two faults in a canvas",
    arguments="x, y, decode, image_shape",
    inputs=code.some_planes,
    right=lambda: code.canvas,
    given=lambda: _canvas(exchanged=True, up=False),
    also_right=(lambda: code.by_a_loop,),
    rtol=1e-4,
    hints=(
        "Take `x = [0, 1, 2]` and `y = [10, 20]`. What should `codes[0]` be, for all the places of the first row? "
        "Print it.",
        '`indexing="ij"` lets the first axis go along x. And `imshow` draws row 0 of an array at the top: which y '
        "is there?",
        "`np.meshgrid(x, y)` without more goes along x in a row. Then `images[::-1]` turns the rows of cells round, "
        "while each image stays upright.",
    ),
    mistakes=(
        Mistake(
            "upside down still",
            "x goes to the right now. Which y stands at the top, where `imshow` draws row 0?",
            lambda: _canvas(up=False),
        ),
        Mistake(
            "exchanged still",
            "The rows of cells are turned round. But go along one row: is it x that changes?",
            lambda: _canvas(exchanged=True),
        ),
        Mistake(
            "digits upside down",
            "The cells are in their places, and each digit in them stands on its head. What did you turn round: the "
            "rows of cells, or the rows of pixels?",
            lambda: lambda *given: code.canvas(*given, up=False)[::-1],
        ),
        Mistake(
            "the numbers of a code exchanged",
            "The decoder gets (y, x). Which number of a code comes first?",
            lambda: _canvas(exchanged=True, order=slice(None, None, -1)),
            recognise=code.is_exchanged,
        ),
        Mistake(
            "x to the left",
            "The rows are right, and in each of them x falls from left to right.",
            lambda: _canvas(mirrored=True),
        ),
        Mistake(
            "both turned round",
            "Both axes are turned round. Only one of them was the wrong way.",
            lambda: _canvas(mirrored=True, up=False),
        ),
        Mistake(
            "images cut up",
            "The images are cut up: `reshape` reads row by row. What has to change places before it, so that a row of "
            "pixels runs through all images of a row of cells?",
            lambda: _canvas(cut=True),
        ),
    ),
    praise="The picture looked like a manifold before, too: only one corner, decoded alone, tells.",
)

QUESTIONS = (Q1, Q2, Q3, Q4, Q5, Q6)
