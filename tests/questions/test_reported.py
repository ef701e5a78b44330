"""Answers that readers handed in and that were once judged or told wrongly, where no question knows them itself."""

from dataclasses import replace

import numpy as np
import pytest
from _all import ask, made

from course_utils.questions.authoring import numbers_that_pass
from course_utils.questions.engine import catalogue
from course_utils.questions.lesson_01 import nets as nets_01
from course_utils.questions.lesson_01 import q5_which_half as bow
from course_utils.questions.lesson_03 import nets as nets_03
from course_utils.questions.lesson_04 import subspaces
from course_utils.questions.lesson_05 import nets as nets_05
from course_utils.questions.lesson_06 import images as images_06
from course_utils.questions.lesson_06 import q3_pairs


def asked(key, answer):
    """Return the verdict on an answer to the question of this key."""
    return ask(catalogue.find(key), answer)


@pytest.mark.parametrize("answer", [2.25, 0.25])
def test_three_quarters_missed(answer):
    """01.4: thrice or a third of the right number is of its size."""
    assert "not far off in size" in asked("01.4", answer).text


def test_a_relu_at_the_output():
    """01.5: the last layer has one, too, in a net that is trained to the end."""
    assert ask(bow.QUESTION, bow.trained(output="relu")()).mistake == "bent output"


def test_a_relu_at_the_code():
    """01.5: the right net, but half of its codes are cut off."""
    weights = made(bow.QUESTION.right).get_weights()
    codes = nets_01.fresh(nets_01.bow)
    for kernel, bias in zip(weights[0:6:2], weights[1:6:2], strict=True):
        codes = codes @ kernel + bias
    weights[5] = weights[5] - np.median(codes)
    model = nets_01.net(latent="relu")
    model.set_weights(weights)
    assert ask(bow.QUESTION, model).mistake == "bent code"


def test_an_encoder_bent_by_a_function():
    """01.5: it bends, although no layer of it has an activation."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    h = point = keras.Input((2,))
    for n in (20, 20):
        h = keras.ops.relu(layers.Dense(n)(h))
    code = layers.Dense(1)(h)
    drawn = layers.Dense(2)(layers.Dense(20)(layers.Dense(20)(code)))
    assert ask(bow.QUESTION, nets_01.trained(keras.Model(point, drawn), nets_01.bow, 3)).mistake == "the other half"


def with_ramps(model, rows):
    """Return a model with steep, tiny ramps at some rows, which would drown all slopes that are measured there."""
    import keras
    from keras import layers

    point = keras.Input(rows.shape[1:])
    ramps = layers.Dense(2 * len(rows), activation="relu")  # a pair for each row: up, and level again
    up = layers.Dense(model.output_shape[1], use_bias=False)
    changed = keras.Model(point, layers.Add()([model(point), up(ramps(point))]))
    along, where = (
        np.zeros((rows.shape[1], 2 * len(rows))),
        np.repeat(rows[:, 0], 2) + np.tile([-1e-4, 1e-4], len(rows)),
    )
    along[0] = 1
    ramps.set_weights([along, -where])
    up.set_weights([np.tile([[1e2], [-1e2]], (len(rows), 1)) * np.ones((1, model.output_shape[1]))])
    return changed


def test_ramps_at_known_rows_hide_nothing():
    """01.6: a code of two numbers is one of two, whatever happens at the first rows that are looked at."""
    two, X = nets_01.trained(nets_01.net(units=(64, 64, 2)), nets_01.arm, 10), nets_01.fresh(nets_01.arm)
    model = with_ramps(two, X[:4])
    assert numbers_that_pass(model, X, np.array(model(X))) == 2


def test_a_way_around_the_derivative():
    """03.6: PCA's two components and a little of the image behind `stop_gradient` are not a code of two numbers."""
    import keras
    from keras import layers, ops

    mean, components = nets_03.train_images().mean(axis=0), np.linalg.svd(nets_03.unseen(), full_matrices=False)[2][:2]
    image = keras.Input((784,))
    pca = keras.Sequential([keras.Input((784,)), layers.Dense(2), layers.Dense(784)])
    pca.set_weights([components.T, -mean @ components.T, components, mean])
    drawn = pca(image)
    assert asked("03.6", keras.Model(image, drawn + 0.15 * ops.stop_gradient(image - drawn))).mistake == "jumps"


def test_plain_sgd():
    """03.2: ten epochs of Keras's SGD lead to the mean image, and nobody is told that `fit` was not called."""
    import keras

    model, X = nets_03.net(), nets_03.train_images()[:10_000]
    model.compile(keras.optimizers.SGD(), "mean_squared_error", steps_per_execution=20)
    model.fit(X, X, batch_size=128, epochs=2, verbose=0)
    verdict = asked("03.2", model)
    assert verdict.mistake in ("hardly trained", "the mean image")
    assert "SGD" in verdict.text


def test_leaky_layers_bend():
    """03.6: activations that are layers, and too few epochs."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    inside = [layer for n in (96, 32) for layer in (layers.Dense(n), layers.LeakyReLU())]
    back = [layer for n in (32, 96) for layer in (layers.Dense(n), layers.LeakyReLU())]
    last = layers.Dense(784, activation="sigmoid")
    model = keras.Sequential([keras.Input((784,)), *inside, layers.Dense(2), *back, last])
    assert asked("03.6", nets_03.trained(model, epochs=2)).mistake == "behind PCA"


def test_all_rows_of_vt():
    """04.1: a full set of right singular vectors spans everything, so every angle is 0."""

    def angle(A, B):
        full = (np.linalg.svd(M, full_matrices=True)[2] for M in (A, B))
        return subspaces.largest_angle(*full)

    assert asked("04.1", angle).mistake == "always 0"


def test_half_precision():
    """05.1: rounding to float16 is no factor that is the same everywhere."""
    verdict = asked("05.1", lambda codes, layers: nets_05.decoded(codes, layers).astype(np.float16))
    assert "float16" in verdict.text


def noise_in_place(X, rng, stddev):
    """Return right pairs, and leave the noise in the caller's array."""
    clean = X.copy()
    X += stddev * rng.normal(size=X.shape)
    return np.stack([np.clip(X, 0, 1), clean])


def test_the_callers_images_stay():
    """06.3: writing into the argument is an error, and only that makes this answer wrong."""
    verdict = ask(q3_pairs.QUESTION, noise_in_place)
    assert (verdict.state, verdict.passed) == ("error", False)
    assert "belongs to the caller" in verdict.text
    kind = replace(q3_pairs.QUESTION.kind, frozen=False)
    assert ask(replace(q3_pairs.QUESTION, kind=kind, _made={}), noise_in_place).passed


@pytest.mark.parametrize(
    ("clip", "mistake"),
    [(lambda noisy: noisy, "not clipped"), (lambda noisy: noisy % 1, "folded at 0")],
)
def test_noise_that_is_not_clipped(clip, mistake):
    """06.3: left as it is, or taken modulo 1."""
    verdict = ask(q3_pairs.QUESTION, lambda X, rng, stddev: np.stack([clip(X + stddev * rng.normal(size=X.shape)), X]))
    assert verdict.mistake == mistake


def test_filters_are_not_told_about_draws():
    """06.6: a Wiener filter learns nothing from train, and the words say so."""
    from scipy.signal import wiener

    def by_wiener(X_train, noisy):
        return np.array([wiener(image.reshape(28, 28), 3, 0.1).ravel() for image in noisy])

    verdict = asked("06.6", by_wiener)
    assert verdict.mistake == "worse than PCA"
    assert "filter" in verdict.text


def test_a_net_of_one_epoch():
    """06.6: it is asked for how long it was trained."""
    import keras
    from keras import layers

    def by_net(X_train, noisy):
        keras.utils.set_random_seed(0)
        model = keras.Sequential([keras.Input((784,)), layers.Dense(64, "relu"), layers.Dense(784, "sigmoid")])
        model.compile("adam", "mean_squared_error", steps_per_execution=10)
        drawn = images_06.noisy_again(X_train, np.random.default_rng(0))
        model.fit(drawn, X_train, batch_size=100, epochs=1, verbose=0)
        return model.predict(noisy, verbose=0)

    verdict = asked("06.6", by_net)
    assert verdict.mistake == "worse than PCA"
    assert "long enough" in verdict.text
