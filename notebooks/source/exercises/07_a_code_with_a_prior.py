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
# # Exercises for lesson 7
#
# Six questions on [A code with a prior](../07_a_code_with_a_prior.ipynb): what a cloud of codes costs, draws for training
# and codes for a map, five losses, a net that is better than a collapsed one, a bound that no linear net undercuts, and a
# challenge. They take about half an hour; you need not run the lesson first.
#
# Write your code where the three dots are, and run the cell below it: `check` says whether the answer is right, and
# if not, what to look at. Remove the leading `#` where you need help: `hint` gives the next of two or three hints,
# and `solution` shows code. All of it is also in the
# [solutions](../../notebooks/solutions/07_a_code_with_a_prior.ipynb).
#
# *About 1 minute on one core; 1.2 GB of memory.*

# %% [markdown]
# ## Setup

# %%
from course_utils import PCA, in_batches, load_mnist, reconstruction_mse
from course_utils import check, hint, progress, solution
from course_utils.plotting import plot_reconstructions, set_style

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers, ops

SEED = 0
keras.utils.set_random_seed(SEED)
set_style()

# %% tags=["solution"]
from course_utils import check_result, report

# %%
data = load_mnist()
X_few, X_val = data.X_train[:8_000].copy(), data.X_train[-5_000:].copy()
pca = PCA(n_components=8).fit(data.X_train[:-5_000])  # for the last exercise
dataset, image_shape = data.name, data.image_shape
del data

# %% [markdown]
# ## 1. What a cloud costs
#
# An encoder answers each image with a cloud of codes: a normal distribution with the means `mean` and the variances
# $\sigma^2$, whose natural logarithms are `log_variance`. Both have the shape (n, k), for k codes of n images. The KL
# divergence of such a cloud from the prior $N(0, I)$ has a closed form: each code costs
#
# $$\tfrac12\left(\sigma^2 + \text{mean}^2 - 1 - \log \sigma^2\right)$$
#
# nats, and an image costs what its codes cost together. Complete the function: it returns the KL divergence of each
# image, shape (n,). `check` will call it with other clouds.

# %%
given_mean = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 0.0]])
given_log_variance = np.array([[0.0, 0.0], [0.0, 0.0], [-2.0, 0.0]])


# %% tags=["starter"] question="07.1"
def kl_to_prior(mean, log_variance):
    """Return the KL divergence of each cloud from N(0, I): (n, k), (n, k) -> (n,)."""
    return ...


answer_1 = kl_to_prior


# %% tags=["solution"] question="07.1"
def kl_to_prior(mean, log_variance):
    """Return the KL divergence of each cloud from N(0, I): (n, k), (n, k) -> (n,)."""
    of_codes = np.exp(log_variance) + mean**2 - 1 - log_variance  # (n, k)
    return of_codes.sum(axis=1) / 2


answer_1 = kl_to_prior

# %% tags=["solution"]
print(kl_to_prior(given_mean, given_log_variance))

# %%
check("07.1", answer_1)
# hint("07.1")
# solution("07.1")

# %% [markdown] tags=["solution"]
# The prior itself costs nothing. One mean at 1 costs half a nat. A cloud that is narrower in one code,
# with a variance of $e^{-2}$, costs a little more than that.

# %% [markdown]
# ## 2. Codes for training, codes for a map
#
# In training, the decoder gets a draw from each image's cloud. On a map, an image should always lie at the same
# place: at its cloud's mean. Complete the function. With `training=True` it returns draws, shape (n, k): independent
# normal draws, one for each code of each image, with these means and these log variances, all made by NumPy's generator
# `rng`. With `training=False` it returns the means. The arrays belong to the caller and stay as they are. `check` looks
# at the mean and the spread of many draws.


# %% tags=["starter"] question="07.2"
def draw_or_mean(mean, log_variance, rng, training):
    """Return codes of clouds: (n, k), (n, k) -> (n, k)."""
    return ...


answer_2 = draw_or_mean


# %% tags=["solution"] question="07.2"
def draw_or_mean(mean, log_variance, rng, training):
    """Return codes of clouds: (n, k), (n, k) -> (n, k)."""
    if not training:
        return mean
    noise = rng.normal(size=mean.shape)  # a draw for each code of each image
    return mean + np.exp(log_variance / 2) * noise  # the root of the variance


answer_2 = draw_or_mean

# %% tags=["solution"]
many = np.full((10_000, 1), 2.0)
log_nine = np.full((10_000, 1), np.log(9))
draws = draw_or_mean(many, log_nine, np.random.default_rng(SEED), training=True)
print("mean", draws.mean().round(1), "spread", draws.std().round(1), "for 2 and 3")

# %%
check("07.2", answer_2)
# hint("07.2")
# solution("07.2")

# %% [markdown]
# ## 3. Which of five losses
#
# Five ways to write the loss of a variational autoencoder. `x` and `r` are arrays of images and their reconstructions, shape
# (n, 784), and `kl` is the KL divergence of each image, shape (n,), in nats. Three losses use the cross-entropy, two half
# the squared error, and all of them run. Both are fair costs, and a factor before a whole loss does no harm. But one of the
# five gives `kl`, beside the reconstruction cost, **784 times** the weight that it has in the other four. Which one?
# Keras's two functions return a mean over the last axis.

# %%
from keras.losses import binary_crossentropy, mean_squared_error

losses = {
    "a": lambda x, r, kl: ops.mean(784 * binary_crossentropy(x, r) + kl),
    "b": lambda x, r, kl: ops.mean(binary_crossentropy(x, r) + kl / 784),
    "c": lambda x, r, kl: ops.mean(392 * mean_squared_error(x, r) + kl),
    "d": lambda x, r, kl: ops.sum(mean_squared_error(x, r) / 2 + kl) / len(x),
    "e": lambda x, r, kl: ops.sum(binary_crossentropy(x.T, r.T)) + ops.mean(kl),
}

# %% [markdown]
# The answer is one of the five letters.

# %% tags=["starter"] question="07.3"
answer_3 = ...

# %% tags=["solution"] question="07.3"
x, r = X_val[:100], np.broadcast_to(X_few.mean(axis=0), (100, 784)).astype("float32")
kl, none = np.full(100, 5, "float32"), np.zeros(100, "float32")
for name, loss in losses.items():
    best = loss(x, x, none)  # what a perfect reconstruction costs
    of_kl = loss(x, x, kl) - best
    of_pixels = loss(x, r, none) - best
    print(name, "KL over reconstruction cost:", round(float(of_kl / of_pixels), 3))
answer_3 = "d"

# %%
check("07.3", answer_3)
# hint("07.3")
# solution("07.3")

# %% [markdown] tags=["solution"]
# `ops.sum` adds up *images* here: the pixels have been averaged before, inside `mean_squared_error`. With such a loss a
# whole image is worth as much as one pixel should be, and no code is worth its nats.

# %% [markdown]
# ## 4. Better than collapsed
#
# A net whose codes have collapsed answers every image with the same picture. The best such picture is the mean image of
# train, and its KL divergence is 0. So its -ELBO, the KL divergence plus the cross-entropy summed over pixels, is what the
# mean image costs. Train a variational autoencoder with two codes whose -ELBO is at most **0.9 times** that.
#
# Complete `through`: it sends images `x`, shape (n, 784), through your net, with the given `noise`, shape (n, 2), which is
# drawn from $N(0, I)$. It returns an array of shape `(n, 790)`: two means, two log variances, the two codes z that this
# noise makes of them, and 784 pixels that are decoded from z alone. Complete `minus_elbo`, too. Write both with `ops`,
# because gradients have to pass through them. Then train with `train`, and hand over `through`. `check` calls it with
# test images and computes -ELBO itself. To try it yourself on validation, use `over_collapsed`. Ten to twenty seconds of
# training are enough.


# %%
def train(cost, models, images, epochs, rate=3e-3):
    """Minimise cost(x, noise), a mean over batches of 100 images, with Adam."""
    weights = [weight for model in models for weight in model.trainable_variables]
    rng, n_steps = np.random.default_rng(SEED), epochs * (len(images) // 100)
    schedule = keras.optimizers.schedules.CosineDecay(rate, n_steps)
    optimizer = keras.optimizers.Adam(schedule)

    @tf.function
    def step(x, noise):
        with tf.GradientTape() as tape:
            value = cost(x, noise)
        optimizer.apply(tape.gradient(value, weights), weights)

    for _ in range(epochs):
        for rows in np.split(rng.permutation(len(images)), len(images) // 100):
            step(images[rows], rng.standard_normal((100, 2), dtype=np.float32))


def summed_cross_entropy(x, r):
    r = np.clip(r, 1e-7, 1 - 1e-7)
    return -np.sum(x * np.log(r) + (1 - x) * np.log(1 - r), axis=1)


def over_collapsed(through):
    """Return the -ELBO on 400 validation images over that of the collapsed answer."""
    x, noise = X_val[:400], np.random.default_rng(SEED).normal(size=(400, 2))
    parts = np.array(through(x, noise.astype("float32")))
    mean, log_variance, _, r = np.split(parts, [2, 4, 6], axis=1)
    kl = np.sum(np.exp(log_variance) + mean**2 - 1 - log_variance, axis=1) / 2
    cost = summed_cross_entropy(x, r)
    print(f"KL {kl.mean():.1f} nats, reconstruction {cost.mean():.1f} nats")
    return (kl + cost).mean() / summed_cross_entropy(x, X_few.mean(axis=0)).mean()


keras.utils.set_random_seed(SEED)
encoder = keras.Sequential(
    [
        keras.Input((784,)),
        layers.Dense(128, activation="elu"),
        layers.Dense(64, activation="elu"),
        layers.Dense(4),  # two means and two log variances
    ]
)
decoder = keras.Sequential(
    [
        keras.Input((2,)),
        layers.Dense(64, activation="elu"),
        layers.Dense(128, activation="elu"),
        layers.Dense(784, activation="sigmoid"),
    ]
)


# %% tags=["starter"] question="07.4"
def through(x, noise):
    """Return means, log variances, codes, pixels: (n, 784), (n, 2) -> (n, 790)."""
    return ...


def minus_elbo(x, noise):
    """Return the mean -ELBO of a batch, in nats, from `through`: a tensor."""
    return ...


# train(minus_elbo, [encoder, decoder], X_few, epochs=12)
answer_4 = through


# %% tags=["solution"] question="07.4"
def through(x, noise):
    """Return means, log variances, codes, pixels: (n, 784), (n, 2) -> (n, 790)."""
    mean, log_variance = ops.split(encoder(x), 2, axis=1)
    z = mean + ops.exp(log_variance / 2) * noise
    return ops.concatenate([mean, log_variance, z, decoder(z)], axis=1)


def minus_elbo(x, noise):
    """Return the mean -ELBO of a batch, in nats, from `through`: a tensor."""
    mean, log_variance, _, r = ops.split(through(x, noise), [2, 4, 6], axis=1)
    kl = ops.sum(ops.exp(log_variance) + mean**2 - 1 - log_variance, axis=1) / 2
    return ops.mean(784 * keras.losses.binary_crossentropy(x, r) + kl)


train(minus_elbo, [encoder, decoder], X_few, epochs=12)
answer_4 = through

# %% tags=["solution"]
check_result("07.ex.vae.over_collapsed", over_collapsed(through), dataset)

# %%
check("07.4", answer_4)
# hint("07.4")
# solution("07.4")

# %% [markdown] tags=["solution"]
# On average over five seeds, -ELBO is 0.81<!-- 07.ex.vae.over_collapsed:mean --> times that of the collapsed answer. The
# codes cost about five nats, and save far more than that in the reconstruction. The means and log variances are two halves of one layer here; the lesson has
# a layer for each, which computes the same.

# %% [markdown]
# ## 5. What no linear net can undercut
#
# The linear variational autoencoder of the lesson is a way to fit probabilistic PCA, and its -ELBO is never below the
# negative log-likelihood of the best such model. The lesson's formula gives that bound without any training. Complete
# the function: from points `X`, shape (n, d), and a number of codes k, with 1 ≤ k < d, it returns the exact negative
# log-likelihood per point, in nats, of the probabilistic PCA that fits these points best. `check` will call it with other points.
#
# To see whether your bound holds, use `linear_minus_elbo`. It takes the points, the encoder's `V` (k, d) and log variances
# (k,), the decoder's `W` (k, d) and the variance of the noise. Whatever you pass, it must not come out below your number, and with the best parameters it comes out equal.


# %%
def linear_minus_elbo(X, V, log_variance, W, noise):
    """Return the -ELBO per point of a linear variational autoencoder, in nats."""
    centered = X - X.mean(axis=0)
    mean, variance = centered @ V.T, np.exp(log_variance)  # (n, k), (k,)
    squares = np.sum((centered - mean @ W) ** 2, axis=1) + variance @ (W**2).sum(axis=1)
    cost = X.shape[1] / 2 * np.log(2 * np.pi * noise) + squares / (2 * noise)
    kl = np.sum(variance + mean**2 - 1 - log_variance, axis=1) / 2
    return np.mean(cost + kl)


rng = np.random.default_rng(SEED)
points = rng.normal(size=(500, 4)) * [3, 2, 1, 0.5] + 5  # four dimensions


# %% tags=["starter"] question="07.5"
def exact_cost(X, k):
    """Return the negative log-likelihood per point of the best probabilistic PCA."""
    return ...


answer_5 = exact_cost


# %% tags=["solution"] question="07.5"
def exact_cost(X, k):
    """Return the negative log-likelihood per point of the best probabilistic PCA."""
    d = X.shape[1]
    variances = np.linalg.eigvalsh(np.cov(X, rowvar=False, ddof=0))[::-1]  # (d,)
    noise = variances[k:].mean()  # the same in all d - k directions
    determinant = np.log(variances[:k]).sum() + (d - k) * np.log(noise)
    return (d * np.log(2 * np.pi) + determinant + d) / 2


answer_5 = exact_cost

# %% tags=["solution"]
variances, components = np.linalg.eigh(np.cov(points, rowvar=False, ddof=0))
variances, components = variances[::-1], components[:, ::-1].T
noise = variances[2:].mean()
W = components[:2] * np.sqrt(variances[:2] - noise)[:, None]  # (2, 4)
V = W / variances[:2, None]
best = V, np.log(noise / variances[:2]), W, noise
bound, others = exact_cost(points, 2), []
for size in np.geomspace(1e-3, 1, 1_000):  # steps of all sizes away from the best
    moved = [p * np.exp(size * rng.normal(size=np.shape(p))) for p in best]
    others.append(linear_minus_elbo(points, *moved))
print(f"bound {bound:.6f}, at the optimum {linear_minus_elbo(points, *best):.6f}")
print(f"the smallest of 1,000 others: {min(others):.6f}")

# %%
check("07.5", answer_5)
# hint("07.5")
# solution("07.5")

# %% [markdown] tags=["solution"]
# At the optimum the bound is reached exactly, and every step away from it costs something. So if a linear net ends above
# the bound, it has not been trained to the end, and if it ends below, there is an error in its loss.

# %% [markdown]
# ## 6. Challenge: a decoder that knows neighbours
#
# An exercise of lesson 2 shuffled the pixels of all images, and PCA did not notice. It ended with a promise: a
# convolution would. Here both decoders get the same eight codes per image, the scores of PCA over their spreads, which have
# mean 0 and variance 1, as the prior asks. Nothing differs but the decoder. A dense one, 8-14-784, has just under 12,000
# parameters. PCA's own decoder is the yardstick.
#
# Build and train a **decoder with at most 12,000 parameters**, from (n, 8) codes to (n, 784) pixels, whose squared error
# is at most **0.88 times** the yardstick's. `fit` trains it on `X_few`. Choose on validation, by `over_pca`; `check`
# judges it on test images. The answer is a Keras model. Once yours is good enough, train another one like it on shuffled
# pixels, `X_few[:, shuffled]`, and compare `over_pca(another, shuffled)`: does it notice?

# %%
MAX_PARAMETERS = 12_000
shuffled = np.random.default_rng(SEED).permutation(784)


def codes_of(X):
    """Return scores over their spreads: (n, 784) -> (n, 8)."""
    return pca.transform(X) / np.sqrt(pca.explained_variance_)


def fit(decoder, images, epochs=6):
    """Train a decoder from the codes of X_few to `images`."""
    n_steps = epochs * len(images) // 100
    schedule = keras.optimizers.schedules.CosineDecay(5e-3, n_steps)
    adam = keras.optimizers.Adam(schedule)
    decoder.compile(adam, "mean_squared_error", steps_per_execution=20)
    decoder.fit(codes_of(X_few), images, batch_size=100, epochs=epochs, verbose=0)


def over_pca(decoder, pixels=slice(None)):
    """Return the error on validation over that of PCA with eight components."""
    images = X_val[:1_000]
    by_pca = pca.inverse_transform(pca.transform(images))
    decoded = in_batches(decoder.predict_on_batch, codes_of(images))
    error = reconstruction_mse(images[:, pixels], decoded)
    return error / reconstruction_mse(images, by_pca)


keras.utils.set_random_seed(SEED)
dense = keras.Sequential(
    [
        keras.Input((8,)),
        layers.Dense(14, activation="elu"),
        layers.Dense(784, activation="sigmoid"),
    ]
)
fit(dense, X_few)
print(dense.count_params(), "of", MAX_PARAMETERS, "parameters")
print(round(over_pca(dense), 3), "of PCA's error")

# %% tags=["starter"] question="07.6"
small_decoder = ...
answer_6 = small_decoder


# %% tags=["solution"] question="07.6"
def build_small_decoder():
    keras.utils.set_random_seed(SEED)
    same = {"strides": 2, "padding": "same"}  # each doubles width and height
    return keras.Sequential(
        [
            keras.Input((8,)),
            layers.Dense(7 * 7 * 20, activation="elu"),
            layers.Reshape((7, 7, 20)),
            layers.Conv2DTranspose(10, 3, activation="elu", **same),  # (14, 14, 10)
            layers.Conv2DTranspose(1, 3, activation="sigmoid", **same),  # (28, 28, 1)
            layers.Flatten(),
        ]
    )


small_decoder = build_small_decoder()
fit(small_decoder, X_few)
answer_6 = small_decoder

# %% tags=["solution"]
dense_again = keras.models.clone_model(dense)  # with first weights of its own
small_again = build_small_decoder()
for again in (dense_again, small_again):
    fit(again, X_few[:, shuffled])
errors = {"dense": over_pca(dense), "conv": over_pca(small_decoder)}
errors["dense_shuffled"] = over_pca(dense_again, shuffled)
errors["conv_shuffled"] = over_pca(small_again, shuffled)
for name, error in errors.items():
    check_result(f"07.ex.{name}.over_pca", error, dataset)

# %% tags=["solution"] alt="Five rows of ten validation digits: originals; PCA with eight components, blurred, with haze around them; the dense decoder, much the same with darker strokes; the convolution, the clearest strokes on clean paper; the shuffled convolution, put back in order, broken strokes on paper full of grains."
images = X_val[:10]
rows = {"original": images, "PCA": pca.inverse_transform(pca.transform(images))}
rows["dense"] = dense.predict_on_batch(codes_of(images))
rows["convolution"] = small_decoder.predict_on_batch(codes_of(images))
unshuffled = np.argsort(shuffled)
rows["shuffled"] = small_again.predict_on_batch(codes_of(images))[:, unshuffled]
fig, ax = plt.subplots(figsize=(8, 4.4))
title = "Where pixels keep their neighbours, a convolution draws best"
plot_reconstructions(rows, image_shape, title=title, ax=ax)
plt.show()

# %%
check("07.6", answer_6)
# hint("07.6")
# solution("07.6")

# %% [markdown] tags=["solution"]
# On average over five seeds, the dense decoder leaves 0.96<!-- 07.ex.dense.over_pca:mean --> of PCA's error, and
# the convolution, with fewer parameters, 0.85<!-- 07.ex.conv.over_pca:mean -->. On shuffled pixels the dense one
# leaves 0.96<!-- 07.ex.dense_shuffled.over_pca:mean --> again: nothing in it says which pixels are neighbours. The
# convolution falls back to 0.99<!-- 07.ex.conv_shuffled.over_pca:mean -->. It paints all places with the same few
# weights, from what lies nearby. That helps as long as neighbours belong together, and hurts when they do not: it
# noticed. The codes were PCA's, so this is not a variational autoencoder yet, but the decoder of one can be built
# in the same way.

# %% [markdown]
# ## Points

# %%
progress("07")

# %% tags=["solution"]
report()

# %% [markdown]
# **Back** to [lesson 7](../07_a_code_with_a_prior.ipynb). Shut this kernel down first (*Kernel > Shut Down Kernel*).
