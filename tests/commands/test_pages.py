"""The exported page: one file, nothing fetched, the course's widgets once each, other controls as they last were."""

import json
import re

import anywidget
import ipywidgets
import nbformat
import pytest
from bs4 import BeautifulSoup
from ipywidgets.embed import embed_data

from course_utils import LatentExplorer
from course_utils._predictions import Prediction
from course_utils.commands.pages import page_of
from course_utils.widgets.prediction import PredictionForm

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
new = nbformat.v4


@pytest.fixture(autouse=True)
def no_other_widgets():
    """Forget those of other tests: a page is given the state of all that live."""
    ipywidgets.Widget.close_all()


@pytest.fixture
def explorer(rng):
    """Return a small explorer."""
    layers = [(rng.normal(size=(2, 12)), rng.normal(size=12), "sigmoid")]
    return LatentExplorer(layers, rng.normal(size=(50, 2)), rng.integers(0, 3, 50), (3, 4))


def export(tmp_path, cells, widgets=()):
    """Export a notebook of `cells`, with the state of `widgets`; return the parsed page."""
    metadata = {}
    if widgets:
        state = embed_data(views=list(widgets), drop_defaults=False)["manager_state"]
        metadata = {"widgets": {STATE: state}}
    return BeautifulSoup(page_of(new.new_notebook(cells=cells, metadata=metadata), "page"), "html.parser")


def shows(widget):
    """Return a code cell whose output is the widget."""
    output = new.new_output("display_data", data={VIEW: {"model_id": widget.model_id}, "text/plain": "it"})
    return new.new_code_cell("widget", outputs=[output])


def states_in(page, kind):
    """Return what the page holds of the widgets of a class."""
    name = f"{kind.__module__}.{kind.__name__}"
    return json.loads(next(script.text for script in page.select("script") if script.get("id") == f"states-{name}"))


def addresses(page):
    """Return what a page fetches: every source, style sheet and address in a style."""
    found = [node.get("src") or node.get("href") for node in page.select("[src], link[href]")]
    for style in page.select("style"):
        found += re.findall(r"url\(['\"]?([^'\")]+)", style.text) + re.findall(r"@import\s+(\S+)", style.text)
    return [address for address in found if not address.startswith(("data:", "#"))]


def test_nothing_is_fetched(tmp_path, explorer):
    """No script, style, font or picture comes from anywhere else."""
    page = export(tmp_path, [new.new_markdown_cell("$x$"), shows(explorer)], [explorer])
    assert addresses(page) == []
    assert not re.search(r"\bimport\b|\bfetch\(|XMLHttpRequest", "".join(s.text for s in page("script")))


def test_links_lead_somewhere(tmp_path):
    """A link to a lesson leads to its page, one to exercises to the notebook; others stay as they are."""
    links = "[a](02_mnist_pca.ipynb) [b](exercises/02_mnist_pca.ipynb) [c](https://example.org/x.ipynb)"
    page = export(tmp_path, [new.new_markdown_cell(links)])
    assert [a["href"] for a in page.select("a[href]") if a.text in "abc"] == [
        "02_mnist_pca.html",
        "../../notebooks/exercises/02_mnist_pca.ipynb",
        "https://example.org/x.ipynb",
    ]


def test_explorer_shown_twice_is_stored_once(tmp_path, explorer):
    """Each view has its place, the state and the module stand in the page once, without ipywidgets' own."""
    page = export(tmp_path, [shows(explorer), shows(explorer)], [explorer])
    places = page.select("[data-course-widget]")
    assert [place["data-course-widget"] for place in places] == [explorer.model_id] * 2
    states = states_in(page, LatentExplorer)
    assert states[explorer.model_id]["state"]["code"] == list(explorer.code)
    assert set(states[explorer.model_id]["bytes"]) == {"_weights", "_codes", "_labels"}
    assert len(page.select('script[type="module"]')) == 1
    assert set(states[explorer.model_id]["state"]) == {"code", "_layers", "_image_shape", "_distances"}


def test_every_widget_of_the_course_is_mounted(tmp_path, explorer):
    """Each class has its module, its style and its states, without one knowing of another; strange ones have none."""

    class Strange(anywidget.AnyWidget):
        _esm = "export default { render() {} };"

    forms = [PredictionForm(Prediction("09.a", f"</script>{i}", ("a", "b"))) for i in range(2)]
    widgets = [explorer, *forms, Strange()]
    page = export(tmp_path, [shows(widget) for widget in widgets], widgets)
    assert len(page.select("[data-course-widget]")) == 3
    assert explorer.model_id in states_in(page, LatentExplorer)
    states = states_in(page, PredictionForm)
    assert not states.keys() & states_in(page, LatentExplorer).keys()
    own = {"_question", "_choices", "_unit", "_answer", "_fixed"}
    assert [set(states[form.model_id]["state"]) for form in forms] == [own, own]
    modules = [script.text for script in page.select('script[type="module"]')]
    assert [LatentExplorer._esm in modules[0], PredictionForm._esm in modules[1], len(modules)] == [True, True, 2]
    assert [style.text for style in page.select("style")][-2:] == [LatentExplorer._css, PredictionForm._css]


def test_page_without_widgets_has_no_script(tmp_path):
    """A lesson without one of the course's widgets is a page without scripts."""
    page = export(tmp_path, [new.new_markdown_cell("# Title")])
    assert page.select("script") == []
    assert page.select_one("h1").text.startswith("Title")


def test_formulas_are_mathml(tmp_path):
    """Inline, displayed and in an environment; what the converter does not know stays readable."""
    text = (
        "Code $z = f(x)$ and $$\\hat{x} = g(z)$$\n\n\\begin{align}a &= b < c\\end{align}\n\n"
        "not a formula: `$5`, costs \\$6"
    )
    page = export(tmp_path, [new.new_markdown_cell(text)])
    assert [node.get("display") for node in page.select("math")] == ["inline", "block", "block"]
    assert page.select_one("math").text == "z=f(x)"
    assert "$5" in page.text
    assert "$$" not in page.text


def test_picture_keeps_its_text_alternative(tmp_path):
    """nbconvert drops `alt`; here it stays, escaped."""
    alt = 'codes of "5" & 6'
    output = new.new_output("display_data", data={"image/png": PNG}, metadata={"image/png": {"alt": alt}})
    page = export(tmp_path, [new.new_code_cell("plot", outputs=[output])])
    assert page.select_one("img")["alt"] == alt


def test_slider_keeps_what_it_last_showed(tmp_path, explorer):
    """A control says its value and that it needs a kernel; the figure that it drew is there."""
    slider, out = ipywidgets.IntSlider(7, description="k:"), ipywidgets.Output()
    out.outputs = (
        {"output_type": "display_data", "data": {"image/png": PNG}, "metadata": {"image/png": {"alt": "row"}}},
        {"output_type": "stream", "name": "stdout", "text": "a < b\n"},
    )
    box = ipywidgets.VBox([slider, out, explorer])
    page = export(tmp_path, [shows(box)], [box])
    output = page.select_one(".jp-OutputArea-output")
    assert "k: 7 (this control needs a running kernel)" in output.text
    assert "a < b" in output.text
    assert output.select_one("img")["alt"] == "row"
    assert output.select_one("[data-course-widget]")


def test_what_a_slider_drew_is_described_by_its_cell(tmp_path):
    """A picture in a widget has no text alternative of its own: it gets the one of the cell's output."""
    out = ipywidgets.Output()
    out.outputs = ({"output_type": "display_data", "data": {"image/png": PNG}, "metadata": {}},)
    box = ipywidgets.VBox([out])
    cell = shows(box)
    cell.outputs[0].metadata[VIEW] = {"alt": "two rows of digits"}
    page = export(tmp_path, [cell], [box])
    assert page.select_one("img")["alt"] == "two rows of digits"


def test_label_is_text_and_html_is_html(tmp_path):
    """A Label's value is not read as HTML; an HTML widget's is."""
    label, html = ipywidgets.Label("</script><b>plain</b>"), ipywidgets.HTML("<b>bold</b>")
    page = export(tmp_path, [shows(label), shows(html)], [label, html])
    assert [node.text for node in page.select("b")] == ["bold"]
    assert "<b>plain</b>" in page.text
