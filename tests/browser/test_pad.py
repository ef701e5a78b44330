"""The explorer's pad in a page of the book: draw by mouse, touch and keys; what comes of it, and how fast."""

import base64
import re

import nbformat
import numpy as np
import pytest
from _hand import EVENT_TO_PAINT, Pad, open_offline, outside, settle, summary, violations
from _page import page_of
from ipywidgets.embed import embed_data
from playwright.sync_api import expect
from scipy import ndimage
from scipy.spatial import cKDTree
from scipy.spatial.distance import pdist

from course_utils import LatentExplorer, load_mnist
from course_utils.autoencoder import load_pretrained
from course_utils.book.widgets import STATE
from course_utils.widgets.explorer.layers import apply

WIDGET = ".latent-explorer"
N = 2000  # codes on the map
MEASURE = """
() => {
  // From the moment the page hears that the pen is up (before the widget does) until the pixels of the decoded digit
  // and of the map can be read back.
  const context = (name) => document.querySelector(name).getContext("2d");
  const read = [context(".lx-map"), context(".lx-seen figure:last-child canvas")];
  window.found = [];
  let begin;
  window.addEventListener("pointerup", () => (begin = performance.now()), { capture: true });
  window.addEventListener("pointerup", () => {
    for (const one of read) one.getImageData(0, 0, 1, 1);
    window.found.push(performance.now() - begin);
  });
}
"""
PREPARE = """
async ([source, weights, layers, inks, side]) => {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const { makeNet, prepare } = await import(url);
  const bytesOf = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const encode = makeNet(new DataView(bytesOf(weights).buffer), layers);
  return inks.map((ink) => {
    const image = prepare(Float32Array.from(bytesOf(ink), (byte) => byte / 255), side, side, 28, 28);
    return [[...image], [...encode(image)]];
  });
}
"""


@pytest.fixture(scope="module")
def digits():
    """Return lesson 5's test images, MNIST's 1s, 5s and 6s (n, 28, 28) from 0 to 1, and their labels."""
    data = load_mnist()
    if data.name != "mnist":
        pytest.skip("the shipped weights are for MNIST's images, and these are the embedded digits")
    chosen = np.isin(data.y_test, [1, 5, 6])
    return data.X_test[chosen].reshape(-1, 28, 28), data.y_test[chosen]


@pytest.fixture(scope="module")
def explorer(digits):
    """Return lesson 5's net as it ships, on the codes of test images."""
    images, labels = digits
    flat = load_pretrained("05_recipe")
    activations = ["tanh", "tanh", "linear"] * 2
    net = list(zip(flat[::2], flat[1::2], activations, strict=True))
    x = images[:N].reshape(N, -1)
    for weights, bias, activation in net[:3]:
        x = x @ weights + bias
        x = np.tanh(x) if activation == "tanh" else x
    return LatentExplorer(net[3:], x, labels[:N], (28, 28), encoder=net[:3])


@pytest.fixture(scope="module")
def page_file(explorer, tmp_path_factory):
    """Make a page that shows it, without a kernel."""
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": explorer.model_id}}
    new = nbformat.v4
    cells = [new.new_code_cell("explorer", outputs=[new.new_output("display_data", data=view)])]
    state = embed_data(views=[explorer], drop_defaults=False)["manager_state"]
    notebook = new.new_notebook(cells=cells, metadata={"widgets": {STATE: state}})
    return page_of(notebook, tmp_path_factory.mktemp("pad"))


@pytest.fixture
def pad(browser, page_file):
    """Return the pad of the page, opened without a network."""
    page, requests = open_offline(browser, page_file, viewport={"width": 1100, "height": 1200}, has_touch=True)
    yield Pad(page)
    assert outside(requests) == []
    page.context.close()


SEVEN = [(8, 6), (20, 6), (14, 15), (11, 24)]


@pytest.mark.parametrize("way", ["by_mouse", "by_touch", "by_keys"])
def test_draw_undo_clear(pad, way):
    """A stroke gets a code, its nearest digit and an error; a second changes them; undo and clear take them back."""
    draw, before = getattr(pad, way), pad.pixels(".lx-map")
    assert pad.code() is None
    draw(*SEVEN)
    first, told = pad.code(), pad.text()
    assert "Nearest code: label" in told or "No data near here" in told
    assert re.search(r"mean squared error is 0\.\d+ a pixel", told)
    assert pad.pixels(".lx-map") != before, "the map has no mark"
    pad.by_mouse((8, 14), (20, 14))
    second = pad.code()
    assert second != first
    pad.click("Undo")
    assert pad.code() == first
    pad.click("Clear")
    assert pad.code() is None
    assert pad.page.locator(".lx-seen").is_hidden()
    assert pad.pixels(".lx-map") == before


def test_the_ways_agree(pad):
    """The same stroke by mouse, finger and keys is the same drawing."""
    codes = []
    for draw in (pad.by_mouse, pad.by_touch, pad.by_keys):
        draw((10, 5), (10, 20), (16, 20))
        codes.append(pad.code())
        pad.click("Clear")
    assert np.ptp(codes, axis=0).max() < 0.5, codes


def test_keys_are_told(pad, screens):
    """The pad is reached with Tab, shows a focus ring, and says where the pen is."""
    pad.page.get_by_role("button", name="Path mode").focus()
    pad.press("Tab")
    assert pad.page.evaluate("document.activeElement.className") == "course-pad"
    assert pad.canvas.evaluate("node => getComputedStyle(node).outlineStyle") == "solid"
    pad.press("ArrowUp", "Space", "Shift+ArrowLeft")
    live = pad.page.locator(f"{WIDGET} [aria-live]")
    expect(live).to_have_text("Pen down, 36% across, 50% down.")
    pad.page.locator(WIDGET).screenshot(path=screens / "pad_keyboard.png")
    pad.press("Space")
    expect(live).to_have_text(re.compile(r"^Your digit has the code \("))


STAR = [(14, 3), (19, 24), (4, 10), (24, 10), (9, 24), (14, 3)]


def test_a_stranger_is_told_apart(pad, screens):
    """The widget says what its net has seen, then of a star that the net does not know it, and of a 1 that it does."""
    assert "The net has only seen the digits 1, 5 and 6." in pad.text()
    pad.by_mouse(*STAR)
    told = pad.text()
    assert (
        "So the net does not know this. The net has only seen the digits 1, 5 and 6, and makes something like them"
        in told
    )
    error, average = map(float, re.findall(r"is (0\.\d+)", told.partition("mean squared error")[2]))
    assert error > 0.75 * average
    pad.page.locator(WIDGET).screenshot(path=screens / "pad_star.png")
    pad.click("Clear")
    pad.by_mouse((15, 4), (14, 14), (13, 24))
    assert "So the net can rebuild it." in pad.text()
    assert "does not know" not in pad.text()


def test_share_of_strangers_told_apart(explorer, digits, measured):
    """The limit says "does not know" of few of the digits that the net has learnt, and of most of the others."""
    images, _ = digits
    data = load_mnist()
    others = data.X_test[~np.isin(data.y_test, [1, 5, 6])]
    limit = float(re.search(r"const STRANGE = ([\d.]+);", LatentExplorer._esm)[1])
    flat = load_pretrained("05_recipe")
    net = list(zip(flat[::2], flat[1::2], ["tanh", "tanh", "linear"] * 2, strict=True))
    own = np.frombuffer(explorer._codes, "<f4").reshape(-1, 2)
    average = apply(net[3:], own[:: len(own) // 100]).mean(axis=0)
    shares = []
    for x in (images.reshape(len(images), -1), others):
        error, of_average = (np.square(x - image).mean(axis=1) for image in (apply(net, x), average))
        shares.append(float(np.mean(error > limit * of_average)))
    measured["pad_says_stranger"] = dict(zip(("of_learnt", "of_others"), np.round(shares, 3).tolist(), strict=True))
    assert shares[0] < 0.1
    assert shares[1] > 0.8


def test_empty_land(pad, screens):
    """What is no digit may lie far from all codes: then the widget says so, with the distance."""
    for y in range(2, 27, 2):
        pad.by_mouse((2, y), (26, y))
    pad.page.locator(WIDGET).screenshot(path=screens / "pad_no_digit.png")
    distance = float(re.search(r"(?:is|label \d,) ([\d.]+) away", pad.text())[1])
    assert ("No data near here" in pad.text()) == pad.page.locator(".lx-result .lx-near.lx-far").is_visible()
    assert distance > 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible(pad, screens, scheme):
    """axe-core finds nothing, before and after something is drawn."""
    pad.page.emulate_media(color_scheme=scheme)
    assert violations(pad.page, WIDGET) == []
    pad.by_mouse(*SEVEN)
    assert violations(pad.page, WIDGET) == []
    pad.page.locator(WIDGET).screenshot(path=screens / f"pad_html_{scheme}.png")


def test_phone(browser, page_file, screens):
    """On a phone nothing is wider than the screen, and canvases are as fine as it."""
    phone = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 3, "has_touch": True}
    pad = Pad(open_offline(browser, page_file, **phone)[0])
    pad.by_touch(*SEVEN)
    assert pad.code()
    sizes = pad.page.locator(f"{WIDGET} canvas:visible").evaluate_all(
        "all => all.map((canvas) => [canvas.width / canvas.clientWidth, canvas.getBoundingClientRect().right])"
    )
    assert all(abs(ratio - 3) < 0.02 and right <= 390 for ratio, right in sizes), sizes
    pad.page.locator(WIDGET).screenshot(path=screens / "pad_phone.png")
    pad.page.context.close()


def test_latency(pad, measured):
    """From pen up to the mark on the map and the decoded digit: p95 at most 50 ms over 100 strokes."""
    pad.by_mouse(*SEVEN)  # the pictures are there
    pad.page.evaluate(MEASURE)
    pad.page.evaluate(EVENT_TO_PAINT, "pointerup")
    for i in range(100):
        pad.by_mouse((6 + i % 13, 4), (8 + i % 11, 14), (12, 24))
        if i % 5 == 4:
            pad.click("Clear")
            pad.page.evaluate("() => window.found.pop()")  # the button's own
            pad.by_mouse(*SEVEN)
    times = np.array(pad.page.evaluate("window.found"))
    measured["pen_up_ms"] = {f"p{q}": round(float(np.percentile(times, q)), 2) for q in (50, 95)}
    settle(pad.page)
    measured["pen_up_to_paint"] = summary(pad.page.evaluate("window.painted"))
    assert len(times) >= 100
    assert np.percentile(times, 95) <= 50


def enlarged(images, rng):
    """Return images eleven to thirteen times as large, each somewhere on a paper of 400 x 400."""
    papers = np.zeros((len(images), 400, 400), "f4")
    for paper, image in zip(papers, images, strict=True):
        large = ndimage.zoom(image, rng.uniform(11, 13), order=1) > 0.5  # black and white, as before MNIST
        top, left = rng.integers(0, 401 - large.shape[0], 2)
        paper[top : top + large.shape[0], left : left + large.shape[1]] = large
    return papers


def test_prepared_digits_come_back(browser, explorer, digits, measured):
    """100 test digits, enlarged and moved, are prepared and encoded: they come back near their own code."""
    images, labels = digits
    papers = enlarged(images[:100], np.random.default_rng(0))
    page = browser.new_page()
    weights = base64.b64encode(explorer._encoder_weights).decode()
    inks = [base64.b64encode(np.round(255 * paper).astype(np.uint8)).decode() for paper in papers]
    found = page.evaluate(PREPARE, [LatentExplorer._esm, weights, explorer._encoder_layers, inks, 400])
    page.close()
    prepared, codes = (np.array(part) for part in zip(*found, strict=True))
    own = np.frombuffer(explorer._codes, "<f4").reshape(-1, 2)
    measured["digits_enlarged_and_moved"] = told = compare(codes, own[:100], own, labels[:N], labels[:100])
    told["pixel_rms"] = round(float(np.sqrt(np.mean((prepared - images[:100].reshape(100, -1)) ** 2))), 3)
    assert told["median"] <= 0.05  # half a pixel beside the right place it is 0.07
    assert told["same_label"] >= told["same_label_undrawn"] - 0.1


def test_drawn_digits_come_back(pad, explorer, digits, measured):
    """20 test digits, drawn along their middle lines by a pen, come back near their own code."""
    images, labels = digits
    codes = []
    for image in images[:20]:
        pad.click("Clear")
        for stroke in strokes_of(image):
            pad.by_mouse(*stroke)
        codes.append(pad.code())
    own = np.frombuffer(explorer._codes, "<f4").reshape(-1, 2)
    measured["digits_drawn"] = told = compare(np.array(codes), own[:20], own, labels[:N], labels[:20])
    assert told["median"] <= 0.3
    assert told["same_label"] >= 0.7


def compare(codes, own, all_codes, all_labels, labels):
    """Return how far codes are from their own, relative to the median distance between the classes' median codes."""
    centres = np.array([np.median(all_codes[all_labels == digit], axis=0) for digit in (1, 5, 6)])
    between = np.median(pdist(centres))
    away = np.linalg.norm(codes - own, axis=1) / between
    tree = cKDTree(all_codes)
    label = {name: all_labels[tree.query(x, k=k)[1]] for name, x, k in (("drawn", codes, [1]), ("undrawn", own, [2]))}
    return {
        "n": len(codes),
        "median": round(float(np.median(away)), 4),
        "p90": round(float(np.quantile(away, 0.9)), 4),
        "same_label": round(float(np.mean(label["drawn"].ravel() == labels)), 3),
        "same_label_undrawn": round(float(np.mean(label["undrawn"].ravel() == labels)), 3),
    }


def strokes_of(image):
    """Return a digit as strokes: its thinned pixels, walked through from neighbour to neighbour and back."""
    left = {(int(x), int(y)) for y, x in np.argwhere(thinned(image > 0.5))}
    strokes = []
    while left:
        path = [min(left, key=lambda p: sum(abs(p[0] - x) <= 1 and abs(p[1] - y) <= 1 for x, y in left))]  # an end
        left.discard(path[0])
        way = list(path)
        while path:
            x, y = path[-1]
            near = [p for p in left if max(abs(p[0] - x), abs(p[1] - y)) == 1]
            if near:
                path.append(min(near, key=lambda p: abs(p[0] - x) + abs(p[1] - y)))
                left.discard(path[-1])
            else:
                path.pop()
            way += path[-1:]
        strokes.append([(x + 0.5, y + 0.5) for x, y in way])
    return strokes


def thinned(ink):
    """Return the middle lines of a shape, by the method of Zhang and Suen (1984)."""
    ink = np.pad(ink, 1).astype(int)
    ring = [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)]
    changed = True
    while changed:
        changed = False
        for a, b in (((0, 2, 4), (2, 4, 6)), ((0, 2, 6), (0, 4, 6))):
            near = np.array([np.roll(ink, (-dy, -dx), (0, 1)) for dy, dx in ring])
            count, turns = near.sum(axis=0), ((near == 0) & (np.roll(near, -1, axis=0) == 1)).sum(axis=0)
            gone = (ink == 1) & (count >= 2) & (count <= 6) & (turns == 1)
            gone &= (near[list(a)].prod(axis=0) == 0) & (near[list(b)].prod(axis=0) == 0)
            ink[gone] = 0
            changed |= bool(gone.any())
    return ink[1:-1, 1:-1]
