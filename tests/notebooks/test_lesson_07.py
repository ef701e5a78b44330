"""Lesson 7's algebra and its layer, as the lesson defines them: against closed forms, SciPy and a reloaded net."""

import ast

import keras
import numpy as np
import pytest
import scipy.stats
import tensorflow as tf
from _reading import SOURCES

from course_utils.notebooks.sources import code_cells, read_lesson
from course_utils.probabilistic import kl_to_standard_normal, ppca_log_likelihood

(SOURCE,) = (source for source in SOURCES if source.stem.startswith("07"))


@pytest.fixture(scope="module")
def lesson():
    """Return the lesson's imports, functions and classes by name, without what it computes."""
    tree = ast.parse("\n".join(cell.source for cell in code_cells(read_lesson(SOURCE))))
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    tree.body = [node for node in tree.body if isinstance(node, kinds)]
    names = {"SEED": 0}
    exec(compile(tree, SOURCE.name, "exec"), names)
    return names


def linear_model(rng, turn=0.0):
    """Return points, their covariance and its variances, and the best V, W, log s2, log sigma2, turned in the plane."""
    X = rng.normal(size=(500, 5)) * [3, 2, 1, 0.8, 0.5] @ np.linalg.qr(rng.normal(size=(5, 5)))[0]
    S = np.cov(X, rowvar=False, bias=True)
    variances, components = np.linalg.eigh(S)
    variances, components = variances[::-1], components[:, ::-1].T
    sigma2 = variances[2:].mean()
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    W = np.array([[c, s], [-s, c]]) @ (np.sqrt(variances[:2] - sigma2)[:, None] * components[:2])
    M = W @ W.T + sigma2 * np.eye(2)
    V = np.linalg.solve(M, W)  # the mean of the codes that could have made a point
    parameters = V, W, np.log(sigma2 / np.diag(M)), np.log(sigma2)  # the best cloud along the axes
    return X, S, variances, [tf.constant(value, tf.float64) for value in parameters]


def test_the_linear_elbo_reaches_the_exact_likelihood(lesson, rng):
    """At probabilistic PCA's solution both are SciPy's mean log density; elsewhere the ELBO is below it."""
    X, S, variances, (V, W, log_s2, log_sigma2) = linear_model(rng)
    exact = ppca_log_likelihood(variances, 2)
    elbo = float(lesson["linear_elbo"](S, V, W, log_s2, log_sigma2))
    assert elbo == pytest.approx(exact, abs=1e-10)
    for wrong in ((V * 1.1, W, log_s2, log_sigma2), (V, W, log_s2 + 0.2, log_sigma2), (V, W, log_s2, log_sigma2 - 0.2)):
        C = W.numpy().T @ W.numpy() + np.exp(wrong[3]) * np.eye(5)
        likelihood = scipy.stats.multivariate_normal(X.mean(axis=0), C).logpdf(X).mean()
        assert float(lesson["linear_elbo"](S, *wrong)) < likelihood + 1e-12 <= exact + 2e-12


@pytest.mark.parametrize("turn", [0, 20, 45, 90])
def test_a_turn_costs_what_the_formula_says(lesson, rng, turn):
    """The ELBO of turned columns, with the clouds that fit them best, falls short by turn_cost."""
    _, S, variances, parameters = linear_model(rng, turn)
    short = ppca_log_likelihood(variances, 2) - float(lesson["linear_elbo"](S, *parameters))
    assert short == pytest.approx(lesson["turn_cost"](*variances[:2], turn), abs=1e-10)


def test_the_squared_error_is_that_of_the_linear_net(lesson, rng):
    """On centred points it is the mean squared length of x - (x V^T) W."""
    X = rng.normal(size=(50, 4))
    X -= X.mean(axis=0)
    V, W = rng.normal(size=(2, 2, 4))
    expected = np.square(X - X @ V.T @ W).sum(axis=1).mean()
    found = lesson["squared_error"](*map(tf.constant, (np.cov(X, rowvar=False, bias=True), V, W)))
    assert float(found) == pytest.approx(expected, rel=1e-10)


@pytest.fixture
def clouds(rng):
    """Return means and log variances of 200 clouds, float32."""
    return rng.normal(size=(2, 200, 2)).astype("float32")


def test_the_layer_adds_kl_and_draws_anew(lesson, clouds):
    """Its loss is the weight times the mean divergence; its draws differ from call to call and follow the cloud."""
    layer = lesson["DrawCode"](kl_weight=0.5)
    first, second = layer(*clouds).numpy(), layer(*clouds).numpy()
    (loss,) = layer.losses
    assert float(loss) == pytest.approx(0.5 * kl_to_standard_normal(*clouds).mean(), rel=1e-5)
    assert not np.any(first == second)
    noise = np.concatenate([(draw - clouds[0]) / np.exp(clouds[1] / 2) for draw in (first, second)])
    assert scipy.stats.kstest(noise.ravel(), "norm").pvalue > 0.001


def test_the_net_reloads_and_encodes_the_same_twice(lesson, rng, tmp_path):
    """The layer is registered with what it was made of; the encoder draws nothing, the whole model does."""
    net = lesson["build_variational"]([8], kl_weight=2.0)
    X = rng.uniform(size=(20, 784)).astype("float32")
    np.testing.assert_array_equal(net.encoder(X), net.encoder(X))
    assert not np.allclose(net.model(X), net.model(X))
    net.model.save(tmp_path / "net.keras")
    again = keras.models.load_model(tmp_path / "net.keras")
    assert again.get_layer("draw").kl_weight == 2.0
    for old, new in zip(net.model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_the_loss_of_fit_is_cost_plus_kl(lesson, rng):
    """What evaluate returns is the summed cross-entropy and the divergence, of which both are nats per image."""
    net = lesson["build_variational"]([8])
    X = rng.uniform(size=(64, 784)).astype("float32")
    mean, log_variance = lesson["clouds"](net, X)
    log_variance_layer = net.model.get_layer("log_variance")
    log_variance_layer.set_weights([np.zeros((8, 2)), np.full(2, -40)])  # clouds as narrow as points: no noise
    net.model.compile(loss=lesson["nats"])
    r = net.decoder(net.encoder(X)).numpy().astype(float)
    cost = -(X * np.log(r) + (1 - X) * np.log(1 - r)).sum(axis=1).mean()
    kl = kl_to_standard_normal(mean, np.full_like(log_variance, -40)).mean()
    assert net.model.evaluate(X, X, verbose=0) == pytest.approx(cost + kl, rel=1e-4)
