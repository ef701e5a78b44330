"""What the questions to lesson 1 compute with: points, right code, and code with the mistakes that students make."""

from functools import cache

import numpy as np

EIGHT = np.array([[1, 5], [2, 6], [3, 4], [4, 5], [5, 3], [6, 4], [7, 1], [8, 2]])
THREE = np.array([[9, 3], [2, 2], [6, 7]])


def sorted_eigenvectors(X):
    """Return the eigenvectors of the covariance of X as columns, the largest eigenvalue first."""
    return np.linalg.eigh(np.cov(X, rowvar=False))[1][:, ::-1]


# 01.1: three points on the line of eight others


def feet(X, through, v, back=True):
    """Return the feet of X on the line through a point along v; without `back`, relative to that point."""
    v = v / np.linalg.norm(v)
    return np.outer((X - through) @ v, v) + (through if back else 0)


def three_feet(**changed):
    """Return the feet of the three points on the line of the eight, by default as it should be."""
    how = {"through": EIGHT.mean(axis=0), "v": sorted_eigenvectors(EIGHT)[:, 0]}
    return feet(THREE, **how | changed)


def uncentred_direction():
    """Return the direction in which the eight points, seen from the origin, are longest."""
    return np.linalg.eigh(EIGHT.T @ EIGHT / len(EIGHT))[1][:, -1]


def regression():
    """Return the points at the same x 1 on the regression line."""
    slope, intercept = np.polyfit(*EIGHT.T, 1)
    return np.column_stack([THREE[:, 0], slope * THREE[:, 0] + intercept])


def fitted_to_all():
    """Return the feet of the three on the line of all eleven points."""
    all_points = np.concatenate([EIGHT, THREE])
    return feet(THREE, all_points.mean(axis=0), sorted_eigenvectors(all_points)[:, 0])


def codes():
    """Return the codes of the three points, (3, 1)."""
    return (THREE - EIGHT.mean(axis=0)) @ sorted_eigenvectors(EIGHT)[:, :1]


# 01.2: what is lost


def loss_of(counted=lambda eigenvalues, d, k: eigenvalues[: d - k], ddof=0, over=lambda d, k: d):
    """Return a function (X, k) -> sum of those of the ascending eigenvalues that are counted, over a number."""

    def lost(X, k):
        eigenvalues = np.linalg.eigvalsh(np.cov(X, rowvar=False, ddof=ddof))
        return counted(eigenvalues, X.shape[1], k).sum() / over(X.shape[1], k)

    return lost


def lost_uncentred(X, k):
    """Return the sum of the dropped eigenvalues of X, not centred."""
    return np.linalg.eigvalsh(X.T @ X / len(X))[: X.shape[1] - k].sum() / X.shape[1]


def share_lost(X, k):
    """Return which share of the variance is lost."""
    eigenvalues = np.linalg.eigvalsh(np.cov(X, rowvar=False))
    return eigenvalues[: X.shape[1] - k].sum() / eigenvalues.sum()


def lost_by_reconstructing(X, k):
    """Return the same as the right one, from the reconstructions."""
    V_k, mean = sorted_eigenvectors(X)[:, :k], X.mean(axis=0)
    return np.mean((X - mean - (X - mean) @ V_k @ V_k.T) ** 2)


@cache
def points_and_k():
    """Return arrays of points of different sizes, far from the origin, each with a k."""
    rng = np.random.default_rng(12)
    sizes = [(12, 2, 1), (20, 3, 1), (20, 3, 2), (15, 5, 2), (20, 3, 0), (10, 2, 2)]
    return [(rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + rng.uniform(2, 4, d), k) for n, d, k in sizes]


# 01.3: three faults


def reconstructing(mean=True, order=True, columns=True):
    """Return a function (X, k) -> reconstructions, with a fault for each argument that is False."""

    def reconstructed(X, k):
        middle = X.mean(axis=0) if mean else X.mean()
        eigenvalues, V = np.linalg.eigh(np.cov(X - middle, rowvar=False))
        kept = np.argsort(eigenvalues)[::-1][:k] if order else np.argsort(eigenvalues)[:k]
        V_k = V[:, kept] if columns else V[kept].T
        return (X - middle) @ V_k @ V_k.T + middle

    return reconstructed


def reconstructing_by_svd(X, k):
    """Return the right reconstructions, in another way."""
    mean = X.mean(axis=0)
    _, _, Vt = np.linalg.svd(X - mean, full_matrices=False)
    return (X - mean) @ Vt[:k].T @ Vt[:k] + mean


# 01.5 and 01.6: points along a bow and along a spiral arm


def bow(n, seed):
    """Draw points along a parabola."""
    rng = np.random.default_rng(seed)
    t = rng.uniform(-2, 2, n)
    return np.column_stack([t, t**2 / 2]) + rng.normal(0, 0.1, (n, 2))


def arm(n, seed):
    """Draw points along the arm of a spiral."""
    rng = np.random.default_rng(seed)
    turn = rng.uniform(0.5, 3, n)  # half turns
    return np.column_stack([turn * np.cos(np.pi * turn), turn * np.sin(np.pi * turn)]) + rng.normal(0, 0.1, (n, 2))


@cache
def fresh(draw):
    """Return points that no student has trained on, float32."""
    return draw(500, 31_415).astype(np.float32)


@cache
def pca_error(draw):
    """Return the error of PCA's line of 1000 points on the fresh ones."""
    X = draw(1000, 0)
    return float(np.mean((fresh(draw) - feet(fresh(draw), X.mean(axis=0), sorted_eigenvectors(X)[:, 0])) ** 2))


def halves(
    encoder="linear",
    decoder="relu",
    latent="linear",
    output="linear",
    latent_dim=1,
    units=(20, 20),
    joined=True,
    seed=0,
):
    """Return an untrained autoencoder whose halves have these activations."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(seed)
    point = h = keras.Input((2,))
    for n in units:
        h = layers.Dense(n, activation=encoder)(h)
    code = layers.Dense(latent_dim, activation=latent)(h)
    latent_input = h = keras.Input((latent_dim,)) if joined else code
    for n in reversed(units):
        h = layers.Dense(n, activation=decoder)(h)
    reconstruction = layers.Dense(2, activation=output)(h)
    if not joined:
        return keras.Model(point, reconstruction)
    return keras.Model(point, keras.Model(latent_input, reconstruction)(keras.Model(point, code)(point)))


def trained(model, draw, epochs, rate=1e-3):
    """Return the model after training on 1000 points."""
    import keras

    X = draw(1000, 0)
    keras.utils.set_random_seed(0)
    model.compile(keras.optimizers.Adam(rate), "mean_squared_error", jit_compile=False)
    model.fit(X, X, epochs=epochs, batch_size=64, verbose=0)
    return model


def dense(facts):
    """Return (units, activation) of each dense layer; an activation that is a layer of its own counts with it."""
    found = []
    for name, units, activation in facts["layers"]:
        if name == "Dense":
            found.append((units, activation))
        elif found and name in ("Activation", "ReLU", "LeakyReLU", "ELU", "PReLU"):
            found[-1] = (found[-1][0], activation or name.lower())
    return found


def bends(layers):
    """Return whether any of these (units, activation) is not linear."""
    return any(activation != "linear" for _, activation in layers)


def parts(model):
    """Return the numbers (in, out) of each model inside a model."""
    inner = [layer for layer in model.layers if getattr(layer, "layers", None)]
    return [(layer.input_shape[-1], layer.output_shape[-1]) for layer in inner]
