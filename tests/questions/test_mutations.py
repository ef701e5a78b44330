"""Nothing of a question can be left out: without any check, or any input, some tested wrong answer would pass.

`python tests/questions/test_mutations.py` tries it on all questions and prints what was left out and what passed then.
"""

import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # as pytest does

from _all import QUESTIONS, each_question, facts_of

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
    """Return all mutants: without each of its checks, or, where there are none, without each of its inputs."""
    found = []
    for check in question.checks:
        rest = tuple(other for other in question.checks if other is not check)
        always = rest or (replace(check, holds=lambda value: True),)  # without checks, the right answer would decide
        found.append(Mutant(question, f"check {check.name!r}", replace(question, checks=always, _made={})))
    if isinstance(question.kind, FunctionKind) and not question.checks:
        inputs = question.kind.inputs()
        for i in range(len(inputs)) if len(inputs) > 1 else ():
            found.append(_without_input(question, i))
    return found


def _without_input(question, i):
    kind = question.kind
    fewer = replace(kind, inputs=lambda: [given for j, given in enumerate(kind.inputs()) if j != i])

    def data_of(data):
        if data["state"] != "value":
            return data
        return data | {"value": [output for j, output in enumerate(data["value"]) if j != i]}

    return Mutant(question, f"input {i}", replace(question, kind=fewer, given=None, _made={}), data_of)


@each_question
def test_nothing_can_be_left_out(question):
    """Each mutant lets a wrong answer pass that the question itself refuses."""
    for mutant in mutants(question):
        assert mutant.survivors(), f"{question.key} is as strict without its {mutant.name}"


def main():
    """Print a line for each mutant, and the counts."""
    total = 0
    with held():
        for question in QUESTIONS:
            for mutant in mutants(question):
                total += 1
                survivors = ", ".join(mutant.survivors()) or "NOTHING"
                print(f"{question.key} without its {mutant.name}: passes {survivors}", flush=True)
    print(f"{total} left out, one at a time, in {len(QUESTIONS)} questions")


if __name__ == "__main__":
    main()
