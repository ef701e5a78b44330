"""One call gives data, whatever the network does: MNIST, the embedded digits, two Gaussians."""

import html
import sys
import warnings
from dataclasses import dataclass

import numpy as np

from course_utils._display import show
from course_utils._mnist.download import DownloadError
from course_utils._mnist.search import describe_sources, download_and_keep, fetch_mnist, find, places
from course_utils._settings import wanted_data

COPIES = 14  # deformed images made from each embedded digit
SEED = 0
TEST_ORIGINALS = 299  # of the 1797 embedded digits
VALIDATION_ORIGINALS = 357  # those of the last train images
NOTICE = (
    "The data here are scikit-learn's embedded digits, not MNIST.",
    "Everything works, but the figures in the text are those on MNIST.",
    "To get MNIST, run `python -m course_utils data` where there is a network;",
    "or put mnist.npz into a folder, name that folder in COURSE_DATA_DIR, and",
    "restart the kernel.",
)
FORCED_NOTICE = (
    "COURSE_DATA=digits is set: the data here are scikit-learn's embedded digits,",
    "not MNIST. Everything works, but the figures in the text are those on MNIST.",
    "To use MNIST, unset COURSE_DATA and restart the kernel.",
)

__all__ = [
    "Dataset",
    "DownloadError",
    "describe_sources",
    "fetch_mnist",
    "load_digits28",
    "load_mnist",
    "make_two_gaussians",
]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images as rows, with their labels, in a train and a test part.

    Attributes
    ----------
    X_train, X_test : ndarray of shape (n, 784), float32
        Pixels in [0, 1], 0 is the background; reshape a row to `image_shape` to see it.
    y_train, y_test : ndarray of shape (n,), int64
        The digit, 0 to 9.
    name : {"mnist", "digits"}
    image_shape : tuple of int
    source : str
        Where the data came from: a path, an address, or how it was made.
    """

    X_train: np.ndarray
    y_train: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray
    name: str
    source: str
    image_shape: tuple[int, int] = (28, 28)

    def __repr__(self):
        """Name and sizes, the same on every machine."""
        height, width = self.image_shape
        return f"<{self.name}: {len(self.X_train)} train, {len(self.X_test)} test images of {height}x{width}>"


_loaded: dict[str, str] = {}  # what this process got for a value of COURSE_DATA: "mnist" or "digits"


def load_mnist() -> Dataset:
    """Return MNIST, or the embedded digits with a notice where MNIST cannot be had.

    Looks in $COURSE_DATA_DIR, in the caches of the course and of Keras, and then on the web (see
    data/README.md). Without any answer the search ends after 20 seconds.

    Raises
    ------
    DownloadError
        Under COURSE_DATA=mnist, when there is no MNIST.
    SettingError
        A ValueError, when COURSE_DATA is neither "mnist" nor "digits", or COURSE_MNIST_URL holds no http address.
    """
    wish = wanted_data()
    if wish == "digits":
        _show_notice(FORCED_NOTICE)
        return load_digits28()
    try:
        dataset = _find_or_download(wish)
    except DownloadError as error:
        if wish == "mnist":
            looked = ", ".join(str(path) for _, path in places())
            raise DownloadError(
                f"COURSE_DATA=mnist, but there is no valid MNIST in {looked}.\n{error}\n"
                "Or unset COURSE_DATA to work on the embedded digits."
            ) from error
        print(error, file=sys.stderr)
        _show_notice(NOTICE)
        dataset = load_digits28()
    _loaded[wish] = dataset.name
    return dataset


def load_same_data() -> Dataset:
    """Return, without a notice, the data that this process works on: what its last `load_mnist` returned.

    A process that has called neither function yet gets what `load_mnist` would return.

    Raises
    ------
    DownloadError, SettingError
        As `load_mnist`.
    """
    wish = wanted_data()
    if name_of_same_data() == "digits":
        return load_digits28()
    try:
        with warnings.catch_warnings():  # `load_mnist` tells of damaged files
            warnings.simplefilter("ignore")
            dataset = _find_or_download(wish)
    except DownloadError:
        if wish == "mnist":
            raise
        dataset = load_digits28()
    _loaded[wish] = dataset.name
    return dataset


def name_of_same_data() -> str:
    """Return the name of what `load_same_data` returns, as far as is known without loading: "mnist", "digits" or ""."""
    wish = wanted_data()
    return wish or _loaded.get(wish, "")


def _find_or_download(wish):
    arrays, source = find() or download_and_keep(force=wish == "mnist")
    parts = {}
    for part in ("train", "test"):  # the uint8 images go as soon as their float32 stands
        images = arrays.pop(f"x_{part}")
        parts[f"X_{part}"] = _to_unit_interval(images.reshape(len(images), -1))
        parts[f"y_{part}"] = arrays.pop(f"y_{part}").astype(np.int64)
        del images
    return Dataset(**parts, name="mnist", source=source)


def _to_unit_interval(images):
    """Return uint8 images divided by 255 as float32, without a float64 or a second copy."""
    return np.divide(images, 255, out=np.empty(images.shape, np.float32), dtype=np.float32)


def _show_notice(lines):
    """Show a box that no one overlooks: HTML in a notebook, text elsewhere."""
    width = max(map(len, lines))
    rule = "=" * min(width, 79)
    text = "\n".join((rule, *lines, rule))
    head, *rest = (html.escape(line) for line in lines)
    style = "border:3px solid #b35900;background:#fff3e0;color:#222;padding:0.6em 1em;border-radius:4px"
    box = f'<div role="alert" style="{style}"><strong>{head}</strong><br>{"<br>".join(rest)}</div>'
    show({"text/plain": text, "text/html": box})


def load_digits28() -> Dataset:
    """Return scikit-learn's 1797 embedded digits as 28x28 images, each in 14 small deformations.

    They are split by original image before they are deformed: 1498 give the 20,972 train images, 299 the
    4,186 test images, and no test image has a sibling in train. The last 4,998 train images have none among the
    others, so that a validation part can be cut off. The same call gives the same images.
    """
    from sklearn.datasets import load_digits

    digits, rng = load_digits(), np.random.default_rng(SEED)
    order = rng.permutation(len(digits.images))
    parts = {}
    for part, originals in (("test", order[:TEST_ORIGINALS]), ("train", order[TEST_ORIGINALS:])):
        shown = rng.permutation(np.repeat(originals, COPIES))
        images = _deform(digits.images, shown, rng).reshape(len(shown), -1)
        last = (part == "train") & np.isin(shown, originals[-VALIDATION_ORIGINALS:])
        order = np.argsort(last, kind="stable")
        parts[f"X_{part}"], parts[f"y_{part}"] = images[order], digits.target[shown[order]].astype(np.int64)
    source = "scikit-learn's load_digits, deformed"
    return Dataset(**parts, name="digits", source=source)


def _deform(images, shown, rng):
    """Return images[shown] as 28x28, each turned, sheared, scaled and shifted a little at random.

    As in MNIST the centre of mass lies in the middle and the digit is about 20 pixels high.
    """
    from scipy import ndimage

    padded = np.pad(images / 16, ((0, 0), (2, 2), (2, 2)))  # (n, 8, 8) -> (n, 12, 12)
    spline = ndimage.spline_filter1d(ndimage.spline_filter1d(padded, order=2, axis=1), order=2, axis=2)
    centres = np.array([ndimage.center_of_mass(image) for image in padded])
    n = len(shown)
    angle = np.deg2rad(rng.uniform(-10, 10, n))
    step = (8 / 18) * np.exp(rng.uniform(-0.1, 0.1, (n, 2)))  # pixels of the original per new pixel
    shear = (8 / 18) * rng.uniform(-0.15, 0.15, n)
    middle = 13.5 + rng.uniform(-1, 1, (n, 2))
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.stack([cos, -sin, sin, cos], axis=-1).reshape(n, 2, 2)
    stretch = np.stack([step[:, 0], np.zeros(n), shear, step[:, 1]], axis=-1).reshape(n, 2, 2)
    matrix = turn @ stretch
    offset = centres[shown] - np.einsum("nij,nj->ni", matrix, middle)
    deformed = np.empty((n, 28, 28), np.float32)
    for i, original in enumerate(shown):
        ndimage.affine_transform(spline[original], matrix[i], offset[i], output=deformed[i], order=2, prefilter=False)
    deformed *= 1.3  # the contrast that the enlargement takes away
    return np.clip(deformed, 0, 1, out=deformed)


def make_two_gaussians(
    n_per_class: int = 1000, *, shift: tuple[float, float] = (0.0, 0.0), seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Draw two classes in the plane with means (-1.1, 0.1) and (1.1, -0.1), both moved by `shift`.

    Both have the covariance [[1, 0.9], [0.9, 1]].

    Returns
    -------
    X : ndarray of shape (2 * n_per_class, 2), float64
        The first class, then the second.
    y : ndarray of shape (2 * n_per_class,), int64
        0 for the first class, 1 for the second.
    """
    rng = np.random.default_rng(seed)
    means = np.array([[-1.1, 0.1], [1.1, -0.1]]) + shift
    X = np.concatenate([rng.multivariate_normal(m, [[1, 0.9], [0.9, 1]], n_per_class) for m in means])
    return X, np.repeat(np.arange(2), n_per_class)
