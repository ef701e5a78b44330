"""The sliders of lessons 2 and 6 in JupyterLab: a key press redraws the digits."""

import statistics

import nbformat
import pytest
from _hand import open_in_lab
from conftest import cells_up_to, write_copy

# From the key press until the browser has decoded the new picture.
REDRAW = """
(handle) => new Promise((resolve, reject) => {
  const area = document.querySelector(".widget-interact .jp-OutputArea");
  let begin;
  const observer = new MutationObserver(async () => {
    const image = area.querySelector("img");
    if (!image) return;
    observer.disconnect();
    await image.decode();
    resolve(performance.now() - begin);
  });
  setTimeout(() => reject(new Error("no new picture within 30 s of the key press")), 30_000);
  observer.observe(area, { childList: true, subtree: true, attributes: true });
  begin = performance.now();
  handle.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", keyCode: 39, bubbles: true }));
})
"""


def lesson_6():
    """Return lesson 6's slider with an untrained net of the same size: it draws as fast, and is there at once."""
    notebook = cells_up_to("06", "slider")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    net = next(cell for cell in code if cell.source.startswith("def one_layer"))
    noise = next(cell for cell in code if cell.source.startswith("def add_noise"))
    noise.source = noise.source.split("\n\n")[0]
    notebook.cells = [*code[:2], noise, net, nbformat.v4.new_code_cell("wider = {512: one_layer(512)}"), code[-1]]
    return notebook


@pytest.mark.parametrize("number", ["02", "06"])
def test_slider(lab, browser, screens, measured, number):
    """Each step of the slider draws a new picture; how long it takes goes to build/explorer.json."""
    notebook = cells_up_to("02", "slider") if number == "02" else lesson_6()
    page = open_in_lab(browser, lab(write_copy(notebook, f"slider_{number}")), ".widget-interact img")
    picture, handle = page.locator(".widget-interact img").first, page.locator(".widget-interact .noUi-handle").first
    before = picture.get_attribute("src")
    times = [handle.evaluate(REDRAW) for _ in range(10)]
    assert picture.get_attribute("src") != before
    found = {"median_ms": round(statistics.median(times), 1), "max_ms": round(max(times), 1)}
    measured.setdefault("slider_redraw", {})[number] = found
    page.screenshot(path=screens / f"slider_{number}.png")
    page.context.close()
