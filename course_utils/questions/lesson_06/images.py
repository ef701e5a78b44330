"""What the questions on lesson 6 share: figures and images of the data."""

import numpy as np

from course_utils.questions.authoring import of_data


def noisy_again(X, rng):
    """Return X with noise of 0.5, clipped."""
    return np.clip(X + 0.5 * rng.normal(size=X.shape), 0, 1)


@of_data
def of_train(data):
    """Return the variances of train, 2000 clean train images, 300 clean test images and these with noise."""
    # all that needs the data, at once: they are not loaded again when a net has taken its memory
    from course_utils import PCA

    variances = PCA().fit(data.X_train).explained_variance_.astype(float)
    rng = np.random.default_rng(36)
    test = data.X_test[rng.choice(len(data.X_test), 300, replace=False)].astype(float)
    noisy = noisy_again(test, rng)
    return variances, data.X_train[:2000].copy(), test.astype(np.float32), noisy.astype(np.float32)
