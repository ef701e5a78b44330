"""The 1000 images of questions 1 and 4, and the PCA that right and wrong code computes."""

import numpy as np

from course_utils.questions.authoring import of_data


@of_data
def first_1000(data):
    """Return the first 1000 train images."""
    return data.X_train[:1000].copy()


@of_data
def svd(data):
    """Return U, s, Vt of these images, centred."""
    X = data.X_train[:1000]
    return np.linalg.svd(X - X.mean(axis=0), full_matrices=False)


def fit(X):
    """Return the mean of X and its components as rows."""
    mean = X.mean(axis=0)
    return mean, np.linalg.svd(X - mean, full_matrices=False)[2]


def reconstruct(X_train, X, k):
    """Return X, encoded with k components of X_train and decoded."""
    mean, components = fit(X_train)
    return (X - mean) @ components[:k].T @ components[:k] + mean
