"""Building, feeding and keeping autoencoders."""

from itertools import pairwise

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from course_utils import autoencoder as ae  # noqa: E402


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


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, [4], 2), "input_dim: expected an integer of at least 1, got 0"),
        ((6, [4, -1], 2), r"hidden_units\[1\]: expected an integer of at least 1, got -1"),
        ((6, [4], 0), "latent_dim: expected an integer of at least 1, got 0"),
    ],
)
def test_sizes_that_make_no_layer(arguments, message):
    """A size below one is named."""
    with pytest.raises(ValueError, match=message):
        ae.build_autoencoder(*arguments)


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
    with pytest.raises(FileNotFoundError, match="Run `make weights`"):
        ae.load_pretrained("other", tmp_path)


@pytest.mark.parametrize("name", ["03_better", "05_recipe"])
def test_shipped_weights_are_whole(name):
    """The files that ship have the checksums that ship."""
    assert all(np.isfinite(w).all() for w in ae.load_pretrained(name))
