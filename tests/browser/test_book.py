"""The book as `make book` leaves it, opened from the file system without a network: every page of it."""

import itertools
import subprocess
import sys
from urllib.parse import unquote, urldefrag, urlparse

import pytest
from _hand import Hand, bring_alive, open_offline, outside
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from conftest import BUILD, ROOT

from course_utils.commands.lessons import lesson_paths

MEGABYTE = 1e6
LIGHT = {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}}
PHONE = {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}, "has_touch": True}
LESSONS = [path.stem for path in lesson_paths()]
LOOK = (
    "index",
    "lessons/03_autoencoder",
    "exercises/03_autoencoder",
    "solutions/03_autoencoder",
    "instructor/03_autoencoder",
)


@pytest.fixture(scope="module")
def site():
    """Build it from what is stored, or from the last run; not a word on stderr, where Sphinx warns."""
    done = subprocess.run([sys.executable, "-m", "course_utils", "book"], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
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
    """The site stays below 25 MB, and the first page with all that it loads below 1 MB."""
    page, requests = open_offline(browser, site / "index.html", **LIGHT)
    loaded = {unquote(urlparse(url).path) for url in requests if url.startswith("file:")}
    first = sum((site / path).stat().st_size for path in loaded)
    page.context.close()
    measured["book_mb"] = {"site": round(size(site) / MEGABYTE, 2), "first_page": round(first / MEGABYTE, 3)}
    assert size(site) < 25 * MEGABYTE
    assert first < 1 * MEGABYTE


@pytest.mark.parametrize("look", [LIGHT, PHONE], ids=["light", "dark phone"])
def test_every_page(pages, browser, screens, look):
    """axe-core finds nothing, no request leaves, no script fails, nothing is wider than the screen."""
    faults = []
    for name, path in pages.items():
        page, requests = open_offline(browser, path, **look)
        faults += [f"{name}: {url}" for url in outside(requests)]
        response = Axe().run(page).response
        faults += [f"{name}: {v['id']} {node['html'][:200]}" for v in response["violations"] for node in v["nodes"]]
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        faults += [f"{name}: {wide} px wider than the screen"] if wide > 0 else []
        if name in LOOK:
            for fold in page.locator("details.course-fold").all()[:2]:
                fold.evaluate("node => (node.open = true)")
            kind = "dark_phone" if look is PHONE else "light"
            page.screenshot(path=screens / f"book_{name.replace('/', '_')}_{kind}.png")
        page.context.close()
    assert not faults, "\n".join(faults)


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
    assert all(words in said for words in ("Open on Binder", "Open in Colab", "Download your copy", "Source on GitHub"))
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


def test_search_finds_a_word(site, browser):
    """From the file system, without a network."""
    page, _ = open_offline(browser, site / "index.html", **LIGHT)
    page.goto(f"{(site / 'search.html').as_uri()}?q=eigenvector")
    page.locator("#search-results li a", has_text="Toy Gaussians").first.wait_for()
    page.context.close()


def test_the_first_page_is_alive(site, browser):
    """Its explorer stands in the first screen and follows the hand; it follows the reader's choice of the theme."""
    page, _ = open_offline(browser, site / "index.html", **LIGHT)
    hand = Hand(page)
    assert hand.map.bounding_box()["y"] < LIGHT["viewport"]["height"]
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
