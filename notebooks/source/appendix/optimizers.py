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
# # Appendix to lesson 6: the optimiser's trap
#
# **Why does a net learn nothing, and which loss is better?**
#
# [Lesson 6](../06_one_layer_and_denoising.ipynb) trains with Adam. A course notebook made from the same tutorial
# (Chollet 2016<!-- cite: chollet2016 -->) takes *Adadelta* (Zeiler 2012<!-- cite: zeiler2012 -->), which finds its own step
# sizes. So surely Keras's default learning rate will do? And which loss is better, cross-entropy or squared error? Here is
# the copier again, for five epochs each time, all else equal.
#
# *About 2 minutes on one core; 1.1 GB of memory.*

# %% [markdown]
# ## Setup

# %%
from course_utils import ReconstructionBatches, TrainingTable, check_result
from course_utils import in_batches, load_mnist, predict, reconstruction_mse, report
from course_utils.plotting import PALETTE, set_style

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

SEED = 0
set_style()

# %% [markdown]
# Net, data and batches are those of the lesson. (All figures in the text are means over five seeds on MNIST. A notice
# tells you if you have the embedded digits instead.)

# %%
data = load_mnist()
X_train, X_val = data.X_train[:-5_000], data.X_train[-5_000:]


def one_layer(n_units=32):
    keras.utils.set_random_seed(SEED)  # the same first weights for the same size
    return keras.Sequential(
        [
            keras.Input((784,)),
            layers.Dense(n_units, activation="relu"),  # (n, 784) -> (n, 32)
            layers.Dense(784, activation="sigmoid"),  # (n, 32) -> (n, 784)
        ]
    )


def train(model, epochs, optimizer, loss, loss_weights):
    """Train in batches of 256; return the validation loss after each epoch."""
    options = {"loss_weights": loss_weights, "steps_per_execution": 50}
    model.compile(optimizer, loss=loss, **options)
    table = TrainingTable({"validation": X_val}, show=False)
    batches = ReconstructionBatches(X_train, batch_size=256, seed=SEED)
    model.fit(batches, epochs=epochs, verbose=0, callbacks=[table])
    return table.history["validation"]


mean_image = np.clip(X_train.mean(axis=0), 1e-7, 1 - 1e-7)  # log 0 is infinite
ink = X_val.mean(axis=0)
guess = -np.mean(ink * np.log(mean_image) + (1 - ink) * np.log(1 - mean_image))
check_result("06.mean_image.val_bce", guess, data.name)

# %% [markdown]
# The mean image, an answer that ignores what it is given, costs a cross-entropy of 0.2629<!-- 06.mean_image.val_bce -->.
# Each net should get below that.
#
# One of the six trials multiplies the squared error by 784, which does not move its minimum.
#
# > **Predict first.** Where will Adadelta be after five epochs at its default learning rate of 0.001?

# %%
question = "Adadelta, default rate: cross-entropy after 5"
predict("06.adadelta_default.val_bce", question, [0.7, 0.26, 0.1])

# %%
bce, mse = "binary_crossentropy", "mean_squared_error"
adadelta, adam = keras.optimizers.Adadelta, keras.optimizers.Adam
trials = {
    "Adadelta, rate 0.001": ("adadelta_default", adadelta(), bce, 1.0),
    "Adadelta": ("adadelta_bce", adadelta(1.0), bce, 1.0),
    "Adadelta, squared error": ("adadelta_mse", adadelta(1.0), mse, 1.0),
    "Adadelta, 784 x squared error": ("adadelta_784", adadelta(1.0), mse, 784.0),
    "Adam": ("adam_bce", adam(), bce, 1.0),
    "Adam, squared error": ("adam_mse", adam(), mse, 1.0),
}
histories, left_over = {}, {}
for name, (_, optimizer, loss, factor) in trials.items():
    model = one_layer()
    histories[name] = train(model, 5, optimizer, loss, factor)
    reconstruction = in_batches(model.predict_on_batch, X_val)
    left_over[name] = reconstruction_mse(X_val, reconstruction)
    print(f"{name}: squared error {left_over[name]:.4f}")

# %% [markdown]
# ## The rate

# %% alt="Validation cross-entropy over five epochs. Adadelta at 0.001 lies flat at 0.69, far above the mean image's dashed line at 0.26. Adadelta at 1.0 starts just above that line and falls to 0.2. Adam falls from 0.2 to 0.12."
ax = plt.gca()
styles = {"Adadelta, rate 0.001": "s-", "Adadelta": "o-", "Adam": "^-"}
for (name, style), color in zip(styles.items(), PALETTE[2:5]):
    ax.plot(range(1, 6), histories[name], style, color=color)
    ax.annotate(name, (5, histories[name][-1]), (8, -4), textcoords="offset points")
ax.axhline(guess, color="black", linestyle="--")
ax.annotate("the mean image", (5, guess), (8, 5), textcoords="offset points")
ax.set(xlabel="epoch", ylabel="cross-entropy, validation", ylim=0)
ax.set(xticks=range(1, 6), xlim=(0.8, 6.6))
ax.set_title("At its default rate, Adadelta learns nothing")
plt.show()

last_bce = histories["Adadelta, rate 0.001"][-1]
check_result("06.adadelta_default.val_bce", last_bce, data.name)
check_result("06.adadelta_bce.first_val_bce", histories["Adadelta"][0], data.name)

# %% [markdown]
# At Keras's default rate the net is at 0.6937<!-- 06.adadelta_default.val_bce:mean --> after five epochs. That is a coin
# toss per pixel, which costs $\log 2 = 0.693$, and no error message says so. Zeiler's method has no learning rate at all.
# Keras multiplies its steps by one, 0.001 by default; a rate of 1.0 is the rule of the paper. With it the net learns. Yet
# after one epoch it costs 0.273<!-- 06.adadelta_bce.first_val_bce:mean -->, still more than the mean image.
#
# ## The loss

# %% alt="Bars of the squared error after five epochs, at rate 1.0 for Adadelta: with cross-entropy 0.045, with squared error 0.063, with 784 times the squared error 0.015. For Adam 0.017 with cross-entropy and 0.018 with squared error."
names = list(trials)[:0:-1]  # without the default rate; barh begins at the bottom
colors = [PALETTE[4] if name.startswith("Adam") else PALETTE[3] for name in names]
fig, ax = plt.subplots(figsize=(8, 3.2))
bars = ax.barh(names, [left_over[name] for name in names], color=colors)
ax.bar_label(bars, fmt="%.3f", padding=4)
ax.set(xlabel="squared error per pixel, validation, after 5 epochs", xlim=(0, 0.08))
ax.set_title("Under Adam the loss makes no difference, under Adadelta it does")
plt.show()

for name in list(trials)[1:]:
    check_result(f"06.{trials[name][0]}.val_mse", left_over[name], data.name)

# %% [markdown]
# Under Adadelta, cross-entropy leaves a squared error of 0.045<!-- 06.adadelta_bce.val_mse:mean --> and squared error
# itself 0.063<!-- 06.adadelta_mse.val_mse:mean -->. Is cross-entropy the better loss? Under Adam they leave
# 0.0171<!-- 06.adam_bce.val_mse:mean --> and 0.0175<!-- 06.adam_mse.val_mse:mean -->, next to no difference. So it is
# the optimiser. With 784 times the squared error, Adadelta leaves 0.015<!-- 06.adadelta_784.val_mse:mean -->, and only the
# size of the gradients has changed.
#
# Adadelta divides each gradient by its usual size, so the size should not matter. Its step is
# $-g\,\sqrt{\overline{\Delta^2}+\varepsilon}\,/\sqrt{\overline{g^2}+\varepsilon}$, with running means of the squared steps
# $\Delta$ and of the squared gradients $g$. But before each root it adds an $\varepsilon$ ($10^{-7}$ in Keras, $10^{-6}$ in
# the paper). Only there can the rule notice the size: the gradients of a mean over 784 pixels are small beside it.
#
# Compare losses under an optimiser that suits both, and in one and the same unit.

# %% [markdown]
# ## Read on
#
# - Zeiler (2012)<!-- cite: zeiler2012 -->, [ADADELTA: An adaptive learning rate
#   method](https://arxiv.org/abs/1212.5701): a few pages; compare its rule with what Keras asks you for.
# - Chollet (2016)<!-- cite: chollet2016 -->, [Building autoencoders in
#   Keras](https://blog.keras.io/building-autoencoders-in-keras.html): the tutorial behind lesson 6.

# %%
report()

# %% [markdown]
# **Back** to [lesson 6](../06_one_layer_and_denoising.ipynb). Shut this kernel down first (*Kernel > Shut Down Kernel*).
