"""The playground in a page of the book: by mouse, touch and keys, without a kernel; and how fast it trains there."""

import re

import pytest
from _hand import EVENT_TO_PAINT, bring_alive, open_offline, outside, settle, summary, violations
from playwright.sync_api import expect

WIDGET = ".course-playground"
MEGABYTE = 1e6
# While the net trains: the time from each frame to the next, and how many epochs went by
MEASURE = """
(nFrames) => new Promise((done) => {
  const when = document.querySelector(".pg-when");
  const epochs = () => Number(when.textContent.match(/([\\d,]+) epoch/)[1].replace(",", ""));
  const [found, before] = [[], epochs()];
  let last = null;
  const first = performance.now();
  requestAnimationFrame(function next(now) {
    if (last !== null) found.push(now - last);
    last = now;
    if (found.length < nFrames) return requestAnimationFrame(next);
    done({ frames: found, perSecond: (1000 * (epochs() - before)) / (performance.now() - first) });
  });
})
"""


@pytest.fixture
def page(browser, moments):
    """Open the page without a network, for a reader who asks for reduced motion."""
    size = {"width": 1100, "height": 900}
    page, requests = open_offline(browser, moments, viewport=size, has_touch=True, reduced_motion="reduce")
    page.locator(".pg-stage").scroll_into_view_if_needed()
    yield page
    assert outside(requests) == []
    page.context.close()


def text(page, part):
    """Return what a part of the widget says."""
    return page.locator(f".pg-{part}").inner_text()


def steps(page):
    """Return how many steps the net has trained."""
    return int(text(page, "when").split()[0].replace(",", ""))


def errors(page):
    """Return the net's error and PCA's, as the widget shows them."""
    return tuple(map(float, re.findall(r"\d+\.\d+", text(page, "error"))))


def points(page):
    """Return how many points there are."""
    return int(text(page, "size").split()[0].replace(",", ""))


def click(page, name):
    """Press a button."""
    page.locator(WIDGET).get_by_role("button", name=name, exact=True).click()


def choose(page, name, value):
    """Choose one of the values of a list."""
    page.locator(WIDGET).get_by_role("combobox", name=name).select_option(value)


def train_until(page, part, pattern):
    """Train until a part of the widget says so, then pause."""
    click(page, "Train")
    expect(page.locator(f".pg-{part}")).to_have_text(re.compile(pattern), timeout=120_000)
    click(page, "Pause")


def wait_for_workers(page, n):
    """Wait until the browser tells of so many workers: it does so a moment after one has come or gone."""
    for _ in range(600):
        if len(page.workers) == n:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"workers: expected {n}, got {len(page.workers)} for a minute")


def place(page, across, down):
    """Return the page coordinates of a place in the picture, as parts of its sides."""
    box = page.locator(".pg-stage").bounding_box()
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def by_mouse(page, *places):
    """Press at the first place, go to the others, release."""
    page.mouse.move(*place(page, *places[0]))
    page.mouse.down()
    for to in places[1:]:
        page.mouse.move(*place(page, *to), steps=3)
    page.mouse.up()
    settle(page)


def by_touch(page, *places):
    """The same with a finger, through the browser's own input queue."""
    session = page.context.new_cdp_session(page)
    for kind, (x, y) in zip(
        ["touchStart", *["touchMove"] * len(places[1:])], [place(page, *to) for to in places], strict=True
    ):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    settle(page)


def by_keys(page, *_):
    """Take the points in the middle, and move them to the right and down."""
    page.locator(".pg-stage").focus()
    for key in ("ArrowUp", "Space", *["Shift+ArrowRight"] * 2, *["Shift+ArrowDown"] * 2, "Space"):
        page.keyboard.press(key)
    settle(page)


def pixels(page):
    """Return the picture's pixels, encoded."""
    return page.locator(".pg-stage").evaluate("canvas => canvas.toDataURL()")


def test_train_pause_step_restart(page):
    """Nothing moves before Train is pressed; Pause holds it, a step is one, Restart begins with the same weights."""
    first = pixels(page)
    page.wait_for_timeout(300)
    assert pixels(page) == first, "it moves by itself"
    assert steps(page) == 0
    begin = errors(page)
    train_until(page, "when", r"^[\d,]{2,} steps")
    held = steps(page), pixels(page)
    assert held[1] != first
    page.wait_for_timeout(300)
    assert (steps(page), pixels(page)) == held
    click(page, "One training step")
    assert steps(page) == held[0] + 1
    click(page, "Restart")
    assert (steps(page), errors(page)) == (0, begin)
    choose(page, "Seed", "1")
    assert errors(page)[0] != begin[0]
    assert errors(page)[1] == begin[1], "PCA has no seed"


def test_a_worker_trains(page):
    """While the net trains, and only then; other choices and other points go on with one that knows of them."""
    wait_for_workers(page, 0)
    click(page, "Train")
    expect(page.locator(".pg-when")).to_have_text(re.compile(r"^[\d,]{2,} steps"))
    wait_for_workers(page, 1)
    choose(page, "Activation", "tanh")
    click(page, "Spiral")
    expect(page.locator(".pg-when")).to_have_text(re.compile(r"^[\d,]{2,} steps"))
    expect(page.locator(".pg-error")).not_to_contain_text("PCA's 0.296")
    wait_for_workers(page, 1)
    by_mouse(page, (0.55, 0.5), (0.7, 0.65), (0.95, 0.9))
    click(page, "Add points")
    by_mouse(page, (0.1, 0.9), (0.3, 0.9))
    more, so_far = points(page), steps(page)
    assert more > 1000
    page.wait_for_function(
        "steps => Number(document.querySelector('.pg-when').textContent.split(' ')[0].replace(/,/g, '')) > steps + 20",
        arg=so_far,
    )
    click(page, "Pause")
    wait_for_workers(page, 0)
    assert points(page) == more


def test_where_a_page_forbids_workers(browser, moments):
    """The page trains by itself: slower, and to the same end."""
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    page.add_init_script("delete window.Worker")
    page.goto(moments.as_uri())
    bring_alive(page)
    train_until(page, "verdict", r"[1-9]\d % less error")
    assert steps(page) > 100
    page.close()


def test_a_linear_net_comes_to_pca_s_line(page, screens):
    """With every activation linear the curve ends near PCA's line, and never below PCA's error."""
    choose(page, "Activation", "linear")
    train_until(page, "error", r"^Error 0\.29[6-8], PCA's 0\.296$")
    net, pca = errors(page)
    assert pca <= net < 1.05 * pca
    assert float(re.search(r"straight line\. It is ([\d.]+) degrees off", text(page, "verdict"))[1]) < 6
    page.locator(WIDGET).screenshot(path=screens / "playground_linear.png")


def test_a_bent_net_gets_below_pca(page, screens):
    """On the spiral tanh units leave less than half of PCA's error."""
    click(page, "Spiral")
    choose(page, "Activation", "tanh")
    choose(page, "Learning rate", "0.01")
    train_until(page, "verdict", r"[6-9]\d % less error")
    net, pca = errors(page)
    assert net < 0.5 * pca
    page.locator(WIDGET).screenshot(path=screens / "playground_spiral.png")


def test_a_relu_code_dies(page, screens):
    """It is 0 for some of the points at first, and for all of them in the end; then the widget says so."""
    click(page, "Bow")
    choose(page, "Code", "relu")
    choose(page, "Learning rate", "0.03")
    choose(page, "Seed", "7")
    assert re.search(r"The code is 0 for \d\d % of the points", text(page, "verdict"))
    train_until(page, "verdict", "The code is dead")
    page.locator(WIDGET).screenshot(path=screens / "playground_dead.png")


@pytest.mark.parametrize("act", [by_mouse, by_touch, by_keys])
def test_points_follow_the_hand(page, act):
    """PCA's line follows the points that a hand takes away, and the net trains while it holds them."""
    before = errors(page), steps(page), points(page)
    act(page, (0.55, 0.5), (0.7, 0.65), (0.85, 0.8))
    assert errors(page)[1] != before[0][1]
    assert steps(page) > before[1]
    assert points(page) == before[2]
    held = steps(page)
    settle(page)
    assert steps(page) == held, "a hand that has let go trains nothing"
    click(page, "Two Gaussians")
    assert errors(page) == before[0], "the button brings the points back"


@pytest.mark.parametrize("act", [by_mouse, by_touch, by_keys])
def test_points_of_ones_own(page, act):
    """Drawn points are trained on; without points there is nothing to train."""
    click(page, "Draw your own")
    assert "No points yet" in text(page, "error")
    click(page, "Train")
    assert steps(page) == 0
    act(page, (0.3, 0.7), (0.5, 0.4), (0.8, 0.7))
    drawn = points(page)
    assert drawn >= 6
    train_until(page, "when", r"^[\d,]{2,} steps")
    act(page, (0.3, 0.2), (0.6, 0.2))
    assert points(page) > drawn


def test_every_control_by_keys(page):
    """Tab reaches each of them, with a ring; the arrows choose; the picture tells its state."""
    page.locator(WIDGET).get_by_role("button", name="Two Gaussians").focus()
    reached = []
    for _ in range(16):
        reached.append(
            page.evaluate(
                """() => {
                  const node = document.activeElement;
                  return [node.ariaLabel ?? node.labels?.[0]?.firstChild.textContent ?? node.textContent,
                    getComputedStyle(node).outlineStyle];
                }"""
            )
        )
        page.keyboard.press("Tab")
    names = [name for name, _ in reached]
    for name in ("Spiral", "Activation", "Code", "Learning rate", "Seed", "Train", "One training step", "Restart"):
        assert name in names
    assert any(name.startswith("Points, PCA's line and the decoder's curve. 0 steps") for name in names)
    assert {ring for _, ring in reached[1:14]} == {"solid"}
    page.locator(WIDGET).get_by_role("combobox", name="Activation").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator(".pg-verdict")).to_contain_text("A linear net")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible(page, screens, scheme):
    """axe-core finds nothing, whatever the reader's system prefers."""
    page.emulate_media(color_scheme=scheme)
    train_until(page, "when", r"^[\d,]{3,} steps")
    page.locator(WIDGET).screenshot(path=screens / f"playground_{scheme}.png")
    assert violations(page, WIDGET) == []


def test_phone(browser, moments, screens):
    """On a phone nothing is wider than the screen, and it trains."""
    phone = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True}
    page = open_offline(browser, moments, **phone)[0]
    page.locator(".pg-stage").scroll_into_view_if_needed()
    page.locator(WIDGET).get_by_role("button", name="Train", exact=True).tap()
    expect(page.locator(".pg-when")).to_have_text(re.compile(r"^[\d,]{3,} steps"))
    page.locator(WIDGET).get_by_role("button", name="Pause").tap()
    right = page.locator(f"{WIDGET} :is(canvas, select, button):visible").evaluate_all(
        "all => Math.max(...all.map((node) => node.getBoundingClientRect().right))"
    )
    assert right <= 390
    page.locator(WIDGET).screenshot(path=screens / "playground_phone.png")
    page.context.close()


def test_speed(page, measured):
    """Measured, not judged: a busy machine is slow. Lesson 1's net trains in this page, frame after frame."""
    click(page, "Train")
    expect(page.locator(".pg-when")).to_have_text(re.compile(r"[1-9]\d\d epochs"), timeout=300_000)
    found = page.evaluate(MEASURE, 200)
    click(page, "Pause")
    measured["playground"] = {
        "epochs_per_second": round(found["perSecond"], 1),
        "frames": summary(found["frames"]),
    }
    assert found["perSecond"] > 0


def test_latency(page, measured):
    """Measured, not judged: from a move of the hand that holds points until line and curve have followed it."""
    page.mouse.move(*place(page, 0.5, 0.5))
    page.mouse.down()
    page.evaluate(EVENT_TO_PAINT, "pointermove")
    for i in range(100):
        page.mouse.move(*place(page, 0.4 + 0.2 * (i % 21) / 20, 0.4 + 0.2 * (i % 17) / 16))
    page.mouse.up()
    page.wait_for_function("() => window.painted.length >= 90")
    measured["playground_drag_to_paint"] = summary(page.evaluate("window.painted"))


def test_size(moments, measured):
    """Its script and its state take less than 0.1 MB."""
    folder = moments.parent / "_static" / "widgets"
    size = (folder / "course_utils.widgets.playground.Playground.js").stat().st_size
    measured["playground_script_mb"] = round(size / MEGABYTE, 3)
    assert size < 0.1 * MEGABYTE
