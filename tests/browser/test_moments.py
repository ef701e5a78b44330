"""Film, component mixer and frame slider in a page of the book: by mouse, touch and keys, without a kernel."""

import pytest
from _hand import open_offline, outside, violations

MEGABYTE = 1e6
WIDGETS = (".course-film", ".course-components", ".course-frames")


@pytest.fixture
def page(browser, moments):
    """Open the page without a network."""
    page, requests = open_offline(browser, moments, viewport={"width": 1100, "height": 900}, has_touch=True)
    yield page
    assert outside(requests) == []
    page.context.close()


def pixels(locator):
    """Return a canvas's pixels, encoded."""
    return locator.evaluate("canvas => canvas.toDataURL()")


def test_film_plays(page):
    """It rests until Play is pressed, plays to its end, and then rests."""
    film = page.locator(".course-film").first
    slider = film.get_by_role("slider", name="Moment")
    last = slider.input_value()
    page.wait_for_timeout(400)
    assert slider.input_value() == last, "it moves by itself"
    before = pixels(film.locator(".fm-picture"))
    film.get_by_role("button", name="Play").click()
    film.get_by_role("button", name="Pause").wait_for()
    assert pixels(film.locator(".fm-picture")) != before
    film.get_by_role("button", name="Play").wait_for(timeout=30_000)
    assert slider.input_value() == last


@pytest.mark.parametrize("which", [0, 1])
def test_film_by_mouse_touch_and_keys(page, which):
    """The scrubber obeys a mouse and keys, the buttons a finger; the moment is told in words."""
    film = page.locator(".course-film").nth(which)
    slider = film.get_by_role("slider", name="Moment")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + box["height"] / 2)
    middle = int(slider.input_value())
    assert 0 < middle < int(slider.get_attribute("max"))
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert int(slider.input_value()) == middle + 1
    film.get_by_role("button", name="One frame back").tap()
    assert int(slider.input_value()) == middle
    page.keyboard.press("Tab")
    slider.focus()
    page.keyboard.press("Home")
    assert film.get_by_text("Before the training", exact=True).is_visible()
    assert film.get_by_role("button", name="One frame back").is_disabled()


def test_components(page):
    """More components leave less; a score of one's own changes the picture and is taken back; the net is beside it."""
    mixer = page.locator(".course-components")
    slider = mixer.get_by_role("slider", name="components k")

    def error():
        return float(mixer.locator(".cm-text").inner_text().split("pixel: ")[1].split()[0])

    slider.focus()
    before = error()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    assert error() < before
    assert mixer.get_by_text("Autoencoder, 2").is_visible()
    assert mixer.locator(".cm-terms figure:visible").count() == 1 + int(slider.input_value())
    own = error()
    score = mixer.get_by_role("slider", name="score 1")
    score.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    assert error() != own
    mixer.get_by_role("button", name="The digit's own scores").tap()
    assert error() == own
    before = pixels(mixer.locator(".cm-stage canvas").nth(1))
    mixer.get_by_role("button", name="Image 2: a").click()
    assert pixels(mixer.locator(".cm-stage canvas").nth(1)) != before


def test_components_of_a_drawing(page):
    """A digit that is drawn is rebuilt as the others are."""
    mixer = page.locator(".course-components")
    mixer.get_by_role("button", name="Draw your own").click()
    empty = mixer.locator(".cm-text").inner_text()
    box = mixer.locator(".course-pad").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 150)
    page.mouse.up()
    assert mixer.locator(".cm-text").inner_text() != empty
    mixer.get_by_role("button", name="Clear").click()
    assert mixer.locator(".cm-text").inner_text() == empty


def test_frames(page):
    """A key shows the next value's images; a finger finds the slider."""
    frames = page.locator(".course-frames")
    slider = frames.get_by_role("slider", name="noise")
    before = pixels(frames.locator("canvas").first)
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "0.6"
    assert pixels(frames.locator("canvas").first) != before
    box = slider.bounding_box()
    page.touchscreen.tap(box["x"] + 4, box["y"] + box["height"] / 2)
    assert slider.get_attribute("aria-valuetext") == "0"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible(page, screens, scheme):
    """axe-core finds nothing, whatever the reader's system prefers."""
    page.emulate_media(color_scheme=scheme)
    for i, widget in enumerate(page.locator(".course-widget").all()):
        widget.screenshot(path=screens / f"moments_{i}_{scheme}.png")
    for selector in WIDGETS:
        assert violations(page, selector) == []


def test_phone(browser, moments, screens):
    """On a phone nothing is wider than the screen."""
    phone = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True}
    page = open_offline(browser, moments, **phone)[0]
    right = page.locator(".course-widget :is(canvas, input, button):visible").evaluate_all(
        "all => Math.max(...all.map((node) => node.getBoundingClientRect().right))"
    )
    assert right <= 390
    for i, widget in enumerate(page.locator(".course-widget").all()):
        widget.screenshot(path=screens / f"moments_{i}_phone.png")
    page.context.close()


def test_sizes(moments, measured):
    """A film's and the frames' states take at most 0.5 MB each, in a page."""
    states = {path.stem: path.stat().st_size for path in (moments.parent / "_static" / "widgets").glob("*.js")}
    measured["moments_mb"] = sorted(round(size / MEGABYTE, 3) for size in states.values())
    assert max(states.values()) <= 0.5 * MEGABYTE
