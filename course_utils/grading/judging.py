"""Kept answers, judged: no code of a student runs here, and nothing is executed."""

from dataclasses import dataclass, field
from pathlib import Path

from course_utils.grading.bank import Bank
from course_utils.grading.execution import Answers, read_kept
from course_utils.questions.engine.verdict import YOUR_TURN


@dataclass
class Judged:
    """What came out for one notebook.

    Attributes
    ----------
    verdicts : list of dict, the records of `Verdict` with its text, and whether an answer was missing
    reason, errors, asked, notes, fault : those of `Answers`
    unjudged : dict of str, for the key of a question why its answer could not be judged
    """

    verdicts: list[dict] = field(default_factory=list)
    reason: str = ""
    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unjudged: dict[str, str] = field(default_factory=dict)
    fault: bool = False


def judge(found: Answers, bank: Bank) -> Judged:
    """Return the verdicts on the answers of one notebook."""
    judged = Judged([], found.reason, found.errors, found.asked, found.notes, dict(found.unjudged), found.fault)
    for key, data in found.data.items():
        if (question := bank.find(key)) is None:  # it was a question when the notebook was executed
            continue
        try:
            verdict = question.judge(data)
            judged.verdicts.append(verdict.record() | {"text": verdict.text, "missing": key in found.missing})
        except Exception as error:  # ours, about data that no other answer has
            judged.unjudged[key] = f"the check raised {type(error).__name__}: {error}"
    return judged


def judge_kept(path: Path, bank: Bank) -> Judged:
    """Return the verdicts on kept answers."""
    return judge(read_kept(path), bank)


def better(verdict: dict, before: dict | None) -> bool:
    """Return whether a student's later verdict on a question takes the place of one of before: an answer does."""
    return before is None or not (verdict["state"] == YOUR_TURN or verdict["missing"])
