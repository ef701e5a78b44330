"""Read requirements.txt, the lock: which version of which package, and on which systems."""

import re


def read_lock(text):
    """Return (name, version, marker or "") for each pin of a requirements.txt."""
    pin = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)(?: *; *([^\\]*))?", re.MULTILINE)
    return [(name, version, (marker or "").strip()) for name, version, marker in pin.findall(text)]


def applies(marker):
    """Return whether an environment marker holds for this Python; None when nothing here can evaluate it."""
    if not marker:
        return True
    try:
        from packaging.markers import Marker
    except ImportError:
        try:
            from pip._vendor.packaging.markers import Marker
        except ImportError:
            return None
    return Marker(marker).evaluate()
