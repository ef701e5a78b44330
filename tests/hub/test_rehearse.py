"""`rehearse` against a real hub on this machine: who gets through, who does not, and what the others notice."""

import os
import signal
import subprocess
import sys
import time

import nbformat
import pytest
from _course import INTERRUPTIBLE, ROOT
from _hub import PASSWORD, Hub

pytestmark = pytest.mark.timeout(900)  # seconds: what waits for a state that never comes is ended


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    """Return a running hub."""
    with Hub(tmp_path_factory.mktemp("hub")) as hub:
        yield hub


def start(hub, *options, password=PASSWORD):
    """Start a rehearsal of the first cells of lesson 2."""
    env = os.environ | {"COURSE_HUB_PASSWORD": password}
    command = [sys.executable, "-m", "course_utils", "rehearse", hub.address, "--lesson", "2", "--quick", *options]
    pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(command, cwd=ROOT, env=env, **pipe, **INTERRUPTIBLE)


def wait_for(hub, running, happened):
    """Wait until something has happened; the rehearsal must not have ended before."""
    while not happened():
        assert running.poll() is None, running.stdout.read() + hub.log()
        time.sleep(0.1)


def begun(hub, student, n_cells=1):
    """Return a function that says whether a student has saved the outputs of so many cells."""

    def happened():
        path = hub.notebook(student)
        try:
            cells = nbformat.read(path, as_version=4).cells
        except (OSError, ValueError, nbformat.reader.NotJSONError):  # not there, or being written
            return False
        return sum(bool(cell.get("execution_count")) for cell in cells) >= n_cells

    return happened


def outcome(hub, running, code=0):
    """Return what a rehearsal said; it has cleaned up."""
    said = running.communicate()[0]
    assert running.returncode == code, said + hub.log()
    assert "Traceback" not in said
    assert "Could not be cleaned up" not in said
    while hub.servers():  # the hub may still be stopping them
        time.sleep(0.2)
    return said


def test_a_class_and_each_fault(hub):
    """Of three students a kernel dies, a server is killed, and the hub restarts: the third gets through."""
    running = start(hub, "--users", "3", "--think", "5")
    names = [f"rehearsal-0{i}" for i in (1, 2, 3)]
    wait_for(hub, running, begun(hub, names[0]))
    (kernel,) = hub.servers()[names[0]].children()
    kernel.kill()
    wait_for(hub, running, begun(hub, names[1]))
    hub.servers()[names[1]].kill()
    wait_for(hub, running, begun(hub, names[2]))
    hub.kill_hub()
    hub.start_hub()
    said = outcome(hub, running, code=1)

    assert "1 of 3 got through" in said
    assert "rehearsal-01, cell" in said
    assert "the kernel has died" in said
    assert "rehearsal-02, cell" in said
    assert "The hub did not answer from" in said
    assert "rehearsal-03" not in said
    for name in names[:2]:  # what the two had done is there
        assert begun(hub, name)()
    assert not hub.notebook(names[2]).exists()
    assert "start of a server" in said
    assert "memory of a student" in said


def test_an_interrupt_cleans_up(hub):
    """Ctrl-C in the middle: servers are stopped, and the report says how far it came."""
    hub.notebook("rehearsal-01").unlink(missing_ok=True)  # of the class before
    running = start(hub, "--users", "1", "--think", "2")
    wait_for(hub, running, begun(hub, "rehearsal-01"))
    running.send_signal(signal.SIGINT)
    said = outcome(hub, running, code=130)
    assert "0 of 1 got through" in said
    assert "interrupted" in said


def test_what_cannot_work_is_said(hub):
    """A wrong password, and an address at which there is no hub."""
    said = outcome(hub, start(hub, "--users", "1", password="another"), code=1)
    assert "the hub refuses this name and password" in said


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["hub.example.org"], "expected an address such as https://hub.example.org"),
        (["http://127.0.0.1:9"], "one --lesson"),
        (["http://127.0.0.1:9", "--lesson", "optimizers"], "expected a lesson"),
        (["http://127.0.0.1:9", "--lesson", "2", "--users", "0"], "--users of at least 1"),
    ],
)
def test_a_misspelt_command_is_refused(options, problem):
    """One sentence says what is expected."""
    command = [sys.executable, "-m", "course_utils", "rehearse", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode in (1, 2)
    assert problem in done.stderr
