"""Checks shared by the modules: an error names the argument, the expected, what came and what to do."""

import inspect
from collections.abc import Mapping, Set
from numbers import Integral

import numpy as np


def message(name: str, expected: str, got: str, hint: str = "") -> str:
    """Return the text of an error: the argument, what was expected, what came, and what to do about it."""
    return f"{name}: expected {expected}, got {got}. {hint}".rstrip()


def as_array(name: str, value, hint: str = "") -> np.ndarray:
    """Return ``value`` as an array of any type, without a copy where it is one; ValueError where NumPy makes none."""
    try:
        return np.asarray(value)
    except (ValueError, TypeError, NotImplementedError) as error:
        # lists of unequal length, or a tensor that stands for values to come
        got = "rows that differ" if isinstance(value, list | tuple) else f"a {type(value).__name__} without values"
        raise ValueError(message(name, "a regular array of numbers", got, hint)) from error


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
    array = as_array(name, value, hint)
    if array.dtype.kind not in "biuf":
        got = f"{type(value).__name__} of dtype {array.dtype}"
        raise TypeError(message(name, "an array of real numbers", got, hint))
    if array.ndim == 0 or (ndim is not None and array.ndim != ndim):
        expected = "an array of at least 1 dimension" if ndim is None else f"an array of {ndim} dimension(s)"
        raise ValueError(message(name, expected, f"{array.ndim} with shape {array.shape}", hint))
    if n_features is not None and array.shape[-1] != n_features:
        expected = f"a last axis of length {n_features}"
        raise ValueError(message(name, expected, f"{array.shape[-1]} with shape {array.shape}", hint))
    if array.size == 0:
        raise ValueError(message(name, "at least one value", f"an empty array of shape {array.shape}", hint))
    if array.dtype not in (np.float32, np.float64):
        array = array.astype(np.float64)
    # NaN and infinity both show in the extremes: an array of flags is needed only to count them
    if not (np.isfinite(array.min()) and np.isfinite(array.max())):
        n_bad = np.count_nonzero(~np.isfinite(array))
        got = f"{n_bad} NaN or infinite value(s) among {array.size}"
        raise ValueError(message(name, "finite values only", got, hint))
    return array


def check_same_shape(name_a: str, a: np.ndarray, name_b: str, b: np.ndarray, hint: str = "") -> None:
    """Raise a ValueError unless the arrays ``a`` and ``b`` have one shape; broadcasting hides mistakes."""
    if a.shape != b.shape:
        raise ValueError(message(name_b, f"the shape of {name_a}, {a.shape}", f"{b.shape}", hint))


def check_squares(name: str, array: np.ndarray, dtype=np.float64) -> None:
    """Raise a ValueError where sums of squared differences between values of ``array`` may overflow ``dtype``."""
    limit = np.sqrt(np.finfo(dtype).max / array.size) / 2
    if np.finfo(array.dtype).max <= limit:  # float32 in sums of float64: no need to look
        return
    largest = max(-array.min(), array.max())
    if largest > limit:
        expected = f"values up to {limit:.1e}, whose squares can be summed in {np.dtype(dtype)}"
        hint = "Bring the data to a common scale first: X / np.abs(X).max()."
        raise ValueError(message(name, expected, f"a largest absolute value of {largest:.3g}", hint))


def check_labels(value, n: int, low: int, high: int) -> np.ndarray:
    """Return the labels of n codes as an int64 array of shape (n,), each from ``low`` to ``high``.

    Raises TypeError or ValueError for text, parts of numbers, another range or another count.
    """
    hint = "Give one whole number for each code; labels.astype(int) makes numbers of text."
    labels = check_array("labels", value, ndim=1, hint=hint)
    if len(labels) != n:
        raise ValueError(message("labels", f"{n} whole numbers, one for each code", f"{len(labels)}", hint))
    bad = labels[(labels != np.round(labels)) | (labels < low) | (labels > high)]
    if bad.size:
        raise ValueError(message("labels", f"whole numbers from {low} to {high}", f"{bad[0]:g}", hint))
    return labels.astype(np.int64)


def check_image_shape(image_shape) -> tuple[int, int]:
    """Return (height, width) as two ints of at least 1; TypeError or ValueError where it is no such pair."""
    hint = "(28, 28) is the shape of MNIST's images."
    try:
        height, width = image_shape
    except (TypeError, ValueError) as error:
        raise ValueError(message("image_shape", "(height, width)", repr(image_shape), hint)) from error
    return check_count("image_shape[0]", height, 1, hint=hint), check_count("image_shape[1]", width, 1, hint=hint)


def check_function(name: str, value, arguments: str, hint: str = "") -> None:
    """Raise a TypeError unless ``value`` can be called with these arguments, names separated by commas."""
    expected = f"a function of ({arguments})"
    if not callable(value):
        raise TypeError(message(name, expected, f"{type(value).__name__}, which cannot be called", hint))
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):  # some functions written in C tell none
        return
    try:
        signature.bind(*arguments.split(", "))
    except TypeError as error:
        raise TypeError(message(name, expected, f"one of {signature}", hint)) from error


def check_counts(name: str, values, low: int, hint: str = "") -> list[int]:
    """Return a sequence of integers, each at least ``low``, as a list of ints; errors as of `check_count`."""
    try:
        items = list(values)
    except TypeError:
        items = None
    if items is None or isinstance(values, str | Mapping | Set):  # a set has no order
        raise TypeError(message(name, "a sequence of integers", f"{values!r} of type {type(values).__name__}", hint))
    return [check_count(f"{name}[{i}]", item, low, hint=hint) for i, item in enumerate(items)]


def check_count(name: str, value, low: int, high: int | None = None, hint: str = "") -> int:
    """Return ``value`` as an int from ``low`` to ``high``, both included; ``high=None`` sets no upper limit.

    Raises
    ------
    TypeError, where ``value`` is not an integer (NumPy's integers are, True and 2.0 are not)
    ValueError, where it is out of range
    """
    expected = f"an integer from {low} to {high}" if high is not None else f"an integer of at least {low}"
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(message(name, expected, f"{value!r} of type {type(value).__name__}", hint))
    if value < low or (high is not None and value > high):
        raise ValueError(message(name, expected, f"{value}", hint))
    return int(value)
