"""`python -m course_utils lab`: open JupyterLab at lesson 1."""

import os
import subprocess
import sys

from course_utils._paths import ROOT

FIRST_LESSON = "notebooks/01_toy_gaussians.ipynb"


def main(options) -> int:
    """Become JupyterLab, with the checkout in its file browser; further options are JupyterLab's own."""
    env = dict({"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}, **os.environ)
    command = [sys.executable, "-m", "jupyterlab", f"--LabApp.default_url=/lab/tree/{FIRST_LESSON}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container one is root, and JupyterLab would refuse to start
        command.append("--allow-root")
    command += options.further
    os.chdir(str(ROOT))
    if os.name == "nt":  # has no exec that a terminal would wait for
        return subprocess.call(command, env=env)
    sys.stdout.flush()
    os.execve(sys.executable, command, env)  # Ctrl-C is JupyterLab's, its question and its answer, too
    return None  # never reached
