"""The line to turn in a page of the book and in JupyterLab: by mouse, by touch, by keys, from Python."""

import re

import nbclient
import nbformat
import numpy as np
import pytest
from _hand import choose_theme, open_in_lab, open_offline, outside, violations
from _page import page_of
from conftest import write_copy
from playwright.sync_api import expect

from course_utils import make_two_gaussians

WIDGET = ".line-explorer"
MEGABYTE = 1e6
CELLS = (
    "from course_utils import LineExplorer, make_two_gaussians\n"
    "X, _ = make_two_gaussians(seed=0)\n"
    'line = LineExplorer(X, {"through 3, 3": [[3, 3], [3, 4]]})\n'
    "line",
    "import ipywidgets, traitlets\n"
    'seen, button = ipywidgets.Label(), ipywidgets.Button(description="Turn from Python")\n'
    'traitlets.dlink((line, "angle"), (seen, "value"), lambda angle: f"kernel: {angle:.1f}")\n'
    'button.on_click(lambda _: setattr(line, "angle", 117.0))\n'
    "ipywidgets.VBox([seen, button])",
)


def notebook(n_cells):
    """Return a notebook with the widget, and with a window into the kernel if it has two cells."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [nbformat.v4.new_code_cell(cell) for cell in CELLS[:n_cells]]
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    """Execute it without a browser, and make a page of it."""
    executed = nbclient.NotebookClient(notebook(1), timeout=120).execute()
    return page_of(executed, tmp_path_factory.mktemp("line"))


@pytest.fixture
def page(browser, page_file):
    """Open the page without a network."""
    page, requests = open_offline(browser, page_file, viewport={"width": 1100, "height": 900}, has_touch=True)
    page.locator(".ln-cloud").wait_for()
    yield page
    assert outside(requests) == []
    page.context.close()


def state(page):
    """Return angle and error as the widget shows them, and how many angles were tried."""
    angle = float(re.search(r"[\d.]+(?= degrees)", page.locator(".ln-angle").inner_text())[0])
    error = float(page.locator(".ln-error").inner_text().split()[-1])
    tried = int(re.search(r"at (\d+) angle", page.locator(".ln-curve").get_attribute("aria-label"))[1])
    return angle, error, tried


def at(page, angle, radius=0.3):
    """Return the page coordinates of a place at an angle around the line's mean, which is the middle of the picture."""
    x0, y0 = page.locator(".ln-cloud").evaluate(
        "c => { const box = c.getBoundingClientRect(); return [box.left, box.top]; }"
    )
    width = page.locator(".ln-cloud").bounding_box()["width"]
    X, _ = make_two_gaussians(seed=0)
    low, high = X.min(axis=0), X.max(axis=0)
    low, high = np.minimum(low, [3, 3]), np.maximum(high, [3, 3])  # the other line's anchor is to be seen too
    pad = 0.2 * (high - low).max()
    room = np.array([width - 52 - 10, width - 10 - 40])
    scale = (room / (high - low + 2 * pad)).min()
    offset = (X.mean(axis=0) - (low + high) / 2) * scale
    left, top = x0 + 52 + room[0] / 2 + offset[0], y0 + 10 + room[1] / 2 - offset[1]
    turned = np.radians(angle)
    return left + radius * width * np.cos(turned), top - radius * width * np.sin(turned)


def by_mouse(page, *angles):
    """Press at the first angle, go to the others, release."""
    page.mouse.move(*at(page, angles[0]))
    page.mouse.down()
    for angle in angles[1:]:
        page.mouse.move(*at(page, angle))
    page.mouse.up()


def by_touch(page, *angles):
    """The same with a finger, through the browser's own input queue."""
    session = page.context.new_cdp_session(page)
    for kind, angle in zip(["touchStart", *["touchMove"] * len(angles[1:])], angles, strict=True):
        x, y = at(page, angle)
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def expected_error(angle):
    """Return the error of the line through the mean at an angle, as NumPy has it."""
    X, _ = make_two_gaussians(seed=0)
    X = X - X.mean(axis=0)
    v = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    return np.mean((X - np.outer(X @ v, v)) ** 2)


@pytest.mark.parametrize("turn", [by_mouse, by_touch])
def test_pointer(page, turn):
    """The line follows the hand exactly, also at the best angle's side; the error is NumPy's, the way is traced."""
    before = state(page)
    assert before[0] == 0
    assert before[2] == 1, "only where the line has been"
    turn(page, 60, 40, 23.5)
    angle, error, tried = state(page)
    assert angle == pytest.approx(23.5, abs=0.6), "it snaps nowhere"  # a pixel at this radius
    assert error == pytest.approx(expected_error(angle), rel=0.01)
    assert tried == 4


def test_press_at_the_middle_turns_nothing(page):
    """There is no direction there."""
    by_mouse(page, 60, 40)
    before = state(page)
    page.mouse.click(*at(page, 0, radius=0.005))
    assert state(page) == before


def test_keys(page, screens):
    """The picture is reached with Tab, shows a focus ring, and obeys the arrows; a screen reader hears it."""
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "ln-cloud"
    assert page.locator(".ln-cloud").evaluate("node => getComputedStyle(node).outlineStyle") == "solid"
    for key in ("ArrowLeft", "Shift+ArrowUp", "ArrowRight"):
        page.keyboard.press(key)
    assert state(page)[0] == 10
    assert state(page)[2] == 4  # 0, 179, 9, 10
    slider = page.get_by_role("slider", name="Angle of the line")
    assert slider.get_attribute("aria-valuetext").startswith("10.0 degrees, mean squared error 0.")
    expect(page.locator(f"{WIDGET} [aria-live]")).to_have_text(re.compile(r"^10\.0 degrees"))
    page.locator(WIDGET).screenshot(path=screens / "line_keyboard_focus.png")


def test_lines_of_others(page, screens):
    """Another's line is shown with its own error; the next turn shows the student's again."""
    by_mouse(page, 60, 30)
    own = state(page)
    page.get_by_role("radio", name="through 3, 3").check()
    angle, error, tried = state(page)
    X, _ = make_two_gaussians(seed=0)
    assert angle == 90
    assert error == pytest.approx(np.mean((X[:, 0] - 3) ** 2) / 2, rel=0.01)
    assert tried == own[2], "what others drew is not what the student has tried"
    page.locator(WIDGET).screenshot(path=screens / "line_others.png")
    page.locator(".ln-cloud").focus()
    page.keyboard.press("ArrowUp")
    assert state(page)[0] == pytest.approx(own[0] + 1, abs=0.11)
    assert page.get_by_role("radio", name="yours").is_checked()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible(page, screens, scheme):
    """axe-core finds nothing, whatever the reader's system prefers."""
    page.emulate_media(color_scheme=scheme)
    by_mouse(page, 10, 20, 30, 40, 70, 90)
    assert violations(page, WIDGET) == []
    page.screenshot(path=screens / f"line_html_{scheme}.png")


def test_phone(browser, page_file, screens):
    """On a phone nothing is wider than the screen, and canvases are as fine as it."""
    phone = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 3, "has_touch": True}
    page = open_offline(browser, page_file, **phone)[0]
    page.locator(".ln-cloud").scroll_into_view_if_needed()
    by_touch(page, 60, 30)
    assert state(page)[0] == pytest.approx(30, abs=0.8)
    sizes = page.locator(f"{WIDGET} canvas").evaluate_all(
        "all => all.map((canvas) => [canvas.width / canvas.clientWidth, canvas.getBoundingClientRect().right])"
    )
    assert all(abs(ratio - 3) < 0.02 and right <= 390 for ratio, right in sizes), sizes
    page.locator(WIDGET).screenshot(path=screens / "line_phone.png")
    page.context.close()


def test_added_size(page_file, measured):
    """What the widget brings is far below the page's limit of 2 MB: its points, its script and its style."""
    added = sum(path.stat().st_size for path in (page_file.parent / "_static" / "widgets").glob("*.js"))
    measured["line_added_to_page_mb"] = round(added / MEGABYTE, 3)
    assert 0 < added <= 0.1 * MEGABYTE


def test_in_lab(lab, browser, screens):
    """The kernel hears of a turn and of keys, Python turns the line, and both themes are clean."""
    page = open_in_lab(browser, lab(write_copy(notebook(2), "line")), ".widget-label:has-text('kernel:')")
    page.locator(".ln-cloud").scroll_into_view_if_needed()
    by_mouse(page, 60, 35)
    page.locator(".ln-cloud").focus()
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.className") == "ln-cloud", "the notebook took the key"
    page.get_by_text(f"kernel: {state(page)[0]:.1f}").wait_for(timeout=30_000)
    assert state(page)[0] == pytest.approx(36, abs=0.6)
    page.get_by_role("button", name="Turn from Python").click()
    page.locator(".ln-angle", has_text="117.0").wait_for(timeout=30_000)
    assert state(page)[1] == pytest.approx(expected_error(117), rel=0.01)
    for theme in ("Light", "Dark"):
        choose_theme(page, theme)
        page.locator(WIDGET).scroll_into_view_if_needed()
        page.locator(WIDGET).screenshot(path=screens / f"line_lab_{theme.lower()}.png")
        assert violations(page, WIDGET) == []
    page.context.close()
