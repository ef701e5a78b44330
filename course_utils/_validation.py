"""Checks shared by the modules: an error names the argument, the expected, what came and what to do."""

from numbers import Integral

import numpy as np


def _message(name, expected, got, hint):
    return f"{name}: expected {expected}, got {got}. {hint}".rstrip()


def check_array(
    name: str,
    value,
    *,
    ndim: int | None = 2,
    n_features: int | None = None,
    hint: str = "",
) -> np.ndarray:
    """Return ``value`` as a non-empty array of finite floats.

    Parameters
    ----------
    name : str, the argument's name in the error message
    value : array-like of numbers
    ndim : number of dimensions, None for any but zero
    n_features : length of the last axis, None for any
    hint : str, what the reader should do about it

    Returns
    -------
    ndarray, without a copy where ``value`` is a float32 or float64 array; every other number becomes float64

    Raises
    ------
    TypeError, where ``value`` does not consist of real numbers
    ValueError, for a wrong shape, an empty array, NaN or infinity
    """
    try:
        array = np.asarray(value)
    except ValueError as error:  # rows of unequal length
        raise ValueError(_message(name, "a regular array of numbers", "rows that differ", hint)) from error
    if array.dtype.kind not in "biuf":
        got = f"{type(value).__name__} of dtype {array.dtype}"
        raise TypeError(_message(name, "an array of real numbers", got, hint))
    if array.ndim == 0 or (ndim is not None and array.ndim != ndim):
        expected = "an array of at least 1 dimension" if ndim is None else f"an array of {ndim} dimension(s)"
        raise ValueError(_message(name, expected, f"{array.ndim} with shape {array.shape}", hint))
    if n_features is not None and array.shape[-1] != n_features:
        expected = f"a last axis of length {n_features}"
        raise ValueError(_message(name, expected, f"{array.shape[-1]} with shape {array.shape}", hint))
    if array.size == 0:
        raise ValueError(_message(name, "at least one value", f"an empty array of shape {array.shape}", hint))
    if array.dtype not in (np.float32, np.float64):
        array = array.astype(np.float64)
    # NaN and infinity both show in the extremes: an array of flags is needed only to count them
    if not (np.isfinite(array.min()) and np.isfinite(array.max())):
        n_bad = np.count_nonzero(~np.isfinite(array))
        got = f"{n_bad} NaN or infinite value(s) among {array.size}"
        raise ValueError(_message(name, "finite values only", got, hint))
    return array


def check_same_shape(name_a: str, a: np.ndarray, name_b: str, b: np.ndarray, hint: str = "") -> None:
    """Raise a ValueError unless the arrays ``a`` and ``b`` have one shape; broadcasting hides mistakes."""
    if a.shape != b.shape:
        raise ValueError(_message(name_b, f"the shape of {name_a}, {a.shape}", f"{b.shape}", hint))


def check_count(name: str, value, low: int, high: int | None = None, hint: str = "") -> int:
    """Return ``value`` as an int from ``low`` to ``high``, both included; ``high=None`` sets no upper limit.

    Raises
    ------
    TypeError, where ``value`` is not an integer (NumPy's integers are, True and 2.0 are not)
    ValueError, where it is out of range
    """
    expected = f"an integer from {low} to {high}" if high is not None else f"an integer of at least {low}"
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(_message(name, expected, f"{value!r} of type {type(value).__name__}", hint))
    if value < low or (high is not None and value > high):
        raise ValueError(_message(name, expected, f"{value}", hint))
    return int(value)
