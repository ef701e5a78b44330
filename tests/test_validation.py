"""The shared checks let good values through unchanged and explain bad ones."""

import keras
import numpy as np
import pytest

from course_utils import _validation as validation
from course_utils._validation import check_array, check_count, check_counts, check_function, check_same_shape

HINT = "Pass the images flat."


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_floats_pass_without_a_copy(dtype):
    """A float array comes back as the same object, so that no memory is spent."""
    array = np.ones((3, 2), dtype=dtype)
    assert check_array("X", array) is array


@pytest.mark.parametrize("value", [[[1, 2]], np.array([[1, 2]], dtype=np.uint8), np.array([[1, 2]], dtype=np.float16)])
def test_other_numbers_become_float64(value):
    """Integers cannot wrap around in later arithmetic because they become float64."""
    result = check_array("X", value)
    assert result.dtype == np.float64
    np.testing.assert_array_equal(result, [[1.0, 2.0]])


def test_booleans_count_as_zero_and_one():
    """A mask is data like any other."""
    np.testing.assert_array_equal(check_array("X", [[True, False]]), [[1.0, 0.0]])


@pytest.mark.parametrize(
    ("value", "options", "expected", "got"),
    [
        (np.ones(4), {}, "2 dimension", r"1 with shape \(4,\)"),
        (np.ones((2, 3, 4)), {}, "2 dimension", r"3 with shape \(2, 3, 4\)"),
        (np.float64(3), {"ndim": None}, "at least 1 dimension", r"0 with shape \(\)"),
        (np.ones((2, 3)), {"n_features": 4}, "length 4", r"3 with shape \(2, 3\)"),
        (np.ones((0, 3)), {}, "at least one value", r"shape \(0, 3\)"),
        ([[1, 2], [3]], {}, "regular array", "rows that differ"),
        ([[1.0, np.nan, np.nan]], {}, "finite", "2 NaN or infinite value.* among 3"),
        ([[1.0, np.inf]], {}, "finite", "1 NaN or infinite"),
        ([[1.0, -np.inf]], {}, "finite", "1 NaN or infinite"),
    ],
)
def test_bad_arrays_get_name_expected_got_and_hint(value, options, expected, got):
    """The ValueError says which argument, what was expected, what came and what to do."""
    with pytest.raises(ValueError, match=f"^images: expected .*{expected}.*, got .*{got}.* {HINT}$"):
        check_array("images", value, hint=HINT, **options)


@pytest.mark.parametrize("value", [[["a", "b"]], [[1j, 2]], None, {"a": 1}, [[None, 1.0]]])
def test_what_is_not_numbers_is_a_type_error(value):
    """Text, complex numbers and objects are no data, and the message names the dtype."""
    with pytest.raises(TypeError, match=f"^X: expected an array of real numbers, got .*dtype.* {HINT}$"):
        check_array("X", value, hint=HINT)


def test_large_finite_values_are_finite():
    """The test for finiteness must not overflow itself."""
    check_array("X", np.full((2, 2), np.finfo(np.float32).max, dtype=np.float32))


def test_shapes_must_be_equal_not_only_broadcastable():
    """(3, 1) against (3, 2) would broadcast silently."""
    check_same_shape("a", np.ones((3, 2)), "b", np.zeros((3, 2)))
    with pytest.raises(ValueError, match=rf"^b: expected the shape of a, \(3, 2\), got \(3, 1\). {HINT}$"):
        check_same_shape("a", np.ones((3, 2)), "b", np.ones((3, 1)), HINT)


@pytest.mark.parametrize("value", [1, 5, np.int64(3), np.uint8(2)])
def test_counts_within_the_range_become_int(value):
    """Both ends belong to the range, and NumPy's integers are integers."""
    result = check_count("k", value, 1, 5)
    assert type(result) is int
    assert result == value


def test_a_count_without_upper_limit():
    """high=None sets no limit above and says so."""
    assert check_count("k", 10**9, 1) == 10**9
    with pytest.raises(ValueError, match=r"^k: expected an integer of at least 1, got 0\.$"):
        check_count("k", 0, 1)


@pytest.mark.parametrize("value", [0, 6, -1])
def test_counts_out_of_range(value):
    """The ValueError gives the value and the legal range."""
    with pytest.raises(ValueError, match=f"^k: expected an integer from 1 to 5, got {value}. {HINT}$"):
        check_count("k", value, 1, 5, HINT)


@pytest.mark.parametrize("value", [2.0, True, np.True_, "2", None])
def test_counts_of_another_type(value):
    """True and 2.0 are mistakes more often than counts."""
    with pytest.raises(TypeError, match=f"^k: expected an integer from 1 to 5, got .* of type .* {HINT}$"):
        check_count("k", value, 1, 5, HINT)


def test_a_tensor_without_values_is_no_array():
    """What Keras passes from layer to layer while a model is built stands for values to come."""
    with pytest.raises(ValueError, match=f"^X: expected a regular array of numbers, got a KerasTensor .* {HINT}$"):
        check_array("X", keras.Input((3,)), hint=HINT)


@pytest.mark.parametrize("values", [[8, 4], (8, 4), np.array([8, 4]), range(8, 3, -4), iter([8, 4])])
def test_counts_become_a_list_of_int(values):
    """Any sequence serves, NumPy's too."""
    counts = check_counts("k", values, 1)
    assert counts == [8, 4]
    assert {type(count) for count in counts} == {int}


@pytest.mark.parametrize("values", [32, None, "32", {8, 4}, {8: 4}, np.array(8)])
def test_no_sequence_of_counts(values):
    """One number is no sequence, text is none of numbers, and a set has no order."""
    with pytest.raises(TypeError, match=f"^k: expected a sequence of integers, got .* of type .* {HINT}$"):
        check_counts("k", values, 1, HINT)


def test_the_wrong_count_of_several_is_named():
    """The message has its index."""
    with pytest.raises(ValueError, match=rf"^k\[1\]: expected an integer of at least 1, got 0. {HINT}$"):
        check_counts("k", [3, 0], 1, HINT)


@pytest.mark.parametrize("value", [lambda a, b: a, lambda *both: both, np.add, max, keras.layers.Add().__call__])
def test_functions_of_two_arguments(value):
    """Whatever can be called with two arguments passes, whether or not it tells its signature."""
    check_function("f", value, "batch, rng")


@pytest.mark.parametrize(
    ("value", "got"),
    [(lambda a: a, r"one of \(a\)"), (lambda: 0, r"one of \(\)"), (np.ones(2), "ndarray, which"), (None, "NoneType")],
)
def test_no_function_of_two_arguments(value, got):
    """The message says how it will be called, and what came."""
    with pytest.raises(TypeError, match=rf"^f: expected a function of \(batch, rng\), got {got}.* {HINT}$"):
        check_function("f", value, "batch, rng", HINT)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_largest_squares_that_can_be_summed(dtype):
    """At the limit the sum of squared differences is finite; what is larger is refused, with the largest value."""
    limit = float(np.sqrt(np.finfo(dtype).max / 6)) / 2
    array = np.full((2, 3), 0.99 * limit, dtype)
    validation.check_squares("X", array, dtype)
    assert np.isfinite(np.square(array - -array).sum())
    for sign in (1, -1):
        array[1, 1] = sign * 10 * limit
        with pytest.raises(ValueError, match=r"^X: expected values up to .*, got a largest absolute value .*scale"):
            validation.check_squares("X", array, dtype)


def test_squares_of_float32_fit_into_float64():
    """The largest float32 is no problem there."""
    validation.check_squares("X", np.full((2, 3), np.finfo(np.float32).max, np.float32), np.float64)


@pytest.mark.parametrize("labels", [[0, 9, 3], np.array([0, 9, 3], np.uint8), [0.0, 9.0, 3.0], (0, 9, 3)])
def test_labels_are_whole_numbers(labels):
    """Of whatever type they are, they come back as int64."""
    result = validation.check_labels(labels, 3, 0, 9)
    assert result.dtype == np.int64
    np.testing.assert_array_equal(result, [0, 9, 3])


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([0, 10, 3], "whole numbers from 0 to 9, got 10"),
        ([0, -1, 3], "whole numbers from 0 to 9, got -1"),
        ([0, 0.5, 3], "whole numbers from 0 to 9, got 0.5"),
        ([0, np.nan, 3], "finite values"),
        ([0, 1], "3 whole numbers, one for each code, got 2"),
        (list("abc"), "an array of real numbers, got list of dtype <U1"),
        (np.eye(3), "an array of 1 dimension"),
        (5, "an array of 1 dimension"),
        ([[1], [1, 2], 3], "a regular array"),
    ],
)
def test_what_is_no_label(labels, message):
    """The message names the labels, the range and the first that is out of it."""
    with pytest.raises((TypeError, ValueError), match=f"^labels: expected {message}.*one whole number for each code"):
        validation.check_labels(labels, 3, 0, 9)


@pytest.mark.parametrize("shape", [(28, 14), [28, 14], np.array([28, 14])])
def test_image_shapes(shape):
    """Any pair of sizes will do."""
    assert validation.check_image_shape(shape) == (28, 14)


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (784, r"image_shape: expected \(height, width\), got 784"),
        ((1, 28, 28), r"image_shape: expected \(height, width\), got \(1, 28, 28\)"),
        (None, r"image_shape: expected \(height, width\), got None"),
        ((28, 2.0), r"image_shape\[1\]: expected an integer of at least 1, got 2.0"),
        ((0, 28), r"image_shape\[0\]: expected an integer of at least 1, got 0"),
    ],
)
def test_no_image_shape(shape, message):
    """Anything but two positive whole numbers is refused, with an example."""
    with pytest.raises((TypeError, ValueError), match=rf"^{message}.*\(28, 28\)"):
        validation.check_image_shape(shape)
