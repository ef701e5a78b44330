"""A home, a cache and a server of their own for the tests of MNIST; files that are not MNIST."""

import subprocess
import sys
import threading

import numpy as np
import pytest
from _servers import Server
from _tiny_mnist import checksums, isolate, npz, refused_address, tiny_arrays

from course_utils import datasets
from course_utils._mnist import archive, download, search

PRELUDE = """
import hashlib, os, signal, sys
import numpy as np
from course_utils import _files, datasets
from course_utils._mnist import archive, download
with np.load(sys.argv[1]) as file:
    arrays = dict(file)
archive.ARRAYS = {name: (array.shape, hashlib.sha256(array).hexdigest()) for name, array in arrays.items()}
"""


@pytest.fixture(scope="session")
def tiny():
    """Arrays that pass for MNIST wherever `cache` is asked for."""
    return tiny_arrays()


@pytest.fixture(scope="session")
def digits():
    """The embedded digits, deformed once for all tests."""
    return datasets.load_digits28()


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Return a home of its own, so that no file, setting or proxy of this machine counts."""
    isolate(monkeypatch, tmp_path)
    return tmp_path


@pytest.fixture
def cache(home, tiny, digits, monkeypatch):
    """Return the path of the cached file, where `tiny` counts as MNIST and the digits are at hand."""
    monkeypatch.setattr(archive, "ARRAYS", checksums(tiny))
    monkeypatch.setattr(datasets, "load_digits28", lambda: digits)
    return search.cache_file()


@pytest.fixture
def impatient(monkeypatch):
    """Shrink every waiting time, so that a test of silence is short."""
    for name, seconds in {"BUDGET": 1.8, "PATIENCE": 0.6, "CONNECT_TIMEOUT": 0.6, "GRACE": 1.0}.items():
        monkeypatch.setattr(download, name, seconds)
    monkeypatch.setattr(search, "FETCH_BUDGET", 1.8)
    monkeypatch.setattr(search, "SLOW_FAILURE", 0.2)


@pytest.fixture
def server():
    """A running Server."""
    with Server() as running:
        threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield running
        running.stop.set()
        running.shutdown()


@pytest.fixture
def refused():
    """The address of a port where nobody listens."""
    return refused_address()


@pytest.fixture
def start(cache, home, tiny):
    """Return a function that runs Python code in a process where `tiny` counts as MNIST too."""
    (home / "reference.npz").write_bytes(npz(tiny))

    def run(code):
        command = [sys.executable, "-c", PRELUDE + code, str(home / "reference.npz")]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    return run


class Bomb:
    """What ends the process when it is unpickled."""

    def __reduce__(self):
        """Return the call that a pickle stores."""
        return exec, ("raise SystemExit",)


@pytest.fixture(params=["html", "truncated", "other arrays", "no arrays", "pickle", "empty"])
def bad(request, tiny):
    """Bytes that are not MNIST, and what the error says of them."""
    good = npz(tiny)
    return {
        "html": (b"<html>Please log in</html>", "<html>"),
        "truncated": (good[: len(good) // 2], f"got {len(good) // 2} bytes"),
        "other arrays": (npz(tiny | {"x_test": tiny["x_test"][::-1]}), "x_test: expected SHA-256"),
        "no arrays": (npz({"x_train": tiny["x_train"]}), "expected the arrays"),
        "pickle": (npz(tiny | {"x_test": np.array([Bomb()], object)}), "got"),
        "empty": (b"", "got 0 bytes"),
    }[request.param]
