"""Film, component mixer and frame slider: what goes to the browser, against Keras and NumPy."""

import json
import re
import shutil
import subprocess

import numpy as np
import pytest
import traitlets

from course_utils import PCA, ComponentMixer, Film, FilmRecorder, FrameSlider, build_autoencoder

RUN_IN_NODE = """
import { errorsOverK, readComponents, rebuild, scoresOf } from "./mixer.mjs";
import { readFileSync } from "node:fs";
const { bytes, nPixels, n, image } = JSON.parse(readFileSync(0));
const [mean, components] = readComponents(new DataView(Uint8Array.from(bytes).buffer), nPixels, n);
const scores = scoresOf(image, mean, components);
const sum = rebuild(mean, components, scores);
console.log(JSON.stringify([scores, [...sum], errorsOverK(image, mean, components, scores)]));
"""


@pytest.fixture
def recorder(rng):
    """Return a recorder after 40 steps and 20 more."""
    X = rng.random((64, 6)).astype("f4")
    net = build_autoencoder(6, [5], 2)
    net.model.compile("adam", "mean_squared_error")
    recorder = FilmRecorder(X, net.encoder, net.decoder)
    for epochs in (10, 5):
        net.model.fit(X, X, batch_size=16, epochs=epochs, verbose=0, callbacks=[recorder])
    recorder.net = net
    return recorder


def test_film_ends_where_the_net_is(recorder):
    """Steps are dense at first and go on over a second fit; the last frame and loss are Keras's own."""
    assert recorder.steps[:8] == list(range(8))
    assert recorder.steps[-1] == 60
    assert np.diff(recorder.steps).min() == 1
    assert np.allclose(recorder.frames[-1], recorder.net.encoder(recorder.X), atol=1e-5)
    expected = recorder.net.model.evaluate(recorder.X, recorder.X, verbose=0)
    assert recorder.losses[-1] == pytest.approx(expected, rel=1e-4)


def test_film_is_rounded_finely(recorder):
    """A number is two bytes, within half a step of its frame's box."""
    film = Film(recorder, labels=np.zeros(64))
    steps = np.frombuffer(film._frames, "<u2").reshape(len(recorder.frames), 64, 2)
    low, high = np.split(np.array(film._boxes), 2, axis=1)
    back = low[:, None] + steps / 65535 * (high - low)[:, None]
    assert np.abs(back - recorder.frames).max() <= 0.6 * (high - low).max() / 65535 + 1e-6
    with pytest.raises(traitlets.TraitError, match="frame: expected"):
        film.frame = len(recorder.frames)


def test_film_needs_labels_and_frames(recorder):
    """The error says what to do."""
    with pytest.raises(ValueError, match="labels: expected 64"):
        Film(recorder)
    with pytest.raises(TypeError, match="recorder: expected a FilmRecorder"):
        Film(recorder.frames)


def test_mixer_computes_as_numpy_does(rng, tmp_path):
    """Scores, sum and errors over k are those of the course's PCA, as far as a byte a weight allows."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    X = rng.random((50, 12))
    pca = PCA(n_components=4).fit(X)
    mixer = ComponentMixer(pca, X[:3], [1, 2, 3], (3, 4))
    (tmp_path / "mixer.mjs").write_text(mixer._esm, encoding="utf-8")
    (tmp_path / "run.mjs").write_text(RUN_IN_NODE)
    job = json.dumps({"bytes": list(mixer._components), "nPixels": 12, "n": 4, "image": X[0].tolist()})
    done = subprocess.run([node, "run.mjs"], cwd=tmp_path, input=job, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    scores, total, errors = json.loads(done.stdout)
    expected = pca.transform(X[:1])
    assert np.allclose(scores, expected[0], atol=0.02)
    assert np.allclose(total, pca.inverse_transform(expected)[0], atol=0.02)
    assert errors[4] == pytest.approx(np.mean((X[0] - pca.inverse_transform(expected)[0]) ** 2), abs=1e-3)


def test_frames_are_stored(rng):
    """Value by value, row by row, a byte a pixel; rows of another length are refused."""
    rows = {"a": rng.random((2, 3, 4)), "b": rng.random((2, 3, 4))}
    stored = np.frombuffer(FrameSlider(rows, (2, 2), [0, 1], "noise")._images, np.uint8).reshape(2, 2, 3, 4)
    assert np.abs(stored[:, 1] / 255 - rows["b"]).max() <= 0.5 / 255 + 1e-9
    with pytest.raises(ValueError, match=re.escape("rows['a']: expected a table of images for each of 3")):
        FrameSlider(rows, (2, 2), [0, 1, 2], "noise")
