"""The ledger's two functions."""

import json

import pytest

from course_utils import results


@pytest.fixture
def ledger(tmp_path, monkeypatch):
    """Put a small ledger in the place of the course's, and start with no results."""
    path = tmp_path / "results.toml"
    path.write_text(
        '[mnist."09.a"]\nvalue = 1.0\nlow = 0.5\nhigh = 1.5\nsource = "a formula"\n'
        '[mnist."09.b"]\nvalue = 1.0\nlow = -inf\nhigh = 2.0\nsource = "a paper"\n'
    )
    monkeypatch.setattr(results, "LEDGER", path)
    monkeypatch.setattr(results, "_checked", [])
    monkeypatch.delenv("COURSE_STRICT", raising=False)
    monkeypatch.delenv("COURSE_REPORT", raising=False)
    results.load_ledger.cache_clear()
    yield path
    results.load_ledger.cache_clear()


def test_value_range_and_verdict_are_printed(ledger, capsys):
    """A figure in range is printed with its range and `ok`."""
    results.check_result("09.a", 1.25)
    assert capsys.readouterr().out == "09.a = 1.25   expected 0.5 to 1.5: ok\n"


def test_counts_are_printed_in_full(ledger, capsys):
    """18081 images are not 1.808e+04."""
    results.check_result("09.a", 18081, "digits")
    assert capsys.readouterr().out.startswith("09.a = 18081 ")
    results.report()
    assert " 18081 " in capsys.readouterr().out


def test_limits_belong_to_the_range(ledger, capsys):
    """A value on either limit is in range."""
    results.check_result("09.a", 0.5)
    results.check_result("09.a", 1.5)
    assert capsys.readouterr().out.count(": ok") == 2


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
    with pytest.raises(KeyError, match=r"09\.c"):
        results.check_result("09.c", 1.0)


def test_no_claim_on_other_data(ledger, capsys):
    """A key that another data set's table lacks is printed without a verdict."""
    results.check_result("09.a", 9.0, "digits")
    assert capsys.readouterr().out == "09.a = 9   no claim on digits\n"


def test_report_prints_and_writes(ledger, capsys, monkeypatch, tmp_path):
    """The report has a row for each figure, and `make run` gets the unrounded values."""
    monkeypatch.setenv("COURSE_REPORT", str(tmp_path / "report.json"))
    results.check_result("09.a", 1.23456789)
    results.check_result("09.b", 3.0)
    capsys.readouterr()
    results.report()
    out = capsys.readouterr().out
    assert "09.a" in out
    assert "at most 2" in out
    assert "OUT OF RANGE" in out
    written = json.loads((tmp_path / "report.json").read_text())
    assert [row["value"] for row in written["results"]] == [1.23456789, 3.0]
    assert 20 < written["peak_memory_mb"] < 20_000
