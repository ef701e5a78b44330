"""Lesson 5 in the hands of a student: all cells again in reverse give what they gave at first, but a step by hand."""

import contextlib
import io
import re

import keras
import matplotlib.pyplot as plt
import numpy as np
import pytest
from _reading import SOURCES

from course_utils.notebooks.sources import code_cells, read_lesson, set_parameter

LESSON = next(path for path in SOURCES if path.name.startswith("05"))
STEP = "with tf.GradientTape() as tape:"  # the cell of a step by hand: run again, it takes the next step
UNLIKE = re.compile(r"first step .* ms|peak memory .* GB")  # times and memory differ from run to run


@pytest.fixture
def cells(monkeypatch):
    """The lesson's code, with few steps of training, on the embedded digits."""
    monkeypatch.setenv("COURSE_DATA", "digits")
    monkeypatch.setenv("COURSE_STRICT", "0")
    notebook = read_lesson(LESSON)
    assert set_parameter(notebook, "N_STEPS = 4_000", "N_STEPS = 20")
    sources = [cell.source for cell in code_cells(notebook)]
    return [source for source in sources if "load_mnist()" not in source and source != "report()"], sources


def run(source, names):
    """Execute a cell; return what it prints, its pictures, and the training's outcome as it then is."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, source.splitlines()[0], "exec"), names)
    pictures = []
    for number in plt.get_fignums():
        plt.figure(number).canvas.draw()
        pictures.append(np.asarray(plt.figure(number).canvas.buffer_rgba()).copy())
    plt.close("all")
    codes = names.get("codes_test")
    return UNLIKE.sub("", printed.getvalue()), pictures, None if codes is None else codes.copy()


def differences(first, again):
    """Return in which ways a cell's second outcome is not its first."""
    (text, pictures, codes), (text_again, pictures_again, codes_again) = first, again
    found = [] if text == text_again else [f"printed {text_again!r} instead of {text!r}"]
    if not all(np.array_equal(a, b) for a, b in zip(pictures, pictures_again, strict=True)):
        found.append("another picture")
    if codes is not None and not np.array_equal(codes, codes_again):
        found.append("other codes")
    return found


def problems(every, again):
    """Run all cells in order, then those of `again`; return what was different, by the cell's first line."""
    names = {}
    first = {source: run(source, names) for source in every}
    return {
        source.splitlines()[0]: found
        for source in again
        if (found := differences((*first[source][:2], names.get("codes_test")), run(source, names)))
    }


@pytest.mark.filterwarnings("ignore")
def test_cells_may_be_run_again(cells, monkeypatch):
    """In reverse, so that each cell meets the state that all later ones left."""
    monkeypatch.setattr(plt, "show", lambda: None)
    again, every = cells
    again = [source for source in again if not source.startswith(STEP)]
    assert problems(every, again[::-1]) == {}
    keras.backend.clear_session()
