"""07.5: what no linear variational autoencoder can undercut."""

import numpy as np

from course_utils.questions.authoring import Mistake, function
from course_utils.questions.lesson_01.points import clouds


def exact(ddof=0, noise=lambda left, kept: left.mean(), constant=True, trace=True, over=lambda n, d: 1, centred=True):
    """Return a function (X, k) -> negative log-likelihood of probabilistic PCA; every argument can be made wrong."""

    def negative_log_likelihood(X, k):
        n, d = X.shape
        covariance = np.cov(X, rowvar=False, ddof=ddof) if centred else X.T @ X / n
        variances = np.linalg.eigvalsh(covariance)[::-1]
        kept, sigma2 = variances[:k], noise(variances[k:], variances[:k])
        determinant = np.log(kept).sum() + (d - k) * np.log(sigma2)
        return 0.5 * (constant * d * np.log(2 * np.pi) + determinant + trace * d) / over(n, d)

    return negative_log_likelihood


def model_of(X, k):
    """Return W and the variance of the noise of the best model: Tipping and Bishop (1999), equations 7 and 8."""
    variances, V = np.linalg.eigh(np.cov(X, rowvar=False, ddof=0))
    variances, V = variances[::-1], V[:, ::-1]
    sigma2 = variances[k:].mean()
    return V[:, :k] * np.sqrt(variances[:k] - sigma2), sigma2


def by_density(X, k):
    """Return the same from SciPy's density of the points under the best model's covariance."""
    from scipy.stats import multivariate_normal

    W, sigma2 = model_of(X, k)
    return -multivariate_normal(X.mean(axis=0), W @ W.T + sigma2 * np.eye(X.shape[1])).logpdf(X).mean()


def by_best_autoencoder(X, k):
    """Return the same as the -ELBO of the linear variational autoencoder with the best parameters."""
    W, sigma2 = model_of(X, k)
    M = W.T @ W + sigma2 * np.eye(k)
    V, s = np.linalg.solve(M, W.T), sigma2 / np.diag(M)
    centred = X - X.mean(axis=0)
    mean = centred @ V.T
    squares = np.sum((centred - mean @ W.T) ** 2, axis=1) + s @ np.sum(W**2, axis=0)
    reconstruction = X.shape[1] / 2 * np.log(2 * np.pi * sigma2) + squares / (2 * sigma2)
    return np.mean(reconstruction + 0.5 * np.sum(s + mean**2 - 1 - np.log(s), axis=1))


def by_em(X, k, n_steps=5000):
    """Return the same by expectation maximization, which never looks at an eigenvalue."""
    d = X.shape[1]
    S = np.cov(X, rowvar=False, ddof=0)
    W, sigma2 = np.random.default_rng(0).normal(size=(d, k)), 1.0
    for _ in range(n_steps):
        M = W.T @ W + sigma2 * np.eye(k)
        SW = S @ W
        new = SW @ np.linalg.inv(sigma2 * np.eye(k) + np.linalg.solve(M, W.T @ SW))
        sigma2 = np.trace(S - SW @ np.linalg.solve(M, new.T)) / d
        W = new
    C = W @ W.T + sigma2 * np.eye(d)
    return 0.5 * (d * np.log(2 * np.pi) + np.linalg.slogdet(C)[1] + np.trace(np.linalg.solve(C, S)))


def by_scikit_learn(X, k):
    """Return what scikit-learn's `score` gives, whose variances have the divisor n - 1."""
    from sklearn.decomposition import PCA

    return -PCA(n_components=k, svd_solver="full").fit(X).score(X)


def without_noise(X, k):
    """Return the value of a model whose W has the variances of the scores themselves, none left to the noise."""
    from scipy.stats import multivariate_normal

    variances, V = np.linalg.eigh(np.cov(X, rowvar=False, ddof=0))
    W = V[:, ::-1][:, :k] * np.sqrt(variances[::-1][:k])
    covariance = W @ W.T + variances[: X.shape[1] - k].mean() * np.eye(X.shape[1])
    return -multivariate_normal(X.mean(axis=0), covariance).logpdf(X).mean()


def unsorted(X, k):
    """Return the value with the smallest variances kept."""
    variances = np.linalg.eigvalsh(np.cov(X, rowvar=False, ddof=0))
    d = X.shape[1]
    return 0.5 * (d * np.log(2 * np.pi) + np.log(variances[:k]).sum() + (d - k) * np.log(variances[k:].mean()) + d)


def reconstruction_alone(X, k):
    """Return the reconstruction cost of PCA under normal noise, KL left out."""
    d = X.shape[1]
    left = np.linalg.eigvalsh(np.cov(X, rowvar=False, ddof=0))[: d - k]
    return d / 2 * np.log(2 * np.pi * left.mean()) + left.sum() / (2 * left.mean())


QUESTION = function(
    "07.5",
    "what no linear net can undercut",
    arguments="X, k",
    inputs=lambda: clouds((15, 5, 2)),
    right=exact,
    also_right=(lambda: by_density, lambda: by_best_autoencoder, lambda: by_em),
    scalar=True,
    rtol=1e-5,
    hints=(
        "You need all d eigenvalues of the covariance of `X`. Which k of them does the model keep, and what becomes of "
        "the others? Mind by what `np.cov` divides.",
        "The model's covariance has the eigenvalues $\\lambda_1, \\dots, \\lambda_k$, and then $\\sigma^2$, the mean "
        "of the others, d - k times. The logarithm of its determinant is a sum of d logarithms.",
        "`values = np.linalg.eigvalsh(np.cov(X, rowvar=False, ddof=0))[::-1]`, then `noise = values[k:].mean()`, and "
        "half of `d * np.log(2 * np.pi) + np.log(values[:k]).sum() + (d - k) * np.log(noise) + d`.",
    ),
    mistakes=(
        Mistake(
            "the sign",
            "That is the log-likelihood. The question asks for its negative, which is a cost.",
            lambda: lambda X, k: -exact()(X, k),
        ),
        Mistake(
            "n - 1 for n",
            "Very near. The largest likelihood belongs to the covariance with one divisor: by what does `np.cov` "
            "divide?",
            lambda: exact(ddof=1),
        ),
        Mistake(
            "scikit-learn's score",
            "Very near: this is scikit-learn's `score`. Its variances have the divisor n - 1, and so its model is not "
            "quite the best one for these points.",
            lambda: by_scikit_learn,
        ),
        Mistake(
            "summed noise",
            "You take the sum of the variances that are left out. The noise is the same in each of d - k directions: "
            "what is its variance in one?",
            lambda: exact(noise=lambda left, kept: left.sum()),
        ),
        Mistake(
            "noise over all directions",
            "You spread the variance that is left out over all d directions, as the squared error per pixel does. In "
            "how many directions is there nothing but noise?",
            lambda: exact(noise=lambda left, kept: left.sum() / (len(left) + len(kept))),
        ),
        Mistake(
            "the last variance",
            "Your noise is one of the variances that are left out. It should stand for all of them.",
            lambda: exact(noise=lambda left, kept: left[-1]),
            recognise=lambda outputs: any(
                np.isclose(outputs[0], exact(noise=lambda left, kept, i=i: left[i])(*clouds((15, 5, 2))[0]), rtol=1e-4)
                for i in range(3)
            ),
        ),
        Mistake(
            "each its own noise",
            "That is the likelihood of a normal distribution with the data's whole covariance: each direction has a "
            "variance of its own. How many different ones does this model have outside its k directions?",
            lambda: exact(noise=lambda left, kept: np.exp(np.log(left).mean())),
        ),
        Mistake(
            "2 pi forgotten",
            "Right except for a constant that only depends on d. What stands before the exponential in a normal "
            "density?",
            lambda: exact(constant=False),
        ),
        Mistake(
            "exponent forgotten",
            "You have the logarithm of the normal density's factor. What does its exponent contribute on average?",
            lambda: exact(trace=False),
        ),
        Mistake(
            "one half forgotten",
            "This is twice what it should be. Which factor stands before the sum?",
            lambda: lambda X, k: 2 * exact()(X, k),
        ),
        Mistake(
            "summed over points",
            "That is the cost of all points together. The question asks for it per point.",
            lambda: exact(over=lambda n, d: 1 / n),
        ),
        Mistake(
            "per coordinate",
            "That is a cost per coordinate. The question asks for it per point, in nats.",
            lambda: exact(over=lambda n, d: d),
        ),
        Mistake(
            "smallest kept",
            "You keep the k smallest variances. In which order does NumPy return eigenvalues?",
            lambda: unsorted,
        ),
        Mistake("not centred", "These are eigenvalues of points that were not centred.", lambda: exact(centred=False)),
        Mistake(
            "noise counted twice",
            "In the k directions your model has the full variance, and the noise on top of it. The noise is part of "
            "what the data show there.",
            lambda: without_noise,
        ),
        Mistake(
            "KL left out",
            "That is the reconstruction cost of PCA under normal noise. What does it cost to say where a code is?",
            lambda: reconstruction_alone,
        ),
    ),
    praise="Eigenvalues alone give a bound that no linear net can undercut, however it is trained.",
)
