"""A made-up class on a roster, with every oddity that a class has, as Moodle or Canvas exports it.

As a script it grades such a class, thirty real notebooks in it, and measures: `python tests/grading/_made_up.py FOLDER
300 moodle 30`.
"""

import csv
import json
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil

from course_utils.grading.bank import Bank

ROOT = Path(__file__).resolve().parents[2]
KEYS = ("01.1", "01.4", "02.4", "02.5")  # numbers and a letter, which a cell can hold
MISTAKES = {"01.1": 0, "01.4": 1, "02.4": 1, "02.5": 0}  # the number of a known mistake that is handed in
FIRST = ["Ann", "Bo", "Cem", "Dürte", "Émile", "Fatoumata", "Gül", "Håkon", "Inés", "Jörg"]
LAST = ["Lee", "Müller", "Ødegård", "O'Neil", "Nguyễn", "Öztürk", "van-Dijk", "Abu", "Šimek", "Zhou"]


@dataclass
class Person:
    """A student: number, name, the files that they handed in by their names, and what has to come out."""

    id: int
    name: str
    files: dict[str, bytes] = field(default_factory=dict)
    sum: float = 0
    state: str = ""  # words in it
    note: str = ""  # words of what to look at
    mistakes: dict[str, str] = field(default_factory=dict)
    late: bool = False
    on_roster: bool = True


def notebook(cells: list[tuple[str, str]], nbformat: int = 4) -> bytes:
    """Return a notebook of cells, (type, source)."""
    if nbformat == 3:
        sheet = [{"cell_type": kind, "input": source, "outputs": []} for kind, source in cells]
        return json.dumps({"worksheets": [{"cells": sheet}], "nbformat": 3}).encode()
    made = [{"cell_type": kind, "source": source, "metadata": {}} for kind, source in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


# Questions of the same keys that cost nothing to judge
HEAD = "import numpy as np\nfrom course_utils.questions.authoring import Mistake, array, choice\nH = ('One?', 'Two?')\n"
ARRAY = """
def q(key, right):
    wrong = Mistake("shifted", "You count from 1.", lambda: right + 1), Mistake("doubled", "Twice?", lambda: 2 * right)
    return array(key, "numbers", right=lambda: right, hints=H, mistakes=wrong)
"""
SIMPLE = {
    "lesson_01.py": f"{HEAD}{ARRAY}QUESTIONS = tuple(q(k, np.arange(3.0)) for k in ('01.1', '01.2', '01.4'))",
    "lesson_02.py": f"{HEAD}{ARRAY}LETTER = choice('02.5', 'a letter', right='b', wrong={{'a': 'Not a.'}}, hints=H)\n"
    "QUESTIONS = (q('02.4', np.arange(4.0)), LETTER)",
}


def known(bank: Bank) -> tuple[dict, dict, dict]:
    """Return by key a right answer, a wrong one, and the name of the mistake that this is, all as text."""
    right, wrong, names = {}, {}, {}
    for key in KEYS:
        question = bank.find(key)
        right[key] = _text(question.right())
        mistake = question.mistakes[MISTAKES[key]]
        wrong[key] = _text(mistake.make())
        verdict = question.judge(question.collect(mistake.make()))
        names[key] = verdict.mistake
        assert names[key]
        assert not verdict.passed
    return right, wrong, names


def _text(answer):
    return repr(answer) if isinstance(answer, str) else f"np.array({np.asarray(answer).tolist()!r})"


SETUP = ("code", "import numpy as np\nfrom course_utils import check")


def _cells(number, answers, setup=SETUP, name="check"):
    cells = [setup, ("code", f"student = {number}")]
    for i, (key, answer) in enumerate(answers.items()):
        cells += [("code", f"answer_{i} = {answer}"), ("code", f'{name}("{key}", answer_{i})')]
    return cells


def class_of(n: int, n_real: int, bank: Bank) -> list[Person]:
    """Return n students, and one who is not on the roster."""
    right, wrong, names = known(bank)
    people, usual = [], []
    for number in range(n):
        person = Person(1000 + 7 * number, f"{FIRST[number % 10]} {LAST[number // 10 % 10]}")
        people.append(person)
        odd = ODDITIES[number % 25] if number % 25 < len(ODDITIES) else None
        passed = {key: (number >> i) % 2 == 0 for i, key in enumerate(KEYS)}
        answers = {key: (right if passed[key] else wrong)[key] for key in KEYS}
        if odd:
            odd(person, number, right, wrong)
        else:
            person.files["02 exercises.ipynb"] = notebook(_cells(number, answers))
            person.sum = sum(passed.values())
            person.mistakes = {key: names[key] for key in KEYS if not passed[key]}
            person.state = "No check of 01.2"
            usual.append(person)
    for person in usual[:n_real]:
        real = json.loads((ROOT / "notebooks" / "solutions" / "02_mnist_pca.ipynb").read_text())
        real["cells"].append({"cell_type": "code", "source": f"student = {person.id}", "metadata": {}, "outputs": []})
        person.files = {"02_mnist_pca.ipynb": json.dumps(real).encode()}
        person.sum, person.mistakes, person.state = 6, {}, "No check of 01.1"
    gone = Person(9, "Zoë Gone", {"x.ipynb": notebook(_cells("gone", right))}, 4, on_roster=False)
    return [*people, gone]


def _all(person, number, right, **how):
    person.files["x.ipynb"] = notebook(_cells(number, right, **how))
    person.sum, person.state = 4, "No check of 01.2"


def _nothing(person, number, right, wrong):
    person.state = "No notebook was handed in"


def _text_only(person, number, right, wrong):
    person.files["essay.pdf"] = b"%PDF"
    person.state = "No notebook was handed in, but"


def _hidden(person, number, right, wrong):
    person.files[".hidden"] = b""
    person.state = "No notebook was handed in, but"


def _damaged(person, number, right, wrong):
    person.files["x.ipynb"] = b'{"cells": [' + str(number).encode()
    person.state = "damaged, or no notebook"


def _large(person, number, right, wrong):
    person.files["x.ipynb"] = b"0" * (21 * 2**20)
    person.state = "larger than 20 MiB"


def _format_3(person, number, right, wrong):
    _all(person, number, right)
    person.files["x.ipynb"] = notebook(_cells(number, right), nbformat=3)


def _alias(person, number, right, wrong):
    _all(person, number, right, setup=("code", "import numpy as np\nfrom course_utils import check as c"), name="c")


def _as_text(person, number, right, wrong):
    cells = _cells(number, right)
    cells[-1] = ("markdown", cells[-1][1])
    person.files["x.ipynb"] = notebook(cells)
    person.sum, person.state, person.note = 3, "No check of", "02.5 stands in a cell of text"


def _lost_file(person, number, right, wrong):
    answers = right | {"01.1": "np.load('points.npy')"}
    person.files["x.ipynb"] = notebook(_cells(number, answers))
    person.sum, person.note = 3, "01.1 stopped for a missing file"


def _asks(person, number, right, wrong):
    person.files["x.ipynb"] = notebook(_cells(number, right | {"02.5": "input()"}))
    person.sum, person.note = 3, "02.5 stopped for a missing input"


def _no_setup(person, number, right, wrong):
    person.files["x.ipynb"] = notebook(_cells(number, right, setup=("code", "")))
    person.sum, person.note = 1, "01.1 was not there when it was checked"  # a letter needs no package


def _other_lessons(person, number, right, wrong):
    _all(person, number, right | {"05.5": "'a'", "06.5": "'a'"})
    person.note = "checks what was not set: 05.5, 06.5"


def _reaches_in(person, number, right, wrong):
    _all(person, number, right, setup=("code", f"{SETUP[1]}, solution\nsolution('02.5')"))
    person.note = "`solution` is called"


def _twice(person, number, right, wrong):
    person.files["x.ipynb"] = notebook(_cells(f"{number} + 1", wrong))
    _all(person, number, right)
    person.files = {"x.ipynb": person.files["x.ipynb"], "x-1.ipynb": notebook(_cells(number, right))}


def _late(person, number, right, wrong):
    _all(person, number, right)
    person.late = True


ODDITIES = (_nothing, _text_only, _hidden, _damaged, _large, _format_3, _alias, _as_text, _lost_file, _asks, _no_setup)
ODDITIES += (_other_lessons, _reaches_in, _twice, _late)


def export(people: list[Person], platform: str, folder: Path) -> tuple[Path, Path]:
    """Write the platform's zip and the roster that it gives; return their paths."""
    zip_path, roster = folder / f"{platform}.zip", folder / f"{platform}-roster.csv"
    with zipfile.ZipFile(zip_path, "w", zipfile.ZIP_DEFLATED) as archive:
        for person in people:
            for number, (name, content) in enumerate(person.files.items()):
                if platform == "moodle":
                    path = f"{person.name}_{person.id}_assignsubmission_file/{name}"
                else:
                    last_first = "".join(reversed(person.name.split())).lower()
                    squashed = "".join(letter for letter in last_first if letter.isalnum())
                    path = f"{squashed}{'_LATE' * person.late}_{person.id}_{50 * person.id + number}_{name}"
                archive.writestr(path, content)
    with roster.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        if platform == "moodle":
            head = "Identifier|Full name|Email address|Status|Grade|Maximum Grade|Grade can be changed"
            writer.writerow(
                [*head.split("|"), "Last modified (submission)", "Last modified (grade)", "Feedback comments"]
            )
            for person in filter(lambda person: person.on_roster, people):
                mail = f"s{person.id}@example.org"
                writer.writerow([f"Participant {person.id}", person.name, mail, "", "", "10.00", "Yes", "-", "-", ""])
        else:
            writer.writerow(["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "PCA (77)", "Final Score"])
            writer.writerow(["    Points Possible", "", "", "", "", "10", "(read only)"])
            for person in filter(lambda person: person.on_roster, people):
                first, last = person.name.split(" ", 1)
                writer.writerow([f"{last}, {first}", person.id, f"u{person.id}", f"s{person.id}", "A", "", ""])
    return zip_path, roster


def wrong_rows(people: list[Person], out: Path, platform: str) -> list[str]:
    """Return in sentences what is not right in the tables of a class."""
    with (out / "grades.csv").open(newline="", encoding="utf-8-sig") as file:
        found = {row["id"]: row for row in csv.DictReader(file)}
    expected = {str(person.id): person for person in people if person.on_roster}
    wrong = [f"lost: {name}" for name in expected.keys() - found.keys()]
    wrong += [f"not on the roster: {name}" for name in found.keys() - expected.keys()]
    for key in expected.keys() & found.keys():
        person, row = expected[key], found[key]
        if (
            float(row["sum"]) != person.sum
            or person.state not in row["state"]
            or person.note not in row["look at this"]
        ):
            wrong.append(f"{person.name}: expected {person.sum}, {person.state!r}, {person.note!r}, got {row}")
        if person.late and platform == "canvas" and "late" not in row["look at this"]:
            wrong.append(f"{person.name}: was late")
    with (out / "not_on_roster.csv").open(newline="", encoding="utf-8-sig") as file:
        if [row["sum"] for row in csv.DictReader(file)] != ["4"]:
            wrong.append("who is not on the roster")
    return wrong + wrong_counts(people, out)


def wrong_counts(people: list[Person], out: Path) -> list[str]:
    """Return which known mistakes were not counted right."""
    expected = {}
    for person in filter(lambda person: person.on_roster, people):
        for item in person.mistakes.items():
            expected[item] = expected.get(item, 0) + 1
    with (out / "class.csv").open(newline="", encoding="utf-8-sig") as file:
        found = {(r["question"], r["mistake"]): int(r["students"]) for r in csv.DictReader(file) if r["mistake"]}
    return [f"mistakes: expected {expected}, counted {found}"] if found != expected else []


def command(folder: Path, platform: str, *more: str) -> list[str]:
    """Return the command that grades the class."""
    words = [str(folder / f"{platform}.zip"), "-o", str(folder / platform), "--lessons", "01,02"]
    words += ["--roster", str(folder / f"{platform}-roster.csv"), "--column", "PCA", *more]
    return [sys.executable, "-m", "course_utils", "grade", *words]


def _measured(words, kill_after=None):
    # run a command; its seconds, the peaks of its own memory and of each process that judges, in GB
    started, peaks = time.monotonic(), {"grader": 0.0, "a worker": 0.0, "a sandbox": 0.0}
    running = subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, text=True)

    def watch():
        top = psutil.Process(running.pid)
        while running.poll() is None:
            for process in [top, *_children(top)]:
                try:
                    line, size = " ".join(process.cmdline()), process.memory_info().rss / 1e9
                except psutil.Error:
                    continue
                kind = "grader" if process == top else "a sandbox" if "runner.main" in line else "a worker"
                peaks[kind] = max(peaks[kind], size)
            time.sleep(0.3)

    threading.Thread(target=watch, daemon=True).start()
    for line in running.stderr:
        print("   ", line.rstrip(), file=sys.stderr)
        if kill_after and line.startswith(f"{kill_after} of"):
            running.send_signal(signal.SIGKILL)
    running.wait()
    return running.returncode, time.monotonic() - started, {name: round(size, 2) for name, size in peaks.items()}


def _children(process):
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def main() -> None:
    """Make a class, grade it, kill the grader half-way, go on, judge again; print what was measured."""
    folder, n, platform, n_real = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    os.environ.setdefault("COURSE_DATA", "digits")
    folder.mkdir(parents=True, exist_ok=True)
    people = class_of(n, n_real, Bank())
    export(people, platform, folder)
    for what, more, kill_after in (
        ("until kill -9 half-way", (), n // 2),
        ("the rest", (), None),
        ("--rejudge", ("--rejudge",), None),
    ):
        code, seconds, peaks = _measured(command(folder, platform, *more), kill_after)
        print(f"{what}: {seconds:.0f} s, peaks in GB {peaks}, exit code {code}", flush=True)
    wrong = wrong_rows(people, folder / platform, platform)
    print(f"{n} students, wrong: {len(wrong)}", *wrong, sep="\n")


if __name__ == "__main__":
    main()
