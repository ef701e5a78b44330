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
# # 5. The latent manifold
#
# **What lies between the digits?**
#
# After this lesson you will be able to
#
# - write an autoencoder without Keras layers: variables, matrix products, a gradient tape, one training step;
# - decode a whole plane of codes, and put the picture the right way round;
# - say what a decoder can be asked, and where its answers mean nothing.
#
# *About 1.5 minutes on one core; 1.1 GB of memory.*

# %% [markdown]
# ## Setup

# %% tags=["weights"]
from course_utils import PCA, LatentExplorer, came_out, check_result, in_batches, load_mnist, predict
from course_utils import reconstruction_mse, report
from course_utils.autoencoder import load_pretrained, save_pretrained
from course_utils.plotting import PALETTE, plot_codes, plot_manifold, plot_reconstructions, set_style

import time

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors

SEED = 0
set_style()

# %% [markdown]
# ## Three digits
#
# Two numbers were too few for ten digits. For three they are enough, and the map becomes readable: we take the 1s, the
# 5s and the 6s. (All figures in the text are those on MNIST; a notice below says if you have the embedded digits
# instead.)

# %% tags=["weights"]
data = load_mnist()
train, test = np.isin(data.y_train, [1, 5, 6]), np.isin(data.y_test, [1, 5, 6])
X_train, y_train = data.X_train[train], data.y_train[train]
X_test, y_test = data.X_test[test], data.y_test[test]
X_others = data.X_test[~test]  # the other seven digits: for the lesson's end
dataset, image_shape = data.name, data.image_shape
check_result("05.n_train", len(X_train), dataset)
check_result("05.n_test", len(X_test), dataset)
check_result("05.n_train_without_first_5000", train[5000:].sum(), dataset)
del data  # the other seven digits, 170 MB that this lesson does not need

# %% [markdown]
# On MNIST 18,081<!-- 05.n_train --> train and 2,985<!-- 05.n_test --> test images; some courses put the first 5,000
# training images aside for validation and are left with 16,583<!-- 05.n_train_without_first_5000 -->. Compare counts
# first when two figures disagree.

# %% [markdown]
# ## The model, with nothing hidden
#
# A dense layer with the activation $a$ is $h \mapsto a(hW + b)$. We write it with `tf.Variable` and `tf.matmul`:
# 784-500-300-2 on the way in, 2-300-500-784 on the way out, `tanh` inside, and **linear** code and output. The `cost`
# (another common name for the loss) is the squared error per pixel.

# %% tags=["weights"]
SIZES = [784, 500, 300, 2, 300, 500, 784]


def draw_weights(stddev):
    """One (W, b) per layer, drawn from a normal distribution; stddev(m, n) for a layer from m to n units."""
    return [
        (
            tf.Variable(tf.random.normal((m, n), stddev=stddev(m, n))),
            tf.Variable(tf.random.normal((n,), stddev=stddev(m, n))),
        )
        for m, n in zip(SIZES, SIZES[1:])
    ]


# %% tags=["weights"]
def half(h, weights):
    """Three dense layers: tanh, tanh, linear."""
    (W1, b1), (W2, b2), (W3, b3) = weights
    h = tf.tanh(tf.matmul(h, W1) + b1)
    h = tf.tanh(tf.matmul(h, W2) + b2)
    return tf.matmul(h, W3) + b3


def encode(images, weights):
    return half(images, weights[:3])  # (n, 784) -> (n, 2)


def decode(codes, weights):
    return half(codes, weights[3:])  # (n, 2) -> (n, 784)


def cost(images, weights):
    return tf.reduce_mean(tf.square(images - decode(encode(images, weights), weights)))


# %% [markdown]
# A `tf.Variable` is a tensor that training may change. Nothing else is hidden in a layer of Keras: given the same matrix
# and bias, `Dense` returns the same.

# %% tags=["nbval-check-output"]
keras.utils.set_random_seed(SEED)
trial = draw_weights(lambda m, n: 0.1)  # a standard deviation of 0.1 in every layer
W1, b1 = trial[0]
dense = keras.layers.Dense(500, activation="tanh")
dense.build((None, 784))
dense.set_weights([W1.numpy(), b1.numpy()])
print("the same as Keras:", np.allclose(dense(X_train[:5]), tf.tanh(tf.matmul(X_train[:5], W1) + b1), atol=1e-5))
print("shapes:", *(tuple(W.shape) for W, _ in trial))

# %% [markdown]
# ## One training step
#
# Training needs the derivative of the cost by each weight. A `GradientTape` records the computation of the cost, and
# plays it backwards: `tape.gradient` returns a tensor of each variable's own shape. Going a little way against it is one
# step of gradient descent.
#
# > **Predict first.** Twelve variables: how many gradients, and of which shapes? Will the cost of these 128 images fall?

# %%
keras.utils.set_random_seed(SEED)
trial = draw_weights(lambda m, n: 0.1)
variables = [variable for layer in trial for variable in layer]  # W1, b1, W2, b2, ...

with tf.GradientTape() as tape:
    before = cost(X_train[:128], trial)
gradients = tape.gradient(before, variables)
for variable, gradient in zip(variables, gradients):
    variable.assign_sub(0.01 * gradient)  # the step, at a learning rate of 0.01

print(f"cost of these images {before:.4f}, after one step {cost(X_train[:128], trial):.4f}")
for i, gradient in enumerate(gradients[::2]):
    print(f"matrix {i + 1}: gradient of shape {tuple(gradient.shape)}, norm {tf.norm(gradient):.3f}")

# %% [markdown]
# That is all of it: record, differentiate, subtract, once for each variable. The cost fell, and the
# gradients of the six matrices lie within a factor of six (a *norm* is the root of the sum of squares). Try a rate of 0.1: the cost rises
# instead, because a gradient holds only close by, and the step was too long.
#
# ## How large should the first weights be?
#
# One meets a single number for all layers: a standard deviation of 0.1, as above, or of 0.01.
# Glorot and Bengio (2010)<!-- cite: glorot2010 --> derived another for each layer, a compromise by which both signal and
# gradient about keep their size on their way: variance $2/(m + n)$ from $m$ to $n$ units.
#
# > **Predict first.** What happens to an image that passes through six layers whose weights are ten times smaller? And
# > to the gradient on its way back?


# %%
def glorot(m, n):
    return np.sqrt(2 / (m + n))


starts = {"0.1": lambda m, n: 0.1, "0.01": lambda m, n: 0.01, "glorot": glorot}
keras.utils.set_random_seed(SEED)
print("start   first cost  spread of each code   norms of the gradients, matrices 1 to 6")
seen = {}
for name, stddev in starts.items():
    trial = draw_weights(stddev)
    with tf.GradientTape() as tape:
        value = cost(X_train[:1000], trial)
    norms = [tf.norm(gradient).numpy() for gradient in tape.gradient(value, [W for W, _ in trial])]
    spread = encode(X_train[:1000], trial).numpy().std(axis=0)  # (1000, 2) -> (2,): over images, for each code
    print(f"{name:<6}  {value:10.4f}  {spread[0]:.4f} and {spread[1]:.4f}    ", *(f"{norm:.0e}" for norm in norms))
    seen[name] = {"cost": value, "spread": spread.mean(), "ratio": norms[-1] / norms[0]}

for name, start in (("0.1", "start_1"), ("0.01", "start_01"), ("glorot", "glorot")):
    for quantity, value in seen[name].items():
        check_result(f"05.{start}.{quantity}", value, dataset)

# %% [markdown]
# (The figures here and in the next paragraph are means over five seeds; the table shows one of them.) From 0.01 the codes
# of all images are nearly one point: they spread by 0.0025<!-- 05.start_01.spread:mean -->, and by
# 1.0<!-- 05.start_1.spread:mean --> from 0.1. (Take the spread of each code by itself, `axis=0`. A `std()` over all numbers at
# once would mostly measure how far the two random biases happen to lie apart.) On the way back it is the same: the
# gradient of the last matrix is on average 2,878<!-- 05.start_01.ratio:mean --> times as long as that of the first, where
# from Glorot's weights it is 1.7<!-- 05.glorot.ratio:mean --> times. A matrix's gradient is made of what comes in from
# the front and what comes back from behind, and both have passed through the small weights.
#
# Yet the first cost looks *better* from 0.01, 0.095<!-- 05.start_01.cost:mean --> instead of
# 0.6<!-- 05.start_1.cost:mean -->, because answering 0 to mostly white images is no bad guess.
# Do not judge a start by its first cost. We take Glorot and Bengio's.

# %% [markdown]
# ## The same step, faster
#
# Gradient descent with one rate for all is slow; Adam, as in the lessons before, gives each weight a step of its own. Its
# `apply` takes the place of our subtraction. It keeps two running means for each weight, in variables of its own, which
# `build` creates beforehand: else the first step would have to, and TensorFlow would record it twice.


# %% tags=["weights"]
def make_step(weights, optimizer):
    """Return step(images): one training step of these weights, by this optimizer."""
    variables = [variable for layer in weights for variable in layer]
    optimizer.build(variables)

    def step(images):
        with tf.GradientTape() as tape:
            value = cost(images, weights)
        optimizer.apply(tape.gradient(value, variables), variables)
        return value

    return step


# %% [markdown]
# We time the same 30 steps in three ways: the same first weights, the same images. First as it stands, *eagerly*: Python
# executes each operation by itself, in every step anew.


# %%
def new_step():
    keras.utils.set_random_seed(SEED)
    return make_step(draw_weights(glorot), keras.optimizers.Adam(1e-3))


def time_steps(step):
    """Print what the first step takes, what 30 more take each, and the cost that they reach."""
    moments = [time.perf_counter()]
    step(X_train[:128])
    moments.append(time.perf_counter())
    for _ in range(30):
        value = step(X_train[:128])
    first, each = moments[1] - moments[0], (time.perf_counter() - moments[1]) / 30
    print(f"first step {first:.2f} s, each of 30 more {1000 * each:.0f} ms, cost then {value:.3f}")


time_steps(new_step())

# %% [markdown]
# `tf.function` has Python walk through the step once, in its first call, and keeps the operations as a graph, which
# TensorFlow then executes without Python.

# %%
time_steps(tf.function(new_step()))

# %% [markdown]
# `jit_compile=True` has a compiler (XLA) translate the graph to machine code, in which neighbouring operations are one. The
# first call takes longer still.

# %%
time_steps(tf.function(new_step(), jit_compile=True))

# %% [markdown]
# The cost is the same each time: the three compute the same step. The graph takes most of the time away. Whether the
# compiler takes more of it away depends on the machine, and on the day: compare its steps above with the graph's, and what it
# saves over 4,000 steps with the time of its first call.
#
# ## Training
#
# One cell does it all: it draws fresh weights, trains them for 4,000 steps on 128 images drawn at random, with a rate
# that falls to zero along a cosine, and encodes all images. Run it again, and it begins anew. (A training loop in one cell
# and its first weights in another are a trap: run again by itself, the loop goes on from weights already trained; run
# the weights' cell by itself, and what comes below decodes a net that was never trained.)

# %%
N_STEPS = 4_000
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)
weights = draw_weights(glorot)
rate = keras.optimizers.schedules.CosineDecay(1e-3, decay_steps=N_STEPS)
step = tf.function(make_step(weights, keras.optimizers.Adam(rate)), jit_compile=True)
for i in range(N_STEPS):
    value = step(X_train[rng.integers(0, len(X_train), 128)])
    if i % 500 == 0 or i == N_STEPS - 1:
        print(f"step {i:5d}  cost of this batch {value:.4f}")
codes_train, codes_test = (in_batches(lambda x: encode(x, weights), X) for X in (X_train, X_test))


# %% [markdown]
# How large is its error, on all images? And PCA's with two components, fitted to the same three digits, as a yardstick?


# %% tags=["weights"]
def error(X, weights):
    """Squared error per pixel."""
    return reconstruction_mse(X, in_batches(lambda images: decode(encode(images, weights), weights), X))


# %%
pca = PCA(n_components=2).fit(X_train)
check_result("05.own.train_mse", error(X_train, weights), dataset)
check_result("05.own.test_mse", error(X_test, weights), dataset)
check_result("05.pca_2.test_mse", reconstruction_mse(X_test, pca.inverse_transform(pca.transform(X_test))), dataset)

# %% [markdown]
# Over five seeds 0.0263<!-- 05.own.train_mse:mean --> on train and 0.0267<!-- 05.own.test_mse:mean --> on test (between
# 0.0264<!-- 05.own.test_mse:min --> and 0.0272<!-- 05.own.test_mse:max -->). PCA leaves
# 0.0430<!-- 05.pca_2.test_mse -->.
#
# ## A patient recipe
#
# $N(0, 0.1^2)$ weights, batches of 500, Adam with a constant learning rate of 1e-4, 10,000 steps: it takes many
# minutes, so it is your choice to run it. The weights that it left here are shipped with the course. (If you train it
# on MNIST, yours replace them; `git checkout data` brings them back. The code calls the recipe *published*: it comes
# from a course notebook whose author we cannot name, so we compare with what it leaves here, and not with that
# notebook's figures.)

# %% tags=["weights"]
TRAIN_IT_YOURSELF = False


def published_recipe():
    """Train as published; returns the weights and the costs of the last 2,000 batches."""
    keras.utils.set_random_seed(SEED)
    rng = np.random.default_rng(SEED)
    recipe, costs = draw_weights(lambda m, n: 0.1), []
    recipe_step = tf.function(make_step(recipe, keras.optimizers.Adam(1e-4)), jit_compile=True)
    for _ in range(10_000):
        costs.append(float(recipe_step(X_train[rng.integers(0, len(X_train), 500)])))
    return recipe, costs[-2000:]


# %% tags=["weights"]
if TRAIN_IT_YOURSELF:
    recipe, last_costs = published_recipe()
    print(f"costs of the last 2,000 batches: mean {np.mean(last_costs):.4f}")
    if dataset == "mnist":
        save_pretrained("05_recipe", [variable.numpy() for layer in recipe for variable in layer])
elif dataset == "mnist":
    flat = load_pretrained("05_recipe")
    recipe = list(zip(flat[::2], flat[1::2]))  # W and b take turns

if TRAIN_IT_YOURSELF or dataset == "mnist":
    for name, X in (("train", X_train), ("test", X_test)):
        check_result(f"05.recipe.{name}_mse", error(X, recipe), dataset)
else:
    print("The shipped weights were trained on MNIST and say nothing about these digits.")

# %% [markdown]
# On MNIST 0.0275<!-- 05.recipe.train_mse --> on train and 0.0281<!-- 05.recipe.test_mse --> on test: the shorter run
# above, which saw a tenth as many images, got below it. It differs in five things at once (the size of the first
# weights, a rate that starts ten times higher, its decay, smaller batches, fewer steps), so this does not tell which of them did it.
# It does tell that patience alone is not the way.

# %% [markdown]
# ## The map
#
# First the digits that our own net returns, four of each:

# %% alt="Two rows of twelve test digits, inputs above and reconstructions below. The 1s come back sharp, 5s and 6s a little blurred; the first 5, a clumsy one, comes back as a 6."
shown = np.concatenate([np.flatnonzero(y_test == digit)[:4] for digit in (1, 5, 6)])
rows = {"input": X_test[shown], "reconstruction": decode(codes_test[shown], weights).numpy()}
fig, ax = plt.subplots(figsize=(8, 1.8))
plot_reconstructions(rows, image_shape, ax=ax)
plt.show()

# %% [markdown]
# Shape and slant come back, mostly. When this page was made, the first 5 came back as a 6.
#
# > **Predict first.** Which of 1, 5 and 6 will lie between the other two?

# %%
predict("05.between", "Which digit lies between the other two?", ["1", "5", "6"])

# %% [markdown]
# The star marks the code (5, 5), which is nothing special: a place that we chose before there was a map. Further below
# the decoder will be asked what it draws there.

# %% alt="Scatter plot of 500 test codes: the 6s lie on the left, the 5s in the middle, the 1s on the right, hardly overlapping; a star marks the code (5, 5), at the upper edge of the 1s."
fig, ax = plt.subplots(figsize=(7, 5))
plot_codes(codes_test[:500], y_test[:500], title="500 test codes", legend=False, ax=ax)
ax.plot(5, 5, "k*", markersize=14)
ax.annotate("(5, 5)", (5, 5), (8, 4), textcoords="offset points")
plt.show()

# %%
maps = {"own": (codes_train, codes_test), "pca_2": (pca.transform(X_train), pca.transform(X_test))}
for name, (of_train, of_test) in maps.items():
    accuracy = KNeighborsClassifier(5).fit(of_train, y_train).score(of_test, y_test)
    check_result(f"05.{name}.knn_accuracy", accuracy, dataset)

medians = {digit: np.median(codes_test[y_test == digit], axis=0) for digit in (1, 5, 6)}
to_both = {digit: sum(np.linalg.norm(medians[digit] - other) for other in medians.values()) for digit in medians}
came_out("05.between", str(min(to_both, key=to_both.get)))  # the shortest way to both others

# %% [markdown]
# Three regions that hardly overlap. When this page was made, the 5s lay between the other two, and the star on the edge
# of the 1s.
#
# From the five nearest codes one guesses 98 %<!-- 05.own.knn_accuracy:mean --> of the test digits (the mean over five
# seeds); from PCA's two scores 93 %<!-- 05.pca_2.knn_accuracy -->. (Another seed turns the map, and puts other digits
# side by side: a code means something only to the decoder that was trained with it.)
#
# ## The manifold on a canvas
#
# Now decode the plane itself: a grid of codes, **in one call**. The usual mistake here is to exchange the axes: the
# picture still looks like a manifold, but it is not the one of the map beside it. A test catches it: decode one corner
# alone, x at its largest and y at its smallest, and compare. (Row 0 has the smallest y; `plot_manifold` draws it at the
# bottom.)


# %% tags=["nbval-check-output"]
def decode_plane(x, y, weights):
    """Decode the codes (x[j], y[i]); returns an array of shape (len(y), len(x), 784)."""
    grid = np.stack(np.meshgrid(x, y), axis=-1).astype("float32")  # (len(y), len(x), 2): grid[i, j] = (x[j], y[i])
    return decode(grid.reshape(-1, 2), weights).numpy().reshape(len(y), len(x), 784)


few = decode_plane(np.array([-4, 0, 4]), np.array([-2, 2]), weights)
corner = decode(np.array([[4, -2]], "float32"), weights).numpy()
print("images[0, -1] is the lower right corner:", np.allclose(few[0, -1], corner, atol=1e-4))
print("images[-1, 0] is not:", not np.allclose(few[-1, 0], corner, atol=1e-4))

# %% [markdown]
# We take 20 x 20 codes over the range of the data. Cells in which no train code lies are grey.
#
# > **Predict first.** What will the decoder draw on the border between the 5s and the 6s: a blur of both, or a digit that
# > is a little of each? And in the grey cells?

# %% alt="Left: the canvas of 20 by 20 decoded digits: 6s on the left, 5s in the middle and below, 1s at the upper right, changing smoothly into one another. Grey cells: scrawls at the upper left, 5s with broken strokes at the lower right, two or three double shapes between 6s and 5s below. Right: the test codes over the same range; the regions agree."
low, high = np.percentile(codes_train, [2, 98], axis=0)
x, y = np.linspace(low[0], high[0], 20), np.linspace(low[1], high[1], 20)
fig, (left, right) = plt.subplots(1, 2, figsize=(13, 6.2))
images = decode_plane(x, y, weights)
plot_manifold(images, x, y, image_shape, codes=codes_train, title="What the decoder draws", ax=left)
plot_codes(codes_test[:1000], y_test[:1000], title="1,000 test codes, same range", legend=False, ax=right)
right.set(xlim=left.get_xlim(), ylim=left.get_ylim(), aspect=left.get_aspect())
plt.show()

# %% [markdown]
# Where the map has codes, the canvas shows their digit, and inside a region the writing changes smoothly: slant, width,
# roundness. That is what *latent manifold* means: a curved surface of images, and the code is a pair of coordinates on
# it. On the border from 5s to 6s there is both: higher up, where many codes lie, the 5's stroke closes to the 6's loop;
# lower down, where they are few, it is the blur of both. The decoder draws in the grey cells, too: the upper left is
# scrawled 6s, the lower right 5s with broken strokes. It does not tell that nothing of the data lies there.

# %% [markdown]
# ## From a 1 to a 6
#
# A straight line between two codes is a path on that surface. Beside it, the plain alternative without any code: mix the
# pixels of the same two images, so much of one and so much of the other, a *cross-fade*. Under each step stands how far
# the decoder's code is from the nearest train code; the dashed line is the distance within which 99 % of the test codes have one.
#
# > **Predict first.** Will every step of the decoder's way look like a digit? Every step of the cross-fade?


# %%
def distance_to_nearest(codes, codes_train):
    return NearestNeighbors(n_neighbors=1).fit(codes_train).kneighbors(codes)[0][:, 0]  # (n, 2) -> (n,)


# %% alt="Above, ten decoded images from a 1 to a 6: a thin and a bold 1, a dark mixture of 1 and 5, a clear 5, a 5 that closes, then 6s. In the middle, the cross-fade of the same ends: the 1 fades while the 6 appears behind it, both strokes visible throughout. Below, bars of the distance to the nearest train code: only the third and the sixth, 0.42 and 0.47, rise above the dashed line."
one, six = (codes_test[y_test == digit][0] for digit in (1, 6))
t = np.linspace(0, 1, 10)[:, None]
line = ((1 - t) * one + t * six).astype("float32")
path = decode(line, weights).numpy()
cross_fade = (1 - t) * path[0] + t * path[-1]
distances = distance_to_nearest(line, codes_train)
usual = np.percentile(distance_to_nearest(codes_test, codes_train), 99)

fig, (ax, below) = plt.subplots(2, 1, figsize=(10, 4), height_ratios=[2, 1], sharex=True)
plot_reconstructions({"decoder": path, "cross-fade": cross_fade}, image_shape, ax=ax)
middles = image_shape[1] * (np.arange(10) + 0.5) - 0.5
bars = below.bar(middles, distances, width=12, color=PALETTE[0])
below.bar_label(bars, fmt="%.2f")
below.axhline(usual, color="black", linestyle="--")
below.set(ylabel="distance", ylim=(0, 1.3 * max(*distances, usual)))
plt.show()
check_result("05.path.farthest", distances.max() / usual, dataset)

# %% [markdown]
# The cross-fade is a double exposure: nearly every step shows the 1 and the 6 at once, and nobody writes so. The
# decoder changes the shape instead. When this page was made, its way led through the 5s: a bold 1, a clear 5, then 6s.
# It left the data twice, where it passed from one region to the next (the two bars above the line), and there it drew
# mixtures: of a 1 and a 5, and of a 5 and a 6. With other seeds the line runs elsewhere, but it left the data with all
# five: its farthest step was 1.4<!-- 05.path.farthest:min --> to 4.9<!-- 05.path.farthest:max --> times as far from the
# data as the dashed line.

# %% [markdown]
# ## Where it has never been
#
# A decoder can be asked for any code. Five codes, further and further from the data: that of a test image, (5, 5), the
# emptiest place of the canvas, and two far outside of it.

# %% alt="Five decoded images with their distance to the nearest train code. At the code of a test image, 0.07 away, a 1; at (5, 5), 0.08 away, a bolder 1; at the emptiest place of the canvas, 5.39 away, a broken 5 on specks; at (200, 200) and (400, 400), 272 and 555 away, the same black fragments on specks, with pixels from about -6 to 5."
plane = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
hole = plane[distance_to_nearest(plane, codes_train).argmax()]
far = np.array([codes_test[0], [5, 5], hole, [200, 200], [400, 400]], "float32")
fig, axes = plt.subplots(1, 5, figsize=(11, 2.8))
for ax, code, image, distance in zip(axes, far, decode(far, weights).numpy(), distance_to_nearest(far, codes_train)):
    ax.imshow(image.reshape(image_shape), vmin=0, vmax=1)
    heading = f"({code[0]:.1f}, {code[1]:.1f})\nnearest code {distance:.2f} away\n"
    ax.set_title(heading + f"pixels {image.min():.1f} to {image.max():.1f}", fontsize=10)
    ax.axis("off")
plt.show()

# %% [markdown]
# When this page was made, (5, 5) was as near to a train code as the test image: a good 1. That was luck: with some
# other seeds nothing lies near it. So look at the distance before you believe a picture. In the hole it resembles a
# digit, and is none. Far out there are only fragments; further along one direction every `tanh` gets close to
# -1 or 1, and the picture hardly changes any more. And as the output is linear, pixels leave [0, 1]: a little at codes
# of data, by far more a long way out. The decoder answers all the same, and never says that it does not know.
#
# Try it: drag the point, or use the arrow keys. The explorer decodes in your browser, and says how far the nearest code is.
#
# The encoder answers everywhere, too. Draw a digit on the pad: it is centred and scaled as MNIST's images were, and a cross
# marks its code.
#
# > **Predict first.** What does the net make of things that are no digits: a letter, a house, a pad full of ink? Will their
# > codes lie in empty land?
#
# Draw some. Look at the distance to the nearest code, and at the error of the decoded image: the code is two numbers, and
# may lie among those of digits whatever was drawn; the error compares the decoded image with what you drew. Which of
# the two tells you that it was no digit?

# %% tags=["explorer"]
activations = ["tanh", "tanh", "linear"]
layers = [(W, b, activation) for (W, b), activation in zip(weights, 2 * activations)]
explorer = LatentExplorer(layers[3:], codes_test, y_test, image_shape, encoder=layers[:3])
explorer

# %% [markdown]
# ## What it has never seen
#
# Your drawings are a few cases. Thousands lie at hand: the test images of the other seven digits, of which this net has
# seen none. We take both numbers, for them and for its own digits. The dashed lines are those below which 99 % of its
# own test images lie: a rule that calls what is above a stranger would be wrong for 1 % of its own.
#
# > **Predict first.** Which rule catches more of the strangers: the one by distance, or the one by error?

# %%
predict("05.strangers", "Which rule catches more digits never seen?", ["distance", "error"])


# %%
def error_of_each(X, codes):
    return ((in_batches(lambda c: decode(c, weights), codes) - X) ** 2).mean(axis=1)  # (n, 784), (n, 2) -> (n,)


# %% alt="Distance to the nearest train code against squared error per pixel, a point for each test image. To the right of the upright dashed line at 0.33 lie few points of either kind. The 1s, 5s and 6s lie low, nearly all below the level dashed line at 0.075; the other digits lie higher, many of them above it, more of them below."
codes_others = in_batches(lambda x: encode(x, weights), X_others)
own = distance_to_nearest(codes_test, codes_train), error_of_each(X_test, codes_test)
others = distance_to_nearest(codes_others, codes_train), error_of_each(X_others, codes_others)
limits = [np.percentile(values, 99) for values in own]

fig, ax = plt.subplots(figsize=(7, 4))
ax.scatter(*others, s=3, marker="x", linewidth=0.5, color=PALETTE[3], label="the other digits")
ax.scatter(*own, s=3, color=PALETTE[0], label="1, 5, 6")
ax.axvline(limits[0], color="black", linestyle="--")
ax.axhline(limits[1], color="black", linestyle="--")
ax.set(xscale="log", xlabel="distance to the nearest train code", ylabel="squared error per pixel")
ax.legend(loc="upper left", markerscale=3)
plt.show()
caught = [(values > limit).mean() for values, limit in zip(others, limits)]
check_result("05.strangers.by_distance", caught[0], dataset)
check_result("05.strangers.by_error", caught[1], dataset)
came_out("05.strangers", ["distance", "error"][np.argmax(caught)])

# %% [markdown]
# Nearly all the strangers lie among the codes of data: by distance 3 %<!-- 05.strangers.by_distance:mean --> are caught (the
# mean over five seeds; 2 %<!-- 05.strangers.by_distance:min --> to 6 %<!-- 05.strangers.by_distance:max -->). The encoder has
# only the plane to put them in, and was never asked to keep some of it free. By error 38 %<!-- 05.strangers.by_error:mean --> are
# caught (33 %<!-- 05.strangers.by_error:min --> to 44 %<!-- 05.strangers.by_error:max -->): the decoder draws a 1, a 5 or a 6
# and what was given is another. So trust the error rather than the code; but most of the strangers pass that rule, too.

# %% [markdown]
# ## Outlook
#
# Nothing in training asked the codes to fill the plane, so there are holes, and nobody can say how likely a code is:
# this latent space has no *prior*. A **variational autoencoder** (Kingma and Welling 2014<!-- cite: kingma2014 -->)
# asks for one, by encoding each image as a small cloud and keeping all clouds together near a standard normal
# distribution. A **generative adversarial network** (Goodfellow et al. 2014<!-- cite: goodfellow2014 -->) has no
# encoder at all, and trains a decoder until a second network cannot tell its images from real ones.

# %% [markdown]
# ## Exercises
#
# Six questions that answer you: [exercises to this lesson](exercises/05_latent_manifold.ipynb). They are about a decoder
# without layers, training step by step, two faults in a canvas, a spread foretold, half-way between two digits, and a
# digit from a tenth of its pixels. What they come to is in the [solutions](../notebooks/solutions/05_latent_manifold.ipynb).

# %% [markdown]
# ## Recap
#
# - An autoencoder is matrix products, a non-linearity, a cost and a gradient step; Keras hides nothing more than that.
# - The decoder maps the plane of codes smoothly to images. Keep x to the right and y up, and test a corner.
# - It answers everywhere: between the digits with shapes that are a little of each, or with a blur of both. Only near codes
#   of data do its answers mean something.

# %% [markdown]
# ## Read on
#
# - Kingma and Welling (2014)<!-- cite: kingma2014 -->, [Auto-encoding variational
#   Bayes](https://arxiv.org/abs/1312.6114): how to give the plane of codes a prior; look for its canvas of MNIST's
#   digits.
# - Goodfellow et al. (2014)<!-- cite: goodfellow2014 -->, [Generative adversarial
#   nets](https://arxiv.org/abs/1406.2661): a decoder without an encoder, and a game instead of a reconstruction error.
# - Glorot and Bengio (2010)<!-- cite: glorot2010 -->, [Understanding the difficulty of training deep feedforward neural
#   networks](https://proceedings.mlr.press/v9/glorot10a.html): where our size of the first weights comes from.

# %% tags=["weights"]
report()

# %% [markdown]
# **Next:** [6. One layer and denoising](06_one_layer_and_denoising.ipynb) - what does a single layer learn, and can it
# clean an image? Shut this kernel down first (*Kernel > Shut Down Kernel*).
