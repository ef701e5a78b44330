"""nbval executes lessons (`pytest --nbval-lax notebooks/*.ipynb`); here is that it notices what it has to."""

import os
import subprocess
import sys

import nbformat
import pytest
from _reading import SOURCES, stored

from course_utils.notebooks.sources import code_cells


def head_of_lesson_1(tmp_path, change):
    """Write the first lesson up to its parameter count, after a change, and return (path, run by nbval)."""
    notebook = stored(SOURCES[0])
    last = next(i for i, cell in enumerate(notebook.cells) if 'check_result("01.ae.n_parameters"' in cell.source)
    notebook.cells = notebook.cells[: last + 1]
    change(notebook)
    path = tmp_path / "copy.ipynb"
    nbformat.write(notebook, path)
    return path


def run_nbval(path, strict):
    """Run nbval as by hand; return the finished process."""
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-p", "no:cacheprovider", "-q", path.name]
    env = os.environ | {"COURSE_STRICT": strict}
    return subprocess.run(command, cwd=path.parent, env=env, capture_output=True, text=True, timeout=600, check=False)


def change_stored_output(notebook):
    """Falsify the stored output of the first compared cell."""
    cell = next(c for c in code_cells(notebook) if "nbval-check-output" in c.metadata.get("tags", []))
    cell.outputs[0].text = cell.outputs[0].text.replace("1003", "1004")


def change_layer(notebook):
    """Make a layer smaller, as a student would."""
    cell = next(cell for cell in code_cells(notebook) if "Dense(20" in cell.source)
    cell.source = cell.source.replace("Dense(20", "Dense(10", 1)
    for cell in code_cells(notebook):  # the student's own counting is another matter
        cell.metadata.pop("tags", None)


@pytest.mark.timeout(900)
def test_altered_output_is_caught(tmp_path):
    """nbval passes the notebook as it is, and fails when a compared output is not what the code prints."""
    untouched = run_nbval(head_of_lesson_1(tmp_path, lambda notebook: None), strict="1")
    assert untouched.returncode == 0, untouched.stdout
    altered = run_nbval(head_of_lesson_1(tmp_path, change_stored_output), strict="1")
    assert altered.returncode == 1
    assert "1004" in altered.stdout


@pytest.mark.timeout(900)
def test_changed_layer_stops_ci_and_no_student(tmp_path):
    """Out of range is an error under COURSE_STRICT=1, and a printed verdict without."""
    path = head_of_lesson_1(tmp_path, change_layer)
    assert run_nbval(path, strict="0").returncode == 0
    stopped = run_nbval(path, strict="1")
    assert stopped.returncode == 1
    assert "01.ae.n_parameters on gaussians: expected 1003" in stopped.stdout
