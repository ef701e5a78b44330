"""The repository as a whole: set-up files that agree, no dead links, notebooks in step with their source.

What carries the marker `check` is run by `make check`.
"""

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
import yaml

from course_utils import __main__ as commands
from course_utils.environment import python
from course_utils.notebooks.sources import (
    exercise_paths,
    read_lesson,
    read_unsolved,
    stored_path,
    unsolved_path,
)

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
SKIPPED = {".git", ".venv", "build", "workspace", "__pycache__", ".ipynb_checkpoints", ".pytest_cache", ".ruff_cache"}
NAMES = ("Binder", "GitHub", "JupyterLab", "Keras", "Matplotlib", "MNIST", "NumPy", "SciPy", "TensorFlow")


def repository_files():
    """Return the paths of the repository's files: what git tracks or would track, or all but what is made."""
    listing = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    try:
        names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
        paths = [ROOT / name for name in names if name]
    except (OSError, subprocess.CalledProcessError):  # an unpacked archive, or no git
        paths = [path for path in ROOT.rglob("*") if not SKIPPED & set(path.relative_to(ROOT).parts)]
    return sorted(path for path in paths if path.is_file())


def read_text(path):
    """Return the file's text, or None when it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def markdown_of(path):
    """Return the markdown of a .md file or of a notebook's cells."""
    if path.suffix == ".md":
        return path.read_text()
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


FILES = repository_files()
DOCUMENTS = [path for path in FILES if path.suffix in (".md", ".ipynb")]
LESSONS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
SOURCES = sorted((ROOT / "notebooks" / "source").glob("**/*.py"))


def name_of(path):
    """Return a path as the tests' names show it."""
    return str(path.relative_to(ROOT))


# The set-up


def test_the_set_up_knows_the_python_that_pyproject_asks_for():
    """`environment/python.py` cannot read pyproject.toml with an old Python, so it repeats the range."""
    oldest, too_new = (".".join(map(str, version)) for version in (python.OLDEST, python.TOO_NEW))
    assert PROJECT["requires-python"] == f">={oldest},<{too_new}"
    assert (
        f"({oldest.replace('.', ', ')}) <= sys.version_info[:2] < ({too_new.replace('.', ', ')})"
        in (ROOT / "Makefile").read_text()
    )


def test_binder_and_conda_environments_agree():
    """The folder binder/ hides the root's environment.yml from Binder, so both must say the same."""
    root = yaml.safe_load((ROOT / "environment.yml").read_text())
    binder = yaml.safe_load((ROOT / "binder" / "environment.yml").read_text())
    (pip,) = (entry["pip"] for entry in binder["dependencies"] if isinstance(entry, dict))
    assert pip == ["-r ../requirements.txt"]  # relative to the file that says it
    pip[:] = ["-r requirements.txt"]
    assert binder == root
    assert "python=3.11" in root["dependencies"]


def test_binder_starts_with_capped_threads():
    """postBuild and start can be executed; start caps the threads and hands over to the command."""
    assert os.access(ROOT / "binder" / "postBuild", os.X_OK)
    show = "import os; print({name: os.environ.get(name) for name in os.environ if 'THREADS' in name})"
    command = [ROOT / "binder" / "start", sys.executable, "-c", show]
    caps = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for name in (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "TF_NUM_INTRAOP_THREADS",
        "TF_NUM_INTEROP_THREADS",
    ):
        assert f"'{name}': '1'" in caps


@pytest.mark.skipif(sys.platform == "win32", reason="repo2docker does not run on Windows")
def test_repo2docker_accepts_the_repository(tmp_path):
    """It reads binder/ and would build Python 3.11 with its environment, postBuild and start."""
    for path in FILES:
        target = tmp_path / "copy" / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    options = ["--no-build", "--debug", "--user-id", "1000", "--user-name", "jovyan"]
    planned = subprocess.run(
        [sys.executable, "-m", "repo2docker", *options, "."],
        cwd=tmp_path / "copy",
        capture_output=True,
        text=True,
    )
    text = planned.stdout + planned.stderr
    assert planned.returncode == 0, text
    assert "Building conda environment for python=3.11" in text
    for name in ("binder/environment.yml", "binder/postBuild", "binder/start"):
        assert name in text


@pytest.mark.check
@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")
def test_the_devcontainer_fails_when_its_set_up_does(tmp_path):
    """A workspace that cannot be made is an error; MNIST that cannot be fetched is said, and no error."""
    command = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())["postCreateCommand"]

    def created(outcome):
        (tmp_path / "Makefile").write_text(f"workspace:\n\t@{outcome}\n")
        return subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True)

    assert created("false").returncode != 0
    without_data = created("true")  # there is no .venv, so the second step fails
    assert without_data.returncode == 0
    assert "embedded digits" in without_data.stdout


WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.check
def test_a_push_does_not_cancel_the_weekly_run():
    """Runs that cancel each other were started by the same kind of event."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text())
    assert workflow["concurrency"]["cancel-in-progress"] is True
    assert "${{ github.event_name }}" in workflow["concurrency"]["group"]


@pytest.mark.check
@pytest.mark.parametrize("path", WORKFLOWS, ids=name_of)
def test_actions_are_pinned_to_a_commit(path):
    """A tag can be moved to other code, a commit cannot; the comment says which version it is."""
    used = re.findall(r"uses: (.+)", path.read_text())
    assert used
    for action in used:
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}  # v[\d.]+", action), action


def test_no_file_names_a_package_index_or_someones_folder():
    """Neither an index's address nor a path of the machine where a file was made is in the repository."""
    index = re.compile(r"--(?:extra-)?index-url|https?://\S+/simple\b|files\.pythonhosted")
    folder = re.compile(r"(?<![\w.~-])/(?:root|work|home/(?!jovyan)\w+|Users/\w+)/")
    for path in FILES:
        text = read_text(path) or ""
        for pattern in (index, folder):
            found = pattern.search(text)
            assert not found, f"{name_of(path)}: {text[found.start() : found.start() + 80]!r}"


# The commands


def make_targets():
    """Return {target: its comment} of the Makefile."""
    lines = (ROOT / "Makefile").read_text().splitlines()
    found = [re.match(r"([a-z][a-z-]*):(?:.*?## (.*))?", line) for line in lines]
    return {match[1]: match[2] for match in found if match}


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")
def test_make_help_lists_every_target():
    """Each target has a comment, and `make help` shows it, grouped by reader and in 80 columns."""
    text = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert max(map(len, text.splitlines())) <= 80
    for target, comment in make_targets().items():
        assert comment, f"Makefile: {target} has no ## comment"
        assert re.search(rf"^make {target} +{re.escape(comment)}$", text, re.MULTILINE)
    groups = re.findall(r"^For (\w+)", text, re.MULTILINE)
    assert groups == ["students", "instructors", "maintainers"]


def test_make_check_runs_every_check():
    """A test that carries the marker lies where `make check` looks: `.ci/run` asks `make test` to leave it out."""
    (places,) = re.findall(r"-m check (.+)", (ROOT / "Makefile").read_text())
    marked = [path for path in (ROOT / "tests").rglob("test_*.py") if "pytest.mark.check\n" in path.read_text("utf-8")]
    found = [path.relative_to(ROOT) for path in marked]
    assert found
    assert not [str(path) for path in found if not any(path.is_relative_to(place) for place in places.split())]


@pytest.mark.check
@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_commands_in_text_exist(path):
    """What a text tells the reader to type is a target of the Makefile or a command of course_utils."""
    text = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", markdown_of(path), re.DOTALL))
    for target in re.findall(r"(?:^|[`;&])\s*make ([a-z][a-z-]*)", text, re.MULTILINE):
        assert target in make_targets(), f"make {target}"
    for command in re.findall(r"-m course_utils ([a-z]+)", text):
        assert command in commands.COMMANDS, f"python -m course_utils {command}"


@pytest.mark.check
def test_the_walk_through_the_house_is_true():
    """Each `file`: `name` of CONTRIBUTING.md is defined there."""
    steps = re.findall(r"`(course_utils/[\w/]+\.py)`: `(\w+)`", (ROOT / "CONTRIBUTING.md").read_text())
    assert len(steps) > 10
    for file, name in steps:
        assert re.search(rf"^(def {name}\(|{name} = )", (ROOT / file).read_text(), re.MULTILINE), f"{file}: {name}"


@pytest.mark.check
def test_the_readme_lists_each_lesson():
    """The table links every notebook of notebooks/, in order, and no other."""
    linked = re.findall(r"^\| .*?\]\((notebooks/\d\d_\w+\.ipynb)\)", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert linked == [path.relative_to(ROOT).as_posix() for path in LESSONS]


# The text


@pytest.mark.check
@pytest.mark.parametrize("source", SOURCES, ids=name_of)
def test_the_notebook_is_in_step_with_its_source(source):
    """Each notebooks/source/*.py has its notebook, exercises have two: the same cells, the same tags."""
    assert_in_step(read_lesson(source), stored_path(source))
    if source in exercise_paths():
        assert_in_step(read_unsolved(source), unsolved_path(source))


def assert_in_step(made, path):
    """Compare what a source makes with what is stored."""
    assert path.exists(), f"{name_of(path)} is missing: `make notebooks`"

    def inputs(notebook):
        return [(cell.cell_type, cell.source.strip(), cell.metadata.get("tags", [])) for cell in notebook.cells]

    text, notebook = inputs(made), inputs(nbformat.read(path, as_version=4))
    for number, (wanted, found) in enumerate(zip(text, notebook, strict=False), start=1):
        assert found == wanted, f"{name_of(path)}, cell {number}, is not that of its source: `make notebooks`"
    assert len(notebook) == len(text), "the source has other cells than the notebook: `make notebooks`"


@pytest.mark.check
def test_every_notebook_has_a_source():
    """A notebook without a source would be lost at the next `make notebooks`."""
    made = {stored_path(path) for path in SOURCES} | {unsolved_path(path) for path in exercise_paths()}
    assert {path for path in FILES if path.suffix == ".ipynb"} <= made


@pytest.mark.check
def test_spelling():
    """codespell finds nothing."""
    texts = [p for p in FILES if p.suffix in (".md", ".py", ".toml", ".yml", ".js", ".css", ".ipynb")]
    command = [sys.executable, "-m", "codespell_lib", *map(name_of, texts)]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.check
@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_names_are_spelled_as_their_owners_do(path):
    """TensorFlow, not Tensorflow; code and addresses have their own spelling."""
    prose = re.sub(r"```.*?```|`[^`\n]+`|\]\([^)]*\)|https?://\S+|<[^>]+>", " ", markdown_of(path), flags=re.DOTALL)
    right = {name.lower(): name for name in NAMES}
    for word in re.findall(r"[A-Za-z]+", prose):
        assert word == right.get(word.lower(), word), f"{word}: expected {right[word.lower()]}"


def anchors_of(path):
    """Return the anchors that GitHub gives the headings of a document."""
    text = re.sub(r"```.*?```", "", markdown_of(path), flags=re.DOTALL)
    found, seen = set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text)), {}
    for heading in re.findall(r"^#+ +(.+?)\s*#*$", text, re.MULTILINE):
        plain = re.sub(r"\[([^]]*)\]\([^)]*\)|<!--.*?-->", r"\1", heading)
        anchor = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        seen[anchor] = seen.get(anchor, -1) + 1
        found.add(f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
    return found


@pytest.mark.check
@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_lead_somewhere(path):
    """Files and anchors exist; an outside address is well formed and encrypted (it is not visited)."""
    text = re.sub(r"```.*?```|`[^`\n]+`", "", markdown_of(path), flags=re.DOTALL)
    for link in re.findall(r"\]\(\s*([^)\s]+)[^)]*\)|(?:href|src)=\"([^\"]+)\"", text):
        target = link[0] or link[1]
        url = urlsplit(target.strip("<>"))
        if url.scheme or url.netloc:
            assert url.scheme in ("https", "mailto", "data", "attachment"), target
            assert url.scheme != "https" or "." in url.netloc, target
            continue
        file = (path.parent / unquote(url.path)).resolve() if url.path else path
        assert file.exists(), f"{name_of(path)} links {target}, which does not exist"
        if url.fragment and file.suffix in (".md", ".ipynb"):
            assert unquote(url.fragment).lower() in {a.lower() for a in anchors_of(file)}, target


def test_the_version_is_in_the_changelog():
    """The changes of the version that is installed are written down."""
    version = importlib.metadata.version("course-utils")
    assert version == PROJECT["version"]
    assert re.search(rf"^## {re.escape(version)}\b", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)


@pytest.mark.check
def test_the_citation_is_the_same_in_both_forms():
    """The book's BibTeX entry says what CITATION.cff says, and both the version that is built."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    entry = re.search(r"```bibtex\n(.*?)```", (ROOT / "book" / "cite.md").read_text(), re.DOTALL)[1]
    fields = {
        name: re.sub("[{}]", "", value) for name, value in re.findall(r"^ *(\w+) += \{(.*)\},?$", entry, re.MULTILINE)
    }
    (author,) = citation["authors"]
    assert fields == {
        "title": citation["title"],
        "author": author["name"],
        "version": citation["version"],
        "url": citation["repository-code"],
    }
    assert citation["version"] == PROJECT["version"]
