"""Markdown of the repository as markdown of the book: links, citations, what stands below a title."""

import posixpath
import re
from pathlib import Path

from course_utils._paths import ROOT
from course_utils.commands import hosted
from course_utils.commands.lessons import student_name

_CITATION = re.compile(
    r"(?P<said>[^\W\d_a-z][\w'-]+(?:\s+and\s+[^\W\d_a-z][\w'-]+|\s+et\s+al\.)?,?\s+\(?(?:\d{4}|undated)\)?)"
    r"<!--\s*cite:\s*(?P<key>\S+)\s*-->"
)
_LINK = re.compile(r"\]\((?!\w+:|#)(?P<path>[^)\s#]+)(?P<anchor>#[^)\s]*)?\)")


def page_of(path: str) -> str | None:
    """Return the page of a file of the repository, as in "lessons/01_toy_gaussians", or None where it has none."""
    name, suffix = posixpath.splitext(path)
    if suffix == ".ipynb" and name.startswith("notebooks/"):
        name = name.removeprefix("notebooks/")
        return name if "/" in name else f"lessons/{name}"
    return name.removeprefix("book/") if suffix == ".md" and name.startswith("book/") else None


def for_book(markdown: str, origin: str) -> str:
    """Return markdown with its links leading to pages, or to GitHub, and its citations to the references.

    `origin` is the file of the repository that it comes from. Comments, which are for tests, are left out.
    """
    here = posixpath.dirname(page_of(origin))

    def link(match):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(origin), match["path"]))
        page, anchor = page_of(target), match["anchor"] or ""
        if page is None:
            return f"]({source_address(target)}{anchor})"
        suffix = posixpath.splitext(target)[1]
        return f"]({posixpath.relpath(page, here or '.')}{suffix}{anchor})"

    def citation(match):
        address = posixpath.relpath("references.html", here or ".")
        return f'<a class="course-cite" href="{address}#cite-{match["key"]}">{match["said"]}</a>'

    markdown = _CITATION.sub(citation, _LINK.sub(link, markdown))
    markdown = re.sub(r'^<a id="([\w-]+)"></a>$', r"(\1)=", markdown, flags=re.MULTILINE)
    return re.sub(r"<!--.*?-->", "", markdown, flags=re.DOTALL)


def source_address(path: str) -> str:
    """Return where GitHub shows a file or a folder of the repository."""
    kind = "tree" if (ROOT / path).is_dir() else "blob"
    return f"{hosted.project()['urls']['Repository']}/{kind}/HEAD/{path}"


def buttons(origin: str, source: Path | None = None) -> str:
    """Return the links that stand below a page's title; `source` is that of a lesson or of exercises."""
    if source is None:
        return f"{{.course-buttons}}\n[Source on GitHub]({source_address(origin)})"
    name = student_name(source)
    binder, colab = hosted.links(name)
    up = posixpath.relpath(f"downloads/{name}.ipynb", posixpath.dirname(page_of(origin)))
    github = source_address(source.relative_to(ROOT).as_posix())
    return (
        f"{{.course-buttons}}\n[Open on Binder]({binder}) [Open in Colab]({colab}) "
        f"{{download}}`Download your copy <{up}>` [Source on GitHub]({github})"
    )


def below_title(markdown: str, line: str) -> str:
    """Return markdown with a paragraph put behind its first heading."""
    title, _, rest = markdown.partition("\n")
    return f"{title}\n\n{line}\n{rest}"


def children(stem: str) -> str:
    """Return what puts the exercises and solutions of a lesson below it in the book's order."""
    return f"```{{toctree}}\n:hidden:\n../exercises/{stem}\n../solutions/{stem}\n```"
