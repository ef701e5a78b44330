"""02.2: mean and components of train, applied to other rows."""

import numpy as np

from course_utils.questions.authoring import Mistake, function
from course_utils.questions.lesson_02.images import fit, reconstruct


def points():
    """Return train and test rows, both far from the origin and from each other, and a number of components."""
    rng = np.random.default_rng(2)
    mix = rng.normal(size=(8, 8)) * 2.0 ** -np.arange(8)[:, None]
    return [(rng.normal(size=(40, 8)) @ mix + 3, rng.normal(size=(15, 8)) @ mix + 4, 3)]


def with_means(taken_off, put_on):
    """Return a function as `reconstruct`, with other means; each is a function of (X_train, X)."""

    def reconstructed(X_train, X, k):
        components = fit(X_train)[1][:k]
        return (X - taken_off(X_train, X)) @ components.T @ components + put_on(X_train, X)

    return reconstructed


def of_train(X_train, X):
    """Return the mean of train."""
    return X_train.mean(axis=0)


def of_test(X_train, X):
    """Return the mean of the rows to be reconstructed."""
    return X.mean(axis=0)


def none(X_train, X):
    """Return no mean."""
    return 0


def with_components(chosen):
    """Return a function as `reconstruct`, with other rows of Vt; `chosen` is a function of (Vt, k)."""

    def reconstructed(X_train, X, k):
        mean, Vt = fit(X_train)
        components = chosen(Vt, k)
        return (X - mean) @ components.T @ components + mean

    return reconstructed


def by_covariance(X_train, X, k):
    """Return the same by the eigenvectors of train's covariance."""
    mean = X_train.mean(axis=0)
    V = np.linalg.eigh(np.cov(X_train, rowvar=False))[1][:, -k:]
    return (X - mean) @ V @ V.T + mean


def by_scikit_learn(X_train, X, k):
    """Return the same by scikit-learn."""
    from sklearn.decomposition import PCA

    pca = PCA(n_components=k).fit(X_train)
    return pca.inverse_transform(pca.transform(X))


def never_centred(X_train, X, k):
    """Return X on the best space through the origin."""
    V = np.linalg.svd(X_train, full_matrices=False)[2][:k].T
    return X @ V @ V.T


def codes_only(X_train, X, k):
    """Return the codes."""
    mean, components = fit(X_train)
    return (X - mean) @ components[:k].T


QUESTION = function(
    "02.2",
    "test with train's mean and components",
    arguments="X_train, X, k",
    inputs=points,
    right=lambda: reconstruct,
    also_right=(lambda: by_covariance, lambda: by_scikit_learn),
    hints=(
        "Two things are learnt, and `X` has no part in either. Which are they?",
        "The mean and `Vt` come from `X_train`. Encode: subtract the mean, then multiply by the first k rows of `Vt`, "
        "transposed. Decode: undo both steps.",
        "Shapes: `(n, d) @ (d, k)` gives the codes, and `codes @ (k, d)` plus the mean gives the reconstructions.",
    ),
    mistakes=(
        Mistake(
            "its own axes",
            "Where do your mean and components come from? You learnt them from `X` itself, so the error is not one "
            "on unseen data.",
            lambda: lambda X_train, X, k: reconstruct(X, X, k),
        ),
        Mistake(
            "fitted on train and test",
            "You fitted on train and test together. Then test was seen before it is tested: that is called a leak.",
            lambda: lambda X_train, X, k: reconstruct(np.vstack([X_train, X]), X, k),
        ),
        Mistake(
            "its own mean",
            "The components are those of train, but the mean is that of `X`. A mean is learnt, too.",
            lambda: with_means(of_test, of_test),
        ),
        Mistake(
            "test's mean off, train's mean on",
            "You subtract the mean of `X` and add that of train, so everything moves. Both steps need the same mean: "
            "which one has been learnt?",
            lambda: with_means(of_test, of_train),
        ),
        Mistake(
            "train's mean off, test's mean on",
            "You subtract train's mean and add that of `X`, so everything moves. Both steps need the same mean: which "
            "one has been learnt?",
            lambda: with_means(of_train, of_test),
        ),
        Mistake(
            "not centred",
            "There is no mean in it. Which straight line through the origin fits data that lie far from it?",
            lambda: never_centred,
        ),
        Mistake(
            "components of centred rows, applied to others",
            "The components are right: they were found with the mean taken away. Yet the rows of `X` are multiplied "
            "by them as they are. What does scikit-learn's `transform` do first?",
            lambda: with_means(none, none),
        ),
        Mistake(
            "mean only added",
            "You add the mean at the end, but it was never subtracted from `X`.",
            lambda: with_means(none, of_train),
        ),
        Mistake(
            "mean forgotten",
            "Encoding subtracts the mean. What must decoding do, so that all components together give back `X`?",
            lambda: with_means(of_train, none),
        ),
        Mistake(
            "components transposed",
            "You took columns of `Vt`. Where in `Vt` is a component?",
            lambda: with_components(lambda Vt, k: Vt[:, :k].T),
        ),
        Mistake(
            "the last ones",
            "You kept the components of the *smallest* variance. In which order were they returned?",
            lambda: with_components(lambda Vt, k: Vt[-k:]),
        ),
        Mistake(
            "codes returned",
            "These are the codes. What is still missing on the way back to d numbers?",
            lambda: codes_only,
        ),
        Mistake(
            "train for test",
            "You have reconstructed the train rows. Which rows were asked for?",
            lambda: lambda X_train, X, k: reconstruct(X_train, X_train, k),
        ),
    ),
    praise="Everything that was learnt, the mean included, was learnt from train alone.",
)
