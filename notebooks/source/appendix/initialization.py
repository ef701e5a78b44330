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
# # Appendix to lesson 5: initialization
#
# **How large should the first weights be?**
#
# [Lesson 5](../05_latent_manifold.ipynb) draws its first weights as Glorot and Bengio (2010)<!-- cite: glorot2010 -->
# propose. Here you see what other sizes do to codes and gradients before the first step, and what the recipe of the
# course notebook behind that lesson leaves after 10,000 steps.
#
# *About 0.5 minutes on one core; 1.0 GB of memory.*

# %% [markdown]
# ## Setup

# %% tags=["weights"]
from course_utils import check_result, in_batches, load_mnist, predict
from course_utils import reconstruction_mse, report, with_progress
from course_utils.autoencoder import load_pretrained, save_pretrained
from course_utils.plotting import set_style

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

SEED = 0
set_style()

# %% [markdown]
# The digits 1, 5 and 6 again. The course notebook puts MNIST's first 5,000 train images aside for validation.
# Compare counts first when two results disagree. (All figures in the text were measured on MNIST. A notice tells
# you if you have the embedded digits instead.)

# %% tags=["weights"]
data = load_mnist()
train, test = np.isin(data.y_train, [1, 5, 6]), np.isin(data.y_test, [1, 5, 6])
X_train, X_test, dataset = data.X_train[train], data.X_test[test], data.name
check_result("05.n_train", len(X_train), dataset)
check_result("05.n_train_without_first_5000", train[5000:].sum(), dataset)
del data  # the other seven digits

# %% [markdown]
# Of 18,081<!-- 05.n_train --> images of these digits, 16,583<!-- 05.n_train_without_first_5000 --> are left to that
# notebook. We train on all of them.
#
# The net is the lesson's, 784-500-300-2-300-500-784. Only `draw_weights` differs: it takes the standard deviation as a
# function of a layer's two sizes.

# %% tags=["weights"]
SIZES = [784, 500, 300, 2, 300, 500, 784]


def draw_weights(stddev):
    """One (W, b) per layer; stddev(m, n) is for a layer from m to n units."""
    return [
        (
            tf.Variable(tf.random.normal((m, n), stddev=stddev(m, n))),
            tf.Variable(tf.random.normal((n,), stddev=stddev(m, n))),
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
# ## Three starts
#
# Many notebooks draw all weights with one standard deviation, 0.1 or 0.01. Glorot and Bengio derived one for each layer:
# a variance of $2/(m + n)$ from $m$ to $n$ units, so that signal and gradient roughly keep their size on their way.
#
# > **Predict first.** An image passes through six layers whose weights are ten times smaller. What happens to it? And to
# > the gradient on its way back? By what factor is the last matrix's gradient longer than the first one's? (Its length,
# > or *norm*, is the root of the sum of its squared entries.)

# %%
question = "Weights of 0.01: last gradient over the first"
predict("05.start_01.ratio", question, [1, 30, 3000])


# %%
def glorot(m, n):
    return np.sqrt(2 / (m + n))


starts = {"0.1": lambda m, n: 0.1, "0.01": lambda m, n: 0.01, "glorot": glorot}
keras.utils.set_random_seed(SEED)
print("start   first cost  spread of each code")
seen, norms = {}, {}
for name, stddev in starts.items():
    trial = draw_weights(stddev)
    with tf.GradientTape() as tape:
        value = cost(X_train[:1000], trial)
    gradients = tape.gradient(value, [W for W, _ in trial])
    norms[name] = [tf.norm(gradient).numpy() for gradient in gradients]
    codes = encode(X_train[:1000], trial).numpy()  # (1000, 2)
    spread = codes.std(axis=0)  # over images, for each code
    print(f"{name:<6}  {value:10.4f}  {spread[0]:.4f} and {spread[1]:.4f}")
    ratio = norms[name][-1] / norms[name][0]
    seen[name] = {"cost": value, "spread": spread.mean(), "ratio": ratio}

# %% alt="The norms of the gradients of matrices 1 to 6, on a logarithmic axis. From weights of 0.1 and from Glorot and Bengio's they lie between 0.1 and 1, nearly level. From 0.01 they rise from about 0.00001 at the first matrix to 0.1 at the last."
ax = plt.gca()
styles = {"0.1": "s--", "0.01": "^:", "glorot": "o-"}
for name, style in styles.items():
    ax.plot(range(1, 7), norms[name], style, label=f"weights: {name}")
ax.set(yscale="log", xlabel="matrix", ylabel="norm of its gradient")
ax.set_title("From 0.01, hardly any gradient arrives at the front")
ax.legend(frameon=False)
plt.show()

for name, start in (("0.1", "start_1"), ("0.01", "start_01"), ("glorot", "glorot")):
    for quantity, value in seen[name].items():
        check_result(f"05.{start}.{quantity}", value, dataset)

# %% [markdown]
# (The figures of this section are means over five seeds; the table and the picture show one of them.) From 0.01, the codes
# of all images are nearly one point. They spread by 0.0025<!-- 05.start_01.spread:mean -->, and by
# 1.0<!-- 05.start_1.spread:mean --> from 0.1. (Take the spread of each code by itself, with `axis=0`. A `std()` over all
# numbers at once would mostly measure how far apart the two random biases lie.) On the way back it is the same. The
# gradient of the last matrix is 2,878<!-- 05.start_01.ratio:mean --> times as long as that of the first. From Glorot and
# Bengio's weights it is 1.7<!-- 05.glorot.ratio:mean --> times as long. A matrix's gradient is made of what comes in from
# the front and what comes back from behind, and both have passed through the small weights.
#
# Yet the first cost looks *better* from 0.01: 0.095<!-- 05.start_01.cost:mean --> instead of
# 0.6<!-- 05.start_1.cost:mean --> from 0.1. An answer near 0 is not a bad guess for images that are mostly white. So do not judge a
# start by its first cost.
#
# ## The recipe of the course notebook
#
# The notebook by Seungchul Lee (iSystems Design Lab, UNIST; a later version is Lee 2021<!-- cite: lee2021 -->) draws all
# weights from $N(0, 0.1^2)$. It takes 500 images at a time and runs Adam at a constant rate of 1e-4 for 10,000 steps. That
# takes many minutes, so we ship the weights that it left here. Set `TRAIN_IT_YOURSELF` to run it. (On MNIST your weights
# then replace ours; `git checkout data` restores them.)

# %% tags=["weights"]
TRAIN_IT_YOURSELF = False


def train_recipe():
    """Train by the recipe; return weights and the costs of the last 2,000 batches."""
    keras.utils.set_random_seed(SEED)
    rng = np.random.default_rng(SEED)
    weights = draw_weights(lambda m, n: 0.1)
    variables = [variable for layer in weights for variable in layer]
    optimizer = keras.optimizers.Adam(1e-4)
    optimizer.build(variables)

    @tf.function(jit_compile=True)
    def step(images):
        with tf.GradientTape() as tape:
            value = cost(images, weights)
        optimizer.apply(tape.gradient(value, variables), variables)
        return value

    costs = []
    for _ in with_progress(range(10_000)):
        batch = X_train[rng.integers(0, len(X_train), 500)]
        costs.append(float(step(batch)))
    return weights, costs[-2000:]


# %% tags=["weights"]
if TRAIN_IT_YOURSELF:
    recipe, last_costs = train_recipe()
    print(f"costs of the last 2,000 batches: mean {np.mean(last_costs):.4f}")
    if dataset == "mnist":
        flat = [variable.numpy() for layer in recipe for variable in layer]
        save_pretrained("05_recipe", flat)
elif dataset == "mnist":
    flat = load_pretrained("05_recipe")
    recipe = list(zip(flat[::2], flat[1::2]))  # W and b take turns


# %% tags=["weights"]
def error(X, weights):
    """Squared error per pixel."""
    reconstruction = in_batches(lambda x: decode(encode(x, weights), weights), X)
    return reconstruction_mse(X, reconstruction)


if TRAIN_IT_YOURSELF or dataset == "mnist":
    check_result("05.recipe.train_mse", error(X_train, recipe), dataset)
    check_result("05.recipe.test_mse", error(X_test, recipe), dataset)
else:
    print("The weights were trained on MNIST and say nothing about these digits.")

# %% [markdown]
# The recipe leaves 0.0275<!-- 05.recipe.train_mse --> on train and 0.0281<!-- 05.recipe.test_mse --> on test. The lesson's
# own run sees a tenth as many images and leaves 0.0267<!-- 05.own.test_mse:mean --> on test, on average over five seeds. Five
# things differ: the size of the first weights, a rate that starts ten times higher, its decay, smaller batches and fewer
# steps. One run of each cannot tell which of them makes the difference.

# %% [markdown]
# ## Read on
#
# - Glorot and Bengio (2010)<!-- cite: glorot2010 -->, [Understanding the difficulty of training deep feedforward neural
#   networks](https://proceedings.mlr.press/v9/glorot10a.html): where the lesson's size of the first weights comes from.
# - Lee (2021)<!-- cite: lee2021 -->,
#   [Autoencoder](https://i-systems.github.io/tutorial/POSCO/210831/11_Autoencoder_tf2.html): a later version of the course
#   notebook behind lesson 5.

# %% tags=["weights"]
report()

# %% [markdown]
# **Back** to [lesson 5](../05_latent_manifold.ipynb). Shut this kernel down first (*Kernel > Shut Down Kernel*).
