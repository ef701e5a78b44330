"""The questions to lesson 4, a linear autoencoder is PCA: the last three."""

import numpy as np

from course_utils.questions import answers_04 as code
from course_utils.questions.authoring import function, number, rounded
from course_utils.questions.engine.question import Mistake

# 4. Derive: a saddle of three units

Q4 = number(
    "04.4",
    "stuck at the fifth",
    right=code.stuck,
    rtol=1e-3,
    low=0,
    hints=(
        "PCA drops components 4, 5, 6 and so on. Which does the net drop?",
        "The net's error is larger by what it misses and smaller by what it has instead. Both are variances, and the "
        "divisors (pixels, images) are the same above and below the line.",
        "100 times (variance 3 minus variance 5) over the sum of the variances from the 4th on. Python counts from 0.",
    ),
    mistakes=(
        rounded(code.stuck),
        Mistake("a share", "That is the share. Per cent are asked for.", lambda: code.stuck() / 100),
        Mistake(
            "nothing gained",
            "That is the loss of the third component. Does the net get nothing in exchange?",
            lambda: 100 * code.variances()[2] / code.variances()[3:].sum(),
        ),
        Mistake(
            "of the whole variance",
            "The difference is right, but held against the variance of the images. Whose error is the yardstick?",
            lambda: code.stuck(dropped_from=1),
        ),
        Mistake(
            "two components as the yardstick",
            "The difference is right, but your PCA keeps two components. How many numbers has the net?",
            lambda: code.stuck(dropped_from=3),
        ),
        Mistake(
            "of the net's own error",
            "You divide by the net's error. What is it held against?",
            lambda: 100 * (1 - 1 / (1 + code.stuck() / 100)),
        ),
        Mistake(
            "counted from 0",
            "You took `variances[3]` and `variances[5]`. Python counts from 0.",
            lambda: code.stuck(gained=6, lost=4),
        ),
        Mistake(
            "counted from 0 throughout",
            "You took `variances[3]` and `variances[5]`, and dropped what comes behind. Python counts from 0.",
            lambda: code.stuck(gained=6, lost=4, dropped_from=5),
        ),
        Mistake(
            "standard deviations",
            "You add up roots of variances. Which of the two may be added?",
            lambda: code.stuck(power=0.5),
        ),
        Mistake(
            "the fourth for the fifth",
            "That is a net that has component 4 in place of 3. Read again what this one has found.",
            lambda: code.stuck(gained=4),
        ),
    ),
    praise="A saddle may lie so low that the error alone hardly shows it; the angles do.",
)


# 5. Experiment: the smallest bent decoder

Q5 = number(
    "04.5",
    "the smallest bent decoder",
    right=lambda: 3,
    whole=True,
    low=1,
    hints=(
        "Hold each net against PCA's error on the very images that it was trained on: `above_pca`.",
        "Where do the reconstructions of `n_units` bent numbers and a linear layer lie? Of two such numbers?",
        "Two numbers, however bent, are drawn into a plane. Try the next.",
    ),
    mistakes=(
        Mistake(
            "one",
            "One bent unit draws a line, however it is bent. Can a line beat PCA's plane?",
            lambda: 1,
        ),
        Mistake(
            "two",
            "The last layer is linear: two bent numbers are drawn into a plane again. What did the lesson say of the "
            "best plane? Look at the sign of `above_pca`.",
            lambda: 2,
        ),
        Mistake("four", "Four are enough. Are fewer?", lambda: 4),
        Mistake(
            "many",
            "So many are enough. Are fewer? Begin at the lower end.",
            lambda: 8,
            recognise=lambda value: bool(value > 4),
        ),
    ),
    praise="With three the surface can leave the plane. The encoder is linear all the time.",
)


# 6. The challenge: components without an SVD of the images


def _rows(make, recognise=None):
    # recognise judges a single array, and there is one input
    return {"make": lambda: make, "recognise": recognise and (lambda outputs: recognise(outputs[0]))}


Q6 = function(
    "04.6",
    "components by training",
    arguments="X, k",
    inputs=lambda: [(code.some_images(), 3)],
    right=lambda: code.trained,
    also_right=(lambda: code.one_by_one,),
    accepts=lambda outputs: code.are_components(outputs[0]),
    shape=(3, 784),
    slow=True,
    hints=(
        "The net's error is quadratic in the decoder alone, and in the codes alone: each has a best value that is a "
        "system of equations. Take them in turn, some hundred times.",
        "Centre `X`. For a decoder `W` of shape (k, 784) the best codes are `np.linalg.solve(W @ W.T, W @ X.T).T`; for "
        "codes the best `W` is `np.linalg.solve(codes.T @ codes, codes.T @ X)`.",
        "That finds the space. Its axes come as in question 3: the codes' covariance, its Cholesky factor `L`, and the "
        "SVD of `L.T @ W`, which is small.",
    ),
    mistakes=(
        Mistake(
            "not centred",
            "The mean is still in it: what you have found is the best space through the origin. What comes first?",
            **_rows(
                lambda X, k: code.trained(X, k, centre=False),
                lambda rows: rows.shape == (3, 784) and _uncentred(rows),
            ),
        ),
        Mistake(
            "reversed",
            "The right ones, the smallest first. Which component is the first?",
            **_rows(lambda X, k: code.trained(X, k)[::-1], lambda rows: rows.shape == (3, 784) and _near(rows[::-1])),
        ),
        Mistake(
            "not of length 1",
            "The directions are right. Which length has a component?",
            **_rows(lambda X, k: 2 * code.trained(X, k), lambda rows: rows.shape == (3, 784) and _near(rows)),
        ),
        Mistake(
            "the space, other axes",
            "That is the right space, and these are other axes in it. An error cannot tell them apart; what can?",
            **_rows(lambda X, k: code.orthonormal(code.alternate(X, k)[1]).T, code.is_right_space),
        ),
        Mistake(
            "not trained to the end",
            "On the way: the space is within 30 degrees of PCA's. More rounds, or longer steps?",
            **_rows(
                lambda X, k: code.trained(X, k, n_rounds=20),
                lambda rows: rows.shape == (3, 784) and np.linalg.matrix_rank(rows) == 3 and code.plane_off(rows) <= 30,
            ),
        ),
        Mistake(
            "columns",
            "The components are to be the rows of the answer.",
            **_rows(lambda X, k: code.trained(X, k).T, lambda rows: rows.shape == (784, 3)),
        ),
    ),
    praise="No SVD of the images, no covariance: a linear net, trained, is PCA.",
)


def _near(rows):
    return bool(np.all(code.angles_off(rows) <= 1))


def _uncentred(rows):
    # the best space through the origin holds nearly all of the mean image
    mean = code.some_images().mean(axis=0)
    return bool(np.linalg.norm(code.orthonormal(rows).T @ mean) >= 0.98 * np.linalg.norm(mean))
