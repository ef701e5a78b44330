"""The stored outputs: those of the code above them, on MNIST, whole, in range."""

import copy

import pytest
from _reading import SOURCES, each_notebook, stored
from bs4 import BeautifulSoup
from nbconvert import HTMLExporter, ScriptExporter

from course_utils.commands import lessons
from course_utils.commands.execute import read_records
from course_utils.commands.lessons import code_cells
from course_utils.results import RECORD, judge

pytestmark = pytest.mark.check
PICTURES = {"image/png", "application/vnd.jupyter.widget-view+json"}


def problems_in_outputs(cell):
    """Return a sentence for each output of a code cell that a reader should not get, or that is missing."""
    first_line, tags = cell.source.splitlines()[0], cell.metadata.get("tags", [])
    problems = []
    if "nbval-check-output" in tags and not cell.outputs:
        problems.append(f"{first_line}: tagged for comparison, but without output")
    if "nbval-check-output" in tags and any(RECORD in output.get("data", {}) for output in cell.outputs):
        problems.append(f"{first_line}: tagged for comparison, but it holds a measured figure: a digit more would fail")
    if "alt" in cell.metadata and not any(PICTURES & output.get("data", {}).keys() for output in cell.outputs):
        problems.append(f"{first_line}: its picture is missing among the outputs")
    if "check_result(" in cell.source and not any(RECORD in output.get("data", {}) for output in cell.outputs):
        problems.append(f"{first_line}: its figures are missing among the outputs")
    for output in cell.outputs:
        if output.output_type == "error" or output.get("name") == "stderr" or "WARNING" in output.get("text", ""):
            problems.append(f"{first_line}: an error or log lines among the outputs")
        alt = output.get("metadata", {}).get("image/png", {}).get("alt", "")
        if "image/png" in output.get("data", {}) and len(alt) < 40:
            problems.append(f"{first_line}: a figure without a description (alt) of 40 letters or more")
    return problems


def problems_in_stored(notebook):
    """Return a sentence for each way in which stored outputs are not those of the code above them."""
    course = notebook.metadata.get("course", {})
    problems = []
    if course.get("code_sha256") != lessons.code_sha256(notebook):
        problems.append("the code changed after the outputs were stored: run `make notebooks`")
    if course.get("dataset") != "mnist":
        problems.append(f"outputs on {course.get('dataset')}: expected those on mnist")
    counts = [cell.execution_count for cell in code_cells(notebook)]
    if counts != list(range(1, len(counts) + 1)):
        problems.append(f"cells were not executed once and in order: {counts}")
    if "widgets" in notebook.metadata:
        problems.append("widget state is stored")
    for cell in code_cells(notebook):
        problems += problems_in_outputs(cell)
    return problems


@each_notebook
def test_stored_outputs_belong_to_the_code(source):
    """The committed notebook was executed as it stands, on MNIST, without errors or log lines."""
    assert problems_in_stored(stored(source)) == []


@each_notebook
def test_stored_figures_are_those_of_the_ledger(source):
    """Every figure in the stored outputs is in range, and the range beside it is the ledger's of today."""
    records = read_records(stored(source))
    assert records
    for record in records:
        assert record == judge(record["key"], record["value"], record["dataset"])
        assert record["verdict"] != "OUT OF RANGE", record


def altered(change):
    """Return the problems found in lesson 1 after `change` was applied to its stored notebook."""
    notebook = stored(SOURCES[0])
    change(notebook)
    return problems_in_stored(notebook)


def the_cell(notebook, words):
    """Return the first code cell that holds these words."""
    return next(cell for cell in code_cells(notebook) if words in cell.source)


def change_code(notebook):
    """Make a layer smaller."""
    cell = the_cell(notebook, "Dense(20")
    cell.source = cell.source.replace("Dense(20", "Dense(10")


def drop_picture(notebook):
    """Remove the outputs of a cell that draws."""
    next(cell for cell in code_cells(notebook) if "alt" in cell.metadata).outputs = []


def drop_compared(notebook):
    """Remove the outputs of a cell that nbval compares."""
    next(cell for cell in code_cells(notebook) if "nbval-check-output" in cell.metadata.get("tags", [])).outputs = []


def drop_figures(notebook):
    """Remove the figures that a cell has checked."""
    cell = the_cell(notebook, "check_result(")
    cell.outputs = [output for output in cell.outputs if RECORD not in output.get("data", {})]


def tag_figures(notebook):
    """Have nbval compare a measured figure."""
    the_cell(notebook, "check_result(").metadata["tags"] = ["nbval-check-output"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (change_code, "the code changed after the outputs were stored"),
        (drop_picture, "its picture is missing"),
        (drop_compared, "tagged for comparison, but without output"),
        (drop_figures, "its figures are missing"),
        (tag_figures, "a digit more would fail"),
    ],
)
def test_altered_notebook_is_caught(change, words):
    """Each alteration is noticed, and nothing else is found."""
    (problem,) = altered(change)
    assert words in problem


def test_outputs_belong_to_the_helpers_too():
    """To those that a lesson imports, and to what these import; not to others."""
    modules = set(lessons.imported_modules([cell.source for cell in code_cells(stored(SOURCES[0]))]))
    assert {f"course_utils.{name}" for name in ("plotting", "_validation", "results", "_machine")} <= modules
    assert not {"course_utils.pca", "course_utils.commands.lessons"} & modules  # lesson 1 writes its own PCA


def test_other_exporters_read_the_notebook():
    """A script is Python, and a page by nbconvert's classic template keeps what its pictures are described by."""
    notebook = stored(SOURCES[0])
    script, resources = ScriptExporter().from_notebook_node(copy.deepcopy(notebook))
    assert resources["output_extension"] == ".py"
    compile(script, "script", "exec")
    page, _ = HTMLExporter(template_name="classic").from_notebook_node(notebook)
    pictures = BeautifulSoup(page, "html.parser").select("img")
    assert pictures
    assert all(len(picture["alt"]) > 40 for picture in pictures)
    assert "No description" not in page
