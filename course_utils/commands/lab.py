"""`python -m course_utils lab`: open JupyterLab at lesson 1."""

import importlib.util
import os
import signal
import subprocess
import sys

from course_utils._paths import ROOT

FIRST_LESSON = "notebooks/01_toy_gaussians.ipynb"


def main(options) -> int:
    """Become JupyterLab, with the checkout in its file browser; further options are JupyterLab's own."""
    if importlib.util.find_spec("jupyterlab") is None:
        raise ModuleNotFoundError(name="jupyterlab")
    command = [sys.executable, "-m", "jupyterlab", f"--LabApp.default_url=/lab/tree/{FIRST_LESSON}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container one is root, and JupyterLab would refuse to start
        command.append("--allow-root")
    command += options.further
    os.chdir(str(ROOT))
    if os.name == "nt":  # its exec gives the terminal back at once
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches JupyterLab, too, which asks
        return subprocess.call(command)
    sys.stdout.flush()
    return os.execv(sys.executable, command)  # Ctrl-C is JupyterLab's, its question and its answer, too
