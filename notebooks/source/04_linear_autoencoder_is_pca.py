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
# *About 4 minutes on one core; 1.1 GB of memory.*

# %% [markdown]
# ## Setup

# %%
from course_utils import PCA, ReconstructionBatches, TrainingTable, build_autoencoder, came_out
from course_utils import check_result, in_batches, load_mnist, predict, principal_angles, report
from course_utils.metrics import pca_error_curve
from course_utils.plotting import plot_codes, plot_components, plot_reconstructions, set_style

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
print(f"{data.name}: PCA leaves {pca_error_curve(pca, X_train)[-1]:.5f} on train")

# %% [markdown]
# Lesson 3's net beat PCA by bending. Now we take the bends out: the same 784-512-128-2-128-512-784, but **every activation
# linear, the output too**. Nothing is chosen in this lesson, so there is no validation part, and test is looked at once.
# (All figures in the text are those on MNIST; a notice above says if you have the embedded digits instead.)
#
# > **Predict first.** Six matrices in a row and 900,000 weights, against PCA's two directions. How close will the net come
# > to PCA on train: within 10 %, 1 %, or 0.01 %? And may it end *below* PCA, on train or on test?

# %%
predict("04.linear.train_above_pca", "How far above PCA does the net end on train?", [10, 1, 0.01], unit="%")

# %% [markdown]
# ## Training the linear net
#
# One thing is different from lesson 3: the learning rate falls to zero along a cosine, so that the last steps are tiny
# and the weights come to rest instead of jittering. That they rest proves nothing: at a rate of zero they rest wherever they
# are. Error and angles will tell whether that is near the minimum. The table's *train* is all 60,000 images, those on which
# PCA's error stands above.


# %%
def train(model, epochs, rate, at=None):
    """Train with Adam, the rate falling from `rate` to 0 along a cosine."""
    epochs = round(epochs * 60_000 / len(X_train))  # more of them on smaller data: as many steps as on MNIST
    batches = ReconstructionBatches(X_train, batch_size=128, seed=SEED)
    schedule = keras.optimizers.schedules.CosineDecay(rate, decay_steps=epochs * len(batches))
    model.compile(keras.optimizers.Adam(schedule), loss="mean_squared_error")
    table = TrainingTable({"train": X_train}, at=at or [epochs])
    model.fit(batches, epochs=epochs, verbose=0, callbacks=[table])


def error(model, X):
    """Squared error per pixel, summed in double precision: we are after thousandths of a per cent."""
    squared = in_batches(lambda x: np.square(x - model.predict_on_batch(x), dtype=np.float64).mean(axis=1), X)
    return squared.mean()  # (n,) -> one number


def above_pca(model, X):
    """How far the model's error lies above PCA's on the very same images, in per cent."""
    return 100 * (error(model, X) / pca_error_curve(pca, X)[-1] - 1)


# %%
linear = build_autoencoder(784, [512, 128], 2, activation="linear", output_activation="linear")
train(linear.model, epochs=8, rate=1e-3, at=[1, 2, 4, 8])

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
check_result("04.linear.train_above_pca", above_pca(linear.model, X_train), data.name)
check_result("04.linear.test_above_pca", above_pca(linear.model, X_test), data.name)

# %% [markdown]
# The same in the plane, by hand: every activation is linear, and the code is one number. Train it, and watch where the
# line comes to rest. Then choose relu.

# %% tags=["playground"] alt="A playground: two clouds of points, PCA's line, and the line that a linear decoder draws; buttons to train the net and to change its activation."
from course_utils import Playground

Playground(activation="linear")

# %% [markdown]
# The same plane to within one degree: 0.59<!-- 04.linear.largest_angle:mean --> degrees in the mean over five seeds
# (0.49<!-- 04.linear.largest_angle:min --> to 0.73<!-- 04.linear.largest_angle:max -->), and on train
# 0.002<!-- 04.linear.train_above_pca:mean --> % above PCA. It can never be *below*: PCA is the best of all planes on
# the data it was fitted to (Eckart and Young 1936<!-- cite: eckart1936 -->). On **test** the gap may be larger, or even a
# little negative: over the five seeds it lay between -0.004<!-- 04.linear.test_above_pca:min --> % and
# 0.016<!-- 04.linear.test_above_pca:max --> %. That is no contradiction: there PCA is not the optimum, and a plane half
# a degree away may happen to suit those images better.
#
# ## Can it get stuck in another plane?
#
# The gradient also vanishes at other planes, for instance at that of components 1 and 3. Let us look at the error around
# this point. We keep component 1 and turn only the second direction: to component 2 (or its negative), to component 4, or
# anything in between. That is a *slice*, two of the many ways to leave. By lesson 2 the variances alone give the
# error, so no image is needed.

# %%
variances = PCA().fit(X_train).explained_variance_.astype(float)  # all 784, largest first
print(f"the images vary in {np.sum(variances > 1e-10)} of {len(variances)} directions")
lambdas = variances[[1, 3, 2]]  # of components 2, 4 and 3


def plane_above_pca(u):
    """How far the plane of component 1 and u, in the axes 2, 4 and 3, lies above PCA's, in per cent."""
    along_u = np.tensordot(lambdas, u**2, 1) / (u**2).sum(axis=0)  # the variance that u explains
    return 100 * (variances[1] - along_u) / variances[2:].sum()


def descend(u, rate=50):
    """Plain gradient descent of the net with encoder u and decoder u^T; 300 directions, (3, 300)."""
    path = [u]
    for _ in range(299):
        gradient = 2 / 784 * ((u @ (lambdas * u)) * u + (u @ u - 2) * lambdas * u)
        u = u - rate * gradient
        path.append(u)
    return np.array(path).T


# %% [markdown]
# > **Predict first.** A net starts between components 3 and 4, without anything of component 2. Where does gradient descent
# > take it? And one that starts with a thousandth of component 2?

# %% alt="Three panels. Left, a saddle-shaped surface of the error over a disc of directions, high at the ends towards component 4, low at the ends towards component 2, with two paths running down. Middle, the same from above: the solid path bends down to the right end, the dashed one, from almost the same start, runs straight to the middle and turns off to the left end. Right, the error over 200 steps: the solid curve falls at once to 0, the dashed one pauses at the level of the saddle, 1.1 percent, for some forty steps, then falls to 0 as well."
r, turn = np.meshgrid(np.linspace(0, 1, 40), np.linspace(0, 2 * np.pi, 120))
disc = np.array([r * np.cos(turn), r * np.sin(turn), np.sqrt(1 - r**2)])  # all u of length 1: (x, y, rest)
fig = plt.figure(figsize=(12, 4))
grid = fig.add_gridspec(1, 3, width_ratios=[1.2, 1, 0.9])
surface, above, over_time = (
    fig.add_subplot(grid[0], projection="3d"),
    fig.add_subplot(grid[1]),
    fig.add_subplot(grid[2]),
)
surface.plot_surface(*disc[:2], plane_above_pca(disc), cmap="cividis", edgecolor="none", alpha=0.7)
shades = above.contourf(*disc[:2], plane_above_pca(disc), levels=20, cmap="cividis")
for x, style in ((0.05, "-"), (-0.001, "--")):
    path = descend(np.array([x, 0.85, np.sqrt(1 - x**2 - 0.85**2)]))
    line = {"linestyle": style, "color": "#d55e00" if x > 0 else "black", "linewidth": 2.5}
    surface.plot(*path[:2], plane_above_pca(path) + 0.03, zorder=9, **line)
    above.plot(*path[:2], **line)
    above.plot(x, 0.85, "o", color=line["color"])
    over_time.plot(plane_above_pca(path), label=f"started {abs(x):g} off the ridge", **line)
surface.view_init(elev=30, azim=-65)
surface.set(xlabel="along 2", ylabel="along 4", title="A saddle: error, % above PCA")
above.set(xlabel="u along component 2", ylabel="u along component 4", title="From above", aspect="equal")
fig.colorbar(shades, ax=above, label="% above PCA", shrink=0.8)
over_time.axhline(plane_above_pca(np.array([0, 0, 1])), color="grey", linestyle=":", label="at the saddle")
over_time.set(xlabel="step of gradient descent", ylabel="% above PCA", title="How long it takes", xlim=(0, 200), ylim=0)
over_time.legend(frameon=False, fontsize="small")
plt.show()

# %% [markdown]
# In the middle, at the plane of components 1 and 3, the ground is level, but it rises towards component 4 and falls
# towards component 2, on both sides: a **saddle**. Both paths end in PCA's plane, which lies at the left *and* at the
# right end, because a direction and its negative span the same line; but the dashed one, which started almost on the
# ridge, first runs to the saddle and lingers there. One that starts exactly on the ridge ends at the saddle: there the
# slope towards component 2 is zero. (The paths are those of a net whose encoder is its decoder transposed; a real net
# has more ways to leave. What it loses of a centred $x$ is, times 784, $\mathrm{E}\,\|x - (x^\top u)\,u\|^2$, and that
# is $\mathrm{tr}\,C - 2\,u^\top C u + u^\top u\; u^\top C u$; `descend` follows the gradient of it, divided by 784.)
#
# *Every local minimum of a linear autoencoder's error is PCA's plane, all other points without a slope are saddles*
# (Baldi and Hornik 1989<!-- cite: baldi1989 --> for one hidden layer, Kawaguchi 2016<!-- cite: kawaguchi2016 --> for
# more).
#
# *For those who want the conditions; the rest does not need them.* Component 2 must have more variance than component 3, or there is no
# single best plane. And the two papers want a covariance that can be inverted, with variances all different. MNIST's
# covariance cannot be inverted, not even on the pixels that vary, because some of these are combinations of others: the
# images vary in 712<!-- 04.directions_that_vary --> of 784 directions. There the conditions hold. In the others nothing
# depends on the encoder's weights, and whatever the decoder draws is error, so they add no minimum. What the theorem does
# not say is how long training lingers at a saddle. Ours did not end at one: the angles say that this is PCA's plane. But
# when we gave the same net the embedded digits for 8 epochs, which are a third of the steps, it ended at a saddle: its
# plane held component 1 and nothing of component 2. That is why `train` counts steps.
#
# ## Same plane, other axes
#
# Put any invertible 2 x 2 matrix $A$ behind the encoder, and its inverse before the decoder: $hA$ and $A^{-1}W$. Every
# reconstruction stays as it was, so the error cannot tell the two nets apart, and training has no reason to prefer one.

# %% tags=["nbval-check-output"]
codes = in_batches(linear.encoder.predict_on_batch, X_test)
W, b = decoder_matrix(linear.decoder), linear.decoder.predict(np.zeros((1, 2)), verbose=0)
A = np.array([[2.0, 1.0], [-0.5, 3.0]])
before = codes[:100] @ W + b
after = (codes[:100] @ A) @ (np.linalg.inv(A) @ W) + b
print("same reconstructions:", np.allclose(before, after, atol=1e-3))

# %% [markdown]
# So the net finds PCA's **subspace**, not its **components**, and its map is PCA's map seen through some matrix. Through
# which one? Decode a code and take PCA's scores of the result: $(hW + b - \bar x)\,V_2$, with the components as the columns
# of $V_2$, as in lesson 1 (`pca.components_` holds them as rows). That is $h$ times the 2 x 2 matrix $W V_2$, and a shift.
# Nothing has to be fitted.
#
# > **Predict first.** The net's codes times this matrix: how far will they land from PCA's scores? (The maps show four of
# > the ten digits, so that each can be found; all ten lie on top of one another. The *radius* of a cloud is the root mean
# > square distance of its points from their mean.)

# %%
predict("04.landed.distance", "How far from PCA's scores do they land, in % of the cloud's radius?", unit="%")

# %% alt="Three scatter plots of 800 test codes of the digits 0, 1, 3 and 7. The net's codes are PCA's cloud, stretched, turned and mirrored; after the matrix they cannot be told from PCA's scores, on the same axes beside them: 1 at the left, 0 at the right, 3 above, 7 below."
scores = pca.transform(X_test)
landed = codes @ (W @ pca.components_.T) + (b - pca.mean_) @ pca.components_.T  # (n, 2) @ (2, 2) + (1, 2)
some = np.flatnonzero(np.isin(data.y_test, [0, 1, 3, 7]))[:800]
fig, axes = plt.subplots(1, 3, figsize=(12, 4.2))
axes[1].sharex(axes[2])
axes[1].sharey(axes[2])
maps = {"the net's codes": codes, "the same after the matrix": landed, "PCA's scores": scores}
for ax, (title, points) in zip(axes, maps.items(), strict=True):
    names = ("code 1", "code 2") if points is codes else ("score 1", "score 2")
    plot_codes(points[some], data.y_test[some], title=f"{title}, test", names=names, legend=False, ax=ax)
plt.show()

# %%
distance = np.sqrt(np.square(landed - scores).sum(axis=1).mean()) / np.sqrt(scores.var(axis=0).sum())
check_result("04.landed.distance", 100 * distance, data.name)
check_result("04.directions_that_vary", np.sum(variances > 1e-10), data.name)

# %% [markdown]
# On PCA's map: in the root mean square a code lands 0.6<!-- 04.landed.distance:mean --> % of the cloud's radius away from
# its score (0.4<!-- 04.landed.distance:min --> to 0.7<!-- 04.landed.distance:max --> over five seeds), too little to be
# seen. So the images agree as well:

# %% alt="Three rows of ten test digits: originals, PCA with two components, the linear net. The two lower rows cannot be told apart."
first = [np.flatnonzero(data.y_test == digit)[0] for digit in range(10)]
rows = {
    "original": X_test[first],
    "PCA": pca.inverse_transform(scores[first]),
    "linear net": linear.model.predict(X_test[first], verbose=0),
}
fig, ax = plt.subplots(figsize=(8, 2.8))
plot_reconstructions(rows, data.image_shape, title="The first test image of each digit", ax=ax)
plt.show()

# %% [markdown]
# ## The trap: a sigmoid left in
#
# Copy lesson 3's output layer along with the rest, and one activation is not linear: the `sigmoid`.
#
# > **Predict first.** Can one sigmoid, behind the last matrix, make a difference to the error on train?

# %%
predict("04.sigmoid.train_above_pca", "How far above PCA does a net with one sigmoid end?", [1, 0, -1], unit="%")

# %%
keras.utils.set_random_seed(SEED)
with_sigmoid = build_autoencoder(784, [512, 128], 2, activation="linear", output_activation="sigmoid")
train(with_sigmoid.model, epochs=5, rate=1e-3)
check_result("04.sigmoid.train_mse", error(with_sigmoid.model, X_train), data.name)
check_result("04.sigmoid.train_above_pca", above_pca(with_sigmoid.model, X_train), data.name)

# %% [markdown]
# On MNIST it ends near 0.0552<!-- 04.sigmoid.train_mse:mean -->, *below* PCA's 0.0560<!-- 02.pca_2.train_mse --> on the
# very data PCA was fitted to. No linear net can do that. Whoever says 'linear autoencoder = PCA' over this net is wrong
# by one activation; the measurement tells. (On the embedded digits we tried one seed, and promise nothing.)

# %% [markdown]
# ## Getting the components back
#
# PCA's components are orthogonal, and ordered by variance. The net's $W$ has no reason to be either. A small net,
# 784-2-784, is enough to try three ways: it finds PCA's plane as well.

# %%
keras.utils.set_random_seed(SEED)
small = build_autoencoder(784, [], 2, output_activation="linear")
train(small.model, epochs=10, rate=5e-3)
W = decoder_matrix(small.decoder)
print("principal angles:", principal_angles(W, pca.components_).round(3))

# %% [markdown]
# > **Predict first.** Which of these gives the components: the rows of $W$; the right singular vectors of $W$, which are
# > orthogonal and ordered; or those of $L^\top W$, where $LL^\top$ is the covariance of the codes ($L$ is its
# > *Cholesky factor*, a triangular square root)?

# %%
ways = ["rows of W", "SVD of W", "SVD of LᵀW"]
predict("04.components.best_way", "Which gives the components?", ways)


# %%
def right_singular_vectors(M):
    """Of a matrix of shape (2, 784), as rows, the one with the larger singular value first."""
    _, _, V = np.linalg.svd(M, full_matrices=False)
    return V


def component_angles(rows):
    """Angle of each row to the principal component of the same number, in degrees."""
    pairs = zip(rows, pca.components_, strict=True)
    return np.array([principal_angles(row[None], component[None])[0] for row, component in pairs])


codes_train = in_batches(small.encoder.predict_on_batch, X_train)
L = np.linalg.cholesky(np.cov(codes_train, rowvar=False))
found = dict(zip(ways, (W, right_singular_vectors(W), right_singular_vectors(L.T @ W)), strict=True))

# %% alt="Two rows of four images in blue, white and red, with one colour bar. The rows of W and the SVD of W are mixtures of ring and strokes, 68, 89, 27 and 27 degrees from the components. The SVD of L transposed W, 0.3 degrees away, cannot be told from PCA: a red ring around a blue stroke, and a pattern of red and blue strokes."
fig, axes = plt.subplots(2, 4, figsize=(10, 5.2))
images, titles = [], []
for name, rows in (found | {"PCA": pca.components_}).items():
    signs = np.sign((rows * pca.components_).sum(axis=1, keepdims=True))  # the sign is a convention: take PCA's
    images.extend(signs * rows / np.linalg.norm(rows, axis=1, keepdims=True))
    titles.extend(f"{name}, {i}\n{angle:.1f}° off" for i, angle in enumerate(component_angles(rows), start=1))
titles[-2:] = ["PCA\ncomponent 1", "PCA\ncomponent 2"]
plot_components(np.array(images), data.image_shape, titles, axes=axes.T)
fig.colorbar(axes[0, 0].images[0], ax=axes, label="weight of the pixel", shrink=0.8)
plt.show()

# %%
for key, rows in zip(("rows", "svd_w", "cholesky"), found.values(), strict=True):
    check_result(f"04.{key}.largest_angle", component_angles(rows).max(), data.name)
came_out("04.components.best_way", min(found, key=lambda way: component_angles(found[way]).max()))

# %% [markdown]
# Only the last one: over five seeds 0.33<!-- 04.cholesky.largest_angle:mean --> degrees off in the mean
# (0.27<!-- 04.cholesky.largest_angle:min --> to 0.38<!-- 04.cholesky.largest_angle:max -->), too little to be seen. The
# other two show mixtures, or the components in another order, and others from every start: the rows of $W$ were off by
# 11<!-- 04.rows.largest_angle:min --> to 89<!-- 04.rows.largest_angle:max --> degrees, their SVD by
# 15<!-- 04.svd_w.largest_angle:min --> to 71<!-- 04.svd_w.largest_angle:max -->. The reason is short. The centred reconstructions are the centred codes times $W$, so their covariance is
# $W^\top LL^\top W = (L^\top W)^\top (L^\top W)$, and *the eigenvectors of the reconstructions' covariance are the
# components*; they are the right singular vectors of $L^\top W$. The singular vectors of $W$ alone forget how far the
# codes spread.
#
# **A second way: a price on large weights.** Add $10^{-3}\,(\|W_e\|^2 + \|W\|^2)$ to the loss, the sum of all squared
# weights, with $W_e$ those of the encoder. The price makes each component a little fainter, and the one with less variance more so: a component
# of variance $\sigma^2$ is drawn at $g = 1 - 784 \cdot 10^{-3}/\sigma^2$ of its size (784, because our loss is a mean
# over the pixels: at this size it costs $\sigma^2(1-g)^2/784 + 2\cdot10^{-3}g$, which is least at that $g$). Encoder and decoder share that factor equally, so
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
train(regularised, epochs=10, rate=5e-3)
W = regularised.get_layer("decoder").get_weights()[0]  # (2, 784)
V, singular_values = right_singular_vectors(W), np.linalg.svd(W, compute_uv=False)
g = 1 - 784 * 1e-3 / pca.explained_variance_
print("SVD of W", component_angles(V).round(2), " rows of W", component_angles(W).round(2))
print("singular values", singular_values.round(3), " predicted", np.sqrt(g).round(3))
check_result("04.l2.svd_w.largest_angle", component_angles(V).max(), data.name)
check_result("04.l2.train_above_pca", above_pca(regularised, X_train), data.name)

# %% [markdown]
# The components come out of $W$ alone, 0.62<!-- 04.l2.svd_w.largest_angle:mean --> degrees off in the mean over five seeds
# (0.46<!-- 04.l2.svd_w.largest_angle:min --> to 0.77<!-- 04.l2.svd_w.largest_angle:max -->), and its singular values are
# close to the predicted ones, for 0.65<!-- 04.l2.train_above_pca:mean --> % more error: small weights draw a little too
# faintly. (The table's loss above includes the price.)

# %% [markdown]
# ## Where a non-linearity must sit
#
# The net of lesson 3 had bends on both sides of the code. Which side won?
#
# > **Predict first.** 512 `elu` units in the *encoder*, and a linear decoder: will it end below PCA, level with it, or
# > above?

# %%
predict("04.bent_encoder.train_above_pca", "How far above PCA does a bent encoder end?", [-3, 0, 3], unit="%")

# %%
keras.utils.set_random_seed(SEED)
image = keras.Input((784,))
code = layers.Dense(2)(layers.Dense(512, activation="elu")(image))
bent_encoder = keras.Model(image, layers.Dense(784)(code))
train(bent_encoder, epochs=4, rate=1e-3)
check_result("04.bent_encoder.train_above_pca", above_pca(bent_encoder, X_train), data.name)

# %% [markdown]
# And a bend in the code itself, each of the two numbers squeezed between -1 and 1 by the S-shaped `tanh`:

# %%
keras.utils.set_random_seed(SEED)
tanh_code = build_autoencoder(784, [], 2, latent_activation="tanh", output_activation="linear")
train(tanh_code.model, epochs=6, rate=3e-3)
check_result("04.tanh_code.train_above_pca", above_pca(tanh_code.model, X_train), data.name)

# %% [markdown]
# Both end **above** PCA on train, in the mean over five seeds by 2.5<!-- 04.bent_encoder.train_above_pca:mean --> % and
# 0.15<!-- 04.tanh_code.train_above_pca:mean --> %, and no training could bring them below. However the codes are computed, a linear
# decoder draws them into one plane, and *the best any encoder can do in a plane is to project on it; the best plane is
# PCA's*. So Bourlard and Kamp (1988)<!-- cite: bourlard1988 --> found bends in a single hidden layer useless for this
# task. Without a bend in its **decoder** lesson 3 could have gained nothing: only a bent decoder draws a bent surface.

# %% [markdown]
# ## Exercises
#
# Six questions that answer you: [exercises to this lesson](exercises/04_linear_autoencoder_is_pca.ipynb). They are about
# the angle between two planes, per cent above PCA, a recovery with two faults, a net that got stuck, the smallest bent
# decoder, and the components by training.

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
