"""`python -m bench`: measure side by side, in turns, and write build/bench.json, bench.md and bench.png.

With `--store` the table and the chart also go into the book and README.
"""

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
from importlib import metadata

import psutil

from bench import page, widgets
from bench.rows import ROWS, Row
from bench.ways import ROOT
from course_utils._files import write_text

NAMES = (*(row.name for row in ROWS), "widgets")
PACKAGES = ("tensorflow-cpu", "keras", "numpy", "scikit-learn")


def main() -> int:
    """Measure the rows asked for; those of earlier runs stay."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"one or more of {', '.join(NAMES)}")
    parser.add_argument("--rounds", type=int, help="how often each way has its turn (5)")
    parser.add_argument("--small", action="store_true", help="on 2,000 random images: shows that the bench works")
    parser.add_argument("--store", action="store_true", help="also write the table into the book and README")
    options = parser.parse_args()
    if options.small and options.store:
        parser.error("--store: expected a run without --small, got both; the book shows figures on MNIST only")
    if unknown := set(options.rows) - set(NAMES):
        parser.error(f"ROW: expected one of {', '.join(NAMES)}, got {', '.join(sorted(unknown))}")
    chosen = [row for row in ROWS if row.name in (options.rows or [row.name]) and (row.small or not options.small)]
    result = ROOT / "build" / ("bench-small.json" if options.small else "bench.json")
    found = json.loads(result.read_text()) if result.exists() else {}
    found = {"machine": machine(), "rows": found.get("rows", {}), "widgets": found.get("widgets")}
    for row in chosen:
        print(row.work, flush=True)
        found["rows"][row.name] = measure(row, options.rounds or row.rounds, options.small)
        write_text(result, json.dumps(found, indent=1) + "\n")  # a long row that fails loses none before it
        for line in page.lines(row, found["rows"][row.name]):
            print(f"    {line}", flush=True)
    if "widgets" in (options.rows or NAMES) and not options.small:
        found["widgets"] = widgets.measure()
        write_text(result, json.dumps(found, indent=1) + "\n")
        print(widgets.table(found["widgets"]), flush=True)
    page.write(found, result, store=options.store)
    return 0


def measure(row: Row, rounds: int, small: bool) -> dict:
    """Return what each way of a row took, round by round; a way that cannot run here says why."""
    taken = {way: {"seconds": [], "mb": []} for way in row.ways}
    for _ in range(rounds):
        for way, lists in taken.items():
            if "why_not" in lists:
                continue
            command = [sys.executable, "-m", "bench.ways", way, *(["--small"] if small else [])]
            command += ["--cores", str(row.cores)] if row.cores else []
            done = subprocess.run(command, cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False)
            if done.returncode:
                lists["why_not"] = (done.stderr.strip() or "no word").splitlines()[-1]
                continue
            for name, value in json.loads(done.stdout.splitlines()[-1]).items():
                lists[name].append(value)
    return {"date": datetime.date.today().isoformat(), "rounds": rounds, "ways": taken}


def _environment():
    # compiled modules are kept, as on a student's machine, and threads are not capped
    ours = {"PYTHONDONTWRITEBYTECODE", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"}
    return {name: value for name, value in os.environ.items() if name not in ours} | {"TF_CPP_MIN_LOG_LEVEL": "3"}


def machine() -> dict:
    """Return what the figures belong to."""
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "system": f"{platform.system()} on {platform.machine()}",
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in PACKAGES},
    }


if __name__ == "__main__":
    sys.exit(main())
