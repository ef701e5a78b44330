"""The widgets in a real browser: from an event to the frame that shows it, and how fast the playground trains.

Their tests measure it, and leave it in build/measured; nothing here is a ratio, so nothing has a mark.
"""

import datetime
import json
import subprocess
import sys

from bench.ways import ROOT

FRAME = 1000 / 60  # ms
_TESTS = ("page.py::test_latency", "pad.py::test_latency", "playground.py::test_speed", "playground.py::test_latency")
_RESULT = ROOT / "build" / "measured" / "alone.json"  # where tests that run in one process write
_KEYS = {  # what the tests call it, and what the table does
    "explorer_move_to_paint": "Explorer: the point is moved, the digit is painted",
    "pen_up_to_paint": "Your own digit: the pen is lifted, code and digit are painted",
    "playground_drag_to_paint": "Playground: points are dragged, line and curve are painted",
    "playground_frames": "Playground: from frame to frame while a net trains",
}


def measure() -> dict:
    """Run the tests that measure; return {name: median and 95th percentile in ms}, and the epochs per second."""
    _RESULT.unlink(missing_ok=True)
    tests = [f"tests/browser/test_{name}" for name in _TESTS]
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", *tests], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        said = done.stdout.strip() or done.stderr.strip()
        return {"why_not": f"{said.splitlines()[-1]} (`make test-browser` sets up what it needs)"}
    found = json.loads(_RESULT.read_text())
    times = {
        "explorer_move_to_paint": found["latency_html"][0]["to_frame_end"],
        "pen_up_to_paint": found["pen_up_to_paint"],
        "playground_drag_to_paint": found["playground_drag_to_paint"],
        "playground_frames": found["playground"]["frames"],
    }
    date = datetime.date.today().isoformat()
    return {"date": date, "ms": times, "epochs_per_second": found["playground"]["epochs_per_second"]}


def table(found: dict) -> str:
    """Return what was measured as a table of markdown, and a sentence on the playground's training."""
    if "why_not" in found:
        return f"The widgets were not measured: {found['why_not']}\n"
    said = [f"| in a browser, one frame being {FRAME:.1f} ms | median | 95 % within |", "| --- | --- | --- |"]
    for key, name in _KEYS.items():
        times = found["ms"][key]
        said.append(f"| {name} | {times['median_ms']:.3g} ms | {times['p95_ms']:.3g} ms |")
    rate = found["epochs_per_second"]
    return "\n".join(said) + (
        f"\n\nMeanwhile the playground trained lesson 1's net for {rate:.0f} epochs per second ({found['date']}).\n"
    )
