"""The data that right answers are computed from: loaded when one is wanted, let go when that is done.

A student's kernel holds 60,000 images already. What a function of `of_data` returns is kept; the images are not.
"""

import contextlib
from collections.abc import Callable, Iterator
from functools import wraps

from course_utils._mnist.search import find
from course_utils._settings import wanted_data
from course_utils.datasets import Dataset, load_digits28, load_mnist

_held: list[Dataset | None] = []  # one item while anybody holds the data; None before they are loaded
_fell_back = False  # there is no MNIST, and a search for it has failed


def of_data(function: Callable[[Dataset], object]) -> Callable[[], object]:
    """Turn a function of the data into one without arguments that remembers what it returned.

    It must return what is small, and copies instead of views (`X_train[:100]` holds all 60,000 images).
    """
    known = {}

    @wraps(function)
    def result():
        setting = wanted_data()
        if setting not in known:
            with held() as data:
                known[setting] = function(data())
        return known[setting]

    return result


@contextlib.contextmanager
def held() -> Iterator[Callable[[], Dataset]]:
    """Yield a function that loads the data at its first call; all within share them, and the outermost lets go."""
    outermost = not _held
    if outermost:
        _held.append(None)
    try:
        yield _load_once
    finally:
        if outermost:
            _held.clear()


def _load_once():
    if _held[0] is None:
        _held[0] = _load()
    return _held[0]


def _load():
    # as load_mnist, but without its notice, which the exercises' first cell has shown
    global _fell_back
    if wanted_data() == "digits" or (_fell_back and find() is None):
        return load_digits28()
    data = load_mnist()
    _fell_back = data.name == "digits"
    return data
