"""`python -m course_utils lab`: open JupyterLab at the student's copy of lesson 1."""

import importlib.util
import os
import signal
import subprocess
import sys

from course_utils._errors import CourseError
from course_utils._paths import NOTEBOOKS, ROOT, WORKSPACE

FIRST_LESSON = "01_toy_gaussians.ipynb"
SETTINGS = ROOT / ".jupyter"  # no question about news, whole file names; what users set themselves comes first


def add_arguments(parser) -> None:
    """Say in the help where other options go; `__main__` lets them pass."""
    parser.epilog = "Every other option goes to JupyterLab."


def main(options) -> int:
    """Become JupyterLab, with the checkout in its file browser; further options are JupyterLab's own."""
    if importlib.util.find_spec("jupyterlab") is None:
        raise ModuleNotFoundError(name="jupyterlab")
    command = [sys.executable, "-m", "jupyterlab", f"--LabApp.default_url=/lab/tree/{_first_lesson()}"]
    command.append("--ServerApp.kernel_spec_manager_class=course_utils.notebooks.kernels.CourseKernels")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container one is root, and JupyterLab would refuse to start
        command.append("--allow-root")
    command.append("--Application.log_level=ERROR")  # the address is printed all the same
    command += options.further
    before = os.environ.get("JUPYTER_CONFIG_PATH")
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join([*([before] if before else []), str(SETTINGS)])
    os.chdir(str(ROOT))
    print("Opening JupyterLab in your browser. To end it, press Ctrl-C here twice.\n", flush=True)
    if os.name == "nt":  # its exec gives the terminal back at once
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches JupyterLab, too, which asks
        return subprocess.call(command)
    sys.stdout.flush()
    return os.execv(sys.executable, command)  # Ctrl-C is JupyterLab's, its question and its answer, too


def _first_lesson():
    # The student's copy, made or renewed; where there can be none, in a checkout to read only, the stored lesson
    from course_utils.notebooks.copies import renew  # here: it needs packages, and JupyterLab is the first to miss

    try:
        renew(WORKSPACE)  # what it keeps it says, and that stops nobody
    except (CourseError, OSError) as error:
        print(f"{error}\n", file=sys.stderr)
    folder = WORKSPACE if (WORKSPACE / FIRST_LESSON).exists() else NOTEBOOKS
    return f"{folder.name}/{FIRST_LESSON}"
