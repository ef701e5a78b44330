"""The questions to lesson 1 that follow on PCA's code: what the diagonal loses, and two nets."""

from course_utils.questions import answers_01
from course_utils.questions.answers_01 import arm, bends, bow, dense, fresh, halves, pca_error
from course_utils.questions.authoring import number
from course_utils.questions.engine.models import Check, model
from course_utils.questions.engine.question import Mistake

Q4 = number(
    "01.4",
    "the price of the diagonal",
    right=lambda: 0.75,
    rtol=1e-3,
    hints=(
        "What a line keeps is the variance of the codes along it. What it loses is the rest: of which total?",
        "The codes along v have the variance $v^\\top C v$, where v has length 1: at 45 degrees both its coordinates "
        "are $1/\\sqrt{2}$. The total variance stands on the diagonal of C.",
        "Lost is 5 + 2 less $v^\\top C v$, which is half the sum of all four entries of C. And the mean over two "
        "coordinates halves it.",
    ),
    mistakes=(
        Mistake(
            "not halved",
            "This is what a point loses on average in all, or half of the *vertical* residual squared. The mean "
            "squared error is a mean over both coordinates, and the residual stands across the line.",
            lambda: 1.5,
        ),
        Mistake("vertical", "You have measured the residual vertically. PCA's stands across the line.", lambda: 3),
        Mistake(
            "best line", "This is what the *best* line loses. Does the best line rise by 45 degrees here?", lambda: 0.5
        ),
        Mistake(
            "best line, not halved",
            "This is the smaller eigenvalue. To which line does it belong, and over how many coordinates is the mean?",
            lambda: 1,
        ),
        Mistake("kept, not halved", "This is the variance of the codes: what the line keeps.", lambda: 5.5),
        Mistake("kept", "This is half of the codes' variance: what the line keeps. What is left?", lambda: 2.75),
        Mistake("total", "This is the error when every point is answered with the mean: all is lost.", lambda: 3.5),
        Mistake("v too long", "An error below zero? Look at the length of your v.", lambda: -2),
        Mistake("v too long, not halved", "An error below zero? Look at the length of your v.", lambda: -4),
        Mistake("root", "You have taken a root: the error is a mean of *squares*.", lambda: 0.75**0.5),
    ),
    praise="Keeping and losing add up to the same total for every line, so one of them is enough.",
    low=0,
)


def _has(position, wanted):
    # a predicate: the dense layer at this position satisfies `wanted(units, activation)`
    return lambda facts: len(dense(facts)) == 6 and wanted(*dense(facts)[position])


def _bent(encoder, decoder):
    # a predicate: just these halves of a net of six dense layers bend
    return lambda facts: (
        len(dense(facts)) == 6 and (bends(dense(facts)[:2]), bends(dense(facts)[3:5])) == (encoder, decoder)
    )


Q5 = model(
    "01.5",
    "which half has to bend",
    images=lambda: fresh(bow),
    output_dim=2,
    right=lambda: answers_01.trained(halves(), bow, 40, 3e-3),
    more_facts={"parts": answers_01.parts},
    checks=(
        Check(
            "Its dense layers have other units than 20, 20, 1 and 20, 20, 2: see `model.summary(expand_nested=True)`.",
            lambda facts: [units for units, _ in dense(facts)] == [20, 20, 1, 20, 20, 2],
        ),
        Check(
            "It is in one piece. Build an encoder and a decoder, each with an input and a `keras.Model` of its own, "
            "and join them: `keras.Model(point, decoder(encoder(point)))`.",
            lambda facts: facts["parts"] == [(2, 1), (1, 2)],
        ),
        Check("More than one number passes from one half to the other.", lambda facts: facts["n_numbers"] <= 1),
        Check(
            "The right half bends, and it beats PCA, but its error on fresh points is not yet below half of PCA's: has "
            "it been trained long enough?",
            lambda facts: facts["mse"] <= pca_error(bow) / 2,
        ),
    ),
    hints=(
        "A half without `activation` is linear. Where must the bends be, for the *reconstructions* to lie on a curve?",
        "Look at the bow: from which of its coordinates, alone, could you say where along the bow a point lies? Then "
        "the encoder has little to do. What has the decoder to do?",
        "Encoder: two `layers.Dense(20)` and a `layers.Dense(1)`, all without activation. Decoder: two "
        '`layers.Dense(20, activation="relu")` and a `layers.Dense(2)`. Join, `compile("adam", "mean_squared_error")`, '
        "`fit(bow, bow, ...)`.",
    ),
    mistakes=(
        Mistake(
            "code of two",
            "Two numbers pass through your bottleneck: how many units has the code?",
            lambda: halves(latent_dim=2),
            recognise=lambda facts: facts["n_numbers"] == 2,
        ),
        Mistake(
            "bent code",
            "Your code has an activation of its own: it is to be linear, as in the lesson.",
            lambda: halves(latent="relu"),
            recognise=_has(2, lambda units, activation: activation != "linear"),
        ),
        Mistake(
            "bent output",
            "Your last layer has an activation: which values can it not return, and do the points have such ones?",
            lambda: halves(output="relu"),
            recognise=_has(5, lambda units, activation: activation != "linear"),
        ),
        Mistake(
            "both halves",
            "Both halves bend: that is the lesson's net. Here one half alone has to do it.",
            lambda: halves(encoder="relu"),
            recognise=_bent(True, True),
        ),
        Mistake(
            "no half",
            "Nothing in it bends: a linear map after a linear map is one linear map. What is the best it can do?",
            lambda: halves(decoder="linear"),
            recognise=_bent(False, False),
        ),
        Mistake(
            "the other half",
            "Your encoder bends, your decoder is linear. On what do its reconstructions lie, whatever the code is?",
            lambda: halves(encoder="relu", decoder="linear"),
            recognise=_bent(True, False),
        ),
        Mistake(
            "untrained",
            "Its error on fresh points is larger than PCA's: has it been trained on the bow, with the bow as target?",
            halves,
            recognise=lambda facts: _bent(False, True)(facts) and facts["mse"] > pca_error(bow),
        ),
    ),
    praise="The decoder draws, so the decoder has to bend; the encoder has to only where no straight coordinate of the "
    "points tells one code from the other.",
    slow=True,
)

Q6 = model(
    "01.6",
    "the arm of a spiral",
    images=lambda: fresh(arm),
    output_dim=2,
    latent_dim=1,
    right=lambda: answers_01.trained(halves("relu", "relu", units=(64, 64)), arm, 150, 3e-3),
    checks=(
        Check(
            "It beats PCA on fresh points, but not tenfold yet: draw its reconstructions over the points. Where does "
            "the curve leave the arm, and what would let it bend more, or learn for longer?",
            lambda facts: facts["mse"] <= pca_error(arm) / 10,
        ),
    ),
    hints=(
        "Begin with the lesson's net and draw its reconstructions: it cuts corners. More bends come from more units; "
        "and a net that is still getting better has not been trained for long enough.",
        "Smaller batches and a larger rate walk further in the same time: `keras.optimizers.Adam(0.003)`, "
        "`batch_size=64`. If one start cuts a corner, another may not.",
        'Try `build_autoencoder(2, [64, 64], 1, activation="relu", output_activation="linear").model`, trained for 150 '
        "epochs in that way.",
    ),
    mistakes=(
        Mistake(
            "code of two",
            "Two numbers pass through it: of two coordinates that is no reduction at all.",
            lambda: halves("relu", "relu", latent_dim=2),
            recognise=lambda facts: facts["n_numbers"] > 1,
        ),
        Mistake(
            "collapsed code",
            "It gives all points the same answer: its code is dead. Which activation has the bottleneck?",
            lambda: _dead(),
            recognise=lambda facts: facts["n_numbers"] == 0,
        ),
        Mistake(
            "no bends",
            "Nothing in it bends, so it cannot be better than PCA.",
            lambda: halves("linear", "linear"),
            recognise=lambda facts: not bends(dense(facts)),
        ),
        Mistake(
            "output cut off",
            "It never returns a number below 0, and the arm has such points: which activation has the last layer? "
            "`build_autoencoder` puts a sigmoid there unless told otherwise.",
            lambda: halves("relu", "relu", output="sigmoid"),
            recognise=lambda facts: facts["output_range"][0] >= 0,
        ),
        Mistake(
            "no better than PCA",
            "On fresh points it is no better than PCA: has it been trained, and with the points as target? If they "
            "were scaled for the training, the model has to take and return points in their own units.",
            lambda: halves("relu", "relu"),
            recognise=lambda facts: facts["mse"] >= 0.95 * pca_error(arm),
        ),
    ),
    praise="One number, and a tenth of PCA's error: the arm is a bent line, and the code counts along it.",
    slow=True,
)


def _dead():
    # a relu code that is negative for all points
    net = halves("relu", "relu", latent="relu")
    kernel, bias = net.layers[1].layers[-1].get_weights()
    net.layers[1].layers[-1].set_weights([0 * kernel, bias - 1])
    return net
