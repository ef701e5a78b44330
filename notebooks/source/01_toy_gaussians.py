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
# # 1. Toy Gaussians
#
# **What do PCA and an autoencoder keep of two dimensions, when they may keep only one?**
#
# After this lesson you will be able to
#
# - compute principal component analysis (PCA) yourself, from the covariance to the reconstruction;
# - build and train an autoencoder in Keras, and take it apart into its encoder and its decoder;
# - say what a non-linear code buys on top of a linear one, and what it costs.
#
# *About 1 minute on one core; 0.9 GB of memory.*

# %% [markdown]
# ## Setup

# %%
from course_utils import build_autoencoder, check_result, make_two_gaussians, report
from course_utils.plotting import plot_codes, set_style

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

SEED = 0
keras.utils.set_random_seed(SEED)
set_style()

# %% [markdown]
# ## Two numbers in, one number kept
#
# *Unsupervised* learning has data $x$ and no labels to predict. One thing it can do is **dimension reduction**: an
# *encoder* $h = f(x)$ writes each point with fewer numbers, its *code*, and a *decoder* $r = g(h)$ makes a
# *reconstruction* from the code. Both are chosen so that $r$ is close to $x$. What the code cannot hold is lost.
#
# Our data are two clouds of 1000 points in the plane, so that everything can be seen. (In all lessons `check_result`
# prints a measured figure beside the range in which it should lie; should yours lie outside, nothing stops. `report`
# lists them all at the end.)

# %%
X, labels = make_two_gaussians(seed=SEED)
X.shape, X.mean(axis=0).round(2)

# %% alt="Scatter plot of two elongated, parallel clouds of points, both rising to the right; cloud 0 lies left, cloud 1 right."
ax = plot_codes(X, labels, names=("x 1", "x 2"), title="Two Gaussians, 1000 points each")
ax.set_aspect("equal")
plt.show()

# %% [markdown]
# Both clouds have the covariance matrix $\begin{pmatrix}1 & 0.9\\ 0.9 & 1\end{pmatrix}$: long from lower left to upper
# right, thin across. They lie side by side. We are going to keep **one** number per point.
#
# > **Predict first.** If the code is one number and encoder and decoder are linear, all reconstructions lie on one
# > straight line. Which line would you draw through this picture?

# %% [markdown]
# ## PCA, step by step
#
# PCA answers with the direction of largest variance: what a line does not keep of the variance is the error, so the line
# that keeps most loses least. The points are the rows of $X$, centred. Take their covariance matrix, its eigenvectors (the
# columns of $V$) and its eigenvalues (the diagonal matrix $D$),
#
# $$\mathrm{Cov}(X) = V D V^\top ,$$
#
# sort them by eigenvalue, keep the first $k$ as the columns of $V_k$. The code is $X V_k$, the reconstruction
# $X V_k V_k^\top$: PCA's encoder multiplies by $V_k$, its decoder by $V_k^\top$ (Pearson 1901, Hotelling 1933).


# %%
class StepByStepPCA:
    """PCA in four short methods; rows of X are points."""

    def fit(self, X, k):
        self.mean = X.mean(axis=0)
        cov = np.cov(X - self.mean, rowvar=False)  # (2, 2)
        self.eigenvalues, V = np.linalg.eigh(cov)  # ascending
        order = np.argsort(self.eigenvalues)[::-1]  # largest first
        self.eigenvalues, self.V_k = self.eigenvalues[order], V[:, order[:k]]
        return self

    def encode(self, X):
        return (X - self.mean) @ self.V_k  # (n, 2) -> (n, k)

    def decode(self, codes):
        return codes @ self.V_k.T + self.mean  # (n, k) -> (n, 2)

    def predict(self, X):
        return self.decode(self.encode(X))


# %% [markdown]
# The error of a reconstruction is the **mean squared error** over all points and both coordinates. The neural network
# below will be measured by the same error.


# %%
def mean_squared_error(X, reconstruction):
    return np.mean((X - reconstruction) ** 2)


pca = StepByStepPCA().fit(X, k=1)
print("eigenvalues", pca.eigenvalues.round(3))
print("error of PCA", mean_squared_error(X, pca.predict(X)).round(3))
print(f"its line rises at {np.degrees(np.arctan(pca.V_k[1, 0] / pca.V_k[0, 0])):.0f} degrees")

# %% [markdown]
# Did you draw a line along the clouds, at 45 degrees? PCA's rises less: it has to keep the distance between the clouds,
# too. You will see it in the last picture of this lesson.
#
# Eigenvalues and error belong together. What PCA loses is the variance across its line, the second eigenvalue
# $\lambda_2$, and the mean over two coordinates halves it: **error = $\lambda_2/2$**. For the distribution itself
# (rather than these 2000 draws) $\lambda_2/2$ is 0.3090<!-- 01.pca.exact -->.

# %%
means = np.array([[-1.1, 0.1], [1.1, -0.1]])
covariance = np.array([[1, 0.9], [0.9, 1]]) + means.T @ means / 2
lambda_2 = np.linalg.eigvalsh(covariance)[0]
check_result("01.pca.exact", lambda_2 / 2, "gaussians")
check_result("01.pca.error", mean_squared_error(X, pca.predict(X)), "gaussians")

# %% [markdown]
# `covariance` above is the covariance *within* the clouds plus the one *between* their means: the mixture's
# covariance. Over many draws of 2000 points the error scatters around the exact value with a standard deviation of
# 0.007<!-- 01.pca.sd -->, measured here:

# %%
draws = [make_two_gaussians(seed=seed)[0] for seed in range(200)]
errors = [mean_squared_error(D, StepByStepPCA().fit(D, k=1).predict(D)) for D in draws]
check_result("01.pca.sd", np.std(errors), "gaussians")

# %% [markdown]
# ## Traps of hasty PCA code
#
# PCA is ten lines, and four of them can be wrong without any error message. Each trap below runs, and returns
# numbers that look like results.
#
# **Trap 1: not centring in `fit`.** Data that lie around (3, 3) instead of the origin:


# %%
class UncentredPCA(StepByStepPCA):
    def fit(self, X, k):
        self.mean = np.zeros(X.shape[1])  # the trap
        eigenvalues, V = np.linalg.eigh(X.T @ X / len(X))
        self.V_k = V[:, np.argsort(eigenvalues)[::-1][:k]]
        return self


X_shifted = X + 3
print("centred  ", mean_squared_error(X_shifted, StepByStepPCA().fit(X_shifted, 1).predict(X_shifted)).round(3))
check_result(
    "01.trap_uncentred.error",
    mean_squared_error(X_shifted, UncentredPCA().fit(X_shifted, 1).predict(X_shifted)),
    "gaussians",
)

# %% [markdown]
# The first direction now points almost from the origin to the data, hardly caring for their own shape: the error rises to
# about 0.395<!-- 01.trap_uncentred.error -->, while centred PCA does not notice the shift at all.
#
# **Trap 2: the mean in `predict` only.** If `encode` and `decode` forget the mean, `predict(X)` is not
# `decode(encode(X))`, and a code handed to somebody else decodes to the wrong place:


# %%
class ForgetfulPCA(StepByStepPCA):
    def encode(self, X):
        return X @ self.V_k  # the trap: no mean

    def decode(self, codes):
        return codes @ self.V_k.T

    def predict(self, X):
        return (X - self.mean) @ self.V_k @ self.V_k.T + self.mean


trap = ForgetfulPCA().fit(X_shifted, k=1)
print(
    "predict(X) equals decode(encode(X)):",
    np.allclose(trap.predict(X_shifted), trap.decode(trap.encode(X_shifted))),
)

# %% [markdown]
# **Trap 3: eigenvectors not sorted.** `np.linalg.eigh` returns the smallest eigenvalue first, `np.linalg.eig` promises no
# order at all. Take the first column as it comes, and the code keeps the *thin* direction:


# %%
class UnsortedPCA(StepByStepPCA):
    def fit(self, X, k):
        self.mean = X.mean(axis=0)
        self.V_k = np.linalg.eigh(np.cov(X, rowvar=False))[1][:, :k]  # the trap: smallest first
        return self


check_result("01.trap_unsorted.error", mean_squared_error(X, UnsortedPCA().fit(X, 1).predict(X)), "gaussians")

# %% [markdown]
# About 1.3<!-- 01.trap_unsorted.error -->: now the *large* eigenvalue is lost, and the error is $\lambda_1/2$. That is
# four times the error, and nothing complained.
#
# **Trap 4: `fit` that reads a global variable** instead of its own argument. It works in the notebook in which it was
# written, and gives every other data set the first one's axes:


# %%
class GlobalPCA(StepByStepPCA):
    def fit(self, data, k):
        return super().fit(X, k)  # the trap: X is the notebook's, not ours


turned = X @ np.array([[0, 1], [-1, 0]])  # our data turned by 90 degrees
print("own data     ", mean_squared_error(turned, StepByStepPCA().fit(turned, 1).predict(turned)).round(3))
print("global's axes", mean_squared_error(turned, GlobalPCA().fit(turned, 1).predict(turned)).round(3))

# %% [markdown]
# ## An autoencoder
#
# Now let $f$ and $g$ bend. An **autoencoder** is a neural network trained to return its input through a narrow layer,
# the *bottleneck*. Ours has 20 + 20 relu units on the way to one linear number, and 20 + 20 on the way back. (*relu*
# passes on the positive part of its input, $\max(0, x)$: this is what bends.)
#
# In Keras, `keras.Input` stands for data to come, and `layers.Dense(20)` is a layer: calling it, `layers.Dense(20)(h)`,
# connects it to what came before. `keras.Model(a, b)` is everything between `a` and `b`. We build the encoder and the
# decoder as models of their own, and join them.

# %%
point = keras.Input((2,), name="point")
h = layers.Dense(20, activation="relu")(point)  # (n, 2) -> (n, 20)
h = layers.Dense(20, activation="relu")(h)
code = layers.Dense(1, name="bottleneck")(h)  # (n, 20) -> (n, 1), linear
encoder = keras.Model(point, code, name="encoder")

# %%
latent = keras.Input((1,), name="code")
h = layers.Dense(20, activation="relu")(latent)  # (n, 1) -> (n, 20)
h = layers.Dense(20, activation="relu")(h)
decoder = keras.Model(latent, layers.Dense(2, name="reconstruction")(h), name="decoder")

# %%
autoencoder = keras.Model(point, decoder(encoder(point)), name="autoencoder")

# %% [markdown]
# > **Predict first.** How many parameters does it have? A dense layer from $m$ to $n$ units has $m \cdot n$ weights and
# > $n$ biases. Count before you read on.

# %% tags=["nbval-check-output"]
sizes = [2, 20, 20, 1, 20, 20, 2]
by_hand = [m * n + n for m, n in zip(sizes, sizes[1:])]
print(*by_hand, sep=" + ", end=f" = {sum(by_hand)}\n")
print("Keras counts", autoencoder.count_params())

# %%
autoencoder.summary(expand_nested=True, line_length=72, print_fn=print)
check_result("01.ae.n_parameters", autoencoder.count_params(), "gaussians")

# %% [markdown]
# 1003<!-- 01.ae.n_parameters --> parameters, where PCA has four (a direction and a mean). Next comes the **loss**: what
# training makes small. It is the mean squared error again, this time written with Keras's operations, so that it can be
# differentiated: one number per point, over which Keras takes the mean. `compile` says how to train; *Adam* is gradient
# descent that adapts its step to each weight; the *learning rate*, 0.001 by default, scales all of its steps.


# %%
def reconstruction_loss(x, reconstruction):
    return keras.ops.mean(keras.ops.square(x - reconstruction), axis=-1)


autoencoder.compile(optimizer=keras.optimizers.Adam(), loss=reconstruction_loss)
before = autoencoder.evaluate(X, X, verbose=0)
autoencoder.compile(optimizer=keras.optimizers.Adam(), loss="mean_squared_error")
print("same loss by its name:", np.isclose(before, autoencoder.evaluate(X, X, verbose=0)))

# %% [markdown]
# The name `"mean_squared_error"` stands for that very loss, and we use it from now on. `fit(X, X)` says: the input is also
# the target. 200 epochs (passes over the data) in batches of 128 points take some seconds to a minute.

# %% alt="Line plot of the training loss over 200 epochs: it falls steeply to PCA's dashed line within ten epochs, then slowly well below it."
history = autoencoder.fit(X, X, epochs=200, batch_size=128, verbose=0).history["loss"]
ax = plt.gca()
ax.plot(history, label="autoencoder, train (mean over each epoch)")
ax.axhline(lambda_2 / 2, color="black", linestyle="--", label="PCA, exact")
ax.set(xlabel="epoch", ylabel="mean squared error", ylim=(0, 1), title="The loss while training")
ax.legend(frameon=False)
plt.show()

# %% [markdown]
# The curve needs about ten epochs to get to PCA's line, goes slowly on, and ends well below it. That alone proves
# nothing: a model with a thousand parameters might have learnt these 2000 points by heart. So we ask **fresh data**,
# drawn from the same distribution and never seen in training.

# %%
X_fresh, labels_fresh = make_two_gaussians(seed=SEED + 1000)
pca_fresh = mean_squared_error(X_fresh, pca.predict(X_fresh))
ae_fresh = autoencoder.evaluate(X_fresh, X_fresh, verbose=0)
check_result("01.pca.fresh_error", pca_fresh, "gaussians")
check_result("01.ae.fresh_error", ae_fresh, "gaussians")
check_result("01.ae.fresh_error_over_pca", ae_fresh / pca_fresh, "gaussians")

# %% [markdown]
# About 0.18<!-- 01.ae.fresh_error --> on fresh data against PCA's 0.30<!-- 01.pca.fresh_error -->: the gain is real.
# What does it look like?
#
# > **Predict first.** PCA's reconstructions lie on a straight line. The decoder gets one number and returns a point.
# > What shape can its reconstructions have? Sketch one that stays close to both clouds.

# %% alt="The two clouds in grey with two sets of reconstructions: PCA's on one straight line through the middle, the autoencoder's on a bent curve that runs along most of one cloud, crosses over, and runs along most of the other."
fig, ax = plt.subplots(figsize=(7, 5))
ax.plot(*X_fresh.T, ".", color="lightgrey", label="fresh data")
ax.plot(*pca.predict(X_fresh).T, "s", markersize=3, label="PCA")
ax.plot(*autoencoder.predict(X_fresh, verbose=0).T, "o", markersize=3, label="autoencoder")
ax.set(aspect="equal", xlabel="x 1", ylabel="x 2", title="Reconstructions from one number")
ax.legend(frameon=False, loc="upper left")
plt.show()

# %% [markdown]
# The autoencoder's reconstructions lie on one bent curve: along most of one cloud, across, along most of the other. It
# leaves out the upper end of the left cloud and the lower end of the right one. The decoder is a continuous function of
# one number, so a curve is all it can draw, but it may bend where PCA's may not.
#
# The three models share their weights: the joined model **is** the decoder after the encoder.

# %% tags=["nbval-check-output"]
codes = encoder.predict(X_fresh, verbose=0)
assert np.allclose(autoencoder.predict(X_fresh, verbose=0), decoder.predict(codes, verbose=0), atol=1e-5)
print("autoencoder(X) equals decoder(encoder(X))")

# %% [markdown]
# ## What the bend costs
#
# PCA has one solution, and finds it without luck. The autoencoder starts from random weights and walks downhill to
# *some* curve; another start ends in another. Over five seeds (data, start and all) the error on fresh data lay between
# 0.15<!-- 01.ae.fresh_error:min --> and 0.18<!-- 01.ae.fresh_error:max -->. Always ask for the spread, not
# only for the best run.
#
# One choice above mattered more than it seemed: the code is *linear*. A relu unit returns 0 for every negative input.
# If the only unit of the bottleneck is negative for all points, its gradient is 0 for all points too: it is **dead**,
# and no training wakes it up.
#
# We try ten starts with a relu code, for 20 epochs each. `build_autoencoder` builds just what you built above by hand.

# %%
errors_relu_code = []
for start in range(10):
    keras.utils.set_random_seed(100 * SEED + start)
    relu_code = build_autoencoder(
        2, [20, 20], 1, activation="relu", output_activation="linear", latent_activation="relu"
    )
    relu_code.model.compile(optimizer="adam", loss="mean_squared_error", jit_compile=False)
    relu_code.model.fit(X, X, epochs=20, batch_size=128, verbose=0)
    errors_relu_code.append(relu_code.model.evaluate(X_fresh, X_fresh, verbose=0))
print("errors of ten starts:", np.round(np.sort(errors_relu_code), 2))
check_result("01.relu_code.n_dead", np.sum(np.array(errors_relu_code) > 1.5), "gaussians")

# %% [markdown]
# Some starts, none or a few in ten, end near 1.6<!-- 01.relu_code.dead_error -->. That is the variance of the data,
# $(\lambda_1+\lambda_2)/2$: the decoder got the code 0 for every point and could only answer with the mean. A linear
# unit cannot die. That is why the maps of two numbers in the following lessons have linear codes; lesson 6 has 32 relu
# units in its code, and can spare a few.

# %%
check_result("01.relu_code.dead_error", np.trace(covariance) / 2, "gaussians")

# %% [markdown]
# ## Exercises
#
# Three exercises, each with a cell to work in, a solution that runs and an answer: [exercises to this
# lesson](exercises/01_toy_gaussians.ipynb). They are about how far an uncentred PCA can go wrong, a net without bends,
# and a bottleneck of two.

# %% [markdown]
# ## Recap
#
# - PCA encodes with $V_k$ and decodes with $V_k^\top$, after centring and sorting; it loses the eigenvalues it drops.
# - An autoencoder learns both maps by making the reconstruction error small. Its reconstructions may bend.
# - The bend is worth more than a third of the error here, and costs a spread over seeds.

# %%
report()

# %% [markdown]
# **Next:** [2. MNIST by PCA](02_mnist_pca.ipynb) - how far do straight lines go on digits? Shut this kernel down first
# (*Kernel > Shut Down Kernel*): two kernels together fill nearly all the memory that Binder gives.
