// Controls that widgets share: buttons, a slider with its value, a choice, and what plays and pauses.

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

/** One of some values, below its name; `onChoose(value)` is called when the reader chooses another. */
class Choice {
  /** `options`: [value, text] of each. */
  constructor(view, name, options, onChoose) {
    this.values = options.map(([value]) => value);
    this.select = element("select", "", OWN_KEYS, ...options.map(([, text]) => element("option", "", {}, text)));
    this.root = element("label", "course-choice", {}, element("span", "", {}, name), this.select);
    view.on(this.select, "change", () => onChoose(this.values[this.select.selectedIndex]));
  }

  /** Show a value, also one that is not among the options. */
  set(value) {
    if (!this.values.includes(value)) {
      this.values.push(value);
      this.select.append(element("option", "", {}, String(value)));
    }
    this.select.selectedIndex = this.values.indexOf(value);
  }
}

/** A button that plays and pauses, and `others` beside it. Nothing plays before the reader asks for it. */
class Player {
  /** While it plays, `tick(now)` is called before each frame of the screen, with its time in milliseconds. */
  constructor(view, word, tick, ...others) {
    Object.assign(this, { word, tick, request: null, play: makeButton(word) });
    this.root = element("div", "course-tools course-play", { role: "group", "aria-label": "Player" }, this.play, ...others);
    view.on(this.play, "click", () => (this.isPlaying ? this.stop() : this.start()));
    view.abort.signal.addEventListener("abort", () => this.stop());
  }

  get isPlaying() {
    return this.request !== null;
  }

  start() {
    const again = (now) => {
      this.request = requestAnimationFrame(again);
      this.tick(now); // which may stop
    };
    this.request = requestAnimationFrame(again);
    this.play.textContent = "Pause";
  }

  stop() {
    cancelAnimationFrame(this.request);
    this.request = null;
    this.play.textContent = this.word;
  }
}

/** Play, pause, step, and a scrubber over `count` frames. */
class PlayBar extends Player {
  /** `get()` returns the frame that is shown, `show(frame)` shows another. */
  constructor(view, name, count, get, show) {
    const [back, forth] = [["◀", "One frame back"], ["▶", "One frame on"]].map(
      ([text, label]) => makeButton(text, { "aria-label": label }));
    const scrubber = new Slider(view, name, { min: 0, max: count - 1 }, (frame) => this.go(frame));
    super(view, "Play", (now) => this.move(now), back, forth, scrubber.root);
    Object.assign(this, { count, get, show, back, forth, scrubber, shown: 0 });
    view.on(back, "click", () => this.go(this.get() - 1));
    view.on(forth, "click", () => this.go(this.get() + 1));
  }

  /** A hand on the bar ends the playing. */
  go(frame) {
    this.stop();
    this.show(Math.min(Math.max(frame, 0), this.count - 1));
  }

  start() {
    if (this.get() === this.count - 1) this.show(0);
    super.start();
  }

  move(now) {
    if (now - this.shown < FRAME) return;
    this.shown = now;
    if (this.get() < this.count - 1) this.show(this.get() + 1);
    if (this.get() === this.count - 1) this.stop();
  }

  /** Show which frame it is, in words. */
  set(frame, text) {
    this.scrubber.set(frame, text);
    this.back.disabled = frame === 0;
    this.forth.disabled = frame === this.count - 1;
  }
}
