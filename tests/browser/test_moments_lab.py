"""Film, component mixer, frame slider and playground in one JupyterLab, with a kernel behind them."""

import re

import nbformat
import pytest
from _hand import choose_theme, open_in_lab, violations
from conftest import write_copy
from playwright.sync_api import expect

CELLS = (
    """import ipywidgets, keras, numpy as np, traitlets
from course_utils import PCA, ComponentMixer, Film, FilmRecorder, FrameSlider, Playground, build_autoencoder
from course_utils import make_two_gaussians

X, _ = make_two_gaussians(50, seed=0)
net = build_autoencoder(2, [20], 1, output_activation="linear")
recorder = FilmRecorder(X, net.encoder, net.decoder)
net.model.compile("adam", "mean_squared_error")
net.model.fit(X, X, epochs=4, verbose=0, callbacks=[recorder])
film = Film(recorder, pca_mse=0.3)
film""",
    """images = np.random.default_rng(0).random((30, 64))
mixer = ComponentMixer(PCA(n_components=8).fit(images), images[:4], [0, 1, 2, 3], (8, 8))
mixer""",
    """frames = FrameSlider({"noisy": np.stack([images[:5]] * 3)}, (8, 8), [0, 0.5, 1], "noise")
frames""",
    """playground = Playground()
playground""",
    """# What the test reads: the kernel's own values, and what Python sets.
seen = {name: ipywidgets.Label() for name in ("frame", "k", "value", "error", "loss")}
linked = ((film, "frame", "frame"), (mixer, "k", "k"), (frames, "frame", "value"), (playground, "loss", "error"))
for widget, trait, name in linked:
    traitlets.dlink((widget, trait), (seen[name], "value"), lambda value, name=name: f"kernel: {name} {value}")


def compare(change):
    "Ask Keras for the error of the weights that came, on the points that came."
    epoch, loss, weights, points = (getattr(playground, name) for name in ("epoch", "loss", "weights", "points"))
    if weights is not None and len(weights) == 12:  # a newer message may come while Keras computes
        model = build_autoencoder(2, [20, 20], 1, activation="relu", output_activation="linear").model
        model.set_weights(weights)
        difference = abs(np.mean(np.square(points - model(points))) - loss)
        seen["loss"].value = f"kernel: epoch {epoch}, loss {loss:.5f}, off {difference:.1e}"


def set_all(_):
    film.frame, mixer.k, frames.frame = 0, 2, 0
    playground.activation, playground.learning_rate = "linear", 0.01


compare_button, set_button = (ipywidgets.Button(description=name) for name in ("Ask Keras", "Set from Python"))
compare_button.on_click(compare)
set_button.on_click(set_all)
ipywidgets.VBox([*seen.values(), compare_button, set_button])""",
)
HEARD = "([label, shown]) => Math.abs(label.textContent.split(' ').at(-1) / shown - 1) < 0.01"  # what the page shows
WIDGETS = (".course-film", ".course-components", ".course-frames", ".course-playground")


@pytest.fixture(scope="module")
def page(lab, browser):
    """Open a notebook with the four in JupyterLab, and run it."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [nbformat.v4.new_code_cell(cell) for cell in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    page = open_in_lab(browser, lab(write_copy(notebook, "moments")), ".widget-label:has-text('kernel: k')")
    yield page
    page.context.close()


def told(page, name):
    """Return the label that shows what the kernel says of a trait."""
    return page.locator(".widget-label", has_text=re.compile(f"kernel: {name} "))


def slider(page, widget, name):
    """Return a slider of a widget, in view."""
    found = page.locator(widget).get_by_role("slider", name=name)
    found.scroll_into_view_if_needed()
    return found


@pytest.mark.parametrize(
    ("widget", "name", "trait"),
    [
        (".course-film", "Moment", "frame"),
        (".course-components", "components k", "k"),
        (".course-frames", "noise", "value"),
    ],
)
def test_sliders(page, widget, name, trait):
    """Mouse, finger and keys move each slider, and the kernel hears of it; the notebook does not take the keys."""
    found = slider(page, widget, name)
    box = found.bounding_box()
    page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + box["height"] / 2)
    middle = int(found.input_value())
    expect(told(page, trait)).to_have_text(f"kernel: {trait} {middle}")
    page.touchscreen.tap(box["x"] + box["width"] - 4, box["y"] + box["height"] / 2)
    last = int(found.get_attribute("max"))
    expect(told(page, trait)).to_have_text(f"kernel: {trait} {last}")
    found.focus()
    page.keyboard.press("ArrowLeft")
    expect(told(page, trait)).to_have_text(f"kernel: {trait} {last - 1}")
    expect(found).to_be_focused()


def test_the_film_plays(page):
    """From its beginning to its end, and the kernel hears of the end."""
    found = slider(page, ".course-film", "Moment")
    found.focus()
    page.keyboard.press("End")
    page.locator(".course-film").get_by_role("button", name="Play").click()
    page.locator(".course-film").get_by_role("button", name="Pause").wait_for()
    page.locator(".course-film").get_by_role("button", name="Play").wait_for()
    expect(told(page, "frame")).to_have_text(f"kernel: frame {found.get_attribute('max')}")


def train(page):
    """Train for a while, by mouse, touch and keys: start, pause, one step more."""
    playground = page.locator(".course-playground")
    button = playground.get_by_role("button", name="Train", exact=True)
    button.scroll_into_view_if_needed()
    button.click()
    expect(playground.locator(".pg-when")).to_have_text(re.compile(r"^[\d,]{2,} steps"))
    playground.get_by_role("button", name="Pause").tap()
    playground.get_by_role("button", name="One training step").focus()
    page.keyboard.press("Enter")


def test_the_playground_reaches_python(page, measured):
    """Weights, points and loss that arrive in the kernel belong together: Keras finds the same error."""
    train(page)
    stage = page.locator(".pg-stage")
    stage.scroll_into_view_if_needed()
    stage.focus()
    for key in ("ArrowUp", "Space", "Shift+ArrowRight", "Shift+ArrowDown", "Space"):
        page.keyboard.press(key)
    expect(stage).to_be_focused()
    shown = float(re.search(r"Error ([\d.]+)", page.locator(".pg-error").inner_text())[1])
    page.wait_for_function(HEARD, arg=[told(page, "error").element_handle(), shown])
    label = page.locator(".widget-label", has_text="kernel: epoch")

    def ask():
        page.get_by_role("button", name="Ask Keras").click()
        label.wait_for()
        return map(float, re.search(r"loss (\S+), off (\S+)", label.inner_text()).groups())

    loss, difference = ask()
    assert loss == pytest.approx(shown, rel=0.01)
    assert difference <= 1e-4
    measured["playground_loss_in_python_off_keras"] = difference


def test_python_sets_them(page):
    """What Python sets arrives in each widget."""
    button = page.get_by_role("button", name="Set from Python")
    button.scroll_into_view_if_needed()
    button.click()
    expect(page.locator(".course-film").get_by_role("slider", name="Moment")).to_have_value("0")
    expect(page.locator(".course-components").get_by_role("slider", name="components k")).to_have_value("2")
    expect(page.locator(".course-frames").get_by_role("slider", name="noise")).to_have_value("0")
    expect(page.locator(".pg-verdict")).to_contain_text("A linear net")
    train(page)


def test_accessible_in_light_and_dark(page, screens):
    """axe-core finds nothing in either theme."""
    for theme in ("Light", "Dark"):
        choose_theme(page, theme)
        for selector in WIDGETS:
            page.locator(selector).scroll_into_view_if_needed()
            page.locator(selector).screenshot(path=screens / f"lab{selector.replace('.', '_')}_{theme.lower()}.png")
            assert violations(page, selector) == []
