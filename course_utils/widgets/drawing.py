"""What a reader draws on the pad that widgets share (pad.js), as a trait."""

import numpy as np
import traitlets


class Drawing(traitlets.TraitType):
    """The image that was drawn, or None; between browser and kernel it goes as the bytes of its float32."""

    default_value = None

    def __init__(self):
        super().__init__(allow_none=True, read_only=True)
        self.tag(sync=True, to_json=self._to_bytes, from_json=self._from_bytes)

    @staticmethod
    def _to_bytes(image, _):
        return None if image is None else image.tobytes()

    @staticmethod
    def _from_bytes(data, widget):
        return None if data is None else np.frombuffer(bytes(data), "<f4").reshape(widget._image_shape)
