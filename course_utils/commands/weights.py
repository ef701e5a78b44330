"""`python -m course_utils weights`: train the networks whose weights ship in data/, and that of the book."""

import os

from course_utils.book import small_net
from course_utils.datasets import load_mnist
from course_utils.notebooks.execution import execute, report_errors, table
from course_utils.notebooks.progress import NotebookProgress
from course_utils.notebooks.sources import (
    add_lesson_option,
    appendix_paths,
    lesson_paths,
    name_of,
    read_lesson,
    set_parameter,
)


def add_arguments(parser) -> None:
    """Declare what the command takes."""
    add_lesson_option(parser)


def main(options) -> int:
    """Execute the cells tagged `weights` on MNIST, with the training switched on; after lesson 3's: the book's, too."""
    os.environ["COURSE_DATA"] = "mnist"
    load_mnist()  # where there is none, one message before the first lesson
    paths = lesson_paths(options.lesson) + appendix_paths(options.lesson)
    notebooks = {name_of(path): read_lesson(path) for path in paths}
    switch = ("TRAIN_IT_YOURSELF = False", "TRAIN_IT_YOURSELF = True")
    trained = [name for name, notebook in notebooks.items() if set_parameter(notebook, *switch)]
    outcomes = {}
    with NotebookProgress(dict.fromkeys(trained)) as progress:
        for name in trained:
            notebook = notebooks[name]
            notebook.cells = [cell for cell in notebook.cells if "weights" in cell.metadata.get("tags", [])]
            outcomes[name] = execute(notebook, name, {"COURSE_STRICT": "0"}, progress=progress)
    print(table(outcomes))
    if any(name.startswith("03") for name in outcomes):  # whose codes the book's first page shows
        print(f"{small_net.FILE.name}: error on the test images {small_net.train():.4f}")
    return report_errors(outcomes)
