// The browser side of Film. __init__.py puts what it calls before this file.

const ROOM = 2; // frames to each side whose boxes a frame's axes hold, too: they grow without trembling

/** What the bytes of the frames say, [x0, y0, x1, y1, ...] of each. */
export function unpack(bytes, boxes) {
  const steps = typed(Uint16Array, bytes);
  const length = steps.length / boxes.length;
  return boxes.map(([x0, y0, x1, y1], frame) =>
    Float32Array.from(steps.subarray(frame * length, (frame + 1) * length), (step, i) =>
      i % 2 ? y0 + (step / 65535) * (y1 - y0) : x0 + (step / 65535) * (x1 - x0)));
}

/** The box of one frame: that of its neighbours in time, and a little room. */
function boxAt(boxes, frame) {
  const near = boxes.slice(Math.max(0, frame - ROOM), frame + ROOM + 1);
  const box = [0, 1, 2, 3].map((side) => (side < 2 ? Math.min : Math.max)(...near.map((one) => one[side])));
  const pad = 0.05 * Math.max(box[2] - box[0], box[3] - box[1]) || 1;
  return box.map((bound, side) => bound + (side < 2 ? -pad : pad));
}

/** A map of codes whose points move. */
class MovingMap extends CodeMap {
  constructor(canvas, frames, boxes, labels) {
    super(canvas, frames[0], labels);
    Object.assign(this, { frames, boxes });
  }

  show(frame) {
    [this.codes, this.box] = [this.frames[frame], boxAt(this.boxes, frame)];
    this.drawBackground();
    this.clear();
  }
}

/** The decoder's curve over the points. */
class MovingCurve extends Cloud {
  constructor(canvas, frames, points) {
    super(canvas, points);
    this.frames = frames;
  }

  show(frame) {
    const context = this.clear();
    context.save();
    this.clip(context);
    this.drawCurve(context, this.frames[frame], this.onPaper(NET_COLOR), 4);
    context.restore();
  }
}

class FilmView extends View {
  constructor(model, el) {
    super(model, el, "course-film", "Film of a training");
    [this.steps, this.losses] = [model.get("_steps"), model.get("_losses")];
    this.isMap = model.get("_labels").byteLength > 0;
    this.build();
    this.follow("frame", () => this.draw());
    this.begin();
  }

  build() {
    const { model } = this;
    const frames = unpack(model.get("_frames"), model.get("_boxes"));
    const help = element("p", "course-try", {}, this.isMap
      ? "Press Play and watch the codes part, digit by digit; or drag the slider through the training."
      : "Press Play and watch the net's curve bend; or drag the slider through the training.");
    const picture = element("canvas", "fm-picture", { role: "img" });
    this.picture = this.isMap
      ? new MovingMap(picture, frames, model.get("_boxes"), typed(Int32Array, model.get("_labels")))
      : new MovingCurve(picture, frames, typed(Float32Array, model.get("_points")));
    const losses = element("canvas", "fm-losses", { role: "img" });
    this.curve = new Losses(losses);
    this.curve.take(this.steps, this.losses, model.get("_pca_mse"));
    [this.when, this.error] = [element("p", ""), element("p", "")];
    this.bar = new PlayBar(this, "Moment", frames.length, () => model.get("frame"), (frame) => this.set("frame", frame));
    this.root.append(help,
      element("div", "fm-main", {}, picture,
        element("div", "fm-side", {}, element("div", "fm-text", {}, this.when, this.error), losses)),
      ...this.buildLegend(), this.bar.root, this.live);
  }

  buildLegend() {
    this.keys = this.isMap ? this.picture.classes.map((label) => [label, element("canvas", "", { "aria-hidden": "true" })]) : [];
    if (!this.isMap) return [];
    return [element("ul", "course-legend", { "aria-label": "Labels of the codes" },
      ...this.keys.map(([label, key]) => element("li", "", {}, key, String(label))))];
  }

  resize() {
    const frame = this.model.get("frame");
    if (this.isMap) this.picture.box = boxAt(this.picture.boxes, frame);
    if (!this.picture.resize() || !this.curve.resize()) return;
    for (const [label, key] of this.keys) this.picture.drawKey(key, label);
    this.draw();
  }

  draw() {
    if (!this.picture.size) return; // not shown
    const frame = this.model.get("frame");
    this.picture.show(frame);
    this.curve.mark(frame);
    const [step, loss] = [this.steps[frame], this.losses[frame].toPrecision(3)];
    const epoch = show(step / this.model.get("_steps_per_epoch"), 1);
    this.when.textContent = step ? `After ${step} step${step > 1 ? "s" : ""}, ${epoch} epochs` : "Before the training";
    this.error.textContent = `Mean squared error ${loss}`;
    this.bar.set(frame, `epoch ${epoch}`);
    const said = `${this.when.textContent}: mean squared error ${loss}`;
    this.picture.canvas.setAttribute("aria-label", `${this.isMap ? "Map of codes" : "The decoder's curve"}. ${said}`);
    this.curve.canvas.setAttribute("aria-label", `Error against training steps. ${said}`);
    this.say(said);
  }
}

/** anywidget's entry: draw `model` in `el`, return what cleans up. */
function render({ model, el }) {
  const view = new FilmView(model, el);
  return () => view.destroy();
}

export default { render };
