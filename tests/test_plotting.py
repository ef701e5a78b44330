"""The pictures: what the artists on the Axes are, not the pixels of a file."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

from course_utils import plotting


def test_manifold_has_x_to_the_right_and_y_up(rng):
    """A corner decoded alone is found in that corner of the canvas, at its axes' values."""
    x, y = np.linspace(-2, 4, 5), np.linspace(10, 12, 3)
    decode = lambda codes: np.stack([codes[:, 0], codes[:, 1], 0 * codes[:, 0], 1 + 0 * codes[:, 0]], axis=1)  # noqa: E731
    grid = np.stack(np.meshgrid(x, y), axis=-1)
    images = decode(grid.reshape(-1, 2)).reshape(3, 5, 4)
    ax = plotting.plot_manifold(images, x, y, (2, 2))
    canvas = ax.images[0].get_array()
    left, right, bottom, top = ax.images[0].get_extent()
    assert canvas.shape == (6, 10)
    assert (left, right, bottom, top) == (-2.75, 4.75, 9.5, 12.5)
    assert ax.images[0].origin == "upper"  # row 0 of the canvas is drawn at the top, where y is largest
    np.testing.assert_allclose(canvas[:2, -2:].ravel(), decode(np.array([[4, 12]]))[0])  # upper right
    np.testing.assert_allclose(canvas[-2:, -2:].ravel(), decode(np.array([[4, 10]]))[0])  # lower right
    np.testing.assert_allclose(canvas[:2, :2].ravel(), decode(np.array([[-2, 12]]))[0])  # upper left


def test_manifold_refuses_exchanged_axes():
    """Images in the order (x, y) are named, where the grid is not square."""
    with pytest.raises(ValueError, match=r"images: expected shape .*\(3, 5, 4\), got \(5, 3, 4\)"):
        plotting.plot_manifold(np.zeros((5, 3, 4)), np.arange(5.0), np.arange(3.0), (2, 2))


def test_reconstructions_stand_in_their_rows(rng):
    """The second image of the second row is where a reader looks for it, next to its row's name."""
    rows = {"original": rng.random((3, 6)), "PCA": rng.random((3, 6))}
    ax = plotting.plot_reconstructions(rows, (2, 3))
    canvas = ax.images[0].get_array()
    assert canvas.shape == (4, 9)
    np.testing.assert_allclose(canvas[2:4, 3:6], rows["PCA"][1].reshape(2, 3))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["original", "PCA"]
    assert ax.images[0].get_clim() == (0, 1)


def test_codes_differ_in_colour_and_marker(rng):
    """Ten classes have ten colours and ten markers, the same ones whichever classes are drawn."""
    assert len(set(plotting.PALETTE)) == len(set(plotting.MARKERS)) == 10
    ax = plotting.plot_codes(rng.random((30, 2)), np.repeat([1, 5, 6], 10), title="t", names=("a", "b"))
    legend = ax.get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["1", "5", "6"]
    colours = [to_hex(handle.get_markerfacecolor()) for handle in legend.legend_handles]
    assert colours == [plotting.PALETTE[c] for c in (1, 5, 6)]
    assert (ax.get_title(), ax.get_xlabel(), ax.get_ylabel()) == ("t", "a", "b")


def test_codes_of_three_numbers_are_refused(rng):
    """Only two numbers can be drawn as a map, and the message says so."""
    with pytest.raises(ValueError, match=r"codes: expected .* 2"):
        plotting.plot_codes(rng.random((5, 3)), np.zeros(5, int))


def test_components_share_one_scale(rng):
    """Zero is white and equal colours mean equal weights in all images."""
    fig, axes = plt.subplots(1, 2)
    components = np.array([[1.0, -3.0, 0.0, 0.5], [0.1, 0.2, 0.3, 0.4]])
    plotting.plot_components(components, (2, 2), ["a", "b"], axes=axes)
    assert [ax.images[0].get_clim() for ax in axes] == [(-3, 3), (-3, 3)]


def test_history_has_train_and_test():
    """Both curves stand over the epochs at which they were evaluated."""
    history = {"epoch": [1, 2, 5], "train": [3, 2, 1], "test": [4, 3, 2]}
    ax = plotting.plot_history(history, ylabel="error")
    assert [line.get_label() for line in ax.lines] == ["train", "test"]
    np.testing.assert_array_equal(ax.lines[1].get_xydata(), [[1, 4], [2, 3], [5, 2]])


def test_drawn_reconstructions_are_the_plotted_ones(rng):
    """Each pixel is drawn as two by two, ink is black, and what leaves [0, 1] is cut off."""
    rows = {"original": rng.random((3, 6)), "PCA": rng.random((3, 6))}
    rows["PCA"][1, :2] = -0.5, 1.5
    picture = np.asarray(plotting.draw_reconstructions(rows, (2, 3)))
    canvas = plotting.plot_reconstructions(rows, (2, 3)).images[0].get_array()
    assert picture.shape == (8, 18)
    np.testing.assert_array_equal(picture[::2, ::2], np.round(255 * (1 - np.clip(canvas, 0, 1))))
    np.testing.assert_array_equal(picture[::2, ::2], picture[1::2, 1::2])
    assert (picture[4, 6], picture[4, 8]) == (255, 0)
