"""Download MNIST; `search` decides when."""

import importlib
import io
import os
import sys
import threading
import time
from urllib.parse import urlsplit

from course_utils._errors import CourseError
from course_utils._mnist.archive import IDX_FILES, LARGEST, CorruptDataError, most_bytes, read_idx, read_npz, verify
from course_utils._settings import mnist_urls

URLS = (
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
)
BUDGET = 18.0  # seconds of silence, over all sources and tries; with the rest of the search under 20 s
PATIENCE = 6.0  # seconds of silence after which one try is given up
CONNECT_TIMEOUT = 4.0  # seconds, for each address of a host
GRACE = 20.0  # seconds of flow after which a download has to be as fast as SLOWEST: networks start and falter
SLOWEST = 10_000  # bytes per second on average; a class that shares a slow line gets 20,000, and MNIST in 9 minutes
ROUNDS = 2  # each source that answered badly or not at all is tried once more


class DownloadError(CourseError, RuntimeError):
    """No source gave MNIST; the text says what each of them did."""


class _TooSlowError(OSError):
    """A server drips; asked again, it would drip again."""


class _Sink(io.BytesIO):
    """Memory that a thread downloads into; it knows when bytes arrived and can refuse more of them."""

    def __init__(self, most):
        super().__init__()
        self.most = most
        self.first = None
        self.last = time.monotonic()
        self.closed_early = False

    def write(self, data):
        if self.closed_early:
            raise OSError("download given up")
        if self.tell() + len(data) > self.most:
            raise OSError(f"expected at most {self.most} bytes, got more")
        self.last = time.monotonic()
        self.first = self.first or self.last
        return super().write(data)

    def check(self, patience):
        """Raise an OSError when it is time to give up: after silence, or when the bytes only drip."""
        now = time.monotonic()
        if now - self.last >= patience:
            raise TimeoutError(f"{self.tell()} bytes, then {patience:.0f} s of silence")
        seconds = now - self.first if self.first else 0.0
        if is_too_slow(self.tell(), seconds):
            raise _TooSlowError(
                f"too slow: {self.tell()} bytes in {seconds:.0f} s, expected at least {SLOWEST} bytes per second"
            )


def is_too_slow(received, seconds):
    """Say whether a download that has been flowing for so long is below the average that is waited for."""
    return seconds > GRACE and received < SLOWEST * seconds


class _Downloader:
    """Downloads that share one budget of silence; while bytes arrive, the clock stands still."""

    def __init__(self, budget):
        self.left = budget

    def get(self, url, most):
        """Return the bytes at `url`, at most so many; a thread does it, because name look-ups cannot be timed out."""
        sink, failure, start = _Sink(most), [], time.monotonic()
        patience = min(PATIENCE, self.left)

        def work():
            try:
                _stream(url, sink)
            except Exception as error:  # raised again in the caller's thread
                failure.append(error)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        try:
            while thread.is_alive():
                sink.check(patience)
                thread.join(0.02)
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
            return read_npz(self.get(source, LARGEST), source)
        urls = {name: f"{source.rstrip('/')}/{file}" for name, file in IDX_FILES.items()}
        arrays = {name: read_idx(self.get(url, most_bytes(name)), name, url) for name, url in urls.items()}
        return verify(arrays, source)


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
    return mnist_urls(URLS)


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
                if isinstance(error, _TooSlowError):
                    waiting.remove(source)
    tried = "".join(f"\n  {source}: {problem}" for source, problem in problems.items())
    raise DownloadError(
        f"MNIST could not be downloaded:{tried}\nCheck the network and its proxy settings{_proxies()}; or put "
        "mnist.npz into a folder and name that folder in COURSE_DATA_DIR; or name another server in "
        "COURSE_MNIST_URL."
    )


def _proxies():
    """Name the variables that set a proxy, without their values, which may hold passwords."""
    names = sorted(name for name, value in os.environ.items() if value and name.lower().endswith("_proxy"))
    return f" (in use: {', '.join(names)})" if names else ""
