"""Stored pictures behind a slider: what a net makes of its input at each of some values, without a kernel."""

import pathlib
from collections.abc import Mapping

import anywidget
import numpy as np
import traitlets

from course_utils._validation import check_array, check_image_shape, message
from course_utils.widgets import read_style

__all__ = ["FrameSlider"]

_HERE = pathlib.Path(__file__).parent
_MODULES = ("../view.js", "../controls.js", "../images.js", "frames.js")  # anywidget takes one module
_MOST = 375_000  # bytes: 0.5 MB in a page, where bytes are written as text


class FrameSlider(anywidget.AnyWidget):
    """Move a slider through a quantity's values, and see rows of images at each.

    It works by mouse, touch, pen and keyboard, in Jupyter and in exported HTML without a kernel: the images are
    computed before, and stored with 256 shades of grey.

    Parameters
    ----------
    rows : mapping of names to arrays of shape (n_values, n_images, n_pixels)
        The images of each row at each value, from 0 (paper) to 1 (ink); what exceeds is drawn as paper or ink.
    image_shape : tuple of 2 ints
        Height and width of an image.
    values : array of n_values increasing numbers
        What the slider counts.
    name : str
        Name of the quantity.

    Attributes
    ----------
    frame : int
        Which value is shown, from 0. Set it and the slider moves; ``observe`` and ``traitlets.link`` work with it. At
        first the one in the middle.

    Raises
    ------
    TypeError, ValueError
        The rows do not fit each other, the values or the shape, or would take more than 0.5 MB of a page.
    """

    _esm = "\n".join((_HERE / name).read_text(encoding="utf-8") for name in _MODULES)
    _css = read_style(_HERE / "frames.css")

    frame = traitlets.Int(0).tag(sync=True)
    _values = traitlets.List().tag(sync=True)
    _name = traitlets.Unicode().tag(sync=True)
    _rows = traitlets.List().tag(sync=True)  # their names
    _image_shape = traitlets.List().tag(sync=True)
    _images = traitlets.Bytes().tag(sync=True)  # uint8, 255 is ink: value by value, row by row, image by image

    def __init__(self, rows, image_shape: tuple[int, int], values, name: str, **kwargs):
        """Check every argument and hand all to the browser."""
        height, width = check_image_shape(image_shape)
        values = check_array("values", values, ndim=1, hint="np.linspace(0, 1, 11) makes eleven.")
        if len(values) < 2 or np.diff(values).min() <= 0:
            raise ValueError(message("values", "two or more increasing numbers", str(values)))
        if not isinstance(rows, Mapping) or not rows:
            got = "an empty one" if isinstance(rows, Mapping) else type(rows).__name__
            raise TypeError(message("rows", "a mapping of names to images", got, 'Give {"noisy": images}.'))
        checked = [_check_row(f"rows[{key!r}]", row, len(values), height * width) for key, row in rows.items()]
        counts = [row.shape[1] for row in checked]
        if len({*counts}) > 1:
            raise ValueError(message("rows", "the same number of images in each", f"{counts}"))
        images = np.stack(checked, axis=1)  # (n_values, n_rows, n_images, n_pixels)
        if images.size > _MOST:
            hint = "Give fewer values or fewer images."
            raise ValueError(message("rows", f"at most {_MOST:,} pixels", f"{images.size:,}", hint))
        super().__init__(
            frame=len(values) // 2,
            _values=values.tolist(),
            _name=str(name),
            _rows=[str(key) for key in rows],
            _image_shape=[height, width],
            _images=np.rint(255 * np.clip(images, 0, 1)).astype(np.uint8).tobytes(),
            **kwargs,
        )

    @traitlets.validate("frame")
    def _check_frame(self, proposal):
        last = len(self._values) - 1
        if not 0 <= proposal.value <= last:
            raise traitlets.TraitError(message("frame", f"a whole number from 0 to {last}", f"{proposal.value}"))
        return proposal.value


def _check_row(name, row, n_values, n_pixels):
    row = check_array(name, row, ndim=3, n_features=n_pixels, hint="Give images as rows, a table for each value.")
    if len(row) != n_values:
        raise ValueError(message(name, f"a table of images for each of {n_values} values", f"{len(row)}"))
    return row
