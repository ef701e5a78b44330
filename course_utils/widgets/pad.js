// A pad to draw a digit on, by mouse, touch, pen and keys: it keeps the strokes in the trait `_strokes`, and the image
// that they make, prepared as those of the data, in `drawing`. __init__.py puts prepare.js before it.

const PEN = 2.5 / 28; // the pen's width, as a part of the image's longer side
const FINE = 280; // places along the longer side of a drawing, before it is prepared

class Pad {
  /** `view`: the View it is a part of, with the `width` and `height` of an image. */
  constructor(view) {
    const { model, width, height } = view;
    Object.assign(this, { view, model, width, height, longer: Math.max(width, height) });
    this.fine = Math.max(1, Math.floor(FINE / this.longer));
    this.stroke = null; // the one that is being drawn
    this.cursor = null; // where the keys have led the pen
    this.build();
    this.listen();
  }

  build() {
    const { view } = this;
    this.help = element("p", "course-help", { id: `${view.id}-pad-help` },
      "Draw a digit with mouse, finger or pen. By keys: the arrows move the pen (with Shift: further), Space puts it down and lifts it.");
    this.canvas = element("canvas", "course-pad", {
      tabindex: 0, role: "application", "aria-roledescription": "drawing pad", "aria-label": "Pad for your own digit",
      "aria-describedby": `${view.live.id} ${this.help.id}`, style: `aspect-ratio: ${this.width} / ${this.height}`, ...OWN_KEYS,
    });
    const button = (name) => element("button", "", { type: "button", ...OWN_KEYS }, name);
    [this.undoButton, this.clearButton] = [button("Undo"), button("Clear")];
    this.root = element("div", "", {}, this.canvas, element("div", "course-tools", {}, this.undoButton, this.clearButton));
  }

  listen() {
    const { view } = this;
    view.onDrag(this.canvas, {
      start: () => this.putDown(null),
      move: (event) => this.moveTo([
        (event.offsetX / this.canvas.clientWidth) * this.width, (event.offsetY / this.canvas.clientHeight) * this.height,
      ]),
      end: () => this.lift(),
    });
    view.onArrows(this.canvas, 4, ([right, up]) => this.step(right, -up));
    view.on(this.canvas, "keydown", (event) => this.press(event));
    view.on(this.canvas, "blur", () => this.putAway());
    view.on(this.undoButton, "click", () => this.change(this.model.get("_strokes").slice(0, -1)));
    view.on(this.clearButton, "click", () => this.change([]));
    view.follow("_strokes", () => this.draw());
  }

  putDown(cursor) {
    this.lift();
    [this.stroke, this.cursor] = [[], cursor];
  }

  /** Lead the pen, down or up, to a place on the pad. */
  moveTo([x, y]) {
    const place = [Math.min(Math.max(x, 0), this.width), Math.min(Math.max(y, 0), this.height)];
    if (this.cursor) this.cursor = place;
    this.stroke?.push(...place.map((value) => Math.round(value * 100) / 100));
    this.draw();
  }

  lift() {
    if (!this.stroke) return;
    const strokes = [...this.model.get("_strokes"), this.stroke];
    this.stroke = null;
    this.change(strokes);
  }

  /** One step of the keys; the first only shows where the pen is. */
  step(right, down) {
    const size = this.cursor ? this.longer / 28 : 0;
    this.cursor ??= [this.width / 2, this.height / 2];
    this.moveTo([this.cursor[0] + right * size, this.cursor[1] + down * size]);
    this.sayPen();
  }

  press(event) {
    if (event.key !== " " || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat) return;
    if (this.stroke) return this.lift();
    this.putDown(this.cursor ?? [this.width / 2, this.height / 2]);
    this.moveTo(this.cursor);
    this.sayPen();
  }

  putAway() {
    this.lift();
    this.cursor = null;
    this.draw();
  }

  sayPen() {
    const [across, down] = [this.cursor[0] / this.width, this.cursor[1] / this.height].map((part) => Math.round(100 * part));
    this.view.say(`Pen ${this.stroke ? "down" : "up"}, ${across}% across, ${down}% down.`);
  }

  /** Keep these strokes, and give the image they make to the encoder and to Python. */
  change(strokes) {
    this.view.set("_strokes", strokes);
    const [width, height] = [this.width * this.fine, this.height * this.fine];
    const canvas = element("canvas", "", { width, height });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    this.ink(context, this.fine);
    const { data } = context.getImageData(0, 0, width, height);
    const image = prepare(Float32Array.from({ length: width * height }, (_, i) => data[4 * i + 3] / 255), height, width,
      this.height, this.width);
    this.view.set("drawing", image && new DataView(image.buffer));
  }

  ink(context, scale) {
    Object.assign(context, { lineWidth: PEN * this.longer * scale, lineCap: "round", lineJoin: "round" });
    for (const stroke of [...this.model.get("_strokes"), ...(this.stroke ? [this.stroke] : [])]) {
      context.beginPath(); // a dot first: a line without length may draw nothing
      context.arc(stroke[0] * scale, stroke[1] * scale, context.lineWidth / 2, 0, 2 * Math.PI);
      context.fill();
      context.beginPath();
      for (let i = 0; i < stroke.length; i += 2) context.lineTo(stroke[i] * scale, stroke[i + 1] * scale);
      context.stroke();
    }
  }

  draw() {
    if (!this.canvas.clientWidth) return; // not shown
    const ratio = window.devicePixelRatio || 1;
    const size = [this.canvas.clientWidth, this.canvas.clientHeight].map((side) => Math.round(side * ratio));
    if (this.canvas.width !== size[0] || this.canvas.height !== size[1]) [this.canvas.width, this.canvas.height] = size;
    const context = this.canvas.getContext("2d");
    context.fillStyle = "#ffffff"; // paper and ink of the images, whatever the page's theme
    context.fillRect(0, 0, ...size);
    context.fillStyle = context.strokeStyle = "#000000";
    const scale = size[0] / this.width;
    this.ink(context, scale);
    if (this.cursor) this.drawCursor(context, this.cursor.map((value) => value * scale), 7 * ratio);
  }

  drawCursor(context, [x, y], arm) {
    Object.assign(context, { lineWidth: arm / 4, strokeStyle: this.stroke ? "#d55e00" : "#0173b2" });
    context.beginPath();
    for (const [dx, dy] of [[arm, 0], [0, arm]]) {
      context.moveTo(x - dx, y - dy);
      context.lineTo(x + dx, y + dy);
    }
    context.stroke();
  }
}
