"""PCA against scikit-learn's checks, scikit-learn's PCA and the definition."""

import itertools
import re
import tracemalloc

import numpy as np
import pandas
import pytest
import sklearn.decomposition
from sklearn.exceptions import NotFittedError
from sklearn.utils.estimator_checks import parametrize_with_checks

from course_utils import pca as pca_module
from course_utils.metrics import principal_angles
from course_utils.pca import PCA

SHAPES = [(60, 8), (200, 3), (7, 6), (12, 12), (8, 30), (2, 6), (9, 1)]
SHAPES_AND_K = [(shape, k) for shape in SHAPES for k in range(1, min(shape) + 1)]


def make_data_with_variances(rng, n, variances, p=None):
    """Return (n, p) samples whose covariance has exactly these eigenvalues (then 0), in a random basis."""
    r = len(variances)
    p = r if p is None else p
    white = np.linalg.qr(np.c_[np.ones(n), rng.normal(size=(n, r))])[0][:, 1:]  # columns of mean 0, length 1
    basis = np.linalg.qr(rng.normal(size=(p, p)))[0][:, :r]
    return white * np.sqrt((n - 1) * np.asarray(variances)) @ basis.T


def make_data(rng, shape):
    """Return data away from the origin whose variances 1, 2, 3, ... have wide gaps."""
    n, p = shape
    variances = np.arange(min(n - 1, p), 0, -1)
    return make_data_with_variances(rng, n, variances, p) + rng.uniform(-5, 5, size=p)


def groups_of_equal_variance(variances):
    """Return slices of indices between which the decreasing variances have a gap."""
    cuts = np.flatnonzero(-np.diff(variances) > 1e-3 * variances[0]) + 1
    edges = [0, *cuts.tolist(), len(variances)]
    return [slice(a, b) for a, b in itertools.pairwise(edges)]


def assert_same_pca(ours, theirs, all_variances):
    """Compare components between gaps of the spectrum, subspaces where variances are equal."""
    k = ours.n_components_
    np.testing.assert_allclose(ours.components_ @ ours.components_.T, np.eye(k), atol=1e-10)
    np.testing.assert_allclose(ours.mean_, theirs.mean_, rtol=1e-12)
    np.testing.assert_allclose(ours.explained_variance_, theirs.explained_variance_, atol=1e-10 * all_variances[0])
    np.testing.assert_allclose(ours.explained_variance_ratio_, theirs.explained_variance_ratio_, atol=1e-10)
    compared = 0
    for group in groups_of_equal_variance(all_variances):
        # a group cut by k, or without any variance, leaves the choice of the directions open
        if group.stop > k or all_variances[group.start] < 1e-10 * all_variances[0]:
            continue
        mine, other = ours.components_[group], theirs.components_[group]
        if len(mine) == 1:
            np.testing.assert_allclose(mine, other, atol=1e-8)
        else:
            assert principal_angles(mine, other).max() < 1e-5
        compared += len(mine)
    return compared


@parametrize_with_checks([PCA(), PCA(n_components=1)])
def test_estimator_checks(estimator, check):
    """PCA behaves as scikit-learn asks of any estimator."""
    check(estimator)


@pytest.mark.parametrize(("shape", "k"), SHAPES_AND_K)
def test_agrees_with_scikit_learn(rng, shape, k):
    """Components, variances, codes and reconstructions are scikit-learn's, signs included."""
    X = make_data(rng, shape)
    ours, theirs = PCA(k).fit(X), sklearn.decomposition.PCA(k, svd_solver="full").fit(X)
    variances = np.linalg.svd(X - X.mean(axis=0), compute_uv=False) ** 2 / (len(X) - 1)
    compared = assert_same_pca(ours, theirs, variances)
    assert compared == min(k, len(X) - 1)  # every component that has a variance went into the comparison
    fresh = make_data(rng, (5, shape[1]))
    np.testing.assert_allclose(ours.transform(X), theirs.transform(X), atol=1e-8)
    if k < len(X):  # the n-th direction of n samples has no variance and is arbitrary
        np.testing.assert_allclose(ours.transform(fresh), theirs.transform(fresh), atol=1e-8)
        both = [pca.inverse_transform(pca.transform(fresh)) for pca in (ours, theirs)]
        np.testing.assert_allclose(*both, atol=1e-8)


@pytest.mark.parametrize("variances", [[4, 2, 2, 1], [3, 3, 1, 1, 1], [5, 4, 3, 0, 0], [1, 1, 1]])
def test_equal_variances_give_the_same_subspaces(rng, variances):
    """Where variances coincide the components are arbitrary, but not the subspace they span."""
    X = make_data_with_variances(rng, 40, variances)
    for k in range(1, len(variances) + 1):
        ours, theirs = PCA(k).fit(X), sklearn.decomposition.PCA(k, svd_solver="full").fit(X)
        assert_same_pca(ours, theirs, np.array(variances, dtype=float))
        np.testing.assert_allclose(ours.explained_variance_, variances[:k], atol=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_variances_are_the_eigenvalues_of_the_covariance(rng, shape):
    """explained_variance_ is the spectrum of np.cov, and its shares sum to one."""
    X = make_data(rng, shape)
    pca = PCA().fit(X)
    spectrum = np.linalg.eigvalsh(np.atleast_2d(np.cov(X, rowvar=False)))[::-1][: min(shape)]
    np.testing.assert_allclose(pca.explained_variance_, spectrum, atol=1e-10 * spectrum[0])
    assert pca.explained_variance_ratio_.sum() == pytest.approx(1)
    assert pca.n_components_ == min(shape)


def test_no_variance_is_negative(rng):
    """Directions in which the data does not vary have a variance of 0 that rounding does not make negative."""
    for _ in range(20):
        X = make_data_with_variances(rng, 50, [3, 2, 1], p=10)
        assert PCA().fit(X).explained_variance_.min() >= 0


@pytest.mark.parametrize("shape", SHAPES)
def test_round_trip_with_all_components(rng, shape):
    """With every component kept, nothing is lost."""
    X = make_data(rng, shape)
    pca = PCA().fit(X)
    np.testing.assert_allclose(pca.inverse_transform(pca.transform(X)), X, atol=1e-10)


def test_no_other_plane_has_a_smaller_error(rng):
    """The definition: of all planes, the components' has the smallest squared error on train data."""
    X = make_data_with_variances(rng, 100, [3, 2.9, 1, 0.5])
    pca = PCA(2).fit(X)
    error = np.sum((X - pca.inverse_transform(pca.transform(X))) ** 2)
    assert error == pytest.approx(1.5 * 99)
    for _ in range(200):
        plane = np.linalg.qr(pca.components_.T + 0.1 * rng.normal(size=(4, 2)))[0].T
        centred = X - X.mean(axis=0)
        assert np.sum((centred - centred @ plane.T @ plane) ** 2) > error


def test_mean_is_taken_off_and_put_back(rng):
    """Shifted data has the same codes, and its reconstruction is shifted back."""
    X = make_data(rng, (50, 4))
    shift = np.array([100.0, -3.0, 0.0, 7.0])
    here, there = PCA(2).fit(X), PCA(2).fit(X + shift)
    np.testing.assert_allclose(here.transform(X), there.transform(X + shift), atol=1e-8)
    np.testing.assert_allclose(there.inverse_transform([[0, 0]]), [X.mean(axis=0) + shift])


@pytest.mark.parametrize("shape", [(60, 8), (8, 30)])
def test_signs_do_not_depend_on_the_order_of_the_rows(rng, shape):
    """The largest entry of each component is positive, so shuffled data gives the same components."""
    X = make_data(rng, shape)
    k = min(shape) - 1
    components = PCA(k).fit(X).components_
    extremes = [row[np.abs(row).argmax()] for row in components]
    assert min(extremes) > 0
    for _ in range(5):
        np.testing.assert_allclose(PCA(k).fit(rng.permutation(X)).components_, components, atol=1e-8)


@pytest.mark.parametrize("shape", [(300, 20), (20, 300)])
def test_float32_stays_float32_and_accurate(rng, shape):
    """float32 in, float32 out on either path, and as close to float64 as float32 allows, far from 0 too."""
    X32 = (make_data(rng, shape) + 100).astype(np.float32)
    narrow, wide = PCA(5).fit(X32), PCA(5).fit(X32.astype(np.float64))
    codes = narrow.transform(X32)
    results = [codes, narrow.inverse_transform(codes), narrow.components_, narrow.mean_]
    results += [narrow.explained_variance_, narrow.explained_variance_ratio_]
    assert {result.dtype for result in results} == {np.dtype(np.float32)}
    assert wide.transform(X32.astype(np.float64)).dtype == np.float64
    assert principal_angles(narrow.components_, wide.components_).max() < 0.01
    np.testing.assert_allclose(narrow.explained_variance_, wide.explained_variance_, rtol=1e-4)


def test_integers_become_float64():
    """Pixels of 0 to 255 as uint8 do not wrap around."""
    X = np.array([[0, 255], [255, 0], [10, 20]], dtype=np.uint8)
    np.testing.assert_allclose(PCA().fit(X).components_, PCA().fit(X.astype(float)).components_)
    assert PCA().fit_transform(X).dtype == np.float64


def test_both_paths_agree(rng):
    """Eigenvectors of the covariance and singular vectors of the centred data are the same up to sign."""
    X = make_data(rng, (50, 6))
    mean = X.mean(axis=0)
    variances, directions, total = pca_module._covariance_path(X, mean, 6)
    singular_variances, singular_directions, singular_total = pca_module._svd_path(X, mean, 6)
    np.testing.assert_allclose(variances, singular_variances, rtol=1e-10)
    np.testing.assert_allclose(np.abs(directions @ singular_directions.T), np.eye(6), atol=1e-8)
    np.testing.assert_allclose([total, singular_total], variances.sum(), rtol=1e-10)


@pytest.mark.parametrize(("shape", "other"), [((50, 6), "_svd_path"), ((6, 50), "_covariance_path")])
def test_the_smaller_problem_is_solved(rng, monkeypatch, shape, other):
    """Tall data goes through the covariance, wide data does not build it."""

    def refuse(X, mean, k):
        raise RuntimeError("the larger problem")

    monkeypatch.setattr(pca_module, other, refuse)
    assert PCA(2).fit(make_data(rng, shape)).n_components_ == 2


def test_chunks_change_nothing(rng, monkeypatch):
    """The covariance summed over chunks, the last one shorter, is that of all rows."""
    X = make_data(rng, (50, 6))
    whole = PCA().fit(X)
    monkeypatch.setattr(pca_module, "_CHUNK", 7)
    chunked = PCA().fit(X)
    np.testing.assert_allclose(chunked.components_, whole.components_, atol=1e-10)
    np.testing.assert_allclose(chunked.explained_variance_, whole.explained_variance_, rtol=1e-10)


def test_fit_makes_no_second_copy_and_changes_nothing(rng):
    """Fitting takes less memory than half of the data, which it leaves as it was."""
    X = rng.normal(size=(40_000, 50)).astype(np.float32)
    before = X.copy()
    PCA(2).fit(X[:100])  # what is imported or allocated once does not count
    tracemalloc.start()
    try:
        PCA(2).fit(X)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < X.nbytes / 2
    np.testing.assert_array_equal(X, before)


def test_constant_data_has_no_variance():
    """Without any variance all shares are 0, not NaN, and the reconstruction is the mean."""
    X = np.full((10, 3), 0.25)
    pca = PCA(2).fit(X)
    np.testing.assert_array_equal(pca.explained_variance_, [0, 0])
    np.testing.assert_array_equal(pca.explained_variance_ratio_, [0, 0])
    np.testing.assert_allclose(pca.inverse_transform(pca.transform(X)), X)


@pytest.mark.parametrize(
    ("k", "error"),
    [(0, ValueError), (-1, ValueError), (5, ValueError), (2.0, TypeError), ("2", TypeError), (True, TypeError)],
)
@pytest.mark.parametrize("shape", [(20, 4), (4, 20)])
def test_n_components_out_of_range(rng, k, error, shape):
    """The message has the name, the legal range, what came and the shape of the data."""
    hint = rf"whole number up to the smaller side of X, whose shape is {re.escape(str(shape))}"
    match = rf"^n_components: expected an integer from 1 to 4, got {k!r}.*{hint}"
    with pytest.raises(error, match=match):
        PCA(k).fit(make_data(rng, shape))


@pytest.mark.parametrize(
    ("X", "match"),
    [
        (np.array([[1.0, np.nan], [1, 2]]), "Input X contains NaN"),
        (np.array([[1.0, np.inf], [1, 2]]), "Input X contains infinity"),
        (np.ones((0, 3)), "0 sample"),
        (np.ones((1, 3)), "1 sample"),
        (np.ones(3), "Expected 2D array, got 1D array"),
    ],
)
def test_fit_refuses_bad_data(X, match):
    """scikit-learn's own validation explains what is wrong with X."""
    with pytest.raises(ValueError, match=match):
        PCA().fit(X)


def test_transform_and_inverse_transform_check_their_input(rng):
    """Using it too early or with other columns gives an error, not a broadcast."""
    X = make_data(rng, (20, 4))
    for method in (PCA().transform, PCA().inverse_transform):
        with pytest.raises(NotFittedError, match="not fitted yet"):
            method(X)
    pca = PCA(2).fit(X)
    with pytest.raises(ValueError, match="X has 3 features, but PCA is expecting 4 features"):
        pca.transform(X[:, :3])
    with pytest.raises(ValueError, match=r"^X: expected a last axis of length 2, got 4 .*Pass codes as transform"):
        pca.inverse_transform(X)
    with pytest.raises(ValueError, match="NaN"):
        pca.inverse_transform([[np.nan, 0]])


@pytest.mark.parametrize("shape", [(20, 4), (4, 20)])
@pytest.mark.parametrize(("dtype", "scale"), [(np.float64, 1e200), (np.float32, 1e25), (np.float64, -1e160)])
def test_values_too_large_to_be_squared(rng, shape, dtype, scale):
    """Instead of an eigenvalue that does not converge: the largest value, and what to do."""
    X = (make_data(rng, shape) * scale).astype(dtype)
    match = (
        rf"^X: expected values up to .* squares can be summed in {np.dtype(dtype)}, got a largest absolute value of "
    )
    with pytest.raises(ValueError, match=match + f"{np.abs(X).max():.3g}.*common scale".replace("+", r"\+")):
        PCA().fit(X)


@pytest.mark.parametrize("shape", [(20, 4), (4, 20)])
@pytest.mark.parametrize(("dtype", "scale", "rtol"), [(np.float64, 1e140, 1e-8), (np.float32, 1e14, 1e-3)])
def test_large_values_within_the_limit(rng, shape, dtype, scale, rtol):
    """Up to the limit, data in other units has the same components."""
    X = make_data(rng, shape)
    large = PCA(2).fit((X * scale).astype(dtype))
    np.testing.assert_allclose(large.components_, PCA(2).fit(X).components_, atol=rtol)
    np.testing.assert_allclose(large.explained_variance_ratio_, PCA(2).fit(X).explained_variance_ratio_, rtol=rtol)


def test_names_of_the_codes(rng):
    """Columns are called as scikit-learn calls those of its PCA: by the class, counted from 0."""
    X = make_data(rng, (20, 4))
    theirs = sklearn.decomposition.PCA(3).fit(X).get_feature_names_out()
    np.testing.assert_array_equal(PCA(3).fit(X).get_feature_names_out(), theirs)
    with pytest.raises(NotFittedError, match="not fitted yet"):
        PCA(3).get_feature_names_out()


def test_codes_as_a_table(rng):
    """Asked for pandas, PCA answers with the table that scikit-learn's gives, index and names of columns included."""
    X = pandas.DataFrame(make_data(rng, (20, 4)), index=range(100, 120), columns=list("abcd"))
    ours, theirs = (pca.set_output(transform="pandas").fit(X) for pca in (PCA(2), sklearn.decomposition.PCA(2)))
    pandas.testing.assert_frame_equal(ours.transform(X), theirs.transform(X))
    np.testing.assert_array_equal(ours.feature_names_in_, list("abcd"))
    assert type(ours.inverse_transform(ours.transform(X))) is np.ndarray
    assert type(ours.set_output(transform="default").transform(X)) is np.ndarray
