"""The course's commands: `python -m course_utils <command>`; `--help` lists them.

Nothing is imported before it is needed: `setup` and `doctor` run where no package is installed.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from course_utils import _setup

ROOT = Path(__file__).resolve().parents[1]
FIRST_LESSON = "notebooks/01_toy_gaussians.ipynb"
COMMANDS = {
    "setup": "make .venv and install the locked packages (at once when that is done)",
    "doctor": "look for what keeps the course from running, and say what to do",
    "data": "fetch MNIST when it is not there, and say where the data comes from",
    "lab": "open JupyterLab at lesson 1; further options go to JupyterLab",
    "run": "execute all lessons; write build/run.json and build/html/",
    "notebooks": "execute lessons and exercises on MNIST and store the notebooks with their outputs",
    "measure": "execute lessons and exercises with five seeds and write data/spread.json",
    "weights": "train the networks whose weights ship in data/",
}
OF_LESSONS = {"run": "run", "notebooks": "build_notebooks", "measure": "measure", "weights": "make_weights"}


def build_parser():
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(prog="python -m course_utils", description="The commands of the course.")
    commands = parser.add_subparsers(dest="command", metavar="command")
    commands.required = True  # set here: Python 3.6 does not know it as an argument, and shall be told its age
    added = {name: commands.add_parser(name, help=text, description=text) for name, text in COMMANDS.items()}
    added["setup"].add_argument("--browser", action="store_true", help="also what the browser tests need")
    numbers = sorted(path.name[:2] for path in (ROOT / "notebooks" / "source").glob("[0-9][0-9]_*.py"))
    for name in OF_LESSONS:
        text = "only this lesson, for example 03; may be repeated"
        added[name].add_argument("--lesson", action="append", metavar="NN", choices=numbers, help=text)
    return parser


def describe_sources():
    """Return a dict for each place where data may come from; late, because packages may be missing."""
    from course_utils import datasets

    return datasets.describe_sources()


def doctor(options):
    """Print what was checked and what to do; return 0 when the course can run."""
    from course_utils import _doctor

    return _doctor.run(_setup.python_problem(), describe_sources)


def data(options):
    """Fetch MNIST when it is not there, and list the sources; return 0 when there is MNIST."""
    from course_utils import datasets

    rows = describe_sources()
    if not any(row["state"] == "valid" for row in rows):
        try:
            datasets.fetch_mnist()
        except datasets.DownloadError as error:
            print(f"{error}\n\nMeanwhile the lessons work on the embedded digits.\n")
        rows = describe_sources()
    for row in rows:
        size = f", {row['bytes'] / 1e6:.1f} MB" if row["bytes"] else ""
        print(f"{row['label']:<16} {row['state'] + size:<18} {row['where']}")
        if row["state"] in ("corrupt", "unreadable"):
            print(f"{'':<16} {row['detail']}")
    return 0 if any(row["state"] == "valid" for row in rows) else 1


def lab(options, further):
    """Open JupyterLab at lesson 1; return its exit code."""
    env = dict({"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}, **os.environ)
    command = [sys.executable, "-m", "jupyterlab", FIRST_LESSON, *further]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container one is root, and JupyterLab would refuse to start
        command.append("--allow-root")
    try:
        return subprocess.call(command, cwd=str(ROOT), env=env)
    except KeyboardInterrupt:  # Ctrl-C is how one leaves JupyterLab
        return 0


def dispatch(options, further):
    """Run the chosen command; return its exit code."""
    if options.command == "setup":
        return _setup.run(browser=options.browser)
    if options.command == "doctor":
        return doctor(options)
    if options.command == "data":
        return data(options)
    if options.command == "lab":
        return lab(options, further)
    from course_utils import _lessons

    return getattr(_lessons, OF_LESSONS[options.command])(options.lesson)


def main(arguments=None):
    """Parse the arguments and run; return an exit code (2: not understood)."""
    parser = build_parser()
    options, further = parser.parse_known_args(arguments)
    if further and options.command != "lab":
        parser.error("unrecognized arguments: {}".format(" ".join(further)))
    try:
        return dispatch(options, further)
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        return 130
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("course_utils"):
            raise
        print(
            f"This Python ({sys.executable}) has no package {error.name!r}.\n"
            f"What to do: `python -m course_utils setup`, then {_setup.VENV_PYTHON.relative_to(ROOT)} or "
            "`make`; `python -m course_utils doctor` says more.",
            file=sys.stderr,
        )
        return 1


if __name__ == "__main__":
    sys.exit(main())
