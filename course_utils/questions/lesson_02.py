"""The questions to lesson 2, MNIST by PCA: the first three, and all in a row."""

import numpy as np

from course_utils.questions import answers_02 as code
from course_utils.questions.authoring import array, function
from course_utils.questions.engine.question import Mistake
from course_utils.questions.more_02 import Q4, Q5, Q6

# 1. Compute: the scores of 1000 images


Q1 = array(
    "02.1",
    "two scores for each image",
    right=lambda: code.svd()[0][:, :2] * code.svd()[1][:2],
    also_right=(lambda: code.projected(code.first_1000(), code.svd()[2][:2].T),),
    signs="columns",
    rtol=1e-3,
    hints=(
        "Centre first. Over which axis of `X` do you have to average, so that a mean *image* remains?",
        "`np.linalg.svd(X_centred, full_matrices=False)` gives `U, s, Vt`. The components are the rows of `Vt`.",
        "The scores are the first columns of `U`, each times its singular value; or the centred images times the "
        "first rows of `Vt`, transposed.",
    ),
    mistakes=(
        Mistake(
            "not centred",
            "These are scores of images that were not centred. Where does the first direction point, when all the "
            "data lie far from the origin?",
            lambda: code.scores(code.first_1000()),
        ),
        Mistake(
            "centred each image",
            "You have taken from each image its own mean brightness. Which mean belongs to a *pixel*?",
            lambda: code.scores(code.first_1000() - code.first_1000().mean(axis=1, keepdims=True)),
        ),
        Mistake(
            "U without s",
            "Both columns have length 1: they are those of `U`. A score says how *far* an image lies from the mean.",
            lambda: code.svd()[0][:, :2],
        ),
        Mistake(
            "projected uncentred",
            "The components are right. But what is projected on them: the images, or what differs from the mean?",
            lambda: code.first_1000() @ code.svd()[2][:2].T,
        ),
        Mistake(
            "columns of Vt",
            "You have multiplied by columns of `Vt`. Where in it does a component stand?",
            lambda: code.projected(code.first_1000(), code.svd()[2][:, :2]),
        ),
        Mistake(
            "axes exchanged",
            "Your array lies on its side: in this course a row belongs to an image.",
            lambda: (code.svd()[0][:, :2] * code.svd()[1][:2]).T,
        ),
    ),
    praise="The SVD gives the scores at once, and projecting the centred images gives the same.",
)


# 2. Complete: train and test kept apart


Q2 = function(
    "02.2",
    "test with train's mean and components",
    arguments="X_train, X, k",
    inputs=code.points,
    right=lambda: code.reconstruct,
    hints=(
        "Two things are learnt, and `X` has no part in either. Which are they?",
        "Mean and `Vt` come from `X_train`. Encode: take the mean away, then multiply by the first k rows of `Vt`, "
        "transposed. Decode: both steps back.",
        "Shapes: `(n, d) @ (d, k)` gives the codes, and `codes @ (k, d)` plus the mean the reconstructions.",
    ),
    mistakes=(
        Mistake(
            "its own axes",
            "Where do your mean and components come from? `X` has learnt its own, so its error is none on unseen data.",
            lambda: lambda X_train, X, k: code.reconstruct(X, X, k),
        ),
        Mistake(
            "its own mean",
            "The components are those of train, but the mean is that of `X`. A mean is learnt, too.",
            lambda: code.own_mean,
        ),
        Mistake(
            "not centred",
            "There is no mean in it. What is the best straight line through data that lie far from the origin, if it "
            "has to pass through the origin?",
            lambda: code.never_centred,
        ),
        Mistake(
            "mean forgotten",
            "Encoding takes the mean away. What must decoding do, so that all components together give back `X`?",
            lambda: code.mean_forgotten,
        ),
        Mistake(
            "components transposed",
            "You took columns of `Vt`. Where in it does a component stand?",
            lambda: code.columns,
        ),
        Mistake(
            "the last ones",
            "You kept the components of the *smallest* variance. In which order does the SVD give them?",
            lambda: code.last_k,
        ),
        Mistake(
            "codes returned",
            "These are the codes. What is still missing on the way back to d numbers?",
            lambda: code.codes_only,
        ),
        Mistake(
            "train for test",
            "You have reconstructed the train data. Which rows were asked for?",
            lambda: lambda X_train, X, k: code.reconstruct(X_train, X_train, k),
        ),
    ),
    praise="Whatever was learnt, the mean as well, was learnt from train alone.",
)


# 3. Find the fault: how many components explain a share


Q3 = function(
    "02.3",
    "the fault in a scree",
    arguments="X, share",
    inputs=code.clouds,
    right=lambda: code.components_for,
    given=lambda: lambda X, share: code.counted(X, share, np.cumsum),
    scalar=True,
    whole=True,
    low=1,
    rtol=1e-9,
    hints=(
        "Print `variances[:3]` and `variances[-3:]`. Which of them belongs to the first component?",
        "`np.linalg.eigh` returns the eigenvalues ascending. At which line does the order begin to matter?",
        "Turn them round, `variances[::-1]`, *before* they are added up.",
    ),
    mistakes=(
        Mistake(
            "turned too late",
            "You turn the sums round. What does the sum of the *smallest* few have to do with the first components?",
            lambda: lambda X, share: code.counted(X, share, lambda v: np.cumsum(v)[::-1]),
        ),
        Mistake(
            "one too few",
            "The order is right now. Python counts from 0: how many components is place 0?",
            lambda: lambda X, share: code.components_for(X, share) - 1,
        ),
        Mistake(
            "one too many",
            "The order is right now. But you answer with one component more than it takes.",
            lambda: lambda X, share: code.components_for(X, share) + 1,
        ),
        Mistake(
            "counted what is left over",
            "That is how many may be *left out*.",
            lambda: lambda X, share: X.shape[1] - code.components_for(X, share),
        ),
        Mistake(
            "standard deviations",
            "You add up roots of variances. Which of the two may be added: variances, or standard deviations?",
            lambda: lambda X, share: code.counted(X, share, lambda v: np.cumsum(v[::-1]), power=0.5),
        ),
        Mistake(
            "not centred",
            "Centring has gone: now the first direction points at the mean, and explains nearly everything.",
            lambda: lambda X, share: code.counted(X, share, lambda v: np.cumsum(v[::-1]), centre=False),
        ),
    ),
    praise="One line: `eigh` sorts the other way round than the SVD does, and nothing warns.",
)

QUESTIONS = (Q1, Q2, Q3, Q4, Q5, Q6)
