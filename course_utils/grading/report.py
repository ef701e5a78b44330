"""What a class gets: grades.csv, and for each student a feedback page and Gradescope's results.json."""

import csv
import hashlib
import html
import io
import json
import re

from course_utils.questions._verdict import LOOKS, as_html, box

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Feedback for {student}</title>
<style>:root {{ color-scheme: light dark }} body {{ font: 1rem/1.5 sans-serif; max-width: 45rem; margin: 2rem auto;
padding: 0 1rem }} code {{ font-size: 0.95em }}</style></head>
<body><main><h1>Feedback for {student}</h1><p><strong>{points} of {of} points</strong></p>
{reasons}<h2>Questions</h2>{questions}{errors}</main></body></html>
"""


def of_student(student: str, row: dict, keys: list[str]) -> dict[str, str]:
    """Return the texts of a student's files by their names; `row` has verdicts by key, asked, reasons and errors."""
    verdicts = row["verdicts"]
    points = sum(verdict["passed"] for verdict in verdicts.values())
    parts = []
    for key in keys:
        verdict = verdicts.get(key)
        mark, words, colour = LOOKS[verdict["state"]] if verdict else ("–", _absent(key, row), "#6e7781")
        head = f'<strong><span style="color:{colour}" aria-hidden="true">{mark}</span> {key}: {words}</strong>'
        parts.append(box(f"{head} {as_html(verdict['text']) if verdict else ''}", colour).replace(' role="status"', ""))
    page = PAGE.format(
        student=html.escape(student),
        points=points,
        of=len(keys),
        reasons="".join(f"<p>{html.escape(text)}</p>" for text in row["reasons"]),
        questions="".join(parts) or "<p>No question was found.</p>",
        errors=_list("Cells that stopped", row["errors"]),
    )
    tests = [_test(key, verdicts.get(key), row) for key in keys]
    results = {"score": points, "output": "\n".join(row["reasons"]), "tests": tests}
    return {"feedback.html": page, "results.json": json.dumps(results, indent=1)}


def _absent(key, row):
    return "Not judged." if key in row["asked"] else "Not handed in."


def _list(title, lines):
    items = "".join(f"<li><code>{html.escape(line)}</code></li>" for line in lines)
    return f"<h2>{title}</h2><ul>{items}</ul>" if lines else ""


def _test(key, verdict, row):
    passed = bool(verdict and verdict["passed"])
    return {
        "number": key,
        "name": key,
        "score": int(passed),
        "max_score": 1,
        "status": "passed" if passed else "failed",
        "output": verdict["text"] if verdict else _absent(key, row),
    }


def of_class(rows: dict[str, dict], keys: list[str]) -> str:
    """Return the text of grades.csv: a row for each student, with 1, 0 or nothing for each question, sum and state."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["student", *keys, "sum", "state"])
    for student, row in rows.items():
        points = [int(row["verdicts"][key]["passed"]) if key in row["verdicts"] else "" for key in keys]
        state = " ".join(row["reasons"]) or "graded"
        writer.writerow([_harmless(student), *points, sum(map(int, filter(None, points))), _harmless(state)])
    return text.getvalue()


def _harmless(text):
    # a spreadsheet would take it for a formula
    return f"'{text}" if text[:1] in "=+-@\t\r\n＝＋－＠" else text


def folder_name(student: str) -> str:
    """Return a student's name as a folder's: it stays within OUT, and no two students share one."""
    plain = re.sub(r"[^\w ,()'+-]", "_", student).strip()[:60]  # of four bytes each at most; a name has 255
    if plain == student and not re.search(r"-[0-9a-f]{8}$", plain):
        return plain
    return f"{plain}-{hashlib.sha256(student.encode()).hexdigest()[:8]}"
