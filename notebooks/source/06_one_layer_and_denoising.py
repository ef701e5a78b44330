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
# # 6. One layer and denoising
#
# **What does one layer of 32 numbers learn, and what is it good for: copying digits, or cleaning them?**
#
# After this lesson you will be able to
#
# - look at what a layer has learnt, and count what it does not use;
# - train a denoiser, and compare it with baselines that are hard to beat;
# - recognise a net that is not learning, by what a guess costs.
#
# *About 3.5 minutes on one core; 1.2 GB of memory.*

# %% [markdown]
# ## Setup

# %%
from course_utils import FrameSlider, PCA, ReconstructionBatches, TrainingTable
from course_utils import came_out, check_result, in_batches, load_mnist, predict
from course_utils import reconstruction_mse, report
from course_utils.plotting import NET_COLOR, PCA_COLOR, plot_components, plot_network
from course_utils.plotting import plot_reconstructions, set_style

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers
from scipy.special import entr, expit

SEED = 0
keras.utils.set_random_seed(SEED)
set_style()

# %% [markdown]
# We set the last 5,000 train images aside. These **validation** images are for looking and for choosing. The test
# images answer the lesson's question once, at the end. (All figures in the text were measured on MNIST. A notice
# tells you if you have the embedded digits instead; on those, PCA beats the net of 32 at both tasks.)

# %%
data = load_mnist()
X_train, X_val, X_test = data.X_train[:-5_000], data.X_train[-5_000:], data.X_test
pca = PCA(n_components=32).fit(X_train)
print(data.name, X_train.shape, X_val.shape, X_test.shape)

# %% [markdown]
# ## One layer in, one layer out
#
# So far a code had two numbers. Now it may have **32**, but encoder and decoder get one layer each: 784-32-784, with a
# `relu` code and a `sigmoid` output. The net, its loss and its batches come from a tutorial on Keras's own pages,
# Chollet 2016<!-- cite: chollet2016 -->. An image has 784/32 = 24.5<!-- 06.compression --> times as many numbers as its
# code.


# %%
def one_layer(n_units=32, activation="relu"):
    keras.utils.set_random_seed(SEED)  # the same first weights for the same size
    return keras.Sequential(
        [
            keras.Input((784,)),
            layers.Dense(n_units, activation=activation),  # (n, 784) -> (n, 32)
            layers.Dense(784, activation="sigmoid"),  # (n, 32) -> (n, 784)
        ]
    )


def train(model, epochs, corrupt=None):
    """Train in batches of 256; return the validation losses and their epochs."""
    model.compile("adam", loss="binary_crossentropy", steps_per_execution=50)
    batches = ReconstructionBatches(X_train, batch_size=256, seed=SEED, corrupt=corrupt)
    table = TrainingTable({"validation": X_val}, at=[1, 2, 3, 5, 10], corrupt=corrupt)
    model.fit(batches, epochs=epochs, verbose=0, callbacks=[table])
    return table.history


# %% alt="The net as three bars from top to bottom, each as wide as the root of its number of units: input 784, relu 32, the bottleneck, in orange, and the sigmoid output, 784."
fig, ax = plt.subplots(figsize=(6.5, 2.4))
plot_network(one_layer(), ax)
ax.set_title("One layer in, one layer out, 32 numbers between them")
plt.show()

# %% [markdown]
# The loss is the **binary cross-entropy** per pixel, $-x\log r - (1-x)\log(1-r)$. It reads the pixel $x$ as a
# probability of ink. What would a good value be? Two figures frame it. A net that knows nothing about the image can
# still answer with the **mean image**. And cross-entropy cannot reach 0 on grey pixels: even the perfect answer $r = x$
# costs the pixels' own entropy.


# %%
def cross_entropy(x, r):
    r = np.clip(r, 1e-7, 1 - 1e-7)  # as Keras does: log 0 is infinite
    return np.mean(-x * np.log(r) - (1 - x) * np.log(1 - r), dtype=np.float64)


guess = cross_entropy(X_val, pca.mean_)
floor = np.mean(entr(X_val) + entr(1 - X_val), dtype=np.float64)  # entr(x) is -x log x
check_result("06.mean_image.val_bce", guess, data.name)
check_result("06.entropy_floor.val_bce", floor, data.name)

# %% [markdown]
# > **Predict first.** The mean image costs 0.2629<!-- 06.mean_image.val_bce -->, the perfect answer
# > 0.0588<!-- 06.entropy_floor.val_bce -->. Where will the net be after one epoch, and where after 15?

# %%
predict("06.copier.first_val_bce", "What does copying cost after one epoch?")
predict("06.copier.val_bce", "What does copying cost after 15 epochs?")

# %%
copier = one_layer()
history = train(copier, epochs=15)

# %% alt="The copier's validation cross-entropy over 15 epochs: from 0.2 after the first it falls steeply, then ever more slowly, to just below 0.1. A dashed line at 0.26, the mean image, lies above the whole curve, a dotted line at 0.06, the pixels' entropy, below it."
ax = plt.gca()
losses = history["validation"]
ax.plot(history["epoch"], losses, "o-", color=NET_COLOR, label="net of 32")
ax.axhline(guess, color="black", linestyle="--", label="the mean image")
ax.axhline(floor, color="black", linestyle=":", label="the perfect answer")
ax.set(xlabel="epoch", ylabel="cross-entropy per pixel, validation", ylim=0)
ax.set_title("One epoch beats every answer that ignores the image")
ax.legend(frameon=False)
plt.show()

check_result("06.compression", 784 / 32, data.name)
check_result("06.copier.first_val_bce", losses[0], data.name)
check_result("06.copier.val_bce", losses[-1], data.name)

# %% [markdown]
# On average over five seeds the loss is 0.196<!-- 06.copier.first_val_bce:mean --> after one epoch, better than any
# answer that ignores the image. After 15 epochs it is 0.095<!-- 06.copier.val_bce:mean -->
# (0.0948<!-- 06.copier.val_bce:min --> to 0.0962<!-- 06.copier.val_bce:max -->) and falls only slowly, so we stop there.
# Find out what a guess costs before you call a loss small. [The appendix on optimisers](appendix/optimizers.ipynb) has a
# net that fails this test: Adadelta at its default rate.
#
# ## What it has learnt
#
# Take the net apart as in lesson 3. The first layer is the encoder; the last layer, behind a new input of 32 numbers, is
# the decoder.

# %% alt="Top: ten validation digits, in the middle their 32 codes drawn as grey blocks of 4 by 8, and below their reconstructions, which are close to the originals."
encoder = keras.Model(copier.inputs, copier.layers[0].output)
decoder = keras.Sequential([keras.Input((32,)), copier.layers[-1]])
codes = in_batches(encoder.predict_on_batch, X_val)  # (5000, 784) -> (5000, 32)

blocks = np.zeros((10, 28, 28))
squares = (codes[:10] / codes[:10].max()).reshape(10, 4, 8)
blocks[:, 6:22, 2:26] = np.kron(squares, np.ones((4, 3)))
rows = {
    "original": X_val[:10],
    "code, 4 x 8": blocks.reshape(10, 784),
    "reconstruction": decoder.predict_on_batch(codes[:10]),
}
fig, ax = plt.subplots(figsize=(8, 2.8))
title = "32 numbers bring most digits back"
plot_reconstructions(rows, data.image_shape, title=title, ax=ax)
plt.show()

# %% [markdown]
# > **Predict first.** PCA's components covered the whole image, in ever finer patterns, in order. The decoder's 32 rows
# > of weights can be drawn in the same way. Whole images again, or single strokes? How many of the 32 units will never
# > be used?

# %% alt="The decoder's 32 weight rows as images in red and blue, strongest first, with a colour bar. The strongest cover the whole image: dark frames around the middle, one of them a red ring. The others are mixtures of strokes and arcs. The last one, unit 7, is faint noise and marked as dead."
weights, bias = copier.layers[-1].get_weights()  # (32, 784), (784,)
strength = np.linalg.norm(weights, axis=1)  # (32,): how strongly each unit draws
unused = codes.max(axis=0) == 0
order = np.argsort(-strength)
titles = [f"{i}: dead" if unused[i] else f"{i}" for i in order]
fig, axes = plt.subplots(4, 8, figsize=(9.5, 5.4))
fig.suptitle("Each unit draws strokes all over the image; strongest first")
plot_components(weights[order], data.image_shape, titles, axes=axes)
fig.colorbar(axes[0, 0].images[0], ax=axes, label="weight of the pixel", shrink=0.8)
plt.show()

check_result("06.copier.n_unused", unused.sum(), data.name)
n_on = np.sum(100 * (codes > 0).mean(axis=0) > 95)  # on for 95 % of the images
check_result("06.copier.n_nearly_always_on", n_on, data.name)

# %% [markdown]
# Red adds ink, blue takes it away. The units draw mixtures of strokes and arcs all over the image, and they have no
# order of their own: swap two, and nothing changes. When this page was made, unit 7 was dead, as in lesson 1. It was zero
# for every image, and its picture is still the faint noise that it started from. Over five seeds, none or one died. Count
# the units in use before you believe a code's size.
#
# The other units are hardly ever off: all 31<!-- 06.copier.n_nearly_always_on --> were on for more than 95 % of the
# validation images. Is a digit still a sum of a few strokes? We build one from its five strongest units, those with
# the largest code times strength.

# %% alt="Eight panels. With no unit the image is an even grey. With one to five units it shows dark blots and frames, and no digit. With all 32 units it is an 8, close to the original beside it."
code = codes[2]
five = np.argsort(-code * strength)[:5]  # the units that draw most of this digit
built = [bias + code[five[:n]] @ weights[five[:n]] for n in range(6)]  # (784,) each
built = expit(np.array([*built, bias + code @ weights]))  # expit is the sigmoid
names = ["no unit", "1 unit", "2 units", "3 units", "4 units", "5 units", "all 32"]
fig, axes = plt.subplots(2, 4, figsize=(7, 4.2))
fig.suptitle("Its five strongest units do not make an 8: it takes all 32")
for ax, image, name in zip(axes.flat, [*built, X_val[2]], [*names, "original"]):
    ax.imshow(image.reshape(data.image_shape), vmin=0, vmax=1)
    ax.set_title(name)
    ax.axis("off")
plt.show()

# %% [markdown]
# Five units make blots. Strong units cancel one another, and only the sum of all 32 is a digit.
#
# If nearly all relus are on, the code is nearly linear. So what does the relu do for the net?
#
# > **Predict first.** Without the relu, from the same first weights and with the same batches, does the net copy better or worse?

# %%
question = "Does the net copy better with its relu or without?"
predict("06.relu", question, ["with", "without"])

# %%
without_relu = one_layer(activation="linear")
train(without_relu, epochs=15)

copy_errors = {}
for name, model in (("copier", copier), ("no_relu", without_relu)):
    reconstruction = in_batches(model.predict_on_batch, X_val)
    copy_errors[name] = reconstruction_mse(X_val, reconstruction)
    check_result(f"06.{name}.clean_val_mse", copy_errors[name], data.name)
with_relu = copy_errors["copier"] < copy_errors["no_relu"]
came_out("06.relu", "with" if with_relu else "without")

# %% [markdown]
# Without the relu the net copies *better*. On average over five seeds it leaves
# 0.0103<!-- 06.no_relu.clean_val_mse:mean --> instead of 0.0105<!-- 06.copier.clean_val_mse:mean -->, and it wins with
# each of them. So the relu gains nothing here. All that bends in this second net is the sigmoid at its output. You know it from lesson 4: a net with
# linear layers and a sigmoid at the end was not PCA, and got below PCA's error.
#
# ## Cleaning
#
# An autoencoder is trained to copy. But you can ask it for more than its input: give it a **noisy** image, and ask
# for the **clean** one (Vincent et al. 2008<!-- cite: vincent2008 -->; with Gaussian noise
# Vincent et al. 2010<!-- cite: vincent2010 -->). We add noise from $N(0, 0.5^2)$ to each pixel and clip to [0, 1].
# Net and training stay the same. New noise is drawn for every batch, so the net cannot learn it by heart.


# %%
def add_noise(images, rng, stddev=0.5):
    noisy = rng.standard_normal(images.shape, dtype=np.float32)
    noisy *= stddev
    noisy += images
    return np.clip(noisy, 0, 1, out=noisy)


def cleaning_mse(denoise, X):
    """Add noise, always the same, denoise; return the error to the clean images."""
    rng = np.random.default_rng(1000 + SEED)
    denoised = in_batches(lambda clean: denoise(add_noise(clean, rng)), X)
    return reconstruction_mse(X, denoised)


# %%
cleaner = one_layer()
history_cleaner = train(cleaner, epochs=15, corrupt=add_noise)

# %% [markdown]
# > **Predict first.** Now there are two nets of 32, one trained to copy, one to clean. What does the copier make of a noisy
# > image? And what does the cleaner make of a clean one, which should be the easier task?

# %% alt="Six rows of ten validation digits: clean; what the copier makes of them, good but a little blurred copies; what the cleaner makes of them, far too bold digits with grey halos; noisy; what the copier makes of those, faint fragments of strokes; what the cleaner makes of those, soft but mostly readable digits."
noisy = add_noise(X_val[:10], np.random.default_rng(SEED))
rows = {
    "clean": X_val[:10],
    "clean, copied": copier.predict_on_batch(X_val[:10]),
    "clean, cleaned": cleaner.predict_on_batch(X_val[:10]),
    "noisy": noisy,
    "noisy, copied": copier.predict_on_batch(noisy),
    "noisy, cleaned": cleaner.predict_on_batch(noisy),
}
fig, ax = plt.subplots(figsize=(8, 5))
title = "Each net is good at its own task alone"
plot_reconstructions(rows, data.image_shape, title=title, ax=ax)
plt.show()

noisy_mse = cleaning_mse(copier.predict_on_batch, X_val)
check_result("06.copier.noisy_val_mse", noisy_mse, data.name)
clean_mse = reconstruction_mse(X_val, in_batches(cleaner.predict_on_batch, X_val))
check_result("06.cleaner.clean_val_mse", clean_mse, data.name)
noisy_mse = cleaning_mse(cleaner.predict_on_batch, X_val)
check_result("06.cleaner.noisy_val_mse", noisy_mse, data.name)

# %% [markdown]
# On average over five seeds, the copier leaves 0.0105<!-- 06.copier.clean_val_mse:mean --> of clean images but
# 0.072<!-- 06.copier.noisy_val_mse:mean --> of noisy ones, of which it keeps faint fragments. The cleaner leaves
# 0.0215<!-- 06.cleaner.noisy_val_mse:mean --> of noisy images but 0.064<!-- 06.cleaner.clean_val_mse:mean --> of clean
# ones, which it draws far too boldly. Both nets started from the same first weights and were trained in the same way;
# only their inputs differed. So a layer does not learn *digits*. It learns a *task*.
#
# ## The best possible answer
#
# Which answer to a noisy image $\tilde x$ is best? Many clean images could be behind it. The least squared error on
# average comes from their mean, the **conditional mean** $E[x \mid \tilde x]$; cross-entropy has the same best answer.
# For a single pixel, seen without its neighbours, we can compute it: sort pixels by how dark they are seen, and average
# what they were.

# %% alt="The mean of the clean pixel against the noisy pixel's value, both from 0, white, to 1, black. The curve lies far below the dashed diagonal: it rises slowly from 0.02 to 0.44 just before the end, and jumps to 0.67 at 1."
clean, rng = X_val[:1000].ravel(), np.random.default_rng(SEED)
seen = add_noise(X_val[:1000], rng).ravel()  # (784000,)
level = np.round(20 * seen).astype(int)  # 0 to 20, from white to black
best = np.bincount(level, clean) / np.bincount(level)  # (21,): mean of the clean pixels
ax = plt.gca()
ax.plot(np.linspace(0, 1, 21), best, "ko-", label="best answer: the conditional mean")
ax.plot([0, 1], [0, 1], "k--", label="the pixel as it is seen")
ax.set(xlabel="noisy pixel (0 is white)", ylabel="mean of the clean pixel")
ax.set_title("The best answer to a black pixel is grey")
ax.legend(frameon=False)
plt.show()
check_result("06.best_pixel.at_black", best[20], data.name)
level_clean = np.round(20 * clean).astype(int)
clean_mse = np.mean((best[level_clean] - clean) ** 2)
check_result("06.best_pixel.clean_mse", clean_mse, data.name)

# %% [markdown]
# A pixel seen as black was about 0.7<!-- 06.best_pixel.at_black --> on average, so a single pixel's best answer is
# grey. A net sees all pixels and knows more; but where a stroke may run a little to the left or to the right, its
# best answer is the mean of both, a *blur*. And even the best denoiser errs on clean images: it takes away noise
# that is not there. This rule changes clean images by a squared error of about
# 0.02<!-- 06.best_pixel.clean_mse -->, where doing nothing would have been right.
#
# ## What linear maps can do
#
# Is our net good? Only a baseline can tell. **PCA**, fitted on the clean images, keeps 32 directions and drops the
# noise in all others. It needs a mean to subtract. Clipped noise adds ink, because paper cannot get lighter than 0; so
# subtract the *noisy* mean, and add the clean one.
#
# But PCA is not the best *linear* map from noisy to clean. That is ordinary **least squares**. With the centred noisy
# images as the rows of $N$, its matrix $B$ solves the normal equations $N^\top N\,B = N^\top X$ ($X$ need not be
# centred, because $N$ is), and its answers are $NB$. With only 32 numbers in the middle, the best linear map is
# **reduced-rank regression** (Izenman 1975<!-- cite: izenman1975 -->): take least squares, and keep the 32 leading
# principal components of its answers. Like a net's output, answers may be clipped to [0, 1].

# %%
noisy = add_noise(X_train, np.random.default_rng(2000 + SEED))
noisy_mean = noisy.mean(axis=0)
noisy -= noisy_mean
cov_noisy = noisy.T @ noisy  # (784, 784), not divided by n
B = np.linalg.solve(cov_noisy, noisy.T @ X_train)  # (784, 784)
del noisy
cov_answers = B.T @ cov_noisy @ B  # of N B; its eigenvectors are their components,
leading = np.linalg.svd(cov_answers)[2][:32]  # (32, 784): which svd returns in order


# %%
def pca_clean_mean(x):
    return pca.inverse_transform(pca.transform(x))


def pca_noisy_mean(x):
    return pca_clean_mean(x - noisy_mean + pca.mean_)


def least_squares(x):
    return np.clip((x - noisy_mean) @ B + pca.mean_, 0, 1)


def reduced_rank(x):
    return (x - noisy_mean) @ B @ leading.T @ leading + pca.mean_


def reduced_rank_clipped(x):
    return np.clip(reduced_rank(x), 0, 1)


for denoise in (pca_noisy_mean, reduced_rank_clipped, least_squares):
    print(f"{denoise.__name__:<21} {cleaning_mse(denoise, X_val):.4f} on validation")

# %% [markdown]
# Each is better than the one before. Our net of 32, at 0.0215<!-- 06.cleaner.noisy_val_mse:mean -->, is a little ahead
# of reduced rank, the best linear map through 32 numbers. It is behind least squares, which needs no training: only
# sums over the images, and a system of equations.
#
# ## Is it the 32?
#
# Least squares has no bottleneck. Perhaps the net's 32 numbers hold it back. A copier needs a bottleneck, or there is
# nothing to learn. A cleaner does not: the noise already keeps it from copying its input. So make the layer wider, and
# train it for less time:
#
# > **Predict first.** Will 128 or 512 units, after six epochs instead of 15, get below least squares?

# %%
choices = ["neither", "128 alone", "512 alone", "both"]
question = "Which widths get below least squares?"
predict("06.width.below_least_squares", question, choices)

# %%
wider = {n_units: one_layer(n_units) for n_units in (128, 512)}
for model in wider.values():
    train(model, epochs=6, corrupt=add_noise)

# %% alt="Squared error of cleaned validation images against the width of the layer, 32, 128 and 512 units: it falls from 0.021 over 0.018 to 0.015. Two horizontal lines: reduced rank at 0.023 above all points, least squares at 0.018, which 128 units about reach and 512 pass."
by_width = {32: cleaner} | wider
val_mse = {n: cleaning_mse(net.predict_on_batch, X_val) for n, net in by_width.items()}
ax = plt.gca()
ax.plot(list(val_mse), list(val_mse.values()), "o-", color=NET_COLOR, label="one layer")
baselines = {"reduced rank of 32": reduced_rank_clipped, "least squares": least_squares}
for (name, denoise), style in zip(baselines.items(), ("--", ":")):
    ax.axhline(cleaning_mse(denoise, X_val), color="black", linestyle=style, label=name)
ax.set_xscale("log", base=2)
ax.set(xticks=list(val_mse), xticklabels=list(val_mse), ylim=0)
ax.set(xlabel="units", ylabel="squared error per pixel, validation")
ax.set_title("512 units clean better than any linear map")
ax.legend(frameon=False)
plt.show()

for n_units in wider:
    check_result(f"06.width_{n_units}.noisy_val_mse", val_mse[n_units], data.name)
below = [n for n in wider if val_mse[n] < cleaning_mse(least_squares, X_val)]
outcome = "both" if len(below) == 2 else f"{below[0]} alone" if below else "neither"
came_out("06.width.below_least_squares", outcome)

# %% [markdown]
# On average over five seeds, 32 units left 0.0215<!-- 06.cleaner.noisy_val_mse:mean --> after 15 epochs. After six
# epochs, 128 leave 0.0179<!-- 06.width_128.noisy_val_mse:mean -->, level with least squares, and 512 leave
# 0.0149<!-- 06.width_512.noisy_val_mse:mean -->, well below. That is consistent with the 32 being the limit, but no
# proof: a wider net also has more weights, and these were trained for fewer epochs. We choose 512.
#
# It was trained with noise of 0.5. What does it do at 0.2, at 0.9, and where there is no noise at all? Move the slider.

# %% tags=["slider"] alt="Two rows of ten validation digits: with as much noise as the slider says, and below them what the wide net makes of them."
noise_levels = np.linspace(0, 1, 11).round(1)
noisy = [add_noise(X_val[:10], np.random.default_rng(SEED), s) for s in noise_levels]
denoised = [wider[512].predict_on_batch(images) for images in noisy]
frames = {"noisy": noisy, "denoised": denoised}
FrameSlider(frames, data.image_shape, noise_levels, name="noise")

# %%
denoised_mse = {}
for stddev in (0.0, 0.1, 0.2, 0.5, 0.9):
    noisy = add_noise(X_val[:1000], np.random.default_rng(SEED), stddev)
    denoised = wider[512].predict_on_batch(noisy)
    denoised_mse[stddev] = reconstruction_mse(X_val[:1000], denoised)
    before = reconstruction_mse(X_val[:1000], noisy)
    print(f"noise {stddev}: before {before:.4f}, denoised {denoised_mse[stddev]:.4f}")
ratio = denoised_mse[0.0] / denoised_mse[0.5]
check_result("06.wide.clean_over_noisy", ratio, data.name)

# %% [markdown]
# It does best where it was trained. With little noise it is worse than doing nothing, and on clean images it leaves
# 2.2<!-- 06.wide.clean_over_noisy:mean --> times as much as on noisy ones. It has learnt to take noise away, not to ask
# whether there is any.
#
# ## Copying or cleaning: the test images
#
# All choices are made, so the test images may answer, once for each method.
#
# > **Predict first.** At which of the two tasks is the net of 32 further ahead of the best linear map of rank 32?

# %%
question = "At which task is the net of 32 further ahead?"
predict("06.further_ahead", question, ["copying", "cleaning"])

# %%
copying = {
    "PCA, 32": ("pca", pca_clean_mean),
    "PCA, 32, clipped": ("pca_clipped", lambda x: np.clip(pca_clean_mean(x), 0, 1)),
    "net of 32": ("copier", copier.predict_on_batch),
    "net of 32, no relu": ("no_relu", without_relu.predict_on_batch),
}
cleaning = {
    "nothing (noisy)": ("noisy", lambda x: x),
    "PCA, 32, clean mean": ("pca_clean_mean", pca_clean_mean),
    "PCA, 32, noisy mean": ("pca_noisy_mean", pca_noisy_mean),
    "reduced rank, 32": ("reduced_rank", reduced_rank),
    "reduced rank, 32, clipped": ("reduced_rank_clipped", reduced_rank_clipped),
    "least squares, clipped": ("least_squares_clipped", least_squares),
    "net of 32, trained to copy": ("copier_on_noisy", copier.predict_on_batch),
    "net of 32": ("cleaner", cleaner.predict_on_batch),
    "net of 128": ("width_128", wider[128].predict_on_batch),
    "net of 512": ("wide", wider[512].predict_on_batch),
}
copied = {
    name: reconstruction_mse(X_test, in_batches(f, X_test))  # each sees test once
    for name, (_, f) in copying.items()
}
cleaned = {name: cleaning_mse(f, X_test) for name, (_, f) in cleaning.items()}

# %% alt="Horizontal bars of the squared error on test, sorted; nets are orange, PCA is blue, other linear maps are grey. Copying: PCA 0.017, PCA clipped 0.015, net of 32 0.010, and without its relu 0.010. Cleaning: noisy images 0.116, net of 32 trained to copy 0.07, PCA 0.033 and 0.028, reduced rank 0.024 and clipped 0.022, net of 32 0.021, net of 128 and least squares about 0.018, net of 512 0.015."
panels = {"Copying: the nets leave a third less": copied}
panels["Cleaning: only the widest net passes least squares"] = cleaned
ratios = {"height_ratios": [len(panel) for panel in panels.values()]}
fig, axes = plt.subplots(2, 1, figsize=(8, 5.8), sharex=True, gridspec_kw=ratios)
colors = {"net": NET_COLOR, "PCA": PCA_COLOR}
for ax, (title, panel) in zip(axes, panels.items()):
    names = sorted(panel, key=panel.get)  # barh begins at the bottom
    color = [colors.get(name[:3], "0.7") for name in names]
    bars = ax.barh(names, [panel[name] for name in names], color=color)
    ax.bar_label(bars, fmt="%.4f", padding=4)
    ax.set_title(title)
axes[1].set(xlabel="squared error per pixel, test", xlim=(0, 0.13))
plt.show()

for methods, errors in ((copying, copied), (cleaning, cleaned)):
    for name, (key, _) in methods.items():
        check_result(f"06.{key}.test_mse", errors[name], data.name)
ahead = {
    "copying": copied["PCA, 32, clipped"] / copied["net of 32"],
    "cleaning": cleaned["reduced rank, 32, clipped"] / cleaned["net of 32"],
}
came_out("06.further_ahead", max(ahead, key=ahead.get))

# %% alt="Seven rows of ten test digits: clean, noisy with heavy grain, and five denoised versions; PCA's and reduced rank's are cloudy, least squares' speckled, the net of 32's blurry, the net of 512's clean and sharper."
noisy = add_noise(X_test[:10], np.random.default_rng(SEED))
shown = ["PCA, 32, noisy mean", "reduced rank, 32, clipped", "least squares, clipped"]
shown += ["net of 32", "net of 512"]
rows = {name: cleaning[name][1](noisy) for name in shown}
rows = {"clean": X_test[:10], "noisy": noisy} | rows
fig, ax = plt.subplots(figsize=(8.6, 5.6))
title = "Linear maps leave clouds or specks; nets blur"
plot_reconstructions(rows, data.image_shape, title=title, ax=ax)
plt.show()

# %% [markdown]
# The methods come in the same order as on validation. Most figures are means over five seeds. The bars
# show one run, which copies worst of the five.
#
# - **Copying.** The net of 32 leaves 0.0102<!-- 06.copier.test_mse:mean --> (0.0100<!-- 06.copier.test_mse:min --> to
#   0.0105<!-- 06.copier.test_mse:max -->); in the bars 0.0105<!-- 06.copier.test_mse:max -->, and 0.0099<!-- 06.no_relu.test_mse --> without
#   its relu. PCA with as many numbers leaves 0.0168<!-- 06.pca.test_mse:mean -->. Is that only because PCA can leave [0, 1]? No:
#   clipped, PCA still leaves 0.0152<!-- 06.pca_clipped.test_mse:mean -->, and the net about a third less. The
#   sigmoid does more than clip: the net is trained with it.
# - **Cleaning.** The net of 32 leaves 0.0210<!-- 06.cleaner.test_mse:mean -->
#   (0.0201<!-- 06.cleaner.test_mse:min --> to 0.0218<!-- 06.cleaner.test_mse:max -->), the best linear map of rank
#   32, clipped, 0.0225<!-- 06.reduced_rank_clipped.test_mse:mean -->. The net is ahead with every seed, but by less than
#   a tenth on average. PCA is behind with either mean (0.0327<!-- 06.pca_clean_mean.test_mse:mean --> and
#   0.0280<!-- 06.pca_noisy_mean.test_mse:mean -->). Without a bottleneck, least squares leaves
#   0.0175<!-- 06.least_squares_clipped.test_mse:mean -->, and 512 units leave 0.0146<!-- 06.wide.test_mse:mean -->,
#   about a sixth less.

# %% [markdown]
# ## Exercises
#
# [Six questions](exercises/06_one_layer_and_denoising.ipynb), each with a cell to work in and a check that tells you what
# is right: what a guess costs, units that are not used, three faults in noisy pairs, cleaning predicted by a formula, a
# wide net that never saw noise, and a challenge: learn to clean from few images. The appendix
# [The optimiser's trap](appendix/optimizers.ipynb) trains the copier in six ways.

# %% [markdown]
# ## Recap
#
# - **Copying** is what one layer of 32 numbers is good for. It leaves 0.0102<!-- 06.copier.test_mse:mean --> on test,
#   where PCA's 32 components leave 0.0168<!-- 06.pca.test_mse:mean -->. The sigmoid gains that, not the relu.
# - It can also learn **cleaning**, but then it cannot copy. It leaves 0.0210<!-- 06.cleaner.test_mse:mean -->, hardly less
#   than the best linear map through 32 numbers (0.0225<!-- 06.reduced_rank_clipped.test_mse:mean -->). A cleaner needs
#   no bottleneck: 512 units leave 0.0146<!-- 06.wide.test_mse:mean -->.
# - Know what a guess costs, compare a net with a good baseline, choose on validation images, and look at test once.

# %% [markdown]
# ## Read on
#
# - Vincent et al. (2010)<!-- cite: vincent2010 -->, [Stacked denoising
#   autoencoders](https://jmlr.org/papers/v11/vincent10a.html): what denoising is good for besides clean images. On
#   digits, layers that denoise learn larger strokes than layers that copy; draw the weights of our cleaner, and compare.
# - Izenman (1975)<!-- cite: izenman1975 -->, [Reduced-rank regression for the multivariate linear
#   model](https://doi.org/10.1016/0047-259X%2875%2990042-1): the baseline that our net of 32 hardly beats.

# %%
report()

# %% [markdown]
# **Next:** [7. A code with a prior](07_a_code_with_a_prior.ipynb) - can we draw digits that nobody has written?
# Shut this kernel down first (*Kernel > Shut Down Kernel*).
