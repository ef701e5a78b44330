"""`python -m course_utils grade SUBMISSIONS -o OUT`: a class's notebooks, graded by the course's own checks.

Each notebook's outcome is on disk, under the checksum of all that it depends on, before the next one is waited for:
whoever repeats the command goes on where it stopped.
"""

import hashlib
import json
import math
import os
import sys
from concurrent.futures import as_completed
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path

from course_utils._errors import CourseError
from course_utils._files import write_text
from course_utils._settings import wanted_data
from course_utils._versions import code_version
from course_utils.datasets import describe_sources, load_mnist
from course_utils.grading import report, submissions
from course_utils.grading.bank import Bank, read_sources
from course_utils.grading.cage import Limits, missing
from course_utils.grading.notebook import Graded, better, grade
from course_utils.notebooks import workers


@dataclass(frozen=True)
class Order:
    """What one notebook's outcome depends on beside the notebook, and the folder that keeps it.

    An outcome under other limits holds, where it is no limit's doing.
    """

    sources: dict[str, str]  # of an instructor's questions, by file name
    limits: Limits
    data: str  # "mnist" or "digits"
    version: str  # of the course
    kept: str

    def key(self, content: bytes) -> str:
        """Return the SHA-256 of all that the outcome of a notebook depends on."""
        parts = (hashlib.sha256(content).hexdigest(), sorted(self.sources.items()), self.data)
        return hashlib.sha256(repr((*parts, self.version, self.limits.caged)).encode()).hexdigest()

    def known(self, content: bytes) -> Graded | None:
        """Return the outcome that is kept, if any."""
        try:
            found = json.loads((Path(self.kept) / f"{self.key(content)}.json").read_text("utf-8"))
            outcome = Graded(**{field.name: found["outcome"][field.name] for field in fields(Graded)})
        except Exception:  # there is none, or something else wrote it
            return None
        whole = not (outcome.reason or outcome.unjudged)
        return outcome if whole or found.get("limits") == asdict(self.limits) else None

    def keep(self, content: bytes, outcome: Graded) -> None:
        """Write an outcome to the folder, unless it is our own fault: then it is tried again next time."""
        if not outcome.fault:
            text = json.dumps({"limits": asdict(self.limits), "outcome": asdict(outcome)})
            write_text(Path(self.kept) / f"{self.key(content)}.json", text)


def add_arguments(parser) -> None:
    """Declare what the command takes."""
    text = "a folder or a zip, as platforms export them"
    parser.add_argument("submissions", metavar="SUBMISSIONS", help=text)
    parser.add_argument("-o", "--out", metavar="OUT", required=True, help="the folder to write to")
    parser.add_argument("--questions", metavar="FOLDER", help="your own questions, in place of the course's")
    parser.add_argument("--minutes", type=float, default=10.0, help="for each notebook (10)")
    parser.add_argument("--uncaged", action="store_true", help="let students' code do whatever you may do here")
    workers.add_scheduler_option(parser)


def main(options) -> int:
    """Grade all submissions; return 1 where the grader itself failed on some."""
    if not 0 < options.minutes < math.inf:
        raise CourseError(f"--minutes: expected a number above 0, got {options.minutes:g}.")
    limits = Limits(seconds=60 * options.minutes, caged=not options.uncaged)
    if limits.caged and not options.scheduler and (lack := missing()):
        raise CourseError(
            f"{lack}\nWhat to do: grade on Linux, or in a virtual machine that runs it; or, where you trust these "
            "students with all that you may do on this machine, add --uncaged."
        )
    sources = read_sources(Path(options.questions)) if options.questions else {}
    bank, out = Bank(sources), Path(options.out).resolve()
    bank.check()
    handed_in = submissions.read(Path(options.submissions))
    data = "mnist" if _mnist(wanted_data()) else "digits"
    order = Order(sources, limits, data, code_version(), str(out / ".graded"))
    contents = {order.key(c): c for s in handed_in for c in s.notebooks.values()}
    outcomes = _outcomes(contents, order, options.scheduler)
    rows = {s.student: _row(s, [outcomes[order.key(c)] for c in s.notebooks.values()], bank) for s in handed_in}
    for student, row in rows.items():
        for name, text in report.of_student(student, row, row["titles"], order.data).items():
            write_text(out / report.folder_name(student) / name, text)
    keys = bank.titles({key[:2] for row in rows.values() for key in row["titles"]})
    for name, text in report.of_class(rows, list(keys)).items():
        write_text(out / name, text)
    doubtful = sum(report.state_of(row) != "graded" for row in rows.values())
    print(
        f"students: {len(rows)}, notebooks: {len(contents)}, graded on {order.data}: {out / 'index.html'}, grades.csv"
    )
    if doubtful:
        print(f"To look at by hand: {doubtful}, whose state is not `graded`.")
    failed = sum(outcome.fault for outcome in outcomes.values())
    if failed:
        print(f"Notebooks that met a fault of the grader: {failed}. Repeat the command.", file=sys.stderr)
    return 1 if failed else 0


def task(content: bytes, order: Order) -> Graded:
    """Grade one notebook, wherever this runs; keep the outcome on disk where the folder is there, and return it."""
    if code_version() != order.version:
        raise CourseError(
            f"this worker has version {code_version()} of the course and its packages, not {order.version}"
        )
    os.environ["COURSE_DATA"] = order.data  # for the right answers
    outcome = grade(content, Bank(order.sources), order.limits, _mnist(order.data))
    if Path(order.kept).is_dir():  # it need not be, on another machine
        order.keep(content, outcome)
    return outcome


@cache
def _mnist(wanted) -> Path | None:
    # where MNIST lies, fetched where it is not here yet; None for the digits
    if wanted == "digits":
        return None
    return _valid_mnist() or (_valid_mnist() if load_mnist().name == "mnist" else None)


def _valid_mnist():
    return next((Path(row["where"]) for row in describe_sources() if row["state"] == "valid"), None)


def _outcomes(contents, order, scheduler):
    outcomes = {key: found for key, content in contents.items() if (found := order.known(content))}
    Path(order.kept).mkdir(parents=True, exist_ok=True)
    if len(outcomes) == len(contents):
        return outcomes
    with workers.processes(scheduler) as executor:
        waiting = {executor.submit(task, contents[key], order): key for key in contents if key not in outcomes}
        print(f"{len(contents)} notebooks, {len(outcomes)} known from before", file=sys.stderr, flush=True)
        for future in as_completed(waiting):
            key = waiting[future]
            try:
                outcomes[key] = future.result()
            except Exception as error:  # a process or a worker has died, or is not as this one
                outcomes[key] = Graded(
                    reason=f"the grader failed by itself: {type(error).__name__}: {error}", fault=True
                )
            order.keep(contents[key], outcomes[key])
            print(f"{len(outcomes)} of {len(contents)} notebooks", file=sys.stderr, flush=True)
    return outcomes


def _row(submission, outcomes, bank):
    row = {"verdicts": {}, "unjudged": {}, "asked": set(), "reasons": [], "errors": []}
    for path, outcome in zip(submission.notebooks, outcomes, strict=True):
        name = path.rsplit("/", 1)[-1]
        if outcome.reason:
            row["reasons"].append(f"{name}: {outcome.reason.rstrip('. ')}.")
        row["errors"] += [f"{name}: {error}" for error in outcome.errors]
        row["asked"] |= {*outcome.asked}
        for verdict in outcome.verdicts:
            if better(verdict, row["verdicts"].get(verdict["key"])):
                row["verdicts"][verdict["key"]] = verdict
                row["unjudged"].pop(verdict["key"], None)
        row["unjudged"] |= outcome.unjudged
    row["titles"] = bank.titles({key[:2] for key in row["asked"]})
    row["reasons"] += submission.problems
    row["reasons"] += [report.sentence(f"{key} was not judged: {why}") for key, why in row["unjudged"].items()]
    if unasked := [key for key in row["titles"] if key not in row["asked"]]:
        row["reasons"].append(f"No check of {', '.join(unasked)} was found.")
    if not submission.notebooks and not submission.problems:
        row["reasons"].append(
            f"No notebook was handed in{', but ' * bool(submission.others)}{_some(submission.others)}."
        )
    elif not row["asked"] and not row["reasons"]:
        row["reasons"].append("No notebook checks a question.")
    return row


def _some(names):
    return ", ".join(names[:3]) + (" and more" if len(names) > 3 else "")
