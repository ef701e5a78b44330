"""The bench works: in its smallest form, on 2,000 random images."""

import json
import subprocess
import sys

from course_utils._paths import BUILD, ROOT


def run_bench(*arguments):
    """Run it once in this form."""
    command = [sys.executable, "-m", "bench", "--small", "--rounds", "1", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_smallest_form():
    """Each way of each row works and says how long it took; table and chart are written."""
    done = run_bench()
    assert done.returncode == 0, done.stderr
    assert "not measured" not in done.stdout
    found = json.loads((BUILD / "bench-small.json").read_text())
    for row in found["rows"].values():
        for taken in row["ways"].values():
            assert len(taken["seconds"]) == 1
            assert taken["seconds"][0] > 0
    assert "| PCA with two components" in (BUILD / "bench-small.md").read_text()
    assert (BUILD / "bench-small.png").stat().st_size > 10_000


def test_an_unknown_row_is_refused():
    """The message names those there are."""
    done = run_bench("speed")
    assert done.returncode == 2
    assert "ROW: expected one of pca, growth" in done.stderr
    assert "got speed" in done.stderr
