"""What a class gets: grades.csv, index.html, and for each student a feedback page and Gradescope's results.json."""

import csv
import hashlib
import html
import io
import json
import re
from urllib.parse import quote

from course_utils.questions.engine.verdict import LOOKS, as_html, box

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>:root {{ color-scheme: light dark }} body {{ font: 1rem/1.5 sans-serif; max-width: 45rem; margin: 2rem auto;
padding: 0 1rem }} code {{ font-size: 0.95em }} th, td {{ text-align: left; padding-right: 1.5em }}</style></head>
<body><main><h1>{title}</h1>{content}</main></body></html>
"""
GREY = "#6e7781"


def of_student(student: str, row: dict, titles: dict[str, str], data: str) -> dict[str, str]:
    """Return the texts of a student's files by their names.

    `row` has verdicts and unjudged by key, asked, reasons, errors; `titles` are those of all questions of the lessons
    that were handed in, by key; `data` is "mnist" or "digits".
    """
    verdicts = row["verdicts"]
    points = sum(verdict["passed"] for verdict in verdicts.values())
    parts = [f"<p><strong>{points} of {len(titles)} points</strong>, on {data}</p>"]
    parts += [f"<p>{html.escape(text)}</p>" for text in row["reasons"]]
    parts += ["<h2>Questions</h2>" if titles else "<p>No question was found.</p>"]
    for key, title in titles.items():
        if verdict := verdicts.get(key):
            (mark, words, colour), text = LOOKS[verdict["state"]], verdict["text"]
        else:
            mark, words, colour, text = "–", "Not judged.", GREY, absent(key, row)
        head = f'<span style="color:{colour}" aria-hidden="true">{mark}</span> {key}, {html.escape(title)}: {words}'
        parts.append(box(f"<strong>{head}</strong> {as_html(text)}", colour).replace(' role="status"', ""))
    parts.append(_list("Cells that stopped", row["errors"]))
    tests = [_test(key, title, verdicts.get(key), row) for key, title in titles.items()]
    results = {"score": points, "output": "\n".join(row["reasons"]), "tests": tests}
    page = PAGE.format(title=html.escape(f"Feedback for {student}"), content="".join(parts))
    return {"feedback.html": page, "results.json": json.dumps(results, indent=1)}


def absent(key: str, row: dict) -> str:
    """Return why a question has no verdict."""
    if key in row["unjudged"]:
        return sentence(row["unjudged"][key])
    return "The notebook ended before." if key in row["asked"] else f'No check("{key}", ...) was found.'


def sentence(text: str) -> str:
    """Return a text with a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:].rstrip('. ')}."


def _list(title, lines):
    items = "".join(f"<li><code>{html.escape(line)}</code></li>" for line in lines)
    return f"<h2>{title}</h2><ul>{items}</ul>" if lines else ""


def _test(key, title, verdict, row):
    passed = bool(verdict and verdict["passed"])
    return {
        "number": key,
        "name": title,
        "score": int(passed),
        "max_score": 1,
        "status": "passed" if passed else "failed",
        "output": verdict["text"] if verdict else absent(key, row),
    }


def state_of(row: dict) -> str:
    """Return `graded`, or why not all was."""
    return " ".join(row["reasons"]) or "graded"


def of_class(rows: dict[str, dict], keys: list[str]) -> dict[str, str]:
    """Return grades.csv and index.html: a row for each student, 1, 0 or nothing for each question, sum and state."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["student", *keys, "sum", "state"])
    lines = ["<table><thead><tr><th>student</th><th>sum</th><th>state</th></tr></thead><tbody>"]
    for student, row in rows.items():
        points = [int(row["verdicts"][key]["passed"]) if key in row["verdicts"] else "" for key in keys]
        total = sum(map(int, filter(None, points)))
        writer.writerow([_harmless(student), *points, total, _harmless(state_of(row))])
        link = f'<a href="{quote(folder_name(student))}/feedback.html">{html.escape(student)}</a>'
        lines.append(f"<tr><td>{link}</td><td>{total}</td><td>{html.escape(state_of(row))}</td></tr>")
    page = PAGE.format(title="A class, graded", content="".join([*lines, "</tbody></table>"]))
    return {"grades.csv": table.getvalue(), "index.html": page}


def _harmless(text):
    # neither an escape for the terminal that shows it, nor what a spreadsheet would take for a formula
    text = re.sub(r"[\x00-\x1f\x7f-\x9f]", "?", text)
    return f"'{text}" if text[:1] in "=+-@＝＋－＠" else text


def folder_name(student: str) -> str:
    """Return a student's name as a folder's: it stays within OUT, and no two students share one."""
    plain = re.sub(r"[^\w ,()'+-]", "_", student).strip()[:60]  # of four bytes each at most; a name has 255
    if plain == student and not re.search(r"-[0-9a-f]{8}$", plain):
        return plain
    return f"{plain}-{hashlib.sha256(student.encode()).hexdigest()[:8]}"
