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
# # Exercises for lesson 3
#
# Six questions on [The autoencoder](../03_autoencoder.ipynb): the figure to quote, a net built to a plan, two faults in a
# cut, a stretched map, a thousand images, and a challenge. They take about half an hour; you need not run the lesson
# first.
#
# Write your code where the three dots are, and run the cell below it: `check` says whether the answer is right, and
# if not, what to look at. Remove the leading `#` where you need help: `hint` gives the next of two or three hints,
# and `solution` shows code. All of it is also in the [solutions](../../notebooks/solutions/03_autoencoder.ipynb).
#
# *About 1 minute on one core; 1.3 GB of memory.*

# %% [markdown]
# ## Setup
#
# The parts are those of the lesson: fit on train, choose on validation. Test is left to `check`.

# %%
from course_utils import PCA, ReconstructionBatches, build_autoencoder
from course_utils import equivalent_n_components, load_mnist
from course_utils import check, hint, progress, solution
from course_utils.metrics import pca_error_curve
from course_utils.plotting import plot_codes, plot_reconstructions, set_style

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers
from sklearn.neighbors import KNeighborsClassifier

SEED = 0
keras.utils.set_random_seed(SEED)
set_style()

# %% tags=["solution"]
from course_utils import check_result, report

# %%
data = load_mnist()
X_train, X_val = data.X_train[:-5_000], data.X_train[-5_000:]
y_train, y_val = data.y_train[:-5_000], data.y_train[-5_000:]
X_part = X_train[:10_000]  # (10000, 784), so that nets train in seconds
pca = PCA(n_components=2).fit(X_train)

# %% [markdown]
# ## 1. The figure to quote
#
# Somebody trained three nets with four seeds each, and measured their errors on validation and on test: tables with a row
# for each net and a column for each seed. `curve` holds PCA's errors on test with 1, 2, 3, ... components. (All these
# numbers are made up.)
#
# Complete the function. It chooses one net by the mean over its seeds, as a fair comparison does. It returns four numbers
# to quote for this net: the mean, the smallest and the largest error over its seeds, and how many components of PCA the
# *mean* error is worth, interpolated between whole numbers. `check` will call it with other tables.

# %%
validation = np.array(
    [
        [0.048, 0.050, 0.049, 0.053],
        [0.046, 0.047, 0.045, 0.050],
        [0.044, 0.055, 0.052, 0.053],
    ]
)
test = np.array(
    [
        [0.049, 0.052, 0.050, 0.053],
        [0.050, 0.049, 0.047, 0.054],
        [0.045, 0.048, 0.047, 0.048],
    ]
)
curve = np.array([0.0600, 0.0550, 0.0520, 0.0480, 0.0450, 0.0420])


# %% tags=["starter"] question="03.1"
def quote(validation, test, curve):
    """Return mean, smallest, largest error of the chosen net, and the mean's worth."""
    return ...


answer_1 = quote


# %% tags=["solution"] question="03.1"
def quote(validation, test, curve):
    """Return mean, smallest, largest error of the chosen net, and the mean's worth."""
    best = validation.mean(axis=1).argmin()  # by the mean over seeds; test has no say
    errors = test[best]  # (n_seeds,)
    worth = equivalent_n_components(errors.mean(), curve)
    return [errors.mean(), errors.min(), errors.max(), worth]


answer_1 = quote

# %% tags=["solution"]
mean, smallest, largest, worth = quote(validation, test, curve)
print(f"{mean:.4f}, from {smallest:.4f} to {largest:.4f}, worth {worth:.2f} components")

# %%
check("03.1", answer_1)
# hint("03.1")
# solution("03.1")

# %% [markdown] tags=["solution"]
# The third net has the luckiest run, and does best on test. Yet the second is chosen, and its figure is honest: it is
# worse on test than on validation.

# %% [markdown]
# ## 2. A net built to a plan
#
# Build a net as one Keras model and train it:
#
# - the encoder takes the 784 pixels through 128 and 32 units to a code of 2, and the decoder mirrors it;
# - `elu` inside, a linear code, a `sigmoid` at the output;
# - nothing else: no way around the code, no extra layers.
#
# Train it on `X_part`, image to image. Ten epochs of the lesson's training will do: squared error, Adam, batches of 128.
# The answer is the trained model. On images that it has not seen, its error has to be below that of PCA's two components.

# %% tags=["starter"] question="03.2"
answer_2 = ...

# %% tags=["solution"] question="03.2"
keras.utils.set_random_seed(SEED)
net = keras.Sequential(
    [
        keras.Input((784,)),
        layers.Dense(128, activation="elu"),
        layers.Dense(32, activation="elu"),
        layers.Dense(2, name="bottleneck"),  # (n, 32) -> (n, 2), linear
        layers.Dense(32, activation="elu"),
        layers.Dense(128, activation="elu"),
        layers.Dense(784, activation="sigmoid"),
    ]
)
net.compile(optimizer="adam", loss="mean_squared_error")
net.fit(X_part, X_part, batch_size=128, epochs=10, verbose=0)  # input and target
answer_2 = net

# %% tags=["solution"]
plan_over_pca = net.evaluate(X_val, X_val, verbose=0) / pca_error_curve(pca, X_val)[1]
check_result("03.ex.plan.val_over_pca", plan_over_pca, data.name)

# %%
check("03.2", answer_2)
# hint("03.2")
# solution("03.2")

# %% [markdown] tags=["solution"]
# On validation it leaves 0.90<!-- 03.ex.plan.val_over_pca:mean --> of what PCA's two components leave, on average over
# five seeds (0.89<!-- 03.ex.plan.val_over_pca:min --> to 0.91<!-- 03.ex.plan.val_over_pca:max -->). The lesson's net is five
# times as large, and got further in more steps.

# %% [markdown]
# ## 3. Find the faults
#
# This function should cut the decoder out of a trained net and return the images that it draws from `codes`. It has two
# faults. One shows at once: encoding and decoding an image should give the same as the whole net. The other shows
# only with other nets. The code's layer is always called "bottleneck", but there may be any number of dense layers before
# and behind it, and codes of any width.


# %%
def decode(autoencoder, codes):
    """Return what a trained net's decoder draws: (n, latent_dim) -> (n, n_pixels)."""
    behind = autoencoder.layers[-3:]
    decoder = keras.Sequential([keras.Input((codes.shape[1],))])
    for layer in behind:
        decoder.add(layers.Dense.from_config(layer.get_config()))
    return decoder.predict(codes, verbose=0)


keras.utils.set_random_seed(SEED)
example = keras.Sequential(
    [
        keras.Input((784,)),
        layers.Dense(32, activation="elu"),
        layers.Dense(2, name="bottleneck"),
    ]
)
for units, activation in ((32, "elu"), (64, "elu"), (784, "sigmoid")):
    example.add(layers.Dense(units, activation=activation))
example.compile("adam", "mean_squared_error")
example.fit(X_part, X_part, batch_size=128, epochs=2, verbose=0)
encoder = keras.Model(example.inputs, example.get_layer("bottleneck").output)

codes = encoder.predict(X_val[:500], verbose=0)  # (500, 2)
whole = example.evaluate(X_val[:500], X_val[:500], verbose=0)
in_two_steps = np.mean((decode(example, codes) - X_val[:500]) ** 2)
print(f"error of the whole net {whole:.4f}, encoded and decoded {in_two_steps:.4f}")

# %% [markdown]
# Write it again, without the faults. `check` will call it with small nets of other shapes, and their codes.


# %% tags=["starter"] question="03.3"
def decode(autoencoder, codes):
    """Return what a trained net's decoder draws: (n, latent_dim) -> (n, n_pixels)."""
    return ...


answer_3 = decode


# %% tags=["solution"] question="03.3"
def decode(autoencoder, codes):
    """Return what a trained net's decoder draws: (n, latent_dim) -> (n, n_pixels)."""
    names = [layer.name for layer in autoencoder.layers]
    behind = autoencoder.layers[names.index("bottleneck") + 1 :]  # trained, no copies
    decoder = keras.Sequential([keras.Input((codes.shape[1],)), *behind])
    return decoder.predict(codes, verbose=0)


answer_3 = decode

# %% tags=["solution"]
drawn = decode(example, codes)
print("corrected:", round(np.mean((drawn - X_val[:500]) ** 2), 4))

# %%
check("03.3", answer_3)
# hint("03.3")
# solution("03.3")

# %% [markdown] tags=["solution"]
# `from_config` makes layers with the same units and activations, but new random weights, and no error says so. And a
# count of layers is right for one net, while a name is right for all nets that have it.

# %% [markdown]
# ## 4. A stretched map
#
# `codes_train` and `codes_val` are the two scores of a PCA that was fitted to 5,000 train images. Imagine that the
# encoder multiplied its *first* number by some $c$, and that the decoder, before anything else, divided it by $c$ again.
# Not one reconstructed pixel would change. But the map would: what does the accuracy of the five nearest neighbours on
# validation tend to as $c$ grows without limit?
#
# The lesson's rule: a validation image's digit is guessed from the five nearest codes of train, by
# `KNeighborsClassifier(n_neighbors=5)`. The answer is the share of right guesses, a number between 0 and 1 with three
# digits. First derive what is left of a distance; the computation is then short.

# %%
pca_5k = PCA(n_components=2).fit(X_train[:5_000])
codes_train = pca_5k.transform(X_train[:5_000])  # (5000, 2)
codes_val = pca_5k.transform(X_val[:2_000])  # (2000, 2)
labels_train, labels_val = y_train[:5_000], y_val[:2_000]

# %% tags=["starter"] question="03.4"
answer_4 = ...

# %% tags=["solution"] question="03.4"
# a squared distance is c^2 (first difference)^2 + (second difference)^2;
# the second part drops out
first_train, first_val = codes_train[:, :1], codes_val[:, :1]  # (n, 1)
knn = KNeighborsClassifier(n_neighbors=5).fit(first_train, labels_train)
answer_4 = knn.score(first_val, labels_val)

# %% tags=["solution"] alt="Two maps of the same validation codes: left as they are, digits in overlapping clouds; right with the first number thirty times as long on equal axes, a thin line on which all digits overlap."
knn = KNeighborsClassifier(n_neighbors=5).fit(codes_train, labels_train)
unstretched = knn.score(codes_val, labels_val)
check_result("03.ex.map.knn_accuracy", unstretched, data.name)
check_result("03.ex.map.knn_accuracy_stretched", answer_4, data.name)
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 4.4))
plot_codes(codes_val, labels_val, title="as it is", legend=False, ax=left)
plot_codes(codes_val * [30, 1], labels_val, legend=False, ax=right)
right.set_title("first number times 30")
right.set_aspect("equal", adjustable="datalim")
plt.show()

# %%
check("03.4", answer_4)
# hint("03.4")
# solution("03.4")

# %% [markdown] tags=["solution"]
# It falls from 42 %<!-- 03.ex.map.knn_accuracy --> to 27 %<!-- 03.ex.map.knn_accuracy_stretched -->: what one number
# alone can tell. (A factor of 100 is not enough: with so many codes, the nearest ones in the first number are so close that
# the second still counts.) The reconstruction error does not see this, because a decoder undoes any stretching. So the error
# judges what a code *holds*, and neighbours judge where it lies on the map. Ask for both.

# %% [markdown]
# ## 5. A thousand images
#
# What if you had only the thousand images `X_few`? Fit PCA with two components to them. Train a net,
# `build_autoencoder(784, [128, 32], 2).model`, on them for 100 epochs in batches of 32, with Adam and the squared error.
# Then evaluate both on two sets, without training any further. The answer is the table of the four errors, an array of
# shape (2, 2), with at least four digits:
#
# | error of | the thousand | all of `X_val` |
# |---|---|---|
# | **PCA** | | |
# | **net** | | |
#
# Before you run it: which of the two models will lose more on images that it has not seen? And which will be better there?

# %%
few = np.random.default_rng(0).choice(len(X_train), 1_000, replace=False)
X_few = X_train[few]  # (1000, 784)

# %% tags=["starter"] question="03.5"
answer_5 = ...

# %% tags=["solution"] question="03.5"
# both models see the same thousand images
pca_few = PCA(n_components=2).fit(X_few)
keras.utils.set_random_seed(SEED)
net_few = build_autoencoder(784, [128, 32], 2).model
net_few.compile("adam", "mean_squared_error", steps_per_execution=50)
net_few.fit(X_few, X_few, batch_size=32, epochs=100, verbose=0)

# and are evaluated on the same two sets
answer_5 = np.array(
    [
        [pca_error_curve(pca_few, X)[1] for X in (X_few, X_val)],
        [net_few.evaluate(X, X, verbose=0) for X in (X_few, X_val)],
    ]
)

# %% tags=["solution"]
print(answer_5.round(4))
check_result("03.ex.few.pca_val_over_seen", answer_5[0, 1] / answer_5[0, 0], data.name)
check_result("03.ex.few.net_val_over_seen", answer_5[1, 1] / answer_5[1, 0], data.name)
check_result("03.ex.few.net_over_pca", answer_5[1, 1] / answer_5[0, 1], data.name)

# %%
check("03.5", answer_5)
# hint("03.5")
# solution("03.5")

# %% [markdown] tags=["solution"]
# On validation PCA leaves 0.99<!-- 03.ex.few.pca_val_over_seen --> of its error on the thousand: validation is a little
# easier, and a plane through a thousand images is nearly the plane through all. The net leaves
# 1.15<!-- 03.ex.few.net_val_over_seen:mean --> times its error on the thousand (mean of five seeds, from
# 1.13<!-- 03.ex.few.net_val_over_seen:min --> to 1.18<!-- 03.ex.few.net_val_over_seen:max -->), though validation is the
# easier set. So it loses much more, and is still ahead: on validation it leaves
# 0.87<!-- 03.ex.few.net_over_pca:mean --> of PCA's error (0.84<!-- 03.ex.few.net_over_pca:min --> to
# 0.91<!-- 03.ex.few.net_over_pca:max -->). The gap tells how far to trust an error on train. Validation tells which model
# to take.

# %% [markdown]
# ## 6. Challenge: a small net
#
# The lesson's net has nearly a million parameters. Build one with at most **200,000** and a code of two numbers. On images
# that it has not seen, its error must be at most **four fifths** of that of PCA with two components. Nothing in it may round
# or jump, because `check` uses the net's derivative to count the numbers that pass. Everything else is your choice: units,
# activations, optimiser, rate, epochs, and how many images of `X_train` you train it on. 20,000 will do, and less than half
# a minute. Choose on validation, by `over_pca`; `check` looks at test.

# %%
MAX_PARAMETERS = 200_000  # weights and biases: model.count_params()


def over_pca(model):
    """Return a model's error on validation over that of PCA with two components."""
    return model.evaluate(X_val, X_val, verbose=0) / pca_error_curve(pca, X_val)[1]


# %% tags=["starter"] question="03.6"
answer_6 = ...  # the trained model

# %% tags=["solution"] question="03.6"
keras.utils.set_random_seed(SEED)
X_20k = X_train[:20_000]
epochs, batch_size = 20, 128
steps = epochs * -(-len(X_20k) // batch_size)  # an epoch's last batch may be smaller

small = keras.Sequential(
    [
        keras.Input((784,)),
        layers.Dense(96, activation="gelu"),  # most parameters are here and at the end
        layers.Dense(32, activation="gelu"),
        layers.Dense(2, name="bottleneck"),
        layers.Dense(32, activation="gelu"),  # drawing is harder: one layer more
        layers.Dense(96, activation="gelu"),
        layers.Dense(96, activation="gelu"),
        layers.Dense(784, activation="sigmoid"),
    ]
)
rate = keras.optimizers.schedules.CosineDecay(0.005, steps)  # from high to 0
adam = keras.optimizers.Adam(rate)
small.compile(adam, loss="mean_squared_error", steps_per_execution=50)
batches = ReconstructionBatches(X_20k, batch_size, seed=SEED)  # saves memory
small.fit(batches, epochs=epochs, verbose=0)
answer_6 = small

# %% tags=["solution"] alt="Three rows of ten validation digits: the originals; PCA with two components, grey blurs; the small net, most of them legible digits."
print(f"{small.count_params():,} of at most {MAX_PARAMETERS:,} parameters")
check_result("03.ex.small.val_over_pca", over_pca(small), data.name)
first = [np.flatnonzero(y_val == digit)[0] for digit in range(10)]
rows = {
    "original": X_val[first],
    "PCA, 2": pca.inverse_transform(pca.transform(X_val[first])),
    "small net, 2": small.predict(X_val[first], verbose=0),
}
fig, ax = plt.subplots(figsize=(8, 2.8))
title = "The small net draws digits where PCA draws blurs"
plot_reconstructions(rows, data.image_shape, title=title, ax=ax)
plt.show()

# %%
check("03.6", answer_6)
# hint("03.6")
# solution("03.6")

# %% [markdown] tags=["solution"]
# It leaves 0.70<!-- 03.ex.small.val_over_pca:mean --> of PCA's error on validation, on average over five seeds (from
# 0.69<!-- 03.ex.small.val_over_pca:min --> to 0.71<!-- 03.ex.small.val_over_pca:max -->): about as good as the lesson's net
# after five epochs, with a sixth of its parameters and fewer than half of its images. Many things changed at
# once, so this does not say which of them did it. To find out, undo them one by one, with a few seeds each.

# %% [markdown]
# ## Points

# %%
progress("03")

# %% tags=["solution"]
report()

# %% [markdown]
# **Back** to [lesson 3](../03_autoencoder.ipynb), or on to [lesson 4](../04_linear_autoencoder_is_pca.ipynb). Shut this
# kernel down first (*Kernel > Shut Down Kernel*).
