"""Helpers of the course on PCA and autoencoders; each name is imported on first use."""

import importlib

_MODULES = {
    "Dataset": "datasets",
    "load_mnist": "datasets",
    "load_digits28": "datasets",
    "make_two_gaussians": "datasets",
    "PCA": "pca",
    "Autoencoder": "autoencoder",
    "ReconstructionBatches": "autoencoder",
    "TrainingTable": "autoencoder",
    "build_autoencoder": "autoencoder",
    "reconstruction_mse": "metrics",
    "principal_angles": "metrics",
    "equivalent_n_components": "metrics",
    "LatentExplorer": "explorer",
    "check_result": "results",
    "report": "results",
}

__all__ = sorted(_MODULES)


def __getattr__(name):
    if name not in _MODULES:
        raise AttributeError(f"module 'course_utils' has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(importlib.import_module(f"course_utils.{_MODULES[name]}"), name)


def __dir__():
    return __all__
