"""What load_mnist gives where COURSE_DATA decides, the embedded digits, the two Gaussians."""

import collections
import os
import subprocess
import sys
import tracemalloc

import numpy as np
import pytest
from _tiny_mnist import checksums, isolate, refused_address, tiny_arrays

from course_utils import datasets
from course_utils._mnist import archive, search
from course_utils._settings import SettingError
from course_utils.datasets import DownloadError, load_digits28, load_mnist, make_two_gaussians


@pytest.fixture(scope="module")
def digits():
    """The embedded digits, deformed once for all tests."""
    return load_digits28()


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home of its own, where neither a file nor a server gives MNIST."""
    isolate(monkeypatch, tmp_path)
    monkeypatch.setenv("COURSE_MNIST_URL", refused_address())
    return tmp_path


@pytest.fixture
def at_hand(home, digits, monkeypatch):
    """The embedded digits without the time to deform them."""
    monkeypatch.setattr(datasets, "load_digits28", lambda: digits)


# COURSE_DATA


def test_notice_without_mnist(at_hand, digits, capsys):
    """Without MNIST the digits come with the notice, and stderr says why."""
    assert load_mnist() is digits
    out, err = capsys.readouterr()
    for line in datasets.NOTICE:
        assert line in out.splitlines()
    assert os.environ["COURSE_MNIST_URL"] in err


def test_forced_digits(at_hand, digits, monkeypatch, capsys):
    """COURSE_DATA=digits takes the digits though MNIST lies in the cache."""
    arrays = tiny_arrays()
    monkeypatch.setattr(archive, "ARRAYS", checksums(arrays))
    archive.store(arrays, search.cache_file())
    assert load_mnist().name == "mnist"
    monkeypatch.setenv("COURSE_DATA", "digits")
    assert load_mnist() is digits
    assert datasets.FORCED_NOTICE[0] in capsys.readouterr().out.splitlines()


def test_forced_mnist(home, monkeypatch):
    """COURSE_DATA=mnist makes the fallback an error that says what, where and what to do."""
    monkeypatch.setenv("COURSE_DATA", "mnist")
    with pytest.raises(DownloadError, match="COURSE_DATA=mnist") as caught:
        load_mnist()
    address = os.environ["COURSE_MNIST_URL"]
    for part in (str(search.cache_file()), address, "refused", "COURSE_DATA_DIR", "unset COURSE_DATA"):
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"), [("COURSE_DATA", "Mnist"), ("COURSE_MNIST_URL", "ftp://127.0.0.1/mnist.npz")]
)
def test_bad_setting(home, name, value, monkeypatch):
    """A setting that means nothing is an error with its name, the value and what was expected."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingError, match=f"{name}: expected .*{value}"):
        load_mnist()


def test_notice_in_notebook(home):
    """In a notebook the notice is a box, and stdout stays empty."""
    import nbclient
    import nbformat

    code = "from course_utils import datasets\ndatasets._show_notice(datasets.NOTICE)"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    (output,) = notebook.cells[0].outputs
    assert output.output_type == "display_data"
    assert "border:" in output.data["text/html"]
    assert "`python -m course_utils data`" in output.data["text/html"]
    assert datasets.NOTICE[0] in output.data["text/plain"]


# The dataset


def test_conversion_makes_no_second_copy():
    """The conversion to float32 allocates its result and little else, and divides exactly."""
    images = np.arange(256, dtype=np.uint8).repeat(784 * 20).reshape(-1, 784)
    tracemalloc.start()
    converted = datasets._to_unit_interval(images)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert converted.dtype == np.float32
    assert peak < 1.1 * converted.nbytes
    np.testing.assert_array_equal(converted, images / np.float32(255))


def test_dataset_is_frozen_and_small(digits):
    """A dataset prints as one line and its fields cannot be exchanged."""
    assert repr(digits) == "<digits: 20972 train, 4186 test images of 28x28>"
    with pytest.raises(AttributeError):
        digits.name = "mnist"


def test_import_is_light():
    """Importing the module imports no Keras, TensorFlow, scikit-learn, SciPy or pooch."""
    code = "import sys, course_utils.datasets as d; print(*{n.split('.')[0] for n in sys.modules})"
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert not {"keras", "tensorflow", "sklearn", "scipy", "pooch", "requests"} & set(loaded)


# The embedded digits


def test_digits_shapes(digits):
    """1498 and 299 originals in 14 deformations each, float32 in [0, 1], every class in both parts."""
    assert (digits.X_train.shape, digits.X_test.shape) == ((1498 * 14, 784), (299 * 14, 784))
    for X, y in ((digits.X_train, digits.y_train), (digits.X_test, digits.y_test)):
        assert (X.dtype, y.dtype) == (np.float32, np.int64)
        assert X.min() == 0
        assert X.max() == 1
        assert set(y) == set(range(10))
        assert (np.bincount(y) % 14 == 0).all()


def test_digits_deterministic(digits):
    """A second call gives the same images."""
    again = load_digits28()
    for name in ("X_train", "y_train", "X_test", "y_test"):
        np.testing.assert_array_equal(getattr(again, name), getattr(digits, name))


def test_digits_without_siblings(monkeypatch):
    """No original is behind images of two parts, train, validation and test: seen with the deformation taken away."""
    monkeypatch.setattr(
        datasets, "_deform", lambda images, shown, rng: np.pad(images[shown], ((0, 0), (10, 10), (10, 10)))
    )
    plain = load_digits28()
    train, test = (collections.Counter(map(bytes, X)) for X in (plain.X_train, plain.X_test))
    assert (len(train), len(test)) == (1498, 299)
    assert set(train.values()) == set(test.values()) == {14}
    assert not train.keys() & test.keys()
    fitted, held_out = (set(map(bytes, X)) for X in (plain.X_train[:-4998], plain.X_train[-4998:]))
    assert not fitted & held_out


def test_digits_look_like_mnist(digits):
    """Digits are 20 pixels high, in the middle, clear of the edge, and PCA's error is as measured."""
    images = digits.X_test.reshape(-1, 28, 28)
    heights = [np.ptp(np.flatnonzero(image.max(1) > 0.1)) + 1 for image in images]
    assert np.mean(heights) == pytest.approx(20, abs=1)
    mass = images.mean(0)
    centre = (np.indices((28, 28)) * mass).sum((1, 2)) / mass.sum()
    assert centre == pytest.approx([13.5, 13.5], abs=0.3)
    assert images[:, [0, -1]].max() < 0.5
    sample = digits.X_train[::4]
    mean = sample.mean(0)
    components = np.linalg.eigh((sample - mean).T @ (sample - mean))[1][:, -2:]
    centred = digits.X_test - mean
    error = np.mean((centred - centred @ components @ components.T) ** 2)
    assert 0.025 < error < 0.032


# The two Gaussians


def test_gaussians():
    """Means and covariance are the given ones within five standard errors."""
    n = 20_000
    X, y = make_two_gaussians(n, shift=(3, 3), seed=1)
    assert (X.shape, y.shape, np.bincount(y).tolist()) == ((2 * n, 2), (2 * n,), [n, n])
    for label, mean in enumerate([(1.9, 3.1), (4.1, 2.9)]):
        assert X[y == label].mean(0) == pytest.approx(mean, abs=5 / n**0.5)
        np.testing.assert_allclose(np.cov(X[y == label].T), [[1, 0.9], [0.9, 1]], atol=5 * (2 / n) ** 0.5)


def test_gaussians_seed():
    """The seed decides the draw; the shift moves the same draw."""
    X, _ = make_two_gaussians(50)
    np.testing.assert_array_equal(X, make_two_gaussians(50, seed=0)[0])
    np.testing.assert_allclose(X + np.array([3, 3]), make_two_gaussians(50, shift=(3, 3))[0])
    assert not np.array_equal(X, make_two_gaussians(50, seed=1)[0])
