"""06.5: a wide net that never saw noise."""

from course_utils.questions.authoring import choice

QUESTION = choice(
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
