"""The line to turn: its Python side, and the browser's arithmetic against NumPy."""

import json
import shutil
import subprocess

import numpy as np
import pytest
import traitlets

from course_utils import LineExplorer, make_two_gaussians

RUN_IN_NODE = """
import { lineError, momentsOf } from "./line.mjs";
import { readFileSync } from "node:fs";
const { points, lines } = JSON.parse(readFileSync(0));
const moments = momentsOf(Float32Array.from(points));
console.log(JSON.stringify(lines.map(([anchor, angle]) => lineError(moments, anchor ?? moments.mean, angle))));
"""


@pytest.fixture(name="X")
def cloud():
    """Return lesson 1's cloud."""
    return make_two_gaussians(seed=0)[0]


def error_of(X, anchor, angle):
    """Return the mean squared error of the feet on a line, as lesson 1 computes it."""
    v = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    return np.mean((X - (np.outer((X - anchor) @ v, v) + anchor)) ** 2)


def test_javascript_measures_as_numpy_does(X, tmp_path):
    """Lines through the mean at every angle, and lines elsewhere, have NumPy's error to 1e-6 of its size."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed; the browser's tests read the error from the widget")
    X = X + 3  # far from the origin, as the traps' cloud
    lines = [(None, angle) for angle in np.arange(0, 180, 7.3)] + [([0, 0], 43.3), ([2, -7.5], 117.0)]
    (tmp_path / "line.mjs").write_text(LineExplorer._esm, encoding="utf-8")
    (tmp_path / "run.mjs").write_text(RUN_IN_NODE)
    job = json.dumps({"points": X.ravel().tolist(), "lines": lines})
    done = subprocess.run([node, "run.mjs"], cwd=tmp_path, input=job, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    mean = X.mean(axis=0)
    expected = [error_of(X, mean if anchor is None else anchor, angle) for anchor, angle in lines]
    assert json.loads(done.stdout) == pytest.approx(expected, rel=1e-6)


def test_angle_is_a_two_way_trait(X):
    """`angle` tells observers, follows a link and the browser, and is kept from 0 to below 180."""
    line = LineExplorer(X)
    assert line.angle == 0
    seen = []
    line.observe(lambda change: seen.append(change.new), "angle")
    for angle in (27, np.float32(190), -1.5, 180, -1e-20):
        line.angle = angle
    line.set_state({"angle": 44.5})  # as the browser sends it
    assert seen == [27.0, 10.0, 178.5, 0.0, 44.5]

    class Other(traitlets.HasTraits):
        angle = traitlets.Float()

    other = Other()
    traitlets.link((line, "angle"), (other, "angle"))
    other.angle = 7.0
    assert line.angle == 7.0


@pytest.mark.parametrize("bad", ["27", None, True, float("nan"), float("inf"), [27]])
def test_angle_refuses_what_is_no_angle(X, bad):
    """The error names `angle`, and the line stays."""
    line = LineExplorer(X)
    with pytest.raises((ValueError, TypeError), match="angle: expected a"):
        line.angle = bad
    assert line.angle == 0


def test_lines_of_others(X):
    """Two points of a line, in either order, give an anchor and an angle."""
    line = LineExplorer(X, {"up": [[1, 2], [1, 5]], "down": [[1, 1], [0, 2]], "back": [[3, 3], [2, 2]]})
    assert line._lines == [["up", [1, 2], 90], ["down", [1, 1], 135], ["back", [3, 3], pytest.approx(45)]]
    json.dumps(line._lines)  # NumPy's own numbers do not reach a browser


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.ones((5, 3)),), "X: expected a last axis of length 2"),
        ((np.ones((1, 2)),), "X: expected at least 2 rows, got 1"),
        ((np.full((5, 2), np.nan),), "X: expected finite"),
        ((np.ones((5, 2)), [1]), "lines: expected a mapping from names to points, got list"),
        ((np.ones((5, 2)), {"a": [[0, 0]]}), "lines\\['a'\\]: expected 2 points, got 1"),
        (
            (np.ones((5, 2)), {"a": [[0, 1], [0, 1]]}),
            "lines\\['a'\\]: expected two points that differ, got .0, 1. twice",
        ),
    ],
)
def test_wrong_arguments(arguments, message):
    """The error names the argument, what was expected and what came."""
    with pytest.raises((ValueError, TypeError), match=message):
        LineExplorer(*arguments)
