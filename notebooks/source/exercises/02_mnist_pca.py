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
# # Exercises to lesson 2
#
# Three exercises to [MNIST by PCA](../02_mnist_pca.ipynb). Each has a cell to work in, a solution that runs, and an
# answer. Both are folded away: click the line that ends in three dots (and once more for its output), or *Answer*; but
# first write down what you expect. You need not run the lesson first.
#
# *About 1 minute on one core; 0.8 GB of memory.*

# %% [markdown]
# ## Setup

# %%
from course_utils import PCA, check_result, load_mnist, principal_angles, reconstruction_mse, report
from course_utils.metrics import pca_error_curve
from course_utils.plotting import plot_components, set_style

import matplotlib.pyplot as plt
import numpy as np

set_style()

# %%
data = load_mnist()
X_train, X_test = data.X_train, data.X_test

# %% [markdown]
# ## 1. Half, and half again
#
# How many components does PCA need to leave less than 0.01 on test, and how many for half of that?
# `pca_error_curve(pca, X)` gives the error for 1, 2, 3, ... components.

# %%
# your turn

# %% tags=["solution"]
pca = PCA(n_components=130).fit(X_train)
curve = pca_error_curve(pca, X_test)
for error in (0.04, 0.02, 0.01, 0.005):
    needed = int(np.argmax(curve < error)) + 1
    check_result(f"02.ex.components_for_{str(error)[2:]}", needed, data.name)

# %% [markdown]
# <details><summary>Answer</summary>
#
# On MNIST 58<!-- 02.ex.components_for_01 --> and 111<!-- 02.ex.components_for_005 -->; for 0.04 it takes
# 7<!-- 02.ex.components_for_04 -->, for 0.02 26<!-- 02.ex.components_for_02 -->: each halving costs more than the one before.
#
# </details>

# %% [markdown]
# ## 2. No component at all
#
# What does the total variance per pixel, `X_train.var(axis=0).mean()`, have to do with the error for $k = 0$?

# %%
# your turn

# %% tags=["solution"]
variance = X_train.var(axis=0, dtype=np.float64).mean()
mean_image = np.broadcast_to(X_train.mean(axis=0), X_train.shape)  # the mean image for everyone, without a copy
check_result("02.ex.variance_per_pixel", variance, data.name)
print(f"error for k = 0: {reconstruction_mse(X_train, mean_image):.5f}, variance per pixel: {variance:.5f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# They are equal, 0.0673<!-- 02.ex.variance_per_pixel --> on MNIST. With no component every image is reconstructed by the
# mean, and the error is the variance per pixel.
#
# </details>

# %% [markdown]
# ## 3. Mirrored images
#
# Mirror every image at its diagonal: `X.reshape(-1, 28, 28).transpose(0, 2, 1).reshape(-1, 784)`. What happens to the
# components, and what to the errors?

# %%
# your turn


# %% tags=["solution"]
def mirrored(X):
    return X.reshape(-1, 28, 28).transpose(0, 2, 1).reshape(-1, 784)


of_mirrored = PCA(n_components=9).fit(mirrored(X_train))
error = reconstruction_mse(mirrored(X_test), of_mirrored.inverse_transform(of_mirrored.transform(mirrored(X_test))))
print(f"error of nine components: {curve[8]:.5f}, of mirrored images {error:.5f}")
angles = principal_angles(of_mirrored.components_, mirrored(pca.components_[:9]))
check_result("02.ex.mirrored.largest_angle", angles[0], data.name)

# %% tags=["solution"] alt="Two rows of four components as red and blue images: below each, the same one mirrored at the diagonal."
fig, axes = plt.subplots(2, 4, figsize=(7, 4))
components = np.concatenate([pca.components_[:4], of_mirrored.components_[:4]])
names = [f"{i}{of}" for of in ("", ", mirrored images") for i in range(1, 5)]
plot_components(components, data.image_shape, names, axes=axes)
plt.show()

# %% [markdown]
# <details><summary>Answer</summary>
#
# The components are mirrored in the same way, and no error changes: PCA treats the pixels as a list, it does not know
# that they are neighbours. A convolutional network does.
#
# </details>

# %% tags=["solution"]
report()

# %% [markdown]
# **Back** to [lesson 2](../02_mnist_pca.ipynb), or on to [lesson 3](../03_autoencoder.ipynb). Shut this kernel down
# first (*Kernel > Shut Down Kernel*).
