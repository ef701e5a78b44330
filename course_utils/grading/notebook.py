"""One notebook, graded: from its bytes to a verdict for each question that it checks."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from course_utils.grading import answers, models
from course_utils.grading.bank import Bank
from course_utils.grading.cage import Cage, CageError, Limits, StartError
from course_utils.grading.protocol import ProtocolError
from course_utils.questions.engine.verdict import YOUR_TURN

LONGEST = 20 * 2**20  # bytes of a notebook
MOST_CELLS = 1000


class UnreadableError(Exception):
    """A file is no notebook; the message says why."""


@dataclass
class Graded:
    """What came out for one notebook.

    Attributes
    ----------
    verdicts : list of dict, the records of `Verdict` with its text, and whether an answer was missing
    reason : str, why not all of it was graded; "" where it was
    errors : list of str, what cells raised
    asked : list of str, the keys of all questions that it checks, judged or not
    unjudged : dict of str, for the key of a question why its answer could not be judged
    fault : bool, whether a reason is the grader's or this machine's, and no student's
    """

    verdicts: list[dict] = field(default_factory=list)
    reason: str = ""
    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    unjudged: dict[str, str] = field(default_factory=dict)
    fault: bool = False


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
        sources = [source.encode("utf-8", "replace").decode() for source in sources]  # half a character is none
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableError("it is damaged, or no notebook") from error
    if len(sources) > MOST_CELLS:
        raise UnreadableError(f"it has more than {MOST_CELLS} cells of code")
    return sources


def grade(content: bytes, bank: Bank, limits: Limits, data_file: Path | None) -> Graded:
    """Return the verdicts on a notebook; whatever it does ends in a reason. `data_file` is MNIST, None the digits.

    Answers are judged when the cage has ended: how long that takes would tell a student's code which one is right.
    """
    graded, taken = Graded(), {}

    def open_cage():
        return Cage(limits, data_file)

    try:
        sources = read_cells(content)
        with open_cage() as cage:
            _go_through(cage, sources, bank, taken, graded)
    except (UnreadableError, CageError) as error:
        graded.reason = str(error)
    except ProtocolError as error:
        graded.reason = f"its process answered in a way that no answer has: {error}"
    except Exception as error:  # what was taken before is judged
        graded.reason, graded.fault = f"the grader failed by itself: {type(error).__name__}: {error}", True
    for key, answer in taken.items():
        question = bank.find(key)
        try:
            verdict = question.judge(models.measured(question, answer, open_cage))
            graded.verdicts.append(verdict.record() | {"text": verdict.text, "missing": "missing" in answer})
        except (models.NotTakenError, CageError, ProtocolError) as error:
            graded.unjudged[key] = str(error)
        except (StartError, MemoryError, OSError) as error:
            graded.unjudged[key], graded.fault = f"the grader failed by itself: {type(error).__name__}: {error}", True
        except Exception as error:  # ours, about data that no other answer has
            graded.unjudged[key] = f"the check raised {type(error).__name__}: {error}"
    return graded


def _go_through(cage, sources, bank, taken, graded):
    plan = cage.ask("plan", sources)  # before any code of the student has run
    graded.asked = list(dict.fromkeys(key for checks in plan for key, _, _ in checks if bank.find(key)))
    for source, checks in zip(sources, plan, strict=True):
        if (error := cage.ask("execute", source)) is not None:
            graded.errors.append(f"{answers.said(error).rstrip('.')}, in the cell that begins: {_beginning(source)}")
        for key, expression, edition in checks:
            if question := bank.find(key):
                description = cage.ask("take", key, expression)
                taken.pop(key, None)
                taken[key] = answers.collected(question, description, edition, cage, graded.errors)


def _beginning(source):
    # a cell's first line that says something
    lines = [line.strip() for line in source.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return lines[0][:60] if lines else ""


def better(verdict: dict, before: dict | None) -> bool:
    """Return whether a student's later verdict on a question takes the place of one of before: an answer does."""
    return before is None or not (verdict["state"] == YOUR_TURN or verdict["missing"])
