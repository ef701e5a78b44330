"""Run venv and pip: show how far they are, and say what to do when they fail."""

import os
import platform
import subprocess
import sys
import time

from course_utils._errors import CourseError
from course_utils._paths import ROOT, python_of

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
    print(f"Making .venv with Python {platform.python_version()} ({base}).", flush=True)
    command = [base, "-I", "-m", "venv", str(venv)]
    made = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, close_fds=False)
    if made.returncode:
        text = made.stdout.decode(errors="replace").strip()
        advice = (
            "on Debian or Ubuntu `sudo apt-get install python3-venv`; elsewhere install "
            "Python from https://www.python.org/downloads/"
        )
        raise CourseError(f"{base} -m venv failed:\n{text}\nWhat to do: {_tips(text) or advice}.")


def pip(venv, arguments, title):
    """Run pip in `venv` with a sign of life now and then; raise CourseError with its last lines when it fails."""
    # -I keeps PYTHONPATH and the user's own packages out of the decision what is installed already
    command = [str(python_of(venv)), "-I", "-u", "-m", "pip", *arguments, "--no-input", "--progress-bar", "off"]
    env = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_USER="0")
    with open(LOG, "wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=env, close_fds=False)
        code = _wait(process, venv, title)
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


def _wait(process, venv, title):
    # A first set-up takes minutes: say now and then what pip is at, so that it is seen to be alive.
    started, tty = time.monotonic(), sys.stdout.isatty()
    try:
        while True:
            try:
                return process.wait(timeout=1 if tty else 15)
            except subprocess.TimeoutExpired:
                last = _progress(LOG.read_text(errors="replace"), venv)
                text = f"  {title}: {time.monotonic() - started:3.0f} s  {last}"
                print("\r\033[K" + text[:78] if tty else text[:110], end="" if tty else "\n", flush=True)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        if tty:
            print("\r\033[K", end="", flush=True)


def _progress(text, venv):
    """Return what pip is at; while it installs it says nothing, so count what is in place."""
    lines = text.splitlines() or [""]
    lists = [line for line in lines if line.startswith("Installing collected packages:")]
    if not lists:
        return lines[-1].strip()
    places = ("lib/python3*/site-packages", "Lib/site-packages")
    done = {path.name for place in places for path in venv.glob(place + "/*.dist-info")}
    return f"installing {lists[-1].count(',') + 1} packages: {len(done)} in place"
