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
# *About 4 minutes on one core; 1.2 GB of memory.*

# %% [markdown]
# ## Setup

# %%
from course_utils import PCA, Playground, ReconstructionBatches, TrainingTable
from course_utils import build_autoencoder, came_out, check_result, in_batches
from course_utils import load_mnist, predict, principal_angles, report
from course_utils.metrics import pca_error_curve
from course_utils.plotting import NET_COLOR, PCA_COLOR, plot_codes, plot_components
from course_utils.plotting import plot_reconstructions, set_style

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
# Lesson 3's net beat PCA by bending. Now we take the bends out. The net stays 784-512-128-2-128-512-784, but
# **every activation is linear, the output too**, as in the answer of Amoeba (2017)<!-- cite: amoeba2017 --> that
# lesson 3 followed. Nothing is chosen in this lesson, so there is no validation part, and we look at test once.
# (All figures in the text were measured on MNIST. On the embedded digits yours will differ.)
#
# > **Predict first.** Six matrices in a row and 900,000 weights, against PCA's two directions. How close will the net come
# > to PCA on train: within 10 %, 1 %, or 0.01 %? Can it end *below* PCA, on train or on test?

# %%
predict(
    "04.linear.train_above_pca",
    "How far above PCA does the net end on train?",
    [10, 1, 0.01],
    unit="%",
)

# %% [markdown]
# ## Training the linear net
#
# One thing differs from lesson 3: the learning rate falls to zero along a cosine. The last steps are tiny, so the
# weights come to rest instead of jittering. Rest alone proves nothing, since weights rest anywhere at a rate of
# zero. Error and angles will tell whether they rest near the minimum. The table's *train* column covers all 60,000
# images, because PCA's error above was measured on those.


# %%
def train(model, epochs, rate, at=None):
    """Train with Adam, the rate falling from `rate` to 0 along a cosine."""
    epochs = round(epochs * 60_000 / len(X_train))  # as many steps as on MNIST
    batches = ReconstructionBatches(X_train, batch_size=128, seed=SEED)
    schedule = keras.optimizers.schedules.CosineDecay(rate, epochs * len(batches))
    adam = keras.optimizers.Adam(schedule)
    model.compile(adam, loss="mean_squared_error", steps_per_execution=50)
    table = TrainingTable({"train": X_train}, at=at or [epochs])
    model.fit(batches, epochs=epochs, verbose=0, callbacks=[table])


def error(model, X):
    """Squared error per pixel, in double precision for thousandths of a per cent."""

    def errors(x):
        return np.square(x - model.predict_on_batch(x), dtype=np.float64).mean(axis=1)

    return in_batches(errors, X).mean()  # (n,) -> one number


def above_pca(model, X):
    """How far the model's error lies above PCA's on the same images, in per cent."""
    return 100 * (error(model, X) / pca_error_curve(pca, X)[-1] - 1)


# %%
linear = build_autoencoder(
    784,
    [512, 128],
    2,
    activation="linear",
    output_activation="linear",
)
train(linear.model, epochs=8, rate=1e-3, at=[1, 2, 4, 8])

# %% [markdown]
# How close is it? For the error, we take per cent above PCA. For the geometry, we compare planes. A chain of linear
# layers is one affine map, so the decoder is $r = hW + b$ for a code $h$ (a row), with $W$ of shape (2, 784).
# Decode the codes (1, 0), (0, 1) and (0, 0), and you have it. The rows of $W$ span the plane in which the net can
# draw. Lesson 2's principal angles compare it with PCA's plane.


# %%
def decoder_matrix(decoder):
    """The (k, 784) matrix W of a linear decoder of k numbers."""
    k = decoder.input_shape[-1]
    b = decoder.predict(np.zeros((1, k)), verbose=0)
    return decoder.predict(np.eye(k), verbose=0) - b


angles = principal_angles(decoder_matrix(linear.decoder), pca.components_)
print("principal angles in degrees:", angles.round(3))
check_result("04.linear.largest_angle", angles[0], data.name)
for name, X in {"train": X_train, "test": X_test}.items():
    check_result(f"04.linear.{name}_above_pca", above_pca(linear.model, X), data.name)

# %% [markdown]
# The planes agree to within one degree: 0.59<!-- 04.linear.largest_angle:mean --> degrees on average over five
# seeds (0.49<!-- 04.linear.largest_angle:min --> to 0.73<!-- 04.linear.largest_angle:max -->). On train the net
# ends 0.002<!-- 04.linear.train_above_pca:mean --> % above PCA. It can never end *below*, because PCA's plane is
# the best of all planes for the data it was fitted to (Eckart and Young 1936<!-- cite: eckart1936 -->). On **test**
# the net may be further above, or even a little below: from -0.004<!-- 04.linear.test_above_pca:min --> % to
# 0.016<!-- 04.linear.test_above_pca:max --> % over the five seeds. That is not a contradiction. For test's images
# PCA's plane is not the best one, and a plane half a degree away may happen to suit them better.
#
# You can see the same in two dimensions. In this playground every activation is linear and the code is one number. Train
# the net, and watch where its line comes to rest. Then choose relu.

# %% tags=["playground"] alt="A playground: two clouds of points, PCA's line, and the line that a linear decoder draws; buttons to train the net and to change its activation."
Playground(activation="linear")

# %% [markdown]
# ## Can it get stuck in another plane?
#
# The gradient vanishes at other planes, too, for instance at that of components 1 and 3. Let us look at the error around
# this point. We keep component 1 and turn only the second direction, $u$: towards component 2, towards component 4, or
# anywhere in between. By lesson 2 the variances alone give the error, so no image is needed. (The images vary in
# 712<!-- 04.directions_that_vary --> of 784 directions. Some pixels are always white, others are combinations of others.)

# %%
variances = PCA().fit(X_train).explained_variance_.astype(float)  # all 784
check_result("04.directions_that_vary", np.sum(variances > 1e-10), data.name)
C = variances[[1, 3, 2]]  # of components 2, 4 and 3: a diagonal covariance


def plane_above_pca(u):
    """How far the plane of component 1 and u lies above PCA's, in per cent."""
    along_u = C[0] * u[0] ** 2 + C[1] * u[1] ** 2 + C[2] * u[2] ** 2
    along_u /= u[0] ** 2 + u[1] ** 2 + u[2] ** 2  # the variance that u explains
    return 100 * (variances[1] - along_u) / variances[2:].sum()


def descend(u, rate=50):
    """Gradient descent of a net with encoder u and decoder u^T; its path, (3, 300)."""
    path = [u]
    while len(path) < 300:
        gradient = 2 / 784 * ((u @ (C * u)) * u + (u @ u - 2) * C * u)
        u = u - rate * gradient
        path.append(u)
    return np.array(path).T


# %% [markdown]
# > **Predict first.** A net starts between components 3 and 4, with nothing of component 2. Where does gradient descent
# > take it? And a net that starts with a thousandth of component 2?

# %% alt="Three panels. Left, a saddle-shaped surface of the error over a disc of directions, high at the ends towards component 4, low at the ends towards component 2, with two paths running down. Middle, the same from above: the solid path bends down to the right end, the dashed one, from almost the same start, runs straight to the middle and turns off to the left end; blue dots mark both ends as PCA's plane. Right, the error over 200 steps: the solid curve falls at once to 0, the dashed one pauses at the level of the saddle, 1.1 percent, for some forty steps, then falls to 0 as well."
r, turn = np.meshgrid(np.linspace(0, 1, 40), np.linspace(0, 2 * np.pi, 120))
disc = np.array([r * np.cos(turn), r * np.sin(turn), np.sqrt(1 - r**2)])  # length 1
height = plane_above_pca(disc)
fig = plt.figure(figsize=(10.5, 3.8))
surface = fig.add_subplot(1, 3, 1, projection="3d")
above, over_time = fig.add_subplot(1, 3, 2), fig.add_subplot(1, 3, 3)
surface.plot_surface(*disc[:2], height, cmap="Greys", vmin=-1, edgecolor="none")
above.contourf(*disc[:2], height, levels=20, cmap="Greys")
above.plot([-1, 1], [0, 0], "o", color=PCA_COLOR, markersize=12, clip_on=False)
for start, style in ((0.05, "-"), (-0.001, "--")):
    path = descend(np.array([start, 0.85, np.sqrt(1 - start**2 - 0.85**2)]))
    line = {"linestyle": style, "color": NET_COLOR, "linewidth": 3}
    surface.plot(*path[:2], plane_above_pca(path) + 0.03, zorder=9, **line)
    above.plot(*path[:2], **line)
    over_time.plot(plane_above_pca(path), label=f"started {abs(start):g} off", **line)
surface.view_init(elev=30, azim=-65)
surface.set(xlabel="along 2", ylabel="along 4", title="The error: a saddle")
above.set(xlabel="u along component 2", ylabel="u along component 4", aspect="equal")
above.set_title("From above: both end in PCA's plane")
saddle = plane_above_pca(np.array([0, 0, 1]))
over_time.axhline(saddle, color="grey", linestyle=":", label="at the saddle")
over_time.set(xlabel="step", ylabel="% above PCA", xlim=(0, 200), ylim=0)
over_time.set_title("One of them lingers at the saddle")
over_time.legend(frameon=False)
plt.show()

# %% [markdown]
# In the middle, at the plane of components 1 and 3, the ground is level. It rises towards component 4 and falls towards
# component 2, on both sides: a **saddle**. Both paths end in PCA's plane, which lies at both blue dots, because a direction
# and its negative span the same line. The dashed path starts almost on the ridge, runs to the saddle first, and lingers. A
# path exactly on the ridge would end there.
#
# The net in this picture has **tied weights**: its decoder is its encoder transposed. That halves the parameters and
# costs a linear net nothing, because PCA's decoder is its encoder transposed, too.
#
# *Every local minimum of a linear autoencoder's error is PCA's plane, and all other points without a slope are
# saddles* (Baldi and Hornik 1989<!-- cite: baldi1989 --> for one hidden layer,
# Kawaguchi 2016<!-- cite: kawaguchi2016 --> for more). The theorem does not say how long training lingers at one.
# Ours did not end at a saddle: the angles say that its plane is PCA's. Training that is cut short may stop near
# one, as the dashed path would.
#
# ## Same plane, other axes
#
# Put any invertible 2 x 2 matrix $A$ behind the encoder, and its inverse before the decoder: $hA$ and $A^{-1}W$. Every
# reconstruction stays as it was. The error cannot tell the two nets apart, so training has no reason to prefer one.

# %% tags=["nbval-check-output"]
codes = in_batches(linear.encoder.predict_on_batch, X_test)
W = decoder_matrix(linear.decoder)
b = linear.decoder.predict(np.zeros((1, 2)), verbose=0)
A = np.array([[2.0, 1.0], [-0.5, 3.0]])
before = codes[:100] @ W + b
after = (codes[:100] @ A) @ (np.linalg.inv(A) @ W) + b
print("same reconstructions:", np.allclose(before, after, atol=1e-3))

# %% [markdown]
# So the net finds PCA's **subspace**, not its **components**. Its map is PCA's map seen through some matrix. Which one?
# Decode a code and take PCA's scores of the result: $(hW + b - \bar x)\,V_2$, where the columns of $V_2$ are the
# components, as in lesson 1. (`pca.components_` holds them as rows.) That is $h$ times the 2 x 2 matrix $W V_2$, plus a
# shift. Nothing has to be fitted.
#
# > **Predict first.** Multiply the net's codes by this matrix. How far from PCA's scores will they land? (The
# > *radius* of a cloud is the root mean square distance of its points from their mean.)

# %%
predict(
    "04.landed.distance",
    "How far from PCA's scores do they land, in % of the radius?",
    unit="%",
)

# %% alt="Three scatter plots of 800 test codes of the digits 0, 1, 3 and 7. The net's codes are PCA's cloud, stretched, turned and mirrored; after the matrix they cannot be told from PCA's scores, on the same axes beside them: 1 at the left, 0 at the right, 3 above, 7 below."
V_2 = pca.components_.T  # (784, 2)
scores = pca.transform(X_test)
landed = codes @ (W @ V_2) + (b - pca.mean_) @ V_2  # (n, 2) @ (2, 2) + (1, 2)
some = np.flatnonzero(np.isin(data.y_test, [0, 1, 3, 7]))[:800]  # so each can be found
fig, axes = plt.subplots(1, 3, figsize=(10.5, 3.9))
axes[1].sharex(axes[2])
axes[1].sharey(axes[2])
maps = {
    "The net's codes": codes,
    "After the matrix: PCA's map": landed,
    "PCA's scores": scores,
}
for ax, (title, points) in zip(axes, maps.items(), strict=True):
    names = ("code 1", "code 2") if points is codes else ("score 1", "score 2")
    labels = data.y_test[some]
    plot_codes(points[some], labels, title=title, names=names, legend=False, ax=ax)
plt.show()

# %%
distance = np.sqrt(np.square(landed - scores).sum(axis=1).mean())
radius = np.sqrt(scores.var(axis=0).sum())
check_result("04.landed.distance", 100 * distance / radius, data.name)

# %% [markdown]
# They land on PCA's map. A code's root mean square distance from its score is 0.6<!-- 04.landed.distance:mean --> % of the
# radius (0.4<!-- 04.landed.distance:min --> to 0.7<!-- 04.landed.distance:max --> over five seeds), too little to see. So
# the images agree as well:

# %% alt="Three rows of ten test digits: originals, PCA with two components, the linear net. The two lower rows cannot be told apart."
first = [np.flatnonzero(data.y_test == digit)[0] for digit in range(10)]
rows = {
    "original": X_test[first],
    "PCA": pca.inverse_transform(scores[first]),
    "linear net": linear.model.predict(X_test[first], verbose=0),
}
fig, ax = plt.subplots(figsize=(8, 2.8))
plot_reconstructions(rows, data.image_shape, ax=ax)
ax.set_title("The linear net draws what PCA draws (test)")
plt.show()

# %% [markdown]
# ## The trap: a sigmoid left in
#
# Copy lesson 3's output layer as it is, and one activation is not linear: the `sigmoid`.
#
# > **Predict first.** Can one sigmoid, behind the last matrix, change the error on train?

# %%
predict(
    "04.sigmoid.train_above_pca",
    "How far above PCA does a net with one sigmoid end?",
    [1, 0, -1],
    unit="%",
)

# %%
keras.utils.set_random_seed(SEED)
with_sigmoid = build_autoencoder(
    784,
    [512, 128],
    2,
    activation="linear",
    output_activation="sigmoid",
)
train(with_sigmoid.model, epochs=5, rate=1e-3)
mse, gap = error(with_sigmoid.model, X_train), above_pca(with_sigmoid.model, X_train)
check_result("04.sigmoid.train_mse", mse, data.name)
check_result("04.sigmoid.train_above_pca", gap, data.name)

# %% [markdown]
# On MNIST it ends near 0.0552<!-- 04.sigmoid.train_mse:mean -->, *below* PCA's 0.0560<!-- 02.pca_2.train_mse --> on the
# very data that PCA was fitted to. No linear net can do that. If you call this net a "linear autoencoder", you are wrong by
# one activation, and the error shows it.

# %% [markdown]
# ## Getting the components back
#
# PCA's components are orthogonal, and ordered by variance. The rows of the net's $W$ need be neither. A small net,
# 784-2-784, finds PCA's plane as well, and is enough to try three ways of recovering the components.

# %%
keras.utils.set_random_seed(SEED)
small = build_autoencoder(784, [], 2, output_activation="linear")
train(small.model, epochs=10, rate=5e-3)
W = decoder_matrix(small.decoder)
print("principal angles:", principal_angles(W, pca.components_).round(3))

# %% [markdown]
# The third way needs the covariance $S$ of the codes, and a square root of it: the *Cholesky factor* $L$, the triangular
# matrix with $LL^\top = S$. It says how far, and in which directions, the codes spread.
#
# > **Predict first.** Which of these gives the components: the rows of $W$; the right singular vectors of $W$, which are
# > orthogonal and ordered; or those of $L^\top W$?

# %%
ways = ["rows of W", "SVD of W", "SVD of LᵀW"]
predict("04.components.best_way", "Which gives the components?", ways)


# %%
def right_singular_vectors(M):
    """Those of a (2, 784) matrix, as rows, the largest singular value first."""
    return np.linalg.svd(M, full_matrices=False)[2]


def component_angles(rows):
    """Angle of each row to the principal component of the same number, in degrees."""
    pairs = zip(rows, pca.components_, strict=True)
    return np.array([principal_angles(row[None], v[None])[0] for row, v in pairs])


codes_train = in_batches(small.encoder.predict_on_batch, X_train)
L = np.linalg.cholesky(np.cov(codes_train, rowvar=False))
matrices = (W, right_singular_vectors(W), right_singular_vectors(L.T @ W))
found = dict(zip(ways, matrices, strict=True))

# %% alt="Two rows of four images in blue, white and red, with one colour bar. The rows of W and the SVD of W are mixtures of ring and strokes, 68, 89, 27 and 27 degrees from the components. The SVD of L transposed W, 0.3 degrees away, cannot be told from PCA: a red ring around a blue stroke, and a pattern of red and blue strokes."
fig, axes = plt.subplots(2, 4, figsize=(9, 5))
images, titles = [], []
for name, rows in (found | {"PCA": pca.components_}).items():
    signs = np.sign((rows * pca.components_).sum(axis=1, keepdims=True))  # PCA's
    images.extend(signs * rows / np.linalg.norm(rows, axis=1, keepdims=True))
    for i, angle in enumerate(component_angles(rows), start=1):
        titles.append(f"{name}, {i}\n{angle:.1f}° off")
titles[-2:] = ["PCA\ncomponent 1", "PCA\ncomponent 2"]
plot_components(np.array(images), data.image_shape, titles, axes=axes.T)
fig.colorbar(axes[0, 0].images[0], ax=axes, label="weight of the pixel", shrink=0.8)
fig.suptitle("Only the third way gives PCA's components")
plt.show()

# %%
for key, rows in zip(("rows", "svd_w", "cholesky"), found.values(), strict=True):
    largest = component_angles(rows).max()
    check_result(f"04.{key}.largest_angle", largest, data.name)
best = min(found, key=lambda way: component_angles(found[way]).max())
came_out("04.components.best_way", best)

# %% [markdown]
# Only the last one: 0.34<!-- 04.cholesky.largest_angle:mean --> degrees off on average over five seeds
# (0.27<!-- 04.cholesky.largest_angle:min --> to 0.38<!-- 04.cholesky.largest_angle:max -->). The other two show mixtures,
# different ones from every start. The rows of $W$ were off by 11<!-- 04.rows.largest_angle:min --> to
# 89<!-- 04.rows.largest_angle:max --> degrees, their SVD by 15<!-- 04.svd_w.largest_angle:min --> to
# 71<!-- 04.svd_w.largest_angle:max -->. The reason is short. The components are the eigenvectors of the reconstructions'
# covariance. Centred reconstructions are centred codes times $W$, so that covariance is
# $W^\top S W = (L^\top W)^\top (L^\top W)$, whose eigenvectors are the right singular vectors of $L^\top W$. The SVD of $W$
# alone forgets how far the codes spread.
#
# **A second way: a price on large weights** (an *L2 penalty*). Add $10^{-3}$ times the sum of all squared weights
# to the loss. The price makes each component a little fainter, and more so the one with less variance: a component
# of variance $\sigma^2$ is drawn at $g = 1 - 784 \cdot 10^{-3}/\sigma^2$ of its size. (784, because our loss is a
# mean over pixels.) Encoder and decoder share that factor equally, so the singular values of $W$ are $\sqrt{g_1}$
# and $\sqrt{g_2}$. Now they differ, in the components' order, and the SVD of $W$ alone gives the components, as
# Kunin et al. (2019)<!-- cite: kunin2019 --> prove. It is not free:

# %%
keras.utils.set_random_seed(SEED)
price = keras.regularizers.L2(1e-3)
image = keras.Input((784,))
code = layers.Dense(2, kernel_regularizer=price)(image)
decode = layers.Dense(784, kernel_regularizer=price)
regularised = keras.Model(image, decode(code))
train(regularised, epochs=10, rate=5e-3)
W = decode.get_weights()[0]  # (2, 784)
V, singular_values = right_singular_vectors(W), np.linalg.svd(W, compute_uv=False)
g = 1 - 784 * 1e-3 / pca.explained_variance_
print("SVD of W", component_angles(V).round(2), "degrees off")
print("singular values", singular_values.round(3), " predicted", np.sqrt(g).round(3))
check_result("04.l2.svd_w.largest_angle", component_angles(V).max(), data.name)
check_result("04.l2.train_above_pca", above_pca(regularised, X_train), data.name)

# %% [markdown]
# The components come out of $W$ alone, 0.62<!-- 04.l2.svd_w.largest_angle:mean --> degrees off on average over five seeds
# (0.46<!-- 04.l2.svd_w.largest_angle:min --> to 0.77<!-- 04.l2.svd_w.largest_angle:max -->). The price is
# 0.65<!-- 04.l2.train_above_pca:mean --> % more error, because small weights draw a little too faintly. (The table's loss
# includes the price.)

# %% [markdown]
# ## Where a non-linearity must sit
#
# The net of lesson 3 had bends on both sides of the code. Which side won?
#
# > **Predict first.** 64 `elu` units in the *encoder*, and a linear decoder: will it end below PCA, level with it, or
# > above?

# %%
predict(
    "04.bent_encoder.train_above_pca",
    "How far above PCA does a bent encoder end?",
    [-3, 0, 3],
    unit="%",
)

# %%
keras.utils.set_random_seed(SEED)
image = keras.Input((784,))
code = layers.Dense(2)(layers.Dense(64, activation="elu")(image))
bent_encoder = keras.Model(image, layers.Dense(784)(code))
train(bent_encoder, epochs=8, rate=3e-3, at=[1, 2, 4, 8])
gap = above_pca(bent_encoder, X_train)
check_result("04.bent_encoder.train_above_pca", gap, data.name)

# %% [markdown]
# And a bend in the code itself, where the S-shaped `tanh` squeezes each of the two numbers between -1 and 1:

# %%
keras.utils.set_random_seed(SEED)
tanh_code = build_autoencoder(
    784,
    [],
    2,
    latent_activation="tanh",
    output_activation="linear",
)
train(tanh_code.model, epochs=6, rate=3e-3)
gap = above_pca(tanh_code.model, X_train)
check_result("04.tanh_code.train_above_pca", gap, data.name)

# %% [markdown]
# Both end just above PCA on train. On average over five seeds the bent encoder ends
# 0.05<!-- 04.bent_encoder.train_above_pca:mean --> % above (0.002<!-- 04.bent_encoder.train_above_pca:min --> to
# 0.14<!-- 04.bent_encoder.train_above_pca:max -->), the tanh code
# 0.15<!-- 04.tanh_code.train_above_pca:mean --> %. They could be level: `elu` is linear above zero and `tanh` is
# nearly linear close to it, so both encoders can imitate PCA's projection. What is missing is training. The table
# shows the bent encoder well above PCA at first, then ever closer. If you stop early, do not mistake that gap for a
# law.
#
# Why never below? However the codes are computed, a linear decoder draws them into one plane. *The best any encoder
# can do in a plane is to project onto it, and the best plane is PCA's.* So Bourlard and
# Kamp (1988)<!-- cite: bourlard1988 --> found bends in a single hidden layer useless for this task. Lesson 3 won by
# its bent **decoder**: only a bent decoder draws a bent surface.

# %% [markdown]
# ## Exercises
#
# [Six questions](exercises/04_linear_autoencoder_is_pca.ipynb), checked as you answer: the angle between two
# planes, per cent above PCA, a recovery with two faults, a net that got stuck, the smallest bent decoder, and the
# components by training.

# %% [markdown]
# ## Recap
#
# - A linear autoencoder finds PCA's subspace, to a fraction of a degree, and never reaches a smaller error on train.
# - The components are in it, too: the right singular vectors of $L^\top W$.
# - One sigmoid at the output is not linear. A bend in the encoder alone can reach PCA and not beat it: a bent surface needs
#   a bent decoder.

# %% [markdown]
# ## Read on
#
# - Baldi and Hornik (1989)<!-- cite: baldi1989 -->, [Neural networks and principal component
#   analysis](https://doi.org/10.1016/0893-6080%2889%2990014-2): the whole landscape of the error, minimum and saddles.
# - Plaut (2018)<!-- cite: plaut2018 -->, [From principal subspaces to principal components with linear
#   autoencoders](https://arxiv.org/abs/1804.10253): components from a net's weights by an SVD, on MNIST, too.
# - Kunin et al. (2019)<!-- cite: kunin2019 -->, [Loss landscapes of regularized linear
#   autoencoders](https://arxiv.org/abs/1901.08168): what the price does to that landscape, with proofs.

# %%
report()

# %% [markdown]
# **Next:** [5. The latent manifold](05_latent_manifold.ipynb) - a bent decoder draws a bent surface: what lies on it,
# between the digits? Shut this kernel down first (*Kernel > Shut Down Kernel*).
