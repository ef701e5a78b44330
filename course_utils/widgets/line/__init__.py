"""The line to turn: a student lays a line through a cloud of points, and sees what it misses.

Points and lines go to the browser once; it turns the line and measures by itself (line.js).
"""

import math
import pathlib
from collections.abc import Mapping
from numbers import Real

import anywidget
import numpy as np
import traitlets

from course_utils._validation import check_array, check_squares, message
from course_utils.widgets import read_style

__all__ = ["LineExplorer"]

_HERE = pathlib.Path(__file__).parent
_MODULES = ("../view.js", "../plot.js", "../cloud.js", "line.js")  # anywidget takes one module


class _Angle(traitlets.TraitType):
    """A finite number of degrees, brought to [0, 180): beyond, the same lines come again."""

    def validate(self, obj, value):
        if isinstance(value, bool) or not isinstance(value, Real):
            got = f"{value!r} of type {type(value).__name__}"
            raise TypeError(message("angle", "a number of degrees", got))
        if not math.isfinite(value):
            raise ValueError(message("angle", "a finite number of degrees", repr(value)))
        return float(value) % 180 % 180  # twice: -1e-20 % 180 is 180.0


class LineExplorer(anywidget.AnyWidget):
    """Turn a line through the mean of a two-dimensional cloud, and see its residuals and its error.

    It works by mouse, touch, pen and keyboard, in Jupyter and in exported HTML without a kernel. The error is the mean
    squared error over all points and both coordinates. Beside it the error is drawn against the angle, but only at
    angles where the line has been: it snaps nowhere, and the student finds the best one.

    Parameters
    ----------
    X : array of shape (n, 2), n >= 2
        The points.
    lines : mapping of names to arrays of shape (2, 2), or None
        Lines that were drawn by others, each by two of its points. The student can have each of them shown in place of
        their own, with its residuals and its error.

    Attributes
    ----------
    angle : float
        How many degrees the line rises, from 0 to below 180. Set it and the line turns; turn the line and it changes;
        ``observe`` and ``traitlets.link`` work with it. Any finite number may be set, 190 is kept as 10. At first 0.

    Raises
    ------
    ValueError or TypeError
        For shapes that do not fit, NaN, two points that are one; the message says which.
    """

    _esm = "\n".join((_HERE / name).read_text(encoding="utf-8") for name in _MODULES)
    _css = read_style(_HERE / "line.css")

    angle = _Angle(0.0).tag(sync=True)
    _points = traitlets.Bytes().tag(sync=True)  # float32, x0 y0 x1 y1 ...
    _lines = traitlets.List().tag(sync=True)  # [name, [x, y], angle] of each line: one of its points, and its degrees
    _shown = traitlets.Int(-1).tag(sync=True)  # which of the lines is shown, -1: the student's own
    _tried = traitlets.List().tag(sync=True)  # where the line has been, in half degrees

    def __init__(self, X, lines=None, **kwargs):
        """Check every argument and hand all to the browser."""
        X = check_array("X", X, n_features=2, hint="Give one row (x, y) for each point.")
        check_squares("X", X, np.float32)
        if len(X) < 2:
            raise ValueError(message("X", "at least 2 rows", str(len(X)), "A line is laid through their mean."))
        super().__init__(_points=X.astype("<f4").tobytes(), _lines=_check_lines(lines), **kwargs)


def _check_lines(lines):
    hint = 'Give two points of each line: {"diagonal": [[0, 0], [1, 1]]}.'
    if not isinstance(lines, Mapping | None):
        raise TypeError(message("lines", "a mapping from names to points", type(lines).__name__, hint))
    checked = []
    for name, points in (lines or {}).items():
        where = f"lines[{name!r}]"
        points = check_array(where, points, n_features=2, hint=hint)
        check_squares(where, points, np.float32)
        if len(points) != 2:
            raise ValueError(message(where, "2 points", str(len(points)), hint))
        (x, y), (dx, dy) = points[0], points[1] - points[0]
        if dx == dy == 0:
            raise ValueError(message(where, "two points that differ", f"({x:g}, {y:g}) twice", hint))
        angle = math.degrees(math.atan2(dy, dx)) % 180 % 180
        checked.append([str(name), [float(x), float(y)], angle])
    return checked
