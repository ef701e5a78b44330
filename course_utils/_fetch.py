"""Read, verify, download and store the arrays of MNIST; `_mnist` decides where to look."""

import gzip
import hashlib
import importlib
import io
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

ARRAYS = {  # name: (shape, SHA-256 of the raw uint8 bytes in C order)
    "x_train": ((60000, 28, 28), "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757"),
    "y_train": ((60000,), "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13"),
    "x_test": ((10000, 28, 28), "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161"),
    "y_test": ((10000,), "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5"),
}
IDX_FILES = {
    "x_train": "train-images-idx3-ubyte.gz",
    "y_train": "train-labels-idx1-ubyte.gz",
    "x_test": "t10k-images-idx3-ubyte.gz",
    "y_test": "t10k-labels-idx1-ubyte.gz",
}
URLS = (
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
)
BUDGET = 18.0  # seconds of silence, over all sources and tries; with the rest of the search under 20 s
PATIENCE = 6.0  # seconds of silence after which one try is given up
CONNECT_TIMEOUT = 4.0  # seconds, for each address of a host
ROUNDS = 2  # each source that answered badly or not at all is tried once more
LARGEST = 64 * 2**20  # bytes; the arrays take 55 MB without compression
STALE = 600.0  # seconds after which another process's temporary file is taken for abandoned


class CorruptDataError(ValueError):
    """The bytes are not those of MNIST."""


class DownloadError(RuntimeError):
    """No source gave MNIST; the text says what each of them did."""


def verify(arrays, where):
    """Raise CorruptDataError unless shape, type and SHA-256 of all four arrays are MNIST's."""
    for name, (shape, expected) in ARRAYS.items():
        if name not in arrays:
            raise CorruptDataError(
                f"{where}: expected the arrays {', '.join(ARRAYS)}, got {', '.join(arrays) or 'none'}"
            )
        array = np.ascontiguousarray(arrays[name])
        if array.shape != shape or array.dtype != np.uint8:
            raise CorruptDataError(f"{where}: {name}: expected uint8 {shape}, got {array.dtype} {array.shape}")
        got = hashlib.sha256(array).hexdigest()
        if got != expected:
            raise CorruptDataError(f"{where}: {name}: expected SHA-256 {expected}, got {got}")
    return arrays


def read_npz(data, where):
    """Return the verified arrays of an .npz archive given as bytes."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in ARRAYS if name in archive}
    except MemoryError:
        raise
    except Exception as error:  # damaged archives raise a dozen kinds
        raise CorruptDataError(
            f"{where}: expected a NumPy .npz archive, got {len(data)} bytes that begin with {data[:16]!r}"
            f" ({type(error).__name__})"
        ) from error
    return verify(arrays, where)


def _read_idx(data, where):
    """Return the uint8 array of an IDX file, compressed or not: 0, 0, 8, ndim, the sizes, the bytes."""
    try:
        if data[:2] == b"\x1f\x8b":
            data = gzip.GzipFile(fileobj=io.BytesIO(data)).read(LARGEST)
        if data[:3] != b"\x00\x00\x08":
            raise ValueError("no IDX header")
        shape = np.frombuffer(data, ">u4", data[3], offset=4)
        return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(shape)
    except MemoryError:
        raise
    except Exception as error:
        raise CorruptDataError(
            f"{where}: expected an IDX file, got {len(data)} bytes that begin with {data[:16]!r} ({error})"
        ) from error


class _Sink(io.BytesIO):
    """Memory that a thread downloads into; it knows when bytes arrived and can refuse more of them."""

    def __init__(self):
        super().__init__()
        self.first = None
        self.last = time.monotonic()
        self.closed_early = False

    def write(self, data):
        if self.closed_early:
            raise OSError("download given up")
        if self.tell() + len(data) > LARGEST:
            raise OSError(f"expected at most {LARGEST} bytes, got more")
        self.last = time.monotonic()
        self.first = self.first or self.last
        return super().write(data)


class _Downloader:
    """Downloads that share one budget of silence; while bytes arrive, the clock stands still."""

    def __init__(self, budget):
        self.left = budget

    def get(self, url):
        """Return the bytes at `url`; a thread does it, because name look-ups cannot be timed out."""
        sink, failure, start = _Sink(), [], time.monotonic()
        patience = min(PATIENCE, self.left)

        def work():
            try:
                _stream(url, sink)
            except Exception as error:  # raised again in the caller's thread
                failure.append(error)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        try:
            while thread.is_alive() and time.monotonic() - sink.last < patience:
                thread.join(0.02)
            if thread.is_alive():
                raise TimeoutError(f"{sink.tell()} bytes, then {patience:.0f} s of silence")
        finally:
            sink.closed_early = True
            flowing = sink.last - sink.first if sink.first else 0.0
            self.left -= time.monotonic() - start - flowing
        if failure:
            reason = getattr(failure[0].args[0] if failure[0].args else None, "reason", failure[0])
            raise ConnectionError(f"{type(reason).__name__}: {reason}") from failure[0]
        return sink.getvalue()

    def arrays(self, source):
        """Return the verified arrays of one source: an .npz file, or a folder with the four IDX files."""
        if urlsplit(source).path.endswith(".npz"):
            return read_npz(self.get(source), source)
        urls = {name: f"{source.rstrip('/')}/{file}" for name, file in IDX_FILES.items()}
        return verify({name: _read_idx(self.get(url), url) for name, url in urls.items()}, source)


def _stream(url, sink):
    """Download `url` into `sink` with pooch; a progress bar on stderr appears after a second."""
    import pooch
    from tqdm import tqdm

    name = urlsplit(url).path.rsplit("/", 1)[-1]
    with tqdm(desc=name, total=1, unit="B", unit_scale=True, delay=1) as bar:  # pooch sets the real total
        bar.reset = lambda: setattr(bar, "n", 0)  # pooch resets before its last update: do not draw 0 %
        pooch.HTTPDownloader(
            progressbar=bar, timeout=(CONNECT_TIMEOUT, PATIENCE), headers={"Accept-Encoding": "identity"}
        )(url, sink, None)


def sources():
    """Return the addresses to download from: those of COURSE_MNIST_URL, else the public ones."""
    urls = tuple(os.environ.get("COURSE_MNIST_URL", "").split()) or URLS
    for url in urls:
        if not url.startswith(("http://", "https://")):
            raise ValueError(
                f"COURSE_MNIST_URL: expected http:// or https:// addresses separated by spaces, got {url!r}. "
                "Give an address that ends in .npz, or of a folder with the four IDX files, or unset it."
            )
    return urls


def download(budget=None):
    """Return (verified arrays, address) from the first source that gives MNIST, or raise DownloadError."""
    waiting = list(sources())
    print(f"MNIST is not on this machine yet: downloading it (11 MB) from {urlsplit(waiting[0]).netloc} ...",
          file=sys.stderr, flush=True)  # fmt: skip
    for module in ("pooch", "requests", "tqdm"):
        importlib.import_module(module)  # takes a while the first time, and is no silence of the server
    downloader, problems = _Downloader(BUDGET if budget is None else budget), {}
    for again in range(ROUNDS):
        if again and waiting:
            time.sleep(min(0.5, max(downloader.left, 0.0)))
        for source in tuple(waiting):
            if downloader.left <= 0:
                problems.setdefault(source, "not tried: no time left")
                continue
            try:
                return downloader.arrays(source), source
            except CorruptDataError as error:
                problems[source] = f"not MNIST: {error}"
                waiting.remove(source)
            except OSError as error:
                problems[source] = str(error)
    tried = "".join(f"\n  {source}: {problem}" for source, problem in problems.items())
    raise DownloadError(
        f"MNIST could not be downloaded:{tried}\nCheck the network and its proxy settings; or put "
        "mnist.npz into a folder and name that folder in COURSE_DATA_DIR; or name another server in "
        "COURSE_MNIST_URL."
    )


def store(arrays, path):
    """Write an .npz archive so that `path` is whole or untouched, and clear what killed processes left."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(f".{path.name}.*.part"):
        if time.time() - left.stat().st_mtime > STALE:
            left.unlink(missing_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(file, **arrays)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
