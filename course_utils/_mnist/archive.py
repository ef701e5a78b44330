"""The arrays of MNIST as bytes and as files: read, verify, store.

Nothing is read, unpacked or allocated beyond what MNIST takes, whatever a file says of itself.
"""

import hashlib
import io
import math
import os
import stat
import zipfile
import zlib

import numpy as np

from course_utils._files import whole_file

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
LARGEST = 64 * 2**20  # bytes of a file; the arrays take 55 MB without compression
ROOM = 64 * 2**10  # bytes that the file of one array may have beyond the array: headers, and noise that grows
HEADER = 1024  # bytes in which an .npy header has to end: NumPy writes 128, and Python's parser takes no harm
MEMBERS = 100  # of an archive; each takes memory as soon as the archive is opened


class CorruptDataError(ValueError):
    """The bytes are not those of MNIST."""


def verify(arrays, where):
    """Raise CorruptDataError unless shape, type and SHA-256 of all four arrays are MNIST's."""
    for name, (_, expected) in ARRAYS.items():
        if name not in arrays:
            raise CorruptDataError(
                f"{where}: expected the arrays {', '.join(ARRAYS)}, got {', '.join(arrays) or 'none'}"
            )
        array = np.ascontiguousarray(arrays[name])
        _verify_kind(name, array.shape, array.dtype, where)
        got = hashlib.sha256(array).hexdigest()
        if got != expected:
            raise CorruptDataError(f"{where}: {name}: expected SHA-256 {expected}, got {got}")
    return arrays


def _verify_kind(name, shape, dtype, where):
    expected = ARRAYS[name][0]
    if shape != expected or dtype != np.uint8:
        raise CorruptDataError(f"{where}: {name}: expected uint8 {expected}, got {dtype} {shape}")


def most_bytes(name):
    """Return how many bytes a file with this array, compressed or not, may have."""
    return math.prod(ARRAYS[name][0]) + ROOM


def read_file(path):
    """Return the bytes of a file; raise OSError for what is no file, CorruptDataError for one that is too large."""
    status = os.stat(path)
    if not stat.S_ISREG(status.st_mode):  # a pipe would be waited for without end
        raise OSError(f"expected a file, found a {'folder' if stat.S_ISDIR(status.st_mode) else 'pipe or a device'}")
    if status.st_size > LARGEST:
        raise CorruptDataError(f"{path}: expected at most {LARGEST} bytes, got {status.st_size}")
    with open(path, "rb") as file:
        return file.read(status.st_size)


def read_npz(data, where):
    """Return the verified arrays of an .npz archive given as bytes."""
    try:
        if data.count(b"PK\1\2") > MEMBERS:  # begins each entry of the directory
            raise ValueError(f"more than {MEMBERS} members")
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = set(archive.namelist())
            arrays = {name: _read_member(archive, name, where) for name in ARRAYS if f"{name}.npy" in members}
    except (CorruptDataError, MemoryError):
        raise
    except Exception as error:  # damaged archives raise a dozen kinds
        raise CorruptDataError(
            f"{where}: expected a NumPy .npz archive, got {len(data)} bytes that begin with {data[:16]!r}"
            f" ({type(error).__name__}: {error})"
        ) from error
    return verify(arrays, where)


def _read_member(archive, name, where):
    """Return one array; what it claims to be is held against ARRAYS before it is unpacked."""
    info = archive.getinfo(f"{name}.npy")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # zipfile unpacks others without limit
        raise ValueError(f"{name}: unknown compression {info.compress_type}")
    with archive.open(info) as file:
        shape, is_fortran, dtype, start = _read_header(file.read(HEADER))
        _verify_kind(name, shape, dtype, where)
        size = start + math.prod(shape)
        if info.file_size != size:
            raise ValueError(f"{name}: {size} bytes according to its header, {info.file_size} to the directory")
        file.seek(start)
        body = file.read(size - start)  # not to the end: it may lie deeper than the directory says
    return np.frombuffer(body, np.uint8).reshape(shape, order="F" if is_fortran else "C")


def _read_header(head):
    """Return (shape, whether in Fortran order, dtype, bytes of the header) from the first bytes of an .npy file."""
    file = io.BytesIO(head)
    readers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    version = np.lib.format.read_magic(file)
    if version not in readers:
        raise ValueError(f"unknown .npy version {version}")
    return (*readers[version](file), file.tell())


def read_idx(data, name, where):
    """Return one array from its IDX file, compressed or not: 0, 0, 8, ndim, the sizes, the bytes."""
    shape = ARRAYS[name][0]
    header = bytes([0, 0, 8, len(shape)]) + np.array(shape, ">u4").tobytes()
    size = len(header) + math.prod(shape)
    problem = ""
    if data[:2] == b"\x1f\x8b":
        try:
            data = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS).decompress(data, size + 1)
        except zlib.error as error:
            problem = f" ({error})"
    if len(data) != size or not data.startswith(header):
        raise CorruptDataError(
            f"{where}: expected an IDX file of uint8 {shape}, {size} bytes without compression, got "
            f"{'more' if len(data) > size else len(data)} bytes that begin with {data[:16]!r}{problem}"
        )
    return np.frombuffer(data, np.uint8, offset=len(header)).reshape(shape)


def store(arrays, path):
    """Write an .npz archive so that `path` is whole or untouched."""
    with whole_file(path) as file:
        np.savez_compressed(file, **arrays)
