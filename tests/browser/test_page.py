"""The explorer in a page of the book: no kernel, no network; and its arithmetic in this browser."""

import base64
import re

import keras
import numpy as np
import pytest
from _hand import Hand, open_offline, outside, violations
from keras import layers
from playwright.sync_api import expect

from course_utils import LatentExplorer

ACTIVATIONS = ("linear", "relu", "elu", "tanh", "sigmoid", "gelu", "silu")
MEGABYTE = 1e6
DECODE = """
async ([source, weights, layers, codes]) => {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const { makeNet } = await import(url);
  const bytes = Uint8Array.from(atob(weights), (c) => c.charCodeAt(0));
  const decode = makeNet(new DataView(bytes.buffer), layers);
  return codes.map((code) => [...decode(code)]);
}
"""


@pytest.fixture
def hand(browser, page_file):
    """Return a hand on the explorer of the page."""
    page, requests = open_offline(browser, page_file, viewport={"width": 1100, "height": 900}, has_touch=True)
    yield Hand(page)
    assert outside(requests) == []
    page.context.close()


@pytest.mark.parametrize("drag", ["drag_by_mouse", "drag_by_touch"])
def test_pointer(hand, drag):
    """The point and the digit follow with no kernel."""
    getattr(hand, drag)((0.5, 0.5), (0.4, 0.4))
    before, after = hand.changes(lambda: getattr(hand, drag)((0.4, 0.4), (0.7, 0.6)))
    assert after[0] > before[0]
    assert after[1] > before[1]


def test_keys(hand, screens):
    """The map is reached with Tab, shows a focus ring, and obeys the arrow keys."""
    hand.press("Tab", "Shift+Tab")  # to what comes next, and back
    assert hand.page.evaluate("document.activeElement.className") == "lx-map"
    assert hand.map.evaluate("map => getComputedStyle(map).outlineStyle") == "solid"
    before, after = hand.changes(lambda: hand.page.keyboard.press("Shift+ArrowUp"))
    assert after[0] == before[0]
    assert after[1] > before[1]
    expect(hand.page.locator(".latent-explorer [aria-live]")).to_have_text(re.compile(r"^Code \("))
    hand.page.locator(".latent-explorer").screenshot(path=screens / "keyboard_focus.png")


def test_empty_land(hand, screens):
    """In a corner without data it says so, with the distance and the typical one."""
    near = hand.page.locator(".lx-near").first  # the second is the pad's
    hand.drag_by_mouse((0.5, 0.5), (0.98, 0.97))
    assert "No data near here: the nearest code" in near.inner_text()
    assert "typical" in near.inner_text()
    hand.page.locator(".latent-explorer").screenshot(path=screens / "html_empty_land.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible(hand, screens, scheme):
    """axe-core finds nothing, whatever the reader's system prefers; the page follows it."""
    hand.page.emulate_media(color_scheme=scheme)
    hand.page.get_by_role("button", name="Path mode").click()
    hand.drag_by_mouse((0.5, 0.5), (0.7, 0.6))
    assert violations(hand.page, ".latent-explorer") == []
    hand.page.screenshot(path=screens / f"html_{scheme}.png")


def test_phone(browser, page_file, screens):
    """On a phone nothing is wider than the screen, and canvases are as fine as it."""
    phone = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 3, "has_touch": True}
    hand = Hand(open_offline(browser, page_file, **phone)[0])
    hand.page.get_by_role("button", name="Path mode").click()
    hand.map.scroll_into_view_if_needed()
    hand.changes(lambda: hand.drag_by_touch((0.4, 0.4), (0.7, 0.6)))
    sizes = hand.page.locator(".latent-explorer canvas:visible").evaluate_all(
        "all => all.map((canvas) => [canvas.width / canvas.clientWidth, canvas.getBoundingClientRect().right])"
    )
    assert all(abs(ratio - 3) < 0.02 and right <= 390 for ratio, right in sizes), sizes
    hand.page.locator(".latent-explorer").screenshot(path=screens / "html_phone.png")
    hand.page.context.close()


def test_two_views_are_one_model(browser, two_views):
    """The explorer shown twice: what one does the other shows."""
    hand = Hand(open_offline(browser, two_views)[0])
    hand.changes(lambda: hand.drag_by_mouse((0.5, 0.5), (0.7, 0.6)))
    first, second = hand.page.locator(".lx-code").all_inner_texts()
    assert first == second
    first, second = hand.page.locator(".lx-digit").evaluate_all("all => all.map((c) => c.toDataURL())")
    assert first == second
    hand.page.context.close()


def test_latency(hand, measured):
    """From the event's handler to the digit's pixels: p95 at most 16 ms over 200 moves."""
    assert hand.measure(measured.setdefault("latency_html", [])) <= 16


def test_added_size(page_file, measured):
    """All widgets of the page, their scripts and their states, add at most 2 MB to it."""
    scripts = [path.stat().st_size for path in (page_file.parent / "_static" / "widgets").glob("*.js")]
    measured["added_to_page_mb"] = round(sum(scripts) / MEGABYTE, 3)
    assert 0 < sum(scripts) <= 2 * MEGABYTE


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_same_numbers_as_keras(browser, activation, measured):
    """300 codes, decoded here and in Keras with the same rounded weights, differ by at most 1e-5."""
    rng = np.random.default_rng(1)
    decoder = keras.Sequential(
        [keras.Input((2,)), *(layers.Dense(n, activation) for n in (300, 500)), layers.Dense(784, activation)]
    )
    for layer, scale in zip(decoder.layers, (0.5, 0.05, 0.04), strict=True):
        weights, bias = (rng.normal(0, scale, w.shape) for w in layer.get_weights())
        step = np.abs(weights).max(axis=0) / 127
        layer.set_weights([np.rint(weights / step) * step, bias])
    codes = rng.normal(0, 3, (300, 2)).astype("f4")
    widget = LatentExplorer(decoder, codes, np.zeros(300, int), (28, 28))
    page = browser.new_page()
    arguments = [LatentExplorer._esm, base64.b64encode(widget._weights).decode(), widget._layers, codes.tolist()]
    images = page.evaluate(DECODE, arguments)
    page.close()
    expected = np.asarray(decoder(codes))
    difference = float(np.abs(images - expected).max())
    found = {"largest_value": round(float(np.abs(expected).max()), 3), "largest_difference": difference}
    measured.setdefault("differences_to_keras", {})[activation] = found
    assert np.shape(images) == (300, 784)
    assert difference <= 1e-5
