"""`notebooks`, `measure` and `weights`, on lessons of two cells."""

import json
import os
import subprocess

import nbformat
import pytest
from _course import Course

from course_utils.book.widgets import VIEW
from course_utils.results import RESULT


@pytest.fixture
def course(tmp_path):
    """Return a small course with a lesson and exercises to it."""
    course = Course(tmp_path)
    course.write("01", "print('drawn')")
    course.write("01", where="exercises")
    return course


def stored(course, name="01_lesson"):
    """Return a notebook that `notebooks` has stored."""
    return nbformat.read(course.folder / "notebooks" / f"{name}.ipynb", as_version=4)


def store(course, *options):
    """Run `notebooks` and return it; it must succeed."""
    done = course.run("notebooks", *options)
    assert done.returncode == 0, done.stderr
    return done


def test_notebooks_are_stored_with_outputs_and_facts(course):
    """Lesson and exercises are executed; outputs, records, time and memory are in the file."""
    done = store(course)
    for name in ("01_lesson", "solutions/01_lesson"):
        assert f"\n{name} " in done.stdout
        notebook = stored(course, name)
        nbformat.validate(notebook)
        assert notebook.cells[-1].outputs[-1].data[RESULT]["value"] == 1.0
        assert [cell.get("execution_count") for cell in notebook.cells] == [None, 1, 2, 3]
        assert notebook.metadata["course"]["dataset"] == "mnist"
        assert 20 < notebook.metadata["course"]["peak_memory_mb"] < 2000
    assert "version" not in stored(course).metadata["language_info"]  # of whichever Python stored it


def test_states_of_widgets_are_stored_for_the_book(course):
    """In a file outside the notebook, without the widgets' code, which pages add; it goes when the widgets go."""
    course.write("01", "import numpy as np\nfrom course_utils import LineExplorer\ndisplay(LineExplorer(np.eye(3, 2)))")
    store(course)
    notebook = stored(course)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    (shown,) = (output.data[VIEW]["model_id"] for output in outputs if VIEW in output.get("data", {}))
    file = course.folder / "book" / "states" / "01_lesson.json"
    states = json.loads(file.read_text())
    assert "widgets" not in notebook.metadata
    assert "_points" in {buffer["path"][0] for buffer in states[shown]["buffers"]}
    assert not {"_esm", "_css"} & states[shown]["state"].keys()
    assert not (file.parent / "solutions").exists()
    store(course)
    assert json.loads(file.read_text()) == states
    course.write("01", "print('no widget')")
    store(course)
    assert not file.exists()


def test_notebooks_executes_only_what_has_changed(course):
    """Prose, comments and docstrings cost nothing; code of a cell or of a helper does, and --force always does."""
    store(course)
    lesson = course.folder / "notebooks" / "source" / "01_lesson.py"
    helper = course.folder / "course_utils" / "results.py"
    unrelated = course.folder / "course_utils" / "plotting.py"

    def executed(*options):
        table = store(course, *options).stdout
        return [name for name in ("01_lesson", "solutions/01_lesson") if f"\n{name} " in table]

    assert executed() == []
    lesson.write_text(lesson.read_text().replace("A lesson", "The lesson").replace("SEED = 0", "SEED = 0  # a seed"))
    helper.write_text(f"{helper.read_text()}\n# a comment\n".replace('"""The ledger: ', '"""This is the ledger: '))
    unrelated.write_text(f"{unrelated.read_text()}\nNEW = 1\n")
    assert executed() == []
    assert "The lesson" in stored(course).cells[0].source
    assert stored(course).cells[-1].outputs[0].text == "drawn\n"

    lesson.write_text(lesson.read_text().replace("drawn", "drawn anew"))
    assert executed() == ["01_lesson"]
    assert stored(course).cells[-1].outputs[0].text == "drawn anew\n"
    machine = course.folder / "course_utils" / "_machine.py"  # imported by results, not by the lesson itself
    machine.write_text(f"{machine.read_text()}\nNEW = 1\n")
    assert executed() == ["01_lesson", "solutions/01_lesson"]
    assert executed("--force", "--lesson", "01") == ["01_lesson", "solutions/01_lesson"]


def test_a_lesson_that_fails_is_not_stored(course):
    """Its previous notebook stays; that of the exercises is stored."""
    store(course)
    before = stored(course)
    course.write("01", "raise RuntimeError('no luck')")
    course.write("01", "print('better')", where="exercises")
    done = course.run("notebooks")
    assert done.returncode == 1
    assert "no luck" in done.stderr
    assert stored(course) == before
    assert stored(course, "solutions/01_lesson").cells[-1].outputs[0].text == "better\n"


def test_an_appendix_is_executed_and_stored_like_a_lesson(course):
    """It is found by its name, stored in a folder of its own, and executed only when it has changed."""
    store(course)
    source = course.write("02", "print('beside the path')", where="appendix", name="optimizers")
    table = store(course).stdout
    assert "\nappendix/optimizers " in table
    assert "\n01_lesson " not in table
    notebook = stored(course, "appendix/optimizers")
    nbformat.validate(notebook)
    assert notebook.cells[-1].outputs[-1].data[RESULT]["value"] == 1.0
    assert "workspace/appendix/optimizers.ipynb" in notebook.cells[0].source
    assert "appendix/optimizers" not in store(course).stdout
    source.write_text(source.read_text().replace("beside", "besides"))
    assert "appendix/optimizers" in store(course, "--lesson", "optimizers").stdout


UNSOLVED = """
# %% [markdown]
# # Exercises

# %%
from course_utils import check, check_result

# %% tags=["starter"] question="02.5"
answer_5 = ...

# %% tags=["solution"] question="02.5"
answer_5 = "{letter}"

# %% [markdown] tags=["solution"]
# So it is.

# %%
check("02.5", answer_5)
"""


def write_questions(course, letter):
    """Write exercises whose solution is this letter."""
    path = course.folder / "notebooks" / "source" / "exercises" / "01_lesson.py"
    path.write_text(UNSOLVED.format(letter=letter).lstrip())


def test_exercises_and_solutions_are_made_of_one_source(course):
    """A student gets the starter and no output; the solutions are executed, and their verdicts will be compared."""
    write_questions(course, "b")
    store(course)
    unsolved, solved = stored(course, "exercises/01_lesson"), stored(course, "solutions/01_lesson")
    sources = [[cell.source for cell in notebook.cells[2:]] for notebook in (unsolved, solved)]
    assert [source[1:] for source in sources] == [
        ["answer_5 = ...", 'check("02.5", answer_5)'],
        ['answer_5 = "b"', "So it is.", 'check("02.5", answer_5)'],
    ]
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in unsolved.cells)
    assert "course" not in unsolved.metadata
    assert unsolved.cells[-1].metadata.get("tags", []) == []
    assert solved.cells[-1].metadata["tags"] == ["nbval-check-output"]
    assert solved.cells[-1].outputs[0].data["text/plain"].startswith("✓ 02.5: Right.")
    assert "workspace/exercises/01_lesson.ipynb" in unsolved.cells[0].source  # the links to hosts
    assert "workspace/exercises/01_lesson.ipynb" in solved.cells[0].source


def test_a_solution_that_does_not_pass_is_not_stored(course):
    """It is named, and the previous one stays."""
    write_questions(course, "b")
    store(course)
    write_questions(course, "a")
    done = course.run("notebooks")
    assert done.returncode == 1
    assert "The course's own solutions do not pass: 02.5" in done.stderr
    assert stored(course, "solutions/01_lesson").cells[-1].outputs[0].data["text/plain"].startswith("✓")


def test_notebooks_insists_on_mnist(course):
    """Without MNIST there is one message, before the first lesson."""
    home = {"HOME": str(course.folder), "XDG_CACHE_HOME": str(course.folder / "cache")}
    done = course.run("notebooks", data="none", COURSE_MNIST_URL="http://127.0.0.1:9/mnist.npz", **home)
    assert done.returncode == 1
    assert "COURSE_DATA=mnist, but there is no valid MNIST" in done.stderr
    assert "Executing" not in done.stderr
    assert not (course.folder / "notebooks" / "01_lesson.ipynb").exists()


def test_measure_writes_the_spread_of_five_seeds(course):
    """Smallest, mean and largest value of seeds 0 to 4, beside what other lessons measured before."""
    spread = course.folder / "data" / "spread.json"
    before = {"seeds": 5, "min": 1.0, "mean": 2.0, "max": 3.0}
    spread.write_text(json.dumps({"gaussians": {"02.figure": before}, "mnist": {}}))
    course.write("01", value="SEED ** 2")
    (course.folder / "notebooks" / "source" / "exercises" / "01_lesson.py").write_text(
        "# %% [markdown]\n# # 1.\n\n# %%\n1 + 1\n"
    )
    done = course.run("measure")
    assert done.returncode == 0, done.stderr  # out of range or not: ranges are made of this
    measured = json.loads(spread.read_text())
    assert measured["gaussians"] == {
        "01.figure": {"seeds": 5, "min": 0.0, "mean": 6.0, "max": 16.0},
        "02.figure": before,
    }
    assert "solutions/01_lesson: nothing in it is random" in done.stdout


def test_measure_keeps_the_old_spread_when_a_seed_fails(course):
    """The command ends with 1 and the file is as it was."""
    spread = course.folder / "data" / "spread.json"
    spread.write_text("{}")
    course.write("01", "assert SEED < 3, 'too many'")
    done = course.run("measure")
    assert done.returncode == 1
    assert "01_lesson, seed 3 failed" in done.stderr
    assert spread.read_text() == "{}"


SAVE = """
import numpy as np
from course_utils.autoencoder import save_pretrained
TRAIN_IT_YOURSELF = False
if TRAIN_IT_YOURSELF:
    save_pretrained("01_net", [np.full(3, 0.5)])
"""


def test_weights_switches_the_training_on(course):
    """The cells tagged `weights` run with TRAIN_IT_YOURSELF = True; file and checksum agree."""
    path = course.write("01", SAVE)
    path.write_text(path.read_text().replace("# %%\nfrom", '# %% tags=["weights"]\nfrom'))
    course.write("02")  # has nothing to train
    done = course.run("weights")
    assert done.returncode == 0, done.stderr
    assert "\n01_lesson " in done.stdout
    assert "\n02_lesson " not in done.stdout
    load = "from course_utils.autoencoder import load_pretrained; print(load_pretrained('01_net'))"
    command = course.command() | {"stdout": subprocess.PIPE, "text": True}
    command["args"] = [command["args"][0], "-c", load]
    assert "0.5, 0.5, 0.5" in subprocess.run(**command, check=True).stdout


def test_a_folder_that_cannot_be_written(course):
    """Where a notebook cannot be stored, one sentence says so and the old one stays."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        (course.folder / "notebooks" / "solutions").mkdir(mode=0o500)
    else:  # root may write anywhere, but not below a file
        (course.folder / "notebooks" / "solutions").write_text("")
    done = course.run("notebooks")
    assert done.returncode == 1
    assert "solutions/01_lesson.ipynb cannot be written" in done.stderr
    assert stored(course).cells[-1].outputs
