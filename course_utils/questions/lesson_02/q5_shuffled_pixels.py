"""02.5: PCA of shuffled pixels."""

from course_utils.questions.authoring import choice

QUESTION = choice(
    "02.5",
    "shuffled pixels",
    right="b",
    wrong={
        "a": "Compare the two errors that you have printed. Do they differ by more than rounding?",
        "c": "Put a component back in order before you judge it: pixel `order[j]` of the image went to place j.",
        "d": "Compare the two errors that you have printed, and the explained variances beside them.",
    },
    hints=(
        "Fit both on the same 10,000 images. Print both errors on test images, each set in its own order of pixels.",
        "`back = np.empty_like(v); back[order] = v` puts a shuffled component back. Draw it beside the plain one.",
    ),
    praise="PCA sees a list of numbers. A method that knows neighbours, a convolution, would notice.",
)
