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
# # Exercises for lesson 5
#
# Six questions on [The latent manifold](../05_latent_manifold.ipynb): a decoder without layers, training step by step, two
# faults in a canvas, a spread predicted, half-way between two digits, and a challenge. They take about half an hour; you
# need not run the lesson first.
#
# Write your code where the three dots are, and run the cell below it: `check` says whether the answer is right, and
# if not, what to look at. Remove the leading `#` where you need help: `hint` gives the next of two or three hints,
# and `solution` shows code. All of it is also in the
# [solutions](../../notebooks/solutions/05_latent_manifold.ipynb).
#
# *About 2.5 minutes on one core; 1.3 GB of memory.*

# %% [markdown]
# ## Setup

# %%
from course_utils import check, hint, in_batches, load_mnist, progress, solution
from course_utils.plotting import plot_codes, plot_reconstructions, set_style

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

SEED = 0
set_style()

# %% tags=["solution"]
from course_utils import check_result, report

# %%
data = load_mnist()
X_train = data.X_train[np.isin(data.y_train, [1, 5, 6])]
chosen = np.isin(data.y_test, [1, 5, 6])
X_test, y_test = data.X_test[chosen], data.y_test[chosen]
dataset, image_shape = data.name, data.image_shape
del data  # the other seven digits

# %% [markdown]
# This is the lesson's model: six pairs `(W, b)`, three for the encoder and three for the decoder, and the cost, which is
# the squared error per pixel.

# %%
SIZES = [784, 500, 300, 2, 300, 500, 784]


def draw_weights(stddev):
    """Six normal pairs (W, b); stddev(m, n) for a layer from m to n units."""
    pairs = []
    for m, n in zip(SIZES, SIZES[1:]):
        W = tf.random.normal((m, n), stddev=stddev(m, n))
        b = tf.random.normal((n,), stddev=stddev(m, n))
        pairs.append((W, b))
    return pairs


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
# Questions 3, 5 and 6 look at a trained net. It is trained as in the lesson, half as long.


# %%
def train(n_steps=2_000):
    """Return weights trained by Adam, 128 images a step; the rate falls from 1e-3."""
    keras.utils.set_random_seed(SEED)
    rng = np.random.default_rng(SEED)
    first = draw_weights(lambda m, n: np.sqrt(2 / (m + n)))
    weights = [(tf.Variable(W), tf.Variable(b)) for W, b in first]
    variables = [variable for layer in weights for variable in layer]
    rate = keras.optimizers.schedules.CosineDecay(1e-3, n_steps)
    optimizer = keras.optimizers.Adam(rate)
    optimizer.build(variables)

    @tf.function
    def step(images):
        with tf.GradientTape() as tape:
            value = cost(images, weights)
        optimizer.apply(tape.gradient(value, variables), variables)

    for _ in range(n_steps):
        step(X_train[rng.integers(0, len(X_train), 128)])
    return [(W.numpy(), b.numpy()) for W, b in weights]


trained = train()
codes_train = in_batches(lambda images: encode(images, trained), X_train)
codes_test = in_batches(lambda images: encode(images, trained), X_test)
drawn = in_batches(lambda codes: decode(codes, trained), codes_test)
print(f"cost on test: {np.mean((X_test - drawn) ** 2):.4f}")

# %% [markdown]
# ## 1. A decoder without layers
#
# Here is lesson 3's decoder, written as in this lesson: `layers` is a list of any number of pairs `(W, b)`, from the code
# to the image. Every layer has the activation **elu**, $s$ where $s > 0$ and $e^s - 1$ elsewhere; the last one has the
# **sigmoid** $1/(1+e^{-s})$ instead. Write `decode_elu(codes, layers)`, from codes (n, 2) to an array (n, number of
# pixels). NumPy or TensorFlow is enough. Here is a list to try it with. `check` uses a list
# of another length.

# %%
rng = np.random.default_rng(SEED)
layers = []
for m, n in [(2, 20), (20, 30), (30, 784)]:
    W, b = rng.normal(size=(m, n)) / np.sqrt(m), rng.normal(size=n) / 2
    layers.append((np.float32(W), np.float32(b)))
print("shapes:", *((W.shape, b.shape) for W, b in layers))


# %% tags=["starter"] question="05.1"
def decode_elu(codes, layers):
    """Return images: elu in every layer, and in the last one the sigmoid."""
    return ...


answer_1 = decode_elu


# %% tags=["solution"] question="05.1"
def decode_elu(codes, layers):
    """Return images: elu in every layer, and in the last one the sigmoid."""
    h = codes
    for W, b in layers[:-1]:
        h = tf.nn.elu(tf.matmul(h, W) + b)  # (n, m) -> (n, units of this layer)
    W, b = layers[-1]
    return tf.sigmoid(tf.matmul(h, W) + b)


answer_1 = decode_elu

# %%
check("05.1", answer_1)
# hint("05.1")
# solution("05.1")

# %% [markdown]
# ## 2. Training, step by step
#
# Complete the function: plain gradient descent on the `cost` above, all `images` in each step, with one `rate` for all
# variables. It returns a list of `n_steps + 1` costs: one before the first step, and one after each. `check` calls it
# with images of few pixels and small nets, six pairs `(W, b)` each.


# %% tags=["starter"] question="05.2"
def descend(images, weights, rate, n_steps):
    """Return the cost before the first step, and after each."""
    layers = [(tf.Variable(W), tf.Variable(b)) for W, b in weights]  # a copy
    variables = [variable for layer in layers for variable in layer]  # W1, b1, W2, ...
    costs = [float(cost(images, layers))]
    for _ in range(n_steps):
        gradients = ...  # of the cost, by all variables
        for variable, gradient in zip(variables, gradients):
            variable.assign_sub(... * gradient)
        costs.append(...)
    return costs


answer_2 = descend


# %% tags=["solution"] question="05.2"
def descend(images, weights, rate, n_steps):
    """Return the cost before the first step, and after each."""
    layers = [(tf.Variable(W), tf.Variable(b)) for W, b in weights]  # a copy
    variables = [variable for layer in layers for variable in layer]  # W1, b1, W2, ...
    costs = [float(cost(images, layers))]
    for _ in range(n_steps):
        with tf.GradientTape() as tape:  # in each step: the weights have changed
            value = cost(images, layers)
        for variable, gradient in zip(variables, tape.gradient(value, variables)):
            variable.assign_sub(rate * gradient)
        costs.append(float(cost(images, layers)))
    return costs


answer_2 = descend

# %% [markdown] tags=["solution"]
# Which rate is a good one? The costs of 500 of our images, from Glorot and Bengio's weights:

# %% tags=["solution"] alt="Costs of 500 images over 15 steps at three rates, on a logarithmic axis: at 1 they fall slowly and evenly; at 3 they first rise a little and then fall far lower; at 10 they jump about, and leave the picture after a few steps."
keras.utils.set_random_seed(SEED)
first = draw_weights(lambda m, n: np.sqrt(2 / (m + n)))
fig, ax = plt.subplots(figsize=(6, 3.2))
for rate, style in ((1, ":"), (3, "-"), (10, "--")):
    costs = descend(X_train[:500], first, rate, 15)
    ax.plot(costs, style, color="black", label=f"rate {rate}")
ax.set(xlabel="steps", ylabel="cost", yscale="log", ylim=(0.04, 0.4))
ax.set_yticks([0.05, 0.1, 0.2, 0.4], ["0.05", "0.1", "0.2", "0.4"])
ax.minorticks_off()
ax.set_title("Rate 1 is slow, 3 learns, 10 jumps about")
ax.legend()
plt.show()

# %%
check("05.2", answer_2)
# hint("05.2")
# solution("05.2")

# %% [markdown] tags=["solution"]
# When this page was made, the smallest rate never failed but got nowhere. The middle one overshot at first, and was
# by far the best after 15 steps. The largest diverged. A gradient describes the cost only nearby, and it does not
# say how near.

# %% [markdown]
# ## 3. Two faults in a canvas
#
# The function below should decode the codes `(x[j], y[i])` and put their images together into one large picture, as
# `imshow` draws it, with row 0 at the top. In it, x should grow to the right, y upwards, and each digit should be upright. `decode`
# is any function from codes (n, 2) to images (n, height x width). Compare its canvas with the map beside it:


# %%
def canvas(x, y, decode, image_shape):
    """Return one picture: (len(y) * height, len(x) * width)."""
    height, width = image_shape
    codes = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)
    images = np.asarray(decode(codes)).reshape(len(y), len(x), height, width)
    return images.transpose(0, 2, 1, 3).reshape(len(y) * height, len(x) * width)


def decode_trained(codes):
    return decode(np.asarray(codes, "float32"), trained)


# %% alt="Left a canvas of twelve by twelve decoded digits, right the map of the test codes: the digits are not where the map has them."
def draw_beside_map(picture):
    """Draw a canvas over the range of the codes, and the map of the test codes."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(10, 4.6))
    left.imshow(picture, cmap="gray_r", vmin=0, vmax=1)
    left.set(title="canvas", xticks=[], yticks=[])
    plot_codes(codes_test[:500], y_test[:500], legend=False, ax=right)
    right.set_title("500 test codes, same range")
    right.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    right.set_box_aspect(1)
    plt.show()


low, high = np.percentile(codes_train, [2, 98], axis=0)
x, y = np.linspace(low[0], high[0], 12), np.linspace(low[1], high[1], 12)
draw_beside_map(canvas(x, y, decode_trained, image_shape))

# %% [markdown]
# There are two faults, and no error message shows them. Correct both; your function replaces the one above. `check` has
# a decoder of its own, and x and y of different lengths.


# %% tags=["starter"] question="05.3"
def canvas(x, y, decode, image_shape):
    """Return one picture: (len(y) * height, len(x) * width)."""
    height, width = image_shape
    codes = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)
    images = np.asarray(decode(codes)).reshape(len(y), len(x), height, width)
    return images.transpose(0, 2, 1, 3).reshape(len(y) * height, len(x) * width)


answer_3 = canvas
# draw_beside_map(canvas(x, y, decode_trained, image_shape))


# %% tags=["solution"] question="05.3"
def canvas(x, y, decode, image_shape):
    """Return one picture: (len(y) * height, len(x) * width)."""
    height, width = image_shape
    codes = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)  # row by row
    images = np.asarray(decode(codes)).reshape(len(y), len(x), height, width)
    images = images[::-1]  # the largest y on top; each image stays upright
    return images.transpose(0, 2, 1, 3).reshape(len(y) * height, len(x) * width)


answer_3 = canvas

# %% tags=["solution"] alt="The canvas of twelve by twelve decoded digits beside the map of the test codes: now each region of the map has its digit on the canvas."
draw_beside_map(answer_3(x, y, decode_trained, image_shape))

# %%
check("05.3", answer_3)
# hint("05.3")
# solution("05.3")

# %% [markdown]
# ## 4. The spread, predicted
#
# The lesson's appendix on initialization measures how far the codes of an untrained net spread. With weights of
# standard deviation 0.01 they hardly spread at all. Predict the spread without drawing a net. All weights and
# biases are independent, with mean 0 and standard deviation $\sigma = 0.01$, and the sums are so small that
# $\tanh s \approx s$. `X` holds 1,000 images.
#
# Take the variance over these images of *one* of the two codes, on average over all draws of the weights. The answer is
# the square root of that, to three digits. (The encoder is 784-500-300-2.)

# %% tags=["starter"] question="05.4"
X = X_train[:1000].astype("float64")  # (1000, 784)
answer_4 = ...

# %% tags=["solution"] question="05.4"
X = X_train[:1000].astype("float64")  # (1000, 784)
sigma = 0.01
total = X.var(axis=0).sum()  # the variances of all pixels, added up
for units in (500, 300):  # each unit has sigma^2 times the total before it
    total = units * sigma**2 * total
answer_4 = np.sqrt(sigma**2 * total)  # one code

# %% tags=["solution"]
rng = np.random.default_rng(SEED)
draws = []
for _ in range(20):
    encoder = []
    for m, n in zip(SIZES[:3], SIZES[1:4]):
        W, b = rng.normal(0, sigma, (m, n)), rng.normal(0, sigma, n)
        encoder.append((np.float32(W), np.float32(b)))
    draws.append(half(X_train[:1000], encoder).numpy().var(axis=0))
print(f"predicted {answer_4:.5f}, in 20 nets {np.sqrt(np.mean(draws)):.5f}")
check_result("05.ex.foretold_spread", answer_4, dataset)
check_result("05.ex.drawn_over_foretold", np.sqrt(np.mean(draws)) / answer_4, dataset)

# %%
check("05.4", answer_4)
# hint("05.4")
# solution("05.4")

# %% [markdown] tags=["solution"]
# The prediction on MNIST is 0.00257<!-- 05.ex.foretold_spread -->, and 20 nets agree within a few per cent: tanh bends so
# little here that leaving it out costs nothing. The biases do not count, because they move the codes of all images alike. A layer
# multiplies the variance by the number of its inputs times $\sigma^2$; to keep the variance, $\sigma^2$ has to be about
# one over that number. For the gradient on its way back, it is one over the number of outputs. Glorot and Bengio's
# $2/(m+n)$ lies between the two.

# %% [markdown]
# ## 5. Half-way between two digits
#
# The lesson looked at one path, from a 1 to a 6. Does what it saw hold in general? Take 300 random pairs of test images
# (of the same digit, or of two). The *ends* are the decoded images of their codes. There are two pictures half-way between
# them: the decoded middle of the two codes, and the *cross-fade*, the mean of the two ends. A picture that looks like a
# digit has a real image nearby: `to_nearest_image` says how far the nearest train image is, in squared error per pixel. Compare the means for ends and both middles, for pairs of the same digit and for pairs of
# different ones. First write down what you expect, and then see which of these is true:
#
# - **a** The decoded middle is about as near to a real image as the ends are, whichever digits they show.
# - **b** For the same digit the cross-fade is the nearer middle; for different digits the decoded one is.
# - **c** For the same digit the decoded middle is about as near as the ends; for different digits it is farther than
#   they are, but nearer than the cross-fade.
# - **d** The cross-fade is the nearer middle both times: it is made of real strokes.

# %%
X_train_squares = np.einsum("ij,ij->i", X_train, X_train)  # (n_train,), squared lengths


def to_nearest_image(pictures):
    """Squared error per pixel to the nearest train image: (n, 784) -> (n,)."""
    pictures = np.asarray(pictures)
    own_squares = (pictures**2).sum(axis=1)[:, None]  # (n, 1)
    squares = own_squares - 2 * pictures @ X_train.T + X_train_squares  # (n, n_train)
    return squares.min(axis=1) / 784


# %% tags=["starter"] question="05.5"
rng = np.random.default_rng(SEED)
i, j = rng.integers(0, len(X_test), (2, 300))  # pair k: images i[k] and j[k]

answer_5 = ...  # a letter, such as "a"

# %% tags=["solution"] question="05.5"
rng = np.random.default_rng(SEED)
i, j = rng.integers(0, len(X_test), (2, 300))  # pair k: images i[k] and j[k]

one = decode(codes_test[i], trained).numpy()
other = decode(codes_test[j], trained).numpy()
pictures = {
    "decoded": decode((codes_test[i] + codes_test[j]) / 2, trained).numpy(),
    "cross_fade": (one + other) / 2,
}
ends = (to_nearest_image(one) + to_nearest_image(other)) / 2
same = y_test[i] == y_test[j]
ratios = {}
for digits, chosen in (("same", same), ("different", ~same)):
    print(f"{digits} digits: ends {ends[chosen].mean():.4f}", end="")
    for name, middle in pictures.items():
        ratio = to_nearest_image(middle[chosen]).mean() / ends[chosen].mean()
        ratios[digits, name] = ratio
        print(f", {name} {ratio:.2f} times as far", end="")
    print()
answer_5 = "c"

# %% tags=["solution"]
for (digits, name), ratio in ratios.items():
    check_result(f"05.ex.half_way.{digits}.{name}", ratio, dataset)

# %% tags=["solution"] alt="Four rows of eight pictures: one end, the decoded middle, the cross-fade and the other end, for pairs of different digits. Decoded middles are single shapes, many of them of a third digit or blurred; cross-fades show two digits at once."
shown = np.flatnonzero(~same)[:8]
rows = {
    "one end": one[shown],
    "decoded": pictures["decoded"][shown],
    "cross-fade": pictures["cross_fade"][shown],
    "other end": other[shown],
}
fig, ax = plt.subplots(figsize=(8, 3.6))
title = "A cross-fade shows both ends at once, a decoded middle one shape"
plot_reconstructions(rows, image_shape, title=title, ax=ax)
plt.show()

# %%
check("05.5", answer_5)
# hint("05.5")
# solution("05.5")

# %% [markdown] tags=["solution"]
# On MNIST the decoded middle of two images of the same digit is as near to a real image as the ends are
# (0.99<!-- 05.ex.half_way.same.decoded:mean --> times as far, on average over five seeds), the cross-fade
# 1.3<!-- 05.ex.half_way.same.cross_fade:mean --> times. Between different digits it is
# 1.2<!-- 05.ex.half_way.different.decoded:mean --> times (1.2<!-- 05.ex.half_way.different.decoded:min --> to
# 1.4<!-- 05.ex.half_way.different.decoded:max -->) against 1.6<!-- 05.ex.half_way.different.cross_fade:mean -->. So the
# lesson's path was no exception: the decoder beats the cross-fade, and where it crosses from one region to another, it
# draws mixtures, or a third digit that lies on the way.

# %% [markdown]
# ## 6. Challenge: a digit from a tenth of its pixels
#
# Each test image has 80 of its 784 pixels left, the same ones for all images. The others are 0, as if there were only
# paper. The encoder has never seen such images. But the *decoder* can draw any code. Write `find_codes(images, visible,
# weights)`: for each image, it finds the code whose decoded picture is most like the whole image, and returns an array
# (n, 2). `images` is (n, 784), `visible` is (784,) and True where a pixel is left, and `weights` are six pairs `(W, b)`
# of a trained net, for `encode` and `decode`.
#
# The yardstick is the encoder's codes of these images. Decoded, your codes must make an error on the *hidden* pixels of at
# most **two thirds** of theirs. `check` calls your function with 100 images and a smaller net of its own. To try it
# yourself, use `over_encoder`. Any way to find the codes is allowed, and you may use `X_train`.

# %%
visible = np.zeros(784, bool)
visible[np.random.default_rng(5).permutation(784)[:80]] = True


def over_encoder(function):
    """Return the error of a function's codes on hidden pixels, over the encoder's."""
    true = X_test[-100:]
    images = np.where(visible, true, np.float32(0))

    def error(codes):
        return np.mean((decode(codes, trained).numpy() - true)[:, ~visible] ** 2)

    found = np.float32(function(images, visible, trained))
    return error(found) / error(encode(images, trained))


# %% tags=["starter"] question="05.6"
def find_codes(images, visible, weights):
    """Return a code for each image: (n, 784), (784,), six pairs -> (n, 2)."""
    return ...


answer_6 = find_codes


# %% tags=["solution"] question="05.6"
def find_codes(images, visible, weights):
    """Return a code for each image: (n, 784), (784,), six pairs -> (n, 2)."""
    candidates = encode(X_train[:2000], weights).numpy()  # codes where there are data
    pictures = decode(candidates, weights).numpy()[:, visible]  # (2000, 80)
    # squared errors of images against pictures, less the images' own squares
    errors = -2 * images[:, visible] @ pictures.T + (pictures**2).sum(axis=1)
    return candidates[errors.argmin(axis=1)]


answer_6 = find_codes


# %% tags=["solution"]
def down_the_gradient(images, visible, weights):
    """The same by gradient descent on the codes, from the encoder's."""
    codes = tf.Variable(encode(images, weights))
    optimizer = keras.optimizers.Adam(0.05)
    for _ in range(200):
        with tf.GradientTape() as tape:
            squares = tf.square(images - decode(codes, weights))
            value = tf.reduce_sum(squares * visible.astype("float32"))
        optimizer.apply([tape.gradient(value, codes)], [codes])
    return codes.numpy()


check_result("05.ex.hidden.candidates", over_encoder(find_codes), dataset)
check_result("05.ex.hidden.gradient", over_encoder(down_the_gradient), dataset)

# %% tags=["solution"] alt="Four rows of ten test digits: the originals; the 80 pixels that are left, specks; what the decoder makes of the encoder's codes; and of the codes found, most of them the right digit."
true = X_test[-100::10]
images = np.where(visible, true, np.float32(0))
rows = {
    "original": true,
    "given": images,
    "by the encoder": decode(encode(images, trained), trained).numpy(),
    "codes found": decode(find_codes(images, visible, trained), trained).numpy(),
}
fig, ax = plt.subplots(figsize=(8, 3.2))
title = "A few pixels are enough to find a code, not to encode"
plot_reconstructions(rows, image_shape, title=title, ax=ax)
plt.show()

# %%
check("05.6", answer_6)
# hint("05.6")
# solution("05.6")

# %% [markdown] tags=["solution"]
# On MNIST the error on the hidden pixels is 0.56<!-- 05.ex.hidden.candidates:mean --> of the yardstick's on average
# over five seeds. Gradient descent on the codes reaches 0.67<!-- 05.ex.hidden.gradient:mean -->: it starts from the
# encoder's codes, which are wrong, and some of them end in a valley that is not the deepest. Two thousand
# candidates do not depend on such a start. A net with two numbers as its code can only draw what lies on a surface,
# and a few pixels are enough to find a place on it. That is its strength and its limit: it would restore a 7 as a
# 1, a 5 or a 6, and nothing would warn you.

# %% [markdown]
# ## Points

# %%
progress("05")

# %% tags=["solution"]
report()

# %% [markdown]
# **Back** to [lesson 5](../05_latent_manifold.ipynb), or on to [lesson 6](../06_one_layer_and_denoising.ipynb). Shut
# this kernel down first (*Kernel > Shut Down Kernel*).
