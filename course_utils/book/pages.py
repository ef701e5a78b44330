"""The pages of the book as Sphinx reads them: lessons, exercises, solutions as notebooks, and the texts of book/."""

import shutil
from pathlib import Path

import nbformat
from ipywidgets.embed import embed_data

from course_utils._paths import BUILD, ROOT
from course_utils.book import cells, small_net, text, widgets
from course_utils.notebooks import hosted
from course_utils.notebooks.copies import handout
from course_utils.notebooks.provenance import take_over_outputs
from course_utils.notebooks.sources import (
    appendix_paths,
    exercise_paths,
    lesson_paths,
    name_of,
    read_lesson,
    read_unsolved,
    stored_path,
    student_name,
)
from course_utils.widgets.playground import Playground

TEXTS = ROOT / "book"
EXECUTED = BUILD / "notebooks"  # where `run` leaves them
FIRST_PAGE, PLAYGROUND = "first_page", "playground"  # the widgets on the first page


def write_pages(folder: Path) -> None:
    """Write all that Sphinx reads into a new folder."""
    shutil.copytree(TEXTS, folder, ignore=shutil.ignore_patterns("__pycache__", widgets.STATES.name))
    for path in sorted(folder.rglob("*.md")):
        origin = f"book/{path.relative_to(folder).as_posix()}"
        page = text.for_book(path.read_text("utf-8"), origin)
        if origin != "book/index.md":  # whose one button starts the course
            page = text.below_title(page, text.buttons(origin))
        path.write_text(page, "utf-8")
    for place, widget in ((FIRST_PAGE, small_net.load()), (PLAYGROUND, Playground())):
        state = embed_data(views=[widget], drop_defaults=False)["manager_state"]["state"][widget.model_id]
        widgets.write_scripts({place: state}, folder / "_static" / "widgets")
    exercises = [source.stem for source in exercise_paths()]
    for source in lesson_paths():
        notebook = _current(source)
        if source.stem in exercises:
            notebook.cells.append(nbformat.v4.new_markdown_cell(text.children(source.stem)))
        _write(folder, source.stem, notebook, source)
    for source in exercise_paths():
        _write(folder, student_name(source), read_unsolved(source), source)
        _write(folder, name_of(source), _current(source), source)
    for source in appendix_paths():
        _write(folder, name_of(source), _current(source), source)


def _current(source):
    # Text and code of the source, with the outputs of the latest run where they belong to this code, else the stored
    notebook, name = read_lesson(source), name_of(source)
    if take_over_outputs(notebook, EXECUTED / f"{name}.ipynb"):
        return notebook
    if not take_over_outputs(notebook, stored_path(source)):
        notebook = nbformat.read(stored_path(source), as_version=4)  # edited and not executed since: as it was stored
    notebook.metadata["widgets"] = widgets.read_states(widgets.states_file(name))
    return notebook


def _write(folder, name, notebook, source):
    # Write a notebook as a page, and beside it the copy that a student may download
    origin = f"notebooks/{name}.ipynb"
    notebook.cells = [cell for cell in notebook.cells if hosted.TAG not in cell.metadata.get("tags", [])]
    first = notebook.cells[0]
    first.source = first.source.replace(hosted.links_below(student_name(source)), "")
    if name.startswith("solutions/"):
        first.source = first.source.replace("# Exercises for", "# Solutions for", 1)
        first.source = text.below_title(first.source, "*Each solution is folded: try first, then open it.*")
        _fold(notebook)
    cells.lay_out(notebook)
    widgets.mount(notebook, folder / "_static" / "widgets")
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = text.for_book(cell.source, origin)
    first.source = text.below_title(first.source, text.buttons(origin, source))
    page = folder / f"{text.page_of(origin)}.ipynb"
    copy = folder / "downloads" / f"{student_name(source)}.ipynb"
    for path, content in ((page, notebook), (copy, handout(source))):
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(content, path)


def _fold(notebook):
    # What solves a question, and what is said of it, is seen when a reader opens it
    folded = []
    for cell in notebook.cells:
        is_code = cell.cell_type == "code"
        if "solution" in cell.metadata.get("tags", []) and (not is_code or "question" in cell.metadata):
            summary = f"A solution to {cell.metadata['question']}" if is_code else "Discussion"
            opening = f'<details class="course-fold"><summary>{summary}</summary>'
            fences = [nbformat.v4.new_markdown_cell(html) for html in (opening, "</details>")]
            folded += [fences[0], cell, fences[1]]
        else:
            folded.append(cell)
    notebook.cells = folded
