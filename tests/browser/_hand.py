"""What a student's hand does, and what the eye sees: shared by the tests in Lab and in a page of the book."""

import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError as NotSeen
from playwright.sync_api import expect

MEASURE = """
() => {
  // From the moment the page hears of a pointer (before the widget does) until the digit's new pixels can be read
  // back from the canvas: reading forces the drawing that a canvas may put off. Then until the frame is over.
  const digit = document.querySelector(".lx-digit").getContext("2d");
  const found = (window.found = { handled: [], since_event: [], to_frame_end: [] });
  let begin;
  window.addEventListener("pointermove", () => (begin = performance.now()), { capture: true });
  window.addEventListener("pointermove", (event) => {
    if (!(event.buttons & 1)) return;
    digit.getImageData(0, 0, 1, 1);
    const drawn = performance.now();
    found.handled.push(drawn - begin);
    found.since_event.push(drawn - event.timeStamp);
    requestAnimationFrame(() => {
      const after = new MessageChannel(); // its message comes when the frame has been painted
      after.port1.onmessage = () => found.to_frame_end.push(performance.now() - event.timeStamp);
      after.port2.postMessage(null);
    });
  });
}
"""

EVENT_TO_PAINT = """
(type) => {
  // From the time stamp of an event until the frame that answers it has been painted
  const found = (window.painted = []);
  window.addEventListener(type, (event) => {
    requestAnimationFrame(() => {
      const after = new MessageChannel(); // its message comes when the frame has been painted
      after.port1.onmessage = () => found.push(performance.now() - event.timeStamp);
      after.port2.postMessage(null);
    });
  }, { capture: true });
}
"""

PAINTED = """
(light) => {
  // whether the theme's style sheet has arrived: the notebook's background is light or dark
  const background = getComputedStyle(document.querySelector(".jp-Notebook")).backgroundColor;
  const [red, green, blue] = background.match(/\\d+/g).map(Number);
  return red + green + blue > 382 === light;
}
"""


def summary(values):
    """Return number, median and 95th percentile of times in milliseconds."""
    ranked = sorted(values)
    middle, high = ranked[len(ranked) // 2], ranked[int(0.95 * len(ranked))]
    return {"n": len(ranked), "median_ms": round(middle, 2), "p95_ms": round(high, 2)}


def open_offline(browser, path, **options):
    """Open a file with the network cut; return the page, and the requests that were made."""
    context = browser.new_context(**options)
    context.set_offline(True)
    context.set_default_timeout(120_000)  # a busy machine takes longer than the 30 seconds of the default
    page = context.new_page()
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: pytest.fail(f"the page's script failed: {error}"))
    page.goto(path.as_uri())
    bring_alive(page)
    return page, requests


def bring_alive(page):
    """Scroll past all places of widgets, as a reader does: each is drawn when it comes near; then return to the top."""
    for place in page.locator("[data-course-widget]").all():
        place.scroll_into_view_if_needed()
        place.locator(".course-widget").wait_for()
    page.evaluate("window.scrollTo(0, 0)")


def outside(requests):
    """Return the requests that leave the file."""
    return [url for url in requests if not url.startswith(("file:", "data:", "blob:"))]


def violations(page, selector):
    """Return what axe-core finds wrong in the widgets of a selector."""
    response = Axe().run(page, context=selector).response
    assert response["passes"], "axe-core looked at nothing"
    return [f"{found['id']}: {found['nodes'][0]['html']}" for found in response["violations"]]


def settle(page):
    """Wait until the page has painted what it was told, and has done what it had put off until then."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def choose_theme(page, theme):
    """Choose JupyterLab's "Light" or "Dark" in its menu, and wait until it is there."""
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.locator(".lm-Menu").get_by_text("Theme", exact=True).hover()
    page.locator(".lm-Menu").get_by_text(f"JupyterLab {theme}", exact=True).click()
    page.locator(f'body[data-jp-theme-light="{str(theme == "Light").lower()}"]').wait_for(state="attached")
    page.wait_for_function(PAINTED, arg=theme == "Light")
    expect(page.locator(".lm-Menu")).to_have_count(0)
    settle(page)  # the widgets draw anew in the frame after


def run_all(page):
    """Run all cells of the notebook that is open in JupyterLab."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def open_in_lab(browser, address, last, minutes=30):
    """Open a notebook in JupyterLab, run all cells, and scroll until `last`, a selector in its end, is to be seen."""
    page = browser.new_context(viewport={"width": 1280, "height": 1000}, has_touch=True).new_page()
    page.set_default_timeout(120_000)
    page.goto(address)
    page.locator(".jp-CodeCell").first.wait_for()
    page.get_by_text("| Idle").wait_for()
    run_all(page)
    failed = page.locator(".jp-OutputArea-output", has_text="Traceback (most recent call last)")
    end = time.monotonic() + 60 * minutes
    while time.monotonic() < end:
        # JupyterLab need not draw what is out of sight, and the notebook grows while it runs
        page.locator(".jp-WindowedPanel-outer").first.evaluate("panel => panel.scrollTo(0, panel.scrollHeight)")
        try:
            page.locator(last).first.wait_for(timeout=2000)
        except NotSeen:
            assert failed.count() == 0, failed.first.inner_text()
        else:
            return page
    raise TimeoutError(f"{last} did not appear within {minutes} minutes of running {address}")


class Hand:
    """The first explorer of a page."""

    def __init__(self, page):
        self.page = page
        self.map = page.locator(".lx-map").first
        self.map.wait_for()
        self.map.scroll_into_view_if_needed()

    def digit(self):
        """Return the digit's pixels, encoded."""
        return self.page.locator(".lx-digit").first.evaluate("canvas => canvas.toDataURL()")

    def code(self):
        """Return the code that the widget shows."""
        text = self.page.locator(".lx-code").first.inner_text().replace("−", "-")
        return tuple(float(number) for number in re.findall(r"-?\d+\.\d+", text))

    def place(self, across, up):
        """Return the page coordinates of a place in the map, as fractions of its sides."""
        box = self.map.bounding_box()
        return box["x"] + across * box["width"], box["y"] + (1 - up) * box["height"]

    def drag_by_mouse(self, start, end):
        """Press at `start`, move to `end`, release."""
        self.page.mouse.move(*self.place(*start))
        self.page.mouse.down()
        self.page.mouse.move(*self.place(*end), steps=5)
        self.page.mouse.up()
        settle(self.page)

    def drag_by_touch(self, start, end):
        """The same with a finger, through the browser's own input queue."""
        session = self.page.context.new_cdp_session(self.page)

        def send(kind, *where):
            points = [{"x": x, "y": y} for x, y in where]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        send("touchStart", self.place(*start))
        for i in range(1, 6):
            part = i / 5
            send("touchMove", self.place(*(a + (b - a) * part for a, b in zip(start, end, strict=True))))
        send("touchEnd")
        settle(self.page)

    def press(self, *keys):
        """Focus the map by keyboard means and press keys."""
        settle(self.page)  # JupyterLab moves the focus a frame after a click
        self.map.focus()
        expect(self.map).to_be_focused()
        for key in keys:
            self.page.keyboard.press(key)

    def changes(self, act):
        """Do `act` and wait until the digit's pixels have changed with it; return (code before, code after)."""
        code, digit = self.code(), self.digit()
        act()
        canvas = self.page.locator(".lx-digit").first.element_handle()
        self.page.wait_for_function("([canvas, before]) => canvas.toDataURL() !== before", arg=[canvas, digit])
        settle(self.page)
        return code, self.code()

    def measure(self, rounds, n_moves=200, limit=16, most=5):
        """Drag `n_moves` times and return the p95 in milliseconds of the interval 'handled' in MEASURE.

        Whatever else the machine does lengthens it, so a round over the limit is followed by another, `most` in all.
        Each round's medians and p95s are appended to `rounds`.
        """
        self.page.evaluate(MEASURE)
        self.page.mouse.move(*self.place(0.5, 0.5))
        while not rounds or (rounds[-1]["handled"]["p95_ms"] > limit and len(rounds) < most):
            self.page.evaluate("() => Object.values(window.found).forEach((list) => (list.length = 0))")
            self.page.mouse.down()
            for i in range(n_moves):
                self.page.mouse.move(*self.place(0.2 + 0.6 * (i % 41) / 40, 0.3 + 0.5 * (i % 67) / 66))
            self.page.mouse.up()
            self.page.wait_for_function("() => window.found.to_frame_end.length === window.found.handled.length")
            rounds.append({name: summary(found) for name, found in self.page.evaluate("window.found").items()})
            assert rounds[-1]["handled"]["n"] >= 0.9 * n_moves, "moves were lost"
        return rounds[-1]["handled"]["p95_ms"]


class Pad:
    """A hand on the pad of a page; places are pixels of the image, 0 to 28."""

    def __init__(self, page):
        self.page = page
        self.canvas = page.locator(".course-pad")
        self.canvas.scroll_into_view_if_needed()
        self.box = self.canvas.bounding_box()

    def at(self, x, y):
        """Return the page coordinates of a place."""
        return self.box["x"] + x / 28 * self.box["width"], self.box["y"] + y / 28 * self.box["height"]

    def by_mouse(self, *stroke):
        """Draw one stroke."""
        self.page.mouse.move(*self.at(*stroke[0]))
        self.page.mouse.down()
        for place in stroke[1:]:
            self.page.mouse.move(*self.at(*place))
        self.page.mouse.up()

    def by_touch(self, *stroke):
        """The same with a finger, through the browser's own input queue."""
        session = self.page.context.new_cdp_session(self.page)
        for kind, place in zip(["touchStart", *["touchMove"] * len(stroke[1:])], stroke, strict=True):
            x, y = self.at(*place)
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def by_keys(self, *stroke):
        """The same with arrows and Space: the pen begins in the middle, and an arrow is one pixel of the image."""
        self.canvas.focus()
        self.press("ArrowUp")  # shows where the pen is
        x, y = 14, 14
        for i, (right, down) in enumerate(stroke):
            for name, steps in (("ArrowRight", right - x), ("ArrowDown", down - y)):
                key = name if steps > 0 else {"ArrowRight": "ArrowLeft", "ArrowDown": "ArrowUp"}[name]
                self.press(*[key] * abs(steps))
            x, y = right, down
            if i in (0, len(stroke) - 1):
                self.press("Space")

    def press(self, *keys):
        """Press keys, wherever the focus is."""
        for key in keys:
            self.page.keyboard.press(key)

    def pixels(self, selector):
        """Return a canvas's pixels, encoded."""
        return self.page.locator(selector).first.evaluate("canvas => canvas.toDataURL()")

    def code(self):
        """Return the code of the drawing as the widget tells it, or None."""
        text = self.page.locator(".lx-draw .lx-code").inner_text().replace("−", "-")
        return tuple(float(number) for number in re.findall(r"-?\d+\.\d+", text)) or None

    def text(self):
        """Return what the widget says of the drawing."""
        return self.page.locator(".lx-result").inner_text()

    def click(self, name):
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).click()
