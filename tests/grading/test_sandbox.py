"""What a student's code finds in the sandbox, and what it cannot do there; and what is left without one."""

import json
import os
import platform
import shlex
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from _class import GOOD, HOGS, QUESTIONS, ROOT, grade, hand_in, rows

from course_utils.grading import _namespaces, execution, judging
from course_utils.grading._namespaces import Limits
from course_utils.grading.bank import Bank
from course_utils.grading.protocol import ProtocolError, decode
from course_utils.grading.sandbox import Sandbox, SandboxError, StartError

sandboxed = pytest.mark.skipif(_namespaces.missing() is not None, reason=str(_namespaces.missing()))


def execute(sandbox, code):
    """Run code as a notebook's only cell; return what it raised."""
    cell = {"cell_type": "code", "source": code}
    assert "cells" in sandbox.ask("read", json.dumps({"cells": [cell]}).encode())
    return sandbox.ask("execute", 0)


def value(sandbox, code):
    """Run code that sets x; return x, or what it raised."""
    return execute(sandbox, code) or sandbox.ask("take", "", "x")["plain"]


@pytest.mark.skipif(
    not os.environ.get("COURSE_NEEDS_SANDBOX"), reason="a machine on which no sandbox can be built may be one"
)
def test_a_sandbox_can_be_built():
    """Where these tests must not be left out."""
    assert _namespaces.missing() is None


@sandboxed
def test_what_is_in_sight(monkeypatch, tmp_path):
    """Neither the instructor's variables, nor files, nor a network; the course can be read and not written."""
    monkeypatch.setenv("SECRET", "42")
    (tmp_path / "secret").write_text("42")
    with Sandbox(Limits(seconds=60)) as sandbox:
        assert value(sandbox, "import os; x = os.environ.get('SECRET')") is None
        assert value(sandbox, f"x = os.path.exists({str(tmp_path)!r})") is False
        assert value(sandbox, "x = os.listdir(os.path.expanduser('~')) + os.listdir('/tmp')").count("secret") == 0
        assert "unreachable" in value(sandbox, "import socket; socket.create_connection(('192.0.2.1', 80), timeout=5)")
        assert "Read-only" in value(sandbox, "import course_utils; open(course_utils.__file__, 'a')")
        assert (
            value(sandbox, "x = sorted({1, os.getpid()} ^ {int(p) for p in os.listdir('/proc') if p.isdigit()})") == []
        )


@sandboxed
@pytest.mark.parametrize("way", ["mount -t tmpfs none /tmp", "unshare -r true", "umount /usr", "chroot /usr true"])
def test_no_way_out(way):
    """It has no capabilities, and cannot get any."""
    with Sandbox(Limits(seconds=60)) as sandbox:
        assert (
            value(sandbox, f"import subprocess; x = subprocess.call({way.split()!r}, stderr=subprocess.DEVNULL)") != 0
        )


@sandboxed
@pytest.mark.parametrize("place", ["/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/self/comm"])
def test_the_kernel_is_not_set(place):
    """Also where the grader is root, whose sandbox has its number: neither kernel nor devices can be changed."""
    with Sandbox(Limits(seconds=60)) as sandbox:
        assert "Errno" in value(sandbox, f"import os; x = os.open({place!r}, os.O_WRONLY)")
        assert "Errno" in value(sandbox, "os.chmod('/dev/null', 0o666)")
        assert value(sandbox, "x = open('/dev/null', 'w').write('x')") == 1


@sandboxed
def test_calls_that_are_refused():
    """Sockets past the network's namespace, memory that no process holds; all else works."""
    with Sandbox(Limits(seconds=60)) as sandbox:
        assert "not supported" in value(
            sandbox, "import socket, os; x = socket.socket(40, socket.SOCK_STREAM)"
        )  # vsock
        assert "not implemented" in value(sandbox, "x = os.memfd_create('x')")
        assert value(sandbox, "a, b = socket.socketpair(); a.send(b'1'); x = b.recv(1).decode()") == "1"
        assert value(sandbox, "x = os.popen('echo works').read()")


def in_a_sandbox(code):
    """Return what code prints in a sandbox that nobody watches."""
    command = _namespaces.command_of([sys.executable, "-I", "-c", code], {}, Limits())
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=100, check=False)
    return done.stdout.split() or done.stderr


INOTIFY = """
import ctypes
libc, n = ctypes.CDLL(None), 0
while libc.inotify_init() >= 0 and n < 1000: n += 1
print(n)
"""
FORKS = """
import os, time
n = 0
try:
    while n < 5000:
        if not os.fork():
            time.sleep(30)
            os._exit(0)
        n += 1
except OSError:
    pass
print(n, flush=True)
os._exit(0)
"""


@sandboxed
def test_what_all_share_is_limited():
    """Of what one user of a machine has few, a sandbox has fewer."""
    if not os.access("/proc/sys/user", os.R_OK):
        pytest.skip("this system has no limits for a namespace")
    assert in_a_sandbox(INOTIFY) == [str(_namespaces.PER_NAMESPACE["user/max_inotify_instances"])]


@sandboxed
def test_processes_are_counted_by_the_kernel():
    """Where Linux counts them for a namespace, none can fork without end between two looks of the grader."""
    if "kernel/pid_max" not in str(_namespaces._limits()):
        pytest.skip("Linux before 6.14: one limit for the whole machine")
    (n,) = in_a_sandbox(FORKS)
    assert 100 < int(n) < _namespaces.MOST_TASKS


def test_a_short_reply_is_not_made_long():
    """Each byte belongs to one array; half a character, which no file takes, is replaced."""
    many = {"list": [{"array": ["|u1", [1000]]}] * 3}
    with pytest.raises(ProtocolError, match="shape"):
        decode(json.dumps(many).encode(), bytes(2999))
    assert len(decode(json.dumps(many).encode(), bytes(3000))) == 3
    assert decode(b'"\\ud800"', b"") == "?"


def test_what_a_reply_may_cost():
    """Many small numbers become large ones when they are worked with; long ones cannot be printed in a lifetime."""
    with pytest.raises(ProtocolError, match="more than"):
        decode(b'{"array": ["|i1", [21000000]]}', bytes(21 * 10**6))
    with pytest.raises(ProtocolError, match="not taken"):
        decode(b'{"array": ["<f16", [1]]}', bytes(16))
    assert decode(b'{"dict": [["\\ud800", 1]]}', b"") == {"?": 1}


KEYRING = """
import ctypes, platform
from course_utils.grading.sandbox import Limits, Sandbox
libc = ctypes.CDLL(None)
add, request, control = {"x86_64": (248, 249, 250), "aarch64": (217, 218, 219)}[platform.machine()]
libc.syscall(control, 1, None)  # a ring of this process's own
libc.syscall(add, b"user", b"course-ticket", b"42", 2, ctypes.c_int(-3))
ask = f"__import__('ctypes').CDLL(None).syscall({request}, b'user', b'course-ticket', None, 0)"
with Sandbox(Limits(seconds=60)) as sandbox:
    print(eval(ask), sandbox.ask("take", "", ask)["plain"])
"""


@sandboxed
def test_the_keyring_stays_outside():
    """What lies in the instructor's session keyring cannot be asked for."""
    if platform.machine() not in ("x86_64", "aarch64"):
        pytest.skip("the numbers of the system's calls are others here")
    done = subprocess.run([sys.executable, "-c", KEYRING], cwd=ROOT, capture_output=True, text=True, timeout=60)
    outside, inside = map(int, done.stdout.split())
    if outside < 0:
        pytest.skip("there are no keyrings here")
    assert inside == -1


CHILDREN = """
def children():
    import psutil
    return [p for p in psutil.Process().children(recursive=True) if "runner.main" in " ".join(p.cmdline())]
"""


@sandboxed
def test_others_keep_their_cores():
    """Who starts many processes, in sessions of their own, gets what others leave."""
    with Sandbox(Limits(seconds=60)) as sandbox:
        assert execute(sandbox, HOGS) is None
        for _ in range(100):
            hogs = psutil.Process(sandbox.process.pid).children(recursive=True)[-50:]
            groups = [Path(f"/proc/{hog.pid}/autogroup") for hog in hogs]
            if all(hog.nice() == 19 for hog in hogs) and all("nice 19" in g.read_text() for g in groups if g.exists()):
                return
            time.sleep(0.2)
    pytest.fail("they still have as much of the cores as a notebook's first process")


@sandboxed
def test_judged_when_the_sandbox_has_ended():
    """How long a verdict takes cannot be seen from inside: nothing of it runs any more."""
    questions = QUESTIONS.replace("right=lambda: np.arange(4.0)", "right=lambda: np.arange(len(children()) + 4.0)")
    questions += CHILDREN
    bank = Bank({"lesson_97.py": questions})
    judged = judging.judge(execution.execute(GOOD["right"][0], bank, Limits(), None), bank)
    assert [verdict["passed"] for verdict in judged.verdicts] == [True] * 3


@sandboxed
def test_a_dead_process_is_said():
    """Whatever is asked after the end has the same reason."""
    with Sandbox(Limits(seconds=60)) as sandbox:
        with pytest.raises(SandboxError, match="exit code 3"):
            execute(sandbox, "import os; os._exit(3)")
        with pytest.raises(SandboxError, match="exit code 3"):
            execute(sandbox, "1")


@sandboxed
def test_whose_fault_it_is(tmp_path):
    """What keeps a sandbox from starting is this machine's, and no student's."""
    gone = tmp_path / "mnist.npz"
    with pytest.raises(StartError, match="could be started"), Sandbox(Limits(), gone):
        pass
    with pytest.raises(StartError, match="could not be started"), Sandbox(Limits(seconds=0)):
        pass
    found = execution.execute(GOOD["right"][0], Bank({"lesson_97.py": QUESTIONS}), Limits(), gone)
    assert (found.fault, found.data) == (True, {})


@sandboxed
def test_data_that_a_link_leads_to(tmp_path):
    """MNIST by its name, in whatever folder, whatever the file is called; limits of a batch system are borne."""
    store, folder = tmp_path / "ab12", tmp_path / "My 'Course'"
    folder.mkdir()
    store.write_bytes(b"data")
    (folder / "mnist.npz").symlink_to(store)
    code = """
from pathlib import Path
from course_utils.grading.sandbox import Limits, Sandbox
with Sandbox(Limits(seconds=60), Path({!r})) as sandbox:
    print(sandbox.ask("take", "", "__import__('os').environ['COURSE_DATA_DIR']")["plain"])
    print(sandbox.ask("take", "", "open('/course-data/mnist.npz').read()")["plain"])
""".format(str(folder / "mnist.npz"))
    command = f"ulimit -f 100000; exec {shlex.quote(sys.executable)} -c {shlex.quote(code)}"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["/course-data", "data"], done.stderr


@sandboxed
def test_what_is_mounted_below_is_to_be_read(tmp_path):
    """A volume within a place that is shown cannot be written either."""
    (tmp_path / "a place" / "below").mkdir(parents=True)
    place = tmp_path / "a place"
    code = f"""
import subprocess, sys
from pathlib import Path
from course_utils.grading._namespaces import Limits, command_of
write = '''
for name in ("file", "below/file"):
    try:
        open({str(place / "NAME")!r}.replace("NAME", name), "w")
    except OSError as error:
        print(error.strerror)
'''
place = Path({str(place)!r})
subprocess.run(command_of([sys.executable, "-c", write], {{place: place}}, Limits()))
"""
    mounted = f"mount -t tmpfs none '{place}/below' && exec {shlex.quote(sys.executable)} -c {shlex.quote(code)}"
    done = subprocess.run(["unshare", "-rm", "sh", "-c", mounted], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines() == ["Read-only file system"] * 2, done.stderr


@sandboxed
def test_shared_memory_counts_once():
    """Four children that read their parent's gigabyte hold one gigabyte."""
    code = """
import os, time
data = bytearray(1) * 10**9
for _ in range(4):
    if not os.fork():
        sum(data[::4096]); time.sleep(3); os._exit(0)
x = [os.wait()[1] for _ in range(4)]
"""
    with Sandbox(Limits(seconds=60)) as sandbox:
        assert value(sandbox, code) == [0] * 4


LOOP = """
import json, sys
from course_utils.grading.sandbox import Limits, Sandbox
cells = [{"cell_type": "code", "source": source} for source in ("1", "while True: pass")]
with Sandbox(Limits(sandboxed="bare" not in sys.argv)) as sandbox:
    sandbox.ask("read", json.dumps({"cells": cells}).encode())
    print(sandbox.ask("execute", 0), sandbox.folder, flush=True)
    sandbox.ask("execute", 1)
"""


@sandboxed
def test_it_ends_with_the_grader(tmp_path):
    """Whoever kills the grader has ended a notebook that loops, too."""
    env = os.environ | {"TMPDIR": str(tmp_path)}
    grader = subprocess.Popen([sys.executable, "-c", LOOP], cwd=ROOT, stdout=subprocess.PIPE, env=env)
    assert grader.stdout.readline() == b"None None\n"
    below = psutil.Process(grader.pid).children(recursive=True)
    grader.kill()
    grader.communicate()
    assert below
    assert not psutil.wait_procs(below, timeout=20)[1]
    assert list(tmp_path.iterdir()) == []  # no folder was made, so none is left


def test_what_a_killed_grader_leaves(tmp_path, monkeypatch):
    """Without a sandbox there is a folder: the next one that starts removes it."""
    env = os.environ | {"TMPDIR": str(tmp_path)}
    grader = subprocess.Popen([sys.executable, "-c", LOOP, "bare"], cwd=ROOT, stdout=subprocess.PIPE, env=env)
    left = Path(grader.stdout.readline().decode().split()[1])
    below = psutil.Process(grader.pid).children(recursive=True)
    grader.kill()
    grader.communicate()
    for process in below:  # nothing ends it without a sandbox
        process.kill()
    assert left.is_dir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Sandbox(Limits(seconds=60, sandboxed=False)) as sandbox:
        assert not left.exists()
        assert sandbox.folder.is_dir()
    assert list(tmp_path.iterdir()) == []


def test_without_a_sandbox(monkeypatch, tmp_path):
    """The same points; the variables are not there either."""
    hand_in(tmp_path / "in", GOOD)
    assert grade(tmp_path, "--no-sandbox", minutes="1").returncode == 0
    assert {name: row["sum"] for name, row in rows(tmp_path).items()} == {
        name: str(points.count("1")) for name, (_, points, _) in GOOD.items()
    }
    monkeypatch.setenv("SECRET", "42")
    with Sandbox(Limits(seconds=60, sandboxed=False)) as sandbox:
        assert value(sandbox, "import os; x = os.environ.get('SECRET')") is None
        folder = value(sandbox, "x = os.getcwd()")
        assert os.path.isdir(folder)
    assert not os.path.exists(folder)


def test_without_a_sandbox_it_ends_all_the_same(tmp_path):
    """Time, memory, disk and processes are limited, and children go with it."""
    for code, words in (
        ("while True: pass", "longer than"),
        ("import os\nwhile True:\n    open(str(os.times()), 'wb').write(b'0' * 10**7)", "wrote more"),
        ("import subprocess\nwhile True: subprocess.Popen(['sleep', '86397'], start_new_session=True)", "processes"),
    ):
        limits = Limits(seconds=8 if "pass" in code else 60, sandboxed=False)
        with Sandbox(limits) as sandbox, pytest.raises(SandboxError, match=words):
            execute(sandbox, code)
    assert not [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", "86397"]]
