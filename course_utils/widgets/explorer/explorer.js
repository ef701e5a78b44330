// The browser side of LatentExplorer: it decodes by itself, so that the digit follows the point within a frame.
// __init__.py puts what it calls before this file.

const N_PATH = 10; // digits along a path, its ends among them
const pair = (code) => `(${code.map((value) => show(value)).join(",\u00a0")})`;
// A distance with two digits that count, one from 1 on: 3.8, 0.14, 0.023.
const precise = (distance) => show(distance, Math.min(4, Math.max(1, 1 - Math.floor(Math.log10(distance || 1)))));

class ExplorerView extends View {
  constructor(model, el) {
    super(model, el, "latent-explorer", "Latent explorer");
    this.decode = makeNet(model.get("_weights"), model.get("_layers"));
    [this.height, this.width] = model.get("_image_shape");
    [this.typical, this.far] = model.get("_distances");
    this.start = null; // where the path starts, when path mode is on
    this.image = document.createElement("canvas"); // one decoded image, a pixel for a pixel
    [this.image.width, this.image.height] = [this.width, this.height];
    this.imageData = new ImageData(this.width, this.height);
    this.words = new Uint32Array(this.imageData.data.buffer);
    this.build();
    this.map.fit(this.code);
    this.listen();
    this.begin();
  }

  build() {
    const canvas = (name, attributes) => element("canvas", `lx-${name}`, attributes);
    this.canvas = canvas("map", {
      tabindex: 0, role: "application", "aria-roledescription": "two-dimensional slider",
      "aria-label": "Map of codes", "aria-describedby": `${this.live.id} ${this.id}-help`, ...OWN_KEYS,
    });
    const [codes, labels] = [this.model.get("_codes"), this.model.get("_labels")];
    this.map = new CodeMap(this.canvas, typed(Float32Array, codes), typed(Int32Array, labels));
    this.digit = canvas("digit", { role: "img", "aria-label": "Image decoded at the point" });
    this.row = canvas("row", { role: "img" });
    this.codeText = element("p", "lx-code");
    this.nearText = element("p", "lx-near");
    this.rangeText = element("p", "lx-range");
    this.pathButton = element("button", "", { type: "button", "aria-pressed": "false" }, "Path mode");
    this.startButton = element("button", "", { type: "button" }, "Set A here");
    this.pathText = element("p", "course-help");
    this.path = element("div", "lx-path", {}, this.row, this.pathText);
    const help = element("p", "course-help", { id: `${this.id}-help` },
      "By keys: focus the map and press the arrows (with Shift: bigger steps).");
    this.keys = this.map.classes.map((label) => [label, canvas("key", { "aria-hidden": "true" })]);
    const legend = element("ul", "course-legend", { "aria-label": "Labels of the codes" },
      ...this.keys.map(([label, key]) => element("li", "", {}, key, String(label))));
    if (this.model.get("_encoder_layers").length) {
      this.own = new OwnDigit(this);
      this.ownKey = canvas("key", { "aria-hidden": "true" });
      legend.append(element("li", "", {}, this.ownKey, "your digit"));
    }
    if (this.model.get("_prior")?.length) {
      this.draws = new Draws(this);
      this.drawnKey = canvas("key", { "aria-hidden": "true" });
      legend.append(element("li", "", {}, this.drawnKey, "drawn"));
    }
    this.root.append(
      element("p", "course-try", {}, "Drag the ring over the map: the picture shows what the decoder makes of its code."),
      element("div", "lx-main", {},
        element("div", "lx-left", {}, this.canvas, legend),
        element("div", "lx-side", {}, this.digit,
          element("div", "lx-text", {}, this.codeText, this.nearText, this.rangeText))),
      element("div", "course-tools", {}, this.pathButton, this.startButton, help), this.path,
      ...(this.draws ? [this.draws.root] : []), ...(this.own ? [this.own.root] : []), this.live);
  }

  listen() {
    this.onDrag(this.canvas, { start: (event) => this.grab(event), move: (event) => this.drag(event) });
    this.onArrows(this.canvas, 8, (direction) => {
      const step = (this.map.window[2] - this.map.window[0]) / 100;
      this.set("code", this.map.clamp(this.code.map((value, i) => value + step * direction[i])));
    });
    this.on(this.pathButton, "click", () => this.setStart(this.start ? null : this.code));
    this.on(this.startButton, "click", () => this.setStart(this.code));
    this.follow("code", () => {
      this.map.fit(this.code);
      this.draw();
    });
  }

  get code() {
    return this.model.get("code");
  }

  /** Take up the size, the pixel density and the theme of the page, and draw everything anew. */
  resize() {
    if (!this.map.resize()) return;
    for (const [label, key] of this.keys) this.map.drawKey(key, label);
    if (this.own) this.map.drawOwnKey(this.ownKey);
    if (this.draws) this.map.drawDrawnKey(this.drawnKey);
    this.own?.draw();
    this.draws?.drawImages();
    this.draw();
  }

  grab(event) {
    const away = (code) => {
      const [left, top] = this.map.toScreen(code);
      return Math.hypot(left - event.offsetX, top - event.offsetY);
    };
    this.dragsStart = this.start && away(this.start) < 16 && away(this.start) < away(this.code);
  }

  drag(event) {
    const code = this.map.clamp(this.map.toData(event.offsetX, event.offsetY));
    if (this.dragsStart) this.setStart(code);
    else this.set("code", code);
  }

  setStart(code) {
    this.start = code && [...code];
    this.draw();
  }

  draw() {
    if (!this.map.size) return; // not shown
    const near = this.map.nearest(this.code);
    const isFar = near.distance > this.far;
    this.map.draw(this.code, this.start, isFar && near.code, this.own?.code, this.draws);
    const pixels = this.drawDigit();
    if (this.start) this.drawPath();
    this.path.hidden = this.startButton.hidden = !this.start;
    this.pathButton.setAttribute("aria-pressed", String(Boolean(this.start)));
    this.describe(near, pixels);
  }

  /** Paint decoded pixels, 0 as paper and 1 as ink as in the course's figures, whole screen pixels to each. */
  paint(context, pixels, left, top, scale) {
    for (let i = 0; i < pixels.length; i++) {
      const grey = Math.round(255 * (1 - Math.min(Math.max(pixels[i], 0), 1)));
      this.words[i] = 0xff000000 | (grey * 0x010101); // opaque grey; little-endian, as all that run browsers are
    }
    this.image.getContext("2d").putImageData(this.imageData, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.image, left, top, this.width * scale, this.height * scale);
  }

  /** Make a canvas of `width` x `height` screen pixels, only where it has another size: that also clears it. */
  reserve(canvas, width, height) {
    if (canvas.width !== width || canvas.height !== height) {
      [canvas.width, canvas.height] = [width, height];
      [canvas.style.width, canvas.style.height] = [`${width / this.map.ratio}px`, `${height / this.map.ratio}px`];
    }
    return canvas.getContext("2d");
  }

  drawDigit() {
    const pixels = this.decode(this.code);
    const side = Math.min(200, 0.45 * this.root.clientWidth); // on a phone the text stands beside it
    const scale = Math.max(1, Math.floor((side * this.map.ratio) / Math.max(this.width, this.height)));
    const context = this.reserve(this.digit, this.width * scale, this.height * scale);
    this.paint(context, pixels, 0, 0, scale);
    return pixels;
  }

  drawPath() {
    const room = (this.root.clientWidth * this.map.ratio) / N_PATH;
    const gap = Math.ceil(3 * this.map.ratio);
    const largest = (60 * this.map.ratio) / this.width;
    const scale = Math.max(1, Math.floor(Math.min((room - gap) / this.width, largest)));
    const [width, height] = [this.width * scale, this.height * scale];
    const context = this.reserve(this.row, N_PATH * (width + gap) - gap, height);
    for (let i = 0; i < N_PATH; i++) {
      const code = this.start.map((from, axis) => from + ((this.code[axis] - from) * i) / (N_PATH - 1));
      this.paint(context, this.decode(code), i * (width + gap), 0, scale);
      context.strokeStyle = this.map.muted;
      context.strokeRect(i * (width + gap) + 0.5, 0.5, width - 1, height - 1);
    }
    this.pathText.textContent =
      `From A ${pair(this.start)} to B ${pair(this.code)} in equal steps. Drag either.`;
    this.row.setAttribute("aria-label", `${N_PATH} decoded images from A to B`);
  }

  /** Name the nearest code in `node`; where even that is far, say so. */
  tellNear(node, near) {
    const isFar = near.distance > this.far;
    node.textContent = isFar
      ? `No data near here: the nearest code, of label ${near.label}, is ${precise(near.distance)} away, ` +
        `typical ${precise(this.typical)}.`
      : near.distance === 0 ? `On a code of label ${near.label}.`
        : `Nearest code: label ${near.label}, ${precise(near.distance)} away.`;
    node.classList.toggle("lx-far", isFar);
  }

  /** Say what a part has to say where it is new: drawing again says nothing. */
  sayNews(part, text) {
    if (text !== part.told) this.say(text);
    part.told = text;
  }

  describe(near, pixels) {
    let [low, high] = [Infinity, -Infinity];
    for (const value of pixels) [low, high] = [Math.min(low, value), Math.max(high, value)];
    this.codeText.textContent = `Code ${pair(this.code)}`;
    this.tellNear(this.nearText, near);
    const outside = low < -0.05 || high > 1.05;
    this.rangeText.textContent = outside ? `Pixels from ${show(low)} to ${show(high)}, drawn as 0 to 1.` : "";
    this.sayNews(this, [this.codeText, this.nearText, this.rangeText].map((part) => part.textContent).join(" "));
  }
}

/** anywidget's entry: draw `model` in `el`, return what cleans up. */
function render({ model, el }) {
  const view = new ExplorerView(model, el);
  return () => view.destroy();
}

export default { render };
