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
# # Appendix to lesson 2: four ways to PCA
#
# **Which way to the first two components is fastest, and which takes the least memory?**
#
# This appendix to [MNIST by PCA](../02_mnist_pca.ipynb) computes the same plane four times. It ends with three numbers by
# which you can check a PCA of your own.
#
# *About 0.5 minutes on one core; 0.5 GB of memory.*

# %% [markdown]
# ## Setup

# %%
import numpy as np
import scipy.linalg
import scipy.sparse.linalg
import sklearn.decomposition

from course_utils import PCA, came_out, check_result, load_mnist, predict
from course_utils import principal_angles, report
from course_utils.metrics import time_and_memory

SEED = 0
data = load_mnist()
X_10k = data.X_train[:10_000]

# %% [markdown]
# ## Four functions
#
# The full SVD computes all 784 components, of which we want two. There are cheaper ways. Each function returns the first
# two components as rows.


# %%
def full_svd(X):
    U, s, Vt = scipy.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    return Vt[:2]


def truncated_svd(X):
    centred = X - X.mean(axis=0)
    U, s, Vt = scipy.sparse.linalg.svds(centred, k=2, random_state=SEED)
    return Vt


def covariance(X):
    centred = X - X.mean(axis=0)
    variances, V = np.linalg.eigh(centred.T @ centred / (len(X) - 1))  # (784, 784)
    return V[:, -2:].T  # ascending: the last two columns


def scikit_learn(X):
    solver = {"svd_solver": "randomized", "random_state": SEED}
    return sklearn.decomposition.PCA(2, **solver).fit(X).components_


# %% [markdown]
# > **Predict first.** Which is fastest, and which takes the most memory?

# %%
ways = ["full_svd", "truncated_svd", "covariance", "scikit_learn"]
predict("02.four_ways.fastest", "Which way is fastest?", ways)
predict("02.four_ways.largest", "Which way takes the most memory?", ways)

# %% [markdown]
# `time_and_memory` calls a function and watches it.

# %%
planes, times, memory, angles = [], {}, {}, []
for method in (full_svd, truncated_svd, covariance, scikit_learn):
    name = method.__name__
    components, times[name], memory[name] = time_and_memory(method, X_10k)
    planes.append(components)
    angles.append(principal_angles(components, planes[0])[0])
    cost = f"{times[name]:6.2f} s  {memory[name]:5.0f} MB"
    print(f"{name:<14} {cost}  largest angle {angles[-1]:.4f} degrees")
check_result("02.four_ways.largest_angle", max(angles), data.name)
came_out("02.four_ways.fastest", min(times, key=times.get))
came_out("02.four_ways.largest", max(memory, key=memory.get))

# %% [markdown]
# All four find the same plane, to a small part of a degree. The full SVD takes longest and needs most memory. The order
# of the other three depends on the machine, and may change from run to run.
#
# They differ in what else they give. The truncated SVD and scikit-learn's *randomized* solver, which first projects on a
# few random directions, were asked for two components only, and want all centred images at once. The covariance gives
# all components and can be summed up in parts. It is what `course_utils.PCA` takes for all 60,000 images.
#
# ## Three numbers to check yours by
#
# Here are the first scores of the first three train images, by the PCA of all train images.

# %%
scores = PCA(n_components=1).fit(data.X_train).transform(data.X_train[:3])[:, 0]
print("first score of the first three images:", scores.round(3))
for i, score in enumerate(scores, start=1):
    check_result(f"02.first_score_{i}", abs(score), data.name)

# %% [markdown]
# On MNIST they are 0.486<!-- 02.first_score_1 -->, 3.968<!-- 02.first_score_2 --> and, with the opposite sign,
# 0.203<!-- 02.first_score_3 -->, as Amoeba (2017)<!-- cite: amoeba2017 --> published them. The overall sign is arbitrary.
# If you implement PCA elsewhere, these numbers tell you whether your first component is right.

# %%
report()

# %% [markdown]
# **Back** to [lesson 2](../02_mnist_pca.ipynb), or on to [lesson 3](../03_autoencoder.ipynb). Shut this kernel down first
# (*Kernel > Shut Down Kernel*).
