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
# - train a denoiser, and hold it against baselines that are hard to beat;
# - recognise a net that is not learning, by what a guess costs.
#
# *About 3.5 minutes on one core; 1.2 GB of memory.*

# %% [markdown]
# ## Setup

# %%
from course_utils import FrameSlider, PCA, ReconstructionBatches, TrainingTable
from course_utils import came_out, check_result, in_batches, load_mnist, predict, reconstruction_mse, report
from course_utils.plotting import plot_components, plot_reconstructions, set_style

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers
from scipy.special import entr

SEED = 0
keras.utils.set_random_seed(SEED)
set_style()

# %% [markdown]
# The last 5,000 train images are set aside: with these **validation** images we choose, and look. The test images answer
# the lesson's question, once, at its end. (All figures in the text are those on MNIST. A notice says if you have the
# embedded digits instead, on which PCA is ahead of the net of 32 at both tasks.)

# %%
data = load_mnist()
X_train, X_val, X_test = data.X_train[:-5_000], data.X_train[-5_000:], data.X_test
pca = PCA(n_components=32).fit(X_train)
print(data.name, X_train.shape, X_val.shape, X_test.shape)

# %% [markdown]
# ## One layer in, one layer out
#
# So far two numbers had to do. Now a code may have **32**, but encoder and decoder are one layer each: 784-32-784, with
# a `relu` code and a `sigmoid` output. (Net, loss and batches are those of a tutorial on Keras's own pages,
# Chollet 2016<!-- cite: chollet2016 -->.) In numbers that is a compression by 784/32 = 24.5<!-- 06.compression -->. In
# bits it is less, since each pixel was 8 bits, and each of the 32 numbers takes 32 bits: 6.1.


# %%
def one_layer(n_units=32):
    keras.utils.set_random_seed(SEED)  # the same first weights for the same size
    return keras.Sequential(
        [
            keras.Input((784,)),
            layers.Dense(n_units, activation="relu"),  # (n, 784) -> (n, 32)
            layers.Dense(784, activation="sigmoid"),  # (n, 32) -> (n, 784)
        ]
    )


def train(model, epochs, optimizer="adam", loss="binary_crossentropy", loss_weights=None, corrupt=None):
    """Train in batches of 256; return the validation loss after each epoch."""
    model.compile(optimizer, loss=loss, loss_weights=loss_weights)
    table = TrainingTable({"validation": X_val}, corrupt=corrupt, show=False)
    batches = ReconstructionBatches(X_train, batch_size=256, seed=SEED, corrupt=corrupt)
    model.fit(batches, epochs=epochs, verbose=0, callbacks=[table])
    return table.history["validation"]


# %% [markdown]
# The loss is the **binary cross-entropy** per pixel, $-x\log r - (1-x)\log(1-r)$: it reads the pixel $x$ as a
# probability of ink. What would a good value be? Two figures frame it. A net that knows nothing of the image can still
# answer with the **mean image**. And cross-entropy cannot reach 0 on grey pixels: even the perfect answer $r = x$ costs
# the pixels' own entropy.


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
copier_history = train(copier, epochs=15)

# %% alt="The copier's validation cross-entropy over 15 epochs: from 0.2 after the first it falls steeply, then ever more slowly, to just below 0.1. A dashed line at 0.26, the mean image, lies above the whole curve, a dotted line at 0.06, the pixels' entropy, below it."
ax = plt.gca()
ax.plot(range(1, 16), copier_history, "o-", label="one layer of 32")
ax.axhline(guess, color="black", linestyle="--", label="the mean image")
ax.axhline(floor, color="black", linestyle=":", label="the perfect answer")
ax.set(xlabel="epoch", ylabel="cross-entropy per pixel, validation", ylim=0, title="Learning to copy")
ax.legend(frameon=False)
plt.show()

# %%
check_result("06.compression", 784 / 32, data.name)
check_result("06.copier.first_val_bce", copier_history[0], data.name)
check_result("06.copier.val_bce", copier_history[-1], data.name)

# %% [markdown]
# In the mean over five seeds 0.196<!-- 06.copier.first_val_bce:mean --> after one epoch, better than any answer that ignores
# the image; after 15 epochs 0.095<!-- 06.copier.val_bce:mean --> (0.0948<!-- 06.copier.val_bce:min --> to
# 0.0962<!-- 06.copier.val_bce:max -->). The curve has nearly come to rest, so we stop there. Always know what a guess
# costs before you call a loss small; [the box](#box) below has a net that fails this test.
#
# ## What it has learnt
#
# Take it apart as in lesson 3: the first layer alone is the encoder, the last one behind a new input of 32 numbers the
# decoder.

# %%
encoder = keras.Model(copier.inputs, copier.layers[0].output)
decoder = keras.Sequential([keras.Input((32,)), copier.layers[-1]])
codes = in_batches(encoder.predict_on_batch, X_val)  # (5000, 784) -> (5000, 32)

# %% alt="Top: ten validation digits, in the middle their 32 codes drawn as grey blocks of 4 by 8, and below their reconstructions, which are close to the originals."
blocks = np.zeros((10, 28, 28))
blocks[:, 6:22, 2:26] = np.kron((codes[:10] / codes[:10].max()).reshape(10, 4, 8), np.ones((4, 3)))
rows = {
    "original": X_val[:10],
    "code, 4 x 8": blocks.reshape(10, 784),
    "reconstruction": decoder.predict_on_batch(codes[:10]),
}
fig, ax = plt.subplots(figsize=(8, 2.8))
plot_reconstructions(rows, data.image_shape, title="Ten validation digits and their codes", ax=ax)
plt.show()

# %% [markdown]
# > **Predict first.** PCA's components covered the whole image, in ever finer patterns, ordered. The decoder's 32 rows of
# > weights can be drawn in the same way. Whole images again, or single strokes? And is there an order?

# %% alt="The decoder's 32 weight rows as images in red and blue, with a colour bar: nearly all are mixtures of strokes and arcs all over the middle of the image, in no visible order."
strokes = copier.layers[-1].get_weights()[0]  # (32, 784)
fig, axes = plt.subplots(4, 8, figsize=(9.5, 4.8))
plot_components(strokes, data.image_shape, [f"{i}" for i in range(32)], axes=axes)
fig.colorbar(axes[0, 0].images[0], ax=axes, label="weight of the pixel", shrink=0.8)
plt.show()

# %% [markdown]
# Mixtures of strokes and arcs, in no order: exchange two units, and nothing changes. Unlike in lesson 4 they cannot be
# *mixed* freely, because the relu of a sum is not the sum of the relus. Each number of the code is zero or positive, but
# its weights have both signs: red adds ink, blue takes it away. A relu unit may also have died, as in lesson 1. How
# many of the 32 are zero for every validation image, and which draw most faintly?

# %%
check_result("06.copier.n_unused", np.sum(codes.max(axis=0) == 0), data.name)
n_images = (codes > 0).sum(axis=0)
ink = np.linalg.norm(strokes, axis=1)  # (32,): how strongly each unit draws
for i in np.argsort(ink)[:3]:
    print(f"unit {i}: strength {ink[i]:.1f}, half of the units have more than {np.median(ink):.1f}; ", end="")
    print(f"not zero for {n_images[i]:,} of {len(codes):,} images")

# %% [markdown]
# When this page was made, unit 7 was zero for every image: it has died, and its picture is still the faint random noise
# that it started from. The net copies without it. The next faintest answer to nearly every image. Over five seeds none
# or one died. A code of 32 numbers need not use all of them; count before you believe its size.
#
# ## Cleaning
#
# Copying is what an autoencoder is trained for. It can be asked for more than its input: give it a **noisy** image, and
# ask for the **clean** one (Vincent et al. 2008<!-- cite: vincent2008 -->; with Gaussian noise
# Vincent et al. 2010<!-- cite: vincent2010 -->). We add noise from $N(0, 0.5^2)$ to each pixel and clip to [0, 1]. Net
# and training stay the same; the noise is drawn afresh for every batch, so it cannot be learnt by heart.


# %%
def add_noise(images, rng, stddev=0.5):
    noisy = rng.standard_normal(images.shape, dtype=np.float32)
    noisy *= stddev
    noisy += images
    return np.clip(noisy, 0, 1, out=noisy)


def cleaning_mse(denoise, X):
    """Add noise, always the same, denoise, and return the squared error to the clean images."""
    rng = np.random.default_rng(1000 + SEED)
    return reconstruction_mse(X, in_batches(lambda clean: denoise(add_noise(clean, rng)), X))


cleaner = one_layer()
cleaner_history = train(cleaner, epochs=15, corrupt=add_noise)

# %% [markdown]
# > **Predict first.** Now there are two nets of 32, one trained to copy, one to clean. What does the copier make of a noisy
# > image? And the cleaner of a clean one, which should be the easier task?

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
plot_reconstructions(rows, data.image_shape, title="Two nets of 32, clean and noisy images", ax=ax)
plt.show()

# %%
for name, model in (("copier", copier), ("cleaner", cleaner)):
    clean_mse = reconstruction_mse(X_val, in_batches(model.predict_on_batch, X_val))
    check_result(f"06.{name}.clean_val_mse", clean_mse, data.name)
    check_result(f"06.{name}.noisy_val_mse", cleaning_mse(model.predict_on_batch, X_val), data.name)

# %% [markdown]
# Each is good at its own task alone. In the mean over five seeds the copier leaves
# 0.0105<!-- 06.copier.clean_val_mse:mean --> of clean images, but 0.072<!-- 06.copier.noisy_val_mse:mean --> of noisy
# ones, of which it keeps faint fragments. The cleaner leaves 0.0215<!-- 06.cleaner.noisy_val_mse:mean --> of noisy
# images, but 0.064<!-- 06.cleaner.clean_val_mse:mean --> of clean ones, which it draws far too boldly. Both are the
# same layer of 32, trained in the same way from the same first weights; only their inputs differed. So what a layer
# learns is not *digits* but a *task*, and a clean image is no easier for a net that has never seen one.

# %% [markdown]
# ## What linear maps can do
#
# Is that good? A net that is not held against a baseline proves nothing. **PCA**, fitted on the clean images, keeps 32
# directions and drops the noise in all others. It needs a mean to subtract, and clipped noise adds ink (paper cannot
# get lighter than 0): so subtract the *noisy* mean, and add the clean one.

# %%
noisy = add_noise(X_train, np.random.default_rng(2000 + SEED))
noisy_mean = noisy.mean(axis=0)
noisy -= noisy_mean
cov_noisy, cov_cross = noisy.T @ noisy, noisy.T @ X_train  # (784, 784) each, not divided by n
del noisy


def pca_clean_mean(x):
    return pca.inverse_transform(pca.transform(x))


def pca_noisy_mean(x):
    return pca.inverse_transform(pca.transform(x - noisy_mean + pca.mean_))


# %% [markdown]
# But the best *linear* map from noisy to clean is not PCA. It is ordinary **least squares**, here $B$. With only 32
# numbers in the middle it is **reduced-rank regression** (Izenman 1975<!-- cite: izenman1975 -->): least squares, and
# of its answers the 32 leading principal components. With the centred noisy images as the rows of $N$, $B$ solves the normal
# equations $N^\top N\,B = N^\top X$ ($X$ need not be centred, because $N$ is), and the answers are $NB$. Like a net's
# output, they may be clipped to [0, 1].

# %%
B = np.linalg.solve(cov_noisy, cov_cross)  # (784, 784)
leading = np.linalg.svd(B.T @ cov_noisy @ B)[2][:32]  # (32, 784): components of the answers, largest first


def least_squares(x):
    return np.clip((x - noisy_mean) @ B + pca.mean_, 0, 1)


def reduced_rank(x):
    return (x - noisy_mean) @ B @ leading.T @ leading + pca.mean_


def reduced_rank_clipped(x):
    return np.clip(reduced_rank(x), 0, 1)


# %%
for denoise in (pca_noisy_mean, reduced_rank_clipped, least_squares):
    print(f"{denoise.__name__:<21} {cleaning_mse(denoise, X_val):.4f} on validation")

# %% [markdown]
# Each of these is better than the one before. Our net of 32, with its 0.0215<!-- 06.cleaner.noisy_val_mse:mean -->, is
# a little ahead of reduced rank, the best linear map through 32 numbers, clipped. And it is behind least
# squares, which needs no training, only sums over the images and a system of equations.
#
# ## Is it the 32?
#
# Least squares has no bottleneck, and leaves less than the net. So what holds the net back may be its 32 numbers. Copying
# needs a bottleneck, or there is nothing to learn. Cleaning does not: the noise already keeps the net from copying its
# input. Make the layer wider, and train it for less:
#
# > **Predict first.** Will 128 or 512 units, after six epochs instead of 15, get below least squares?

# %%
choices = ["neither", "128 alone", "512 alone", "both"]
predict("06.width.below_least_squares", "Which widths get below least squares?", choices)

# %%
wider = {n_units: one_layer(n_units) for n_units in (128, 512)}
for model in wider.values():
    train(model, epochs=6, corrupt=add_noise)
by_width = {32: cleaner} | wider
val_mse = {n_units: cleaning_mse(model.predict_on_batch, X_val) for n_units, model in by_width.items()}

# %% alt="Squared error of cleaned validation images against the width of the layer, 32, 128 and 512 units: it falls from 0.021 over 0.018 to 0.015. Two horizontal lines: reduced rank at 0.023 above all points, least squares at 0.018, which 128 units about reach and 512 pass."
ax = plt.gca()
ax.plot(list(val_mse), list(val_mse.values()), "o-", label="one layer")
baselines = {"reduced rank of 32": reduced_rank_clipped, "least squares": least_squares}
for (name, denoise), style in zip(baselines.items(), ("--", ":")):
    ax.axhline(cleaning_mse(denoise, X_val), color="black", linestyle=style, label=name)
ax.set_xscale("log", base=2)
ax.set(xticks=list(val_mse), xticklabels=list(val_mse), ylim=0, title="Cleaning: the width of the layer")
ax.set(xlabel="units", ylabel="squared error per pixel, validation")
ax.legend(frameon=False)
plt.show()

# %%
for n_units in wider:
    check_result(f"06.width_{n_units}.noisy_val_mse", val_mse[n_units], data.name)
below = [n_units for n_units in wider if val_mse[n_units] < cleaning_mse(least_squares, X_val)]
outcome = "both" if len(below) == 2 else f"{below[0]} alone" if below else "neither"
came_out("06.width.below_least_squares", outcome)

# %% [markdown]
# Yes, it was the 32. In the mean over five seeds 32 units left 0.0215<!-- 06.cleaner.noisy_val_mse:mean --> after 15
# epochs; 128 leave 0.0179<!-- 06.width_128.noisy_val_mse:mean --> after six, level with least squares, and 512 leave
# 0.0149<!-- 06.width_512.noisy_val_mse:mean -->, well below. We choose 512. Move the slider to change the noise (noisy
# digits above, what the net of 512 makes of them below): it was trained at 0.5. What does it do at 0.2, at 0.9, and
# where there is no noise at all?

# %% tags=["slider"] alt="Two rows of ten validation digits: with as much noise as the slider says, and below them what the wide net makes of them."
noise_levels = np.linspace(0, 1, 11).round(1)
noisy = [add_noise(X_val[:10], np.random.default_rng(SEED), level) for level in noise_levels]
denoised = [wider[512].predict_on_batch(images) for images in noisy]
FrameSlider({"noisy": noisy, "denoised": denoised}, data.image_shape, noise_levels, name="noise")

# %%
denoised_mse = {}
for stddev in (0.0, 0.1, 0.2, 0.5, 0.9):
    noisy = add_noise(X_val[:1000], np.random.default_rng(SEED), stddev)
    denoised_mse[stddev] = reconstruction_mse(X_val[:1000], wider[512].predict_on_batch(noisy))
    before = reconstruction_mse(X_val[:1000], noisy)
    print(f"noise {stddev}: before {before:.4f}, denoised {denoised_mse[stddev]:.4f}")
check_result("06.wide.clean_over_noisy", denoised_mse[0.0] / denoised_mse[0.5], data.name)

# %% [markdown]
# It does best where it was trained. With little noise it is worse than doing nothing. On clean images, which need no
# help, it leaves 2.2<!-- 06.wide.clean_over_noisy:mean --> times as much as on noisy ones: it has learnt to take noise
# away, not to ask whether there is any.

# %% [markdown]
# ## Copying or cleaning: the test images
#
# All choices are made, so the test images may answer. Each method once, and for copying PCA also clipped to [0, 1], as
# the sigmoid is.
#
# > **Predict first.** At which of the two tasks is the net of 32 further ahead of the best linear map of rank 32?

# %%
predict("06.further_ahead", "At which task is the net of 32 further ahead?", ["copying", "cleaning"])

# %%
copying = {
    "PCA, 32": ("pca", pca_clean_mean),
    "PCA, 32, clipped": ("pca_clipped", lambda x: np.clip(pca_clean_mean(x), 0, 1)),
    "net of 32": ("copier", copier.predict_on_batch),
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
copied = {name: reconstruction_mse(X_test, in_batches(f, X_test)) for name, (_, f) in copying.items()}
cleaned = {name: cleaning_mse(f, X_test) for name, (_, f) in cleaning.items()}

# %% alt="Horizontal bars of the squared error on test, sorted, nets in another colour. Copying: PCA 0.017, PCA clipped 0.015, net of 32 0.010. Cleaning: noisy images 0.116, net of 32 trained to copy 0.07, PCA 0.033 and 0.028, reduced rank 0.024 and clipped 0.022, net of 32 0.021, net of 128 and least squares about 0.018, net of 512 0.015."
panels = {"Copying clean images": copied, "Cleaning noisy images": cleaned}
ratios = {"height_ratios": [len(panel) for panel in panels.values()]}
fig, axes = plt.subplots(2, 1, figsize=(8, 5.4), sharex=True, gridspec_kw=ratios)
for ax, (title, panel) in zip(axes, panels.items()):
    names = sorted(panel, key=panel.get)  # barh begins at the bottom
    colours = ["C0" if name.startswith("net") else "0.7" for name in names]
    bars = ax.barh(names, [panel[name] for name in names], color=colours)
    ax.bar_label(bars, fmt="%.4f", padding=4)
    ax.set_title(title)
axes[1].set(xlabel="squared error per pixel, test", xlim=(0, 0.13))
plt.show()

# %% alt="Seven rows of ten test digits: clean, noisy with heavy grain, and five denoised versions; PCA's and reduced rank's are cloudy, least squares' speckled, the net of 32's blurry, the net of 512's clean and sharper."
noisy = add_noise(X_test[:10], np.random.default_rng(SEED))
shown = ["PCA, 32, noisy mean", "reduced rank, 32, clipped", "least squares, clipped", "net of 32", "net of 512"]
rows = {"clean": X_test[:10], "noisy": noisy} | {name: cleaning[name][1](noisy) for name in shown}
fig, ax = plt.subplots(figsize=(8.6, 5.6))
plot_reconstructions(rows, data.image_shape, title="Ten test digits, cleaned", ax=ax)
plt.show()

# %%
for methods, errors in ((copying, copied), (cleaning, cleaned)):
    for name, (key, _) in methods.items():
        check_result(f"06.{key}.test_mse", errors[name], data.name)
ahead = {
    "copying": copied["PCA, 32, clipped"] / copied["net of 32"],
    "cleaning": cleaned["reduced rank, 32, clipped"] / cleaned["net of 32"],
}
came_out("06.further_ahead", max(ahead, key=ahead.get))

# %% [markdown]
# The methods come in the same order as on validation. The figures are means over five seeds; the run that the bars show
# copies worst of the five.
#
# - **Copying.** The net of 32 leaves 0.0102<!-- 06.copier.test_mse:mean --> (0.0100<!-- 06.copier.test_mse:min --> to
#   0.0105<!-- 06.copier.test_mse:max -->), PCA with as many numbers 0.0168<!-- 06.pca.test_mse:mean -->. PCA can
#   leave [0, 1], the sigmoid cannot; but clipped, PCA still leaves 0.0152<!-- 06.pca_clipped.test_mse:mean -->, and
#   the net about a third less. (Whether the relu or the sigmoid gains that, this does not tell: train the net without
#   the relu to find out.)
# - **Cleaning.** The same layer leaves 0.0210<!-- 06.cleaner.test_mse:mean -->
#   (0.0201<!-- 06.cleaner.test_mse:min --> to 0.0218<!-- 06.cleaner.test_mse:max -->), the best linear map of rank
#   32, clipped, 0.0225<!-- 06.reduced_rank_clipped.test_mse:mean -->: the net is ahead with every seed, in the mean
#   by less than a tenth. PCA is behind with either mean (0.0327<!-- 06.pca_clean_mean.test_mse:mean --> and
#   0.0280<!-- 06.pca_noisy_mean.test_mse:mean -->). Without a bottleneck, least squares leaves
#   0.0175<!-- 06.least_squares_clipped.test_mse:mean -->, and 512 units leave 0.0146<!-- 06.wide.test_mse:mean -->,
#   about a sixth less.

# %% [markdown]
# <a id="box"></a>
#
# ## A box of its own: the optimiser's trap
#
# > *Nothing else in this lesson needs this section.* Why Adam? *Adadelta* (Zeiler 2012<!-- cite: zeiler2012 -->) finds its
# > own step sizes, so surely Keras's default learning rate will do. And which loss is better, cross-entropy or squared
# > error? The copier again, five epochs of each, all else equal. (One of them multiplies the squared error by 784, which
# > does not move its minimum.)

# %%
bce, mse = "binary_crossentropy", "mean_squared_error"
trials = {
    "Adadelta, rate 0.001": ("adadelta_default", keras.optimizers.Adadelta(), bce, 1.0),
    "Adadelta, rate 1.0": ("adadelta_bce", keras.optimizers.Adadelta(1.0), bce, 1.0),
    "Adadelta, rate 1.0, squared error": ("adadelta_mse", keras.optimizers.Adadelta(1.0), mse, 1.0),
    "Adadelta, rate 1.0, 784 x squared error": ("adadelta_784", keras.optimizers.Adadelta(1.0), mse, 784.0),
    "Adam": ("adam_bce", keras.optimizers.Adam(), bce, 1.0),
    "Adam, squared error": ("adam_mse", keras.optimizers.Adam(), mse, 1.0),
}
histories, left_over = {}, {}
for name, (_, optimizer, loss, factor) in trials.items():
    model = one_layer()
    histories[name] = train(model, 5, optimizer, loss, loss_weights=factor)
    left_over[name] = reconstruction_mse(X_val, in_batches(model.predict_on_batch, X_val))

# %% alt="Left: validation cross-entropy over five epochs. Adadelta at 0.001 lies flat at 0.69, far above the mean image's dashed line at 0.26; at 1.0 it starts just above that line and falls to 0.2; Adam falls from 0.2 to 0.12. Right: bars of the squared error after five epochs: Adadelta at 0.001 0.23, at 1.0 0.045, with squared error 0.063, times 784 0.016; Adam 0.018 with either loss."
fig, (left, right) = plt.subplots(1, 2, figsize=(11, 3.2))
for name, style in {"Adadelta, rate 0.001": "s-", "Adadelta, rate 1.0": "o-", "Adam": "^-"}.items():
    left.plot(range(1, 6), histories[name], style, label=name)
left.axhline(guess, color="black", linestyle="--", label="the mean image")
left.set(xlabel="epoch", ylabel="cross-entropy, validation", ylim=0, xticks=range(1, 6))
left.legend(frameon=False, fontsize="small", loc=(0.35, 0.55))
bars = right.barh(list(left_over)[::-1], list(left_over.values())[::-1], color="0.7")
right.bar_label(bars, fmt="%.3f", padding=4)
right.set(xlabel="squared error, validation, after 5 epochs", xlim=(0, 0.28))
plt.show()

# %%
check_result("06.adadelta_default.val_bce", histories["Adadelta, rate 0.001"][-1], data.name)
check_result("06.adadelta_bce.first_val_bce", histories["Adadelta, rate 1.0"][0], data.name)
for name in list(trials)[1:]:
    check_result(f"06.{trials[name][0]}.val_mse", left_over[name], data.name)

# %% [markdown]
# > **The rate.** (The figures of this box are means over five seeds.) At Keras's default the net has learnt nothing: 0.6937<!-- 06.adadelta_default.val_bce:mean --> is a
# > coin toss per pixel, which costs $\log 2 = 0.693$, and no error message says so. Zeiler's method has no learning
# > rate. Keras multiplies its steps by a learning rate, by default 0.001; a rate of 1.0 is the rule of the paper. With it the net
# > does learn, yet after one epoch it costs 0.273<!-- 06.adadelta_bce.first_val_bce:mean -->, still more than the
# > mean image.
#
# > **The loss.** Under Adadelta cross-entropy leaves a squared error of 0.045<!-- 06.adadelta_bce.val_mse:mean -->
# > and squared error itself 0.063<!-- 06.adadelta_mse.val_mse:mean -->: a victory for cross-entropy? Under Adam they
# > leave 0.0171<!-- 06.adam_bce.val_mse:mean --> and 0.0175<!-- 06.adam_mse.val_mse:mean -->, next to no difference.
# > It is the optimiser. With 784 times the squared error, Adadelta leaves 0.015<!-- 06.adadelta_784.val_mse:mean -->,
# > and only the size of the gradients has changed. Adadelta divides each gradient by its usual size, so that should
# > not matter: its step is $-g\,\sqrt{\overline{\Delta^2}+\varepsilon}\,/\sqrt{\overline{g^2}+\varepsilon}$, with running means of the
# > squared steps $\Delta$ and gradients $g$. But before it takes the root it adds an $\varepsilon$ to the squares ($10^{-7}$ in Keras, $10^{-6}$ in
# > Zeiler's paper). That is the only place where the rule can notice the size: the gradients of a mean over 784
# > pixels are small beside it. Compare losses under an optimiser that suits both, and in one and the same unit.

# %% [markdown]
# ## Exercises
#
# [Six questions](exercises/06_one_layer_and_denoising.ipynb), each with a cell to work in, and a check that says what is
# right: what a guess costs, units that are not used, three faults in noisy pairs, cleaning foretold, a wide net that never
# saw noise, and a challenge: to learn cleaning from few images.

# %% [markdown]
# ## Recap
#
# - **Copying** is what one layer of 32 numbers is good for. It learns mixtures of strokes and arcs, and leaves
#   0.0102<!-- 06.copier.test_mse:mean --> on test, where PCA's 32 components leave
#   0.0168<!-- 06.pca.test_mse:mean -->, and clipped 0.0152<!-- 06.pca_clipped.test_mse:mean -->.
# - **Cleaning** it learns, too, but then it cannot copy, and it leaves 0.0210<!-- 06.cleaner.test_mse:mean -->,
#   hardly less than the best linear map through 32 numbers (0.0225<!-- 06.reduced_rank_clipped.test_mse:mean -->).
#   Who cleans needs no bottleneck: 512 units leave 0.0146<!-- 06.wide.test_mse:mean -->.
# - Know what a guess costs, hold a net against a good baseline, choose on validation images, and look at test once.

# %% [markdown]
# ## Read on
#
# - Vincent et al. (2010)<!-- cite: vincent2010 -->, [Stacked denoising
#   autoencoders](https://jmlr.org/papers/v11/vincent10a.html): what denoising is good for besides clean images. From
#   digits, layers that denoise learn larger strokes than layers that copy; draw the weights of our cleaner, and compare.
# - Zeiler (2012)<!-- cite: zeiler2012 -->, [ADADELTA: An adaptive learning rate
#   method](https://arxiv.org/abs/1212.5701): a few pages; compare its rule with what Keras asks you for.
# - Izenman (1975)<!-- cite: izenman1975 -->, [Reduced-rank regression for the multivariate linear
#   model](https://doi.org/10.1016/0047-259X%2875%2990042-1): the baseline that our net of 32 hardly beats.

# %%
report()

# %% [markdown]
# **That was the last lesson.** You have compressed digits by lines, by curves and by strokes, and you can say which,
# when and by how much. Shut this kernel down (*Kernel > Shut Down Kernel*), or go back to [the first
# lesson](01_toy_gaussians.ipynb) and change a layer.
