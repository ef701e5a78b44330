"""MNIST from servers that fail in every way seen so far."""

import gzip
import re
import time

import pytest
from _servers import busy, drip, half, silence, trickle, whole
from _tiny_mnist import assert_empty, assert_is, assert_whole, idx, npz

from course_utils._mnist import archive, download, search
from course_utils.datasets import DownloadError, load_mnist

REAL_BUDGET = download.BUDGET  # before a test shrinks it


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


@pytest.mark.timeout(30)
def test_dripping_body(cache, server, tiny, impatient, monkeypatch):
    """A server that sends 5 kB per second, never silent, is left for the next one and not asked again."""
    body = npz(tiny)
    slow = server.url("/slow.npz", trickle(body, seconds=len(body) / 5000, pieces=len(body) // 1000))
    monkeypatch.setenv("COURSE_MNIST_URL", f"{slow} {server.url('/mnist.npz', busy, whole(body))}")
    start = time.monotonic()
    assert_is(load_mnist(), tiny)
    assert download.GRACE < time.monotonic() - start < 4 * download.GRACE
    assert server.requests == ["/slow.npz", "/mnist.npz", "/mnist.npz"]


@pytest.mark.timeout(30)
def test_only_a_dripping_server(cache, server, digits, tiny, impatient, monkeypatch, capsys):
    """Where nothing else is named the digits come, stderr says how slow it was, and it is not tried again soon."""
    body = npz(tiny)
    monkeypatch.setenv("COURSE_MNIST_URL", server.url("/mnist.npz", trickle(body, len(body) / 5000, len(body) // 1000)))
    assert load_mnist() is digits
    assert re.search(r"mnist\.npz: too slow: \d+ bytes in 1 s, expected at least 10000 bytes", capsys.readouterr().err)
    assert search.failed_recently()
    assert_empty(cache)


@pytest.mark.parametrize(
    ("rate", "seconds", "verdict"),
    [
        (20_000, 21, False),  # a class that shares a slow line
        (20_000, 11_500_000 / 20_000, False),  # and has MNIST nearly whole
        (1024 / 5, 25, True),  # 1 kB every 5 seconds
        (0, 15, False),  # a network that starts
        (9_000, 600, True),
    ],
)
def test_what_is_too_slow(rate, seconds, verdict):
    """The average decides, after some seconds of grace."""
    assert download.is_too_slow(rate * seconds, seconds) is verdict


def test_endless_idx_file(cache, server, tiny, monkeypatch):
    """Each IDX file is received up to its own measure, not that of an archive."""
    monkeypatch.setenv("COURSE_DATA", "mnist")
    monkeypatch.setenv("COURSE_MNIST_URL", server.url("/mnist/"))
    server.url("/mnist/train-images-idx3-ubyte.gz", whole(bytes(500_000)))
    with pytest.raises(DownloadError, match=f"expected at most {tiny['x_train'].size + archive.ROOM} bytes, got more"):
        load_mnist()


def test_nonsense_proxy(cache, server, digits, tiny, monkeypatch, capsys):
    """A proxy that is none costs the download, not the lesson; it is named, without what may be its password."""
    monkeypatch.setenv(
        "COURSE_MNIST_URL", server.url("/mnist.npz", whole(npz(tiny))).replace("127.0.0.1", "mnist.test")
    )
    for proxy in ("http://user:secret@[::1", "http://", "foo://bar", "http://user:secret@127.0.0.1:1"):
        monkeypatch.setenv("http_proxy", proxy)
        assert load_mnist() is digits
        err = capsys.readouterr().err
        assert "MNIST could not be downloaded" in err
        assert "proxy settings (in use: http_proxy)" in err
        assert "secret" not in err


def test_twenty_seconds(cache, server, digits, impatient, monkeypatch):
    """With three servers that accept and never answer, the whole search ends within 20 s.

    It takes what BUDGET says and some work, which does not grow with it: that much is left of the 20 seconds.
    """
    monkeypatch.setenv("COURSE_MNIST_URL", " ".join(server.url(f"/{i}.npz", silence) for i in range(3)))
    start = time.monotonic()
    assert load_mnist() is digits
    took = time.monotonic() - start
    assert download.BUDGET / 2 < took <= download.BUDGET + 20 - REAL_BUDGET
    assert set(server.requests) == {"/0.npz", "/1.npz", "/2.npz"}
    assert_empty(cache)
