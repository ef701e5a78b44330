"""What questions 4, 5 and 6 take from the train images."""

import numpy as np

from course_utils.questions.authoring import of_data


@of_data
def _of_train(data):
    # both at once: the images need not be loaded again once a net has taken the memory
    from course_utils import PCA

    return PCA().fit(data.X_train).explained_variance_.astype(float), data.X_train[:500].astype(float)


def variances():
    """Return the variances of all components of train, largest first."""
    return _of_train()[0]


def first_500():
    """Return the first 500 train images."""
    return _of_train()[1]


def centred_500():
    """Return these images less their mean."""
    return first_500() - first_500().mean(axis=0)


@of_data
def five_and_total(data):
    """Return the five largest variances of train by a truncated SVD, and the sum of all by adding up the pixels'."""
    from scipy.sparse.linalg import svds

    X = data.X_train - data.X_train.mean(axis=0)
    s = svds(X, k=5, return_singular_vectors=False, random_state=0)
    return np.sort(s.astype(float))[::-1] ** 2 / len(X), np.var(X, axis=0, dtype=float).sum()


@of_data
def eigenvalues(data):
    """Return the eigenvalues of the covariance of train, largest first."""
    return np.linalg.eigvalsh(np.cov(data.X_train, rowvar=False, dtype=np.float32))[::-1].astype(float)
