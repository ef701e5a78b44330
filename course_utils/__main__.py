"""The course's commands: `python -m course_utils <command>`; `--help` lists them.

Each is a module of `commands`, imported when it is asked for: `setup` and `doctor` run where no package is installed.
"""

import argparse
import importlib
import os
import sys
import warnings

from course_utils._errors import CourseError
from course_utils._isolation import restart_without_foreign
from course_utils._machine import address_space_problem
from course_utils._paths import ROOT, SOURCES, VENV, python_of
from course_utils._settings import mnist_urls, wanted_data

COMMANDS = {
    "setup": "make .venv and install the locked packages (at once when that is done)",
    "doctor": "look for what keeps the course from running, and say what to do",
    "data": "fetch MNIST when it is not there, and say where the data comes from",
    "lab": "open JupyterLab at your copy of lesson 1; further options go to JupyterLab",
    "workspace": "make or renew your own copies of lessons and exercises; what you changed is never overwritten",
    "run": "execute all lessons; leave build/run.json and the executed notebooks in build/notebooks/",
    "book": "make a site of lessons, exercises, solutions and glossary in build/book/, to read without a network",
    "notebooks": "execute lessons and solutions on MNIST and store them with their outputs; write the exercises",
    "measure": "execute lessons and solutions with five seeds and write data/spread.json",
    "weights": "train the networks whose weights ship in data/",
    "grade": "grade a class's notebooks by the same checks, each in a cage; write OUT/grades.csv and feedback",
    "address": "write the address of your copy, OWNER/REPO on GitHub, into all links",
}
EXTRAS = ("book", "browser", "cluster", "test")  # of pyproject.toml, with a lock each
OF_LESSONS = ("run", "notebooks", "measure", "weights")
WITHOUT_DATA = ("setup", "doctor", "workspace", "book", "address")  # the doctor reports the settings among the rest
ANYWHERE = ("doctor", "data")  # the other commands need the lessons, and these are in a checkout
NEEDS_CHECKOUT = (
    "this command needs the whole course. What to do: get a copy of its repository (git clone, or an unpacked "
    "archive), and run the command in there."
)


def build_parser():
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(prog="python -m course_utils", description="The commands of the course.")
    commands = parser.add_subparsers(dest="command", metavar="command", required=True)
    added = {name: commands.add_parser(name, help=text, description=text) for name, text in COMMANDS.items()}
    text = "also the packages of an extra; may be repeated"
    added["setup"].add_argument("--extra", action="append", default=[], choices=EXTRAS, help=text)
    text = "where it fails and the .venv of before works, warn and end with 0"
    added["setup"].add_argument("--keep-going", action="store_true", help=text)
    text = "also where the stored outputs belong to the code as it is"
    added["notebooks"].add_argument("--force", action="store_true", help=text)
    text = "instead, visit each address that the book names (needs a network)"
    added["book"].add_argument("--links", action="store_true", help=text)
    added["address"].add_argument("repository", metavar="OWNER/REPO")
    added["grade"].add_argument(
        "submissions", metavar="SUBMISSIONS", help="a folder or a zip, as platforms export them"
    )
    added["grade"].add_argument("-o", "--out", metavar="OUT", required=True, help="the folder to write to")
    added["grade"].add_argument("--questions", metavar="FOLDER", help="your own questions, in place of the course's")
    added["grade"].add_argument("--minutes", type=float, default=10.0, help="for each notebook (10)")
    added["grade"].add_argument("--uncaged", action="store_true", help="let students' code do whatever you may do here")
    for name in ("run", "measure", "grade"):
        added[name].add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler whose workers do it")
    numbers = sorted(path.name[:2] for path in SOURCES.glob("[0-9][0-9]_*.py"))
    added["workspace"].add_argument("folder", metavar="FOLDER", nargs="?", help="instead of workspace/ in the checkout")
    text = "start this lesson and its exercises anew, and keep yours under a dated name; may be repeated"
    added["workspace"].add_argument("--fresh", action="append", metavar="NN", choices=numbers, help=text)
    for name in OF_LESSONS:
        text = "only this lesson, for example 03; may be repeated"
        added[name].add_argument("--lesson", action="append", metavar="NN", choices=numbers, help=text)
    return parser


def main(arguments=None):
    """Parse the arguments and run; return an exit code (1: it failed, 2: not understood, 130: interrupted)."""
    parser = build_parser()
    options, options.further = parser.parse_known_args(arguments)
    if options.further and options.command != "lab":
        parser.error(f"unrecognized arguments: {' '.join(options.further)}")
    warnings.formatwarning = lambda message, *rest: f"{message}\n"  # a sentence, without the line of code behind it
    try:
        if options.command not in ANYWHERE and not (ROOT / "pyproject.toml").exists():
            raise CourseError(f"course_utils is installed in {ROOT}, without the lessons: {NEEDS_CHECKOUT}")
        if options.command not in WITHOUT_DATA:
            wanted_data()  # a misspelt setting is said before anything begins
            mnist_urls(())
        problem = address_space_problem() if options.command in OF_LESSONS else None
        if problem:
            raise CourseError("{}.\nWhat to do: {}.".format(*problem))
        return importlib.import_module(f"course_utils.commands.{options.command}").main(options)
    except BrokenPipeError:  # whoever reads, `head` for example, has what it wanted; Python would complain once more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        problem, code = "interrupted", 130
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("course_utils"):
            raise
        problem, code = _missing(error.name), 1
    except (CourseError, OSError) as error:
        problem, code = str(error), 1
    print(f"\n{options.command}: {problem}", file=sys.stderr)
    return code


def _missing(package):
    return (
        f"this Python ({sys.executable}) has no package {package!r}.\n"
        f"What to do: `python -m course_utils setup`, then {python_of(VENV).relative_to(ROOT)} or "
        "`make`; `python -m course_utils doctor` says more."
    )


if __name__ == "__main__":
    restart_without_foreign(sys.argv[1:])
    sys.exit(main())
