"""One HTML file of an executed lesson: no kernel, no network, the latent explorer alive.

nbconvert's own page fetches require.js, MathJax and a widget manager. Here formulas become MathML,
which browsers draw by themselves, and each LatentExplorer is mounted from its own module and its saved state.
Other controls keep what they last showed, with a word that they need a kernel.
"""

import json
import re
from html import escape

import nbformat
from jinja2 import pass_context
from latex2mathml.converter import convert
from nbconvert import HTMLExporter
from nbconvert.filters import ansi2html
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

_VIEW = "application/vnd.jupyter.widget-view+json"
_STATE = "application/vnd.jupyter.widget-state+json"
_EXPLORER = "LatentExplorer"
_NEEDS_KERNEL = "(this control needs a running kernel)"
# What the browser side of the explorer reads; the rest of the state is ipywidgets' own
_TRAITS = ("code", "_weights", "_layers", "_image_shape", "_codes", "_labels", "_distances")

# What fetches from the network is emptied, and a picture keeps its text alternative.
_TEMPLATE = """
{%- extends 'index.html.j2' -%}
{%- block html_head_js_requirejs -%}{%- endblock -%}
{%- block html_head_js_mathjax -%}{%- endblock -%}
{%- block html_head_js_mermaidjs -%}{%- endblock -%}
{%- block jupyter_widgets -%}{%- endblock -%}
{%- block data_png scoped -%}
<div class="jp-RenderedImage jp-OutputArea-output">{{ output | course_picture }}</div>
{%- endblock -%}
{%- block data_widget_view scoped -%}
<div class="jp-OutputArea-output">{{ output | course_widget(nb) }}</div>
{%- endblock -%}
{%- block body_footer -%}</main>{{ nb | course_scripts }}</body>{%- endblock -%}
{%- block footer -%}</html>{%- endblock -%}
"""

# A stand-in for anywidget's model: the saved state, and listeners that hear a change at once.
_MOUNT = """
const decodeBytes = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
const states = JSON.parse(document.getElementById("latent-explorer-states").textContent);
const models = {};
for (const [id, { state, bytes }] of Object.entries(states)) {
  for (const [name, text] of Object.entries(bytes)) state[name] = decodeBytes(text);
  const target = new EventTarget();
  const handlers = new Map();
  models[id] = {
    get: (name) => state[name],
    set(name, value) {
      state[name] = value;
      target.dispatchEvent(new Event(`change:${name}`));
    },
    on(type, handler) {
      handlers.set(handler, () => handler());
      target.addEventListener(type, handlers.get(handler));
    },
    off: (type, handler) => target.removeEventListener(type, handlers.get(handler)),
    save_changes() {},
  };
}
for (const el of document.querySelectorAll("[data-latent-explorer]")) {
  render({ model: models[el.dataset.latentExplorer], el });
}
"""


def _mathml(latex, display):
    try:
        return convert(latex, display=display)
    except Exception:  # latex2mathml raises whatever its parser meets; the formula's source is still readable
        return f"<code>{escape(latex)}</code>"


class _Renderer(IPythonRenderer):
    """Markdown with formulas as MathML, and with links that work where `make run` puts the page, in build/html."""

    def link(self, text, url, title=None):
        if re.fullmatch(r"\w+\.ipynb", url):  # another lesson: its page lies beside this one
            url = url.replace(".ipynb", ".html")
        elif re.fullmatch(r"(exercises|solutions)/\w+\.ipynb", url):  # of them there are no pages
            url = f"../../notebooks/{url}"
        return super().link(text, url, title)

    def inline_math(self, body):
        return _mathml(body, "inline")

    def block_math(self, body):
        return _mathml(body, "block")

    def latex_environment(self, name, body):
        return _mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")


def _picture(output, alt=""):
    alt = output.get("metadata", {}).get("image/png", {}).get("alt", alt)
    named = f' alt="{escape(alt)}"' if alt else ""
    return f'<img src="data:image/png;base64,{output["data"]["image/png"].strip()}"{named}>'


def _states(notebook):
    return notebook.metadata.get("widgets", {}).get(_STATE, {}).get("state", {})


def _is_explorer(model):
    return model["state"].get("_anywidget_id", "").endswith(f".{_EXPLORER}")


def _html(content):
    return f'<div class="jp-RenderedHTMLCommon">{content}</div>'


def _stored_output(output, alt):
    """HTML of one output that an ipywidgets Output had captured."""
    if output["output_type"] == "stream":
        return f'<div class="jp-RenderedText"><pre>{ansi2html(output["text"])}</pre></div>'
    data = output.get("data", {})
    if "image/png" in data:
        return _picture(output, alt)
    return _html(data.get("text/html") or f"<pre>{escape(data.get('text/plain', ''))}</pre>")


def _widget_html(model_id, states, alt):
    """HTML of a saved widget and of those it holds: the explorer alive, everything else as it last was."""
    model = states.get(model_id)
    if model is None:
        return ""
    state = model["state"]
    if _is_explorer(model):
        return f'<div data-latent-explorer="{model_id}"></div>'
    if "children" in state:
        return "".join(_widget_html(child.removeprefix("IPY_MODEL_"), states, alt) for child in state["children"])
    if "outputs" in state:
        return "".join(_stored_output(output, alt) for output in state["outputs"])
    if model["model_name"] == "HTMLModel":
        return _html(state.get("value", ""))
    if model["model_name"] == "LabelModel":
        return _html(f"<p>{escape(state.get('value', ''))}</p>")
    images = [buffer["data"] for buffer in model.get("buffers", ()) if buffer["path"] == ["value"]]
    if model["model_name"] == "ImageModel" and images:
        return f'<img src="data:image/{state.get("format", "png")};base64,{images[0]}" alt="">'
    name = escape(state.get("description", "")).removesuffix(":")
    value = escape(str(state.get("value", "")))
    return _html(f"<p>{name}{': ' if name and value else ''}{value} {_NEEDS_KERNEL}</p>")


def _widget(output, notebook):
    """HTML of a cell's widget; its picture, if it drew one, with the cell's text alternative."""
    alt = output.get("metadata", {}).get(_VIEW, {}).get("alt", "")
    return _widget_html(output["data"][_VIEW]["model_id"], _states(notebook), alt)


def _scripts(notebook):
    """The explorer's module, its style and the states to mount, once for the page; empty without any."""
    states, code, style = {}, "", ""
    for model_id, model in _states(notebook).items():
        if _is_explorer(model):
            code, style = model["state"]["_esm"], model["state"]["_css"]
            states[model_id] = {
                "state": {name: value for name, value in model["state"].items() if name in _TRAITS},
                "bytes": {b["path"][0]: b["data"] for b in model["buffers"] if b["path"][0] in _TRAITS},
            }
    if not states:
        return ""
    data = json.dumps(states).replace("<", "\\u003c")
    return (
        f"<style>{style}</style>"
        f'<script type="application/json" id="latent-explorer-states">{data}</script>'
        f'<script type="module">{code}{_MOUNT}</script>'
    )


class _Exporter(HTMLExporter):
    raw_template = _TEMPLATE

    @pass_context
    def markdown2html(self, context, source):
        """As nbconvert's, with formulas as MathML."""
        attachments = context.get("cell", {}).get("attachments", {})
        path = context.get("resources", {}).get("metadata", {}).get("path", "")
        renderer = _Renderer(escape=False, attachments=attachments, embed_images=True, path=path)
        return MarkdownWithMath(renderer=renderer).render(source)

    def default_filters(self):
        yield from super().default_filters()
        yield "course_picture", _picture
        yield "course_scripts", _scripts
        yield "course_widget", _widget


def page_of(notebook: nbformat.NotebookNode, title: str) -> str:
    """Return an executed notebook as one HTML page that asks for nothing else.

    Parameters
    ----------
    notebook : NotebookNode
        Executed, with the widgets' state in its metadata, as nbclient leaves it.
    title : str
        The page's title.
    """
    return _Exporter().from_notebook_node(notebook, resources={"metadata": {"name": title}})[0]
