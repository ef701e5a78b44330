"""Arrays in, matplotlib Axes out: the course's pictures, in colours and markers that colour-blind readers can use."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.markers import MarkerStyle

from course_utils._display import sharpen_figures
from course_utils._validation import check_array, check_image_shape, check_labels, message

# One colour and one marker per class, so that neither alone has to tell two classes apart.
# seaborn's "colorblind" colours, with darker ones from Paul Tol's schemes where those are too pale on white.
PALETTE = ["#0173b2", "#de8f05", "#882255", "#d55e00", "#cc78bc", "#332288", "#029e73", "#949494", "#999933", "#56b4e9"]
MARKERS = ["o", "s", "^", "D", "v", "*", "X", "P", "<", ">"]
PCA_COLOR, NET_COLOR = PALETTE[:2]  # blue is PCA and orange the autoencoder, wherever the two are compared


def set_style() -> None:
    """Set the style of every later figure: white, readable, colour-blind safe, sharp on screen and paper."""
    sharpen_figures()
    sns.set_theme(context="notebook", style="ticks", palette="colorblind")
    plt.rcParams.update(
        {
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlesize": "medium",
            "figure.constrained_layout.use": True,
            "figure.dpi": 80,
            "image.cmap": "gray_r",
        }
    )


def _axes(ax):
    ax = plt.gca() if ax is None else ax
    if not isinstance(ax, Axes):
        raise TypeError(message("ax", "a matplotlib Axes", type(ax).__name__, "Of several, pick one: axes[0]."))
    return ax


def plot_codes(
    codes: np.ndarray,
    labels: np.ndarray,
    *,
    title: str = "",
    names: tuple[str, str] = ("code 1", "code 2"),
    legend: bool = True,
    ax: Axes | None = None,
) -> Axes:
    """Draw codes as points in the plane, a colour and a marker for each label, which stands near its codes' median.

    Parameters
    ----------
    codes : ndarray of shape (n, 2)
    labels : ndarray of shape (n,), whole numbers 0 to 9
    names : names of the two axes

    Raises
    ------
    TypeError, ValueError, where codes are no pairs of finite numbers, labels no such n numbers, or names not two
    """
    codes = check_array("codes", codes, ndim=2, n_features=2, hint="only two numbers per image can be drawn as a map")
    labels = check_labels(labels, len(codes), 0, 9)
    if not isinstance(names, tuple | list) or len(names) != 2:
        raise ValueError(message("names", "two, one for each axis", repr(names), 'Give ("code 1", "code 2").'))
    ax = _axes(ax)
    classes = np.unique(labels).tolist()
    sns.scatterplot(
        x=codes[:, 0],
        y=codes[:, 1],
        hue=labels,
        style=labels,
        hue_order=classes,
        style_order=classes,
        palette=[PALETTE[c] for c in classes],
        markers=[MARKERS[c] for c in classes],
        size=labels,
        sizes={c: 10 / _marker_area(MARKERS[c]) for c in classes},  # equal areas: no class outshines another
        linewidth=0,
        alpha=0.75,
        legend="full" if legend else False,
        ax=ax,
    )
    if legend:
        sns.move_legend(ax, "center left", bbox_to_anchor=(1, 0.5), frameon=False, markerscale=1.6, title=None)
    _write_labels(codes, labels, ax)
    ax.set(title=title, xlabel=names[0], ylabel=names[1])
    return ax


def _write_labels(codes, labels, ax):
    # At the median of its codes, except where another label would cover it.
    classes = np.unique(labels).tolist()
    places = np.array([np.median(codes[labels == c], axis=0) for c in classes])
    size = np.ptp(codes, axis=0).max() or 1.0
    for c, place in zip(classes, _keep_apart(places, 0.09 * size), strict=True):
        plate = {"boxstyle": "circle,pad=0.2", "facecolor": "white", "edgecolor": PALETTE[c], "linewidth": 1.5}
        ax.text(*place, c, bbox=plate, weight="bold", size=11, ha="center", va="center")


def _keep_apart(places, distance):
    # Push each pair that is nearer than the distance apart along its line, a little at a time.
    places = np.array(places, dtype=float)
    places += 1e-6 * distance * np.arange(len(places))[:, None]  # two in one place have no line
    for _ in range(300):
        gaps = places[:, None] - places  # (n, n, 2)
        lengths = np.linalg.norm(gaps, axis=2)
        np.fill_diagonal(lengths, np.inf)
        missing = np.maximum(distance - lengths, 0)
        if not missing.any():
            break
        places += 0.5 * (gaps * (missing / lengths)[..., None]).sum(axis=1)
    return places


def plot_regions(
    codes: np.ndarray,
    labels: np.ndarray,
    *,
    title: str = "",
    names: tuple[str, str] = ("code 1", "code 2"),
    ax: Axes | None = None,
) -> Axes:
    """Draw the region in which the denser half of each label's codes lies, instead of the points.

    Unlike points, outlines show what lies under what. The outline is where a kernel density estimate of the label's
    codes encloses half of its mass.

    Parameters
    ----------
    codes : ndarray of shape (n, 2), at least three of each label and not all on one line
    labels : ndarray of shape (n,), whole numbers 0 to 9
    names : names of the two axes

    Raises
    ------
    TypeError, ValueError, where codes are no pairs of finite numbers, or labels no such n numbers
    """
    codes = check_array("codes", codes, ndim=2, n_features=2, hint="only two numbers per image can be drawn as a map")
    labels = check_labels(labels, len(codes), 0, 9)
    ax = _axes(ax)
    for c in np.unique(labels):
        x, y = codes[labels == c].T
        for fill in (True, False):
            style = {"alpha": 0.2} if fill else {"linewidths": 2}
            levels = [0.5, 1] if fill else [0.5]
            sns.kdeplot(x=x, y=y, levels=levels, fill=fill, color=PALETTE[c], gridsize=80, ax=ax, **style)
    outlines = np.concatenate([path.vertices for drawn in ax.collections for path in drawn.get_paths()])
    ax.dataLim.update_from_data_xy(outlines)  # not the estimates' grids, which reach far beyond
    ax.autoscale_view()
    _write_labels(codes, labels, ax)
    ax.set(title=title, xlabel=names[0], ylabel=names[1])
    return ax


def _marker_area(marker):
    marker = MarkerStyle(marker)  # of size 1, in units of its own; then the shoelace formula
    x, y = marker.get_path().transformed(marker.get_transform()).to_polygons()[0].T
    return abs(x[:-1] @ y[1:] - y[:-1] @ x[1:]) / 2


def plot_reconstructions(
    rows: Mapping[str, np.ndarray], image_shape: tuple[int, int], *, title: str = "", ax: Axes | None = None
) -> Axes:
    """Draw rows of images under one another, each row with its name; 0 is white, 1 is black.

    Parameters
    ----------
    rows : mapping of a name to an ndarray of shape (n_images, n_pixels), the same n_images for all
    image_shape : (height, width) with height * width = n_pixels

    Raises
    ------
    TypeError, ValueError, where rows are no mapping, empty, of unequal length or of another number of pixels
    """
    canvas = _tile(rows, image_shape)
    ax = _axes(ax)
    ax.imshow(canvas, vmin=0, vmax=1)
    ax.set(xticks=[], yticks=image_shape[0] * (np.arange(len(rows)) + 0.5), title=title)
    ax.set_yticklabels(list(rows))
    ax.tick_params(left=False)
    sns.despine(ax=ax, left=True, bottom=True)
    return ax


def _tile(rows, image_shape):
    # One array: the rows under one another, the images of each side by side.
    height, width = check_image_shape(image_shape)
    if not isinstance(rows, Mapping) or not rows:
        got = "an empty one" if isinstance(rows, Mapping) else type(rows).__name__
        raise TypeError(message("rows", "a mapping of names to images", got, 'Give {"original": X[:10]}.'))
    bands = [
        check_array(f"rows[{name!r}]", images, ndim=2, n_features=height * width, hint="give images as rows")
        .reshape(-1, height, width)
        .transpose(1, 0, 2)
        .reshape(height, -1)
        for name, images in rows.items()
    ]
    counts = {name: band.shape[1] // width for name, band in zip(rows, bands, strict=True)}
    if len(set(counts.values())) > 1:
        raise ValueError(message("rows", "the same number of images in each", str(counts), "Cut them: images[:10]."))
    return np.vstack(bands)


def plot_components(components: np.ndarray, image_shape: tuple[int, int], titles: Sequence[str], *, axes) -> None:
    """Draw weights as images, one per Axes: blue below zero, white at zero, red above.

    Parameters
    ----------
    components : ndarray of shape (n_components, n_pixels)
    axes : as many Axes as components

    Raises
    ------
    TypeError, ValueError, where components are no images of that shape, or titles or axes not as many
    """
    height, width = check_image_shape(image_shape)
    components = check_array("components", components, n_features=height * width, hint="give images as rows")
    titles, axes = np.ravel(titles).tolist(), [_axes(ax) for ax in np.ravel(axes)]
    for name, things in (("titles", titles), ("axes", axes)):
        if len(things) != len(components):
            hint = "components[:10] are the first ten."
            raise ValueError(message(name, f"{len(components)}, one per component", f"{len(things)}", hint))
    limit = np.abs(components).max()
    for component, title, ax in zip(components, titles, axes, strict=True):
        ax.imshow(component.reshape(height, width), cmap="RdBu_r", vmin=-limit, vmax=limit)
        ax.set_title(title)
        ax.axis("off")


def plot_sum(
    mean: np.ndarray,
    terms: np.ndarray,
    original: np.ndarray,
    image_shape: tuple[int, int],
    titles: Sequence[str],
    *,
    axes,
) -> None:
    """Draw an image built up as a mean plus terms: the terms above, the sums so far below, the original last.

    Parameters
    ----------
    mean, original : ndarrays of shape (n_pixels,)
    terms : ndarray of shape (n_terms, n_pixels), each a score times its component
    titles : a title for each term
    axes : ndarray of Axes of shape (2, n_terms + 2)

    Raises
    ------
    TypeError, ValueError, where an array has no image of that shape, or titles or axes are not as many as needed
    """
    shape = check_image_shape(image_shape)
    hint = "Give images as rows, scores[:, None] * components."
    terms = check_array("terms", terms, ndim=2, n_features=shape[0] * shape[1], hint=hint)
    axes = np.asarray(axes)
    if axes.shape != (2, len(terms) + 2):
        hint = f"plt.subplots(2, {len(terms) + 2}) makes them."
        raise ValueError(message("axes", f"shape (2, {len(terms) + 2})", str(axes.shape), hint))
    plot_components(terms, image_shape, titles, axes=axes[0, 1:-1])
    images = [mean, *(mean + terms.cumsum(axis=0)), original]
    numbers = [f"{n} term{'s' if n > 1 else ''}" for n in range(1, len(terms) + 1)]
    for ax, image, name in zip(axes[1], images, ["mean image", *numbers, "original"], strict=True):
        ax.imshow(np.reshape(image, shape), vmin=0, vmax=1)
        ax.set_title(name)
    for ax in axes.flat:
        ax.axis("off")


def plot_network(model, ax: Axes | None = None) -> Axes:
    """Draw an autoencoder from its input at the top to its output at the bottom, a bar for each layer.

    A bar is as wide as the square root of the layer's number of units. The label gives units and activation. The
    bar with the fewest units between input and output is the bottleneck, which ends the encoder and begins the decoder.

    Parameters
    ----------
    model : built Keras model, a chain of Dense layers, at least two; models inside it are taken apart

    Raises
    ------
    TypeError, ValueError, where model is no such chain
    """
    units, labels = _dense_layers(model)
    ax = _axes(ax)
    bottleneck = 1 + int(np.argmin(units[1:-1]))
    labels = ["input", *labels]
    labels[bottleneck] += ", bottleneck"
    labels[-1] += ", output"
    half_widths = np.sqrt(units) / np.sqrt(max(units))
    rows = np.arange(len(units))
    for row, half_width in enumerate(half_widths[:-1]):  # what connects a layer to the next one
        corners = [(half_width, row + 0.3), (half_widths[row + 1], row + 0.7)]
        ax.fill(*zip(*corners, *[(-x, y) for x, y in corners[::-1]], strict=True), color="0.9", linewidth=0)
    colors = [NET_COLOR if row == bottleneck else "#f3c98a" for row in rows]
    colors[0] = "black"  # what is given, as in every row of originals
    ax.barh(rows, 2 * half_widths, left=-half_widths, height=0.6, color=colors)
    for row, (n, label) in enumerate(zip(units, labels, strict=True)):
        weight = "bold" if row == bottleneck else "normal"
        ax.text(1.12, row, f"{n} {label}", size=11, va="center", weight=weight)
    for name, first, last in (("encoder", 0, bottleneck - 0.05), ("decoder", bottleneck + 0.05, rows[-1])):
        ax.plot([-1.12] * 2, [first, last], color="0.5", linewidth=1.5)
        ax.text(-1.2, (first + last) / 2, name, size=11, ha="right", va="center")
    ax.set(xlim=(-2.1, 2.9), ylim=(rows[-1] + 0.5, -0.5))
    ax.axis("off")
    return ax


def _dense_layers(model):
    # Numbers of units, the input's first, and the names of the activations, without the input's.
    hint = "Give the whole autoencoder: Input, then at least two Dense layers."
    expected = "a built Keras model, a chain of Dense layers"
    if not hasattr(model, "layers"):
        raise TypeError(message("model", expected, type(model).__name__, hint))
    if not model.built:
        raise ValueError(message("model", expected, "one that has no Input and was never called", hint))
    chain, todo = [], list(model.layers)
    while todo:
        layer = todo.pop(0)
        if hasattr(layer, "layers"):
            todo[:0] = layer.layers
        elif type(layer).__name__ == "Dense":
            chain.append(layer)
        elif type(layer).__name__ != "InputLayer":
            raise ValueError(message("model", expected, f"a layer {type(layer).__name__}", hint))
    if len(chain) < 2:
        raise ValueError(message("model", "at least two Dense layers", str(len(chain)), hint))
    return [chain[0].kernel.shape[0], *(layer.units for layer in chain)], [layer.activation.__name__ for layer in chain]


def plot_history(
    history: Mapping[str, Sequence[float]], *, ylabel: str, title: str = "", ax: Axes | None = None
) -> Axes:
    """Draw an autoencoder's losses over the epochs of ``TrainingTable.history``, train dashed.

    Raises ValueError where the history is none or empty.
    """
    hint = "Pass table.history of a TrainingTable, after fit(..., callbacks=[table])."
    keys = list(history) if hasattr(history, "keys") else type(history).__name__
    if "epoch" not in keys or len(keys) < 2:
        raise ValueError(message("history", "lists named epoch, train and the like", f"{keys}", hint))
    lengths = [np.size(values) for values in history.values()]
    if len({*lengths}) > 1 or lengths[0] == 0:
        raise ValueError(message("history", "lists of the same length, at least 1", f"lengths {lengths}", hint))
    ax = _axes(ax)
    for name in [key for key in keys if key != "epoch"]:
        style = {"linestyle": "--", "marker": "o", "markerfacecolor": "white"} if name == "train" else {"marker": "s"}
        ax.plot(history["epoch"], history[name], color=NET_COLOR, markersize=5, label=name, **style)
    ax.legend(frameon=False)
    ax.set(xlabel="epoch", ylabel=ylabel, title=title)
    return ax


def plot_manifold(
    images: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    image_shape: tuple[int, int],
    *,
    codes: np.ndarray | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw decoded images on the plane of codes, x to the right and y up.

    Parameters
    ----------
    images : ndarray of shape (len(y), len(x), n_pixels)
        ``images[i, j]`` is what the decoder makes of the code ``(x[j], y[i])``.
    x, y : increasing, evenly spaced values of code 1 and code 2, at least two of each
    codes : ndarray of shape (n, 2), optional: codes of data; cells in which none of them lies turn grey

    Raises
    ------
    TypeError, ValueError, where x or y are no such values, or the images do not fit them or image_shape
    """
    height, width = check_image_shape(image_shape)
    x, y = _grid_values("x", x), _grid_values("y", y)
    images = check_array("images", images, ndim=3, n_features=height * width, hint="decode a grid of codes in one call")
    if images.shape[:2] != (len(y), len(x)):
        raise ValueError(
            f"images: expected shape (len(y), len(x), n_pixels) = ({len(y)}, {len(x)}, {height * width}), "
            f"got {images.shape}. y comes first: np.meshgrid(x, y) gives grids of that shape."
        )
    # The top row of a picture is the largest y, so the rows of the grid are turned over; the images are not.
    canvas = images[::-1].reshape(len(y), len(x), height, width).transpose(0, 2, 1, 3).reshape(len(y) * height, -1)
    half_x, half_y = (x[1] - x[0]) / 2, (y[1] - y[0]) / 2
    ax = _axes(ax)
    edges_x, edges_y = np.append(x - half_x, x[-1] + half_x), np.append(y - half_y, y[-1] + half_y)
    place = {"extent": (*edges_x[[0, -1]], *edges_y[[0, -1]]), "aspect": half_x / half_y * height / width}
    ax.imshow(canvas, vmin=0, vmax=1, **place)
    if codes is not None:
        codes = check_array("codes", codes, n_features=2, hint="encode the data: rows of two numbers")
        empty = np.histogram2d(codes[:, 1], codes[:, 0], bins=(edges_y, edges_x))[0] == 0
        ax.imshow(np.ones(empty.shape), vmin=0, vmax=2, alpha=0.45 * empty[::-1], **place)
    ax.set(title=title, xlabel="code 1", ylabel="code 2")
    return ax


def _grid_values(name, values):
    hint = "np.linspace(-3, 3, 15) makes fifteen."
    values = check_array(name, values, ndim=1, hint=hint)
    steps = np.diff(values)
    if steps.size == 0 or steps.min() <= 0 or np.ptp(steps) > 0.01 * steps.max():
        got = np.array2string(values, threshold=6, edgeitems=2, precision=3, separator=", ")
        raise ValueError(message(name, "two or more increasing, evenly spaced values", got, hint))
    return values
