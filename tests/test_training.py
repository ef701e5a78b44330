"""Feeding models and watching them train."""

import ctypes
import itertools
import platform
import re
import subprocess
import sys
from pathlib import Path

import keras
import nbformat
import numpy as np
import pandas
import pytest
from nbclient import NotebookClient

from course_utils import FilmRecorder, training
from course_utils import autoencoder as ae

ROOT = Path(__file__).resolve().parents[1]


def run_python(code):
    """Return what a script prints in a Python of its own, where nothing is imported yet."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def small_net():
    """Return a compiled net of 4 numbers."""
    model = ae.build_autoencoder(4, [], 2).model
    model.compile("adam", "mean_squared_error")
    return model


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
    """The target stays clean; each batch of each epoch has noise of its own, in whatever order they are made."""
    X = np.tile(rng.random((8, 3)).astype("float32"), (2, 1))
    batches = training.ReconstructionBatches(X, 8, corrupt=lambda batch, rng: batch + rng.standard_normal(batch.shape))
    other, other_target = batches[1]
    first, target = batches[0]
    np.testing.assert_array_equal(first, batches[0][0])
    assert {tuple(row) for row in target} | {tuple(row) for row in other_target} == {tuple(row) for row in X}
    batches.on_epoch_end()
    noises = [first - target, other - other_target, np.subtract(*batches[0])]
    assert all(np.abs(noise).min() > 0 for noise in noises)
    assert not any(np.allclose(a, b) for a, b in itertools.combinations(noises, 2))


def add_in_place(batch, rng):
    """Return the batch itself with noise in it."""
    batch += rng.standard_normal(batch.shape, dtype=np.float32)
    return batch


def add_beside(batch, rng):
    """Return a new array with the same noise."""
    return batch + rng.standard_normal(batch.shape, dtype=np.float32)


def test_noise_in_place_leaves_target_and_data_alone(rng):
    """A corruption that works in place gets a copy: target and X stay clean, the input is that of a new array."""
    X = rng.random((8, 3)).astype("float32")
    before = X.copy()
    here, beside = (training.ReconstructionBatches(X, 4, seed=3, corrupt=f) for f in (add_in_place, add_beside))
    for i in range(2):
        (noisy, target), (expected, clean) = here[i], beside[i]
        np.testing.assert_array_equal(noisy, expected)
        np.testing.assert_array_equal(target, clean)
        np.testing.assert_array_equal(target, before[here.order[4 * i : 4 * i + 4]])
    np.testing.assert_array_equal(X, before)


@pytest.mark.parametrize(
    ("corrupt", "message"),
    [
        (lambda batch, rng: None, r"corrupt\(batch, rng\): expected an array of real numbers, got NoneType"),
        (
            lambda batch, rng: batch[:, :2],
            r"corrupt\(batch, rng\): expected the shape of batch, \(4, 3\), got \(4, 2\)",
        ),
        (lambda batch, rng: batch / 0 * 0, r"corrupt\(batch, rng\): expected finite values"),
        (lambda batch: batch, r"corrupt: expected a function of \(batch, rng\), got one of \(batch\)"),
        (np.ones(3), r"corrupt: expected a function of \(batch, rng\), got ndarray"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning", "ignore:invalid value:RuntimeWarning")
def test_noise_that_is_none(corrupt, message, rng):
    """It is refused before training, by the batches and by the table."""
    X = rng.random((4, 3)).astype("float32")
    with pytest.raises((TypeError, ValueError), match=f"^{message}"):
        training.ReconstructionBatches(X, 4, corrupt=corrupt)
    with pytest.raises((TypeError, ValueError), match=f"^{message}"):
        training.TrainingTable({"train": X, "test": X}, corrupt=corrupt)


def test_noise_for_one_size_of_batch(rng):
    """Noise that does not fit the last, smaller batch fails at once, not in the middle of training."""
    X = rng.random((10, 3)).astype("float32")
    with pytest.raises(ValueError, match="broadcast"):
        training.ReconstructionBatches(X, 4, corrupt=lambda batch, rng: batch + rng.random((4, 3)))


def test_noise_is_checked_in_every_batch(rng):
    """Also where a function changes its mind later."""
    answers = iter([np.zeros((4, 3)), np.zeros((4, 3)), None])
    batches = training.ReconstructionBatches(rng.random((8, 3)), 4, corrupt=lambda batch, rng: next(answers))
    np.testing.assert_array_equal(batches[0][0], np.zeros((4, 3)))
    with pytest.raises(TypeError, match=r"got NoneType.*return the noisy batch"):
        batches[1]


@pytest.mark.parametrize(
    ("X", "options", "message"),
    [
        (np.ones(3), {}, "X: expected an array of 2 dimension.*got 1 .*images as rows"),
        (np.ones((8, 3)), {"batch_size": 2.0}, "batch_size: expected an integer from 1 to 8, got 2.0 of type float"),
        (np.ones((8, 3)), {"seed": -1}, "seed: expected an integer of at least 0, got -1"),
    ],
)
def test_batches_of_something_else(X, options, message):
    """Each argument is checked and named."""
    with pytest.raises((TypeError, ValueError), match=f"^{message}"):
        training.ReconstructionBatches(X, **({"batch_size": 2} | options))


def test_batches_of_lists_and_tables():
    """Lists and tables are data, too."""
    for X in ([[1, 2], [3, 4]], pandas.DataFrame([[1, 2], [3, 4]])):
        image, target = training.ReconstructionBatches(X, 2)[0]
        np.testing.assert_array_equal(np.sort(target, axis=0), [[1, 2], [3, 4]])


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


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda rows: None, r"function: expected 250 rows for 250 rows, got shape \(\)"),
        (
            lambda rows: [rows, rows[:, :2]],
            r"function\(rows\): expected a regular array of numbers, got rows that differ",
        ),
        (lambda rows: [rows, rows], r"function: expected 250 rows for 250 rows, got shape \(2, 250, 6\)"),
        (
            lambda rows: rows[:, : len(rows) // 50],
            r"function: expected 50 rows .* shape \(5,\) as before, got .*\(50, 1\)",
        ),
        (np.ones((3, 6)), r"function: expected a function of \(rows\), got ndarray.*function comes first"),
        (lambda: 0, r"function: expected a function of \(rows\), got one of \(\)"),
    ],
)
def test_in_batches_explains_the_function(function, message, rng):
    """What returns nothing, several things or something else every time is refused, and so are exchanged arguments."""
    with pytest.raises((TypeError, ValueError), match=f"^{message}"):
        training.in_batches(function, rng.random((300, 6)))


@pytest.mark.parametrize("X", [3, None, [], np.ones((0, 6)), [[1], [1, 2]], "abc", np.array([[None, 1]]), [[np.nan]]])
def test_in_batches_of_no_rows(X):
    """The message names X and says what it has to be."""
    with pytest.raises((TypeError, ValueError), match=r"^X: expected .*give at least one row"):
        training.in_batches(lambda rows: rows, X)


@pytest.mark.parametrize("dress", [np.ndarray.tolist, pandas.DataFrame, keras.ops.convert_to_tensor, np.float16])
def test_in_batches_of_rows_in_other_clothes(dress):
    """Lists, tables, tensors and half precision are arrays to the function."""
    X = np.arange(600.0).reshape(300, 2)
    np.testing.assert_array_equal(training.in_batches(lambda rows: rows[:, ::-1] + 1, dress(X)), X[:, ::-1] + 1)


def test_in_batches_leaves_the_data_alone(rng):
    """A function that works in place gets copies."""
    X = rng.random((300, 6))
    before = X.copy()
    np.testing.assert_array_equal(training.in_batches(lambda rows: np.add(rows, 1, out=rows), X), before + 1)
    np.testing.assert_array_equal(X, before)


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


IS_GLIBC = platform.libc_ver()[0] == "glibc"
on_glibc = pytest.mark.skipif(not IS_GLIBC, reason="only glibc's allocator is told to keep memory")
HAS_MALLINFO2 = IS_GLIBC and hasattr(ctypes.CDLL(None), "mallinfo2")


@on_glibc
def test_training_keeps_its_memory():
    """A training step gets its arrays from memory that is there; otherwise it touches 2,000 to 6,000 new pages."""
    printed = run_python(FAULTS_PER_STEP)
    assert float(printed.split()[-1]) < 500, printed


ALLOCATOR = """
import ctypes

class Mallinfo2(ctypes.Structure):
    names = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"
    _fields_ = [(name, ctypes.c_size_t) for name in names.split()]

library = ctypes.CDLL(None)
library.mallinfo2.restype = Mallinfo2
library.malloc.restype, library.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]

def is_told():
    # Left to itself, glibc learns from the first large piece that is freed to take the next one from its heap; once
    # told by mallopt where to draw the line, it learns no more, and maps each of 16 MB.
    for _ in range(2):
        before = library.mallinfo2().hblkhd
        piece = library.malloc(16 * 2**20)
        mapped = library.mallinfo2().hblkhd - before
        library.free(piece)
    return mapped > 0

import numpy as np
from course_utils import autoencoder, training
told, asked = [is_told()], [training._keep_freed_memory.cache_info().misses]
batches = training.ReconstructionBatches(np.ones((8, 4), "f4"), 4)
model = autoencoder.build_autoencoder(4, [], 2).model
model.compile("sgd", "mean_squared_error")
for _ in range(2):
    model.fit(batches, epochs=2, verbose=0)
    told.append(is_told())
    asked.append(training._keep_freed_memory.cache_info().misses)
print(told, asked)
"""


@pytest.mark.skipif(not HAS_MALLINFO2, reason="glibc tells what it maps since 2.33")
def test_the_allocator_is_left_alone_until_training():
    """Importing changes nothing for the rest of the program; the first epoch does, and does so once."""
    assert run_python(ALLOCATOR).strip() == "[False, True, True] [0, 1, 1]"


def test_table_evaluates_with_the_weights_at_rest(rng):
    """The table's losses are those of the finished epoch, at the epochs asked for and at the last."""
    X = rng.random((64, 4)).astype("float32")
    _, _, model = ae.build_autoencoder(4, [], 2)
    model.compile("adam", "mean_squared_error")
    table = training.TrainingTable({"train": X[:32], "test": X[32:]}, at=[2], show=False)
    model.fit(training.ReconstructionBatches(X[:32], 8), epochs=3, verbose=0, callbacks=[table])
    assert table.history["epoch"] == [2, 3]
    by_hand = np.mean((model.predict(X[32:], verbose=0) - X[32:]) ** 2)
    assert table.history["test"][-1] == pytest.approx(by_hand, rel=1e-5)
    model.fit(training.ReconstructionBatches(X[:32], 8), epochs=4, initial_epoch=3, verbose=0, callbacks=[table])
    assert table.history["epoch"] == [2, 3, 4]
    assert len(table.table().splitlines()) == 4


def test_table_has_a_column_for_each_set(rng):
    """Names head their losses, also long ones."""
    X = rng.random((16, 4)).astype("float32")
    model, table = small_net(), training.TrainingTable({"train": X, "validation": X[:3]}, show=False)
    model.fit(training.ReconstructionBatches(X, 8), epochs=1, verbose=0, callbacks=[table])
    head, row = table.table().splitlines()
    assert head == "epoch    train  validation"
    assert [len(line) for line in (head, row)] == [26, 26]
    assert row.split() == ["1", f"{table.history['train'][0]:.4f}", f"{table.history['validation'][0]:.4f}"]


def test_table_goes_on_where_the_model_does(rng):
    """A second fit trains the same weights further: its epochs are counted on, whatever Keras calls them."""
    X = rng.random((16, 4)).astype("float32")
    model, table = small_net(), training.TrainingTable({"train": X, "test": X}, show=False)
    batches = training.ReconstructionBatches(X, 8)
    model.fit(batches, epochs=2, verbose=0, callbacks=[table])
    model.fit(batches, epochs=3, initial_epoch=2, verbose=0, callbacks=[table])
    assert table.history["epoch"] == [1, 2, 3]
    model.fit(batches, epochs=2, verbose=0, callbacks=[table])
    assert table.history["epoch"] == [1, 2, 3, 4, 5]
    model.fit(batches, epochs=9, initial_epoch=8, verbose=0, callbacks=[table])  # 6 to 8 were trained elsewhere
    assert table.history["epoch"] == [1, 2, 3, 4, 5, 9]
    assert len(table.history["train"]) == len(table.history["test"]) == 6


def test_epochs_to_evaluate_are_counted_on(rng):
    """`at` means the model's epochs: the second fit of three evaluates after 4, and after its last."""
    X = rng.random((16, 4)).astype("float32")
    model, table = small_net(), training.TrainingTable({"train": X, "test": X}, at=np.array([2, 4]), show=False)
    for _ in range(2):
        model.fit(training.ReconstructionBatches(X, 8), epochs=3, verbose=0, callbacks=[table])
    assert table.history["epoch"] == [2, 3, 4, 6]


@pytest.mark.parametrize("first", [True, False])
def test_the_last_epoch_is_evaluated_where_another_callback_ends_it(rng, first):
    """Early stopping, before the table or after it: the last row has the weights of the last epoch."""
    X = rng.random((16, 4)).astype("float32")
    model, table = small_net(), training.TrainingTable({"train": X}, at=[1, 50], show=False)
    stop = keras.callbacks.EarlyStopping("loss", patience=1, min_delta=9.0, restore_best_weights=True)
    seen = {}
    note = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: seen.update({epoch + 1: model.get_weights()})
    )
    callbacks = [note, stop, table] if first else [note, table, stop]
    model.fit(training.ReconstructionBatches(X, 8), epochs=50, verbose=0, callbacks=callbacks)
    assert table.history["epoch"] == [1, max(seen)]
    model.set_weights(seen[max(seen)])
    assert table.history["train"][-1] == pytest.approx(np.mean((model.predict(X, verbose=0) - X) ** 2), rel=1e-5)


def interrupt_in(epoch):
    """Return a callback that does what Ctrl-C does, in the middle of an epoch, counted from 1 in each fit."""

    class Interrupt(keras.callbacks.Callback):
        def on_epoch_begin(self, at, logs=None):
            self.epoch = at + 1

        def on_train_batch_end(self, batch, logs=None):
            if self.epoch == epoch:
                raise KeyboardInterrupt

    return Interrupt()


def test_table_after_an_interrupt(rng):
    """The finished epochs stay, and the next fit counts on, from 0 or from where the student says."""
    X = rng.random((32, 4)).astype("float32")
    model, table = small_net(), training.TrainingTable({"train": X, "test": X}, show=False)
    batches = training.ReconstructionBatches(X, 8)
    with pytest.raises(KeyboardInterrupt):
        model.fit(batches, epochs=50, verbose=0, callbacks=[table, interrupt_in(3)])
    assert table.history["epoch"] == [1, 2]
    model.fit(batches, epochs=1, verbose=0, callbacks=[table])
    model.fit(batches, epochs=5, initial_epoch=3, verbose=0, callbacks=[table])
    assert table.history["epoch"] == [1, 2, 3, 4, 5]


def test_interrupt_between_two_losses(rng):
    """A row is whole or not there."""

    class Interrupted(training.TrainingTable):
        calls = 0

        def _batches(self, X):
            self.calls += 1
            if self.calls == 6:  # two when it is made, two after the first epoch, the train images after the second
                raise KeyboardInterrupt
            return super()._batches(X)

    X = rng.random((8, 4)).astype("float32")
    model, table = small_net(), Interrupted({"train": X, "test": X}, show=False)
    with pytest.raises(KeyboardInterrupt):
        model.fit(training.ReconstructionBatches(X, 8), epochs=3, verbose=0, callbacks=[table])
    assert {name: len(values) for name, values in table.history.items()} == {"epoch": 1, "train": 1, "test": 1}
    assert len(table.table().splitlines()) == 2
    model.fit(training.ReconstructionBatches(X, 8), epochs=1, verbose=0, callbacks=[table])
    assert table.history["epoch"] == [1, 3]  # the second was trained, though not evaluated


def test_another_model_starts_a_new_history(rng):
    """Losses of two models are never in one list; what was read off before stays as it was."""
    X = rng.random((8, 4)).astype("float32")
    table, histories = training.TrainingTable({"train": X, "test": X}, show=False), []
    for epochs in (2, 3):
        model = small_net()
        model.fit(training.ReconstructionBatches(X, 8), epochs=epochs, verbose=0, callbacks=[table])
        histories.append(table.history)
    assert [history["epoch"] for history in histories] == [[1, 2], [1, 2, 3]]
    by_hand = np.mean((model.predict(X, verbose=0) - X) ** 2)
    assert histories[1]["test"][-1] == pytest.approx(by_hand, rel=1e-5)


def test_table_with_noise_in_place(rng):
    """The table's losses are those of the same noise in an array of its own, and its data stay clean."""
    X = rng.random((300, 4)).astype("float32")
    before = X.copy()
    model = small_net()
    tables = [
        training.TrainingTable({"train": X, "test": X[:7]}, corrupt=f, show=False) for f in (add_in_place, add_beside)
    ]
    model.fit(training.ReconstructionBatches(X, 50), epochs=2, verbose=0, callbacks=tables)
    assert tables[0].history == tables[1].history
    np.testing.assert_array_equal(X, before)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"at": 5}, "at: expected a sequence of integers, got 5 of type int"),
        ({"at": [1, 0]}, r"at\[1\]: expected an integer of at least 1, got 0"),
        ({"sets": np.ones(4)}, "sets: expected a mapping of names, .* got ndarray"),
        ({"sets": {}}, r"sets: expected a mapping of names, .* got \[\]"),
        (
            {"sets": {"epoch": np.ones((3, 4))}},
            r"sets: expected a mapping .* other than epoch, .* got \['epoch'\]",
        ),
        ({"sets": {"train": np.ones(4)}}, r"sets\['train'\]: expected an array of 2 dimension"),
        (
            {"sets": {"a": np.ones((3, 4)), "b": np.ones((3, 5))}},
            r"sets\['b'\]: expected a last axis of length 4, got 5",
        ),
        ({"sets": {"train": np.ones((0, 4))}}, r"sets\['train'\]: expected at least one value"),
    ],
)
def test_tables_of_something_else(arguments, message):
    """The table refuses what it could not evaluate, before anything is trained."""
    with pytest.raises((TypeError, ValueError), match=f"^{message}"):
        training.TrainingTable(**({"sets": {"train": np.ones((8, 4))}} | arguments))


FIT = """
import numpy as np
from course_utils import ReconstructionBatches, TrainingTable, build_autoencoder

X = np.ones((16, 4), "f4")
batches, table = ReconstructionBatches(X, 8), TrainingTable({"train": X, "test": X})
model = build_autoencoder(4, [], 2).model
model.compile("sgd", "mean_squared_error")
history = model.fit(batches, epochs=2, verbose=0, callbacks=[table])
"""
HEAD = "epoch    train     test"


def test_a_script_prints_the_table_once():
    """Without IPython there is no line that moves, and no error: the finished table is printed."""
    lines = run_python(FIT).splitlines()
    assert lines[0] == HEAD
    assert [line.split()[0] for line in lines[1:]] == ["1", "2"]


INTERRUPTED = """
import keras
class Interrupt(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 2:
            raise KeyboardInterrupt
history = model.fit(batches, epochs=50, verbose=0, callbacks=[table, Interrupt()])
"""


class RecordingClient(NotebookClient):
    """A client that remembers what each cell was sent to display."""

    def process_message(self, msg, cell, cell_index):
        """Note displays and their updates as (cell, kind, display's id, text)."""
        if msg["msg_type"] in ("display_data", "update_display_data"):
            content = msg["content"]
            shown = (cell_index, msg["msg_type"], content["transient"]["display_id"], content["data"]["text/plain"])
            self.seen = [*getattr(self, "seen", []), shown]
        return super().process_message(msg, cell, cell_index)


def test_a_notebook_shows_one_moving_line():
    """A fit is one display, updated in each epoch; the line of an interrupted fit goes when the next one begins."""
    again = "history = model.fit(batches, epochs=2, verbose=0, callbacks=[table])"
    cells = [nbformat.v4.new_code_cell(code) for code in (FIT, INTERRUPTED, again)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    client = RecordingClient(notebook, kernel_name="python3", allow_errors=True)
    client.execute(cwd=str(ROOT))
    said = [[], [], []]
    for cell, _, _, text in client.seen:
        line = text.splitlines()[-1] if text else ""
        if line.startswith("epoch ") and " of " in line:
            said[cell].append(line)
    epochs = [list(dict.fromkeys(line.partition(",")[0] for line in lines)) for lines in said]
    assert epochs[0] == ["epoch 1 of 2", "epoch 2 of 2"]
    assert epochs[1] == ["epoch 3 of 52", "epoch 4 of 52", "epoch 5 of 52"]
    assert epochs[2] == ["epoch 5 of 6", "epoch 6 of 6"]
    assert said[0][0] == "epoch 1 of 2, step 0 of 2"
    for cell, n_rows in enumerate([2, 4, 6]):
        ids = {name for i, kind, name, _ in client.seen if i == cell and kind == "display_data"}
        assert len(ids) == 1
        (shown,) = [output for output in cells[cell].outputs if output.output_type == "display_data"]
        note, head, *lines = ([""] if cell == 0 else []) + shown.data["text/plain"].splitlines()
        assert (note, head) == (["", "goes on after epoch 2", "goes on after epoch 4"][cell], HEAD)
        assert [int(line.split()[0]) for line in lines] == list(range(1, n_rows + 1))
    assert "html" not in str(cells[0].outputs), "the moving curve is not stored"
    (stopped,) = [output.text for output in cells[1].outputs if output.output_type == "stream"]
    assert stopped.startswith("Stopped in epoch 5; the net keeps what it has learnt.")
    assert not [output for output in cells[1].outputs if output.output_type == "error"], "no traceback"


OWN_LOOP = """
import time
from course_utils.training import with_progress
for step in with_progress(range(1, 31)):
    time.sleep(0.1)
    if step == {last}:
        raise KeyboardInterrupt
"""


@pytest.mark.parametrize("last", [20, 99])
def test_a_loop_of_ones_own_has_a_moving_line(last):
    """It says the step and the time left; an interrupt ends in a sentence, the end leaves nothing."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(OWN_LOOP.format(last=last))])
    client = RecordingClient(notebook, kernel_name="python3", allow_errors=True)
    client.execute(cwd=str(ROOT))
    texts = [text for *_, text in client.seen]
    assert len([text for text in texts if re.fullmatch(r"step \d+ of 30(, about \d+ s left)?", text)]) > 1
    assert any(" s left" in text for text in texts)
    outputs = notebook.cells[0].outputs
    if last == 99:
        assert texts[-1] == ""
        assert len(outputs) == 1
    else:
        assert outputs[-1].text.startswith("Stopped at step 20;")


def test_a_film_of_several_steps_at_a_time(rng):
    """With `steps_per_execution`, frames are taken between two executions, and named by the steps before them."""
    X = rng.random((64, 4)).astype("float32")
    net = ae.build_autoencoder(4, [], 2)
    net.model.compile("sgd", "mean_squared_error", steps_per_execution=4)
    recorder = FilmRecorder(X, net.encoder, net.decoder)
    net.model.fit(training.ReconstructionBatches(X, 8), epochs=3, verbose=0, callbacks=[recorder])
    assert recorder.steps == [0, 4, 8, 12, 16, 20, 24]
    assert recorder.steps_per_epoch == 8
