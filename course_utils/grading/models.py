"""A student's Keras model as data: Keras's own layers alone, built anew and measured where no code of theirs ran."""

import json
from dataclasses import dataclass, replace

import numpy as np

from course_utils.questions.engine.portable import NotTakenError, check_classes

MOST_WEIGHTS = 20_000_000
WIDEST = 100_000  # the largest number in a layer's settings


@dataclass(frozen=True)
class Given:
    """Return what was given; a function that can be sent anywhere."""

    value: np.ndarray

    def __call__(self):
        """Return it."""
        return self.value


def check_config(text: str, weights: list) -> dict:
    """Return a model's configuration where it names nothing but Keras's own classes; else NotTakenError."""
    if not all(isinstance(w, np.ndarray) and w.dtype.kind == "f" for w in weights):
        raise NotTakenError("the model's weights are not numbers")
    if sum(w.size for w in weights) > MOST_WEIGHTS:
        raise NotTakenError(f"the model has more than {MOST_WEIGHTS:,} weights")
    config = json.loads(text)
    for item in check_classes(config):
        if isinstance(item, dict):
            item.pop("compile_config", None)  # losses and optimisers are not wanted
        elif isinstance(item, int | float) and not isinstance(item, bool) and abs(item) > WIDEST:
            raise NotTakenError("a number in the model's settings is too large")
    return config


def measured(question, answer: dict, open_sandbox) -> dict:
    """Return the data that a question judges: of a model's description the facts, of anything else itself.

    They are measured in a process that `open_sandbox` starts. NotTakenError where the model cannot be taken over.
    """
    if "model" not in answer:
        return answer
    kind, description = question.kind, answer
    if not description["model"]:
        text = "The model has no weights yet: begin it with a `keras.Input` of the width of the data."
        return {"state": "unfit", "text": text}
    try:
        config = check_config(description["model"], description["weights"])
    except NotTakenError:
        raise
    except Exception:  # a student's process sent what is no configuration
        return {"state": "unfit", "text": "A Keras model is expected, and this is none."}
    targets = None if kind.targets is None else Given(kind.targets())
    ours = replace(kind, images=Given(kind.images()), targets=targets)
    with open_sandbox() as sandbox:
        data = sandbox.ask("measure", ours, config, description["weights"])
    if isinstance(data, dict) and "state" in data:
        return data
    return {"state": "unfit", "text": "The model cannot be built from its own settings and weights."}
