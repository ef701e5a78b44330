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
# # Appendix to lesson 1: starts and draws
#
# **How much of a result is luck?**
#
# This appendix to [Toy Gaussians](../01_toy_gaussians.ipynb) measures what changes when the points are drawn again, and
# when the net starts from other weights. It ends with a trap that only a second data set reveals.
#
# *About 4 minutes on one core; 1.1 GB of memory.*

# %% [markdown]
# ## Setup

# %%
from course_utils import PCA, build_autoencoder, check_result, make_two_gaussians
from course_utils import predict, report
from course_utils.plotting import NET_COLOR, PALETTE, PCA_COLOR, set_style

import keras
import matplotlib.pyplot as plt
import numpy as np

SEED = 0
set_style()
X, labels = make_two_gaussians(seed=SEED)
X_fresh, labels_fresh = make_two_gaussians(seed=SEED + 1000)


def mean_squared_error(X, reconstruction):
    return np.mean((X - reconstruction) ** 2)


def pca_error(pca, X):
    return mean_squared_error(X, pca.inverse_transform(pca.transform(X)))


# %% [markdown]
# ## Other draws
#
# For PCA the error is half the second eigenvalue of the covariance matrix. The two clouds are a distribution that we
# know, so we can compute it exactly: the covariance *within* the clouds plus the covariance *between* their means. Then we
# draw 2000 points 200 times and see how much the error varies.

# %%
means = np.array([[-1.1, 0.1], [1.1, -0.1]])
covariance = np.array([[1, 0.9], [0.9, 1]]) + means.T @ means / 2
exact = np.linalg.eigvalsh(covariance)[0] / 2
draws = [make_two_gaussians(seed=seed)[0] for seed in range(200)]
check_result("01.pca.exact", exact, "gaussians")
errors = [pca_error(PCA(1).fit(D), D) for D in draws]
check_result("01.pca.sd", np.std(errors), "gaussians")

# %% [markdown]
# The distribution's own error is 0.3090<!-- 01.pca.exact -->. Over 200 draws the error has a standard deviation of
# 0.007<!-- 01.pca.sd --> around it, so the lesson's figures for PCA are good to about two digits.
#
# ## Five starts
#
# `build_autoencoder` builds the lesson's net: 2 inputs, two hidden layers of 20 units, 1 code. We train it from five
# starts, on the same batches of the same data, so that only the first weights differ. To save time, all nets are trained
# in one `fit`, as one model with many outputs, each with a loss of its own. They share no weights, so none learns from
# another.


# %%
def build(start, latent_activation="linear"):
    """Return the lesson's net with the first weights number `start`."""
    keras.utils.set_random_seed(100 * SEED + start)
    kinds = {"output_activation": "linear", "latent_activation": latent_activation}
    return build_autoencoder(2, [20, 20], 1, activation="relu", **kinds)


def train_side_by_side(nets, epochs):
    keras.utils.set_random_seed(SEED)  # the same batches for all
    for i, net in enumerate(nets):
        net.model.name = f"net_{i}"  # Keras tells the parts of a model apart by name
    point = keras.Input((2,))
    together = keras.Model(point, [net.model(point) for net in nets])
    losses = ["mean_squared_error"] * len(nets)
    together.compile("adam", losses, jit_compile=False)  # to compile takes longer
    together.fit(X, [X] * len(nets), epochs=epochs, batch_size=128, verbose=0)


def fresh_error(net):
    return mean_squared_error(X_fresh, net.model.predict_on_batch(X_fresh))


# %% [markdown]
# > **Predict first.** Will the five curves look alike? How far apart will their errors on fresh data lie?

# %%
question = "The standard deviation of the five errors"
predict("01.ae.starts.sd", question, [0.0001, 0.001, 0.01, 0.1])

# %%
nets = [build(start) for start in range(5)]
train_side_by_side(nets, epochs=200)
errors = np.array([fresh_error(net) for net in nets])
pca_fresh = pca_error(PCA(1).fit(X), X_fresh)
check_result("01.ae.starts.mean", errors.mean(), "gaussians")
check_result("01.ae.starts.sd", errors.std(ddof=1), "gaussians")
check_result("01.ae.starts.mean_over_pca", errors.mean() / pca_fresh, "gaussians")

# %% alt="Six panels. Five show the cloud in grey and the decoded curve of one start in orange: each comes up along the left cloud, drops steeply to the right cloud and rises along it, with bends in different places; the fourth folds back once. The sixth shows their errors on fresh data as orange dots close to their mean of 0.18, far below the dashed blue line of PCA at 0.30."
fig, axes = plt.subplots(2, 3, figsize=(10, 6.8))
for start, (ax, net) in enumerate(zip(axes.flat, nets), start=1):
    codes = net.encoder.predict_on_batch(X_fresh)
    along = np.linspace(codes.min(), codes.max(), 400)[:, None]
    ax.plot(*X_fresh.T, ".", color="lightgrey", markersize=2)
    ax.plot(*net.decoder.predict_on_batch(along).T, color=NET_COLOR, linewidth=2.5)
    ax.set(aspect="equal", xlim=(-4.5, 4.5), ylim=(-4.5, 4.5))
    ax.set_title(f"start {start}: error {errors[start - 1]:.3f}")
ax = axes[1, 2]
ax.plot(np.arange(1, 6), errors, "o", color=NET_COLOR, label="five starts")
ax.axhline(errors.mean(), color=NET_COLOR, label="their mean")
ax.axhline(pca_fresh, color=PCA_COLOR, linestyle="--", label="PCA")
ax.set(xlabel="start", ylabel="error on fresh data", xticks=np.arange(1, 6))
ax.set(ylim=(0, 0.4), title="All starts are better than PCA")
ax.legend(frameon=False, loc="lower left")
plt.show()

# %% [markdown]
# The errors average 0.18<!-- 01.ae.starts.mean -->, with a standard deviation of 0.01<!-- 01.ae.starts.sd -->:
# about 60 %<!-- 01.ae.starts.mean_over_pca --> of PCA's error. All five curves rise along one cloud, drop to the
# other and rise along it, but each bends elsewhere, and the fourth folds back. PCA would have drawn the same line
# five times.
#
# ## A code that dies
#
# The lesson's code is *linear*. A relu unit returns 0 for every negative input. If the only unit of the bottleneck gets a
# negative input from every point, its gradient is 0 for all of them, and the encoder learns no more: the unit is dead.
#
# > **Predict first.** Ten starts with a relu code, and the same ten with a linear code, 20 epochs each. How many of each
# > kind give all points the same code?

# %%
question = "Of ten relu codes, how many are the same for all points?"
predict("01.relu_code.n_dead", question)
predict("01.linear_code.n_dead", "And of ten linear codes?")


# %%
def is_dead(net):
    """Tell whether a net gives all points the same code."""
    return np.ptp(net.encoder.predict_on_batch(X)) == 0


relu_nets = [build(start, "relu") for start in range(10)]
linear_nets = [build(start, "linear") for start in range(10)]
check_result("01.relu_code.n_dead_before", sum(map(is_dead, relu_nets)), "gaussians")
for nets in (relu_nets[:5], relu_nets[5:], linear_nets[:5], linear_nets[5:]):
    train_side_by_side(nets, epochs=20)  # all at once would take more memory
check_result("01.relu_code.n_dead", sum(map(is_dead, relu_nets)), "gaussians")
check_result("01.linear_code.n_dead", sum(map(is_dead, linear_nets)), "gaussians")

# %% alt="Errors on fresh data of ten starts, circles for relu codes and triangles for linear ones. All triangles lie at 0.3. Eight circles lie between 0.3 and 0.5, a little above the triangles; two, at starts 6 and 10, lie on the dashed line at 1.6, the error of answering with the mean."
relu_errors = np.array([fresh_error(net) for net in relu_nets])
linear_errors = np.array([fresh_error(net) for net in linear_nets])
starts = np.arange(1, 11)
fig, ax = plt.subplots(figsize=(8, 4))
ax.plot(starts, relu_errors, "o", color=PALETTE[2], label="relu code")
ax.plot(starts, linear_errors, "^", color=NET_COLOR, label="linear code")
one_answer = np.trace(covariance) / 2
ax.axhline(one_answer, color="black", linestyle="--", label="the mean for all points")
ax.set(xlabel="start", ylabel="error on fresh data", xticks=starts, ylim=(0, 1.8))
ax.set_title("Dead codes answer with the mean, and living relu codes are worse, too")
ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %%
check_result("01.relu_code.dead_error", one_answer, "gaussians")

# %% [markdown]
# Of the relu codes 2<!-- 01.relu_code.n_dead --> of ten are dead, and of the linear codes from the same starts
# 0<!-- 01.linear_code.n_dead -->. Only the activation differs, so the relu kills them. Before training
# 1<!-- 01.relu_code.n_dead_before --> was dead; the other died on the way. Over five seeds
# 1<!-- 01.relu_code.n_dead:min --> to 4<!-- 01.relu_code.n_dead:max --> of ten died.
#
# A dead net's error is near 1.6<!-- 01.relu_code.dead_error -->, the variance per coordinate,
# $(\lambda_1+\lambda_2)/2$: with one code for all points the decoder can only answer with the mean. The living relu codes
# are worse, too: their circles lie above the triangles of the same starts. Lesson 6 has 32 relu units in its code, where
# one dead unit does little harm.
#
# ## One more trap
#
# A `fit` may read a global variable instead of its argument. It works in the notebook in which it was written, and gives
# every other data set the first one's mean and axes.

# %%
turned = X @ np.array([[0, 1], [-1, 0]])  # an older data set


class GlobalPCA(PCA):
    """PCA that ignores the data it is given."""

    def fit(self, X, y=None):
        return super().fit(turned)  # the trap: the notebook's variable, not X


X_shifted = X + 3
print("the notebook's own data:", pca_error(GlobalPCA(1).fit(turned), turned).round(3))
trap_4 = pca_error(GlobalPCA(1).fit(X_shifted), X_shifted)
check_result("01.trap_global.error", trap_4, "gaussians")

# %% [markdown]
# On the notebook's own data the error is PCA's. On the lesson's shifted data it is 9.6<!-- 01.trap_global.error -->, and
# nothing complains.

# %%
report()

# %% [markdown]
# **Back** to [lesson 1](../01_toy_gaussians.ipynb), or on to [lesson 2](../02_mnist_pca.ipynb). Shut this kernel down
# first (*Kernel > Shut Down Kernel*).
