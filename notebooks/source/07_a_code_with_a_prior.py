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
# # 7. A code with a prior
#
# **Can we draw new digits?**
#
# After this lesson you will be able to
#
# - train an autoencoder whose codes follow a distribution that you chose, and draw new images from it;
# - check its linear case against an exact likelihood, and find PCA's components in it, one by one;
# - recognise the mistake that makes such a net ignore its input, and say how far to trust what it draws.
#
# *About 3 minutes on one core; 1.2 GB of memory.*

# %% [markdown]
# ## Setup

# %%
from course_utils import Autoencoder, LatentExplorer, ReconstructionBatches
from course_utils import TrainingTable, build_autoencoder, came_out, check_result
from course_utils import in_batches, load_mnist, predict, principal_angles
from course_utils import reconstruction_mse, report
from course_utils.plotting import NET_COLOR, PCA_COLOR, plot_codes, plot_manifold
from course_utils.plotting import plot_reconstructions, set_style
from course_utils.probabilistic import draw_codes, kl_to_standard_normal
from course_utils.probabilistic import nearest_image_distance, ppca_log_likelihood

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers, ops
from scipy.stats import norm
from sklearn.neighbors import KNeighborsClassifier

SEED = 0
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)
set_style()

# %%
data = load_mnist()
train, test = np.isin(data.y_train, [1, 5, 6]), np.isin(data.y_test, [1, 5, 6])
X_train, y_train = data.X_train[train], data.y_train[train]
X_test, y_test = data.X_test[test], data.y_test[test]
X_others = data.X_test[~test]  # the other seven digits: for the lesson's end
dataset, image_shape = data.name, data.image_shape
del data

# %% [markdown]
# ## The gap
#
# Lesson 5 ended with a map that has holes: nothing told its codes where to lie. Could we draw new digits from it
# all the same? We take its three digits and train a plain autoencoder, 784-256-128-2 and back. The loss is lesson
# 6's cross-entropy, but **summed** over the pixels of an image instead of averaged. Its unit is the *nat*, which is
# to the natural logarithm what the bit is to base 2. Nothing is chosen in this lesson, so there is no validation
# part. (All figures in the text were measured on MNIST. A notice tells you if you have the embedded digits
# instead.)


# %%
def nats(images, reconstruction):
    """Cross-entropy of each image, summed over its pixels."""
    return 784 * keras.losses.binary_crossentropy(images, reconstruction)


def fit(model, loss=nats, epochs=12):
    """Train with Adam; the table has the loss of 2,500 train images."""
    epochs = round(epochs * 18_081 / len(X_train))  # as many steps as on MNIST
    batches = ReconstructionBatches(X_train, batch_size=128, seed=SEED)
    model.compile("adam", loss=loss, steps_per_execution=50)
    at = [1, epochs // 4, epochs // 2, epochs]
    table = TrainingTable({"train": X_train[:2500]}, at=at)
    model.fit(batches, epochs=epochs, verbose=0, callbacks=[table])


def encode(net, X):
    return in_batches(net.encoder.predict_on_batch, X)  # (n, 784) -> (n, 2)


def decode(net, codes):
    return in_batches(net.decoder.predict_on_batch, codes)  # (n, 2) -> (n, 784)


plain = build_autoencoder(784, [256, 128], 2)
fit(plain.model)

# %% [markdown]
# Now we fit a normal distribution to its train codes, draw 1,000 codes from that, and decode them. Do these images look
# like the data? We measure the squared error per pixel between an image and the train image *nearest* to it.
#
# > **Predict first.** How many times further from the nearest train image is a drawn image than a reconstructed one?

# %%
question = "How many times further off are plain draws?"
predict("07.plain.drawn_over_rebuilt", question, [1, 3, 10])

# %%
codes_plain = encode(plain, X_train)
center, covariance = codes_plain.mean(axis=0), np.cov(codes_plain, rowvar=False)
drawn_plain = decode(plain, rng.multivariate_normal(center, covariance, 1000))
rebuilt_plain = decode(plain, encode(plain, X_test))
drawn_away = nearest_image_distance(drawn_plain, X_train).mean()
rebuilt_away = nearest_image_distance(rebuilt_plain[:1000], X_train).mean()
check_result("07.plain.test_mse", reconstruction_mse(X_test, rebuilt_plain), dataset)
check_result("07.plain.drawn_distance", drawn_away, dataset)
check_result("07.plain.rebuilt_distance", rebuilt_away, dataset)
check_result("07.plain.drawn_over_rebuilt", drawn_away / rebuilt_away, dataset)

# %% alt="Two rows of twelve images from the plain autoencoder. Above, reconstructions of test digits. Below, decoded draws from a normal distribution: some digits, several mixtures of two digits, and broken shapes."
rows = {"reconstructions": rebuilt_plain[:12], "draws": drawn_plain[:12]}
fig, ax = plt.subplots(figsize=(8, 1.9))
title = "Between plain codes lie images that are not digits"
plot_reconstructions(rows, image_shape, title=title, ax=ax)
plt.show()

# %% [markdown]
# Over five seeds, draws were 2.3<!-- 07.plain.drawn_over_rebuilt:min --> to
# 3.1<!-- 07.plain.drawn_over_rebuilt:max --> times further off. Some draws are digits. Others lie in a hole of the map, and the decoder has never been asked for anything there. The codes are
# not normally distributed, and nothing tells us how they are distributed.
#
# The cure is to fix the codes' distribution first, and have the net obey it. That distribution, chosen before any data
# are seen, is the **prior**. Ours is $N(0, I)$: independent numbers with mean 0 and variance 1.
#
# ## Linear first: probabilistic PCA
#
# Where everything is linear, we can compute what the best model reaches. *Probabilistic PCA* says how an image comes
# about: draw a code $z$ from the prior, and let $x = zW + \bar x + \text{noise}$, where every pixel's noise has variance
# $\sigma^2$. With $\lambda_1 \ge \lambda_2 \ge \dots$ the variances along all $d$ components, the largest log-likelihood
# that $k$ codes reach is, for each point on average (Tipping and Bishop 1999<!-- cite: tipping1999 -->),
#
# $$-\tfrac12\Big(d\log 2\pi + \sum_{j\le k}\log\lambda_j + (d-k)\log\sigma^2 + d\Big),\qquad
# \sigma^2 = \frac{1}{d-k}\sum_{j>k}\lambda_j .$$
#
# `ppca_log_likelihood` computes it. Can training reach this value? An encoder maps each point to a small **cloud** of
# codes: a normal distribution around the mean $(x - \bar x)V^\top$, with one variance $s_j^2$ for each code. Then
#
# $$\log p(x) \;\ge\; \underbrace{\mathrm{E}\,\log p(x \mid z)}_{\text{draw well from the cloud's codes}} \;-\;
# \underbrace{\mathrm{KL}\big(\text{cloud} \,\|\, N(0, I)\big)}_{\text{and stay near the prior}} .$$
#
# The right-hand side is the **ELBO**, the evidence lower bound. The *Kullback-Leibler divergence* KL says how far
# one distribution is from another; it is never negative, and 0 only if they are equal. What the bound misses is
# such a divergence: that of the cloud from the *posterior*, the codes that could have made $x$. For normal clouds
# KL has a closed form, and in the linear case so has everything else, given the data's covariance $S$:


# %%
def squared_error(S, V, W):
    """What a linear net leaves of a point; V and W are (k, d), S is (d, d)."""
    SV = tf.matmul(S, V, transpose_b=True)  # (d, k)
    mixed, of_means = tf.matmul(W, SV), tf.matmul(V, SV)  # (k, k) each
    gram = tf.matmul(W, W, transpose_b=True)
    along = 2 * tf.linalg.trace(mixed) - tf.reduce_sum(gram * of_means)
    return tf.linalg.trace(S) - along


def linear_elbo(S, V, W, log_s2, log_sigma2):
    """The mean ELBO of a point, in nats; clouds have variances s2."""
    d, s2 = len(S), tf.exp(log_s2)
    error = squared_error(S, V, W) + tf.reduce_sum(s2 * tf.reduce_sum(W**2, axis=1))
    log_p = -(d * (np.log(2 * np.pi) + log_sigma2) + error / tf.exp(log_sigma2)) / 2
    of_means = tf.linalg.diag_part(tf.matmul(V, tf.matmul(S, V, transpose_b=True)))
    kl = tf.reduce_sum(s2 + of_means - 1 - log_s2) / 2
    return log_p - kl


def climb(goal, S, n_steps, rate, at=()):
    """Maximise goal(S, V, W, ...) with Adam; return [(step, goal, W)]."""
    start = 0.03 * np.random.default_rng(SEED).normal(size=(2, 2, len(S)))
    first = [*start, np.zeros(2), np.zeros(())]
    variables = [tf.Variable(value, dtype=tf.float64) for value in first]
    adam = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(rate, n_steps))
    adam.build(variables)
    S = tf.constant(S, tf.float64)

    @tf.function(jit_compile=True)
    def step():
        with tf.GradientTape() as tape:
            loss = -goal(S, *variables)
        # the plain net has no clouds: these variables have no gradient
        gradients = tape.gradient(loss, variables, unconnected_gradients="zero")
        adam.apply(gradients, variables)

    path = []
    for i in range(1, n_steps + 1):
        step()
        if i in at or i == n_steps:
            path.append((i, float(goal(S, *variables)), variables[1].numpy()))
    return path


# %% [markdown]
# First on 2,000 points in three dimensions, with variances 9, 4 and 1 along axes turned at random. Two codes, one net that
# climbs the ELBO, and lesson 4's plain linear autoencoder beside it.
#
# > **Predict first.** Lesson 4's net found PCA's plane, but not the components in it. What will the columns of the
# > two decoders (the rows of our $W$) be?

# %%
choices = ["components in both", "only with clouds", "in neither"]
predict("07.points.components", "Are the decoder's columns the components?", choices)


# %%
def components_of(S):
    """All variances, the largest first, and their components as rows."""
    variances, V = np.linalg.eigh(S)
    return np.maximum(variances[::-1], 0), V[:, ::-1].T


def off(W, V):
    """Angles of the decoder's two columns to the components, in either order."""
    pairs = [[principal_angles(w[None], v[None])[0] for v in V[:2]] for w in W]
    angles = np.array(pairs)
    return min(angles.diagonal(), angles[::-1].diagonal(), key=max)


turned = np.linalg.qr(rng.normal(size=(3, 3)))[0]
points = rng.normal(size=(2000, 3)) * [3, 2, 1] @ turned
S_points = np.cov(points, rowvar=False, bias=True)  # divided by n, as likelihoods are
variances, V = components_of(S_points)
exact = ppca_log_likelihood(variances, 2)
by_elbo = climb(linear_elbo, S_points, 2000, rate=0.05)[-1]
by_error = climb(lambda *args: -squared_error(*args[:3]), S_points, 2000, 0.05)[-1]
print(f"exact log-likelihood {exact:.4f}, ELBO {by_elbo[1]:.4f} nats per point")
check_result("07.points.gap", exact - by_elbo[1], "gaussians")
check_result("07.points.columns_off", off(by_elbo[2], V).max(), "gaussians")
check_result("07.points.plain_columns_off", off(by_error[2], V).max(), "gaussians")
are = [off(W, V).max() < 1 for W in (by_elbo[2], by_error[2])]
came_out("07.points.components", choices[2 - sum(are)])

# %% alt="Two panels with the same points in three dimensions, a flat cloud, and two thick blue lines through its centre, the components. Left, with clouds: the two orange lines of the decoder's columns lie in the middle of the blue ones. Right, plain: the orange lines lie beside them, about 30 degrees off."
fig, axes = plt.subplots(1, 2, figsize=(9, 4.2), subplot_kw={"projection": "3d"})
titles = {"With clouds: the components": by_elbo}
titles["Plain: anything in their plane"] = by_error
normal = V[2] * np.sign(V[2, 2])  # to the components' plane: we look down on it
azimuth, height = np.degrees([np.arctan2(*normal[1::-1]), np.arcsin(normal[2])])
for ax, (title, (_, _, W)) in zip(axes, titles.items()):
    ax.scatter(*points[:600].T, s=8, color="0.3", alpha=0.5, linewidth=0)
    for v, variance in zip(V[:2], variances):
        ends = 2.5 * np.sqrt(variance) * np.array([-v, v])
        blue = ax.plot(*ends.T, color=PCA_COLOR, linewidth=6, alpha=0.5)[0]
    for w in W / np.linalg.norm(W, axis=1, keepdims=True):
        ends = 7.5 * np.array([-w, w])
        orange = ax.plot(*ends.T, color=NET_COLOR, linewidth=2)[0]
    ax.set(title=title, xlim=(-7, 7), ylim=(-7, 7), zlim=(-7, 7))
    ax.set(xticklabels=[], yticklabels=[], zticklabels=[])
    ax.set_box_aspect((1, 1, 1), zoom=1.2)
    ax.view_init(height - 20, azimuth)
names = ["components", "decoder's columns"]
fig.legend([blue, orange], names, loc="lower center", ncols=2, frameon=False)
plt.show()

# %% [markdown]
# With all five seeds the ELBO reaches the exact log-likelihood to less than 0.001 nats, and the columns with clouds are the
# components to less than 0.1 degrees. The plain net's columns lie in the same plane,
# 16<!-- 07.points.plain_columns_off:min --> to 44<!-- 07.points.plain_columns_off:max --> degrees off. The prior chooses the
# axes: one variance for each code fits only along the components. Lucas et al. (2019)<!-- cite: lucas2019 --> prove it.
#
# ## The same on the digits
#
# Turning the two columns inside PCA's plane costs a plain net nothing. With clouds it costs something: when the
# columns are turned, the posterior is a tilted ellipse, which a cloud along the axes fits badly. The ELBO falls
# short by $\tfrac12\log\frac{(\lambda_1c^2 + \lambda_2s^2)(\lambda_1s^2 + \lambda_2c^2)}{\lambda_1\lambda_2}$,
# where $c$ and $s$ are the turn's cosine and sine.
#
# > **Predict first.** On the digits the exact value is about 115<!-- 07.digits.exact --> nats per image. How much of it do the
# > right axes contribute?

# %%
question = "How many nats does the worst turn of the axes cost?"
predict("07.digits.worst_turn", question, [10, 1, 0.1])


# %%
def turn_cost(first, second, degrees):
    """Nats per point that the ELBO loses when the columns are turned."""
    c2 = np.cos(np.radians(degrees)) ** 2
    along = first * c2 + second * (1 - c2), first * (1 - c2) + second * c2
    return np.log(along[0] * along[1] / (first * second)) / 2


S_digits = np.cov(X_train, rowvar=False, bias=True, dtype=np.float32).astype(float)
variances_784, V_784 = components_of(S_digits)
exact_digits = ppca_log_likelihood(variances_784, 2)
at = [*range(20, 200, 20), *range(200, 1000, 50)]
path = climb(linear_elbo, S_digits, 1000, rate=0.02, at=at)
steps = [step for step, _, _ in path]
gaps = np.array([exact_digits - elbo for _, elbo, _ in path])
columns_off = [off(W, V_784).max() for _, _, W in path]

# %% alt="Two panels. Left, nats per image over the turn of the axes: with clouds an arch from 0 up to 0.054 at 45 degrees and back to 0 at 90, for the plain net a dashed line at 0. Right, on a logarithmic scale over 1,000 steps: the gap to the exact value falls from hundreds of nats to less than 0.1 within 400 steps, while the columns are still tens of degrees off, and fall slowly."
fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6))
turns = np.linspace(0, 90)
left.plot(turns, turn_cost(*variances_784[:2], turns), color=NET_COLOR, label="clouds")
left.axhline(0, color=NET_COLOR, linestyle="--", label="plain")
left.set(xlabel="turn (degrees)", ylabel="nats per image")
left.set_title("Turning the axes costs little")
left.legend(frameon=False)
right.semilogy(steps, gaps, color="black", label="gap to the exact value (nats)")
right.semilogy(steps, columns_off, color=NET_COLOR, label="columns off (degrees)")
right.set(xlabel="step", title="The likelihood comes first, the axes last")
right.legend(frameon=False)
plt.show()

near = int(np.argmax(gaps < 0.1))
check_result("07.digits.exact", exact_digits, dataset)
check_result("07.digits.worst_turn", turn_cost(*variances_784[:2], 45), dataset)
check_result("07.digits.columns_off_when_near", columns_off[near], dataset)
check_result("07.digits.gap", gaps[-1], dataset)
check_result("07.digits.columns_off", columns_off[-1], dataset)

# %% [markdown]
# The worst turn, of 45 degrees, costs 0.05<!-- 07.digits.worst_turn --> nats. Turning the axes hardly changes the
# ELBO, so its gradient there is small and the axes come last. When less than 0.1 nats were missing, the columns
# were still 23<!-- 07.digits.columns_off_when_near:mean --> degrees off, on average over five seeds. After 1,000
# steps 0.006<!-- 07.digits.gap:mean --> nats and 15<!-- 07.digits.columns_off:mean --> degrees are left. The net
# finds the components, *eventually* (Bao et al. 2020<!-- cite: bao2020 -->).
#
# ## The variational autoencoder
#
# Now bend it, as Kingma and Welling (2014)<!-- cite: kingma2014 --> and
# Rezende et al. (2014)<!-- cite: rezende2014 --> did. Three things are new. The encoder returns a mean *and a log
# variance* for each code, because a log variance may be any number. The decoder gets a code drawn from the cloud,
# $z$ = mean + exp(log variance / 2) · noise. Written in this way (the *reparameterisation trick*), the draw has a
# derivative, and the gradient reaches the encoder. And the loss is -ELBO: the cross-entropy of the image plus KL,
# **both summed, both in nats**.
#
# A layer draws and adds its KL to the loss. It is registered by name, so that a saved net loads again. Its
# `SeedGenerator` advances with every call; with a whole number as seed, each batch would get the same noise.


# %%
@keras.saving.register_keras_serializable("course")
class DrawCode(layers.Layer):
    """Draw a code from each cloud, and add the clouds' KL to the loss."""

    def __init__(self, kl_weight=1.0, seed=SEED, **kwargs):
        super().__init__(**kwargs)
        self.kl_weight, self.seed = kl_weight, seed
        self.noise = keras.random.SeedGenerator(seed)

    def call(self, mean, log_variance):
        terms = ops.exp(log_variance) + mean**2 - 1 - log_variance
        kl = ops.sum(terms, axis=1) / 2  # (n, 2) -> (n,), in nats
        self.add_loss(self.kl_weight * ops.mean(kl))
        noise = keras.random.normal(ops.shape(mean), seed=self.noise)
        return mean + ops.exp(log_variance / 2) * noise

    def get_config(self):
        config = {"kl_weight": self.kl_weight, "seed": self.seed}
        return super().get_config() | config


def build_variational(hidden_units, kl_weight=1.0):
    """A plain net, a second output of its encoder, and the draw in the middle."""
    encoder, decoder, _ = build_autoencoder(784, hidden_units, 2)
    image, mean = encoder.input, encoder.output
    h = encoder.get_layer("bottleneck").input
    log_variance = layers.Dense(2, name="log_variance")(h)
    code = DrawCode(kl_weight, name="draw")(mean, log_variance)
    return Autoencoder(encoder, decoder, keras.Model(image, decoder(code)))


def clouds(net, X):
    """Means and log variances of the codes of X, (n, 2) each."""
    outputs = [net.encoder.output, net.model.get_layer("log_variance").output]
    both = keras.Model(net.model.input, ops.concatenate(outputs, axis=1))
    return np.split(in_batches(both, X), 2, axis=1)


# %% [markdown]
# Only `model`, which we train, draws. `encoder` returns the mean, so an image has one code, and encoding it twice gives the
# same. Here is one training step, as in lesson 5:

# %%
trial = build_variational([256, 128])
images, variables = X_train[:128], trial.model.trainable_variables
adam = keras.optimizers.Adam()
for step in range(3):
    with tf.GradientTape() as tape:
        cost = tf.reduce_mean(nats(images, trial.model(images)))
        kl = trial.model.losses[0]
        loss = cost + kl
    adam.apply(tape.gradient(loss, variables), variables)
    print(f"step {step}: {cost:.1f} + {kl:.2f} = {loss:.1f} nats per image")

# %% [markdown]
# `fit` does the same. The new net has the plain one's sizes, batches and epochs; only the draw and KL differ.
#
# > **Predict first.** The plain net leaves a squared error of 0.027<!-- 07.plain.test_mse:mean --> on test. What will the
# > variational net leave, which has to read its codes through noise?

# %%
question = "The variational net's squared error on test"
predict("07.vae.test_mse", question, [0.025, 0.03, 0.04])

# %%
keras.utils.set_random_seed(SEED)
vae = build_variational([256, 128])
fit(vae.model)


# %%
def cost_and_kl(net, X, n_draws=5):
    """Cost of each image in nats, averaged over draws from its cloud, and its KL."""
    mean, log_variance = clouds(net, X)
    cost = np.zeros(len(X))
    for _ in range(n_draws):
        r = decode(net, draw_codes(mean, log_variance, rng)).clip(1e-7, 1 - 1e-7)
        cost -= (X * np.log(r) + (1 - X) * np.log(1 - r)).sum(axis=1) / n_draws
    return cost, kl_to_standard_normal(mean, log_variance)


rebuilt_vae = decode(vae, encode(vae, X_test))
drawn_vae = decode(vae, rng.normal(size=(1000, 2)).astype("float32"))  # the prior
drawn_away = nearest_image_distance(drawn_vae, X_train).mean()
cost, kl = cost_and_kl(vae, X_test)
check_result("07.vae.test_mse", reconstruction_mse(X_test, rebuilt_vae), dataset)
check_result("07.vae.drawn_distance", drawn_away, dataset)
check_result("07.vae.cost", cost.mean(), dataset)
check_result("07.vae.kl", kl.mean(), dataset)
check_result("07.vae.negative_elbo", (cost + kl).mean(), dataset)

# %% alt="Three rows of twelve images. Above, plain draws: several good digits, a black shape between 5 and 6, double strokes. In the middle, variational draws: 1s, 5s and 6s, all blurred, one or two between two digits. Below, real test digits, crisp."
rows = {"plain, drawn": drawn_plain[:12], "variational": drawn_vae[:12]}
rows["real (test)"] = X_test[:12]
fig, ax = plt.subplots(figsize=(8, 1.9))
title = "Drawn from the prior, decoded: nearly always digits"
plot_reconstructions(rows, image_shape, title=title, ax=ax)
plt.show()

# %% [markdown]
# The draws now lie 0.027<!-- 07.vae.drawn_distance:mean --> from the nearest train image, where plain draws lay
# 0.041<!-- 07.plain.drawn_distance:mean --> off. The price is a squared error of
# 0.0301<!-- 07.vae.test_mse:mean --> (plain: 0.0270<!-- 07.plain.test_mse:mean -->). On test -ELBO is
# 118.7<!-- 07.vae.negative_elbo:mean --> nats: 113.2<!-- 07.vae.cost:mean --> for the image and
# 5.5<!-- 07.vae.kl:mean --> for KL: a code tells no more than that about its image. And it is a *bound*. Here
# nobody knows the exact value, so do not call -ELBO the likelihood. Do not compare it with the
# 115<!-- 07.digits.exact --> nats above, either: that log density should be high, this cost low.
#
# ## Two maps
#
# > **Predict first.** The prior is one round cloud. Will the three digits still lie apart in it? Where will the holes of the
# > plain map be?

# %% alt="Two scatter plots of 1,000 test codes. Left, plain: 1s, 5s and 6s in three separate clouds, with axes from -40 to 70. Right, variational: three clouds that touch around the origin, most of them within or at the outer of two dotted circles of radius 1 and 2."
codes_vae = encode(vae, X_train)
fig, axes = plt.subplots(1, 2, figsize=(10, 4.6))
maps = {"Plain: the codes lie anywhere": (plain, codes_plain)}
maps["Variational: round the origin"] = (vae, codes_vae)
for ax, (title, (net, of_train)) in zip(axes, maps.items()):
    of_test = encode(net, X_test)
    plot_codes(of_test[:1000], y_test[:1000], title=title, legend=False, ax=ax)
    neighbours = KNeighborsClassifier(5).fit(of_train, y_train)
    name = "vae" if net is vae else "plain"
    accuracy = neighbours.score(of_test, y_test)
    check_result(f"07.{name}.knn_accuracy", accuracy, dataset)
around = np.linspace(0, 2 * np.pi, 200)
for radius in (1, 2):  # of the prior's standard deviation
    axes[1].plot(radius * np.cos(around), radius * np.sin(around), "k:", linewidth=1)
axes[1].set(aspect="equal")
plt.show()

# %% [markdown]
# Now there is a natural way to lay out a canvas. Cut each axis so that every cell holds the **same share of the prior**: take
# the quantiles of the normal distribution, evenly spaced. (A canvas over [-1, 1] alone would leave out more than half of the draws.)
# Grey cells hold no train code.

# %% alt="A canvas of 18 by 18 decoded digits over shares of the prior: 1s in the upper third, 6s at the lower left, 5s at the lower right, changing smoothly into one another with blurred mixtures on the borders. Nearly all grey cells lie in the lowest row, where the 5s break into specks."
levels = (np.arange(18) + 0.5) / 18  # the middles of 18 equal shares
grid = np.stack(np.meshgrid(norm.ppf(levels), norm.ppf(levels)), axis=-1)
canvas = decode(vae, grid.reshape(-1, 2).astype("float32")).reshape(18, 18, 784)
fig, ax = plt.subplots(figsize=(6, 6))
title = "Each cell has the same chance to be drawn"
shares = norm.cdf(codes_vae)  # (n, 2), from 0 to 1
plot_manifold(canvas, levels, levels, image_shape, codes=shares, title=title, ax=ax)
ax.set(xlabel="share of the prior to the left", ylabel="share of the prior below")
plt.show()
cells = np.histogram2d(*shares.T, bins=18, range=[(0, 1), (0, 1)])[0]
check_result("07.vae.empty_cells", np.mean(cells == 0), dataset)

# %% [markdown]
# The digits stay apart: five nearest codes guess 96 %<!-- 07.vae.knn_accuracy:mean --> of the test digits right (plain:
# 98 %<!-- 07.plain.knn_accuracy:mean -->). But they touch. Only 6 %<!-- 07.vae.empty_cells:mean --> of the cells are
# empty. What lies on a border between two digits is a mixture, and the prior draws it now and then.
#
# Try both. The button draws twelve codes in your browser: on the left from the normal distribution fitted to the plain
# codes, on the right from the prior.

# %% tags=["explorer"]
about_plain = encode(plain, X_test), y_test, image_shape
about_vae = encode(vae, X_test), y_test, image_shape
left = LatentExplorer(plain.decoder, *about_plain, prior="fitted")
right = LatentExplorer(vae.decoder, *about_vae, prior="standard")
left.beside(right)

# %% [markdown]
# ## What it costs
#
# The prior has a price, which the weight of KL in the loss sets. We train a smaller net, 784-64-2 and back, at four
# weights. Only with weight 1 is the loss -ELBO.
#
# > **Predict first.** What will KL be at weight 0?

# %%
weights = [0, 0.1, 1, 10]
sweep = []
for weight in weights:
    keras.utils.set_random_seed(SEED)
    small = build_variational([64], weight)
    fit(small.model, epochs=8)
    mse = reconstruction_mse(X_test, decode(small, encode(small, X_test)))
    kl = kl_to_standard_normal(*clouds(small, X_test)).mean()
    name = f"weight_{weight:g}".replace(".", "_")
    check_result(f"07.sweep.{name}.test_mse", mse, dataset)
    check_result(f"07.sweep.{name}.kl", kl, dataset)
    sweep.append((kl, mse))

# %% alt="Squared error over KL on a logarithmic axis, four points joined by a line that falls to the right: weight 10 at 1.4 nats and 0.044, weight 1 at 6.7 and 0.037, weight 0.1 at 27 and 0.035, weight 0 at 773 and 0.034."
fig, ax = plt.subplots(figsize=(6, 3.6))
ax.semilogx(*zip(*sweep), "o-", color=NET_COLOR)
for weight, point in zip(weights, sweep):
    ax.annotate(f"weight {weight:g}", point, (9, 2), textcoords="offset points")
ax.set(xlabel="KL on test (nats)", ylabel="squared error per pixel", xlim=(1, 3000))
ax.margins(y=0.15)
ax.set_title("The more a code may say, the better the image")
plt.show()

# %% [markdown]
# At weight 0 nothing keeps the clouds near the prior. They shrink to points, KL grows without limit
# (624<!-- 07.sweep.weight_0.kl:mean --> nats here), and the map has its holes again. From there to
# weight 10 the squared error rises from 0.034<!-- 07.sweep.weight_0.test_mse:mean --> to
# 0.043<!-- 07.sweep.weight_10.test_mse:mean -->, while KL falls to 1.6<!-- 07.sweep.weight_10.kl:mean -->. The curve trades
# how much a code may say against how well the image comes back.
#
# ## The trap: a mean beside a sum
#
# Many notebooks on the web compile their variational net with `loss="mse"`. Keras *averages* the squared error over 784
# pixels, while KL is summed.
#
# > **Predict first.** What will such a net do with its codes?

# %%
predict("07.trap.mean.kl", "KL beside a mean over pixels (nats)", [0, 2, 5])


# %%
def summed(images, reconstruction):
    return ops.sum(ops.square(images - reconstruction), axis=1)


for name, loss in {"mean": "mse", "sum": summed}.items():
    keras.utils.set_random_seed(SEED)
    small = build_variational([64])
    fit(small.model, loss, epochs=8)
    mse = reconstruction_mse(X_test, decode(small, encode(small, X_test)))
    kl = kl_to_standard_normal(*clouds(small, X_test)).mean()
    check_result(f"07.trap.{name}.kl", kl, dataset)
    check_result(f"07.trap.{name}.test_mse", mse, dataset)
mean_image = np.broadcast_to(X_train.mean(axis=0), X_test.shape)
check_result("07.trap.mean_image", reconstruction_mse(X_test, mean_image), dataset)

# %% [markdown]
# KL ends at 0.001<!-- 07.trap.mean.kl:mean --> nats: every cloud is nearly the prior, and the code says nothing.
# The decoder draws one image for all, as its error shows: 0.059<!-- 07.trap.mean.test_mse:mean -->, and the mean
# image leaves 0.059<!-- 07.trap.mean_image -->. The net has **collapsed**. The loss looks small and falls smoothly,
# so nothing warns you. Averaged over 784 pixels, the image counts 784 times less beside KL. Summed, the same
# squared error leaves 0.039<!-- 07.trap.sum.test_mse:mean -->, with 3.7<!-- 07.trap.sum.kl:mean --> nats of KL.
#
# ## How far to trust it
#
# If the prior were met, the codes drawn from all train clouds together would have variance 1 in each direction. And drawn
# digits would be as crisp as real ones: a real image has few grey pixels.
#
# > **Predict first.** Which number will tell you best that an image is none of the three digits: its squared error, its KL,
# > or -ELBO?

# %%
measures = ["squared error", "KL", "-ELBO"]
predict("07.strangers", "What catches the most digits never seen?", measures)


# %%
def grey(images):
    """The share of pixels that are neither nearly white nor nearly black."""
    return np.mean((images > 0.1) & (images < 0.9))


together = draw_codes(*clouds(vae, X_train), rng)
check_result("07.vae.variance", together.var(axis=0).mean(), dataset)
check_result("07.grey.drawn", grey(drawn_vae), dataset)
check_result("07.grey.real", grey(X_test), dataset)


def three_measures(X):
    """Squared error, KL and -ELBO of each image."""
    squares = np.square(X - decode(vae, encode(vae, X))).mean(axis=1)
    cost, kl = cost_and_kl(vae, X)
    return np.stack([squares, kl, cost + kl], axis=1)  # (n, 3)


limits = np.percentile(in_batches(three_measures, X_test), 99, axis=0)
caught = np.mean(in_batches(three_measures, X_others) > limits, axis=0)
for name, share in zip(("error", "kl", "elbo"), caught, strict=True):
    check_result(f"07.strangers.by_{name}", share, dataset)
came_out("07.strangers", measures[np.argmax(caught)])

# %% [markdown]
# **The prior is not met.** The codes' variance is 1.4<!-- 07.vae.variance:mean -->, not 1: the pull of KL on each
# cloud does not make all of them together normal. **Draws are blurred.** Of a draw's pixels
# 23 %<!-- 07.grey.drawn:mean --> are grey, of a real image's 8 %<!-- 07.grey.real -->. The best answer to a code is
# the mean of all images behind it, as in lesson 6. **-ELBO is a poor alarm.** It catches
# 32 %<!-- 07.strangers.by_elbo:mean --> of the digits never seen, fewer than squared error
# (37 %<!-- 07.strangers.by_error:mean -->), and KL almost none: the encoder puts strangers where the digits are.
#
# ## What came after
#
# *Diffusion models* (Ho et al. 2020<!-- cite: ho2020 -->) draw by taking noise away in many small steps, a chain of
# lesson 6's denoisers. *Latent diffusion* (Rombach et al. 2022<!-- cite: rombach2022 -->) does so in the code of an
# autoencoder. Many of today's image generators work in this way.

# %% [markdown]
# ## Exercises
#
# Six [exercises](exercises/07_a_code_with_a_prior.ipynb) check your answers: KL on given numbers, the mean and spread of
# many draws, five losses, a net better than a collapsed one, the exact value of a linear net, and a convolutional decoder
# against a dense one. The [solutions](../notebooks/solutions/07_a_code_with_a_prior.ipynb) show ours.

# %% [markdown]
# ## Recap
#
# - Fix the codes' distribution first, and you can draw from it. The loss is the image's cost plus KL, both summed over
#   one image, in nats.
# - In the linear case the ELBO reaches the exact likelihood of probabilistic PCA, and the decoder's columns are the
#   components.
# - A mean beside a sum collapses the code. Even a working net has limits: the prior is met only roughly, draws are
#   blurred, and -ELBO is a poor alarm.

# %% [markdown]
# ## Read on
#
# - Kingma and Welling (2014)<!-- cite: kingma2014 -->, [Auto-encoding variational
#   Bayes](https://arxiv.org/abs/1312.6114): the draw, the bound, and KL's closed form, which our layer writes down.
# - Tipping and Bishop (1999)<!-- cite: tipping1999 -->, [Probabilistic principal component
#   analysis](https://doi.org/10.1111/1467-9868.00196): where the exact likelihood comes from.
# - Lucas et al. (2019)<!-- cite: lucas2019 -->, [Don't blame the ELBO!](https://arxiv.org/abs/1911.02469): the linear
#   case, and why codes collapse.

# %%
report()

# %% [markdown]
# **That was the last lesson.** You have compressed digits by lines, by curves, by a single layer and into a
# distribution, and you can say which, when and by how much. Shut this kernel down (*Kernel > Shut Down Kernel*), or
# go back to [the first lesson](01_toy_gaussians.ipynb) and change a layer.
