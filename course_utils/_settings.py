"""The course's settings, which are environment variables (data/README.md lists them). Standard library, as `_paths`."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from course_utils._errors import CourseError
from course_utils._paths import ROOT


class SettingError(CourseError, ValueError):
    """An environment variable of the course has a value that it cannot have."""


def _value(name):
    return os.environ.get(name, "").strip()


def wanted_data():
    """Return what COURSE_DATA asks for: "mnist", "digits", or "" for MNIST where it can be had."""
    wish = _value("COURSE_DATA")
    if wish not in ("", "mnist", "digits"):
        raise SettingError(
            "COURSE_DATA: expected 'mnist' (nothing else will do) or 'digits' (the embedded digits), "
            f"got {wish!r}. Unset it to take MNIST where it can be had."
        )
    return wish


def data_folders():
    """Return the folders that COURSE_DATA_DIR may mean; none when it is not set."""
    folder = _value("COURSE_DATA_DIR")
    # A relative folder counts from here, then from the course: lessons run in notebooks/.
    bases = (Path.cwd(), ROOT) if folder else ()
    return [Path(os.path.abspath(str(base / os.path.expanduser(folder)))) for base in bases]


def mnist_urls(default):
    """Return the addresses in COURSE_MNIST_URL, or the default ones."""
    urls = tuple(_value("COURSE_MNIST_URL").split()) or default
    for url in urls:
        if not _is_web_address(url):
            raise SettingError(
                f"COURSE_MNIST_URL: expected http:// or https:// addresses separated by spaces, got {url!r}. "
                "Give an address that ends in .npz, or of a folder with the four IDX files, or unset it."
            )
    return urls


def _is_web_address(url):
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets that do not match, a port that is no number
        return False


def is_strict():
    """Return whether COURSE_STRICT=1 asks for an error where a figure is out of range."""
    return _value("COURSE_STRICT") == "1"
