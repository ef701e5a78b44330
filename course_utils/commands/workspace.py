"""`python -m course_utils workspace [FOLDER]`: make or renew a student's own copies of the notebooks."""

from pathlib import Path

from course_utils._paths import WORKSPACE
from course_utils.notebooks.copies import renew
from course_utils.notebooks.sources import lesson_key


def add_arguments(parser) -> None:
    """Declare what the command takes."""
    parser.add_argument("folder", metavar="FOLDER", nargs="?", help="instead of workspace/ in the checkout")
    text = "start a lesson and its exercises anew, for example 3; yours are kept under a dated name; may be repeated"
    parser.add_argument("--fresh", action="append", metavar="N", type=lesson_key, default=[], help=text)


def main(options) -> int:
    """Make what is missing, renew what is untouched; return 1 when a file was in the way and has been kept."""
    folder = Path(options.folder).expanduser().resolve() if options.folder else WORKSPACE
    return renew(folder, options.fresh)
