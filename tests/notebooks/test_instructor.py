"""The instructor's pages: one for each lesson, with all its parts, and minutes that add up."""

import re

import pytest
from _reading import each_lesson, promised

from course_utils._paths import ROOT

pytestmark = pytest.mark.check
PAGES = ROOT / "book" / "instructor"
PARTS = (
    "Aims, and what they build on",
    "Running order",
    "At the figures",
    "Misconceptions",
    "To discuss",
    "When time is short",
    "What goes wrong on the day",
)


def page_of(source):
    """Return the text of a lesson's page."""
    return (PAGES / f"{source.stem}.md").read_text(encoding="utf-8")


@each_lesson
def test_a_page_has_its_parts_in_order(source):
    """Each lesson has one, with the same headings, and the index links it."""
    assert tuple(re.findall(r"^## (.+)$", page_of(source), re.MULTILINE)) == PARTS
    assert f"]({source.stem}.md)" in (PAGES / "index.md").read_text(encoding="utf-8")


@each_lesson
def test_a_page_says_what_was_measured(source):
    """Its minutes and memory are those that the lesson promises, which are those of the stored run."""
    minutes, memory = promised(source)
    text = " ".join(page_of(source).split())
    assert re.search(
        rf"The stored run took {minutes:g} minutes? to execute on one core, and {memory} GB of memory", text
    )


@each_lesson
def test_the_running_order_adds_up(source):
    """The parts take 45 and 90 minutes together."""
    rows = re.findall(r"^\| .+ \| (\d+) \| (\d+) \|$", page_of(source), re.MULTILINE)
    assert [sum(map(int, column)) for column in zip(*rows, strict=True)] == [45, 90]


@each_lesson
def test_each_misconception_has_its_question(source):
    """Five or more, each of an exercise that there is."""
    part = page_of(source).split(f"## {PARTS[3]}")[1].split("\n## ")[0]
    assert part.count("\n- *") >= 5
    named = {
        int(number)
        for numbers in re.findall(r"exercises? ((?:\d(?:, | and )?)+)", part)
        for number in re.findall(r"\d", numbers)
    }
    assert named <= set(range(1, 7))
    assert len(named) >= 4
