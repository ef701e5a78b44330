"""The playground: its training in JavaScript against Keras's, step by step, and its Python side."""

import itertools
import json
import re
import shutil
import subprocess

import keras
import numpy as np
import pytest
import traitlets

from course_utils import PCA, Playground, build_autoencoder, make_two_gaussians
from course_utils.metrics import reconstruction_mse
from course_utils.widgets.playground import _read_weights

BATCH, N_STEPS, RATE = 128, 50, 0.003
RUN_IN_NODE = """
import { Trainer, momentsOf, pcaOf } from "./playground.mjs";
import { readFileSync } from "node:fs";
const { points, weights, orders, nSteps, rate, settings } = JSON.parse(readFileSync(0));
const trainer = new Trainer(Float64Array.from(points), settings);
const first = [...trainer.net.weights];
trainer.net.weights.set(weights);
const losses = [];
for (const order of orders) {
  trainer.order.set(order);
  for (trainer.from = 0; trainer.from < order.length && losses.length < nSteps; ) losses.push(trainer.step(rate));
}
const error = trainer.measure();
const curve = new Float64Array(256);
trainer.decode(-1, 2, curve);
console.log(JSON.stringify({ first, losses, error, epochs: trainer.epochs, weights: [...trainer.net.weights],
  codes: [...trainer.codes], curve: [...curve], pca: pcaOf(momentsOf(points)) }));
"""
NETS = [
    *itertools.product([2], ["relu", "elu", "tanh", "linear"], ["linear", "relu"]),
    (1, "relu", "linear"),
    (0, "linear", "linear"),
]


@pytest.fixture(name="X")
def cloud():
    """Return lesson 1's cloud."""
    return make_two_gaussians(seed=0)[0].astype("f4")


HAND_OVER_IN_NODE = """
import { Trainer } from "./playground.mjs";
import { readFileSync } from "node:fs";
const { points, settings } = JSON.parse(readFileSync(0));
const [whole, first, second] = [0, 1, 2].map(() => new Trainer(Float64Array.from(points), settings));
const go = (trainer, n) => {
  for (let i = 0; i < n; i++) trainer.step(0.003);
};
go(whole, 60);
go(first, 25);
first.measure();
second.load(structuredClone(first.save()));
const codes = [first, second].map((trainer) => [...trainer.codes]);
go(first, 3); // what is saved is a copy
go(second, 35);
console.log(JSON.stringify({ weights: [whole, second].map(({ net }) => [...net.weights]), codes,
  counts: [whole, second].map(({ steps, epochs }) => [steps, epochs]) }));
"""


def run_in_node(folder, script=RUN_IN_NODE, **job):
    """Return what net.js makes of a job."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed; the browser's tests compare the loss with Keras's")
    (folder / "playground.mjs").write_text(Playground._esm, encoding="utf-8")
    (folder / "run.mjs").write_text(script)
    job = json.dumps(job)
    done = subprocess.run([node, "run.mjs"], cwd=folder, input=job, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def differences():
    """Collect the largest difference between two losses for each net; `pytest -s` shows them."""
    found = {}
    yield found
    print("\nlargest difference of a loss to Keras's:", json.dumps(found))


@pytest.mark.parametrize(("hidden", "activation", "latent"), NETS)
def test_trains_as_keras_does(X, rng, tmp_path, differences, hidden, activation, latent):
    """From the same weights and batches 50 losses agree within 1e-4; so do codes, curve and error at the end."""
    keras.utils.set_random_seed(3)
    net = build_autoencoder(
        2, [20] * hidden, 1, activation=activation, output_activation="linear", latent_activation=latent
    )
    net.model.compile(keras.optimizers.Adam(RATE), loss="mean_squared_error")
    weights = np.concatenate([array.ravel() for array in net.model.get_weights()])
    orders = [rng.permutation(len(X)) for _ in range(4)]
    batches = [order[i : i + BATCH] for order in orders for i in range(0, len(X), BATCH)][:N_STEPS]
    assert {len(batch) for batch in batches} == {BATCH, len(X) % BATCH}, "an epoch's last batch is shorter"
    expected = []
    for batch in batches:
        net.model.reset_metrics()  # Keras 3.13 returns the mean over all batches so far
        expected.append(float(net.model.train_on_batch(X[batch], X[batch])))
    assert net.encoder(X).numpy().std() > 0.1, "a dead code would agree whatever the encoder does"
    found = run_in_node(
        tmp_path,
        points=X.ravel().tolist(),
        weights=weights.tolist(),
        orders=[order.tolist() for order in orders],
        nSteps=N_STEPS,
        rate=RATE,
        settings={"hidden": hidden, "units": 20, "activation": activation, "latent": latent, "seed": 0},
    )
    assert len(found["losses"]) == N_STEPS
    assert found["epochs"] == N_STEPS // -(-len(X) // BATCH)
    difference = float(np.abs(np.subtract(found["losses"], expected)).max())
    differences[f"{hidden} {activation} {latent}"] = difference
    assert difference <= 1e-4
    assert expected[-1] < 0.95 * expected[0]

    net.model.set_weights(_read_weights(np.array(found["weights"]), None))
    grid = np.linspace(-1, 2, BATCH)[:, None]
    assert np.allclose(found["codes"], net.encoder(X).numpy().ravel(), atol=1e-4)
    assert np.allclose(found["curve"], net.decoder(grid).numpy().ravel(), atol=1e-4)
    assert found["error"] == pytest.approx(reconstruction_mse(X, net.model.predict(X, verbose=0)), rel=1e-4)


def test_first_weights_and_pca(X, tmp_path):
    """First weights are spread as Keras's, biases are 0; PCA's line and error are those of the course's PCA."""
    settings = {"hidden": 2, "units": 20, "activation": "relu", "latent": "linear", "seed": 5}
    job = {"weights": [0.0] * 1003, "orders": [], "nSteps": 0, "rate": 1, "settings": settings}
    found = run_in_node(tmp_path, points=X.ravel().tolist(), **job)
    for array in _read_weights(np.array(found["first"]), None):
        limit = np.sqrt(6 / sum(array.shape)) if array.ndim == 2 else 0
        assert np.abs(array).max() <= limit
        assert array.size < 100 or array.std() == pytest.approx(limit / np.sqrt(3), rel=0.1)
    pca = PCA(n_components=1).fit(X)
    angle = np.arctan2(pca.components_[0, 1], pca.components_[0, 0]) % np.pi
    assert found["pca"]["angle"] % np.pi == pytest.approx(angle, abs=1e-5)
    error = reconstruction_mse(X, pca.inverse_transform(pca.transform(X)))
    assert found["pca"]["error"] == pytest.approx(error, rel=1e-5)


def test_training_goes_on_where_it_was_saved(X, tmp_path):
    """A worker takes over in the middle of an epoch, and ends with the very weights of a training in one place."""
    settings = {"hidden": 2, "units": 20, "activation": "relu", "latent": "linear", "seed": 5}
    found = run_in_node(tmp_path, HAND_OVER_IN_NODE, points=X.ravel().tolist(), settings=settings)
    assert found["weights"][0] == found["weights"][1]
    assert found["counts"][0] == found["counts"][1] == [60, 3]
    assert found["codes"][0] == found["codes"][1]
    assert np.std(found["codes"][0]) > 0


def test_what_the_browser_sends_reaches_python():
    """Bytes become arrays in Keras's order, for each of the three nets; observers hear of them; nobody sets them."""
    playground = Playground()
    assert (playground.weights, playground.points, playground.loss, playground.epoch) == (None, None, None, 0)
    heard = []
    playground.observe(lambda change: heard.append(len(change.new)), "weights")
    for hidden, n in enumerate((7, 163, 1003)):
        flat = np.arange(n, dtype="<f4")
        playground.set_state({"weights": flat.tobytes(), "loss": 0.25, "epoch": 7})
        net = build_autoencoder(2, [20] * hidden, 1)
        net.model.set_weights(playground.weights)
        assert np.array_equal(np.concatenate([w.ravel() for w in net.model.get_weights()]), flat)
    assert heard == [4, 8, 12]
    assert (playground.loss, playground.epoch) == (0.25, 7)
    playground.set_state({"points": np.array([1, 2, 3, 4], "<f4").tobytes()})
    assert playground.points.tolist() == [[1, 2], [3, 4]]
    for name in ("weights", "points", "loss", "epoch"):
        with pytest.raises(traitlets.TraitError, match="read-only"):
            setattr(playground, name, None)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("data", "moons", "data: expected one of 'gaussians', 'bow', 'spiral', 'ring', 'own', got 'moons'"),
        ("hidden_layers", 3, "hidden_layers: expected one of 0, 1, 2, got 3"),
        ("activation", "sigmoid", "activation: expected one of"),
        ("latent_activation", None, "latent_activation: expected one of 'linear', 'relu', got None"),
        ("learning_rate", 0, "learning_rate: expected a number above 0, got 0"),
        ("learning_rate", "fast", "learning_rate: expected a number above 0, got 'fast' of type str"),
        ("learning_rate", float("inf"), "learning_rate: expected a number above 0"),
        ("seed", -1, "seed: expected an integer from 0"),
        ("seed", 1.5, "seed: expected an integer from 0"),
    ],
)
def test_wrong_arguments(name, value, words):
    """The error names the argument, what was expected and what came, at the start and later; nothing changes."""
    with pytest.raises((ValueError, TypeError), match=re.escape(words)):
        Playground(**{name: value})
    playground = Playground()
    before = getattr(playground, name)
    with pytest.raises((ValueError, TypeError), match=re.escape(words)):
        setattr(playground, name, value)
    assert getattr(playground, name) == before
