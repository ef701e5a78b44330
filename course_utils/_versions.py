"""Which course this is: the version that is released, and the code as it is."""

import hashlib
import sys
from functools import cache
from importlib import metadata

from course_utils._paths import DATA, PACKAGE


@cache
def code_version() -> str:
    """Return the first digits of the SHA-256 of the course's Python files, its ledger, and what they stand on.

    Workers on other machines must have the same: grades and figures would differ otherwise.
    """
    packages = [metadata.version(name) for name in ("numpy", "keras")]
    digest = hashlib.sha256(repr((sys.version_info[:2], packages)).encode())
    for path in [*sorted(PACKAGE.rglob("*.py")), DATA / "results.toml"]:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]
