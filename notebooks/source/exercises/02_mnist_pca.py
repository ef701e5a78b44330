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
# # Exercises for lesson 2
#
# Six questions on [MNIST by PCA](../02_mnist_pca.ipynb): two scores for each image, test on train's axes, a fault in a
# scree plot, an error predicted, shuffled pixels, and a challenge. They take about half an hour; you need not run the
# lesson first.
#
# Write your code where the three dots are, and run the cell below it: `check` says whether the answer is right, and
# if not, what to look at. Remove the leading `#` where you need help: `hint` gives the next of two or three hints,
# and `solution` shows code. All of it is also in the [solutions](../../notebooks/solutions/02_mnist_pca.ipynb).
#
# *About 0.5 minutes on one core; 0.8 GB of memory.*

# %% [markdown]
# ## Setup

# %%
from course_utils import PCA, load_mnist, reconstruction_mse
from course_utils import check, hint, progress, solution
from course_utils.plotting import plot_components, plot_reconstructions, set_style

import matplotlib.pyplot as plt
import numpy as np

SEED = 0
set_style()

# %% tags=["solution"]
from course_utils import check_result, principal_angles, report

# %%
data = load_mnist()
X_train, X_test = data.X_train, data.X_test
X = X_train[:1000]  # (1000, 784)

# %% [markdown]
# ## 1. Two scores for each image
#
# Compute the scores of the 1000 images `X` on their own first two components: an array with a row for each image and a
# column for each component. A column may have either sign. `PCA` does it in one line; try `np.linalg.svd` to see how.

# %% tags=["starter"] question="02.1"
answer_1 = ...

# %% tags=["solution"] question="02.1"
X_centred = X - X.mean(axis=0)  # (1000, 784), less the mean image
U, s, Vt = np.linalg.svd(X_centred, full_matrices=False)
answer_1 = U[:, :2] * s[:2]  # (1000, 2); X_centred @ Vt[:2].T is the same

# %%
check("02.1", answer_1)
# hint("02.1")
# solution("02.1")

# %% [markdown]
# ## 2. Test on train's axes
#
# Complete the function: it learns mean and components from the rows of `X_train`, and reconstructs the rows of `X`
# from `k` scores each. `check` will call it with points that are not images. They lie far from the origin, and the
# test points lie elsewhere than the train points.


# %% tags=["starter"] question="02.2"
def reconstruct(X_train, X, k):
    """Return the rows of X, encoded with k components of X_train and decoded."""
    return ...


answer_2 = reconstruct


# %% tags=["solution"] question="02.2"
def reconstruct(X_train, X, k):
    """Return the rows of X, encoded with k components of X_train and decoded."""
    mean = X_train.mean(axis=0)  # (d,), learnt from train
    components = np.linalg.svd(X_train - mean, full_matrices=False)[2][:k]  # (k, d)
    codes = (X - mean) @ components.T  # (n, d) -> (n, k)
    return codes @ components + mean  # (n, k) -> (n, d)


answer_2 = reconstruct

# %%
check("02.2", answer_2)
# hint("02.2")
# solution("02.2")

# %% [markdown]
# ## 3. Find the fault
#
# The function below should say how many components it takes to explain a `share` of the variance, above 0 and below 1. Read
# from the lesson's scree plot what it should say for nine tenths. Then see what it says for our 1000 images:


# %%
def components_for(X, share):
    """Return how many components explain at least this share of the variance of X."""
    centred = X - X.mean(axis=0)
    variances, V = np.linalg.eigh(centred.T @ centred / (len(X) - 1))
    explained = np.cumsum(variances) / variances.sum()
    return np.argmax(explained >= share) + 1


print("components for nine tenths:", components_for(X, 0.9))

# %% [markdown]
# One line is wrong, and no error message says so. Correct it; your function replaces the one above.


# %% tags=["starter"] question="02.3"
def components_for(X, share):
    """Return how many components explain at least this share of the variance of X."""
    centred = X - X.mean(axis=0)
    variances, V = np.linalg.eigh(centred.T @ centred / (len(X) - 1))
    explained = np.cumsum(variances) / variances.sum()
    return np.argmax(explained >= share) + 1


answer_3 = components_for


# %% tags=["solution"] question="02.3"
def components_for(X, share):
    """Return how many components explain at least this share of the variance of X."""
    centred = X - X.mean(axis=0)
    variances, V = np.linalg.eigh(centred.T @ centred / (len(X) - 1))
    explained = np.cumsum(variances[::-1]) / variances.sum()  # they ascend
    return np.argmax(explained >= share) + 1


answer_3 = components_for

# %% tags=["solution"]
check_result("02.ex.components_for_90", components_for(X, 0.9), data.name)

# %%
check("02.3", answer_3)
# hint("02.3")
# solution("02.3")

# %% [markdown] tags=["solution"]
# On MNIST it takes 76<!-- 02.ex.components_for_90 --> components for nine tenths of the variance of 1000 images, a
# little fewer than for all of train: it takes fewer directions to describe fewer images.

# %% [markdown]
# ## 4. Predict the error
#
# `variances` holds the variances of all components of the 1000 images, largest first, as `PCA` stores them: with the
# divisor $n-1$. From them, predict the mean squared error per pixel that 20 components leave on these images. Hand it over
# unrounded. Then reconstruct the images, if you like, and compare.

# %% tags=["starter"] question="02.4"
variances = PCA().fit(X).explained_variance_  # (784,)
answer_4 = ...

# %% tags=["solution"] question="02.4"
variances = PCA().fit(X).explained_variance_  # (784,)
n = len(X)
dropped = variances[20:].sum() * (n - 1) / n  # squared length lost, a mean over images
answer_4 = dropped / X.shape[1]  # per pixel

# %% tags=["solution"]
measured = reconstruction_mse(X, reconstruct(X, X, 20))
print(f"predicted: {answer_4:.6f}  reconstructed: {measured:.6f}")
check_result("02.ex.foretold_mse", answer_4, data.name)

# %%
check("02.4", answer_4)
# hint("02.4")
# solution("02.4")

# %% [markdown]
# ## 5. Shuffled pixels
#
# Draw one random order of the 784 pixels and put *all* images in that order: nobody can read them any more. Fit PCA with
# nine components to the first 10,000 train images as they are, and once more to the shuffled ones. Compare their errors
# on test images, and their first components. Before you run it: which of these do you expect, and which do you then see?
#
# - **a** The error rises: without neighbours there are no strokes, and strokes are what components describe.
# - **b** No error changes, and the components are the same ones with their pixels shuffled.
# - **c** No error changes, but the components are different ones: put back in order, they show no strokes.
# - **d** The error falls: shuffled pixels are less correlated, so each component explains more.

# %% tags=["starter"] question="02.5"
order = np.random.default_rng(SEED).permutation(784)
X_10k = X_train[:10_000]  # X_10k[:, order] is shuffled

answer_5 = ...  # a letter, such as "a"

# %% tags=["solution"] question="02.5"
order = np.random.default_rng(SEED).permutation(784)
X_10k = X_train[:10_000]
plain = PCA(n_components=9).fit(X_10k)
shuffled = PCA(n_components=9).fit(X_10k[:, order])
for pca, rows in ((plain, X_test), (shuffled, X_test[:, order])):
    error = reconstruction_mse(rows, pca.inverse_transform(pca.transform(rows)))
    print("error on test:", round(error, 4))
put_back = np.empty_like(shuffled.components_)
put_back[:, order] = shuffled.components_  # place j of a shuffled row is pixel order[j]
answer_5 = "b"

# %% tags=["solution"]
angle = principal_angles(plain.components_, put_back)[0]
check_result("02.ex.shuffled.largest_angle", angle, data.name)

# %% tags=["solution"] alt="Three rows of three components as red and blue images: strokes and rings of the plain images, noise of the shuffled ones, and below, put back in order, the same strokes and rings as above."
fig, axes = plt.subplots(3, 3, figsize=(5, 5.7))
rows = {
    "plain": plain.components_[:3],
    "shuffled": shuffled.components_[:3],
    "put back": put_back[:3],
}
names = [f"{name}, {i}" for name in rows for i in range(1, 4)]
components = np.concatenate(list(rows.values()))
plot_components(components, data.image_shape, names, axes=axes)
fig.suptitle("PCA does not see who is whose neighbour")
plt.show()

# %%
check("02.5", answer_5)
# hint("02.5")
# solution("02.5")

# %% [markdown] tags=["solution"]
# Shuffling pixels shuffles rows and columns of the covariance, so its eigenvectors are shuffled and its eigenvalues stay
# the same. PCA treats an image as a list of numbers: it does not know which of them are
# neighbours. Mirroring the images would not have shown that, because mirrored neighbours are still neighbours. A
# convolutional network looks at neighbours, and would notice.

# %% [markdown]
# ## 6. Challenge: the hidden half
#
# The lower halves of some test images, 392 pixels each, are lost. Write a function that draws them, given train
# images and the upper halves. The yardstick is the mean lower half of train, the same answer for every image: your
# squared error has to be at most **four fifths** of the yardstick's. `check` calls the function once, with 4000
# train images and 300 upper halves. To try it yourself, use `hidden_over_mean`. Use only the two arguments; any
# method is allowed, and PCA is one.


# %%
def hidden_over_mean(function):
    """Return the error of a function's lower halves over that of the mean half."""
    known, hidden = X_train[:4000], X_test[-300:]
    drawn, true = function(known, hidden[:, :392]), hidden[:, 392:]
    mean_half = known[:, 392:].mean(axis=0)
    return np.mean((drawn - true) ** 2) / np.mean((mean_half - true) ** 2)


# %% tags=["starter"] question="02.6"
def draw_lower_half(X_train, upper):
    """Return lower halves: (n_train, 784), (n, 392) -> (n, 392)."""
    return ...


answer_6 = draw_lower_half


# %% tags=["solution"] question="02.6"
def draw_lower_half(X_train, upper):
    """Return lower halves: (n_train, 784), (n, 392) -> (n, 392)."""
    mean = X_train.mean(axis=0)
    upper_train, lower_train = (X_train - mean)[:, :392], (X_train - mean)[:, 392:]
    # PCA of the upper halves
    components = np.linalg.svd(upper_train, full_matrices=False)[2][:50]  # (50, 392)
    # a linear map from 50 scores to the lower half, by least squares on train
    scores = upper_train @ components.T  # (n_train, 50)
    B = np.linalg.lstsq(scores, lower_train, rcond=None)[0]  # (50, 392)
    return (upper - mean[:392]) @ components.T @ B + mean[392:]


answer_6 = draw_lower_half

# %% tags=["solution"] alt="Three rows of ten test digits: the originals, the upper halves above an empty lower half, and the upper halves with a drawn lower half, blurred but mostly of the right digit."
check_result("02.ex.hidden_over_mean", hidden_over_mean(draw_lower_half), data.name)
upper, nothing = X_test[:10, :392], np.zeros((10, 392))
rows = {
    "original": X_test[:10],
    "given": np.hstack([upper, nothing]),
    "drawn": np.hstack([upper, draw_lower_half(X_train[:4000], upper)]),
}
fig, ax = plt.subplots(figsize=(8, 3))
title = "The upper half says much about the lower"
plot_reconstructions(rows, data.image_shape, title=title, ax=ax)
plt.show()

# %%
check("02.6", answer_6)
# hint("02.6")
# solution("02.6")

# %% [markdown] tags=["solution"]
# The error is 0.69<!-- 02.ex.hidden_over_mean --> of the yardstick's. Two ways do not work. If you put in a lower half,
# empty or mean, PCA believes it. If you fit the scores to the visible pixels alone, without a limit, they run wild. Least
# squares on train learns how far to trust each score of the upper half. The mean lower half of the 20 train images with the
# nearest upper halves does still better: digits have curves that no straight line follows.

# %% [markdown]
# ## Points

# %%
progress("02")

# %% tags=["solution"]
report()

# %% [markdown]
# **Back** to [lesson 2](../02_mnist_pca.ipynb), or on to [lesson 3](../03_autoencoder.ipynb). Shut this kernel down
# first (*Kernel > Shut Down Kernel*).
