"""Files that are written whole or not at all, and folders in which only one process works at a time.

Standard library, syntax of Python 3.9: `setup` needs it before anything is installed.
"""

import contextlib
import glob
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from course_utils._errors import CourseError

STALE = 600.0  # seconds after which another process's temporary file is taken for abandoned


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write to, beside ``path``; rename it to ``path`` at the end, or remove it after an error.

    The folder is made where it is missing, and what killed processes left there is cleared. Raises OSError where
    that cannot be written.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        with contextlib.suppress(OSError):  # another process clears, too; or it is another user's
            if time.time() - left.stat().st_mtime > STALE:
                left.unlink()
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with temporary.open("xb") as file:
            yield file
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str) -> None:
    """Write a whole text file in UTF-8; raise CourseError, which says what to do, where it cannot be written."""
    try:
        with whole_file(path) as file:
            file.write(text.encode())
    except OSError as error:
        raise CourseError(
            f"{path} cannot be written: {error.strerror or error}.\n"
            f"What to do: free some disk space, or make {path.parent} a folder that you may write to."
        ) from error


@contextlib.contextmanager
def one_at_a_time(folder: Path, lock_name: str, what: str) -> Iterator[None]:
    """Wait until no other process does the same in this folder: people start one command in two terminals.

    The folder itself is locked; on Windows, which cannot lock folders, the file ``lock_name`` in it. ``what`` names
    the work in the message that is printed when there is something to wait for. The system releases the lock of a
    process that dies.
    """
    place, flags = (folder / lock_name, os.O_RDWR | os.O_CREAT) if os.name == "nt" else (folder, os.O_RDONLY)
    try:
        lock = os.open(place, flags)
    except OSError:  # Windows, and the folder cannot be written: nothing will be made there
        yield
        return
    os.set_inheritable(lock, True)  # pip holds it, too: it may go on for a while when only this process is killed
    try:
        if not _takes(lock, wait=False):
            print(f"Waiting for another {what} of this folder to end ...", flush=True)
            while not _takes(lock, wait=True):
                pass
        yield
    finally:
        os.close(lock)


def _takes(lock, *, wait):
    if os.name == "nt":
        import msvcrt

        try:
            msvcrt.locking(lock, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:  # another one has it; LK_LOCK gives up after ten seconds
            return False
        return True
    import fcntl

    try:
        fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    except OSError:  # some network file systems have no locks
        pass
    return True
