"""04.4: a linear net at a saddle, with the fifth component in place of the third."""

from course_utils.questions.authoring import Mistake, number, rounded
from course_utils.questions.lesson_04.images import eigenvalues, five_and_total, variances


def above_pca(v, gained=5, lost=3, dropped_from=4):
    """Return how far three components, one of them wrong, lie above PCA's, in per cent; components count from 1."""
    return 100 * (v[lost - 1] - v[gained - 1]) / v[dropped_from - 1 :].sum()


def stuck(**options):
    """Return `above_pca` for the variances of train."""
    return above_pca(variances(), **options)


def by_both_errors(v):
    """Return the same from both errors, each the total less what is kept."""
    net, pca = (v.sum() - sum(v[i] for i in kept) for kept in ((0, 1, 4), (0, 1, 2)))
    return 100 * net / pca - 100


def by_truncated_svd():
    """Return the same from five variances and the sum of all."""
    v, total = five_and_total()
    return 100 * (v[2] - v[4]) / (total - v[:3].sum())


QUESTION = number(
    "04.4",
    "stuck at the fifth",
    right=stuck,
    also_right=(lambda: by_both_errors(eigenvalues()), by_truncated_svd),
    rtol=1e-3,
    low=0,
    hints=(
        "PCA drops components 4, 5, 6 and so on. Which ones does the net drop?",
        "Compared with PCA, the net's error contains one variance more and one less. Both errors are sums of "
        "variances, divided by the same number of pixels.",
        "100 times (variance 3 minus variance 5), divided by the sum of the variances from the 4th on. Python counts "
        "from 0.",
    ),
    mistakes=(
        rounded(stuck),
        Mistake("a share", "This is a share. The question asks for per cent.", lambda: stuck() / 100),
        Mistake(
            "per cent of PCA's error",
            "This is the net's error *in* per cent of PCA's. How far *above* PCA's is it?",
            lambda: 100 + stuck(),
        ),
        Mistake(
            "ratio",
            "This is the net's error divided by PCA's. How far *above* PCA's is it, in per cent?",
            lambda: 1 + stuck() / 100,
        ),
        Mistake(
            "below",
            "The sign is the wrong way round: no linear net is better than PCA on train.",
            lambda: -stuck(),
        ),
        Mistake(
            "nothing gained",
            "This is the loss of the third component. Does the net get nothing in exchange?",
            lambda: 100 * variances()[2] / variances()[3:].sum(),
        ),
        Mistake(
            "of the whole variance",
            "The difference is right, but you divide by the variance of the images. Whose error is the yardstick?",
            lambda: stuck(dropped_from=1),
        ),
        Mistake(
            "two components as the yardstick",
            "The difference is right, but your PCA keeps two components. How many code units has the net?",
            lambda: stuck(dropped_from=3),
        ),
        Mistake(
            "four components as the yardstick",
            "The difference is right, but your PCA keeps four components. How many code units has the net?",
            lambda: stuck(dropped_from=5),
        ),
        Mistake(
            "of the net's own error",
            "You divide by the net's error. Which error is the yardstick?",
            lambda: 100 * (1 - 1 / (1 + stuck() / 100)),
        ),
        Mistake(
            "counted from 0",
            "You took `variances[3]` and `variances[5]`. Python counts from 0.",
            lambda: stuck(gained=6, lost=4),
        ),
        Mistake(
            "counted from 0 throughout",
            "You took `variances[3]` and `variances[5]`, and a sum that starts too late. Python counts from 0.",
            lambda: stuck(gained=6, lost=4, dropped_from=5),
        ),
        Mistake(
            "standard deviations",
            "You add up standard deviations. Only variances may be added.",
            lambda: above_pca(variances() ** 0.5),
        ),
        Mistake(
            "the fourth for the fifth",
            "This is a net with component 4 in place of 3. Read again which components this one has found.",
            lambda: stuck(gained=4),
        ),
    ),
    praise="The error at a saddle can be so close to the best one that only the angles show the difference.",
)
