"""The stored outputs: those of the code above them, on MNIST, whole, in range."""

import copy
import itertools
import shutil

import pytest
from _reading import SOURCES, each_notebook, stored
from bs4 import BeautifulSoup
from nbconvert import HTMLExporter, ScriptExporter

from course_utils._paths import DATA, ROOT
from course_utils.book.widgets import STATE, VIEW, read_states, states_file
from course_utils.commands.notebooks import COVER
from course_utils.environment.lock import read_lock
from course_utils.notebooks import provenance
from course_utils.notebooks.execution import Outcome
from course_utils.notebooks.outputs import PICTURE, read_records, tagged_picture
from course_utils.notebooks.provenance import PACKAGES
from course_utils.notebooks.sources import code_cells, name_of
from course_utils.results import RESULT, judge

pytestmark = pytest.mark.check
PICTURES = {"image/png", VIEW}


def problems_in_outputs(cell):
    """Return a sentence for each output of a code cell that a reader should not get, or that is missing."""
    first_line, tags = cell.source.splitlines()[0], cell.metadata.get("tags", [])
    problems = []
    if "nbval-check-output" in tags and not cell.outputs:
        problems.append(f"{first_line}: tagged for comparison, but without output")
    if "nbval-check-output" in tags and any(RESULT in output.get("data", {}) for output in cell.outputs):
        problems.append(f"{first_line}: tagged for comparison, but it holds a measured figure: a digit more would fail")
    if "alt" in cell.metadata and not any(PICTURES & output.get("data", {}).keys() for output in cell.outputs):
        problems.append(f"{first_line}: its picture is missing among the outputs")
    if "check_result(" in cell.source and not any(RESULT in output.get("data", {}) for output in cell.outputs):
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
    problems = provenance.problems(course, notebook)
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
    problems = problems_in_stored(stored(source))
    assert not problems, "\n".join(problems)


@each_notebook
def test_what_a_cell_prints_is_one_output(source):
    """If lines were stored one by one, as the kernel sends them, the book would show a box for each."""
    for cell in code_cells(stored(source)):
        for before, output in itertools.pairwise(cell.outputs):
            streams = output.output_type == before.output_type == "stream"
            assert not (streams and output.name == before.name), output.text


@each_notebook
def test_states_of_widgets_belong_to_the_outputs(source):
    """book/states has each widget that the stored notebook shows, of the very run that made the outputs."""
    data = [output.get("data", {}) for cell in code_cells(stored(source)) for output in cell.outputs]
    shown = {bundle[VIEW]["model_id"] for bundle in data if VIEW in bundle}
    states = read_states(states_file(name_of(source)))[STATE]["state"]
    assert shown <= states.keys(), "run `make notebooks FORCE=1`, and commit book/states"


@each_notebook
def test_stored_figures_are_those_of_the_ledger(source):
    """Every figure in the stored outputs is in range, and the range beside it is the ledger's of today."""
    records = read_records(stored(source))
    assert records
    for record in records:
        assert record == judge(record["key"], record["value"], record["dataset"])
        assert record["verdict"] != "OUT OF RANGE", record


def executed(source):
    """Return a stored notebook as if it had been executed just now, with the weights and packages of today."""
    notebook = stored(source)
    outcome = Outcome(notebook, seconds=60, peak_memory_mb=1000)
    notebook.metadata["course"] = provenance.facts(outcome, "mnist") | {"versions": locked_versions()}
    return notebook


def locked_versions():
    """Return {package: version} as requirements.txt has them, one of those where there are several."""
    pins = {name: version for name, version, _ in read_lock((ROOT / "requirements.txt").read_text("utf-8"))}
    return {name: pins[name] for name in PACKAGES}


def altered(change, source=SOURCES[0]):
    """Return the problems found in a lesson, lesson 1 by default, after `change` was applied to its notebook."""
    notebook = executed(source)
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


def exchange_pictures(notebook):
    """Put the first cell's picture in place of the second's, and the second's in place of the first's."""
    outputs = [output for cell in code_cells(notebook) for output in cell.outputs if PICTURE in output.get("data", {})]
    one, other = outputs[0].data, outputs[1].data
    one[PICTURE], other[PICTURE] = other[PICTURE], one[PICTURE]


def other_version(notebook):
    """Have another SciPy make the outputs."""
    notebook.metadata["course"]["versions"]["scipy"] = "1.0.0"


def drop_compared(notebook):
    """Remove the outputs of a cell that nbval compares."""
    next(cell for cell in code_cells(notebook) if "nbval-check-output" in cell.metadata.get("tags", [])).outputs = []


def drop_figures(notebook):
    """Remove the figures that a cell has checked."""
    cell = the_cell(notebook, "check_result(")
    cell.outputs = [output for output in cell.outputs if RESULT not in output.get("data", {})]


def tag_figures(notebook):
    """Have nbval compare a measured figure."""
    the_cell(notebook, "check_result(").metadata["tags"] = ["nbval-check-output"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (change_code, "the code changed after the outputs were stored"),
        (other_version, "scipy 1.0.0 made the outputs, and requirements.txt has"),
        (drop_compared, "tagged for comparison, but without output"),
        (drop_figures, "its figures are missing"),
        (tag_figures, "a digit more would fail"),
    ],
)
def test_altered_notebook_is_caught(change, words):
    """Each alteration is noticed, and nothing else is found."""
    (problem,) = altered(change)
    assert words in problem


def test_a_missing_picture_is_caught():
    """It is missed twice: by the text alternative, and by what was drawn."""
    missing, other = sorted(altered(drop_picture), key=lambda problem: "is missing" not in problem)
    assert "its picture is missing" in missing
    assert "its picture is not the one that it drew" in other


def test_exchanged_pictures_are_caught():
    """Each of the two cells is named."""
    first, second = altered(exchange_pictures)
    assert first != second
    assert all(
        problem.endswith("its picture is not the one that it drew: run `make notebooks`") for problem in (first, second)
    )


def test_outputs_belong_to_the_weights_too(tmp_path, monkeypatch):
    """One byte of what a lesson loads makes its outputs stale, and not those of a lesson that loads others."""
    shutil.copytree(DATA, tmp_path / "data")
    notebooks = {source.stem[:2]: executed(source) for source in SOURCES if source.stem[:2] in ("03", "05")}
    monkeypatch.setattr(provenance, "DATA", tmp_path / "data")
    file = tmp_path / "data" / "weights_03_better.npz"
    content = bytearray(file.read_bytes())
    content[1000] ^= 1
    file.write_bytes(content)
    found = {name: problems_in_stored(notebook) for name, notebook in notebooks.items()}
    assert found.pop("03") == ["data/weights_03_better.npz changed after the outputs were stored: run `make notebooks`"]
    assert not any(found.values())


def test_outputs_of_unknown_origin_are_stale():
    """Without a word on weights, versions and pictures nothing is taken for granted."""
    notebook = executed(SOURCES[0])
    for name in ("weights", "versions", "pictures"):
        del notebook.metadata["course"][name]
    problems = problems_in_stored(notebook)
    assert len(problems) == 3
    assert all(problem.startswith("it is not known which ") for problem in problems)


def test_outputs_belong_to_the_helpers_too():
    """To those that a lesson imports, and to what these import; not to others."""
    modules = set(provenance.imported_modules([cell.source for cell in code_cells(stored(SOURCES[0]))]))
    assert {f"course_utils.{name}" for name in ("plotting", "_validation", "results", "_machine")} <= modules
    assert not {"course_utils.pca", "course_utils.notebooks.sources"} & modules  # lesson 1 writes its own PCA


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


def test_the_cover_is_drawn_by_a_lesson():
    """README's picture is one that a stored notebook holds, and README shows it."""
    pictures = [tagged_picture(stored(source), "cover") for source in SOURCES]
    assert [picture for picture in pictures if picture] == [COVER.read_bytes()]
    assert f"]({COVER.relative_to(ROOT).as_posix()})" in (ROOT / "README.md").read_text()
