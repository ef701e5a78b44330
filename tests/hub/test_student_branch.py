"""The branch `student` in the hands of nbgitpuller: work and corrections both arrive, whatever the student did.

A real git server on this machine, a shallow copy as nbgitpuller makes it, and three updates.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from _course import ROOT, Course

EXERCISES, LESSON = "exercises/02_mnist_pca", "02_mnist_pca"
WHO = ("-c", "user.name=a", "-c", "user.email=a@b.example")


def git(*arguments, cwd):
    """Run git without this machine's settings, and return what it printed."""
    env = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return subprocess.run(
        ["git", *WHO, *arguments], cwd=cwd, env=env, capture_output=True, text=True, check=True
    ).stdout


@pytest.fixture
def course(tmp_path):
    """Return a repository with lesson 2, its exercises and a solution notebook, as main has them."""
    course = Course(tmp_path / "course")
    sources = course.folder / "notebooks" / "source"
    (sources / "exercises").mkdir()
    for name in (LESSON, EXERCISES):
        shutil.copy(ROOT / "notebooks" / "source" / f"{name}.py", sources / f"{name}.py")
    solutions = course.folder / "notebooks" / "solutions"
    solutions.mkdir()
    (solutions / "02_mnist_pca.ipynb").write_text("{}")
    (course.folder / ".ci").mkdir()
    for name in (".ci/student", ".gitignore"):
        shutil.copy(ROOT / name, course.folder / name)
    git("init", "--quiet", "--initial-branch=main", cwd=course.folder)
    return course


@pytest.fixture
def address(tmp_path):
    """Serve an empty repository with `git daemon`; return its address."""
    if not Path(git("--exec-path", cwd=tmp_path).strip(), "git-daemon").exists():
        pytest.skip("git has no daemon here")
    git("init", "--quiet", "--bare", "server/course.git", cwd=tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["git", "daemon", "--export-all", "--reuseaddr", "--verbose", "--listen=127.0.0.1", f"--port={port}"]
    with subprocess.Popen([*command, "--base-path=server"], cwd=tmp_path, stderr=subprocess.PIPE, text=True) as server:
        for line in server.stderr:
            if "Ready to rumble" in line:
                break
        yield f"git://127.0.0.1:{port}/course.git"
        server.terminate()


def publish(course, tmp_path, changes=()):
    """Commit main with some text replaced in its sources, {file: (old, new)}, and push the branch as CI does."""
    for name, (old, new) in dict(changes).items():
        path = course.folder / "notebooks" / "source" / f"{name}.py"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))
    git("add", ".", cwd=course.folder)
    git("commit", "--quiet", "--message", "main", cwd=course.folder)
    push(course, tmp_path)


def push(course, tmp_path):
    """Run what CI runs."""
    command = [".ci/student", tmp_path / "server" / "course.git", sys.executable]
    subprocess.run(command, cwd=course.folder, env=course.command()["env"], check=True)


def pull(address, folder, ref="student"):
    """Do what a click on an nbgitpuller link does."""
    done = subprocess.run(
        [sys.executable, "-m", "nbgitpuller.pull", address, ref, folder], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def read(folder, name):
    """Return a student's copy, which has to be a valid notebook without two cells of one name."""
    path = folder / "workspace" / f"{name}.ipynb"
    names = [cell["id"] for cell in json.loads(path.read_text())["cells"]]  # reading by nbformat would mend them
    assert len(set(names)) == len(names)
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return notebook


def code_of(notebook):
    """Return all text of a notebook."""
    return "\n".join(cell.source for cell in notebook.cells)


def work(folder, answers):
    """Run everything, as JupyterLab leaves it, and answer: {text of a cell: what stands there instead}."""
    for name in (LESSON, EXERCISES):
        notebook = read(folder, name)
        for count, cell in enumerate((c for c in notebook.cells if c.cell_type == "code"), start=1):
            cell.outputs = [nbformat.v4.new_output("stream", text=f"seen by cell {count}\nand more\n")]
            cell.execution_count = count
        for old, new in answers.items():
            for cell in notebook.cells:
                cell.source = cell.source.replace(old, new)
        notebook.metadata["language_info"]["version"] = "3.11.9"
        notebook.cells.append(nbformat.v4.new_code_cell("mine = 'at the end'"))
        nbformat.write(notebook, folder / "workspace" / f"{name}.ipynb")


def test_work_and_corrections_both_arrive(course, address, tmp_path):
    """Three updates: text beside an answer, code beside an edited line, a new cell, a removed one, a new file."""
    publish(course, tmp_path)
    hub = tmp_path / "hub"
    pull(address, hub)
    assert (hub / ".git" / "shallow").exists()  # as nbgitpuller copies
    work(hub, {"answer_1 = ...": "answer_1 = PCA(2).fit(X).transform(X)", "SEED = 0": "SEED = 0\nmine = 'in a cell'"})
    (hub / "workspace" / f"{LESSON}.ipynb").unlink()
    (hub / "workspace" / "03_new.ipynb").write_text("a file of the student's own")

    publish(course, tmp_path, {EXERCISES: ("# ## Setup", "# ## Setup, corrected"), LESSON: ("# ## Setup", "# ## Anew")})
    pull(address, hub)
    assert "## Setup, corrected" in code_of(read(hub, EXERCISES))
    assert "## Anew" in code_of(read(hub, LESSON))  # what was deleted is there again, with the correction

    (course.folder / "notebooks" / "source" / "03_new.py").write_text(
        "# %% [markdown]\n# # 3. The course's new lesson\n"
    )
    before = '# %%\ncheck("02.1", answer_1)'
    publish(course, tmp_path, {EXERCISES: (before, f"# %% [markdown]\n# A cell between.\n\n{before}  # corrected")})
    pull(address, hub)
    assert 'check("02.1", answer_1)  # corrected' in code_of(read(hub, EXERCISES))
    assert "A cell between." in code_of(read(hub, EXERCISES))

    text = (course.folder / "notebooks" / "source" / f"{EXERCISES}.py").read_text()
    last = text[text.rindex("# %% [markdown]") :]
    publish(course, tmp_path, {EXERCISES: (last, "# %% [markdown]\n# The end, corrected.\n")})
    pull(address, hub)
    exercises = read(hub, EXERCISES)
    code = code_of(exercises)
    assert "The end, corrected." in code
    assert (hub / "workspace" / "03_new.ipynb").read_text().startswith("{")  # the course's
    (own,) = (hub / "workspace").glob("03_new__*.ipynb")  # and beside it the student's
    assert own.read_text() == "a file of the student's own"

    for mine in ("answer_1 = PCA(2).fit(X).transform(X)", "mine = 'in a cell'", "mine = 'at the end'"):
        assert mine in code
    assert "seen by cell 3" in str(exercises.cells)


def test_the_branch_is_appended_to(course, address, tmp_path):
    """Each push adds a commit, or none where nothing is new; solutions are in no commit of it."""
    for number in (1, 2, 3):
        publish(course, tmp_path, {LESSON: ("# ## ", f"# ## {number}")})
        if number == 1:
            first = git("rev-parse", "student", cwd=tmp_path / "server" / "course.git")
    git("commit", "--quiet", "--allow-empty", "--message", "nothing", cwd=course.folder)
    push(course, tmp_path)
    server = tmp_path / "server" / "course.git"
    assert git("rev-list", "--count", "student", cwd=server).strip() == "3"
    assert git("rev-list", "--max-parents=0", "student", cwd=server) == first
    assert "solutions" not in git("log", "--name-only", "student", cwd=server)


def test_solutions_can_be_shown_without_their_notebooks(course, address, tmp_path):
    """In a pulled copy there is no solution notebook, and `solution` shows the code."""
    publish(course, tmp_path)
    pull(address, tmp_path / "hub")
    assert not list((tmp_path / "hub").rglob("solutions"))
    assert "answer_1 = U[:, :2] * s[:2]" not in code_of(read(tmp_path / "hub", EXERCISES))
    show = "from course_utils import solution; solution('02.1')"
    env = os.environ | {"PYTHONPATH": str(tmp_path / "hub"), "COURSE_DATA": "digits"}
    here = tmp_path / "hub" / "workspace" / "exercises"
    shown = subprocess.run([sys.executable, "-c", show], cwd=here, env=env, capture_output=True, text=True)
    assert "answer_1 = U[:, :2] * s[:2]" in shown.stdout, shown.stderr


def test_a_tag_is_not_for_pulling(course, address, tmp_path):
    """nbgitpuller copies a tag and cannot update it, which is why hubs pull the branch."""
    publish(course, tmp_path)
    git("tag", "v1", "student", cwd=tmp_path / "server" / "course.git")
    pull(address, tmp_path / "hub", "v1")
    with pytest.raises(AssertionError, match="origin/v1"):
        pull(address, tmp_path / "hub", "v1")
