"""The questions to lesson 3, the autoencoder: the first three, and all in a row."""

from course_utils.questions import answers_03 as code
from course_utils.questions import more_03
from course_utils.questions.authoring import function
from course_utils.questions.engine.models import Check, model
from course_utils.questions.engine.question import Mistake

# 1. Complete: the figure to quote


def _tables():
    # loads the data once, for all six questions: later the nets will have taken the kernel's memory
    for known in (code.unseen, code.yardsticks, code.maps, more_03.few):
        known()
    return code.tables()


Q1 = function(
    "03.1",
    "the figure to quote",
    arguments="validation, test, curve",
    inputs=_tables,
    right=lambda: code.quote,
    shape=(4,),
    rtol=1e-5,
    hints=(
        "The choice sees `validation` alone. Over which axis of it are the seeds, and which net has the smallest mean?",
        "`errors = test[best]` are that net's errors on test: mean, least and largest come from these.",
        "`equivalent_n_components(errors.mean(), curve)`, or `np.interp` with both curve and numbers of components "
        "turned round, because it wants the errors to increase.",
    ),
    mistakes=(
        Mistake(
            "chosen on test",
            "Your figure is that of the net that does best *on test*. Who had to choose?",
            lambda: lambda v, t, c: code.figure(t[t.mean(axis=1).argmin()], c),
        ),
        Mistake(
            "the best seed",
            "You chose the net that had the luckiest single run. What do you compare instead?",
            lambda: lambda v, t, c: code.figure(t[v.min(axis=1).argmin()], c),
        ),
        Mistake(
            "validation quoted",
            "You quote the errors by which you chose. On which images is a figure still one on unseen images?",
            lambda: lambda v, t, c: code.figure(v[v.mean(axis=1).argmin()], c),
        ),
        Mistake(
            "axes exchanged",
            "You average over the nets. A row is a net, its columns are the seeds.",
            lambda: lambda v, t, c: code.figure(t[:, v.mean(axis=0).argmin()], c),
        ),
        Mistake(
            "the worst net",
            "That is the net of the largest error.",
            lambda: lambda v, t, c: code.figure(t[v.mean(axis=1).argmax()], c),
        ),
        Mistake(
            "counted from 0",
            "Your worth is one component too few: to how many components does `curve[0]` belong?",
            lambda: code.whole(lambda worth: worth - 1),
        ),
        Mistake("rounded up", "Your worth is whole. Interpolate.", lambda: code.whole(lambda worth: -(-worth // 1))),
        Mistake("rounded down", "Your worth is cut off. Interpolate.", lambda: code.whole(lambda worth: worth // 1)),
        Mistake(
            "the curve unsorted",
            "The errors are right, the worth is not. `np.interp` wants its second argument to increase: does `curve`?",
            lambda: code.unsorted,
        ),
        Mistake(
            "worth averaged",
            "Your worth is the mean of the seeds' worths. The curve is bent, so that is not the worth of their mean.",
            lambda: code.worth_of_each,
        ),
        Mistake(
            "standard deviation",
            "Second and third are the mean less and plus a standard deviation. What is asked for can be read off.",
            lambda: code.standard_deviation,
        ),
    ),
    praise="Chosen on validation, quoted from test, with its spread: nobody has to trust you.",
)


# 2. Complete: a net after a plan


def _units(facts):
    return [units for kind, units, _ in facts["layers"] if kind == "Dense"]


PLAN = [128, 32, 2, 32, 128, 784]


def _inside(facts):
    return {activation for _, units, activation in facts["layers"] if units in (128, 32)}


def _at(units):
    return lambda facts: next(activation for _, n, activation in facts["layers"] if n == units)


Q2 = model(
    "03.2",
    "a net after a plan",
    images=code.unseen,
    right=code.after_plan,
    slow=True,
    checks=(
        Check(
            "Its dense layers have other units than the plan: see `model.summary(expand_nested=True)`.",
            lambda facts: _units(facts) == PLAN,
        ),
        Check("Inside, not every layer is `elu`.", lambda facts: _inside(facts) == {"elu"}),
        Check("More than two numbers pass through it: is there a way around the code?", lambda f: f["n_numbers"] <= 2),
        Check(
            "It is built after the plan, and has learnt something, but on unseen images PCA's two numbers leave less "
            "still. How many steps has it been trained for?",
            lambda facts: facts["mse"] < code.yardsticks()[1],
        ),
    ),
    hints=(
        "Write the units of all dense layers in a row, from the first to the last. There are six; in the middle is the "
        "code.",
        '`keras.Sequential([keras.Input((784,)), layers.Dense(128, activation="elu"), ...])`. Which two layers are not '
        "`elu`?",
        'The code is `layers.Dense(2, name="bottleneck")`, the output `layers.Dense(784, activation="sigmoid")`. Then '
        '`compile(optimizer="adam", loss="mean_squared_error")` and `fit(X_part, X_part, batch_size=128, epochs=10)`.',
    ),
    mistakes=(
        Mistake(
            "the encoder alone",
            "This ends at the code. What leads from there back to an image?",
            code.encoder_alone,
        ),
        Mistake("three models", "These are three models in one. Which of them is the whole?", code.three_models),
        Mistake(
            "wide code",
            "The middle has not two units. Which layer is the code?",
            lambda: code.net(code=3),
            recognise=lambda facts: 2 not in _units(facts),
        ),
        Mistake(
            "not mirrored",
            "The decoder goes through its layers in the encoder's order. It is to mirror the encoder.",
            lambda: code.net(decoder=(128, 32)),
            recognise=lambda facts: _units(facts) == [128, 32, 2, 128, 32, 784],
        ),
        Mistake(
            "bent code",
            "The code has an activation: with elu no number could fall below -1. What has the lesson's bottleneck?",
            lambda: code.net(at_code="elu"),
            recognise=lambda facts: _at(2)(facts) != "linear",
        ),
        Mistake(
            "no sigmoid",
            "The last layer lets any number out. Where do pixels lie, and which activation keeps to it?",
            lambda: code.net(output=None),
            recognise=lambda facts: _at(784)(facts) != "sigmoid",
        ),
        Mistake(
            "nothing bends",
            "Without an activation inside, all the layers before the output are one linear map.",
            lambda: code.net(inside=None),
            recognise=lambda facts: _inside(facts) == {"linear"},
        ),
        Mistake(
            "another activation",
            "Inside stands another activation than the plan's.",
            lambda: code.net(inside="relu"),
            recognise=lambda facts: len(_inside(facts)) == 1 and "elu" not in _inside(facts),
        ),
        Mistake(
            "a way around",
            "Something passes around the code: an early layer reaches the output without it.",
            lambda: code.net(around=True),
            recognise=lambda facts: facts["n_numbers"] > 2,
        ),
        Mistake(
            "not trained",
            "The plan is kept, but its errors are those of a net with its first, random weights. Was `fit` called, on "
            "this very net?",
            code.net,
            recognise=lambda facts: _units(facts) == PLAN and facts["mse"] > 1.5 * code.yardsticks()[0],
        ),
        Mistake(
            "the mean image",
            "The plan is kept, but whatever it is given, it draws hardly more than the mean image. Are the targets the "
            "images themselves, in the same order, and were there enough steps?",
            lambda: code.trained(code.net(), 4_000, 2, shuffled=True),
            recognise=lambda facts: _units(facts) == PLAN and facts["mse"] > 0.9 * code.yardsticks()[0],
        ),
    ),
    praise="Of its layers the bottleneck alone decides how much passes; the others decide what it says.",
)


# 3. Find the faults: the decoder, cut out

Q3 = function(
    "03.3",
    "the faults in a cut",
    arguments="autoencoder, codes",
    inputs=code.to_cut,
    right=lambda: code.decode,
    also_right=(lambda: code.decode_by_model,),
    rtol=1e-3,
    slow=True,
    hints=(
        "Print the first weights of `autoencoder.layers[-1].get_weights()[0]`, and those of the decoder's last layer.",
        "`from_config` makes a layer of the same settings, with new random weights. What would you put into the "
        "decoder instead? And what says, in a net with more layers, where the code is?",
        '`names = [layer.name for layer in autoencoder.layers]`, and `names.index("bottleneck")` is its place. The '
        "decoder is made of the layers behind it, themselves and not copies.",
    ),
    mistakes=(
        Mistake(
            "copies",
            "The code (0, 0, ...) becomes an even grey, and each call differs: are these the trained layers?",
            lambda: (
                lambda net, codes: code.through(codes, [type(x).from_config(x.get_config()) for x in code.behind(net)])
            ),
            recognise=code.all_alike,
        ),
        Mistake(
            "always three",
            "The weights are the trained ones now. But you take three layers whatever net comes: how many are there "
            "behind the code?",
            lambda: lambda net, codes: code.through(codes, net.layers[-3:]),
        ),
        Mistake(
            "half of them",
            "The weights are the trained ones now. But the code need not lie in the middle of the layers.",
            lambda: lambda net, codes: code.through(codes, net.layers[len(net.layers) // 2 :]),
        ),
        Mistake(
            "the code's layer too",
            "You cut one layer too early: `codes` have passed the bottleneck already.",
            lambda: lambda net, codes: code.through(codes, code.behind(net, more=1)),
        ),
        Mistake(
            "no activations",
            "You multiply and add. What does a layer do after that?",
            lambda: code.without_activations,
        ),
    ),
    praise="A decoder is no new net: it is the trained layers themselves, from the code on.",
)

QUESTIONS = (Q1, Q2, Q3, more_03.Q4, more_03.Q5, more_03.Q6)
