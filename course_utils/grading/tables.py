"""The tables of a class: grades.csv, its page, and what goes back to the platform."""

import html
import re
from urllib.parse import quote

from course_utils._errors import CourseError
from course_utils.grading._spreadsheet import as_csv
from course_utils.grading.marks import Row
from course_utils.grading.roster import Roster
from course_utils.grading.student_report import folder_name, page


def grades(rows: dict[str, Row], keys: list[str]) -> str:
    """Return grades.csv: a row for each student, points or nothing for each question, sum, state, what to look at."""
    table = [["student", "id", *keys, "sum", "state", "look at this"]]
    for key, row in rows.items():
        points = ["" if (n := row.points(question)) is None else n for question in keys]
        table.append([key, row.student.id, *points, row.sum, row.state, "; ".join(row.notes)])
    return as_csv(table)


def overview(rows: dict[str, Row], strangers: dict[str, Row], said: list[str]) -> str:
    """Return index.html: the class, who is not on the roster, and what to look at."""
    parts = ['<p><a href="class.html">The class as a whole</a>, without names</p>']
    parts += [f"<p>{html.escape(remark)}</p>" for remark in said]
    parts.append(_table(rows))
    if strangers:
        parts.append(f"<h2>Not on the roster</h2>{_table(strangers)}")
    looked = [(key, row) for key, row in (rows | strangers).items() if row.notes]
    if looked:
        items = "".join(f"<li>{_link(key)}: {html.escape('; '.join(row.notes))}</li>" for key, row in looked)
        hint = "<p>Hints for a person: no point depends on them.</p>"
        parts.append(f"<h2>Look at this</h2>{hint}<ul>{items}</ul>")
    return page("A class, graded", "".join(parts), width="60rem")


def _link(key):
    return f'<a href="{quote(folder_name(key))}/feedback.html">{html.escape(key)}</a>'


def _table(rows):
    lines = ['<div class="wide"><table><thead><tr><th>student</th><th>sum</th><th>state</th></tr></thead><tbody>']
    lines += [
        f"<tr><td>{_link(key)}</td><td>{row.sum:g}</td><td>{html.escape(row.state)}</td></tr>"
        for key, row in rows.items()
    ]
    return "".join([*lines, "</tbody></table></div>"])


# Back to the platform


def gradebook(rows: dict[str, Row], roster: Roster | None, platform: str, column: str | None) -> dict[str, str]:
    """Return the platform's own table with the sums in it, by its file's name; nothing for another platform.

    From the roster where that is the platform's worksheet or gradebook, its columns kept; else of what the files' names
    told. `column` is Canvas's for the assignment. Where the table tells how many points there are, sums are
    scaled to them.
    """
    form = roster.form.platform if roster and roster.form else platform
    if form == "moodle":
        return {"moodle.csv": _moodle(rows, roster)}
    return {"canvas.csv": _canvas(rows, roster, column)} if form == "canvas" else {}


def _moodle(rows, roster):
    if not (roster and roster.form):
        # what the worksheet has to have, by the code that reads it (`platforms`)
        table = [["Identifier", "Full name", "Grade", "Last modified (grade)", "Feedback comments"]]
        table += [
            [f"Participant {row.student.id}", row.student.name, _scaled(row, ""), "", row.state]
            for row in rows.values()
            if row.student.id
        ]
        return as_csv(table)
    low = {name.casefold(): name for name in roster.columns}
    if "grade" not in low:
        raise CourseError(f"The roster: expected Moodle's column `Grade`, found {', '.join(roster.columns)}.")
    table = [list(roster.columns)]
    for row in rows.values():
        cells = dict(row.student.row)
        cells[low["grade"]] = _scaled(row, cells.get(low.get("maximum grade", ""), ""))
        if "feedback comments" in low:
            cells[low["feedback comments"]] = row.state
        table.append([cells[name] for name in roster.columns])
    return as_csv(table)


def _canvas(rows, roster, column):
    given = roster if roster and roster.form else None
    head = (
        [name for name in given.columns if name.casefold() in _OF_STUDENTS] if given else ["Student", "ID", "Section"]
    )
    if column and given and column not in given.columns and not re.search(r"\(\d+\)$", column):
        found = [name for name in given.columns if re.sub(r" \(\d+\)$", "", name) == column]
        column = found[0] if len(found) == 1 else column
    column = column or "Exercises"
    possible = (given.possible or {}).get(column, "") if given else ""
    table = [[*head, column]]
    table.append(["    Points Possible", *[""] * (len(head) - 1), possible or _possible(rows)])
    for row in rows.values():
        cells = {"Student": row.student.name, "ID": row.student.id, "Section": ""} | row.student.row
        table.append([*(cells.get(name, "") for name in head), _scaled(row, possible)])
    return as_csv(table)


_OF_STUDENTS = ("student", "id", "sis user id", "sis login id", "integration id", "root account", "section")


def _possible(rows):
    return max((len(row.titles) for row in rows.values()), default=0)


def _scaled(row, possible):
    # a sum of points as a part of what the platform's table has at most; nothing for whom nothing was judged, since a
    # platform that gets a 0 shows it
    if all(row.points(key) is None for key in row.titles):
        return ""
    try:
        most = float(str(possible).replace(",", "."))
    except ValueError:
        return row.sum
    return round(row.sum * most / len(row.titles), 2) if row.titles and most > 0 else row.sum
