"""KL against integration, draws against their formula, the likelihood against SciPy, distances by brute force."""

import numpy as np
import pytest
import scipy.integrate
import scipy.stats

from course_utils.metrics import reconstruction_mse
from course_utils.pca import PCA
from course_utils.probabilistic import (
    draw_codes,
    kl_to_standard_normal,
    nearest_image_distance,
    ppca_log_likelihood,
)

# kl_to_standard_normal


def kl_by_integration(mean, log_variance):
    """Integrate q(z) (log q(z) - log p(z)) over one dimension."""
    q, p = scipy.stats.norm(mean, np.exp(log_variance / 2)), scipy.stats.norm()
    ends = q.mean() - 12 * q.std(), q.mean() + 12 * q.std()
    return scipy.integrate.quad(lambda z: q.pdf(z) * (q.logpdf(z) - p.logpdf(z)), *ends, epsabs=1e-12)[0]


@pytest.mark.parametrize(("mean", "log_variance"), [(0, 0), (1.5, 0), (0, 1), (-0.7, -3), (2, 0.5)])
def test_kl_is_the_integral(mean, log_variance):
    """The closed form of one dimension agrees with its definition."""
    (kl,) = kl_to_standard_normal([[mean]], [[log_variance]])
    assert kl == pytest.approx(kl_by_integration(mean, log_variance), abs=1e-8)


def test_kl_adds_up_over_codes_not_over_rows(rng):
    """Independent numbers of a code add their divergences; each row has its own."""
    mean, log_variance = rng.normal(size=(2, 4, 3))
    expected = [sum(map(kl_by_integration, *row)) for row in zip(mean, log_variance, strict=True)]
    np.testing.assert_allclose(kl_to_standard_normal(mean, log_variance), expected, atol=1e-8)


def test_kl_is_zero_for_the_prior_alone(rng):
    """Any other cloud costs something."""
    assert kl_to_standard_normal(np.zeros((1, 2)), np.zeros((1, 2))) == [0]
    assert np.all(kl_to_standard_normal(*rng.normal(size=(2, 50, 2))) > 0)


# draw_codes


def test_draws_have_the_mean_and_the_spread(rng):
    """Over 100,000 draws both agree with the cloud, within five standard errors; the two numbers are independent."""
    n, mean, log_variance = 100_000, np.array([1.0, -2.0]), np.array([-1.0, 0.6])
    codes = draw_codes(np.tile(mean, (n, 1)), np.tile(log_variance, (n, 1)), rng)
    sd = np.exp(log_variance / 2)
    assert np.all(np.abs(codes.mean(axis=0) - mean) < 5 * sd / np.sqrt(n))
    assert np.all(np.abs(codes.std(axis=0) - sd) < 5 * sd / np.sqrt(2 * n))
    assert abs(np.corrcoef(codes.T)[0, 1]) < 5 / np.sqrt(n)
    assert codes.dtype == np.float32


def test_draws_differ_and_a_seed_repeats_them():
    """The generator goes on from call to call."""
    clouds = np.zeros((3, 2)), np.zeros((3, 2))
    rng = np.random.default_rng(5)
    first, second = draw_codes(*clouds, rng), draw_codes(*clouds, rng)
    assert not np.any(first == second)
    np.testing.assert_array_equal(first, draw_codes(*clouds, np.random.default_rng(5)))


# ppca_log_likelihood


@pytest.mark.parametrize("k", [1, 2, 3])
def test_the_likelihood_is_scipys(rng, k):
    """It is the mean log density of the data under the normal distribution with the model's best covariance."""
    X = rng.normal(size=(300, 4)) @ rng.normal(size=(4, 4)) + rng.normal(size=4)
    pca = PCA().fit(X)
    variances, V = pca.explained_variance_ * 299 / 300, pca.components_.T
    noise = variances[k:].mean()
    W = V[:, :k] * np.sqrt(variances[:k] - noise)  # Tipping and Bishop (1999)
    model = scipy.stats.multivariate_normal(X.mean(axis=0), W @ W.T + noise * np.eye(4))
    assert ppca_log_likelihood(variances, k) == pytest.approx(model.logpdf(X).mean(), abs=1e-9)


def test_no_other_parameters_are_more_likely(rng):
    """Columns a little longer, shorter or turned, or another noise, make the data less likely."""
    X = rng.normal(size=(400, 3)) * [3, 2, 1]
    values, V = np.linalg.eigh(np.cov(X.T, bias=True))
    values, V = values[::-1], V[:, ::-1]
    best = ppca_log_likelihood(values, 1)
    for length, noise, turn in ((1.1, 1, 0), (0.9, 1, 0), (1, 1.2, 0), (1, 0.8, 0), (1, 1, 0.1)):
        sigma2 = values[1:].mean() * noise
        w = (V[:, 0] + turn * V[:, 1]) / np.hypot(1, turn) * length * np.sqrt(values[0] - values[1:].mean())
        model = scipy.stats.multivariate_normal(X.mean(axis=0), np.outer(w, w) + sigma2 * np.eye(3))
        assert model.logpdf(X).mean() < best


# nearest_image_distance


def test_the_nearest_image_is_found(rng):
    """Brute force over all pairs agrees, also over several chunks, and an image of X is 0 away from itself."""
    images, X = rng.uniform(size=(600, 7)).astype("float32"), rng.uniform(size=(90, 7)).astype("float32")
    expected = [min(reconstruction_mse(image, other) for other in X) for image in images]
    np.testing.assert_allclose(nearest_image_distance(images, X), expected, rtol=1e-5)
    np.testing.assert_array_equal(nearest_image_distance(X, X), 0)


# errors

WRONG = {
    "one row as a vector": (lambda: kl_to_standard_normal([0, 0], [0, 0]), ValueError, "mean: expected an array of 2"),
    "shapes": (lambda: kl_to_standard_normal(np.zeros((2, 2)), np.zeros((1, 2))), ValueError, "log_variance: expected"),
    "no logarithm": (lambda: kl_to_standard_normal([[0.0]], [[800.0]]), ValueError, "Is it the variance itself"),
    "a seed": (lambda: draw_codes([[0.0]], [[0.0]], 3), TypeError, "rng: expected a numpy.random.Generator, got int"),
    "increasing": (lambda: ppca_log_likelihood([1, 2, 3], 1), ValueError, "the largest first"),
    "negative": (lambda: ppca_log_likelihood([2, 1, -0.5], 1), ValueError, "none negative"),
    "all kept": (lambda: ppca_log_likelihood([2, 1], 2), ValueError, "n_components: expected"),
    "no noise": (lambda: ppca_log_likelihood([2, 0], 1), ValueError, "left to the noise"),
    "widths": (lambda: nearest_image_distance(np.zeros((1, 3)), np.zeros((2, 4))), ValueError, "images: expected"),
}


@pytest.mark.parametrize("case", WRONG)
def test_errors_say_what_to_do(case):
    """Each names the argument, what was expected and what came."""
    call, kind, text = WRONG[case]
    with pytest.raises(kind, match=text):
        call()
