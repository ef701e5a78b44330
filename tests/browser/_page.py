"""A page of the book made of one notebook, by the book's own means: for tests that need few cells and no lesson."""

import shutil

import nbformat

from course_utils.book import widgets
from course_utils.book.pages import TEXTS
from course_utils.book.site import build

INDEX = "# Pages of a test\n\n```{toctree}\npage\n```\n"
FORMAT = {"display_name": "Python 3", "language": "python", "name": "python3"}


def page_of(notebook, folder):
    """Build a site of a notebook with its widgets' states in `folder`; return the file of its page."""
    source, site = folder / "source", folder / "site"
    shutil.copytree(TEXTS, source, ignore=lambda _, names: [name for name in names if name.endswith((".md", ".npz"))])
    shutil.rmtree(source / "instructor")
    widgets.mount(notebook, source / "_static" / "widgets")
    notebook.metadata.setdefault("kernelspec", FORMAT)
    if not notebook.cells or notebook.cells[0].cell_type != "markdown":
        notebook.cells.insert(0, nbformat.v4.new_markdown_cell("# A page"))
    (source / "index.md").write_text(INDEX, "utf-8")
    nbformat.write(notebook, source / "page.ipynb")
    assert build(source, site) == 0
    return site / "page.html"
