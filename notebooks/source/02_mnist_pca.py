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
# # 2. MNIST by PCA
#
# **How far do straight lines go on digits?**
#
# After this lesson you will be able to
#
# - compute the PCA of 60,000 images by the singular value decomposition, and in three other ways that agree;
# - read a reconstruction error, a scree plot and a component drawn as an image;
# - keep train and test apart: whatever was fitted on train is applied, unchanged, to test.
#
# *About 1 minute on one core; 0.9 GB of memory.*

# %% [markdown]
# ## Setup

# %%
import time
import tracemalloc

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import scipy.linalg
import scipy.sparse.linalg
import sklearn.decomposition

from course_utils import PCA, check_result, load_mnist, principal_angles, reconstruction_mse, report
from course_utils.metrics import pca_error_curve
from course_utils.plotting import draw_reconstructions, plot_codes, plot_components, plot_reconstructions, set_style

SEED = 0
rng = np.random.default_rng(SEED)
set_style()

# %% [markdown]
# ## The data
#
# MNIST has 70,000 handwritten digits of 28 x 28 pixels, 60,000 to train on and 10,000 to test with. We write each image
# as a row of 784 numbers from 0 (paper) to 1 (ink). All figures in the text are those on MNIST; if a notice below says
# that you have the embedded digits instead, yours will differ, and the argument stays the same.

# %%
data = load_mnist()
X_train, X_test = data.X_train, data.X_test
print(data.name, X_train.shape, X_test.shape, X_train.dtype)

# %% alt="Two rows of ten handwritten digits each, black on white."
fig, ax = plt.subplots(figsize=(8, 2))
plot_reconstructions({"train": X_train[:10], "test": X_test[:10]}, data.image_shape, ax=ax)
plt.show()

# %% [markdown]
# In lesson 1 a point had two coordinates and we kept one. Now a point has 784, and to begin with we keep **two**.
#
# > **Predict first.** If you may describe each digit by two numbers, which two would you choose? And how similar will a
# > digit be that is drawn again from them?

# %% [markdown]
# ## PCA by the singular value decomposition
#
# Lesson 1 took the eigenvectors of the covariance. The **singular value decomposition** (SVD) gets the same from the
# centred data itself,
#
# $$X - \bar x = U\,\mathrm{diag}(s)\,V^\top ,$$
#
# in which the columns of $U$ and of $V$ are orthonormal, and $s$ holds the *singular values*, largest first. The rows of
# $V^\top$ are the components, $U\,\mathrm{diag}(s)$ are the codes (for PCA also called *scores*), and
# $s^2/(n-1)$ are the variances. For now we take the first 10,000 images.

# %%
X_10k = X_train[:10_000]
mean = X_10k.mean(axis=0)
U, s, Vt = scipy.linalg.svd(X_10k - mean, full_matrices=False)
print("U", U.shape, " s", s.shape, " Vt", Vt.shape)

# %%
scores = U[:, :2] * s[:2]  # (10000, 2)
reconstruction = scores @ Vt[:2] + mean  # (10000, 2) -> (10000, 784)
print("the scores are the projections:", np.allclose(scores, (X_10k - mean) @ Vt[:2].T, atol=1e-3))
print("error with 2 components:", round(reconstruction_mse(X_10k, reconstruction), 4))

# %% [markdown]
# ## Four ways to the same plane
#
# The full SVD computes 784 components, of which we use two. There are cheaper ways. Each function below returns the
# first two components as rows.


# %%
def full_svd(X):
    return scipy.linalg.svd(X - X.mean(axis=0), full_matrices=False)[2][:2]


def truncated_svd(X):
    return scipy.sparse.linalg.svds(X - X.mean(axis=0), k=2, random_state=0)[2][::-1]  # svds: smallest first


def covariance(X):
    cov = np.cov(X, rowvar=False, dtype=np.float32)  # (784, 784), whatever the number of images
    return scipy.linalg.eigh(cov, subset_by_index=[782, 783])[1].T[::-1]


def scikit_learn(X):
    return sklearn.decomposition.PCA(2, svd_solver="randomized", random_state=0).fit(X).components_


# %% [markdown]
# > **Predict first.** Which is fastest, and which takes the most memory?
#
# Components may come with either sign, so we compare planes: the **principal angles** between two planes do not care for
# signs, nor for which two axes span a plane. 0 degrees says *the same plane*.

# %%
angles = []
for method in (full_svd, truncated_svd, covariance, scikit_learn):
    tracemalloc.start()
    started = time.perf_counter()
    components = method(X_10k)
    seconds, megabytes = time.perf_counter() - started, tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    angle = principal_angles(components, Vt[:2])[0]
    angles.append(angle)
    print(f"{method.__name__:<14} {seconds:6.2f} s  {megabytes:5.0f} MB  largest angle {angle:.4f} degrees")
check_result("02.four_ways.largest_angle", max(angles), data.name)

# %% [markdown]
# One plane, four times; the angles are tiny, and come from rounding and, in the last way, from chance. (scikit-learn's
# *randomized* solver projects on a few random directions first; left to itself it would take the covariance here.) The
# full SVD takes longest and needs most memory. When this page was made, the truncated one was the quickest; but it
# wants all centred images at once, and gives two components. The covariance is a 784 x 784 matrix however many images
# there are, can be summed up in parts, and gives as many components as you like: so it is the way to all 60,000, where
# the full SVD would take six times what it took here. `course_utils.PCA` takes it, a few thousand images at a time, and
# is otherwise what you wrote in lesson 1; as in scikit-learn, `encode` and `decode` are called `transform` and
# `inverse_transform`.

# %%
pca = PCA(n_components=64).fit(X_train)
first_scores = pca.transform(X_train[:3])[:, 0]
print("first score of the first three images:", first_scores.round(3))
for i, score in enumerate(first_scores, start=1):
    check_result(f"02.first_score_{i}", abs(score), data.name)

# %% [markdown]
# On MNIST 0.486<!-- 02.first_score_1 -->, 3.968<!-- 02.first_score_2 --> and, with the opposite sign,
# 0.203<!-- 02.first_score_3 -->; the overall sign is arbitrary. If you implement PCA elsewhere, these three
# numbers tell you whether your first component is right.

# %% [markdown]
# ## Train and test
#
# A component is *learnt* from train, like a weight of a network, and so is the mean. Test images are projected with
# both, unchanged.


# %%
def keep(k, X):
    """Encode with k components of the train images, and decode."""
    codes = (X - pca.mean_) @ pca.components_[:k].T  # (n, 784) -> (n, k)
    return codes @ pca.components_[:k] + pca.mean_  # (n, k) -> (n, 784)


check_result("02.pca_2.train_mse", reconstruction_mse(X_train, keep(2, X_train)), data.name)
check_result("02.pca_2.test_mse", reconstruction_mse(X_test, keep(2, X_test)), data.name)

# %% [markdown]
# Two components leave a squared error of 0.0560<!-- 02.pca_2.train_mse --> per pixel on train and
# 0.0557<!-- 02.pca_2.test_mse --> on test. (`reconstruction_mse` is lesson 1's mean squared error, over all images and
# pixels.) Test is *smaller*: the test images happen to lie a little nearer to this plane, and PCA with two components has
# too little freedom to learn 60,000 images by heart.
#
# **The trap: giving test its own PCA.** It looks harmless, and even better:

# %%
own = PCA(n_components=2).fit(X_test)  # the trap
check_result(
    "02.own_axes.test_mse",
    reconstruction_mse(X_test, own.inverse_transform(own.transform(X_test))),
    data.name,
)
print(
    "angles between the planes of train and test:",
    principal_angles(own.components_, pca.components_[:2]).round(1),
)

# %% [markdown]
# The error falls to 0.0555<!-- 02.own_axes.test_mse -->, but it is no longer an error on unseen data: the axes have
# seen it. And the planes differ by several degrees, so a code from one means something else in the other.

# %% [markdown]
# ## How many components?
#
# > **Predict first.** Two components gave 0.056. Sketch the error against $k$ up to 64. Where is it half?

# %% alt="Left: reconstruction error against the number of components, train and test almost on one falling, flattening curve, with k = 2, 9 and 32 marked. Right: scree plot, the variance of each component on a logarithmic axis, falling steadily without a sharp elbow."
k = np.arange(1, 65)
curves = {"train": pca_error_curve(pca, X_train), "test": pca_error_curve(pca, X_test)}
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
left.plot(k, curves["train"], "-", label="train")
left.plot(k, curves["test"], "--", label="test")
for marked in (2, 9, 32):
    left.plot(marked, curves["test"][marked - 1], "ks")
    left.annotate(f"k = {marked}", (marked, curves["test"][marked - 1]), (6, 6), textcoords="offset points")
left.set(xlabel="number of components k", ylabel="squared error per pixel", title="What k components leave", ylim=0)
left.legend(frameon=False)
right.semilogy(k, pca.explained_variance_, ".-")
right.set(xlabel="component", ylabel="variance", title="Scree plot: what each component adds")
plt.show()

# %%
for part, curve in curves.items():
    check_result(f"02.half_of_pca_2.{part}_components", np.argmax(curve < curve[1] / 2) + 1, data.name)
    check_result(f"02.pca_9.{part}_mse", curve[8], data.name)
    check_result(f"02.pca_32.{part}_mse", curve[31], data.name)

# %% [markdown]
# To halve what two components leave, it takes 16<!-- 02.half_of_pca_2.test_components -->. The error falls steeply at
# first and then ever more slowly; there is no elbow after which the rest would be noise. Nine components leave
# 0.0360<!-- 02.pca_9.train_mse --> on train and 0.0356<!-- 02.pca_9.test_mse --> on test, and 32 leave
# 0.0172<!-- 02.pca_32.train_mse --> and 0.0168<!-- 02.pca_32.test_mse -->. Remember the nine and the 32: lessons 3 and
# 6 will be measured against them.
#
# A component has 784 weights, one per pixel, so it can be drawn as an image.

# %% alt="Ten small images of PCA components in red and blue: the first shows a red ring around a blue stroke, later ones show ever finer patterns of strokes."
fig, axes = plt.subplots(2, 5, figsize=(8, 3.6))
plot_components(pca.components_[:10], data.image_shape, [f"component {i}" for i in range(1, 11)], axes=axes)
plt.show()

# %% [markdown]
# Where a component is red, a large score adds ink; where it is blue, it takes ink away. The first one mostly tells a ring
# (a 0) from an upright stroke (a 1). A reconstruction is the mean image plus a weighted sum of such patterns, and that
# sum may well leave [0, 1]: PCA does not know what a pixel is.
#
# > **Predict first.** From how many components on could you read all of the first ten test images?

# %% alt="Ten test digits and below them their reconstructions with 2, 9, 32 and 64 components: blurs with 2, half of them readable with 9, clear with 32, nearly the original with 64."
rows = {"original": X_test[:10]} | {f"k = {k}": keep(k, X_test[:10]) for k in (2, 9, 32, 64)}
fig, ax = plt.subplots(figsize=(8, 4.2))
plot_reconstructions(rows, data.image_shape, title="Ten test digits, reconstructed", ax=ax)
plt.show()

# %% [markdown]
# With two components most digits turn into a blurred 9, 8 or 0; with nine about half can be read; with 32 all can. Move
# the slider to see every step in between: the originals above, their reconstructions with $k$ components below. (It
# needs a running kernel.)


# %% tags=["slider"] alt="Two rows of ten test digits: the originals, and below them their reconstructions with as many components as the slider says."
def show(k):
    """Ten test digits, and below them their reconstructions with k components."""
    rows = {"original": X_test[:10], "reconstruction": keep(k, X_test[:10])}
    return draw_reconstructions(rows, data.image_shape)


slider = ipywidgets.IntSlider(value=9, min=1, max=64, description="k")
_ = ipywidgets.interact(show, k=slider)

# %% [markdown]
# ## The plane of two components
#
# With a code of two numbers each image is a point in a plane, so we can draw a map. Labels were not used to make it; they
# only colour the points.
#
# > **Predict first.** Which digits will lie apart from the others, and which on top of each other?

# %% alt="Two scatter plots of 5000 points by their first two PCA scores, train left and test right, a colour and a marker per digit. Both look alike: 1 far left, 0 right, 2 and 3 highest, 4, 7 and 9 on top of each other below, the rest overlapping in the middle."
fig, (left, right) = plt.subplots(1, 2, figsize=(11, 4.6), sharex=True, sharey=True)
names = ("score 1", "score 2")
plot_codes(
    pca.transform(X_train[:5000])[:, :2],
    data.y_train[:5000],
    names=names,
    title="train",
    legend=False,
    ax=left,
)
plot_codes(pca.transform(X_test[:5000])[:, :2], data.y_test[:5000], names=names, title="test", ax=right)
plt.show()

# %% [markdown]
# The 0s and the 1s lie on opposite sides, as the first component promised; the 2s and 3s reach highest, the 4s, 7s and 9s
# lie together below, and the middle belongs to everybody. The two maps look alike because both parts hold the same kind of
# digits, and can be laid over one another because both use the axes of train. Whether a map with *curved* axes can do
# better is the question of lesson 3.

# %% [markdown]
# ## Exercises
#
# Three exercises, each with a cell to work in, a solution that runs and an answer: [exercises to this
# lesson](exercises/02_mnist_pca.ipynb). They are about how many components half the error takes, what no component at
# all leaves, and what mirrored images do to PCA.

# %% [markdown]
# ## Recap
#
# - The SVD of the centred data gives components, scores and variances at once; the covariance gives them in less memory.
# - Two components of 784 leave 0.056 per pixel, nine leave 0.036, 32 leave 0.017: there is no elbow.
# - Mean and components belong to train. Test is projected with them, and with nothing of its own.

# %%
report()

# %% [markdown]
# **Next:** [3. The autoencoder](03_autoencoder.ipynb) - what do two *non-linear* numbers buy? Shut this kernel down first
# (*Kernel > Shut Down Kernel*).
