"""Predictions in JupyterLab and in an exported page: answered by mouse and by keys, noted, said again when measured."""

import re

import nbclient
import nbformat
import pytest
from _hand import choose_theme, open_in_lab, open_offline, outside, run_all, violations
from conftest import write_copy

from course_utils.commands.pages import page_of

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
    """Execute it without a browser, and export it."""
    executed = nbclient.NotebookClient(notebook(), timeout=120).execute()
    path = tmp_path_factory.mktemp("html") / "prediction.html"
    path.write_text(page_of(executed, path.stem), encoding="utf-8")
    return path


@pytest.fixture
def page(browser, page_file):
    """Open the exported page without a network."""
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
    """In the exported page every kind can be answered, changed and withdrawn."""
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


def test_dark_without_jupyter(browser, page_file, tmp_path, screens):
    """Where no page says otherwise, the colours are those of the reader's system."""
    bare = tmp_path / "bare.html"
    without = re.sub(r"--jp-((?:ui-font|layout)-color\d):", r"--no-\1:", page_file.read_text("utf-8"))
    bare.write_text(without, "utf-8")
    page, _ = open_offline(browser, bare, color_scheme="dark", viewport={"width": 700, "height": 900})
    answer_by_mouse_and_keys(page)
    assert page.locator(FORM).first.evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(22, 22, 22)"
    assert violations(page, FORM) == []
    page.locator(FORM).last.screenshot(path=screens / "prediction_dark_system.png")
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
    page.get_by_text(re.compile(r"The angle of the best line +45 degrees +27 degrees")).wait_for()
    page.get_by_text("Measured: you said").nth(2).wait_for()
    assert noted(page, ANGLE) == "Measured: you said 45 degrees. Look below for what came out."
    assert field(page).input_value() == "45"
    assert field(page).is_disabled()
    assert form(page, ERROR).get_by_role("radio", name="0.04", exact=True).is_checked()
    assert violations(page, FORM) == []
    page.screenshot(path=screens / "prediction_lab_measured.png")
    page.context.close()
