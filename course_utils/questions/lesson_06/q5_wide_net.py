"""06.5: a wide net that never saw noise."""

from course_utils.questions.authoring import choice

QUESTION = choice(
    "06.5",
    "a wide net that never saw noise",
    right="b",
    wrong={
        "a": "Print both errors, each on noisy validation images. Are they almost the same?",
        "c": "Compare it with the noisy images themselves: is the net's error as large as theirs?",
        "d": "Print both errors, each on noisy validation images. Leave `corrupt` out of one training run only.",
    },
    hints=(
        "Train `one_layer(512)` twice from the same first weights, once with `corrupt=add_noise` and once without. "
        "Then `cleaning_mse` of both, and of doing nothing.",
        "Put three errors side by side: cleaner, copier, and the noisy images. How far apart are they?",
    ),
    praise="The copier has learnt to copy, and leaves broken strokes. It was the noise in training that made a "
    "cleaner.",
)
