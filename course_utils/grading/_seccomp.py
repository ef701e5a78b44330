"""A filter for system calls, which a sandboxed process sets for itself and for all that it starts (Linux's seccomp).

Namespaces of the network confine neither vsock, through which a virtual machine talks to its host, nor other kinds of
sockets; and memory that belongs to a file or a segment without a process is in nobody's sum.
"""

import ctypes
import errno
import platform
import struct

FAMILIES = (1, 2, 10, 16)  # AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: all others are refused, AF_VSOCK (40) among them
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
# The calls' numbers, from Linux's tables (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h):
# socket and socketpair, whose first argument is looked at; then what is refused. Of the latter memfd_create, shmget,
# semget, msgget and memfd_secret give memory that no process holds; io_uring makes sockets past any filter; keys belong
# to the instructor; the others reach deep into the kernel, and no notebook needs them.
_REFUSED_X86_64 = (319, 29, 64, 68, 447, 425, 426, 427, 248, 249, 250, 321, 298, 323, 272, 308, 165, 246)
_REFUSED_AARCH64 = (279, 194, 190, 186, 447, 425, 426, 427, 217, 218, 219, 280, 241, 282, 97, 268, 40, 104)
CALLS = {
    "x86_64": (0xC000003E, (41, 53), _REFUSED_X86_64),
    "aarch64": (0xC00000B7, (198, 199), _REFUSED_AARCH64),
}
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # classic BPF: ld [k], jeq, jge, ret
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data


def refuse_calls() -> bool:
    """Set the filter for this process, for good; return whether it is set: the system may know none."""
    if platform.system() != "Linux" or platform.machine() not in CALLS:
        return False
    program = _program(*CALLS[platform.machine()])
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in program))

    class Filter(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))

    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    found = Filter(len(program), ctypes.addressof(code))
    return libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(found), 0, 0) == 0


def _program(architecture, sockets, refused):
    # each step: code, steps to jump over if true, if false, a number
    no_such_call, no_such_family = (_RETURN, 0, 0, _ERROR | errno.ENOSYS), (_RETURN, 0, 0, _ERROR | errno.EAFNOSUPPORT)
    steps = [(_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, architecture), no_such_call]  # 32-bit calls: other numbers
    steps += [(_LOAD, 0, 0, _NUMBER), (_AT_LEAST, 0, 1, 0x40000000), no_such_call]  # x32's, which are others again
    for number in refused:
        steps += [(_EQUAL, 0, 1, number), no_such_call]
    steps += [(_EQUAL, 2, 0, sockets[0]), (_EQUAL, 1, 0, sockets[1]), (_RETURN, 0, 0, _ALLOW)]
    steps += [(_LOAD, 0, 0, _FIRST_ARGUMENT)]
    for i, family in enumerate(FAMILIES):
        steps += [(_EQUAL, len(FAMILIES) - i, 0, family)]
    return [*steps, no_such_family, (_RETURN, 0, 0, _ALLOW)]
