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
# - compute the PCA of images in two ways that agree, from the centred data and from their covariance;
# - read a scree plot and a component drawn as an image, and predict the reconstruction error from the variances;
# - keep train and test apart: whatever was fitted on train is applied, unchanged, to test.
#
# *About 0.5 minutes on one core; 1.0 GB of memory.*

# %% [markdown]
# ## Setup

# %%
import matplotlib.pyplot as plt
import numpy as np
import scipy.linalg

from course_utils import PCA, ComponentMixer, check_result, load_mnist, predict
from course_utils import principal_angles, reconstruction_mse, report
from course_utils.metrics import pca_error_curve
from course_utils.plotting import PCA_COLOR, plot_components, plot_reconstructions
from course_utils.plotting import plot_regions, plot_sum, set_style

SEED = 0
set_style()

# %% [markdown]
# ## The data
#
# MNIST has 70,000 handwritten digits of 28 x 28 pixels, 60,000 to train on and 10,000 to test with. We write each
# image as a row of 784 numbers from 0 (paper) to 1 (ink). All figures in the text were measured on MNIST. Without
# MNIST the course falls back on a smaller data set, the *embedded digits*, and a notice below says so. Your figures
# will then differ, but the argument stays the same.

# %%
data = load_mnist()
X_train, X_test = data.X_train, data.X_test
print(data.name, X_train.shape, X_test.shape, X_train.dtype)

# %% alt="Two rows of ten handwritten digits each, black on white."
fig, ax = plt.subplots(figsize=(8, 2))
rows = {"train": X_train[:10], "test": X_test[:10]}
plot_reconstructions(rows, data.image_shape, title="Train and test look alike", ax=ax)
plt.show()

# %% [markdown]
# In lesson 1 a point had two coordinates and we kept one number. Now a point has 784 coordinates, and to begin with
# we keep **two** numbers. This lesson and the next follow an answer on Cross Validated by the user
# Amoeba (2017)<!-- cite: amoeba2017 -->, who compared PCA's two numbers with an autoencoder's.
#
# > **Predict first.** If you may describe each digit by two numbers, which two would you choose? How closely will a
# > digit that is redrawn from them resemble the original?

# %% [markdown]
# ## PCA by the singular value decomposition
#
# Lesson 1 took the eigenvectors of the covariance. The **singular value decomposition** (SVD) gets the same from the
# centred data,
#
# $$X - \bar x = U\,\mathrm{diag}(s)\,V^\top .$$
#
# The columns of $U$ and of $V$ are orthonormal, and $s$ holds the *singular values*, largest first. The rows of
# $V^\top$ are the components, $U\,\mathrm{diag}(s)$ are the codes (for PCA also called *scores*), and $s^2/(n-1)$ are the
# variances. For now we take the first 10,000 images.

# %%
X_10k = X_train[:10_000]
mean = X_10k.mean(axis=0)
U, s, Vt = scipy.linalg.svd(X_10k - mean, full_matrices=False)
print("U", U.shape, " s", s.shape, " Vt", Vt.shape)

# %%
scores = U[:, :2] * s[:2]  # (10000, 2)
reconstruction = scores @ Vt[:2] + mean  # (10000, 2) -> (10000, 784)
assert np.allclose(scores, (X_10k - mean) @ Vt[:2].T, atol=1e-3)  # projections
check_result("02.svd_10k.mse", reconstruction_mse(X_10k, reconstruction), data.name)

# %% [markdown]
# `reconstruction_mse` is lesson 1's mean squared error, over all images and pixels. Two components leave
# 0.0556<!-- 02.svd_10k.mse -->.
#
# The SVD wants all centred images at once. The covariance has 784 x 784 entries however many images there are, and
# can be summed up in parts. `course_utils.PCA` therefore uses the covariance to handle all 60,000 images, a few
# thousand at a time. Otherwise it is what you wrote in lesson 1, but as in scikit-learn, `encode` and `decode` are
# called `transform` and `inverse_transform`. On the first 10,000 images both ways should find the same plane.
#
# A component may come with either sign, so we compare planes. The **principal angles** between two planes depend
# neither on signs nor on which axes span a plane, and 0 degrees means *the same plane*.

# %%
angles = principal_angles(PCA(n_components=2).fit(X_10k).components_, Vt[:2])
print("angles between the SVD's plane and the covariance's:", angles.round(3))
pca = PCA().fit(X_train)  # all images, all 784 components

# %% [markdown]
# It is the same plane. The [appendix](appendix/four_ways_to_pca.ipynb) adds two more ways to it, and compares time and
# memory.
#
# ## Train and test
#
# A component is *learnt* from train, like a weight of a network, and so is the mean. Test images are projected with
# both, unchanged.


# %%
def keep(k, X):
    """Encode with k components of the train images, and decode."""
    codes = (X - pca.mean_) @ pca.components_[:k].T  # (n, 784) -> (n, k)
    return codes @ pca.components_[:k] + pca.mean_  # (n, k) -> (n, 784)


def error_of_two(X):
    return reconstruction_mse(X, keep(2, X))


check_result("02.pca_2.train_mse", error_of_two(X_train), data.name)
check_result("02.pca_2.test_mse", error_of_two(X_test), data.name)

# %% [markdown]
# Two components leave a squared error of 0.0560<!-- 02.pca_2.train_mse --> per pixel on train and
# 0.0557<!-- 02.pca_2.test_mse --> on test. The error on test is *smaller*, although the components never saw those
# images. Is that a surprise? Cut train into six parts of about the size of test, and test into its two halves:

# %%
parts = [error_of_two(part) for part in np.array_split(X_train, 6)]
halves = [error_of_two(half) for half in np.array_split(X_test, 2)]
check_result("02.parts.lowest_mse", min(parts), data.name)
check_result("02.parts.highest_mse", max(parts), data.name)
check_result("02.test_halves.first_mse", halves[0], data.name)
check_result("02.test_halves.last_mse", halves[1], data.name)

# %% [markdown]
# The parts of train range from 0.0554<!-- 02.parts.lowest_mse --> to 0.0566<!-- 02.parts.highest_mse -->, though
# all six took part in the fit. Test lies among them: some images lie nearer to the plane than others. The halves of
# test differ, too. The first leaves 0.0540<!-- 02.test_halves.first_mse --> and the second
# 0.0574<!-- 02.test_halves.last_mse -->, so an error on part of test is not the error on test.
#
# **The trap: giving test its own PCA.** It looks harmless, and even better:

# %%
own = PCA(n_components=2).fit(X_test)  # the trap
own_error = reconstruction_mse(X_test, own.inverse_transform(own.transform(X_test)))
check_result("02.own_axes.test_mse", own_error, data.name)
angles = principal_angles(own.components_, pca.components_[:2])
print("angles between the planes of train and test:", angles.round(1))

# %% [markdown]
# The error falls to 0.0555<!-- 02.own_axes.test_mse -->, but it is no longer an error on unseen data, because the
# axes were fitted to these images. The planes also differ by several degrees, so a code from one means something
# else in the other.
#
# ## What a component explains
#
# The eigenvalue $\lambda_i$ of the covariance is the variance of score $i$. Its share of the sum of all 784 is what
# component $i$ **explains**. Drawn one by one, largest first, the shares make a *scree plot*, named after the stones at
# the foot of a cliff. Added up, they tell what the first $k$ explain together.
#
# > **Predict first.** If all 784 components explained the same, the first would explain about a tenth of a per cent. How
# > much does it explain here? How many together explain nine tenths?

# %%
predict("02.explained.1", "How much does the first component explain?", percent=True)
predict("02.explained.components_for_90", "How many components explain nine tenths?")

# %% alt="Two panels over components 1 to 100. Left, the scree plot: the first component explains almost 10 percent of the variance, the second 7, then ever less, below 1 percent from about 24 on, without a break. Right, the shares added up: a curve that rises ever more slowly, with squares and dotted guides at 17 percent for 2 components, 46 for 9, 74 for 32, and a dashed line at 90 percent, reached near 87."
shares = 100 * pca.explained_variance_ratio_
explained = np.cumsum(shares)  # explained[k - 1]: by the first k, in %
k = np.arange(1, 101)
fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8), sharex=True)
left.plot(k, shares[:100], ".-", color=PCA_COLOR)
left.set(title="One by one: no elbow", ylabel="explained variance in %", ylim=0)
right.plot(k, explained[:100], color=PCA_COLOR)
for marked in (2, 9, 32):
    height = explained[marked - 1]
    right.plot([0, marked, marked], [height, height, 0], ":", color="grey")
    right.plot(marked, height, "ks")
    right.annotate(f"k = {marked}", (marked + 3, height - 4))
right.axhline(90, color="black", linestyle="--", linewidth=1)
n_90 = np.argmax(explained >= 90) + 1
right.set(title=f"Added up: {n_90} components reach 90 %", ylim=(0, 100), xlim=0)
fig.supxlabel("number of components k", fontsize="medium")
plt.show()

# %%
for k in (1, 2, 9, 32):
    check_result(f"02.explained.{k}", explained[k - 1] / 100, data.name)
components_for_90 = np.argmax(explained >= 90) + 1
check_result("02.explained.components_for_90", components_for_90, data.name)

# %% [markdown]
# The first component explains 9.7 %<!-- 02.explained.1 -->, over seventy times an equal share. Two explain
# 16.8 %<!-- 02.explained.2 -->, nine 46 %<!-- 02.explained.9 -->, and 32 explain 74 %<!-- 02.explained.32 -->. The curve
# crosses 90 % at 87<!-- 02.explained.components_for_90 -->. The scree falls steeply at first and then flattens, but no
# sharp elbow says where to stop.
#
# ## The error is what was dropped
#
# In lesson 1 the error was $\lambda_2/2$. With 784 pixels and $k$ components,
#
# $$\mathrm{error}(k) = \frac{1}{784}\sum_{i>k}\lambda_i .$$
#
# The components are orthonormal, so by Pythagoras the squared length of a centred image is the sum of all its squared
# scores. A reconstruction keeps the first $k$ of them, and its squared error is the sum of the others. The mean of a
# squared score over train is its $\lambda_i$. For this to be exact, $\lambda_i$ must be a mean over all $n$ images, as
# the error is; `explained_variance_` divides by $n-1$.

# %%
n = len(X_train)
eigenvalues = pca.explained_variance_.astype(float) * (n - 1) / n  # a mean over n
for k in (2, 9, 32):
    dropped = eigenvalues[k:].sum() / X_train.shape[1]
    left_on_train = reconstruction_mse(X_train, keep(k, X_train))
    assert np.allclose(dropped, left_on_train, rtol=5e-6)  # n - 1 would fail
    left_on_test = reconstruction_mse(X_test, keep(k, X_test))
    print(f"k = {k:<2}  dropped {dropped:.6f}", end="  ")
    print(f"left on train {left_on_train:.6f}, on test {left_on_test:.6f}")

# %% [markdown]
# On train the eigenvalues give the error before any image is reconstructed. On test Pythagoras holds as well, but there
# the mean squared scores are those of test, while the $\lambda_i$ are those of train. So the figures are close, but not
# equal.
#
# ## How many components?
#
# > **Predict first.** Two components leave 0.056. The error falls as the explained variance rises: read off the
# > right-hand picture above how many components leave half of that.

# %%
question = "How many components leave half of what two leave?"
predict("02.half_of_pca_2.test_components", question)

# %% alt="Reconstruction error against the number of components from 1 to 64: train and test on almost the same falling, flattening curve, with k = 2, 9 and 32 marked, and a dotted line at half the error of two components, which the curves cross at 16."
k = np.arange(1, 65)
curves = {"train": pca_error_curve(pca, X_train), "test": pca_error_curve(pca, X_test)}
fig, ax = plt.subplots(figsize=(7, 3.8))
ax.plot(k, curves["train"][:64], "-", color=PCA_COLOR, label="train")
ax.plot(k, curves["test"][:64], "--", color="black", label="test")
for marked in (2, 9, 32):
    error = curves["test"][marked - 1]
    ax.plot(marked, error, "ks")
    ax.annotate(f"k = {marked}: {error:.4f}", (marked + 1, error + 0.002))
ax.axhline(curves["test"][1] / 2, color="grey", linestyle=":", label="half of k = 2")
ax.set(xlabel="number of components k", ylabel="squared error per pixel", ylim=0)
ax.set_title("Train and test fall together, ever more slowly")
ax.legend(frameon=False)
plt.show()

# %%
for part, curve in curves.items():
    half = np.argmax(curve < curve[1] / 2) + 1
    check_result(f"02.half_of_pca_2.{part}_components", half, data.name)
    check_result(f"02.pca_9.{part}_mse", curve[8], data.name)
    check_result(f"02.pca_32.{part}_mse", curve[31], data.name)

# %% [markdown]
# It takes 16<!-- 02.half_of_pca_2.test_components --> components to halve what two leave. The explained variance said so:
# there its curve is halfway from its value at two components to 100 %. Nine components leave
# 0.0360<!-- 02.pca_9.train_mse --> on train and 0.0356<!-- 02.pca_9.test_mse --> on test, and 32 leave
# 0.0172<!-- 02.pca_32.train_mse --> and 0.0168<!-- 02.pca_32.test_mse -->. Remember the nine and the 32: lessons 3 and 6
# are measured against them.
#
# ## Components as images
#
# A component has 784 weights, one per pixel, so it can be drawn as an image.

# %% alt="Ten small images of PCA components in red and blue with one colour bar, white at zero: the first shows a red ring around a blue upright stroke, later ones show ever finer patterns of strokes."
fig, axes = plt.subplots(2, 5, figsize=(9, 4.1))
titles = [f"component {i}" for i in range(1, 11)]
plot_components(pca.components_[:10], data.image_shape, titles, axes=axes)
fig.colorbar(axes[0, 0].images[0], ax=axes, label="weight of the pixel", shrink=0.8)
fig.suptitle("A positive score adds ink where a component is red")
plt.show()

# %% [markdown]
# Zero is white. Where a component is red, a positive score adds ink; where it is blue, a positive score takes ink
# away. The sign is a convention: if you swap red and blue and negate all scores, every reconstruction stays the
# same. The first component sets a ring (a 0) against an upright stroke (a 1).
#
# A reconstruction is the **mean image** plus each score times its component. Here one test digit is built up from five
# terms:

# %% alt="Two rows of seven small images. Above, five components in red and blue, each times its score; the first, a red ring, is by far the strongest. Below, the mean image, a grey blur; the sums after one to five terms, which turn into a 0 at once and change little after; and the original 0."
x = X_test[3]
scores = (x - pca.mean_) @ pca.components_[:5].T  # (784,) -> (5,)
terms = scores[:, None] * pca.components_[:5]  # (5, 784)
titles = [f"{score:+.1f} x c{i}" for i, score in enumerate(scores, start=1)]
fig, axes = plt.subplots(2, 7, figsize=(9, 3.5))
plot_sum(pca.mean_, terms, x, data.image_shape, titles, axes=axes)
fig.suptitle("The first term does most of the work")
plt.show()

# %% [markdown]
# The mean image is a blur of all digits. The first term, with by far the largest score, turns it into a 0; the others
# bend it a little. Such a sum may well leave [0, 1]: PCA does not know what a pixel is.
#
# > **Predict first.** From how many components on could you read all of the first ten test images?

# %% alt="Ten test digits and below them their reconstructions with 2, 9, 32 and 64 components: blurs with 2, half of them readable with 9, clear with 32, nearly the original with 64."
rows = {"original": X_test[:10]}
rows |= {f"k = {k}": keep(k, X_test[:10]) for k in (2, 9, 32, 64)}
fig, ax = plt.subplots(figsize=(8, 4.2))
title = "Two components leave a blur, 32 can be read"
plot_reconstructions(rows, data.image_shape, title=title, ax=ax)
plt.show()

# %% [markdown]
# With two components most digits turn into a blurred 9, 8 or 0; with nine about half can be read; with 32 all can. Here
# you see every step in between. Choose a digit or draw one, and move $k$; then change the first scores and mix a digit of
# your own.

# %% tags=["components"] alt="A digit, its reconstruction from k components, and the error against k; below, the mean and each term of the sum as small images, with sliders for the first scores."
ComponentMixer(pca, X_test[:10], data.y_test[:10], data.image_shape)

# %% [markdown]
# ## Should we standardise first?
#
# Many recipes divide each coordinate by its standard deviation before PCA, which is then the PCA of the *correlation*
# matrix. That is right when coordinates have different units: measured in grams, a weight has a million times the
# variance that it has in kilograms, and would take the first component for itself. Pixels share one unit, and their
# variance means something: where ink comes and goes, digits differ. Dividing by it gives a corner pixel with one stray dot
# the same say as the centre. We try it, on the pixels that have any ink in the first 10,000 images:

# %%
spread = X_10k.std(axis=0)
inked = spread > 0
Z = (X_10k[:, inked] - mean[inked]) / spread[inked]
standardised = PCA(n_components=2).fit(Z)
again = np.tile(mean, (len(X_10k), 1))
decoded = standardised.inverse_transform(standardised.transform(Z))
again[:, inked] += decoded * spread[inked]
check_result("02.standardised.pixels_without_ink", np.sum(~inked), data.name)
check_result("02.standardised.largest", np.abs(Z).max(), data.name)
check_result("02.standardised.mse", reconstruction_mse(X_10k, again), data.name)

# %% [markdown]
# For 111<!-- 02.standardised.pixels_without_ink --> pixels the division is not even possible, and elsewhere a single dot
# becomes 100<!-- 02.standardised.largest --> standard deviations. Back in pixels, two components leave
# 0.0571<!-- 02.standardised.mse --> instead of 0.0556<!-- 02.svd_10k.mse -->. So we leave the pixels as they are.

# %% [markdown]
# ## The plane of two components
#
# With a code of two numbers each image is a point in a plane, so we can draw a map. Ten thousand points would hide one
# another, so we outline for each digit the region with the denser half of its images.
#
# > **Predict first.** Which digits will lie apart from the others, and which on top of each other?

# %% alt="Two maps by the first two PCA scores, with equal axes, train left and test right, an outlined region for each digit. Both look alike: 1 far left, 0 right, 2 and 3 highest, 4, 7 and 9 on top of each other below, the rest overlapping in the middle."
y_train, y_test = data.y_train[:10_000], data.y_test
codes_train, codes_test = pca.transform(X_10k)[:, :2], pca.transform(X_test)[:, :2]
names = ("score 1", "score 2")
fig, axes = plt.subplots(1, 2, figsize=(10, 4.8), sharex=True, sharey=True)
title = "Train, its first 10,000 images"
plot_regions(codes_train, y_train, names=names, title=title, ax=axes[0])
title = "Test lies in the same places"
plot_regions(codes_test, y_test, names=names, title=title, ax=axes[1])
for ax in axes:
    ax.set_aspect("equal")
plt.show()

# %% [markdown]
# The two maps look alike, and can be laid over one another because both use train's mean and axes. Here is the test map
# again, once per digit, with all points.

# %% alt="Ten small maps of the same 10,000 test points in light grey with equal axes, one digit in blue in each, its median marked by a cross: 0 spreads over the right half, 1 is a small patch far left, 2 and 3 lie in the upper middle, 4, 7 and 9 in the same place below, 5, 6 and 8 in the middle."
fig, axes = plt.subplots(2, 5, figsize=(10, 4.6), sharex=True, sharey=True)
for digit, ax in enumerate(axes.flat):
    its_codes = codes_test[y_test == digit]
    ax.plot(*codes_test.T, ".", color="0.88", markersize=1)
    ax.plot(*its_codes.T, ".", color=PCA_COLOR, markersize=1)
    ax.plot(*np.median(its_codes, axis=0), "k+", markersize=14, markeredgewidth=2)
    ax.set(title=f"{digit}", aspect="equal")
fig.suptitle("Two straight axes do not keep ten digits apart")
fig.supxlabel("score 1", fontsize="medium")
fig.supylabel("score 2", fontsize="medium")
plt.show()

# %% [markdown]
# The cross is the median of a digit. The 0s and the 1s lie on opposite sides, as the first component promised. The 2s and
# 3s reach highest, the 4s, 7s and 9s lie together below, and 5, 6 and 8 share the middle. The map was made without
# labels, and two straight axes do not separate ten digits. Whether a map with *curved* axes can do better is the question
# of lesson 3.

# %% [markdown]
# ## Exercises
#
# Six questions, checked as you answer: [exercises for this lesson](exercises/02_mnist_pca.ipynb), on scores, train's axes on
# test, a fault in a scree plot, a predicted error, shuffled pixels, and the hidden half of an image; and their
# [solutions](../notebooks/solutions/02_mnist_pca.ipynb).
#
# ## Recap
#
# - The SVD of the centred data gives components, scores and variances at once. The covariance gives them in less memory.
# - Two components of 784 leave 0.056 per pixel, nine leave 0.036, 32 leave 0.017. On train that is the sum of the
#   dropped eigenvalues over 784.
# - Mean and components belong to train. Test is projected with them, and with nothing of its own.

# %% [markdown]
# ## Read on
#
# - Amoeba (2017)<!-- cite: amoeba2017 -->, [Building an autoencoder in TensorFlow to surpass
#   PCA](https://stats.stackexchange.com/questions/190148): the answer that this lesson and the next two grew from.
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
