"""Files that are whole or untouched: after an error, a kill, beside another writer, where nothing can be written."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest

from course_utils import _files
from course_utils._errors import CourseError
from course_utils._files import whole_file

ROOT = Path(__file__).resolve().parents[1]
NOT_WINDOWS = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX permissions and signals")


def write(path, content):
    """Write bytes."""
    with whole_file(path) as file:
        file.write(content)


def start(code, *arguments):
    """Start Python with `code` that may use whole_file."""
    code = f"import os, signal, sys\nfrom course_utils._files import whole_file\n{code}"
    return subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], cwd=ROOT, stderr=subprocess.PIPE)


def names_in(folder):
    """Return the names of all that a folder holds."""
    return sorted(path.name for path in folder.iterdir())


def test_file_is_written_and_replaced(tmp_path):
    """The folder is made, the file appears at the end and not before, and a second one takes its place."""
    path = tmp_path / "new" / "folder" / "file.npz"
    with whole_file(path) as file:
        file.write(b"first")
        file.flush()
        assert not path.exists()
    assert path.read_bytes() == b"first"
    write(path, b"2nd")
    assert path.read_bytes() == b"2nd"
    assert names_in(path.parent) == ["file.npz"]


@pytest.mark.parametrize("error", [ValueError, OSError, KeyboardInterrupt])
def test_error_in_the_middle(tmp_path, error):
    """An error, or Ctrl-C, leaves the old file and nothing else, and is passed on."""
    path = tmp_path / "file"
    write(path, b"old")

    def fail():
        with whole_file(path) as file:
            file.write(b"new")
            raise error("in the middle")

    with pytest.raises(error, match="in the middle"):
        fail()
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["file"]


@NOT_WINDOWS
@pytest.mark.parametrize("name", ["file", "file[1].npz"])
def test_kill(tmp_path, name):
    """A killed process leaves the old file, and litter that a later call clears once it is old enough."""
    path = tmp_path / name
    write(path, b"old")
    killed = start(
        "with whole_file(sys.argv[1]) as file:\n"
        "    file.write(b'new')\n"
        "    file.flush()\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n",
        path,
    )
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert path.read_bytes() == b"old"
    (litter,) = (left for left in tmp_path.iterdir() if left != path)
    assert litter.read_bytes() == b"new"

    write(path, b"soon after")  # for all it knows the other process is still writing
    assert litter.exists()
    long_ago = time.time() - _files.STALE - 1
    os.utime(litter, (long_ago, long_ago))
    write(path.with_name("another"), b"")  # clears its own litter only
    assert litter.exists()
    write(path, b"later")
    assert names_in(tmp_path) == ["another", name]
    assert path.read_bytes() == b"later"


def test_litter_that_cannot_be_cleared(tmp_path):
    """What cannot be removed does not keep a file from being written."""
    litter = tmp_path / ".file.0.part"
    litter.mkdir()
    os.utime(litter, (0, 0))
    write(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"


@NOT_WINDOWS
def test_two_writers(tmp_path):
    """While two processes write the same file again and again, who reads it sees one of the two, whole."""
    path, size = tmp_path / "file", 300_000
    code = (
        "for _ in range(100):\n"
        "    with whole_file(sys.argv[1]) as file:\n"
        "        for _ in range(3):\n"
        "            file.write(sys.argv[2].encode() * 100_000)\n"
    )
    writers = [start(code, path, letter) for letter in "ab"]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        if path.exists():
            content = path.read_bytes()
            seen.add((content[:1], len(content), len(set(content))))
    assert [writer.communicate(timeout=60)[1] for writer in writers] == [b"", b""]
    seen.add((path.read_bytes()[:1], path.stat().st_size, len(set(path.read_bytes()))))
    assert seen <= {(b"a", size, 1), (b"b", size, 1)}
    assert names_in(tmp_path) == ["file"]


@NOT_WINDOWS
@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o027, 0o640), (0o077, 0o600)])
def test_umask(tmp_path, umask, mode):
    """The file may be read by those whom the umask lets read it: a shared cache is shared."""
    before = os.umask(umask)
    try:
        write(tmp_path / "file", b"")
    finally:
        os.umask(before)
    assert (tmp_path / "file").stat().st_mode & 0o777 == mode


@NOT_WINDOWS
def test_read_only_folder():
    """Where nothing can be written there is an OSError, and nothing is left."""
    with tempfile.TemporaryDirectory() as folder:  # not tmp_path, which nobody but its owner may enter
        os.chmod(folder, 0o555)
        process = start(
            "if os.getuid() == 0:\n"
            "    os.setgroups([])\n"
            "    os.setuid(65534)  # root may write anywhere\n"
            "try:\n"
            "    with whole_file(sys.argv[1]) as file:\n"
            "        file.write(b'new')\n"
            "except PermissionError:\n"
            "    sys.exit(7)\n",
            Path(folder, "file"),
        )
        assert process.communicate(timeout=60)[1] == b""
        assert process.returncode == 7
        assert names_in(Path(folder)) == []


def write_arrays(path):
    """Write as the cache of MNIST is written."""
    from course_utils._mnist.archive import store

    store({"x_train": np.arange(3)}, path)


def write_weights(path):
    """Write as the weights of a network are written."""
    from course_utils.autoencoder import save_pretrained

    save_pretrained("tiny", [np.arange(3)], path.parent)


def write_words(path):
    """Write as the commands write."""
    from course_utils._files import write_text

    write_text(path, "words")


@pytest.mark.parametrize("writer", [write_arrays, write_weights, write_words])
def test_who_writes_whole_files(tmp_path, writer):
    """Cache, weights and reports are left as they were, without litter, where the file cannot be put in place."""
    path = tmp_path / "weights_tiny.npz"
    path.mkdir()
    with pytest.raises((OSError, CourseError)):
        writer(path)
    assert names_in(tmp_path) == ["weights_tiny.npz"]
    path.rmdir()
    writer(path)
    assert path.is_file()
