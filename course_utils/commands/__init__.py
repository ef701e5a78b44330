"""The tooling: a module for each command of `python -m course_utils`, with a `main`. No lesson imports it."""

from course_utils._errors import CourseError
from course_utils._paths import ROOT

WORKSPACE = ROOT / "workspace"  # the student's own copies; it mirrors notebooks/


class CommandError(CourseError):
    """A command cannot do what it is asked for: it ends with exit code 1."""


def write_text(path, text):
    """Write a text file that is whole or untouched; raise CommandError where it cannot be written."""
    from course_utils._files import whole_file  # here: the set-up imports this package on any Python

    try:
        with whole_file(path) as file:
            file.write(text.encode())
    except OSError as error:
        raise CommandError(
            f"{path} cannot be written: {error.strerror or error}.\n"
            f"What to do: free some disk space, or make {path.parent} a folder that you may write to."
        ) from error
