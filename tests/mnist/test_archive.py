"""What passes for MNIST and what does not, however large it says it is."""

import gzip
import io
import os
import subprocess
import sys
import threading
import zipfile
import zlib

import numpy as np
import pytest
from _tiny_mnist import assert_whole, checksums, idx, npz

from course_utils._mnist import archive, search
from course_utils._mnist.archive import CorruptDataError

GIGABYTES = 2  # of zeros in a bomb
LIMITED = """
import resource, sys
from course_utils._mnist import archive
data = open(sys.argv[1], "rb").read()
pages = int(open("/proc/self/statm").read().split()[0])
limit = pages * resource.getpagesize() + 300 * 2**20
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
try:
    archive.read_idx(data, "x_train", "here") if sys.argv[2] == "idx" else archive.read_npz(data, "here")
except archive.CorruptDataError as error:
    print("corrupt:", error)
"""


@pytest.fixture
def tiny_mnist(tiny, monkeypatch):
    """The arrays that pass for MNIST here."""
    monkeypatch.setattr(archive, "ARRAYS", checksums(tiny))
    return tiny


def header(shape, descr="|u1", is_fortran=False):
    """Return the head of an .npy file that claims a shape."""
    file = io.BytesIO()
    fields = {"descr": descr, "fortran_order": is_fortran, "shape": shape}
    np.lib.format.write_array_header_1_0(file, fields)
    return file.getvalue()


def zeros(head, *, container, gigabytes=GIGABYTES):
    """Return compressed bytes that unpack to `head` and so many GB of zeros, without ever holding those."""
    wbits = {"gzip": 31, "zip": -15}[container]
    packer = zlib.compressobj(wbits=wbits)
    packed = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return packed + block * (gigabytes * 1024) + packer.flush()


def zip_of(member, declared, crc=0):
    """Return an archive with x_train.npy, whose directory declares this size and sum of what is already packed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("x_train.npy", member)
        info = packed.getinfo("x_train.npy")
        info.compress_type, info.file_size, info.CRC = zipfile.ZIP_DEFLATED, declared, crc
    return file.getvalue()


# Files that pass


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("order", ["C", "F"])
def test_archives_of_numpy(tiny_mnist, save, order):
    """What NumPy writes is read, in both orders, with further arrays beside."""
    arrays = {name: np.asarray(array, order=order) for name, array in tiny_mnist.items()}
    got = archive.read_npz(npz(arrays | {"more": np.arange(3)}, save), "here")
    assert list(got) == list(tiny_mnist)
    for name, array in tiny_mnist.items():
        np.testing.assert_array_equal(got[name], array)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_idx_is_read_whole(tiny_mnist, pack):
    """An IDX file gives its array, and one byte less or more gives an error."""
    for name, array in tiny_mnist.items():
        data = idx(array)
        np.testing.assert_array_equal(archive.read_idx(pack(data), name, "here"), array)
        for wrong in (data[:-1], data + b"\0", data.replace(b"\0\0\x08", b"\0\0\x09", 1)):
            with pytest.raises(CorruptDataError, match="here: expected an IDX file of uint8"):
                archive.read_idx(pack(wrong), name, "here")


def test_torn_gzip(tiny_mnist):
    """A compressed file that is cut, or changed inside, is corrupt."""
    data = gzip.compress(idx(tiny_mnist["x_train"]))
    for wrong in (data[: len(data) // 2], data[:50] + b"\xff" * 50 + data[100:], b"\x1f\x8b"):
        with pytest.raises(CorruptDataError, match="expected an IDX file"):
            archive.read_idx(wrong, "x_train", "here")


def test_verify_names_the_type(tiny_mnist):
    """Arrays of another type are refused, whatever their values."""
    with pytest.raises(CorruptDataError, match=r"here: y_test: expected uint8 \(50,\), got int64"):
        archive.verify(tiny_mnist | {"y_test": tiny_mnist["y_test"].astype(np.int64)}, "here")


# Files that lie about their size


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit of memory that is kept")
@pytest.mark.parametrize(
    ("container", "declared", "says"),
    [
        ("zip", GIGABYTES * 2**30 + 128, "to the directory"),  # an honest bomb
        ("zip", 60000 * 784 + 128, "BadZipFile: Bad CRC"),  # declares what MNIST takes and holds more
        ("zip", 5000, "to the directory"),
        ("gzip", None, "got more bytes"),
    ],
)
def test_bomb(tmp_path, container, declared, says):
    """What unpacks to 2 GB is found out within 300 MB of memory, wherever it lies about it."""
    shape = (60000, 28, 28)
    if container == "zip":
        data = zip_of(zeros(header(shape), container="zip"), declared)
    else:
        data = zeros(bytes([0, 0, 8, 3]) + np.array(shape, ">u4").tobytes(), container="gzip")
    (tmp_path / "bomb").write_bytes(data)
    command = [sys.executable, "-c", LIMITED, str(tmp_path / "bomb"), "npz" if container == "zip" else "idx"]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert finished.stdout.startswith("corrupt: here: expected"), finished.stderr
    assert says in finished.stdout


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (header((10**12,)), r"x_train: expected uint8 \(200, 28, 28\), got uint8 \(1000000000000,\)"),
        (header((2**62, 2**62)), "x_train: expected uint8"),
        (header((200, 28, 28), "<f8"), "got float64"),
        (header((200, 28, 28), "|O"), "got object"),
        (b"\x93NUMPY\x01\x00\xff\xff{'descr'", "ValueError"),
        (b"\x93NUMPY\x02\x00\xff\xff\xff\xff{'descr'", "ValueError"),
        (b"\x93NUMPY\x07\x00", "ValueError"),
        (b"\x93NUMPY\x01\x00\xf0\x03" + b"-" * 1008, "ValueError|TokenError"),
        (b"\x93NUMPY\x01\x00\xf0\x03" + b"(" * 1008, "ValueError|TokenError"),
        (b"", "ValueError"),
    ],
)
def test_header_that_lies(tiny_mnist, head, says):
    """A header with another shape or type, an enormous length or nonsense is corrupt, not a MemoryError."""
    for body in (b"", bytes(200 * 784)):
        with zipfile.ZipFile(file := io.BytesIO(), "w") as packed:
            packed.writestr("x_train.npy", head + body)
        with pytest.raises(CorruptDataError, match=says):
            archive.read_npz(file.getvalue(), "here")


@pytest.mark.parametrize(
    ("change", "declares", "says"), [(0, 1, "to the directory"), (1, 1, "to the directory"), (-9, 0, "cannot reshape")]
)
def test_size_that_the_directory_lies_about(tiny_mnist, change, declares, says):
    """Bytes beyond the array, or too few of them, are found before or while they are unpacked."""
    good = header((200, 28, 28)) + tiny_mnist["x_train"].tobytes()
    body = good[:change] if change < 0 else good + bytes(change)
    packer = zlib.compressobj(wbits=-15)
    data = zip_of(packer.compress(body) + packer.flush(), len(good) + declares, zlib.crc32(body))
    with pytest.raises(CorruptDataError, match=f"expected a NumPy .npz archive.*{says}"):
        archive.read_npz(data, "here")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compressions(tiny_mnist, method):
    """NumPy writes none of these, and zipfile would unpack them without a limit."""
    with zipfile.ZipFile(file := io.BytesIO(), "w", method) as packed:
        packed.writestr("x_train.npy", header((200, 28, 28)) + bytes(200 * 784))
    with pytest.raises(CorruptDataError, match="unknown compression"):
        archive.read_npz(file.getvalue(), "here")


def test_crowded_directory(tiny_mnist, monkeypatch):
    """An archive of very many members is not even opened."""
    with zipfile.ZipFile(file := io.BytesIO(npz(tiny_mnist)), "a") as packed:
        for i in range(archive.MEMBERS):
            packed.writestr(f"{i}", b"")
    monkeypatch.delattr(zipfile, "ZipFile")
    with pytest.raises(CorruptDataError, match="more than 100 members"):
        archive.read_npz(file.getvalue(), "here")


# What is no file


def test_folder_and_enormous_file(tmp_path):
    """A folder is no file, and a file that is too large is not read."""
    with pytest.raises(OSError, match="expected a file, found a folder"):
        archive.read_file(tmp_path)
    with (tmp_path / "mnist.npz").open("wb") as file:
        file.truncate(archive.LARGEST + 1)  # a hole: it takes no disk
    with pytest.raises(CorruptDataError, match=f"expected at most {archive.LARGEST} bytes, got {archive.LARGEST + 1}"):
        archive.read_file(tmp_path / "mnist.npz")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a FIFO")
@pytest.mark.timeout(20)
def test_pipe_and_device(tmp_path):
    """A pipe into which nobody writes and a device without an end are answered at once."""
    os.mkfifo(tmp_path / "mnist.npz")
    for path in (tmp_path / "mnist.npz", "/dev/zero"):
        with pytest.raises(OSError, match="expected a file, found a pipe or a device"):
            archive.read_file(path)


# Several threads


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
