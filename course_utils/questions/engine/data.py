"""The data that right answers are computed from: loaded when one is wanted, let go when that is done.

A student's kernel holds 60,000 images already. What `once` remembers is kept; the images are not.
"""

import contextlib
from collections.abc import Callable, Iterator
from functools import wraps

from course_utils.datasets import Dataset, load_same_data, name_of_same_data

_held: list[Dataset | None] = []  # one item while anybody holds the data; None before they are loaded


def once(make: Callable[[], object]) -> Callable[[], object]:
    """Have a function without arguments called once for each data set: later calls return what it returned.

    What it returns must be small, since it is kept, and is shared by all who call: nobody may change it.
    """
    known = {}

    @wraps(make)
    def result():
        if (name := name_of_same_data()) not in known:
            value = make()
            name = name_of_same_data()  # making it may have found out which data there are
            known[name] = value
        return known[name]

    return result


def of_data(function: Callable[[Dataset], object]) -> Callable[[], object]:
    """Turn a function of the data into one without arguments, called `once`.

    It must return what is small, and copies instead of views (`X_train[:100]` holds all 60,000 images).
    """

    @once
    @wraps(function)
    def result():
        with held() as data:
            return function(data())

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
    if _held[0] is None or _held[0].name != name_of_same_data():  # whoever holds them may ask for others
        _held[0] = load_same_data()
    return _held[0]
