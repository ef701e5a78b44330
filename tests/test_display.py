"""What a notebook shows in its own way, and any other Python prints as text."""

import base64
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from PIL import Image

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


def test_figures_are_sharp_and_small():
    """A stored picture has twice the pixels that it takes on the screen, and few colours; an empty figure has none."""
    code = "import matplotlib.pyplot as plt\nfrom course_utils.plotting import set_style\nset_style()\n"
    code += "fig, ax = plt.subplots(figsize=(4, 2))\nax.plot([1, 3])\nplt.show()\nplt.figure()\nplt.show()"
    cell = nbformat.v4.new_code_cell(code)
    NotebookClient(nbformat.v4.new_notebook(cells=[cell]), kernel_name="python3").execute(cwd=str(ROOT))
    (shown,) = [output for output in cell.outputs if "image/png" in output.get("data", {})]
    picture = Image.open(BytesIO(base64.b64decode(shown.data["image/png"])))
    size = shown.metadata["image/png"]
    assert (picture.width // 2, picture.height // 2) == (size["width"], size["height"])
    assert abs(size["width"] - 320) < 12
    assert picture.mode == "P"


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
