"""Whatever a student hands over, `check` gives a verdict, and none of it is an exception of ours."""

import numpy as np
import pytest
from _all import QUESTIONS, ask, each_question, facts_of
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course_utils.questions.engine.functions import FunctionKind
from course_utils.questions.engine.values import ValueKind
from course_utils.questions.engine.verdict import LOOKS, Verdict, bundle_of


class Rude:
    """An object whose every conversion fails."""

    def __array__(self, *arguments, **options):
        """Refuse."""
        raise RuntimeError("no array")

    def __float__(self):
        """Refuse."""
        raise RuntimeError("no number")

    def __repr__(self):
        """Refuse."""
        raise RuntimeError("no text")

    def __eq__(self, other):
        """Refuse."""
        raise RuntimeError("no comparison")

    __hash__ = None


class RudeError(Exception):
    """An exception without a text."""

    def __str__(self):
        """Refuse."""
        raise RuntimeError("no text")


floats = st.floats(allow_nan=True, allow_infinity=True)
numbers = st.one_of(
    floats, st.integers(), st.sampled_from([10**400, -(10**30), 1 + 2j, True, 1e308, np.float32("nan")])
)
arrays = hnp.arrays(
    st.sampled_from([np.float64, np.float32, np.int64, np.complex128, np.bool_, object, "U3", "datetime64[s]"]),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)
oddities = st.sampled_from(
    [
        [[1, 2], [3]],
        [[], 1],
        {"a": 1},
        {1, 2},
        b"x",
        range(3),
        object(),
        Rude(),
        int,
        np,
        [None, 1],
        [..., 1],
        iter([1]),
    ]
)
values = st.one_of(numbers, st.text(max_size=5), st.lists(numbers, max_size=4), arrays, oddities, st.just([Rude()]))


def raises(error):
    """Return a function that raises."""

    def stops(*given):
        raise error

    return stops


functions = st.one_of(
    values.map(lambda value: lambda *given: value),
    st.sampled_from(
        [ValueError("x"), RudeError(), SystemExit(3), RecursionError(), MemoryError("m"), StopIteration()]
    ).map(raises),
    st.sampled_from([lambda: 1, lambda a, b, c, d, e: 1, len, print, np.sum, np.linalg.svd, str, dict, Rude]),
    st.sampled_from(
        [lambda *given: given, lambda *given: given[0], lambda *given: given[0].T, lambda *given: given[0][:0]]
    ),
)


def assert_verdict(question, answer):
    """Ask, and look at what comes."""
    verdict = ask(question, answer)
    assert isinstance(verdict, Verdict)
    assert verdict.state in LOOKS
    assert verdict.passed == (verdict.state == "passed")
    assert (verdict.mistake is not None) == (verdict.state == "known mistake")
    assert "course_utils" not in verdict.text
    shown = bundle_of(verdict)
    assert isinstance(shown["text/plain"], str)
    assert "<script" not in shown["text/html"]


@each_question
def test_any_value(question):
    """Numbers, NaN, infinity, text, ragged lists, objects."""
    n = 5 if question.slow else 25

    @settings(max_examples=n)
    @given(values)
    def ask_it(answer):
        assert_verdict(question, answer)

    ask_it()


@each_question
def test_any_function(question):
    """Functions with other signatures, that raise, that return rubbish."""
    n = 5 if question.slow else 25

    @settings(max_examples=n)
    @given(functions)
    def ask_it(answer):
        assert_verdict(question, answer)

    ask_it()


@pytest.mark.parametrize(
    "question",
    [q for q in QUESTIONS if isinstance(q.kind, ValueKind | FunctionKind)],
    ids=lambda question: question.key,
)
@pytest.mark.parametrize("scale", [np.nan, np.inf, -np.inf, 0.0, 1e300, -1.0])
def test_the_right_shape_with_wrong_numbers(question, scale):
    """What comes nearest to an answer: its own shape."""
    right = facts_of(question, question.right)["value"]
    with np.errstate(all="ignore"):
        if isinstance(question.kind, FunctionKind):
            outputs = iter(right)
            assert_verdict(question, lambda *given: next(outputs) * scale)
        else:
            assert_verdict(question, right * scale)


@pytest.fixture(scope="module")
def models():
    """Return models of other shapes, and what is nearly a model."""
    import keras
    from keras import layers

    def net(n_in, *units):
        return keras.Sequential([keras.Input((n_in,)), *(layers.Dense(n) for n in units)])

    class Stops(keras.Model):
        def call(self, x):
            raise ValueError("in the student's layer")

    pair = keras.Model(inputs := keras.Input((784,)), [layers.Dense(2)(inputs), inputs])
    images = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(784)])
    nans = net(784, 2, 784)
    nans.set_weights([w * np.nan for w in nans.get_weights()])
    unbuilt = keras.Sequential([layers.Dense(3)])
    return [net(784, 784), net(784, 3), net(2, 2), pair, images, nans, unbuilt, Stops(), layers.Dense(2), keras.Model]


@each_question
def test_any_model(question, models):
    """Of any shape, unbuilt, with NaN for weights, or that raises."""
    for model in models:
        assert_verdict(question, model)
