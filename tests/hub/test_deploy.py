"""deploy/: what can be tried of it without a server and without a cluster."""

import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml
from _course import ROOT

from course_utils._paths import NOTEBOOKS

DEPLOY = ROOT / "deploy"
SCHEMA = os.environ.get("Z2JH_SCHEMA")
SERVER_GB = 0.15  # measured: what a student's server fills beside the kernel
RESERVE = 1.2


def problems(values):
    """Return what the chart's schema says against values that are given to helm, which merges them with its own."""
    schema = yaml.safe_load(Path(SCHEMA).read_text())

    def partial(node):
        # what a schema requires is there after the merging
        if isinstance(node, list):
            return [partial(item) for item in node]
        if not isinstance(node, dict):
            return node
        return {name: partial(item) for name, item in node.items() if name != "required" or isinstance(item, dict)}

    found = jsonschema.Draft7Validator(partial(schema)).iter_errors(values)
    return [f"{'.'.join(map(str, error.absolute_path))}: {error.message}" for error in found]


@pytest.mark.skipif(not SCHEMA, reason="Z2JH_SCHEMA does not name the chart's schema")
@pytest.mark.parametrize("name", ["values.yaml", "rehearsal.yaml"])
def test_the_chart_takes_the_values(name):
    """Each name is one of the chart's, each value of its type; and one name misspelt would be seen."""
    values = yaml.safe_load((DEPLOY / "kubernetes" / name).read_text())
    assert problems(values) == []
    for room in values:
        wrong = json.loads(json.dumps(values))
        wrong[room]["misspelt"] = 1
        assert "misspelt" in problems(wrong)[0]


def test_the_settings_of_tljh_are_known(monkeypatch):
    """Each name that course.py sets is a setting of JupyterHub or of the systemd spawner, and takes the value."""
    spawner = pytest.importorskip("systemdspawner").SystemdSpawner
    from jupyterhub.app import JupyterHub
    from jupyterhub.spawner import Spawner
    from traitlets.config import Config

    config = Config()
    exec((DEPLOY / "tljh" / "course.py").read_text(), {"c": config})
    classes = {"SystemdSpawner": spawner, "JupyterHub": JupyterHub, "Spawner": Spawner}
    assert set(config) == set(classes)
    for name, settings in config.items():
        for setting, value in settings.items():
            trait = classes[name].class_traits(config=True)[setting]
            if setting != "environment":  # a dict that grows when it is read
                trait.validate(classes[name].__new__(classes[name]), value)
    environment = config.SystemdSpawner.environment.get_value({"KEPT": "1"})
    assert environment["KEPT"] == environment["OMP_NUM_THREADS"] == "1"


def test_the_script_for_tljh_is_one():
    """bash reads it; it installs the lock and puts course.py in place."""
    subprocess.run(["bash", "-n", DEPLOY / "tljh" / "install.sh"], check=True)
    text = (DEPLOY / "tljh" / "install.sh").read_text()
    for path in re.findall(r"requirements\S*\.txt|deploy/tljh/\S+\.py", text):
        assert (ROOT / path).exists()
    folder = re.search(r'XDG_CACHE_HOME="\$PWD/(\S+)"', text)[1]
    assert f"/opt/pca-autoencoders/{folder}/course_utils" in (DEPLOY / "tljh" / "course.py").read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="repo2docker does not run on Windows")
def test_the_image_is_planned():
    """repo2docker takes the options, and would build with nbgitpuller, in a folder that the build is told."""
    command = [DEPLOY / "image.sh", "registry.example/course:v1", "--no-build", "--debug"]
    env = os.environ | {"PYTHON": sys.executable}
    planned = subprocess.run(command, env=env, capture_output=True, text=True)
    text = planned.stdout + planned.stderr
    assert planned.returncode == 0, text
    assert "ENV REPO_DIR=${REPO_DIR}" in text
    assert re.search(r"RUN pip install --no-cache-dir --no-deps nbgitpuller==[\d.]+", text)


@pytest.mark.skipif(os.name == "nt", reason="needs a shell")
def test_mnist_of_the_image_is_found(tmp_path):
    """`start` names the folder in which postBuild has put MNIST, and none where there is none."""
    show = [ROOT / "binder" / "start", sys.executable, "-c", "import os; print(os.environ.get('COURSE_DATA_DIR'))"]
    env = {name: text for name, text in os.environ.items() if name != "COURSE_DATA_DIR"} | {"REPO_DIR": str(tmp_path)}
    assert subprocess.run(show, env=env, capture_output=True, text=True, check=True).stdout == "None\n"
    folder = re.search(r'XDG_CACHE_HOME="\$PWD/(\S+)"', (ROOT / "binder" / "postBuild").read_text())[1]
    file = tmp_path / folder / "course_utils" / "mnist.npz"
    file.parent.mkdir(parents=True)
    file.touch()
    found = subprocess.run(show, env=env, capture_output=True, text=True, check=True).stdout
    assert found == f"{file.parent}\n"


def test_the_table_is_what_was_measured():
    """Memory of the largest stored notebook, with its server and a reserve, is 2 GB; four students share a core."""
    notebooks = [json.loads(path.read_text())["metadata"] for path in NOTEBOOKS.rglob("*.ipynb")]
    peak = max(metadata.get("course", {}).get("peak_memory_mb", 0) for metadata in notebooks) / 1000
    text = (DEPLOY / "README.md").read_text()
    assert f"a peak of {peak:.2f} GB" in text, (
        "a notebook's memory has changed: write the largest into deploy/README.md"
    )
    assert f"its server takes {SERVER_GB} GB" in text
    each = math.ceil(RESERVE * (peak + SERVER_GB))
    table = [tuple(map(int, row)) for row in re.findall(r"^\| (\d+) \| (\d+) \| (\d+) \|$", text, re.MULTILINE)]
    assert table == [(n, n * each + 2, math.ceil(n / 4)) for n in (30, 100, 300)]
    values = yaml.safe_load((DEPLOY / "kubernetes" / "values.yaml").read_text())["singleuser"]
    assert values["memory"] == {"guarantee": f"{each}G", "limit": f"{each}G"}
    assert f"limits.memory {each}G" in (DEPLOY / "tljh" / "install.sh").read_text()
