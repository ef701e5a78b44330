import collections
import contextlib
import gzip
import hashlib
import http.server
import io
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time
import tracemalloc

import numpy as np
import pytest

from course_utils import _files, datasets
from course_utils._mnist import archive, download, search
from course_utils._mnist.archive import CorruptDataError
from course_utils.datasets import DownloadError, load_digits28, load_mnist, make_two_gaussians

REAL = [path for _, path in search.places() if path.exists()]  # before the fixtures hide them


def npz(arrays, save=np.savez):
    """Return the bytes of an archive."""
    file = io.BytesIO()
    save(file, **arrays)
    return file.getvalue()


def idx(array):
    """Return the bytes of an IDX file."""
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.tobytes()


def checksums(arrays):
    """Return what archive.ARRAYS holds for MNIST, for other arrays."""
    return {name: (array.shape, hashlib.sha256(array).hexdigest()) for name, array in arrays.items()}


@pytest.fixture(scope="module")
def tiny():
    """Arrays like MNIST's, 250 images of noise: about 200 kB however they are packed."""
    rng = np.random.default_rng(0)
    shapes = {"x_train": (200, 28, 28), "y_train": (200,), "x_test": (50, 28, 28), "y_test": (50,)}
    return {name: rng.integers(0, 10 if name[0] == "y" else 256, s, np.uint8) for name, s in shapes.items()}


@pytest.fixture(scope="module")
def digits():
    """The embedded digits, deformed once for all tests."""
    return load_digits28()


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Return a home of its own, so that no file, setting or proxy of this machine counts."""
    for name in list(os.environ):
        if name.startswith("COURSE_") or name.lower().endswith("_proxy") or name == "KERAS_HOME":
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
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
    for name, seconds in {"BUDGET": 1.8, "PATIENCE": 0.6, "CONNECT_TIMEOUT": 0.6}.items():
        monkeypatch.setattr(download, name, seconds)
    monkeypatch.setattr(search, "FETCH_BUDGET", 1.8)
    monkeypatch.setattr(search, "SLOW_FAILURE", 0.2)


class Server(http.server.ThreadingHTTPServer):
    """A real server on loopback; each path has a list of behaviours, and the last of them repeats."""

    daemon_threads = True
    block_on_close = False

    def __init__(self):
        """Take any free port."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.routes, self.requests = {}, []
        self.stop, self.half_sent = threading.Event(), threading.Event()

    def url(self, path="/mnist.npz", *behaviours):
        """Return the address of `path`, which is answered by `behaviours`."""
        self.routes[path] = list(behaviours)
        return f"http://127.0.0.1:{self.server_port}{path}"


class Handler(http.server.BaseHTTPRequestHandler):
    """Answer with the next behaviour of the path."""

    def do_GET(self):
        """Run the behaviour; the client may be gone."""
        behaviours = self.server.routes.get(self.path, [])
        self.server.requests.append(self.path)
        with contextlib.suppress(ConnectionError):
            if behaviours:
                (behaviours.pop(0) if len(behaviours) > 1 else behaviours[0])(self)
            else:
                self.send_error(404)

    def head(self, length):
        """Send the head of a good answer."""
        self.send_response(200)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, *args):
        """Say nothing."""


def whole(body):
    """Answer with the whole body."""

    def behave(handler):
        handler.head(len(body))
        handler.wfile.write(body)

    return behave


def half(body, *, then_wait=False):
    """Promise the body, send half of it, and then cut the connection or say nothing more."""

    def behave(handler):
        handler.head(len(body))
        handler.wfile.write(body[: len(body) // 2])
        handler.wfile.flush()
        handler.server.half_sent.set()
        if then_wait:
            handler.server.stop.wait()

    return behave


def silence(handler):
    """Accept and never answer."""
    handler.server.stop.wait()


def drip(handler):
    """Send one head line after the other and never an answer: no time-out of a socket ends this."""
    handler.send_response(200)
    while not handler.server.stop.wait(0.1):
        handler.send_header("X-Wait", "longer")
        handler.flush_headers()


def busy(handler):
    """Answer with an error of the server."""
    handler.send_error(503)


def trickle(body, seconds, pieces=20):
    """Send the body in pieces, the whole of it in so many seconds."""

    def behave(handler):
        handler.head(len(body))
        size = -(-len(body) // pieces)
        for start in range(0, len(body), size):
            handler.wfile.write(body[start : start + size])
            time.sleep(seconds / pieces)

    return behave


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
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return f"http://127.0.0.1:{port}/mnist.npz"


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


PRELUDE = """
import hashlib, os, resource, signal, sys
import numpy as np
from course_utils import _files, datasets
from course_utils._mnist import archive, download
with np.load(sys.argv[1]) as file:
    arrays = dict(file)
archive.ARRAYS = {name: (array.shape, hashlib.sha256(array).hexdigest()) for name, array in arrays.items()}
"""


@pytest.fixture
def start(cache, home, tiny):
    """Return a function that runs Python code in a process where `tiny` counts as MNIST too."""
    (home / "reference.npz").write_bytes(npz(tiny))

    def run(code):
        command = [sys.executable, "-c", PRELUDE + code, str(home / "reference.npz")]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    return run


# The search


def test_cached_after_download(cache, server, tiny, monkeypatch, capsys):
    """The first call downloads, with nothing on stdout; the second reads the cache."""
    monkeypatch.setenv("COURSE_MNIST_URL", server.url("/mnist.npz", whole(npz(tiny))))
    assert_is(load_mnist(), tiny)
    assert capsys.readouterr().out == ""
    assert_whole(cache)
    again = load_mnist()
    assert_is(again, tiny)
    assert again.source == str(cache)
    assert server.requests == ["/mnist.npz"]


@pytest.mark.parametrize("pack", [gzip.compress, bytes])
def test_idx_files(cache, server, tiny, pack, monkeypatch):
    """A folder with the four IDX files serves as well, compressed or not."""
    monkeypatch.setenv("COURSE_MNIST_URL", server.url("/mnist/"))
    for name, file in archive.IDX_FILES.items():
        server.url(f"/mnist/{file}", whole(pack(idx(tiny[name]))))
    assert_is(load_mnist(), tiny)
    assert_whole(cache)


@pytest.mark.parametrize("name", ["COURSE_DATA_DIR", "KERAS_HOME"])
def test_folder_before_download(cache, home, refused, tiny, name, monkeypatch):
    """A file in COURSE_DATA_DIR or in Keras's cache is taken, and no server is asked."""
    folder = home / "own" / ("datasets" if name == "KERAS_HOME" else "")
    folder.mkdir(parents=True)
    (folder / "mnist.npz").write_bytes(npz(tiny, np.savez_compressed))
    monkeypatch.setenv(name, str(home / "own"))
    monkeypatch.setenv("COURSE_MNIST_URL", refused)
    dataset = load_mnist()
    assert_is(dataset, tiny)
    assert dataset.source == str(folder / "mnist.npz")
    assert not cache.exists()


def test_relative_folder(home, monkeypatch):
    """A relative COURSE_DATA_DIR counts from the current folder, then from the course's."""
    monkeypatch.setenv("COURSE_DATA_DIR", "../data")
    found = [path for label, path in search.places() if label == "COURSE_DATA_DIR"]
    course = pathlib.Path(datasets.__file__).resolve().parents[1]
    assert found == [home.parent / "data" / "mnist.npz", course.parent / "data" / "mnist.npz"]


@pytest.mark.skipif(not REAL, reason="there is no MNIST on this machine")
def test_real_mnist(home, server, monkeypatch):
    """The real file passes the real checksums, whatever its container, and is kept in the cache."""
    monkeypatch.setenv("COURSE_MNIST_URL", server.url("/mnist.npz", whole(REAL[0].read_bytes())))
    dataset = load_mnist()
    assert (dataset.X_train.shape, dataset.X_test.shape) == ((60000, 784), (10000, 784))
    assert np.isin(dataset.y_train, [1, 5, 6]).sum() == 18081
    assert dataset.X_train.mean() == pytest.approx(0.1307, abs=1e-4)
    assert_whole(search.cache_file())


# COURSE_DATA


def test_notice_without_mnist(cache, digits, refused, monkeypatch, capsys):
    """Without MNIST the digits come with the notice, and stderr says why."""
    monkeypatch.setenv("COURSE_MNIST_URL", refused)
    assert load_mnist() is digits
    out, err = capsys.readouterr()
    for line in datasets.NOTICE:
        assert line in out.splitlines()
    assert refused in err


def test_forced_digits(cache, digits, tiny, monkeypatch, capsys):
    """COURSE_DATA=digits takes the digits though MNIST lies in the cache."""
    archive.store(tiny, cache)
    monkeypatch.setenv("COURSE_DATA", "digits")
    assert load_mnist() is digits
    assert datasets.FORCED_NOTICE[0] in capsys.readouterr().out.splitlines()


def test_forced_mnist(cache, refused, monkeypatch):
    """COURSE_DATA=mnist makes the fallback an error that says what, where and what to do."""
    monkeypatch.setenv("COURSE_DATA", "mnist")
    monkeypatch.setenv("COURSE_MNIST_URL", refused)
    with pytest.raises(DownloadError, match="COURSE_DATA=mnist") as caught:
        load_mnist()
    for part in (str(cache), refused, "refused", "COURSE_DATA_DIR", "unset COURSE_DATA"):
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"), [("COURSE_DATA", "Mnist"), ("COURSE_MNIST_URL", "ftp://127.0.0.1/mnist.npz")]
)
def test_bad_setting(cache, name, value, monkeypatch):
    """A setting that means nothing is an error with its name, the value and what was expected."""
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=f"{name}: expected .*{value}"):
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


# Bad servers


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


def test_wrong_answer(cache, server, bad, monkeypatch):
    """What is not MNIST is not used and not kept, and the error tells what came from where."""
    body, got = bad
    monkeypatch.setenv("COURSE_DATA", "mnist")
    url = server.url("/mnist.npz", whole(body))
    monkeypatch.setenv("COURSE_MNIST_URL", url)
    with pytest.raises(DownloadError) as caught:
        load_mnist()
    for part in (url, "expected", got):
        assert part in str(caught.value)
    assert_empty(cache)
    assert len(server.requests) == 1


def test_next_mirror(cache, server, bad, refused, tiny, monkeypatch):
    """After a wrong answer and a dead server the next mirror gives the data."""
    urls = [server.url("/bad.npz", whole(bad[0])), refused, server.url("/mnist.npz", whole(npz(tiny)))]
    monkeypatch.setenv("COURSE_MNIST_URL", " ".join(urls))
    assert_is(load_mnist(), tiny)
    assert_whole(cache)


@pytest.mark.parametrize("fault", [half, lambda body: half(body, then_wait=True), lambda body: busy])
def test_retry(cache, server, tiny, fault, impatient, monkeypatch):
    """A connection cut half-way, one that falls silent and a busy server are tried once more."""
    body = npz(tiny)
    monkeypatch.setenv("COURSE_MNIST_URL", server.url("/mnist.npz", fault(body), whole(body)))
    assert_is(load_mnist(), tiny)
    assert len(server.requests) == 2
    assert_whole(cache)


def test_always_cut(cache, server, tiny, monkeypatch):
    """When each try is cut half-way, the error says how much came, and nothing is left."""
    monkeypatch.setenv("COURSE_DATA", "mnist")
    monkeypatch.setenv("COURSE_MNIST_URL", server.url("/mnist.npz", half(npz(tiny))))
    with pytest.raises(DownloadError, match=r"bytes read, .* more expected"):
        load_mnist()
    assert_empty(cache)


def test_endless_answer(cache, server, tiny, monkeypatch):
    """A server that sends far more than MNIST is stopped."""
    monkeypatch.setattr(download, "LARGEST", 100_000)
    monkeypatch.setenv("COURSE_DATA", "mnist")
    monkeypatch.setenv("COURSE_MNIST_URL", server.url("/mnist.npz", whole(npz(tiny))))
    with pytest.raises(DownloadError, match="expected at most 100000 bytes"):
        load_mnist()
    assert_empty(cache)


def test_slow_but_flowing(cache, server, tiny, impatient, monkeypatch, capsys):
    """Data that keep flowing may take longer than the budget; a bar on stderr shows the progress."""
    monkeypatch.setenv("COURSE_MNIST_URL", server.url("/mnist.npz", trickle(npz(tiny), seconds=4)))
    start = time.monotonic()
    assert_is(load_mnist(), tiny)
    assert time.monotonic() - start > 2 * download.BUDGET
    out, err = capsys.readouterr()
    assert out == ""
    assert "mnist.npz: 100%" in err
    assert_whole(cache)


def test_clock_stands_still_while_data_flow(cache, server, tiny, impatient, monkeypatch):
    """Four files that flow in turn may together take longer than the budget."""
    monkeypatch.setenv("COURSE_MNIST_URL", server.url("/mnist/"))
    for name, file in archive.IDX_FILES.items():
        server.url(f"/mnist/{file}", trickle(gzip.compress(idx(tiny[name])) + bytes(20_000), seconds=0.8))
    assert_is(load_mnist(), tiny)


@pytest.mark.timeout(30)
def test_dripping_head(cache, server, digits, impatient, monkeypatch):
    """A server that drips the head of an answer without end is given up like a silent one."""
    monkeypatch.setenv("COURSE_MNIST_URL", server.url("/mnist.npz", drip))
    start = time.monotonic()
    assert load_mnist() is digits
    assert time.monotonic() - start < 3 * download.BUDGET


def test_twenty_seconds(cache, server, digits, monkeypatch):
    """With three servers that accept and never answer, the whole search ends within 20 s."""
    monkeypatch.setenv("COURSE_MNIST_URL", " ".join(server.url(f"/{i}.npz", silence) for i in range(3)))
    start = time.monotonic()
    assert load_mnist() is digits
    assert 10 < time.monotonic() - start <= 20
    assert set(server.requests) == {"/0.npz", "/1.npz", "/2.npz"}
    assert_empty(cache)


def test_slow_failure_is_not_repeated(cache, server, digits, tiny, impatient, monkeypatch, capsys):
    """The next lesson does not wait again, until some minutes passed or the addresses changed."""
    url = server.url("/mnist.npz", silence)
    monkeypatch.setenv("COURSE_MNIST_URL", url)
    load_mnist()
    asked = len(server.requests)
    capsys.readouterr()
    assert load_mnist() is digits
    assert len(server.requests) == asked
    assert "python -m course_utils data" in capsys.readouterr().err
    assert any("failed" in row["detail"] for row in datasets.describe_sources())

    marker = cache.with_name("download-failed.txt")
    long_ago = time.time() - 2 * search.FAILURE_HOLDS
    os.utime(marker, (long_ago, long_ago))
    load_mnist()
    assert len(server.requests) > asked

    monkeypatch.setenv("COURSE_MNIST_URL", server.url("/other/mnist.npz", whole(npz(tiny))))
    assert_is(load_mnist(), tiny)


def test_quick_failure_is_repeated(cache, refused, monkeypatch):
    """A failure that cost no time is forgotten, so that the data come as soon as the network does."""
    monkeypatch.setenv("COURSE_MNIST_URL", refused)
    load_mnist()
    assert_empty(cache)
    assert not cache.with_name("download-failed.txt").exists()


def test_fetch_ignores_the_marker(cache, server, tiny, impatient, monkeypatch):
    """fetch_mnist downloads though the last try failed, and even where a valid file lies."""
    url = server.url("/mnist.npz", silence)
    monkeypatch.setenv("COURSE_MNIST_URL", url)
    load_mnist()
    assert search.failed_recently()
    with pytest.raises(DownloadError, match="MNIST could not be downloaded"):
        datasets.fetch_mnist()
    server.url("/mnist.npz", whole(npz(tiny)))
    for _ in range(2):
        asked = len(server.requests)
        assert datasets.fetch_mnist() == cache
        assert len(server.requests) == asked + 1
    assert search.read(cache)[0] == "valid"


# Bad files


def test_corrupt_cache(cache, server, bad, tiny, monkeypatch):
    """A corrupt file in the cache is not used; it is removed and downloaded again, with a warning."""
    cache.parent.mkdir(parents=True)
    cache.write_bytes(bad[0])
    monkeypatch.setenv("COURSE_MNIST_URL", server.url("/mnist.npz", whole(npz(tiny))))
    with pytest.warns(UserWarning, match="cache: corrupt file.*downloaded again") as caught:
        assert_is(load_mnist(), tiny)
    assert bad[1] in str(caught[0].message)
    assert_whole(cache)


def test_corrupt_cache_without_network(cache, digits, bad, refused, monkeypatch):
    """Without a network a corrupt cache leaves the digits, and no corrupt file."""
    cache.parent.mkdir(parents=True)
    cache.write_bytes(bad[0])
    monkeypatch.setenv("COURSE_MNIST_URL", refused)
    with pytest.warns(UserWarning, match="corrupt file"):
        assert load_mnist() is digits
    assert_empty(cache)


def test_corrupt_own_file(cache, home, server, bad, tiny, monkeypatch):
    """A corrupt file in COURSE_DATA_DIR is named in a warning, left alone and not used."""
    (home / "mnist.npz").write_bytes(bad[0])
    monkeypatch.setenv("COURSE_DATA_DIR", str(home))
    monkeypatch.setenv("COURSE_MNIST_URL", server.url("/mnist.npz", whole(npz(tiny))))
    with pytest.warns(UserWarning, match="COURSE_DATA_DIR: corrupt file.*left alone") as caught:
        assert_is(load_mnist(), tiny)
    for part in (str(home / "mnist.npz"), "expected", bad[1]):
        assert part in str(caught[0].message)
    assert (home / "mnist.npz").read_bytes() == bad[0]
    assert_whole(cache)


def test_missing_own_file(cache, home, server, tiny, monkeypatch):
    """A COURSE_DATA_DIR without the file is named in a warning, and the search goes on."""
    monkeypatch.setenv("COURSE_DATA_DIR", str(home / "mistyped"))
    monkeypatch.setenv("COURSE_MNIST_URL", server.url("/mnist.npz", whole(npz(tiny))))
    with pytest.warns(UserWarning, match=r"expected .*mistyped.mnist\.npz, found no such file"):
        assert_is(load_mnist(), tiny)


def test_no_cache_folder(cache, server, tiny, monkeypatch):
    """Where no cache can be written the data are used all the same, and fetch_mnist says why it fails."""
    cache.parent.parent.mkdir(parents=True, exist_ok=True)
    cache.parent.write_text("a file where the folder should be")
    monkeypatch.setenv("COURSE_MNIST_URL", server.url("/mnist.npz", whole(npz(tiny))))
    with pytest.warns(UserWarning, match=r"could not be kept in .*mnist\.npz.*free some disk space"):
        assert_is(load_mnist(), tiny)
    with pytest.raises(DownloadError, match=r"could not be written to .*mnist\.npz.*Expected"):
        datasets.fetch_mnist()
    assert cache.parent.read_text() == "a file where the folder should be"


@pytest.mark.skipif(sys.platform == "win32", reason="needs setrlimit")
def test_full_disk(cache, server, start, tiny, monkeypatch):
    """Where the disk takes half the file the data are used all the same, and nothing is left of it."""
    monkeypatch.setenv("COURSE_MNIST_URL", server.url("/mnist.npz", whole(npz(tiny))))
    process = start(
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "dataset = datasets.load_mnist()\n"
        "assert (dataset.X_test * 255).round().astype(np.uint8).tobytes() == arrays['x_test'].tobytes()\n"
    )
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "could not be kept" in err
    assert "File too large" in err
    assert_empty(cache)


# Several processes


def test_two_processes(cache, server, start, tiny, monkeypatch):
    """Two processes that download at once both get the data, and leave one whole file."""
    monkeypatch.setenv("COURSE_MNIST_URL", server.url("/mnist.npz", trickle(npz(tiny), seconds=1)))
    processes = [start("print(datasets.load_mnist().name)") for _ in range(2)]
    for process in processes:
        assert process.communicate(timeout=60)[0] == "mnist\n"
    assert_whole(cache)


def test_reading_while_writing(cache, tiny):
    """Who reads while another writes sees a whole file, each time."""
    archive.store(tiny, cache)
    states = []
    writer = threading.Thread(target=lambda: [archive.store(tiny, cache) for _ in range(20)])
    writer.start()
    while writer.is_alive():
        states.append(search.read(cache)[0])
    writer.join()
    assert set(states) == {"valid"}
    assert_whole(cache)


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_killed_download(cache, server, start, tiny, monkeypatch):
    """A process killed in the middle of a download leaves nothing; the next one gets the data."""
    body = npz(tiny)
    monkeypatch.setenv("COURSE_MNIST_URL", server.url("/mnist.npz", half(body, then_wait=True), whole(body)))
    process = start("datasets.load_mnist()")
    assert server.half_sent.wait(60)
    process.kill()
    process.communicate(timeout=60)
    assert_empty(cache)
    assert_is(load_mnist(), tiny)
    assert_whole(cache)


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_killed_while_writing(cache, server, start, tiny, monkeypatch):
    """A process killed before its file is in place leaves a temporary one, which is cleared later."""
    monkeypatch.setenv("COURSE_MNIST_URL", server.url("/mnist.npz", whole(npz(tiny))))
    process = start(
        "sys.addaudithook(lambda event, _: event == 'os.rename' and os.kill(os.getpid(), signal.SIGKILL))\n"
        "datasets.load_mnist()\n"
    )
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    (left,) = cache.parent.iterdir()
    assert left.suffix == ".part"
    assert not cache.exists()
    long_ago = time.time() - 2 * _files.STALE
    os.utime(left, (long_ago, long_ago))
    assert_is(load_mnist(), tiny)
    assert_whole(cache)


# Small things


def test_describe_sources(cache, home, tiny, refused, monkeypatch):
    """Each place is listed with its state and size, corrupt ones with what is wrong, and none is changed."""
    (home / "mnist.npz").write_bytes(b"<html>")
    archive.store(tiny, cache)
    monkeypatch.setenv("COURSE_DATA_DIR", str(home))
    monkeypatch.setenv("COURSE_MNIST_URL", refused)
    rows = datasets.describe_sources()
    assert [row["state"] for row in rows] == ["corrupt", "valid", "missing", "not tried", "built in"]
    assert [row["bytes"] for row in rows[:3]] == [6, cache.stat().st_size, None]
    assert "expected a NumPy .npz archive, got 6 bytes" in rows[0]["detail"]
    assert (home / "mnist.npz").exists()


def test_verify_names_the_type(tiny, monkeypatch):
    """Arrays of another type are refused, whatever their values."""
    monkeypatch.setattr(archive, "ARRAYS", checksums(tiny))
    with pytest.raises(CorruptDataError, match=r"here: y_test: expected uint8 \(50,\), got int64"):
        download.verify(tiny | {"y_test": tiny["y_test"].astype(np.int64)}, "here")


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
    """No original is behind both train and test images: seen with the deformation taken away."""
    monkeypatch.setattr(
        datasets, "_deform", lambda images, shown, rng: np.pad(images[shown], ((0, 0), (10, 10), (10, 10)))
    )
    plain = load_digits28()
    train, test = (collections.Counter(map(bytes, X)) for X in (plain.X_train, plain.X_test))
    assert (len(train), len(test)) == (1498, 299)
    assert set(train.values()) == set(test.values()) == {14}
    assert not train.keys() & test.keys()


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
