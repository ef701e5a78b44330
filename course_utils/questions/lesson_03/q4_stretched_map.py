"""03.4: neighbours on a map of which one axis is stretched."""

import numpy as np

from course_utils.questions.authoring import Mistake, number, of_data, once


@of_data
def maps(data):
    """Return PCA's two scores of 5,000 train images and of 2,000 validation ones, and their digits."""
    from course_utils.pca import PCA

    pca = PCA(n_components=2).fit(data.X_train[:5_000])
    codes = pca.transform(data.X_train[:5_000]), pca.transform(data.X_train[-5_000:-3_000])
    return *codes, data.y_train[:5_000].copy(), data.y_train[-5_000:-3_000].copy()


_known = once(dict)  # accuracies by their arguments: recognising one takes several


def accuracy(stretch=(1, 0), k=5, only_val=False, swapped=False):
    """Return the neighbours' accuracy on a map whose axes are stretched by two factors; (1, 0): the first alone."""
    how = (stretch, k, only_val, swapped)
    if how not in _known():
        _known()[how] = _accuracy(*how)
    return _known()[how]


def _accuracy(stretch, k, only_val, swapped):
    from sklearn.neighbors import KNeighborsClassifier

    codes_train, codes_val, y_train, y_val = maps()
    codes_train, codes_val = codes_train if only_val else codes_train * stretch, codes_val * stretch
    if swapped:
        codes_train, codes_val, y_train, y_val = codes_val, codes_val, y_val, y_val
    return KNeighborsClassifier(n_neighbors=k).fit(codes_train, y_train).score(codes_val, y_val)


def by_sorting():
    """Return the accuracy in the limit from the first numbers alone, in NumPy."""
    codes_train, codes_val, y_train, y_val = maps()
    distances = np.abs(codes_val[:, :1] - codes_train[:, 0])  # (2000, 5000)
    nearest = y_train[np.argsort(distances, axis=1, kind="stable")[:, :5]]
    votes = (nearest[:, :, None] == np.arange(10)).sum(axis=1)  # (2000, 10)
    return np.mean(votes.argmax(axis=1) == y_val)


QUESTION = number(
    "03.4",
    "a stretched map",
    right=accuracy,
    also_right=(lambda: accuracy((1e4, 1)), by_sorting),
    rtol=0,
    atol=2e-3,
    low=0,
    high=1,
    hints=(
        "What does a map look like when one axis is a thousand times as long as the other? Which points are then "
        "near each other?",
        "In the squared distance of two codes, one part is multiplied by c squared, the other is not. What is left of "
        "the other when c is huge?",
        "`KNeighborsClassifier(n_neighbors=5).fit(codes_train[:, :1], labels_train)`, and its `score` on the same "
        "column of the validation codes.",
    ),
    mistakes=(
        Mistake(
            "not stretched",
            "This is the accuracy on the map as it is. Who divides by c: the neighbours, or only the decoder?",
            lambda: accuracy((1, 1)),
        ),
        Mistake(
            "the other axis",
            "Only the other number is left on your map. Which one is stretched?",
            lambda: accuracy((0, 1)),
        ),
        Mistake(
            "only validation stretched",
            "You stretched the validation codes but not those of train. Both come from the same encoder.",
            lambda: accuracy((1e4, 1), only_val=True),
        ),
        Mistake(
            "own neighbours",
            "Look for the neighbours among the *train* codes; among the validation codes each is its own nearest.",
            lambda: accuracy(swapped=True),
        ),
        Mistake("one neighbour", "This is the accuracy from the single nearest neighbour.", lambda: accuracy(k=1)),
        Mistake("share of errors", "That is how often the guess is *wrong*.", lambda: 1 - accuracy()),
        Mistake("per cent", "That is in per cent. Give a share, between 0 and 1.", lambda: 100 * accuracy()),
        Mistake(
            "stretched a little",
            "You stretch the axis, but the other one still has a say. What does the accuracy tend to?",
            lambda: accuracy((3, 1)),
            recognise=lambda value: any(
                abs(value - accuracy((c, 1))) < 1e-6 for c in (2, 3, 5, 10, 20, 30, 50, 100, 1000)
            ),
        ),
    ),
    praise="Not a pixel changed, and the map is in ruins: a small error does not make a good map.",
)
