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
def singular_values(data):
    """Return the singular values of the centred train images, by a QR decomposition of one block after the other."""
    mean, R = data.X_train.mean(axis=0), np.zeros((0, data.X_train.shape[1]), np.float32)
    for start in range(0, len(data.X_train), 6000):
        R = np.linalg.qr(np.vstack([R, data.X_train[start : start + 6000] - mean]), mode="r")
    return np.linalg.svd(R, compute_uv=False).astype(float)


@of_data
def eigenvalues(data):
    """Return the eigenvalues of the covariance of train, largest first."""
    return np.linalg.eigvalsh(np.cov(data.X_train, rowvar=False, dtype=np.float32))[::-1].astype(float)
