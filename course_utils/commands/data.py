"""`python -m course_utils data`: fetch MNIST when it is not there, and say where the data come from."""

from course_utils import datasets
from course_utils._settings import wanted_data


def add_arguments(parser) -> None:
    """Declare nothing: the command takes no arguments."""


def main(options) -> int:
    """List the sources, after a download where there is no MNIST; return 0 when there is."""
    wish = wanted_data()  # at once, because a misspelt one stops every lesson
    rows = datasets.describe_sources()
    if not any(row["state"] == "valid" for row in rows):
        try:
            datasets.fetch_mnist()
        except datasets.DownloadError as error:
            print(f"{error}\n")
            if wish != "mnist":
                print("Meanwhile the lessons work on the embedded digits.\n")
        rows = datasets.describe_sources()
    for row in rows:
        size = f", {row['bytes'] / 1e6:.1f} MB" if row["bytes"] else ""
        print(f"{row['label']:<16} {row['state'] + size:<18} {row['where']}")
        if row["state"] in ("corrupt", "unreadable"):
            print(f"{'':<16} {row['detail']}")
    return 0 if any(row["state"] == "valid" for row in rows) else 1
