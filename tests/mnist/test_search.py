"""Where MNIST is looked for and kept; damaged files, several processes, processes that are killed."""

import gzip
import os
import pathlib
import re
import signal
import sys
import time
import warnings

import numpy as np
import pytest
from _servers import half, silence, trickle, whole
from _tiny_mnist import HOMES, REAL, assert_empty, assert_is, assert_whole, idx, npz

from course_utils import _files, datasets
from course_utils._mnist import archive, search
from course_utils.datasets import DownloadError, load_mnist


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


@pytest.mark.parametrize("name", ["COURSE_DATA_DIR", "COURSE_KERAS_HOME"])
def test_folder_before_download(cache, home, refused, tiny, name, monkeypatch):
    """A file in COURSE_DATA_DIR or in Keras's cache is taken, and no server is asked."""
    folder = home / "own" / ("datasets" if name == "COURSE_KERAS_HOME" else "")
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


def test_nothing_outside_the_home(home):
    """Tests neither read nor write where the files of a student are, whatever the system."""
    assert [path for _, path in search.places() if home not in path.parents] == []
    assert home in pathlib.Path.home().joinpath("any").parents


def test_the_home_of_windows(monkeypatch):
    """The variable by which tests redirect the cache on Windows is one that it heeds."""
    from platformdirs.windows import Windows

    monkeypatch.setenv(HOMES[-1], "C:\\private")
    assert Windows("course_utils").user_cache_dir.startswith("C:\\private")


# Downloads that failed


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


@pytest.mark.parametrize(
    ("named", "found"),
    [("mistyped", "no such folder"), ("empty", "a folder without it"), ("mnist.npz", "a file in place of the folder")],
)
def test_missing_own_file(cache, home, server, tiny, named, found, monkeypatch):
    """A COURSE_DATA_DIR without the file is one sentence of warning, and the search goes on."""
    (home / "empty").mkdir()
    (home / "mnist.npz").write_bytes(npz(tiny))
    monkeypatch.setenv("COURSE_DATA_DIR", str(home / named))
    monkeypatch.setenv("COURSE_MNIST_URL", server.url("/mnist.npz", whole(npz(tiny))))
    with pytest.warns(UserWarning, match="COURSE_DATA_DIR") as caught:
        assert_is(load_mnist(), tiny)
    (warning,) = caught
    assert str(warning.message) == (
        f"COURSE_DATA_DIR: expected {home / named / 'mnist.npz'}, found {found}; MNIST is looked for elsewhere until "
        "you put mnist.npz there or name the folder that holds it."
    )


def put_folder(path):
    """Make a folder where the file should be."""
    path.mkdir()


def put_pipe(path):
    """Make a pipe into which nobody writes."""
    os.mkfifo(path)


def put_hole(path):
    """Make a file of more bytes than MNIST has."""
    with path.open("wb") as file:
        file.truncate(archive.LARGEST + 1)


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    ("put", "says"),
    [
        (put_folder, "unreadable file.*expected a file, found a folder"),
        pytest.param(
            put_pipe,
            "unreadable file.*expected a file, found a pipe",
            marks=pytest.mark.skipif(sys.platform == "win32", reason="needs a FIFO"),
        ),
        (put_hole, "corrupt file.*expected at most"),
    ],
)
@pytest.mark.parametrize("where", ["COURSE_DATA_DIR", "cache"])
def test_no_regular_file(cache, home, server, tiny, put, says, where, monkeypatch):
    """What is no file, or far too large a one, is named at once; MNIST comes from elsewhere."""
    path = cache if where == "cache" else home / "own" / "mnist.npz"
    path.parent.mkdir(parents=True)
    put(path)
    monkeypatch.setenv("COURSE_DATA_DIR", str(home / "own") if where != "cache" else "")
    monkeypatch.setenv("COURSE_MNIST_URL", server.url("/mnist.npz", whole(npz(tiny))))
    start = time.monotonic()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert_is(load_mnist(), tiny)
    assert time.monotonic() - start < 5
    assert re.search(f"{where}: {says}", str(caught[0].message))
    if put is put_folder and where == "cache":  # nothing takes the place of a folder
        assert "could not be kept" in str(caught[1].message)
    else:
        assert len(caught) == 1
        assert search.read(cache)[0] == "valid"


def test_no_cache_folder(cache, server, tiny, monkeypatch):
    """Where no cache can be written the data are used all the same, and fetch_mnist says why it fails."""
    cache.parent.parent.mkdir(parents=True, exist_ok=True)
    cache.parent.write_text("a file where the folder should be")
    monkeypatch.setenv("COURSE_MNIST_URL", server.url("/mnist.npz", whole(npz(tiny))))
    with pytest.warns(UserWarning, match=r"could not be kept in .*mnist\.npz.*free some disk space"):
        assert_is(load_mnist(), tiny)
    with pytest.raises(DownloadError, match=r"could not be kept in .*mnist\.npz.*Expected"):
        datasets.fetch_mnist()
    assert cache.parent.read_text() == "a file where the folder should be"


@pytest.mark.skipif(sys.platform == "win32", reason="needs users that may have no home")
def test_no_home(cache, server, tiny, monkeypatch, tmp_path):
    """A user whom the system does not know and who has no HOME has the cache in the checkout."""

    def unknown(uid):
        raise KeyError(uid)

    monkeypatch.setattr("pwd.getpwuid", unknown)
    monkeypatch.setattr(search, "BUILD", tmp_path / "build")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("HOME")
    monkeypatch.setenv("COURSE_MNIST_URL", server.url("/mnist.npz", whole(npz(tiny))))
    assert_is(load_mnist(), tiny)
    assert search.cache_file() == tmp_path / "build" / "cache" / "mnist.npz"
    assert_whole(search.cache_file())


@pytest.mark.skipif(sys.platform == "win32", reason="needs setrlimit")
def test_full_disk(cache, server, start, tiny, monkeypatch):
    """Where the disk takes half the file the data are used all the same, and nothing is left of it."""
    monkeypatch.setenv("COURSE_MNIST_URL", server.url("/mnist.npz", whole(npz(tiny))))
    process = start(
        "import resource\n"
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


# The list of sources


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
