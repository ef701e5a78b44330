"""The package without a checkout: a wheel, an sdist, and what is declared of what they need."""

import ast
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from course_utils._paths import ROOT
from course_utils.notebooks.sources import lesson_paths, stored_path

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
BUILT_IN = {
    *("data/results.toml", "data/weights_03_better.npz", "commands/doctor.py"),
    *("widgets/theme.css", "widgets/explorer/map.js", "widgets/prediction/prediction.js"),
    *("questions/lesson_02/q1_scores.py", "exercises/02_mnist_pca.py"),
}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Return a copy of what the package is built from, so that nothing is left in the checkout."""
    folder = tmp_path_factory.mktemp("source")
    for name in ("course_utils", "data", "notebooks/source/exercises"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    (folder / "data" / "mnist.npz").write_bytes(b"a student's copy, which is none of the package's")
    return folder


def build(kind, source, folder):
    """Build a wheel or an sdist with the backend of pyproject.toml; return its path."""
    code = f"import setuptools.build_meta as b; print(b.build_{kind}({str(folder)!r}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=source, capture_output=True, text=True, check=True)
    return folder / done.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def wheel(source, tmp_path_factory):
    """Return the wheel."""
    return build("wheel", source, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """Return the Python of a fresh environment: the wheel, and the dependencies of the one that tests."""
    folder = tmp_path_factory.mktemp("fresh")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    fresh = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    find = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(subprocess.run([fresh, "-c", find], capture_output=True, text=True, check=True).stdout.strip())
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    zipfile.ZipFile(wheel).extractall(packages)  # which is what installing a wheel of pure Python is
    return fresh


def run(python, *arguments, cwd):
    """Run the fresh Python in a folder and return it, finished."""
    return subprocess.run([python, "-I", *arguments], cwd=cwd, capture_output=True, text=True, timeout=600)


def test_ledger_weights_and_scripts_travel_inside(wheel, source, tmp_path):
    """In the wheel, and in an sdist; of a student's data nothing does."""
    in_wheel = {name.removeprefix("course_utils/") for name in zipfile.ZipFile(wheel).namelist()}
    assert in_wheel >= BUILT_IN
    assert "data/mnist.npz" not in in_wheel
    shutil.unpack_archive(build("sdist", source, tmp_path), tmp_path)
    (unpacked,) = (path for path in tmp_path.iterdir() if path.is_dir())
    of_sdist = zipfile.ZipFile(build("wheel", unpacked, tmp_path)).namelist()
    assert {name.removeprefix("course_utils/") for name in of_sdist} >= BUILT_IN


def test_helpers_work_in_an_empty_folder(python, tmp_path):
    """The ledger is found, the shipped weights too, and the explorer has its scripts."""
    code = (
        "import course_utils as c; from course_utils.autoencoder import load_pretrained; "
        "c.check_result('01.pca.exact', 0.309, 'gaussians'); "
        "c.predict('01.pca.exact', 'What is left?'); "
        "print(c.__file__, len(load_pretrained('03_better')), 'CodeMap' in c.LatentExplorer._esm)"
    )
    done = run(python, "-c", code, cwd=tmp_path)
    assert "0.309   as expected (0.30895 to 0.30905)" in done.stdout, done.stderr
    file, n_arrays, has_scripts = done.stdout.splitlines()[-1].rsplit(maxsplit=2)
    assert Path(file).is_relative_to(python.parents[1])
    assert int(n_arrays) > 10
    assert has_scripts == "True"


def test_questions_answer_in_an_empty_folder(python, tmp_path):
    """The solutions are inside, and shown as the code that they are."""
    code = "import course_utils as c; c.check('02.5', 'b'); c.solution('02.2')"
    done = run(python, "-c", code, cwd=tmp_path)
    assert "✓ 02.5: Right." in done.stdout, done.stderr
    assert "def reconstruct(X_train, X, k):" in done.stdout


def test_doctor_works_without_a_checkout(python, tmp_path):
    """It reports every check; the package's own floors count, not the lock."""
    done = run(python, "-m", "course_utils", "doctor", cwd=tmp_path)
    assert not done.stderr
    for name in ("Python", "Packages", "Kernel", "Memory", "Folder", "Disk", "Cores", "Data"):
        assert re.search(rf"^{name} +(ok|problem)", done.stdout, re.MULTILINE), done.stdout
    assert re.search(rf"^Folder +ok +{re.escape(str(tmp_path))} can be written", done.stdout, re.MULTILINE)
    assert re.search(r"^Packages +ok +all \d+ that course_utils needs are installed", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("command", ["setup", "lab", "workspace", "run", "notebooks", "measure", "weights"])
def test_commands_of_the_lessons_say_that_they_need_them(python, tmp_path, command):
    """One sentence and exit code 1; nothing is written into the folder of the packages."""
    done = run(python, "-m", "course_utils", command, cwd=tmp_path)
    assert done.returncode == 1
    assert "without the lessons: this command needs the whole course" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_lesson_2_runs_in_an_empty_folder(python, tmp_path, monkeypatch):
    """Its notebook alone, with the installed package."""
    monkeypatch.setenv("COURSE_DATA", "digits")
    monkeypatch.setenv("COURSE_STRICT", "1")
    shutil.copy(stored_path(lesson_paths(["02"])[0]), tmp_path / "lesson.ipynb")
    # Not by nbconvert, which may wait for ever at the lesson's slider (nbclient, issue 312)
    code = (
        "import nbformat, pathlib; from course_utils.notebooks.execution import execute; "
        "lesson = execute(nbformat.read('lesson.ipynb', as_version=4), 'lesson', {}, folder=pathlib.Path.cwd()); "
        "print(lesson.error, lesson.dataset, len(lesson.results), lesson.out_of_range)"
    )
    done = run(python, "-c", code, cwd=tmp_path)
    error, dataset, n_results, out_of_range = done.stdout.splitlines()[-1].split()
    assert (error, dataset, out_of_range) == ("None", "digits", "[]"), done.stdout
    assert int(n_results) > 10


# What is declared


def imported(paths):
    """Return the distributions that files import, at the top or later; what belongs to Python or to us is left out."""
    of_module = packages_distributions()
    found = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            modules = {name.split(".")[0] for name in names} - sys.stdlib_module_names - {"course_utils", "pip"}
            found |= {of_module[module][0].lower().replace("_", "-") for module in modules if module in of_module}
    return found


def declared(texts):
    """Return the names of requirements."""
    return {Requirement(text).name.lower() for text in texts}


def test_what_helpers_and_lessons_import_is_declared_and_nothing_else():
    """A student's environment gets what is used; TensorFlow goes by two names."""
    package = ROOT / "course_utils"
    tooling = {package / room for room in ("commands", "grading", "hub", "book", "notebooks")}
    paths = [path for path in package.rglob("*.py") if not tooling & set(path.parents)]
    found = imported([*paths, *(ROOT / "notebooks" / "source").rglob("*.py"), package / "commands" / "doctor.py"])
    by_name = {"requests"}  # _mnist/download.py imports it in advance, for pooch
    optional = {"jupyter-client", "matplotlib-inline"}  # without it the doctor says so; in every kernel of IPython
    one_of_two = {"tensorflow", "tensorflow-cpu"}
    assert found - one_of_two | by_name == declared(PROJECT["dependencies"]) - one_of_two | optional


def test_what_the_commands_import_is_declared():
    """By the package, by its extra `lab`, which holds nothing that they do not use, or by that of one command."""
    extra = declared(PROJECT["optional-dependencies"]["lab"])
    rooms = [ROOT / "course_utils" / room for room in ("commands", "grading", "hub", "notebooks")]
    found = imported(path for room in rooms for path in room.glob("*.py"))
    assert found <= extra | declared(PROJECT["dependencies"]) | declared(PROJECT["optional-dependencies"]["cluster"])
    by_name = {"jupyterlab", "nbval", "pytest", "setuptools"}
    assert extra - found == by_name | {"jsonschema"}  # which others import, and newer ones slow down
