"""What the browser computes and Python reads: a trait."""

import numpy as np
import traitlets


class Received(traitlets.TraitType):
    """An array, or a list of arrays, that the browser sends as the bytes of its float32; None until it does.

    It is read, not set. The browser never hears its own values again: an echo that comes late would undo newer ones.

    Parameters
    ----------
    read : function of (float32 array of shape (n,), widget)
        Returns the value.
    """

    default_value = None

    def __init__(self, read):
        super().__init__(allow_none=True, read_only=True)
        self._read = read
        self.tag(sync=True, echo_update=False, to_json=self._to_bytes, from_json=self._from_bytes)

    @staticmethod
    def _to_bytes(value, _):
        if value is None:
            return None
        return b"".join(array.tobytes() for array in (value if isinstance(value, list) else [value]))

    def _from_bytes(self, data, widget):
        return None if data is None else self._read(np.frombuffer(bytes(data), "<f4"), widget)
