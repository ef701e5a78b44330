"""The explorer in JupyterLab, with a kernel behind it."""

import re

import pytest
from _hand import Hand, Pad, choose_theme, open_in_lab, violations


@pytest.fixture(scope="module")
def page(lab, lesson, browser):
    """Open the lesson in JupyterLab and run it to its explorer."""
    page = open_in_lab(browser, lab(lesson), ".widget-label:has-text('kernel:')")
    yield page
    page.context.close()


@pytest.fixture
def hand(page):
    """Return a hand on the explorer."""
    return Hand(page)


def wait_for_kernel(hand):
    """Wait until the kernel tells, through `observe`, the code that the widget shows."""
    x, y = hand.code()
    hand.page.wait_for_function(
        """([x, y]) => [...document.querySelectorAll(".widget-label")].some((label) => {
          const [, a, b] = label.textContent.match(/kernel: (\\S+) (\\S+)/) ?? [];
          return Math.abs(a - x) <= 0.0051 && Math.abs(b - y) <= 0.0051;
        })""",
        arg=[x, y],
        timeout=30_000,
    )


def test_mouse(hand):
    """Dragging to the right and up changes digit, code and kernel."""
    hand.drag_by_mouse((0.5, 0.5), (0.4, 0.4))
    before, after = hand.changes(lambda: hand.drag_by_mouse((0.4, 0.4), (0.7, 0.6)))
    assert after[0] > before[0]
    assert after[1] > before[1]
    wait_for_kernel(hand)


def test_touch(hand):
    """A finger does what the mouse does, and the page stays where it is."""
    hand.drag_by_mouse((0.5, 0.5), (0.6, 0.6))
    place = hand.map.bounding_box()
    before, after = hand.changes(lambda: hand.drag_by_touch((0.6, 0.6), (0.4, 0.35)))
    assert after[0] < before[0]
    assert after[1] < before[1]
    assert hand.map.bounding_box() == place
    wait_for_kernel(hand)


def test_keys(hand, screens):
    """Arrow keys move the point and not the notebook's selection; Shift takes bigger steps."""
    hand.drag_by_mouse((0.5, 0.5), (0.5, 0.5))
    start, right = hand.changes(lambda: hand.press("ArrowRight", "ArrowRight"))
    assert right[0] > start[0]
    assert right[1] == start[1]
    _, down = hand.changes(lambda: hand.press("Shift+ArrowDown"))
    assert right[1] - down[1] > 2 * (right[0] - start[0])
    assert hand.page.evaluate("document.activeElement.className") == "lx-map"
    wait_for_kernel(hand)
    hand.page.locator(".latent-explorer").screenshot(path=screens / "lab_keyboard_focus.png")


def test_python_moves_the_point(hand):
    """A code set in the kernel arrives in the widget."""

    def click():
        hand.page.get_by_role("button", name="Move from Python").click()
        hand.page.get_by_text(re.compile(r"Code \(5\.00,\s5\.00\)")).first.wait_for(timeout=30_000)

    hand.drag_by_mouse((0.5, 0.5), (0.4, 0.4))
    _, after = hand.changes(click)
    assert after == (5.0, 5.0)


def test_path_mode(hand, screens):
    """Ten digits lie on the way from A to the point, and follow it."""
    hand.drag_by_mouse((0.5, 0.5), (0.35, 0.55))
    button = hand.page.get_by_role("button", name="Path mode")
    button.click()
    row = hand.page.locator(".lx-row")
    before = row.evaluate("canvas => canvas.toDataURL()")
    hand.drag_by_mouse((0.35, 0.55), (0.65, 0.6))
    assert row.evaluate("canvas => canvas.toDataURL()") != before
    hand.page.locator(".latent-explorer").screenshot(path=screens / "lab_path.png")
    assert violations(hand.page, ".latent-explorer") == []
    button.click()
    row.wait_for(state="hidden")


@pytest.mark.parametrize("way", ["by_mouse", "by_touch", "by_keys"])
def test_a_drawing_reaches_python(hand, screens, way):
    """What is drawn arrives in the kernel as an image; undo takes it back there, too."""
    pad = Pad(hand.page)
    getattr(pad, way)((8, 6), (20, 6), (14, 15), (11, 24))
    told = hand.page.locator(".widget-label", has_text=re.compile(r"drawing \(28, 28\) float32, ink \d+"))
    told.wait_for(timeout=30_000)
    assert 20 < float(told.inner_text().split()[-1]) < 300
    assert pad.code()
    if way == "by_mouse":
        hand.page.locator(".latent-explorer").screenshot(path=screens / "pad_lab.png")
        assert violations(hand.page, ".latent-explorer") == []
    pad.click("Undo")
    hand.page.locator(".widget-label", has_text="no drawing").wait_for(timeout=30_000)


def test_latency(hand, measured):
    """From the event's handler to the digit's pixels: p95 at most 16 ms over 200 moves, with a kernel listening."""
    assert hand.measure(measured.setdefault("latency_lab", [])) <= 16
    wait_for_kernel(hand)


def test_accessible_in_light_and_dark(hand, screens):
    """axe-core finds nothing in either theme, and the map takes up the theme's colours."""
    corner = "canvas => [...canvas.getContext('2d').getImageData(1, 1, 1, 1).data]"
    seen = {}
    for theme in ("Light", "Dark"):
        choose_theme(hand.page, theme)
        hand.map.scroll_into_view_if_needed()
        hand.page.screenshot(path=screens / f"lab_{theme.lower()}.png")
        hand.page.locator(".latent-explorer").screenshot(path=screens / f"lab_{theme.lower()}_widget.png")
        assert violations(hand.page, ".latent-explorer") == []
        seen[theme] = sum(hand.map.evaluate(corner)[:3])
    assert seen["Light"] > 3 * 200
    assert seen["Dark"] < 3 * 60
