"""Questions of which one thing was left out: a check, or an input. Some tested wrong answer has to pass each of them.

`python tests/questions/_mutations.py` tries it on all questions and prints what was left out and what passed then;
`python tests/questions/_mutations.py 03.2 03.6` tries these two. Facts are collected once: no net is trained twice.
"""

import sys
from collections import Counter
from dataclasses import replace

from _all import QUESTIONS, facts_of

from course_utils.questions.engine.data import held
from course_utils.questions.engine.functions import FunctionKind


class Mutant:
    """A question of which something was left out; `original` is the whole one."""

    def __init__(self, original, name, question, data_of=lambda data: data):
        self.original, self.name, self._question, self._data_of = original, name, question, data_of

    def survivors(self):
        """Return the names of the tested wrong answers that pass now."""
        wrong = (*self.original.mistakes, *self.original.checks)
        data = {w.name: self._data_of(facts_of(self.original, w.make)) for w in wrong}
        return [name for name, collected in data.items() if self._question.judge(collected).passed]


def mutants(question):
    """Return all mutants: without each check, and without each input where there are several."""
    found = []
    for check in question.checks:
        rest = tuple(other for other in question.checks if other is not check)
        always = rest or (replace(check, holds=lambda value: True),)  # without checks, the right answer would decide
        found.append(Mutant(question, f"check {check.name!r}", replace(question, checks=always)))
    if isinstance(question.kind, FunctionKind) and len(question.kind.inputs()) > 1:
        found += [_without_input(question, i) for i in range(len(question.kind.inputs()))]
    return found


def _without_input(question, i):
    # every answer counts as right for this input: what it returns there tells nothing
    def data_of(data):
        if data["state"] != "value":
            return data
        right = facts_of(question, question.right)["value"]
        return data | {"value": [*data["value"][:i], right[i], *data["value"][i + 1 :]]}

    return Mutant(question, f"input {i}", question, data_of)


def main(keys):
    """Print a line for each mutant, and the counts."""
    questions = [question for question in QUESTIONS if question.key in keys or not keys]
    left_out, noticed = Counter(), Counter()
    with held():
        for question in questions:
            for mutant in mutants(question):
                kind = mutant.name.split()[0]
                survivors = mutant.survivors()
                left_out[kind] += 1
                noticed[kind] += bool(survivors)
                passes = ", ".join(survivors) or "NOTHING"
                print(f"{question.key} without its {mutant.name}: passes {passes}", flush=True)
    for kind, n in left_out.items():
        print(f"{kind}: {n} left out, one at a time; {noticed[kind]} noticed")
    print(f"{len(questions)} questions")


if __name__ == "__main__":
    main(sys.argv[1:])
