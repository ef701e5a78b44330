"""The arrays of MNIST as bytes and as files: read, verify, store."""

import gzip
import hashlib
import io

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
LARGEST = 64 * 2**20  # bytes; the arrays take 55 MB without compression


class CorruptDataError(ValueError):
    """The bytes are not those of MNIST."""


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


def read_idx(data, where):
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


def store(arrays, path):
    """Write an .npz archive so that `path` is whole or untouched."""
    with whole_file(path) as file:
        np.savez_compressed(file, **arrays)
