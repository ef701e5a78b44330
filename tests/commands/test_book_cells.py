"""Cells on a page: what draws is folded, what calculates stays in view, measured figures are told apart."""

import nbformat
from bs4 import BeautifulSoup

from course_utils.book.cells import FOLDED, LEFT_OUT, lay_out
from course_utils.results import RESULT

new = nbformat.v4
PICTURE = new.new_output("display_data", data={"image/png": "iVBORw0KGgo="})


def laid_out(source, *outputs, **metadata):
    """Return the cells that a page has of one code cell."""
    notebook = new.new_notebook(cells=[new.new_code_cell(source, outputs=list(outputs), metadata=metadata)])
    lay_out(notebook)
    nbformat.validate(notebook)
    return notebook.cells


def printed(text):
    """Return an output that a cell has printed."""
    return new.new_output("stream", name="stdout", text=text)


def result(text, verdict):
    """Return an output of `check_result`."""
    return new.new_output("display_data", data={"text/plain": text, RESULT: {"verdict": verdict}})


def html_of(cell):
    """Return a cell's one output as parsed HTML."""
    (output,) = cell.outputs
    return BeautifulSoup(output.data["text/html"], "html.parser")


def test_a_cell_is_cut_where_it_begins_to_draw():
    """Calculation and what it printed, then the drawing with its picture, folded, then what follows; alt is kept."""
    source = "low = X.min()\nprint(low)\n# a map\nfig, ax = plt.subplots()\nax.plot(low)\nplt.show()\nprint('end')"
    before, drawing, after = laid_out(source, printed("0\n"), PICTURE, printed("end\n"), alt="a map", tags=["nbval"])
    assert before.source == "low = X.min()\nprint(low)"
    assert before.outputs[0].text == "0\n"
    assert drawing.source == "# a map\nfig, ax = plt.subplots()\nax.plot(low)\nplt.show()"
    assert drawing.outputs == [PICTURE]
    assert drawing.metadata["tags"] == [FOLDED]
    assert drawing.metadata["mystnb"]["image"] == {"alt": "a map"}
    assert drawing.metadata["mystnb"]["code_prompt_show"] == "Show the code of this figure"
    assert (after.source, after.outputs[0].text) == ("print('end')", "end\n")
    assert "tags" not in before.metadata


def test_code_without_a_picture_stays():
    """A cell that calculates is as it was; a function that draws is folded; a prediction's call is left out."""
    (cell,) = laid_out("def fit(X):\n    return X", tags=["nbval-check-output"])
    assert "tags" not in cell.metadata
    (cell,) = laid_out("def draw(X, ax):\n    ax.plot(X)")
    assert cell.metadata["tags"] == [FOLDED]
    (cell,) = laid_out('predict("01.a", "How much?")\npredict("01.b", "And this?")')
    assert cell.metadata["tags"] == [LEFT_OUT]


def test_figures_of_the_ledger_are_one_list():
    """Those that follow one another; each says what, how much and whether it was expected, and carries its verdict."""
    outputs = result("error: <at> 2: 0.4   as expected (0 to 1)", "ok"), result("n: 7   no claim on x", "no claim")
    (cell,) = laid_out("check(1)", *outputs, result("angle: 50   OUT OF RANGE (expected 24 to 29)", "OUT OF RANGE"))
    rows = html_of(cell).select("ul.course-results > li")
    assert [row["data-verdict"] for row in rows] == ["ok", "no claim", "OUT OF RANGE"]
    assert rows[0].text == "error: <at> 2 0.4 as expected (0 to 1)"
    assert rows[2].select_one("em").text == "OUT OF RANGE (expected 24 to 29)"


def test_a_report_is_tables():
    """Of results and of predictions; a row says its verdict; another text stays as it was printed."""
    text = (
        "result              measured  expected              verdict\n"
        "error of the line     0.4041  0.375 to 0.435        ok\n"
        "half of it               0.2                        no claim\n"
        "the angle                 50  24 to 29              OUT OF RANGE\n\n"
        "prediction      you said  came out\nHow far?        -         27 degrees\n\n"
        "peak memory of this kernel: 1.12 GB\n"
    )
    (cell,) = laid_out("report()", printed(text))
    page = html_of(cell)
    cells = [[td.text for td in row.select("td")] for row in page.select("tr:has(td)")]
    assert cells[0] == ["error of the line", "0.4041", "0.375 to 0.435", "ok"]
    assert cells[1] == ["half of it", "0.2", "", "no claim"]
    assert cells[3] == ["How far?", "27 degrees"]
    assert page.select_one("[data-verdict='OUT OF RANGE']").td.text == "the angle"
    assert page.p.text == "peak memory of this kernel: 1.12 GB"
    (cell,) = laid_out("print(1)", printed("result is\nthis"))
    assert cell.outputs[0].text == "result is\nthis"


def test_empty_outputs_are_dropped():
    """A strip in which nothing stands would look like an answer."""
    (cell,) = laid_out("summary()", printed("\n"), new.new_output("display_data", data={"text/plain": ""}))
    assert cell.outputs == []
