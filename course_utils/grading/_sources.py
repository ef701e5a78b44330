"""What can be told of a notebook before any of it runs: its cells, what they check, and what a person may look at.

Runs in the sandbox: reading a strange file may take much memory, too.
"""

import ast
import json
import re

MOST_CELLS = 1000
DOORS = ("check", "hint", "solution", "progress")  # what students import of `course_utils.questions`


class Unreadable(Exception):  # noqa: N818 - it is the notebook that is
    """A file is no notebook; the message says why."""


def read_notebook(content: bytes, transform) -> tuple[dict, list[str]]:
    """Return a notebook's plan and the sources of its code cells; Unreadable where it is none.

    `transform` turns a cell as people write it, magics and all, into Python.
    """
    code, texts = _cells(content)
    trees = [_tree(source, transform) for source in code]
    names = {"check"}.union(*(_aliases(tree) for tree in trees))
    cells = [
        {"checks": _checks(tree, names), "beginning": _beginning(source)}
        for tree, source in zip(trees, code, strict=True)
    ]
    asked = {key for cell in cells for key, _, _ in cell["checks"]}
    return {"cells": cells, "notes": _notes(trees, texts, code, asked)}, code


def _cells(content):
    # sources of the code cells, and of all others
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("it is not UTF-8, as every notebook is") from error
    try:
        notebook = json.loads(text)
        # format 3, of before 2015, has its cells in worksheets, and their code under another name
        sheets = [notebook] if "cells" in notebook else notebook["worksheets"]
        cells = [cell for sheet in sheets for cell in sheet["cells"]]
        code, texts = [], []
        for cell in cells:
            is_code = cell["cell_type"] == "code"
            source = cell["input"] if is_code and "source" not in cell else cell["source"]
            source = source if isinstance(source, str) else "".join(source)
            source = source.encode("utf-8", "replace").decode()  # half a character is none
            (code if is_code else texts).append(source)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, MemoryError) as error:
        raise Unreadable("it is damaged, or no notebook") from error
    if len(code) > MOST_CELLS:
        raise Unreadable(f"it has more than {MOST_CELLS} cells of code")
    return code, texts


def _tree(source, transform):
    # a cell as Python; what is none, or nested too deep, raises where it is executed
    try:
        tree = ast.parse(transform(source))
        for node in ast.walk(tree):  # %%time, %time: the cell is the magic's last argument
            if isinstance(node, ast.Call) and _name(node) in ("run_cell_magic", "run_line_magic"):
                node.args[-1] = _tree(node.args[-1].value, transform) if node.args else None
        return tree
    except Exception:
        return ast.Module([], [])


def _name(call):
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _walk(tree):
    # all nodes, also those of a magic's cell
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += ast.iter_child_nodes(node)


def _aliases(tree):
    # other names of `check`: from course_utils import check as c; mine = check
    found = set()
    for node in _walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("course_utils"):
            found |= {alias.asname for alias in node.names if alias.name == "check" and alias.asname}
        elif isinstance(node, ast.Assign) and getattr(node.value, "id", getattr(node.value, "attr", "")) == "check":
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


def _checks(tree, names):
    # in a cell's order: check("01.1", answer), with or without names, in a magic, by whatever name it was imported
    try:
        calls = [node for node in _walk(tree) if isinstance(node, ast.Call) and _name(node) in names]
        calls.sort(key=lambda call: (call.lineno, call.col_offset))
        found = []
        for call in calls:
            given = dict(zip(("key", "answer"), call.args, strict=False))
            given |= {word.arg: word.value for word in call.keywords}
            key = getattr(given.get("key"), "value", None)
            edition = getattr(given.get("edition"), "value", 1)
            if isinstance(key, str) and "answer" in given:
                key = key.encode("utf-8", "replace").decode()[:20]
                found.append([key, ast.unparse(given["answer"]), edition if isinstance(edition, int) else 1])
    except Exception:  # nested too deep
        return []
    return found


def _beginning(source):
    # a cell's first line that says something
    lines = [line.strip() for line in source.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return lines[0][:60] if lines else ""


def _notes(trees, texts, code, asked):
    notes = []
    nodes = [node for tree in trees for node in _walk(tree)]
    if any(map(_reaches_in, nodes)) or any(re.search(r"course_utils[./]questions[./]\w", source) for source in code):
        notes.append("code reaches into course_utils.questions")
    if any(isinstance(node, ast.Call) and _name(node) == "solution" for node in nodes):
        notes.append("`solution` is called")
    pattern = re.compile(r"""\bcheck\(\s*["'](\d\d\.\d+)["']""")
    in_text = {key for text in texts for key in pattern.findall(text)}
    in_comments = {key for text in code for key in pattern.findall(text)} - in_text
    notes += [f"the check of {key} stands in a cell of text" for key in sorted(in_text - asked)[:20]]
    notes += [
        f"the check of {key} is not executed: it is a comment, or text" for key in sorted(in_comments - asked)[:20]
    ]
    return notes


def _reaches_in(node):
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        inside = module.startswith("course_utils.questions.")
        return inside or (module == "course_utils.questions" and any(a.name not in DOORS for a in node.names))
    return isinstance(node, ast.Import) and any(a.name.startswith("course_utils.questions.") for a in node.names)
