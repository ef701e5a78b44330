"""The first cell of a lesson, in an environment like a hosted notebook's: `make test-hosted` runs it.

The environment has everything but the course, anywidget and pooch.
"""

import importlib.util
import json
import os
import subprocess
import sys

import nbformat

from course_utils._paths import ROOT
from course_utils.notebooks import hosted
from course_utils.notebooks.sources import lesson_paths, stored_path


def packages():
    """Return {name: version} of what is installed."""
    listing = [sys.executable, "-m", "pip", "list", "--format=json"]
    found = json.loads(subprocess.run(listing, capture_output=True, check=True).stdout)
    return {package["name"].lower(): package["version"] for package in found}


def test_first_cell_installs_the_course_and_replaces_nothing(tmp_path):
    """What was there stays in its version; course_utils, anywidget, pooch and what they miss are added."""
    before = packages()
    assert not {"course-utils", "anywidget", "pooch"} & before.keys()
    notebook = nbformat.read(stored_path(lesson_paths()[1]), as_version=4)
    (cell,) = (cell for cell in notebook.cells if hosted.TAG in cell.metadata.get("tags", []))
    address = hosted.project()["urls"]["Repository"]
    git = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"url.{ROOT.as_uri()}.insteadOf", "GIT_CONFIG_VALUE_0": address}
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | git
    again = "assert importlib.util.find_spec('course_utils')\nsubprocess.check_call = None"
    code = f"{cell.source}\n{again}\n{cell.source}\nimport course_utils; print(course_utils.__file__)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "site-packages" in done.stdout.splitlines()[-1]
    after = packages()
    assert {"course-utils", "anywidget", "pooch"} <= after.keys()
    assert {name: after.get(name) for name in before} == before
    assert importlib.util.find_spec("course_utils")
