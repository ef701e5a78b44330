"""Building, feeding and keeping autoencoders."""

import platform
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


def test_batches_hold_every_image_once(rng):
    """An epoch is a permutation, the next one another, and input is target."""
    X = rng.random((10, 3)).astype("float32")
    batches = ae.ReconstructionBatches(X, 4, seed=1)
    epochs = []
    for _ in range(2):
        pairs = [batches[i] for i in range(len(batches))]
        assert [len(a) for a, b in pairs] == [4, 4, 2]
        assert all(np.array_equal(a, b) for a, b in pairs)
        epochs.append(np.concatenate([a for a, b in pairs]))
        batches.on_epoch_end()
    for epoch in epochs:
        np.testing.assert_array_equal(np.sort(epoch, axis=0), np.sort(X, axis=0))
    assert not np.array_equal(*epochs)


def test_noise_goes_to_the_input_only(rng):
    """The target stays clean, and the noise is drawn afresh."""
    X = rng.random((8, 3)).astype("float32")
    batches = ae.ReconstructionBatches(X, 8, corrupt=lambda batch, rng: batch + rng.standard_normal(batch.shape))
    first, target = batches[0]
    second, again = batches[0]
    np.testing.assert_array_equal(target, again)
    assert not np.allclose(first, target)
    assert not np.allclose(first, second)


def test_batch_larger_than_the_data(rng):
    """It is refused with the limits."""
    with pytest.raises(ValueError, match="batch_size: expected an integer from 1 to 8, got 9"):
        ae.ReconstructionBatches(rng.random((8, 3)), 9)


@pytest.mark.parametrize("n", [1, 499, 500, 501, 1234])
def test_in_batches_is_the_function_of_all_rows(rng, n):
    """Arrays and tensors, one or more axes: the same as in one call, and never more than 500 rows at a time."""
    X, sizes = rng.random((n, 6)).astype("float32"), []

    def square(rows):
        sizes.append(len(rows))
        return keras.ops.convert_to_tensor(rows.reshape(-1, 2, 3) ** 2)

    result = ae.in_batches(square, X)
    np.testing.assert_allclose(result, X.reshape(-1, 2, 3) ** 2, rtol=1e-6)
    assert isinstance(result, np.ndarray)
    assert result.dtype == np.float32
    assert max(sizes) <= 500
    assert sum(sizes) == n


def test_in_batches_notices_a_function_of_all_rows(rng):
    """A function that answers once for all rows is refused, with the shapes."""
    with pytest.raises(ValueError, match=r"function: expected 500 rows for 500 rows, got shape \(6,\)"):
        ae.in_batches(lambda rows: rows.mean(axis=0), rng.random((700, 6)))


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc's allocator is told to keep memory")
def test_training_keeps_its_memory(rng):
    """A training step gets its arrays from memory that is there: it would touch 1,000 new pages otherwise."""
    import resource

    X = rng.random((128 * 40, 784)).astype("float32")
    model = ae.build_autoencoder(784, [512], 2).model
    model.compile("adam", "mean_squared_error")
    batches = ae.ReconstructionBatches(X, 128)
    model.fit(batches, epochs=1, verbose=0)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    model.fit(batches, epochs=2, verbose=0)
    n_steps = 2 * len(batches)
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) / n_steps < 500


def test_table_evaluates_with_the_weights_at_rest(rng):
    """The table's losses are those of the finished epoch, at the epochs asked for and at the last."""
    X = rng.random((64, 4)).astype("float32")
    _, _, model = ae.build_autoencoder(4, [], 2)
    model.compile("adam", "mean_squared_error")
    table = ae.TrainingTable(X[:32], X[32:], at=[2], show=False)
    model.fit(ae.ReconstructionBatches(X[:32], 8), epochs=3, verbose=0, callbacks=[table])
    assert table.history["epoch"] == [2, 3]
    by_hand = np.mean((model.predict(X[32:], verbose=0) - X[32:]) ** 2)
    assert table.history["test"][-1] == pytest.approx(by_hand, rel=1e-5)
    model.fit(ae.ReconstructionBatches(X[:32], 8), epochs=4, initial_epoch=3, verbose=0, callbacks=[table])
    assert table.history["epoch"] == [2, 3, 4]
    assert len(table.table().splitlines()) == 4


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
