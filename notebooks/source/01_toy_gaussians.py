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
# *About 1 minute on one core; 0.8 GB of memory.*

# %% [markdown]
# ## Setup

# %%
from course_utils import Film, FilmRecorder, LineExplorer, Playground, TrainingTable
from course_utils import check_result, make_two_gaussians, predict, report
from course_utils.plotting import NET_COLOR, PALETTE, PCA_COLOR, plot_network, set_style

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
# *Unsupervised* learning has data $x$ and no labels to predict. One of its tasks is **dimension reduction**: an *encoder*
# $h = f(x)$ describes each point by fewer numbers, its *code*, and a *decoder* $r = g(h)$ makes a *reconstruction* from
# the code. We choose both so that $r$ is close to $x$. Whatever the code cannot hold is lost.
#
# Our data are two clouds of points in the plane. Data and net come from a tutorial by Saad
# Jbabdi (undated)<!-- cite: jbabdi-undated -->. `predict` records what you expect, and `check_result` compares what
# we measure with the expected range. Neither stops you.

# %% alt="Scatter plot of two elongated, parallel clouds of points, both rising to the right; cloud 0 lies left, cloud 1 right."
X, labels = make_two_gaussians(seed=SEED)  # (2000, 2)
fig, ax = plt.subplots()
for cloud, style, color in ((0, "o", PALETTE[2]), (1, "s", PALETTE[6])):
    points = X[labels == cloud].T
    ax.plot(*points, style, color=color, markersize=3, label=f"cloud {cloud}")
ax.set(aspect="equal", xlabel="x 1", ylabel="x 2")
ax.set_title("Two parallel clouds of 1000 points, side by side")
ax.legend(frameon=False)
plt.show()

# %% [markdown]
# Both clouds have the covariance matrix $\begin{pmatrix}1 & 0.9\\ 0.9 & 1\end{pmatrix}$: long from lower left to upper
# right, thin across. Their means are $(-1.1, 0.1)$ and $(1.1, -0.1)$. We will keep **one** number per point.
#
# > **Predict first.** If the code is one number and both encoder and decoder are linear, all reconstructions lie on one
# > straight line. Which line would you draw through this picture? At what angle does it rise?

# %%
predict("01.line.best_angle", "How far does the best line rise?", unit="degrees")

# %% [markdown]
# ## A line that turns
#
# A line reconstructs each point by the nearest point on it, the *foot* of the perpendicular. What remains is the
# *residual*. We measure lines, and later the neural network, by the **mean squared error** over all points and both
# coordinates.


# %%
def mean_squared_error(X, reconstruction):
    return np.mean((X - reconstruction) ** 2)


def direction(angle):
    return np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])


def on_line(X, angle):
    """Return each point's foot on the line through the mean at this angle."""
    v, mean = direction(angle), X.mean(axis=0)
    return np.outer((X - mean) @ v, v) + mean  # (n, 2) -> (n,) -> (n, 2)


def line_error(X, angle):
    return mean_squared_error(X, on_line(X, angle))


# %% [markdown]
# Turn the line until the error is as small as you can make it. In code, `line.angle` is its angle; try
# `line.angle = 45`.

# %% tags=["line"]
line = LineExplorer(X)
line

# %% [markdown]
# Now the computer tries every whole degree. We draw the best line, the diagonal, and the line at right angles to the best.

# %%
turns = np.arange(181)  # at 180 degrees the line is back at 0
turn_errors = [line_error(X, angle) for angle in turns]
best = turns[np.argmin(turn_errors)]


def draw_line(X, angle, ax):
    """Draw the points, the line at this angle, and the residual of every 40th point."""
    ends = np.stack([X, on_line(X, angle)])[:, ::40]  # (2, n, 2): points and feet
    ax.plot(*X.T, ".", color="lightgrey", markersize=2)
    ax.plot(*ends.transpose(2, 0, 1), color=PALETTE[3], linewidth=1)
    ax.axline(X.mean(axis=0), slope=np.tan(np.radians(angle)), color=PCA_COLOR)
    ax.set(aspect="equal", xlim=(-4.5, 4.5), ylim=(-4.5, 4.5))
    ax.set_title(f"{angle} degrees: error {line_error(X, angle):.3f}")


# %% alt="Four panels. Three show the grey cloud, a blue line through its middle at 27, 45 or 117 degrees, and residuals from sample points to the line: short at 27 and 45 degrees, long at 117. The fourth shows the error against the angle, one smooth wave with these three marked: lowest at 27 degrees, a little higher at 45, highest at 117."
angles = [best, 45, best + 90]
fig, axes = plt.subplots(2, 2, figsize=(8, 7))
for ax, angle in zip(axes.flat, angles):
    draw_line(X, angle, ax)
ax = axes[1, 1]
ax.plot(turns, turn_errors, color=PCA_COLOR)
ax.plot(angles, [line_error(X, angle) for angle in angles], "o", color="black")
ax.set(xticks=[0, *angles, 180], xlabel="angle of the line (degrees)", ylim=(0, None))
ax.set(ylabel="mean squared error", title=f"The error is lowest at {best} degrees")
plt.show()
check_result("01.line.best_angle", best, "gaussians")
check_result("01.line.error_at_45", line_error(X, 45), "gaussians")

# %% [markdown]
# Did you draw a line along the clouds, at 45 degrees? Its error is 0.404<!-- 01.line.error_at_45 -->. The best line rises
# by only 27<!-- 01.line.best_angle --> degrees and has an error of 0.311<!-- 01.pca.error -->. Perhaps it leans to keep
# the distance between the clouds. To test that, we move both clouds to the origin.

# %%
cloud_means = np.array([X[labels == cloud].mean(axis=0) for cloud in (0, 1)])
X_together = X - cloud_means[labels]  # each cloud around the origin
errors_together = [line_error(X_together, angle) for angle in turns]
check_result("01.line.best_angle_together", np.argmin(errors_together), "gaussians")

# %% [markdown]
# The best line now rises by 45<!-- 01.line.best_angle_together --> degrees. Nothing changed but the distance, so the
# distance turned the line.
#
# ## Why the best line is an eigenvector
#
# **It passes through the mean.** Take the line through the mean and shift it sideways by $t$. Every residual
# changes by $t$. The residuals average to zero before the shift, so their mean square grows by exactly $t^2$ (the
# error, halved, by $t^2/2$): no shift helps. This is why PCA subtracts the mean first.
#
# **Most variance is least error.** The mean, a point and its foot on the line form a right-angled triangle. By
# Pythagoras, the squared code plus the squared residual is the squared distance from the mean, which no line can change.
# So the line that keeps most of the variance loses least:

# %%
for angle in sorted([0, 90, *angles]):
    kept = np.sum(on_line(X, angle).var(axis=0)) / 2  # halved, as the error is
    lost = line_error(X, angle)
    print(f"{angle:3d} degrees: {kept:.3f} kept + {lost:.3f} lost = {kept + lost:.3f}")
shifted = on_line(X, best) + 0.5 * direction(best + 90)
more = mean_squared_error(X, shifted) - line_error(X, best)
print(f"the best line, half a unit off the mean: {more:.3f} more lost (0.5 ** 2 / 2)")

# %% [markdown]
# **Most variance is an eigenvector.** Let the rows of $X$ be the centred points. Their covariance matrix is
# $C = X^\top X / n$. It is symmetric: entry $(i, j)$ is the mean of $x_i x_j$, and so is entry $(j, i)$. The codes along
# a direction $v$ of length 1 are $Xv$, and their variance is $v^\top X^\top X v / n = v^\top C v$. To maximise it while
# $v^\top v = 1$, subtract the condition with a Lagrange multiplier $\lambda$ and set the derivative to zero. Because $C$
# is symmetric, the derivative of $v^\top C v$ is $2\,C v$:
#
# $$\nabla_v \big( v^\top C v - \lambda\,(v^\top v - 1) \big) = 2\,C v - 2\lambda v = 0 \quad\Rightarrow\quad C v = \lambda v .$$
#
# So $v$ is an eigenvector, and it keeps the variance $v^\top C v = \lambda$: take the **largest** eigenvalue. A symmetric
# matrix has eigenvectors at right angles to one another, so the worst line stands at right angles to the best.
#
# **The first $k$ together are best, too.** Any $k$ directions of length 1 at right angles keep
# $\sum_i w_i \lambda_i$, where $w_i$, between 0 and 1, says how much of eigenvector $i$ lies in their span. The weights
# $w_i$ add up to $k$. The sum is largest when the $k$ largest eigenvalues have the weight 1.
#
# ## PCA, step by step
#
# PCA therefore takes the eigenvectors of the covariance matrix (the columns of $V$) and its eigenvalues (the diagonal of
# $D$),
#
# $$\mathrm{Cov}(X) = V D V^\top ,$$
#
# sorts them by eigenvalue, largest first, and keeps the first $k$ eigenvectors as the columns of $V_k$. The code is
# $X V_k$ and the reconstruction $X V_k V_k^\top$: the encoder multiplies by $V_k$, the decoder by $V_k^\top$
# (Pearson 1901<!-- cite: pearson1901 -->, Hotelling 1933<!-- cite: hotelling1933 -->).


# %%
class StepByStepPCA:
    """PCA in four short methods; rows of X are points."""

    def fit(self, X, k):
        self.mean = X.mean(axis=0)
        cov = np.cov(X, rowvar=False, ddof=0)  # (2, 2), a mean over n points
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
pca_error = mean_squared_error(X, pca.predict(X))
pca_angle = np.degrees(np.arctan(pca.V_k[1, 0] / pca.V_k[0, 0]))
assert np.isclose(pca_error, pca.eigenvalues[1] / 2)
check_result("01.pca.angle", pca_angle, "gaussians")
check_result("01.pca.error", pca_error, "gaussians")

# %% [markdown]
# One eigenvector replaces 181 tries. PCA loses the variance across its line, the second eigenvalue $\lambda_2$. The mean
# over two coordinates halves it, so **error = $\lambda_2/2$**, as the `assert` confirms.
#
# ## Traps of hasty PCA code
#
# PCA takes ten lines, and several can be wrong without any error message.
#
# **Trap 1: `fit` does not centre.** We move the data to lie around (3, 3) instead of the origin:


# %%
class UncentredPCA(StepByStepPCA):
    def fit(self, X, k):
        self.mean = np.zeros(X.shape[1])  # the trap
        self.V_k = np.linalg.eigh(X.T @ X / len(X))[1][:, ::-1][:, :k]
        return self


X_shifted = X + 3
trap_1 = UncentredPCA().fit(X_shifted, k=1)
error_1 = mean_squared_error(X_shifted, trap_1.predict(X_shifted))
angle_1 = np.degrees(np.arctan(trap_1.V_k[1, 0] / trap_1.V_k[0, 0]))
check_result("01.trap_uncentred.error", error_1, "gaussians")
check_result("01.trap_uncentred.angle", angle_1, "gaussians")

# %% [markdown]
# The first direction rises by 43<!-- 01.trap_uncentred.angle --> degrees: it points almost from the origin to the
# data's mean, at 45 degrees, and no longer along PCA's 27<!-- 01.pca.angle -->. The error is
# 0.40<!-- 01.trap_uncentred.error -->.
#
# **Trap 2: only `predict` knows the mean.** When `encode` and `decode` forget it, `predict(X)` is still right, but
# `decode(encode(X))` is not:


# %%
class ForgetfulPCA(StepByStepPCA):
    def encode(self, X):
        return X @ self.V_k  # the trap: no mean

    def decode(self, codes):
        return codes @ self.V_k.T

    def predict(self, X):
        return super().decode(super().encode(X))


trap_2 = ForgetfulPCA().fit(X_shifted, k=1)
error_2 = mean_squared_error(X_shifted, trap_2.decode(trap_2.encode(X_shifted)))
print("predict(X):", mean_squared_error(X_shifted, trap_2.predict(X_shifted)).round(3))
check_result("01.trap_forgetful.error", error_2, "gaussians")

# %% [markdown]
# **Trap 3: the eigenvectors are not sorted.** `np.linalg.eigh` returns the smallest eigenvalue first, and
# `np.linalg.eig` promises no order at all. Take the first column as it comes, and you keep the *thin* direction:


# %%
class UnsortedPCA(StepByStepPCA):
    def fit(self, X, k):
        self.mean = X.mean(axis=0)
        cov = np.cov(X, rowvar=False, ddof=0)
        self.V_k = np.linalg.eigh(cov)[1][:, :k]  # the trap: smallest first
        return self


trap_3 = UnsortedPCA().fit(X_shifted, k=1)
error_3 = mean_squared_error(X_shifted, trap_3.predict(X_shifted))
check_result("01.trap_unsorted.error", error_3, "gaussians")

# %% [markdown]
# Now the *large* eigenvalue is lost: the error is $\lambda_1/2$, about 1.3<!-- 01.trap_unsorted.error -->. The picture
# shows each trap's line, with the error of `decode(encode(X))`.

# %% alt="The cloud around the point 3, 3 in grey with four lines. PCA, solid and blue, runs through its middle, rising gently. Trap 1 runs through the origin and the middle, steeper. Trap 2 is parallel to PCA but lower, through the origin, along the lower part of the cloud. Trap 3 crosses PCA at right angles in the middle."
models = {"PCA": StepByStepPCA().fit(X_shifted, k=1), "1 not centred": trap_1}
models |= {"2 mean forgotten": trap_2, "3 not sorted": trap_3}
colors = [PCA_COLOR, PALETTE[2], PALETTE[6], PALETTE[4]]
fig, ax = plt.subplots(figsize=(8, 5))
ax.plot(*X_shifted.T, ".", color="lightgrey", markersize=3)
for (name, model), style, color in zip(models.items(), ["-", "--", "-.", ":"], colors):
    error = mean_squared_error(X_shifted, model.decode(model.encode(X_shifted)))
    ends = model.decode(np.array([[-15], [15]]))
    ax.plot(*ends.T, style, color=color, linewidth=2.5, label=f"{name}: {error:.2f}")
ax.plot(0, 0, "k+", markersize=16, markeredgewidth=2, label="the origin")
ax.set(aspect="equal", xlim=(-2.5, 8), ylim=(-2.5, 8), xlabel="x 1", ylabel="x 2")
ax.set_title("Each trap draws another line, and none complains")
ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %% [markdown]
# Trap 1 passes through the origin. Trap 2 has PCA's direction but starts at the origin and misses the middle of the
# cloud (1.17<!-- 01.trap_forgetful.error -->). Trap 3 has the right middle and the worst direction. One test catches all
# three: is the error of `decode(encode(X))` half the second eigenvalue? Compare your own line with theirs:

# %% tags=["line-traps"]
two_codes = np.array([[0], [1]])  # two points of each line
LineExplorer(X_shifted, {name: m.decode(two_codes) for name, m in models.items()})

# %% [markdown]
# ## An autoencoder
#
# Now let $f$ and $g$ bend. An **autoencoder** is a neural network trained to return its input through a narrow
# layer, the *bottleneck*. Ours has two layers of 20 units on the way to one number, and two on the way back. Their
# activation is *relu*, which passes on the positive part of its input, $\max(0, x)$. Its kink lets the net bend.
#
# In Keras, `keras.Input` is a placeholder for the data. You connect a layer such as `layers.Dense(20)` by calling
# it: `layers.Dense(20)(h)`. It computes $a(hW + b)$, with a matrix $W$ of *weights*, a row $b$ of biases and an
# activation $a$; without an activation the layer is linear. `keras.Model(start, end)` holds all layers between the
# two. We build encoder and decoder as models of their own, then join them. `h` is the output of a hidden layer.

# %%
point = keras.Input((2,), name="point")
h = layers.Dense(20, activation="relu")(point)  # (n, 2) -> (n, 20)
h = layers.Dense(20, activation="relu")(h)
code = layers.Dense(1, name="bottleneck")(h)  # (n, 20) -> (n, 1), linear
encoder = keras.Model(point, code, name="encoder")

latent = keras.Input((1,), name="code")
h = layers.Dense(20, activation="relu")(latent)  # (n, 1) -> (n, 20)
h = layers.Dense(20, activation="relu")(h)
reconstruction = layers.Dense(2, name="reconstruction")(h)  # linear, too
decoder = keras.Model(latent, reconstruction, name="decoder")

autoencoder = keras.Model(point, decoder(encoder(point)), name="autoencoder")

# %% alt="A diagram of the autoencoder, a bar for each layer: 2 inputs, two wide layers of 20 units with relu, the bottleneck of 1 unit, two wide layers of 20 units with relu, 2 outputs."
ax = plot_network(autoencoder)
ax.set_title("All that the decoder gets is one number")
plt.show()

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
# The net has 1003<!-- 01.ae.n_parameters --> parameters; PCA has four, a direction and a mean.
#
# ## Training
#
# The **loss** is the number that training makes small: again the mean squared error, now in Keras's operations,
# which can be differentiated. Training is **gradient descent**: the *gradient*, the derivatives of the loss with
# respect to all parameters, points where the loss rises fastest, so we move the parameters a little the other way.
# Then we compute the gradient again, each time from one *batch* of 128 points. The optimiser *Adam* adapts the step
# to each parameter, and the *learning rate*, 0.001 by default, scales all steps.
#
# `compile` sets loss and optimiser, and `evaluate` returns the loss without training. The name `"mean_squared_error"`
# stands for the same loss as our function. With `steps_per_execution=4` Keras makes four steps at a time, which is faster.


# %%
def reconstruction_loss(x, reconstruction):
    return keras.ops.mean(keras.ops.square(x - reconstruction), axis=-1)  # (n,)


for loss in (reconstruction_loss, "mean_squared_error"):
    adam = keras.optimizers.Adam()
    autoencoder.compile(optimizer=adam, loss=loss, steps_per_execution=4)
    print("loss before training:", round(autoencoder.evaluate(X, X, verbose=0), 4))

# %% [markdown]
# `fit(X, X)` says that the input is also the target; an epoch is a pass over the data. `TrainingTable` shows the
# progress. If you run this cell again, training continues; to start over, build the net again.

# %% alt="Line plot of the training loss over 200 epochs: it falls steeply, close to PCA's dashed line within ten epochs, then slowly well below it."
recorder = FilmRecorder(X[::4], encoder, decoder)  # points of both clouds, for a film
plan = {"epochs": 200, "batch_size": 128, "verbose": 0}
table = TrainingTable({"train": X}, at=[1, 10, 50, 100, 200])
history = autoencoder.fit(X, X, **plan, callbacks=[recorder, table])
ax = plt.gca()
ax.plot(history.history["loss"], color=NET_COLOR, label="autoencoder, train")
ax.axhline(pca_error, color=PCA_COLOR, linestyle="--", label="PCA, train")
ax.set(xlabel="epoch", ylabel="mean squared error", ylim=(0, 1))
ax.set_title("Ten epochs to come near PCA, then slowly below it")
ax.legend(frameon=False)
plt.show()

# %% [markdown]
# The net ends well below PCA's line. That alone proves nothing: with a thousand parameters it might have memorised these
# 2000 points. So we take **fresh data**, drawn from the same distribution and never seen in training.

# %%
X_fresh, labels_fresh = make_two_gaussians(seed=SEED + 1000)
pca_fresh = mean_squared_error(X_fresh, pca.predict(X_fresh))
ae_fresh = autoencoder.evaluate(X_fresh, X_fresh, verbose=0)
check_result("01.pca.fresh_error", pca_fresh, "gaussians")
check_result("01.ae.fresh_error", ae_fresh, "gaussians")
check_result("01.ae.fresh_error_over_pca", ae_fresh / pca_fresh, "gaussians")

# %% [markdown]
# On fresh data the net's error is about 0.18<!-- 01.ae.fresh_error -->, and PCA's is 0.30<!-- 01.pca.fresh_error -->. So
# the net has not memorised its points.
#
# > **Predict first.** PCA's reconstructions lie on a straight line. The decoder gets one number and returns a point.
# > What shape can its reconstructions have? Sketch one that stays close to both clouds.

# %% alt="The two clouds in grey with two sets of reconstructions: PCA's, blue, on one straight line through the middle; the autoencoder's, orange, on a bent curve that runs along most of one cloud, crosses over, and runs along most of the other."
fig, ax = plt.subplots(figsize=(7, 5))
ax.plot(*X_fresh.T, ".", color="lightgrey", label="fresh data")
ax.plot(*pca.predict(X_fresh).T, "s", color=PCA_COLOR, markersize=3, label="PCA")
decoded = decoder.predict(encoder.predict(X_fresh, verbose=0), verbose=0)
assert np.allclose(autoencoder.predict(X_fresh, verbose=0), decoded, atol=1e-5)
ax.plot(*decoded.T, "o", color=NET_COLOR, markersize=3, label="autoencoder")
ax.set(aspect="equal", xlabel="x 1", ylabel="x 2", title="One number draws a curve")
ax.legend(frameon=False, loc="upper left")
plt.show()

# %% [markdown]
# The autoencoder's reconstructions lie on one bent curve: along most of one cloud, across, and along most of the other.
# The curve leaves out the upper end of the left cloud and the lower end of the right one. The decoder is a continuous
# function of one number, so it can draw only a curve, but the curve may bend. (The `assert` shows that the three models
# share their weights: `autoencoder` **is** `decoder` after `encoder`.)
#
# How did it get there? While the net trained, `recorder` kept the decoder's curve. Play the film.

# %% tags=["film"] alt="A film of the training: over the two clouds the decoder's curve begins as a short line and bends to run along one cloud, across, and along the other; beside it the error falls below PCA's dashed line."
Film(recorder, pca_mse=pca_error)

# %% [markdown]
# Now train one yourself: it is the same net. Before you change its activation, its seed or the points, say what the
# curve will do.

# %% tags=["playground"] alt="A playground: two clouds of points, PCA's line and the decoder's curve through them, the loss beside PCA's error, and buttons to train the net and to change it."
Playground()

# %% [markdown]
# ## What the bend costs
#
# PCA has one solution for its data and finds it every time. The autoencoder starts from random weights and walks
# downhill to *some* curve. The [appendix](appendix/starts_and_draws.ipynb) trains it from five starts: the errors
# average 0.18<!-- 01.ae.starts.mean -->, with a standard deviation of 0.01<!-- 01.ae.starts.sd -->. We also ran
# this whole lesson with *five seeds*, so data and weights both differed: the error on fresh data lay between
# 0.15<!-- 01.ae.fresh_error:min --> and 0.18<!-- 01.ae.fresh_error:max -->. Always ask for the mean and the *spread*,
# not for the best run.
#
# Some starts fail altogether when the *code* is a relu, which returns 0 for every negative input. If the only *unit* of the
# bottleneck gets a negative input from every point, its gradient is 0 and the encoder learns no more: the unit is
# **dead**. In the appendix 2<!-- 01.relu_code.n_dead --> of ten relu codes end like this, and
# 0<!-- 01.linear_code.n_dead --> of ten linear ones. So our codes are linear.

# %% [markdown]
# ## Exercises
#
# Six questions, checked as you answer: [exercises for this lesson](exercises/01_toy_gaussians.ipynb), on points that arrive later,
# the error without a reconstruction, code with three faults, the price of the diagonal, which half of a net has to bend,
# and the arm of a spiral; and their [solutions](../notebooks/solutions/01_toy_gaussians.ipynb). The
# [appendix](appendix/starts_and_draws.ipynb) adds a fourth trap, 200 draws, five starts and ten dying codes.
#
# ## Recap
#
# - PCA encodes with $V_k$ and decodes with $V_k^\top$, after centring and sorting. It loses the eigenvalues it drops.
# - An autoencoder learns both maps by making the reconstruction error small. Its reconstructions may bend.
# - Here the bend saves more than a third of the error. The price is a training run whose result varies from start
#   to start.

# %% [markdown]
# ## Read on
#
# - Pearson (1901)<!-- cite: pearson1901 -->, [On lines and planes of closest fit to systems of points in
#   space](https://doi.org/10.1080/14786440109462720): asks for the line closest to a cloud of points.
# - Hotelling (1933)<!-- cite: hotelling1933 -->, [Analysis of a complex of statistical variables into principal
#   components](https://doi.org/10.1037/h0071325): finds the same directions by way of their variance, and names them.
# - Kingma and Ba (2015)<!-- cite: kingma2015 -->, [Adam: A method for stochastic
#   optimization](https://arxiv.org/abs/1412.6980): the optimiser that trains most nets of this course; see its
#   Algorithm 1.

# %%
report()

# %% [markdown]
# **Next:** [2. MNIST by PCA](02_mnist_pca.ipynb) - how far do straight lines go on digits? Shut this kernel down first
# (*Kernel > Shut Down Kernel*).
