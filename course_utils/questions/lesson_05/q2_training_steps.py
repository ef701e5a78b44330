"""05.2: gradient descent, step by step."""

import numpy as np

from course_utils.questions.authoring import Mistake, function
from course_utils.questions.lesson_05.nets import drawn, half


def cost(images, weights):
    """Return the squared error per pixel."""
    import tensorflow as tf

    return tf.reduce_mean(tf.square(images - half(half(images, weights[:3]), weights[3:])))


def descent(images, weights, rate, n_steps, *, factor=1.0, chosen=slice(None), stale=False, optimizer=None, **options):
    """Return the cost before the first step and after each, with some faults to choose from."""
    import keras
    import tensorflow as tf

    layers = [(tf.Variable(W), tf.Variable(b)) for W, b in weights]
    variables = [variable for layer in layers for variable in layer][chosen]
    optimizer = optimizer and getattr(keras.optimizers, optimizer)(rate, **options)
    costs, gradients = [cost(images, layers).numpy()], None
    for _ in range(n_steps):
        if gradients is None or not stale:
            with tf.GradientTape() as tape:
                value = factor * cost(images, layers)
            gradients = tape.gradient(value, variables)
        if optimizer:
            optimizer.apply_gradients(zip(gradients, variables, strict=True))
        else:
            for variable, gradient in zip(variables, gradients, strict=True):
                variable.assign_sub(rate * gradient)
        costs.append(cost(images, layers).numpy())
    return costs


def by_hand(images, weights, rate, n_steps):
    """Return the costs of the same descent, its gradients from the chain rule, layer by layer."""
    images = images.astype(float)
    layers = [[W.astype(float), b.astype(float)] for W, b in weights]
    bends = (True, True, False, True, True, False)
    costs = []
    for _ in range(n_steps + 1):
        entered = [images]
        for (W, b), bent in zip(layers, bends, strict=True):
            s = entered[-1] @ W + b
            entered.append(np.tanh(s) if bent else s)
        error = entered[-1] - images
        costs.append(np.mean(error**2))
        delta = 2 * error / images.size
        for i in reversed(range(len(layers))):
            delta = delta * (1 - entered[i + 1] ** 2) if bends[i] else delta
            gradients = entered[i].T @ delta, delta.sum(axis=0)
            delta = delta @ layers[i][0].T
            layers[i] = [value - rate * gradient for value, gradient in zip(layers[i], gradients, strict=True)]
    return costs


def some_nets():
    """Return images of few pixels, small nets, a rate and a number of steps."""
    rng = np.random.default_rng(52)
    found = []
    for d, n, rate, n_steps in ((6, 12, 0.1, 5), (8, 10, 0.2, 4)):
        images = rng.random((n, d)).astype(np.float32)
        found.append((images, drawn([d, 7, 5, 2, 5, 7, d], seed=d), rate, n_steps))
    return found


def _has_its_own_rate(outputs):
    # one of the usual rates explains the costs of all nets
    return any(
        all(
            len(costs) == n_steps + 1 and np.allclose(costs, descent(images, weights, rate, n_steps), rtol=1e-4)
            for costs, (images, weights, _, n_steps) in zip(outputs, some_nets(), strict=True)
        )
        for rate in (0.1, 0.2, 0.01, 0.001, 0.5, 0.05)
    )


def _has_its_own_length(outputs):
    # as many costs for all nets, though another number of steps is asked for
    return np.ndim(outputs[0]) == 1 and len({len(costs) for costs in outputs}) == 1


def _starts_with_a_sum(outputs):
    return all(
        any(
            np.isclose(costs[0], n * cost(images, weights), rtol=1e-4)
            for n in (len(images), images[0].size, images.size)
        )
        for costs, (images, weights, *_) in zip(outputs, some_nets(), strict=True)
    )


def _descent(**fault):
    return lambda *given: descent(*given, **fault)


QUESTION = function(
    "05.2",
    "training, step by step",
    arguments="images, weights, rate, n_steps",
    inputs=some_nets,
    right=lambda: descent,
    also_right=(lambda: _descent(optimizer="SGD"), lambda: by_hand),
    rtol=1e-4,
    hints=(
        "What has to be computed again in each step, because the weights have changed?",
        "In each step, compute the cost under `tf.GradientTape()`, ask the tape for its gradients with respect to "
        "all `variables`, and subtract.",
        "`tape.gradient(value, variables)` returns a list in the order of `variables`. Go through both with `zip`, "
        "call `variable.assign_sub(rate * gradient)`, and append `float(cost(images, layers))` once all have moved.",
    ),
    mistakes=(
        Mistake(
            "uphill",
            "The cost rises. A gradient points to where the cost grows: which way do you want to go?",
            lambda: _descent(factor=-1),
        ),
        Mistake(
            "an old gradient",
            "All steps go in the direction of the first. Where is the tape: before the loop, or inside it?",
            lambda: _descent(stale=True),
        ),
        Mistake(
            "matrices alone",
            "The matrices learn, but something keeps its first values. How many variables does a layer have?",
            lambda: _descent(chosen=slice(None, None, 2)),
        ),
        Mistake(
            "decoder alone",
            "Only the decoder learns. Which variables does the cost depend on?",
            lambda: _descent(chosen=slice(6, None)),
        ),
        Mistake(
            "costs one step late",
            "The first cost is there twice, and the last one is missing. When do you compute the cost that you append?",
            lambda: lambda *given: descent(*given)[:1] + descent(*given)[:-1],
        ),
        Mistake(
            "nothing learns",
            "The cost never changes. `rate * gradient` has to end up in the variables that the cost is computed from.",
            lambda: lambda images, weights, rate, n_steps: [cost(images, weights)] * (n_steps + 1),
        ),
        Mistake(
            "no rate",
            "Your steps do not depend on the rate. What do you multiply by what?",
            lambda: lambda images, weights, rate, n_steps: descent(images, weights, 1.0, n_steps),
        ),
        Mistake(
            "a rate of its own",
            "Your steps always have the same rate. Which argument says how long a step is?",
            lambda: lambda images, weights, rate, n_steps: descent(images, weights, 0.1, n_steps),
            recognise=_has_its_own_rate,
        ),
        Mistake(
            "a number of steps of its own",
            "You always take the same number of steps. Which argument says how many?",
            lambda: lambda images, weights, rate, n_steps: descent(images, weights, rate, 4),
            recognise=_has_its_own_length,
        ),
        Mistake(
            "a summed cost",
            "Your cost is a sum over images and pixels. The question asks for the mean.",
            lambda: lambda images, *given: [images.size * c for c in descent(images, *given, factor=images.size)],
            recognise=_starts_with_a_sum,
        ),
        Mistake(
            "momentum",
            "Your steps have momentum: each remembers those before it. The plain step is rate times gradient.",
            lambda: _descent(optimizer="SGD", momentum=0.9),
        ),
        Mistake(
            "rate over the number of images",
            "Your rate shrinks with the number of images. Is the cost a sum over them, or a mean already?",
            lambda: lambda images, weights, rate, n_steps: descent(images, weights, rate / len(images), n_steps),
        ),
        Mistake(
            "another optimizer",
            "That is Adam, which gives each weight a step of its own. The question asks for the plain step: rate "
            "times gradient.",
            lambda: _descent(optimizer="Adam"),
        ),
        Mistake(
            "the last one missing",
            "The costs are right, but one is missing: the cost after the last step.",
            lambda: lambda *given: descent(*given)[:-1],
        ),
        Mistake(
            "the first one missing",
            "The costs are right, but one is missing: the cost before the first step.",
            lambda: lambda *given: descent(*given)[1:],
        ),
        Mistake(
            "only the last cost",
            "That is the cost at the end. Return all costs on the way there, step by step.",
            lambda: lambda *given: descent(*given)[-1],
        ),
    ),
    praise="Record, differentiate, subtract: every optimiser does this. They differ in the steps that they make of "
    "a gradient.",
)
