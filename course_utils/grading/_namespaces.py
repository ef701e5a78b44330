"""What a sandbox is built of on Linux: namespaces by util-linux's `unshare`, and a root of its own, to be read only.

In it are the system's programs, this Python with its packages, the course and its data; nothing else of this machine.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

# The new root is mounted here, in the sandbox's own namespace: a folder that is there, so none is left behind
ROOT = "/sys"
HOME = Path("/home/student")  # within it
# What one user of this machine has few of, all sandboxes together: /proc/sys/user, limits of a user's namespace (Linux:
# Documentation/admin-guide/sysctl/user.rst). And how many processes and threads there may be, which a namespace of
# processes has for itself since Linux 6.14; before, the same file sets the whole machine.
PER_NAMESPACE = {"user/max_inotify_instances": 16, "user/max_inotify_watches": 4096, "user/max_user_namespaces": 0}
MOST_TASKS = 1500
MOST_FILES = 50_000  # each takes a kilobyte of the kernel's memory, and is in nobody's sum
TOOLS = ("unshare", "mount", "chroot", "setpriv", "setsid")
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
FILES = ("/etc/ld.so.cache", "/etc/passwd", "/etc/group", "/etc/localtime", "/etc/fonts", "/etc/nsswitch.conf")
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
NAMESPACES = ("--map-root-user", "--net", "--ipc", "--mount", "--pid", "--fork", "--kill-child")
FLAGS = {"ST_NOSUID": "nosuid", "ST_NODEV": "nodev", "ST_NOEXEC": "noexec"}  # a mount's, which must stay
# Neither capabilities nor a way to get some: it cannot mount, nor leave its root
DROPPED = ("--bounding-set=-all", "--inh-caps=-all", "--no-new-privs")


@dataclass(frozen=True)
class Limits:
    """What one notebook may use: seconds for all of it, bytes of memory and of disk; and whether it has a sandbox."""

    seconds: float = 600.0
    memory: int = 3 * 10**9
    disk: int = 256 * 2**20
    sandboxed: bool = True


def missing() -> str | None:
    """Return what this system lacks for a sandbox, in a sentence; None where one was built and a program ran in it."""
    if lacking := [tool for tool in TOOLS if not shutil.which(tool, path=_path())]:
        return f"This system has no {', '.join(lacking)} (util-linux), so there is no sandbox."
    command = command_of([sys.executable, "-I", "-c", "print(1)"], {}, Limits())
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode or done.stdout != "1\n":
        return f"No sandbox could be built here: {done.stderr.strip()[-300:]}"
    return None


def command_of(python: Sequence[str], places: Mapping[Path, Path], limits) -> list[str]:
    """Return the command that runs Python in a new root, in which `places` can be read, and nothing else from here.

    `places` has paths of this machine by those under which they are shown there.
    """
    steps = ["set -e", *_limits(), f"mount -t tmpfs -o size={limits.disk},nr_inodes={MOST_FILES},mode=755 tmpfs {ROOT}"]
    steps += [step for path in dict.fromkeys([*SYSTEM, *FILES, *DEVICES, *_pythons()]) for step in _bound(path)]
    steps += [step for shown, path in places.items() for step in _mounted(str(shown), str(path))]
    steps += [f"mkdir -p {ROOT}/proc {ROOT}/tmp {ROOT}/dev/shm {ROOT}{HOME}"]
    steps += [f"mount -t proc -o ro proc {ROOT}/proc"]  # root's sandbox could set the kernel there
    chroot, setpriv, setsid = (shutil.which(tool, path=_path()) for tool in ("chroot", "setpriv", "setsid"))
    words = " ".join(map(quote, [setpriv, *DROPPED, "sh", "-c", 'cd "$HOME" && exec "$@"', "sh", *python]))
    # the shell stays, as the first process, which the student's cannot reach: with it all others end
    steps += [f"HOME={HOME} {setsid} {chroot} {ROOT} {words}", "exit $?"]
    # whatever ends the grader ends the sandbox
    with_parent = [setpriv, "--pdeathsig", "KILL"]
    return [*with_parent, shutil.which("unshare", path=_path()), *NAMESPACES, "--", "/bin/sh", "-c", "\n".join(steps)]


def _limits():
    # where /proc cannot be written, as in some containers, there are none
    limits = dict(PER_NAMESPACE)
    if tuple(map(int, re.findall(r"\d+", platform.release())[:2])) >= (6, 14):
        limits["kernel/pid_max"] = MOST_TASKS
    return [f"( echo {n} > /proc/sys/{name} ) 2>/dev/null || true" for name, n in limits.items()]


def _path():
    return f"{os.defpath}:/usr/sbin:/sbin:/usr/local/bin"


def _pythons():
    # where this Python and its packages are: a virtual environment, and the Python that it was made from
    return [sys.prefix, sys.base_prefix, os.path.realpath(sys.base_prefix)]


def _bound(path):
    # what makes one of the system's places readable in the new root; a symbolic link is made anew
    if not os.path.lexists(path):
        return []
    if os.path.islink(path):
        folder, target = quote(os.path.dirname(ROOT + path)), quote(ROOT + path)
        return [f"mkdir -p {folder}", f"ln -sfn {quote(os.readlink(path))} {target}"]
    return _mounted(path, path)


def _mounted(shown, path):
    # mounted, and then each file system in it made one to read: of a tree, `remount` takes the top alone
    real, target = os.path.realpath(path), ROOT + shown
    folder = target if os.path.isdir(real) else os.path.dirname(target)
    steps = [f"mkdir -p {quote(folder)}"]
    if folder != target:
        steps.append(f"[ -e {quote(target)} ] || touch {quote(target)}")
    steps.append(f"mount --rbind {quote(real)} {quote(target)}")
    for mount in ["", *_mounts_below(real)]:
        given = os.statvfs(real + mount).f_flag
        flags = [word for name, word in FLAGS.items() if given & getattr(os, name)]
        steps.append(f"mount -o {','.join(['remount', 'bind', 'ro', *flags])} {quote(target + mount)}")
    return steps


def _mounts_below(path):
    # the file systems that are mounted below a folder, by their paths within it; \040 is a space
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    points = [re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), line.split()[4]) for line in lines]
    return [point.removeprefix(path) for point in dict.fromkeys(points) if point.startswith(path.rstrip("/") + "/")]
