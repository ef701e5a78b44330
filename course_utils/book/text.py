"""Turn the repository's markdown into the book's: its links, its citations, the line below a title."""

import posixpath
import re
from pathlib import Path

from course_utils._paths import ROOT
from course_utils.notebooks import hosted
from course_utils.notebooks.sources import student_name

_CITATION = re.compile(
    r"(?P<said>[^\W\d_a-z][\w'-]+(?:\s+and\s+[^\W\d_a-z][\w'-]+|\s+et\s+al\.)?,?\s+\(?(?:\d{4}|undated)\)?)"
    r"<!--\s*cite:\s*(?P<key>\S+)\s*-->"
)
_ASIDE = re.compile(r"(?<=\n\n)(?=> (?P<predict>\*\*Predict first)?(?P<warning>\*\*(?:Warning|Careful))?)")
_LINK = re.compile(r"(?<!!)\[(?P<said>[^\]\[]*)\]\((?!\w+:|#)(?P<path>[^)\s#]+)(?P<anchor>#[^)\s]*)?\)")


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
        if page == page_of(origin) and not anchor:
            return match["said"]  # a page does not link to itself
        if page is None:
            return f"[{match['said']}]({source_address(target)}{anchor})" if hosted.has_address() else match["said"]
        suffix = posixpath.splitext(target)[1]
        return f"[{match['said']}]({posixpath.relpath(page, here or '.')}{suffix}{anchor})"

    def citation(match):
        address = posixpath.relpath("references.html", here or ".")
        return f'<a class="course-cite" href="{address}#cite-{match["key"]}">{match["said"]}</a>'

    if not hosted.has_address():
        repository = re.escape(hosted.project()["urls"]["Repository"])
        markdown = re.sub(rf"\[([^\]\[]*)\]\({repository}[^)]*\)", r"\1", markdown)
    markdown = _CITATION.sub(citation, _LINK.sub(link, markdown))
    markdown = _ASIDE.sub(_kind_of_aside, f"\n\n{markdown}").removeprefix("\n\n")
    markdown = re.sub(r'^<a id="([\w-]+)"></a>$', r"(\1)=", markdown, flags=re.MULTILINE)
    markdown = re.sub(r"<!--.*?-->", "", markdown, flags=re.DOTALL)
    markdown = re.sub(r"(?<=\s)-(?=ELBO)", "\N{MINUS SIGN}", markdown)  # a line may end behind a hyphen
    return re.sub(r"(?<=\d) %", "\N{NO-BREAK SPACE}%", markdown)


def _kind_of_aside(match):
    kind = "predict" if match["predict"] else "warning" if match["warning"] else "remark"
    return f"{{.course-aside .course-{kind}}}\n"


def source_address(path: str) -> str:
    """Return where GitHub shows a file or a folder of the repository."""
    kind = "tree" if (ROOT / path).is_dir() else "blob"
    return f"{hosted.project()['urls']['Repository']}/{kind}/{hosted.ref() or 'HEAD'}/{path}"


def buttons(origin: str, source: Path | None = None) -> str:
    """Return the links that stand below a page's title; `source` is that of a lesson or of exercises.

    None leads to the repository before it was told its address.
    """
    links = []
    if source is not None:
        name = student_name(source)
        up = posixpath.relpath(f"downloads/{name}.ipynb", posixpath.dirname(page_of(origin)))
        links = [f"{{download}}`Download your copy <{up}>`"]
    if hosted.has_address():
        if source is not None:
            binder, colab = hosted.links(name)
            links = [f"[Open on Binder]({binder})", f"[Open in Colab]({colab})", *links]
            origin = source.relative_to(ROOT).as_posix()
        links.append(f"[Source on GitHub]({source_address(origin)})")
    return "{.course-buttons}\n" + " ".join(links) if links else ""


def below_title(markdown: str, line: str) -> str:
    """Return markdown with a paragraph put behind its first heading."""
    title, _, rest = markdown.partition("\n")
    return f"{title}\n\n{line}\n{rest}"


def children(stem: str) -> str:
    """Return what puts the exercises and solutions of a lesson below it in the book's order."""
    return f"```{{toctree}}\n:hidden:\n../exercises/{stem}\n../solutions/{stem}\n```"
