"""`python -m course_utils address OWNER/REPO`: write the repository's address wherever it stands."""

import re

from course_utils._errors import CourseError
from course_utils._files import write_text
from course_utils._paths import NOTEBOOKS, ROOT
from course_utils.notebooks.hosted import HOSTS, project

DOCUMENTS = ("pyproject.toml", "README.md", "CITATION.cff")


def add_arguments(parser) -> None:
    """Declare what the command takes."""
    parser.add_argument("repository", metavar="OWNER/REPO", help="as GitHub names it")


def main(options) -> int:
    """Replace the address there, in the documents, the book's pages and the notebooks; nothing is executed."""
    new, old = options.repository, project()["urls"]["Repository"].removeprefix(HOSTS[0])
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", new):
        raise CourseError(
            f"expected OWNER/REPO as in the repository's address, got {new!r}.\n"
            "What to do: give both names with a slash between them, without https:// and .git."
        )
    found = re.compile("({}){}".format("|".join(map(re.escape, HOSTS)), re.escape(old)) + r"(?![\w.-])")
    documents = [ROOT / name for name in DOCUMENTS] + sorted((ROOT / "book").rglob("*.md"))
    for path in documents + sorted(NOTEBOOKS.rglob("*.ipynb")):
        text = path.read_text(encoding="utf-8")
        changed, n_times = found.subn(lambda match: match[1] + new, text)
        if n_times:
            write_text(path, changed)
            print(f"{path.relative_to(ROOT)}: {n_times}")
    return 0
