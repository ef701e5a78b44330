"""The widgets of executed notebooks in pages without a kernel: a place in the page, and scripts that fill it.

`make notebooks` stores the widgets' states in book/states, outside the notebooks: pages are alive in a fresh clone. A
script holds what a widget of `course_utils.widgets` was when the notebook was saved, another one its class's module
and style, once for the site; `book/_static/mount.js` fetches both when the place comes near, and puts the widget
there. They are scripts and not data because a page that is opened from the file system may load nothing else.
Other controls keep what they last showed, with a word that they need a kernel.
"""

import importlib
import json
from html import escape
from pathlib import Path

import anywidget
import nbformat

from course_utils._files import write_text
from course_utils._paths import ROOT

STATES = ROOT / "book" / "states"
VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
OURS = "course_utils.widgets."
# What the browser side of a widget does not read
_NOT_ITS_OWN = {*anywidget.AnyWidget.class_trait_names(sync=True), "_anywidget_id", "_esm", "_css"}


def states_file(name: str) -> Path:
    """Return where the states of a stored notebook's widgets are kept; name is as in "01_toy_gaussians"."""
    return STATES / f"{name}.json"


def store_states(notebook: nbformat.NotebookNode, file: Path) -> None:
    """Move the states of the course's widgets from a notebook's metadata into a file; no file where it has none.

    Only traits that a widget's browser side reads are kept: module and style are added when a page is made. Of a grid
    that holds such widgets it is known which they are. Bytes that two widgets share, as the weights of one net, are
    written once; `read_states` puts them back.
    """
    found = notebook.metadata.pop("widgets", {}).get(STATE, {}).get("state", {})
    kept = {key: _as_stored(model) for key, model in found.items() if _is_ours(model)}
    for key, model in found.items():
        if _is_grid(model) and kept.keys() >= {*_children(model)}:
            state = {"children": model["state"]["children"]}
            kept[key] = {"model_name": model["model_name"], "state": state, "buffers": []}
    _share(kept)
    lines = [f"{json.dumps(key)}: {json.dumps(model)}" for key, model in kept.items()]
    if lines:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_text(file, "{\n" + ",\n".join(lines) + "\n}\n")
    else:
        file.unlink(missing_ok=True)


def read_states(file: Path) -> dict:
    """Return a notebook's metadata `widgets` as `store_states` has kept them; without states where there is no file."""
    states = json.loads(file.read_text("utf-8")) if file.exists() else {}
    for buffer in (buffer for model in states.values() for buffer in model["buffers"] if "same_as" in buffer):
        key, path = buffer.pop("same_as")
        buffer["data"] = next(other["data"] for other in states[key]["buffers"] if other["path"] == path)
    return {STATE: {"state": states}}


def _share(models):
    # Of equal buffers the first keeps its data, and the others say where that is
    seen = {}
    for key, model in models.items():
        for buffer in filter(lambda buffer: buffer["data"], model["buffers"]):
            first = seen.setdefault(buffer["data"], [key, buffer["path"]])
            if first != [key, buffer["path"]]:
                del buffer["data"]
                buffer["same_as"] = first


def _is_ours(model):
    return model["state"].get("_anywidget_id", "").startswith(OURS)


def _is_grid(model):
    return model["model_name"] == "GridBoxModel"


def _children(model):
    return [child.removeprefix("IPY_MODEL_") for child in model["state"]["children"]]


def _as_stored(model):
    state = {name: value for name, value in model["state"].items() if name not in _NOT_ITS_OWN}
    state["_anywidget_id"] = model["state"]["_anywidget_id"]
    buffers = [{**buffer} for buffer in model.get("buffers", ()) if buffer["path"][0] not in _NOT_ITS_OWN]
    return {"model_name": model["model_name"], "state": state, "buffers": buffers}


def mount(notebook: nbformat.NotebookNode, folder: Path) -> None:
    """Replace each widget in a notebook's outputs by HTML.

    Writes the scripts of the course's widgets into `folder`, and takes the state out of the notebook's metadata, and
    out of the outputs what no page shows.
    """
    states = notebook.metadata.pop("widgets", {}).get(STATE, {}).get("state", {})
    write_scripts(states, folder)
    for output in (output for cell in notebook.cells for output in cell.get("outputs", [])):
        if VIEW in output.get("data", {}):
            alt = output.metadata.get(VIEW, {}).get("alt", "")
            model_id = output.data[VIEW]["model_id"]
            html = _html_of(model_id, states, alt) if model_id in states else _without_state(output.data, alt)
            output["data"] = {"text/html": f'<div class="course-output">{html}</div>'}
        for kind in [kind for kind in output.get("data", {}) if kind.startswith("application/")]:
            del output.data[kind]  # records are for tools


def write_scripts(states: dict[str, dict], folder: Path) -> None:
    """Write what mount.js needs of the course's widgets among saved models, as ipywidgets saves them."""
    folder.mkdir(parents=True, exist_ok=True)
    for model_id, model in states.items():
        if _is_ours(model):
            name = model["state"]["_anywidget_id"]
            module, _, kind = name.rpartition(".")
            widget = getattr(importlib.import_module(module), kind)
            _write(folder / f"{name}.js", "modules", name, {"module": widget._esm, "style": widget._css})
            _write(folder / f"{model_id}.js", "states", model_id, _own(model))


def _write(path, kind, name, content):
    text = f"courseWidgets.{kind}[{json.dumps(name)}] = {json.dumps(content)};\n"
    path.write_text(text, encoding="utf-8")


def _own(model):
    # Its own traits, and those of them that are bytes
    buffers = model.get("buffers", ())
    return {
        "state": {name: value for name, value in model["state"].items() if name not in _NOT_ITS_OWN},
        "bytes": {buffer["path"][0]: buffer["data"] for buffer in buffers if buffer["path"][0] not in _NOT_ITS_OWN},
    }


def _html_of(model_id, states, alt):
    """HTML of a saved widget and of those it holds: the course's own alive, everything else as it last was."""
    model = states.get(model_id)
    if model is None:
        return ""
    state = model["state"]
    name = state.get("_anywidget_id", "")
    if name.startswith(OURS):
        until_then = f"<p>{escape(alt)} This part is interactive: it needs a browser with JavaScript.</p>"
        return f'<div data-course-widget="{escape(model_id)}" data-course-class="{escape(name)}">{until_then}</div>'
    if "children" in state:
        html = "".join(_html_of(child, states, alt) for child in _children(model))
        return f'<div class="course-grid">{html}</div>' if _is_grid(model) else html
    if "outputs" in state:
        return "".join(_stored_output(output, alt) for output in state["outputs"])
    if model["model_name"] == "HTMLModel":
        return state.get("value", "")
    if model["model_name"] == "LabelModel":
        return f"<p>{escape(state.get('value', ''))}</p>"
    images = [buffer["data"] for buffer in model.get("buffers", ()) if buffer["path"] == ["value"]]
    if model["model_name"] == "ImageModel" and images:
        return f'<img src="data:image/{state.get("format", "png")};base64,{images[0]}" alt="">'
    name = escape(state.get("description", "")).removesuffix(":")
    value = escape(str(state.get("value", "")))
    return f"<p>{name}{': ' if name and value else ''}{value} (this control needs a running kernel)</p>"


def _stored_output(output, alt):
    """HTML of one output that an ipywidgets Output had captured."""
    if output["output_type"] == "stream":
        return f"<pre>{escape(output['text'])}</pre>"
    data = output.get("data", {})
    if "image/png" in data:
        alt = output.get("metadata", {}).get("image/png", {}).get("alt", alt)
        return f'<img src="data:image/png;base64,{data["image/png"].strip()}" alt="{escape(alt)}">'
    return data.get("text/html") or f"<pre>{escape(data.get('text/plain', ''))}</pre>"


def _without_state(data, alt):
    # What a widget without a state can tell: its cell's text alternative, or its own words where it has some
    text = data.get("text/plain", "")
    own_words = "" if "(children=" in text or " object at 0x" in text else f"<pre>{escape(text)}</pre>"
    return (
        f"{own_words}<p>{escape(alt)} <em>It answers where the lesson is run: in Jupyter, on Binder or Colab.</em></p>"
    )
