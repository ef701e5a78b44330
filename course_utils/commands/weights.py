"""`python -m course_utils weights`: train the networks whose weights ship in data/, and that of the book."""

import os

from course_utils.commands.book import small_net
from course_utils.commands.execute import execute, report_errors, table
from course_utils.commands.lessons import lesson_paths, read_lesson, set_parameter
from course_utils.datasets import load_mnist


def main(options) -> int:
    """Execute the cells tagged `weights` on MNIST, with the training switched on; after lesson 3's: the book's, too."""
    os.environ["COURSE_DATA"] = "mnist"
    load_mnist()  # where there is none, one message before the first lesson
    lessons = {}
    for path in lesson_paths(options.lesson):
        notebook = read_lesson(path)
        if set_parameter(notebook, "TRAIN_IT_YOURSELF = False", "TRAIN_IT_YOURSELF = True"):
            notebook.cells = [cell for cell in notebook.cells if "weights" in cell.metadata.get("tags", [])]
            lessons[path.stem] = execute(notebook, path.stem, {"COURSE_STRICT": "0"})
    print(table(lessons))
    if any(name.startswith("03") for name in lessons):  # whose codes the book's first page shows
        print(f"{small_net.FILE.name}: error on the test images {small_net.train():.4f}")
    return report_errors(lessons)
