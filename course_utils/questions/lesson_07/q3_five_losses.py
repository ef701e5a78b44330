"""07.3: which of five losses weighs KL 784 times too much."""

from course_utils.questions.authoring import choice

QUESTION = choice(
    "07.3",
    "which of five losses",
    right="d",
    wrong={
        "a": "Keras's cross-entropy is a mean over the 784 pixels. What becomes of a mean when it is multiplied by "
        "their number?",
        "b": "This is a cost per pixel, and so small. But which share of it is KL? A factor before the "
        "whole loss changes nothing about that.",
        "c": "Half of 784 is no accident: what is half the squared error of a whole image?",
        "e": "Transposed, an image is a column. Over what does Keras take the mean then, and what does the sum add up?",
    },
    hints=(
        "A factor before the whole loss does no harm. What counts is how a loss weighs its two terms against each "
        "other: pass `kl` and then `0 * kl`, and pass `x` in place of `r`.",
        "Work out for each loss by how many nats it rises when an image's `kl` rises by 1, and when its reconstruction "
        "cost, summed over the pixels, rises by 1. In four of the five both numbers are the same.",
        "`binary_crossentropy` and `mean_squared_error` are means over the last axis. Over what does each loss "
        "add up or average, and does it have a factor for the pixels?",
    ),
    praise="A sum over images is not a sum over pixels. Nothing in such a loss looks wrong, and every code collapses.",
)
