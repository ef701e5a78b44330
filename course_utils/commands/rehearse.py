"""`python -m course_utils rehearse HUB`: have as many students as a class has work through a lesson on a hub."""

import argparse
import asyncio
import getpass
import math
import os
import sys
import time
from collections import Counter
from statistics import median

import httpx

from course_utils._errors import CourseError
from course_utils.hub.student import Student
from course_utils.notebooks.sources import add_lesson_option, code_cells, lesson_paths, read_unsolved

PASSWORD = "COURSE_HUB_PASSWORD"
LOG_INS_A_SECOND = 2.0  # what one hub takes; a class whose students all click at once waits about as long
QUICK_CELLS = 5
SAID_EVERY = 10.0  # seconds
HEALTH_EVERY, HEALTH_LIMIT = 1.0, 5.0  # seconds between two looks at the hub, and for its answer


def add_arguments(parser) -> None:
    """Declare what the command takes."""
    parser.add_argument("hub", metavar="HUB", type=_address, help="its address, for example https://hub.example.org")
    parser.add_argument("--users", type=int, default=30, metavar="N", help="how many students (default: 30)")
    add_lesson_option(parser)
    text = "seconds between two cells, on average (default: 20)"
    parser.add_argument("--think", type=float, default=20.0, metavar="SECONDS", help=text)
    parser.add_argument("--quick", action="store_true", help=f"run only the first {QUICK_CELLS} cells")
    parser.epilog = (
        "The students are rehearsal-01, rehearsal-02 and so on. They log in with the hub's shared password, which is "
        f"asked for, or taken from {PASSWORD}."
    )


def main(options) -> int:
    """Rehearse, print the report, and return 1 where a student did not get through."""
    if options.users < 1 or options.think < 0 or len(options.lesson or []) != 1:
        raise CourseError("expected --users of at least 1, --think of at least 0, and one --lesson, for example 2.")
    (source,) = lesson_paths(options.lesson) or [None]
    if source is None:
        raise CourseError(f"expected a lesson, got {options.lesson[0]!r}.\nWhat to do: give its number, --lesson 2.")
    notebook = read_unsolved(source)
    if options.quick:
        last = code_cells(notebook)[:QUICK_CELLS][-1]
        del notebook.cells[notebook.cells.index(last) + 1 :]
    password = os.environ.get(PASSWORD) or getpass.getpass("The hub's shared password: ")
    path = f"rehearsal-{source.stem}.ipynb"
    digits = max(2, len(str(options.users)))
    students = [
        Student(options.hub, f"rehearsal-{i:0{digits}}", password, notebook, path, options.think)
        for i in range(1, options.users + 1)
    ]
    print(
        f"{options.users} student{'s' * (options.users > 1)}, lesson {source.stem}, {len(code_cells(notebook))} cells, "
        f"about {options.think:g} s to think before each.",
        flush=True,
    )
    started = time.monotonic()
    outages: list[list[float]] = []
    try:
        asyncio.run(_rehearse(options.hub, students, outages))
    finally:
        print(report(students, outages, started))
    return 0 if all(student.stage == "done" for student in students) else 1


def _address(text):
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host:
        raise argparse.ArgumentTypeError(f"expected an address such as https://hub.example.org, got {text!r}")
    return text.rstrip("/").removesuffix("/hub")


async def _rehearse(hub, students, outages):
    beside = [asyncio.create_task(_watch(hub, outages)), asyncio.create_task(_tell(students))]
    try:
        async with asyncio.TaskGroup() as group:
            for student in students:
                group.create_task(student.attend())
                await asyncio.sleep(1 / LOG_INS_A_SECOND)
    finally:
        for task in beside:
            task.cancel()


async def _watch(hub, outages):
    # Look whether the hub itself answers; [from, to] of each time in which it did not
    async with httpx.AsyncClient(timeout=HEALTH_LIMIT, trust_env=False) as web:
        answered = True
        while True:
            asked = time.monotonic()
            try:
                healthy = (await web.get(f"{hub}/hub/health")).is_success
            except httpx.HTTPError:
                healthy = False
            if not healthy and answered:
                outages.append([asked, math.inf])
            if healthy and not answered:
                outages[-1][1] = time.monotonic()
            answered = healthy
            await asyncio.sleep(HEALTH_EVERY)


async def _tell(students):
    # Say where the students are, and at once what went wrong
    said, told = time.monotonic(), set()
    while True:
        await asyncio.sleep(0.5)
        for student in students:
            if student.problem and student.name not in told:
                told.add(student.name)
                print(f"{student.name}: {student.problem}", file=sys.stderr, flush=True)
        if time.monotonic() - said > SAID_EVERY:
            said = time.monotonic()
            stages = Counter(student.stage.split()[0] for student in students)
            print(", ".join(f"{stage} {n}" for stage, n in stages.items()), file=sys.stderr, flush=True)


def report(students: list[Student], outages: list[list[float]], started: float) -> str:
    """Return what came of a rehearsal, in words and a table.

    outages holds [from, to] of each time in which the hub did not answer; started is when the rehearsal began. Both
    count as time.monotonic().
    """
    passed = [student for student in students if student.stage == "done"]
    lines = ["", f"{len(passed)} of {len(students)} got through, in {time.monotonic() - started:.0f} s."]
    table = []
    for title, values, unit in _measures(students, passed):
        if values:
            row = (f"{value:>{9 - len(unit)}.2f} {unit}" for value in (median(values), _p95(values), max(values)))
            table.append(f"{title:<30}{len(values):>8}{''.join(row)}")
    if table:
        lines += ["", f"{'':<30}{'number':>8}{'median':>10}{'95 %':>10}{'most':>10}", *table]
    if passed:
        lines += ["", _limits(passed)]
    for begin, end in outages:
        until = "to the end" if end == math.inf else f"to {end - started:.0f} s"
        lines += ["", f"The hub did not answer from {begin - started:.0f} s {until}."]
    failed = sorted((s for s in students if s.problem), key=lambda student: student.failed_at)
    if failed:
        lines += ["", "What broke, and what broke first:"]
        lines += [f"{student.failed_at - started:>6.0f} s  {student.name}, {student.problem}" for student in failed]
    if any("log-in" in student.seconds for student in students):
        lines += ["", _cleaning(students)]
    return "\n".join(lines)


def _measures(students, passed):
    for stage, title in {"log-in": "log-in", "server": "start of a server", "kernel": "start of a kernel"}.items():
        yield title, [student.seconds[stage] for student in students if stage in student.seconds], "s"
    yield "a cell", [seconds for student in students for seconds in student.cells], "s"
    yield "all cells of a student", [student.seconds["lesson"] for student in passed], "s"
    yield "memory of a student", [student.facts["memory_mb"] / 1000 for student in passed], "GB"


def _p95(values):
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def _limits(passed):
    share = median(student.facts["computed"] / max(student.seconds["lesson"], 0.01) for student in passed)
    of_limit = max(student.facts["memory_mb"] / (student.facts["limit_mb"] or math.inf) for student in passed)
    memory = f"The largest took {of_limit:.0%} of its memory limit." if of_limit else "The hub sets no memory limit."
    return (
        f"While its cells ran, a student's kernel computed {share:.0%} of the time (median): well below 100 %, cores "
        f"are what limits.\n{memory}"
    )


def _cleaning(students):
    left = [f"{student.name} ({', '.join(student.left_over)})" for student in students if student.left_over]
    done = "Servers are stopped, tokens revoked, and the notebooks of those who got through removed."
    if left:
        done = f"Could not be cleaned up: {'; '.join(left)}."
    return f"{done} The accounts remain: remove them on the hub's admin page."
