"""One address: pyproject.toml knows it, `address` writes it everywhere."""

import re
import shutil

import nbformat
import pytest
from _course import ROOT, Course

from course_utils.commands.address import DOCUMENTS
from course_utils.notebooks.hosted import beginnings, pull_link, repository
from course_utils.notebooks.provenance import code_sha256

# In links to Binder and Colab, where pip installs from, where the repository is said to be, where errors are reported
OURS = re.compile(
    r"(?:mybinder\.org/v2/gh|colab\.research\.google\.com/github|git\+https://github\.com)/([\w.-]+/[\w.-]+)"
    r'|(?:^repository-code: "|^Repository = "|\burl += \{|\[issues\]\()https://github\.com/([\w.-]+/[\w.-]+)',
    re.MULTILINE,
)


def addresses(folder):
    """Return {OWNER/REPO: the files that name it} below a folder."""
    found = {}
    files = [folder / name for name in DOCUMENTS] + sorted((folder / "book").rglob("*.md"))
    for path in files + sorted((folder / "notebooks").rglob("*.ipynb")):
        for match in OURS.finditer(path.read_text(encoding="utf-8")):
            found.setdefault(match[1] or match[2], []).append(path.name)
    return found


@pytest.mark.check
def test_the_address_is_the_same_everywhere():
    """Documents and notebooks name the one of pyproject.toml."""
    here = addresses(ROOT)
    assert list(here) == [repository()]
    pages = {"cite.md", "report.md", "servers.md"}
    files = {"README.md", "CITATION.cff", "pyproject.toml", "03_autoencoder.ipynb"} | pages
    assert files <= set(*here.values())
    assert pull_link("https://HUB") in (ROOT / "book" / "instructor" / "servers.md").read_text()


@pytest.fixture
def course(tmp_path):
    """Return a small course with the documents, the book's pages and one notebook of the real one."""
    course = Course(tmp_path)
    for name in (*DOCUMENTS, "notebooks/01_toy_gaussians.ipynb"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "book", tmp_path / "book")
    return course


def test_address_is_written_everywhere(course):
    """Twice: from the placeholder to a name, and from there to another; outputs still belong to the code."""
    for name in ("some-one/the.course", "other/the.course-2"):
        done = course.run("address", name)
        assert done.returncode == 0, done.stderr
        assert list(addresses(course.folder)) == [name]
        notebook = nbformat.read(course.folder / "notebooks" / "01_toy_gaussians.ipynb", as_version=4)
        nbformat.validate(notebook)
        assert notebook.metadata["course"]["code_sha256"] == code_sha256(notebook)


def test_a_tag_is_written_into_all_links_but_the_hubs(course):
    """To a tag, to another, and back: what begins a link is there as it should be, and never as it was."""
    page = course.folder / "book" / "instructor" / "servers.md"
    first = course.folder / "notebooks" / "01_toy_gaussians.ipynb"
    places = [course.folder / "README.md", course.folder / "README.md", first, page]  # of Binder, Colab, pip, a hub
    was = ("OWNER/REPO", "")
    for now in (("me/mine", "v1"), ("me/mine", "v2"), ("me/mine", "")):
        done = course.run("address", now[0], *(["--ref", now[1]] if now[1] else []))
        assert done.returncode == 0, done.stderr
        for old, new, path in zip(beginnings(*was), beginnings(*now), places, strict=True):
            text = path.read_text()
            assert new in text
            assert new in old or new == old or not re.search(re.escape(old) + r"(?![\w.@-])", text)
        assert f'ref = "{now[1]}"' in (course.folder / "pyproject.toml").read_text()
        assert "git-pull?repo=https%3A%2F%2Fgithub.com%2Fme%2Fmine&branch=student&" in done.stdout
        was = now


@pytest.mark.parametrize("wrong", ["me", "https://github.com/me/mine", "me/mine/", "me mine"])
def test_what_is_no_address_is_refused(course, wrong):
    """One sentence, and nothing is written."""
    before = addresses(course.folder)
    done = course.run("address", wrong)
    assert done.returncode == 1
    assert "expected OWNER/REPO as in the repository's address" in done.stderr
    assert addresses(course.folder) == before
