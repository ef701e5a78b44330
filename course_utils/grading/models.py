"""A student's Keras model as data: Keras's own layers alone, built anew and measured where no code of theirs ran."""

import json
from dataclasses import dataclass, replace

import numpy as np

TAKEN = """
InputLayer Dense Activation Flatten Reshape Permute RepeatVector Dropout GaussianNoise GaussianDropout Concatenate Add
Subtract Multiply Average Maximum Minimum ActivityRegularization BatchNormalization LayerNormalization Identity
UnitNormalization ReLU LeakyReLU PReLU ELU Softmax Rescaling Conv1D Conv2D Conv2DTranspose MaxPooling2D AveragePooling2D
UpSampling2D GlobalAveragePooling2D ZeroPadding2D Cropping2D Functional Sequential Model DTypePolicy Zeros Ones Constant
RandomNormal RandomUniform TruncatedNormal VarianceScaling GlorotNormal GlorotUniform HeNormal HeUniform LecunNormal
LecunUniform Orthogonal L1 L2 L1L2 OrthogonalRegularizer NonNeg MaxNorm MinMaxNorm UnitNorm __keras_tensor__
"""
CLASSES = frozenset(TAKEN.split())
MODULES = (
    "keras.src.models.functional",
    "keras.src.models.sequential",
    "keras.layers",
    "keras.initializers",
    "keras.regularizers",
    "keras.constraints",
    "keras.models",
    "keras",
)
MOST_WEIGHTS = 20_000_000
WIDEST = 100_000  # the largest number in a layer's settings


class NotTakenError(ValueError):
    """A model holds what is not taken over, and cannot be judged; the message is for the student."""


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
    waiting = [config]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            _check_class(item)
            waiting += [value for name, value in item.items() if name != "compile_config"]
            item.pop("compile_config", None)  # losses and optimisers are not wanted
        elif isinstance(item, list):
            waiting += item
        elif isinstance(item, int | float) and not isinstance(item, bool) and abs(item) > WIDEST:
            raise NotTakenError("a number in the model's settings is too large")
    return config


def _check_class(item):
    if "class_name" not in item:
        return
    name, module = item["class_name"], item.get("module")
    if name not in CLASSES or not (module is None or module in MODULES) or ">" in str(item.get("registered_name")):
        raise NotTakenError(
            f"the grader takes models built of Keras's own layers, and this one holds {str(name)[:40]!r}, which may be "
            "any code. What to do: build it of layers by their names, or have it looked at"
        )


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
