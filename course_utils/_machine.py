"""Facts about this machine: cores, threads, memory, and the allocator that training works with.

Standard library, syntax of Python 3.9: `doctor` asks where nothing is installed (commands/setup.py).
"""

import ctypes
import os
import platform
import re
import sys
from pathlib import Path

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
CGROUP_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
# GB. TensorFlow reserves far more than it fills: a lesson's kernel 2.7, of which 1 is filled
ADDRESS_SPACE_NEEDED = 4.0
# malloc.h of the GNU C library: which setting mallopt changes
M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -2, -3, -8
KEPT_MEMORY = {M_TRIM_THRESHOLD: 8 * 2**20, M_TOP_PAD: 2**20, M_MMAP_THRESHOLD: 4 * 2**20, M_ARENA_MAX: 2}


def usable_cores():
    """Return how many cores this process may use; a container or a scheduler may give fewer than there are."""
    try:
        import joblib
    except ImportError:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return joblib.cpu_count()  # knows a container's share, too


def threads(n):
    """Return the environment in which a new process calculates with n threads."""
    return dict.fromkeys(THREAD_VARIABLES, str(n))


def memory_limit():
    """Return the memory this container may use in GB, or None when there is no limit."""
    texts = [os.environ.get("MEM_LIMIT", "")]  # JupyterHub and Binder set it, in bytes
    texts += [_read(path).strip() for path in CGROUP_LIMITS]
    limits = [int(text) / 1e9 for text in texts if text.isdigit()]
    return min((limit for limit in limits if limit < 1e6), default=None)  # the kernel's 'no limit' is huge


def address_space():
    """Return the address space that this process may use in GB (`ulimit -v`), or None when there is no limit."""
    try:
        import resource
    except ImportError:  # Windows sets no such limit
        return None
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return None if limit == resource.RLIM_INFINITY else limit / 1e9


def address_space_problem():
    """Return (what is wrong, what to do) where the address space is too small for a lesson, else None."""
    limit = address_space()
    if limit is None or limit >= ADDRESS_SPACE_NEEDED:
        return None
    return (
        f"limited to {limit:.1f} GB of address space; a lesson needs {ADDRESS_SPACE_NEEDED:.0f} GB of it",
        f"`ulimit -v {ADDRESS_SPACE_NEEDED * 1e6:.0f}` or `ulimit -v unlimited` in this terminal; where that is not "
        "permitted, ask whoever runs this machine, or the scheduler that started this shell, for more memory",
    )


def memory_available():
    """Return the memory free for new programs in GB, or None when it cannot be told."""
    try:
        import psutil
    except ImportError:
        found = re.search(r"MemAvailable: +(\d+) kB", _read("/proc/meminfo"))
        return int(found.group(1)) * 1024 / 1e9 if found else None
    return psutil.virtual_memory().available / 1e9


def _read(path):
    try:
        return Path(path).read_text()
    except OSError:
        return ""


def peak_memory_mb():
    """Return the largest resident memory that this process has had, in MB (10^6 bytes)."""
    if sys.platform == "win32":
        import psutil

        return psutil.Process().memory_info().peak_wset / 1e6
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def _glibc():
    return ctypes.CDLL(None) if platform.libc_ver()[0] == "glibc" else None


def keep_freed_memory():
    """Tell the GNU C library to keep what is freed: 8 MB at its end, in two arenas for all threads.

    Otherwise a training step gives its arrays back to the system and gets them anew, page by page. Elsewhere
    than on Linux nothing happens.
    """
    library = _glibc()
    if library:
        for setting, value in KEPT_MEMORY.items():
            library.mallopt(setting, value)


def give_back_memory():
    """Return what is free between the pieces in use to the system, where the C library is GNU's."""
    library = _glibc()
    if library:
        library.malloc_trim(0)
