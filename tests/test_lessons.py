"""Executing a lesson: what a slider draws is kept, and nothing can be waited for in vain."""

import nbformat

from course_utils import _lessons


def test_slider_is_executed_and_kept():
    """The picture stays in the widget's state; the kernel is sent nothing, which could make the client miss the end."""
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(
                "import ipywidgets\nf = ipywidgets.interact(lambda k: 10 * k, k=ipywidgets.IntSlider(4))"
            ),
            nbformat.v4.new_code_cell("f.widget.children[-1].outputs"),
        ]
    )
    lesson = _lessons.execute(notebook, "slider", {})
    assert lesson["error"] == "the lesson ended without calling report()"
    states = notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"].values()
    (kept,) = (state["state"]["outputs"] for state in states if state["model_name"] == "OutputModel")
    assert [output["data"]["text/plain"] for output in kept] == ["40"]
    assert notebook.cells[1].outputs[0]["data"]["text/plain"] == "()"
