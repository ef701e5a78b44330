"""The pictures: what the artists on the Axes are, not the pixels of a file."""

from itertools import combinations

import keras
import matplotlib.pyplot as plt
import numpy as np
import pandas
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from course_utils import build_autoencoder, plotting


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


def test_every_class_can_be_found_on_the_map(rng):
    """Its number stands at the median of its codes, and its markers have the area of any other's."""
    labels = np.repeat(np.arange(10), 20)
    codes = rng.random((200, 2)) + labels[:, None]
    ax = plotting.plot_codes(codes, labels)
    for c, text in enumerate(ax.texts):
        assert text.get_text() == str(c)
        assert to_hex(text.get_color()) not in plotting.PALETTE  # or it would vanish among its own points
        np.testing.assert_allclose(text.get_position(), np.median(codes[labels == c], axis=0), atol=1e-4)
    sizes, paths = ax.collections[0].get_sizes(), ax.collections[0].get_paths()
    areas = [size * area_of(path) for size, path in zip(sizes, paths, strict=True)]
    np.testing.assert_allclose(areas, np.full(200, areas[0]), rtol=0.03)


def test_labels_do_not_cover_one_another(rng):
    """Two classes in one place get their numbers side by side, near that place; a class by itself keeps its median."""
    codes = rng.normal(size=(300, 2)) + np.repeat([[0, 0], [0, 0], [9, 9]], 100, axis=0)
    for plot in (plotting.plot_codes, plotting.plot_regions):
        fig, ax = plt.subplots(figsize=(4, 4))
        plot(codes, np.repeat([4, 9, 1], 100), ax=ax)
        fig.canvas.draw()
        one, four, nine = [text.get_bbox_patch().get_window_extent() for text in ax.texts]
        gap = np.hypot(four.x0 - nine.x0, four.y0 - nine.y0)
        assert gap >= four.width  # the circles touch at most
        places = [text.get_position() for text in ax.texts]
        np.testing.assert_allclose(places[0], np.median(codes[200:], axis=0), atol=1e-4)
        assert np.abs(places[1:]).max() < 1.5


def test_regions_enclose_half_of_the_codes(rng):
    """The outline of a class contains about half of its codes, and has its colour."""
    labels = np.repeat([2, 7], 1000)
    codes = rng.normal(size=(2000, 2)) + 6 * (labels == 7)[:, None]
    ax = plotting.plot_regions(codes, labels, title="t", names=("a", "b"))
    assert (ax.get_title(), ax.get_xlabel(), ax.get_ylabel()) == ("t", "a", "b")
    outlines = [c for c in ax.collections if not c.get_fc().size]
    for c, outline in zip((2, 7), outlines, strict=True):
        (path,) = outline.get_paths()
        assert abs(path.contains_points(codes[labels == c]).mean() - 0.5) < 0.05
        assert to_hex(outline.get_ec()[0]) == plotting.PALETTE[c]


def test_a_sum_adds_up():
    """The picture before the original is the mean plus all terms, and each stands under the term that it adds."""
    mean, terms, original = np.full(4, 0.5), np.array([[0.1, 0, 0, 0], [0, 0.2, 0, -0.3]]), np.arange(4) / 4
    _, axes = plt.subplots(2, 4)
    plotting.plot_sum(mean, terms, original, (2, 2), ["a", "b"], axes=axes)
    below = [ax.images[0].get_array().ravel() for ax in axes[1]]
    np.testing.assert_allclose(below, [mean, mean + terms[0], mean + terms[0] + terms[1], original])
    assert [ax.get_title() for ax in axes[1]] == ["mean image", "1 term", "2 terms", "original"]
    assert [ax.get_title() for ax in axes[0]] == ["", "a", "b", ""]
    with pytest.raises(ValueError, match=r"axes: expected shape \(2, 4\), got \(2, 3\)"):
        plotting.plot_sum(mean, terms, original, (2, 2), ["a", "b"], axes=axes[:, :3])


def area_of(path):
    """Count the points of a fine grid that lie in a marker."""
    grid = np.stack(np.meshgrid(*[np.linspace(-1, 1, 201)] * 2), axis=-1).reshape(-1, 2)
    return 4 * path.contains_points(grid).mean()


def test_cells_without_data_are_grey():
    """A cell that holds no code is darker than one that holds one; y points up."""
    images, x, y = np.zeros((3, 2, 4)), [0, 1], [0, 1, 2]
    ax = plotting.plot_manifold(images, x, y, (2, 2), codes=[[1.4, 1.9], [0, 0], [9, 9], [-0.4, 0.4]])
    grey = np.asarray(ax.images[1].get_alpha()) > 0
    np.testing.assert_array_equal(grey, [[True, False], [True, True], [False, True]])
    assert len(plotting.plot_manifold(images, x, y, (2, 2), ax=plt.figure().gca()).images) == 1


DENSE = keras.layers.Dense


@pytest.mark.parametrize("nested", [False, True])
def test_network_is_drawn_from_the_model(nested):
    """Each layer's bar has its units' width, its label and its half, in models inside models, too."""
    if nested:
        model = build_autoencoder(100, [25], 4, activation="elu").model
    else:
        layers = [DENSE(25, "elu"), DENSE(4), DENSE(25, "elu"), DENSE(100, "sigmoid")]
        model = keras.Sequential([keras.Input((100,)), *layers])
    ax = plotting.plot_network(model, plt.figure().gca())
    widths = np.array([bar.get_width() for bar in ax.patches if isinstance(bar, Rectangle)])
    np.testing.assert_allclose(widths**2 / widths[0] ** 2, [1, 0.25, 0.04, 0.25, 1])
    rows = sorted((text.get_position()[1], text.get_text()) for text in ax.texts)  # y grows downwards
    assert [label for _, label in rows] == [
        "100 input",
        "encoder",
        "25 elu",
        "4 linear, bottleneck",
        "25 elu",
        "decoder",
        "100 sigmoid, output",
    ]
    assert ax.yaxis_inverted()


def test_network_keeps_its_text_inside_and_readable():
    """No label is under nine points, runs out of a picture as narrow as a phone, or lies on another."""
    fig, ax = plt.subplots(figsize=(4.4, 3), layout="constrained")
    plotting.plot_network(build_autoencoder(784, [512, 256, 128], 2).model, ax)
    fig.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts]
    assert min(text.get_size() for text in ax.texts) >= 9
    assert all(box.x0 >= 0 and box.x1 <= fig.bbox.width for box in boxes)
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (np.eye(2), "expected a built Keras model.*got ndarray"),
        (build_autoencoder(4, [], 2), "expected a built Keras model.*got Autoencoder"),
        (keras.Sequential([DENSE(2), DENSE(4)]), "expected a built Keras model.*got one that has no Input"),
        (keras.Sequential([keras.Input((4,)), DENSE(4)]), "expected at least two Dense layers, got 1"),
        (keras.Sequential([keras.Input((4, 1)), keras.layers.Flatten(), DENSE(2)]), "expected.*got a layer Flatten"),
    ],
)
def test_models_that_are_no_chain(model, message):
    """The message says what kind of model can be drawn, and nothing is drawn."""
    with pytest.raises((TypeError, ValueError), match=f"^model: {message}"):
        plotting.plot_network(model)
    assert not plt.get_fignums()


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
    assert {line.get_color() for line in ax.lines} == {plotting.NET_COLOR}
    assert ax.lines[0].get_linestyle() != ax.lines[1].get_linestyle()


@pytest.mark.parametrize(
    ("codes", "labels", "message"),
    [
        (np.eye(2), [0, 10], "labels: expected whole numbers from 0 to 9, got 10"),
        (np.eye(2), [0, -1], "labels: expected whole numbers from 0 to 9, got -1"),
        (np.eye(2), ["a", "b"], "labels: expected an array of real numbers, got list of dtype <U1"),
        (np.eye(2), [1], "labels: expected 2 whole numbers, one for each code, got 1"),
        (np.eye(2), [1, 2, 3], "labels: expected 2 whole numbers, one for each code, got 3"),
        (np.eye(2), np.eye(2), "labels: expected an array of 1 dimension"),
        ([0.5, 1], 3, "codes: expected an array of 2 dimension.* got 1 with shape .2,"),
    ],
)
def test_codes_and_labels_that_do_not_fit(codes, labels, message):
    """The message names codes or labels, what was expected and what came."""
    with pytest.raises((TypeError, ValueError), match=f"^{message}"):
        plotting.plot_codes(codes, labels)


@pytest.mark.parametrize("names", ["ab", ("a",), None])
def test_a_map_has_two_axes(names):
    """Each has its name."""
    with pytest.raises(ValueError, match=r"^names: expected two, one for each axis, got"):
        plotting.plot_codes(np.eye(2), [0, 1], names=names)


@pytest.mark.parametrize("labels", [[3.0], [True], np.array([3], np.uint8), pandas.Series([3], index=[7])])
def test_one_code_and_any_type_of_label(labels):
    """A single point is a map, and whole numbers may be of any type."""
    ax = plotting.plot_codes([[1.0, 2.0]], labels)
    (text,) = ax.get_legend().get_texts()
    assert text.get_text() == str(int(np.asarray(labels)[0]))
    np.testing.assert_array_equal(ax.collections[0].get_offsets(), [[1, 2]])


IMAGES = np.linspace(0, 1, 18).reshape(3, 6)


@pytest.mark.parametrize(
    ("rows", "shape", "message"),
    [
        (
            {"a": IMAGES, "b": IMAGES[:2]},
            (2, 3),
            "rows: expected the same number of images .*{'a': 3, 'b': 2}",
        ),
        ({}, (2, 3), "rows: expected a mapping of names to images, got an empty one"),
        (IMAGES, (2, 3), "rows: expected a mapping of names to images, got ndarray"),
        ([IMAGES], (2, 3), "rows: expected a mapping of names to images, got list"),
        ({"a": IMAGES[0]}, (2, 3), r"rows\['a'\]: expected an array of 2 dimension.*got 1 .*images as rows"),
        ({"a": IMAGES}, (2, 2), r"rows\['a'\]: expected a last axis of length 4, got 6"),
        ({"a": IMAGES}, 6, r"image_shape: expected \(height, width\), got 6"),
        ({"a": IMAGES}, (0, 6), r"image_shape\[0\]: expected an integer of at least 1, got 0"),
    ],
)
def test_rows_that_make_no_picture(rows, shape, message):
    """The message names what does not fit, and no half-drawn figure is left."""
    with pytest.raises((TypeError, ValueError), match=f"^{message}"):
        plotting.plot_reconstructions(rows, shape)
    assert not plt.get_fignums()


def test_components_of_lists():
    """Lists are drawn as arrays are, each under its own title."""
    fig, axes = plt.subplots(1, 3)
    plotting.plot_components(IMAGES.tolist(), [2, 3], ["a", 2, "c"], axes=axes.tolist())
    assert [ax.get_title() for ax in axes] == ["a", "2", "c"]
    for image, ax in zip(IMAGES, axes, strict=True):
        np.testing.assert_array_equal(ax.images[0].get_array(), image.reshape(2, 3))


@pytest.mark.parametrize(
    ("components", "titles", "n_axes", "message"),
    [
        (IMAGES, ["a", "b", "c"], 2, "axes: expected 3, one per component, got 2"),
        (IMAGES, ["a", "b"], 3, "titles: expected 3, one per component, got 2"),
        (IMAGES, "abc", 3, "titles: expected 3, one per component, got 1"),
        (IMAGES[:2], ["a", "b", "c"], 3, "titles: expected 2, one per component, got 3"),
        (IMAGES[0], ["a"], 1, "components: expected an array of 2 dimension.*got 1"),
        (IMAGES[:, :4], ["a", "b", "c"], 3, "components: expected a last axis of length 6, got 4"),
    ],
)
def test_components_titles_and_axes_that_do_not_match(components, titles, n_axes, message):
    """The message counts what is too few or too many, and nothing is drawn."""
    fig, axes = plt.subplots(1, n_axes, squeeze=False)
    with pytest.raises(ValueError, match=f"^{message}"):
        plotting.plot_components(components, (2, 3), titles, axes=axes)
    assert not any(ax.images for ax in axes.ravel())


@pytest.mark.parametrize("axes", ["figure", "several"])
def test_axes_that_are_none(axes):
    """A figure, or several Axes where one is wanted, are refused by every picture."""
    fig, several = plt.subplots(1, 2)
    wrong = {"figure": fig, "several": several}[axes]
    for draw in (
        lambda: plotting.plot_codes(np.eye(2), [0, 1], ax=wrong),
        lambda: plotting.plot_reconstructions({"a": IMAGES}, (2, 3), ax=wrong),
        lambda: plotting.plot_network(build_autoencoder(4, [], 2).model, wrong),
        lambda: plotting.plot_history({"epoch": [1], "train": [1], "test": [1]}, ylabel="", ax=wrong),
        lambda: plotting.plot_manifold(np.zeros((2, 2, 6)), [0, 1], [0, 1], (2, 3), ax=wrong),
    ):
        with pytest.raises(TypeError, match=r"^ax: expected a matplotlib Axes, got (Figure|ndarray)\. .*axes\[0\]"):
            draw()


@pytest.mark.parametrize("values", [[0.0], [0, 0], [1, 0], [0, 1, 5], np.eye(2), 3, ["a", "b"]])
@pytest.mark.parametrize("name", ["x", "y"])
def test_manifold_needs_a_grid(name, values):
    """One value, falling or uneven ones would put images where their codes are not."""
    x_and_y = {"x": [0, 1], "y": [0, 1]} | {name: values}
    shape = [len(np.atleast_1d(x_and_y[key])) for key in "yx"]
    with pytest.raises((TypeError, ValueError), match=f"^{name}: expected .*np.linspace"):
        plotting.plot_manifold(np.zeros((*shape, 6)), **x_and_y, image_shape=(2, 3))


def test_manifold_of_lists():
    """Lists are drawn as arrays are; float32's rounding leaves a grid even."""
    images = np.arange(24.0).reshape(2, 2, 6)
    canvases = [
        plotting.plot_manifold(make(images), [0, 1], make(np.array([0, 2])), (2, 3)).images[-1].get_array()
        for make in (np.asarray, np.ndarray.tolist)
    ]
    np.testing.assert_array_equal(*canvases)
    x = np.linspace(-9.7, 11.3, 200, dtype=np.float32)
    plotting.plot_manifold(np.zeros((2, 200, 1)), x, [0, 1], (1, 1))


@pytest.mark.parametrize(
    ("history", "got"),
    [
        ({}, r"\[\]"),
        ({"loss": [1.0], "val_loss": [1.0]}, r"\['loss', 'val_loss'\]"),
        ({"epoch": [], "train": [], "test": []}, r"lengths \[0, 0, 0\]"),
        ({"epoch": [1, 2], "train": [1], "test": [1, 2]}, r"lengths \[2, 1, 2\]"),
        (keras.callbacks.History(), "History"),
        (None, "NoneType"),
    ],
)
def test_history_that_is_none(history, got):
    """Keras's own history, one without an evaluation and the like: the message says which one to pass."""
    with pytest.raises(ValueError, match=rf"^history: expected lists .*, got {got}\. Pass table\.history"):
        plotting.plot_history(history, ylabel="error")
