"""Read what a notebook's outputs record, and describe the pictures among them."""

from base64 import b64decode

import nbformat

from course_utils.questions.engine.verdict import VERDICT
from course_utils.results import RESULT

PICTURE = "image/png"
WIDGET = "application/vnd.jupyter.widget-view+json"


def read_records(notebook: nbformat.NotebookNode) -> list[dict]:
    """Return what `check_result` recorded in a notebook's outputs, in order; values are floats."""
    return [dict(record, value=float(record["value"])) for record in _recorded(notebook, RESULT)]


def read_verdicts(notebook: nbformat.NotebookNode) -> list[dict]:
    """Return what `check` recorded in a notebook's outputs, in order: key, passed, mistake, state."""
    return [dict(verdict) for verdict in _recorded(notebook, VERDICT)]


def _recorded(notebook, kind):
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [output.data[kind] for output in outputs if kind in output.get("data", {})]


def describe_figures(notebook: nbformat.NotebookNode) -> None:
    """Put each cell's text alternative where exporters look for it: with its picture or its widget. In place."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for kind in {PICTURE, WIDGET} & output.get("data", {}).keys():
                if "alt" in cell.metadata:
                    output.metadata.setdefault(kind, {})["alt"] = cell.metadata["alt"]


def tagged_picture(notebook: nbformat.NotebookNode, tag: str) -> bytes | None:
    """Return the PNG that a cell with this tag has drawn, None where there is none."""
    for cell in notebook.cells:
        if tag in cell.metadata.get("tags", []):
            for output in cell.get("outputs", []):
                if PICTURE in output.get("data", {}):
                    return b64decode(output.data[PICTURE])
    return None
