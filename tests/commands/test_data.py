"""`python -m course_utils data`: what it fetches, what it lists, and how it ends."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from _tiny_mnist import REAL, checksums, isolate, npz, refused_address, tiny_arrays

from course_utils import __main__ as commands
from course_utils._mnist import archive, search

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home of its own, where noise passes for MNIST and no server gives it."""
    isolate(monkeypatch, tmp_path)
    monkeypatch.setattr(archive, "ARRAYS", checksums(tiny_arrays()))
    monkeypatch.setenv("COURSE_MNIST_URL", refused_address())
    return tmp_path


def test_mnist_at_hand(home, capsys):
    """With MNIST in the cache nothing is downloaded, every place is listed, and the end is 0."""
    archive.store(tiny_arrays(), search.cache_file())
    assert commands.main(["data"]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert [line.split(str(home))[0].split() for line in lines[:2]] == [
        ["cache", "valid,", "0.2", "MB"],
        ["Keras's", "cache", "missing"],
    ]
    assert lines[2].startswith("embedded digits  built in")
    assert lines[3:] == ["", f"The lessons use MNIST from {search.cache_file()}."]
    assert "downloading" not in err


def test_corrupt_file_is_named(home, monkeypatch, capsys):
    """A corrupt file stands in the list with what is wrong, also where another one is valid."""
    (home / "mnist.npz").write_bytes(npz({"x_train": tiny_arrays()["x_train"]}))
    archive.store(tiny_arrays(), search.cache_file())
    monkeypatch.setenv("COURSE_DATA_DIR", str(home))
    assert commands.main(["data"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:2] == ["COURSE_DATA_DIR", "corrupt,"]
    assert lines[0].endswith(str(home / "mnist.npz"))
    assert lines[1].strip() == f"{home / 'mnist.npz'}: expected the arrays {', '.join(archive.ARRAYS)}, got x_train"
    assert lines[2].split()[:2] == ["cache", "valid,"]
    assert (home / "mnist.npz").exists()


def test_corrupt_file_alone(home, monkeypatch, capsys):
    """A corrupt file is no MNIST: the download is tried, and the end is 1."""
    (home / "mnist.npz").write_bytes(b"<html>")
    monkeypatch.setenv("COURSE_DATA_DIR", str(home))
    assert commands.main(["data"]) == 1
    out = capsys.readouterr().out
    assert "MNIST could not be downloaded" in out
    assert "got 6 bytes that begin with b'<html>'" in out


@pytest.mark.parametrize(("wish", "told"), [("", True), ("mnist", False)])
def test_without_mnist(home, wish, told, monkeypatch, capsys):
    """Without MNIST it says why, what to do and what the lessons do, unless they may not."""
    monkeypatch.setenv("COURSE_DATA", wish)
    assert commands.main(["data"]) == 1
    out = capsys.readouterr().out
    for part in (os.environ["COURSE_MNIST_URL"], "refused", "COURSE_DATA_DIR", "embedded digits  built in"):
        assert part in out
    assert ("Until there is MNIST, the lessons use the embedded digits." in out) is told
    assert "not tried" not in out
    assert out.count(os.environ["COURSE_MNIST_URL"]) == 1, "said once, with what came of it"


@pytest.mark.parametrize(("name", "value"), [("COURSE_DATA", "Mnist"), ("COURSE_MNIST_URL", "www.example.org")])
def test_misspelt_setting(home, name, value, monkeypatch, capsys):
    """A setting that means nothing is a sentence, not a traceback."""
    monkeypatch.setenv(name, value)
    assert commands.main(["data"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"\ndata: {name}: expected ")
    assert repr(value) in err


def run():
    """Run the command in a process of its own."""
    command = [sys.executable, "-m", "course_utils", "data"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)


def test_command_without_network(home):
    """As a student runs it: within seconds exit code 1 and sentences, on a machine without a network."""
    start = time.monotonic()
    finished = run()
    assert time.monotonic() - start < 15
    assert finished.returncode == 1, finished.stderr
    assert finished.stdout.startswith("MNIST could not be downloaded:")
    assert "Traceback" not in finished.stdout + finished.stderr


@pytest.mark.skipif(not REAL, reason="there is no MNIST on this machine")
def test_command_with_mnist(home, monkeypatch):
    """The real file is found where COURSE_DATA_DIR says."""
    monkeypatch.setenv("COURSE_DATA_DIR", str(REAL[0].parent))
    finished = run()
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.split()[:2] == ["COURSE_DATA_DIR", "valid,"]
