"""One notebook, graded: from its bytes to a verdict for each question that it checks."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from course_utils.grading import answers
from course_utils.grading.bank import Bank
from course_utils.grading.cage import Cage, CageError, Limits
from course_utils.grading.protocol import ProtocolError
from course_utils.questions._verdict import NOT_YET, YOUR_TURN, Verdict

LONGEST = 20 * 2**20  # bytes of a notebook
MOST_CELLS = 1000


class UnreadableError(Exception):
    """A file is no notebook; the message says why."""


@dataclass
class Graded:
    """What came out for one notebook.

    Attributes
    ----------
    verdicts : list of dict, the records of `Verdict` with its text, the last one of each question
    reason : str, why not all of it was graded; "" where it was
    errors : list of str, what cells raised
    asked : list of str, the keys of all questions that it checks, judged or not
    fault : bool, whether the reason is the grader's or this machine's, and no student's
    """

    verdicts: list[dict] = field(default_factory=list)
    reason: str = ""
    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    fault: bool = False

    def as_json(self) -> str:
        """Return it as text."""
        return json.dumps(asdict(self))


def read_cells(content: bytes) -> list[str]:
    """Return the sources of a notebook's code cells; UnreadableError where it is none."""
    if len(content) > LONGEST:
        raise UnreadableError(f"it is larger than {LONGEST // 2**20} MiB: clear its outputs and hand it in again")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError("it is not UTF-8, as every notebook is") from error
    try:
        cells = json.loads(text)["cells"]
        found = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
        sources = [source if isinstance(source, str) else "".join(source) for source in found]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableError("it is damaged, or no notebook") from error
    if len(sources) > MOST_CELLS:
        raise UnreadableError(f"it has more than {MOST_CELLS} cells of code")
    return sources


def grade(content: bytes, bank: Bank, limits: Limits, data_file: Path | None) -> Graded:
    """Return the verdicts on a notebook; whatever it does ends in a reason. `data_file` is MNIST, None the digits."""
    graded = Graded()
    verdicts: dict[str, Verdict] = {}

    def open_cage():
        return Cage(limits, data_file)

    try:
        sources = read_cells(content)
        with open_cage() as cage:
            _go_through(cage, sources, bank, open_cage, verdicts, graded)
        if not graded.asked:
            graded.reason = "it checks no question"
    except (UnreadableError, CageError) as error:
        graded.reason = str(error)
    except ProtocolError as error:
        graded.reason = f"its process answered in a way that no answer has: {error}"
    except Exception as error:  # what was judged before stays
        graded.reason, graded.fault = f"the grader failed by itself: {type(error).__name__}: {error}", True
    graded.verdicts = [v.record() | {"text": v.text} for v in verdicts.values()]
    return graded


def _go_through(cage, sources, bank, open_cage, verdicts, graded):
    plan = cage.ask("plan", sources)  # before any code of the student has run
    graded.asked = list(dict.fromkeys(key for checks in plan for key, _ in checks if bank.find(key)))
    for number, (source, checks) in enumerate(zip(sources, plan, strict=True), start=1):
        if (error := cage.ask("execute", source)) is not None:
            graded.errors.append(f"cell {number} of code: {str(error)[:300]}")
        for key, expression in checks:
            if question := bank.find(key):
                description = cage.ask("take", key, expression)
                verdicts[key] = _judged(question, description, cage, open_cage)


def _judged(question, description, cage, open_cage):
    data = answers.collected(question, description, cage, open_cage)
    try:
        return question.judge(data)
    except Exception as error:  # ours, about data that no other answer has
        return Verdict(question.key, False, f"It could not be judged ({type(error).__name__}).", None, NOT_YET)


def better(verdict: dict, before: dict | None) -> bool:
    """Return whether a student's later verdict on a question takes the place of one of before: an answer does."""
    return before is None or verdict["state"] != YOUR_TURN
