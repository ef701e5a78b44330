"""A real browser, a real JupyterLab and a page of the book for the tests of this folder."""

import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import nbclient
import nbformat
import numpy as np
import pytest
from _page import page_of
from ipywidgets.embed import embed_data

from course_utils import (
    PCA,
    ComponentMixer,
    Film,
    FilmRecorder,
    FrameSlider,
    LatentExplorer,
    Playground,
    build_autoencoder,
    load_mnist,
    make_two_gaussians,
)
from course_utils.book.widgets import STATE
from course_utils.notebooks import hosted
from course_utils.notebooks.sources import lesson_paths, read_lesson, set_parameter

sync_api = pytest.importorskip("playwright.sync_api", reason="`make test-browser` installs Playwright")

sync_api.expect.set_options(timeout=60_000)  # a busy machine takes longer than the five seconds of the default

ROOT = pathlib.Path(__file__).parents[2]
BUILD = ROOT / "build"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")  # JupyterLab minds when a file that is open changes
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
IN_THE_KERNEL = """
# What the test reads: the kernel's own values, told by observe, and a code set from Python.
import ipywidgets
import traitlets

seen, drawn, button = ipywidgets.Label(), ipywidgets.Label(), ipywidgets.Button(description="Move from Python")
traitlets.dlink((explorer, "code"), (seen, "value"), lambda code: f"kernel: {code[0]:.4f} {code[1]:.4f}")
button.on_click(lambda _: setattr(explorer, "code", (5.0, 5.0)))
about = lambda image: "no drawing" if image is None else f"drawing {image.shape} {image.dtype}, ink {image.sum():.1f}"
traitlets.dlink((explorer, "drawing"), (drawn, "value"), about)
ipywidgets.VBox([seen, drawn, button])
"""


def cells_up_to(number, tag):
    """Return a lesson as a notebook without outputs that ends with its cell of this tag."""
    (source,) = lesson_paths([number])
    notebook = read_lesson(source)
    at = next(i for i, cell in enumerate(notebook.cells) if tag in cell.metadata.get("tags", ()))
    notebook.cells = [cell for cell in notebook.cells[: at + 1] if hosted.TAG not in cell.metadata.get("tags", ())]
    notebook.metadata.pop("jupytext", None)  # a copy has no text beside it
    return notebook


def write_copy(notebook, name):
    """Write a notebook to where make lab's JupyterLab sees it; return its path."""
    path = BUILD / "browser" / WORKER / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


@pytest.fixture(scope="session")
def lesson():
    """Return lesson 5 up to its explorer, trained for a tenth of its time, and what lets tests see into the kernel."""
    notebook = cells_up_to("05", "explorer")
    assert set_parameter(notebook, "N_STEPS = 4_000", "N_STEPS = 400")
    notebook.cells.append(nbformat.v4.new_code_cell(IN_THE_KERNEL.strip()))
    return write_copy(notebook, "lesson")


@pytest.fixture(scope="session")
def measured():
    """Collect what the worker measures; it goes to build/measured at the end."""
    found = {}
    yield found
    folder = BUILD / "measured"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{WORKER}.json").write_text(json.dumps(found, indent=1) + "\n")


@pytest.fixture(scope="session")
def screens():
    """Return the folder of the screenshots."""
    folder = BUILD / "screens"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def browser():
    """Start the machine's Chromium, or the one that Playwright has downloaded."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_api.sync_playwright() as playwright:
        if found is None and not os.path.exists(playwright.chromium.executable_path):
            pytest.fail("No Chromium: install it (apt, brew), or run `python -m playwright install chromium`.")
        running = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def page_file(lesson, tmp_path_factory):
    """Execute the lesson without a browser, and make a page of the book of it."""
    notebook = nbformat.read(lesson, as_version=4)
    client = nbclient.NotebookClient(notebook, timeout=900, resources={"metadata": {"path": str(lesson.parent)}})
    client.execute()
    notebook.cells.pop()  # the reader of the page needs no window into the kernel
    for cell in notebook.cells:  # the page stands alone: there is nothing that it could link
        cell.source = re.sub(r"\[([^]]+)\]\([\w/]+\.ipynb\)", r"\1", cell.source)
    return page_of(notebook, tmp_path_factory.mktemp("lesson"))


@pytest.fixture(scope="session")
def two_views(tmp_path_factory):
    """Make a page that shows one explorer in two cells, without a kernel."""
    rng = np.random.default_rng(0)
    layers = [(rng.normal(size=(2, 16)), None, "tanh"), (rng.normal(size=(16, 64)), None, "sigmoid")]
    explorer = LatentExplorer(layers, rng.normal(size=(10_000, 2)), rng.integers(0, 10, 10_000), (8, 8))
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": explorer.model_id}}
    new = nbformat.v4
    cells = [new.new_code_cell("explorer", outputs=[new.new_output("display_data", data=view)]) for _ in range(2)]
    state = embed_data(views=[explorer], drop_defaults=False)["manager_state"]
    notebook = new.new_notebook(cells=cells, metadata={"widgets": {STATE: state}})
    return page_of(notebook, tmp_path_factory.mktemp("two"))


def record(X, net, epochs):
    """Return a recorder after a short training."""
    recorder = FilmRecorder(X[:: len(X) // 300], net.encoder, net.decoder)
    net.model.compile("adam", "mean_squared_error")
    net.model.fit(X, X, batch_size=128, epochs=epochs, verbose=0, callbacks=[recorder])
    return recorder


@pytest.fixture(scope="session")
def moments(tmp_path_factory):
    """Make a page of a curve, a map, a mixer with an autoencoder, frames and a playground, without a kernel."""
    data = load_mnist()
    X, _ = make_two_gaussians(seed=0)
    curve = build_autoencoder(2, [20, 20], 1, activation="relu", output_activation="linear")
    net = build_autoencoder(784, [64], 2)
    images = data.X_train[:2000]
    pca = PCA(n_components=64).fit(images)
    levels = np.linspace(0, 1, 11).round(1)
    rng = np.random.default_rng(0)
    noisy = [np.clip(data.X_test[:10] + level * rng.standard_normal((10, 784)), 0, 1) for level in levels]
    shown = [
        Film(record(X, curve, 12), pca_mse=0.31),
        Film(record(images, net, 8), labels=data.y_train[:2000:6]),
        ComponentMixer(pca, data.X_test[:10], data.y_test[:10], (28, 28), encoder=net.encoder, decoder=net.decoder),
        FrameSlider({"noisy": noisy, "cleaned": noisy}, (28, 28), levels, "noise"),
        Playground(),
    ]
    view = "application/vnd.jupyter.widget-view+json"
    new = nbformat.v4
    cells = [
        new.new_code_cell("w", outputs=[new.new_output("display_data", data={view: {"model_id": widget.model_id}})])
        for widget in shown
    ]
    state = embed_data(views=shown, drop_defaults=False)["manager_state"]
    notebook = new.new_notebook(cells=cells, metadata={"widgets": {STATE: state}})
    return page_of(notebook, tmp_path_factory.mktemp("moments"))


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """Start JupyterLab as `make lab` does, with settings of its own; return a function from notebook to address."""
    settings = tmp_path_factory.mktemp("settings")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {
        "ServerApp.root_dir": ROOT,
        "ServerApp.port": port,
        "IdentityProvider.token": "course",
    }
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")
    environment = os.environ | {name: str(settings / name) for name in names}
    quiet = settings / names[2] / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    quiet.parent.mkdir(parents=True)
    quiet.write_text('{"fetchNews": "false", "checkForUpdates": false}')  # nothing to click away, no network
    command = [sys.executable, "-m", "course_utils", "lab", "--no-browser"]
    command += [f"--{name}={value}" for name, value in options.items()]
    with open(settings / "lab.log", "w") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
    url = f"http://127.0.0.1:{port}"
    _wait_for(f"{url}/api?token=course", process, settings / "lab.log")
    yield lambda path: f"{url}/lab/tree/{path.relative_to(ROOT).as_posix()}?token=course&reset"
    os.killpg(process.pid, signal.SIGTERM)  # the server and its kernels
    process.wait(timeout=60)


def _wait_for(url, process, log, seconds=120):
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.5)
    pytest.fail(f"JupyterLab did not answer within {seconds} s:\n{log.read_text()[-2000:]}")
