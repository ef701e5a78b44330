"""Predictions in JupyterLab and in a page of the book: answered by mouse and keys, noted, said again when measured."""

import re

import nbclient
import nbformat
import pytest
from _hand import choose_theme, open_in_lab, open_offline, outside, run_all, violations
from _page import page_of
from conftest import write_copy

FORM = ".course-prediction"
ERROR, ANGLE, FASTEST = "The error after five epochs", "The angle of the best line", "Which is fastest?"
CELLS = (
    "from course_utils import came_out, check_result, predict, report\n"
    f'predict("03.ae_5_epochs.val_mse", "{ERROR}", [0.05, 0.04, 0.02])\n'
    f'predict("01.line.best_angle", "{ANGLE}", unit="degrees")\n'
    f'predict("02.fastest", "{FASTEST}", ["full_svd", "truncated_svd", "covariance", "scikit_learn"])',
    'check_result("03.ae_5_epochs.val_mse", 0.0402)\n'
    'check_result("01.line.best_angle", 27, "gaussians")\n'
    'came_out("02.fastest", "truncated_svd")',
    "report()",
)


def notebook():
    """Return a notebook that asks, measures and reports."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [nbformat.v4.new_code_cell(cell) for cell in CELLS]
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    """Execute it without a browser, and make a page of it."""
    executed = nbclient.NotebookClient(notebook(), timeout=120).execute()
    return page_of(executed, tmp_path_factory.mktemp("prediction"))


@pytest.fixture
def page(browser, page_file):
    """Open the page without a network."""
    page, requests = open_offline(browser, page_file, viewport={"width": 1100, "height": 900})
    yield page
    assert outside(requests) == []
    page.context.close()


def form(page, question):
    """Return the question's form, found as a screen reader finds it: a group with a name."""
    return page.get_by_role("group", name=question, exact=True)


def noted(page, question):
    """Return what the form says."""
    return form(page, question).locator("[aria-live=polite]").inner_text()


def field(page):
    """Return the number field, found by its label."""
    return form(page, ANGLE).get_by_role("spinbutton", name="Your answer, in degrees:", exact=True)


def tab_to(page, target):
    """Press Tab until the target has the focus, and hold that one sees it; a cell's output may be a stop on the way."""
    for _ in range(3):
        page.keyboard.press("Tab")
        if target.evaluate("node => node === document.activeElement"):
            break
    assert target.evaluate("node => node === document.activeElement")
    assert target.evaluate("node => getComputedStyle(node).outlineStyle") == "solid"


def answer_by_mouse_and_keys(page):
    """Answer each kind of question, and hold that each says that it is noted, and nothing else."""
    assert [noted(page, question) for question in (ERROR, ANGLE, FASTEST)] == ["", "", ""]
    form(page, ERROR).get_by_text("0.02", exact=True).click()  # a label takes the click for its button
    assert noted(page, ERROR) == "Noted: 0.02"
    page.keyboard.press("ArrowUp")  # in a group of radio buttons: the one before
    assert form(page, ERROR).get_by_role("radio", name="0.04", exact=True).is_checked()
    assert noted(page, ERROR) == "Noted: 0.04"
    tab_to(page, field(page))
    page.keyboard.type("45")
    assert noted(page, ANGLE) == ""  # it is still being written
    page.keyboard.press("Enter")
    assert noted(page, ANGLE) == "Noted: 45 degrees"
    first = form(page, FASTEST).get_by_role("radio", name="full_svd", exact=True)
    tab_to(page, first)
    page.keyboard.press("Space")
    assert first.is_checked()
    assert noted(page, FASTEST) == "Noted: full_svd"


def test_alive_without_a_kernel(page, screens):
    """In the page every kind can be answered, changed and withdrawn."""
    answer_by_mouse_and_keys(page)
    field(page).fill("")
    page.keyboard.press("Enter")
    assert noted(page, ANGLE) == ""
    page.screenshot(path=screens / "prediction_html.png")


def test_what_is_no_number_is_not_noted(page):
    """The field says so and keeps what was written; a number afterwards is noted."""
    field(page).focus()
    page.keyboard.type("1e")
    page.keyboard.press("Enter")
    assert noted(page, ANGLE) == "Not noted: this is no number. Write a half as 0.5."
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    assert noted(page, ANGLE) == "Noted: 10 degrees"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible(page, scheme):
    """axe-core finds nothing before and after the answer, whatever the reader's system prefers."""
    page.emulate_media(color_scheme=scheme)
    assert violations(page, FORM) == []
    answer_by_mouse_and_keys(page)
    assert violations(page, FORM) == []


@pytest.mark.parametrize(("scheme", "ground"), [("dark", (0, 60)), ("light", (200, 255))])
def test_the_page_s_theme(browser, page_file, screens, scheme, ground):
    """The form has the colours that a reader chose for the page, whatever the system prefers."""
    other = {"dark": "light", "light": "dark"}[scheme]
    page, _ = open_offline(browser, page_file, color_scheme=other, viewport={"width": 700, "height": 900})
    page.evaluate("scheme => (document.documentElement.dataset.theme = scheme)", scheme)
    answer_by_mouse_and_keys(page)
    color = page.locator(FORM).first.evaluate("node => getComputedStyle(node).backgroundColor")
    assert all(ground[0] <= int(part) <= ground[1] for part in re.findall(r"\d+", color)[:3]), color
    assert violations(page, FORM) == []
    page.locator(FORM).last.screenshot(path=screens / f"prediction_theme_{scheme}.png")
    page.context.close()


def test_phone(browser, page_file, screens):
    """On a phone nothing is wider than the screen, and each answer has room for a finger."""
    page, _ = open_offline(browser, page_file, viewport={"width": 360, "height": 740}, device_scale_factor=2)
    boxes = page.locator(f"{FORM}, {FORM} *").evaluate_all(
        "all => all.map((node) => node.getBoundingClientRect().right)"
    )
    assert max(boxes) <= 360
    assert all(box >= 32 for box in page.locator(f"{FORM} label").evaluate_all("all => all.map((n) => n.offsetHeight)"))
    page.screenshot(path=screens / "prediction_phone.png")
    page.context.close()


def test_lab(browser, lab, screens):
    """Run without an answer, answered, run again: kept, said beside the outcome, listed, fixed; in both themes."""
    page = open_in_lab(browser, lab(write_copy(notebook(), "prediction")), "text=peak memory of this kernel")
    assert "you said 4" not in page.locator(".jp-Notebook").inner_text()
    answer_by_mouse_and_keys(page)
    selected = page.locator(".jp-Notebook .jp-Cell.jp-mod-active")
    assert selected.count() == 1
    for theme in ("Dark", "Light"):
        choose_theme(page, theme)
        assert violations(page, FORM) == []
        page.screenshot(path=screens / f"prediction_lab_{theme.lower()}.png")
    run_all(page)
    page.get_by_text("you said 0.04, the nearest of the choices").wait_for()
    page.get_by_text("you said 45 degrees, 18 too high").wait_for()
    page.get_by_text("Which is fastest? - you said full_svd; it came out as truncated_svd").wait_for()
    page.get_by_role("row", name=re.compile(r"The angle of the best line\s+45 degrees\s+27 degrees")).wait_for()
    page.get_by_text("Measured: you said").nth(2).wait_for()
    assert noted(page, ANGLE) == "Measured: you said 45 degrees. Look below for what came out."
    assert field(page).input_value() == "45"
    assert field(page).is_disabled()
    assert form(page, ERROR).get_by_role("radio", name="0.04", exact=True).is_checked()
    assert violations(page, FORM) == []
    page.screenshot(path=screens / "prediction_lab_measured.png")
    page.context.close()
