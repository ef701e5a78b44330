"""What a student's code finds in the cage, and what it cannot do there; and what is left without one."""

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

from course_utils.grading import _walls, notebook
from course_utils.grading._walls import Limits
from course_utils.grading.bank import Bank
from course_utils.grading.cage import Cage, CageError, StartError
from course_utils.grading.protocol import ProtocolError, decode

caged = pytest.mark.skipif(_walls.missing() is not None, reason=str(_walls.missing()))


def value(cage, code):
    """Run code that sets x; return x, or what it raised."""
    return cage.ask("execute", code) or cage.ask("take", "", "x")["plain"]


@pytest.mark.skipif(
    not os.environ.get("COURSE_NEEDS_CAGE"), reason="a machine on which no cage can be built may be one"
)
def test_a_cage_can_be_built():
    """Where these tests must not be left out."""
    assert _walls.missing() is None


@caged
def test_what_is_in_sight(monkeypatch, tmp_path):
    """Neither the instructor's variables, nor files, nor a network; the course can be read and not written."""
    monkeypatch.setenv("SECRET", "42")
    (tmp_path / "secret").write_text("42")
    with Cage(Limits(seconds=60)) as cage:
        assert value(cage, "import os; x = os.environ.get('SECRET')") is None
        assert value(cage, f"x = os.path.exists({str(tmp_path)!r})") is False
        assert value(cage, "x = os.listdir(os.path.expanduser('~')) + os.listdir('/tmp')").count("secret") == 0
        assert "unreachable" in value(cage, "import socket; socket.create_connection(('192.0.2.1', 80), timeout=5)")
        assert "Read-only" in value(cage, "import course_utils; open(course_utils.__file__, 'a')")
        assert value(cage, "x = sorted({1, os.getpid()} ^ {int(p) for p in os.listdir('/proc') if p.isdigit()})") == []


@caged
@pytest.mark.parametrize("way", ["mount -t tmpfs none /tmp", "unshare -r true", "umount /usr", "chroot /usr true"])
def test_no_way_out(way):
    """It has no capabilities, and cannot get any."""
    with Cage(Limits(seconds=60)) as cage:
        assert value(cage, f"import subprocess; x = subprocess.call({way.split()!r}, stderr=subprocess.DEVNULL)") != 0


@caged
@pytest.mark.parametrize("place", ["/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/self/comm"])
def test_the_kernel_is_not_set(place):
    """Also where the grader is root, whose cage has its number: neither the kernel nor its devices can be changed."""
    with Cage(Limits(seconds=60)) as cage:
        assert "Errno" in value(cage, f"import os; x = os.open({place!r}, os.O_WRONLY)")
        assert "Errno" in value(cage, "os.chmod('/dev/null', 0o666)")
        assert value(cage, "x = open('/dev/null', 'w').write('x')") == 1


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
from course_utils.grading.cage import Cage, Limits
libc = ctypes.CDLL(None)
add, request, control = {"x86_64": (248, 249, 250), "aarch64": (217, 218, 219)}[platform.machine()]
libc.syscall(control, 1, None)  # a ring of this process's own
libc.syscall(add, b"user", b"course-ticket", b"42", 2, ctypes.c_int(-3))
ask = f"__import__('ctypes').CDLL(None).syscall({request}, b'user', b'course-ticket', None, 0)"
with Cage(Limits(seconds=60)) as cage:
    print(eval(ask), cage.ask("take", "", ask)["plain"])
"""


@caged
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


@caged
def test_others_keep_their_cores():
    """Who starts many processes, in sessions of their own, gets what others leave."""
    with Cage(Limits(seconds=60)) as cage:
        assert cage.ask("execute", HOGS) is None
        for _ in range(100):
            hogs = psutil.Process(cage.process.pid).children(recursive=True)[-50:]
            groups = [Path(f"/proc/{hog.pid}/autogroup") for hog in hogs]
            if all(hog.nice() == 19 for hog in hogs) and all("nice 19" in g.read_text() for g in groups if g.exists()):
                return
            time.sleep(0.2)
    pytest.fail("they still have as much of the cores as a notebook's first process")


@caged
def test_judged_when_the_cage_has_ended():
    """How long a verdict takes cannot be seen from inside: nothing of it runs any more."""
    questions = QUESTIONS.replace("right=lambda: np.arange(4.0)", "right=lambda: np.arange(len(children()) + 4.0)")
    questions += CHILDREN
    graded = notebook.grade(GOOD["right"][0], Bank({"lesson_97.py": questions}), Limits(), None)
    assert [verdict["passed"] for verdict in graded.verdicts] == [True] * 3


@caged
def test_a_dead_process_is_said():
    """Whatever is asked after the end has the same reason."""
    with Cage(Limits(seconds=60)) as cage:
        with pytest.raises(CageError, match="exit code 3"):
            cage.ask("execute", "import os; os._exit(3)")
        with pytest.raises(CageError, match="exit code 3"):
            cage.ask("execute", "1")


@caged
def test_whose_fault_it_is(tmp_path):
    """What keeps a cage from starting is this machine's, and no student's."""
    gone = tmp_path / "mnist.npz"
    with pytest.raises(StartError, match="could be started"), Cage(Limits(), gone):
        pass
    with pytest.raises(StartError, match="could not be started"), Cage(Limits(seconds=0)):
        pass
    graded = notebook.grade(GOOD["right"][0], Bank({"lesson_97.py": QUESTIONS}), Limits(), gone)
    assert (graded.fault, graded.verdicts) == (True, [])


@caged
def test_data_that_a_link_leads_to(tmp_path):
    """MNIST by its name, in whatever folder, whatever the file is called; limits of a batch system are borne."""
    store, folder = tmp_path / "ab12", tmp_path / "My 'Course'"
    folder.mkdir()
    store.write_bytes(b"data")
    (folder / "mnist.npz").symlink_to(store)
    code = """
from pathlib import Path
from course_utils.grading.cage import Cage, Limits
with Cage(Limits(seconds=60), Path({!r})) as cage:
    print(cage.ask("take", "", "__import__('os').environ['COURSE_DATA_DIR']")["plain"])
    print(cage.ask("take", "", "open('/course-data/mnist.npz').read()")["plain"])
""".format(str(folder / "mnist.npz"))
    command = f"ulimit -f 100000; exec {shlex.quote(sys.executable)} -c {shlex.quote(code)}"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["/course-data", "data"], done.stderr


@caged
def test_what_is_mounted_below_is_to_be_read(tmp_path):
    """A volume within a place that is shown cannot be written either."""
    (tmp_path / "a place" / "below").mkdir(parents=True)
    (tmp_path / "root").mkdir()
    place = tmp_path / "a place"
    code = f"""
import subprocess, sys
from pathlib import Path
from course_utils.grading._walls import Limits, command_of
write = '''
for name in ("file", "below/file"):
    try:
        open({str(place / "NAME")!r}.replace("NAME", name), "w")
    except OSError as error:
        print(error.strerror)
'''
place, root = Path({str(place)!r}), Path({str(tmp_path / "root")!r})
subprocess.run(command_of([sys.executable, "-c", write], root, {{place: place}}, Limits()))
"""
    mounted = f"mount -t tmpfs none '{place}/below' && exec {shlex.quote(sys.executable)} -c {shlex.quote(code)}"
    done = subprocess.run(["unshare", "-rm", "sh", "-c", mounted], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines() == ["Read-only file system"] * 2, done.stderr


@caged
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
    with Cage(Limits(seconds=60)) as cage:
        assert value(cage, code) == [0] * 4


LOOP = """
from course_utils.grading.cage import Cage, Limits
with Cage(Limits()) as cage:
    print(cage.ask("execute", "1"), flush=True)
    cage.ask("execute", "while True: pass")
"""


@caged
def test_it_ends_with_the_grader():
    """Whoever kills the grader has ended a notebook that loops, too."""
    grader = subprocess.Popen([sys.executable, "-c", LOOP], cwd=ROOT, stdout=subprocess.PIPE)
    assert grader.stdout.readline() == b"None\n"
    below = psutil.Process(grader.pid).children(recursive=True)
    grader.kill()
    grader.communicate()
    assert below
    assert not psutil.wait_procs(below, timeout=20)[1]


def test_without_a_cage(monkeypatch, tmp_path):
    """The same points; the variables are not there either."""
    hand_in(tmp_path / "in", GOOD)
    assert grade(tmp_path, "--uncaged", minutes="1").returncode == 0
    assert {name: row["sum"] for name, row in rows(tmp_path).items()} == {
        name: str(points.count("1")) for name, (_, points, _) in GOOD.items()
    }
    monkeypatch.setenv("SECRET", "42")
    with Cage(Limits(seconds=60, caged=False)) as cage:
        assert value(cage, "import os; x = os.environ.get('SECRET')") is None
        folder = value(cage, "x = os.getcwd()")
        assert os.path.isdir(folder)
    assert not os.path.exists(folder)


def test_without_a_cage_it_ends_all_the_same(tmp_path):
    """Time, memory, disk and processes are limited, and children go with it."""
    for code, words in (
        ("while True: pass", "longer than"),
        ("import os\nwhile True:\n    open(str(os.times()), 'wb').write(b'0' * 10**7)", "wrote more"),
        ("import subprocess\nwhile True: subprocess.Popen(['sleep', '86397'], start_new_session=True)", "processes"),
    ):
        limits = Limits(seconds=8 if "pass" in code else 60, caged=False)
        with Cage(limits) as cage, pytest.raises(CageError, match=words):
            cage.ask("execute", code)
    assert not [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", "86397"]]
