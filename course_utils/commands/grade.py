"""`python -m course_utils grade SUBMISSIONS -o OUT`: a class's notebooks, graded by the course's own checks.

Executing and judging are two steps. What each notebook answered is on disk before the next one is waited for, under the
checksum of what was executed: whoever repeats the command goes on where it stopped, and judges anew in seconds.
"""

import contextlib
import hashlib
import json
import math
import os
import sys
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, as_completed, wait
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from course_utils._errors import CourseError
from course_utils._files import write_text
from course_utils._settings import wanted_data
from course_utils._terminal import wrapped
from course_utils._versions import code_version
from course_utils.datasets import describe_sources, load_mnist
from course_utils.grading import class_report, execution, judging, roster, student_report, submissions, tables
from course_utils.grading.bank import Bank, read_sources
from course_utils.grading.judging import Judged
from course_utils.grading.marks import merge_manual, row_of
from course_utils.grading.sandbox import Limits, missing
from course_utils.notebooks import workers
from course_utils.notebooks.progress import Progress

IN_FLIGHT = 256 * 2**20  # bytes of notebooks that wait at the workers


@dataclass(frozen=True)
class Job:
    """What executing a notebook depends on beside the notebook, and the folder that keeps its answers."""

    sources: dict[str, str]  # of an instructor's questions, by file name
    limits: Limits
    data: str  # "mnist" or "digits"
    version: str  # of the course, as a worker must have it
    kept: str

    def path(self, checksum: str) -> Path:
        """Return where the answers of a notebook are kept."""
        name = hashlib.sha256(f"{checksum} {self.data} {self.limits.sandboxed}".encode()).hexdigest()
        return Path(self.kept) / f"{name}.answers"


def add_arguments(parser) -> None:
    """Declare what the command takes."""
    text = "a folder or a zip, as platforms export them"
    parser.add_argument("submissions", metavar="SUBMISSIONS", help=text)
    parser.add_argument("-o", "--out", metavar="OUT", required=True, help="the folder to write to")
    text = "who is in the class: Moodle's grading worksheet, Canvas's gradebook, or a CSV with name, id, email, login"
    parser.add_argument("--roster", metavar="CSV", help=text)
    parser.add_argument("--lessons", metavar="01,02", help="what was set; otherwise what at least half of them check")
    parser.add_argument("--questions", metavar="FOLDER", help="your own questions, in place of the course's")
    parser.add_argument("--column", metavar="NAME", help="the assignment's column in Canvas's gradebook")
    text = "judge what was executed before, by questions, roster and marks as they are now; execute nothing else"
    parser.add_argument("--rejudge", action="store_true", help=text)
    parser.add_argument("--minutes", type=float, default=10.0, help="for each notebook (10)")
    parser.add_argument("--no-sandbox", action="store_true", help="let students' code do whatever you may do here")
    workers.add_scheduler_option(parser)


def main(options) -> int:
    """Grade all submissions; return 1 where the grader itself failed on some."""
    if not 0 < options.minutes < math.inf:
        raise CourseError(f"--minutes: expected a number above 0, got {options.minutes:g}.")
    limits = Limits(seconds=60 * options.minutes, sandboxed=not options.no_sandbox)
    if limits.sandboxed and not options.scheduler and (lack := missing()):
        raise CourseError(
            f"{lack}\nWhat to do: grade on Linux, or in a virtual machine that runs it; or, where you trust these "
            "students with all that you may do on this machine, add --no-sandbox."
        )
    place, out = Path(options.submissions), Path(options.out).resolve()
    if place.resolve() == out:
        raise CourseError(f"-o {options.out}: expected another folder than that of the submissions.")
    sources = read_sources(Path(options.questions)) if options.questions else {}
    bank, people = Bank(sources), roster.read(Path(options.roster)) if options.roster else None
    lessons = _lessons(options.lessons, bank)
    bank.check()
    handed_in = submissions.read(place, people, without=out)
    data = "mnist" if _mnist(wanted_data()) else "digits"
    job = Job(sources, limits, data, code_version(), str(out / ".graded"))
    _make_folder(Path(job.kept))
    everybody = handed_in.submissions | handed_in.strangers
    found = {a.checksum: a.source for s in everybody.values() for a in s.attempts}
    with contextlib.ExitStack() as stack:
        executor = stack.enter_context(workers.processes(options.scheduler))
        judges = stack.enter_context(workers.processes(None)) if options.scheduler else executor
        faults, lacking = _execute(found, job, bank, executor, options.rejudge)
        judged = _judge(found.keys() - faults.keys() - lacking, job, judges)
    judged |= {checksum: Judged(reason=why, fault=True) for checksum, why in faults.items()}
    judged |= {
        checksum: Judged(reason="it was not executed yet: repeat the command without `--rejudge`")
        for checksum in lacking
    }

    titles = bank.titles(lessons or _lessons_found(everybody, judged, bank, handed_in.remarks))
    rows = {key: row_of(s, [judged[a.checksum] for a in s.attempts], titles) for key, s in everybody.items()}
    handed_in.remarks += merge_manual(out / "manual.csv", rows)
    strangers = {key: rows.pop(key) for key in handed_in.strangers}
    _write(out, rows, strangers, titles, handed_in, job.data, people, options.column)
    for remark in handed_in.remarks:
        print(wrapped(remark, sys.stderr), file=sys.stderr)
    summary = f"students: {len(rows)}, notebooks: {len(found)}, graded on {job.data}: {out / 'index.html'}, grades.csv"
    print(wrapped(summary, sys.stdout))
    if strangers:
        print(f"Not on the roster: {len(strangers)}, in not_on_roster.csv.")
    doubtful = sum(row.state != "graded" for row in rows.values())
    if doubtful:
        print(f"To look at by hand: {doubtful}, whose state is not `graded`.")
    failed = sum(outcome.fault for outcome in judged.values())
    if failed:
        print(f"Notebooks that met a fault of the grader: {failed}. Repeat the command.", file=sys.stderr)
    return 1 if failed else 0


def _lessons(given, bank):
    # the lessons that were set; None where they are to be found out
    if given is None:
        return bank.lessons() if bank.sources else None
    lessons = {number.strip().zfill(2) for number in given.split(",")}
    if unknown := sorted(lessons - bank.lessons()):
        known = ", ".join(sorted(bank.lessons()))
        raise CourseError(f"--lessons: expected numbers of {known}, separated by commas, got {', '.join(unknown)}.")
    return lessons


def _lessons_found(everybody, judged, bank, remarks):
    # what at least half of the students check who check anything: nobody sets a lesson for the others
    of_students = [
        {key[:2] for a in s.attempts for key in judged[a.checksum].asked if bank.find(key)} for s in everybody.values()
    ]
    of_students = [lessons for lessons in of_students if lessons]
    found = {
        lesson
        for lesson in set().union(*of_students)
        if 2 * sum(lesson in lessons for lessons in of_students) >= len(of_students)
    }
    if of_students:
        remarks.append(
            f"Lessons: {', '.join(sorted(found)) or 'none'}, as half of the class check them. `--lessons` sets others."
        )
    return found


def _make_folder(path):
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CourseError(
            f"{path.parent} cannot be written: {error.strerror}.\nWhat to do: name another folder by -o."
        ) from error


# Executing


def execute(content: bytes, job: Job, checksum: str) -> bytes | None:
    """Execute one notebook, wherever this runs, and keep its answers.

    Returns None where they are on disk, and where the folder is not there, as on another machine, what is to be kept.
    """
    if code_version() != job.version:
        raise CourseError(f"this worker has version {code_version()} of the course and its packages, not {job.version}")
    os.environ["COURSE_DATA"] = job.data  # for the right answers
    answers = execution.execute(content, Bank(job.sources), job.limits, _mnist(job.data))
    if answers.fault:  # our own: tried again next time
        raise CourseError("; ".join([answers.reason, *answers.unjudged.values()]).strip("; "))
    kept = execution.to_bytes(answers, job.limits)
    if not Path(job.kept).is_dir():
        return kept
    execution.keep(job.path(checksum), kept)
    return None


def fingerprints(keys: Iterable[str], job: Job) -> dict[str, str]:
    """Return what the answers to questions depend on, as checksums by their keys."""
    os.environ["COURSE_DATA"] = job.data
    bank = Bank(job.sources)
    return {key: execution.fingerprint(question) for key in keys if (question := bank.find(key))}


def _execute(found, job, bank, executor, rejudge):
    # why notebooks met a fault of ours, by their checksums; and, when nothing is to be executed, what never was
    known = {checksum: kept for checksum in found if (kept := execution.kept(job.path(checksum)))}
    asked = {key for kept in known.values() for key in kept.asked if bank.find(key)}
    now = executor.submit(fingerprints, sorted(asked), job).result() if asked else {}
    changed = {
        key: [checksum for checksum, kept in known.items() if key in kept.asked and kept.inputs.get(key, text) != text]
        for key, text in now.items()
    }
    new = {
        checksum
        for checksum, kept in known.items()
        for key in kept.asked
        if key in now and key not in kept.inputs and kept.whole
    }
    for key, its in changed.items():
        if its:
            said = f"{key}: what its check hands in has changed: {len(its)} notebooks are executed again"
            print(wrapped(said, sys.stderr), file=sys.stderr)
    if new:
        print(f"{len(new)} notebooks answer questions that are new, and are executed again", file=sys.stderr)
    again = new.union(*changed.values())
    if not rejudge:
        limits = asdict(job.limits)
        again |= {c for c, kept in known.items() if kept.version != execution.version()}
        again |= {c for c, kept in known.items() if not kept.whole and kept.limits != limits}
    lacking = found.keys() - known.keys()
    wanted = [checksum for checksum in found if checksum in again or (checksum in lacking and not rejudge)]
    faults = {}
    if wanted:
        faults = _through(executor, wanted, found, job)
    return faults, lacking if rejudge else set()


def _through(executor, wanted, found, job):
    # hands notebooks to the workers, some at a time: those that wait there are in somebody's memory
    waiting, faults, n_known = {}, {}, len(found) - len(wanted)
    left = list(reversed(wanted))
    limit = f"Executing one takes {job.limits.seconds / 60:g} min at most."
    opening = f"{len(found)} notebooks, {n_known} known from before. {limit}"
    with Progress(opening, len(found), n_known) as progress:
        while left or waiting:
            while left and sum(size for _, size in waiting.values()) < IN_FLIGHT:
                checksum = left.pop()
                try:
                    content = found[checksum].read()
                except OSError as error:
                    faults[checksum] = f"it cannot be read any more: {error}"
                    continue
                future = executor.submit(execute, content, job, checksum)
                waiting[future] = checksum, len(content) + 2**20
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                checksum, _ = waiting.pop(future)
                try:
                    if (kept := future.result()) is not None:
                        execution.keep(job.path(checksum), kept)
                except Exception as error:  # a process or a worker has died, or is not as this one
                    faults[checksum] = f"the grader failed by itself: {type(error).__name__}: {error}"
                progress.advance()
    return faults


@cache
def _mnist(wanted) -> Path | None:
    # where MNIST lies, fetched where it is not here yet; None for the digits
    if wanted == "digits":
        return None
    return _valid_mnist() or (_valid_mnist() if load_mnist().name == "mnist" else None)


def _valid_mnist():
    return next((Path(row["where"]) for row in describe_sources() if row["state"] == "valid"), None)


# Judging


def judge(checksum: str, job: Job) -> Judged:
    """Judge the kept answers of one notebook."""
    os.environ["COURSE_DATA"] = job.data
    return judging.judge_kept(job.path(checksum), Bank(job.sources))


def _judge(checksums, job, executor):
    waiting = {executor.submit(judge, checksum, job): checksum for checksum in checksums}
    judged = {}
    opening = "Judging the answers. The first take up to a minute, the others moments."
    with Progress(opening, len(waiting), in_log=False) as progress:
        for future in as_completed(waiting):
            checksum = waiting[future]
            try:
                judged[checksum] = future.result()
            except Exception as error:
                why = f"the grader failed by itself when it judged: {type(error).__name__}: {error}"
                judged[checksum] = Judged(reason=why, fault=True)
            progress.advance()
    return judged


# Writing


def _write(out, rows, strangers, titles, handed_in, data, people, column):
    for key, row in (rows | strangers).items():
        for name, text in student_report.of_student(row, data).items():
            write_text(out / student_report.folder_name(key) / name, text)
    texts = {"grades.csv": tables.grades(rows, list(titles))}
    texts |= {"not_on_roster.csv": tables.grades(strangers, list(titles))} if strangers else {}
    texts |= tables.gradebook(rows, people, handed_in.platform, column)
    texts |= class_report.of_class(rows, titles)
    handed_in.remarks += _keep_edited(out)
    texts["index.html"] = tables.overview(rows, strangers, handed_in.remarks)
    for name, text in texts.items():
        write_text(out / name, text)
    _remove_old(out, {student_report.folder_name(key) for key in rows | strangers}, texts)


def _written(out):
    try:
        return json.loads((out / ".graded" / "written.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {"folders": [], "tables": {}}


def _checksum(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _keep_edited(out):
    # a table that somebody has edited is renamed before it is written anew
    remarks = []
    for name, checksum in _written(out)["tables"].items():
        path = out / name
        if path.exists() and _checksum(path) != checksum:
            number = next(n for n in range(1, 10**6) if not (out / f"{path.stem}.edited-{n}{path.suffix}").exists())
            edited = path.rename(out / f"{path.stem}.edited-{number}{path.suffix}")
            remarks.append(f"{name} was edited: your version is now {edited.name}. Marks by hand belong in manual.csv.")
    return remarks


def _remove_old(out, folders, texts):
    # pages and tables of a run before that this one has none of: of a student who has left, say
    before = _written(out)
    for folder in set(before["folders"]) - folders:
        for name in ("feedback.html", "results.json"):
            (out / folder / name).unlink(missing_ok=True)
        if (out / folder).is_dir() and not any((out / folder).iterdir()):
            (out / folder).rmdir()
    for name in before["tables"].keys() - texts.keys():
        (out / name).unlink(missing_ok=True)
    written = {name: _checksum(out / name) for name in texts if name.endswith(".csv")}
    write_text(out / ".graded" / "written.json", json.dumps({"folders": sorted(folders), "tables": written}))
