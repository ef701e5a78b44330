"""The film of a training: a map of codes, or a decoder's curve, from the first step to the last, with the error.

Frames go to the browser once, two bytes a number; it plays them by itself (film.js).
"""

import pathlib

import anywidget
import numpy as np
import traitlets

from course_utils._validation import check_array, check_labels, message
from course_utils.widgets import read_style

__all__ = ["Film"]

_HERE = pathlib.Path(__file__).parent
_SHARED = ("view.js", "plot.js", "cloud.js", "losses.js", "controls.js", "explorer/map.js")
_MODULES = (*(f"../{name}" for name in _SHARED), "film.js")  # anywidget takes one module
_STEPS = 2**16 - 1  # of a number between the lowest and the highest of its frame
_MOST = 375_000  # bytes: 0.5 MB in a page, where bytes are written as text


class Film(anywidget.AnyWidget):
    """Play what a `FilmRecorder` has recorded, and see the error at each moment.

    It works by mouse, touch, pen and keyboard, in Jupyter and in exported HTML without a kernel. A map is drawn with a
    colour and a marker for each label, and its axes grow with it; a curve is drawn over the points.

    Parameters
    ----------
    recorder : FilmRecorder
        After ``fit``.
    labels : array of n whole numbers, or None
        The class of each of the recorder's points; a map needs it, a curve has none.
    pca_mse : float or None
        The mean squared error of PCA with as many numbers, drawn as a line to compare with.

    Attributes
    ----------
    frame : int
        Which frame is shown, from 0. Set it and the film moves; play it and it changes; ``observe`` and
        ``traitlets.link`` work with it. At first the last one, the trained net.

    Raises
    ------
    TypeError, ValueError
        The recorder has recorded nothing, labels do not fit, or the film would take more than 0.5 MB of a page.
    """

    _esm = "\n".join((_HERE / name).read_text(encoding="utf-8") for name in _MODULES)
    _css = read_style(_HERE / "film.css")

    frame = traitlets.Int(0).tag(sync=True)
    _frames = traitlets.Bytes().tag(sync=True)  # uint16, x0 y0 x1 y1 ... of each frame, as parts of its box
    _boxes = traitlets.List().tag(sync=True)  # [x0, y0, x1, y1] of each frame
    _steps = traitlets.List().tag(sync=True)
    _losses = traitlets.List().tag(sync=True)
    _steps_per_epoch = traitlets.Int().tag(sync=True)
    _labels = traitlets.Bytes().tag(sync=True)  # int32; of a curve none
    _points = traitlets.Bytes().tag(sync=True)  # float32, x0 y0 x1 y1 ...; of a map none
    _pca_mse = traitlets.Float(None, allow_none=True).tag(sync=True)

    def __init__(self, recorder, labels=None, pca_mse=None, **kwargs):
        """Check every argument, round the frames and hand all to the browser."""
        _check_recorder(recorder)
        frames = check_array("recorder.frames", recorder.frames, ndim=3, hint="Did the training go astray?")
        losses = check_array("recorder.losses", recorder.losses, ndim=1)
        if frames.size * 2 > _MOST:
            hint = f"Record fewer points: X[:{_MOST // 4 // len(frames)}]."
            raise ValueError(message("recorder.X", "a film of at most 0.5 MB", f"{len(recorder.X)} points", hint))
        packed, boxes = _pack(frames)
        super().__init__(
            frame=len(frames) - 1,
            _frames=packed,
            _boxes=boxes,
            _steps=list(recorder.steps),
            _losses=losses.tolist(),
            _steps_per_epoch=recorder.steps_per_epoch,
            _labels=_check_labels(recorder, labels),
            _points=recorder.X.astype("<f4").tobytes() if recorder.is_curve else b"",
            _pca_mse=None if pca_mse is None else float(check_array("pca_mse", [pca_mse], ndim=1)[0]),
            **kwargs,
        )

    @traitlets.validate("frame")
    def _check_frame(self, proposal):
        last = len(self._steps) - 1
        if not 0 <= proposal.value <= last:
            raise traitlets.TraitError(message("frame", f"a whole number from 0 to {last}", f"{proposal.value}"))
        return proposal.value


def _check_recorder(recorder):
    from course_utils.recording import FilmRecorder  # not above: the book reads this module without TensorFlow

    hint = "Give it to fit first: model.fit(..., callbacks=[recorder])."
    if not isinstance(recorder, FilmRecorder):
        raise TypeError(message("recorder", "a FilmRecorder", type(recorder).__name__, hint))
    if not recorder.frames:
        raise ValueError(message("recorder", "at least one frame", "none", hint))


def _check_labels(recorder, labels):
    if recorder.is_curve:
        if labels is not None:
            raise ValueError(message("labels", "none for a curve", "some", "They belong to a map of codes."))
        return b""
    if labels is None:
        hint = "Give the class of each of the recorder's points; zeros, if they have none."
        raise ValueError(message("labels", f"{len(recorder.X)} whole numbers for a map", "none", hint))
    return check_labels(labels, len(recorder.X), -(2**31), 2**31 - 1).astype("<i4").tobytes()


def _pack(frames):
    """Round frames (n_frames, n, 2) to 65,535 steps between the lowest and the highest of each axis of each frame."""
    low, high = frames.min(axis=1), frames.max(axis=1)  # (n_frames, 2)
    size = np.where(high > low, high - low, 1)[:, None]
    steps = np.rint((frames - low[:, None]) / size * _STEPS).astype("<u2")
    return steps.tobytes(), np.hstack([low, high]).astype(float).tolist()
