"""A verdict, and how it looks: words and a mark first, colour only beside them."""

import html
import re
from dataclasses import dataclass

VERDICT = "application/vnd.pca-course.verdict+json"  # the type under which a cell's outputs carry a verdict
PASSED, YOUR_TURN, MISTAKE, NOT_YET, ERROR = "passed", "your turn", "known mistake", "not yet", "error"

# Mark, words, colour of the mark and the bar: at least 3 to 1 on white and on a dark page. Text has the page's own.
LOOKS = {
    PASSED: ("✓", "Right.", "#1a7f37"),
    YOUR_TURN: ("…", "Your turn.", "#6e7781"),
    MISTAKE: ("✗", "Not yet.", "#b35900"),
    NOT_YET: ("✗", "Not yet.", "#b35900"),
    ERROR: ("!", "Your code stopped.", "#cf222e"),
}

_STRESS = re.compile(r"(?<![\w*])\*(\w(?:[^*\n]*\w)?)\*(?![\w*])")


@dataclass(frozen=True)
class Verdict:
    """What a check found.

    Attributes
    ----------
    key : str, the question's
    text : str, a sentence or two for the student
    mistake : str, the name of the known mistake or of the check that failed; else None
    state : "passed", "your turn", "known mistake", "not yet" or "error" (of the student's code)
    """

    key: str
    text: str
    mistake: str | None = None
    state: str = NOT_YET

    @property
    def passed(self) -> bool:
        """Return whether the answer is right."""
        return self.state == PASSED

    def _ipython_display_(self):
        # `check` has shown it already: as a cell's last value it is not shown again
        pass

    def record(self) -> dict:
        """Return what programs read."""
        return {"key": self.key, "passed": self.passed, "mistake": self.mistake, "state": self.state}


def bundle_of(verdict: Verdict) -> dict:
    """Return a verdict as text, as HTML and as a record."""
    mark, words, colour = LOOKS[verdict.state]
    text = f"{mark} {verdict.key}: {words} {verdict.text}".rstrip()
    head = f'<strong><span style="color:{colour}" aria-hidden="true">{mark}</span> {verdict.key}: {words}</strong>'
    return {
        "text/plain": text,
        "text/html": box(f"{head} {as_html(verdict.text)}", colour),
        VERDICT: verdict.record(),
    }


def box(content: str, colour: str) -> str:
    """Return HTML with a bar of colour at its left; everything else is as the page has it."""
    style = f"border-left:4px solid {colour};padding:0.2em 0.8em;margin:0.3em 0"
    return f'<div role="status" style="{style}">{content}</div>'


def as_html(text: str) -> str:
    """Return a text as HTML: `code` between backticks, *stress* between stars, lines as they are."""
    parts = html.escape(text, quote=False).split("`")
    for i in range(0, len(parts), 2):  # outside of code
        parts[i] = _STRESS.sub(r"<em>\1</em>", parts[i])
    if len(parts) % 2 == 0:  # a backtick without its partner
        parts[-2:] = ["`".join(parts[-2:])]
    wrapped = (f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))
    return "".join(wrapped).replace("\n", "<br>")
