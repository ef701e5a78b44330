"""What a notebook shows in its own way, and any other Python prints as text."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from course_utils import _display

ROOT = Path(__file__).resolve().parents[1]
SHOW = """
from course_utils import _display
bundle = {"text/plain": "in words", "text/html": "<b>in bold</b>"}
_display.show(bundle)
print(_display.in_notebook())
"""


def test_a_kernel_is_a_notebook():
    """It gets the whole bundle, and prints nothing of it."""
    cell = nbformat.v4.new_code_cell(SHOW)
    NotebookClient(nbformat.v4.new_notebook(cells=[cell]), kernel_name="python3").execute(cwd=str(ROOT))
    shown, printed = cell.outputs
    assert shown.output_type == "display_data"
    assert dict(shown.data) == {"text/plain": "in words", "text/html": "<b>in bold</b>"}
    assert printed.text == "True\n"


@pytest.mark.parametrize("python", [["-c"], ["-m", "IPython", "--no-banner", "-c"]], ids=["script", "IPython"])
def test_a_terminal_is_none(python):
    """A script and IPython's own shell print the text."""
    done = subprocess.run([sys.executable, *python, SHOW], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-2:] == ["in words", "False"]


def test_ipython_is_not_imported_for_it():
    """Asking costs nothing where no notebook is."""
    code = "import sys; from course_utils import _display; print(_display.in_notebook(), 'IPython' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_ipython_imported_by_another_library(capsys):
    """IPython without a shell, as some libraries import it, makes no notebook."""
    import IPython

    assert IPython.get_ipython() is None
    assert not _display.in_notebook()
    _display.show({"text/plain": "in words"})
    assert capsys.readouterr().out == "in words\n"
