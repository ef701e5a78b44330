"""A report on the class, without names: what passed, which known mistakes were made, what to talk about next."""

import html
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from course_utils._paths import ROOT
from course_utils.grading._spreadsheet import as_csv
from course_utils.grading.marks import Row
from course_utils.grading.student_report import page
from course_utils.questions.engine.verdict import PASSED, YOUR_TURN, as_html

INSTRUCTOR = ROOT / "book" / "instructor"
MOST_TO_DISCUSS = 3
# What may have become of a question, with the colour of its bar: at least 3 to 1 on white and on black
OUTCOMES = {"passed": "#1a7f37", "known mistake": "#b35900", "wrong otherwise": "#cf222e", "no answer": "#6e7781"}


@dataclass(frozen=True)
class Made:
    """A known mistake of a question: its name, the sentence that students saw, how many students made it."""

    key: str
    name: str
    text: str
    students: int


@dataclass(frozen=True)
class Asked:
    """A question: how many students had each of `OUTCOMES`, and its known mistakes, the most frequent first."""

    key: str
    title: str
    outcomes: dict[str, int]
    mistakes: tuple[Made, ...]


def count(rows: dict[str, Row], titles: dict[str, str]) -> list[Asked]:
    """Return what became of each question in a class."""
    found = []
    for key, title in titles.items():
        verdicts = [row.verdicts.get(key) for row in rows.values()]
        outcomes = Counter({name: 0 for name in OUTCOMES})
        outcomes.update(map(_outcome, verdicts))
        made = Counter((v["mistake"], v["text"]) for v in verdicts if v and v["mistake"] and not v["passed"])
        mistakes = [Made(key, name, text, n) for (name, text), n in made.most_common()]
        found.append(Asked(key, title, dict(outcomes), tuple(mistakes)))
    return found


def _outcome(verdict):
    if verdict is None or verdict["state"] == YOUR_TURN or verdict["missing"]:
        return "no answer"
    if verdict["state"] == PASSED:
        return "passed"
    return "known mistake" if verdict["mistake"] else "wrong otherwise"


def to_discuss(questions: list[Asked]) -> list[Made]:
    """Return the mistakes that most students made."""
    made = [mistake for question in questions for mistake in question.mistakes]
    return sorted(made, key=lambda mistake: -mistake.students)[:MOST_TO_DISCUSS]


def of_class(rows: dict[str, Row], titles: dict[str, str]) -> dict[str, str]:
    """Return class.html and class.csv."""
    questions = count(rows, titles)
    table = [["question", "title", "outcome", "students", "mistake", "what students read"]]
    for asked in questions:
        table += [[asked.key, asked.title, name, n, "", ""] for name, n in asked.outcomes.items()]
        table += [
            [made.key, asked.title, "known mistake", made.students, made.name, made.text] for made in asked.mistakes
        ]
    parts = [f"<p>{len(rows)} students, {len(questions)} questions. Marks given by hand are not counted here.</p>"]
    parts += [_chart(questions, len(rows)), _discussion(questions), _unanswered(questions), _mistakes(questions)]
    return {"class.html": page("The class as a whole", "".join(parts), "52rem"), "class.csv": as_csv(table)}


def _chart(questions, n):
    # a bar for each question, in parts as long as the share of students
    height, width, left = 26, 420, 60
    lines = []
    for i, asked in enumerate(questions):
        x = left
        lines.append(f'<text x="0" y="{i * height + 16}">{asked.key}</text>')
        for name, colour in OUTCOMES.items():
            part = width * asked.outcomes[name] / max(n, 1)
            if part:
                lines.append(f'<rect x="{x:.1f}" y="{i * height + 2}" width="{part:.1f}" height="18" fill="{colour}"/>')
            if part > 24:
                lines.append(f'<text x="{x + 5:.1f}" y="{i * height + 16}" fill="#fff">{asked.outcomes[name]}</text>')
            x += part
    words = "; ".join(f"{asked.key}: {asked.outcomes[PASSED]} of {n} passed" for asked in questions)
    keys = "".join(
        f'<span style="white-space:nowrap;margin-right:1.2rem"><span aria-hidden="true" style="color:{colour}">■'
        f"</span> {name}</span> "
        for name, colour in OUTCOMES.items()
    )
    return (
        f'<h2>Question by question</h2><p>{keys}</p><svg role="img" aria-label="{html.escape(words)}" '
        f'viewBox="0 0 {left + width} {height * len(questions)}" style="width:100%;font:13px sans-serif" '
        f'fill="currentColor">{"".join(lines)}</svg>'
    )


def _discussion(questions):
    items = []
    for made in to_discuss(questions):
        place, words = misconception(made.key, f"{made.name} {made.text}")
        link = f' <a href="{place.as_uri()}">The instructor\'s page</a> says: {as_html(words)}' if words else ""
        items.append(
            f"<li><strong>{made.key}, {html.escape(made.name)}</strong> ({_students(made.students)}): "
            f"“{as_html(made.text)}”{link}</li>"
        )
    return f"<h2>To talk about next</h2><ol>{''.join(items)}</ol>" if items else ""


def misconception(key: str, mistake: str = "") -> tuple[Path | None, str]:
    """Return the instructor's page of a question's lesson and what it says of this exercise's misconception, or "".

    Where several belong to the exercise, it is the one that has most words in common with the mistake's own.
    """
    for path in sorted(INSTRUCTOR.glob(f"{key[:2]}_*.md")):
        _, _, rest = path.read_text("utf-8").partition("\n## Misconceptions\n")
        bullets = re.split(r"^- ", rest.partition("\n## ")[0], flags=re.MULTILINE)[1:]
        number = key.partition(".")[2]
        behind = [re.search(r"\(exercises? ([^)]*)\)", bullet) for bullet in bullets]
        found = [
            b
            for b, exercises in zip(bullets, behind, strict=True)
            if exercises and re.search(rf"\b{number}\b", exercises[1])
        ]
        if found:
            best = max(found, key=lambda bullet: len(_stems(bullet) & _stems(mistake)))
            return path, " ".join(re.sub(r"<!--.*?-->", "", best).split())
    return None, ""


def _stems(text):
    return {word[:4] for word in re.findall(r"\w{3,}", text.casefold())}


def _unanswered(questions):
    none = [asked for asked in questions if sum(asked.outcomes.values()) == asked.outcomes["no answer"]]
    names = ", ".join(f"{asked.key} ({html.escape(asked.title)})" for asked in none)
    return f"<h2>What nobody answered</h2><p>{names}</p>" if none else ""


def _mistakes(questions):
    lines = []
    for asked in questions:
        items = "".join(
            f"<li>{_students(made.students)}: <strong>{html.escape(made.name)}</strong>. {as_html(made.text)}</li>"
            for made in asked.mistakes
        )
        if items:
            lines.append(f"<h3>{asked.key}, {html.escape(asked.title)}</h3><ul>{items}</ul>")
    return f"<h2>Known mistakes</h2>{''.join(lines)}" if lines else ""


def _students(n):
    return f"{n} student{'' if n == 1 else 's'}"
