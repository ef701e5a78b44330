// Codes drawn from a normal distribution, decoded: a button, the images, and a mark on the map for each.

const N_DRAWS = 12;
const LARGE = 56; // CSS pixels of an image's longer side, at most

/** `n` codes x0 y0 x1 y1 ... of mean + factor · z, with z from N(0, I) (Box and Muller 1958); `factor` by rows. */
export function drawNormal(n, mean, [a, b, c, d]) {
  const codes = new Float32Array(2 * n);
  for (let i = 0; i < n; i++) {
    const [radius, angle] = [Math.sqrt(-2 * Math.log(1 - Math.random())), 2 * Math.PI * Math.random()];
    const [x, y] = [radius * Math.cos(angle), radius * Math.sin(angle)];
    codes.set([mean[0] + a * x + b * y, mean[1] + c * x + d * y], 2 * i);
  }
  return codes;
}

class Draws {
  /** `view`: the ExplorerView it is a part of. */
  constructor(view) {
    const { model } = view;
    Object.assign(this, { view, model, lit: null }); // `lit`: the draw that the reader points to
    [this.name, this.mean, this.factor] = model.get("_prior");
    this.build();
    view.follow("draws", () => {
      this.read();
      this.view.draw();
      this.drawImages();
    });
    this.read();
  }

  build() {
    this.button = element("button", "", { type: "button", ...OWN_KEYS }, `Draw from ${this.name}`);
    this.text = element("p", "lx-drawn-text");
    this.images = Array.from({ length: N_DRAWS }, () => element("canvas", "", {}));
    this.buttons = this.images.map((image) => element("button", "lx-drawn", { type: "button", ...OWN_KEYS }, image));
    this.grid = element("div", "lx-drawn-grid", { role: "group", "aria-label": "Drawn images" }, ...this.buttons);
    this.help = element("p", "course-help", {}, "Choose an image: the point moves to its code.");
    this.root = element("div", "lx-draws", {}, element("div", "course-tools", {}, this.button), this.text, this.grid, this.help);
    this.view.on(this.button, "click", () => {
      const codes = drawNormal(N_DRAWS, this.mean, this.factor);
      this.view.set("draws", new DataView(codes.buffer));
    });
    this.buttons.forEach((button, i) => {
      this.view.on(button, "click", () => this.view.set("code", this.codes[i]));
      for (const type of ["pointerenter", "focus"]) this.view.on(button, type, () => this.light(i));
      for (const type of ["pointerleave", "blur"]) this.view.on(button, type, () => this.light(null));
    });
  }

  read() {
    const bytes = this.model.get("draws");
    const numbers = bytes ? typed(Float32Array, bytes) : [];
    this.codes = Array.from({ length: numbers.length / 2 }, (_, i) => [...numbers.slice(2 * i, 2 * i + 2)]);
    for (const code of this.codes) this.view.map.fit(code);
  }

  light(i) {
    this.lit = i;
    this.view.draw();
  }

  drawImages() {
    const { view, codes } = this;
    this.grid.hidden = this.help.hidden = !codes.length;
    if (!codes.length) return;
    const scale = Math.max(1, Math.floor((LARGE * view.map.ratio) / Math.max(view.width, view.height)));
    let nFar = 0;
    codes.forEach((code, i) => {
      const context = view.reserve(this.images[i], view.width * scale, view.height * scale);
      view.paint(context, view.decode(code), 0, 0, scale);
      const near = view.map.nearest(code);
      const isFar = near.distance > view.far;
      nFar += isFar;
      const where = isFar ? "no data near" : `near label ${near.label}`;
      this.buttons[i].setAttribute("aria-label", `Drawn image ${i + 1}, code ${pair(code)}, ${where}`);
      this.buttons[i].classList.toggle("lx-astray", isFar);
    });
    this.text.textContent = nFar
      ? `${nFar} of ${codes.length} codes lie where there is no data (dashed frames).`
      : `All ${codes.length} codes lie where there is data.`;
    view.sayNews(this, `Drawn from ${this.name}. ${this.text.textContent}`);
  }
}
