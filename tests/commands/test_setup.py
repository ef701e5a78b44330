"""`python -m course_utils setup`, as a newcomer runs it, with a real pip and a small lock: whatever fails on the way,
the previous environment stays.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from _checkout import NOBODY, as_user, copy_checkout, environment, pin, python_for_nobody, write_setuptools, write_slow
from _checkout import write_wheel as wheel

from course_utils._errors import CourseError
from course_utils.commands import setup as set_up

pytestmark = pytest.mark.skipif(os.name == "nt", reason="starts and signals process groups")
NOT_FOUND = f"tiny==9 --hash=sha256:{'0' * 64}\n"
STAMP = ".venv/.course-setup"


class Checkout:
    """A checkout whose lock holds setuptools, which builds course_utils, and a package `tiny`."""

    def __init__(self, folder, python=sys.executable):
        self.folder, self.python = copy_checkout(folder), python
        self.wheels = folder / "wheels"
        self.wheels.mkdir()
        self.setuptools = write_setuptools(self.wheels)
        self.tiny = {
            version: wheel(self.wheels, "tiny", version, {"tiny.py": f"def main():\n    print({version!r})\n"})
            for version in ("1.0", "2.0")
        }
        self.slow = write_slow(self.wheels)
        self.begun, self.go_on = folder / "begun", folder / "go-on"
        self.lock(self.tiny["1.0"])

    def lock(self, *wheels, more=""):
        """Write the lock anew."""
        (self.folder / "requirements.txt").write_text("".join(map(pin, (self.setuptools, *wheels))) + more)

    def env(self):
        """Return the environment in which pip finds the wheels and no network."""
        pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels), "PIP_NO_CACHE_DIR": "1"}
        return environment(**pip, BEGUN=str(self.begun), GO_ON=str(self.go_on), HOME=str(self.folder))

    def options(self, **more):
        """Return what every process here is started with."""
        pipe = subprocess.PIPE
        return {"cwd": self.folder, "env": self.env(), "stdout": pipe, "stderr": pipe, "text": True} | more

    def run(self, *command, **options):
        """Run a command to its end; no traceback of ours may be in what it says."""
        done = subprocess.run(command, timeout=120, **self.options(**options))
        assert "course_utils/" not in done.stderr, done.stderr
        return done

    def setup(self, *arguments, **options):
        """Run the set-up to its end."""
        return self.run(self.python, "-m", "course_utils", "setup", *arguments, **options)

    @contextlib.contextmanager
    def slow_setup(self, **more):
        """Start the set-up of a package that is slow to build; give the process as soon as pip is at it."""
        self.lock(self.tiny["2.0"], self.slow)
        command = [self.python, "-m", "course_utils", "setup"]
        # Tests that were started in the background ignore Ctrl-C, and so would what they start
        options = self.options(**more) | {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
        with subprocess.Popen(command, start_new_session=True, **options) as process:
            try:
                until(lambda: self.begun.exists() or process.poll() is not None)
                assert process.poll() is None, process.communicate()
                yield process
            finally:
                self.go_on.touch()
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)

    def installed(self):
        """Return the version of `tiny` in `.venv`, where the command, pip and course_utils of this folder work."""
        where = "import course_utils, pip; print(list(course_utils.__path__))"
        found = self.run(".venv/bin/python", "-I", "-c", where, cwd=self.folder).stdout
        assert found.strip() == str([str(self.folder / "course_utils")])
        return self.run(".venv/bin/tiny").stdout.strip()

    def left(self):
        """Return which folders of environments there are."""
        return sorted(path.name for path in self.folder.glob(".venv*") if path.is_dir())


def until(condition, seconds=60):
    """Wait for a condition."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """Return a checkout that is set up once."""
    checkout = Checkout(tmp_path_factory.mktemp("checkout"))
    done = checkout.setup()
    assert done.returncode == 0, done.stderr
    assert "Set up in" in done.stdout
    assert "Next: `make lab`" in done.stdout.splitlines()[-2]
    assert max(map(len, done.stdout.replace(str(checkout.python), "").splitlines())) < 80
    return checkout


@pytest.fixture
def ready(shared):
    """Return the checkout that is set up, whatever the test before has left."""
    for path in (shared.begun, shared.go_on):
        path.unlink(missing_ok=True)
    shared.lock(shared.tiny["1.0"])
    done = shared.setup()
    assert done.returncode == 0, done.stderr
    return shared


def test_a_second_set_up_has_nothing_to_do(ready):
    """Neither pip nor a new environment is started, and nothing is said."""
    made = (ready.folder / ".venv").stat().st_mtime_ns
    done = ready.setup("--keep-going")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (ready.folder / ".venv").stat().st_mtime_ns == made
    assert ready.installed() == "1.0"


@pytest.mark.skipif(not shutil.which("make"), reason="no make here")
def test_what_pip_cannot_install_leaves_the_environment_as_it_was(ready):
    """Also twice in a row: the second time as the first step of another command, which warns and goes on."""
    ready.lock(more=NOT_FOUND)
    done = ready.setup()
    assert done.returncode == 1
    assert "No matching distribution found for tiny==9" in done.stderr
    assert "What to do: check the network" in done.stderr
    assert "The previous .venv still works" in done.stderr
    assert ready.installed() == "1.0"
    done = ready.run("make", "environment")
    assert done.returncode == 0, done.stderr
    assert "No matching distribution" in done.stderr
    assert "Continuing with the previous .venv" in done.stderr
    assert ready.installed() == "1.0"
    assert ready.left() == [".venv"]


def test_a_missing_lock_leaves_the_environment_as_it_was(ready):
    """A checkout that is not whole is said, and does not keep a lesson from running."""
    (ready.folder / "requirements.txt").unlink()
    assert ready.setup().returncode == 1
    done = ready.setup("--keep-going")
    assert done.returncode == 0
    assert "requirements.txt" in done.stderr
    assert ready.installed() == "1.0"


@pytest.mark.skipif(not shutil.which("make"), reason="no make here")
def test_a_killed_set_up_is_undone_by_the_next_command(ready):
    """After SIGKILL for pip and all the previous environment is restored, whichever Python comes first."""
    with ready.slow_setup() as process:
        os.killpg(process.pid, signal.SIGKILL)
    assert ready.left() == [".venv", ".venv-before"]
    ready.lock(ready.tiny["1.0"])
    done = ready.run("make", "environment")
    assert done.returncode == 0
    assert "the previous .venv is restored" in done.stdout
    assert ready.installed() == "1.0"
    assert ready.left() == [".venv"]


def test_the_next_set_up_waits_for_the_pip_of_a_killed_one(ready):
    """Where only the set-up itself was killed, pip goes on: it must not do so in the previous environment."""
    with ready.slow_setup() as process:
        process.kill()
        process.wait()
        ready.lock(ready.tiny["1.0"])
        command = [ready.python, "-m", "course_utils", "setup"]
        with subprocess.Popen(command, **ready.options()) as second:
            assert second.stdout.readline().startswith("Waiting for another set-up")
            ready.go_on.touch()
            assert "the previous .venv is restored" in second.communicate(timeout=60)[0]
        assert second.returncode == 0
    assert ready.installed() == "1.0"


def test_ctrl_c_brings_the_environment_back_at_once(ready):
    """The exit code is that of an interruption, and no traceback is printed."""
    with ready.slow_setup() as process:
        os.killpg(process.pid, signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.strip() == "setup: interrupted"
    assert ready.left() == [".venv"]
    assert ready.installed() == "1.0"


def test_the_browsers_packages_leave_the_rest_alone(ready):
    """Where they cannot be installed that is an error, and nothing else notices; later they come on top."""
    lock = ready.folder / "requirements-browser.txt"
    lock.write_text(NOT_FOUND)
    done = ready.setup("--extra", "browser")
    assert done.returncode == 1
    assert "pip failed on the browser's packages" in done.stderr
    assert ready.installed() == "1.0"
    done = ready.setup("--keep-going")
    assert (done.returncode, done.stdout) == (0, "")

    lock.write_text(pin(wheel(ready.wheels, "extra", "1.0", {"extra.py": "def main():\n    print('extra')\n"})))
    assert ready.setup("--extra", "browser").returncode == 0
    assert ready.run(".venv/bin/extra").stdout.strip() == "extra"
    assert ready.installed() == "1.0"
    assert ready.setup("--extra", "browser").stdout == ""


def test_an_environment_that_does_not_start_is_made_anew(ready):
    """A stamp alone is no environment: the system's Python may have been removed."""
    (ready.folder / ".venv" / "bin" / "python").unlink()
    assert ready.setup().returncode == 0
    assert ready.installed() == "1.0"
    assert ready.left() == [".venv"]


def test_in_a_terminal_a_line_counts_the_packages(ready):
    """While pip is at work it says how many are collected, of all that the lock names for this system."""
    terminal, inside = os.openpty()
    with ready.slow_setup(stdout=inside, stderr=inside):
        os.close(inside)
        printed = b""
        while not re.search(rb"\r\x1b\[K  0:\d\d  packages: (\d) of \1 collected, about 1 min left", printed):
            printed += os.read(terminal, 4096)
    os.close(terminal)


def test_two_set_ups_at_once_wait_for_one_another(ready):
    """The second one finds that all is done: an environment of the new lock, and nothing left of the old one."""
    marker = ready.folder / ".venv" / "marker"
    marker.touch()
    command = [ready.python, "-m", "course_utils", "setup"]
    with ready.slow_setup() as first, subprocess.Popen(command, **ready.options()) as second:
        waiting = second.stdout.readline()
        ready.go_on.touch()
        assert "Set up in" in first.communicate(timeout=60)[0]
        rest, errors = second.communicate(timeout=60)
    assert waiting.startswith("Waiting for another set-up")
    assert (first.returncode, second.returncode, errors) == (0, 0, "")
    assert rest.startswith("The course is set up in .venv. Next: `make lab`")
    assert ready.installed() == "2.0"
    assert ready.left() == [".venv"]
    assert not marker.exists()


def test_a_first_set_up_that_was_killed_starts_again_and_a_moved_folder_is_set_up_anew(tmp_path):
    """Its scripts then name the new place; where that fails, nothing goes on with the package of the old place."""
    (tmp_path / "old").mkdir()
    checkout = Checkout(tmp_path / "old")
    with checkout.slow_setup() as process:
        os.killpg(process.pid, signal.SIGKILL)
    assert checkout.left() == [".venv"]
    checkout.lock(checkout.tiny["1.0"])
    assert checkout.setup("--keep-going").returncode == 0
    assert checkout.installed() == "1.0"

    (tmp_path / "old").rename(tmp_path / "new")
    checkout.folder, checkout.wheels = tmp_path / "new", tmp_path / "new" / "wheels"
    lock = checkout.folder / "requirements.txt"
    lock.rename(tmp_path / lock.name)
    assert checkout.setup("--keep-going").returncode == 1
    (tmp_path / lock.name).rename(lock)
    assert checkout.setup().returncode == 0
    assert checkout.installed() == "1.0"
    assert (checkout.folder / ".venv/bin/tiny").read_text().startswith(f"#!{checkout.folder}/.venv/bin/python")


def test_a_disk_that_is_too_small_is_said_first(monkeypatch):
    """Before anything is downloaded; an update needs room for both environments, and says so."""
    monkeypatch.setattr(set_up, "GB_NEEDED", 1e9)
    with pytest.raises(CourseError, match=r"(?s)expected 1000000000.0 GB of free disk.*What to do"):
        set_up._check_disk()
    monkeypatch.setattr(set_up, "GB_NEEDED", 0.0)
    set_up._check_disk()


@pytest.fixture
def disk(tmp_path):
    """Return a folder that is a disk of its own, and how to give it other limits."""
    disk = tmp_path / "disk"
    disk.mkdir()

    def mount(options):
        return subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", disk], capture_output=True).returncode

    if mount("size=8m"):
        pytest.skip("this user may not mount a disk")
    yield disk, lambda options: mount(f"remount,{options}")
    subprocess.run(["umount", "-l", disk], check=True)


def test_a_small_disk_is_refused_and_nothing_is_changed(disk):
    """A set-up that could not come to its end does not begin."""
    folder, _ = disk
    checkout = Checkout(folder)
    done = checkout.setup()
    assert done.returncode == 1
    assert f"expected 4.0 GB of free disk in {folder}; got 0.0 GB" in done.stderr
    assert checkout.left() == []
    (folder / ".venv").mkdir()
    (folder / STAMP).write_text("of another version")
    done = checkout.setup()
    assert f"in {folder} beside the previous .venv, which is kept until the new one is ready; got" in done.stderr
    assert (folder / STAMP).read_text() == "of another version"


def test_a_disk_that_is_full_in_the_middle_leaves_the_environment_as_it_was(disk):
    """Here the disk has room for few files more: pip stops in the middle of a package with 3000."""
    folder, limit = disk
    limit("size=6g,nr_inodes=100k")
    checkout = Checkout(folder)
    assert checkout.setup().returncode == 0
    many = wheel(checkout.wheels, "many", "1.0", {f"many/{number}.txt": "" for number in range(3000)})
    checkout.lock(checkout.tiny["2.0"], many)
    used = os.statvfs(folder)
    of_an_environment = sum(1 for _ in (folder / ".venv").rglob("*"))
    limit(f"nr_inodes={used.f_files - used.f_ffree + of_an_environment + 500}")
    done = checkout.setup()
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "What to do: free some disk space" in done.stderr
    assert checkout.installed() == "1.0"
    assert checkout.left() == [".venv"]


def test_an_environment_of_other_making_is_left_alone(tmp_path):
    """What has no stamp, or is a link to elsewhere, is not removed."""
    checkout = Checkout(tmp_path)
    venv = tmp_path / ".venv"
    venv.mkdir()
    (venv / "mine").touch()
    done = checkout.setup("--keep-going")
    assert done.returncode == 1
    assert f"{venv} was not made by the course's set-up" in done.stderr
    assert (venv / "mine").exists()

    venv.rename(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / ".course-setup").write_text("of another version")
    venv.symlink_to("elsewhere")
    assert "was not made by the course's set-up" in checkout.setup().stderr
    assert (tmp_path / "elsewhere" / "mine").exists()


@pytest.fixture(scope="module")
def foreign():
    """Return a checkout that is set up and belongs to another user than `as_nobody`, who may read it."""
    python = python_for_nobody()
    if python is None or not shutil.which("make"):
        pytest.skip("this user cannot start a Python as another one")
    with tempfile.TemporaryDirectory() as name:  # not below pytest's folder, which others may not enter
        Path(name).chmod(0o755)
        checkout = Checkout(Path(name).resolve(), python)
        done = checkout.setup()
        assert done.returncode == 0, done.stderr
        yield checkout


AS_NOBODY = as_user(NOBODY)


def test_another_users_environment_that_is_up_to_date_is_used(foreign):
    """A read-only checkout is all that a student needs, where its owner has set it up."""
    done = foreign.setup(**AS_NOBODY)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("The course is set up in .venv.")
    done = foreign.run("make", "environment", **AS_NOBODY)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("mode", "mode_of_bin", "words", "works"),
    [
        (0o755, 0o755, "you may not write to {folder}, and its .venv is unfinished, or of another version", True),
        (0o755, 0o700, "you may not write to {folder}, and the Python of its .venv cannot be started by you", False),
        (0o777, 0o755, "{folder}/.venv belongs to another user (number 0), and its .venv is unfinished, or", True),
        (0o777, 0o700, "{folder}/.venv belongs to another user (number 0), and the Python of its .venv cannot", False),
    ],
    ids=["read-only", "read-only, does not start", "writable", "writable, does not start"],
)
def test_what_belongs_to_another_user_is_said_and_left_alone(foreign, mode, mode_of_bin, words, works):
    """Each reason has its words; where the environment still works, other commands go on with it."""
    try:
        foreign.folder.chmod(mode)
        (foreign.folder / ".venv/bin").chmod(mode_of_bin)
        foreign.lock(foreign.tiny["2.0"])
        done = foreign.setup(**AS_NOBODY)
        assert done.returncode == 1
        assert words.format(folder=foreign.folder) in done.stderr
        assert foreign.setup("--keep-going", **AS_NOBODY).returncode == (0 if works else 1)
        assert foreign.installed() == "1.0"
        assert foreign.left() == [".venv"]
    finally:
        foreign.folder.chmod(0o755)
        (foreign.folder / ".venv/bin").chmod(0o755)
        foreign.lock(foreign.tiny["1.0"])
