"""CSVs as spreadsheets and platforms read them: UTF-8 with a byte-order mark, and no cell that is a formula."""

import csv
import io
import re

# What starts a formula, in the forms that Japanese and Chinese keyboards write, too; at a cell's beginning, or behind
# whatever may separate cells where the file is read by another separator than it was written with
_FORMULA = re.compile(r"""(^|[\s,;:|"'])([=+\-@＝＋－＠])(?=\S)""")
BOM = "\ufeff"


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, and no terminal for a command."""
    text = re.sub(r"[\x00-\x1f\x7f-\x9f]", "?", text)
    return _FORMULA.sub(r"\1'\2", text)


def as_csv(rows: list[list]) -> str:
    """Return rows as a CSV's text: numbers as they are, texts harmless."""
    table = io.StringIO()
    writer = csv.writer(table)
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return BOM + table.getvalue()
