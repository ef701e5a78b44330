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
# # Exercises for lesson 4
#
# Six questions on [A linear autoencoder is PCA](../04_linear_autoencoder_is_pca.ipynb): the angle between two planes, per
# cent above PCA, a recovery with two faults, a net that got stuck, the smallest bent decoder, and a challenge. They take
# a good half hour; you need not run the lesson first.
#
# Write your code where the three dots are, and run the cell below it: `check` says whether the answer is right, and
# if not, what to look at. Remove the leading `#` where you need help: `hint` gives the next of two or three hints,
# and `solution` shows code. All of it is also in the
# [solutions](../../notebooks/solutions/04_linear_autoencoder_is_pca.ipynb).
#
# *About 2 minutes on one core; 1.2 GB of memory.*

# %% [markdown]
# ## Setup

# %%
from course_utils import PCA, ReconstructionBatches, load_mnist
from course_utils import check, hint, progress, solution
from course_utils.metrics import pca_error_curve

import keras
import numpy as np
from keras import layers

SEED = 0
keras.utils.set_random_seed(SEED)

# %% tags=["solution"]
from course_utils import check_result, report

# %%
data = load_mnist()
X_train = data.X_train
pca = PCA().fit(X_train)
variances = pca.explained_variance_  # (784,), largest first

# %% [markdown]
# ## 1. The angle between two planes
#
# Complete `answer_1(A, B)`. The rows of `A` span a subspace, and so do the rows of `B`; both have shape (k, d). The
# rows of each are linearly independent, but they may have any length and be at any angle to one another. Return the
# largest principal angle between the two subspaces: one number, in degrees and unrounded. Where both span the same
# subspace it must be 0, not `nan`. (The course's `principal_angles` computes this, and `check` would take it; the
# exercise is to write it yourself.)


# %% tags=["starter"] question="04.1"
def answer_1(A, B):
    return ...


# %% tags=["solution"] question="04.1"
def answer_1(A, B):
    # orthonormal columns that span the same subspaces, (d, k)
    Q_A, Q_B = np.linalg.qr(A.T)[0], np.linalg.qr(B.T)[0]
    cosines = np.linalg.svd(Q_A.T @ Q_B, compute_uv=False)  # (k,), largest first
    # rounding may take a cosine above 1
    return np.degrees(np.arccos(np.clip(cosines.min(), -1, 1)))


# %%
check("04.1", answer_1)
# hint("04.1")
# solution("04.1")

# %% [markdown] tags=["solution"]
# The smallest singular value of $Q_A^\top Q_B$ is the cosine of the largest angle. For angles below a millionth of a degree a
# cosine has no digits left; the course's `principal_angles` uses the sine there.

# %% [markdown]
# ## 2. Per cent above PCA
#
# Complete `answer_2(X, reconstruction, k)`. `reconstruction` has the same shape (n, d) as `X`. By how many per cent is its
# mean squared error larger than that of PCA with `k` components, fitted to `X` itself? Return one number, negative where
# the error is smaller. `X` is not centred, and `reconstruction` can have a different mean.


# %% tags=["starter"] question="04.2"
def answer_2(X, reconstruction, k):
    return ...


# %% tags=["solution"] question="04.2"
def answer_2(X, reconstruction, k):
    error = np.mean((X - reconstruction) ** 2)
    s = np.linalg.svd(X - X.mean(axis=0), compute_uv=False)  # of the centred data
    pca_error = np.sum(s[k:] ** 2) / X.size  # what PCA drops, per entry
    return 100 * (error / pca_error - 1)


# %%
check("04.2", answer_2)
# hint("04.2")
# solution("04.2")

# %% [markdown] tags=["solution"]
# This number is 0 or more for every net whose decoder is linear, if `X` are the images that PCA was fitted to. On others it
# may fall below 0, which says nothing against PCA.

# %% [markdown]
# ## 3. Two faults
#
# `answer_3(codes, W)` should find PCA's components in a trained linear net. It gets the net's `codes`, of shape (n, k), and
# the matrix `W` of its decoder, of shape (k, d); the decoder draws `codes @ W + b`. It should return the components as the
# rows of an array (k, d), the one with most variance first, with either sign. The code runs, but two things in it are
# wrong. Correct them. (The codes can have any mean, because the bias of the encoder moves it.)


# %% tags=["starter"] question="04.3"
def answer_3(codes, W):
    # L L^T is the covariance of the codes
    L = np.linalg.cholesky(codes.T @ codes / len(codes))
    _, _, components = np.linalg.svd(L @ W, full_matrices=False)
    return components


# %% tags=["solution"] question="04.3"
def answer_3(codes, W):
    codes = codes - codes.mean(axis=0)  # a covariance is one of centred codes
    L = np.linalg.cholesky(codes.T @ codes / len(codes))
    # the covariance of the reconstructions is W^T L L^T W
    _, _, components = np.linalg.svd(L.T @ W, full_matrices=False)
    return components


# %%
check("04.3", answer_3)
# hint("04.3")
# solution("04.3")

# %% [markdown] tags=["solution"]
# Both faults leave the rows orthonormal and in the right subspace. No error message and no picture of a reconstruction
# shows them; only a comparison with PCA does.

# %% [markdown]
# ## 4. Stuck at the fifth
#
# A linear net with *three* code units is stuck at a saddle: its subspace is spanned by components 1, 2 and 5, and within
# that subspace it has the smallest error possible. By how many per cent is its error on train larger than that of PCA with
# three components? You can derive it from `variances` above, without training a net. The answer is one number, unrounded.

# %% tags=["starter"] question="04.4"
answer_4 = ...

# %% tags=["solution"] question="04.4"
missed = variances[2] - variances[4]  # component 3 is lost, 5 is gained
answer_4 = 100 * missed / variances[3:].sum()  # PCA drops all from the 4th on

# %% tags=["solution"]
check_result("04.ex.stuck.above_pca", answer_4, data.name)

# %%
check("04.4", answer_4)
# hint("04.4")
# solution("04.4")

# %% [markdown] tags=["solution"]
# 1.7<!-- 04.ex.stuck.above_pca --> %: in a table of losses with four digits that is easily missed. Yet the largest angle to
# PCA's subspace is a right angle.

# %% [markdown]
# ## 5. The smallest bent decoder
#
# `bent_decoder(n_units)` builds a net with a linear encoder, two numbers of code, and a decoder that bends in
# `n_units` `elu` units before its linear output. `train` trains it for 15 epochs, about half a minute on one core;
# `above_pca` says how far it lies above PCA with two components, in per cent, on the images that it was trained on.
# What is the smallest number of units with which the net ends below PCA? The answer is a whole number. Think first:
# for which numbers do you know the outcome without training?


# %%
def bent_decoder(n_units):
    keras.utils.set_random_seed(SEED)
    return keras.Sequential(
        [
            keras.Input((784,)),
            layers.Dense(2),
            layers.Dense(n_units, activation="elu"),
            layers.Dense(784),
        ]
    )


def train(net):
    epochs = round(15 * 60_000 / len(X_train))  # as many steps on smaller data
    batches = ReconstructionBatches(X_train, batch_size=128, seed=SEED)
    rate = keras.optimizers.schedules.CosineDecay(3e-3, epochs * len(batches))
    adam = keras.optimizers.Adam(rate)
    net.compile(adam, loss="mean_squared_error", steps_per_execution=50)
    net.fit(batches, epochs=epochs, verbose=0)


def above_pca(net):
    error = net.evaluate(ReconstructionBatches(X_train, batch_size=250), verbose=0)
    return 100 * (error / pca_error_curve(pca, X_train)[1] - 1)


# %% tags=["starter"] question="04.5"
answer_5 = ...

# %% tags=["solution"] question="04.5"
# one unit draws a line, two a plane, and no plane beats PCA's: begin with two
found = {}
for n_units in (2, 3):
    net = bent_decoder(n_units)
    train(net)
    found[n_units] = above_pca(net)
    print(f"{n_units} units: {found[n_units]:+.3f} %")
answer_5 = min(n_units for n_units in found if found[n_units] < 0)

# %% tags=["solution"]
for n_units in found:
    check_result(f"04.ex.elu_{n_units}.train_above_pca", found[n_units], data.name)

# %%
check("04.5", answer_5)
# hint("04.5")
# solution("04.5")

# %% [markdown] tags=["solution"]
# Three. With two, all reconstructions lie in one plane again, and no plane beats PCA's on train: over five seeds it ended
# 0.005<!-- 04.ex.elu_2.train_above_pca:min --> to 0.06<!-- 04.ex.elu_2.train_above_pca:max --> % above. From three on the
# surface may leave the plane: -2.7<!-- 04.ex.elu_3.train_above_pca:mean --> % on average over five seeds
# (-3.1<!-- 04.ex.elu_3.train_above_pca:min --> to -2.3<!-- 04.ex.elu_3.train_above_pca:max -->).

# %% [markdown]
# ## 6. The challenge: components by training
#
# Complete `answer_6(X, k)`. It should return PCA's first `k` components of the points `X`, of shape (n, d), as the rows of an
# array (k, d): the one with most variance first, each of length 1 and within one degree of PCA's, with either sign.
# `check` calls it with a few hundred images and k = 3.
#
# An SVD of `X` does this in a line, and `check` would take it. The challenge is to get there by *training* a linear net, with
# an SVD of nothing larger than a matrix of `k` rows. Keras is one way, but it is slow to reach one degree. Is there a
# faster way to train a net that is linear?


# %% tags=["starter"] question="04.6"
def answer_6(X, k):
    return ...


# %% tags=["solution"] question="04.6"
def answer_6(X, k):
    X = X - X.mean(axis=0)
    W = np.random.default_rng(0).normal(size=(k, X.shape[1]))  # a decoder to begin with
    for _ in range(300):
        codes = np.linalg.solve(W @ W.T, W @ X.T).T  # (n, k): the best for this W
        W = np.linalg.solve(codes.T @ codes, codes.T @ X)  # (k, d): the best for these
    L = np.linalg.cholesky(codes.T @ codes / len(X))  # the codes are centred, as X is
    return np.linalg.svd(L.T @ W, full_matrices=False)[2]  # of a matrix (k, d)


# %%
check("04.6", answer_6)
# hint("04.6")
# solution("04.6")

# %% [markdown] tags=["solution"]
# The error is quadratic in the decoder alone and in the codes alone, so one step finds the best value of each.
# Improved in turn, they reach PCA's subspace (*alternating least squares*). Gradient descent gets there in small
# steps. The axes are recovered as in question 3.

# %% [markdown]
# ## Points

# %%
progress("04")

# %% tags=["solution"]
report()

# %% [markdown]
# **Back** to [lesson 4](../04_linear_autoencoder_is_pca.ipynb), or on to [lesson 5](../05_latent_manifold.ipynb). Shut
# this kernel down first (*Kernel > Shut Down Kernel*).
