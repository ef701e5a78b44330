"""Exercises that answer: `check`, `hint`, `solution` and `progress`, for a question by its key, such as "02.1".

Nothing else is imported before one of them is called: neither Keras nor the lessons' questions.
"""

__all__ = ["check", "hint", "progress", "solution"]


def check(key: str, answer, *, edition: int = 1):
    """Judge an answer and show the verdict: right, or a sentence that leads on.

    Parameters
    ----------
    key : str
        The question's number, for example ``"02.1"``.
    answer : number, array, function, Keras model or letter, as the question says; ``...`` where there is none yet
        It is not changed: functions get copies, models are only called.
    edition : int, written in the exercise where its question has changed: an older copy is told so

    Returns
    -------
    Verdict, with ``passed``, ``mistake`` (the name of a known one, or None), ``text`` and ``state``

    Raises
    ------
    UnknownQuestionError, a LookupError that names the questions that come near
    """
    from course_utils.questions.engine import session

    return session.check(key, answer, edition)


def hint(key: str) -> None:
    """Show the next hint to a question; each leads further, and the last one stays."""
    from course_utils.questions.engine import session

    session.hint(key)


def solution(key: str) -> None:
    """Show code that answers a question, with comments."""
    from course_utils.questions.engine import session

    session.solution(key)


def progress(lesson: str | None = None) -> None:
    """Show a point for each question that is answered, and the sum.

    `lesson` is its number, ``"02"``; None means the lessons of the questions that were checked so far.
    """
    from course_utils.questions.engine import session

    session.progress(lesson)
