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
# # Exercises for lesson 1
#
# Six questions on [Toy Gaussians](../01_toy_gaussians.ipynb): three points on a line, what is lost, three faults, the
# price of the diagonal, a net with one half that bends, and a challenge. They take a good half hour; you need not run the
# lesson first.
#
# Write your code where the three dots are, and run the cell below it: `check` says whether the answer is right, and
# if not, what to look at. Remove the leading `#` where you need help: `hint` gives the next of two or three hints,
# and `solution` shows code. All of it is also in the [solutions](../../notebooks/solutions/01_toy_gaussians.ipynb).
#
# *About 2 minutes on one core; 0.8 GB of memory.*

# %% [markdown]
# ## Setup

# %%
from course_utils import build_autoencoder, check, hint, progress, solution

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

SEED = 0
keras.utils.set_random_seed(SEED)


def mean_squared_error(X, reconstruction):
    return np.mean((X - reconstruction) ** 2)


# %% tags=["solution"]
from course_utils import check_result, report


def pca_line(X, points):
    """Return the reconstructions of points on PCA's line, fitted to X."""
    mean = X.mean(axis=0)
    v = np.linalg.eigh(np.cov(X, rowvar=False))[1][:, [-1]]
    return (points - mean) @ v @ v.T + mean


# %% [markdown]
# ## 1. Three points on a line of others
#
# `X` holds eight points. Fit PCA with $k = 1$ to them, in NumPy. Then three more points arrive, `X_new`. Where does the
# line of the eight reconstruct these three? The answer is an array of shape (3, 2): their reconstructions, in the points' own
# coordinates, one point in each row.

# %%
X = np.array([[1, 5], [2, 6], [3, 4], [4, 5], [5, 3], [6, 4], [7, 1], [8, 2]])
X_new = np.array([[9, 3], [2, 2], [6, 7]])

# %% tags=["starter"] question="01.1"
answer_1 = ...

# %% tags=["solution"] question="01.1"
# fit to the eight points: their mean, and the eigenvector of the largest eigenvalue as a column
mean = X.mean(axis=0)
eigenvalues, V = np.linalg.eigh(np.cov(X, rowvar=False))  # ascending
v = V[:, [-1]]  # (2, 1)

# encode and decode the three, with the mean and the direction of the eight
codes = (X_new - mean) @ v  # (3, 2) -> (3, 1)
answer_1 = codes @ v.T + mean  # (3, 1) -> (3, 2)

# %%
check("01.1", answer_1)
# hint("01.1")
# solution("01.1")

# %% [markdown] tags=["solution"]
# The line falls, as the cloud does. It is fitted once; every later point is centred with the mean of the eight, and
# projected on their direction. A line fitted to the three would be another one, and their codes could not be
# compared with those of the eight.

# %% [markdown]
# ## 2. What is lost, without reconstructing
#
# Complete `answer_2(X, k)`. It returns one number: the mean squared error, over all points and all coordinates, of PCA with
# `k` numbers, fitted to the points `X` of shape (n, d) and applied to them. You need not reconstruct anything: the
# covariance's eigenvalues are enough. The number has to be exact (not just for many points), for any d and for every k
# from 0 to d.


# %% tags=["starter"] question="01.2"
def answer_2(X, k):
    return ...


# %% tags=["solution"] question="01.2"
def answer_2(X, k):
    d = X.shape[1]
    cov = np.cov(X, rowvar=False, ddof=0)  # divided by n, as a mean over n points is
    eigenvalues = np.linalg.eigvalsh(cov)  # ascending: the first d - k are dropped
    return eigenvalues[: d - k].sum() / d  # a mean over d coordinates


# %%
check("01.2", answer_2)
# hint("01.2")
# solution("01.2")

# %% [markdown] tags=["solution"]
# The lesson's $\lambda_2/2$ is the case of two coordinates and one number kept. With more of them, the dropped eigenvalues
# add up, and the mean runs over $d$ coordinates. For $k = 0$ all variance is lost, for $k = d$ none.

# %% [markdown]
# ## 3. Three faults
#
# `answer_3(X, k)` should fit PCA to the points `X`, of shape (n, d), and return their reconstructions from `k` numbers,
# of the same shape; k is between 1 and d. It runs, but three of its lines have a fault each. Find and mend them.


# %% tags=["starter"] question="01.3"
def answer_3(X, k):
    mean = X.mean()  # the middle of the points
    eigenvalues, V = np.linalg.eigh(np.cov(X - mean, rowvar=False))
    order = np.argsort(eigenvalues)  # largest eigenvalue first
    V_k = V[order[:k]].T  # the first k eigenvectors as columns, (d, k)
    codes = (X - mean) @ V_k  # (n, d) -> (n, k)
    return codes @ V_k.T + mean  # (n, k) -> (n, d)


# %% tags=["solution"] question="01.3"
def answer_3(X, k):
    mean = X.mean(axis=0)  # 1: a mean for each coordinate, not one for all
    eigenvalues, V = np.linalg.eigh(np.cov(X - mean, rowvar=False))
    order = np.argsort(eigenvalues)[::-1]  # 2: argsort sorts in ascending order
    V_k = V[:, order[:k]]  # 3: the eigenvectors are the columns of V already
    codes = (X - mean) @ V_k  # (n, d) -> (n, k)
    return codes @ V_k.T + mean  # (n, k) -> (n, d)


# points on a line in space, which misses the origin: nothing may be lost
on_a_line = np.outer(np.linspace(-1, 1, 9), [1, 2, 3]) + np.array([5, 0, 1])
lost = mean_squared_error(on_a_line, answer_3(on_a_line, 1))
print("lost on a line:", lost.round(12))

# %%
check("01.3", answer_3)
# hint("01.3")
# solution("01.3")

# %% [markdown] tags=["solution"]
# None of the faults raises an error, and the shapes are right throughout. What finds them is data whose outcome is known: points on a
# line lose nothing with one number. In the plane the third fault can hide, since there `V` may equal its own
# transpose; so test in space.

# %% [markdown]
# ## 4. The price of the diagonal
#
# Points in the plane have the mean 0 and the covariance matrix
# $C = \begin{pmatrix}5 & 2\\ 2 & 2\end{pmatrix}$. Each point is reconstructed by its foot on the line through the mean that
# rises by 45 degrees. What is the mean squared error, over all points and both coordinates? The answer is one number;
# derive it on paper.

# %% tags=["starter"] question="01.4"
answer_4 = ...

# %% tags=["solution"] question="01.4"
C = np.array([[5, 2], [2, 2]])
v = np.array([1, 1]) / np.sqrt(2)  # length 1, at 45 degrees
kept = v @ C @ v  # the variance of the codes
total = np.trace(C)
answer_4 = (total - kept) / 2  # a mean over two coordinates

# %%
check("01.4", answer_4)
# hint("01.4")
# solution("01.4")

# %% [markdown] tags=["solution"]
# The diagonal keeps $v^\top C v = (5+2+2+2)/2$ of the total $5+2$; halved, the rest is the error. The eigenvalues of $C$ are 6
# and 1, so the best line loses $1/2$: the diagonal, which is not far from it, loses half as much again.

# %% [markdown]
# ## 5. Which half has to bend?
#
# The points of `bow` lie along a bow. Build the lesson's autoencoder again, 2-20-20-1-20-20-2. But only **one half** may
# bend: its two layers of 20 have relu, and those of the other half have no activation. Code and output are linear. Find out
# which half it has to be, and train the net (about 60 epochs with `batch_size=64` will do) until its error on points that it
# has not seen is below half of PCA's. The answer is the whole model, from points to reconstructions, in whatever way you
# build it.


# %%
def draw_bow(n, seed):
    rng = np.random.default_rng(seed)
    t = rng.uniform(-2, 2, n)
    return np.column_stack([t, t**2 / 2]) + rng.normal(0, 0.1, (n, 2))


bow, bow_fresh = draw_bow(1000, SEED), draw_bow(1000, SEED + 1000)

# %% tags=["starter"] question="01.5"
answer_5 = ...


# %% tags=["solution"] question="01.5"
def half(n_in, n_out, activation):
    """Return one half: two layers of 20 with this activation, and a linear one."""
    h = start = keras.Input((n_in,))
    h = layers.Dense(20, activation=activation)(h)
    h = layers.Dense(20, activation=activation)(h)
    return keras.Model(start, layers.Dense(n_out)(h))


def train_halves(encoder_activation, decoder_activation):
    encoder, decoder = half(2, 1, encoder_activation), half(1, 2, decoder_activation)
    point = keras.Input((2,))
    autoencoder = keras.Model(point, decoder(encoder(point)))
    autoencoder.compile("adam", "mean_squared_error", steps_per_execution=8)
    autoencoder.fit(bow, bow, epochs=60, batch_size=64, verbose=0)
    return autoencoder


encoder_bends = train_halves("relu", None)
answer_5 = train_halves(None, "relu")

# %% tags=["solution"]
pca_bow = mean_squared_error(bow_fresh, pca_line(bow, bow_fresh))
for name, net in (("encoder", encoder_bends), ("decoder", answer_5)):
    ratio = net.evaluate(bow_fresh, bow_fresh, verbose=0) / pca_bow
    check_result(f"01.ex.bow.{name}_bends_over_pca", ratio, "gaussians")

# %%
check("01.5", answer_5)
# hint("01.5")
# solution("01.5")


# %% [markdown] tags=["solution"]
# Errors on fresh points, over PCA's: 1.00<!-- 01.ex.bow.encoder_bends_over_pca --> if the encoder bends,
# 0.07<!-- 01.ex.bow.decoder_bends_over_pca --> if the decoder does. A linear decoder draws a straight line,
# whatever code it gets. A decoder that bends draws the bow, and its encoder can be linear, because one coordinate
# tells where along the bow a point lies. This is not so for every curve: see the next question.

# %% [markdown]
# ## 6. Challenge: the arm of a spiral
#
# The points of `arm` lie along one arm of a spiral. Make an autoencoder with **one** number in its code whose
# error, on points that it has not seen, is less than a tenth of PCA's: any layers and any training, for no more
# than a minute. The answer is the model, from points (n, 2) to reconstructions (n, 2). The lesson's own net,
# trained as there, does not get that far. (The course's `build_autoencoder`, imported above, may save you typing.
# Draw what your net does.)


# %%
def draw_arm(n, seed):
    rng = np.random.default_rng(seed)
    turn = rng.uniform(0.5, 3, n)  # half turns
    on_the_arm = [turn * np.cos(np.pi * turn), turn * np.sin(np.pi * turn)]
    return np.column_stack(on_the_arm) + rng.normal(0, 0.1, (n, 2))


arm, arm_fresh = draw_arm(1000, SEED), draw_arm(1000, SEED + 1000)

# %% tags=["starter"] question="01.6"
answer_6 = ...

# %% tags=["solution"] question="01.6"
# more units bend more; smaller batches and a larger rate get further in the same time
net = build_autoencoder(2, [64, 64], 1, activation="relu", output_activation="linear")
answer_6 = net.model
adam = keras.optimizers.Adam(0.003)
answer_6.compile(adam, "mean_squared_error", steps_per_execution=8)
history = answer_6.fit(arm, arm, epochs=150, batch_size=64, verbose=0)

# %% tags=["solution"]
pca_arm = mean_squared_error(arm_fresh, pca_line(arm, arm_fresh))
over_pca = answer_6.evaluate(arm_fresh, arm_fresh, verbose=0) / pca_arm
check_result("01.ex.arm.over_pca", over_pca, "gaussians")

# %% tags=["solution"] alt="Grey points along a spiral arm of a little more than one turn. The autoencoder's reconstructions lie on a curve along most of the arm, with a gap and a jump between its inner and its outer end; PCA's lie on a straight line across it."
ax = plt.figure(figsize=(6, 5)).gca()
ax.plot(*arm_fresh.T, ".", color="lightgrey", label="fresh points")
ax.plot(*pca_line(arm, arm_fresh).T, "s", markersize=3, label="PCA")
ax.plot(*answer_6.predict_on_batch(arm_fresh).T, "o", markersize=3, label="autoencoder")
ax.set(aspect="equal", xlabel="x 1", ylabel="x 2")
ax.set_title("One number for each point of the arm")
ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %%
check("01.6", answer_6)
# hint("01.6")
# solution("01.6")

# %% [markdown] tags=["solution"]
# On fresh points the error is on average 0.04<!-- 01.ex.arm.over_pca:mean --> of PCA's, over five seeds; from start
# to start it varies between 0.03<!-- 01.ex.arm.over_pca:min --> and 0.07<!-- 01.ex.arm.over_pca:max -->. That is
# what the bends buy. Part of the price is the spread; the rest is thousands of parameters and some trial and error.
# In some runs the curve leaves the arm in places or jumps between its turns, and still beats PCA more than tenfold.
# No straight coordinate tells the turns of the arm apart, so here the encoder has to bend, too.

# %% [markdown]
# ## Points

# %%
progress("01")

# %% tags=["solution"]
report()

# %% [markdown]
# **Back** to [lesson 1](../01_toy_gaussians.ipynb), or on to [lesson 2](../02_mnist_pca.ipynb). Shut this kernel down
# first (*Kernel > Shut Down Kernel*).
