"""What tests of the data share: arrays that pass for MNIST, a home of their own, an address that refuses."""

import hashlib
import io
import os
import socket

import numpy as np

from course_utils._mnist import search

REAL = [path for _, path in search.places() if path.is_file()]  # before a test hides them
HOMES = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "WIN_PD_OVERRIDE_LOCAL_APPDATA")


def isolate(monkeypatch, folder):
    """Make `folder` the home and the current folder, so that no file, setting or proxy of this machine counts."""
    for name in list(os.environ):
        if name.startswith("COURSE_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for name in HOMES:  # the last is what pooch's cache heeds on Windows, where it asks the system, not LOCALAPPDATA
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    monkeypatch.chdir(folder)


def refused_address():
    """Return the address of a port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return f"http://127.0.0.1:{port}/mnist.npz"


def tiny_arrays():
    """Return arrays like MNIST's, 250 images of noise: about 200 kB however they are packed."""
    rng = np.random.default_rng(0)
    shapes = {"x_train": (200, 28, 28), "y_train": (200,), "x_test": (50, 28, 28), "y_test": (50,)}
    return {name: rng.integers(0, 10 if name[0] == "y" else 256, s, np.uint8) for name, s in shapes.items()}


def checksums(arrays):
    """Return what archive.ARRAYS holds for MNIST, for other arrays."""
    return {name: (array.shape, hashlib.sha256(array).hexdigest()) for name, array in arrays.items()}


def npz(arrays, save=np.savez):
    """Return the bytes of an archive."""
    file = io.BytesIO()
    save(file, **arrays)
    return file.getvalue()


def idx(array):
    """Return the bytes of an IDX file."""
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.tobytes()


def assert_is(dataset, arrays):
    """The dataset holds exactly `arrays`, as contracts have it."""
    assert dataset.name == "mnist"
    assert dataset.image_shape == (28, 28)
    for part in ("train", "test"):
        X, y = getattr(dataset, f"X_{part}"), getattr(dataset, f"y_{part}")
        images = arrays[f"x_{part}"].reshape(-1, 784)
        assert (X.dtype, y.dtype) == (np.float32, np.int64)
        np.testing.assert_array_equal(X, images / np.float32(255))
        np.testing.assert_array_equal(y, arrays[f"y_{part}"])


def assert_whole(cache):
    """The cache holds a valid file and nothing else."""
    assert sorted(path.name for path in cache.parent.iterdir()) == ["mnist.npz"]
    assert search.read(cache)[0] == "valid"


def assert_empty(cache):
    """The cache holds neither data nor the rest of any."""
    left = {path.name for path in cache.parent.iterdir()} if cache.parent.exists() else set()
    assert left <= {"download-failed.txt"}
