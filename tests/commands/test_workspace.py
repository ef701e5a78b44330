"""`workspace`: copies without outputs and solutions, made once, renewed only where the student has changed nothing."""

import copy
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from urllib.parse import unquote

import jupytext.config
import nbformat
import pytest
import yaml
from _checkout import NOBODY, as_user, environment, python_for_nobody
from _course import ROOT, Course

from course_utils.notebooks.hosted import TAG, links
from course_utils.notebooks.sources import all_paths, read_lesson, student_name

NOT_WINDOWS = pytest.mark.skipif(os.name == "nt", reason="needs POSIX permissions, signals or a shell")
EXERCISES = """
# %% [markdown]
# # Exercises
#
# To [the lesson](../01_lesson.ipynb).

# %%
# your turn

# %% tags=["solution"]
secret_code = 42

# %% [markdown] tags=["solution"]
# A secret remark.

# %% [markdown] tags=["solution"]
# <details><summary>Answer</summary>
#
# The secret answer.
#
# </details>

# %% alt="A picture that somebody has described."
print("end")
"""


@pytest.fixture(scope="module")
def pattern(tmp_path_factory):
    """Return a small course of two lessons with exercises to the first, and its copies."""
    course = Course(tmp_path_factory.mktemp("pattern") / "course")
    course.write("01")
    course.write("02")
    course.write("01", where="exercises").write_text(EXERCISES.lstrip())
    make(course)
    return course


@pytest.fixture
def course(pattern, tmp_path):
    """Return a course like it, of the test's own."""
    course = copy.copy(pattern)
    course.folder = shutil.copytree(pattern.folder, tmp_path / "course")
    return course


def make(course, *arguments, code=0, **options):
    """Run the command and return what it printed; it ends with `code`, and no half file is left."""
    done = course.run("workspace", *arguments, **options)
    assert done.returncode == code, done.stdout + done.stderr
    assert not list(course.folder.rglob("*.part"))
    return done.stdout + done.stderr


def copy_of(course, name="01_lesson"):
    """Return the path of a copy."""
    return course.folder / "workspace" / f"{name}.ipynb"


def change(path, act):
    """Change a copy as JupyterLab does: read, act, write."""
    notebook = nbformat.read(path, as_version=4)
    act(notebook)
    nbformat.write(notebook, path)


def run_it(notebook):
    """Leave what running a notebook leaves: outputs, counts, metadata, and an empty cell at the end."""
    for count, cell in enumerate((c for c in notebook.cells if c.cell_type == "code"), start=1):
        cell.outputs = [nbformat.v4.new_output("stream", text="seen\n")]
        cell.execution_count = count
        cell.metadata["collapsed"] = True
    notebook.metadata["widgets"] = {}
    notebook.cells.append(nbformat.v4.new_code_cell(""))


def write_in_it(notebook):
    """Change one cell."""
    notebook.cells[-1].source += "\nmine = 1"


def update(course, number="01", where=""):
    """Let the course have a newer lesson."""
    path = course.folder / "notebooks" / "source" / where / f"{number}_lesson.py"
    path.write_text(f"{path.read_text()}\nprint('newer')\n")


def files(course):
    """Return {name: content} of all in workspace/."""
    folder = course.folder / "workspace"
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


# What is handed out


def test_copies_mirror_the_notebooks_without_outputs_and_solutions(course):
    """Lessons and exercises, valid, with descriptions of pictures and the cell for hosted notebooks; no solution."""
    assert set(files(course)) == {"01_lesson.ipynb", "02_lesson.ipynb", "exercises/01_lesson.ipynb"}
    for path in (course.folder / "workspace").rglob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)
        assert notebook.cells[1].metadata["tags"] == [TAG]
    text = copy_of(course, "exercises/01_lesson").read_text()
    assert "secret" not in text
    assert "# your turn" in text
    assert json.loads(text)["cells"][-1]["metadata"]["alt"] == "A picture that somebody has described."


def test_an_appendix_is_handed_out_too(course):
    """In a folder of its own; it is started anew by its name."""
    course.write("02", where="appendix", name="optimizers")
    make(course)
    path = copy_of(course, "appendix/optimizers")
    change(path, write_in_it)
    assert "started anew" in make(course, "--fresh", "optimizers")
    assert "mine = 1" not in path.read_text()
    assert len(list(path.parent.glob("optimizers-kept-*.ipynb"))) == 1


def test_the_real_course(tmp_path):
    """Lessons, exercises and appendices: no line of a solution that is not elsewhere, links that lead somewhere."""
    target = tmp_path / "a student's"
    done = subprocess.run(
        [sys.executable, "-m", "course_utils", "workspace", target], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    sources = all_paths()
    assert len(list(target.rglob("*.ipynb"))) == len(sources)
    for source in sources:
        path, full = target / f"{student_name(source)}.ipynb", read_lesson(source)
        handed = nbformat.read(path, as_version=4)
        assert not any(cell.get("outputs") for cell in handed.cells)
        assert "<summary>Answer" not in path.read_text()
        given = {cell.source for cell in handed.cells}
        for cell in full.cells:
            hidden = "solution" in cell.metadata.get("tags", []) or "<summary>Answer" in cell.source
            assert (cell.source in given) is not hidden, cell.source
        alts = [cell.metadata.get("alt") for cell in full.cells if "solution" not in cell.metadata.get("tags", [])]
        assert [cell.metadata["alt"] for cell in handed.cells if "alt" in cell.metadata] == list(filter(None, alts))
        assert all(link in handed.cells[0].source for link in links(student_name(source)))
        in_place = ROOT / "workspace" / path.relative_to(target)
        prose = "\n".join(cell.source for cell in handed.cells if cell.cell_type == "markdown")
        for link in re.findall(r"\]\(\s*(?!https:|#|attachment:)([^)\s#]+)", prose):
            aim = (in_place.parent / unquote(link)).resolve()
            if aim.is_relative_to(ROOT / "workspace"):
                aim = target / aim.relative_to(ROOT / "workspace")
            assert aim.exists(), f"{path.name} links {link}"


# Made once, never overwritten


def test_what_is_as_it_should_be_is_left_alone(course):
    """A second call writes nothing; nor does a newer course whose cells in it are the same: outputs stay."""
    change(copy_of(course), run_it)
    before = files(course)
    assert "nothing to make or renew" in make(course)
    update(course, "02")
    assert "1 renewed" in make(course)
    after = files(course)
    assert after.pop("02_lesson.ipynb") != before.pop("02_lesson.ipynb")
    assert after == before


@pytest.mark.parametrize("name", ["01_lesson", "exercises/01_lesson"])
def test_an_untouched_copy_is_renewed(course, name):
    """Running it, and what JupyterLab adds to its metadata, is no touch."""
    change(copy_of(course, name), run_it)
    update(course, where="exercises" if "/" in name else "")
    assert "1 renewed" in make(course)
    assert "newer" in copy_of(course, name).read_text()
    assert "seen" not in copy_of(course, name).read_text()
    assert "nothing" in make(course)


@pytest.mark.parametrize(
    "touch",
    [
        write_in_it,
        lambda notebook: notebook.cells.append(nbformat.v4.new_code_cell("mine = 1")),
        lambda notebook: notebook.cells.insert(0, nbformat.v4.new_markdown_cell("a note")),
        lambda notebook: notebook.cells.pop(2),
        lambda notebook: notebook.cells.insert(2, nbformat.v4.new_raw_cell(notebook.cells.pop(2).source)),
    ],
    ids=["a cell changed", "one added", "a note added", "one removed", "another kind"],
)
def test_a_touched_copy_is_kept(course, touch):
    """One line says how to get the new one beside it, and doing so does; while nothing is new, there is no line."""
    change(copy_of(course), run_it)
    change(copy_of(course), touch)
    mine = copy_of(course).read_bytes()
    assert "newer" not in make(course)
    update(course)
    said = make(course)
    assert copy_of(course).read_bytes() == mine
    (line,) = (line for line in said.splitlines() if "newer" in line)
    assert str(copy_of(course)) in line
    (command,) = re.findall(r"`python -m course_utils (.+?)`", line)
    assert command == "workspace --fresh 01"
    make(course, *command.split()[1:])
    assert "newer" in copy_of(course).read_text()
    (kept,) = copy_of(course).parent.glob("01_lesson-kept-*.ipynb")
    assert kept.read_bytes() == mine


def test_fresh_starts_a_lesson_and_its_exercises_anew(course):
    """The old ones have today's date in their names; other lessons are left alone, and what is unused is not kept."""
    for name in ("01_lesson", "exercises/01_lesson", "02_lesson"):
        change(copy_of(course, name), write_in_it)
    before = files(course)
    for _ in range(2):  # the second time there is nothing to keep
        make(course, "--fresh", "01")
        after = files(course)
        assert len(after) == 5
    assert after["02_lesson.ipynb"] == before["02_lesson.ipynb"]
    for name in ("01_lesson", "exercises/01_lesson"):
        (old,) = (x for x in after if re.fullmatch(rf"{name}-kept-{time.strftime('%Y')}-\d\d-\d\d-\d{{6}}.ipynb", x))
        assert after[old] == before[f"{name}.ipynb"]
        assert b"mine" not in after[f"{name}.ipynb"]
    update(course)
    assert "1 renewed" in make(course)  # the fresh one, like any other


def test_no_dated_name_is_taken_twice(course):
    """Where the name of this second, and of the next minutes, is taken, the kept one gets another."""
    change(copy_of(course), write_in_it)
    taken = [time.strftime("%Y-%m-%d-%H%M%S", time.localtime(time.time() + i)) for i in range(300)]
    for moment in taken:
        copy_of(course, f"01_lesson-kept-{moment}").write_text("mine, too")
    before = files(course)
    make(course, "--fresh", "01")
    after = files(course)
    assert {name: after.get(name) for name in before if "-kept-" in name} == {
        name: content for name, content in before.items() if "-kept-" in name
    }
    (new,) = after.keys() - before.keys()
    assert new.endswith("-2.ipynb")
    assert after[new] == before["01_lesson.ipynb"]


def test_a_removed_lesson_stays_with_the_student(course):
    """Its copy is not the course's any more."""
    before = files(course)
    (course.folder / "notebooks" / "source" / "02_lesson.py").unlink()
    make(course)
    assert files(course) == before


# What is in the way


def damage(path):
    """Cut a notebook off."""
    path.write_bytes(path.read_bytes()[:200])


def write_foreign(path):
    """Put another notebook there."""
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]), path)


def make_folder(path):
    """Put a folder there."""
    path.unlink()
    path.mkdir()


def link_elsewhere(path):
    """Put a link to another file there."""
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def put_fifo(path):
    """Put there what would be waited for without end."""
    path.unlink()
    os.mkfifo(path)


WAYS = {
    "no notebook": (lambda path: path.write_text("[1, 2]"), "damaged, or no notebook"),
    "no text": (lambda path: path.write_bytes(b"\xff\x00"), "damaged, or no notebook"),
    "empty": (lambda path: path.write_text(""), "damaged, or no notebook"),
    "damaged": (damage, "damaged, or no notebook"),
    "foreign": (write_foreign, "another notebook of the same name"),
    "of another lesson": (
        lambda p: shutil.copy(p.with_name("02_lesson.ipynb"), p),
        "another notebook of the same name",
    ),
    "read-only": (lambda path: path.chmod(0o444), "may only be read"),
    "a folder": (make_folder, "not a file"),
    "a link": pytest.param(link_elsewhere, "not a file", marks=NOT_WINDOWS),
    "a pipe": pytest.param(put_fifo, "not a file", marks=NOT_WINDOWS),
}


def kind_of(path):
    """Return what is at a path: its mode, and its content where it is a file."""
    found = path.lstat()
    return found.st_mode, found.st_ino, path.read_bytes() if path.is_file() else None


@pytest.mark.parametrize(("put", "reason"), WAYS.values(), ids=WAYS)
def test_what_is_in_the_way_is_kept(course, put, reason):
    """One sentence, the others are renewed, the exit code is 1; --fresh makes room, and keeps it as well."""
    put(copy_of(course))
    before = kind_of(copy_of(course))
    for lesson in ("01", "02"):
        update(course, lesson)
    said = make(course, code=1)
    (line,) = (line for line in said.splitlines() if str(copy_of(course)) in line)
    assert reason in line
    assert "--fresh 01`" in line
    assert kind_of(copy_of(course)) == before
    assert "newer" in copy_of(course, "02_lesson").read_text()

    make(course, "--fresh", "01")
    assert "newer" in copy_of(course).read_text()
    (kept,) = copy_of(course).parent.glob("01_lesson-kept-*")
    assert kind_of(kept) == before
    assert "nothing" in make(course)


def test_the_courses_own_notebooks_are_no_place_for_copies(course):
    """Refused, in one sentence; so is a file instead of a folder."""
    assert "give another folder" in make(course, "notebooks/mine", code=1)
    assert not (course.folder / "notebooks" / "mine").exists()
    assert "cannot be made" in make(course, "pyproject.toml", code=1)
    assert "expected one of 01, 02, got '09'" in make(course, "--fresh", "09", code=2)


# Whatever interrupts it


@NOT_WINDOWS
@pytest.mark.parametrize("arguments", [[], ["--fresh", "01"]], ids=["renew", "fresh"])
def test_a_full_disk_leaves_all_as_it_was(course, arguments):
    """One sentence, no traceback, the old files, no half file (a limit on the size of files stands for the disk)."""
    import resource

    if arguments:
        change(copy_of(course), write_in_it)
    update(course)
    before = files(course)
    limit = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))}
    # on the digits: a tiny MNIST would be too large for this disk
    start = course.command("workspace", *arguments, data="digits", PYTHONDONTWRITEBYTECODE="1") | limit
    done = subprocess.run(**start, capture_output=True, text=True)
    assert done.returncode == 1
    assert "What to do: free some disk space" in done.stderr
    assert "Traceback" not in done.stderr
    assert files(course) == before


STOP = """
import os, signal, sys
from course_utils import _files
from course_utils.__main__ import main
real, left = os.replace, [{left}]
def replace(*paths):
    if not left[0]:
        os.kill(os.getpid(), signal.{signal})
    left[0] -= 1
    real(*paths)
os.replace = replace
sys.exit(main(["workspace", *sys.argv[1:]]))
"""


@NOT_WINDOWS
@pytest.mark.parametrize("name", ["SIGINT", "SIGKILL"])
@pytest.mark.parametrize("arguments", [[], ["--fresh", "01"]], ids=["renew", "fresh"])
def test_an_end_in_the_middle_loses_nothing(course, name, arguments):
    """Every notebook is the old or the new one, whole; a second call does the rest."""
    change(copy_of(course, "exercises/01_lesson"), write_in_it)
    mine = copy_of(course, "exercises/01_lesson").read_bytes()
    for lesson in ("01", "02"):
        update(course, lesson)
    start = course.command(*arguments)
    start["args"] = [sys.executable, "-c", STOP.format(left=1 if not arguments else 2, signal=name), *arguments]
    done = subprocess.run(**start, capture_output=True, text=True, timeout=60)
    assert done.returncode == (130 if name == "SIGINT" else -signal.SIGKILL), done.stderr
    found = [p for p in (course.folder / "workspace").rglob("*.ipynb")]
    for path in found:
        nbformat.validate(nbformat.read(path, as_version=4))
    assert mine in [path.read_bytes() for path in found]
    for left in (course.folder / "workspace").rglob(".*.part"):
        left.unlink()  # of the killed one: whole_file clears it after a while
    make(course)
    assert "newer" in copy_of(course).read_text()
    assert "newer" in copy_of(course, "02_lesson").read_text()
    assert mine in files(course).values()


def test_two_commands_at_once_do_no_harm(course):
    """Several that start a lesson anew, and several that renew: the old one is kept, once."""
    change(copy_of(course), write_in_it)
    mine = copy_of(course).read_bytes()
    update(course, "02")
    commands = [course.command("workspace", *more) for more in ([], ["--fresh", "01"]) * 3]
    running = [subprocess.Popen(**c, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for c in commands]
    for process in running:
        said = process.communicate(timeout=120)
        assert process.returncode == 0, said
    after = files(course)
    (kept,) = (name for name in after if "-kept-" in name)
    assert after[kept] == mine
    assert b"mine" not in after["01_lesson.ipynb"]
    assert b"newer" in after["02_lesson.ipynb"]
    assert len(after) == 4 + (os.name == "nt")  # there a file is the lock


@NOT_WINDOWS
def test_a_command_waits_for_another(course):
    """While one works in the folder, a second says that it waits and changes nothing; then it does its part."""
    import fcntl

    update(course)
    before = files(course)
    folder = os.open(course.folder / "workspace", os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        process = subprocess.Popen(**course.command("workspace"), stdout=subprocess.PIPE, text=True)
        assert "Waiting for another" in process.stdout.readline()
        assert files(course) == before
    finally:
        os.close(folder)
    assert "1 renewed" in process.communicate(timeout=60)[0]
    assert process.returncode == 0


@NOT_WINDOWS
def test_a_checkout_that_may_only_be_read():
    """With a folder of one's own it works; without, one sentence says to give one."""
    packages, python = sysconfig.get_path("purelib"), sys.executable
    user = {}
    if os.geteuid() == 0:  # root may write anywhere
        python, user = python_for_nobody(), as_user(NOBODY)
        check = [python, "-c", "import jupytext"]
        options = {"env": os.environ | {"PYTHONPATH": packages}, "cwd": "/", "stderr": subprocess.DEVNULL}
        if python is None or subprocess.call(check, **options, **user):
            pytest.skip("no other user can start a Python with Jupytext here")
    with tempfile.TemporaryDirectory() as folder:  # not tmp_path, which nobody but its owner may enter
        course = Course(Path(folder) / "course")
        course.write("01")
        own = Path(folder) / "own"
        own.mkdir()
        own.chmod(0o777)
        os.chmod(folder, 0o755)
        for path in (course.folder, *course.folder.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)

        def call(*arguments):
            # a Python whose own packages these are: from PYTHONPATH, a command takes the course alone
            start = course.command()
            begin = f"import sys; sys.path += [{str(course.folder)!r}, {packages!r}]"
            code = f"{begin}; from course_utils.__main__ import main; sys.exit(main(sys.argv[1:]))"
            start["args"] = [python, "-c", code, "workspace", *arguments]
            return subprocess.run(**start | user, capture_output=True, text=True, timeout=60)

        done = call(str(own / "pca"))
        assert done.returncode == 0, done.stderr
        assert (own / "pca" / "01_lesson.ipynb").exists()
        done = call()
        assert done.returncode == 1
        assert "give a folder of your own" in done.stderr
        assert "Traceback" not in done.stderr
        for path in (course.folder, *course.folder.rglob("*")):
            path.chmod(0o755)


# The house around it


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")
def test_make_workspace_and_make_clean(course):
    """FRESH=01 starts a lesson anew; `make clean` takes nothing of the student's, JupyterLab's checkpoints included."""
    shutil.copy(ROOT / "Makefile", course.folder)
    change(copy_of(course), write_in_it)
    start = course.command()
    command = ["make", "--old-file=environment", f"PY={sys.executable}"]
    subprocess.run([*command, "workspace", "FRESH=01"], cwd=start["cwd"], env=start["env"], check=True)
    assert len(list(copy_of(course).parent.glob("01_lesson-kept-*"))) == 1
    checkpoint = copy_of(course).parent / ".ipynb_checkpoints" / "01_lesson-checkpoint.ipynb"
    checkpoint.parent.mkdir()
    shutil.copy(copy_of(course), checkpoint)
    before = files(course)
    (course.folder / "course_utils" / "__pycache__").mkdir(exist_ok=True)
    subprocess.run(["make", "clean"], cwd=course.folder, check=True)
    assert files(course) == before
    assert not (course.folder / "course_utils" / "__pycache__").exists()


def test_no_tool_takes_copies_for_the_courses(course):
    """pytest and ruff do not look there, Jupytext pairs nothing, git ignores it."""
    for name in (".gitignore", "jupytext.toml"):
        shutil.copy(ROOT / name, course.folder)
    (course.folder / "workspace" / "test_mine.py").write_text("import  os\n\ndef test_mine(): assert 0\n")
    shutil.copy(copy_of(course), course.folder / "notebooks" / "01_lesson.ipynb")
    (course.folder / "tests").mkdir()
    tool = {"cwd": course.folder, "capture_output": True, "text": True}
    listed = subprocess.run([sys.executable, "-m", "pytest", "--collect-only", "-q"], **tool).stdout
    assert "notebooks/01_lesson.ipynb::" in listed
    assert "workspace" not in listed
    assert "test_mine" not in subprocess.run([sys.executable, "-m", "ruff", "check", "."], **tool).stdout
    config = jupytext.config.load_jupytext_config(str(copy_of(course)))
    assert config is not None
    assert config.default_formats(str(copy_of(course))) is None
    subprocess.run(["git", "init", "--quiet"], **tool, check=True)
    listed = subprocess.run(["git", "status", "--porcelain", "--untracked-files=all"], **tool, check=True).stdout
    assert "notebooks/source/01_lesson.py" in listed
    assert "?? workspace/" not in listed


@NOT_WINDOWS
def test_binder_makes_the_copies(course, tmp_path):
    """postBuild installs the course, then calls the command (pip and the download are replaced)."""
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    (bin_ / "pip").write_text("#!/bin/sh\n")
    (bin_ / "python").write_text(f'#!/bin/sh\n[ "$3" = data ] || exec "{sys.executable}" "$@"\n')
    for path in bin_.iterdir():
        path.chmod(0o755)
    shutil.rmtree(course.folder / "workspace")
    start = course.command()
    env = start["env"] | {"PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run([ROOT / "binder" / "postBuild"], cwd=course.folder, env=env, check=True)
    assert len(files(course)) == 3


def git(*arguments, cwd):
    """Run git and return what it printed."""
    who = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    options = {"cwd": cwd, "env": environment(**who), "capture_output": True, "text": True, "check": True}
    return subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments], **options).stdout


@NOT_WINDOWS
def test_the_branch_for_hosted_notebooks(course, tmp_path):
    """What is committed, with fresh copies and nobody's work; each time a commit more, by a job that may only push."""
    (course.folder / ".ci").mkdir()
    for name in (".ci/student", ".gitignore"):
        shutil.copy(ROOT / name, course.folder / name)
    remote = tmp_path / "remote.git"
    git("init", "--quiet", "--bare", str(remote), cwd=tmp_path)
    git("init", "--quiet", "--initial-branch=main", cwd=course.folder)
    change(copy_of(course), write_in_it)
    for n_times in (1, 2):
        git("add", ".", cwd=course.folder)
        git("commit", "--quiet", "--message", "main", cwd=course.folder)
        start = course.command()
        subprocess.run([".ci/student", remote, sys.executable], cwd=course.folder, env=start["env"], check=True)
        main = set(git("ls-tree", "-r", "--name-only", "HEAD", cwd=course.folder).split())
        student = set(git("ls-tree", "-r", "--name-only", "student", cwd=remote).split())
        copies = {"workspace/01_lesson.ipynb", "workspace/02_lesson.ipynb", "workspace/exercises/01_lesson.ipynb"}
        assert student == main | copies
        assert git("rev-list", "--count", "student", cwd=remote).strip() == str(n_times)
        assert "mine" not in git("show", "student:workspace/01_lesson.ipynb", cwd=remote)
        update(course)
    assert git("worktree", "list", cwd=course.folder).count("\n") == 1

    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "student.yml").read_text())
    (job,) = workflow["jobs"].values()
    assert workflow["permissions"] == {}
    assert job["permissions"] == {"contents": "write"}
    assert job["steps"][-1] == {"run": ".ci/student"}
    assert workflow[True]["push"] == {"branches": ["main"]}  # YAML reads `on` as true
