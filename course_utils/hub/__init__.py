"""A hub as its students use it, for `python -m course_utils rehearse`."""
