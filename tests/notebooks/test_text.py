"""The text of lessons, exercises and the book: the ledger's figures, all parts, promises that were measured."""

import ast
import json
import re

import pytest
from _reading import SOURCES, each_lesson, each_notebook, promised, prose, stored

from course_utils._paths import DATA, ROOT
from course_utils.notebooks import sources
from course_utils.notebooks.sources import code_cells
from course_utils.results import load_ledger

pytestmark = pytest.mark.check
SPREAD = DATA / "spread.json"
PAGES = sorted((ROOT / "book").rglob("*.md"))
MARKED = re.compile(
    r"(?P<number>-?[\d,]*\.?\d+)(?P<percent> %)?<!-- (?P<key>[\w.]+)(?::(?P<over>min|max|mean|digits))? -->"
)
LINK = re.compile(r"\]\([^)]*\)")  # where a link leads
DECIMAL = re.compile(r"(?<![\w.])\d+\.\d+")
WHOLE = re.compile(r"(?<![\w.,-])(\d[\d,]*\d)(?![\d.]*\d|\w)")  # of two digits or more, not part of a decimal
YEAR = re.compile(r"\b(?:[A-Z]\w+|al\.|noise),? \(?(?:19|20)\d\d\b")  # of a publication: Pearson 1901, Plaut (2018)
# Textbook constants and versions: given, not measured.
NOT_MEASURED = {"0.693", "3.11"}
# Whole numbers of the text that are not in the code beside it: MNIST's sizes, those of the helpers, constants.
GIVEN = {
    *("28", "784", "60,000", "70,000"),
    "45",  # degrees between the axes and a diagonal
    "32",  # units of lesson 6, which lesson 1 announces
    "2000",  # points of two classes of 1000
    "250",  # images that in_batches takes at a time
    "900,000",  # weights of lesson 4's net, rounded
    "100",  # of these, 99: a percentage
    "50",  # epochs of lesson 6, which its exercises recall
    "27",  # a unit of lesson 6's picture, "when this page was made"
}


def claimed_value(key, over):
    """Return what the ledger or the measured spread says of a key, None where neither knows it.

    `over` is a word of the spread ("mean"), or "digits" for the ledger's value on the embedded digits.
    """
    if over == "digits":
        return load_ledger()["digits"].get(key, {}).get("value")
    tables = load_ledger() if over is None else json.loads(SPREAD.read_text())
    entry = next((table[key] for name in ("mnist", "gaussians") if key in (table := tables.get(name, {}))), None)
    return None if entry is None else entry[over or "value"]


def problems_in_prose(text):
    """Return a sentence for each figure that disagrees with the ledger, and for each measured figure without a key."""
    problems = []
    for match in MARKED.finditer(text):
        printed = match["number"].replace(",", "")
        value = claimed_value(match["key"], match["over"])
        if value is None:
            problems.append(f"{match[0]}: the key is not in the ledger")
            continue
        decimals = len(printed.partition(".")[2])
        if f"{value * (100 if match['percent'] else 1):.{decimals}f}" != printed:
            problems.append(f"{match[0]}: the ledger says {value}")
    for match in DECIMAL.finditer(LINK.sub("]", MARKED.sub("", text))):
        digits = match[0].replace(".", "").lstrip("0")
        if len(digits) >= 3 and match[0] not in NOT_MEASURED:
            problems.append(f"{match[0]}: a measured figure without a key")
    return problems


def numbers_in(code):
    """Return the whole numbers that stand in code."""
    constants = (node.value for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant))
    return {str(value) for value in constants if isinstance(value, int)}


def whole_numbers_without_key(notebook):
    """Return a sentence for each whole number of the text that is neither marked, nor given, nor in the code."""
    known = {number.replace(",", "") for number in GIVEN}.union(*(numbers_in(c.source) for c in code_cells(notebook)))
    text = MARKED.sub("", prose(notebook))
    text = re.sub(r"`[^`]*`|\]\([^)]*\)|\$[^$]*\$", "", YEAR.sub("", text))
    found = (number for number in WHOLE.findall(text) if number.replace(",", "") not in known)
    return [f"{number}: a whole number that is neither in the code nor marked with a key" for number in found]


@each_notebook
def test_figures_in_prose_are_the_ledgers(source):
    """Each measured figure in the text has a key, and is the ledger's value at the precision printed."""
    notebook = sources.read_lesson(source)
    assert problems_in_prose(prose(notebook)) + whole_numbers_without_key(notebook) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_figures_in_the_book_are_the_ledgers(page):
    """The book's own pages are held to the same rule; what a program printed, the bench above all, is no claim."""
    printed = re.compile(r"^ *```.*?^ *```$|<!-- bench -->.*?<!-- /bench -->", re.DOTALL | re.MULTILINE)
    assert problems_in_prose(printed.sub("", page.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_column_has_a_name(page):
    """A screen reader says the column's name before each of its cells."""
    heads = re.findall(r"^(\|.*\|)\n\| *:?-", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert [head for head in heads if "" in (cell.strip() for cell in head.strip("|").split("|"))] == []


@each_lesson
def test_lesson_has_its_parts(source):
    """A lesson asks, promises, predicts, recaps, reports, links its exercises and says to shut the kernel down."""
    notebook = sources.read_lesson(source)
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


def words_of(text):
    """Count the words of markdown: comments and the addresses of links are none, and a formula is one."""
    text = re.sub(r"<!--.*?-->", "", LINK.sub("]", text), flags=re.DOTALL)
    text = re.sub(r"\$\$.*?\$\$|\$[^$]*\$", "formula", text, flags=re.DOTALL)
    return sum(any(map(str.isalnum, word)) for word in text.split())


@each_lesson
def test_a_lesson_fits_ninety_minutes(source):
    """At most 1,900 words, 55 cells, and 88 letters in a line of code; the cell for hosted notebooks is not counted."""
    cells = [c for c in sources.read_lesson(source).cells if "hosted" not in c.metadata.get("tags", [])]
    assert sum(words_of(c.source) for c in cells if c.cell_type == "markdown") <= 1900
    assert len(cells) <= 55
    lines = [line for c in cells if c.cell_type == "code" for line in c.source.splitlines()]
    assert [line for line in lines if len(line) > 88] == []


def test_words_are_counted():
    """A comment, an address and a formula's inside are no words."""
    text = "## Two words\n\n$a + b$ is 0.5<!-- 01.pca.error --> (see [this page](https://doi.org/10.1/a)) -\n$$x\n= y$$"
    assert words_of(text) == 9  # Two words, a formula, is, 0.5, see, this, page, another formula


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
    for cell in code_cells(sources.read_lesson(source)):
        if re.search(r"plt\.(subplots|gca)\(|^ax = plot_|^(Film|ComponentMixer|FrameSlider)\(", cell.source, re.M):
            assert len(cell.metadata.get("alt", "")) >= 40, cell.source.splitlines()[0]


def test_ledger_is_sound():
    """Every entry has value, range and source; the value lies in the range; every key is checked by a lesson."""
    code = "\n".join(path.read_text() for path in sources.all_paths())
    patterns = [re.sub(r"\{[^{}]*\}", "@", key) for key in re.findall(r'f?"(\d\d\.[^"\s]+)"', code)]
    known = re.compile("|".join(re.escape(p).replace("@", r"\w+") for p in patterns))
    for dataset, table in load_ledger().items():
        for key, entry in table.items():
            assert set(entry) - {"what"} == {"value", "low", "high", "source"}, key
            assert entry["low"] <= entry["value"] <= entry["high"], key
            assert entry["source"], key
            assert known.fullmatch(key) or ".published." in key, f"{dataset}: no lesson checks {key}"


def test_every_figure_is_told_in_words():
    """A student reads what a figure is, once for a key, in few words, and no two of a lesson read the same."""
    words = {}
    for table in load_ledger().values():
        for key, entry in table.items():
            if "what" in entry:
                assert key not in words, f"{key}: told twice"
                words[key] = entry["what"]
    assert not {key for table in load_ledger().values() for key in table} - words.keys(), "keys without words"
    assert max(map(len, words.values())) <= 55
    told = [(key[:2], "ex" in key, text) for key, text in words.items()]
    assert sorted(told) == sorted(set(told)), "two figures in the same words"


def test_ledger_holds_the_measured_spread():
    """What `make measure` found over its seeds lies in the ledger's ranges."""
    ledger = load_ledger()
    for dataset, table in json.loads(SPREAD.read_text()).items():
        for key, found in table.items():
            entry = ledger[dataset].get(key)
            if entry is not None:
                assert entry["low"] <= found["min"] <= found["max"] <= entry["high"], f"{dataset}: {key} {found}"


def test_altered_figure_is_caught():
    """A wrong figure in the text, a wrong key and a missing key are each noticed."""
    text = prose(sources.read_lesson(SOURCES[1]))
    right = "0.0557<!-- 02.pca_2.test_mse -->"
    assert right in text
    notebook = sources.read_lesson(SOURCES[1])
    notebook.cells[0].source += "\n\nOf these, 57 were wrong."
    (problem,) = whole_numbers_without_key(notebook)
    assert problem.startswith("57: ")
    for wrong in ("0.0558<!-- 02.pca_2.test_mse -->", "0.0557<!-- 02.pca_2.tset_mse -->", "0.0557"):
        assert len(problems_in_prose(text.replace(right, wrong, 1))) == 1, wrong
    for wrong in ("9.876<!-- 03.ae_5_epochs.val_mse:mean -->", "30<!-- 02.explained.components_for_90:digits -->"):
        assert len(problems_in_prose(wrong)) == 1, wrong
    assert problems_in_prose("31<!-- 02.explained.components_for_90:digits -->") == []
    assert problems_in_prose("[where a link leads](https://doi.org/10.1126/science.1127647) is no figure") == []
