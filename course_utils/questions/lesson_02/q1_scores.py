"""02.1: the scores of 1000 images on two components."""

import numpy as np

from course_utils.questions.authoring import Mistake, array, of_data
from course_utils.questions.lesson_02.images import first_1000, svd


def right_scores(columns=slice(0, 2)):
    """Return the scores on some components, by default the first two."""
    U, s, _ = svd()
    return U[:, columns] * s[columns]


def by_covariance():
    """Return the centred images projected on eigenvectors of their covariance."""
    X = first_1000() - first_1000().mean(axis=0)
    return X @ np.linalg.eigh(X.T @ X)[1][:, :-3:-1]


def by_gram_matrix():
    """Return eigenvectors of the Gram matrix of the centred images, at the length of the scores."""
    X = first_1000() - first_1000().mean(axis=0)
    squares, U = np.linalg.eigh((X @ X.T).astype(float))
    return U[:, :-3:-1] * np.sqrt(squares[:-3:-1])


def by_scikit_learn():
    """Return the scores that scikit-learn computes."""
    from sklearn.decomposition import PCA

    return PCA(n_components=2, svd_solver="full").fit_transform(first_1000())


def scores(X):
    """Return two scores for each row of X as it is, not centred here: (n, 784) -> (n, 2)."""
    U, s, _ = np.linalg.svd(X, full_matrices=False)
    return U[:, :2] * s[:2]


def standardised():
    """Return scores of pixels that were divided by their standard deviations, where these are not zero."""
    X = first_1000() - first_1000().mean(axis=0)
    std = X.std(axis=0)
    return scores(X / np.where(std > 0, std, 1))


@of_data
def on_axes_of_train(data):
    """Return scores on the first two components of all train images."""
    mean = data.X_train.mean(axis=0)
    second = data.X_train.T @ data.X_train / len(data.X_train)
    components = np.linalg.eigh(second - np.outer(mean, mean))[1][:, :-3:-1]
    return (first_1000() - mean) @ components


def is_same_but_shifted(value, other):
    """Return whether two arrays of scores agree once each column has mean 0 and the same sign."""
    value, other = value - value.mean(axis=0), other - other.mean(axis=0)
    value = value * np.where((value * other).sum(axis=0) < 0, -1, 1)
    return np.allclose(value, other, rtol=0, atol=1e-3 * np.abs(other).max())


def is_whitened(value):
    """Return whether both columns are the right ones at one common length."""
    U = svd()[0][:, :2]
    lengths = np.linalg.norm(value, axis=0)
    return np.isclose(*lengths, rtol=1e-3) and is_same_but_shifted(value / lengths, U)


def is_nearly_nothing(value):
    """Return whether all scores are tiny beside the right ones."""
    return value.shape == (1000, 2) and np.abs(value).max() < 0.01 * np.abs(right_scores()).max()


def last_components():
    """Return the scores on the eigenvectors that `eigh` returns first."""
    X = (first_1000() - first_1000().mean(axis=0)).astype(float)
    return X @ np.linalg.eigh(X.T @ X)[1][:, :2]


QUESTION = array(
    "02.1",
    "two scores for each image",
    right=right_scores,
    also_right=(by_covariance, by_gram_matrix, by_scikit_learn),
    signs="columns",
    rtol=1e-3,
    hints=(
        "Centre first. Over which axis of `X` do you have to average to get a mean *image*?",
        "`np.linalg.svd(X_centred, full_matrices=False)` returns `U, s, Vt`. The components are the rows of `Vt`.",
        "The scores are the first columns of `U`, each times its singular value. Equally, they are the centred images "
        "times the first rows of `Vt`, transposed.",
    ),
    mistakes=(
        Mistake(
            "not centred",
            "These are scores of images that were not centred. Where does the first direction point when all the data "
            "lie far from the origin?",
            lambda: scores(first_1000()),
        ),
        Mistake(
            "one mean for all pixels",
            "You subtracted one number from all pixels, the mean brightness of everything. Each pixel has its "
            "own mean: over which axis is it taken?",
            lambda: scores(first_1000() - first_1000().mean()),
        ),
        Mistake(
            "centred each image",
            "You subtracted from each image its own mean brightness. Which mean belongs to a *pixel*?",
            lambda: scores(first_1000() - first_1000().mean(axis=1, keepdims=True)),
        ),
        Mistake(
            "standardised",
            "You divided each pixel by its standard deviation. That is PCA of the correlations: pixels that are "
            "hardly ever used then count as much as any other. Here the images are only centred.",
            standardised,
        ),
        Mistake(
            "ascending",
            "These are the right columns in the wrong order. Some routines return the smallest of the singular values "
            "first: which column has the larger variance?",
            lambda: right_scores(slice(1, None, -1)),
        ),
        Mistake(
            "components 2 and 3",
            "These are the scores on the second and third components. At which index does Python begin to count?",
            lambda: right_scores(slice(1, 3)),
        ),
        Mistake(
            "columns of Vt",
            "You have multiplied by columns of `Vt`. Where in `Vt` is a component?",
            lambda: (first_1000() - first_1000().mean(axis=0)) @ svd()[2][:, :2],
        ),
        Mistake(
            "smallest variance",
            "All these scores are nearly zero: they belong to components of the *smallest* variance. In which order "
            "are they returned?",
            last_components,
            is_nearly_nothing,
        ),
        Mistake(
            "U without s",
            "Both columns have length 1: they are those of `U`. A score says how *far* an image lies from the mean.",
            lambda: svd()[0][:, :2],
        ),
        Mistake(
            "whitened",
            "Both columns vary equally: they are whitened. The first component has more variance than the second, "
            "and its scores should show it.",
            lambda: svd()[0][:, :2] * np.sqrt(999),
            is_whitened,
        ),
        Mistake(
            "fitted on all of train",
            "These components were fitted on all train images. Here the 1000 images `X` are all the data there are.",
            on_axes_of_train,
            lambda value: is_same_but_shifted(value, on_axes_of_train()),
        ),
        Mistake(
            "projected uncentred",
            "The components are right. What do you project on them: the images, or their differences from the mean?",
            lambda: first_1000() @ svd()[2][:2].T,
        ),
        Mistake(
            "axes exchanged",
            "Your array is transposed: in this course each row belongs to an image.",
            lambda: right_scores().T,
        ),
    ),
    praise="The SVD gives the scores directly, and projecting the centred images gives the same.",
)
