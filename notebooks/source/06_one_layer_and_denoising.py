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
# **What does one layer of 32 numbers learn?**
#
# After this lesson you will be able to
#
# - choose a loss and an optimiser knowingly, and recognise a net that is not learning;
# - look at what a layer has learnt, and count what it does not use;
# - train a denoiser, and hold it against baselines that are hard to beat.
#
# *About 4 minutes on one core; 1.2 GB of memory.*

# %% [markdown]
# ## Setup

# %%
from course_utils import PCA, ReconstructionBatches, TrainingTable, build_autoencoder
from course_utils import check_result, in_batches, load_mnist, reconstruction_mse, report
from course_utils.plotting import draw_reconstructions, plot_components, plot_reconstructions, set_style

import ipywidgets
import keras
import matplotlib.pyplot as plt
import numpy as np
import scipy.linalg
from keras import layers
from scipy.special import entr

SEED = 0
keras.utils.set_random_seed(SEED)
set_style()

# %%
data = load_mnist()
X_train, X_test = data.X_train, data.X_test
pca = PCA(n_components=32).fit(X_train)
pca_mse = reconstruction_mse(X_test, pca.inverse_transform(pca.transform(X_test)))
print(f"{data.name}: PCA with 32 components leaves {pca_mse:.4f} on test")

# %% [markdown]
# ## One layer in, one layer out
#
# So far two numbers had to do. Now a code may have **32**, but encoder and decoder are one layer each: 784-32-784, with
# a `relu` code and a `sigmoid` output. In numbers that is a compression by 784/32 = 24.5<!-- 06.compression -->. In
# bits it is less, since each pixel was 8 bits, and each of the 32 numbers takes 32 bits: 6.1. (All figures in the text
# are those on MNIST; a notice above says if you have the embedded digits instead.)


# %%
def one_layer():
    return keras.Sequential(
        [
            keras.Input((784,)),
            layers.Dense(32, activation="relu"),  # (n, 784) -> (n, 32)
            layers.Dense(784, activation="sigmoid"),  # (n, 32) -> (n, 784)
        ]
    )


def train(model, optimizer, loss, epochs, at, corrupt=None):
    """Train with batches of 256; 47 steps in each call save overhead, because the steps are so small."""
    keras.utils.set_random_seed(SEED)
    model.compile(optimizer, loss=loss, steps_per_execution=47)
    table = TrainingTable({"train": X_train[:10_000], "test": X_test}, at=at, corrupt=corrupt)
    batches = ReconstructionBatches(X_train, batch_size=256, seed=SEED, corrupt=corrupt)
    model.fit(batches, epochs=epochs, verbose=0, callbacks=[table])
    return table.history


check_result("06.compression", 784 / 32, data.name)

# %% [markdown]
# The loss is the **binary cross-entropy** per pixel, $-x\log r - (1-x)\log(1-r)$: it reads the pixel $x$ as a
# probability of ink. The optimiser is *Adadelta* (Zeiler 2012<!-- cite: zeiler2012 -->), which finds its own step
# sizes, so surely Keras's default learning rate will do. (Net, loss, optimiser and 50 epochs are those of a
# tutorial on Keras's own pages, Chollet 2016<!-- cite: chollet2016 -->, which named no rate.)
#
# > **Predict first.** An image of which every pixel is guessed as 0.5 costs $\log 2 = 0.693$. Where will five epochs end?

# %%
keras.utils.set_random_seed(SEED)
slow = one_layer()
slow_history = train(slow, keras.optimizers.Adadelta(), "binary_crossentropy", epochs=5, at=[1, 2, 3, 4, 5])
check_result("06.adadelta_default.test_bce", slow_history["test"][-1], data.name)

# %% [markdown]
# **The trap.** It has learnt nothing: 0.6923<!-- 06.adadelta_default.test_bce --> is a coin toss per pixel. Zeiler's
# method has no learning rate at all; Keras multiplies its steps by a rate, by default 0.001, and no error message says
# so. Print the first epochs, and compare with what a guess costs. (A coin toss is a poor guess: one that knows how
# much ink each pixel has on average costs far less, so a net that beats the coin has not shown much yet.) A rate of 1.0
# is the rule of the paper:

# %%
keras.utils.set_random_seed(SEED)
net = one_layer()
history = train(
    net,
    keras.optimizers.Adadelta(1.0),
    "binary_crossentropy",
    epochs=50,
    at=[1, 2, 3, 4, 5, 10, 20, 30, 40, 50],
)
train_bce = net.evaluate(ReconstructionBatches(X_train, batch_size=500), verbose=0)
check_result("06.adadelta_1.train_bce", train_bce, data.name)
check_result("06.adadelta_1.test_bce", history["test"][-1], data.name)

# %% alt="Two loss curves on test over the epochs: Adadelta at 0.001 stays flat at 0.69 for five epochs; at 1.0 it starts below 0.3 and falls ever more slowly to 0.10 after 50 epochs, above a dotted line at 0.058, the entropy of the pixels."
floor = np.mean([(entr(x) + entr(1 - x)).mean(dtype=np.float64) for x in X_test])  # entr(x) is -x log x
check_result("06.entropy_floor", floor, data.name)
ax = plt.gca()
ax.plot(slow_history["epoch"], slow_history["test"], "s--", label="rate 0.001 (Keras's default)")
ax.plot(history["epoch"], history["test"], "o-", label="rate 1.0")
ax.axhline(floor, color="black", linestyle=":", label="entropy of the pixels")
ax.set(xlabel="epoch", ylabel="cross-entropy per pixel, test", ylim=0, title="Adadelta at two rates")
ax.legend(frameon=False)
plt.show()

# %% [markdown]
# After 50 epochs about 0.1036<!-- 06.adadelta_1.train_bce --> on train (all of it; the table takes the first 10,000)
# and 0.1020<!-- 06.adadelta_1.test_bce --> on test; over five seeds test lay between
# 0.101<!-- 06.adadelta_1.test_bce:min --> and 0.106<!-- 06.adadelta_1.test_bce:max -->. That is closer to the best than
# it looks: cross-entropy cannot reach 0 on grey pixels. Even the perfect answer $r = x$ costs the pixels' own entropy,
# 0.0581<!-- 06.entropy_floor --> on test.

# %% [markdown]
# ## Question: take it apart
#
# Make an encoder and a decoder from the trained net. The decoder is its last layer behind a new input of 32 numbers.
# The next cell is the solution: cover it, and try it first.

# %%
encoder = keras.Model(net.inputs, net.layers[0].output)
decoder = keras.Sequential([keras.Input((32,)), net.layers[-1]])
codes = in_batches(encoder.predict_on_batch, X_test)  # (10000, 784) -> (10000, 32)
reconstruction = in_batches(decoder.predict_on_batch, codes)  # (10000, 32) -> (10000, 784)
check_result("06.adadelta_1.test_mse", reconstruction_mse(X_test, reconstruction), data.name)
reconstruction = reconstruction[:10].copy()  # enough for the picture


def clipped_pca(images):
    return np.clip(pca.inverse_transform(pca.transform(images)), 0, 1)


check_result("06.pca_clipped.test_mse", reconstruction_mse(X_test, in_batches(clipped_pca, X_test)), data.name)

# %% [markdown]
# In squared error that is 0.0126<!-- 06.adadelta_1.test_mse -->, a quarter less than the
# 0.0168<!-- 02.pca_32.test_mse --> of PCA with as many numbers. Lesson 4 tells where to look for the reason: at the
# sigmoid behind the decoder, which cannot leave [0, 1]. PCA can; clipped to [0, 1], it leaves
# 0.0152<!-- 06.pca_clipped.test_mse -->, only a fifth more than the net. (Exercise 1 makes the code linear.)

# %% alt="Top: ten test digits, their 32 codes drawn as small grey blocks of 4 by 8, and their reconstructions, which are close to the originals."
blocks = np.zeros((10, 28, 28))
blocks[:, 6:22, 2:26] = np.kron((codes[:10] / codes.max()).reshape(10, 4, 8), np.ones((4, 3)))
rows = {
    "original": X_test[:10],
    "code, 4 x 8": blocks.reshape(10, 784),
    "reconstruction": reconstruction,
}
fig, ax = plt.subplots(figsize=(8, 2.8))
plot_reconstructions(rows, data.image_shape, title="Ten test digits and their codes", ax=ax)
plt.show()

# %% [markdown]
# > **Predict first.** PCA's components covered the whole image, in ever finer patterns, ordered. The decoder's 32 rows of
# > weights can be drawn in the same way. Whole images again, or single strokes? And is there an order?

# %% alt="The decoder's 32 weight rows as images in red and blue: most are mixtures of local strokes and arcs of similar size, in no visible order; two are almost empty."
fig, axes = plt.subplots(4, 8, figsize=(9, 4.8))
plot_components(net.layers[-1].get_weights()[0], data.image_shape, [f"{i}" for i in range(32)], axes=axes)
plt.show()

# %% [markdown]
# Mostly mixtures of strokes and arcs, in no order: exchange two units, and nothing changes. Unlike in lesson 4 they
# cannot be *mixed* freely, because the relu of a sum is not the sum of the relus. Each unit of the code is zero or
# positive, but its weights have both signs: red adds ink, blue takes it away. A relu unit may also have died, as in
# lesson 1. How many of the 32 are zero for every test image?

# %%
n_unused = int((codes.max(axis=0) == 0).sum())
check_result("06.n_unused_codes", n_unused, data.name)
n_images = (codes > 0).sum(axis=0)
ink = np.linalg.norm(net.layers[-1].get_weights()[0], axis=1)  # (32,): how strongly each unit draws
for name, order in (("least used", n_images), ("faintest", ink)):
    print(f"{name}:", ", ".join(f"unit {i} ({n_images[i]:,} images)" for i in np.argsort(order)[:4]))

# %% [markdown]
# None is zero for every image. But look at the pictures again: the two that draw most faintly (7 and 27 when this page was
# made) still show the random noise they started from. One of these answered to a handful of images only, the other to
# nearly all, and yet it draws next to nothing. *Used* and *useful* are different questions, and a count answers only the
# first.

# %% [markdown]
# ## Which loss?
#
# Cross-entropy or squared error? To compare two *losses*, everything else must be equal, and the optimiser must suit
# both. We train both with Adam and measure both in squared error.

# %%
adam = {}
for loss in ("binary_crossentropy", "mean_squared_error"):
    keras.utils.set_random_seed(SEED)
    model = one_layer()
    train(model, keras.optimizers.Adam(), loss, epochs=15, at=[5, 10, 15])
    adam[loss] = reconstruction_mse(X_test, in_batches(model.predict_on_batch, X_test))
check_result("06.adam_bce.test_mse", adam["binary_crossentropy"], data.name)
check_result("06.adam_mse.test_mse", adam["mean_squared_error"], data.name)

# %% [markdown]
# Under Adam there is next to no difference: 0.0100<!-- 06.adam_bce.test_mse --> and
# 0.0101<!-- 06.adam_mse.test_mse -->. Now the same question under Adadelta:

# %%
keras.utils.set_random_seed(SEED)
squared = one_layer()
train(squared, keras.optimizers.Adadelta(1.0), "mean_squared_error", epochs=50, at=[10, 30, 50])
squared_mse = reconstruction_mse(X_test, in_batches(squared.predict_on_batch, X_test))
check_result("06.adadelta_mse.test_mse", squared_mse, data.name)

# %% [markdown]
# 0.0226<!-- 06.adadelta_mse.test_mse -->, against 0.0126<!-- 06.adadelta_1.test_mse --> with cross-entropy. Whoever
# compares under Adadelta only concludes that cross-entropy is the better loss. It is the *optimiser* that crawls:
# Adadelta divides each gradient by its usual size, but adds an $\varepsilon$ to the square first ($10^{-7}$ in Keras,
# $10^{-6}$ in Zeiler's paper), and the squared gradients of a mean over 784 pixels are far smaller than that. So its
# steps shrink with the gradient after all. Squared error suffers more: behind a sigmoid its gradient is that of
# cross-entropy times $2r(1-r)$, which is at most one half, and nearly 0 where $r$ is near 0 or 1. (Cross-entropy crawls
# too, only less: Adam brought it further in 15 epochs than Adadelta in 50.)

# %% [markdown]
# ## Denoising
#
# An autoencoder can be asked for more than its input: give it a **noisy** image, and ask for the **clean** one
# (Vincent et al. 2008<!-- cite: vincent2008 -->; with Gaussian noise Vincent et al. 2010<!-- cite: vincent2010 -->). We
# add noise from $N(0, 0.5^2)$ to each pixel and clip to [0, 1]. `judge` lets a denoiser loose on the noisy test images,
# and compares with the clean ones; to begin with, a denoiser that does nothing.


# %%
def add_noise(images, rng, stddev=0.5):
    noisy = rng.standard_normal(images.shape, dtype=np.float32)
    noisy *= stddev
    noisy += images
    return np.clip(noisy, 0, 1, out=noisy)


denoised = {"clean": X_test[:10]}  # for the picture below


def judge(name, key, denoise):
    """Denoise the test images (always with the same noise), and keep ten for the picture."""
    rng = np.random.default_rng(1000 + SEED)
    images = in_batches(lambda clean: denoise(add_noise(clean, rng)), X_test)
    check_result(f"06.{key}.test_mse", reconstruction_mse(X_test, images), data.name)
    denoised[name] = images[:10].copy()


judge("noisy", "noisy", lambda images: images)

# %% [markdown]
# The noisy images themselves are 0.116<!-- 06.noisy.test_mse --> away from the clean ones.
#
# > **Predict first.** Which will come closest to the clean images: PCA with 32 components, the best *linear* map of
# > rank 32, or our net with its relu and sigmoid?
#
# The net and its training are the same as above; the noise is drawn afresh for every batch, so it cannot be learnt by
# heart.

# %%
keras.utils.set_random_seed(SEED)
denoiser = one_layer()
at = [1, 5, 10, 20, 30, 40, 50]
train(denoiser, keras.optimizers.Adadelta(1.0), "binary_crossentropy", epochs=50, at=at, corrupt=add_noise)
judge("one layer of 32", "denoiser", denoiser.predict_on_batch)

# %% [markdown]
# ### Baselines
#
# PCA, fitted on the clean images, keeps 32 directions and drops the noise in the other 752. It needs a mean to
# subtract, and clipped noise adds ink (paper cannot get lighter than 0): subtract the *noisy* mean, and add the clean
# one.

# %%
noisy_mean = np.zeros(784)
noise_rng = np.random.default_rng(2000 + SEED)
cov_noisy, cov_cross = np.zeros((784, 784)), np.zeros((784, 784))
for start in range(0, len(X_train), 1_000):  # in parts, so that no second copy of all images is needed
    clean = X_train[start : start + 1_000]
    noisy = add_noise(clean, noise_rng)
    noisy_mean += noisy.sum(axis=0, dtype=np.float64) / len(X_train)
    cov_noisy += noisy.T @ noisy / len(X_train)
    cov_cross += noisy.T @ clean / len(X_train)
cov_noisy -= np.outer(noisy_mean, noisy_mean)  # Cov(noisy, noisy)
cov_cross -= np.outer(noisy_mean, pca.mean_)  # Cov(noisy, clean)
noisy_mean = noisy_mean.astype(np.float32)

# %%
V = pca.components_.T  # (784, 32)
judge("PCA, 32, clean mean", "pca_clean_mean", lambda x: (x - pca.mean_) @ V @ V.T + pca.mean_)
judge("PCA, 32", "pca_noisy_mean", lambda x: (x - noisy_mean) @ V @ V.T + pca.mean_)

# %% [markdown]
# The best linear map of rank 32 from noisy to clean is **reduced-rank regression**
# (Izenman 1975<!-- cite: izenman1975 -->): ordinary least squares $B$, followed by the projection on the leading
# eigenvectors of the fitted values' covariance. Like a net's output, its answer may be clipped to [0, 1].

# %%
B = scipy.linalg.solve(cov_noisy, cov_cross, assume_a="pos")  # (784, 784), least squares
fitted_cov = B.T @ cov_noisy @ B
V = scipy.linalg.eigh(fitted_cov, subset_by_index=[752, 783])[1]  # (784, 32)
encode, decode = (B @ V).astype(np.float32), V.T.astype(np.float32)


def reduced_rank(x):
    return (x - noisy_mean) @ encode @ decode + pca.mean_


judge("reduced rank, 32, not clipped", "reduced_rank", reduced_rank)
judge("reduced rank, 32", "reduced_rank_clipped", lambda x: np.clip(reduced_rank(x), 0, 1))

# %% [markdown]
# And what does $B$ itself leave, which need not squeeze through 32 numbers?

# %%
B = B.astype(np.float32)
judge("least squares", "least_squares_clipped", lambda x: np.clip((x - noisy_mean) @ B + pca.mean_, 0, 1))

# %% [markdown]
# PCA leaves 0.0327<!-- 06.pca_clean_mean.test_mse --> with the clean mean and 0.0280<!-- 06.pca_noisy_mean.test_mse -->
# with the noisy one. Reduced-rank regression leaves 0.0241<!-- 06.reduced_rank.test_mse -->, and clipped
# 0.0225<!-- 06.reduced_rank_clipped.test_mse -->. Our net ends near 0.0231<!-- 06.denoiser.test_mse --> (up to
# 0.0258<!-- 06.denoiser.test_mse:max --> over five seeds): **a linear map beats it** as soon as its answers are
# clipped, and needs no training. A net that is not held against a baseline proves nothing. Nor does a baseline held
# against a net that is not trained to its end, and this net was trained by the optimiser that crawls.
#
# ### More training, more width
#
# > **Predict first.** The same net with Adam, 15 epochs instead of 50: does it beat reduced rank? And does it beat $B$
# > without any bottleneck, 0.0175<!-- 06.least_squares_clipped.test_mse -->?

# %%
keras.utils.set_random_seed(SEED)
by_adam = one_layer()
train(by_adam, keras.optimizers.Adam(), "binary_crossentropy", epochs=15, at=[5, 10, 15], corrupt=add_noise)
judge("one layer of 32, Adam", "denoiser_adam", by_adam.predict_on_batch)

# %% [markdown]
# About 0.021<!-- 06.denoiser_adam.test_mse --> (0.0201<!-- 06.denoiser_adam.test_mse:min --> to
# 0.0214<!-- 06.denoiser_adam.test_mse:max --> over five seeds): better than reduced rank, and behind least squares
# without a bottleneck. So part of what held it back is the 32. A denoiser need not compress: the noise already keeps it
# from copying its input. One wide layer of 512, a few epochs:

# %%
keras.utils.set_random_seed(SEED)
wide = build_autoencoder(784, [], 512, latent_activation="relu", output_activation="sigmoid")
train(
    wide.model,
    keras.optimizers.Adam(),
    "binary_crossentropy",
    epochs=6,
    at=[1, 2, 3, 4, 5, 6],
    corrupt=add_noise,
)
judge("one layer of 512", "wide", wide.model.predict_on_batch)

# %% alt="Seven rows of ten test digits: clean, noisy with heavy grain, and five denoised versions; PCA's and reduced rank's are cloudy, least squares' speckled, the small net's blurry, the wide net's clean and sharper."
order = ["clean", "noisy", "PCA, 32", "reduced rank, 32", "least squares", "one layer of 32, Adam", "one layer of 512"]
rows = {name: denoised[name] for name in order}
fig, ax = plt.subplots(figsize=(8, 5.8))
plot_reconstructions(rows, data.image_shape, title="Ten test digits, denoised", ax=ax)
plt.show()

# %% [markdown]
# About 0.0145<!-- 06.wide.test_mse -->: a sixth less than least squares without a bottleneck. Bends gain at least that
# (the net was still improving in its last epochs), and one sees it. Move the slider to change the noise (noisy digits
# above, what the wide net makes of them below): the net was trained at 0.5. What does it do at 0.2, at 0.9, and where
# there is no noise at all?


# %% tags=["slider"] alt="Two rows of ten test digits: with as much noise as the slider says, and below them what the wide net makes of them."
def show(stddev):
    """Ten test digits with noise of this size, and below them what the wide net makes of them."""
    noisy = add_noise(X_test[:10], np.random.default_rng(SEED), stddev)
    rows = {"noisy": noisy, "denoised": wide.model.predict_on_batch(noisy)}
    return draw_reconstructions(rows, data.image_shape)


slider = ipywidgets.FloatSlider(value=0.5, min=0, max=1, step=0.05, description="noise")
_ = ipywidgets.interact(show, stddev=slider)

# %%
denoised_mse = {}
for stddev in (0.0, 0.2, 0.5, 0.9):
    noisy = add_noise(X_test[:1000], np.random.default_rng(SEED), stddev)
    denoised_mse[stddev] = reconstruction_mse(X_test[:1000], wide.model.predict_on_batch(noisy))
    before = reconstruction_mse(X_test[:1000], noisy)
    print(f"noise {stddev}: before {before:.4f}, denoised {denoised_mse[stddev]:.4f}")
check_result("06.wide.clean_over_noisy", denoised_mse[0.0] / denoised_mse[0.5], data.name)

# %% [markdown]
# It does best where it was trained. With little noise it is worse than doing nothing. On clean images, which need no
# help, it leaves 2.2<!-- 06.wide.clean_over_noisy --> times as much as on noisy ones: it has learnt to take noise away,
# not to ask whether there is any.

# %% [markdown]
# ## Exercises
#
# Four exercises, each with a cell to work in, a solution that runs and an answer: [exercises to this
# lesson](exercises/06_one_layer_and_denoising.ipynb). They are about which bend beats PCA, a denoiser that never saw
# noise, a loss 784 times as large, and a second layer.

# %% [markdown]
# ## Recap
#
# - One layer of 32 numbers learns mixtures of strokes and arcs, in no order. They leave less than PCA's 32 components,
#   even when those are clipped to [0, 1].
# - A default can be wrong by a factor of a thousand. Compare the first epochs with what a guess costs, and two losses
#   under an optimiser that suits both, in one and the same unit.
# - Hold a net against a good baseline, and train it to its end before you do: both change the verdict.

# %% [markdown]
# ## Read on
#
# - Vincent et al. (2010)<!-- cite: vincent2010 -->, [Stacked denoising
#   autoencoders](https://jmlr.org/papers/v11/vincent10a.html): what denoising is good for besides clean images. From
#   digits, layers that denoise learn larger strokes than layers that copy; compare its pictures of weights with ours.
# - Zeiler (2012)<!-- cite: zeiler2012 -->, [ADADELTA: An adaptive learning rate
#   method](https://arxiv.org/abs/1212.5701): a few pages; compare its rule with what Keras asks you for.
# - Izenman (1975)<!-- cite: izenman1975 -->, [Reduced-rank regression for the multivariate linear
#   model](https://doi.org/10.1016/0047-259X%2875%2990042-1): the baseline that beat our net.

# %%
report()

# %% [markdown]
# **That was the last lesson.** You have compressed digits by lines, by curves and by strokes, and you can say which,
# when and by how much. Shut this kernel down (*Kernel > Shut Down Kernel*), or go back to [the first
# lesson](01_toy_gaussians.ipynb) and change a layer.
