"""How the cells of an executed notebook look on a page: drawing code folded, measured figures as a list."""

import ast
import re

import nbformat

from course_utils.results import LIST, RESULT

FOLDED = "hide-input"  # MyST-NB folds the code of a cell with this tag
LEFT_OUT = "remove-input"  # and leaves out the code of one with this
_PICTURE = "image/png"
_DRAWING = re.compile(r"plt|sns|fig|axe?s?|plot_\w+")  # names that only drawing code uses


def lay_out(notebook: nbformat.NotebookNode) -> None:
    """Fold, cut and restyle the code cells of an executed notebook in place; tags other than MyST-NB's are dropped.

    A cell that draws a picture is cut at its first drawing statement: what is calculated stays in view, what draws is
    folded. The code of a prediction is left out, since the form says the same; where it also names something, it is
    folded.
    """
    notebook.cells = [part for cell in notebook.cells for part in _parts(cell)]


def _parts(cell):
    cell.metadata.pop("tags", None)  # they are the tests' and the tools'
    if "alt" in cell.metadata:
        cell.metadata["mystnb"] = {"image": {"alt": cell.metadata["alt"]}}
    if cell.cell_type != "code":
        return [cell]
    parts = [cell]
    statements = ast.parse(cell.source).body
    if any(_PICTURE in output.get("data", {}) for output in cell.outputs):
        parts = _cut(cell, statements)
    elif statements and all(isinstance(node, ast.FunctionDef) and _draws(node) for node in statements):
        _fold(cell, "Show the function that draws")
    elif statements and all(_is_call(node, "predict") for node in statements):
        cell.metadata["tags"] = [LEFT_OUT]
    elif any(_is_call(node, "predict") for node in statements) and all(_asks(node) for node in statements):
        _fold(cell, "Show the code of this prediction")
    for part in parts:
        part.outputs = list(_restyled(part.outputs))
    return parts


def _cut(cell, statements):
    # what is calculated, what draws, what follows; the outputs go with the code that made them
    lines = cell.source.splitlines()
    drawing = [node for node in statements if _draws(node)]
    if not drawing:
        return [cell]
    first, last = drawing[0].lineno - 1, drawing[-1].end_lineno
    while first and lines[first - 1].startswith("#"):
        first -= 1
    pictures = [i for i, output in enumerate(cell.outputs) if _PICTURE in output.get("data", {})]
    codes = ["\n".join(part).strip("\n") for part in (lines[:first], lines[first:last], lines[last:])]
    outputs = (
        cell.outputs[: pictures[0]],
        cell.outputs[pictures[0] : pictures[-1] + 1],
        cell.outputs[pictures[-1] + 1 :],
    )
    parts = []
    for i, (code, shown) in enumerate(zip(codes, outputs, strict=True)):
        metadata = nbformat.from_dict(dict(cell.metadata))
        part = nbformat.v4.new_code_cell(code, id=f"{cell.id}-{i}", outputs=shown, metadata=metadata)
        if i == 1:
            _fold(part, "Show the code of this figure")
        if code or shown:
            parts.append(part)
            if not code:
                part.metadata["tags"] = [LEFT_OUT]
    return parts


def _fold(cell, words):
    prompts = {"code_prompt_show": words, "code_prompt_hide": words.replace("Show", "Hide")}
    cell.metadata["mystnb"] = cell.metadata.get("mystnb", {}) | prompts
    cell.metadata["tags"] = [FOLDED]


def _draws(node):
    if isinstance(node, ast.FunctionDef):
        return any(_DRAWING.fullmatch(argument.arg) for argument in node.args.args)
    names = (x.id for x in ast.walk(node) if isinstance(x, ast.Name))
    return any(_DRAWING.fullmatch(name) for name in names)


def _is_call(node, name):
    call = getattr(node, "value", None)
    return isinstance(call, ast.Call) and getattr(call.func, "id", "") == name


def _asks(node):
    return _is_call(node, "predict") or isinstance(node, ast.Assign)


def _joined(outputs):
    # What was printed in one go, but stored in several pieces, is one text, which scrolls as one
    joined = []
    for output in outputs:
        if joined and output.output_type == "stream" == joined[-1].output_type and output.name == joined[-1].name:
            joined[-1] = nbformat.v4.new_output("stream", name=output.name, text=joined[-1].text + output.text)
        else:
            joined.append(output)
    return joined


def _restyled(outputs):
    # Figures of the ledger that follow one another become one list; what is empty is dropped
    before, after = LIST.split("{}")
    lines = []
    for output in _joined(outputs):
        data = output.get("data", {})
        if RESULT in data and "text/html" in data:  # without, it was stored by an earlier version: text
            lines.append(data["text/html"].removeprefix(before).removesuffix(after))
            continue
        yield from _list(lines)
        lines = []
        if output.get("text", "something").strip() and data.get("text/plain", "something").strip():
            yield output
    yield from _list(lines)


def _list(lines):
    if lines:
        yield nbformat.v4.new_output("display_data", {"text/html": LIST.format("".join(lines))})
