"""The ledger: a figure's line, its record in the cell's output, the table at the end."""

import re

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbclient import NotebookClient

from course_utils import _predictions, results


@pytest.fixture
def ledger(tmp_path, monkeypatch):
    """Put a small ledger in the place of the course's, and start with no results."""
    path = tmp_path / "results.toml"
    path.write_text(
        '[mnist."09.a"]\nvalue = 1.0\nlow = 0.5\nhigh = 1.5\nsource = "a formula"\nwhat = "an error"\n'
        '[mnist."09.b"]\nvalue = 1.0\nlow = -inf\nhigh = 2.0\nsource = "a paper"\n'
        '[digits."09.b"]\nvalue = 3.0\nlow = 3.0\nhigh = inf\nsource = "counted"\n'
    )
    monkeypatch.setattr(results, "LEDGER", path)
    monkeypatch.setattr(results, "_checked", {})
    monkeypatch.setattr(_predictions, "_asked", {})
    monkeypatch.delenv("COURSE_STRICT", raising=False)
    results.load_ledger.cache_clear()
    yield path
    results.load_ledger.cache_clear()


def test_value_range_and_verdict_are_printed(ledger, capsys):
    """A figure in range is printed with its range and `ok`."""
    results.check_result("09.a", 1.25)
    assert capsys.readouterr().out == "an error: 1.25   as expected (0.5 to 1.5)\n"


def test_counts_are_printed_in_full(ledger, capsys):
    """18081 images are not 1.808e+04."""
    results.check_result("09.a", 18081, "digits")
    assert capsys.readouterr().out.startswith("an error: 18081 ")
    results.report()
    assert " 18081 " in capsys.readouterr().out


def test_limits_belong_to_the_range(ledger, capsys):
    """A value on either limit is in range."""
    results.check_result("09.a", 0.5)
    results.check_result("09.a", 1.5)
    assert capsys.readouterr().out.count("as expected") == 2


@pytest.mark.parametrize("value", [0.499, 1.501, float("nan"), float("inf")])
def test_out_of_range_never_stops_a_student(ledger, capsys, value):
    """Without COURSE_STRICT the verdict is printed and the lesson goes on; NaN is out of range."""
    results.check_result("09.a", value)
    assert "OUT OF RANGE" in capsys.readouterr().out


def test_out_of_range_stops_ci(ledger, monkeypatch):
    """Under COURSE_STRICT=1 it is an error that names key, data set, expected, got and source."""
    monkeypatch.setenv("COURSE_STRICT", "1")
    with pytest.raises(
        results.ResultOutOfRangeError, match=r"09\.a on mnist: expected 0\.5 to 1\.5, got 2\. .*a formula"
    ):
        results.check_result("09.a", 2.0)


def test_misspelt_key(ledger):
    """A key in no table is an error, strict or not."""
    with pytest.raises(ValueError, match=r"^check_result: key: expected one of .*results\.toml, got '09\.c'\. "):
        results.check_result("09.c", 1.0)


def test_no_claim_on_other_data(ledger, capsys):
    """A key that another data set's table lacks is printed without a verdict."""
    results.check_result("09.a", 9.0, "digits")
    assert capsys.readouterr().out == "an error: 9   no claim on digits\n"


def test_misspelt_data_set(ledger):
    """A data set that the ledger does not have is an error with those that it has."""
    with pytest.raises(ValueError, match="dataset: expected one of mnist, digits, got 'foo'"):
        results.check_result("09.a", 1.0, "foo")


def test_report_has_a_row_for_each_figure(ledger, capsys):
    """The table at a lesson's end says it all once more, with the kernel's peak memory."""
    results.check_result("09.a", 1.23456789)
    results.check_result("09.b", 3.0)
    capsys.readouterr()
    results.report()
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["an", "error", "1.235", "0.5", "to", "1.5", "ok"]
    assert lines[2].split() == ["09.b", "3", "at", "most", "2", "OUT", "OF", "RANGE"]
    assert 0.02 < float(lines[-1].split()[-2]) < 20


def test_a_cell_that_is_run_again_counts_once(ledger, capsys):
    """The last value stands, in the place of the first; the same key on other data is another figure."""
    for value, dataset in ((1.0, "mnist"), (5.0, "digits"), (1.5, "mnist")):
        results.check_result("09.b", value, dataset)
    capsys.readouterr()
    results.report()
    rows = [line.split()[:2] for line in capsys.readouterr().out.splitlines()[1:3]]
    assert rows == [["09.b", "1.5"], ["09.b", "5"]]


def test_predictions_stand_beside_results(ledger, capsys):
    """A figure that was predicted is followed by what was said, and both are in the report; others change nothing."""
    results.check_result("09.a", 1.0)
    results.report()
    assert "prediction" not in capsys.readouterr().out
    _predictions.asked(_predictions.Prediction("09.a", "How many?")).answer = 3
    results.check_result("09.a", 1.0)
    results.check_result("09.b", 1.0)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[1] == "you said 3, 2 too high"
    results.report()
    lines = capsys.readouterr().out.splitlines()
    assert lines[4:6] == ["prediction  you said  came out", "How many?   3         1"]


def executed(code):
    """Return the outputs of a cell, executed in a kernel."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook, kernel_name="python3").execute(env={"COURSE_STRICT": "0"})
    nbformat.validate(notebook)
    return notebook.cells[0].outputs


def test_notebook_gets_text_and_record():
    """A cell's output holds the line that people read, and the unrounded value for programs."""
    outputs = executed(
        "from course_utils import check_result\n"
        "check_result('01.pca.exact', 0.3090123456789, 'gaussians')\n"
        "check_result('01.pca.exact', float('nan'), 'gaussians')"
    )
    ok, bad = (output.data for output in outputs)
    assert ok["text/plain"] == "PCA's error by the formula: 0.309   as expected (0.30895 to 0.30905)"
    assert ok[results.RESULT] == {
        "key": "01.pca.exact",
        "dataset": "gaussians",
        "value": 0.3090123456789,
        "expected": "0.30895 to 0.30905",
        "verdict": "ok",
    }
    assert bad[results.RESULT]["value"] == "nan"  # JSON has no NaN
    assert bad[results.RESULT]["verdict"] == "OUT OF RANGE"


def line(key, value, dataset="mnist"):
    """Return the line of a figure in a notebook, as parsed HTML."""
    return BeautifulSoup(results._line(results.judge(key, value, dataset)), "html.parser").li


def test_a_line_has_a_mark_a_value_a_bar_and_a_claim(ledger):
    """The bar has the accepted range, and the value inside of it or beside it; words say the same."""
    ok, bad = line("09.a", 1.25), line("09.a", 9)
    assert ok.text.split() == ["✓", "an", "error", "1.25", "as", "expected", "(0.5", "to", "1.5)"]
    assert bad["data-verdict"] == "OUT OF RANGE"
    for found, is_inside in ((ok, True), (bad, False)):
        start, width = (float(found.rect[name]) for name in ("x", "width"))
        at = float(re.match(r"M([\d.]+)", found.svg.select("path")[-1]["d"])[1])
        assert (start <= at <= start + width) is is_inside
        assert 0 <= at <= 120
        assert found.circle is None


@pytest.mark.parametrize(
    ("value", "dataset", "is_inside"), [(1.5, "mnist", True), (5, "mnist", False), (4, "digits", True)]
)
def test_a_range_without_an_end(ledger, value, dataset, is_inside):
    """At most 2 reaches to the left edge, at least 3 to the right one."""
    found = line("09.b", value, dataset)
    start, width = (float(found.rect[name]) for name in ("x", "width"))
    assert (start == 5.0) if dataset == "mnist" else (start + width == 115.0)
    at = float(re.match(r"M([\d.]+)", found.svg.select("path")[-1]["d"])[1])
    assert (start <= at <= start + width) is is_inside


def test_a_prediction_is_on_the_bar(ledger):
    """As a ring, in the figure's own unit."""
    asked = _predictions.asked(_predictions.Prediction("09.a", "How many per cent?", unit="%", scale=100))
    assert line("09.a", 1).circle is None
    asked.answer = 100
    found = line("09.a", 1)
    assert float(found.circle["cx"]) == float(re.match(r"M([\d.]+)", found.svg.select("path")[-1]["d"])[1])


def test_a_figure_without_a_range_has_no_bar(ledger):
    """No claim, or a value that is no number: nothing is drawn."""
    assert line("09.a", 1, "digits").svg is None
    assert line("09.a", float("nan")).svg is None


def test_a_notebook_gets_the_report_as_tables():
    """Results, predictions and memory; plain text says the same."""
    code = "from course_utils import check_result, report\ncheck_result('01.pca.exact', 0.309, 'gaussians')\nreport()"
    _, shown = executed(code)
    page = BeautifulSoup(shown.data["text/html"], "html.parser")
    assert [cell.text for cell in page.select("td")][1:] == ["0.309", "0.30895 to 0.30905", "ok"]
    assert page.p.text in shown.data["text/plain"]
