"""The book as `make book` leaves it, opened from the file system without a network: every page of it."""

import itertools
import re
import subprocess
import sys
from urllib.parse import unquote, urldefrag, urlparse

import pytest
from _hand import Hand, bring_alive, open_offline, outside, settle
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from conftest import BUILD, ROOT

from course_utils.book.widgets import STATES
from course_utils.notebooks import hosted
from course_utils.notebooks.sources import lesson_paths

MEGABYTE = 1e6
LIGHT = {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}}
LESSONS = [path.stem for path in lesson_paths()]
LOOK = (
    "index",
    "lessons/03_autoencoder",
    "exercises/03_autoencoder",
    "solutions/03_autoencoder",
    "instructor/03_autoencoder",
)
# What is the same on all pages: the frame, and the colours of code, whose contrast takes axe most of its time
THE_SAME = {"exclude": [[".highlight"], [".bd-header"], [".bd-sidebar-primary"]]}


@pytest.fixture(scope="module")
def site():
    """Build it from what is stored, or from the last run; on stderr one line says so, and Sphinx warns of nothing."""
    done = subprocess.run([sys.executable, "-m", "course_utils", "book"], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("\n")) == (0, 1), done.stderr
    return BUILD / "book"


@pytest.fixture(scope="module")
def pages(site):
    """Return the files of all pages by their names."""
    found = {path.relative_to(site).with_suffix("").as_posix(): path for path in sorted(site.rglob("*.html"))}
    return {name: path for name, path in found.items() if not name.startswith("_")}


@pytest.fixture(scope="module")
def parsed(pages):
    """Return the parsed pages by their names."""
    return {name: BeautifulSoup(path.read_text("utf-8"), "html.parser") for name, path in pages.items()}


def size(path):
    """Return the bytes of a folder's files."""
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def test_everything_is_there(pages):
    """Lessons, exercises, solutions, instructor's pages, and what there is to look up."""
    assert {f"{room}/{stem}" for room in ("lessons", "exercises", "solutions", "instructor") for stem in LESSONS} <= {
        *pages
    }
    others = {"index", "glossary", "references", "accessibility", "cite", "report", "search"}
    assert others | {f"instructor/{page}" for page in ("index", "servers", "grading")} <= {*pages}


def test_sizes(site, browser, measured):
    """The site stays below 25 MB, the first page with all that it loads below 1 MB, the stored states below 8 MB."""
    page, requests = open_offline(browser, site / "index.html", **LIGHT)
    loaded = {unquote(urlparse(url).path) for url in requests if url.startswith("file:")}
    first = sum((site / path).stat().st_size for path in loaded)
    page.context.close()
    found = {"site": size(site), "first_page": first, "states": size(STATES)}
    measured["book_mb"] = {name: round(amount / MEGABYTE, 3) for name, amount in found.items()}
    assert size(STATES) < 8 * MEGABYTE
    assert size(site) < 25 * MEGABYTE
    assert first < 1 * MEGABYTE


LAID_OUT = """
async () => {
  // What is wrong with pictures, code and formulas at this width
  const faults = [];
  const all = (selector) => [...document.querySelectorAll(`.bd-article ${selector}`)];
  const shown = (selector) => all(selector).filter((el) => el.checkVisibility());
  const sign = (el) => getComputedStyle(el.parentElement, "::after").content.includes("▸");
  const settled = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await settled(); // observers of sizes answer in the next frame
  for (const picture of shown("img")) {
    picture.loading = "eager";
    while (!picture.complete) await settled();
    const { paddingLeft, paddingRight, paddingTop, paddingBottom } = getComputedStyle(picture);
    const width = picture.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    const height = picture.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
    const off = (width / height / (picture.naturalWidth / picture.naturalHeight) - 1) * 100;
    if (!(Math.abs(off) <= 1)) faults.push(`a picture is off its proportions by ${off.toFixed(1)} %: ${picture.alt}`);
  }
  for (const wide of shown(":is(pre, .math, .pst-scrollable-table-container)"))
    if (wide.scrollWidth > wide.clientWidth + 1 && !sign(wide))
      faults.push(`cut without a sign: ${wide.textContent.slice(0, 60)}`);
  for (const report of shown(".course-report"))
    if (report.scrollWidth > report.parentElement.clientWidth + 1) faults.push("a report is wider than its place");
  for (const formula of shown(".math")) {
    const [inner, outer] = [formula.querySelector("math > *"), formula].map((el) => el.getBoundingClientRect());
    const off = inner.left + inner.right - outer.left - outer.right;
    const wide = formula.scrollWidth > formula.clientWidth + 1;
    if (!wide && Math.abs(off) > 4) faults.push(`off the middle by ${off / 2} px: ${formula.textContent}`);
    const room = parseFloat(getComputedStyle(formula.parentElement).marginBottom);
    if (room < 12) faults.push(`no room below: ${formula.textContent}`);
  }
  const over = document.documentElement.scrollWidth - window.innerWidth;
  if (over > 0) faults.push(`${over} px wider than the screen`);
  return faults;
}
"""
# The theme lets keys reach what scrolls, a moment after the window has changed
REACHED = """
() => [...document.querySelectorAll("pre, .cell_output > .output, .pst-scrollable-table-container")]
  .every((wide) => wide.scrollWidth <= wide.clientWidth || wide.tabIndex === 0)
"""
PRINTED = """
() => [...document.querySelectorAll(".bd-article pre")]
  .filter((pre) => pre.checkVisibility() && pre.scrollWidth > pre.clientWidth + 1)
  .map((pre) => `cut on paper: ${pre.textContent.slice(0, 60)}`)
"""


def test_every_page(pages, browser, screens):
    """At 390, 1280 and 1920 pixels pictures keep their proportions, nothing is cut without a sign, formulas stand in
    the middle; paper cuts nothing; axe-core finds nothing, light or dark; no request leaves; no script fails.
    """
    faults = []
    for name, path in pages.items():
        page, requests = open_offline(browser, path, **LIGHT)
        page.emulate_media(media="print")
        faults += [f"{name}: {fault}" for fault in page.evaluate(PRINTED)]
        page.emulate_media(media="screen")
        for width, theme in ((1280, "light"), (1920, "light"), (390, "dark")):
            page.set_viewport_size({"width": width, "height": 844})
            page.evaluate("theme => (document.documentElement.dataset.theme = theme)", theme)
            faults += [f"{name} at {width}: {fault}" for fault in page.evaluate(LAID_OUT)]
            if width == 1920:
                continue
            page.wait_for_function(REACHED)
            part = None if name in LOOK else THE_SAME
            violations = Axe().run(page, part, {"resultTypes": ["violations"]}).response["violations"]
            faults += [f"{name}, {theme}: {v['id']} {node['html'][:200]}" for v in violations for node in v["nodes"]]
            if name in LOOK:
                page.screenshot(path=screens / f"book_{name.replace('/', '_')}_{theme}_{width}.png")
        faults += [f"{name}: {url}" for url in outside(requests)]
        page.context.close()
    assert not faults, "\n".join(faults)


APPEARANCE = """
(widget) => [widget.innerHTML, ...[...widget.querySelectorAll("input")].map((input) => input.value + input.checked),
  ...[...widget.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL())].join()
"""


@pytest.mark.parametrize("stem", LESSONS)
def test_every_widget_moves(pages, browser, stem):
    """Each widget of a lesson answers, from the states in the repository: what it shows changes by a key or a click."""
    page, _ = open_offline(browser, pages[f"lessons/{stem}"], **LIGHT)
    assert page.get_by_text("It answers where the lesson is run").count() == 0
    for place in page.locator("[data-course-widget]").all():
        place.scroll_into_view_if_needed()
        widget = place.locator(".course-widget").first
        before = widget.evaluate(APPEARANCE)
        moved = any(_moves(page, control, widget, before) for control in widget.locator(CONTROLS).all())
        assert moved, f"{stem}: nothing moves {place.get_attribute('data-course-class')}"
    page.context.close()


CONTROLS = "input:enabled, button:enabled, canvas[tabindex], [role=slider], [tabindex='0']"


def _moves(page, control, widget, before):
    # Whether a control changes what the widget shows: keys for all, a number to type, a click where keys do nothing
    if not control.is_visible():
        return False
    control.focus()
    if control.get_attribute("type") in ("number", "text"):
        page.keyboard.type("1")
    for key in ("ArrowLeft", "ArrowRight", "Space"):
        page.keyboard.press(key)
        settle(page)
        if widget.evaluate(APPEARANCE) != before:
            return True
    return False


def test_no_dead_link(pages, parsed):
    """Each link inside the book leads to a file, and to a place in it where it names one."""
    dead = []
    for name, page in parsed.items():
        for link in page.select("a[href]"):
            address, anchor = urldefrag(link["href"])
            if urlparse(address).scheme or link["href"] == "#":
                continue
            target = (pages[name].parent / unquote(address)).resolve() if address else pages[name]
            other = next((key for key, path in pages.items() if path == target), None)
            if not target.is_file() or (anchor and other and not parsed[other].find(id=unquote(anchor))):
                dead.append(f"{name}: {link['href']}")
    assert not dead, "\n".join(dead)


def test_headings_are_in_order(parsed):
    """One title, and no level left out below it."""
    for name, page in parsed.items():
        levels = [int(heading.name[1]) for heading in page.select("article h1, article h2, article h3, article h4")]
        assert levels.count(1) == 1 or name == "search", name
        assert all(below <= above + 1 for above, below in itertools.pairwise(levels)), (name, levels)


def test_every_picture_is_described(parsed):
    """Of each picture of a lesson and of a solution there is a text alternative."""
    pictures = [(name, image) for name, page in parsed.items() for image in page.select(".cell_output img")]
    assert len(pictures) > 40
    assert not [name for name, image in pictures if not image.get("alt")]


@pytest.mark.parametrize("stem", LESSONS)
def test_a_lesson_has_its_ways(parsed, stem):
    """Buttons, the student's copy, what comes before and after, terms of the glossary; no cell of the tools."""
    page = parsed[f"lessons/{stem}"]
    said = page.select_one(".course-buttons").get_text()
    at_home = ("Open on Binder", "Open in Colab", "Source on GitHub")
    assert [words in said for words in ("Download your copy", *at_home)] == [True, *[hosted.has_address()] * 3]
    assert page.select_one("a.left-prev")
    assert page.select_one("a.right-next")["href"].endswith(f"exercises/{stem}.html")
    assert page.select("a.course-term")
    assert "importlib.util.find_spec" not in page.get_text()


def test_solutions_are_folded_and_exercises_have_none(parsed):
    """A solution is read by whoever opens it; in the exercises there is none, nor an output."""
    for stem in LESSONS:
        folded = parsed[f"solutions/{stem}"].select("details.course-fold:not([open])")
        assert len(folded) >= 6
        assert not parsed[f"exercises/{stem}"].select(".cell_output, details.course-fold")


def test_a_function_stands_apart_from_its_argument(parsed):
    """No page has logx for log x, in any formula; behind a bracket's sign no room is needed."""
    names = [name for page in parsed.values() for name in page.select("math mi") if len(name.text) > 1]
    assert len(names) > 20
    assert not [name.parent.text for name in names if name.next_sibling.name not in ("mo", "mspace")]


def test_a_term_is_linked_in_its_own_meaning(parsed):
    """The foot of a perpendicular is a term, the foot of a cliff is none."""
    feet = [[a.text for a in parsed[f"lessons/{stem}"].select("a.course-term")].count("foot") for stem in LESSONS[:2]]
    assert feet == [1, 0]


def test_search_finds_a_word(site, browser):
    """From the file system, without a network: each page once, with the words around; the magnifier covers nothing."""
    page, _ = open_offline(browser, site / "index.html", **LIGHT)
    page.goto(f"{(site / 'search.html').as_uri()}?q=eigenvector")
    page.locator(".search-summary", has_text="found").wait_for()
    results = page.locator("#search-results li").all()
    titles = [result.locator("a").first.inner_text() for result in results]
    assert "1. Toy Gaussians" in titles
    assert len(titles) == len({*titles})
    for result in results:
        excerpt = result.locator(".context").inner_text().lower()
        assert "eigenvector" in excerpt
        assert not re.search(r"\w \. \w", excerpt), "code is torn apart"
    field = page.locator(".bd-search-container input[type=search]")
    glass = page.locator(".bd-search-container form .fa-magnifying-glass").bounding_box()
    text = field.bounding_box()["x"] + field.evaluate("el => parseFloat(getComputedStyle(el).paddingLeft)")
    assert glass["x"] + glass["width"] <= text
    page.context.close()


def test_a_picture_is_enlarged(pages, browser):
    """On a phone by a key, and by a tap; it then has its own size, and Escape closes it."""
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
    page, _ = open_offline(browser, pages["lessons/02_mnist_pca"], **phone)
    button, large = page.locator(".course-enlarge").first, page.locator("dialog.course-enlarged img")
    button.focus()
    page.keyboard.press("Enter")
    assert large.evaluate("picture => picture.clientWidth == picture.getAttribute('width')")
    page.keyboard.press("Escape")
    large.wait_for(state="hidden")
    page.locator(".course-picture").first.tap()
    large.wait_for()
    page.context.close()


def test_no_link_leads_to_an_address_that_is_not_set(parsed):
    """Before `python -m course_utils address` no page has a link to OWNER/REPO."""
    assert not [name for name, page in parsed.items() if page.select("a[href*='OWNER/REPO']")]


def test_no_page_links_to_itself(parsed):
    """Neither solutions nor any other page names itself as the place to read on."""
    own = [(name, a["href"]) for name, page in parsed.items() for a in page.select("article p a[href='#']")]
    assert not own


def test_the_first_page_is_alive(site, browser):
    """Its explorer stands in the first screen and follows the hand; it follows the reader's choice of the theme."""
    page, _ = open_offline(browser, site / "index.html", **LIGHT)
    hand = Hand(page)
    assert hand.map.bounding_box()["y"] < LIGHT["viewport"]["height"]
    start = page.get_by_role("link", name="Start lesson 1 (90 minutes)")
    assert start.get_attribute("href") == f"lessons/{LESSONS[0]}.html"
    assert start.bounding_box()["y"] < LIGHT["viewport"]["height"] / 2
    hand.changes(lambda: hand.drag_by_mouse((0.5, 0.5), (0.7, 0.6)))
    ground = ".latent-explorer"
    before = page.locator(ground).evaluate("node => getComputedStyle(node).backgroundColor")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert page.locator(ground).evaluate("node => getComputedStyle(node).backgroundColor") != before
    bring_alive(page)
    page.context.close()


def test_the_first_page_trains(site, browser):
    """Its playground works from the file system."""
    page, requests = open_offline(browser, site / "index.html", **LIGHT)
    page.get_by_role("button", name="One training step").click()
    page.locator(".pg-when", has_text="1 step, 0 epochs").wait_for()
    assert outside(requests) == []
    page.context.close()
