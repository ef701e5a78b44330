"""Feeding models and watching them train."""

import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from course_utils import autoencoder as ae  # noqa: E402
from course_utils import training  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]


def test_batches_hold_every_image_once(rng):
    """An epoch is a permutation, the next one another, and input is target."""
    X = rng.random((10, 3)).astype("float32")
    batches = training.ReconstructionBatches(X, 4, seed=1)
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
    batches = training.ReconstructionBatches(X, 8, corrupt=lambda batch, rng: batch + rng.standard_normal(batch.shape))
    first, target = batches[0]
    second, again = batches[0]
    np.testing.assert_array_equal(target, again)
    assert not np.allclose(first, target)
    assert not np.allclose(first, second)


def test_batch_larger_than_the_data(rng):
    """It is refused with the limits."""
    with pytest.raises(ValueError, match="batch_size: expected an integer from 1 to 8, got 9"):
        training.ReconstructionBatches(rng.random((8, 3)), 9)


@pytest.mark.parametrize("n", [1, 249, 250, 251, 1234])
def test_in_batches_is_the_function_of_all_rows(rng, n):
    """Arrays and tensors, one or more axes: the same as in one call, and never more than 250 rows at a time."""
    X, sizes = rng.random((n, 6)).astype("float32"), []

    def square(rows):
        sizes.append(len(rows))
        return keras.ops.convert_to_tensor(rows.reshape(-1, 2, 3) ** 2)

    result = training.in_batches(square, X)
    np.testing.assert_allclose(result, X.reshape(-1, 2, 3) ** 2, rtol=1e-6)
    assert isinstance(result, np.ndarray)
    assert result.dtype == np.float32
    assert max(sizes) <= 250
    assert sum(sizes) == n


def test_in_batches_notices_a_function_of_all_rows(rng):
    """A function that answers once for all rows is refused, with the shapes."""
    with pytest.raises(ValueError, match=r"function: expected 250 rows for 250 rows, got shape \(6,\)"):
        training.in_batches(lambda rows: rows.mean(axis=0), rng.random((700, 6)))


FAULTS_PER_STEP = """
import resource
import numpy as np
from course_utils import ReconstructionBatches, build_autoencoder

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

batches = ReconstructionBatches(np.random.default_rng(0).random((128 * 40, 784), dtype=np.float32), 128)
model = build_autoencoder(784, [512, 128], 2).model
model.compile("adam", "mean_squared_error")
model.fit(batches, epochs=1, verbose=0)
before = faults()
model.fit(batches, epochs=2, verbose=0)
print("faults per step", (faults() - before) / (2 * len(batches)))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc's allocator is told to keep memory")
def test_training_keeps_its_memory():
    """A training step gets its arrays from memory that is there; otherwise it touches 2,000 to 6,000 new pages."""
    kernel = subprocess.run(
        [sys.executable, "-c", FAULTS_PER_STEP], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert float(kernel.stdout.split()[-1]) < 500, kernel.stdout


def test_table_evaluates_with_the_weights_at_rest(rng):
    """The table's losses are those of the finished epoch, at the epochs asked for and at the last."""
    X = rng.random((64, 4)).astype("float32")
    _, _, model = ae.build_autoencoder(4, [], 2)
    model.compile("adam", "mean_squared_error")
    table = training.TrainingTable(X[:32], X[32:], at=[2], show=False)
    model.fit(training.ReconstructionBatches(X[:32], 8), epochs=3, verbose=0, callbacks=[table])
    assert table.history["epoch"] == [2, 3]
    by_hand = np.mean((model.predict(X[32:], verbose=0) - X[32:]) ** 2)
    assert table.history["test"][-1] == pytest.approx(by_hand, rel=1e-5)
    model.fit(training.ReconstructionBatches(X[:32], 8), epochs=4, initial_epoch=3, verbose=0, callbacks=[table])
    assert table.history["epoch"] == [2, 3, 4]
    assert len(table.table().splitlines()) == 4
