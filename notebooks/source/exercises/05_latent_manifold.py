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
# # Exercises to lesson 5
#
# Three exercises to [The latent manifold](../05_latent_manifold.ipynb). Each has a cell to work in; write
# down first what you expect. Code and answers are in the [solutions](../solutions/05_latent_manifold.ipynb). You need not
# run the lesson first.
#
# *About 1 minute on one core; 1.0 GB of memory.*

# %% [markdown]
# ## Setup

# %%
from course_utils import check_result, load_mnist, report
from course_utils.plotting import plot_codes, set_style

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

SEED = 0
set_style()
data = load_mnist()
X_train = data.X_train[np.isin(data.y_train, [1, 5, 6])]
X_test, y_test = (array[np.isin(data.y_test, [1, 5, 6])] for array in (data.X_test, data.y_test))
dataset, image_shape = data.name, data.image_shape
del data  # the other seven digits

# %% [markdown]
# The model of the lesson, and its training as a function of the first weights and the learning rate. `after` is called
# after each 100th step.

# %%
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


def glorot(m, n):
    return np.sqrt(2 / (m + n))


def half(h, weights):
    (W1, b1), (W2, b2), (W3, b3) = weights
    h = tf.tanh(tf.matmul(h, W1) + b1)
    h = tf.tanh(tf.matmul(h, W2) + b2)
    return tf.matmul(h, W3) + b3


def encode(images, weights):
    return half(images, weights[:3])


def decode(codes, weights):
    return half(codes, weights[3:])


# %%
def train(weights, n_steps, rate, decode=decode, after=None):
    """Adam on batches of 128 images drawn at random."""
    rng = np.random.default_rng(SEED)
    variables = [variable for layer in weights for variable in layer]
    optimizer = keras.optimizers.Adam(rate)
    optimizer.build(variables)

    @tf.function(jit_compile=True)
    def step(images):
        with tf.GradientTape() as tape:
            value = tf.reduce_mean(tf.square(images - decode(encode(images, weights), weights)))
        optimizer.apply(tape.gradient(value, variables), variables)

    for i in range(1, n_steps + 1):
        step(X_train[rng.integers(0, len(X_train), 128)])
        if after is not None and i % 100 == 0:
            after(i)


# %% [markdown]
# ## 1. A start that is too small
#
# Start from `draw_weights(lambda m, n: 0.01)` and train 1,000 steps with a constant learning rate of 1e-4. Watch the
# cost on test, and how the two numbers of the test codes are correlated. What do you see?

# %% tags=["starter"]
# your turn

# %% tags=["solution"]
keras.utils.set_random_seed(SEED)
weights = draw_weights(lambda m, n: 0.01)
seen = {"cost": [], "correlation": [], "codes": []}


def watch(i):
    codes = encode(X_test, weights).numpy()
    seen["cost"].append(tf.reduce_mean(tf.square(X_test - decode(codes, weights))).numpy())
    seen["correlation"].append(abs(np.corrcoef(codes.T)[0, 1]))
    seen["codes"].append(codes)
    print(f"step {i:4d}: cost {seen['cost'][-1]:.4f}, correlation of the two numbers {seen['correlation'][-1]:.4f}")


train(weights, 1_000, 1e-4, after=watch)
mean_image_cost = np.square(X_test - X_train.mean(axis=0)).mean()
check_result("05.ex.mean_image.test_mse", mean_image_cost, dataset)
check_result("05.ex.small_start.cost_after_300", seen["cost"][2], dataset)
check_result("05.ex.small_start.correlation_after_500", seen["correlation"][4], dataset)

# %% tags=["solution"] alt="Two scatter plots of 500 test codes: after 500 steps they lie on a line, after 1000 steps they have begun to leave it."
fig, axes = plt.subplots(1, 2, figsize=(10, 3.8))
for ax, i in zip(axes, (5, 10)):
    codes = seen["codes"][i - 1][:500]
    plot_codes(codes, y_test[:500], title=f"500 test codes after {100 * i} steps", legend=i == 10, ax=ax)
plt.show()

# %% [markdown] tags=["solution"]
# <details><summary>Answer</summary>
#
# The codes lie close together and, for most of the steps, on one line: both numbers say the same, because nothing has
# told the two units apart yet. The cost falls in stairs: it hangs for some 300 steps near
# 0.055<!-- 05.ex.small_start.cost_after_300 -->, a little below the 0.059<!-- 05.ex.mean_image.test_mse --> of the mean
# image, then falls to a second stair, and leaves that one when the codes leave the line.
#
# </details>

# %% [markdown]
# ## 2. Exchanged axes
#
# Exchange `x` and `y` in the lesson's `np.meshgrid(x, y)`, and nothing else. Which of its two checks of the corner fails?
# (It does not need a trained net: any weights will do.)

# %% tags=["starter"]
# your turn

# %% tags=["solution"]
keras.utils.set_random_seed(SEED)
weights = draw_weights(glorot)
x, y = np.linspace(-4, 2, 20), np.linspace(-1, 7, 20)
for name, axes in (("right", (x, y)), ("exchanged", (y, x))):
    grid = np.stack(np.meshgrid(*axes), axis=-1).astype("float32")
    images = decode(grid.reshape(-1, 2), weights).numpy().reshape(20, 20, 784)
    corner = decode(np.array([[x[-1], y[0]]], "float32"), weights).numpy()
    lower_right = np.allclose(images[0, -1], corner, atol=1e-4)
    upper_left = np.allclose(images[-1, 0], corner, atol=1e-4)
    print(f"{name}: images[0, -1] is the lower right corner: {lower_right}; images[-1, 0] is not: {not upper_left}")

# %% [markdown] tags=["solution"]
# <details><summary>Answer</summary>
#
# The first: `images[0, -1]` is then the code (y[-1], x[0]), with the first number taken from y. The second check holds
# all the same. The canvas no longer matches the map.
#
# </details>

# %% [markdown]
# ## 3. A sigmoid at the output
#
# Put a `sigmoid` behind the output, in `decode` (not in `half`, which the encoder uses as well), and train 2,000 steps from
# `draw_weights(glorot)` with a learning rate of 1e-3. What changes far out, at (200, 200), and is the picture there more
# believable?

# %% tags=["starter"]
# your turn


# %% tags=["solution"]
def decode_sigmoid(codes, weights):
    return tf.sigmoid(decode(codes, weights))


keras.utils.set_random_seed(SEED)
weights = draw_weights(glorot)
train(weights, 2_000, 1e-3, decode=decode_sigmoid)
far = np.array([encode(X_test[:1], weights).numpy()[0], [20, -20], [200, 200], [-200, 200]], "float32")
images = decode_sigmoid(far, weights).numpy()
check_result("05.ex.sigmoid.largest_pixel", images.max(), dataset)

# %% tags=["solution"] alt="Four decoded images: at the code of a test image a clean digit; far out shapes that look like digits or parts of them, some of them in white on black."
fig, axes = plt.subplots(1, 4, figsize=(9, 2.4))
for ax, code, image in zip(axes, far, images):
    ax.imshow(image.reshape(image_shape), vmin=0, vmax=1)
    ax.set_title(f"({code[0]:.1f}, {code[1]:.1f})\npixels {image.min():.1f} to {image.max():.1f}", fontsize=10)
    ax.axis("off")
plt.show()

# %% [markdown] tags=["solution"]
# <details><summary>Answer</summary>
#
# The pixels stay in [0, 1], so it looks more like an image. It is just as far from all data as before: a squashed accident.
#
# </details>

# %% tags=["solution"]
report()

# %% [markdown]
# **Back** to [lesson 5](../05_latent_manifold.ipynb), or on to [lesson 6](../06_one_layer_and_denoising.ipynb). Shut
# this kernel down first (*Kernel > Shut Down Kernel*).
