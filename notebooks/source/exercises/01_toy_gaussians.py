# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises to lesson 1
#
# Three exercises to [Toy Gaussians](../01_toy_gaussians.ipynb). Each has a cell to work in; write
# down first what you expect. Code and answers are in the [solutions](../../notebooks/solutions/01_toy_gaussians.ipynb). You need not
# run the lesson first.
#
# *About 1 minute on one core; 0.7 GB of memory.*

# %% [markdown]
# ## Setup

# %%
from course_utils import PCA, build_autoencoder, check_result, make_two_gaussians, report

import keras
import numpy as np

SEED = 0
keras.utils.set_random_seed(SEED)
X, _ = make_two_gaussians(seed=SEED)
X_fresh, _ = make_two_gaussians(seed=SEED + 1000)


def mean_squared_error(X, reconstruction):
    return np.mean((X - reconstruction) ** 2)


# %% [markdown]
# ## 1. Further from the origin
#
# Trap 1 of the lesson forgot to centre data around (3, 3), and its error rose. Shift the data further, by 30 and by 300.
# What does the uncentred error tend to, and why does it stop growing?

# %% tags=["starter"]
# your turn


# %% tags=["solution"]
def uncentred_error(X):
    _, V = np.linalg.eigh(X.T @ X / len(X))  # the trap: no mean
    v = V[:, -1:]
    return mean_squared_error(X, X @ v @ v.T)


for shift in (3, 30, 300):
    print(f"shifted by {shift}: {uncentred_error(X + shift):.4f}")
across = np.array([1, -1]) / np.sqrt(2)  # across the direction from the origin to the data
check_result("01.ex.uncentred.limit", np.var(X @ across) / 2, "gaussians")
check_result("01.ex.uncentred.far_over_limit", uncentred_error(X + 300) / (np.var(X @ across) / 2), "gaussians")

# %% [markdown] tags=["solution"]
# <details><summary>Answer</summary>
#
# It tends to half the variance *across* the direction from the origin to the data, here the direction (1, 1): about
# 0.40<!-- 01.ex.uncentred.limit -->. Once the first direction points exactly there, moving further changes nothing.
#
# </details>

# %% [markdown]
# ## 2. No bends
#
# Build the autoencoder with `"linear"` instead of `"relu"` everywhere and train it. Which error do you expect on the
# training points, why can it not be smaller than PCA's, and does that hold on fresh data?

# %% tags=["starter"]
# your turn

# %% tags=["solution"]
linear = build_autoencoder(2, [20, 20], 1, activation="linear", output_activation="linear").model
linear.compile("adam", "mean_squared_error")
linear.fit(X, X, epochs=200, batch_size=128, verbose=0)
pca = PCA(n_components=1).fit(X)
ratio = {}
for name, points in (("train", X), ("fresh", X_fresh)):
    pca_error = mean_squared_error(points, pca.inverse_transform(pca.transform(points)))
    ratio[name] = linear.evaluate(points, points, verbose=0) / pca_error
    print(f"{name}: error of the linear net over PCA's {ratio[name]:.5f}")
check_result("01.ex.linear_over_pca", ratio["train"], "gaussians")

# %% [markdown] tags=["solution"]
# <details><summary>Answer</summary>
#
# PCA's, or a hair more. A composition of linear maps (with biases) is again one, its reconstructions lie on a straight
# line, and PCA's line is the best of all lines *for the points it was fitted to*. On fresh points another line may win by a
# hair. Lesson 4 is about this.
#
# </details>

# %% [markdown]
# ## 3. A bottleneck of two
#
# Keep two numbers of two. Which error do you expect from PCA with $k = 2$, and which from the autoencoder of the lesson
# with two units in its bottleneck?

# %% tags=["starter"]
# your turn

# %% tags=["solution"]
pca_2 = PCA(n_components=2).fit(X)
print("PCA", mean_squared_error(X_fresh, pca_2.inverse_transform(pca_2.transform(X_fresh))))
two_units = build_autoencoder(2, [20, 20], 2, activation="relu", output_activation="linear").model
two_units.compile("adam", "mean_squared_error")
two_units.fit(X, X, epochs=200, batch_size=128, verbose=0)
check_result("01.ex.two_units.fresh_error", two_units.evaluate(X_fresh, X_fresh, verbose=0), "gaussians")

# %% [markdown] tags=["solution"]
# <details><summary>Answer</summary>
#
# PCA with $k = 2$ of two dimensions loses nothing: 0, but for rounding. The autoencoder could reach 0 too, but only
# approaches it: its relu pieces have to be put together to the identity by training.
#
# </details>

# %% tags=["solution"]
report()

# %% [markdown]
# **Back** to [lesson 1](../01_toy_gaussians.ipynb), or on to [lesson 2](../02_mnist_pca.ipynb). Shut this kernel down
# first (*Kernel > Shut Down Kernel*).
