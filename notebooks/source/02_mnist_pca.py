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
# - read a scree plot and a component drawn as an image, and foretell the reconstruction error from the variances;
# - keep train and test apart: whatever was fitted on train is applied, unchanged, to test.
#
# *About 0.5 minutes on one core; 1.0 GB of memory.*

# %% [markdown]
# ## Setup

# %%
import matplotlib.pyplot as plt
import numpy as np
import scipy.linalg
import scipy.sparse.linalg
import sklearn.decomposition

from course_utils import PCA, ComponentMixer, came_out, check_result, load_mnist, predict, principal_angles
from course_utils import reconstruction_mse, report
from course_utils.metrics import pca_error_curve, time_and_memory
from course_utils.plotting import plot_codes, plot_components, plot_reconstructions, set_style

SEED = 0
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
    U, s, Vt = scipy.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    return Vt[:2]


def truncated_svd(X):
    U, s, Vt = scipy.sparse.linalg.svds(X - X.mean(axis=0), k=2, random_state=0)
    return Vt


def covariance(X):
    centred = X - X.mean(axis=0)
    variances, V = np.linalg.eigh(centred.T @ centred / (len(X) - 1))  # (784, 784), whatever the number of images
    return V[:, -2:].T  # ascending: the last two columns


def scikit_learn(X):
    return sklearn.decomposition.PCA(2, svd_solver="randomized", random_state=0).fit(X).components_


# %% [markdown]
# > **Predict first.** Which is fastest, and which takes the most memory?

# %%
ways = ["full_svd", "truncated_svd", "covariance", "scikit_learn"]
predict("02.four_ways.fastest", "Which way is fastest?", ways)
predict("02.four_ways.largest", "Which way takes the most memory?", ways)

# %% [markdown]
# Components may come with either sign, so we compare planes: the **principal angles** between two planes do not care for
# signs, nor for the order of the two, nor for which two axes span a plane. 0 degrees says *the same plane*.
# `time_and_memory` calls a function and watches.

# %%
angles, times, memory = [], {}, {}
for method in (full_svd, truncated_svd, covariance, scikit_learn):
    name = method.__name__
    components, times[name], memory[name] = time_and_memory(method, X_10k)
    angle = principal_angles(components, Vt[:2])[0]
    angles.append(angle)
    print(f"{name:<14} {times[name]:6.2f} s  {memory[name]:5.0f} MB  largest angle {angle:.4f} degrees")
check_result("02.four_ways.largest_angle", max(angles), data.name)
came_out("02.four_ways.fastest", min(times, key=times.get))
came_out("02.four_ways.largest", max(memory, key=memory.get))

# %% [markdown]
# One plane, four times, to a small part of a degree. (scikit-learn's *randomized* solver projects on a few random
# directions first; left to itself it would take the covariance here.) The full SVD takes longest and needs most
# memory. The truncated one and scikit-learn's are the quickest (which of the two may change from run to run); but
# they were asked for two components, and want all centred images at once. The covariance has 784 x 784 entries
# however many images there are, can be summed up in parts, and gives all components: so it is the way to all 60,000.
# `course_utils.PCA` takes it, a few thousand images at a time, and is otherwise what you wrote in lesson 1; as in
# scikit-learn, `encode` and `decode` are called `transform` and `inverse_transform`.

# %%
pca = PCA().fit(X_train)  # all 784 components
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
# pixels.) Test is *smaller*. Is that a surprise? Cut train into six parts of about the size of test, and look at each:

# %%
parts = [reconstruction_mse(part, keep(2, part)) for part in np.array_split(X_train, 6)]
print("six parts of train:", np.round(parts, 4))
check_result("02.parts.lowest_mse", min(parts), data.name)
check_result("02.parts.highest_mse", max(parts), data.name)

# %% [markdown]
# From 0.0554<!-- 02.parts.lowest_mse --> to 0.0566<!-- 02.parts.highest_mse -->, though all six took part in the fit.
# Test lies among them: some ten thousand images lie a little nearer to the plane than others.
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
# ## What a component explains
#
# The eigenvalue $\lambda_i$ of the covariance is the variance of score $i$. Its share of the sum of all 784 is what
# component $i$ **explains**. Drawn one by one, largest first, the shares make a *scree plot*, named after the stones at
# the foot of a cliff; added up, they tell what the first $k$ explain together.
#
# > **Predict first.** If all 784 components explained the same, the first would explain about a tenth of a per cent. How
# > much does it explain here? How many together explain nine tenths?

# %%
predict("02.explained.1", "How much does the first component explain?", percent=True)
predict("02.explained.components_for_90", "How many components explain nine tenths?")

# %% alt="Two panels over components 1 to 100. Left, the scree plot: the first component explains almost 10 percent of the variance, the second 7, then ever less, below 1 percent from about 24 on, without a break. Right, the shares added up: a curve that rises ever more slowly, with squares and dotted guides at 17 percent for 2 components, 46 for 9, 74 for 32, and a dashed line at 90 percent, reached near 87."
shares = pca.explained_variance_ratio_
explained = np.cumsum(shares)  # explained[k - 1]: by the first k
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
left.plot(np.arange(1, 101), 100 * shares[:100], ".-")
left.set(xlabel="component", ylabel="explained variance in %", title="Scree plot: one by one", ylim=0)
right.plot(np.arange(1, 101), 100 * explained[:100])
for k in (2, 9, 32):
    right.plot([0, k, k], [100 * explained[k - 1], 100 * explained[k - 1], 0], ":", color="grey")
    right.plot(k, 100 * explained[k - 1], "ks")
    right.annotate(f"k = {k}", (k, 100 * explained[k - 1]), (9, -5), textcoords="offset points")
right.axhline(90, color="black", linestyle="--", linewidth=1)
right.set(xlabel="number of components k", ylabel="explained variance in %", title="Added up", xlim=0, ylim=(0, 100))
right.set_yticks(range(0, 101, 10))
plt.show()

# %%
for k in (1, 2, 9, 32):
    check_result(f"02.explained.{k}", explained[k - 1], data.name)
check_result("02.explained.components_for_90", np.argmax(explained >= 0.9) + 1, data.name)

# %% [markdown]
# The first component explains 9.7 %<!-- 02.explained.1 -->, over seventy times an equal share. Two explain
# 16.8 %<!-- 02.explained.2 -->, nine 46 %<!-- 02.explained.9 -->, 32 explain 74 %<!-- 02.explained.32 -->; the curve
# crosses 90 % at 87<!-- 02.explained.components_for_90 -->. The scree falls steeply at first and then flattens, but it
# has no sharp elbow that would say where to stop.
#
# ## What is dropped is what is left
#
# In lesson 1 the error was $\lambda_2/2$. With 784 pixels and $k$ components,
#
# $$\mathrm{error}(k) = \frac{1}{784}\sum_{i>k}\lambda_i .$$
#
# The components are orthonormal, so by Pythagoras the squared length of a centred image is the sum of all its squared
# scores. A reconstruction keeps the first $k$ of them, so its squared error is the sum of the others, and the mean of a
# squared score over train is its $\lambda_i$. This is exact when $\lambda_i$ is a mean over all $n$ images, as the error
# is; `explained_variance_` divides by $n-1$.

# %%
n = len(X_train)
eigenvalues = pca.explained_variance_.astype(float) * (n - 1) / n  # now divided by n
for k in (2, 9, 32):
    dropped = eigenvalues[k:].sum() / X_train.shape[1]
    error = reconstruction_mse(X_train, keep(k, X_train))
    assert np.allclose(dropped, error, rtol=5e-6)  # the divisor n - 1 would fail, by 1 in 60,000
    print(f"k = {k:<2}   dropped {dropped:.6f}   left on train {error:.6f}")
    print(f"         left on test {reconstruction_mse(X_test, keep(k, X_test)):.6f}")

# %% [markdown]
# On train no image has to be reconstructed to know the error: the eigenvalues say it. On test Pythagoras holds as well,
# but there the mean squared scores are those of test, while the $\lambda_i$ are those of train. So test comes close, and
# does not agree.
#
# ## How many components?
#
# > **Predict first.** Two components left 0.056. The error falls as the explained variance rises: read off the right-hand
# > picture above how many components leave half of that.

# %%
predict("02.half_of_pca_2.test_components", "How many components leave half of what two leave?")

# %% alt="Reconstruction error against the number of components from 1 to 64: train and test on almost the same falling, flattening curve, with k = 2, 9 and 32 marked, and a dashed line at half the error of two components, which the curves cross at 16."
k = np.arange(1, 65)
curves = {"train": pca_error_curve(pca, X_train), "test": pca_error_curve(pca, X_test)}
fig, ax = plt.subplots(figsize=(7, 3.6))
ax.plot(k, curves["train"][:64], "-", label="train")
ax.plot(k, curves["test"][:64], "--", label="test")
for marked in (2, 9, 32):
    ax.plot(marked, curves["test"][marked - 1], "ks")
    ax.annotate(f"k = {marked}", (marked, curves["test"][marked - 1]), (6, 6), textcoords="offset points")
ax.axhline(curves["test"][1] / 2, color="grey", linestyle=":", label="half of k = 2")
ax.set(xlabel="number of components k", ylabel="squared error per pixel", title="What k components leave", ylim=0)
ax.legend(frameon=False)
plt.show()

# %%
for part, curve in curves.items():
    check_result(f"02.half_of_pca_2.{part}_components", np.argmax(curve < curve[1] / 2) + 1, data.name)
    check_result(f"02.pca_9.{part}_mse", curve[8], data.name)
    check_result(f"02.pca_32.{part}_mse", curve[31], data.name)

# %% [markdown]
# To halve what two components leave, it takes 16<!-- 02.half_of_pca_2.test_components -->. The explained variance said
# so: there its curve is halfway from its value at two components to 100 %. Nine components leave 0.0360<!-- 02.pca_9.train_mse --> on train
# and 0.0356<!-- 02.pca_9.test_mse --> on test, and 32 leave 0.0172<!-- 02.pca_32.train_mse --> and
# 0.0168<!-- 02.pca_32.test_mse -->. Remember the nine and the 32: lessons 3 and 6 will be measured against them.
#
# ## Components as images
#
# A component has 784 weights, one per pixel, so it can be drawn as an image.

# %% alt="Ten small images of PCA components in red and blue with one colour bar, white at zero: the first shows a red ring around a blue upright stroke, later ones show ever finer patterns of strokes."
fig, axes = plt.subplots(2, 5, figsize=(9, 3.6))
plot_components(pca.components_[:10], data.image_shape, [f"component {i}" for i in range(1, 11)], axes=axes)
fig.colorbar(axes[0, 0].images[0], ax=axes, label="weight of the pixel", shrink=0.8)
plt.show()

# %% [markdown]
# Zero is white. Where a component is red, a positive score adds ink; where it is blue, it takes ink away. The sign is a
# convention: with all colours exchanged and all scores negated, every reconstruction is the same. The first component
# sets a ring (a 0) against an upright stroke (a 1). A reconstruction is the mean image plus a weighted sum of such
# patterns, and that sum may well leave [0, 1]: PCA does not know what a pixel is.
#
# > **Predict first.** From how many components on could you read all of the first ten test images?

# %% alt="Ten test digits and below them their reconstructions with 2, 9, 32 and 64 components: blurs with 2, half of them readable with 9, clear with 32, nearly the original with 64."
rows = {"original": X_test[:10]} | {f"k = {k}": keep(k, X_test[:10]) for k in (2, 9, 32, 64)}
fig, ax = plt.subplots(figsize=(8, 4.2))
plot_reconstructions(rows, data.image_shape, title="Ten test digits, reconstructed", ax=ax)
plt.show()

# %% [markdown]
# With two components most digits turn into a blurred 9, 8 or 0; with nine about half can be read; with 32 all can. Here
# you see every step in between: choose a digit or draw one, and move $k$; then change the first scores and mix a digit
# of your own.

# %% tags=["components"] alt="A digit, its reconstruction from k components, and the error against k; below, the mean and each term of the sum as small images, with sliders for the first scores."
ComponentMixer(pca, X_test[:10], data.y_test[:10], data.image_shape)

# %% [markdown]
# ## The plane of two components
#
# With a code of two numbers each image is a point in a plane, so we can draw a map. Labels were not used to make it; they
# only colour the points.
#
# > **Predict first.** Which digits will lie apart from the others, and which on top of each other?

# %% alt="Two scatter plots of 5000 points by their first two PCA scores, with equal axes, train left and test right, a colour and a marker per digit. Both look alike: 1 far left, 0 right, 2 and 3 highest, 4, 7 and 9 on top of each other below, the rest overlapping in the middle."
codes_train = pca.transform(X_train[:5000])[:, :2]
codes_test = pca.transform(X_test[:5000])[:, :2]
names = ("score 1", "score 2")
fig, (left, right) = plt.subplots(1, 2, figsize=(11, 4.6), sharex=True, sharey=True)
plot_codes(codes_train, data.y_train[:5000], names=names, title="train", legend=False, ax=left)
plot_codes(codes_test, data.y_test[:5000], names=names, title="test", ax=right)
for ax in (left, right):
    ax.set_aspect("equal")
plt.show()

# %% [markdown]
# The two maps look alike, and can be laid over one another because both use mean and axes of train. But where many points
# lie, the last one drawn hides the rest. So here is the test map again, once per digit, with the others in grey.

# %% alt="Ten small maps of the same 5000 test points in light grey with equal axes, one digit in colour in each, its median marked by a cross: 0 spreads over the right half, 1 is a small patch far left, 2 and 3 lie in the upper middle, 4, 7 and 9 in the same place below, 5, 6 and 8 in the middle."
fig, axes = plt.subplots(2, 5, figsize=(11, 4.4), sharex=True, sharey=True)
for digit, ax in enumerate(axes.flat):
    its_codes = codes_test[data.y_test[:5000] == digit]
    ax.plot(*codes_test.T, ".", color="0.88", markersize=2)
    ax.plot(*its_codes.T, ".", color="C0", markersize=2)
    ax.plot(*np.median(its_codes, axis=0), "+", color="black", markersize=14, markeredgewidth=2)
    ax.set(title=f"{digit}", aspect="equal")
fig.supxlabel("score 1", fontsize="medium")
fig.supylabel("score 2", fontsize="medium")
plt.show()

# %% [markdown]
# The cross is the median of a digit. The 0s and the 1s lie on opposite sides, as the first component promised; the 2s and
# 3s reach highest, the 4s, 7s and 9s lie together below, and 5, 6 and 8 share the middle. Labels were not needed for the
# map, and two straight axes do not part ten digits. Whether a map with *curved* axes can do better is the question of
# lesson 3.

# %% [markdown]
# ## Exercises
#
# Six questions that answer you: [exercises to this lesson](exercises/02_mnist_pca.ipynb). They are about scores, train's
# axes on test, a fault in a scree plot, an error foretold, shuffled pixels, and the hidden half of an image. What they
# come to is in the [solutions](../notebooks/solutions/02_mnist_pca.ipynb).

# %% [markdown]
# ## Recap
#
# - The SVD of the centred data gives components, scores and variances at once; the covariance gives them in less memory.
# - Two components of 784 leave 0.056 per pixel, nine leave 0.036, 32 leave 0.017. On train that is the sum of the
#   dropped eigenvalues over 784.
# - Mean and components belong to train. Test is projected with them, and with nothing of its own.

# %% [markdown]
# ## Read on
#
# - Björck and Golub (1973)<!-- cite: bjorck1973 -->, [Numerical methods for computing angles between linear
#   subspaces](https://doi.org/10.1090/S0025-5718-1973-0348991-3): what principal angles are, and how to compute even tiny
#   ones well.
# - LeCun et al. (1998)<!-- cite: lecun1998 -->, [The MNIST database of handwritten
#   digits](https://yann.lecun.com/exdb/mnist/): who wrote the digits, and how they were scaled and centred.
# - Alpaydin and Kaynak (1998)<!-- cite: alpaydin1998 -->, [Optical recognition of handwritten
#   digits](https://doi.org/10.24432/C50P49): the embedded digits, before this course enlarges and bends them.

# %%
report()

# %% [markdown]
# **Next:** [3. The autoencoder](03_autoencoder.ipynb) - what do two *non-linear* numbers buy? Shut this kernel down first
# (*Kernel > Shut Down Kernel*).
