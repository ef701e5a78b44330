"""The lessons: figures in prose, text and notebook in step, stored outputs that belong to the code above them.

The lessons' execution is tested by nbval (`pytest --nbval-lax notebooks/*.ipynb`); here is what nbval does not see.
"""

import copy
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from course_utils import _lessons, results
from course_utils.results import load_ledger

ROOT = Path(__file__).resolve().parents[1]
SOURCES = _lessons.lesson_paths()
EXERCISES = _lessons.exercise_paths()
SPREAD = ROOT / "data" / "spread.json"

MARKED = re.compile(r"(?P<number>-?[\d,]*\.?\d+)(?P<percent> %)?<!-- (?P<key>[\w.]+)(?::(?P<extreme>min|max))? -->")
DECIMAL = re.compile(r"(?<![\w.])\d+\.\d+")
CHECKED = re.compile(r"^(?P<key>\d\d\.\S+) = (?P<value>\S+) .*$", re.MULTILINE)  # as check_result prints it
# Parameters of the data and of training, and textbook constants: given, not measured.
NOT_MEASURED = {"0.693"}

each_lesson = pytest.mark.parametrize("source", SOURCES, ids=_lessons.name_of)
each_exercise = pytest.mark.parametrize("source", EXERCISES, ids=_lessons.name_of)
each_notebook = pytest.mark.parametrize("source", SOURCES + EXERCISES, ids=_lessons.name_of)


def stored(source):
    """Return the committed notebook of a lesson, or of its exercises."""
    return nbformat.read(_lessons.NOTEBOOKS / f"{_lessons.name_of(source)}.ipynb", as_version=4)


def code_cells(notebook):
    """Return the code cells of a notebook."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    """Return the text of a notebook's markdown cells."""
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def claimed_value(key, extreme):
    """Return what the ledger or the measured spread says of a key, None where neither knows it."""
    tables = load_ledger() if extreme is None else json.loads(SPREAD.read_text())
    entry = next((table[key] for name in ("mnist", "gaussians") if key in (table := tables.get(name, {}))), None)
    return None if entry is None else entry[extreme or "value"]


def problems_in_prose(text):
    """Return a sentence for each figure that disagrees with the ledger, and for each measured figure without a key."""
    problems = []
    for match in MARKED.finditer(text):
        printed = match["number"].replace(",", "")
        value = claimed_value(match["key"], match["extreme"])
        if value is None:
            problems.append(f"{match[0]}: the key is not in the ledger")
            continue
        decimals = len(printed.partition(".")[2])
        if f"{value * (100 if match['percent'] else 1):.{decimals}f}" != printed:
            problems.append(f"{match[0]}: the ledger says {value}")
    for match in DECIMAL.finditer(MARKED.sub("", text)):
        digits = match[0].replace(".", "").lstrip("0")
        if len(digits) >= 3 and match[0] not in NOT_MEASURED:
            problems.append(f"{match[0]}: a measured figure without a key")
    return problems


def problems_in_outputs(cell):
    """Return a sentence for each output of a code cell that a reader should not get."""
    first_line, tags = cell.source.splitlines()[0], cell.metadata.get("tags", [])
    problems = []
    if "nbval-check-output" in tags and not cell.outputs:
        problems.append(f"{first_line}: tagged for comparison, but without output")
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
    if course.get("code_sha256") != _lessons.code_sha256(notebook):
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
def test_figures_in_prose_are_the_ledgers(source):
    """Each measured figure in the text has a key, and is the ledger's value at the precision printed."""
    assert problems_in_prose(prose(_lessons.read_lesson(source))) == []


@each_notebook
def test_stored_outputs_belong_to_the_code(source):
    """The committed notebook was executed as it stands, on MNIST, without errors or log lines."""
    assert problems_in_stored(stored(source)) == []


@each_notebook
def test_stored_figures_are_those_of_the_ledger(source, capsys, monkeypatch):
    """Every figure that the stored outputs print is in range, and the range beside it is the ledger's of today."""
    monkeypatch.setattr(results, "_checked", [])
    text = "".join(output.get("text", "") for cell in code_cells(stored(source)) for output in cell.outputs)
    assert "OUT OF RANGE" not in text
    lines = list(CHECKED.finditer(text))
    assert lines
    for line in lines:
        dataset = next(name for name in ("gaussians", "mnist") if line["key"] in load_ledger()[name])
        results.check_result(line["key"], float(line["value"]), dataset)
        assert capsys.readouterr().out == f"{line[0]}\n"


@each_lesson
def test_lesson_has_its_parts(source):
    """A lesson asks, promises, predicts, recaps, reports, links its exercises and says to shut the kernel down."""
    notebook = _lessons.read_lesson(source)
    text = prose(notebook)
    for part in (
        "After this lesson you will be able to",
        "## Setup",
        "Predict first",
        "## Exercises",
        "## Recap",
    ):
        assert part in text, part
    assert f"](exercises/{source.stem}.ipynb)" in text
    assert re.search(r"[Ss]hut this kernel down", text)
    assert "TIME_AND_MEMORY" not in text
    assert re.match(rf"# {int(source.name[:2])}\. .+\n\n\*\*.+\?\*\*", notebook.cells[0].source)
    assert code_cells(notebook)[-1].source == "report()"
    assert any("SEED = 0" in cell.source.split("\n") for cell in code_cells(notebook))


@each_exercise
def test_exercises_have_solutions_and_answers(source):
    """Each exercise has a cell to work in, then a solution that runs and an answer, both folded away."""
    notebook = _lessons.read_lesson(source)
    kinds = ""
    for cell in notebook.cells:
        if re.match(rf"## {kinds.count('Q') + 1}\. ", cell.source):
            kinds += "Q"
        elif cell.source == "# your turn":
            kinds += "t"
        elif "solution" in cell.metadata.get("tags", []):
            assert cell.metadata["jupyter"] == {"source_hidden": True, "outputs_hidden": True}
            kinds += "s"
        elif cell.source.startswith("<details><summary>Answer</summary>"):
            kinds += "a"
    assert re.fullmatch("(Qts+a){3,}s", kinds), kinds  # the last one: the report, which would give the answers away
    assert code_cells(notebook)[-1].source == "report()"
    assert f"](../{source.stem}.ipynb)" in prose(notebook)


def promised(source):
    """Return the minutes and gigabytes that a notebook's first cell promises."""
    first = _lessons.read_lesson(source).cells[0].source
    return map(float, re.search(r"\*About ([\d.]+) minutes? .* ([\d.]+) GB of memory", first).groups())


@each_notebook
def test_minutes_and_memory_are_those_measured(source):
    """The first cell promises what the stored run took: memory closely, time within a factor."""
    course = stored(source).metadata["course"]
    minutes, memory = promised(source)
    assert abs(memory - course["peak_memory_mb"] / 1000) < 0.11
    assert 0.5 < 60 * minutes / max(course["seconds"], 30) < 2.5


@each_lesson
def test_the_readme_promises_what_the_lesson_does(source):
    """The README's table has the same minutes and memory."""
    minutes, memory = promised(source)
    table = [line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("| [")]
    row = next(line for line in table if f"notebooks/{source.stem}.ipynb" in line)
    assert f"| {minutes:g} | {memory} GB |" in row


@each_notebook
def test_every_picture_is_described_in_the_source(source):
    """A cell that draws has a description for those who cannot see it (alt), in its metadata."""
    for cell in code_cells(_lessons.read_lesson(source)):
        if re.search(r"plt\.(subplots|gca)\(|^ax = plot_|ipywidgets\.interact\(", cell.source, re.M):
            assert len(cell.metadata.get("alt", "")) >= 40, cell.source.splitlines()[0]


def test_ledger_is_sound():
    """Every entry has value, range and source; the value lies in the range; every key is checked by a lesson."""
    code = "\n".join(path.read_text() for path in SOURCES + EXERCISES)
    patterns = [re.sub(r"\{[^{}]*\}", "@", key) for key in re.findall(r'f?"(\d\d\.[^"\s]+)"', code)]
    known = re.compile("|".join(re.escape(p).replace("@", r"\w+") for p in patterns))
    for dataset, table in load_ledger().items():
        for key, entry in table.items():
            assert set(entry) == {"value", "low", "high", "source"}, key
            assert entry["low"] <= entry["value"] <= entry["high"], key
            assert entry["source"], key
            assert known.fullmatch(key) or ".published." in key, f"{dataset}: no lesson checks {key}"


def test_ledger_holds_the_measured_spread():
    """What `make measure` found over its seeds lies in the ledger's ranges."""
    if not SPREAD.exists():
        pytest.skip("data/spread.json is not there: `make measure` has not been run yet")
    ledger = load_ledger()
    for dataset, table in json.loads(SPREAD.read_text()).items():
        for key, found in table.items():
            entry = ledger[dataset].get(key)
            if entry is not None:
                assert entry["low"] <= found["min"] <= found["max"] <= entry["high"], f"{dataset}: {key} {found}"


def test_altered_figure_is_caught():
    """A wrong figure in the text, a wrong key and a missing key are each noticed."""
    text = prose(_lessons.read_lesson(SOURCES[1]))
    right = "0.0557<!-- 02.pca_2.test_mse -->"
    assert right in text
    for wrong in ("0.0558<!-- 02.pca_2.test_mse -->", "0.0557<!-- 02.pca_2.tset_mse -->", "0.0557"):
        assert len(problems_in_prose(text.replace(right, wrong, 1))) == 1, wrong


def test_altered_cell_is_caught():
    """Code that changed under its stored outputs is noticed, and so is a compared cell that lost its output."""
    notebook = stored(SOURCES[0])
    changed = copy.deepcopy(notebook)
    cell = next(cell for cell in code_cells(changed) if "Dense(20" in cell.source)
    cell.source = cell.source.replace("Dense(20", "Dense(10")
    assert problems_in_stored(changed) == ["the code changed after the outputs were stored: run `make notebooks`"]
    emptied = copy.deepcopy(notebook)
    next(c for c in code_cells(emptied) if "nbval-check-output" in c.metadata.get("tags", [])).outputs = []
    assert len(problems_in_stored(emptied)) == 1


def head_of_lesson_1(tmp_path, change):
    """Write the first lesson up to its parameter count, after a change, and return (path, run by nbval)."""
    notebook = stored(SOURCES[0])
    last = next(i for i, cell in enumerate(notebook.cells) if "01.ae.n_parameters" in cell.source)
    notebook.cells = [cell for cell in notebook.cells[: last + 1] if "for seed in range(200)" not in cell.source]
    change(notebook)
    path = tmp_path / "copy.ipynb"
    nbformat.write(notebook, path)
    return path


def run_nbval(path, strict):
    """Run nbval as by hand; return the finished process."""
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-p", "no:cacheprovider", "-q", path.name]
    env = os.environ | {"COURSE_STRICT": strict}
    return subprocess.run(command, cwd=path.parent, env=env, capture_output=True, text=True, timeout=600, check=False)


def change_stored_output(notebook):
    """Falsify the stored output of the first compared cell."""
    cell = next(c for c in code_cells(notebook) if "nbval-check-output" in c.metadata.get("tags", []))
    cell.outputs[0].text = cell.outputs[0].text.replace("1003", "1004")


def change_layer(notebook):
    """Make a layer smaller, as a student would."""
    cell = next(cell for cell in code_cells(notebook) if "Dense(20" in cell.source)
    cell.source = cell.source.replace("Dense(20", "Dense(10", 1)
    for cell in code_cells(notebook):  # the student's own counting is another matter
        cell.metadata.pop("tags", None)


@pytest.mark.timeout(900)
def test_altered_output_is_caught(tmp_path):
    """nbval passes the notebook as it is, and fails when a compared output is not what the code prints."""
    untouched = run_nbval(head_of_lesson_1(tmp_path, lambda notebook: None), strict="1")
    assert untouched.returncode == 0, untouched.stdout
    altered = run_nbval(head_of_lesson_1(tmp_path, change_stored_output), strict="1")
    assert altered.returncode == 1
    assert "1004" in altered.stdout


@pytest.mark.timeout(900)
def test_changed_layer_stops_ci_and_no_student(tmp_path):
    """Out of range is an error under COURSE_STRICT=1, and a printed verdict without."""
    path = head_of_lesson_1(tmp_path, change_layer)
    assert run_nbval(path, strict="0").returncode == 0
    stopped = run_nbval(path, strict="1")
    assert stopped.returncode == 1
    assert "01.ae.n_parameters on gaussians: expected 1003" in stopped.stdout
