"""05.5: half-way between two digits."""

from course_utils.questions.authoring import choice

QUESTION = choice(
    "05.5",
    "half-way between two digits",
    right="c",
    wrong={
        "a": "Print the middles of pairs of different digits beside their ends. Are they as near to an image?",
        "b": "Compare the two middles for pairs of the same digit. Which of them is nearer to a real image?",
        "d": "A cross-fade holds real strokes, but twice as many as a digit. Which middle is nearer in your figures?",
    },
    hints=(
        "For 300 random pairs you need four arrays of pictures: both ends, the middle by code, the middle by "
        "pixels. Then split the pairs by `y_test[i] == y_test[j]`.",
        "With `codes = codes_test`: `decode((codes[i] + codes[j]) / 2, trained)` against `(decode(codes[i], trained) + "
        "decode(codes[j], trained)) / 2`, each through `to_nearest_image`; print the means for equal and for different "
        "digits.",
    ),
    praise="Within one digit, the decoder changes its shape. Between two digits, it crosses a border, or a third "
    "digit.",
)
