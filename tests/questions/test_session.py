"""What `check`, `hint`, `solution` and `progress` show, in a kernel and elsewhere."""

import html
import re
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from course_utils import check, hint, progress, solution
from course_utils._paths import ROOT
from course_utils.questions.engine import catalogue, session
from course_utils.questions.engine.verdict import ERROR, LOOKS, VERDICT, Verdict, as_html, bundle_of


@pytest.fixture(autouse=True)
def forgetful(monkeypatch):
    """Begin each test as a fresh kernel does."""
    monkeypatch.setattr(session, "_verdicts", {})
    monkeypatch.setattr(session, "_hints_shown", {})
    monkeypatch.delenv("COURSE_STRICT", raising=False)


def test_nothing_is_imported_before_a_question_is_asked():
    """Not even NumPy; and after a choice still no Keras."""
    code = (
        "import sys, course_utils as c; c.check; c.hint; heavy = ('numpy', 'keras', 'tensorflow', 'sklearn');"
        "print([m for m in heavy if m in sys.modules]);"
        "c.check('02.5', 'a'); print([m for m in heavy[1:] if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[0] == done.stdout.splitlines()[-1] == "[]"


def test_a_kernel_shows_a_verdict_once():
    """As text, as HTML and as a record; the returned verdict, a cell's last value, is not shown again."""
    cell = nbformat.v4.new_code_cell("from course_utils import check\ncheck('02.5', 'a')")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    NotebookClient(notebook, kernel_name="python3").execute(cwd=str(ROOT))
    nbformat.validate(notebook)
    (output,) = cell.outputs
    assert output.output_type == "display_data"
    assert output.data["text/plain"].startswith("✗ 02.5: Not yet. Compare the two errors")
    assert output.data[VERDICT] == {"key": "02.5", "passed": False, "mistake": "option a", "state": "known mistake"}


def test_a_verdict_is_a_value(capsys):
    """It is returned, and printed where there is no notebook."""
    verdict = check("02.5", "b")
    assert (verdict.passed, verdict.mistake, verdict.state) == (True, None, "passed")
    assert capsys.readouterr().out == f"✓ 02.5: Right. {verdict.text}\n"
    assert check("02.5", ...).state == "your turn"
    assert capsys.readouterr().out == "… 02.5: Your turn. There is no answer yet.\n"
    check("02.5", "a")
    assert '`hint("02.5")` leads on.' in capsys.readouterr().out


@pytest.mark.parametrize("function", [lambda key: check(key, 1), hint, solution])
@pytest.mark.parametrize(
    ("key", "near"), [("02.55", '"02.5"'), ("2.1", '"02.1"'), (2.1, '"02.1"'), ("77.1", '"0'), (None, '"0')]
)
def test_an_unknown_key_names_those_that_come_near(function, key, near):
    """It is an error, and says what a key looks like."""
    with pytest.raises(
        catalogue.UnknownQuestionError, match=re.escape(f"There is no question {key!r}. Near it: ")
    ) as e:
        function(key)
    assert near in str(e.value)


def test_hints_come_one_by_one(capsys):
    """The last one stays, and names the solution."""
    hints = catalogue.find("02.1").hints
    for number in (1, 2, 3, 3):
        hint("02.1")
        out = capsys.readouterr().out
        assert out.startswith(f"02.1, hint {number} of 3: {hints[number - 1]}")
        assert ('`solution("02.1")`' in out) == (number == 3)


def test_the_solution_is_the_code_of_the_source(capsys):
    """Commented code that runs: that of the cells tagged `solution`."""
    solution("02.2")
    out = capsys.readouterr().out
    assert out.startswith("def reconstruct(X_train, X, k):")
    assert "# (n, d) -> (n, k)" in out
    assert "check(" not in out
    compile(out, "solution", "exec")


def test_progress_counts_points(capsys):
    """One for each that passed at its last check; a later mistake takes it back."""
    progress()
    assert capsys.readouterr().out == "No question was checked yet.\n"
    check("02.5", "b")
    check("02.1", ...)
    capsys.readouterr()
    progress()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + len(catalogue.questions_of("02"))
    assert lines[0] == "… 02.1 two scores for each image: Your turn. 0 points"
    assert lines[1].endswith("Not checked yet. 0 points")
    assert lines[4] == "✓ 02.5 shuffled pixels: Right. 1 point"
    assert lines[-1] == "1 of 6 points"
    check("02.5", "a")
    progress("02")
    assert capsys.readouterr().out.endswith("0 of 6 points\n")
    with pytest.raises(catalogue.UnknownQuestionError, match="lesson: expected one of"):
        progress("99")


def break_the_question(monkeypatch):
    """Have our own code fail."""
    question = catalogue.find("02.5")
    monkeypatch.setattr(type(question), "judge", lambda self, data: 1 / 0)


def test_our_own_failure_is_no_traceback(monkeypatch, capsys):
    """A sentence says that the check failed and the answer was not judged."""
    break_the_question(monkeypatch)
    assert not check("02.5", "b").passed
    assert "This check failed by itself, and your answer was not judged" in capsys.readouterr().out


def test_our_own_failure_stops_ci(monkeypatch):
    """Under COURSE_STRICT=1 it is an error."""
    break_the_question(monkeypatch)
    monkeypatch.setenv("COURSE_STRICT", "1")
    with pytest.raises(ZeroDivisionError):
        check("02.5", "b")


def luminance(colour):
    """Return the relative luminance of "#rrggbb" (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("state", LOOKS)
def test_looks(state):
    """Words and a mark say it; colour is beside them, seen on white and on black; text has the page's own."""
    mark, words, colour = LOOKS[state]
    for page in ("#ffffff", "#111111"):
        light, dark = sorted((luminance(colour), luminance(page)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3, page
    shown = bundle_of(Verdict("02.1", "A text.", None, state))
    assert mark in shown["text/plain"]
    assert words in shown["text/plain"]
    styles = re.findall(r'style="([^"]*)"', shown["text/html"])
    assert not [style for style in styles if "background" in style]
    assert re.sub(r"<[^>]+>", "", shown["text/html"]) == f"{mark} 02.1: {words} A text."


def test_a_students_text_is_no_html():
    """What an exception says is shown as it is."""
    text = "It raised ValueError: <script>alert(1)</script> & `a * b * c` of *it*"
    shown = bundle_of(Verdict("02.1", text, None, ERROR))["text/html"]
    assert "<script" not in shown
    assert "<code>a * b * c</code> of <em>it</em>" in shown
    assert html.unescape(re.sub(r"<[^>]+>", "", as_html("1 < 2 ` 3"))) == "1 < 2 ` 3"


def test_cells_of_a_source(tmp_path):
    """Heads and code, without the header; markdown is a cell of its own."""
    path = tmp_path / "99_x.py"
    path.write_text(
        '# ---\n# jupyter:\n# ---\n\n# %% [markdown]\n# # A\n\n# %% tags=["starter"]\na = ...\n\n\n# %%\nb\n'
    )
    assert catalogue.cells(path) == [("[markdown]", "# # A"), ('tags=["starter"]', "a = ..."), ("", "b")]
