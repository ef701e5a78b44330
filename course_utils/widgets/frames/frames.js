// The browser side of FrameSlider. __init__.py puts view.js, controls.js and images.js before this file.

const LARGEST = 56; // CSS pixels of an image's width, at most

class FramesView extends View {
  constructor(model, el) {
    super(model, el, "course-frames", `Images at each ${model.get("_name")}`);
    this.shape = model.get("_image_shape");
    this.values = model.get("_values");
    this.images = typed(Uint8Array, model.get("_images"));
    this.build();
    this.follow("frame", () => this.draw());
    this.begin();
  }

  build() {
    const [rows, name] = [this.model.get("_rows"), this.model.get("_name")];
    this.perRow = this.images.length / (this.values.length * rows.length);
    this.rows = rows.map((row) => [row, element("canvas", "", { role: "img" })]);
    this.slider = new Slider(this, name, { min: 0, max: this.values.length - 1 }, (frame) => this.set("frame", frame));
    this.root.append(
      element("p", "course-try", {}, `Move the slider from one end to the other, and watch what changes with the ${name}.`),
      ...this.rows.map(([row, canvas]) => element("figure", "fr-row", {}, element("figcaption", "", {}, row), canvas)),
      this.slider.root, this.live);
  }

  resize() {
    this.draw();
  }

  draw() {
    if (!this.root.clientWidth) return; // not shown
    const frame = this.model.get("frame");
    const [n, size] = [this.perRow / (this.shape[0] * this.shape[1]), this.shape[0] * this.shape[1]];
    const gap = 2;
    const side = Math.min(LARGEST, (this.root.clientWidth - 16 - gap * (n - 1)) / n);
    const said = `${this.model.get("_name")} ${this.values[frame]}`;
    this.rows.forEach(([row, canvas], i) => {
      const from = (frame * this.rows.length + i) * this.perRow;
      const images = Array.from({ length: n }, (_, k) =>
        Float32Array.from(this.images.subarray(from + k * size, from + (k + 1) * size), (byte) => byte / 255));
      drawImages(canvas, images, this.shape, side, { gap });
      canvas.setAttribute("aria-label", `${n} images, ${row}, at ${said}`);
    });
    this.slider.set(frame, String(this.values[frame]));
    this.say(said);
  }
}

/** anywidget's entry: draw `model` in `el`, return what cleans up. */
function render({ model, el }) {
  const view = new FramesView(model, el);
  return () => view.destroy();
}

export default { render };
