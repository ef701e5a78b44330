// Controls that widgets share: labelled buttons, a slider with its value, and a play bar.

const FRAME = 80; // milliseconds that a film shows each frame

const makeButton = (name, attributes = {}) => element("button", "", { type: "button", ...attributes, ...OWN_KEYS }, name);

/** A slider below its name and its value in words; the browser's own, so that it obeys touch and all keys. */
class Slider {
  /** `onInput(value)` is called when the reader moves it. */
  constructor(view, name, { min, max, step = 1 }, onInput) {
    this.input = element("input", "", { type: "range", min, max, step, ...OWN_KEYS });
    this.text = element("span", "course-value");
    this.root = element("label", "course-slider", {}, element("span", "", {}, name), this.input, this.text);
    view.on(this.input, "input", () => onInput(this.input.valueAsNumber));
  }

  /** Show a value; `text` is what is read and heard. */
  set(value, text) {
    this.input.value = value;
    this.input.setAttribute("aria-valuetext", text);
    this.text.textContent = text;
  }
}

/** Play, pause, step, and a scrubber over `count` frames. Nothing plays before the reader asks for it. */
class PlayBar {
  /** `get()` returns the frame that is shown, `show(frame)` shows another. */
  constructor(view, name, count, get, show) {
    Object.assign(this, { view, count, get, show, timer: null });
    [this.back, this.play, this.forth] = [["◀", "One frame back"], ["Play", "Play"], ["▶", "One frame on"]].map(
      ([text, label]) => makeButton(text, { "aria-label": label }));
    this.scrubber = new Slider(view, name, { min: 0, max: count - 1 }, (frame) => this.go(frame));
    this.root = element("div", "course-tools course-play", { role: "group", "aria-label": "Player" },
      this.play, this.back, this.forth, this.scrubber.root);
    view.on(this.play, "click", () => (this.timer ? this.stop() : this.start()));
    view.on(this.back, "click", () => this.go(this.get() - 1));
    view.on(this.forth, "click", () => this.go(this.get() + 1));
    view.abort.signal.addEventListener("abort", () => this.stop());
  }

  /** A hand on the bar ends the playing. */
  go(frame) {
    this.stop();
    this.show(Math.min(Math.max(frame, 0), this.count - 1));
  }

  start() {
    if (this.get() === this.count - 1) this.show(0);
    this.timer = setInterval(() => {
      if (this.get() < this.count - 1) this.show(this.get() + 1);
      if (this.get() === this.count - 1) this.stop();
    }, FRAME);
    this.name("Pause");
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.name("Play");
  }

  name(text) {
    this.play.textContent = text;
    this.play.setAttribute("aria-label", text);
  }

  /** Show which frame it is, in words. */
  set(frame, text) {
    this.scrubber.set(frame, text);
    this.back.disabled = frame === 0;
    this.forth.disabled = frame === this.count - 1;
  }
}
