"""03.5: PCA and a net, fitted to the same thousand images."""

import numpy as np

from course_utils.questions.authoring import Check, Mistake, array, of_data


@of_data
def errors_of_pca(data):
    """Return PCA's errors by (fitted on, judged on) with two components, and with ", one" behind the latter for one."""
    from course_utils.metrics import pca_error_curve
    from course_utils.pca import PCA

    X_train, X_val = data.X_train[:-5_000], data.X_train[-5_000:]
    X_few = X_train[np.random.default_rng(0).choice(len(X_train), 1_000, replace=False)]
    sets = {"few": X_few, "validation": X_val, "test": data.X_test}
    fit_on = {"few": X_few, "validation": X_val, "train": X_train}
    fitted = {name: PCA(n_components=2).fit(X) for name, X in fit_on.items()}
    curves = {(on, of): pca_error_curve(pca, X) for on, pca in fitted.items() for of, X in sets.items()}
    return {(on, of + more): curves[on, of][k] for on, of in curves for k, more in ((1, ""), (0, ", one"))}


def of_pca(fitted_on=("few", "few"), of=("few", "validation")):
    """Return PCA's two errors."""
    return [errors_of_pca()[pair] for pair in zip(fitted_on, of, strict=True)]


def table(over_pca=(0.76, 0.87), pca=None):
    """Return a table as the experiment gives it: PCA's errors, and those of a net as multiples of these."""
    own = of_pca()
    return np.array([own if pca is None else pca, np.multiply(own, over_pca)])


@of_data
def few_and_validation(data):
    """Return the error of two components on the thousand images and on validation, by the SVD of the thousand."""
    X_train, X_val = data.X_train[:-5_000], data.X_train[-5_000:]
    X_few = X_train[np.random.default_rng(0).choice(len(X_train), 1_000, replace=False)]
    mean = X_few.mean(axis=0)
    V = np.linalg.svd(X_few - mean, full_matrices=False)[2][:2].T
    return [float(np.mean((X - mean - (X - mean) @ V @ V.T) ** 2)) for X in (X_few, X_val)]


def by_svd():
    """Return such a table, PCA's row by the SVD of the thousand images, rounded as the page prints it."""
    errors = table((0.74, 0.85), pca=few_and_validation())
    return [[round(float(error), 4) for error in row] for row in errors]


@of_data
def by_scikit_learn(data):
    """Return such a table of another net, PCA's row by scikit-learn."""
    from sklearn.decomposition import PCA

    X_train = data.X_train[:-5_000]
    X_few = X_train[np.random.default_rng(0).choice(len(X_train), 1_000, replace=False)]
    pca = PCA(n_components=2, svd_solver="full").fit(X_few)
    both = (X_few, data.X_train[-5_000:])
    return table((0.81, 0.9), [np.mean((X - pca.inverse_transform(pca.transform(X))) ** 2) for X in both])


def _parts(answer):
    # PCA's row over the right one, and the net's row over it
    return np.asarray(answer) / of_pca()


def _pca_is(answer, *pair):
    # unrounded, or with four digits as the page prints it; either may have passed through float32
    errors = np.array(of_pca(*pair))
    return np.allclose(answer[0], errors, rtol=3e-4) or np.allclose(answer[0], errors.round(4), rtol=1e-6)


QUESTION = array(
    "03.5",
    "a thousand images",
    right=table,
    also_right=(by_svd, by_scikit_learn),
    shape=(2, 2),
    checks=(
        Check(
            "PCA's row",
            "The first row, PCA's, is not right. It is the same in every run: two components, fitted to `X_few` "
            "with its mean, error per pixel.",
            _pca_is,
            lambda: table(pca=np.multiply(of_pca(), 1.05)),
        ),
        Check(
            "the net on the thousand",
            "PCA's row is right. The net is not good enough on the thousand images: did you train it on them for "
            "100 epochs, in batches of 32?",
            lambda answer: _parts(answer)[1, 0] < 0.88,
            lambda: table((0.9, 0.95)),
        ),
        Check(
            "the net on validation",
            "PCA's row is right. On validation, this net is no better than PCA: did you train it on the thousand "
            "images alone, for 100 epochs, in batches of 32?",
            lambda answer: _parts(answer)[1, 1] < 0.98,
            lambda: table((0.76, 1.05)),
        ),
        Check(
            "too good on the thousand",
            "PCA's row is right. On the thousand images, this net is better than 100 epochs can make it. Is it the "
            "net that the question describes, trained in that way?",
            lambda answer: _parts(answer)[1, 0] > 0.55,
            lambda: table((0.4, 0.87)),
        ),
        Check(
            "too good on validation",
            "PCA's row is right. On validation, this net is better than a thousand images can make it: has it seen "
            "others?",
            lambda answer: _parts(answer)[1, 1] > 0.7,
            lambda: table((0.6, 0.65)),
        ),
        Check(
            "one column twice",
            "PCA's row is right. The net's two errors are almost the same. Did you measure both on the same "
            "images, or train on more than the thousand?",
            lambda answer: answer[1, 1] > 1.03 * answer[1, 0],
            lambda: table((0.8, 0.8)),
        ),
    ),
    hints=(
        "`PCA(n_components=2).fit(X_few)` sees only the thousand images, and so does the net. Then evaluate each of "
        "them twice, without fitting anything again.",
        "`pca_error_curve(pca, X)[1]` is PCA's error with two components on any X. For the net: `evaluate(X, X, "
        "verbose=0)`, after training.",
        '`net = build_autoencoder(784, [128, 32], 2).model`; `net.compile("adam", "mean_squared_error")`; '
        "`net.fit(X_few, X_few, batch_size=32, epochs=100, verbose=0)`.",
    ),
    mistakes=(
        Mistake(
            "a third row",
            "Your table has more than two rows. The question asks for PCA's and the net's, and for no others.",
            lambda: np.vstack([table(), table()[1:]]),
            recognise=lambda answer: answer.shape[1] == 2 and len(answer) > 2,
        ),
        Mistake(
            "all of train",
            "You fitted PCA to all of train. A fair comparison gives both models the same images.",
            lambda: table(pca=of_pca(("train", "train"))),
            recognise=lambda answer: _pca_is(answer, ("train", "train")),
        ),
        Mistake(
            "fitted twice",
            "You fitted PCA to the validation images as well. Which images may a model see before it is judged?",
            lambda: table(pca=of_pca(("few", "validation"))),
            recognise=lambda answer: _pca_is(answer, ("few", "validation")),
        ),
        Mistake(
            "test for validation",
            "PCA's second error is its error on test. Use test once, at the very end.",
            lambda: table(pca=of_pca(of=("few", "test"))),
            recognise=lambda answer: _pca_is(answer, ("few", "few"), ("few", "test")),
        ),
        Mistake(
            "one component",
            "Your PCA keeps one component, and the net has two numbers. At which place of the curve are two "
            "components?",
            lambda: table(pca=of_pca(of=("few, one", "validation, one"))),
            recognise=lambda answer: _pca_is(answer, ("few", "few"), ("few, one", "validation, one")),
        ),
        Mistake(
            "columns exchanged",
            "The columns are exchanged, in one row at least: the thousand images come first.",
            lambda: table()[:, ::-1],
            recognise=lambda a: _pca_is(a[:, ::-1]) or (_pca_is(a) and a[1, 1] < 0.95 * a[1, 0]),
        ),
        Mistake(
            "axes exchanged",
            "Rows and columns are exchanged: a row belongs to a model.",
            lambda: table().T,
            recognise=lambda answer: _pca_is(np.transpose(answer)),
        ),
        Mistake(
            "rows exchanged",
            "The rows are exchanged: PCA's comes first.",
            lambda: table()[::-1],
            recognise=lambda answer: _pca_is(answer[::-1]),
        ),
        Mistake(
            "not trained",
            "PCA's row is right. The net's errors are more than twice PCA's: did you train *this* net, image to image?",
            lambda: table((4, 4)),
            recognise=lambda answer: _pca_is(answer) and _parts(answer)[1, 1] > 2,
        ),
    ),
    praise="Compare the rows: how much each model gains on images that it has seen, and which is better on the others.",
)
