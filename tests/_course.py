"""A small course: the real package in a folder of its own, with lessons of two cells and a ledger of two figures."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LEDGER = """
[gaussians."01.figure"]
value = 1.0
low = 0.0
high = 4.0
source = "made up"

[gaussians."02.figure"]
value = 1.0
low = 0.0
high = 9.0
source = "made up"
"""
LESSON = """
# %% [markdown]
# # {number}. A lesson

# %%
from course_utils import check_result
SEED = 0

# %% tags=["weights"]
{code}
"""
FIGURE = 'check_result("{number}.figure", {value}, "gaussians")'
# MNIST of a few random images, so that commands which insist on MNIST find one; the lessons here load none.
TINY_MNIST = """
import hashlib, sys
import numpy as np
from course_utils._mnist import archive
rng = np.random.default_rng(0)
shapes = {"x_train": (6, 28, 28), "y_train": (6,), "x_test": (4, 28, 28), "y_test": (4,)}
arrays = {name: rng.integers(0, 10, shape, dtype=np.uint8) for name, shape in shapes.items()}
archive.ARRAYS = {name: (a.shape, hashlib.sha256(a).hexdigest()) for name, a in arrays.items()}
archive.store(arrays, "mnist.npz")
from course_utils.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
# What is started in a shell's background ignores Ctrl-C from birth, and so would all that it starts
INTERRUPTIBLE = {} if os.name == "nt" else {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}


class Course:
    """A checkout in `folder` whose commands run as processes of their own."""

    def __init__(self, folder: Path):
        self.folder = folder
        shutil.copytree(ROOT / "course_utils", folder / "course_utils", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", folder)
        (folder / "notebooks" / "source").mkdir(parents=True)
        (folder / "data").mkdir()
        (folder / "data" / "results.toml").write_text(LEDGER)

    def write(self, number: str, code: str = "", value="1.0", where: str = "", name: str = "") -> Path:
        """Write a lesson whose second cell runs `code` and checks one figure; return its source."""
        path = self.folder / "notebooks" / "source" / where / f"{name or number + '_lesson'}.py"
        path.parent.mkdir(exist_ok=True)
        code = f"{code}\n{FIGURE.format(number=number, value=value)}".strip()
        path.write_text(LESSON.format(number=int(number), code=code).lstrip())
        return path

    def command(self, *arguments, **options) -> dict:
        """Return what `subprocess` needs to start a command: on a tiny MNIST, on the digits, or as `options` say."""
        data = options.pop("data", "tiny MNIST")
        start = ["-c", TINY_MNIST] if data == "tiny MNIST" else ["-m", "course_utils"]
        env = {name: text for name, text in os.environ.items() if not name.startswith("COURSE_")}
        env |= {"PYTHONPATH": str(self.folder), "COURSE_DATA_DIR": str(self.folder), **options}
        env |= {"COURSE_DATA": "digits"} if data == "digits" else {}
        return {"args": [sys.executable, *start, *arguments], "cwd": self.folder, "env": env} | INTERRUPTIBLE

    def run(self, *arguments, **options) -> subprocess.CompletedProcess:
        """Run a command to its end and return it with its output; no traceback may be in it."""
        done = subprocess.run(**self.command(*arguments, **options), capture_output=True, text=True, timeout=300)
        ours = re.search(r"course_utils/(commands|notebooks|environment|book)/", done.stderr)
        assert not ours, done.stderr  # a traceback of ours
        return done
