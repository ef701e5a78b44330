"""The commands, run as a newcomer runs them: from a checkout, with whatever Python is there."""

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from _checkout import ROOT, bare_python, copy_checkout, environment, run

from course_utils import __main__ as commands
from course_utils.environment.python import python_problem
from course_utils.notebooks.sources import lesson_key

# What runs before anything is installed, on whatever Python the newcomer has
FIRST = (
    *("__init__", "__main__", "_errors", "_files", "_isolation", "_machine", "_paths", "_settings", "_terminal"),
    *("commands/__init__", "commands/setup", "commands/doctor"),
    *("environment/__init__", "environment/installer", "environment/lock", "environment/python"),
)


@pytest.fixture
def checkout(tmp_path):
    """Return a copy of what the commands need, without a .venv."""
    return copy_checkout(tmp_path / "checkout")


def test_importing_the_package_is_lazy():
    """`import course_utils` pulls in neither Keras nor TensorFlow nor NumPy."""
    heavy = run(
        "-c",
        "import sys, course_utils; print({'keras', 'tensorflow', 'numpy', 'sklearn'} & set(sys.modules))",
    )
    assert heavy.stdout.strip() == "set()", heavy.stdout + heavy.stderr


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_help_lists_every_command(arguments):
    """Without arguments as with `--help`: each command, what it does, and whom it is for, in 80 columns."""
    shown = run("-m", "course_utils", *arguments, COLUMNS="80")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert max(map(len, shown.stdout.splitlines())) <= 80
    parts = dict(re.findall(r"^(for \w+):\n((?:  .*\n)+)", shown.stdout, re.MULTILINE))
    for reader, listed in commands.READERS.items():
        for name, purpose in listed.items():
            assert f"{name} {purpose}" in " ".join(parts[reader].split())


def test_each_command_is_a_module_and_each_module_a_command():
    """`commands` holds nothing else; each has a `main` and declares its own arguments."""
    folder = ROOT / "course_utils" / "commands"
    found = {path.stem: path for path in folder.iterdir() if path.suffix == ".py" and path.stem != "__init__"}
    assert not [path for path in folder.rglob("*.py") if path.parent != folder]
    assert found.keys() == commands.COMMANDS.keys()
    for name, path in found.items():
        defined = {node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)}
        assert {"add_arguments", "main"} <= defined, name


def test_the_version_is_that_of_pyproject():
    """`--version` needs no command and no package."""
    shown = run("-m", "course_utils", "--version").stdout.split()
    assert shown == ["course_utils", tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]]


@pytest.mark.parametrize(("given", "number"), [("3", "03"), ("03", "03")])
def test_a_lesson_is_found_by_its_number(given, number):
    """With and without the zero that its files have."""
    assert lesson_key(given) == number


@pytest.mark.parametrize("given", ["0", "99", "three", ""])
def test_other_numbers_name_those_there_are(given):
    """What was given stands at the sentence's end."""
    with pytest.raises(argparse.ArgumentTypeError, match=rf"^expected one of 01, 02, .*, got {given!r}$"):
        lesson_key(given)


@pytest.mark.parametrize("arguments", [["fly"], ["--fly"], ["run", "--lesson", "99"], ["run", "--fast"]])
def test_what_is_not_understood_ends_with_2(arguments):
    """Unknown commands, lessons and options are usage errors."""
    finished = run("-m", "course_utils", *arguments)
    assert finished.returncode == 2
    assert "usage:" in finished.stderr


@pytest.mark.parametrize("command", ["data", "lab", *commands.OF_LESSONS])
@pytest.mark.parametrize(("name", "value"), [("COURSE_DATA", "mnsit"), ("COURSE_MNIST_URL", "ftp://here")])
def test_a_misspelt_setting_is_one_sentence(command, name, value, checkout):
    """Said before anything begins, whatever packages there are; the doctor lists it among the rest."""
    finished = run("-m", "course_utils", command, cwd=checkout, **{name: value})
    assert finished.returncode == 1
    assert finished.stderr.startswith(f"\n{command}: {name}: expected ")
    assert len(finished.stderr.strip().splitlines()) == 1
    assert finished.stdout == ""


@pytest.mark.parametrize("command", ["run", "lab"])
def test_a_command_in_the_wrong_python_says_which_one_is_right(command, checkout):
    """Without packages it names the package, the Python, and the way out."""
    finished = run("-m", "course_utils", command, python=bare_python(checkout / "bare"), cwd=checkout)
    assert finished.returncode == 1
    assert "has no package" in finished.stderr
    assert "course_utils setup" in finished.stderr
    assert "Traceback" not in finished.stderr


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"version": (3, 10, 4)}, "expected Python 3.11, 3.12 or 3.13 with 64 bit, got Python 3.10.4"),
        ({"version": (3, 14, 0)}, "got Python 3.14.0"),
        ({"is_64bit": False}, "(32 bit"),
        ({"machine": "riscv64"}, "TensorFlow has no package for this computer"),
    ],
)
def test_an_unsuitable_python_is_refused(facts, words):
    """The message says what was expected, what was found and what to do."""
    problem, remedy = python_problem(**facts)
    assert words in problem
    assert remedy


def test_this_python_is_accepted():
    """The tests' own Python is one that the course runs on."""
    assert python_problem() is None


def pythons(name):
    """Return the Pythons of that name: the one on the path, and those of a version manager that are not."""
    found = [shutil.which(name), *map(str, Path.home().glob(f".pyenv/versions/*/bin/{name}"))]
    return [python for python in found if python and run("-c", "", python=python).returncode == 0]


@pytest.mark.parametrize("name", ["python3.9", "python3.10", "python3.14"])
def test_a_real_wrong_python_is_refused(name, checkout):
    """Where such a Python is installed, `setup` ends with 1 and a clear message, and the doctor comes to its end."""
    python = next(iter(pythons(name)), None)
    if python is None:
        pytest.skip(f"no {name} here")
    finished = run("-m", "course_utils", "setup", python=python, cwd=checkout)
    assert finished.returncode == 1
    assert "expected Python 3.11, 3.12 or 3.13" in finished.stderr
    assert "Traceback" not in finished.stderr
    assert not (checkout / ".venv").exists()
    examined = run("-m", "course_utils", "doctor", python=python, cwd=checkout)
    assert re.search("^Python +problem +expected Python 3.11, 3.12 or 3.13", examined.stdout)
    assert (examined.returncode, examined.stderr) == (1, "")


def imported_at_the_top(tree):
    """Return the names of the modules that a module imports when it is imported itself."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("name", FIRST)
def test_what_runs_first_runs_on_any_python(name):
    """In syntax that Python 3.9 reads, and with the standard library and each other alone."""
    tree = ast.parse((ROOT / "course_utils" / f"{name}.py").read_text(), feature_version=(3, 9))
    own = {f"course_utils.{module}".replace("/", ".").replace(".__init__", "") for module in FIRST}
    for imported in imported_at_the_top(tree):
        if imported.startswith("course_utils"):
            is_module = (ROOT / imported.replace(".", "/")).with_suffix(".py").exists()
            assert (imported if is_module else imported.rpartition(".")[0]) in own, imported
        else:
            assert imported.partition(".")[0] in sys.stdlib_module_names, imported


def test_everyone_recommends_the_same_python():
    """README.md, the Makefile and the set-up's own words; it is one that the set-up accepts."""
    readme, makefile = (ROOT / "README.md").read_text(), (ROOT / "Makefile").read_text()
    problem, remedy = python_problem((3, 10, 0))
    (wanted,) = re.findall(r"install Python (3\.\d+) from", remedy)
    assert re.findall(r"py -(3\.\d+) -m course_utils setup", readme) == [wanted]
    assert re.findall(r"install Python (3\.\d+) from", makefile) == [wanted]
    assert python_problem(map(int, wanted.split("."))) is None
    (range_,) = re.findall(r"expected (Python 3.*?) with", problem)
    assert range_ in readme.replace("\n", " ")
    assert range_.removeprefix("Python ") in makefile


@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell's pipe")
def test_a_reader_that_stops_early_is_no_fault():
    """`doctor | head -n 1` shows its line and nothing else."""
    command = f"{sys.executable} -u -m course_utils doctor | head -n 1"
    env = environment(COURSE_DATA="digits")
    shown = subprocess.run(command, shell=True, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert shown.stdout.startswith("Python ")
    assert shown.stderr == ""
