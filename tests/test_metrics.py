"""The metrics against hand calculations, SciPy and the properties that define them."""

import itertools
import tracemalloc

import numpy as np
import pandas
import pytest
import scipy.linalg
import sklearn.decomposition
import tensorflow as tf
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from course_utils import metrics
from course_utils.metrics import (
    equivalent_n_components,
    pca_error_curve,
    principal_angles,
    reconstruction_mse,
)
from course_utils.pca import PCA

PIXELS = st.floats(-100, 100, allow_subnormal=False).map(lambda value: round(value, 3))
IMAGES = array_shapes(min_dims=1, max_dims=3, max_side=5).flatmap(lambda s: arrays(np.float64, s, elements=PIXELS))
SEEDS = st.integers(0, 10**6)
CURVES = st.lists(st.floats(1e-4, 1), min_size=2, max_size=12).map(lambda values: sorted(values, reverse=True))


def random_rows(rng, k, p):
    """Return k rows in p dimensions that are far from dependent."""
    basis = np.linalg.qr(rng.normal(size=(p, k)))[0].T
    return rng.uniform(0.5, 2, size=(k, 1)) * basis


# reconstruction_mse


def test_mse_by_hand():
    """Squared differences 0, 1, 4 and 9 over four pixels make 3.5."""
    result = reconstruction_mse([[0, 1], [2, 3]], [[0, 0], [0, 0]])
    assert type(result) is float
    assert result == 3.5


@given(X=IMAGES, data=st.data())
def test_mse_is_never_negative_and_zero_only_when_equal(X, data):
    """It is a squared distance: zero for the same arrays, positive for any others, either way round."""
    other = data.draw(arrays(np.float64, X.shape, elements=PIXELS))
    result = reconstruction_mse(X, other)
    assert (result == 0) == np.array_equal(X, other)
    assert result >= 0
    assert result == pytest.approx(np.mean((X - other) ** 2), rel=1e-12)
    assert result == reconstruction_mse(other, X)
    assert reconstruction_mse(X, X.copy()) == 0


@given(X=IMAGES, scale=st.floats(0.01, 100), shift=st.floats(-10, 10))
def test_mse_scales_with_the_square(X, scale, shift):
    """Other units change the error by their square; a common shift changes nothing."""
    other = X + np.linspace(1, 2, X.size).reshape(X.shape)
    error = reconstruction_mse(X, other)
    assert reconstruction_mse(scale * X, scale * other) == pytest.approx(scale**2 * error, rel=1e-8)
    assert reconstruction_mse(X + shift, other + shift) == pytest.approx(error, rel=1e-8)


def test_mse_over_several_chunks(rng, monkeypatch):
    """Chunks, the last one shorter, add up to the mean over all rows."""
    X, other = rng.normal(size=(2, 23, 4))
    monkeypatch.setattr(metrics, "_CHUNK", 5)
    assert reconstruction_mse(X, other) == pytest.approx(np.mean((X - other) ** 2), rel=1e-12)


def test_mse_accumulates_float32_in_float64(rng):
    """Many small squares in float32 add up as accurately as in float64."""
    X = np.zeros((30_000, 40), dtype=np.float32)
    other = rng.uniform(0, 0.1, size=X.shape).astype(np.float32)
    assert reconstruction_mse(X, other) == pytest.approx(np.mean(other.astype(np.float64) ** 2), rel=1e-12)


def test_mse_of_integers_does_not_wrap():
    """As uint8, 0 - 255 would be 1."""
    X = np.array([[0, 255]], dtype=np.uint8)
    assert reconstruction_mse(X, X[:, ::-1]) == 255**2


def test_mse_takes_little_memory():
    """No array of differences as large as the data is built."""
    X = np.zeros((40_000, 50), dtype=np.float32)
    tracemalloc.start()
    try:
        reconstruction_mse(X, X)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < X.nbytes / 2


@pytest.mark.parametrize(
    ("X", "reconstruction", "error", "match"),
    [
        (
            np.ones((3, 4)),
            np.ones((3, 2, 2)),
            ValueError,
            r"^reconstruction: .*\(3, 4\), got \(3, 2, 2\).*both flat",
        ),
        (np.ones((3, 4)), np.ones((1, 4)), ValueError, r"^reconstruction: .*\(3, 4\), got \(1, 4\)"),
        ([[np.nan, 1]], [[0, 1]], ValueError, "^X: expected finite values"),
        ([[0, 1]], [[np.inf, 1]], ValueError, "^reconstruction: expected finite values"),
        (np.ones((0, 4)), np.ones((0, 4)), ValueError, "^X: expected at least one value, got an empty"),
        ([["a"]], [[1]], TypeError, "^X: expected an array of real numbers"),
        (1.0, 1.0, ValueError, "^X: expected an array of at least 1 dimension"),
        ([[1e200, 0]], [[0, 0]], ValueError, r"^X: expected values up to .*, got a largest absolute value of 1e\+200"),
        ([[0, 0]], [[0, -1e200]], ValueError, "^reconstruction: expected values up to"),
    ],
)
def test_mse_refuses_bad_input(X, reconstruction, error, match):
    """Each message names the argument, what was expected and what came."""
    with pytest.raises(error, match=match):
        reconstruction_mse(X, reconstruction)


def test_mse_of_the_largest_float32():
    """Squared in float64 it is far from the limit."""
    X = np.full((2, 3), np.finfo(np.float32).max, np.float32)
    assert reconstruction_mse(X, 0 * X) == pytest.approx(float(X[0, 0]) ** 2)


# principal_angles


def test_angles_by_hand():
    """Two planes in space that share the x axis, one tilted by 30 degrees; two lines at 45 degrees."""
    tilted = [[1, 0, 0], [0, np.cos(np.pi / 6), np.sin(np.pi / 6)]]
    np.testing.assert_allclose(principal_angles([[1, 0, 0], [0, 1, 0]], tilted), [30, 0], atol=1e-6)
    np.testing.assert_allclose(principal_angles([[1, 0]], [[-1, 1]]), [45])
    np.testing.assert_allclose(principal_angles([[1, 0]], [[0, 3]]), [90])


def test_angles_between_subspaces_of_different_dimension():
    """A line within a plane is at 0 degrees to it, and there is one angle only."""
    np.testing.assert_allclose(principal_angles([[1, 1, 0]], [[1, 0, 0], [0, 1, 0]]), [0], atol=1e-6)


@given(seed=SEEDS, k=st.integers(1, 4), extra=st.integers(0, 5))
def test_angles_depend_on_the_subspaces_only(seed, k, extra):
    """Invertible mixing of the rows changes nothing, nor does the order of the arguments; SciPy agrees."""
    rng = np.random.default_rng(seed)
    A, B = random_rows(rng, k, k + extra), random_rows(rng, k, k + extra)
    angles = principal_angles(A, B)
    assert angles.shape == (k,)
    assert angles.min() >= 0
    assert angles.max() <= 90
    assert np.all(np.diff(angles) <= 0)
    mixing_A, mixing_B = random_rows(rng, k, k), random_rows(rng, k, k)
    np.testing.assert_allclose(principal_angles(mixing_A @ A, mixing_B @ B), angles, atol=1e-9)
    np.testing.assert_allclose(principal_angles(B, A), angles, atol=1e-9)
    np.testing.assert_allclose(principal_angles(A, mixing_A @ A), 0, atol=1e-9)
    np.testing.assert_allclose(angles, np.degrees(scipy.linalg.subspace_angles(A.T, B.T)), atol=1e-5)
    cosines = np.linalg.svd(np.linalg.qr(A.T)[0].T @ np.linalg.qr(B.T)[0], compute_uv=False)
    np.testing.assert_allclose(np.cos(np.radians(angles))[::-1], cosines, atol=1e-7)


@given(seed=SEEDS, angle=st.floats(1e-4, 89))
def test_angles_find_a_known_rotation(seed, angle):
    """A plane of which one axis is rotated out of it is at exactly that angle, small angles included."""
    rng = np.random.default_rng(seed)
    basis = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    rotated = np.cos(np.radians(angle)) * basis[1] + np.sin(np.radians(angle)) * basis[2]
    np.testing.assert_allclose(principal_angles(basis[:2], [basis[0], rotated]), [angle, 0], rtol=1e-9, atol=1e-12)


def test_angles_of_float32_rows_are_computed_in_float64(rng):
    """A subspace rounded to float32 is at an angle of that rounding, not of float32 arithmetic."""
    A = random_rows(rng, 3, 200).astype(np.float32)
    assert principal_angles(A, A).dtype == np.float64
    assert principal_angles(A, 2 * A).max() < 1e-9


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dependent_rows_are_refused(rng, dtype):
    """Rows that span less than they count give no angle, and the message says which and what to do."""
    A = random_rows(rng, 2, 50).astype(dtype)
    dependent = np.vstack([A, A[:1] + 3 * A[1:]])
    match = r"^B: expected 3 linearly independent rows, got rank 2 with shape \(3, 50\).*Leave out"
    with pytest.raises(ValueError, match=match):
        principal_angles(A, dependent)
    with pytest.raises(ValueError, match=r"^A: expected 2 .* rows, got rank 1"):
        principal_angles(np.vstack([A[0], 0 * A[0]]), A)


@pytest.mark.parametrize(
    ("A", "B", "error", "match"),
    [
        (
            np.ones((5, 2)),
            np.eye(2),
            ValueError,
            "^A: expected 5 linearly independent rows, got rank 1.*transpose",
        ),
        (np.eye(2), np.ones((5, 3)), ValueError, "^B: expected a last axis of length 2, got 3.*transpose"),
        (
            np.ones(3),
            np.eye(3),
            ValueError,
            "^A: expected an array of 2 dimension.*got 1.*One vector per row",
        ),
        ([[np.nan, 1]], [[0, 1]], ValueError, "^A: expected finite values"),
        (np.ones((0, 3)), np.eye(3), ValueError, "^A: expected at least one value"),
        ([[1, 0]], [["a", "b"]], TypeError, "^B: expected an array of real numbers"),
        (PCA(2), np.eye(2), TypeError, "^A: expected an array of real numbers, got PCA of dtype object"),
        (np.eye(2), [[1e308, 1e308]], ValueError, "^B: expected values up to .*absolute value of 1e.308"),
    ],
)
def test_angles_refuse_bad_input(A, B, error, match):
    """Each message names the argument, what was expected, what came and what to do."""
    with pytest.raises(error, match=match):
        principal_angles(A, B)


# pca_error_curve


@pytest.mark.parametrize("shape", [(60, 8), (8, 30)])
@pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 1e-9), (np.float32, 1e-4)])
def test_curve_is_the_error_of_each_reconstruction(rng, monkeypatch, shape, dtype, rtol):
    """For every k, on train and test data, it is what reconstructing and comparing gives."""
    monkeypatch.setattr(metrics, "_CHUNK", 7)
    mixing = rng.normal(size=(shape[1], shape[1]))
    X_train, X_test = (rng.normal(size=(n, shape[1])) @ mixing + 3 for n in (shape[0], 20))
    X_train, X_test = X_train.astype(dtype), X_test.astype(dtype)
    k_max = min(shape) - 1
    curves = [pca_error_curve(PCA(k_max).fit(X_train), X) for X in (X_train, X_test)]
    for X, curve in zip((X_train, X_test), curves, strict=True):
        assert curve.shape == (k_max,)
        assert curve.dtype == np.float64
        for k in range(1, k_max + 1):
            pca = PCA(k).fit(X_train)
            direct = reconstruction_mse(X, pca.inverse_transform(pca.transform(X)))
            assert curve[k - 1] == pytest.approx(direct, rel=rtol, abs=rtol * curve[0])


def test_train_curve_is_the_sum_of_the_variances_left_out(rng):
    """On train data the error with k components is the sum of the other eigenvalues, per feature."""
    X = rng.normal(size=(40, 5)) * [5, 4, 3, 2, 1]
    pca = PCA().fit(X)
    left_out = pca.explained_variance_.sum() - np.cumsum(pca.explained_variance_)
    np.testing.assert_allclose(pca_error_curve(pca, X), left_out * 39 / 40 / 5, atol=1e-12)


@given(seed=SEEDS, n=st.integers(3, 30), p=st.integers(2, 10))
def test_curve_never_increases_nor_falls_below_zero(seed, n, p):
    """More components never cost, also on test data, and rounding leaves nothing negative."""
    rng = np.random.default_rng(seed)
    pca = PCA().fit(rng.normal(size=(n, p)))
    for X in (rng.normal(size=(5, p)), pca.inverse_transform(rng.normal(size=(4, pca.n_components_)))):
        curve = pca_error_curve(pca, X)
        assert np.all(np.diff(curve) <= 0)
        assert curve.min() >= 0


def test_curve_takes_scikit_learns_pca_too(rng):
    """Whatever has mean_ and components_ will do."""
    X = rng.normal(size=(30, 4))
    reference = sklearn.decomposition.PCA(3).fit(X)
    np.testing.assert_allclose(pca_error_curve(reference, X), pca_error_curve(PCA(3).fit(X), X))


def test_curve_refuses_bad_input(rng):
    """An object that is not fitted, other columns or NaN give an error that says what to do."""
    X = rng.normal(size=(30, 4))
    with pytest.raises(TypeError, match=r"^pca: expected a fitted PCA .*got PCA without.*Call its fit\(X_train\)"):
        pca_error_curve(PCA(2), X)
    with pytest.raises(TypeError, match=r"^pca: expected a fitted PCA .*got ndarray"):
        pca_error_curve(X, PCA(2).fit(X))
    pca = PCA(2).fit(X)
    with pytest.raises(ValueError, match=r"^X: .* last axis of length 4, got 3.*was fitted on"):
        pca_error_curve(pca, X[:, :3])
    with pytest.raises(ValueError, match=r"^X: expected .*, got 1 NaN"):
        pca_error_curve(pca, [[np.nan, 1, 2, 3]])
    with pytest.raises(ValueError, match=r"^X: expected values up to .*, got a largest absolute value of 1e\+200"):
        pca_error_curve(pca, [[1e200, 0, 0, 0]])
    pca.mean_ = pca.mean_ * 1e200
    with pytest.raises(ValueError, match=r"^pca\.mean_: expected values up to"):
        pca_error_curve(pca, X)


# equivalent_n_components


def test_equivalent_by_hand():
    """Half-way between the errors of two and three components lies 2.5."""
    curve = [0.10, 0.06, 0.04, 0.03]
    assert [equivalent_n_components(error, curve) for error in curve] == [1, 2, 3, 4]
    assert equivalent_n_components(0.05, curve) == pytest.approx(2.5)
    assert equivalent_n_components(np.float32(0.0325), np.array(curve)) == pytest.approx(3.75, abs=1e-5)
    assert type(equivalent_n_components(0.05, curve)) is float


def test_numbers_in_other_clothes():
    """Lists, half precision, tables and tensors are what their numbers are."""
    A, B = np.array([[1, 0, 0], [0, 1, 0]]), np.array([[0, 0, 1], [0, 1, 0]])
    for dress in (np.ndarray.tolist, pandas.DataFrame, tf.constant, lambda a: a.astype(np.float16)):
        np.testing.assert_allclose(principal_angles(dress(A), dress(B)), [90, 0], atol=1e-12)
        assert reconstruction_mse(dress(A), dress(B)) == pytest.approx(2 / 6)
    for dress in (list, pandas.Series, tf.constant, lambda a: np.array(a, dtype=object).astype(float)):
        assert equivalent_n_components(tf.constant(2.0), dress([4.0, 3.0, 1.0])) == 2.5


def test_equivalent_on_a_flat_stretch_is_the_smallest():
    """Components that add nothing are not needed."""
    assert equivalent_n_components(2, [3, 2, 2, 2, 1]) == 2
    assert equivalent_n_components(1, [3, 2, 1, 1]) == 3
    assert equivalent_n_components(3, [3, 3, 1]) == 1
    assert equivalent_n_components(5, [5]) == 1


@given(curve=CURVES, position=st.floats(0, 1))
def test_equivalent_is_the_inverse_of_interpolation(curve, position):
    """The curve read at the number that comes back is the error that went in."""
    assume(min(-np.diff(curve)) > 1e-6)
    k = 1 + position * (len(curve) - 1)
    error = np.interp(k, np.arange(1, len(curve) + 1), curve)
    assert equivalent_n_components(error, curve) == pytest.approx(k, abs=1e-6)


@given(curve=CURVES, positions=st.lists(st.floats(0, 1), min_size=2, max_size=5))
def test_equivalent_is_monotone(curve, positions):
    """A smaller error never corresponds to fewer components, and the number stays within the curve."""
    errors = [np.clip(curve[-1] + p * (curve[0] - curve[-1]), curve[-1], curve[0]) for p in sorted(positions)]
    numbers = [equivalent_n_components(error, curve) for error in errors]
    assert all(1 <= number <= len(curve) for number in numbers)
    assert all(a >= b for a, b in itertools.pairwise(numbers))


@pytest.mark.parametrize(
    ("error", "curve", "kind", "match"),
    [
        (
            0.2,
            [0.1, 0.05],
            ValueError,
            r"^error: .*0.05 \(k = 2\) to 0.1 \(k = 1\), got 0.2. It needs .*or better",
        ),
        (0.01, [0.1, 0.05], ValueError, "^error: .*got 0.01. It needs more components in the curve"),
        (
            0.06,
            [0.1, 0.05, 0.07],
            ValueError,
            "^curve: .*never increase, got 0.05 at k = 2 and 0.07 at k = 3",
        ),
        (np.nan, [0.1, 0.05], ValueError, "^error: expected finite values"),
        ("a", [0.1, 0.05], TypeError, "^error: expected an array of real numbers"),
        ([0.06, 0.07], [0.1, 0.05], ValueError, "^error: expected a last axis of length 1, got 2"),
        ([[0.06], [0.07, 0.05]], [0.1, 0.05], ValueError, "^error: expected a regular array .*It is one number"),
        (None, [0.1, 0.05], TypeError, "^error: expected an array of real numbers"),
        (0.06, {"test": [0.1, 0.05]}, TypeError, "^curve: expected an array of real numbers, got dict"),
        ([0.1, 0.05], 0.06, ValueError, "^curve: expected an array of 1 dimension.*, got 0"),
        (0.06, [[0.1, 0.05]], ValueError, "^curve: expected an array of 1 dimension.*pca_error_curve"),
        (0.06, [], ValueError, "^curve: expected at least one value"),
        (0.06, [0.1, np.nan], ValueError, "^curve: expected finite values"),
    ],
)
def test_equivalent_refuses_bad_input(error, curve, kind, match):
    """Each message names the argument, what was expected, what came and what to do."""
    with pytest.raises(kind, match=match):
        equivalent_n_components(error, curve)


@pytest.mark.parametrize("watched", [False, True], ids=["alone", "while somebody else watches"])
def test_what_a_function_takes(watched):
    """The result, and the most that it needed at one time, not what it gave back in between nor what was there."""
    X = np.ones(1_000_000)  # 8 MB

    def three_times(X):
        for _ in range(3):
            total = (X + 1).sum()
        return total

    if watched:
        tracemalloc.start()
        kept = X + 1
    result, seconds, megabytes = metrics.time_and_memory(three_times, X)
    assert tracemalloc.is_tracing() == watched
    tracemalloc.stop()
    assert result == 2_000_000
    assert 0 < seconds < 60
    assert megabytes == pytest.approx(8, abs=0.5)
    assert not watched or kept[0] == 2


def test_what_a_failing_function_takes():
    """Its error passes, and nothing goes on being traced; what cannot be called with X is refused."""
    with pytest.raises(ZeroDivisionError):
        metrics.time_and_memory(lambda X: X / 0, 1)
    assert not tracemalloc.is_tracing()
    with pytest.raises(TypeError, match=r"function: expected a function of \(X\)"):
        metrics.time_and_memory(lambda: 1, 1)
