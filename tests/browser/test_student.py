"""A student's way through a lesson and its exercises in JupyterLab: predict, run, err, ask, answer rightly."""

import re
import subprocess
import sys

import pytest
from _hand import choose_theme, settle, violations
from conftest import BUILD, ROOT

WRONG = """
v = np.linalg.eigh(np.cov(X, rowvar=False))[1][:, [-1]]
answer_1 = (X_new - X_new.mean(axis=0)) @ v @ v.T + X_new.mean(axis=0)
"""
RIGHT = """
v = np.linalg.eigh(np.cov(X, rowvar=False))[1][:, [-1]]
answer_1 = (X_new - X.mean(axis=0)) @ v @ v.T + X.mean(axis=0)
"""
VERDICT = ".jp-OutputArea-output [role=status]"


@pytest.fixture(scope="module")
def copies():
    """Make a student's copies by the command, where make lab's JupyterLab sees them."""
    folder = BUILD / "browser" / "student"
    command = [sys.executable, "-m", "course_utils", "workspace", str(folder), "--fresh", "01"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture
def opened(browser, lab):
    """Return a function that opens a notebook, its first cell selected, and nothing executed."""
    contexts = []

    def open_copy(path):
        page = browser.new_context(viewport={"width": 1280, "height": 1000}).new_page()
        contexts.append(page.context)
        page.set_default_timeout(60_000)
        page.goto(lab(path))
        page.locator(".jp-CodeCell").first.wait_for()
        page.get_by_text("| Idle").wait_for()
        page.locator(".jp-Notebook .jp-Cell").first.click()
        return page

    yield open_copy
    for context in contexts:
        context.close()


RUN = """
([cell, before]) => {
  const prompt = cell.querySelector(".jp-InputPrompt").textContent; // none where the code is folded away
  if (!prompt || !cell.classList.contains("jp-CodeCell")) return !cell.classList.contains("jp-mod-active");
  return /\\d/.test(prompt) && prompt !== before;
}
"""


def step(page):
    """Press Shift+Enter, and wait until the cell has run: its prompt holds another number."""
    settle(page)
    cell = page.locator(".jp-Notebook .jp-Cell.jp-mod-active").element_handle()
    before = cell.query_selector(".jp-InputPrompt").text_content()
    page.keyboard.press("Shift+Enter")
    page.wait_for_function(RUN, arg=[cell, before])
    settle(page)


def step_until(page, seen, most=40):
    """Go from cell to cell until something is to be seen."""
    for _ in range(most):
        if seen.first.is_visible():
            return
        step(page)
    raise AssertionError(f"{most} cells were run, and this has not appeared: {seen}")


def write(page, cell_with, code):
    """Replace the code of the cell that holds a text, and run it."""
    page.locator(".jp-CodeCell .cm-content", has_text=cell_with).first.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(code.strip())
    step(page)


def check_again(page, also="# hint"):
    """Run the cell of the first check, with `hint` as the student has left it."""
    cell = page.locator(".jp-CodeCell", has_text=re.compile(r'check\("01\.1", answer_1\)'))
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(f'check("01.1", answer_1)\n{also}("01.1")')
    step(page)
    return cell.locator(VERDICT)


def in_both_themes(page, selector, screens, name):
    """Hold that axe-core finds nothing in either theme, and take both pictures."""
    for theme in ("Dark", "Light"):
        choose_theme(page, theme)
        assert violations(page, selector) == []
        page.screenshot(path=screens / f"{name}_{theme.lower()}.png")


def test_a_prediction_in_the_lesson(opened, copies, screens):
    """Nothing is told when it is noted; the measuring cell says both."""
    page = opened(copies / "01_toy_gaussians.ipynb")
    assert page.locator(".jp-OutputArea-output").count() == 0, "the copy is handed out with outputs"
    form = page.get_by_role("group", name="How far does the best line rise?", exact=True)
    step_until(page, form)
    form.get_by_role("spinbutton").fill("45")
    form.get_by_role("spinbutton").press("Enter")
    assert form.locator("[aria-live=polite]").inner_text() == "Noted: 45 degrees"
    in_both_themes(page, ".course-prediction", screens, "student_predicts")
    page.locator(".jp-Cell.jp-mod-active .jp-InputPrompt").click()  # back to the notebook, in command mode
    step_until(page, page.get_by_text("you said 45 degrees"))
    page.screenshot(path=screens / "student_measured.png")


def test_an_exercise(opened, copies, screens):
    """Your turn; a known mistake, named; a hint; right; a point in the sum."""
    page = opened(copies / "exercises" / "01_toy_gaussians.ipynb")
    verdicts = page.locator(VERDICT)
    step_until(page, verdicts)
    assert verdicts.first.inner_text().startswith("… 01.1: Your turn.")

    write(page, "answer_1 = ...", WRONG)
    verdicts = check_again(page)
    assert "✗ 01.1: Not yet. The direction is right, but" in verdicts.first.inner_text()
    verdicts = check_again(page, "hint")
    assert verdicts.nth(1).inner_text().startswith("01.1, hint 1 of 3: ")
    in_both_themes(page, VERDICT, screens, "student_wrong")

    write(page, "X_new.mean(axis=0)) @ v", RIGHT)
    assert check_again(page).first.inner_text().startswith("✓ 01.1: Right.")
    page.screenshot(path=screens / "student_right.png")
    total = page.get_by_text(re.compile(r"^1 of 6 points$"))
    step_until(page, total)
    in_both_themes(page, VERDICT, screens, "student_sum")
