"""The questions to lesson 3, the autoencoder: the last three, and the code of the fifth."""

import numpy as np

from course_utils.questions import answers_03 as code
from course_utils.questions.authoring import array, number
from course_utils.questions.engine.data import of_data
from course_utils.questions.engine.models import Check, model
from course_utils.questions.engine.question import Mistake

# 5. Experiment: a thousand images


@of_data
def few(data):
    """Return PCA's errors on the thousand images, on validation and on test, fitted on each and on all of train."""
    from course_utils.metrics import pca_error_curve
    from course_utils.pca import PCA

    X_train, X_val = data.X_train[:-5_000], data.X_train[-5_000:]
    X_few = X_train[np.random.default_rng(0).choice(len(X_train), 1_000, replace=False)]
    sets = {"few": X_few, "validation": X_val, "test": data.X_test}
    fit_on = {"few": X_few, "validation": X_val, "train": X_train}
    fitted = {name: PCA(n_components=2).fit(X) for name, X in fit_on.items()}
    curves = {(on, of): pca_error_curve(pca, X) for on, pca in fitted.items() for of, X in sets.items()}
    return {(on, of + more): curves[on, of][k] for on, of in curves for k, more in ((1, ""), (0, ", one"))}


def of_pca(fitted_on=("few", "few"), of=("few", "validation")):
    """Return PCA's two errors."""
    return [few()[pair] for pair in zip(fitted_on, of, strict=True)]


def table(over_pca=(0.76, 0.87), pca=None):
    """Return a table as the experiment gives it: PCA's errors, and those of a net in parts of these."""
    own = of_pca()
    return np.array([own if pca is None else pca, np.multiply(own, over_pca)])


def parts(answer):
    """Return PCA's row over the right one, and the net's row over it; 0s for another shape."""
    if np.shape(answer) != (2, 2):
        return np.zeros((2, 2))
    return np.asarray(answer) / of_pca()


def pca_is(answer, *pair):
    """Return whether PCA's row has just these errors."""
    return np.shape(answer) == (2, 2) and np.allclose(answer[0], of_pca(*pair), rtol=3e-4)


def _is_table(answer):
    if not pca_is(answer):
        return False
    seen, unseen = parts(answer)[1]
    return 0.55 < seen < 0.88 and 0.7 < unseen < 0.98 and answer[1, 1] > 1.03 * answer[1, 0]


# The questions

Q4 = number(
    "03.4",
    "a stretched map",
    right=code.accuracy,
    also_right=(lambda: code.accuracy((1e4, 1)),),
    rtol=0,
    atol=2e-3,
    low=0,
    high=1,
    hints=(
        "What does a map do on which one axis is a thousand times as long as the other? Which points are then near?",
        "In the squared distance of two codes, one part is multiplied by c squared, the other is not. What is left of "
        "the other when c is huge?",
        "`KNeighborsClassifier(n_neighbors=5).fit(codes_train[:, :1], y_train)`, and its `score` on the same column of "
        "the validation codes.",
    ),
    mistakes=(
        Mistake(
            "not stretched",
            "This is the accuracy on the map as it is. Who divides by c: the neighbours, or the decoder alone?",
            lambda: code.accuracy((1, 1)),
        ),
        Mistake(
            "the other axis",
            "Only the other number is left on your map. Which one is stretched?",
            lambda: code.accuracy((0, 1)),
        ),
        Mistake(
            "validation stretched alone",
            "You stretched the validation codes and not those of train. Both come from the same encoder.",
            lambda: code.accuracy((1e4, 1), only_val=True),
        ),
        Mistake(
            "own neighbours",
            "The neighbours are to be found among the *train* codes; among the validation codes each is its own.",
            lambda: code.accuracy(swapped=True),
        ),
        Mistake("one neighbour", "This is the accuracy from the one nearest neighbour.", lambda: code.accuracy(k=1)),
        Mistake("share of errors", "That is how often the guess is *wrong*.", lambda: 1 - code.accuracy()),
        Mistake("per cent", "That is in per cent. Give a share.", lambda: 100 * code.accuracy()),
        Mistake(
            "stretched a little",
            "You stretch, but the other axis has a say still. What does it tend to?",
            lambda: code.accuracy((3, 1)),
            recognise=lambda value: any(
                abs(value - code.accuracy((c, 1))) < 1e-6 for c in (2, 3, 5, 10, 20, 30, 50, 100, 1000)
            ),
        ),
    ),
    praise="Not a pixel changed, and the map is in ruins: a small error does not make a good map.",
)


Q5 = array(
    "03.5",
    "a thousand images",
    right=table,
    shape=(2, 2),
    low=0,
    accepts=_is_table,
    hints=(
        "`PCA(n_components=2).fit(X_few)` sees the thousand images alone, and so does the net. Then evaluate each of "
        "them twice, with nothing fitted again.",
        "`pca_error_curve(pca, X)[1]` is PCA's error with two components on any X. For the net: `evaluate(X, X, "
        "verbose=0)`, after training.",
        '`net = build_autoencoder(784, [128, 32], 2).model`; `net.compile("adam", "mean_squared_error")`; '
        "`net.fit(X_few, X_few, batch_size=32, epochs=100, verbose=0)`.",
    ),
    mistakes=(
        Mistake(
            "all of train",
            "Your PCA was fitted on all of train. A fair comparison gives both models the same images.",
            lambda: table(pca=of_pca(("train", "train"))),
            recognise=lambda answer: pca_is(answer, ("train", "train")),
        ),
        Mistake(
            "fitted twice",
            "You fitted PCA on the validation images as well. Which images may a model see before it is judged?",
            lambda: table(pca=of_pca(("few", "validation"))),
            recognise=lambda answer: pca_is(answer, ("few", "validation")),
        ),
        Mistake(
            "test for validation",
            "PCA's second error is that on test. Is all chosen yet?",
            lambda: table(pca=of_pca(of=("few", "test"))),
            recognise=lambda answer: pca_is(answer, ("few", "few"), ("few", "test")),
        ),
        Mistake(
            "one component",
            "Your PCA keeps one number, and the net two. At which place of the curve are two components?",
            lambda: table(pca=of_pca(of=("few, one", "validation, one"))),
            recognise=lambda answer: pca_is(answer, ("few", "few"), ("few, one", "validation, one")),
        ),
        Mistake(
            "columns exchanged",
            "The columns are exchanged, in one row at least: the thousand images come first.",
            lambda: table()[:, ::-1],
            recognise=lambda a: pca_is(a[:, ::-1]) or (pca_is(a) and a[1, 1] < 0.95 * a[1, 0]),
        ),
        Mistake(
            "axes exchanged",
            "Rows and columns are exchanged: a row belongs to a model.",
            lambda: table().T,
            recognise=lambda answer: pca_is(np.transpose(answer)),
        ),
        Mistake(
            "PCA's row",
            "PCA's row, the first, is not right, and it cannot differ from run to run: two components, fitted on "
            "`X_few` with its mean, error per pixel.",
            lambda: table() * 784,
            recognise=lambda answer: np.shape(answer) == (2, 2) and not pca_is(answer),
        ),
        Mistake(
            "not trained",
            "PCA's row is right. The net's errors are more than twice PCA's: was *this* net trained, image to image?",
            lambda: table((4, 4)),
            recognise=lambda answer: parts(answer)[1, 1] > 2,
        ),
        Mistake(
            "one column twice",
            "PCA's row is right. The net's two errors are all but the same: are they of the same images, or has it "
            "been trained on others than the thousand?",
            lambda: table((0.7, 0.7)),
            recognise=lambda answer: parts(answer)[1, 0] < 0.88 and answer[1][1] < 1.03 * answer[1][0],
        ),
        Mistake(
            "stopped early",
            "PCA's row is right. The net is no good on the thousand images yet: 100 epochs, in batches of 32?",
            lambda: table((0.97, 0.98)),
            recognise=lambda answer: parts(answer)[1, 0] >= 0.88,
        ),
    ),
    praise="Compare the rows: what each model gains on images that it has seen, and which is better on the others.",
)


def _limit():
    return 0.8 * code.yardsticks()[1]


Q6 = model(
    "03.6",
    "a small net",
    images=code.unseen,
    latent_dim=2,
    right=code.small,
    slow=True,
    checks=(
        Check(
            "It is better than PCA's two components, but not by a fifth yet. Does the error still fall when training "
            "ends? What do other activations, rates or shapes give on validation?",
            lambda facts: facts["mse"] <= _limit(),
        ),
    ),
    hints=(
        "Decoder and encoder need not mirror each other. Which has the harder task: to find two numbers, or to draw an "
        "image from them? And 784 times the first layer's units are already parameters.",
        "Adam's rate of 0.001 is timid here. Begin higher and let the rate fall to 0: "
        "`keras.optimizers.schedules.CosineDecay(0.005, steps)`, where `steps` is the number of all batches.",
        'Try 784-96-32-2-32-96-96-784 with `activation="gelu"`, that rate, 20,000 images, 20 epochs in batches of 128.',
    ),
    mistakes=(
        Mistake(
            "wide code",
            "More than two numbers pass through it: look for a wider code, or for a way around it.",
            lambda: code.net((64,), code=3),
            recognise=lambda facts: facts["n_numbers"] > 2,
        ),
        Mistake(
            "too large",
            "It has more parameters than allowed. Where are most of them? `model.summary(expand_nested=True)` tells.",
            lambda: code.net((512, 128)),
            recognise=lambda facts: facts["n_parameters"] > 200_000,
        ),
        Mistake(
            "nothing bends",
            "No layer between input and output bends, so it does what PCA does. Which activation have its layers?",
            lambda: code.net((96, 32), inside=None),
            recognise=lambda facts: all(act in (None, "linear") for _, n, act in facts["layers"] if n != 784),
        ),
        Mistake(
            "not trained",
            "It is no better than the mean image. Was *this* net trained, image to image? Or is its code dead, by an "
            "activation of its own?",
            lambda: code.net((96, 32)),
            recognise=lambda facts: facts["mse"] > 0.95 * code.yardsticks()[0],
        ),
        Mistake(
            "behind PCA",
            "It has learnt something, but PCA's two components leave less still. Has it had enough steps?",
            lambda: code.trained(code.net((96, 32)), 4_000, 5),
            recognise=lambda facts: facts["mse"] > code.yardsticks()[1],
        ),
    ),
    praise="A net that is a fifth of the lesson's in size: how it is trained counts as much as how large it is.",
)
