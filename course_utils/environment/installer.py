"""Run venv and pip: show how far they are, and say what to do when they fail."""

import os
import platform
import re
import subprocess
import sys
import time

from course_utils._errors import CourseError
from course_utils._paths import ROOT, python_of
from course_utils.environment.lock import read_lock

_COLLECTS = ("Collecting ", "Processing ", "Requirement already satisfied: ")
_INSTALLS = "Installing collected packages: "
LOG = ROOT / ".venv-setup.log"  # not in .venv, which a failed set-up takes away
HINTS = (  # words in pip's output, what to do about them
    (("No space left", "Errno 28"), "free some disk space"),
    (
        ("do not match the hashes", "THESE PACKAGES DO NOT MATCH"),
        "a download was damaged or altered on the way: try again, and if it stays, try another network",
    ),
    (
        ("Connection", "timed out", "resolve", "Proxy", "SSL", "No matching distribution"),
        "check the network (a proxy? a class network that blocks downloads?)",
    ),
    (("Permission denied", "Errno 13"), "check that you may write here, and close programs that use .venv"),
)


def make_venv(venv):
    """Make an environment with pip in the folder `venv`, which may be there."""
    base = getattr(sys, "_base_executable", None) or sys.executable  # this may be the .venv that is replaced
    print(f"Making .venv with Python {platform.python_version()}\n({base}).", flush=True)
    command = [base, "-I", "-m", "venv", str(venv)]
    made = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, close_fds=False)
    if made.returncode:
        text = made.stdout.decode(errors="replace").strip()
        advice = (
            "on Debian or Ubuntu `sudo apt-get install python3-venv`; elsewhere install "
            "Python from https://www.python.org/downloads/"
        )
        raise CourseError(f"{base} -m venv failed:\n{text}\nWhat to do: {_tips(text) or advice}.")


def install(venv, lock, title):
    """Install the packages of a lock into `venv`, as `pip` does."""
    pip(venv, ["install", "-r", str(lock)], title, len(read_lock(lock.read_text())))


def pip(venv, arguments, title, n_packages=0):
    """Run pip in `venv` and show that it is alive; raise CourseError with its last lines when it fails.

    n_packages is how many its lock names, those for other systems included.
    """
    # -I keeps PYTHONPATH and the user's own packages out of the decision what is installed already
    command = [str(python_of(venv)), "-I", "-u", "-m", "pip", *arguments, "--no-input", "--progress-bar", "off"]
    env = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_USER="0")
    with open(LOG, "wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=env, close_fds=False)
        code = _wait(process, venv, title, n_packages)
    if code:
        text = LOG.read_text(errors="replace")
        lines = text.splitlines()
        # Before these, pip tells of each of its tries, and of each package that is not for this system
        last = "\n  ".join([line for line in lines if line.startswith("ERROR")][-3:] or lines[-8:])
        raise CourseError(
            f"pip failed on the {title} (all that it said is in {LOG}):\n  {last}\n"
            f"What to do: {_tips(text) or 'read the lines above'}; then repeat the command."
        )


def _tips(text):
    return "; ".join(tip for words, tip in HINTS if any(word in text for word in words))


def _wait(process, venv, title, n_packages):
    # A first set-up takes minutes: a line that moves shows that it is alive. In a log there is one every 15 seconds.
    started, tty = time.monotonic(), sys.stdout.isatty()
    try:
        while True:
            try:
                return process.wait(timeout=1 if tty else 15)
            except subprocess.TimeoutExpired:
                seconds = time.monotonic() - started
                state, share = _progress(LOG.read_text(errors="replace"), venv, n_packages)
                text = f"  {int(seconds) // 60}:{int(seconds) % 60:02}  {title}{state}"
                if share > 0.2:  # before that, a guess is worth nothing
                    text += f", about {max(1, round(seconds * (1 / share - 1) / 60))} min left"
                print("\r\033[K" + text[:79] if tty else text, end="" if tty else "\n", flush=True)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        if tty:
            print("\r\033[K", end="", flush=True)


def _progress(text, venv, n_packages):
    """Return what pip is doing, and the share that is done: it collects all packages and then installs them.

    While it installs, pip says nothing, so the packages that are in place are counted.
    """
    lines = text.splitlines()
    n_packages -= sum(line.startswith("Ignoring ") for line in lines)  # those for other systems, named first
    lists = [line for line in lines if line.startswith(_INSTALLS)]
    if not lists:
        n = sum(line.startswith(_COLLECTS) for line in lines)
        return (f": {n} of {n_packages} collected", n / n_packages / 2) if 0 < n <= n_packages else ("", 0.0)
    wanted = {_normal(name) for name in lists[-1][len(_INSTALLS) :].split(",")}
    places = ("lib/python3*/site-packages", "Lib/site-packages")
    names = {_normal(path.name.split("-")[0]) for place in places for path in venv.glob(place + "/*.dist-info")}
    n = len(wanted & names)
    return f": {n} of {len(wanted)} installed", (1 + n / len(wanted)) / 2


def _normal(name):
    return re.sub("[-_.]+", "-", name.strip()).lower()
