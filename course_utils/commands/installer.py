"""pip in an environment of the course: what it is at while it works, and what to do when it fails.

Standard library and syntax of Python 3.6, as setup.py says.
"""

import os
import subprocess
import sys
import time

from course_utils._paths import ROOT, python_of
from course_utils.commands import CommandError

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


def pip(venv, arguments, title):
    """Run pip in `venv` with a sign of life now and then; raise CommandError with its last lines when it fails."""
    # -I keeps PYTHONPATH and the user's own packages out of the decision what is installed already
    command = [str(python_of(venv)), "-I", "-u", "-m", "pip", *arguments, "--no-input", "--progress-bar", "off"]
    env = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_USER="0")
    with open(str(LOG), "wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=env, cwd=str(ROOT))
        code = _wait(process, venv, title)
    if code:
        text = LOG.read_text(errors="replace")
        last = "\n  ".join(text.splitlines()[-12:])
        tips = "; ".join(tip for words, tip in HINTS if any(word in text for word in words))
        raise CommandError(
            f"pip failed on the {title}. Its last lines (all of them are in {LOG}):\n  {last}\n"
            f"What to do: {tips or 'read the lines above'}; then repeat the command."
        )


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
