"""What a student gets: a feedback page, and the same as Gradescope's results.json."""

import hashlib
import html
import json
import re

from course_utils.grading.marks import Row
from course_utils.questions.engine.verdict import LOOKS, as_html, box

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>:root {{ color-scheme: light dark }} body {{ font: 1rem/1.5 sans-serif; max-width: {width}; margin: 2rem auto;
padding: 0 1rem }} code {{ font-size: 0.95em }} th, td {{ text-align: left; vertical-align: top; padding: 0.15rem 1.2rem
0.15rem 0 }} .wide {{ overflow-x: auto }}</style></head>
<body><main><h1>{title}</h1>{content}</main></body></html>
"""
GREY = "#6e7781"


def page(title: str, content: str, width: str = "45rem") -> str:
    """Return a whole page."""
    return PAGE.format(title=html.escape(title), content=content, width=width)


def of_student(row: Row, data: str) -> dict[str, str]:
    """Return the texts of a student's files by their names; `data` is "mnist" or "digits"."""
    parts = [f"<p><strong>{row.sum:g} of {len(row.titles)} points</strong>, on {data}</p>"]
    parts += [f"<p>{html.escape(text)}</p>" for text in row.reasons]
    parts += ["<h2>Questions</h2>" if row.titles else "<p>No question was found.</p>"]
    parts += [_box(key, title, row) for key, title in row.titles.items()]
    items = "".join(f"<li><code>{html.escape(line)}</code></li>" for line in row.errors)
    parts.append(f"<h2>Cells that stopped</h2><ul>{items}</ul>" if row.errors else "")
    tests = [_test(key, title, row) for key, title in row.titles.items()]
    results = {"score": row.sum, "output": "\n".join(row.reasons), "tests": tests}
    text = page(f"Feedback for {row.student.name}", "".join(parts))
    return {"feedback.html": text, "results.json": json.dumps(results, indent=1)}


def _box(key, title, row):
    verdict = row.verdicts.get(key)
    if verdict:
        (mark, words, colour), text = LOOKS[verdict["state"]], verdict["text"]
    else:
        mark, words, colour, text = "–", "Not judged.", GREY, row.absent(key)
    head = f'<span style="color:{colour}" aria-hidden="true">{mark}</span> {key}, {html.escape(title)}: {words}'
    content = f"<strong>{head}</strong> {as_html(text)}"
    if key in row.by_hand:
        points, comment = row.by_hand[key]
        content += f"<br><strong>By hand: {points:g} of 1 points.</strong> {html.escape(comment)}"
    return box(content, colour).replace(' role="status"', "")


def _test(key, title, row):
    points = row.points(key) or 0
    output = row.verdicts[key]["text"] if key in row.verdicts else row.absent(key)
    if key in row.by_hand:
        output += f"\nBy hand: {points:g} of 1 points. {row.by_hand[key][1]}"
    status = "passed" if points == 1 else "failed"
    return {"number": key, "name": title, "score": points, "max_score": 1, "status": status, "output": output}


def folder_name(student: str) -> str:
    """Return a student's name as a folder's: it stays within OUT, and no two students share one."""
    plain = re.sub(r"[^\w ,()'+-]", "_", student).strip()[:60]  # of four bytes each at most; a name has 255
    if plain == student and not re.search(r"-[0-9a-f]{8}$", plain):
        return plain
    return f"{plain}-{hashlib.sha256(student.encode()).hexdigest()[:8]}"
