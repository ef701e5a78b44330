"""A student's own settings for Python and Keras, kept away from the course. Standard library, as `_paths`.

Keras and its settings: `keep_keras_own`, in every process that imports the course. PYTHONPATH and PYTHONHOME:
`restart_without_foreign`, in the process of a command, whose kernels and servers inherit its environment.
"""

import os
import sys

from course_utils._paths import PACKAGE, ROOT

KERAS_HOME = "COURSE_KERAS_HOME"  # holds the KERAS_HOME of the student, where MNIST may lie
PYTHONPATH = "COURSE_PYTHONPATH"  # holds the student's PYTHONPATH, for the doctor


def keep_keras_own():
    """Have Keras run on TensorFlow with the settings of `_keras/keras.json`, whatever the student's own are."""
    os.environ.setdefault(KERAS_HOME, os.environ.get("KERAS_HOME", ""))
    for name in [name for name in os.environ if name.startswith("KERAS_")]:
        del os.environ[name]
    os.environ.update(KERAS_BACKEND="tensorflow", KERAS_HOME=str(PACKAGE / "_keras"))


def students_keras_home():
    """Return the folder in which the student's own Keras keeps its settings and data."""
    return os.environ.get(KERAS_HOME) or os.path.join(os.path.expanduser("~"), ".keras")


def without_foreign(environment):
    """Return the environment without PYTHONHOME, and with no other folder than the course's own in PYTHONPATH."""
    kept = {name: value for name, value in environment.items() if name not in ("PYTHONHOME", "PYTHONPATH")}
    folders = environment.get("PYTHONPATH", "").split(os.pathsep)
    if any(folder and os.path.realpath(folder) == str(ROOT) for folder in folders):
        kept["PYTHONPATH"] = str(ROOT)
    return kept


def restart_without_foreign(arguments):
    """Begin the command anew where PYTHONPATH or PYTHONHOME lead to a Python or packages that are not the course's."""
    kept = without_foreign(os.environ)
    if all(os.environ.get(name, "") == kept.get(name, "") for name in ("PYTHONHOME", "PYTHONPATH")):
        return
    kept.setdefault(PYTHONPATH, os.environ.get("PYTHONPATH", ""))
    command = [sys.executable, "-m", "course_utils", *arguments]
    if os.name == "nt":  # its exec gives the terminal back at once
        import subprocess  # here: another Python's library, which PYTHONHOME names, may not have all that it needs

        sys.exit(subprocess.call(command, env=kept))
    os.execve(sys.executable, command, kept)
