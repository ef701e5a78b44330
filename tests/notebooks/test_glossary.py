"""The glossary: each term is one of the lessons', and is placed where it comes up first."""

import re

import pytest
from _reading import SOURCES, prose

from course_utils._paths import ROOT
from course_utils.notebooks.sources import read_lesson

pytestmark = pytest.mark.check
GLOSSARY = ROOT / "book" / "glossary.md"
LINK = re.compile(r"\[[^]]*\]\([^)]*\)")  # the title of a paper or of the next lesson is no use of its words


def entries(text):
    """Return [(titles, definition)] of a glossary's text."""
    body = re.search(r"^:::\{glossary\}\n(.*)^:::$", text, re.DOTALL | re.MULTILINE)[1]
    found = []
    for block in body.strip().split("\n\n"):
        lines = block.splitlines()
        titles = [line for line in lines if not line.startswith(" ")]
        found.append((titles, " ".join(line.strip() for line in lines[len(titles) :])))
    return found


def first_use(titles):
    """Return the number of the first lesson whose text has one of the titles, or None."""
    words = "|".join(re.escape(title).replace(r"\ ", r"\s+") for title in titles)
    found = re.compile(rf"(?<!\w)(?:{words})(?:e?s)?(?!\w)", re.IGNORECASE)
    return next((number for number, text in enumerate(TEXTS, start=1) if found.search(text)), None)


TEXTS = [LINK.sub("", prose(read_lesson(source))) for source in SOURCES]
ENTRIES = entries(GLOSSARY.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("titles", "definition"), ENTRIES, ids=[titles[0] for titles, _ in ENTRIES])
def test_a_term_is_placed_where_it_comes_up_first(titles, definition):
    """Its definition ends with a link to the first lesson that uses it."""
    number, stem = re.search(r"\[Lesson (\d)\]\(\.\./notebooks/(\w+)\.ipynb\)\.$", definition).groups()
    assert first_use(titles) == int(number)
    assert stem == SOURCES[int(number) - 1].stem


def test_terms_are_in_order_and_told_once():
    """A reader finds a term by its first letters, and finds it once."""
    firsts = [titles[0].lower() for titles, _ in ENTRIES]
    assert firsts == sorted(firsts)
    every = [title.lower() for titles, _ in ENTRIES for title in titles]
    assert len(every) == len(set(every))
    assert len(ENTRIES) > 60


def test_a_wrong_place_is_caught():
    """A term of lesson 6 is not one of lesson 1, and what no lesson uses has no place."""
    assert first_use(["trustworthiness"]) == 3
    assert first_use(["scree plot", "denoiser"]) == 2
    assert first_use(["backpropagation through time"]) is None
