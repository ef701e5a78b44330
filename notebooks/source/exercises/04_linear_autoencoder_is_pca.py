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
# # Exercises to lesson 4
#
# Three exercises to [A linear autoencoder is PCA](../04_linear_autoencoder_is_pca.ipynb). Each has a cell to work in; write
# down first what you expect. Code and answers are in the [solutions](../solutions/04_linear_autoencoder_is_pca.ipynb). You need not
# run the lesson first.
#
# *About 1 minute on one core; 1.0 GB of memory.*

# %% [markdown]
# ## Setup

# %%
from course_utils import PCA, ReconstructionBatches, TrainingTable, build_autoencoder
from course_utils import check_result, in_batches, load_mnist, principal_angles, report
from course_utils.metrics import pca_error_curve

import keras
import numpy as np
from keras import layers

SEED = 0
data = load_mnist()
X_train, X_test = data.X_train, data.X_test
pca = PCA(n_components=3).fit(X_train)
pca_2 = PCA(n_components=2).fit(X_train)


def train(model, epochs=15, rate=3e-3):
    """As in lesson 4: Adam, the learning rate falling to 0 along a cosine."""
    batches = ReconstructionBatches(X_train, batch_size=128, seed=SEED)
    schedule = keras.optimizers.schedules.CosineDecay(rate, decay_steps=epochs * len(batches))
    model.compile(keras.optimizers.Adam(schedule), loss="mean_squared_error", steps_per_execution=20)
    table = TrainingTable(X_train[:10_000], X_test, at=[epochs])
    model.fit(batches, epochs=epochs, verbose=0, callbacks=[table])


def component_angles(rows):
    """Angle of each row to the principal component of the same number, in degrees."""
    return np.array([principal_angles(row[None], c[None])[0] for row, c in zip(rows, pca.components_)])


# %% [markdown]
# ## 1. Three code units
#
# Give the small linear net, 784-2-784, three code units. Are the first two components among what you recover with the
# Cholesky factor of the codes' covariance, and is the third?

# %% tags=["starter"]
# your turn

# %% tags=["solution"]
keras.utils.set_random_seed(SEED)
three = build_autoencoder(784, [], 3, output_activation="linear")
train(three.model)
W = three.decoder.predict(np.eye(3), verbose=0) - three.decoder.predict(np.zeros((1, 3)), verbose=0)  # (3, 784)
L = np.linalg.cholesky(np.cov(in_batches(three.encoder.predict_on_batch, X_train), rowvar=False))
angles = component_angles(np.linalg.svd(L.T @ W, full_matrices=False)[2])
print("angles to the first three components:", angles.round(2))
check_result("04.ex.three_units.largest_angle", angles.max(), data.name)

# %% [markdown] tags=["solution"]
# <details><summary>Answer</summary>
#
# Yes: all three come out, in order, within a degree. The planes are nested, as PCA's components are: the best three
# dimensions contain the best two.
#
# </details>

# %% [markdown]
# ## 2. A lower price
#
# Use an L2 price of `1e-4` instead of `1e-3` in the net with the price on large weights. Does the SVD of $W$ still give the
# components?

# %% tags=["starter"]
# your turn

# %% tags=["solution"]
keras.utils.set_random_seed(SEED)
image = keras.Input((784,))
code = layers.Dense(2, kernel_regularizer=keras.regularizers.L2(1e-4))(image)
reconstruction = layers.Dense(784, kernel_regularizer=keras.regularizers.L2(1e-4), name="decoder")(code)
cheap = keras.Model(image, reconstruction)
train(cheap)
W = cheap.get_layer("decoder").get_weights()[0]
_, singular_values, V = np.linalg.svd(W, full_matrices=False)
g = 1 - 784 * 1e-4 / pca.explained_variance_[:2]
print("singular values", singular_values.round(4), " predicted", np.sqrt(g).round(4))
check_result("04.ex.cheap.largest_angle", component_angles(V).max(), data.name)

# %% [markdown] tags=["solution"]
# <details><summary>Answer</summary>
#
# Not reliably: over five seeds the larger of the two angles lay between 0.6<!-- 04.ex.cheap.largest_angle:min --> and
# 18<!-- 04.ex.cheap.largest_angle:max --> degrees. The two singular values differ ten times less than with `1e-3`, so the
# price hardly prefers one rotation to another, and training ends before it has told them apart.
#
# </details>

# %% [markdown]
# ## 3. The smallest bent decoder
#
# How many `elu` units does a decoder with a *linear output* need to beat PCA with two components? Try 2-2elu-784,
# 2-3elu-784 and 2-8elu-784 behind a linear encoder.

# %% tags=["starter"]
# your turn

# %% tags=["solution"]
pca_mse = {"train": pca_error_curve(pca_2, X_train)[-1], "test": pca_error_curve(pca_2, X_test)[-1]}
for n_units in (2, 3, 8):
    keras.utils.set_random_seed(SEED)
    image = keras.Input((784,))
    bent = layers.Dense(n_units, activation="elu")(layers.Dense(2)(image))
    net = keras.Model(image, layers.Dense(784)(bent))
    train(net)
    for name, X in (("train", X_train), ("test", X_test)):
        mse = net.evaluate(ReconstructionBatches(X, batch_size=250), verbose=0)
        check_result(f"04.ex.elu_{n_units}.{name}_above_pca", 100 * (mse / pca_mse[name] - 1), data.name)

# %% [markdown] tags=["solution"]
# <details><summary>Answer</summary>
#
# Three. With two, all reconstructions lie in one plane again, and no plane beats PCA's on train. From three on the
# surface may leave the plane: compared with PCA's error, that on train is -3.1<!-- 04.ex.elu_3.train_above_pca --> %
# with three units and -8.8<!-- 04.ex.elu_8.train_above_pca --> % with eight, and much the same on test. (With a sigmoid
# at the output it needs none: that was the trap.)
#
# </details>

# %% tags=["solution"]
report()

# %% [markdown]
# **Back** to [lesson 4](../04_linear_autoencoder_is_pca.ipynb), or on to [lesson 5](../05_latent_manifold.ipynb). Shut
# this kernel down first (*Kernel > Shut Down Kernel*).
