"""Building, feeding and keeping autoencoders."""

from itertools import pairwise

import keras
import numpy as np
import pytest

from course_utils import autoencoder as ae


def test_model_is_the_decoder_after_the_encoder(rng):
    """The three models share their weights and have the shapes promised."""
    encoder, decoder, model = ae.build_autoencoder(6, [5, 4], 2)
    X = rng.random((7, 6)).astype("float32")
    codes = encoder.predict(X, verbose=0)
    assert codes.shape == (7, 2)
    np.testing.assert_allclose(model.predict(X, verbose=0), decoder.predict(codes, verbose=0), rtol=1e-5)
    model.compile("sgd", "mse")
    model.fit(X, X, verbose=0)
    after = decoder.predict(encoder.predict(X, verbose=0), verbose=0)
    np.testing.assert_allclose(model.predict(X, verbose=0), after, rtol=1e-5)


def test_layers_are_as_asked():
    """The decoder mirrors the encoder; parameters agree with a count by hand."""
    encoder, decoder, model = ae.build_autoencoder(
        784, [512, 128], 2, activation="gelu", output_activation="linear", latent_activation="tanh"
    )
    dense = [layer for part in (encoder, decoder) for layer in part.layers if hasattr(layer, "units")]
    dense = [(layer.units, layer.activation.__name__) for layer in dense]
    assert dense == [(512, "gelu"), (128, "gelu"), (2, "tanh"), (128, "gelu"), (512, "gelu"), (784, "linear")]
    sizes = [784, 512, 128, 2, 128, 512, 784]
    assert model.count_params() == sum(m * n + n for m, n in pairwise(sizes))


def test_one_matrix_each_way(rng):
    """Without hidden layers and bends, the net is two matrix products: numpy computes the same."""
    encoder, decoder, model = ae.build_autoencoder(5, [], 2, output_activation="linear")
    X = rng.random((4, 5)).astype("float32")
    (W, b), (V, c) = encoder.get_weights(), decoder.get_weights()
    np.testing.assert_allclose(model.predict(X, verbose=0), (X @ W + b) @ V + c, rtol=1e-4, atol=1e-6)


def test_saved_and_loaded(rng, tmp_path):
    """Keras's own format keeps the model, and the two parts can be taken from it."""
    built = ae.build_autoencoder(6, [5], 2)
    built.model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    X = rng.random((3, 6)).astype("float32")
    np.testing.assert_allclose(loaded.predict(X, verbose=0), built.model.predict(X, verbose=0), rtol=1e-6)
    codes = loaded.get_layer("encoder").predict(X, verbose=0)
    np.testing.assert_allclose(codes, built.encoder.predict(X, verbose=0), rtol=1e-6)
    assert loaded.get_layer("decoder").predict(codes, verbose=0).shape == (3, 6)


@pytest.mark.parametrize("sizes", [[8, 4], (8, 4), np.array([8, 4])])
def test_sizes_of_any_sequence(sizes):
    """NumPy's integers are sizes like any other, in each place."""
    encoder, _, model = ae.build_autoencoder(np.int64(6), sizes, np.int32(2))
    assert [layer.units for layer in encoder.layers[1:]] == [8, 4, 2]
    assert model.output_shape == (None, 6)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, [4], 2), "input_dim: expected an integer of at least 1, got 0"),
        (((28, 28), [4], 2), r"input_dim: expected an integer of at least 1, got \(28, 28\) of type tuple"),
        ((6, [4, -1], 2), r"hidden_units\[1\]: expected an integer of at least 1, got -1"),
        ((6, [4.0], 2), r"hidden_units\[0\]: expected an integer of at least 1, got 4.0 of type float"),
        ((6, 32, 2), r"hidden_units: expected a sequence of integers, got 32 of type int.*\[512, 128\] for two"),
        ((6, [4], 0), "latent_dim: expected an integer of at least 1, got 0"),
    ],
)
def test_sizes_that_make_no_layer(arguments, message):
    """What is no size of at least one is named, with an example."""
    with pytest.raises((TypeError, ValueError), match=message):
        ae.build_autoencoder(*arguments)


@pytest.mark.parametrize("name", ["activation", "output_activation", "latent_activation"])
@pytest.mark.parametrize("value", ["rellu", "get", 3])
def test_unknown_activations(name, value):
    """The message says which of the three it is and which names there are, and each of those is one."""
    with pytest.raises(ValueError, match=rf"^{name}: expected one of .*, got {value!r}\. A function") as caught:
        ae.build_autoencoder(6, [4], 2, **{name: value})
    known = str(caught.value).split("one of ")[1].split(", got")[0].split(", ")
    assert {"elu", "linear", "relu", "sigmoid"} <= set(known)
    assert all(callable(keras.activations.get(one)) for one in known)


def test_activations_may_be_functions():
    """A function and a layer serve as Keras takes them; None is linear."""
    built = ae.build_autoencoder(
        6, [4], 2, activation=keras.layers.LeakyReLU(), output_activation=keras.ops.tanh, latent_activation=None
    )
    assert np.abs(built.model.predict(np.full((2, 6), 1e3), verbose=0)).max() <= 1


def test_pretrained_weights_come_back_and_damage_is_noticed(rng, tmp_path):
    """Weights survive to half precision; a changed byte and a missing file are clear errors."""
    weights = [rng.random((3, 2)), rng.random(2)]
    path = ae.save_pretrained("toy", weights, tmp_path)
    for before, after in zip(weights, ae.load_pretrained("toy", tmp_path), strict=True):
        assert after.dtype == np.float32
        np.testing.assert_allclose(after, before, rtol=1e-3)
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(ValueError, match=r"weights_toy\.npz is damaged: expected SHA-256"):
        ae.load_pretrained("toy", tmp_path)


def test_names_of_the_weights_that_there_are(tmp_path):
    """A misspelt name is answered with the right ones; a file that has gone, with how to get it back."""
    with pytest.raises(FileNotFoundError, match=r"name: expected one of '03_better', '05_recipe', got '3_better'"):
        ae.load_pretrained("3_better")
    with pytest.raises(FileNotFoundError, match=r"expected one of \(there are none\), got 'toy'.*`make weights`"):
        ae.load_pretrained("toy", tmp_path)
    ae.save_pretrained("toy", [np.ones(2)], tmp_path).unlink()
    with pytest.raises(FileNotFoundError, match=r"weights_toy\.npz is missing\. .*`git checkout data`"):
        ae.load_pretrained("toy", tmp_path)


def test_a_damaged_list_of_checksums(tmp_path):
    """The message has the file and the line."""
    (tmp_path / "weights.sha256").write_text("<<<<<<< HEAD and more\n")
    with pytest.raises(ValueError, match=r"weights\.sha256: expected a checksum .*, got '<<<<<<< HEAD and more'"):
        ae.load_pretrained("toy", tmp_path)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (ae.build_autoencoder(4, [], 2).model, "weights: expected a list of arrays, got <Functional"),
        (np.ones((2, 2)), "weights: expected a list of arrays, got array"),
        ([], r"weights: expected a list of arrays, got \[\]"),
        ([np.ones(2), "ab"], r"weights\[1\]: expected an array of real numbers, got str"),
        ([np.array([1, np.nan])], r"weights\[0\]: expected finite values"),
        ([np.ones(2), np.array([1.0, -7e4])], "weights: expected values up to 65504, float16's largest, got 70000"),
    ],
)
def test_weights_that_cannot_be_kept(weights, message, tmp_path):
    """Nothing is written where half precision would lose the weights, or there are none."""
    with pytest.raises((TypeError, ValueError), match=message):
        ae.save_pretrained("toy", weights, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["03_better", "05_recipe"])
def test_shipped_weights_are_whole(name):
    """The files that ship have the checksums that ship."""
    assert all(np.isfinite(w).all() for w in ae.load_pretrained(name))
