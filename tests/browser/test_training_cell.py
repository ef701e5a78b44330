"""A training cell in JupyterLab, in a student's hands: it runs, is interrupted, and is run again."""

import re

import nbformat
from conftest import write_copy
from playwright.sync_api import expect

MAKE = """
import keras
import numpy as np
from course_utils import ReconstructionBatches, TrainingTable, build_autoencoder

keras.utils.set_random_seed(0)
X = np.random.default_rng(0).random((2_000, 784), dtype="float32")
net = build_autoencoder(784, [32], 2).model
net.compile("adam", "mean_squared_error")
table = TrainingTable({"train": X[:500]})
"""
TRAIN = "net.fit(ReconstructionBatches(X, 100), epochs=10_000, verbose=0, callbacks=[table])"
RUNNING = re.compile(r"epoch (\d+) of [\d,]+, step \d+ of 20, about \d+ (s|min) left")
STOPPED = re.compile(r"Stopped in epoch (\d+); the net keeps what it has learnt\.")
RUNS_OR_DROPPED = """
(cell) => cell.innerText.includes("goes on") || cell.querySelector(".jp-InputPrompt").textContent.includes("[ ]")
"""


def epoch_seen(output, pattern):
    """Wait until a text is to be seen; return the epoch that it names."""
    expect(output).to_contain_text(pattern)
    return int(pattern.search(output.inner_text())[1])


def test_run_interrupt_run_again(browser, lab, screens):
    """The line moves, with a curve beside it; an interrupt ends in one sentence; a second run says that it goes on."""
    cells = [nbformat.v4.new_code_cell(code.strip()) for code in (MAKE, TRAIN)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}  # otherwise JupyterLab asks for one
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(60_000)
    page.goto(lab(write_copy(notebook, "training")))
    page.get_by_text("| Idle").wait_for()
    make, train = (page.locator(".jp-CodeCell").nth(i) for i in range(2))
    output = train.locator(".jp-OutputArea")

    def run(cell):
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")

    def interrupt():
        page.locator(".jp-Toolbar").get_by_role("button", name="Interrupt the kernel").first.click()
        return epoch_seen(output, STOPPED)

    run(make)
    run(train)
    early = epoch_seen(output, RUNNING)
    expect(output.locator("figure svg polyline")).to_be_visible()
    page.wait_for_function(
        "([output, early]) => Number(output.innerText.match(/epoch (\\d+) of/)?.[1]) > early",
        arg=[output.element_handle(), early],
    )
    page.screenshot(path=screens / "training_runs.png")
    stopped = interrupt()
    assert stopped > early
    expect(output).not_to_contain_text("Traceback")
    expect(output).not_to_contain_text("left")
    page.screenshot(path=screens / "training_interrupted.png")

    for _ in range(10):  # what arrives in the moment after an interrupt, a kernel drops
        run(train)
        page.wait_for_function(RUNS_OR_DROPPED, arg=train.element_handle())
        if "goes on" in output.inner_text():
            break
    # the epoch is finished where the interrupt came while its losses were evaluated
    expect(output).to_contain_text(re.compile(rf"goes on after epoch ({stopped - 1}|{stopped})\b"))
    assert epoch_seen(output, RUNNING) >= stopped
    page.screenshot(path=screens / "training_goes_on.png")
    assert interrupt() >= stopped
    page.context.close()
