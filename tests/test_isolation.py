"""A student's own settings for Python, Keras and Jupyter: a lesson runs as it does without them."""

import json
import os
import sys

import pytest
from _course import ROOT, Course

from course_utils._isolation import without_foreign

KERAS = """
import keras
assert (keras.backend.backend(), keras.config.floatx()) == ("tensorflow", "float32"), keras.backend.backend()
assert keras.config.image_data_format() == "channels_last"
keras.layers.Dense(2)(keras.ops.ones((1, 3)))
"""
NUMPY = "import sys, numpy\nassert numpy.ones(3).sum() == 3\nprint(sys.executable)"
OTHER = {"backend": "torch", "floatx": "float16", "epsilon": 1e-3, "image_data_format": "channels_first"}


@pytest.fixture
def course(tmp_path):
    """Return a small course in a folder beside the student's home."""
    (tmp_path / "home").mkdir()
    return Course(tmp_path / "course")


def run(course, code, **settings):
    """Run a lesson of this code with a student's settings; hold that it is ok."""
    course.write("01", code)
    home = str(course.folder.parent / "home")
    done = course.run("run", **{"HOME": home, "USERPROFILE": home} | settings)
    assert done.returncode == 0, done.stdout + done.stderr
    return (course.folder / "build" / "notebooks" / "01_lesson.ipynb").read_text()


@pytest.mark.parametrize("where", ["~/.keras", "KERAS_HOME", "KERAS_BACKEND"])
def test_keras(course, where):
    """Another backend and other defaults of Keras's are for the student's other work; their file stays as it is."""
    folder = course.folder.parent / ("home/.keras" if where == "~/.keras" else "own")
    folder.mkdir()
    file = folder / "keras.json"
    file.write_text(json.dumps(OTHER))
    setting = {"KERAS_HOME": str(folder), "KERAS_BACKEND": "jax", "~/.keras": ""}[where]
    run(course, KERAS, **({where: setting, "KERAS_MAX_EPOCHS": "1"} if setting else {}))
    assert json.loads(file.read_text()) == OTHER


def test_pythonpath(course):
    """Another NumPy on PYTHONPATH, as robotics and clusters have one, is not imported."""
    packages = course.folder.parent / "packages"
    packages.mkdir()
    (packages / "numpy.py").write_text("raise ImportError('another numpy')")
    # on the digits: a tiny MNIST is made with NumPy, before the command is there to keep the other one out
    run(course, NUMPY, data="digits", PYTHONPATH=os.pathsep.join((str(packages), str(course.folder))))


@pytest.mark.skipif(os.name == "nt", reason="Windows lays a Python out in another way")
def test_pythonhome(course):
    """A PYTHONHOME that leads away from the environment's packages is left aside."""
    run(course, NUMPY, PYTHONHOME=sys.base_prefix)


def test_a_kernel_of_ones_own(course):
    """The lesson's kernel is this Python, whatever `python3` Jupyter finds first."""
    data = course.folder.parent / "data"
    kernel = data / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    kernel.write_text(json.dumps({"argv": ["/elsewhere/python", "-m", "x"], "display_name": "", "language": "python"}))
    notebook = run(course, NUMPY, JUPYTER_PREFER_ENV_PATH="0", JUPYTER_DATA_DIR=str(data), JUPYTER_PATH=str(data))
    assert json.dumps(sys.executable)[1:-1] in notebook


def test_only_the_courses_own_folder_stays():
    """An environment without foreign folders stays as it is; the course's own folder may be named."""
    root = str(ROOT)
    assert without_foreign({"A": "1", "PYTHONPATH": f"/elsewhere{os.pathsep}{root}"}) == {"A": "1", "PYTHONPATH": root}
    assert without_foreign({"A": "1", "PYTHONPATH": f"{os.pathsep}/elsewhere", "PYTHONHOME": "/x"}) == {"A": "1"}
