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
# *About 1 minute on one core; 1.1 GB of memory.*

# %% [markdown]
# ## Setup

# %% tags=["weights"]
from course_utils import PCA, LatentExplorer, check_result, in_batches, load_mnist, reconstruction_mse, report
from course_utils.autoencoder import load_pretrained, save_pretrained
from course_utils.plotting import plot_codes, plot_manifold, plot_reconstructions, set_style

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors

SEED = 0
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)
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
# How large should random weights be? One meets a single number for all layers: a standard deviation of 0.1, say, or of
# 0.01.
#
# > **Predict first.** What happens to an image that passes through six layers whose weights are ten times smaller?

# %%
for stddev in (0.1, 0.01):
    weights = draw_weights(lambda m, n, stddev=stddev: stddev)  # the same for every layer
    codes = encode(X_test, weights).numpy()
    print(f"stddev {stddev}: codes spread {codes.std():.4f}, first cost {cost(X_test, weights):.4f}")
    check_result(f"05.first_cost_{str(stddev)[2:]}", cost(X_test, weights), dataset)

# %% [markdown]
# With 0.01 all codes are nearly one point: the output hardly depends on the image, and the gradient of the encoder's
# weights, which has to come back through the same small weights, cannot be large. The first cost looks *better*
# (0.0986<!-- 05.first_cost_01 --> instead of 0.51<!-- 05.first_cost_1 -->; over five seeds
# 0.49<!-- 05.first_cost_1:min --> to 0.81<!-- 05.first_cost_1:max -->), because answering 0 to mostly white images is
# no bad guess. Do not judge a start by its first cost.
#
# We take the size that Glorot and Bengio (2010)<!-- cite: glorot2010 --> derived, a compromise by which both signal and
# gradient about keep their size through the layers: variance $2/(m + n)$.

# %%
weights = draw_weights(lambda m, n: np.sqrt(2 / (m + n)))
variables = [variable for layer in weights for variable in layer]

# %% [markdown]
# ## One training step
#
# A `GradientTape` records the computation of the cost, and plays it backwards for the gradient. `tf.function` compiles the
# step once, instead of interpreting it line by line 4,000 times, and `jit_compile` merges its operations. `optimizer.build`
# creates Adam's own variables beforehand, since a compiled step must not create any; `apply` changes the weights.

# %%
N_STEPS, BATCH = 4_000, 128
rate = keras.optimizers.schedules.CosineDecay(1e-3, decay_steps=N_STEPS)
optimizer = keras.optimizers.Adam(rate)
optimizer.build(variables)


@tf.function(jit_compile=True)
def step(images):
    with tf.GradientTape() as tape:
        value = cost(images, weights)
    gradients = tape.gradient(value, variables)
    optimizer.apply(gradients, variables)
    return value


# %% [markdown]
# The loop draws 128 images at random, steps, and prints the cost of the batch now and then.

# %%
for i in range(N_STEPS):
    batch = X_train[rng.integers(0, len(X_train), BATCH)]
    value = step(batch)
    if i % 500 == 0 or i == N_STEPS - 1:
        print(f"step {i:5d}  cost of this batch {value:.4f}")


# %% tags=["weights"]
def error(X, weights):
    """Squared error per pixel."""
    return reconstruction_mse(X, in_batches(lambda images: decode(encode(images, weights), weights), X))


# %%
train_mse, test_mse = error(X_train, weights), error(X_test, weights)
check_result("05.own.train_mse", train_mse, dataset)
check_result("05.own.test_mse", test_mse, dataset)

# %% [markdown]
# About 0.0265<!-- 05.own.train_mse --> on train and 0.0270<!-- 05.own.test_mse --> on test; over five seeds test lay
# between 0.0266<!-- 05.own.test_mse:min --> and 0.0271<!-- 05.own.test_mse:max -->. Is that good? PCA with two
# components, fitted on the same three digits, is the yardstick.

# %%
pca = PCA(n_components=2).fit(X_train)
check_result("05.pca_2.test_mse", reconstruction_mse(X_test, pca.inverse_transform(pca.transform(X_test))), dataset)

# %% [markdown]
# PCA leaves 0.0430<!-- 05.pca_2.test_mse -->.
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
    recipe = draw_weights(lambda m, n: 0.1)
    flat = [variable for layer in recipe for variable in layer]
    adam, costs = keras.optimizers.Adam(1e-4), []
    adam.build(flat)

    @tf.function(jit_compile=True)
    def recipe_step(images):
        with tf.GradientTape() as tape:
            value = cost(images, recipe)
        adam.apply(tape.gradient(value, flat), flat)
        return value

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
# above, which saw a tenth as many images, got below it. It differs in four things at once (the size of the first
# weights, a rate that starts ten times higher, its decay, smaller batches), so this does not tell which of them did it.
# It does tell that patience alone is not the way.

# %% [markdown]
# ## The map
#
# First the digits that our own net returns, four of each:

# %% alt="Two rows of twelve test digits, inputs above and reconstructions below, alike in shape and slant; the first 5 comes back as a 6."
codes_train, codes_test = (encode(X, weights).numpy() for X in (X_train, X_test))
shown = np.concatenate([np.flatnonzero(y_test == digit)[:4] for digit in (1, 5, 6)])
reconstructions = decode(codes_test[shown], weights).numpy()
fig, ax = plt.subplots(figsize=(8, 1.8))
plot_reconstructions({"input": X_test[shown], "reconstruction": reconstructions}, image_shape, ax=ax)
plt.show()

# %% [markdown]
# Shape and slant come back, mostly. When this page was made, the first 5 came back as a 6; the map shows how that can
# happen: look where 5s and 6s lie.
#
# > **Predict first.** Which of 1, 5 and 6 will lie between the other two?

# %% alt="Scatter plot of 500 test codes: the 1s, the 5s and the 6s form three separate regions; a star marks the code (5, 5)."
ax = plot_codes(codes_test[:500], y_test[:500], title="500 test codes")
ax.plot(5, 5, "k*", markersize=14)
ax.annotate("(5, 5)", (5, 5), (8, 4), textcoords="offset points")
plt.show()

# %%
accuracy = {
    name: KNeighborsClassifier(5).fit(a, y_train).score(b, y_test)
    for name, a, b in (
        ("own", codes_train, codes_test),
        ("pca_2", pca.transform(X_train), pca.transform(X_test)),
    )
}
for name, value in accuracy.items():
    check_result(f"05.{name}.knn_accuracy", value, dataset)

# %% [markdown]
# Three regions, one for each digit, that hardly overlap; none lies between the other two, each borders on both. From
# the five nearest codes one guesses 98 %<!-- 05.own.knn_accuracy --> of the test digits; from PCA's two scores it was
# 93 %<!-- 05.pca_2.knn_accuracy -->.
#
# ## The manifold on a canvas
#
# Now decode the plane itself: a grid of 20 x 20 codes over the range of the data, **in one call**.
#
# > **Predict first.** What will the decoder draw on the border between the 5s and the 6s: a blur of both, or a digit that
# > is a little of each?

# %%
low, high = np.percentile(codes_train, [2, 98], axis=0)
x, y = np.linspace(low[0], high[0], 20), np.linspace(low[1], high[1], 20)
grid = np.stack(np.meshgrid(x, y), axis=-1).astype("float32")  # (20, 20, 2): grid[i, j] = (x[j], y[i])
images = decode(grid.reshape(-1, 2), weights).numpy().reshape(20, 20, 784)

# %% [markdown]
# The usual mistake here is to exchange the axes: the picture still looks like a manifold, but it is not the one of the map
# beside it. A test catches it. Decode one corner alone, x at its largest and y at its smallest, and compare:

# %% tags=["nbval-check-output"]
corner = decode(np.array([[x[-1], y[0]]], "float32"), weights).numpy()
print("images[0, -1] is the lower right corner:", np.allclose(images[0, -1], corner, atol=1e-4))
print("images[-1, 0] is not:", not np.allclose(images[-1, 0], corner, atol=1e-4))

# %% alt="Left: the 20 by 20 canvas of decoded digits, ones, fives and sixes each in a region of their own, changing smoothly into one another. Right: the test codes over the same range; the regions agree."
fig, (left, right) = plt.subplots(1, 2, figsize=(12, 5.6))
plot_manifold(images, x, y, image_shape, title="What the decoder draws", ax=left)
plot_codes(codes_test[:1000], y_test[:1000], title="1,000 test codes, same range", ax=right)
right.set(xlim=left.get_xlim(), ylim=left.get_ylim())
plt.show()

# %% [markdown]
# Where the map has codes, the canvas shows their digit. From the 5s to the 6s it passes through shapes that are a
# little of each; towards the 1s it turns faint or blurred instead. And it draws digits where the map is empty: remember
# that for later. Inside a region the writing changes smoothly: slant, width, roundness. That is what *latent manifold*
# means: a curved surface of images, and the code is a pair of coordinates on it.

# %% [markdown]
# ## From a 1 to a 6
#
# A straight line between two codes is a path on that surface.
#
# > **Predict first.** Will every step of the way look like a digit?

# %% alt="A row of ten decoded digits that starts as a 1 and ends as a 6; in the middle of the way it fades to faint, broken strokes."
one, six = (codes_test[y_test == digit][0] for digit in (1, 6))
t = np.linspace(0, 1, 10)[:, None]
path = decode(((1 - t) * one + t * six).astype("float32"), weights).numpy()
fig, ax = plt.subplots(figsize=(8, 1.2))
plot_reconstructions({"1 to 6": path}, image_shape, ax=ax)
plt.show()

# %% [markdown]
# Both ends are clear; in the middle the strokes grow faint where the line leaves one region and has not reached the other.
# Nothing in the data lies there.

# %% [markdown]
# ## Where it has never been
#
# A decoder can be asked for any code, for (5, 5) as well. Has ours ever been near it? The distance from there to the
# nearest train code tells, beside the same distance for the codes of test images.

# %%
neighbours = NearestNeighbors(n_neighbors=1).fit(codes_train)
of_test = neighbours.kneighbors(codes_test)[0]
median, most = np.percentile(of_test, [50, 99])
print(f"nearest train code: {neighbours.kneighbors([[5.0, 5.0]])[0].item():.2f} away from (5, 5)")
print(f"for half of the test codes less than {median:.3f}, for 99 % less than {most:.2f}")

# %% alt="Five decoded images: at the code of a test image a 1; at (5, 5) faint strokes; at (20, -20) scattered fragments; at (200, 200) and at (400, 400) the same bold shape on a speckled background. Far out, pixels lie well outside of 0 to 1."
far = np.array([codes_test[0], [5, 5], [20, -20], [200, 200], [400, 400]], "float32")
fig, axes = plt.subplots(1, 5, figsize=(11, 2.4))
for ax, code, image in zip(axes, far, decode(far, weights).numpy()):
    ax.imshow(image.reshape(image_shape), vmin=0, vmax=1)
    ax.set_title(f"({code[0]:.1f}, {code[1]:.1f})\npixels {image.min():.1f} to {image.max():.1f}", fontsize=10)
    ax.axis("off")
plt.show()

# %% [markdown]
# When this page was made, (5, 5) was further from every train code than 99 of 100 test codes are: it lies in a gap
# between two regions. The decoder answers all the same, and never says that it does not know. Its output is linear, so
# pixels leave [0, 1] a little even at codes of data, and by far more a long way out. Further along one direction every
# `tanh` gets close to -1 or 1, and the picture hardly changes any more. Even where it resembles a digit, it is an
# accident of the weights. Look at the distance before you believe a picture.
#
# Try it: drag the point, or use the arrow keys. The explorer decodes in your browser, and says how far the nearest code is.

# %% tags=["explorer"]
activations = ["tanh", "tanh", "linear"]
layers = [(W, b, activation) for (W, b), activation in zip(weights[3:], activations)]
explorer = LatentExplorer(layers, codes_test, y_test, image_shape)
explorer

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
# Three exercises, each with a cell to work in, a solution that runs and an answer: [exercises to this
# lesson](exercises/05_latent_manifold.ipynb). They are about a start that is too small, exchanged axes, and a sigmoid
# at the output.

# %% [markdown]
# ## Recap
#
# - An autoencoder is matrix products, a non-linearity, a cost and a gradient step; Keras hides nothing more than that.
# - The decoder maps the plane of codes smoothly to images. Keep x to the right and y up, and test a corner.
# - It answers everywhere: between the digits with shapes that are a little of each, or that fade. Only near codes of
#   data do its answers mean something.

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
