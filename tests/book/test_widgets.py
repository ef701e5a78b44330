"""Widgets in pages without a kernel: the course's by a place and two scripts each, other controls as they last were."""

import json

import anywidget
import ipywidgets
import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from ipywidgets.embed import embed_data

from course_utils import LatentExplorer
from course_utils._predictions import Prediction
from course_utils.book.widgets import STATE, VIEW, mount, read_states, store_states
from course_utils.widgets.prediction import PredictionForm

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


def shows(widget, **metadata):
    """Return a code cell whose output is the widget."""
    data = {VIEW: {"model_id": widget.model_id}, "text/plain": "it"}
    return new.new_code_cell("widget", outputs=[new.new_output("display_data", data=data, metadata=metadata)])


def mounted(folder, cells, widgets=()):
    """Mount a notebook of `cells`, saved with the state of `widgets`; return its outputs as parsed HTML."""
    metadata = {}
    if widgets:
        metadata = {"widgets": {STATE: embed_data(views=list(widgets), drop_defaults=False)["manager_state"]}}
    notebook = new.new_notebook(cells=cells, metadata=metadata)
    mount(notebook, folder)
    assert "widgets" not in notebook.metadata, "the page would carry the state once more"
    return [BeautifulSoup(cell.outputs[0].data["text/html"], "html.parser") for cell in notebook.cells]


def script(folder, name):
    """Return what a script hands to mount.js: under which of its names, and the content."""
    kind, _, rest = (folder / f"{name}.js").read_text("utf-8").removeprefix("courseWidgets.").partition("[")
    key, _, content = rest.partition("] = ")
    assert json.loads(key) == name
    return kind, json.loads(content.removesuffix(";\n"))


def name_of(kind):
    """Return the name of a widget's class as anywidget saves it."""
    return f"{kind.__module__}.{kind.__name__}"


def test_shown_twice_is_stored_once(tmp_path, explorer):
    """Each view has its place; the state holds what the browser side reads, and nothing of ipywidgets' own."""
    pages = mounted(tmp_path, [shows(explorer), shows(explorer)], [explorer])
    places = [page.select_one("[data-course-widget]") for page in pages]
    assert [place["data-course-widget"] for place in places] == [explorer.model_id] * 2
    assert {place["data-course-class"] for place in places} == {name_of(LatentExplorer)}
    assert len(list(tmp_path.iterdir())) == 2
    kind, saved = script(tmp_path, explorer.model_id)
    assert kind == "states"
    assert saved["state"]["code"] == list(explorer.code)
    of_pad = {"drawing", "_strokes", "_encoder_layers"}
    assert set(saved["state"]) == {"code", "_layers", "_image_shape", "_distances", "_prior", "draws"} | of_pad
    assert set(saved["bytes"]) == {"_weights", "_codes", "_labels", "_encoder_weights"}


def test_every_widget_of_the_course_is_mounted(tmp_path, explorer):
    """Each class has its module and its style as they are now; a widget that is not the course's has none."""

    class Strange(anywidget.AnyWidget):
        _esm = "export default { render() {} };"

    forms = [PredictionForm(Prediction("09.a", f"</script>{i}", ("a", "b"))) for i in range(2)]
    widgets = [explorer, *forms, Strange()]
    pages = mounted(tmp_path, [shows(widget) for widget in widgets], widgets)
    assert [bool(page.select_one("[data-course-widget]")) for page in pages] == [True, True, True, False]
    assert "needs a running kernel" in pages[-1].text
    for kind in (LatentExplorer, PredictionForm):
        assert script(tmp_path, name_of(kind)) == ("modules", {"module": kind._esm, "style": kind._css})
    own = {"_question", "_choices", "_unit", "_answer", "_fixed"}
    assert [set(script(tmp_path, form.model_id)[1]["state"]) for form in forms] == [own, own]


def test_without_a_state_its_words_are_left(tmp_path, explorer):
    """A stored notebook has none: a form's own words, else the cell's text alternative, and where it answers."""
    form = shows(explorer)
    form.outputs[0].data["text/plain"] = "Your prediction: a < b\n  ____"
    slider = shows(explorer, **{VIEW: {"alt": "two rows"}})
    slider.outputs[0].data["text/plain"] = "interactive(children=(IntSlider(value=9), Output()))"
    pages = mounted(tmp_path, [form, slider])
    assert pages[0].select_one("pre").text == "Your prediction: a < b\n  ____"
    assert pages[1].text.startswith("two rows It answers where the lesson is run")
    assert "children=" not in pages[1].text
    assert list(tmp_path.iterdir()) == []


def test_slider_keeps_what_it_last_showed(tmp_path, explorer):
    """A control says its value and that it needs a kernel; the figure that it drew is there."""
    slider, out = ipywidgets.IntSlider(7, description="k:"), ipywidgets.Output()
    out.outputs = (
        {"output_type": "display_data", "data": {"image/png": PNG}, "metadata": {"image/png": {"alt": "row"}}},
        {"output_type": "stream", "name": "stdout", "text": "a < b\n"},
    )
    box = ipywidgets.VBox([slider, out, explorer])
    (page,) = mounted(tmp_path, [shows(box)], [box])
    assert "k: 7 (this control needs a running kernel)" in page.text
    assert "a < b" in page.text
    assert page.select_one("img")["alt"] == "row"
    assert page.select_one("[data-course-widget]")


def test_side_by_side_from_the_stored_state(tmp_path, rng, explorer):
    """What is stored of two explorers in a grid mounts both, in one grid of the page."""
    other = LatentExplorer([(np.ones((2, 12)), None, None)], rng.normal(size=(9, 2)), np.zeros(9, int), (3, 4))
    both = explorer.beside(other)
    metadata = {"widgets": {STATE: embed_data(views=[both], drop_defaults=False)["manager_state"]}}
    notebook = new.new_notebook(cells=[shows(both)], metadata=metadata)
    store_states(notebook, tmp_path / "states.json")
    notebook.metadata["widgets"] = read_states(tmp_path / "states.json")
    mount(notebook, tmp_path)
    page = BeautifulSoup(notebook.cells[0].outputs[0].data["text/html"], "html.parser")
    places = page.select(".course-grid > [data-course-widget]")
    assert [place["data-course-widget"] for place in places] == [explorer.model_id, other.model_id]
    assert all((tmp_path / f"{widget.model_id}.js").exists() for widget in (explorer, other))


def test_bytes_that_widgets_share_are_stored_once(tmp_path, rng, explorer):
    """Two explorers of one net: the file holds its weights once, and what is read is what was stored."""
    layers = [(rng.normal(size=(2, 12)), None, "tanh")]
    twins = [LatentExplorer(layers, rng.normal(size=(9, 2)), np.zeros(9, int), (3, 4)) for _ in range(2)]
    state = embed_data(views=[*twins, explorer], drop_defaults=False)["manager_state"]
    notebook = new.new_notebook(metadata={"widgets": {STATE: state}})
    store_states(notebook, tmp_path / "states.json")
    data = {buffer["path"][0]: buffer["data"] for buffer in state["state"][twins[0].model_id]["buffers"]}
    assert (tmp_path / "states.json").read_text().count(data["_weights"]) == 1
    read = read_states(tmp_path / "states.json")[STATE]["state"]
    for widget in (*twins, explorer):
        found = {buffer["path"][0]: buffer["data"] for buffer in read[widget.model_id]["buffers"]}
        saved = {buffer["path"][0]: buffer["data"] for buffer in state["state"][widget.model_id]["buffers"]}
        assert found == {name: saved[name] for name in found}
        assert {"_weights", "_codes", "_labels"} <= found.keys()
    first = (tmp_path / "states.json").read_text()
    store_states(new.new_notebook(metadata={"widgets": {STATE: {"state": read}}}), tmp_path / "again.json")
    assert (tmp_path / "again.json").read_text() == first


def test_what_a_slider_drew_is_described_by_its_cell(tmp_path):
    """A picture in a widget has no text alternative of its own: it gets the one of the cell's output."""
    out = ipywidgets.Output()
    out.outputs = ({"output_type": "display_data", "data": {"image/png": PNG}, "metadata": {}},)
    box = ipywidgets.VBox([out])
    (page,) = mounted(tmp_path, [shows(box, **{VIEW: {"alt": 'two "rows" of digits'}})], [box])
    assert page.select_one("img")["alt"] == 'two "rows" of digits'


def test_label_is_text_and_html_is_html(tmp_path):
    """A Label's value is not read as HTML; an HTML widget's is."""
    label, html = ipywidgets.Label("</script><b>plain</b>"), ipywidgets.HTML("<b>bold</b>")
    first, second = mounted(tmp_path, [shows(label), shows(html)], [label, html])
    assert first.select("b") == []
    assert "<b>plain</b>" in first.text
    assert second.select_one("b").text == "bold"
