"""A class of students: right and wrong, and many kinds of notebooks that do harm; an instructor's own questions."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = """
import numpy as np
from course_utils.questions.authoring import array, choice, function
from course_utils.questions.authoring import Mistake

HINTS = ("One?", "Two?")
Q1 = array("97.1", "the mean", right=lambda: np.arange(4.0), hints=HINTS,
    mistakes=(Mistake("shifted", "You count from 1.", lambda: np.arange(1.0, 5)),))
Q2 = function("97.2", "the square", arguments="x", inputs=lambda: [(np.arange(3.0),), (np.array([5.5]),)],
    right=lambda: np.square, hints=HINTS,
    mistakes=(Mistake("the cube", "That is the cube.", lambda: lambda x: x**3),))
Q3 = choice("97.3", "a letter", right="b", wrong={"a": "Not a."}, hints=HINTS)
QUESTIONS = (Q1, Q2, Q3)
"""
CHECKS = ('check("97.1", answer_1)', 'check("97.2", answer_2)', 'check("97.3", answer_3)')
RIGHT = ("answer_1 = np.arange(4)", "answer_2 = lambda x: x * x", 'answer_3 = "B"')
SETUP = "import numpy as np\nfrom course_utils import check"


def notebook(answers=RIGHT, before="", checks=CHECKS) -> bytes:
    """Return a notebook in which each answer stands in a cell, and its check in the next."""
    sources = [SETUP, before, *(cell for pair in zip(answers, checks, strict=False) for cell in pair)]
    cells = [
        {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None, "id": f"c{i}"}
        for i, source in enumerate(sources)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


LIAR = """
import numpy as np
class Liar(np.ndarray):
    shape = property(lambda self: (4,))
    __eq__ = lambda *a: True
answer_1 = np.zeros(1000).view(Liar)
"""
PATCHED = """
import json, pickle, numpy, course_utils.questions as q, course_utils.grading.protocol as p
json.dumps = json.loads = lambda *a, **k: "{}"
numpy.allclose = numpy.array_equal = lambda *a, **k: True
q.check = lambda *a: print("passed")
check = q.check
"""
FORGED = """
import gc, io, os, struct
for name in os.listdir("/proc/self/fd"):
    try:
        if int(name) > 2:
            text = b'{"dict": [["passed", true], ["plain", null]]}'
            os.write(int(name), struct.pack(">QQ", len(text), 0) + text)
    except OSError:
        pass
"""
EDITED = """
import course_utils, pathlib
for path in pathlib.Path(course_utils.__file__).parent.rglob("*.py"):
    try:
        path.write_text("raise SystemExit")
    except OSError:
        pass
"""
CHILDREN = """
import os, time
for _ in range(4):
    if not os.fork():
        x = b"1" * 10**9
        time.sleep(99)
os.wait()
"""
FORGED_ERROR = """
import json, os, struct
text = json.dumps({"array": ["<f8", [2]]}).encode()
for name in os.listdir("/proc/self/fd"):
    try:
        if int(name) > 2 and os.readlink(f"/proc/self/fd/{name}").startswith("pipe"):
            os.write(int(name), struct.pack(">QQ", len(text), 16) + text + bytes(16))
    except OSError:
        pass
"""
OUTLIVES = """
import ctypes, os, time
ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)
os.kill(0, 9)
"""
HANGS = ("import time\nanswer_2 = lambda x: time.sleep(10**6)", "answer_1 = 1")
THREADS = """
import threading, time
threading.stack_size(65536)
while True: threading.Thread(target=time.sleep, args=(99,), daemon=True).start()
"""
HIDDEN = """
import ctypes, os, threading, time
if not os.fork():
    threading.Thread(target=time.sleep, args=(99,)).start()
    ctypes.CDLL(None).syscall({"x86_64": 60, "aarch64": 93}[os.uname().machine], 0)
time.sleep(10)
"""
HOGS = """
import os, time
for _ in range(50):
    if not os.fork():
        os.setsid()
        end = time.time() + 15
        while time.time() < end: pass
        os._exit(0)
"""
FORGED_LISTS = FORGED.replace('"plain", null', '"raised", {"list": [1, 2]}').replace("passed", "error")
ALL_TRUE = """
class Both:
    __class__ = np.ndarray
    __eq__ = lambda *a: True
    __array__ = lambda self, *a, **k: np.zeros(4)
answer_1 = Both()
"""
ODD_CHECKS = """
x = f"{check('97.3', 'a')}"
# check("97.1", np.arange(4))
check(*("97.2", lambda x: x * x))
check(b"97.1", np.arange(4))
"""
USUAL = """%matplotlib widget
import matplotlib.pyplot as plt
plt.plot([1, 2])
!ls
exit()
answers = iter([np.arange(4)])
"""
USUAL_CHECKS = (  # as they stand in notebooks: in a magic, with names, in a function, evaluated once
    '%%time\ncheck(key="97.1", answer=next(answers))',
    "import course_utils\ndef tried(mine):\n    course_utils.check('97.2', mine)\ntried(answer_2)",
    '%time assert check("97.3", answer_3) is not None',
)
SLOW = "def answer_2(x):\n    while True: pass"
NOTHING = ("", "", "")  # no answer: all that could give a point is the attack
WRONG = ("answer_1 = np.zeros(4)", "answer_2 = lambda x: x", 'answer_3 = "a"')

# what is handed in, the points for each question ("" where it was not judged), words of the state
HOSTILE = {
    "loops": (notebook(before="while True: pass"), ("", "", ""), "longer than"),
    "eats memory": (notebook(before="x = [bytearray(10**8) for _ in range(10**4)]"), ("1", "1", "1"), "graded"),
    "eats memory in children": (
        notebook(before=CHILDREN),
        ("", "", ""),
        "of memory",
    ),
    "exits": (notebook((*RIGHT[:2], "import os; os._exit(0)")), ("1", "1", ""), "ended by itself"),
    "forks": (notebook(before="import os\nwhile True: os.fork()"), ("", "", ""), "more than"),
    "leaves children": (
        notebook(before="import subprocess\nsubprocess.Popen(['sleep', '86399'], start_new_session=True)"),
        ("1", "1", "1"),
        "graded",
    ),
    "writes for ever": (notebook(before="while True: print('x' * 10**6)"), ("", "", ""), "longer than"),
    "fills the disk": (notebook(before="f = open('x', 'wb')\nwhile True: f.write(b'0' * 10**7)"), ("1",) * 3, "graded"),
    "no notebook": (b"PK\x03\x04 a file of another kind", ("", "", ""), "damaged, or no notebook"),
    "lacks cells": (b'{"metadata": {}}', ("", "", ""), "damaged, or no notebook"),
    "answers twice": (
        notebook((*RIGHT[:1], "answer_1 = np.zeros(4)"), checks=CHECKS[:1] * 2),
        ("0", "", ""),
        "No check of 97.2",
    ),
    "200 MB": (b"\0", ("", "", ""), "larger than"),
    "another encoding": (
        notebook(before="# naïve").decode().replace("\\u00ef", "ï").encode("utf-16"),
        ("",) * 3,
        "UTF-8",
    ),
    "another version": (
        notebook().replace(b'"metadata": {}, "nbformat"', b'"metadata": {"course": {"handed_out": "0"}}, "nbformat"'),
        ("1", "1", "1"),
        "graded",
    ),
    "patches": (notebook(WRONG, before=PATCHED), None, ""),
    "prints passed": (notebook(WRONG, before="print('passed')"), ("0", "0", "0"), "graded"),
    "lies about shapes": (notebook((LIAR, "answer_2 = lambda x: [...]")), ("0", "0", ""), "No check of 97.3"),
    "forges replies": (notebook(NOTHING, before=FORGED), None, ""),
    "edits the course": (notebook(WRONG, before=EDITED), ("0", "0", "0"), "graded"),
    "raises at exit": (notebook(before="raise SystemExit"), ("1", "1", "1"), "graded"),
    "half a character": (notebook(before="raise ValueError('\\ud800')"), ("1", "1", "1"), "graded"),
    "an array as an error": (notebook(before=FORGED_ERROR), None, ""),
    "equals all": (notebook((ALL_TRUE, "answer_2 = lambda x: answer_1", "answer_3 = 'zz'")), ("0", "0", "0"), "graded"),
    "huge by strides": (
        notebook(("answer_1 = np.broadcast_to(np.arange(4.0), (10**9, 4))", *RIGHT[1:])),
        ("0", "1", "1"),
        "graded",
    ),
    "text among numbers": (notebook(("answer_1 = ['a' * 1000] + [0] * 1000", *RIGHT[1:])), ("0", "1", "1"), "graded"),
    "odd checks": (notebook((), before=ODD_CHECKS), ("", "", "0"), "No check of 97.1"),
    "kills its group": (notebook(before="import os\nos.kill(0, 9)"), ("", "", ""), "ended by itself"),
    "an odd signal": (notebook((*RIGHT[:2], "import os\nos.kill(0, 35)")), ("1", "1", ""), "ended by itself"),
    "a slow function": (notebook((RIGHT[0], SLOW, RIGHT[2])), ("1", "", ""), "longer than"),
    "too deep to read": (notebook(before=f"x = {'-' * 10**5}1"), ("1", "1", "1"), "graded"),
    "outlives its sandbox": (notebook(before=OUTLIVES), None, "ended by itself"),
    "hangs": (notebook(HANGS, checks=(CHECKS[1], CHECKS[0])), None, "longer than"),
    "starts threads": (notebook(before=THREADS), None, ""),
    "hides its memory": (notebook(NOTHING, before=HIDDEN), None, "first thread"),
    "forges lists": (notebook(NOTHING, before=FORGED_LISTS), None, ""),
    "half a character in its source": (notebook(before="x = '\ud800'"), ("1", "1", "1"), "graded"),
    "closes the pipe": (notebook(before="import os\nos.closerange(3, 100)"), ("", "", ""), "ended by itself"),
    "writes script": (notebook(before="raise ValueError('</code><script>')"), ("1", "1", "1"), "graded"),
    "nests deep": (notebook(before="(" * 5000 + ")" * 5000), ("1", "1", "1"), "graded"),
}
GOOD = {
    "right": (notebook(), ("1", "1", "1"), "graded"),
    "right as a list": (
        notebook(("answer_1 = [0, 1.0, 2, 3]", "def answer_2(x):\n    return list(x**2)", "answer_3 = ' (b) '")),
        ("1", "1", "1"),
        "graded",
    ),
    "usual": (notebook(("", *RIGHT[1:]), before=USUAL, checks=USUAL_CHECKS), ("1", "1", "1"), "graded"),
    "mistakes": (
        notebook(("answer_1 = np.arange(4) + 1", "answer_2 = lambda x: x**3", WRONG[2])),
        ("0", "0", "0"),
        "graded",
    ),
    "raises": (
        notebook(("1 / 0", "def answer_2(x):\n    raise KeyError('lost')", "answer_3 = 7")),
        ("0",) * 3,
        "graded",
    ),
    "nothing yet": (notebook(("answer_1 = ...", "answer_2 = ...", "answer_3 = ...")), ("0", "0", "0"), "graded"),
}


def hand_in(folder: Path, students: dict) -> Path:
    """Write a class's notebooks as Moodle exports them; return the folder."""
    for number, (name, (content, *_)) in enumerate(students.items()):
        path = folder / f"{name}_{number}_assignsubmission_file_" / "x.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        if name == "200 MB":
            os.truncate(path, 200 * 2**20)
    return folder


def command(folder: Path, *more, minutes="0.3") -> dict:
    """Return what `subprocess` needs to grade folder/in into folder/out by folder/questions."""
    (folder / "questions").mkdir(exist_ok=True)
    (folder / "questions" / "lesson_97.py").write_text(QUESTIONS)
    words = ["grade", str(folder / "in"), "-o", str(folder / "out"), "--questions", str(folder / "questions")]
    env = os.environ | {"COURSE_DATA": "digits"}
    return {
        "args": [sys.executable, "-m", "course_utils", *words, "--minutes", minutes, *more],
        "cwd": ROOT,
        "env": env,
    }


def grade(folder: Path, *more, **options) -> subprocess.CompletedProcess:
    """Grade to the end; no traceback of ours."""
    done = subprocess.run(**command(folder, *more, **options), capture_output=True, text=True, timeout=500)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def rows(folder: Path) -> dict[str, dict]:
    """Return grades.csv by the students' names, without the platform's number."""
    with (folder / "out" / "grades.csv").open(newline="", encoding="utf-8-sig") as file:
        return {row["student"].rsplit("_", 1)[0]: row for row in csv.DictReader(file)}
