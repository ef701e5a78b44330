"""What every test gets: a quiet TensorFlow, figures without a window, a seeded generator, closed figures."""

import os
import sys

# Before anything imports TensorFlow; the kernels that tests start inherit it.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

import matplotlib
import numpy as np
import pytest
from hypothesis import settings

# Not through MPLBACKEND: a lesson's kernel would inherit it and show no figure.
matplotlib.use("Agg")

# A test that passes on one machine must pass on a slower one: no deadline, the same examples everywhere.
settings.register_profile("course", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("course")

# Files that take two minutes or more on a slow machine
LONG = {"test_questions.py", "test_grade.py", "test_setup.py", "test_training.py", "test_exercises.py"}


def pytest_collection_modifyitems(items):
    """Put long files first: two workers end together with short ones, and neither waits for the other's long one."""
    items.sort(key=lambda item: item.path.name not in LONG)


@pytest.fixture
def rng():
    """Return a generator that starts from the same seed in every test."""
    return np.random.default_rng(20)


@pytest.fixture(autouse=True)
def close_figures():
    """Close what a test has drawn, where it has drawn at all."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
