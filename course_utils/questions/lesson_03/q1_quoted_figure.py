"""03.1: which figure to quote of several nets with several seeds."""

import numpy as np

from course_utils.questions.authoring import Mistake, function
from course_utils.questions.lesson_03 import nets, q4_stretched_map, q5_fair_table


def tables():
    """Return (validation, test, curve), in which the nets rank otherwise on test and by their best seed."""
    curve = np.array([0.081, 0.066, 0.054, 0.047, 0.043, 0.040, 0.0385, 0.0372])
    validation = np.array(
        [
            [0.047, 0.049, 0.051, 0.048],
            [0.040, 0.053, 0.054, 0.053],
            [0.050, 0.052, 0.053, 0.051],
            [0.057, 0.058, 0.061, 0.056],
        ]
    )
    test = np.array(
        [
            [0.0505, 0.0481, 0.0559, 0.0493],
            [0.046, 0.057, 0.058, 0.056],
            [0.045, 0.047, 0.048, 0.046],
            [0.059, 0.060, 0.063, 0.058],
        ]
    )
    # in hundredths: of the size of the worth, so that a verdict sees both
    return [(100 * validation, 100 * test, 100 * curve)]


def worth(error, curve):
    """Return how many components leave this error, interpolated between whole numbers."""
    return np.interp(error, curve[::-1], np.arange(len(curve), 0, -1))


def figure(errors, curve, worth_of=worth):
    """Return mean, smallest and largest of a net's errors, and the worth of the mean."""
    return [errors.mean(), errors.min(), errors.max(), worth_of(errors.mean(), curve)]


def quote(validation, test, curve):
    """Choose a net on validation, by its mean over the seeds, and return its figure on test."""
    return figure(test[validation.mean(axis=1).argmin()], curve)


def by_loops(validation, test, curve):
    """Return the same in plain Python."""
    means = [sum(row) / len(row) for row in validation.tolist()]
    errors = test.tolist()[means.index(min(means))]
    mean = sum(errors) / len(errors)
    k = next(k for k in range(1, len(curve)) if curve[k] <= mean)  # between k and k + 1 components
    return [mean, min(errors), max(errors), k + (curve[k - 1] - mean) / (curve[k - 1] - curve[k])]


def by_the_course(validation, test, curve):
    """Return the same with the course's own function."""
    from course_utils.metrics import equivalent_n_components

    errors = test[np.argsort(validation.sum(axis=1))[0]]
    return [np.mean(errors), *np.percentile(errors, [0, 100]), equivalent_n_components(errors.mean(), curve)]


def whole(rounded):
    """Return `quote` with a worth in whole components."""
    return lambda *tables: [*quote(*tables)[:3], rounded(quote(*tables)[3])]


def unsorted(validation, test, curve):
    """Return `quote`, but with a falling curve handed to np.interp."""
    known = quote(validation, test, curve)
    return [*known[:3], np.interp(known[0], curve, np.arange(1, len(curve) + 1))]


def worth_of_each(validation, test, curve):
    """Return `quote`, but with the worths averaged instead of the errors."""
    errors = test[validation.mean(axis=1).argmin()]
    return [*figure(errors, curve)[:3], worth(errors, curve).mean()]


def worth_of_validation(validation, test, curve):
    """Return `quote`, but with the worth of the validation error."""
    return [*quote(validation, test, curve)[:3], worth(validation.mean(axis=1).min(), curve)]


def standard_deviation(validation, test, curve):
    """Return `quote`, but with the mean less and plus one standard deviation for the spread."""
    mean, sd = quote(validation, test, curve)[0], test[validation.mean(axis=1).argmin()].std()
    return [mean, mean - sd, mean + sd, worth(mean, curve)]


def best_single_run(validation, test, curve):
    """Return the figure of the single run with the smallest validation error."""
    return figure(test.ravel()[[validation.argmin()]], curve)


def inputs():
    """Return the tables, and see to it that the data are loaded once for all questions, before nets take the memory."""
    for known in (nets.unseen, nets.yardsticks, q4_stretched_map.maps, q5_fair_table.errors_of_pca):
        known()
    return tables()


QUESTION = function(
    "03.1",
    "the figure to quote",
    arguments="validation, test, curve",
    inputs=inputs,
    right=lambda: quote,
    also_right=(lambda: by_loops, lambda: by_the_course),
    shape=(4,),
    rtol=1e-5,
    hints=(
        "Only `validation` decides which net is chosen. Along which of its axes are the seeds, and which net has the "
        "smallest mean?",
        "`errors = test[best]` are that net's errors on test: mean, smallest and largest come from these.",
        "`equivalent_n_components(errors.mean(), curve)`, or `np.interp` with both the curve and the numbers of "
        "components reversed, because it needs increasing errors.",
    ),
    mistakes=(
        Mistake(
            "chosen on test",
            "You quote the net that does best *on test*. On which images should the choice be made?",
            lambda: lambda v, t, c: figure(t[t.mean(axis=1).argmin()], c),
        ),
        Mistake(
            "the best seed",
            "You chose the net that had the luckiest single run. What should you compare instead?",
            lambda: lambda v, t, c: figure(t[v.min(axis=1).argmin()], c),
        ),
        Mistake(
            "the best single run",
            "You quote one run, the one with the smallest validation error: its mean, smallest and largest error are "
            "the same number. A net is chosen by its mean over the seeds, and quoted with all of them.",
            lambda: best_single_run,
        ),
        Mistake(
            "validation quoted",
            "You quote the errors by which you chose. Which images are still unseen?",
            lambda: lambda v, t, c: figure(v[v.mean(axis=1).argmin()], c),
        ),
        Mistake(
            "axes exchanged",
            "You average over the nets. A row is a net; its columns are the seeds.",
            lambda: lambda v, t, c: figure(t[:, v.mean(axis=0).argmin()], c),
        ),
        Mistake(
            "the worst net",
            "That is the net with the largest error.",
            lambda: lambda v, t, c: figure(t[v.mean(axis=1).argmax()], c),
        ),
        Mistake(
            "counted from 0",
            "Your worth is one component too few: to how many components does `curve[0]` belong?",
            lambda: whole(lambda worth: worth - 1),
        ),
        Mistake(
            "rounded up", "Your worth is a whole number. Interpolate.", lambda: whole(lambda worth: -(-worth // 1))
        ),
        Mistake("rounded down", "Your worth is cut off. Interpolate.", lambda: whole(np.floor)),
        Mistake(
            "the curve unsorted",
            "The errors are right; the worth is not. `np.interp` needs its second argument to increase: does `curve`?",
            lambda: unsorted,
        ),
        Mistake(
            "worth averaged",
            "Your worth is the mean of the seeds' worths. The curve is bent, so that is not the worth of their mean.",
            lambda: worth_of_each,
        ),
        Mistake(
            "worth of the validation error",
            "The errors are right; the worth is that of the mean on validation. `curve` holds PCA's errors on test.",
            lambda: worth_of_validation,
        ),
        Mistake(
            "standard deviation",
            "Second and third are the mean minus and plus a standard deviation. You were asked for two of the errors "
            "themselves.",
            lambda: standard_deviation,
        ),
    ),
    praise="Chosen on validation, quoted from test, with its spread: nobody has to take your word for it.",
)
