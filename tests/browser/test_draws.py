"""Two explorers side by side, each with its button that draws codes: in a page of the book, without a kernel."""

import re

import nbformat
import numpy as np
import pytest
from _hand import open_offline, outside, settle, violations
from _page import page_of
from ipywidgets.embed import embed_data
from playwright.sync_api import expect

from course_utils import LatentExplorer
from course_utils.book.widgets import STATE, VIEW, read_states, store_states

CUT = """
(explorers) => explorers.flatMap((explorer) => {
  const right = explorer.getBoundingClientRect().right;
  const all = [...explorer.querySelectorAll("canvas")];
  return all.filter((canvas) => canvas.getBoundingClientRect().right > right).map((canvas) => canvas.className);
})
"""


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    """Make a page of two explorers from their stored states: codes far from the origin, and codes around it."""
    rng = np.random.default_rng(0)
    layers = [(rng.normal(size=(2, 16)), None, "tanh"), (rng.normal(size=(16, 784)), None, "sigmoid")]
    codes, labels = rng.normal(size=(2000, 2)), rng.integers(0, 3, 2000)
    angle = rng.uniform(0, 2 * np.pi, 2000)
    ring = np.stack([20 * np.cos(angle), 20 * np.sin(angle)], axis=1) + rng.normal(size=(2000, 2))
    plain = LatentExplorer(layers, ring, labels, (28, 28), prior="fitted")
    both = plain.beside(LatentExplorer(layers, codes, labels, (28, 28), prior="standard"))
    new, folder = nbformat.v4, tmp_path_factory.mktemp("draws")
    output = new.new_output("display_data", data={VIEW: {"model_id": both.model_id}})
    state = embed_data(views=[both], drop_defaults=False)["manager_state"]
    notebook = new.new_notebook(
        cells=[new.new_code_cell("both", outputs=[output])], metadata={"widgets": {STATE: state}}
    )
    store_states(notebook, folder / "states.json")
    notebook.metadata["widgets"] = read_states(folder / "states.json")
    return page_of(notebook, folder)


@pytest.fixture(params=[1280, 390])
def page(browser, page_file, request):
    """Open the page at the width of a desk and of a phone."""
    page, requests = open_offline(
        browser, page_file, viewport={"width": request.param, "height": 900}, has_touch=True, reduced_motion="reduce"
    )
    yield page
    assert outside(requests) == []
    page.context.close()


def pixels(canvas):
    """Return a canvas's pixels, encoded."""
    return canvas.evaluate("canvas => canvas.toDataURL()")


def test_side_by_side(page, screens):
    """At 1280 pixels they stand beside each other, on a phone one below the other; nothing is wider than its place."""
    left, right = (explorer.bounding_box() for explorer in page.locator(".latent-explorer").all())
    for button in page.get_by_role("button", name=re.compile("^Draw from")).all():
        button.click()
    settle(page)
    wide = page.viewport_size["width"] == 1280
    assert (abs(left["y"] - right["y"]) < 1) == wide
    assert (left["x"] + left["width"] <= right["x"] + 1) == wide
    assert page.locator(".latent-explorer").evaluate_all(CUT) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    for theme in ("light", "dark"):
        page.evaluate("theme => (document.documentElement.dataset.theme = theme)", theme)
        settle(page)
        settle(page)
        page.locator(".course-grid").screenshot(path=screens / f"draws_{theme}_{page.viewport_size['width']}.png")
        assert violations(page, ".latent-explorer") == []


@pytest.mark.parametrize("way", ["mouse", "touch", "keys"])
def test_draw_and_choose(page, way):
    """Twelve images and their marks on the map; another press gives others; the point moves to the one chosen."""

    def use(button):
        if way == "mouse":
            button.click()
        elif way == "touch":
            button.tap()
        else:
            button.press("Enter")
        settle(page)

    explorer = page.locator(".latent-explorer").nth(1)
    images, canvas = explorer.locator(".lx-drawn"), explorer.locator(".lx-map")
    assert images.first.is_hidden()
    draw = explorer.get_by_role("button", name="Draw from N(0, I)")
    empty = pixels(canvas)
    use(draw)
    expect(images).to_have_count(12)
    assert all(image.is_visible() for image in images.all())
    first, names = pixels(canvas), [image.get_attribute("aria-label") for image in images.all()]
    assert first != empty
    use(draw)
    assert [image.get_attribute("aria-label") for image in images.all()] != names
    assert pixels(canvas) != first
    use(images.nth(4))
    code = re.search(r"\(.*\)", images.nth(4).get_attribute("aria-label"))[0]
    assert explorer.locator(".lx-code").inner_text() == f"Code {code}"
    assert pixels(images.nth(4).locator("canvas")) != pixels(images.nth(5).locator("canvas"))


def test_it_says_how_many_lie_where_there_is_no_data(page):
    """A ring's fitted normal has its middle in the hole; N(0, I) fits codes that are normal. Screen readers hear it."""
    n_far = []
    for explorer, prior in zip(page.locator(".latent-explorer").all(), ("the fitted normal", "N(0, I)"), strict=True):
        explorer.get_by_role("button", name=f"Draw from {prior}").click()
        text = explorer.locator(".lx-drawn-text")
        expect(text).to_have_text(re.compile(r"of 12 codes lie where there is no data|^All 12 codes lie where"))
        found = re.match(r"\d+", text.inner_text())
        n_far.append(int(found[0]) if found else 0)
        assert explorer.locator(".lx-astray").count() == n_far[-1]
        expect(explorer.locator("[aria-live]")).to_have_text(f"Drawn from {prior}. {text.inner_text()}")
    assert n_far[0] > n_far[1]
