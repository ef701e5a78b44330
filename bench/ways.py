"""The ways to do a piece of work that the bench compares: `python -m bench.ways NAME` does one, in this process.

It prints one line of JSON: the seconds that the work took, without imports, data and compiling where these are not the
work, and the MB that it took on top of what was there. With `--small` it works on 2,000 random images.
"""

import argparse
import ast
import contextlib
import functools
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "bench"
SOURCES = ROOT / "notebooks" / "source"
LAYERS = (784, 512, 128, 2, 128, 512, 784)  # lesson 3's net
BATCH = 128
GRADED = "01"  # the lesson whose solved exercises are graded
WAYS = {}


def way(*names):
    """Register a function that prepares the work and returns it, to be timed; work that times itself returns seconds.

    Its name is that of the way; where one function serves several, it is given theirs as the first argument.
    """

    def register(function):
        for name in names or (function.__name__,):
            WAYS[name.replace("_", "-")] = function if not names else functools.partial(function, name)
        return function

    return register


# PCA with two components, from the images to the error


def _images(small):
    if small:
        import numpy as np

        return np.random.default_rng(0).random((2_000, 784), dtype="float32")
    from course_utils import load_mnist

    return load_mnist().X_train


@way()
def pca_course(small):
    """As lesson 2 does."""
    from course_utils import PCA
    from course_utils.metrics import pca_error_curve

    X = _images(small)

    def work():
        pca_error_curve(PCA(n_components=2).fit(X), X)

    return work


@way()
def pca_scikit_learn(small):
    """As scikit-learn's users do."""
    from sklearn.decomposition import PCA

    from course_utils import reconstruction_mse

    X = _images(small)

    def work():
        pca = PCA(n_components=2).fit(X)
        reconstruction_mse(X, pca.inverse_transform(pca.transform(X)))

    return work


@way()
def pca_all_vectors(small):
    """As the text that this course grew from did: decompose all images, then keep two of the vectors."""
    import numpy as np

    X = _images(small)

    def work():
        mean = X.mean(axis=0)
        U, s, Vt = np.linalg.svd(X - mean, full_matrices=False)
        np.mean(np.square(X - ((U[:, :2] * s[:2]) @ Vt[:2] + mean)))

    return work


@way()
def pca_product(small):
    """Only the product of the images with themselves, below which no covariance can go."""
    X = _images(small)

    def work():
        X.T @ X

    return work


@way("times_1", "times_4", "times_8")
def pca_from_a_file(name, small):
    """PCA of so many times the images, from a memory map."""
    import numpy as np

    from course_utils import PCA

    X = _images(small)
    path, copies = BUILD / f"{name}.npy", int(name.split("_")[1])
    file = np.lib.format.open_memmap(path, mode="w+", dtype=X.dtype, shape=(copies * len(X), X.shape[1]))
    for copy in range(copies):
        file[copy * len(X) : (copy + 1) * len(X)] = X
    file.flush()
    del file
    mapped = np.load(path, mmap_mode="r")
    path.unlink()  # the map keeps it

    def work():
        PCA(n_components=2).fit(mapped)

    return work


# An epoch of lesson 3's net


def _net():
    import keras

    from course_utils import build_autoencoder

    middle = LAYERS[1:3]
    net = build_autoencoder(784, list(middle), 2, activation="elu", output_activation="sigmoid").model
    return keras, net


def _second_epoch(keras, net, *data, **options):
    # the first one compiles
    ends = []
    clock = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: ends.append(time.perf_counter()))
    net.fit(*data, epochs=2, verbose=0, callbacks=[clock], **options)
    return ends[1] - ends[0]


@way()
def epoch_course(small):
    """As lesson 3 does."""
    from course_utils import ReconstructionBatches

    X = _images(small)
    keras, net = _net()
    net.compile(optimizer=keras.optimizers.Adam(), loss="mean_squared_error", steps_per_execution=20)
    return lambda: _second_epoch(keras, net, ReconstructionBatches(X, batch_size=BATCH, seed=0))


@way()
def epoch_fit(small):
    """As Keras's users do: `fit(X, X)`."""
    X = _images(small)
    keras, net = _net()
    net.compile(optimizer=keras.optimizers.Adam(), loss="mean_squared_error")
    return lambda: _second_epoch(keras, net, X, X, batch_size=BATCH)


@way()
def epoch_products(small):
    """Only the epoch's matrix products, in NumPy: forward, for the weights' slopes, and for the units'."""
    import numpy as np

    X = _images(small)
    rng = np.random.default_rng(0)
    kernels = [rng.normal(0, 0.05, shape).astype("float32") for shape in itertools.pairwise(LAYERS)]

    def work():
        for start in range(0, len(X) - BATCH + 1, BATCH):
            values = [X[start : start + BATCH]]
            for kernel in kernels:
                values.append(values[-1] @ kernel)
            slopes = values.pop()
            for kernel in reversed(kernels):
                values.pop().T @ slopes
                if values:  # nobody asks for the slopes of the pixels
                    slopes = slopes @ kernel.T

    return work


# The imports of a lesson


@way()
def imports_lesson(small):
    """All of lesson 3."""
    tree = ast.parse(next(SOURCES.glob("03_*.py")).read_text("utf-8"))
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    code = compile(ast.Module(imports, []), "imports", "exec")
    return lambda: exec(code, {})


@way()
def imports_frameworks(small):
    """TensorFlow and Keras."""

    def work():
        import keras
        import tensorflow  # noqa: F401

        assert keras.backend.backend() == "tensorflow"

    return work


# The whole course


def _lessons(small):
    return sorted(SOURCES.glob("02_*.py" if small else "0*.py"))


@way()
def run_course(small):
    """`make run`, one notebook after another: the seconds of the lessons, from their first cell to their last."""

    def work():
        seconds = 0
        for path in _lessons(small):
            _call("run", "--lesson", path.name[:2])
            seconds += json.loads((ROOT / "build" / "run.json").read_text())["lessons"][path.stem]["seconds"]
        return seconds

    return work


@way()
def run_trainings(small):
    """The lessons' code as a script, without notebooks: the seconds of the cells that fit something."""

    def work():
        return sum(float(_call_python("-m", "bench.ways", "cells", str(path))) for path in _lessons(small))

    return work


def time_cells(path):
    """Return the seconds of a lesson's cells that call `fit`, or that report progress of a loop of their own."""
    import matplotlib as mpl

    mpl.use("Agg")
    seconds, names = 0.0, {"__name__": "lesson"}
    cells = re.split(r"^# %%.*$", Path(path).read_text("utf-8"), flags=re.MULTILINE)
    for cell in cells:
        code = compile(cell, str(path), "exec")
        start = time.perf_counter()
        exec(code, names)
        if re.search(r"\.fit\(|\bwith_progress\(", cell):
            seconds += time.perf_counter() - start
    return seconds


# Grading


def _solved():
    import nbformat

    path = next((ROOT / "notebooks" / "solutions").glob(f"{GRADED}_*.ipynb"))
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
    return path.name, notebook


@way()
def grade_course(small):
    """`python -m course_utils grade` of one solved notebook, with all walls."""
    import nbformat

    name, notebook = _solved()
    folder = BUILD / "class"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "handed-in" / "ann").mkdir(parents=True)
    nbformat.write(notebook, folder / "handed-in" / "ann" / name)
    return lambda: _call("grade", str(folder / "handed-in"), "-o", str(folder / "graded"))


@way()
def grade_nbclient(small):
    """Only the execution, by nbclient."""
    from nbclient import NotebookClient

    _, notebook = _solved()

    def work():
        NotebookClient(notebook, timeout=None, kernel_name="python3", resources={"metadata": {"path": BUILD}}).execute()

    return work


@way()
def grade_otter(small):
    """`otter run` of the same notebook with a test that passes, by the Python that OTTER names."""
    import nbformat

    name, notebook = _solved()
    folder = BUILD / "otter"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "tests").mkdir(parents=True)
    (folder / "tests" / "q1.py").write_text(
        'OK_FORMAT = True\ntest = {"name": "q1", "points": 1, "suites": [{"cases": [{"code": ">>> 1 + 1\\n2"}], '
        '"type": "doctest"}]}\n'
    )
    nbformat.write(notebook, folder / name)
    otter = os.environ["OTTER"]
    _checked([otter, "-m", "otter", "generate", "-t", "tests", "-o", "autograder.zip"], folder)

    def work():
        _checked([otter, "-m", "otter", "run", "-a", "autograder.zip", "-o", ".", name], folder)

    return work


# How a way runs


def _call(*arguments):
    _call_python("-m", "course_utils", *arguments)


def _call_python(*arguments):
    return _checked([sys.executable, *arguments], ROOT)


def _checked(command, folder):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


@contextlib.contextmanager
def memory_taken():
    """Watch this process meanwhile; the list that is given holds, at the end, the most MB above what it had before."""
    process, ended = psutil.Process(), threading.Event()

    def own():
        info = process.memory_info()
        return (info.rss - getattr(info, "shared", 0)) / 1e6  # without the pages of a file that is mapped

    def watch():
        while not ended.wait(0.002):
            most[0] = max(most[0], own() - before)

    before, most = own(), [0.0]
    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        ended.set()
        thread.join()


def measure(name, small, cores):
    """Do a way's work; return its seconds and the MB that it took."""
    if cores:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    work = WAYS[name](small)
    with memory_taken() as most:
        start = time.perf_counter()
        own = work()
        seconds = time.perf_counter() - start if own is None else own
    return {"seconds": seconds, "mb": most[0]}


def main():
    """Do what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=[*WAYS, "cells"])
    parser.add_argument("path", nargs="?")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--cores", type=int)
    options = parser.parse_args()
    BUILD.mkdir(parents=True, exist_ok=True)
    if options.name == "cells":
        with contextlib.redirect_stdout(sys.stderr):
            seconds = time_cells(options.path)
        print(seconds)
    else:
        print(json.dumps(measure(options.name, options.small, options.cores)))


if __name__ == "__main__":
    main()
