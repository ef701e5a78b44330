"""Helpers of the course on PCA and autoencoders; each name is imported on first use."""

import importlib
import os

from course_utils._isolation import keep_keras_own

# TensorFlow reads both when it is imported. Its C++ log lines would end up in the lessons' outputs.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
keep_keras_own()  # which Keras reads when it is imported

MODULES = {
    "Dataset": "datasets",
    "load_mnist": "datasets",
    "load_digits28": "datasets",
    "make_two_gaussians": "datasets",
    "PCA": "pca",
    "Autoencoder": "autoencoder",
    "build_autoencoder": "autoencoder",
    "ReconstructionBatches": "training",
    "TrainingTable": "training",
    "FilmRecorder": "recording",
    "in_batches": "training",
    "with_progress": "training",
    "reconstruction_mse": "metrics",
    "principal_angles": "metrics",
    "equivalent_n_components": "metrics",
    "LatentExplorer": "widgets.explorer",
    "LineExplorer": "widgets.line",
    "Film": "widgets.film",
    "ComponentMixer": "widgets.components",
    "FrameSlider": "widgets.frames",
    "Playground": "widgets.playground",
    "predict": "widgets.prediction",
    "came_out": "widgets.prediction",
    "check": "questions",
    "hint": "questions",
    "solution": "questions",
    "progress": "questions",
    "check_result": "results",
    "report": "results",
}

__all__ = sorted(MODULES)


def __getattr__(name):
    if name not in MODULES:
        raise AttributeError(f"module 'course_utils' has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(importlib.import_module(f"course_utils.{MODULES[name]}"), name)


def __dir__():
    return __all__
