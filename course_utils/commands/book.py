"""`python -m course_utils book`: make a site of all notebooks and of the pages of the folder book/, in build/book.

Sphinx reads a folder of its own, build/book-source, in which `course_utils.book` has laid out each page.
"""

import importlib.util
import shutil

from course_utils._errors import CourseError
from course_utils._paths import BUILD
from course_utils.book.pages import write_pages
from course_utils.book.site import build
from course_utils.notebooks.progress import waiting

SOURCE, SITE = BUILD / "book-source", BUILD / "book"


def add_arguments(parser) -> None:
    """Declare what the command takes."""
    text = "instead, visit each address that the book names (needs a network)"
    parser.add_argument("--links", action="store_true", help=text)


def main(options) -> int:
    """Build the site, or with `--links` visit each address that it names; return an exit code."""
    if importlib.util.find_spec("sphinx") is None:
        raise CourseError(
            "the book's packages are missing.\nWhat to do: `make book`, or `python -m course_utils setup --extra book`."
        )
    shutil.rmtree(SOURCE, ignore_errors=True)
    if options.links:
        write_pages(SOURCE)
        return build(SOURCE, BUILD / "links", "linkcheck")
    new = BUILD / "book-new"
    with waiting("Building the book from the executed notebooks. This takes a minute or two."):
        write_pages(SOURCE)
        failed = build(SOURCE, new)
    if failed:
        raise CourseError(
            "Sphinx warned of what is written above, so build/book was not replaced.\nWhat to do: mend that."
        )
    shutil.rmtree(SITE, ignore_errors=True)
    new.rename(SITE)
    print(f"The book is ready. Open it in your browser:\n{SITE / 'index.html'}")
    return 0
