"""What a cage is built of on Linux: namespaces by util-linux's `unshare`, and a root of its own, to be read only.

In it are the system's programs, this Python with its packages, the course and its data; nothing else of this machine.
"""

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TOOLS = ("unshare", "mount", "chroot", "setpriv")
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
FILES = ("/etc/ld.so.cache", "/etc/passwd", "/etc/group", "/etc/localtime", "/etc/fonts", "/etc/nsswitch.conf")
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
NAMESPACES = ("--map-root-user", "--net", "--ipc", "--mount", "--pid", "--fork", "--kill-child")
FLAGS = {"ST_NOSUID": "nosuid", "ST_NODEV": "nodev", "ST_NOEXEC": "noexec"}  # a mount's, which must stay
# Neither capabilities nor a way to get some: it cannot mount, nor leave its root
DROPPED = ("--bounding-set=-all", "--inh-caps=-all", "--no-new-privs")


@dataclass(frozen=True)
class Limits:
    """What one notebook may use: seconds for all of it, bytes of memory, bytes of disk; and whether it is caged."""

    seconds: float = 600.0
    memory: int = 3 * 10**9
    disk: int = 256 * 2**20
    caged: bool = True


@functools.cache
def missing() -> str | None:
    """Return what this system lacks for a cage, in a sentence; None where one was built and a program ran in it."""
    if lacking := [tool for tool in TOOLS if not shutil.which(tool, path=_path())]:
        return f"This system has no {', '.join(lacking)} (util-linux), so there is no cage."
    with tempfile.TemporaryDirectory() as folder:
        command = command_of([sys.executable, "-I", "-c", "print(1)"], Path(folder), [], Limits())
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode or done.stdout != "1\n":
        return f"No cage could be built here: {done.stderr.strip()[-300:]}"
    return None


def command_of(python: Sequence[str], folder: Path, places: Sequence[Path], limits) -> list[str]:
    """Return the command that runs Python in a new root on `folder`, in which `places` can be read and nothing else."""
    root = str(folder)
    steps = ["set -e", f"mount -t tmpfs -o size={limits.disk},mode=755 tmpfs {_quoted(root)}"]
    steps += [step for path in dict.fromkeys([*SYSTEM, *FILES, *DEVICES, *_pythons()]) for step in _bound(root, path)]
    steps += [step for path in places for step in _bound(root, str(path))]
    inside = _quoted(f"{root}{root}")
    steps += [f"mkdir -p {_quoted(root)}/proc {_quoted(root)}/tmp {_quoted(root)}/dev/shm {inside}"]
    steps += [f"mount -t proc -o ro proc {_quoted(root)}/proc"]  # root's cage could set the kernel there
    chroot, setpriv = (shutil.which(tool, path=_path()) for tool in ("chroot", "setpriv"))
    words = " ".join(map(_quoted, [setpriv, *DROPPED, "sh", "-c", 'cd "$HOME" && exec "$@"', "sh", *python]))
    steps += [f"HOME={_quoted(root)} exec {chroot} {_quoted(root)} {words}"]
    # whatever ends the grader ends the cage
    with_parent = [setpriv, "--pdeathsig", "KILL"]
    return [*with_parent, shutil.which("unshare", path=_path()), *NAMESPACES, "--", "/bin/sh", "-c", "\n".join(steps)]


def _path():
    return f"{os.defpath}:/usr/sbin:/sbin:/usr/local/bin"


def _pythons():
    # where this Python and its packages are: a virtual environment, and the Python that it was made from
    return [sys.prefix, sys.base_prefix, os.path.realpath(sys.base_prefix)]


def _bound(root, path):
    # what makes one place of this machine readable in the new root; a symbolic link is made anew
    if not os.path.lexists(path):
        return []
    target = _quoted(root + path)
    if os.path.islink(path):
        return [f"mkdir -p {_quoted(os.path.dirname(root + path))}", f"ln -sfn {_quoted(os.readlink(path))} {target}"]
    made = f"mkdir -p {target}" if os.path.isdir(path) else f"mkdir -p $(dirname {target}) && touch {target}"
    given = os.statvfs(path).f_flag
    flags = [word for name, word in FLAGS.items() if given & getattr(os, name)]
    options = ",".join(["remount", "bind", "ro", *flags])
    return [made, f"mount --rbind {_quoted(path)} {target}", f"mount -o {options} {target}"]


def _quoted(text):
    return "'" + str(text).replace("'", "'\\''") + "'"
