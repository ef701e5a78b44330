"""nbval executes lessons (`pytest --nbval-lax notebooks/*.ipynb`); here is that it notices what it has to."""

import os
import subprocess
import sys

import nbformat
import pytest

IMPORT = "from course_utils import check_result"
COUNT = "n_parameters = 1003\nprint(n_parameters, 'parameters')"
CHECK = 'check_result("01.ae.n_parameters", n_parameters, "gaussians")'


def write(path, *, count=COUNT, printed="1003 parameters\n", compared=True):
    """Write a lesson of three cells: an import, a count whose output is compared, and a figure of the ledger."""
    new = nbformat.v4
    counted = new.new_code_cell(count, execution_count=2, outputs=[new.new_output("stream", text=printed)])
    counted.metadata["tags"] = ["nbval-check-output"] if compared else []
    cells = [new.new_code_cell(IMPORT), counted, new.new_code_cell(CHECK)]
    format_ = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new.new_notebook(cells=cells, metadata={"kernelspec": format_}), path)
    return path


def run_nbval(path, strict):
    """Run nbval as by hand; return the finished process."""
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-p", "no:cacheprovider", "-q", path.name]
    env = os.environ | {"COURSE_STRICT": strict}
    return subprocess.run(command, cwd=path.parent, env=env, capture_output=True, text=True, timeout=600, check=False)


@pytest.mark.timeout(900)
def test_altered_output_is_caught(tmp_path):
    """nbval passes the notebook as it is, and fails when a compared output is not what the code prints."""
    untouched = run_nbval(write(tmp_path / "copy.ipynb"), strict="1")
    assert untouched.returncode == 0, untouched.stdout
    altered = run_nbval(write(tmp_path / "copy.ipynb", printed="1004 parameters\n"), strict="1")
    assert altered.returncode == 1
    assert "1004" in altered.stdout


@pytest.mark.timeout(900)
def test_changed_layer_stops_ci_and_no_student(tmp_path):
    """Out of range is an error under COURSE_STRICT=1, and a printed verdict without."""
    path = write(tmp_path / "copy.ipynb", count=COUNT.replace("1003", "503"), compared=False)
    assert run_nbval(path, strict="0").returncode == 0
    stopped = run_nbval(path, strict="1")
    assert stopped.returncode == 1
    assert "01.ae.n_parameters on gaussians: expected 1003" in stopped.stdout
