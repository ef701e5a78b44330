"""`python -m course_utils address OWNER/REPO`: write the repository's address, and a tag, wherever they stand."""

import re

from course_utils._errors import CourseError
from course_utils._files import write_text
from course_utils._paths import NOTEBOOKS, ROOT
from course_utils.notebooks import hosted

DOCUMENTS = ("pyproject.toml", "README.md", "CITATION.cff")


def add_arguments(parser) -> None:
    """Declare what the command takes."""
    parser.add_argument("repository", metavar="OWNER/REPO", help="as GitHub names it")
    text = "a tag to pin the links to, for a term; without it they follow the course (a hub's link always does)"
    parser.add_argument("--ref", metavar="TAG", default="", help=text)


def main(options) -> int:
    """Replace both there, in the documents, the book's pages and the notebooks; nothing is executed."""
    new, old = (options.repository, options.ref), (hosted.repository(), hosted.ref())
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", options.repository):
        raise CourseError(
            f"expected OWNER/REPO as in the repository's address, got {options.repository!r}.\n"
            "What to do: give both names with a slash between them, without https:// and .git."
        )
    if not re.fullmatch(r"[\w.-]*", options.ref):
        raise CourseError(f"expected a tag such as v1, got {options.ref!r}.\nWhat to do: name it without a slash.")
    replaced = dict(zip(hosted.beginnings(*old), hosted.beginnings(*new), strict=True))
    replaced[hosted.GITHUB + old[0]] = hosted.GITHUB + new[0]
    replaced[f'ref = "{old[1]}"'] = f'ref = "{new[1]}"'
    longest_first = sorted(map(re.escape, replaced), key=len, reverse=True)
    found = re.compile(f"({'|'.join(longest_first)})" + r"(?![\w.-])")
    documents = [ROOT / name for name in DOCUMENTS] + sorted((ROOT / "book").rglob("*.md"))
    for path in documents + sorted(NOTEBOOKS.rglob("*.ipynb")):
        text = path.read_text(encoding="utf-8")
        changed, n_times = found.subn(lambda match: replaced[match[0]], text)
        if n_times:
            write_text(path, changed)
            print(f"{path.relative_to(ROOT)}: {n_times}")
    print(f"\nThe link for the students of a hub:\n{hosted.pull_link('https://HUB')}")
    return 0
