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
# # Exercises to lesson 6
#
# Four exercises to [One layer and denoising](../06_one_layer_and_denoising.ipynb). Each has a cell to work in; write
# down first what you expect. Code and answers are in the [solutions](../solutions/06_one_layer_and_denoising.ipynb). You need not
# run the lesson first.
#
# *About 2 minutes on one core; 1.1 GB of memory.*

# %% [markdown]
# ## Setup

# %%
from course_utils import ReconstructionBatches, TrainingTable
from course_utils import check_result, in_batches, load_mnist, reconstruction_mse, report

import keras
import numpy as np
from keras import layers

SEED = 0
data = load_mnist()
X_train, X_test = data.X_train, data.X_test


def one_layer(n_units=32, activation="relu"):
    return keras.Sequential(
        [keras.Input((784,)), layers.Dense(n_units, activation=activation), layers.Dense(784, activation="sigmoid")]
    )


def train(model, epochs, optimizer="adam", loss="binary_crossentropy", corrupt=None):
    """As in lesson 6, in batches of 256."""
    model.compile(optimizer, loss=loss, steps_per_execution=47)
    batches = ReconstructionBatches(X_train, batch_size=256, seed=SEED, corrupt=corrupt)
    table = TrainingTable(X_train[:10_000], X_test, at=[epochs], corrupt=corrupt)
    model.fit(batches, epochs=epochs, verbose=0, callbacks=[table])


def add_noise(images, rng, stddev=0.5):
    noisy = rng.standard_normal(images.shape, dtype=np.float32)
    noisy *= stddev
    noisy += images
    return np.clip(noisy, 0, 1, out=noisy)


def errors(model):
    """Squared error on test: of clean images, and of noisy ones against the clean ones."""
    rng = np.random.default_rng(1000 + SEED)
    clean = reconstruction_mse(X_test, in_batches(model.predict_on_batch, X_test))
    of_noisy = in_batches(lambda images: model.predict_on_batch(add_noise(images, rng)), X_test)
    return clean, reconstruction_mse(X_test, of_noisy)


# %% [markdown]
# ## 1. Which bend does it?
#
# Make the code of the net of 32 linear, and train both nets with Adam on clean images for 15 epochs. Is anything lost?

# %% tags=["starter"]
# your turn

# %% tags=["solution"]
for activation in ("relu", "linear"):
    keras.utils.set_random_seed(SEED)
    net = one_layer(activation=activation)
    train(net, epochs=15)
    check_result(f"06.ex.code_{activation}.test_mse", errors(net)[0], data.name)

# %% [markdown] tags=["solution"]
# <details><summary>Answer</summary>
#
# Nothing: 0.0104<!-- 06.ex.code_relu.test_mse --> with relu, 0.0098<!-- 06.ex.code_linear.test_mse --> with a linear
# code. What the net gains over PCA, it gains at the sigmoid.
#
# </details>

# %% [markdown]
# ## 2. Trained on clean images
#
# Train the wide net of 512 for six epochs on *clean* images (leave out `corrupt`), and give it noisy ones. Lesson 6's
# wide net, trained on noisy images, left 0.0145<!-- 06.wide.test_mse -->. What will this one leave, and why?

# %% tags=["starter"]
# your turn

# %% tags=["solution"]
keras.utils.set_random_seed(SEED)
copier = one_layer(n_units=512)
train(copier, epochs=6)
clean, of_noisy = errors(copier)
check_result("06.ex.wide_clean.clean_mse", clean, data.name)
check_result("06.ex.wide_clean.noisy_mse", of_noisy, data.name)

# %% [markdown] tags=["solution"]
# <details><summary>Answer</summary>
#
# Three times as much, 0.043<!-- 06.ex.wide_clean.noisy_mse -->. It has learnt to copy (on clean images it leaves
# 0.0017<!-- 06.ex.wide_clean.clean_mse -->), and copies the noise too. With 512 units for 784 pixels only the noise in
# training keeps it from that.
#
# </details>

# %% [markdown]
# ## 3. A loss 784 times as large
#
# Under Adadelta at 1.0, squared error crawled: 0.0226<!-- 06.adadelta_mse.test_mse --> after 50 epochs. Multiply it by 784
# and train for six epochs. The minimum is at the same weights, so does it change anything?

# %% tags=["starter"]
# your turn


# %% tags=["solution"]
def summed_squares(x, reconstruction):
    return 784 * keras.ops.mean(keras.ops.square(x - reconstruction), axis=-1)


keras.utils.set_random_seed(SEED)
summed = one_layer()
train(summed, epochs=6, optimizer=keras.optimizers.Adadelta(1.0), loss=summed_squares)
check_result("06.ex.summed.test_mse", errors(summed)[0], data.name)

# %% [markdown] tags=["solution"]
# <details><summary>Answer</summary>
#
# A lot: six epochs leave 0.0143<!-- 06.ex.summed.test_mse -->, less than 50 did before. The gradients are now 784 times
# as large, and no longer drown in Adadelta's $\varepsilon$.
#
# </details>

# %% [markdown]
# ## 4. A second layer
#
# Add a second hidden layer of 512 to the wide net and train it on noisy images for six epochs. Is it worth its time?

# %% tags=["starter"]
# your turn

# %% tags=["solution"]
keras.utils.set_random_seed(SEED)
two_layers = keras.Sequential(
    [
        keras.Input((784,)),
        layers.Dense(512, activation="relu"),
        layers.Dense(512, activation="relu"),
        layers.Dense(784, activation="sigmoid"),
    ]
)
train(two_layers, epochs=6, corrupt=add_noise)
check_result("06.ex.two_layers.noisy_mse", errors(two_layers)[1], data.name)

# %% [markdown] tags=["solution"]
# <details><summary>Answer</summary>
#
# Not after six epochs: 0.0147<!-- 06.ex.two_layers.noisy_mse -->, where one layer left 0.0145<!-- 06.wide.test_mse -->.
# Convolutions, which know that pixels are neighbours, are the better investment.
#
# </details>

# %% tags=["solution"]
report()

# %% [markdown]
# **Back** to [lesson 6](../06_one_layer_and_denoising.ipynb). Shut this kernel down first (*Kernel > Shut Down Kernel*).
