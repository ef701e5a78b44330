"""The course's commands: `python -m course_utils <command>`.

This module lists them by who uses them, and starts the one that is asked for. A command's arguments and its work are
in its own module of `commands`, which is imported only then: `setup` and `doctor` run where no package is installed.
"""

import argparse
import importlib
import os
import re
import shutil
import sys
import textwrap
import warnings
from importlib import metadata

from course_utils._errors import CourseError
from course_utils._isolation import restart_without_foreign
from course_utils._machine import address_space_problem
from course_utils._paths import ROOT, VENV, python_of
from course_utils._settings import mnist_urls, wanted_data
from course_utils._terminal import wrapped

READERS = {
    "for students": {
        "setup": "create .venv and install the packages; does nothing if that is done",
        "doctor": "look for what keeps the course from running, and say what to do",
        "data": "download MNIST if it is missing, and say where the data come from",
        "lab": "open JupyterLab at your copy of lesson 1",
        "workspace": "create or update your copies of the lessons; your changes stay",
    },
    "for instructors": {
        "run": "execute lessons and appendices without a browser, into build/",
        "book": "build the book, to read without a network, in build/book/",
        "grade": "grade a class's notebooks with the course's own checks",
        "rehearse": "have a class of simulated students work on your hub",
    },
    "for maintainers": {
        "notebooks": "execute lessons, solutions and appendices on MNIST, and store them",
        "measure": "execute lessons with five seeds, and write data/spread.json",
        "weights": "train the networks whose weights ship in data/",
        "address": "write your repository's address, OWNER/REPO, into all links",
    },
}
COMMANDS = {name: text for commands in READERS.values() for name, text in commands.items()}
# What is checked before a command's module is imported, and with it packages that may be missing or need memory
OF_LESSONS = ("run", "notebooks", "measure", "weights")  # they execute lessons, which need address space
WITHOUT_DATA = (
    "setup",
    "doctor",
    "workspace",
    "book",
    "address",
    "rehearse",
)  # the doctor reports the settings among the rest
ANYWHERE = ("doctor", "data")  # the other commands need the lessons, and these are in a checkout
NEEDS_CHECKOUT = (
    "this command needs the whole course. What to do: get a copy of its repository (git clone, or an unpacked "
    "archive), and run the command in there."
)


def main(arguments=None):
    """Run the command that the arguments ask for, or show the help.

    Returns an exit code: 1 when the command failed, 130 when it was interrupted. Raises SystemExit, with 2, where
    the arguments are not understood.
    """
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    parser = _overview()
    name = parser.parse_args(arguments[:1]).command
    if name is None:
        parser.print_help()
        return 0
    warnings.formatwarning = lambda message, *rest: f"{message}\n"  # a sentence, without the line of code behind it
    try:
        _check_before(name)
        command = importlib.import_module(f"course_utils.commands.{name}")
        return command.main(_parse(name, command, arguments[1:]))
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
    print(wrapped(f"\n{name}: {problem}", sys.stderr), file=sys.stderr)
    return code


def _overview():
    # The parser of what stands first: a command, or an option of none
    width = max(shutil.get_terminal_size().columns - 2, 40)
    lines = []
    for reader, commands in READERS.items():
        lines += ["", f"{reader}:"]
        for name, text in commands.items():
            lines += textwrap.wrap(f"  {name:<11}{text}", width, subsequent_indent=" " * 13)
    parser = argparse.ArgumentParser(
        prog="python -m course_utils",
        usage="%(prog)s [-h] [--version] <command> ...",
        description="The commands of the course. `<command> --help` shows a command's options.",
        epilog="\n".join(lines).lstrip("\n"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"course_utils {_version()}")
    parser.add_argument("command", nargs="?", choices=COMMANDS, help=argparse.SUPPRESS)
    return parser


def _version():
    try:
        text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    except OSError:  # installed without a checkout
        return metadata.version("course-utils")
    return re.search('^version = "(.+)"', text, re.MULTILINE).group(1)


def _check_before(name):
    if name not in ANYWHERE and not (ROOT / "pyproject.toml").exists():
        raise CourseError(f"course_utils is installed in {ROOT}, without the lessons: {NEEDS_CHECKOUT}")
    if name not in WITHOUT_DATA:
        wanted_data()  # a misspelt setting is said before anything begins
        mnist_urls(())
    problem = address_space_problem() if name in OF_LESSONS else None
    if problem:
        raise CourseError("{}.\nWhat to do: {}.".format(*problem))


def _parse(name, command, arguments):
    parser = argparse.ArgumentParser(prog=f"python -m course_utils {name}", description=f"{COMMANDS[name]}.")
    command.add_arguments(parser)
    options, options.further = parser.parse_known_args(arguments)
    if options.further and name != "lab":  # which hands them on to JupyterLab
        parser.error(f"unrecognized arguments: {' '.join(options.further)}")
    return options


def _missing(package):
    return (
        f"this Python ({sys.executable}) has no package {package!r}.\n"
        f"What to do: `python -m course_utils setup`, then {python_of(VENV).relative_to(ROOT)} or "
        "`make`; `python -m course_utils doctor` says more."
    )


if __name__ == "__main__":
    restart_without_foreign(sys.argv[1:])
    sys.exit(main())
