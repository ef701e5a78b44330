"""Text for a person at a terminal. Standard library and the syntax of Python 3.9, as `_paths`."""

import shutil
import textwrap


def wrapped(text, stream, indent=0):
    """Return a text whose lines are broken between words where `stream` is a terminal, else the text as it is.

    What is broken goes on behind `indent` spaces.
    """
    if not stream.isatty():
        return text
    options = {"subsequent_indent": " " * indent, "break_long_words": False, "break_on_hyphens": False}
    width = max(40, shutil.get_terminal_size().columns - 1)
    return "\n".join(textwrap.fill(line, width, **options) for line in text.splitlines())
