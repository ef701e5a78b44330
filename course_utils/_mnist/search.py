"""Where MNIST may lie: the folder of COURSE_DATA_DIR, the caches, the web; `datasets` makes data of it."""

import contextlib
import time
import warnings
from pathlib import Path

from course_utils._isolation import students_keras_home
from course_utils._mnist import archive, download
from course_utils._paths import BUILD
from course_utils._settings import data_folders

FAILURE_HOLDS = 600.0  # seconds in which a download that failed slowly is not tried again
SLOW_FAILURE = 3.0  # seconds; a quicker failure costs nothing to repeat
FETCH_BUDGET = 60.0  # seconds of silence that fetch_mnist bears


def cache_file():
    """Return the path of MNIST in the course's own cache, which for a user without a home is in the checkout."""
    import pooch

    try:
        folder = Path(pooch.os_cache("course_utils"))
    except RuntimeError:  # there is no home; older versions answer with a folder named ~
        folder = Path()
    return (folder if folder.is_absolute() else BUILD / "cache") / "mnist.npz"


def places():
    """Return (label, path) of each place where MNIST may lie, in the order of the search."""
    places = [("COURSE_DATA_DIR", folder / "mnist.npz") for folder in data_folders()]
    places += [("cache", cache_file()), ("Keras's cache", Path(students_keras_home()) / "datasets" / "mnist.npz")]
    return list(dict.fromkeys(places))


def read(path):
    """Return (state, arrays or None, detail); the state is valid, missing, unreadable or corrupt."""
    try:
        return "valid", archive.read_npz(archive.read_file(path), str(path)), ""
    except (FileNotFoundError, NotADirectoryError):
        return "missing", None, f"{path}: no such file"
    except OSError as error:
        return "unreadable", None, f"{path}: {error.strerror or error}"
    except archive.CorruptDataError as error:
        return "corrupt", None, str(error)


def find():
    """Return (arrays, path) from the first place with valid MNIST, else None; warn about bad files."""
    named = []
    for label, path in places():
        state, arrays, detail = read(path)
        if state == "valid":
            return arrays, str(path)
        if label == "COURSE_DATA_DIR":
            named.append((state, path))
        if state == "missing":
            continue
        todo = "It is left alone and not used: replace it, or remove it."
        if label == "cache" and state == "corrupt":
            todo = "It is removed and will be downloaded again."
            with contextlib.suppress(OSError):
                path.unlink()
        warnings.warn(f"{label}: {state} file. {detail}. {todo}", stacklevel=3)
    if named and all(state == "missing" for state, _ in named):
        warnings.warn(_nothing_named([path for _, path in named]), stacklevel=3)
    return None


def _nothing_named(paths):
    """Return what is wrong with COURSE_DATA_DIR where none of these files is there, and what to do."""
    found = "no such folder"
    if any(path.parent.is_dir() for path in paths):
        found = "a folder without it"
    elif any(path.parent.exists() for path in paths):
        found = "a file in place of the folder"
    return (
        f"COURSE_DATA_DIR: expected {' or '.join(map(str, paths))}, found {found}; MNIST is looked for "
        "elsewhere until you put mnist.npz there or name the folder that holds it."
    )


def _not_kept(cache, error):
    return (
        f"could not be kept in {cache} ({error.strerror or error}). Expected a writable folder with 12 MB free: free "
        "some disk space, change the folder's permissions, or remove what stands in the file's place."
    )


def _marker():
    """Return the path of the note that a download failed slowly; it holds the addresses that were tried."""
    return cache_file().with_name("download-failed.txt")


def failed_recently():
    """Say whether the same addresses failed slowly a short while ago, in this process or another."""
    try:
        fresh = abs(time.time() - _marker().stat().st_mtime) < FAILURE_HOLDS
        return fresh and _marker().read_bytes().decode(errors="replace") == " ".join(download.sources())
    except OSError:
        return False


def download_and_keep(*, force):
    """Return (arrays, address) and keep the arrays in the cache; a recent slow failure is not repeated."""
    cache = cache_file()
    if not force and failed_recently():
        raise download.DownloadError(
            f"The download of MNIST failed less than {FAILURE_HOLDS / 60:.0f} minutes ago and is not tried "
            "again yet. `python -m course_utils data` tries at once."
        )
    start = time.monotonic()
    try:
        arrays, source = download.download()
    except download.DownloadError:
        if time.monotonic() - start > SLOW_FAILURE:
            with contextlib.suppress(OSError):
                cache.parent.mkdir(parents=True, exist_ok=True)
                _marker().write_text(" ".join(download.sources()))
        raise
    try:
        archive.store(arrays, cache)
    except OSError as error:
        problem = _not_kept(cache, error)
        warnings.warn(f"MNIST was downloaded and is used, but {problem} Else it is downloaded each time.", stacklevel=3)
    return arrays, source


def fetch_mnist() -> Path:
    """Download MNIST now, whatever is there, and return the path in the cache.

    Raises
    ------
    DownloadError
        When no source gives MNIST, or the cache cannot be written.
    """
    cache = cache_file()
    arrays, source = download.download(budget=FETCH_BUDGET)
    try:
        archive.store(arrays, cache)
    except OSError as error:
        raise download.DownloadError(f"MNIST was downloaded from {source} but {_not_kept(cache, error)}") from error
    return cache


def describe_sources() -> list[dict]:
    """Return one dict per place where data may come from: label, where, state, bytes, detail.

    The state is "valid", "missing", "unreadable" or "corrupt"; "not tried" for the web, "built in" for the
    digits.
    """
    rows = []
    for label, path in places():
        state, _, detail = read(path)
        size = path.stat().st_size if state in ("valid", "corrupt") else None
        rows.append({"label": label, "where": str(path), "state": state, "bytes": size, "detail": detail})
    web = "the last download failed, less than 10 minutes ago" if failed_recently() else ""
    rows += [
        {"label": "web", "where": url, "state": "not tried", "bytes": None, "detail": web} for url in download.sources()
    ]
    digits = {"label": "embedded digits", "where": "scikit-learn", "state": "built in"}
    return [*rows, digits | {"bytes": None, "detail": ""}]
