"""Bases of subspaces and the angles between them, for questions 1 and 6."""

import numpy as np


def orthonormal(M):
    """Return an orthonormal basis of the rows of M, as columns."""
    return np.linalg.qr(M.T)[0]


def unit_rows(M):
    """Return the rows of M, scaled to length 1, as columns."""
    return (M / np.linalg.norm(M, axis=1, keepdims=True)).T


def cosines(A, B, basis=orthonormal):
    """Return the singular values of the product of two bases, largest first; rounding may take one above 1."""
    return np.linalg.svd(basis(A).T @ basis(B), compute_uv=False)


def largest_angle(A, B, basis=orthonormal):
    """Return the largest principal angle between the subspaces that the rows span, in degrees."""
    return np.degrees(np.arccos(np.clip(cosines(A, B, basis).min(), -1, 1)))
