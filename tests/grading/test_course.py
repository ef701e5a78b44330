"""The course's own exercises: solutions get all points, known mistakes their own words, a starter none."""

import json

import nbformat
import pytest

from course_utils._paths import NOTEBOOKS
from course_utils.grading import _namespaces, models
from course_utils.grading.bank import Bank
from course_utils.grading.execution import execute
from course_utils.grading.judging import judge
from course_utils.grading.models import NotTakenError, check_config
from course_utils.grading.sandbox import Limits, Sandbox

pytestmark = pytest.mark.skipif(_namespaces.missing() is not None, reason=str(_namespaces.missing()))


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Take the digits: quick, and everywhere."""
    monkeypatch.setenv("COURSE_DATA", "digits")


def states(content):
    """Return the state of each question of a notebook."""
    graded = judge(execute(content, Bank(), Limits(), None), Bank())
    assert graded.reason == ""
    return {verdict["key"]: verdict["mistake"] or verdict["state"] for verdict in graded.verdicts}


def test_solutions_pass():
    """Lesson 1's: functions, numbers, and two Keras models that are taken apart and built anew."""
    content = (NOTEBOOKS / "solutions" / "01_toy_gaussians.ipynb").read_bytes()
    assert states(content) == {f"01.{i}": "passed" for i in range(1, 7)}


def test_starters_get_nothing():
    """What was handed out, handed in."""
    content = (NOTEBOOKS / "exercises" / "02_mnist_pca.ipynb").read_bytes()
    assert set(states(content).values()) == {"your turn"}


MISTAKES = {  # a cell that makes each, with its name
    "02.1": (
        "X = load_mnist().X_train[:1000]\na = np.linalg.svd(X, full_matrices=False)\na = a[0][:, :2] * a[1][:2]",
        "not centred",
    ),
    "02.2": ("from course_utils.questions.lesson_02.q2_train_test import codes_only as a", "codes returned"),
}
SETUP = "import numpy as np\nfrom course_utils import check, load_mnist"
IDENTITY = """import keras
a = keras.Sequential([keras.Input((2,)), keras.layers.Identity()])"""
LAMBDA = """import keras, tensorflow
a = keras.Sequential([keras.Input((2,)), keras.layers.Lambda(lambda x: tensorflow.identity(x))])"""


def test_known_mistakes_and_a_layer_that_is_code():
    """Each by its name; a Lambda layer, which is code, is refused in a sentence."""
    cells = [SETUP]
    for key, (code, _) in MISTAKES.items():
        cells += [code, f'check("{key}", a)']
    cells += [LAMBDA, 'check("01.5", a)', IDENTITY, 'check("01.6", a)']
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    graded = judge(execute(nbformat.writes(book).encode(), Bank(), Limits(), None), Bank())
    found = {verdict["key"]: verdict for verdict in graded.verdicts}
    for key, (_, name) in MISTAKES.items():
        assert found[key]["mistake"] == name
    assert found["01.6"]["mistake"] == "code of two"
    assert "Keras's own layers" in graded.unjudged["01.5"]


CODE = """
import keras
class Half(keras.Model):
    def __init__(self, n):
        super().__init__()
        self.inner, self.out = keras.layers.Dense(20, "elu"), keras.layers.Dense(n)
    def call(self, x):
        return self.out(self.inner(x))
class Both(keras.Model):
    def __init__(self):
        super().__init__()
        self.encoder, self.decoder = Half(1), Half(2)
    def call(self, x):
        return self.decoder(self.encoder(x)) * 1.0
subclass = Both()
subclass(keras.ops.zeros((1, 2)))
x = keras.Input((2,))
operations = keras.Model(x, keras.ops.tanh(keras.layers.Dense(2)(x)) + x)
by_lambda = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2), keras.layers.Lambda(keras.ops.tanh)])
"""


def test_models_that_are_taken_apart():
    """A subclass of subclasses, `keras.ops`, a `Lambda` of them: measured outside, with the model's own facts."""
    question, limits = Bank().find("01.5"), Limits(seconds=100)
    own = {}
    exec(CODE, own)
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CODE)])
    with Sandbox(limits) as sandbox:
        sandbox.ask("read", nbformat.writes(book).encode())
        assert sandbox.ask("execute", 0) is None
        taken = {name: sandbox.ask("take", "", name) for name in ("subclass", "operations", "by_lambda")}
    for name, description in taken.items():
        facts = models.measured(question, description, lambda: Sandbox(limits))["value"]
        assert facts["n_parameters"] == own[name].count_params()
        assert facts["chain"]["units"] == ([2, 20, 1, 20, 2] if name == "subclass" else [2, 2])


def test_a_check_says_what_the_grader_will_not_take():
    """A right model whose layers are code passes in the notebook, and the student is told there."""
    import keras
    import tensorflow as tf

    from course_utils import check

    class Code(keras.Model):
        def __init__(self, inner):
            super().__init__()
            self.inner = inner

        def call(self, x):
            return tf.identity(self.inner(x))

    right = Bank().find("01.5").right()
    assert "If this is graded" not in check("01.5", right).text
    code = Code(right)
    code(keras.ops.zeros((1, 2)))
    verdict = check("01.5", code)
    assert verdict.passed
    assert "If this is graded: the grader takes models built of Keras's own layers" in verdict.text


def test_settings_that_build_no_model():
    """Such an answer gets a sentence, and the notebook goes on."""
    config = {"class_name": "Sequential", "module": "keras", "config": {"layers": [{"class_name": "Dense"}]}}
    description = {"model": json.dumps(config), "weights": []}
    data = models.measured(Bank().find("01.5"), description, lambda: Sandbox(Limits(seconds=60)))
    assert "cannot be built" in data["text"]


@pytest.mark.parametrize(
    "layer",
    [
        {"class_name": "Lambda", "module": "keras.layers"},
        {"class_name": "Dense", "module": "os"},
        {"class_name": "Dense", "module": "keras.layers", "registered_name": "mine>Dense"},
        {"class_name": "Dense", "module": "keras.layers", "config": {"units": 10**12}},
        {"class_name": "Dense", "config": {"activation": {"class_name": "function", "module": "builtins"}}},
    ],
)
def test_settings_of_a_model_name_no_code(layer):
    """Nothing but Keras's own classes, of a size that can be built."""
    with pytest.raises(NotTakenError):
        check_config(json.dumps({"class_name": "Sequential", "config": {"layers": [layer]}}), [])
