"""The course's widgets: a folder for each, its Python, JavaScript and CSS together; theme.css belongs to all."""

import pathlib


def read_style(path: pathlib.Path) -> str:
    """Return the shared theme and, after it, a widget's own style."""
    return "\n".join(file.read_text(encoding="utf-8") for file in (pathlib.Path(__file__).parent / "theme.css", path))
