"""Where the links at a notebook's top and README's badges lead."""

import re

import pytest

from course_utils._paths import ROOT
from course_utils.notebooks.hosted import links
from course_utils.notebooks.sources import lesson_paths, student_name

pytestmark = pytest.mark.check


def test_hosted_links_open_copies():
    """README's badges and the links of the stored notebooks lead where `links` says."""
    readme = (ROOT / "README.md").read_text()
    first = student_name(lesson_paths()[0])
    assert re.findall(r"\]\((https://[^)\s]+(?:/v2/gh|google\.com/github)/[^)]*)\)", readme) == list(links(first))
    binder, colab = links(first)
    assert binder.endswith("/HEAD?urlpath=lab/tree/workspace/01_toy_gaussians.ipynb")
    assert colab.endswith("/blob/student/workspace/01_toy_gaussians.ipynb")
