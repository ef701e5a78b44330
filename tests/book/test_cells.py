"""Cells on a page: what draws is folded, what calculates stays in view, measured figures are told apart."""

import nbformat
from bs4 import BeautifulSoup

from course_utils.book.cells import FOLDED, LEFT_OUT, lay_out
from course_utils.results import LIST, RESULT

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


def result(what):
    """Return an output of `check_result`."""
    line = LIST.format(f'<li data-verdict="ok">{what}</li>')
    return new.new_output("display_data", data={"text/plain": what, "text/html": line, RESULT: {"verdict": "ok"}})


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
    """Those that follow one another; what was printed in between stands in between."""
    (cell,) = laid_out("check(1)", result("a"), result("b"), printed("in words"), result("c"))
    first, words, second = cell.outputs
    lists = [BeautifulSoup(output.data["text/html"], "html.parser") for output in (first, second)]
    assert [[line.text for line in page.select("ul.course-results > li")] for page in lists] == [["a", "b"], ["c"]]
    assert words.text == "in words"


def test_empty_outputs_are_dropped():
    """A strip in which nothing stands would look like an answer."""
    (cell,) = laid_out("summary()", printed("\n"), new.new_output("display_data", data={"text/plain": ""}))
    assert cell.outputs == []


def test_what_was_printed_is_one_text():
    """However many pieces it was stored in; what went to stderr stays apart."""
    warning = new.new_output("stream", name="stderr", text="careful\n")
    (cell,) = laid_out("train()", printed("step 0\n"), printed("step 1\n"), warning, printed("end\n"))
    assert [output.text for output in cell.outputs] == ["step 0\nstep 1\n", "careful\n", "end\n"]


def test_a_prediction_that_names_something_is_folded():
    """Later code may use the name, so it can be seen; what also calculates stays in view."""
    (cell,) = laid_out('question = "How much?"\npredict("01.a", question)')
    assert cell.metadata["tags"] == [FOLDED]
    (cell,) = laid_out('predict("01.a", "How much?")\nprint(low)')
    assert "tags" not in cell.metadata
