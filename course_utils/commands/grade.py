"""`python -m course_utils grade SUBMISSIONS -o OUT`: a class's notebooks, graded by the course's own checks.

Each notebook's outcome is on disk, under the checksum of all that it depends on, before the next one is waited for:
whoever repeats the command goes on where it stopped.
"""

import hashlib
import json
import sys
from concurrent.futures import as_completed
from dataclasses import asdict
from pathlib import Path

from course_utils._settings import wanted_data
from course_utils.commands import CommandError, executors, write_text
from course_utils.grading import _walls, report, submissions
from course_utils.grading.bank import Bank, read_sources
from course_utils.grading.cage import Limits
from course_utils.grading.notebook import Graded, better, data_file, grade

OURS = "the grader failed by itself: "  # such a notebook is tried again next time


def main(options) -> int:
    """Grade all submissions; return 1 where the grader itself failed on some."""
    limits = Limits(seconds=60 * options.minutes, caged=not options.uncaged)
    if limits.caged and not options.scheduler and (lack := _walls.missing()):
        raise CommandError(
            f"{lack}\nWhat to do: grade on Linux, or in a container; or, where you trust these students with all that "
            "you may do on this machine, add --uncaged."
        )
    sources = read_sources(Path(options.questions)) if options.questions else {}
    bank, out = Bank(sources), Path(options.out).resolve()
    handed_in = submissions.read(Path(options.submissions))
    contents = {key_of(c, bank, limits): c for s in handed_in for c in s.notebooks.values()}
    outcomes = _outcomes(contents, sources, limits, out / ".graded", options.scheduler)
    rows = {s.student: _row(s, [outcomes[key_of(c, bank, limits)] for c in s.notebooks.values()]) for s in handed_in}
    keys = bank.keys({key[:2] for row in rows.values() for key in row["verdicts"]})
    for student, row in rows.items():
        report.write_student(out / report.folder_name(student), student, row, keys)
    report.write_grades(out / "grades.csv", rows, keys)
    print(f"{len(rows)} students, {len(contents)} notebooks: {out / 'grades.csv'}")
    failed = sum(OURS in " ".join(row["reasons"]) for row in rows.values())
    if failed:
        print(f"{failed} of them met a fault of the grader; repeat the command.", file=sys.stderr)
    return 1 if failed else 0


def key_of(content: bytes, bank: Bank, limits: Limits) -> str:
    """Return the SHA-256 of all that a notebook's outcome depends on."""
    data = "digits" if data_file() is None else "mnist"
    parts = (hashlib.sha256(content).hexdigest(), bank.fingerprint(), asdict(limits), wanted_data(), data)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def task(key: str, content: bytes, sources: dict[str, str], limits: Limits, kept: str) -> str:
    """Grade one notebook, wherever this runs; keep the outcome on disk where the folder is there, and return it."""
    outcome = grade(content, Bank(sources), limits).as_json()
    if Path(kept).is_dir():
        write_text(Path(kept) / f"{key}.json", outcome)
    return outcome


def _outcomes(contents, sources, limits, kept, scheduler):
    outcomes = {key: found for key in contents if (found := _known(kept / f"{key}.json"))}
    kept.mkdir(parents=True, exist_ok=True)
    with executors.of_processes(scheduler) as executor:
        waiting = {
            executor.submit(task, key, content, sources, limits, str(kept)): key
            for key, content in contents.items()
            if key not in outcomes
        }
        for future in as_completed(waiting):
            key = waiting[future]
            try:
                text = future.result()
                write_text(kept / f"{key}.json", text)
                outcomes[key] = Graded(**json.loads(text))
            except executors.LOST as error:
                outcomes[key] = Graded(reason=f"{OURS}{type(error).__name__}: {error}")
            print(f"{len(outcomes)} of {len(contents)} notebooks", file=sys.stderr, flush=True)
    return outcomes


def _known(path):
    try:
        return Graded(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _row(submission, outcomes):
    row = {"verdicts": {}, "reasons": [], "errors": []}
    for path, outcome in zip(submission.notebooks, outcomes, strict=True):
        name = path.rsplit("/", 1)[-1]
        if outcome.reason:
            row["reasons"].append(f"{name}: {outcome.reason}.")
        row["errors"] += [f"{name}, {error}" for error in outcome.errors]
        for verdict in outcome.verdicts:
            if better(verdict, row["verdicts"].get(verdict["key"])):
                row["verdicts"][verdict["key"]] = verdict
    if submission.n_more:
        row["reasons"].append(f"{submission.n_more} more notebooks were not read: {submissions.MOST} are, by name.")
    if not submission.notebooks:
        row["reasons"].append("no notebook was handed in")
    return row
