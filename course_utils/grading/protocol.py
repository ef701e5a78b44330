"""What passes between grader and sandbox: frames of limited size, and out of the sandbox plain data alone."""

import io
import json
import struct
from typing import Any, BinaryIO

import numpy as np

LONGEST_TEXT = 4 * 2**20  # bytes of JSON in a reply
LONGEST_BLOB = (
    160 * 2**20
)  # bytes of arrays in a reply, each number counted as eight: what is made of it may be so long
KINDS = "biufc"
_HEAD = struct.Struct(">QQ")


class ProtocolError(Exception):
    """A sandboxed process has sent what is no reply, or too much."""


def write_frame(stream: BinaryIO, text: bytes, blob: bytes = b"") -> None:
    """Write two pieces of bytes behind their lengths."""
    stream.write(_HEAD.pack(len(text), len(blob)))
    stream.write(text)
    stream.write(blob)
    stream.flush()


def read_frame(stream: BinaryIO, limits=(LONGEST_TEXT, LONGEST_BLOB)) -> tuple[bytes, bytes]:
    """Return two pieces of bytes; EOFError where the other side has ended, ProtocolError where they are too long."""
    lengths = _HEAD.unpack(_exactly(stream, _HEAD.size))
    if any(length > limit for length, limit in zip(lengths, limits, strict=True)):
        raise ProtocolError("more than a reply may hold")
    text, blob = (_exactly(stream, length) for length in lengths)
    return text, blob


def _exactly(stream, n):
    data = stream.read(n)
    if len(data) < n:
        raise EOFError
    return data


def encode(value: Any) -> tuple[bytes, bytes]:
    """Return plain data as JSON and the bytes of its arrays; TypeError where something is not plain."""
    blobs: list[bytes] = []
    text = json.dumps(_packed(value, blobs)).encode()
    return text, b"".join(blobs)


def _packed(value, blobs):
    if value is None or type(value) in (bool, int, float, str):
        return value
    if value is Ellipsis:
        return {"...": True}
    if type(value) is complex:
        return {"complex": [value.real, value.imag]}
    if type(value) in (list, tuple):
        return {type(value).__name__: [_packed(item, blobs) for item in value]}
    if type(value) is dict and all(type(name) is str for name in value):
        return {"dict": [[name, _packed(item, blobs)] for name, item in value.items()]}
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in KINDS:
        array = np.asarray(value)
        array = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).reshape(array.shape)
        blobs.append(array.tobytes())
        return {"array": [array.dtype.str, list(array.shape)]}
    raise TypeError(f"not plain: {type(value).__name__}")


def decode(text: bytes, blob: bytes) -> Any:
    """Return plain data from what a sandboxed process sent; ProtocolError where it is anything else."""
    try:
        return _unpacked(json.loads(text), _Blob(blob))
    except ProtocolError:
        raise
    except Exception as error:  # whatever was sent
        raise ProtocolError("what came is no plain data") from error


class _Blob(io.BytesIO):
    left = LONGEST_BLOB

    def numbers(self, n, dtype):
        # the next bytes, each of which is one array's alone: a short text cannot ask for many copies
        self.left -= n * max(8, dtype.itemsize)
        if self.left < 0:
            raise ProtocolError("more than a reply may hold")
        data = bytearray(self.read(n * dtype.itemsize))
        if len(data) < n * dtype.itemsize:
            raise ProtocolError("an array whose shape is not that of its bytes")
        return np.frombuffer(data, dtype)


def _unpacked(packed, blob):
    if packed is None or isinstance(packed, bool | int | float):
        return packed
    if isinstance(packed, str):
        return _whole(packed)
    ((kind, content),) = packed.items()
    if kind == "...":
        return ...
    if kind == "complex":
        return complex(*map(float, content))
    if kind in ("list", "tuple"):
        return {"list": list, "tuple": tuple}[kind](_unpacked(item, blob) for item in content)
    if kind == "dict":
        return {_whole(str(name)): _unpacked(item, blob) for name, item in content}
    if kind == "array":
        return _array(*content, blob)
    raise ProtocolError("a kind of data that is not taken")


def _whole(text):
    return text.encode("utf-8", "replace").decode()  # half a character cannot be written to a file


def _array(name, shape, blob):
    dtype = np.dtype(str(name))
    whole = all(type(n) is int and n >= 0 for n in shape)
    if dtype.kind not in KINDS or dtype.itemsize > (16 if dtype.kind == "c" else 8) or not whole or len(shape) > 8:
        raise ProtocolError("an array that is not taken")
    count = 1
    for n in shape:
        count *= n
    return blob.numbers(count, dtype).reshape(shape)
