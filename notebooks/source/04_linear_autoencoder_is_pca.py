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
# # 4. A linear autoencoder is PCA
#
# **When is an autoencoder just PCA?**
#
# After this lesson you will be able to
#
# - say in which sense a linear autoencoder *is* PCA, and measure it in degrees and in per cent;
# - get the principal components themselves out of a trained linear net;
# - say where a non-linearity must sit to beat PCA, and where it cannot help.
#
# *About 3 minutes on one core; 1.1 GB of memory.*

# %% [markdown]
# ## Setup

# %%
from course_utils import PCA, ReconstructionBatches, TrainingTable, build_autoencoder
from course_utils import check_result, in_batches, load_mnist, principal_angles, report
from course_utils.metrics import pca_error_curve
from course_utils.plotting import plot_codes, plot_reconstructions, set_style

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

SEED = 0
keras.utils.set_random_seed(SEED)
set_style()

# %%
data = load_mnist()
X_train, X_test = data.X_train, data.X_test
pca = PCA(n_components=2).fit(X_train)
pca_mse = {"train": pca_error_curve(pca, X_train)[-1], "test": pca_error_curve(pca, X_test)[-1]}
print(f"{data.name}: PCA leaves {pca_mse['train']:.5f} on train, {pca_mse['test']:.5f} on test")

# %% [markdown]
# Lesson 3's net beat PCA by bending. Now we take the bends out: the same 784-512-128-2-128-512-784, but **every activation
# linear, the output too**. (All figures in the text are those on MNIST; a notice above says if you have the embedded
# digits instead.)
#
# > **Predict first.** Six matrices in a row and 900,000 weights, against PCA's two directions. How close will the net come
# > to PCA on train: within 10 %, 1 %, or 0.01 %? And may it end *below* PCA, on train or on test?

# %% [markdown]
# ## Training the linear net
#
# One thing is different from lesson 3: the learning rate falls to zero along a cosine, so that the last steps are tiny
# and the weights come to rest instead of jittering. They would come to rest anywhere, because the rate ends; whether it
# is in the minimum is what error and angles below will tell. (As in lesson 3, the table's *train* is the first 10,000
# images, on which PCA leaves a little less; the comparison below takes all 60,000.)


# %%
def train(model, epochs, rate, at=None):
    """Train with Adam, the rate falling from `rate` to 0 along a cosine."""
    batches = ReconstructionBatches(X_train, batch_size=128, seed=SEED)
    schedule = keras.optimizers.schedules.CosineDecay(rate, decay_steps=epochs * len(batches))
    model.compile(keras.optimizers.Adam(schedule), loss="mean_squared_error", steps_per_execution=20)
    model.fit(
        batches,
        epochs=epochs,
        verbose=0,
        callbacks=[TrainingTable({"train": X_train[:10_000], "test": X_test}, at=at or [epochs])],
    )


def error(model, X):
    """Squared error per pixel, summed in double precision: we are after hundredths of a per cent."""
    squared = in_batches(lambda x: np.square(x - model.predict_on_batch(x), dtype=np.float64).mean(axis=1), X)
    return squared.mean()  # (n,) -> one number


def above_pca(model, name):
    """How far the model's error lies above PCA's, in per cent."""
    return 100 * (error(model, {"train": X_train, "test": X_test}[name]) / pca_mse[name] - 1)


# %%
linear = build_autoencoder(784, [512, 128], 2, activation="linear", output_activation="linear")
train(linear.model, epochs=8, rate=1e-3, at=[1, 2, 4, 6, 8])

# %% [markdown]
# How close is it? In error: per cent above PCA. In space: the decoder of a linear net is an affine map $r = hW + b$ of
# the code $h$ (a row), with a matrix $W$ of shape (2, 784), whatever the number of layers it was written with. Decode
# the codes (1, 0), (0, 1) and (0, 0), and you have it. Its rows span the plane that the net can draw; the principal
# angles of lesson 2 compare it with PCA's plane.


# %%
def decoder_matrix(decoder):
    """The (k, 784) matrix W of a linear decoder of k numbers."""
    k = decoder.input_shape[-1]
    return decoder.predict(np.eye(k), verbose=0) - decoder.predict(np.zeros((1, k)), verbose=0)


angles = principal_angles(decoder_matrix(linear.decoder), pca.components_)
print("principal angles in degrees:", angles.round(3))
check_result("04.linear.largest_angle", angles[0], data.name)
check_result("04.linear.train_above_pca", above_pca(linear.model, "train"), data.name)
check_result("04.linear.test_above_pca", above_pca(linear.model, "test"), data.name)

# %% [markdown]
# The same plane to within one degree (0.49<!-- 04.linear.largest_angle:min --> to
# 0.73<!-- 04.linear.largest_angle:max --> degrees over five seeds), and on train less than 0.01 % above PCA. It can
# never be *below*: PCA is the best of all planes on the data it was fitted to
# (Eckart and Young 1936<!-- cite: eckart1936 -->). On **test** the gap may be larger, or even a little negative: over
# the five seeds it lay between -0.004<!-- 04.linear.test_above_pca:min --> % and
# 0.016<!-- 04.linear.test_above_pca:max --> %. That is no contradiction: there PCA is not the optimum, and a plane half
# a degree away may happen to suit those images better.
#
# Could training get stuck in another plane? The gradient also vanishes at others, for instance at the plane of
# components 1 and 3. But those points are *saddles*: in some direction the error falls from there. *Every local minimum
# of a linear autoencoder's error is PCA's plane* (Baldi and Hornik 1989<!-- cite: baldi1989 --> for one hidden layer,
# Kawaguchi 2016<!-- cite: kawaguchi2016 --> for more). Like every theorem it has conditions. Component 2 must have more
# variance than component 3, or there is no single best plane. And Baldi and Hornik want a covariance that can be
# inverted, so the directions in which no image varies have to be left out first: MNIST has many, the corners to begin
# with. Nor does it say how long training may linger at a saddle. Ours did not: the angles say that this is PCA's plane.

# %% alt="Two scatter plots of 5000 test codes, PCA's and the linear net's. The net's cloud is PCA's cloud, stretched, turned and perhaps mirrored."
codes = in_batches(linear.encoder.predict_on_batch, X_test)
scores = pca.transform(X_test)
fig, (left, right) = plt.subplots(1, 2, figsize=(11, 4.6))
plot_codes(scores[:5000], data.y_test[:5000], title="PCA, test", names=("score 1", "score 2"), legend=False, ax=left)
plot_codes(codes[:5000], data.y_test[:5000], title="linear net, test", ax=right)
plt.show()

# %% alt="Three rows of ten test digits: originals, PCA with two components, the linear net. The two lower rows cannot be told apart."
rows = {
    "original": X_test[:10],
    "PCA": pca.inverse_transform(scores[:10]),
    "linear net": linear.model.predict(X_test[:10], verbose=0),
}
fig, ax = plt.subplots(figsize=(8, 2.8))
plot_reconstructions(rows, data.image_shape, title="Ten test digits", ax=ax)
plt.show()

# %% [markdown]
# The reconstructions are the same; the maps are not. The net's map is PCA's map seen through some matrix.
#
# ## Same plane, other axes
#
# Put any invertible 2 x 2 matrix $A$ behind the encoder, and its inverse before the decoder: $hA$ and $A^{-1}W$. Every
# reconstruction stays as it was, so the error cannot tell the two nets apart, and training has no reason to prefer one.

# %% tags=["nbval-check-output"]
A = np.array([[2.0, 1.0], [-0.5, 3.0]])
W, b = decoder_matrix(linear.decoder), linear.decoder.predict(np.zeros((1, 2)), verbose=0)
before = codes[:100] @ W + b
after = (codes[:100] @ A) @ (np.linalg.inv(A) @ W) + b
print("same reconstructions:", np.allclose(before, after, atol=1e-3))

# %% [markdown]
# So the net finds PCA's **subspace**, not its **components**. A least-squares fit finds the matrix between the two maps:

# %%
centred = codes - codes.mean(axis=0)
fit, *_ = np.linalg.lstsq(centred, scores - scores.mean(axis=0), rcond=None)  # (2, 2)
unexplained = 1 - np.var(centred @ fit) / np.var(scores - scores.mean(axis=0))
print("codes -> scores:\n", fit.round(3), f"\nleft unexplained: {100 * unexplained:.3f} %")

# %% [markdown]
# ## The trap: a sigmoid left in
#
# Copy lesson 3's output layer along with the rest, and one activation is not linear: the `sigmoid`.
#
# > **Predict first.** Can one sigmoid, behind the last matrix, make a difference to the error?

# %%
keras.utils.set_random_seed(SEED)
with_sigmoid = build_autoencoder(784, [512, 128], 2, activation="linear", output_activation="sigmoid")
train(with_sigmoid.model, epochs=5, rate=1e-3, at=[1, 3, 5])
check_result("04.sigmoid.train_mse", error(with_sigmoid.model, X_train), data.name)
check_result("04.sigmoid.train_above_pca", above_pca(with_sigmoid.model, "train"), data.name)

# %% [markdown]
# On MNIST it ends near 0.0552<!-- 04.sigmoid.train_mse -->, *below* PCA's 0.0560<!-- 02.pca_2.train_mse --> on the very
# data PCA was fitted to. No linear net can do that. Whoever says 'linear autoencoder = PCA' over this net is wrong by
# one activation; the measurement tells. (On the embedded digits the difference is too thin to claim.)

# %% [markdown]
# ## Getting the components back
#
# PCA's components are orthogonal, and ordered by variance. The net's $W$ has no reason to be either. A small net,
# 784-2-784, trained until its weights come to rest, is enough to try three ways.

# %%
keras.utils.set_random_seed(SEED)
small = build_autoencoder(784, [], 2, output_activation="linear")
train(small.model, epochs=15, rate=3e-3)
W = decoder_matrix(small.decoder)
print("principal angles:", principal_angles(W, pca.components_).round(3))


# %%
def component_angles(rows):
    """Angle of each row to the principal component of the same number, in degrees."""
    pairs = zip(rows, pca.components_, strict=True)
    return np.array([principal_angles(row[None], component[None])[0] for row, component in pairs])


# %% [markdown]
# > **Predict first.** Which of these gives the components: the rows of $W$; the right singular vectors of $W$, which are
# > orthogonal and ordered; or those of $L^\top W$, where $LL^\top$ is the covariance of the codes ($L$ is its
# > *Cholesky factor*, a triangular square root)?

# %%
codes_train = in_batches(small.encoder.predict_on_batch, X_train)
L = np.linalg.cholesky(np.cov(codes_train, rowvar=False))
candidates = {
    "rows of W": W,
    "SVD of W": np.linalg.svd(W, full_matrices=False)[2],
    "SVD of L^T W": np.linalg.svd(L.T @ W, full_matrices=False)[2],
}
for name, rows in candidates.items():
    print(f"{name:<13} angles {component_angles(rows).round(2)} degrees")
check_result("04.rows.largest_angle", component_angles(candidates["rows of W"]).max(), data.name)
check_result("04.svd_w.largest_angle", component_angles(candidates["SVD of W"]).max(), data.name)
check_result("04.cholesky.largest_angle", component_angles(candidates["SVD of L^T W"]).max(), data.name)

# %% [markdown]
# Only the last one: within half a degree (at most 0.31<!-- 04.cholesky.largest_angle:max --> over five seeds), where the
# other two are off by 17<!-- 04.rows.largest_angle:min --> and 22<!-- 04.svd_w.largest_angle:min --> degrees at best. The
# reason fits in a line. The centred reconstructions are the centred codes times $W$, so their covariance is
# $W^\top LL^\top W = (L^\top W)^\top (L^\top W)$, and *the eigenvectors of the reconstructions' covariance are the
# components*; they are the right singular vectors of $L^\top W$. The singular vectors of $W$ alone forget how far the
# codes spread.
#
# **A second way: a price on large weights.** Add $10^{-3}\,(\|W_e\|^2 + \|W\|^2)$ to the loss, with $W_e$ the weights
# of the encoder. The price makes each component a little fainter, and the one with less variance more so: a component
# of variance $\sigma^2$ is drawn at $g = 1 - 784 \cdot 10^{-3}/\sigma^2$ of its size (784, because our loss is a mean
# over the pixels). Encoder and decoder share that factor equally, so
# $W = R\,\mathrm{diag}(\sqrt{g_1}, \sqrt{g_2})\,V_2^\top$, with some rotation $R$. Now the singular values of $W$
# differ, in the order of the variances, and the SVD of $W$ alone gives the components, as
# Kunin et al. (2019)<!-- cite: kunin2019 --> prove for this price. (Before them Plaut 2018<!-- cite: plaut2018 --> had
# taken them from the weights by an SVD, on MNIST, too. His program has such a price; without one the SVD of $W$ alone
# fails, as above.) It is not free:

# %%
keras.utils.set_random_seed(SEED)
image = keras.Input((784,))
code = layers.Dense(2, kernel_regularizer=keras.regularizers.L2(1e-3))(image)
reconstruction = layers.Dense(784, kernel_regularizer=keras.regularizers.L2(1e-3), name="decoder")(code)
regularised = keras.Model(image, reconstruction)
train(regularised, epochs=15, rate=3e-3)
W = regularised.get_layer("decoder").get_weights()[0]  # (2, 784)
_, singular_values, V = np.linalg.svd(W, full_matrices=False)
g = 1 - 784 * 1e-3 / pca.explained_variance_
print("SVD of W", component_angles(V).round(2), " rows of W", component_angles(W).round(2))
print("singular values", singular_values.round(3), " predicted", np.sqrt(g).round(3))
check_result("04.l2.svd_w.largest_angle", component_angles(V).max(), data.name)
check_result("04.l2.train_above_pca", above_pca(regularised, "train"), data.name)

# %% [markdown]
# The components come out of $W$ alone, within a degree (0.35<!-- 04.l2.svd_w.largest_angle:min --> to
# 0.79<!-- 04.l2.svd_w.largest_angle:max --> over five seeds), and its singular values are the predicted ones, for
# 0.65<!-- 04.l2.train_above_pca --> % more error: small weights draw a little too faintly. (The table's losses above
# include the price.)

# %% [markdown]
# ## Where a non-linearity must sit
#
# The net of lesson 3 had bends on both sides of the code. Which side won?
#
# > **Predict first.** 512 `elu` units in the *encoder*, and a linear decoder: better than PCA, equal, or worse?

# %%
keras.utils.set_random_seed(SEED)
image = keras.Input((784,))
code = layers.Dense(2)(layers.Dense(512, activation="elu")(image))
bent_encoder = keras.Model(image, layers.Dense(784)(code))
train(bent_encoder, epochs=4, rate=1e-3, at=[2, 4])
check_result("04.bent_encoder.train_above_pca", above_pca(bent_encoder, "train"), data.name)

# %% [markdown]
# And a bend in the code itself, each of the two numbers squeezed between -1 and 1 by the S-shaped `tanh`:

# %%
keras.utils.set_random_seed(SEED)
tanh_code = build_autoencoder(784, [], 2, latent_activation="tanh", output_activation="linear")
train(tanh_code.model, epochs=6, rate=3e-3)
check_result("04.tanh_code.train_above_pca", above_pca(tanh_code.model, "train"), data.name)

# %% [markdown]
# Both end **above** PCA on train, and no training could bring them below. However the codes are computed, a linear
# decoder draws them into one plane, and *the best any encoder can do in a plane is to project on it; the best plane is
# PCA's*. So Bourlard and Kamp (1988)<!-- cite: bourlard1988 --> found bends in a single hidden layer useless for this
# task. Without a bend in its **decoder** lesson 3 could have gained nothing: only a bent decoder draws a bent surface.

# %% [markdown]
# ## Exercises
#
# Three exercises, each with a cell to work in, a solution that runs and an answer: [exercises to this
# lesson](exercises/04_linear_autoencoder_is_pca.ipynb). They are about three code units, a lower price on large
# weights, and the smallest bent decoder that beats PCA.

# %% [markdown]
# ## Recap
#
# - A linear autoencoder finds PCA's subspace, to a fraction of a degree, and never reaches a smaller error on train.
# - The components are in it too: the right singular vectors of $L^\top W$.
# - One sigmoid at the output is not linear. A bend in the encoder alone cannot beat PCA: a bent surface needs a bent
#   decoder.

# %% [markdown]
# ## Read on
#
# - Baldi and Hornik (1989)<!-- cite: baldi1989 -->, [Neural networks and principal component
#   analysis](https://doi.org/10.1016/0893-6080%2889%2990014-2): the whole landscape of the error, minimum and saddles,
#   in six pages of linear algebra.
# - Kunin et al. (2019)<!-- cite: kunin2019 -->, [Loss landscapes of regularized linear
#   autoencoders](https://arxiv.org/abs/1901.08168): what the price on large weights does to that landscape, with
#   proofs.
# - Bourlard and Kamp (1988)<!-- cite: bourlard1988 -->, [Auto-association by multilayer perceptrons and singular value
#   decomposition](https://doi.org/10.1007/BF00332918): four pages, with the argument of this lesson's last section.

# %%
report()

# %% [markdown]
# **Next:** [5. The latent manifold](05_latent_manifold.ipynb) - a bent decoder draws a bent surface: what lies on it,
# between the digits? Shut this kernel down first (*Kernel > Shut Down Kernel*).
