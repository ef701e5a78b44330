"""The site that Sphinx makes of a folder of pages."""

import os
import shutil
from pathlib import Path


def build(source: Path, folder: Path, builder: str = "html") -> int:
    """Have Sphinx make a folder anew of the pages in another one; return its exit code. Warnings are errors."""
    from sphinx.cmd.build import main as sphinx

    shutil.rmtree(folder, ignore_errors=True)
    cores = str(min(2, os.cpu_count() or 1))
    options = ["--fail-on-warning", "--keep-going", "--quiet", "--jobs", cores, "--builder", builder]
    return sphinx([*options, "--doctree-dir", str(source / ".doctrees"), str(source), str(folder)])
