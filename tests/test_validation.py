"""The shared checks let good values through unchanged and explain bad ones."""

import numpy as np
import pytest

from course_utils._validation import check_array, check_count, check_same_shape

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
