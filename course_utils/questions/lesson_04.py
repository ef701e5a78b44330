"""The questions to lesson 4, a linear autoencoder is PCA: the first three, and all in a row."""

import numpy as np

from course_utils.questions import answers_04 as code
from course_utils.questions.authoring import function
from course_utils.questions.engine.question import Mistake
from course_utils.questions.more_04 import Q4, Q5, Q6

# 1. Compute: the angle between two subspaces

Q1 = function(
    "04.1",
    "the angle between two subspaces",
    arguments="A, B",
    inputs=code.subspaces,
    right=lambda: code.largest_angle,
    also_right=(lambda: code.by_scipy,),
    scalar=True,
    atol=1e-3,
    hints=(
        "A cosine is a product of vectors of length 1 at right angles to one another. Are the rows of `A` such?",
        "`Q_A = np.linalg.qr(A.T)[0]` has orthonormal columns, which span the same space as the rows of `A`. The "
        "singular values of `Q_A.T @ Q_B` are the cosines of the principal angles.",
        "The largest angle has the smallest cosine. `np.clip(cosine, -1, 1)` before `np.arccos`, then `np.degrees`.",
    ),
    mistakes=(
        Mistake(
            "radians",
            "The angle is right, in another unit. Which one is asked for?",
            lambda: lambda A, B: np.radians(code.largest_angle(A, B)),
        ),
        Mistake(
            "the cosine",
            "That is the cosine of the angle.",
            lambda: lambda A, B: code.cosines(A, B).min(),
        ),
        Mistake(
            "the smallest angle",
            "That is the smallest of the principal angles. Is the largest cosine that of the largest angle?",
            lambda: lambda A, B: np.degrees(np.arccos(code.cosines(A, B).max())),
        ),
        Mistake(
            "arccos of more than 1",
            "For one pair the angle is no number: rounding takes a cosine a little above 1. What can be done before "
            "`np.arccos`?",
            lambda: lambda A, B: np.nan,
            recognise=lambda outputs: bool(np.isnan(outputs).any()),
        ),
        Mistake(
            "rows as they are",
            "The rows are multiplied as they are, long and oblique. The cosine of an angle needs length 1, and here "
            "right angles, too.",
            lambda: lambda A, B: code.largest_angle(A, B, basis=np.transpose),
        ),
        Mistake(
            "rows of length 1",
            "Your rows have length 1, but not right angles to one another: two bases of the same plane come out apart.",
            lambda: lambda A, B: code.largest_angle(A, B, basis=code.unit_rows),
        ),
        Mistake(
            "row by row",
            "You compare the first row with the first and the second with the second. The same plane can be spanned by "
            "other rows.",
            lambda: code.row_by_row,
        ),
        Mistake(
            "columns for rows",
            "Everything lies in the same space, you say: the *columns* of these matrices span all there is. The rows "
            "are asked for.",
            lambda: lambda A, B: code.largest_angle(A.T, B.T),
        ),
    ),
    praise="It does not matter which vectors span the two, nor how long they are.",
)


# 2. Complete: per cent above PCA

Q2 = function(
    "04.2",
    "per cent above PCA",
    arguments="X, reconstruction, k",
    inputs=code.reconstructions,
    right=lambda: code.above_pca,
    scalar=True,
    rtol=1e-6,
    hints=(
        "Two errors on the same `X`: that of `reconstruction`, and PCA's. Which is the yardstick?",
        "PCA's error needs no reconstruction: with `s` the singular values of the centred `X`, it is the sum of the "
        "squares of those that are dropped, over the number of all entries.",
        "`100 * (error / pca_error - 1)`, with `pca_error = np.sum(s[k:] ** 2) / X.size`.",
    ),
    mistakes=(
        Mistake("a share", "That is the share. Per cent are asked for.", lambda: lambda *a: code.above_pca(*a) / 100),
        Mistake(
            "per cent of PCA's error",
            "That is the error *in* per cent of PCA's. How far *above* is it?",
            lambda: lambda *a: code.above_pca(*a) + 100,
        ),
        Mistake(
            "the other yardstick",
            "You divide by the net's error. What is it held against?",
            lambda: lambda X, r, k: 100 * (1 - code.pca_error(X, k) / code.error(X, r)),
        ),
        Mistake(
            "below",
            "The sign is the other way round: an error larger than PCA's lies above it.",
            lambda: lambda *a: -code.above_pca(*a),
        ),
        Mistake(
            "the difference",
            "You subtract the errors. In per cent of what?",
            lambda: lambda X, r, k: 100 * (code.error(X, r) - code.pca_error(X, k)),
        ),
        Mistake(
            "PCA not centred",
            "Your PCA was not centred: its first direction points at the mean, and its error is too large to be PCA's.",
            lambda: lambda X, r, k: 100 * (code.error(X, r) / code.pca_error(X, k, centre=False) - 1),
        ),
        Mistake(
            "n - 1",
            "Very near. By what does `np.cov` divide, and by what an error that is a mean over n points?",
            lambda: lambda X, r, k: 100 * (code.error(X, r) / code.pca_error(X, k) * (len(X) - 1) / len(X) - 1),
        ),
        Mistake(
            "PCA of the reconstruction",
            "Beyond all bounds: is your PCA fitted to the reconstructions, of which it leaves nothing? Fit it to `X`.",
            lambda: lambda X, r, k: 1e20 * code.error(X, r),
            recognise=lambda outputs: all(not np.isfinite(value) or value > 1e6 for value in outputs),
        ),
        Mistake(
            "one component too many",
            "Your PCA keeps more components than k. At which index of Python does the first dropped one stand?",
            lambda: lambda X, r, k: 100 * (code.error(X, r) / code.pca_error(X, k + 1) - 1),
        ),
        Mistake(
            "one component too few",
            "Your PCA keeps fewer components than k. At which index of Python does the first dropped one stand?",
            lambda: lambda X, r, k: 100 * (code.error(X, r) / code.pca_error(X, k - 1) - 1),
        ),
    ),
    praise="On the images that PCA was fitted to, no linear net of k numbers can make this negative.",
)


# 3. Find the fault: the components of a linear net

Q3 = function(
    "04.3",
    "two faults in a recovery",
    arguments="codes, W",
    inputs=code.nets,
    right=lambda: code.components,
    also_right=(lambda: code.by_eigenvectors,),
    given=lambda: code.faulty,
    signs="rows",
    orthonormal="rows",
    rtol=1e-5,
    hints=(
        "Write down the covariance of the centred reconstructions, with the codes' covariance `L @ L.T` in it.",
        "It is `W.T @ L @ L.T @ W`, a matrix transposed times that matrix. Which one?",
        "`np.linalg.cholesky` is given something that is a covariance only if the codes' mean is zero; and the SVD is "
        "to be that of `L.T @ W`.",
    ),
    mistakes=(
        Mistake(
            "not centred",
            "`L.T` is right now. But is `codes.T @ codes / len(codes)` a covariance, whatever the codes' mean?",
            lambda: lambda codes, W: code.components(codes, W, centre=False),
        ),
        Mistake(
            "L for its transpose",
            "Centred now. Write the reconstructions' covariance with `L @ L.T` in it: which factor stands beside `W`?",
            lambda: lambda codes, W: code.components(codes, W, transpose=False),
        ),
        Mistake(
            "SVD of W",
            "These are the singular vectors of W alone. What do they not know of the codes?",
            lambda: lambda codes, W: np.linalg.svd(W, full_matrices=False)[2],
        ),
        Mistake(
            "the other end first",
            "The right ones, the smallest first. Which component is the first?",
            lambda: lambda codes, W: code.components(codes, W)[::-1],
        ),
        Mistake(
            "columns",
            "The right ones, as columns. The rows of the answer are to be the components.",
            lambda: lambda codes, W: code.components(codes, W).T,
        ),
    ),
    praise="The codes' covariance, by its root, tells the SVD how much each direction of W is used.",
)

QUESTIONS = (Q1, Q2, Q3, Q4, Q5, Q6)
