"""The builders, on made-up questions: numbers, arrays, functions, choices, models."""

import json
import tracemalloc

import numpy as np
import pytest
from _all import ask

from course_utils.questions.authoring import array, choice, function, number
from course_utils.questions.engine.models import Check, model
from course_utils.questions.engine.question import Mistake

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
    tracemalloc.start()
    verdict = ask(an_array(orthonormal="rows", accepts=lambda value: True), answer)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert words in verdict.text
    assert peak < 10 * 2**20


def test_orders_of_magnitude():
    """A wrong number is of the right size or not, and no more is said: not even whether it is too large."""
    question = number("99.1", "three", right=lambda: 3, hints=HINTS)
    assert ask(question, 4).text == ask(question, 2).text == "The number is not the right one, but of its size."
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


def test_more_than_one_answer_may_be_right():
    """`accepts` decides, once shape and properties are right."""
    question = array(
        "99.1",
        "an orthonormal pair",
        right=lambda: np.eye(2),
        shape=(2, 2),
        orthonormal="rows",
        accepts=lambda value: value[0, 1] == 0,
        hints=HINTS,
    )
    assert ask(question, -np.eye(2)).passed
    assert "orthonormal" in ask(question, 2 * np.eye(2)).text
    assert ask(question, [[0, 1], [1, 0]]).text == "It is not good enough yet."


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
        latent_dim=2,
        mse_at_most=lambda: 0.15,
        checks=(Check("It leaves [0, 1].", lambda facts: facts["output_range"][0] >= 0),),
        mistakes=(
            Mistake(
                "three",
                "Count again.",
                lambda: net(3),
                recognise=lambda facts: ("Dense", 3, "linear") in facts["layers"],
            ),
        ),
        hints=HINTS,
    )


@pytest.mark.parametrize(
    ("options", "state", "words"),
    [
        ({}, "passed", ""),
        ({"latent_dim": 1}, "passed", ""),
        ({"latent_dim": 3}, "known mistake", "Count again."),
        ({"latent_dim": 4}, "not yet", "More than 2 numbers pass"),
        ({"around": 1}, "not yet", "a way around it"),
        ({"output": "linear"}, "not yet", "It leaves [0, 1]."),
        ({"output": "relu"}, "not yet", "error on data"),
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
    assert facts["input_shape"] == facts["output_shape"] == (None, 12)
    assert facts["layers"][1:3] == [("Dense", 8, "elu"), ("Dense", 2, "linear")]
    assert facts["n_parameters"] == 12 * 8 + 8 + 8 * 2 + 2 + 2 * 8 + 8 + 8 * 12 + 12
    assert facts["n_numbers"] == 2
    assert 0 < facts["mse"] < 0.15
