"""`python -m course_utils measure`: execute all notebooks with five seeds, and write data/spread.json."""

import json
import statistics

from course_utils._files import write_text
from course_utils._paths import DATA
from course_utils.datasets import load_mnist
from course_utils.notebooks import workers
from course_utils.notebooks.execution import execute_all, report_errors
from course_utils.notebooks.provenance import stored_seconds
from course_utils.notebooks.sources import (
    add_lesson_option,
    all_paths,
    name_of,
    read_lesson,
    set_parameter,
    stored_path,
)

SPREAD = DATA / "spread.json"
N_SEEDS = 5


def add_arguments(parser) -> None:
    """Declare what the command takes."""
    add_lesson_option(parser)
    workers.add_scheduler_option(parser)


def main(options) -> int:
    """Measure the lessons asked for; the spread of each is on disk before the next one begins."""
    data = load_mnist().name  # fetched, if need be, before the first lesson
    for path in all_paths(options.lesson):
        seeds = {f"{name_of(path)}, seed {seed}": read_lesson(path) for seed in range(N_SEEDS)}
        varied = [set_parameter(book, "SEED = 0", f"SEED = {seed}") for seed, book in enumerate(seeds.values())]
        if not all(varied):
            print(f"{name_of(path)}: nothing in it is random (there is no line SEED = 0)")
            continue
        expected = dict.fromkeys(seeds, stored_seconds(stored_path(path)))
        done = dict(execute_all(seeds, strict=False, scheduler=options.scheduler, data=data, expected=expected))
        if report_errors(done):
            return 1
        runs = [done[title] for title in seeds]
        everything = json.loads(SPREAD.read_text()) if SPREAD.exists() else {}  # other lessons were measured before
        table = everything.setdefault(runs[0].dataset, {})
        for key in runs[0].results:
            table[key] = _summary([run.results[key] for run in runs])
            print(f"{key}: {table[key]}")
        write_text(SPREAD, json.dumps(everything, indent=1, sort_keys=True) + "\n")
    return 0


def _summary(values):
    summary = {"min": min(values), "mean": statistics.fmean(values), "max": max(values)}
    return {"seeds": len(values)} | {name: float(f"{value:.5g}") for name, value in summary.items()}
