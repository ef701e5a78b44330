"""A linear net and the components in it, for questions 3 and 6."""

import numpy as np


def components(codes, W, centre=True, transpose=True):
    """Return the components of the reconstructions codes @ W + b, as rows."""
    codes = codes - centre * codes.mean(axis=0)
    L = np.linalg.cholesky(codes.T @ codes / len(codes))
    return np.linalg.svd((L.T if transpose else L) @ W, full_matrices=False)[2]
