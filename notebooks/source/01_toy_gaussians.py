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
# *About 2 minutes on one core; 1.1 GB of memory.*

# %% [markdown]
# ## Setup

# %%
from course_utils import Film, FilmRecorder, LineExplorer, build_autoencoder, check_result, make_two_gaussians, predict
from course_utils import report
from course_utils.plotting import PALETTE, plot_codes, set_style

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
# prints a measured figure beside the range in which it should lie; should yours lie outside, nothing stops. Where a
# question tells you to *predict first*, `predict` may give you a place for your answer. It only notes it: what you said
# is shown beside what came out as soon as that is measured. Nothing waits for an answer. `report` lists them all at the
# end. `SEED` fixes all random draws. Where a text speaks of *five seeds*, we ran the whole lesson five times, each time
# with other draws; you see one of these runs.)

# %%
X, labels = make_two_gaussians(seed=SEED)
X.shape, X.mean(axis=0).round(2)

# %% alt="Scatter plot of two elongated, parallel clouds of points, both rising to the right; cloud 0 lies left, cloud 1 right."
ax = plot_codes(X, labels, names=("x 1", "x 2"), title="Two Gaussians, 1000 points each")
ax.set_aspect("equal")
plt.show()

# %% [markdown]
# Both clouds have the covariance matrix $\begin{pmatrix}1 & 0.9\\ 0.9 & 1\end{pmatrix}$: long from lower left to upper
# right, thin across. Their means are $(-1.1, 0.1)$ and $(1.1, -0.1)$, so they lie side by side. We are going to keep **one**
# number per point.
#
# > **Predict first.** If the code is one number and encoder and decoder are linear, all reconstructions lie on one
# > straight line. Which line would you draw through this picture? How many degrees does it rise?

# %%
predict("01.line.best_angle", "How far does the best line rise?", unit="degrees")

# %% [markdown]
# ## A line that turns
#
# We try it. A line through the mean reconstructs each point by the foot of the perpendicular on it, which is the nearest
# point of the line. What it misses, the *residual*, makes the error: the **mean squared error** over all points and both
# coordinates. The neural network below will be measured by the same error.


# %%
def mean_squared_error(X, reconstruction):
    return np.mean((X - reconstruction) ** 2)


def direction(angle):
    return np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])


def on_line(X, angle):
    """Return the feet of the points on the line through their mean that rises by `angle` degrees."""
    v, mean = direction(angle), X.mean(axis=0)
    return np.outer((X - mean) @ v, v) + mean  # (n, 2) -> (n,) -> (n, 2)


def line_error(X, angle):
    return mean_squared_error(X, on_line(X, angle))


# %% [markdown]
# Turn it yourself, until the error is as small as you can make it. The code behind the picture gives the angle as
# `line.angle`, and takes one: try `line.angle = 45`.

# %% tags=["line"]
line = LineExplorer(X)
line

# %% [markdown]
# Now the computer turns it by one degree at a time. We keep five angles for a picture: the best, the one at right angles
# to it, both axes and the diagonal.

# %%
turns = np.arange(181)  # degrees; at 180 the line is the one at 0 again
turn_errors = [line_error(X, angle) for angle in turns]
best = turns[np.argmin(turn_errors)]
angles = [0, best, 45, 90, best + 90]


# %%
def draw_line(X, angle, ax):
    """Draw the points, the line at this angle, and the residual of every 40th point."""
    ends = np.stack([X, on_line(X, angle)])[:, ::40]  # (2, n, 2): the point and its foot
    ax.plot(*X.T, ".", color="lightgrey", markersize=2)
    ax.plot(*ends.transpose(2, 0, 1), color=PALETTE[3], linewidth=1)
    ax.axline(X.mean(axis=0), X.mean(axis=0) + direction(angle), color="black")
    ax.set(aspect="equal", xlim=(-4.5, 4.5), ylim=(-4.5, 4.5))
    ax.set_title(f"{angle} degrees: error {line_error(X, angle):.3f}")


# %% alt="Six panels. Five show the grey cloud, a black line through its middle at 0, 27, 45, 90 or 117 degrees, and residuals from sample points to the line: short at 27 and 45 degrees, long at 90 and 117. The sixth shows the error against the angle, one smooth wave with these five marked: lowest at 27 degrees, a little higher at 45, highest at 117."
fig, axes = plt.subplots(2, 3, figsize=(10, 6.4))
for ax, angle in zip(axes.flat, angles):
    draw_line(X, angle, ax)
ax = axes[1, 2]
ax.plot(turns, turn_errors, color="black")
ax.plot(angles, [line_error(X, angle) for angle in angles], "o", color=PALETTE[3])
ax.axvline(best, color="grey", linestyle=":")
ax.set(xticks=[*angles, 180], xlabel="angle of the line (degrees)", ylabel="mean squared error", ylim=(0, None))
plt.show()

# %%
check_result("01.line.best_angle", best, "gaussians")
check_result("01.line.error_at_45", line_error(X, 45), "gaussians")

# %% [markdown]
# Did you draw a line along the clouds, at 45 degrees? It loses 0.404<!-- 01.line.error_at_45 -->. The best one rises by
# only 27<!-- 01.line.best_angle --> degrees and loses 0.311<!-- 01.pca.error -->: perhaps because it has to keep the
# distance between the clouds, too. If so, clouds without a distance need no compromise. We move both to the origin:

# %%
cloud_means = np.array([X[labels == cloud].mean(axis=0) for cloud in (0, 1)])
X_together = X - cloud_means[labels]  # each cloud around the origin
best_together = turns[np.argmin([line_error(X_together, angle) for angle in turns])]
check_result("01.line.best_angle_together", best_together, "gaussians")

# %% [markdown]
# Now the best line does rise by 45<!-- 01.line.best_angle_together --> degrees. The shape of the clouds is the same as
# before, only the distance is gone: so it was the distance that turned the line.

# %% [markdown]
# ## Why the best line is an eigenvector
#
# **Most variance is least error.** From the mean to a point, to its foot on the line and back to the mean is a triangle
# with a right angle at the foot. By Pythagoras, its two legs squared, code and residual, add up to the point's squared
# distance from the mean, and no line changes that. So the line that keeps most of the variance loses least:

# %%
for angle in angles:
    kept = np.sum(on_line(X, angle).var(axis=0)) / 2  # halved like the error: two coordinates
    lost = line_error(X, angle)
    print(f"{angle:3d} degrees: {kept:.3f} kept + {lost:.3f} lost = {kept + lost:.3f}")

# %% [markdown]
# **Most variance is an eigenvector.** Let $C$ be the covariance matrix and $v$ a direction of length 1. The codes along $v$
# have the variance $v^\top C v$ (with the centred points as the rows of $X$ they are $Xv$, and their mean square is
# $v^\top X^\top X v / n$). To make it largest while $v^\top v = 1$, subtract the condition with a Lagrange multiplier
# $\lambda$ and set the derivative to zero:
#
# $$\nabla_v \big( v^\top C v - \lambda\,(v^\top v - 1) \big) = 2\,C v - 2\lambda v = 0 \quad\Rightarrow\quad C v = \lambda v .$$
#
# So $v$ is an eigenvector, and what it keeps is $v^\top C v = \lambda\, v^\top v = \lambda$: take the **largest**. The
# smallest eigenvalue belongs to the worst line, the last one in the picture, at right angles to the best.

# %% [markdown]
# ## PCA, step by step
#
# PCA computes this line, and in more dimensions the best plane. The points are the rows of $X$, centred. Take their
# covariance matrix, its eigenvectors (the columns of $V$) and its eigenvalues (the diagonal matrix $D$),
#
# $$\mathrm{Cov}(X) = V D V^\top ,$$
#
# sort them by eigenvalue, keep the first $k$ as the columns of $V_k$. The code is $X V_k$, the reconstruction
# $X V_k V_k^\top$: PCA's encoder multiplies by $V_k$, its decoder by $V_k^\top$
# (Pearson 1901<!-- cite: pearson1901 -->, Hotelling 1933<!-- cite: hotelling1933 -->).


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


# %%
pca = StepByStepPCA().fit(X, k=1)
print("eigenvalues", pca.eigenvalues.round(3))
check_result("01.pca.angle", np.degrees(np.arctan(pca.V_k[1, 0] / pca.V_k[0, 0])), "gaussians")
check_result("01.pca.error", mean_squared_error(X, pca.predict(X)), "gaussians")
check_result("01.pca.half_lambda_2", pca.eigenvalues[1] / 2, "gaussians")

# %% [markdown]
# The angle and the error are those of the best line above: what took 181 tries there is one eigenvector.
#
# What PCA loses is the variance across its line, the second eigenvalue $\lambda_2$, and the mean over two coordinates
# halves it: **error = $\lambda_2/2$**. As coded, the error is 0.3113<!-- 01.pca.error --> and $\lambda_2/2$ is
# 0.3115<!-- 01.pca.half_lambda_2 -->, because `np.cov` divides by $n-1$ and the mean squared error by $n$: their ratio
# is $(n-1)/n$ = 0.9995<!-- 01.pca.error_over_half_lambda_2 -->. For the distribution itself (rather than these 2000
# draws) $\lambda_2/2$ is 0.3090<!-- 01.pca.exact -->.

# %%
error_over_half_lambda_2 = mean_squared_error(X, pca.predict(X)) / (pca.eigenvalues[1] / 2)
check_result("01.pca.error_over_half_lambda_2", error_over_half_lambda_2, "gaussians")
means = np.array([[-1.1, 0.1], [1.1, -0.1]])
covariance = np.array([[1, 0.9], [0.9, 1]]) + means.T @ means / 2
lambda_2 = np.linalg.eigvalsh(covariance)[0]
check_result("01.pca.exact", lambda_2 / 2, "gaussians")

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
# numbers that look like results. At the end you will see all four in one picture.
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
trap_1 = UncentredPCA().fit(X_shifted, k=1)
check_result("01.trap_uncentred.error", mean_squared_error(X_shifted, trap_1.predict(X_shifted)), "gaussians")
trap_1_angle = np.degrees(np.arctan(trap_1.V_k[1, 0] / trap_1.V_k[0, 0]))
check_result("01.trap_uncentred.angle", trap_1_angle, "gaussians")

# %% [markdown]
# The first direction now rises by 43<!-- 01.trap_uncentred.angle --> degrees: almost the 45 at which the data's mean is seen
# from the origin, and far from PCA's 27<!-- 01.pca.angle -->. The error rises to about
# 0.395<!-- 01.trap_uncentred.error -->, while centred PCA does not notice the shift at all.
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


trap_2 = ForgetfulPCA().fit(X_shifted, k=1)
print("error of predict(X)", mean_squared_error(X_shifted, trap_2.predict(X_shifted)).round(3))
decoded = trap_2.decode(trap_2.encode(X_shifted))
check_result("01.trap_forgetful.error", mean_squared_error(X_shifted, decoded), "gaussians")

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
# written, and gives every other data set the first one's mean and axes:

# %%
turned = X @ np.array([[0, 1], [-1, 0]])  # an older data set of the notebook: ours, turned by 90 degrees


class GlobalPCA(StepByStepPCA):
    def fit(self, X, k):
        return super().fit(turned, k)  # the trap: the notebook's variable, not the argument


print("the notebook's data", mean_squared_error(turned, GlobalPCA().fit(turned, 1).predict(turned)).round(3))
trap_4 = GlobalPCA().fit(X_shifted, k=1)
check_result("01.trap_global.error", mean_squared_error(X_shifted, trap_4.predict(X_shifted)), "gaussians")

# %% [markdown]
# A linear decoder with one number can draw one line. Here is each trap's line, all fitted to the shifted data, with the
# error of `decode(encode(X))`.

# %% alt="The cloud around the point 3, 3 in grey with five lines. PCA, solid, runs through its middle, rising gently. Trap 1 runs through the origin and the middle, steeper. Trap 2 is parallel to PCA but lower, through the origin, along the lower part of the cloud. Trap 3 crosses PCA at right angles in the middle. Trap 4 is parallel to trap 3 and passes through the origin, left of nearly all points."
trap_3 = UnsortedPCA().fit(X_shifted, k=1)
models = {"PCA": StepByStepPCA().fit(X_shifted, k=1), "1 not centred": trap_1, "2 mean forgotten": trap_2}
models |= {"3 not sorted": trap_3, "4 global variable": trap_4}
fig, ax = plt.subplots(figsize=(8.5, 5.5))
ax.plot(*X_shifted.T, ".", color="lightgrey", markersize=3)
styles = ["-", "--", "-.", ":", (0, (8, 3))]
for (name, model), style, color in zip(models.items(), styles, ["black", *PALETTE]):
    error = mean_squared_error(X_shifted, model.decode(model.encode(X_shifted)))
    ends = model.decode(np.array([[-15], [15]]))
    ax.plot(*ends.T, color=color, linestyle=style, linewidth=2.5, label=f"{name}: {error:.2f}")
ax.plot(0, 0, "k+", markersize=16, markeredgewidth=2, label="the origin")
ax.set(aspect="equal", xlim=(-2.5, 8), ylim=(-2.5, 8), xlabel="x 1", ylabel="x 2", title="Four traps and their errors")
ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %% [markdown]
# Trap 1 goes through the origin and the middle of the cloud. Trap 2 has PCA's direction, but starts at the origin, so
# that it runs through the cloud's lower part (1.17<!-- 01.trap_forgetful.error -->). Trap 3 has the right middle and the
# worst direction. Trap 4 is the line of another data set and passes nearly all points by
# (9.6<!-- 01.trap_global.error -->). None of them complained. One comparison finds all four here: is the error of
# `decode(encode(X))` half the data's own second eigenvalue?

# %% [markdown]
# Lay your own line through the shifted data, and compare it with those of the traps: choose whose line is shown.

# %% tags=["line-traps"]
lines = {name: model.decode(np.array([[0], [1]])) for name, model in models.items()}  # two points of each
line_traps = LineExplorer(X_shifted, lines)
line_traps

# %% [markdown]
# ## An autoencoder
#
# Now let $f$ and $g$ bend. An **autoencoder** is a neural network trained to return its input through a narrow layer,
# the *bottleneck*. Ours has 20 + 20 relu units on the way to one linear number, and 20 + 20 on the way back. (*relu*
# passes on the positive part of its input, $\max(0, x)$: this is what bends.)
#
# In Keras, `keras.Input` stands for data to come, and `layers.Dense(20)` is a layer: calling it, `layers.Dense(20)(h)`,
# connects it to what came before. It computes $a(hW + b)$, with a matrix $W$ of weights, a row $b$ of biases and the
# activation $a$ (without one it is linear). `keras.Model(a, b)` is everything between `a` and `b`. We build the encoder and
# the decoder as models of their own, and join them. In this code `h` is what a hidden layer returns.

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

# %%
predict("01.ae.n_parameters", "How many parameters does the autoencoder have?")

# %% tags=["nbval-check-output"]
sizes = [2, 20, 20, 1, 20, 20, 2]
by_hand = [m * n + n for m, n in zip(sizes, sizes[1:])]
print(*by_hand, sep=" + ", end=f" = {sum(by_hand)}\n")
print("Keras counts", autoencoder.count_params())

# %%
autoencoder.summary(expand_nested=True, line_length=72, print_fn=print)
check_result("01.ae.n_parameters", autoencoder.count_params(), "gaussians")

# %% [markdown]
# 1003<!-- 01.ae.n_parameters --> parameters, where PCA has four (a direction and a mean). (`None` in the summary stands for
# the number of points, which is not known yet.) Next comes the **loss**: what
# training makes small. It is the mean squared error again, this time written with Keras's operations, so that it can be
# differentiated: one number per point, over which Keras takes the mean. `compile` says how to train; *Adam* is gradient
# descent that adapts its step to each weight; the *learning rate*, 0.001 by default, scales all of its steps. `evaluate`
# returns the loss without training; `verbose=0` keeps Keras from drawing a progress bar.


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
recorder = FilmRecorder(X[::4], encoder, decoder)  # points of both clouds; for a film, below
history = autoencoder.fit(X, X, epochs=200, batch_size=128, verbose=0, callbacks=[recorder]).history["loss"]
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
# About 0.18<!-- 01.ae.fresh_error --> on fresh data against PCA's 0.30<!-- 01.pca.fresh_error -->: the net has not just
# learnt its points by heart. What does the gain look like?
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
# How did the curve get there? While the net trained, `recorder` kept the decoder's curve, every step at first and then
# ever more rarely. Play the film.

# %% tags=["film"] alt="A film of the training: over the two clouds the decoder's curve begins as a short line and bends to run along one cloud, across, and along the other; beside it the error falls below PCA's dashed line."
Film(recorder, pca_mse=lambda_2 / 2)

# %% [markdown]
# Now train one yourself: it is the same net. Before you change its activation, its seed or the points, say what the
# curve will do.

# %% tags=["playground"] alt="A playground: two clouds of points, PCA's line and the decoder's curve through them, the loss beside PCA's error, and buttons to train the net and to change it."
from course_utils import Playground

Playground()

# %% [markdown]
# The three models share their weights: the joined model **is** the decoder after the encoder.

# %% tags=["nbval-check-output"]
codes = encoder.predict(X_fresh, verbose=0)
assert np.allclose(autoencoder.predict(X_fresh, verbose=0), decoder.predict(codes, verbose=0), atol=1e-5)
print("autoencoder(X) equals decoder(encoder(X))")

# %% [markdown]
# ## What the bend costs
#
# PCA has one solution for its data, and finds it without luck. The autoencoder starts from random weights and walks
# downhill to *some* curve. We train it from five starts, on the same batches of the same data: only the first weights
# differ. `build_autoencoder` builds just what you built above by hand, and returns the three models together, as `.encoder`,
# `.decoder` and `.model`; `2, [20, 20], 1` are the numbers of inputs, of hidden units and of codes.
#
# To save time we train all nets in one `fit`, as one model with many outputs, each with a loss of its own. They share no
# weights, so none learns from another.


# %%
def build(start, latent_activation="linear"):
    """Return the net from above with the first weights number `start`."""
    keras.utils.set_random_seed(100 * SEED + start)
    return build_autoencoder(
        2, [20, 20], 1, activation="relu", output_activation="linear", latent_activation=latent_activation
    )


def train_side_by_side(nets, epochs):
    keras.utils.set_random_seed(SEED)  # the same batches for all
    for i, net in enumerate(nets):
        net.model.name = f"net_{i}"  # Keras tells the parts of a model apart by their names
    all_nets = keras.Model(point, [net.model(point) for net in nets])
    all_nets.compile("adam", ["mean_squared_error"] * len(nets), jit_compile=False)  # compiling them takes longer
    all_nets.fit(X, [X] * len(nets), epochs=epochs, batch_size=128, verbose=0)


def fresh_error(net):
    return mean_squared_error(X_fresh, net.model.predict_on_batch(X_fresh))


# %% [markdown]
# > **Predict first.** Will the five curves look alike? How far apart will their errors on fresh data lie?

# %%
predict("01.ae.starts.sd", "The standard deviation of the five errors", [0.0001, 0.001, 0.01, 0.1])

# %%
nets = [build(start) for start in range(5)]
train_side_by_side(nets, epochs=200)
start_errors = np.array([fresh_error(net) for net in nets])
check_result("01.ae.starts.mean", start_errors.mean(), "gaussians")
check_result("01.ae.starts.sd", start_errors.std(ddof=1), "gaussians")
check_result("01.ae.starts.mean_over_pca", start_errors.mean() / pca_fresh, "gaussians")

# %% alt="Six panels. Five show the cloud in grey and the decoded curve of one start: each comes up along the left cloud, drops steeply to the right cloud and rises along it, with bends in different places; the fourth folds back once. The sixth shows their errors on fresh data as dots close to their mean of 0.18, far below the dashed line of PCA at 0.30."
fig, axes = plt.subplots(2, 3, figsize=(10, 6.4))
for ax, net, error in zip(axes.flat, nets, start_errors):
    codes = net.encoder.predict_on_batch(X_fresh)
    curve = net.decoder.predict_on_batch(np.linspace(codes.min(), codes.max(), 400)[:, None])
    ax.plot(*X_fresh.T, ".", color="lightgrey", markersize=2)
    ax.plot(*curve.T, color=PALETTE[0], linewidth=2.5)
    ax.set(aspect="equal", xlim=(-4.5, 4.5), ylim=(-4.5, 4.5), title=f"error {error:.3f}")
ax = axes[1, 2]
ax.plot(np.arange(1, 6), start_errors, "o", color=PALETTE[0], label="five starts")
ax.axhline(start_errors.mean(), color=PALETTE[0], label="their mean")
ax.axhline(pca_fresh, color="black", linestyle="--", label="PCA")
ax.set(xlabel="start", ylabel="error on fresh data", xticks=np.arange(1, 6), ylim=(0, 0.4))
ax.legend(frameon=False, loc="lower left")
plt.show()

# %% [markdown]
# The mean over the five starts is 0.179<!-- 01.ae.starts.mean -->, with a standard deviation of
# 0.008<!-- 01.ae.starts.sd -->: about 60 %<!-- 01.ae.starts.mean_over_pca --> of PCA's error. All five curves come up
# along one cloud, drop to the other and rise along it, but each bends elsewhere, and the fourth even folds back. PCA
# would have drawn the same line five times.
#
# With other data as well, the error of one start lay between 0.15<!-- 01.ae.fresh_error:min --> and
# 0.18<!-- 01.ae.fresh_error:max --> over five seeds. Always ask for the mean and the spread, not for the best run.

# %% [markdown]
# ## A code that dies
#
# One choice above mattered more than it seemed: the code is *linear*. A relu unit returns 0 for every negative input.
# If the only unit of the bottleneck is negative for all points, its gradient is 0 for all points too, and the encoder
# learns no more: the unit is **dead**.
#
# > **Predict first.** Ten starts with a relu code, and the same ten with a linear code, 20 epochs each. How many of
# > either kind give all points the same code?

# %%
predict("01.relu_code.n_dead", "Of ten relu codes, how many are the same for all points?")
predict("01.linear_code.n_dead", "And of ten linear codes?")


# %%
def n_dead(nets):
    """Count the nets that give all points the same code."""
    return sum(np.ptp(net.encoder.predict_on_batch(X)) == 0 for net in nets)


relu_nets = [build(start, "relu") for start in range(10)]
linear_nets = [build(start, "linear") for start in range(10)]
check_result("01.relu_code.n_dead_before", n_dead(relu_nets), "gaussians")
for five in (relu_nets[:5], relu_nets[5:], linear_nets[:5], linear_nets[5:]):  # all at once would take more memory
    train_side_by_side(five, epochs=20)
check_result("01.relu_code.n_dead", n_dead(relu_nets), "gaussians")
check_result("01.linear_code.n_dead", n_dead(linear_nets), "gaussians")

# %% alt="Errors on fresh data of ten starts, dots for relu codes and triangles for linear ones. All triangles lie at 0.3. Eight dots lie between 0.3 and 0.5, a little above the triangles; two, at starts 6 and 10, lie on the dashed line at 1.6, the error of answering with the mean."
ax = plt.figure(figsize=(8, 4)).gca()
for kind, found, style, color in (("relu", relu_nets, "o", PALETTE[3]), ("linear", linear_nets, "^", PALETTE[0])):
    ax.plot(np.arange(1, 11), [fresh_error(net) for net in found], style, color=color, label=f"{kind} code")
ax.axhline(np.trace(covariance) / 2, color="black", linestyle="--", label="the mean for all points")
ax.set(xlabel="start", ylabel="error on fresh data", xticks=np.arange(1, 11), ylim=(0, 1.8))
ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %% [markdown]
# Of the relu codes 2<!-- 01.relu_code.n_dead --> of ten are dead, of the linear ones on the same starts
# 0<!-- 01.linear_code.n_dead -->: only the activation differs, so it is the relu that kills. Before training there was
# 1<!-- 01.relu_code.n_dead_before --> dead; the other one died on the way. (Over five seeds
# 1<!-- 01.relu_code.n_dead:min --> to 4<!-- 01.relu_code.n_dead:max --> of ten died.)
#
# Dead nets end near 1.6<!-- 01.relu_code.dead_error -->. That is the variance per coordinate, $(\lambda_1+\lambda_2)/2$: with
# one code for all points the decoder can only answer with the mean. This is why the maps of two numbers in the following
# lessons have linear codes; lesson 6 has 32 relu units in its code, so that one dead unit is not the end.

# %%
check_result("01.relu_code.dead_error", np.trace(covariance) / 2, "gaussians")

# %% [markdown]
# ## Exercises
#
# Six questions that answer you: [exercises to this lesson](exercises/01_toy_gaussians.ipynb). They are about points that
# arrive later, the error without a reconstruction, code with three faults, the price of the diagonal, which half of a net
# has to bend, and the arm of a spiral. What they come to is in the
# [solutions](../notebooks/solutions/01_toy_gaussians.ipynb).

# %% [markdown]
# ## Recap
#
# - PCA encodes with $V_k$ and decodes with $V_k^\top$, after centring and sorting; it loses the eigenvalues it drops.
# - An autoencoder learns both maps by making the reconstruction error small. Its reconstructions may bend.
# - The bend is worth more than a third of the error here, and costs a spread over seeds.

# %% [markdown]
# ## Read on
#
# - Pearson (1901)<!-- cite: pearson1901 -->, [On lines and planes of closest fit to systems of points in
#   space](https://doi.org/10.1080/14786440109462720): asks for the line that is closest to a cloud of points, with the
#   distances measured across the line, as here.
# - Hotelling (1933)<!-- cite: hotelling1933 -->, [Analysis of a complex of statistical variables into principal
#   components](https://doi.org/10.1037/h0071325): comes to the same directions by way of their variance, and gives them
#   their name.
# - Kingma and Ba (2015)<!-- cite: kingma2015 -->, [Adam: A method for stochastic
#   optimization](https://arxiv.org/abs/1412.6980): the optimiser that trains most nets of this course; look at its
#   Algorithm 1.

# %%
report()

# %% [markdown]
# **Next:** [2. MNIST by PCA](02_mnist_pca.ipynb) - how far do straight lines go on digits? Shut this kernel down first
# (*Kernel > Shut Down Kernel*): two kernels together need more memory than Binder gives.
