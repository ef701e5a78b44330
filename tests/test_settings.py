"""Settings that are misspelt: one sentence each, with what was expected, what was found and what to do."""

from pathlib import Path

import pytest
from _tiny_mnist import isolate

from course_utils import _settings
from course_utils._errors import CourseError
from course_utils._mnist import download
from course_utils._settings import SettingError


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """An environment without settings."""
    isolate(monkeypatch, tmp_path)
    return tmp_path


@pytest.mark.parametrize("value", ["Mnist", "MNIST", "digit", "mnist,digits", "1", "none"])
def test_misspelt_data(value, monkeypatch):
    """COURSE_DATA is 'mnist', 'digits' or nothing; the error is a ValueError and the course's own."""
    monkeypatch.setenv("COURSE_DATA", value)
    with pytest.raises(SettingError) as caught:
        _settings.wanted_data()
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, CourseError)
    for part in ("COURSE_DATA: expected 'mnist'", "'digits'", f"got {value!r}", "Unset it"):
        assert part in str(caught.value)


@pytest.mark.parametrize(("value", "wish"), [(None, ""), ("", ""), (" mnist ", "mnist"), ("digits", "digits")])
def test_wanted_data(value, wish, monkeypatch):
    """Blanks around a value do no harm."""
    if value is not None:
        monkeypatch.setenv("COURSE_DATA", value)
    assert _settings.wanted_data() == wish


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/mnist.npz",
        "www.example.org/mnist.npz",
        "/srv/mnist.npz",
        "C:\\data\\mnist.npz",
        "http://",
        "http:///mnist.npz",
        "http://[::1/mnist.npz",
        "http://127.0.0.1:port/mnist.npz",
        "http://127.0.0.1:99999/mnist.npz",
        "http://127.0.0.1:0/mnist.npz",
    ],
)
def test_misspelt_address(url, monkeypatch):
    """An address that no server can have is named before anything is asked, also behind a good one."""
    monkeypatch.setenv("COURSE_MNIST_URL", f"http://127.0.0.1/mnist.npz {url}")
    for ask in (download.sources, download.download):
        with pytest.raises(SettingError) as caught:
            ask()
        for part in ("COURSE_MNIST_URL: expected http:// or https:// addresses", f"got {url!r}", "or unset it"):
            assert part in str(caught.value)


def test_addresses(monkeypatch):
    """Addresses stand between spaces; without any, the public ones are taken."""
    assert download.sources() == download.URLS
    given = ("http://127.0.0.1:8000/mnist.npz", "https://example.org", "HTTP://[::1]/mnist/")
    monkeypatch.setenv("COURSE_MNIST_URL", "  ".join(given))
    assert download.sources() == given


def test_data_folders(home, monkeypatch):
    """A relative folder counts from here, then from the checkout; ~ is the home."""
    assert _settings.data_folders() == []
    monkeypatch.setenv("COURSE_DATA_DIR", "data")
    assert _settings.data_folders() == [Path.cwd() / "data", _settings.ROOT / "data"]
    monkeypatch.setenv("COURSE_DATA_DIR", "~/data")
    assert set(_settings.data_folders()) == {home / "data"}


@pytest.mark.parametrize(("value", "strict"), [("1", True), (" 1 ", True), ("0", False), ("", False)])
def test_strict(value, strict, monkeypatch):
    """Only COURSE_STRICT=1 makes a figure out of range an error."""
    monkeypatch.setenv("COURSE_STRICT", value)
    assert _settings.is_strict() is strict
