"""The questions to lesson 1, toy Gaussians."""

import numpy as np

from course_utils.questions import answers_01
from course_utils.questions.answers_01 import loss_of, three_feet
from course_utils.questions.authoring import array, function
from course_utils.questions.engine.question import Mistake
from course_utils.questions.more_01 import Q4, Q5, Q6

Q1 = array(
    "01.1",
    "three points on a line of others",
    right=three_feet,
    shape=(3, 2),
    rtol=1e-3,
    hints=(
        "PCA is fitted to the eight points: their mean, covariance and its eigenvectors. The three new points take "
        "no part in that.",
        "`eigenvalues, V = np.linalg.eigh(np.cov(X, rowvar=False))`: the eigenvectors are the columns of `V`, and the "
        "eigenvalues ascend. Which column is PCA's direction?",
        "With `v = V[:, [-1]]`, of shape (2, 1), the codes are `(X_new - mean) @ v`, of shape (3, 1). Times `v.T`, "
        "plus `mean`: what they stand for.",
    ),
    mistakes=(
        Mistake(
            "own mean of the new points",
            "The direction is right, but you have centred the new points with a mean of their own. Through which point "
            "does the line of the eight run?",
            lambda: three_feet(through=answers_01.THREE.mean(axis=0)),
        ),
        Mistake(
            "fitted to the new points",
            "This is the line of the three new points. To which points is it to be fitted?",
            lambda: three_feet(
                through=answers_01.THREE.mean(axis=0), v=answers_01.sorted_eigenvectors(answers_01.THREE)[:, 0]
            ),
        ),
        Mistake(
            "not centred",
            "This line runs through the origin and points at the middle of the cloud. What has to be taken away before "
            "the directions are compared?",
            lambda: three_feet(through=np.zeros(2), v=answers_01.uncentred_direction()),
        ),
        Mistake(
            "direction not centred",
            "The line runs through the right point, in a wrong direction: was the covariance made of centred points?",
            lambda: three_feet(v=answers_01.uncentred_direction()),
        ),
        Mistake(
            "mean forgotten",
            "The direction is right, but the line runs through the origin. Through which point should it?",
            lambda: three_feet(through=np.zeros(2)),
        ),
        Mistake(
            "mean not added",
            "You have taken the mean away and not given it back: these points lie around the origin.",
            lambda: three_feet(back=False),
        ),
        Mistake(
            "mean not taken away",
            "The mean was added at the end, but was it taken away at the beginning?",
            lambda: three_feet(through=np.zeros(2)) + answers_01.EIGHT.mean(axis=0),
        ),
        Mistake(
            "thin direction",
            "Your line stands across the cloud: it keeps the direction in which the points vary least. In which order "
            "do the eigenvalues come?",
            lambda: three_feet(v=answers_01.sorted_eigenvectors(answers_01.EIGHT)[:, 1]),
        ),
        Mistake(
            "row of V",
            "Your line rises, the cloud falls. Where in `V` does an eigenvector stand, in a row or in a column?",
            lambda: three_feet(v=answers_01.sorted_eigenvectors(answers_01.EIGHT)[:, 0] * [1, -1]),
        ),
        Mistake(
            "regression",
            "This is the regression line: it makes the *vertical* residuals small. Which ones does PCA make small?",
            answers_01.regression,
        ),
        Mistake(
            "fitted to all points",
            "The new points have taken part in the fit. To which points is the line to be fitted?",
            answers_01.fitted_to_all,
        ),
        Mistake(
            "both directions kept",
            "Nothing is lost here: you have kept both directions. How many does $k = 1$ keep?",
            lambda: answers_01.THREE,
        ),
        Mistake(
            "residuals",
            "This is what the line misses, the residuals. What is on the line?",
            lambda: answers_01.THREE - three_feet(),
        ),
        Mistake(
            "codes",
            "These are the codes, one number for each point. What does the decoder make of them?",
            answers_01.codes,
            recognise=lambda value: value.size == 3,
        ),
        Mistake(
            "axes exchanged", "Your array is lying on its side: a point belongs into a row.", lambda: three_feet().T
        ),
    ),
    praise="Fitted to eight points, applied to three others: a line, once found, serves every point.",
    also_right=(
        lambda: three_feet(v=-answers_01.sorted_eigenvectors(answers_01.EIGHT)[:, 0]).astype(np.float32).tolist(),
    ),
)

Q2 = function(
    "01.2",
    "what is lost, without reconstructing",
    arguments="X, k",
    inputs=answers_01.points_and_k,
    right=loss_of,
    scalar=True,
    atol=1e-9,
    hints=(
        "What PCA loses in all is the sum of the eigenvalues that it drops. The mean squared error is a mean over how "
        "many numbers for each point?",
        "`np.linalg.eigvalsh` returns the eigenvalues in ascending order: of d, the first d - k are dropped. And "
        "`np.cov` divides by something that the mean squared error does not divide by: see its argument `ddof`.",
        "`np.linalg.eigvalsh(np.cov(X, rowvar=False, ddof=0))[: d - k].sum() / d`, where d is `X.shape[1]`.",
    ),
    mistakes=(
        Mistake(
            "n - 1 for n",
            "Nearly, but always a little too large, the more so the fewer points there are: by what does `np.cov` "
            "divide, and by what does a mean over all points?",
            lambda: loss_of(ddof=1),
        ),
        Mistake(
            "halved",
            "It holds for points with two coordinates. Where does the 2 come from, and what is it for five?",
            lambda: loss_of(over=lambda d, k: 2),
        ),
        Mistake(
            "summed",
            "This is what a point loses in all. The mean squared error is a mean over the coordinates, too.",
            lambda: loss_of(over=lambda d, k: 1),
        ),
        Mistake(
            "halved, n - 1",
            "Two things to look at: where does the 2 come from, and by what does `np.cov` divide?",
            lambda: loss_of(ddof=1, over=lambda d, k: 2),
        ),
        Mistake(
            "summed, n - 1",
            "Two things to look at: over what is the error a mean, besides the points, and by what does `np.cov` "
            "divide?",
            lambda: loss_of(ddof=1, over=lambda d, k: 1),
        ),
        Mistake(
            "one eigenvalue, halved",
            "This is the formula for two coordinates and one number kept. What is dropped for other d and k?",
            lambda: loss_of(lambda eigenvalues, d, k: eigenvalues[:1], ddof=1, over=lambda d, k: 2),
        ),
        Mistake(
            "mean of the dropped",
            "You have averaged over the dropped directions. The error is a mean over all coordinates of a point.",
            lambda: loss_of(over=lambda d, k: max(d - k, 1)),
        ),
        Mistake(
            "kept",
            "This is the variance that the k numbers keep. What do they lose?",
            lambda: loss_of(counted=lambda eigenvalues, d, k: eigenvalues[d - k :]),
        ),
        Mistake(
            "unsorted",
            "You drop the largest eigenvalues and keep the smallest ones: in which order does NumPy return them?",
            lambda: loss_of(counted=lambda eigenvalues, d, k: eigenvalues[k:]),
        ),
        Mistake(
            "nothing kept",
            "Right but for k = 0, where all is lost: what does `[:-k]` give there?",
            lambda: loss_of(counted=lambda eigenvalues, d, k: eigenvalues[:-k]),
        ),
        Mistake(
            "nothing kept, n - 1",
            "Two things to look at: what does `[:-k]` give for k = 0, and by what does `np.cov` divide?",
            lambda: loss_of(lambda eigenvalues, d, k: eigenvalues[:-k], ddof=1),
        ),
        Mistake(
            "not centred",
            "These are eigenvalues of points that were not centred: is the mean taken away?",
            lambda: answers_01.lost_uncentred,
        ),
        Mistake(
            "share",
            "This is the share of the variance that is lost, between 0 and 1. The error is in squared units of x.",
            lambda: answers_01.share_lost,
        ),
    ),
    praise="The error of any k stands in the eigenvalues: nobody has to reconstruct a point to know it.",
    also_right=(lambda: answers_01.lost_by_reconstructing,),
)

TWO_LEFT = (
    "You have mended one fault; two are left. Try your function on points of which you know what has to come out: "
    "three coordinates, exactly on a line that misses the origin, and k = 1."
)

Q3 = function(
    "01.3",
    "three faults",
    arguments="X, k",
    inputs=answers_01.points_and_k,
    right=answers_01.reconstructing,
    given=lambda: answers_01.reconstructing(mean=False, order=False, columns=False),
    rtol=1e-3,
    hints=(
        "Points that lie exactly on a line in space lose nothing with k = 1. Make some, with `np.outer(t, direction) + "
        "somewhere`, and print what each line of the function gives for them: is it what its comment says?",
        "Print the shape of `mean`. Compare `eigenvalues` with `eigenvalues[order]`. For an eigenvector `v`, `cov @ v` "
        "is a multiple of `v`: for which `v` of yours is it?",
        "A mean needs `axis=0`; `np.argsort` sorts in ascending order; and eigenvectors are columns of `V`.",
    ),
    mistakes=(
        Mistake(
            "mean left",
            "Two faults are gone: the directions are right. But the line, or the plane, does not run through the "
            "middle of the points. What is `mean`?",
            lambda: answers_01.reconstructing(mean=False),
        ),
        Mistake(
            "order left",
            "Two faults are gone. The directions are eigenvectors and start from the mean, but the error is the "
            "largest that k of them can leave.",
            lambda: answers_01.reconstructing(order=False),
        ),
        Mistake(
            "rows left",
            "Two faults are gone: the mean and the order are right. But the directions are not the eigenvectors: hold "
            "`cov @ v` against `v`.",
            lambda: answers_01.reconstructing(columns=False),
        ),
        Mistake("only the mean", TWO_LEFT, lambda: answers_01.reconstructing(order=False, columns=False)),
        Mistake("only the order", TWO_LEFT, lambda: answers_01.reconstructing(mean=False, columns=False)),
        Mistake("only the columns", TWO_LEFT, lambda: answers_01.reconstructing(mean=False, order=False)),
    ),
    praise="Three faults, and not one error message: only points whose outcome you know can tell.",
    also_right=(lambda: answers_01.reconstructing_by_svd,),
)

QUESTIONS = (Q1, Q2, Q3, Q4, Q5, Q6)
