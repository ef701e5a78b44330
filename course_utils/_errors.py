"""The course's own errors. Standard library, as `_paths`."""


class CourseError(Exception):
    """What went wrong and what to do about it, in words for its reader: commands print it without a traceback."""
