"""The questions to lesson 6, one layer and denoising: the last three."""

import numpy as np

from course_utils.questions import answers_06 as code
from course_utils.questions.authoring import choice, function, number
from course_utils.questions.engine.question import Mistake

# 4. Derive: the best linear cleaner

Q4 = number(
    "06.4",
    "cleaning, foretold",
    right=code.foretold,
    rtol=3e-3,
    low=0,
    hints=(
        "Along one component the clean score $c$ has variance $\\lambda$, and arrives as $c + e$, where $e$ has the "
        "noise's variance $\\nu$ and nothing to do with $c$. The cleaner answers $a\\,(c + e)$.",
        "Its error is $\\lambda$ times the square of $1 - a$, and $\\nu$ times the square of $a$. Which $a$ makes that "
        "least? Put it in.",
        "$a = \\lambda/(\\lambda + \\nu)$ leaves $\\lambda\\nu/(\\lambda + \\nu)$. Add these up over all "
        "components, and divide by the number of pixels.",
    ),
    mistakes=(
        Mistake(
            "summed over pixels",
            "That is the error of an image, all its pixels together. What is asked for per pixel?",
            lambda: code.foretold(pixels=1),
        ),
        Mistake(
            "0.5 for its square",
            "You took 0.5 for the variance of the noise. It is the standard deviation.",
            lambda: code.foretold(noise=0.5),
        ),
        Mistake(
            "the noise itself",
            "That is what the noisy images leave, with nothing done to them.",
            lambda: 0.25,
        ),
        Mistake(
            "the noise that stays",
            "That is the part of the noise that gets through. What does the cleaner take away from the digit itself?",
            lambda: code.foretold(lambda v, noise: v**2 * noise / (v + noise) ** 2),
        ),
        Mistake(
            "what is taken from the digit",
            "That is what the cleaner takes from the digit. How much of the noise gets through?",
            lambda: code.foretold(lambda v, noise: v * noise**2 / (v + noise) ** 2),
        ),
        Mistake(
            "what is kept",
            "That is the variance that the cleaner keeps. What does it miss?",
            lambda: code.foretold(lambda v, noise: v**2 / (v + noise)),
        ),
        Mistake(
            "kept or dropped",
            "You keep components with more variance than the noise, and drop the others. May a cleaner not keep a "
            "part of each?",
            lambda: code.foretold(np.minimum),
        ),
        Mistake(
            "PCA with 32",
            "That is PCA with 32 components: all noise in these, all that is in the others lost. The best map weighs "
            "each component.",
            lambda: code.foretold(lambda v, noise: np.where(np.arange(784) < 32, noise, v)),
        ),
        Mistake(
            "everything dropped",
            "That is the variance of the images: what answering with the mean image leaves.",
            lambda: code.foretold(lambda v, noise: v),
        ),
    ),
    praise="No image was cleaned: the variances and the size of the noise are enough.",
)


# 5. Experiment: a wide net that never saw noise

Q5 = choice(
    "06.5",
    "a wide net that never saw noise",
    right="b",
    wrong={
        "a": "Print both figures, each on noisy validation images. Is the one hardly larger than the other?",
        "c": "Hold it against the noisy images themselves: does the net leave as much as they do?",
        "d": "Print both figures, each on noisy validation images: `corrupt` has to be left out in one training alone.",
    },
    hints=(
        "Train `one_layer(512)` twice from the same first weights, once with `corrupt=add_noise` and once without. "
        "Then `cleaning_mse` of both, and of doing nothing.",
        "Three figures in a row: cleaner, copier, the noisy images. Between which two is the gap that decides?",
    ),
    praise="It has learnt to copy, and leaves broken strokes. It was the noise in training that made a cleaner.",
)


# 6. The challenge: few images

Q6 = function(
    "06.6",
    "cleaning, learnt from few",
    arguments="X_train, noisy",
    inputs=lambda: [code.few_images()],
    right=lambda: code.by_many_draws,
    also_right=(lambda: lambda X_train, noisy: code.by_many_draws(X_train, noisy, n_draws=6),),
    accepts=lambda outputs: code.over_pca(outputs[0]) <= 0.85,
    shape=(300, 784),
    slow=True,
    hints=(
        "The images are few. Is the noise? Each image can be had with many draws of it.",
        "Least squares needs only two sums over all pairs: of `noisy.T @ noisy` and of `noisy.T @ clean`, the noisy "
        "images less their mean. They can be added up, draw by draw.",
        "Ten draws of noise for all 2000 images; the sums; `B = np.linalg.solve(gram, cross)`; then "
        "`(noisy - noisy_mean) @ B + clean_mean`, clipped to [0, 1].",
    ),
    mistakes=(
        Mistake(
            "nothing done",
            "These are the noisy images, or nearly. If you fitted something: was its target clean?",
            lambda: lambda X_train, noisy: noisy,
            recognise=lambda outputs: _like(outputs[0], code.few_images()[1]),
        ),
        Mistake(
            "the mean image",
            "That is one image for all. What does the noisy image tell?",
            lambda: lambda X_train, noisy: np.tile(X_train.mean(axis=0), (len(noisy), 1)),
            recognise=lambda outputs: bool(outputs[0].shape == (300, 784) and np.ptp(outputs[0], axis=0).max() < 1e-3),
        ),
        Mistake(
            "codes",
            "One row for each image is right; but 784 pixels are to be in it.",
            lambda: lambda X_train, noisy: noisy[:, :32],
            recognise=lambda outputs: outputs[0].ndim == 2 and outputs[0].shape[1] != 784,
        ),
        Mistake(
            "level with PCA",
            "About as good as PCA with 32 components, which is the yardstick. If it is least squares with one draw of "
            "the noise: it has learnt that draw by heart, too.",
            lambda: lambda X_train, noisy: code.by_many_draws(X_train, noisy, n_draws=1),
            recognise=lambda outputs: bool(0.85 < code.over_pca(outputs[0]) <= 1.1),
        ),
        Mistake(
            "worse than PCA",
            "Worse than PCA with 32 components. Clipped noise adds ink: which mean is to be taken from a noisy image, "
            "and which added to the answer?",
            lambda: lambda X_train, noisy: code.by_pca(X_train, noisy, own_mean=False),
            recognise=lambda outputs: bool(1.1 < code.over_pca(outputs[0]) < np.inf),
        ),
    ),
    praise="Noise costs nothing: draw it again and again, and few images go further.",
)


def _like(cleaned, noisy):
    return bool(cleaned.shape == noisy.shape and np.mean((cleaned - noisy) ** 2) < 0.01)
