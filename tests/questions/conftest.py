"""The data are loaded once for all questions of a worker, where a kernel lets them go after each."""

import pytest

from course_utils.questions.engine.data import held


@pytest.fixture(scope="session", autouse=True)
def images():
    """Hold the data."""
    with held():
        yield
