"""What is compared with what, and where the marks are."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """The course's way over a peer's: its seconds, or its memory; the mark is the most that it should be."""

    way: str
    peer: str
    mark: float | None = None
    what: str = "seconds"
    per: float = 1.0  # as often as the way does the peer's work
    missed: str = ""  # why the mark may be missed, and what was tried


@dataclass(frozen=True)
class Row:
    """One piece of work, the ways to do it, and their ratios."""

    name: str
    work: str
    ways: dict[str, str]  # what each is called in the table
    ratios: tuple[Ratio, ...]
    cores: int | None = None  # of all that the machine has
    rounds: int = 5
    small: bool = True  # whether the bench's smallest form does it


# What was tried where a mark was missed

_PCA = (
    "Half of the time is the product itself, and no covariance can do without it. The rest, in seconds of one run "
    "on the machine of the book's table: the error 0.15 (0.20 before it was computed for 250 images at a time), "
    "centring 0.05, the two eigenvectors 0.05 (0.09 for all 784), the mean 0.04, and a check for values that are "
    "not finite 0.03."
)
_EPOCH = (
    "A step of TensorFlow is more than its matrix products: it also adds biases, applies activations, averages, "
    "and updates 936,466 weights by Adam. Tried and kept: twenty steps per call, freed memory that is not given "
    "back within a step, and no tuner of the input, for which TensorFlow waited up to as long as the epoch took."
)


def _epoch(cores):
    return Row(
        f"epoch-{cores}",
        f"An epoch of lesson 3's net, on {'one core' if cores == 1 else 'two cores'}",
        {"epoch-course": "the course", "epoch-fit": "fit(X, X)", "epoch-products": "its matrix products alone"},
        (Ratio("epoch-course", "epoch-products", 1.5, missed=_EPOCH), Ratio("epoch-course", "epoch-fit")),
        cores,
        small=cores == 1,  # on two cores it is the same work
    )


ROWS = (
    Row(
        "pca",
        "PCA with two components, from the images to the error",
        {
            "pca-course": "the course",
            "pca-all-vectors": "all vectors by an SVD, two kept",
            "pca-scikit-learn": "scikit-learn",
            "pca-product": "the product of the images alone",
        },
        (
            Ratio("pca-course", "pca-all-vectors", 1 / 15, missed=_PCA),
            Ratio("pca-course", "pca-all-vectors", 1 / 3, what="mb"),
            Ratio("pca-course", "pca-scikit-learn", 1.0),
            Ratio("pca-course", "pca-product", 2.0, missed=_PCA),
        ),
    ),
    Row(
        "growth",
        "PCA of 1, 4 and 8 times the images, from a file",
        {"times-1": "1 times", "times-4": "4 times", "times-8": "8 times"},
        (
            Ratio("times-4", "times-1", 1.1, per=4),
            Ratio("times-8", "times-1", 1.1, per=8),
            Ratio("times-8", "times-1", 1.1, what="mb"),
        ),
    ),
    _epoch(1),
    _epoch(2),
    Row(
        "imports",
        "The imports of lesson 3, in a new process",
        {"imports-lesson": "the lesson", "imports-frameworks": "TensorFlow and Keras alone"},
        (Ratio("imports-lesson", "imports-frameworks", 1.15),),
    ),
    Row(
        "run",
        "All lessons, as make run executes them",
        {"run-course": "the course", "run-trainings": "its trainings alone"},
        (Ratio("run-course", "run-trainings", 1.3),),
        rounds=1,
        small=False,
    ),
    Row(
        "grading",
        "Grading one solved lesson",
        {"grade-course": "the course", "grade-nbclient": "nbclient, execution alone", "grade-otter": "otter run"},
        (Ratio("grade-course", "grade-nbclient", 1.15), Ratio("grade-course", "grade-otter", 0.5)),
        small=False,
    ),
)
