"""05.3: two faults in a canvas of decoded images."""

import numpy as np

from course_utils.questions.authoring import Mistake, function


class Painter:
    """A decoder whose images change when they are turned upside down or mirrored; verdicts name it briefly."""

    __module__ = "builtins"

    def __init__(self, n_pixels, seed):
        self.W = np.random.default_rng(seed).normal(size=(2, n_pixels))

    def __call__(self, codes):
        """Return images: (n, 2) -> (n, n_pixels)."""
        codes = np.asarray(codes, dtype=float)
        return np.tanh(codes @ self.W) + np.arange(self.W.shape[1]) / 10

    def __repr__(self):
        """Return a word."""
        return "a decoder"


def canvas(x, y, decode, image_shape, *, exchanged=False, up=True, mirrored=False, cut=False, order=slice(None)):
    """Return one picture of the images at the codes (x[j], y[i]), with some faults to choose from."""
    height, width = image_shape
    plane = np.meshgrid(x, y, indexing="ij" if exchanged else "xy")
    images = np.asarray(decode(np.stack(plane[order], axis=-1).reshape(-1, 2)))
    images = images.reshape(len(y), len(x), height, width)[:: -1 if up else 1, :: -1 if mirrored else 1]
    images = images if cut else images.transpose(0, 2, 1, 3)
    return images.reshape(len(y) * height, len(x) * width)


def some_planes():
    """Return a range of codes and a decoder; the numbers of x and y differ, and so do height and width."""
    return [(np.linspace(-1, 2, 4), np.linspace(0, 1.5, 3), Painter(6, 1), (2, 3))]


def is_exchanged(outputs):
    """Return whether a decoder was given (y, x), in one of the ways to do so."""
    ways = [{"exchanged": a, "up": b, "order": slice(None, None, -1)} for a in (True, False) for b in (True, False)]
    pairs = list(zip(outputs, some_planes(), strict=True))
    return any(all(np.allclose(out, canvas(*given, **way)) for out, given in pairs) for way in ways)


def by_a_loop(x, y, decode, image_shape):
    """As `canvas`, one image after another."""
    rows = [[decode(np.array([[a, b]]))[0].reshape(image_shape) for a in x] for b in y[::-1]]
    return np.block(rows)


def by_columns(x, y, decode, image_shape):
    """As `canvas`, one column of images beside the other."""
    columns = []
    for a in x:
        codes = np.column_stack([np.full(len(y), a), y[::-1]])
        columns.append(np.asarray(decode(codes)).reshape(-1, image_shape[1]))
    return np.hstack(columns)


def _canvas(**fault):
    return lambda *given: canvas(*given, **fault)


QUESTION = function(
    "05.3",
    "two faults in a canvas",
    arguments="x, y, decode, image_shape",
    inputs=some_planes,
    right=lambda: canvas,
    given=lambda: _canvas(exchanged=True, up=False),
    also_right=(lambda: by_a_loop, lambda: by_columns),
    rtol=1e-4,
    hints=(
        "Take `x = [0, 1, 2]` and `y = [10, 20]`. What should `codes` be along the first row of cells? Print it.",
        'With `indexing="ij"`, the first axis runs along x. And `imshow` draws row 0 of an array at the top: which '
        "y is there?",
        "By default, `np.meshgrid(x, y)` runs along x within a row. Then `images[::-1]` reverses the rows of "
        "cells, while each image stays upright.",
    ),
    mistakes=(
        Mistake(
            "upside down still",
            "x grows to the right now. Which y is at the top, where `imshow` draws row 0?",
            lambda: _canvas(up=False),
        ),
        Mistake(
            "exchanged still",
            "The rows of cells are in the right order now. But does x change along a row?",
            lambda: _canvas(exchanged=True),
        ),
        Mistake(
            "digits upside down",
            "The cells are in the right places, but the digits in them are upside down. What did you reverse: the "
            "rows of cells, or the rows of pixels?",
            lambda: lambda *given: canvas(*given, up=False)[::-1],
        ),
        Mistake(
            "the numbers of a code exchanged",
            "The decoder gets (y, x). Which number of a code comes first?",
            lambda: _canvas(exchanged=True, order=slice(None, None, -1)),
            recognise=is_exchanged,
        ),
        Mistake(
            "x to the left",
            "The rows are right, but in each of them x falls from left to right.",
            lambda: _canvas(mirrored=True),
        ),
        Mistake(
            "both turned round",
            "You have reversed both axes. Only one of them was wrong.",
            lambda: _canvas(mirrored=True, up=False),
        ),
        Mistake(
            "images cut up",
            "The images are cut up: `reshape` reads row by row. Which axes have to change places first, so that a "
            "row of pixels runs through all images of a row of cells?",
            lambda: _canvas(cut=True),
        ),
    ),
    praise="The wrong picture looked like a manifold, too. Decode one corner by itself to know which is right.",
)
