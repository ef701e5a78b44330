"""`python -m course_utils data`: fetch MNIST when it is not there, and say where the data come from."""

import sys

from course_utils import datasets
from course_utils._settings import wanted_data
from course_utils._terminal import wrapped


def add_arguments(parser) -> None:
    """Declare nothing: the command takes no arguments."""


def main(options) -> int:
    """List the places where MNIST may lie, after a download where there is none; return 0 when there is one."""
    wish = wanted_data()  # at once, because a misspelt one stops every lesson
    if not _valid(datasets.describe_sources()):
        try:
            datasets.fetch_mnist()
        except datasets.DownloadError as error:  # which names each address, and what came from there
            print(wrapped(str(error), sys.stdout), end="\n\n")
    rows = [row for row in datasets.describe_sources() if row["label"] != "web"]
    for row in rows:
        size = f", {row['bytes'] / 1e6:.1f} MB" if row["bytes"] else ""
        print(f"{row['label']:<16} {row['state'] + size:<16} {row['where']}")
        if row["state"] in ("corrupt", "unreadable"):
            print(f"{'':<16} {row['detail']}")
    valid = _valid(rows)
    if wish == "digits":
        print("\nThe lessons use the embedded digits, because COURSE_DATA=digits.")
    elif valid:
        print(f"\nThe lessons use MNIST from {valid[0]['where']}.")
    elif not wish:
        print("\nUntil there is MNIST, the lessons use the embedded digits.")
    return 0 if valid else 1


def _valid(rows):
    return [row for row in rows if row["state"] == "valid"]
