"""A real browser, a real JupyterLab and an exported page for the tests of this folder."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import nbclient
import nbformat
import pytest

from course_utils._export import export_html

sync_api = pytest.importorskip("playwright.sync_api", reason="`make test-browser` installs Playwright")

ROOT = pathlib.Path(__file__).parents[2]
BUILD = ROOT / "build"
LESSON = ROOT / "notebooks" / "05_latent_manifold.ipynb"  # its cell tagged 'explorer' makes `explorer`
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync"
).split()
SMALL_DECODER = """
import numpy as np
from scipy.ndimage import zoom
from sklearn.datasets import load_digits

from course_utils import PCA, LatentExplorer

digits = load_digits()
kept = np.isin(digits.target, [1, 5, 6])
images = zoom(digits.images[kept] / 16, (1, 3.5, 3.5), order=1).reshape(kept.sum(), 784)
pca = PCA(2).fit(images)
codes = pca.transform(images)
rng = np.random.default_rng(0)
layers, h = [], codes
for n_in, n_out in ((2, 300), (300, 500)):
    layers.append((rng.normal(0, 0.7 / n_in**0.5, (n_in, n_out)), rng.normal(0, 0.5, n_out), "tanh"))
    h = np.tanh(h @ layers[-1][0] + layers[-1][1])
last = np.linalg.solve(h.T @ h + np.eye(500), h.T @ images)
layers.append((last, None, "linear"))
"""


def small_notebook():
    """Return a notebook whose decoder has lesson 5's size and is fitted in a second."""
    new = nbformat.v4
    tag = {"tags": ["explorer"]}
    source = "explorer = LatentExplorer(layers, codes, digits.target[kept], (28, 28))\nexplorer"
    return new.new_notebook(
        cells=[
            new.new_markdown_cell("# Latent explorer\n\nThe code $z = f(x)$ and $$\\hat x = g(z).$$"),
            new.new_code_cell(SMALL_DECODER.strip()),
            new.new_code_cell(source, metadata=tag),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )


@pytest.fixture(scope="session")
def lesson(tmp_path_factory):
    """Return the path of a copy of lesson 5, or of the small notebook where lesson 5 is not there."""
    folder = tmp_path_factory.mktemp("lab")
    path = folder / "lesson.ipynb"
    if LESSON.exists():
        shutil.copy(LESSON, path)
    else:
        nbformat.write(small_notebook(), path)
    return path
