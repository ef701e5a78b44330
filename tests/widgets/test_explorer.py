"""The latent explorer's Python side, and the arithmetic that its two sides share, against Keras."""

import base64
import json
import re
import shutil
import subprocess

import keras
import numpy as np
import pytest
import tensorflow as tf
import traitlets
from keras import layers
from scipy.special import erf

from course_utils import LatentExplorer, build_autoencoder, plotting
from course_utils.widgets.explorer.layers import pack

ACTIVATIONS = ("linear", "relu", "elu", "tanh", "sigmoid", "gelu", "silu")
RUN_IN_NODE = """
import { erf, makeNet, prepare } from "./explorer.mjs";
import { readFileSync } from "node:fs";
const { weights, layers, inputs, numbers, ink, shape } = JSON.parse(readFileSync(0));
const bytes = Uint8Array.from(atob(weights), (c) => c.charCodeAt(0));
const shifted = new Uint8Array(bytes.length + 3); // buffers come from the kernel with any offset
shifted.set(bytes, 3);
const net = makeNet(new DataView(shifted.buffer, 3), layers);
const image = ink.length ? prepare(Float32Array.from(ink.flat()), ink.length, ink[0].length, ...shape) : null;
const outputs = inputs.map((x) => [...net(x)]);
console.log(JSON.stringify({ outputs, erf: numbers.map(erf), image: image && [...image] }));
"""


@pytest.fixture
def codes(rng):
    """Return 300 codes."""
    return rng.normal(0, 3, (300, 2)).astype(np.float32)


@pytest.fixture
def labels(rng):
    """Return their labels."""
    return rng.integers(0, 10, 300)


def build_decoder(activation, rng, n_pixels=12):
    """Return a Keras decoder of three layers with `activation`, its weights rounded as the explorer does."""
    return build_chain(2, (31, 18, n_pixels), activation, rng)


def build_chain(n_in, sizes, activation, rng):
    """Return a Keras chain of dense layers with `activation` and rounded weights."""
    model = keras.Sequential([keras.Input((n_in,)), *(layers.Dense(n, activation=activation) for n in sizes)])
    for layer, scale in zip(model.layers, (0.5, 0.3, 0.2), strict=True):
        weights, bias = (rng.normal(0, scale, w.shape) for w in layer.get_weights())
        layer.set_weights([rounded(weights), bias])
    return model


def rounded(weights):
    """Return weights as 255 steps of each column's largest, in float32."""
    step = np.abs(weights).max(axis=0) / 127
    return (np.rint(weights / step) * step).astype("f4")


def run_in_node(tmp_path, weights, shapes, inputs, numbers=(), ink=(), shape=()):
    """Run the explorer's JavaScript under node: a net on `inputs`, erf on `numbers`, the preparation of `ink`."""
    job = {
        "weights": base64.b64encode(weights).decode(),
        "layers": shapes,
        "inputs": np.asarray(inputs).tolist(),
        "numbers": list(numbers),
        "ink": np.asarray(ink).tolist(),
        "shape": list(shape),
    }
    return run_javascript(tmp_path, RUN_IN_NODE, job)


def run_javascript(tmp_path, script, job):
    """Run a script, which imports the explorer's JavaScript, under node; return what it prints of `job`."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed; `make test-browser` makes the same comparison in the browser")
    (tmp_path / "explorer.mjs").write_text(LatentExplorer._esm, encoding="utf-8")
    (tmp_path / "run.mjs").write_text(script)
    done = subprocess.run(
        [node, "run.mjs"], cwd=tmp_path, input=json.dumps(job), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_python_decodes_as_keras_does(activation, rng, codes, labels):
    """`image` is Keras's own output at the code."""
    decoder = build_decoder(activation, rng)
    explorer = LatentExplorer(decoder, codes, labels, (3, 4))
    for code in codes[:20]:
        explorer.code = code
        expected = np.asarray(decoder(code[None]))
        assert explorer.image.dtype == np.float32
        assert np.abs(explorer.image - expected.reshape(3, 4)).max() <= 1e-5


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_javascript_decodes_as_keras_does(activation, rng, codes, labels, tmp_path):
    """The browser's arithmetic is Keras's, on the same rounded weights."""
    decoder = build_decoder(activation, rng)
    explorer = LatentExplorer(decoder, codes, labels, (3, 4))
    images = run_in_node(tmp_path, explorer._weights, explorer._layers, codes)["outputs"]
    assert np.shape(images) == (300, 12)
    assert np.abs(images - np.asarray(decoder(codes))).max() <= 1e-5


def test_javascript_reads_every_step(tmp_path):
    """From -127 to 127, in columns that are tiny, usual and huge: all weights come out as Python has them."""
    steps = np.arange(-127, 128)[:, None] * np.array([1e-40, 1e-6, 0.01, 1e30], "f4")
    packed, shapes, ((weights, _, _),) = pack([(steps, np.zeros(4), "linear")])
    got = run_in_node(tmp_path, packed, shapes, np.eye(255))["outputs"]
    assert np.array_equal(np.float32(got), weights)
    assert np.allclose(weights, steps, rtol=1e-3, atol=1e-42)


def test_javascript_erf(rng, codes, labels, tmp_path):
    """gelu needs an error function better than 1e-7, from tiny to far out."""
    explorer = LatentExplorer(build_decoder("gelu", rng), codes, labels, (3, 4))
    numbers = np.concatenate([np.linspace(-8, 8, 1001), [0.0, 1e-12, -1e-300, 5.9, 100.0]])
    got = run_in_node(tmp_path, explorer._weights, explorer._layers, codes[:1], numbers.tolist())["erf"]
    assert np.abs(np.subtract(got, erf(numbers))).max() < 1e-7


def test_weights_are_rounded_once(rng, codes, labels):
    """Python shows what the rounded weights decode, not what the unrounded ones would; the bias is not rounded."""
    weights, bias = rng.normal(size=(2, 4)), rng.normal(size=4)
    explorer = LatentExplorer([(weights, bias, "linear")], codes, labels, (2, 2))
    explorer.code = codes[0]
    assert np.allclose(explorer.image.ravel(), codes[0] @ rounded(weights) + bias, atol=1e-6)
    assert np.abs(explorer.image.ravel() - codes[0] @ weights - bias).max() > 1e-5


@pytest.mark.parametrize("column", [0.0, 1e-300, 1e-44])
def test_columns_without_weights(column, codes, labels):
    """A column of zeros, or of what float32 does not hold, gives its bias and no NaN."""
    weights = np.array([[1.0, column], [2.0, -column]])
    explorer = LatentExplorer([(weights, np.array([0.0, 0.5]), None)], codes, labels, (1, 2))
    explorer.code = (1, 1)
    assert explorer.image.ravel().tolist() == pytest.approx([3, 0.5], rel=0.01)


def test_list_of_tensorflow_variables(rng, codes, labels):
    """Bare `tf.Variable`s serve as lesson 5 writes them."""
    weights, bias = rng.normal(size=(2, 4)).astype("f4"), rng.normal(size=4).astype("f4")
    variables = [(tf.Variable(weights), tf.Variable(bias), "tanh")]
    explorer = LatentExplorer(variables, codes, labels, (2, 2))
    arrays = LatentExplorer([(weights, bias, "tanh")], codes, labels, (2, 2))
    assert explorer._weights == arrays._weights
    assert explorer._layers == arrays._layers == [[2, 4, "tanh"]]


def test_keras_models_of_several_forms(codes, labels):
    """Functional, nested and with Activation layers of their own: the same chain."""
    inside = keras.Sequential([keras.Input((2,)), layers.Dense(5), layers.Activation("elu")])
    x = keras.Input((2,))
    model = keras.Model(x, layers.Dense(4, use_bias=False, activation="sigmoid")(inside(x)))
    explorer = LatentExplorer(model, codes, labels, (2, 2))
    assert explorer._layers == [[2, 5, "elu"], [5, 4, "sigmoid"]]
    explorer.code = (1, -2)
    expected = np.asarray(model(np.array([[1.0, -2.0]], "f4"))).reshape(2, 2)
    assert np.allclose(explorer.image, expected, atol=0.02)  # these weights are not rounded


def test_labels_and_shapes_of_any_type(codes):
    """Whole floats, any range of labels, NumPy's sizes: all arrive as int32 and as numbers that JSON knows."""
    explorer = LatentExplorer([(np.ones((2, 4)), None, None)], codes, np.full(300, -17.0), np.array([2, 2]))
    assert np.array_equal(np.frombuffer(explorer._labels, "<i4"), np.full(300, -17))
    assert json.dumps(explorer._image_shape) == "[2, 2]"


def test_code_is_a_two_way_trait(rng, codes, labels):
    """`code` takes pairs and arrays, tells observers, and follows a link."""
    explorer = LatentExplorer([(rng.normal(size=(2, 4)), None, "tanh")], codes, labels, (2, 2))
    assert any(np.allclose(explorer.code, code) for code in codes), "it starts on one of the data's codes"
    seen = []
    explorer.observe(lambda change: seen.append(change.new), "code")
    explorer.code = (1, -2)
    explorer.code = np.array([0.5, 3.0], "f4")
    explorer.set_state({"code": [4.0, 5.0]})  # as the browser sends it
    assert seen == [(1.0, -2.0), (0.5, 3.0), (4.0, 5.0)]

    class Other(traitlets.HasTraits):
        place = traitlets.Tuple()

    other = Other()
    traitlets.link((explorer, "code"), (other, "place"))
    other.place = (7.0, 8.0)
    assert explorer.code == (7.0, 8.0)


@pytest.mark.parametrize("bad", [(1, 2, 3), 5, (np.nan, 1), None, "ab"])
def test_code_refuses_what_is_no_pair(bad, rng, codes, labels):
    """A wrong code is an error that names `code`, and the point stays."""
    explorer = LatentExplorer([(rng.normal(size=(2, 4)), None, "tanh")], codes, labels, (2, 2))
    before = explorer.code
    with pytest.raises((ValueError, TypeError), match="code: expected"):
        explorer.code = bad
    assert explorer.code == before


def test_it_holds_codes_labels_and_weights_only(rng, codes, labels):
    """No image of the data set travels: the bytes are those of the codes, the labels and the weights, a byte each."""
    explorer = LatentExplorer(build_decoder("elu", rng), codes, labels, (3, 4))
    n_weights, n_columns = 2 * 31 + 31 * 18 + 18 * 12, 31 + 18 + 12
    size = sum(len(value) for value in explorer.get_state().values() if isinstance(value, bytes))
    assert size == n_weights + 2 * 4 * n_columns + 300 * 2 * 4 + 300 * 4
    assert np.array_equal(np.frombuffer(explorer._codes, "<f4").reshape(-1, 2), codes)
    assert np.array_equal(np.frombuffer(explorer._labels, "<i4"), labels)


def test_typical_and_far_distance():
    """On a unit grid each neighbour is 1 away; one lonely code in 200 does not make its distance usual."""
    grid = np.stack(np.meshgrid(np.arange(20.0), np.arange(10.0)), axis=-1).reshape(-1, 2)
    grid[-1] = (100, 100)
    explorer = LatentExplorer([(np.eye(2), None, None)], grid, np.zeros(200, int), (1, 2))
    assert explorer._distances == [1.0, 1.0]


@pytest.mark.parametrize("name", ["PALETTE", "MARKERS"])
def test_colours_and_markers_are_those_of_the_figures(name):
    """A digit looks the same in the explorer and in the lesson's figures."""
    stated = re.search(rf"const {name} = (\[.*\]);", LatentExplorer._esm).group(1)
    assert json.loads(stated) == list(getattr(plotting, name))


def chain(*items):
    """Return a Sequential that takes codes."""
    return keras.Sequential([keras.Input((2,)), *items])


def half_elu(x):
    """Return something that calls itself elu, see below, and is another function."""
    return keras.activations.elu(x, alpha=0.5)


half_elu.__name__ = "elu"


def branching():
    """Return a decoder that is no chain."""
    x = keras.Input((2,))
    hidden = layers.Dense(4)(x)
    return keras.Model(x, layers.Add()([hidden, hidden]))


def two_inputs():
    """Return a decoder that treats two inputs alike."""
    x, y, dense = keras.Input((2,)), keras.Input((2,)), layers.Dense(4)
    return keras.Model([x, y], [dense(x), dense(y)])


def two_outputs():
    """Return a decoder that gives its hidden layer, too."""
    x = keras.Input((2,))
    hidden = layers.Dense(3)(x)
    return keras.Model(x, [hidden, layers.Dense(4)(hidden)])


class Unbuilt(keras.Model):
    """A model of one's own that has never been called."""

    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(4, name="own")

    def call(self, x):
        """Apply the one layer."""
        return self.dense(x)


EYE = (np.eye(2), np.zeros(2), "tanh")
BAD_DECODERS = {
    "activation": (lambda: chain(layers.Dense(4, "softplus", name="d")), "layer 'd'.*got 'softplus'"),
    "alpha": (lambda: chain(layers.Dense(4, half_elu)), "activation of its own"),
    "layer": (lambda: chain(layers.Dense(4), layers.Dropout(0.5, name="drop")), "'drop'.*got Dropout"),
    "activation first": (lambda: chain(layers.Activation("relu", name="a")), "'a'.*got Activation"),
    "two activations": (
        lambda: chain(layers.Dense(4, "relu"), layers.Activation("tanh")),
        "one activation per Dense layer, got 'relu', 'tanh'",
    ),
    "branch": (branching, "got Add"),
    "three inputs": (lambda: keras.Sequential([keras.Input((3,)), layers.Dense(4)]), "expected 2 rows"),
    "pixels": (lambda: chain(layers.Dense(5)), "has outputs, 5; got .2, 2."),
    "empty": (lambda: [], "at least one Dense"),
    "pair": (lambda: [(np.ones((2, 4)), "relu")], "layer 0: expected .weights, bias, activation., got 2"),
    "bias": (lambda: [(np.ones((2, 4)), np.zeros(3), "relu")], "layer 0 bias: expected 4 .* shape .3,"),
    "rows": (lambda: [EYE, (np.ones((3, 4)), None, "relu")], "layer 1 weights: expected 2 rows"),
    "name": (lambda: [(np.ones((2, 4)), None, "selu")], "layer 0: .*relu, elu.*got 'selu'"),
    "nan": (lambda: [(np.full((2, 4), np.nan), None, "relu")], "layer 0 weights: expected finite"),
    "large": (lambda: [(np.full((2, 4), 1e39), None, "relu")], "float32's largest; got 1e.39"),
    "unbuilt": (
        lambda: keras.Sequential([layers.Dense(4, name="d")]),
        r"layer 'd': expected a layer with weights.*keras\.Input\(\(2,\)\)",
    ),
    "unbuilt inside": (lambda: keras.Sequential([keras.Sequential([layers.Dense(4, name="e")])]), "layer 'e'.*weights"),
    "unbuilt class": (Unbuilt, "layer 'own': expected a layer with weights"),
    "no layers": (lambda: keras.Sequential([]), "at least one Dense"),
    "no weights": (lambda: chain(layers.Reshape((2, 1), name="r"), layers.Dense(4)), "'r'.*got Reshape"),
    "two inputs": (two_inputs, "got one of 2 input.s. and 2 output.s."),
    "two outputs": (two_outputs, "got one of 1 input.s. and 2 output.s."),
    "class": (lambda: keras.Sequential, "decoder: expected a Keras model or a list"),
    "whole net": (
        lambda: build_autoencoder(4, [3], 2),
        "layer 0: expected .*, got Functional",
    ),
    "weights alone": (lambda: chain(layers.Dense(4)).get_weights(), "layer 0: expected .*got ndarray"),
    "uneven": (lambda: [([[1, 2], [1]], None, "relu")], "layer 0 weights: expected a regular array"),
    "uneven bias": (lambda: [(np.ones((2, 4)), [[1], [1, 2]], "relu")], "layer 0 bias: expected a regular array"),
    "None": (lambda: [(None, None, "relu")], "layer 0 weights: expected an array of real numbers"),
    "type": (lambda: 3, "decoder: expected a Keras model or a list"),
}


@pytest.mark.parametrize("case", BAD_DECODERS)
def test_decoder_it_does_not_know(case, codes, labels):
    """The error names the layer, what was expected and what came."""
    build, message = BAD_DECODERS[case]
    with pytest.raises((ValueError, TypeError), match=message):
        LatentExplorer(build(), codes, labels, (2, 2))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"codes": np.ones((300, 3))}, "codes: expected a last axis of length 2"),
        ({"codes": np.full((300, 2), np.nan)}, "codes: expected finite"),
        ({"codes": np.ones((1, 2)), "labels": np.ones(1, int)}, "codes: expected at least 2 rows"),
        (
            {"codes": np.full((300, 2), 1e200)},
            "codes: expected values up to .*float32, got a largest .* 1e",
        ),
        ({"labels": np.ones(299, int)}, "labels: expected 300 whole numbers, one for each code, got 299"),
        ({"labels": np.full(300, 0.5)}, "labels: expected whole numbers from .*, got 0.5"),
        ({"labels": ["a"] * 300}, "labels: expected an array of real numbers, got list of dtype <U1"),
        ({"labels": [2**40] * 300}, "labels: expected whole numbers from -2147483648 to 2147483647"),
        ({"image_shape": (2, 3)}, "image_shape: .*outputs, 4; got .2, 3., which has 6"),
        ({"image_shape": 4}, "image_shape: expected .height, width."),
        ({"image_shape": (0, 4)}, r"image_shape\[0\]: expected an integer of at least 1"),
        ({"image_shape": (2, 2.0)}, r"image_shape\[1\]: expected an integer of at least 1, got 2.0"),
    ],
)
def test_wrong_arguments(change, message, codes, labels):
    """Each argument is checked and named."""
    arguments = {"codes": codes, "labels": labels, "image_shape": (2, 2)} | change
    with pytest.raises((ValueError, TypeError), match=message):
        LatentExplorer([(np.ones((2, 4)), None, "tanh")], **arguments)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_javascript_encodes_as_keras_does(activation, rng, codes, labels, tmp_path):
    """300 images, encoded by both with the same rounded weights, differ by at most 1e-4 of the codes' scale."""
    encoder = build_chain(12, (31, 18, 2), activation, rng)
    explorer = LatentExplorer(build_decoder("tanh", rng), codes, labels, (3, 4), encoder=encoder)
    images = rng.uniform(size=(300, 12)).astype("f4")
    got = run_in_node(tmp_path, explorer._encoder_weights, explorer._encoder_layers, images)["outputs"]
    expected = np.asarray(encoder(images))
    assert np.shape(got) == (300, 2)
    assert np.abs(got - expected).max() <= 1e-4 * max(1, np.abs(expected).max())


def test_list_and_keras_encoder_are_one(rng, codes, labels):
    """An encoder may be a model or the list of its layers; without one the browser gets none."""
    encoder, decoder = build_chain(12, (31, 18, 2), "elu", rng), build_decoder("elu", rng)
    parts = [(*layer.get_weights(), "elu") for layer in encoder.layers]
    model, listed, none = (
        LatentExplorer(decoder, codes, labels, (3, 4), encoder=given) for given in (encoder, parts, None)
    )
    assert model._encoder_weights == listed._encoder_weights != none._encoder_weights == b""
    assert model._encoder_layers == listed._encoder_layers == [[12, 31, "elu"], [31, 18, "elu"], [18, 2, "elu"]]
    assert none._encoder_layers == []


@pytest.mark.filterwarnings("error::UserWarning")
def test_model_of_a_list_of_inputs_warns_of_nothing(rng, codes, labels):
    """Lesson 3 cuts its encoder out by ``keras.Model(autoencoder.inputs, ...)``."""
    whole = build_chain(12, (31, 18, 2), "elu", rng)
    encoder = keras.Model(whole.inputs, whole.layers[-1].output)
    explorer = LatentExplorer(build_decoder("elu", rng), codes, labels, (3, 4), encoder=encoder)
    assert len(explorer._encoder_layers) == 3


def both_signs(shape, dtype):
    """Return weights of which half answer with negative numbers, which elu bends, whatever the image."""
    return np.tile([1.0, -1.0], (4, 2)).astype(dtype)


def two_numbers(first):
    """Return an encoder of 2 x 2 pixels."""
    return keras.Sequential([keras.Input((4,)), first, layers.Dense(2)])


@pytest.mark.parametrize(
    ("encoder", "error", "message"),
    [
        (lambda: 3, TypeError, "encoder: expected a Keras model or a list of .* got int"),
        (lambda: [], ValueError, "encoder: expected at least one Dense"),
        (lambda: [(np.ones((3, 2)), None, None)], ValueError, "encoder layer 0 weights: expected 4 rows"),
        (lambda: [(np.ones((4, 3)), None, None)], ValueError, "encoder: expected 2 outputs, a code, got 3"),
        (lambda: two_numbers(layers.Dropout(0.5, name="d")), ValueError, "encoder layer 'd': .*got Dropout"),
        (
            lambda: two_numbers(layers.Dense(4, half_elu, kernel_initializer=both_signs)),
            ValueError,
            "encoder: .*activation of its own",
        ),
        (lambda: keras.Sequential([layers.Dense(2)]), ValueError, r"encoder layer .*keras\.Input\(\(4,\)\)"),
    ],
)
def test_encoder_it_does_not_know(encoder, error, message, codes, labels):
    """The error says that it is the encoder, what was expected and what came."""
    decoder = [(np.full((2, 4), 2.0), None, None)]
    with pytest.raises(error, match=message):
        LatentExplorer(decoder, codes - 3, labels, (2, 2), encoder=encoder())


def test_drawing_comes_from_the_browser(rng, codes, labels):
    """None at first, then the image that the browser sends, and None again; Python cannot set it."""
    encoder = build_chain(12, (3, 3, 2), "elu", rng)
    explorer = LatentExplorer(build_decoder("elu", rng), codes, labels, (3, 4), encoder=encoder)
    seen = []
    explorer.observe(lambda change: seen.append(change.new), "drawing")
    assert explorer.drawing is None
    images = rng.uniform(size=(2, 3, 4)).astype("<f4")
    for image in images:
        explorer.set_state({"drawing": memoryview(image.tobytes())})
        assert explorer.drawing.dtype == np.float32
        assert np.array_equal(explorer.drawing, image)
    assert explorer.get_state("drawing") == {"drawing": images[1].tobytes()}
    explorer.set_state({"drawing": None})
    assert [image is None for image in seen] == [False, False, True]
    with pytest.raises(traitlets.TraitError, match="drawing"):
        explorer.drawing = images[0]


DRAW_IN_NODE = """
import { drawNormal } from "./explorer.mjs";
import { readFileSync } from "node:fs";
const [n, mean, factor] = JSON.parse(readFileSync(0));
console.log(JSON.stringify([...drawNormal(n, mean, factor)]));
"""


@pytest.mark.parametrize("prior", ["standard", "fitted"])
def test_javascript_draws_from_the_prior(prior, rng, labels, tmp_path):
    """100,000 codes drawn have the mean and the covariance of N(0, I), or those of the codes."""
    own = (rng.normal(size=(300, 2)) @ np.array([[3.0, 0.0], [1.0, 0.5]]) + np.array([2.0, -5.0])).astype("f4")
    explorer = LatentExplorer([(np.ones((2, 4)), None, None)], own, labels, (2, 2), prior=prior)
    got = run_javascript(tmp_path, DRAW_IN_NODE, [100_000, *explorer._prior[1:]])
    draws = np.reshape(got, (-1, 2))
    mean, covariance = (np.zeros(2), np.eye(2)) if prior == "standard" else (own.mean(axis=0), np.cov(own.T))
    spread = np.sqrt(np.diag(covariance))
    # five standard errors: of a mean 1 / sqrt(n), of a covariance at most sqrt(2 / n), relative to the spreads
    assert np.abs((draws.mean(axis=0) - mean) / spread).max() < 5 / np.sqrt(100_000)
    assert np.abs((np.cov(draws.T) - covariance) / np.outer(spread, spread)).max() < 5 * np.sqrt(2 / 100_000)
    inside = np.mean(np.sum(np.linalg.solve(np.linalg.cholesky(covariance), (draws - mean).T) ** 2, axis=0) < 1.386)
    assert inside == pytest.approx(0.5, abs=0.01), "half of a normal distribution is within 1.386 = 2 ln 2"


def test_codes_on_a_line_have_a_fitted_normal(labels):
    """A covariance of rank 1 is no error: what is drawn lies on the line."""
    line = np.linspace(-1, 1, 300)[:, None] * np.array([1.0, 2.0])
    factor = np.reshape(
        LatentExplorer([(np.eye(2), None, None)], line, labels, (1, 2), prior="fitted")._prior[2], (2, 2)
    )
    assert np.allclose(factor @ factor.T, np.cov(line.T), atol=1e-6)


def test_without_a_prior_no_button(codes, labels):
    """The browser is told of none; a name that is not known is an error."""
    decoder = [(np.ones((2, 4)), None, None)]
    assert LatentExplorer(decoder, codes, labels, (2, 2))._prior == []
    with pytest.raises(ValueError, match="prior: expected 'standard', 'fitted' or None, got 'normal'"):
        LatentExplorer(decoder, codes, labels, (2, 2), prior="normal")


def test_draws_come_from_the_browser(rng, codes, labels):
    """None at first, then the codes that the browser sends; Python cannot set them."""
    explorer = LatentExplorer([(np.ones((2, 4)), None, None)], codes, labels, (2, 2), prior="standard")
    seen = []
    explorer.observe(lambda change: seen.append(change.new), "draws")
    assert explorer.draws is None
    draws = rng.normal(size=(12, 2)).astype("<f4")
    explorer.set_state({"draws": memoryview(draws.tobytes())})
    assert np.array_equal(explorer.draws, draws)
    assert len(seen) == 1
    with pytest.raises(traitlets.TraitError, match="draws"):
        explorer.draws = draws


def test_beside(codes, labels):
    """Two explorers in one box, in this order."""
    plain, variational = (LatentExplorer([(np.ones((2, 4)), None, None)], codes, labels, (2, 2)) for _ in range(2))
    assert plain.beside(variational).children == (plain, variational)


@pytest.mark.parametrize(("rows", "columns"), [(120, 40), (30, 90), (5, 5)])
def test_prepared_as_mnist_was(rows, columns, rng, codes, labels, tmp_path):
    """Ink anywhere fills 20 pixels along its longer side, its centre of mass is where MNIST's is, its mass is kept."""
    ink = np.zeros((280, 280))
    shape = rng.uniform(size=(rows, columns))
    top, left = rng.integers(0, 280 - rows), rng.integers(0, 280 - columns)
    ink[top : top + rows, left : left + columns] = shape
    explorer = LatentExplorer([(np.ones((2, 4)), None, None)], codes, labels, (2, 2))
    done = run_in_node(tmp_path, explorer._weights, explorer._layers, codes[:1], ink=ink, shape=(28, 28))
    image, scale = np.reshape(done["image"], (28, 28)), 20 / max(rows, columns)
    place = np.arange(28) + 0.5
    assert image.sum() == pytest.approx(shape.sum() * scale**2, rel=1e-4)
    assert image.sum(axis=0) @ place / image.sum() == pytest.approx(14.5, abs=0.05)
    assert image.sum(axis=1) @ place / image.sum() == pytest.approx(14.5, abs=0.05)
    covered = [np.ptp(np.flatnonzero(image.sum(axis=axis))) + 1 for axis in (1, 0)]
    for extent, side in zip(covered, (rows, columns), strict=True):
        assert side * scale - 1e-6 <= extent <= side * scale + 2


def test_nothing_drawn(codes, labels, tmp_path):
    """Paper without ink is no image."""
    explorer = LatentExplorer([(np.ones((2, 4)), None, None)], codes, labels, (2, 2))
    done = run_in_node(tmp_path, explorer._weights, explorer._layers, codes[:1], ink=np.zeros((9, 9)), shape=(3, 3))
    assert done["image"] is None
