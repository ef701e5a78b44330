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
# # Exercises to lesson 3
#
# Three exercises to [The autoencoder](../03_autoencoder.ipynb). Each has a cell to work in; write
# down first what you expect. Code and answers are in the [solutions](../solutions/03_autoencoder.ipynb). You need not
# run the lesson first.
#
# *About 3 minutes on one core; 1.2 GB of memory.*

# %% [markdown]
# ## Setup

# %%
from course_utils import PCA, ReconstructionBatches, TrainingTable, build_autoencoder
from course_utils import check_result, equivalent_n_components, load_mnist, report
from course_utils.metrics import pca_error_curve

import keras
import numpy as np

SEED = 0
data = load_mnist()
X_train, X_test = data.X_train, data.X_test
pca = PCA(n_components=16).fit(X_train)


def train(X, epochs, latent_dim=2, activation="elu", seed=SEED):
    """The net of lesson 3, trained as there."""
    keras.utils.set_random_seed(seed)
    net = build_autoencoder(784, [512, 128], latent_dim, activation=activation).model
    net.compile(keras.optimizers.Adam(), loss="mean_squared_error", steps_per_execution=20)
    table = TrainingTable(X[:10_000], X_test, at=[epochs])
    net.fit(ReconstructionBatches(X, batch_size=128, seed=seed), epochs=epochs, verbose=0, callbacks=[table])
    return net


def error(net, X):
    return net.evaluate(ReconstructionBatches(X, batch_size=250), verbose=0)


# %% [markdown]
# ## 1. Three numbers
#
# Give the bottleneck three units and train five epochs. How many components is that worth on test?
# `equivalent_n_components(error(net, X_test), pca_error_curve(pca, X_test))` tells.

# %% tags=["starter"]
# your turn

# %% tags=["solution"]
three = error(train(X_train, epochs=5, latent_dim=3), X_test)
worth = equivalent_n_components(three, pca_error_curve(pca, X_test))
check_result("03.ex.three_units.test_mse", three, data.name)
check_result("03.ex.three_units.test_components", worth, data.name)

# %% [markdown] tags=["solution"]
# <details><summary>Answer</summary>
#
# About ten, 10.2<!-- 03.ex.three_units.test_components --> (up to 10.7<!-- 03.ex.three_units.test_components:max -->
# over five seeds), after five epochs only: a third number has much to say.
#
# </details>

# %% [markdown]
# ## 2. Elu or relu?
#
# Replace `elu` by `relu`. How does the error change? Try three seeds of each before you say it; the first 20,000 images
# will do, so that it takes a minute.

# %% tags=["starter"]
# your turn

# %% tags=["solution"]
errors = {}
for activation in ("elu", "relu"):
    errors[activation] = [
        error(train(X_train[:20_000], epochs=5, activation=activation, seed=SEED + start), X_test) for start in range(3)
    ]
    print(activation, np.round(errors[activation], 4))
check_result("03.ex.relu_over_elu", np.mean(errors["relu"]) / np.mean(errors["elu"]), data.name)

# %% [markdown] tags=["solution"]
# <details><summary>Answer</summary>
#
# It falls: with `relu` the mean of three is 0.977<!-- 03.ex.relu_over_elu --> times that with `elu`, and when this page
# was made every run with `relu` beat every run with `elu`. Over five such comparisons the factor lay between
# 0.966<!-- 03.ex.relu_over_elu:min --> and 0.977<!-- 03.ex.relu_over_elu:max -->. So the difference is real, and small.
# From one run of each you could not have said so: you would not have known how much two runs of the same net differ.
#
# </details>

# %% [markdown]
# ## 3. Few images
#
# Swap roles: fit PCA and train the net on the 10,000 test images (30 epochs, to take as many steps as five on train), and
# evaluate on train. Which of the two suffers more?

# %% tags=["starter"]
# your turn

# %% tags=["solution"]
few = train(X_test, epochs=30)
own = PCA(n_components=2).fit(X_test)
best = pca_error_curve(pca, X_train)[1]
check_result("03.ex.swapped.net_mse", error(few, X_test), data.name)
check_result("03.ex.swapped.net_gap", error(few, X_train) / error(few, X_test) - 1, data.name)
check_result("03.ex.swapped.pca_gap", pca_error_curve(own, X_train)[1] / best - 1, data.name)

# %% [markdown] tags=["solution"]
# <details><summary>Answer</summary>
#
# The net. Its million parameters have a sixth of the data, and it leaves 7 %<!-- 03.ex.swapped.net_gap --> more on the
# images that it has not seen. PCA's plane turns by a few degrees (lesson 2), and on train that costs
# it 0.2 %<!-- 03.ex.swapped.pca_gap -->.
#
# </details>

# %% tags=["solution"]
report()

# %% [markdown]
# **Back** to [lesson 3](../03_autoencoder.ipynb), or on to [lesson 4](../04_linear_autoencoder_is_pca.ipynb). Shut this
# kernel down first (*Kernel > Shut Down Kernel*).
