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
# - say what you can ask a decoder, and where its answers mean nothing.
#
# *About 2 minutes on one core; 1.1 GB of memory.*

# %% [markdown]
# ## Setup

# %%
from course_utils import PCA, LatentExplorer, build_autoencoder, came_out, check_result
from course_utils import in_batches, load_mnist, predict, reconstruction_mse, report
from course_utils import with_progress
from course_utils.plotting import NET_COLOR, plot_codes, plot_manifold
from course_utils.plotting import plot_network, plot_reconstructions, set_style

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
# Two numbers were too few for ten digits. For three they are enough, and the map becomes readable. We take the 1s,
# the 5s and the 6s. They and the net come from a course notebook by Seungchul Lee (iSystems Design Lab, UNIST;
# there is a later version, Lee 2021<!-- cite: lee2021 -->). (All figures in the text were measured on MNIST. A
# notice tells you if you have the embedded digits instead.)

# %%
data = load_mnist()
train, test = np.isin(data.y_train, [1, 5, 6]), np.isin(data.y_test, [1, 5, 6])
X_train, y_train = data.X_train[train], data.y_train[train]
X_test, y_test = data.X_test[test], data.y_test[test]
X_others = data.X_test[~test]  # the other seven digits: for the lesson's end
dataset, image_shape = data.name, data.image_shape
check_result("05.n_train", len(X_train), dataset)
check_result("05.n_test", len(X_test), dataset)
del data  # the other seven digits, 170 MB that this lesson does not need

# %% [markdown]
# On MNIST these are 18,081<!-- 05.n_train --> train and 2,985<!-- 05.n_test --> test images.
#
# ## The model, with nothing hidden
#
# A dense layer with the activation $a$ maps $h$ to $a(hW + b)$. We write it with `tf.Variable`, a tensor that training may
# change, and `tf.matmul`. The net is 784-500-300-2 on the way in and 2-300-500-784 on the way out, with `tanh` inside, a
# **linear** code and a linear output. The `cost` (another name for the loss) is the squared error per pixel.
#
# The first weights of a layer from $m$ to $n$ units get a variance of $2/(m + n)$, so that signal and gradient roughly
# keep their size on their way (Glorot and Bengio 2010<!-- cite: glorot2010 -->). [An
# appendix](appendix/initialization.ipynb) shows what other sizes do.

# %%
SIZES = [784, 500, 300, 2, 300, 500, 784]


def draw_weights():
    """One (W, b) per layer, normally distributed with variance 2 / (m + n)."""
    return [
        (
            tf.Variable(tf.random.normal((m, n), stddev=np.sqrt(2 / (m + n)))),
            tf.Variable(tf.random.normal((n,), stddev=np.sqrt(2 / (m + n)))),
        )
        for m, n in zip(SIZES, SIZES[1:])
    ]


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
    reconstruction = decode(encode(images, weights), weights)
    return tf.reduce_mean(tf.square(images - reconstruction))


# %% [markdown]
# A layer of Keras hides nothing more than that. Given the same matrices and biases, a net of `Dense` layers returns the
# same:

# %% tags=["nbval-check-output"]
keras.utils.set_random_seed(SEED)
trial = draw_weights()
variables = [variable for layer in trial for variable in layer]  # W1, b1, W2, b2, ...
activations = {"activation": "tanh", "output_activation": "linear"}
in_keras = build_autoencoder(784, [500, 300], 2, **activations).model
in_keras.set_weights([variable.numpy() for variable in variables])
ours = decode(encode(X_train[:5], trial), trial)
same = np.allclose(in_keras.predict_on_batch(X_train[:5]), ours, atol=1e-5)
print("the same as Keras:", same)
print("shapes:", *(tuple(W.shape) for W, _ in trial))

# %% alt="The net as bars from top to bottom, each as wide as the root of its number of units: input 784, tanh 500, tanh 300, linear 2, the bottleneck, in orange, then tanh 300, tanh 500 and the linear output, 784. The upper half is the encoder, the lower half the decoder."
fig, ax = plt.subplots(figsize=(6.5, 4))
plot_network(in_keras, ax)
ax.set_title("Three layers in, three layers out, two numbers between them")
plt.show()

# %% [markdown]
# ## One training step
#
# Training needs the derivative of the cost with respect to each weight. A `GradientTape` records how the cost is computed
# and plays the record backwards. A small move of each variable against its gradient is one step of gradient descent.
#
# > **Predict first.** Twelve variables: how many gradients, and of which shapes? Will the cost of these 128 images fall?

# %%
with tf.GradientTape() as tape:
    before = cost(X_train[:128], trial)
gradients = tape.gradient(before, variables)
for variable, gradient in zip(variables, gradients):
    variable.assign_sub(0.1 * gradient)  # the step, at a learning rate of 0.1

after = cost(X_train[:128], trial)
print(f"cost of these images {before:.4f}, after one step {after:.4f}")
for i, gradient in enumerate(gradients[::2]):
    print(f"matrix {i + 1}: gradient of shape {tuple(gradient.shape)}")

# %% [markdown]
# That is all: record, differentiate, subtract, once for each variable. A gradient describes the cost only nearby,
# so the step has to be short.
#
# ## The same step, faster
#
# Gradient descent with one rate for all weights is slow. Adam, as in the lessons before, gives each weight a step of its
# own; its `apply` takes the place of our subtraction.


# %%
def make_step(weights, optimizer):
    """Return step(images): one training step of these weights, by this optimizer."""
    variables = [variable for layer in weights for variable in layer]
    optimizer.build(variables)  # Adam's own variables, before a graph is made

    def step(images):
        with tf.GradientTape() as tape:
            value = cost(images, weights)
        optimizer.apply(tape.gradient(value, variables), variables)
        return value

    return step


# %% [markdown]
# As it stands, the step runs *eagerly*: Python executes each operation separately, again in every step. Wrapped in
# `tf.function`, it is *traced*: in the first call Python walks through it once, and TensorFlow keeps the operations
# as a graph. With `jit_compile=True` a compiler (XLA) turns the graph into machine code, which later calls run
# without Python.


# %%
def new_step():
    keras.utils.set_random_seed(SEED)
    return make_step(draw_weights(), keras.optimizers.Adam(1e-3))


def time_steps(name, step):
    """Print what the first step takes, what 30 more take each, and the cost reached."""
    start = time.perf_counter()
    step(X_train[:128])
    first = time.perf_counter()
    for _ in range(30):
        value = step(X_train[:128])
    each = (time.perf_counter() - first) / 30
    print(f"{name}: first step {first - start:.2f} s, then", end=" ")
    print(f"{1000 * each:.0f} ms each, cost {value:.3f}")


time_steps("eager", new_step())
time_steps("compiled", tf.function(new_step(), jit_compile=True))

# %% [markdown]
# Both compute the same step. The first compiled call is slow, because it compiles; later ones are faster.
#
# ## Training
#
# One cell draws fresh weights and trains them for 4,000 steps on 128 images drawn at random, with a rate that falls
# to zero along a cosine. `with_progress` shows the progress. If you run the cell again, training starts over. (A
# loop in a separate cell would continue from trained weights.)

# %%
N_STEPS = 4_000
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)
weights = draw_weights()
rate = keras.optimizers.schedules.CosineDecay(1e-3, decay_steps=N_STEPS)
step = make_step(weights, keras.optimizers.Adam(rate))
step = tf.function(step, jit_compile=True)
for i in with_progress(range(N_STEPS)):
    value = step(X_train[rng.integers(0, len(X_train), 128)])
    if i % 500 == 0 or i == N_STEPS - 1:
        print(f"step {i:5d}  cost of this batch {value:.4f}")
codes_train = in_batches(lambda x: encode(x, weights), X_train)
codes_test = in_batches(lambda x: encode(x, weights), X_test)

# %% [markdown]
# How large is its error on all images? PCA with two components, fitted to the same three digits, is our yardstick.


# %%
def error(X, weights):
    """Squared error per pixel."""
    reconstruction = in_batches(lambda x: decode(encode(x, weights), weights), X)
    return reconstruction_mse(X, reconstruction)


pca = PCA(n_components=2).fit(X_train)
by_pca = pca.inverse_transform(pca.transform(X_test))
check_result("05.own.train_mse", error(X_train, weights), dataset)
check_result("05.own.test_mse", error(X_test, weights), dataset)
check_result("05.pca_2.test_mse", reconstruction_mse(X_test, by_pca), dataset)

# %% [markdown]
# On average over five seeds, the net leaves 0.0263<!-- 05.own.train_mse:mean --> on train and
# 0.0267<!-- 05.own.test_mse:mean --> on test (0.0264<!-- 05.own.test_mse:min --> to
# 0.0272<!-- 05.own.test_mse:max -->), and PCA 0.0430<!-- 05.pca_2.test_mse -->. The course notebook's own recipe takes many
# minutes and leaves 0.0281<!-- 05.recipe.test_mse -->: see [the appendix](appendix/initialization.ipynb).
#
# ## The map
#
# The digits that the net returns, four of each:

# %% alt="Two rows of twelve test digits, inputs above and reconstructions below. The 1s come back sharp, 5s and 6s a little blurred; the first 5, a clumsy one, comes back as a 6."
shown = np.concatenate([np.flatnonzero(y_test == digit)[:4] for digit in (1, 5, 6)])
reconstruction = decode(codes_test[shown], weights).numpy()
rows = {"input": X_test[shown], "reconstruction": reconstruction}
fig, ax = plt.subplots(figsize=(8, 1.9))
title = "Shape and slant come back, mostly"
plot_reconstructions(rows, image_shape, title=title, ax=ax)
plt.show()

# %% [markdown]
# When this page was made, the first 5 came back as a 6.
#
# > **Predict first.** Which of 1, 5 and 6 will lie between the other two?

# %%
predict("05.between", "Which digit lies between the other two?", ["1", "5", "6"])

# %% [markdown]
# The star marks the code (5, 5), which we chose before there was a map. Later the decoder will draw what is there.

# %% alt="Scatter plot of 500 test codes: the 6s lie on the left, the 5s in the middle, the 1s on the right, hardly overlapping; a star marks the code (5, 5), at the upper edge of the 1s."
fig, ax = plt.subplots(figsize=(7, 5))
title = "Two numbers keep three digits apart (500 test codes)"
plot_codes(codes_test[:500], y_test[:500], title=title, legend=False, ax=ax)
ax.plot(5, 5, "k*", markersize=14)
ax.annotate("(5, 5)", (5, 5), (8, 4), textcoords="offset points")
plt.show()

scores = pca.transform(X_train), pca.transform(X_test)
maps = {"own": (codes_train, codes_test), "pca_2": scores}
for name, (of_train, of_test) in maps.items():
    neighbours = KNeighborsClassifier(5).fit(of_train, y_train)
    accuracy = neighbours.score(of_test, y_test)
    check_result(f"05.{name}.knn_accuracy", accuracy, dataset)

digits = (1, 5, 6)
medians = np.array([np.median(codes_test[y_test == d], axis=0) for d in digits])
to_others = np.linalg.norm(medians[:, None] - medians, axis=2).sum(axis=1)  # (3,)
came_out("05.between", str(digits[to_others.argmin()]))  # the shortest way to both

# %% [markdown]
# When this page was made, the 5s lay between the other two, and the star at the edge of the 1s. Another seed turns the
# map and puts other digits side by side: a code means something only to the decoder that was trained with it. But the
# digits stay apart. From the five nearest codes you can guess 98 %<!-- 05.own.knn_accuracy:mean --> of the test digits (on
# average over five seeds), from PCA's two scores 93 %<!-- 05.pca_2.knn_accuracy -->.
#
# ## The manifold on a canvas
#
# Now decode the plane itself: a grid of codes, **in one call**. The usual mistake is to exchange the axes: the picture
# still looks like a manifold, but no longer fits the map. A test catches it. Decode one corner alone, x at its largest
# and y at its smallest, and compare. (Row 0 has the smallest y; `plot_manifold` draws it at the bottom.)


# %% tags=["nbval-check-output"]
def decode_plane(x, y, weights):
    """Decode the codes (x[j], y[i]); return an array of shape (len(y), len(x), 784)."""
    grid = np.stack(np.meshgrid(x, y), axis=-1)  # grid[i, j] = (x[j], y[i])
    codes = grid.reshape(-1, 2).astype("float32")
    return decode(codes, weights).numpy().reshape(len(y), len(x), 784)


few = decode_plane(np.array([-4, 0, 4]), np.array([-2, 2]), weights)
corner = decode(np.array([[4, -2]], "float32"), weights).numpy()
right = np.allclose(few[0, -1], corner, atol=1e-4)
wrong = np.allclose(few[-1, 0], corner, atol=1e-4)
print("images[0, -1] is the lower right corner:", right)
print("images[-1, 0] is not:", not wrong)

# %% [markdown]
# We take 20 x 20 codes over the range of the data. Cells in which no train code lies are grey.
#
# > **Predict first.** What will the decoder draw on the border between the 5s and the 6s: a blur of both, or a digit that
# > is a little of each? And in the grey cells?

# %% alt="Left: the canvas of 20 by 20 decoded digits: 6s on the left, 5s in the middle and below, 1s at the upper right, changing smoothly into one another. Grey cells: scrawls at the upper left, 5s with broken strokes at the lower right, two or three double shapes between 6s and 5s below. Right: the test codes over the same range; the regions agree."
low, high = np.percentile(codes_train, [2, 98], axis=0)
x, y = np.linspace(low[0], high[0], 20), np.linspace(low[1], high[1], 20)
images = decode_plane(x, y, weights)
fig, (left, right) = plt.subplots(1, 2, figsize=(11, 5.4))
title = "The decoder draws something everywhere"
plot_manifold(images, x, y, image_shape, codes=codes_train, title=title, ax=left)
title = "1,000 test codes are not everywhere"
plot_codes(codes_test[:1000], y_test[:1000], title=title, legend=False, ax=right)
right.set(xlim=left.get_xlim(), ylim=left.get_ylim(), aspect=left.get_aspect())
plt.show()

jumps = np.linalg.norm(np.diff(images, axis=1), axis=2)  # (20, 19): one cell right
small, large = np.percentile(jumps, [10, 90])
check_result("05.canvas.step_ratio", large / small, dataset)

# %% [markdown]
# Where the map has codes, the canvas shows their digit. Inside a region the writing changes smoothly: slant, width,
# roundness. On the border from 5s to 6s you find both: higher up, where many codes lie, the 5's stroke closes into
# the 6's loop; lower down, where they are few, the decoder blurs the two. It draws in the grey cells, too, and
# gives no sign that there is no data.
#
# Why can two numbers do so much? Colour 784 pixels at random, and you will hardly ever see a digit. The *manifold
# hypothesis* says that real images lie near a curved surface of few dimensions. The decoder has learnt such a surface, a
# *latent manifold*, and a code is a pair of coordinates on it.
#
# A distance between codes is not a distance between images. One cell to the right is always the same step in code.
# Yet the largest tenth of these steps changes the image at least 2.5<!-- 05.canvas.step_ratio:mean --> times as much
# as the smallest tenth, on average over five seeds.

# %% [markdown]
# ## From a 1 to a 6
#
# A straight line between two codes is a path on that surface. The alternative without any code is a *cross-fade*, which
# mixes the pixels of the same two images. The bars show how far each code of the path is from the nearest train code; 99 %
# of the test codes lie within the dashed line.
#
# > **Predict first.** Will every step of the decoder's path look like a digit? Every step of the cross-fade?


# %%
def distance_to_nearest(codes, codes_train):
    nearest = NearestNeighbors(n_neighbors=1).fit(codes_train)
    return nearest.kneighbors(codes)[0][:, 0]  # (n, 2) -> (n,)


# %% alt="Above, ten decoded images from a 1 to a 6: a thin and a bold 1, a dark mixture of 1 and 5, a clear 5, a 5 that closes, then 6s. In the middle, the cross-fade of the same ends: the 1 fades while the 6 appears behind it, both strokes visible throughout. Below, bars of the distance to the nearest train code: only the third and the sixth, 0.42 and 0.47, rise above the dashed line."
one, six = (codes_test[y_test == digit][0] for digit in (1, 6))
t = np.linspace(0, 1, 10)[:, None]
line = ((1 - t) * one + t * six).astype("float32")
path = decode(line, weights).numpy()
cross_fade = (1 - t) * path[0] + t * path[-1]
distances = distance_to_nearest(line, codes_train)
usual = np.percentile(distance_to_nearest(codes_test, codes_train), 99)

heights = {"height_ratios": [2, 1]}
fig, (ax, below) = plt.subplots(2, 1, figsize=(9, 4.2), sharex=True, **heights)
rows = {"decoder": path, "cross-fade": cross_fade}
title = "The decoder changes the shape, the cross-fade shows both"
plot_reconstructions(rows, image_shape, title=title, ax=ax)
middles = image_shape[1] * (np.arange(10) + 0.5) - 0.5
bars = below.bar(middles, distances, width=12, color=NET_COLOR)
below.bar_label(bars, fmt="%.2f")
below.axhline(usual, color="black", linestyle="--")
below.set(ylabel="distance", ylim=(0, 1.3 * max(*distances, usual)))
plt.show()
check_result("05.path.farthest", distances.max() / usual, dataset)

# %% [markdown]
# The cross-fade is a double exposure: nearly every step shows the 1 and the 6 at once, and nobody writes like that.
# The decoder changes the shape instead. When this page was made, its path led through the 5s. Twice it left the
# data (the two bars above the line) and drew mixtures: of a 1 and a 5, and of a 5 and a 6. The fifth step, only
# 0.10 from a train code, looks like a mixture of 5 and 6, too: a short distance guarantees nothing. With other
# seeds the line runs elsewhere, but it left the data with all five: its farthest step was
# 1.4<!-- 05.path.farthest:min --> to 3.4<!-- 05.path.farthest:max --> times as far from the data as the dashed
# line.

# %% [markdown]
# ## Where it has never been
#
# You can ask a decoder for any code. Here are five, further and further from the data: that of a test image, (5, 5), the
# emptiest place of the canvas, and two far outside it.

# %% alt="Five decoded images with their distance to the nearest train code. At the code of a test image, 0.07 away, a 1; at (5, 5), 0.08 away, a bolder 1; at the emptiest place of the canvas, 5.39 away, a broken 5 on specks; at (200, 200) and (400, 400), 272 and 555 away, the same black fragments on specks, with pixels from about -6 to 5."
plane = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
hole = plane[distance_to_nearest(plane, codes_train).argmax()]
far = np.array([codes_test[0], [5, 5], hole, [200, 200], [400, 400]], "float32")
away = distance_to_nearest(far, codes_train)
fig, axes = plt.subplots(1, 5, figsize=(9.5, 2.9))
fig.suptitle("The further from the data, the less a digit")
for ax, code, image, distance in zip(axes, far, decode(far, weights).numpy(), away):
    ax.imshow(image.reshape(image_shape), vmin=0, vmax=1)
    darkest, lightest = (round(float(x), 1) + 0 for x in (image.max(), image.min()))
    heading = f"({code[0]:.1f}, {code[1]:.1f})\n{distance:.2f} away\n"
    ax.set_title(heading + f"pixels {lightest} to {darkest}", fontsize=10)
    ax.axis("off")
plt.show()

# %% [markdown]
# When this page was made, (5, 5) was as near to a train code as the test image, and it was decoded to a good 1.
# That was luck: with some other seeds nothing lies near it. In the hole the image resembles a digit but is not one.
# Far out there are only fragments, which hardly change any more, because every `tanh` is close to -1 or 1. And as
# the output is linear, pixels leave [0, 1]. The decoder never says that it does not know. So look at the distance
# before you believe a picture.
#
# Try it: drag the point, or use the arrow keys. The explorer decodes in your browser and tells you how far the nearest code
# is. Then draw on the pad: a cross marks your drawing's code.
#
# > **Predict first.** What does the net make of things that are not digits: a letter, a house, a pad full of ink?
# > Will their codes lie where there is no data?

# %% tags=["explorer"]
activations = ["tanh", "tanh", "linear"] * 2
layers = [(W, b, a) for (W, b), a in zip(weights, activations)]
encoder, decoder = layers[:3], layers[3:]
explorer = LatentExplorer(decoder, codes_test, y_test, image_shape, encoder=encoder)
explorer

# %% [markdown]
# ## What it has never seen
#
# For each drawing you saw two numbers: the distance to the nearest code, and the error, which compares the decoded
# image with your drawing. Which of them tells you that it was not a 1, a 5 or a 6? Our strangers are the test
# images of the other seven digits, which this net has never seen. The dashed lines are set so that 99 % of the
# net's own test images lie within each.
#
# > **Predict first.** Which rule catches more of the strangers: the one by distance, or the one by error?

# %%
question = "Which rule catches more digits never seen?"
predict("05.strangers", question, ["distance", "error"])


# %%
def distance_and_error(X, codes):
    """Distance to the nearest train code and squared error of each image."""
    decoded = in_batches(lambda c: decode(c, weights), codes)
    return distance_to_nearest(codes, codes_train), ((decoded - X) ** 2).mean(axis=1)


# %% alt="Two panels, a point for each test image: its distance to the nearest train code and its squared error per pixel, with a dashed line for each limit. Left, the 1s, 5s and 6s: they lie low, nearly all below the level line at 0.075 and left of the upright line at 0.33. Right, the other digits: they lie as far to the left, but higher; about half of them are above the level line, few are right of the upright one."
codes_others = in_batches(lambda x: encode(x, weights), X_others)
own = distance_and_error(X_test, codes_test)
others = distance_and_error(X_others, codes_others)
limits = [np.percentile(values, 99) for values in own]
beyond = [values > limit for values, limit in zip(others, limits)]
pass_both = np.mean(~beyond[0] & ~beyond[1])

fig, axes = plt.subplots(1, 2, figsize=(9, 4), sharex=True, sharey=True)
panels = {"1, 5, 6: 99 % inside each line": own}
panels[f"Other digits: {100 * pass_both:.0f} % inside both lines"] = others
for ax, (title, (distance, squared)) in zip(axes, panels.items()):
    ax.scatter(distance, squared, s=5, alpha=0.4, linewidth=0, color=NET_COLOR)
    ax.axvline(limits[0], color="black", linestyle="--")
    ax.axhline(limits[1], color="black", linestyle="--")
    ax.set(xscale="log", xlabel="distance to the nearest train code", title=title)
axes[0].set_ylabel("squared error per pixel")
plt.show()

caught = [np.mean(far_away) for far_away in beyond]
check_result("05.strangers.by_distance", caught[0], dataset)
check_result("05.strangers.by_error", caught[1], dataset)
check_result("05.strangers.pass_both", pass_both, dataset)
came_out("05.strangers", ["distance", "error"][np.argmax(caught)])

# %% [markdown]
# On average over five seeds, distance catches 3 %<!-- 05.strangers.by_distance:mean --> of the strangers
# (2 %<!-- 05.strangers.by_distance:min --> to 6 %<!-- 05.strangers.by_distance:max -->): the encoder has only the
# plane to put them in, and nothing asked it to keep some of it free. Error catches
# 38 %<!-- 05.strangers.by_error:mean --> (34 %<!-- 05.strangers.by_error:min --> to
# 44 %<!-- 05.strangers.by_error:max -->): the decoder draws a 1, a 5 or a 6, and the image showed another digit. So
# trust the error rather than the code. But most strangers pass both rules: 60 %<!-- 05.strangers.pass_both:mean -->
# on average.

# %% [markdown]
# ## Outlook
#
# Nothing in training asked the codes to fill the plane, so there are holes, and nobody can say how likely a code is:
# this latent space has no *prior*. A **variational autoencoder** (Kingma and Welling 2014<!-- cite: kingma2014 -->)
# asks for one: it encodes each image as a small cloud, and keeps all clouds together near a standard normal
# distribution. [Lesson 7](07_a_code_with_a_prior.ipynb) builds one. A **generative adversarial network** (Goodfellow et al. 2014<!-- cite: goodfellow2014 -->) has no
# encoder at all. It trains a decoder until a second network cannot tell its images from real ones.

# %% [markdown]
# ## Exercises
#
# Six [exercises](exercises/05_latent_manifold.ipynb) check your answers: a decoder without layers, training step by step,
# two faults in a canvas, a spread predicted by a formula, half-way between two digits, and a digit from a tenth of its
# pixels. The [solutions](../notebooks/solutions/05_latent_manifold.ipynb) show ours.

# %% [markdown]
# ## Recap
#
# - An autoencoder is matrix products, a non-linearity, a cost and a gradient step. Keras hides nothing more than that.
# - The decoder maps the plane of codes smoothly to images. Keep x to the right and y up, and test a corner.
# - It answers everywhere, but only near codes of data do its answers mean something. A distance between codes is
#   not a distance between images.

# %% [markdown]
# ## Read on
#
# - Kingma and Welling (2014)<!-- cite: kingma2014 -->, [Auto-encoding variational
#   Bayes](https://arxiv.org/abs/1312.6114): how to give the plane of codes a prior; look for its canvas of MNIST's
#   digits.
# - Goodfellow et al. (2014)<!-- cite: goodfellow2014 -->, [Generative adversarial
#   nets](https://arxiv.org/abs/1406.2661): a decoder without an encoder, and a game instead of a reconstruction error.

# %%
report()

# %% [markdown]
# **Next:** [6. One layer and denoising](06_one_layer_and_denoising.ipynb) - what does a single layer learn, and can it
# clean an image? Shut this kernel down first (*Kernel > Shut Down Kernel*).
