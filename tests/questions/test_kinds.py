"""The builders, on made-up questions: numbers, arrays, functions, choices, models."""

import json
import textwrap
import tracemalloc

import numpy as np
import pytest
from _all import ask

from course_utils.grading.bank import Bank
from course_utils.questions import authoring
from course_utils.questions.authoring import (
    Check,
    Mistake,
    Remark,
    array,
    chain_of,
    choice,
    function,
    model,
    number,
    numbers_that_pass,
)

HINTS = ("First.", "Second.")
LOOP = [1.0]
LOOP.append(LOOP)
RIGHT = np.array([[3.0, 4.0], [0.0, 1.0], [5.0, 2.0]])


def an_array(**options):
    """Return a question with the array RIGHT as its answer."""
    return array("99.1", "an array", right=lambda: RIGHT, hints=HINTS, **options)


# Numbers and arrays


@pytest.mark.parametrize(("answer", "passes"), [(3.0, True), (3.0002, True), (3.0004, False), (-3, False), ([3], True)])
def test_a_number_within_its_tolerance(answer, passes):
    """One part in 10,000 unless the question says otherwise."""
    assert ask(number("99.1", "three", right=lambda: 3, hints=HINTS), answer).passed == passes


@pytest.mark.parametrize(
    ("options", "answer", "words"),
    [
        ({}, RIGHT.T, "The shape is wrong: expected (3, 2), got (2, 3)."),
        ({}, RIGHT * np.nan, "not finite"),
        ({}, 2.5 * RIGHT, "one factor"),
        ({}, RIGHT + 7, "a number that is added everywhere"),
        ({}, RIGHT[::-1], "in another order"),
        ({}, RIGHT + np.array([[0, 0], [0, 9], [0, 0]]), "1 of its 6 numbers are not right"),
        ({"low": 0, "high": 5}, -RIGHT, "not between 0 and 5"),
        ({"high": 5}, 2 * RIGHT, "not at most 5"),
        ({"whole": True}, RIGHT / 2, "not a whole number"),
        ({"orthonormal": "rows"}, RIGHT, "The rows are not orthonormal"),
        ({}, "text", "this is a str"),
        ({}, [[1, 2], [3]], "its rows differ in length"),
        ({}, RIGHT + 1j, "complex"),
        ({}, RIGHT > 1, "True or False"),
        ({}, np.zeros((3000, 1000)), "far more numbers than the answer has"),
        ({}, range(10**12), "far more than the answer has"),
    ],
)
def test_an_unknown_mistake_is_told_by_its_property(options, answer, words):
    """Which property fails, and never the right value."""
    verdict = ask(an_array(**options), answer)
    assert (verdict.state, verdict.mistake) == ("not yet", None)
    assert words in verdict.text


@pytest.mark.parametrize(
    ("answer", "words"),
    [(["a" * 10**5] + [0] * 1000, "a list of 1001"), (np.ones((3000, 1)), "not orthonormal"), (LOOP, "a list of 2")],
)
def test_small_answers_take_little_memory(answer, words):
    """Neither a long text among numbers nor more rows than can be orthonormal; nor a list that holds itself."""
    anything = Check("anything", "Never.", lambda value: True, lambda: RIGHT)
    question = an_array(orthonormal="rows", checks=(anything,))
    tracemalloc.start()
    verdict = ask(question, answer)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert words in verdict.text
    assert peak < 10 * 2**20


def test_orders_of_magnitude():
    """A wrong number is of the right size or not, and no more is said: not even whether it is too large."""
    question = number("99.1", "three", right=lambda: 3, hints=HINTS)
    assert (
        ask(question, 4).text == ask(question, 2).text == "The number is not right, though it is not far off in size."
    )
    assert ask(question, 3000).text == ask(question, -1e-9).text
    assert "another order of magnitude" in ask(question, 0).text


@pytest.mark.parametrize(
    ("signs", "turned", "passes"),
    [
        ("rows", RIGHT * [[1], [-1], [-1]], True),
        ("rows", RIGHT * [1, -1], False),
        ("columns", RIGHT * [1, -1], True),
        ("columns", RIGHT * [[1], [-1], [-1]], False),
        ("all", -RIGHT, True),
        ("all", RIGHT * [1, -1], False),
        (None, -RIGHT, False),
    ],
)
def test_free_signs(signs, turned, passes):
    """Of each row, of each column, of the whole; and of none."""
    assert ask(an_array(signs=signs), turned).passed == passes


def an_orthonormal_pair(**more):
    """Return a question with a check, so that more than one answer is right."""
    turned = [[0, 1], [1, 0]]
    check = Check("turned", "The first row should lie along the first axis.", lambda v: v[0, 1] == 0, lambda: turned)
    return array(
        "99.1",
        "an orthonormal pair",
        right=lambda: np.eye(2),
        shape=(2, 2),
        orthonormal="rows",
        checks=(check,),
        hints=HINTS,
        **more,
    )


def test_more_than_one_answer_may_be_right():
    """Checks decide, once shape and properties are right; one that fails is reported by its name."""
    question = an_orthonormal_pair()
    assert ask(question, -np.eye(2)).passed
    assert "orthonormal" in ask(question, 2 * np.eye(2)).text
    verdict = ask(question, [[0, 1], [1, 0]])
    assert (verdict.state, verdict.mistake) == ("known mistake", "turned")


def test_a_mistake_never_decides():
    """An answer that passes all checks is right, whatever mistake recognises it; one that fails gets its words."""
    anything = Mistake("anything", "Always.", lambda: np.eye(2), recognise=lambda value: True)
    question = an_orthonormal_pair(mistakes=(anything,))
    assert ask(question, -np.eye(2)).passed
    assert ask(question, [[0, 1], [1, 0]]).text == "Always."


def test_a_remark_takes_the_place_of_the_praise():
    """For a right answer that is not the expected one."""
    remark = Remark("negative", "Signs do not matter.", lambda: -np.eye(2), lambda value: value[0, 0] < 0)
    question = an_orthonormal_pair(praise="Well done.", remarks=(remark,))
    assert ask(question, np.eye(2)).text == "Well done."
    assert (ask(question, -np.eye(2)).text, ask(question, -np.eye(2)).passed) == ("Signs do not matter.", True)


def test_an_older_copy_is_told_so():
    """Its answer is not judged, whatever it is; one of this edition is."""
    question = number("99.1", "three", right=lambda: 3, hints=HINTS, edition=2)
    for answer in (3, 4):
        verdict = question.judge(question.collect(answer, 1))
        assert verdict.state == "your turn"
        assert "`make workspace FRESH=99`" in verdict.text
    assert ask(question, 3).passed


def test_the_example_of_authoring_works():
    """The module in its docstring can be copied as it stands, and its own answers get what they should."""
    text = textwrap.dedent(authoring.__doc__.split("questions::\n")[1].split("\nHow an answer is judged")[0])
    question = Bank({"lesson_97.py": text}).find("97.1")
    for make in (question.right, *question.also_right):
        assert ask(question, make()).passed
    for mistake in question.mistakes:
        assert ask(question, mistake.make()).mistake == mistake.name


# Mistakes


def test_mistakes_are_tried_in_order_and_made_once():
    """The first that fits; a predicate takes the place of agreement; one that cannot read a value does not fit."""
    made = []

    def make():
        made.append(1)
        return 2

    mistakes = (
        Mistake("unreadable", "Never.", lambda: 9, recognise=lambda value: value[3]),
        Mistake("two", "Two.", make),
        Mistake("small", "Small.", lambda: 1, recognise=lambda value: value < 2.5),
    )
    question = number("99.1", "three", right=lambda: 3, hints=HINTS, mistakes=mistakes)
    assert not made
    assert [ask(question, x).mistake for x in (2, 1, 2, 4, -5)] == ["two", "small", "two", None, "small"]
    assert len(made) == 1


def test_a_right_answer_is_right_even_where_a_mistake_agrees():
    """On other data a mistake may happen to give the right answer."""
    question = number("99.1", "three", right=lambda: 3, hints=HINTS, mistakes=(Mistake("m", "No.", lambda: 3),))
    assert ask(question, 3).passed


# Functions


def centre(X):
    """Return X without the mean of its rows."""
    return X - X.mean(axis=0)


@pytest.fixture
def centred():
    """Return a question whose answer is `centre`."""
    X = np.array([[1.0, 2.0], [3.0, 5.0]])
    wrong = Mistake("each row", "Rows or columns?", lambda: lambda X: X - X.mean(axis=1, keepdims=True))
    return function(
        "99.2",
        "centre",
        arguments="X",
        inputs=lambda: [(X,), (10 * X,)],
        right=lambda: centre,
        given=lambda: lambda X: X,
        hints=HINTS,
        mistakes=(wrong,),
    )


def test_an_exception_is_shown_as_the_students(centred):
    """Type, text, their line, the input that caused it; nothing of ours."""

    def stops(X):
        Y = X * 2
        return Y.reshape(7)

    verdict = ask(centred, stops)
    assert verdict.state == "error"
    assert "ValueError: cannot reshape array of size 4 into shape (7,)" in verdict.text
    assert "In its line 3: `return Y.reshape(7)`" in verdict.text
    assert "X = [[1., 2.], [3., 5.]]" in verdict.text
    assert "course_utils" not in verdict.text


def test_an_exception_below_the_students_function_names_the_students_line(centred):
    """Not NumPy's line, and not that of a helper of theirs: where the function that was handed over called it."""

    def stops(X):
        return np.linalg.inv(X[:, :1])

    assert "In its line 2: `return np.linalg.inv(X[:, :1])`" in ask(centred, stops).text


def test_ctrl_c_passes_through(centred):
    """A student who interrupts an endless function is not told that it is wrong."""

    def endless(X):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(centred, endless)


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        (centre, "passed", ""),
        (lambda X: centre(X).tolist(), "passed", ""),
        (lambda X: X - X.mean(axis=1, keepdims=True), "known mistake", "Rows or columns?"),
        (lambda X: X, "your turn", "unchanged"),
        (lambda X: ..., "your turn", ""),
        (lambda X: None, "not yet", "`return` hands it over"),
        (lambda X: None if X.max() > 9 else centre(X), "not yet", "returns nothing"),
        (lambda a, b: 1, "not yet", "has to take (X); yours takes (a, b)"),
        (lambda X: "text", "not yet", "this is a str"),
        (lambda X: centre(X).T[:1], "not yet", "The shape is wrong"),
        (lambda X: centre(X) + (X.max() > 9), "not yet", "added everywhere"),
        (centre(RIGHT), "not yet", "by its name, without brackets"),
    ],
)
def test_functions(centred, answer, state, words):
    """By what they return for all inputs."""
    verdict = ask(centred, answer)
    assert verdict.state == state, verdict
    assert words in verdict.text


def test_what_calculates_with_three_dots_is_unfinished(centred):
    """A starter with a hole in it raises, and is no mistake."""

    def unfinished(X):
        mean = ...
        return X - mean

    assert ask(centred, unfinished).state == "your turn"


def test_collected_data_are_plain(centred):
    """Numbers and text alone, so that a grader in another process can judge them, also after JSON."""
    data = centred.collect(lambda X: X - X.mean(axis=0))
    travelled = json.loads(json.dumps(data, default=lambda array: array.tolist()))
    assert centred.judge(travelled).passed
    with pytest.raises(AttributeError):
        centred.judge(data).passed = False


# Choices


@pytest.mark.parametrize(("answer", "state"), [("b", "passed"), (" (B) ", "passed"), ("a", "known mistake")])
def test_choices(answer, state):
    """Case and brackets do not matter; each wrong letter has its sentence."""
    question = choice("99.3", "which", right="b", wrong={"a": "Not a.", "c": "Not c."}, hints=HINTS)
    assert ask(question, answer).state == state
    assert ask(question, "c").text == "Not c."
    assert ask(question, "d").text == 'One of "a", "b", "c" is expected, and this is \'d\'.'
    assert ask(question, 1).text == 'One of "a", "b", "c" is expected, and this is an int.'


# Models


def net(latent_dim=2, around=0, output="sigmoid", n_in=12):
    """Return a small autoencoder whose code has `latent_dim` numbers, and a way around it of so many more."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    inputs = keras.Input((n_in,))
    code = layers.Dense(latent_dim, name="code")(layers.Dense(8, "elu")(inputs))
    hidden = layers.Dense(8, "elu")(code)
    if around:
        hidden = layers.Concatenate()([hidden, layers.Dense(around)(inputs)])
    return keras.Model(inputs, layers.Dense(n_in, output)(hidden))


@pytest.fixture(scope="module")
def two_numbers():
    """Return a question whose answer is a model with a code of two numbers."""
    X = np.random.default_rng(0).random((600, 12), dtype=np.float32)
    return model(
        "99.4",
        "two numbers",
        images=lambda: X,
        output_dim=12,
        right=net,
        more_facts={"n_numbers": numbers_that_pass, "chain": chain_of},
        checks=(
            Check(
                "range", "It leaves [0, 1].", lambda facts: facts["output_range"][0] >= 0, lambda: net(output="linear")
            ),
            Check("numbers", "More than 2 numbers pass.", lambda f: f["n_numbers"] in (0, 1, 2), lambda: net(4)),
            Check("error", "The error is too large.", lambda f: f["mse"] <= 0.15, lambda: net(output="relu")),
        ),
        mistakes=(Mistake("three", "Count again.", lambda: net(3), recognise=lambda facts: facts["n_numbers"] == 3),),
        hints=HINTS,
    )


@pytest.mark.parametrize(
    ("options", "state", "words"),
    [
        ({}, "passed", ""),
        ({"latent_dim": 1}, "passed", ""),
        ({"latent_dim": 3}, "known mistake", "Count again."),
        ({"latent_dim": 4}, "known mistake", "More than 2 numbers pass."),
        ({"latent_dim": 1, "around": 3}, "known mistake", "More than 2 numbers pass."),
        ({"output": "linear"}, "known mistake", "It leaves [0, 1]."),
        ({"output": "relu"}, "known mistake", "The error is too large."),
        ({"n_in": 7}, "error", "Applied to rows of shape (n, 12)"),
    ],
)
def test_models(two_numbers, options, state, words):
    """Two numbers and nothing else pass, whatever the layers; range and error; Keras's words about a wrong shape."""
    verdict = ask(two_numbers, net(**options))
    assert verdict.state == state, verdict
    assert words in verdict.text


def test_a_model_is_left_alone(two_numbers):
    """Weights, trainable, compilation: all as before, and it is never asked to train."""
    import keras
    from keras import layers

    class Training(layers.Layer):
        def call(self, x, training=None):
            assert not training
            assert x.shape[0] is None or x.shape[0] <= 250
            return x

    inner = net()
    answer = keras.Sequential([keras.Input((12,)), Training(), *inner.layers[1:]])
    answer.compile("adam", "mae")
    before = [w.copy() for w in answer.get_weights()]
    optimizer = answer.optimizer
    assert ask(two_numbers, answer).passed
    assert all(map(np.array_equal, before, answer.get_weights()))
    assert answer.optimizer is optimizer
    assert int(optimizer.iterations) == 0


def test_facts_of_a_model(two_numbers):
    """What predicates can ask for."""
    facts = two_numbers.collect(net())["value"]
    assert facts["n_parameters"] == 12 * 8 + 8 + 8 * 2 + 2 + 2 * 8 + 8 + 8 * 12 + 12
    assert facts["n_numbers"] == 2
    assert facts["chain"]["units"] == [12, 8, 2, 8, 12]
    assert facts["chain"]["activations"] == ["elu", "linear", "elu", "sigmoid"]
    assert 0 < facts["mse"] < 0.15


# Models that would fool a gauge: all pass on their input, whose twelve numbers are independent


def copying(bend):
    """Return a model of `bend`, a function of tensors."""
    import keras

    inputs = keras.Input((12,))
    return keras.Model(inputs, bend(inputs))


def attacks():
    """Return functions of tensors by name."""
    import tensorflow as tf
    from keras import ops

    X = np.random.default_rng(0).random((600, 12), dtype=np.float32)
    first = tf.constant(X[:4, :1])
    two = tf.constant([1.0, 1.0] + 10 * [0.0])
    return {
        "steps": lambda x: ops.round(40 * x) / 40,
        "tiny steep ramps": lambda x: (
            x + ops.sum(ops.clip(1e4 * (x[:, :1, None] - first[None, :, 0, None]), 0, 1e-3), axis=1)
        ),
        "a fast, small wave": lambda x: x + 1e-3 * ops.sin(1e7 * x[:, :1]),
        "around the derivative": lambda x: two * x + 0.3 * ops.stop_gradient(x),
        "a small wave without a derivative": lambda x: two * x + 2e-3 * ops.stop_gradient(ops.sin(500 * x)),
        "one steep direction": lambda x: x + 1e5 * ops.relu(x[:, :1] - 1.5) + 1e4 * (x[:, :1] - x[:, :1]),
        "flat rows": lambda x: ops.where(
            ops.min(ops.abs(x[:, None, :1] - tf.constant(X[None, :, :1])), axis=1) < 1e-6, ops.stop_gradient(x), x
        ),
    }


@pytest.mark.parametrize(
    "name",
    [
        "steps",
        "tiny steep ramps",
        "a fast, small wave",
        "around the derivative",
        "a small wave without a derivative",
        "one steep direction",
        "flat rows",
    ],
)
def test_a_gauge_is_not_fooled(two_numbers, name):
    """What passes on twelve numbers is never taken for a code of two, even by someone who has read the gauge."""
    answer = copying(attacks()[name])
    for _ in range(3):
        found = two_numbers.collect(answer)["value"]["n_numbers"]
        assert found is None or found > 2, name


def test_constants_count_as_parameters():
    """Weights that are hidden in a function are weights."""
    from course_utils.questions.engine.models import n_parameters

    W = np.ones((12, 12), np.float32)
    assert n_parameters(copying(lambda x: x @ W), np.zeros((4, 12), np.float32)) == 144
    assert n_parameters(net(), np.zeros((4, 12), np.float32)) == net().count_params()


def hidden(multiply, parts=()):
    """Return a model of a class of its own that multiplies by a matrix in a way of its own."""
    import keras

    class Hidden(keras.Model):
        def __init__(self):
            super().__init__()
            self.parts = list(parts)

        def call(self, x):
            return multiply(x)

    answer = Hidden()
    answer(np.zeros((4, 12), np.float32))
    return answer


def test_a_model_of_numpy(two_numbers):
    """It copies its input out of TensorFlow's sight, and has a layer that leads nowhere: that is said, not an error."""
    from keras import layers

    idle = layers.Dense(1)
    answer = hidden(lambda x: idle(x) is not None and x.numpy(), parts=[idle])
    found = two_numbers.collect(answer)["value"]
    assert (found["n_numbers"], found["n_parameters"], found["chain"]["activations"]) == (None, None, None)


def test_hidden_constants():
    """They count inside of other functions, too; where Python computes, nobody can count."""
    import tensorflow as tf

    from course_utils.questions.engine.models import n_parameters

    X, W = np.zeros((4, 12), np.float32), np.ones((12, 12), np.float32)
    assert n_parameters(hidden(tf.function(lambda x: x @ tf.constant(W))), X) == 144
    assert n_parameters(hidden(lambda x: tf.constant(x.numpy() @ W)), X) is None
    assert (
        n_parameters(hidden(lambda x: tf.ensure_shape(tf.py_function(np.matmul, [x, W], tf.float32), x.shape)), X)
        is None
    )
