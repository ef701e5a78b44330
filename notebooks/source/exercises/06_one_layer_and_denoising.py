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
# # Exercises for lesson 6
#
# Six questions on [One layer and denoising](../06_one_layer_and_denoising.ipynb): what a guess costs, units that are not
# used, three faults in the pairs, cleaning predicted, a wide net that never saw noise, and a challenge. They take about
# half an hour; you need not run the lesson first.
#
# Write your code where the three dots are, and run the cell below it: `check` says whether the answer is right, and
# if not, what to look at. Remove the leading `#` where you need help: `hint` gives the next of two or three hints,
# and `solution` shows code. All of it is also in the
# [solutions](../../notebooks/solutions/06_one_layer_and_denoising.ipynb).
#
# *About 3 minutes on one core; 1.2 GB of memory.*

# %% [markdown]
# ## Setup
#
# The net, its training and the noise are those of the lesson.

# %%
from course_utils import PCA, ReconstructionBatches, in_batches
from course_utils import load_mnist, reconstruction_mse
from course_utils import check, hint, progress, solution
from course_utils.plotting import plot_reconstructions, set_style

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

SEED = 0
keras.utils.set_random_seed(SEED)
set_style()

# %% tags=["solution"]
from course_utils import check_result, report

# %%
data = load_mnist()
X_train, X_val = data.X_train[:-5_000], data.X_train[-5_000:]


def one_layer(n_units=32):
    keras.utils.set_random_seed(SEED)  # the same first weights for the same size
    return keras.Sequential(
        [
            keras.Input((784,)),
            layers.Dense(n_units, activation="relu"),
            layers.Dense(784, activation="sigmoid"),
        ]
    )


def train(model, images, epochs, corrupt=None):
    """Train with Adam on the cross-entropy; `corrupt` adds noise to the inputs."""
    model.compile("adam", loss="binary_crossentropy", steps_per_execution=50)
    batches = ReconstructionBatches(images, 256, seed=SEED, corrupt=corrupt)
    model.fit(batches, epochs=epochs, verbose=0)


def add_noise(images, rng, stddev=0.5):
    noisy = images + stddev * rng.standard_normal(images.shape, dtype=np.float32)
    return np.clip(noisy, 0, 1)


def cleaning_mse(denoise, X):
    """Return the squared error to the clean images after adding noise and denoising."""
    rng = np.random.default_rng(1000 + SEED)  # always the same noise
    cleaned = in_batches(lambda clean: denoise(add_noise(clean, rng)), X)
    return reconstruction_mse(X, cleaned)


# %% [markdown]
# ## 1. What a guess costs
#
# Before you train a net, find out what it costs to know nothing about single images. Complete the function: it takes the
# mean of the images `X_train`, shape (n, d), and answers every image of `X` with this *one* image. It
# returns the mean binary cross-entropy per pixel, $-x\log r - (1-x)\log(1-r)$, over `X`. As Keras does, it keeps $r$
# between $10^{-7}$ and $1 - 10^{-7}$. `check` will call it with small images.


# %% tags=["starter"] question="06.1"
def guess_cost(X_train, X):
    """Return the cross-entropy per pixel of answering X with the mean of X_train."""
    return ...


answer_1 = guess_cost


# %% tags=["solution"] question="06.1"
def guess_cost(X_train, X):
    """Return the cross-entropy per pixel of answering X with the mean of X_train."""
    r = np.clip(X_train.mean(axis=0), 1e-7, 1 - 1e-7)  # (d,), learnt from train alone
    return np.mean(-X * np.log(r) - (1 - X) * np.log(1 - r))  # (m, d): ink, and paper


answer_1 = guess_cost

# %% tags=["solution"]
check_result("06.mean_image.val_bce", guess_cost(X_train, X_val), data.name)

# %%
check("06.1", answer_1)
# hint("06.1")
# solution("06.1")

# %% [markdown]
# ## 2. Units that are not used
#
# A layer of `relu` has weights `W`, shape (d, units), and biases `b`, shape (units,). Complete the function: it returns
# how many units give 0 for *every* image of `X`, shape (n, d). Such units contribute to no reconstruction. `check` will call it
# with other layers.


# %% tags=["starter"] question="06.2"
def n_unused(X, W, b):
    """Return how many units of a relu layer are 0 for all images."""
    return ...


answer_2 = n_unused


# %% tags=["solution"] question="06.2"
def n_unused(X, W, b):
    """Return how many units of a relu layer are 0 for all images."""
    codes = np.maximum(X @ W + b, 0)  # (n, units)
    return int(np.sum(codes.max(axis=0) == 0))  # a unit is a column


answer_2 = n_unused

# %%
check("06.2", answer_2)
# hint("06.2")
# solution("06.2")

# %% [markdown]
# ## 3. Find the faults
#
# This function should return pairs from which a net can learn to clean, as one array of shape (2, n, d): first the noisy
# images, then the clean ones. Each pixel gets its own draw of normal noise with standard deviation `stddev`, and is then clipped to the
# range from 0 to 1. The images `X` belong to the caller and stay as they are. The function runs, and has three faults.


# %%
def make_pairs(X, rng, stddev):
    """Return noisy images and their targets: (n, d) -> (2, n, d)."""
    noisy = X
    noisy += stddev * rng.normal(size=X.shape[1])
    return np.stack([noisy, X])


black = np.zeros((3, 4))  # three images of four pixels
print(make_pairs(black, np.random.default_rng(SEED), 0.5).round(2))

# %% [markdown]
# Write it again, without the faults. `check` will call it with other images and other `rng`.


# %% tags=["starter"] question="06.3"
def make_pairs(X, rng, stddev):
    """Return noisy images and their targets: (n, d) -> (2, n, d)."""
    return ...


answer_3 = make_pairs


# %% tags=["solution"] question="06.3"
def make_pairs(X, rng, stddev):
    """Return noisy images and their targets: (n, d) -> (2, n, d)."""
    noisy = X + stddev * rng.normal(size=X.shape)  # a new array, a draw for each pixel
    return np.stack([np.clip(noisy, 0, 1), X])


answer_3 = make_pairs

# %% tags=["solution"]
print(make_pairs(np.zeros((3, 4)), np.random.default_rng(SEED), 0.5).round(2))

# %%
check("06.3", answer_3)
# hint("06.3")
# solution("06.3")

# %% [markdown] tags=["solution"]
# `noisy = X` makes no copy: `+=` writes the noise into the target too, and into the caller's images. None of the three
# faults raises an error, and a net would train on such pairs without complaint.

# %% [markdown]
# ## 4. Cleaning, predicted
#
# How well can a *linear* map clean? You can tell before cleaning any image. Suppose that the noise is not clipped:
# each pixel gets a draw of its own with mean 0 and standard deviation 0.5. Along each principal component of the clean
# images, a score then arrives with noise of the same size, whichever component it is. Let the cleaner multiply each centred
# score by a number of its own, the best one for this component, and go back to pixels.
#
# `variances` holds the variances of the clean scores. What squared error per pixel does the best such cleaner leave, on
# average over the images that the variances come from? Derive it first for one component; the computation is one line.
# The answer is a number, right to three digits.

# %%
pca = PCA().fit(data.X_train)  # all 784 components, of all of train
variances = pca.explained_variance_  # (784,)

# %% tags=["starter"] question="06.4"
answer_4 = ...

# %% tags=["solution"] question="06.4"
noise = 0.5**2  # a variance
# c arrives as c + e; a (c + e) leaves (1 - a)^2 variance + a^2 noise,
# which is smallest at a = variance / (variance + noise)
answer_4 = np.sum(variances * noise / (variances + noise)) / 784

# %% tags=["solution"]
unclipped = X_val + 0.5 * np.random.default_rng(SEED).normal(size=X_val.shape)
scores = pca.transform(unclipped) * variances / (variances + noise)  # (5000, 784)
measured = np.mean((pca.inverse_transform(scores) - X_val) ** 2)
check_result("06.ex.foretold.mse", answer_4, data.name)
check_result("06.ex.foretold.measured", measured / answer_4, data.name)
del unclipped, scores

# %%
check("06.4", answer_4)
# hint("06.4")
# solution("06.4")

# %% [markdown] tags=["solution"]
# The prediction is 0.0201<!-- 06.ex.foretold.mse -->. On validation images with drawn noise, the cleaner leaves
# 0.998<!-- 06.ex.foretold.measured:mean --> times that, on average over five draws. (The lesson's noise is clipped:
# there the best linear map, clipped too, leaves 0.0175<!-- 06.least_squares_clipped.test_mse --> on test.)

# %% [markdown]
# ## 5. A wide net that never saw noise
#
# Train `one_layer(512)` twice for six epochs: a *cleaner* with `corrupt=add_noise`, and a *copier* on clean images alone.
# With 512 units for 784 pixels, both have plenty of room. Then give both the same noisy validation images
# (`cleaning_mse`). Before you run it: what does the copier leave of them?
#
# - `"a"`: about as much as the cleaner: being able to draw digits is enough
# - `"b"`: far more than the cleaner, and far less than the noisy images themselves
# - `"c"`: about as much as the noisy images themselves: it copies them, noise and all
# - `"d"`: less than the cleaner: it has seen the digits clearly
#
# The answer is one of the four letters.

# %% tags=["starter"] question="06.5"
answer_5 = ...

# %% tags=["solution"] question="06.5"
wide = {}
for name, corrupt in (("cleaner", add_noise), ("copier", None)):
    wide[name] = one_layer(512)
    train(wide[name], X_train, epochs=6, corrupt=corrupt)
    print(name, round(cleaning_mse(wide[name].predict_on_batch, X_val), 4))
print("noisy", round(cleaning_mse(lambda x: x, X_val), 4))
answer_5 = "b"

# %% tags=["solution"] alt="Four rows of ten validation digits: clean; noisy, grains all over; what the wide cleaner makes of these, bold and legible digits with blurred edges; what the wide copier makes of them, broken strokes with few grains around them."
for name, model in wide.items():
    error = cleaning_mse(model.predict_on_batch, X_val)
    check_result(f"06.ex.wide_{name}.val_mse", error, data.name)
check_result("06.ex.noisy.val_mse", cleaning_mse(lambda x: x, X_val), data.name)
noisy = add_noise(X_val[:10], np.random.default_rng(SEED))
rows = {"clean": X_val[:10], "noisy": noisy}
rows |= {f"wide {name}": model.predict_on_batch(noisy) for name, model in wide.items()}
fig, ax = plt.subplots(figsize=(8, 3.6))
title = "On noisy images the cleaner leaves digits, the copier pieces"
plot_reconstructions(rows, data.image_shape, title=title, ax=ax)
plt.show()

# %%
check("06.5", answer_5)
# hint("06.5")
# solution("06.5")

# %% [markdown] tags=["solution"]
# On average over five seeds the copier leaves 0.043<!-- 06.ex.wide_copier.val_mse:mean --> of noisy images, the cleaner
# 0.0150<!-- 06.ex.wide_cleaner.val_mse:mean -->, and nothing done leaves 0.116<!-- 06.ex.noisy.val_mse:mean -->. The
# picture shows where the copier errs: most grains are gone from the paper, but so are pieces of the strokes. Size, first
# weights, batches and epochs were the same, so the noise in training makes the difference.

# %% [markdown]
# ## 6. Challenge: cleaning, learnt from few
#
# You have 2000 clean images, `X_few`, and you know the noise: `add_noise` makes it. Complete the function: it learns to
# clean from the clean images, shape (n, 784), and returns the cleaned version of `noisy`, shape (m, 784). Its error has to
# be at most **0.85 times** what PCA with 32 components leaves, fitted to the same images, with the noisy mean subtracted and
# the clean one added, as in the lesson. How it learns is your choice; half a minute is enough. Choose on validation, by
# `over_pca`. `check` calls the function with noisy test images, and again with all images inverted, `1 - x`: it has to
# learn from the images that it is given.

# %%
X_few = data.X_train[:2_000]
X_judge = X_val[:300]
noisy_judge = add_noise(X_judge, np.random.default_rng(2000 + SEED))  # not learnt from


def over_pca(cleaned):
    """Return the error of cleaned validation images over that of PCA with 32."""
    pca = PCA(n_components=32).fit(X_few)
    noisy_mean = add_noise(X_few, np.random.default_rng(3000 + SEED)).mean(axis=0)
    by_pca = pca.inverse_transform(pca.transform(noisy_judge - noisy_mean + pca.mean_))
    return reconstruction_mse(X_judge, cleaned) / reconstruction_mse(X_judge, by_pca)


print("with nothing done:", round(over_pca(noisy_judge), 2))


# %% tags=["starter"] question="06.6"
def learn_and_clean(X_train, noisy):
    """Learn from (n, 784) clean images and clean (m, 784) noisy ones."""
    return ...


answer_6 = learn_and_clean


# %% tags=["solution"] question="06.6"
def learn_and_clean(X_train, noisy, n_draws=10):
    """Learn from (n, 784) clean images and clean (m, 784) noisy ones."""
    rng = np.random.default_rng(SEED)
    clean_mean = X_train.mean(axis=0)
    gram, cross, noisy_mean = np.zeros((784, 784)), np.zeros((784, 784)), np.zeros(784)
    for _ in range(n_draws):  # noise costs nothing
        draw = add_noise(X_train, rng)
        gram += draw.T @ draw
        cross += draw.T @ (X_train - clean_mean)
        noisy_mean += draw.mean(axis=0) / n_draws
    gram -= n_draws * len(X_train) * np.outer(noisy_mean, noisy_mean)  # centre it
    B = np.linalg.solve(gram, cross)  # (784, 784)
    return np.clip((noisy - noisy_mean) @ B + clean_mean, 0, 1)


answer_6 = learn_and_clean

# %% tags=["solution"]
ten_draws = learn_and_clean(X_few, noisy_judge)
one_draw = learn_and_clean(X_few, noisy_judge, n_draws=1)
check_result("06.ex.few.over_pca", over_pca(ten_draws), data.name)
check_result("06.ex.few.one_draw", over_pca(one_draw), data.name)

# %%
check("06.6", answer_6, edition=2)
# hint("06.6")
# solution("06.6")

# %% [markdown] tags=["solution"]
# It leaves 0.64<!-- 06.ex.few.over_pca:mean --> of PCA's error on average over five draws of the noise
# (0.64<!-- 06.ex.few.over_pca:min --> to 0.65<!-- 06.ex.few.over_pca:max -->). Least squares from a single draw, with
# 784 numbers to fit for each pixel and 2000 images to fit them to, leaves 0.91<!-- 06.ex.few.one_draw:mean -->. The
# images are the same; what ten draws add is noise that cannot be learnt by heart.

# %% [markdown]
# ## Points

# %%
progress("06")

# %% tags=["solution"]
report()

# %% [markdown]
# **Back** to [lesson 6](../06_one_layer_and_denoising.ipynb), or on to [lesson 7](../07_a_code_with_a_prior.ipynb).
# Shut this kernel down first (*Kernel > Shut Down Kernel*).
