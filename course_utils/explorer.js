// The browser side of LatentExplorer: it decodes by itself, so that the digit follows the point within a frame.
// One plain module without dependencies: anywidget loads it in Jupyter, _export.py puts it into the HTML page.

// The palette and the markers of course_utils/plotting.py, by label: seaborn's "colorblind" and matplotlib's
// o s ^ D v P X * < >. Neither the colour nor the shape alone has to tell two labels apart.
const PALETTE = ["#0173b2", "#de8f05", "#029e73", "#d55e00", "#cc78bc", "#ca9161", "#fbafe4", "#949494", "#ece133", "#56b4e9"];
const polygon = (n, turn, inner = 1) =>
  Array.from({ length: n }, (_, i) => {
    const [angle, r] = [(turn + i / n) * 2 * Math.PI, i % 2 ? inner : 1];
    return [r * Math.sin(angle), -r * Math.cos(angle)];
  });
const PLUS = [[-1, -3], [1, -3], [1, -1], [3, -1], [3, 1], [1, 1], [1, 3], [-1, 3], [-1, 1], [-3, 1], [-3, -1], [-1, -1]];
const MARKERS = [
  polygon(24, 0), polygon(4, 1 / 8), polygon(3, 0), polygon(4, 0), polygon(3, 1 / 2),
  PLUS.map(([x, y]) => [x / 2.8, y / 2.8]), PLUS.map(([x, y]) => [(x - y) / 4, (x + y) / 4]),
  polygon(10, 0, 0.45), polygon(3, 3 / 4), polygon(3, 1 / 4),
];
const N_PATH = 10; // digits along a path, its ends among them
const MARGIN = { left: 46, right: 10, top: 10, bottom: 40 }; // CSS pixels around the map, for ticks and names

export function erf(x) {
  // The series of positive terms e^(-x²) Σ (2x²)ⁿ x / (2n+1)!!: nothing cancels, so all digits are right.
  if (Math.abs(x) > 5.9) return Math.sign(x);
  let term = x, sum = x;
  for (let n = 1; Math.abs(term) > 1e-16 * Math.abs(sum); n++) sum += term *= (2 * x * x) / (2 * n + 1);
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const ACTIVATIONS = {
  linear: (x) => x,
  relu: (x) => (x > 0 ? x : 0),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  tanh: Math.tanh,
  sigmoid,
  gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  silu: (x) => x * sigmoid(x),
};

// Bytes arrive as a DataView from anywidget, with an offset that need not be a multiple of the item's size.
const typed = (Type, view) =>
  new Type(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));

function halvesToFloats(view) {
  const halves = typed(Uint16Array, view);
  const floats = new Float32Array(halves.length);
  const powers = Float64Array.from({ length: 32 }, (_, exponent) => 2 ** (Math.max(exponent, 1) - 25));
  for (let i = 0; i < halves.length; i++) {
    const [h, exponent] = [halves[i], (halves[i] >> 10) & 31];
    const size = ((h & 1023) + (exponent ? 1024 : 0)) * powers[exponent];
    floats[i] = h >> 15 ? -size : size;
  }
  return floats;
}

// values (n) times kernel (n, m) plus bias (m). Four rows at a time halve the time of one row at a time, because
// the sums are read and written a quarter as often.
function affine(values, kernel, bias) {
  const [n, m, sums] = [values.length, bias.length, new Float64Array(bias)];
  let i = 0;
  for (; i + 3 < n; i += 4) {
    const [a, b, c, d] = [values[i], values[i + 1], values[i + 2], values[i + 3]];
    for (let j = 0, k = i * m; j < m; j++, k++)
      sums[j] += a * kernel[k] + b * kernel[k + m] + c * kernel[k + 2 * m] + d * kernel[k + 3 * m];
  }
  for (; i < n; i++) for (let j = 0; j < m; j++) sums[j] += values[i] * kernel[i * m + j];
  return sums;
}

/** The decoder of float16 `weights` (each layer's by rows, then its bias): (x, y) -> Float32Array of pixels. */
export function makeDecoder(weights, layers) {
  const all = halvesToFloats(weights);
  let at = 0;
  const take = (n) => all.subarray(at, (at += n));
  const chain = layers.map(([nIn, nOut, name]) => [take(nIn * nOut), take(nOut), ACTIVATIONS[name]]);
  return (x, y) => {
    let values = Float32Array.of(x, y);
    for (const [kernel, bias, activation] of chain) {
      const sums = affine(values, kernel, bias);
      values = new Float32Array(sums.length);
      for (let j = 0; j < sums.length; j++) values[j] = activation(sums[j]);
    }
    return values;
  };
}

const show = (number, digits = 2) => number.toFixed(digits).replace("-", "−");
const pair = (code) => `(${code.map((value) => show(value)).join(",\u00a0")})`;
// A distance with two digits that count, one from 1 on: 3.8, 0.14, 0.023.
const precise = (distance) => show(distance, Math.min(4, Math.max(1, 1 - Math.floor(Math.log10(distance || 1)))));

function element(tag, className, attributes = {}, ...children) {
  const node = document.createElement(tag);
  node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function drawMarker(context, marker, x, y, radius) {
  context.beginPath();
  for (const [dx, dy] of MARKERS[marker]) context.lineTo(x + radius * dx, y + radius * dy);
  context.closePath();
  context.fill();
  context.stroke();
}

/** One picture of the model in one cell; `destroy` takes its listeners away. */
class View {
  constructor(model, el) {
    this.model = model;
    this.decode = makeDecoder(model.get("_weights"), model.get("_layers"));
    [this.height, this.width] = model.get("_image_shape");
    this.codes = typed(Float32Array, model.get("_codes"));
    this.labels = typed(Int32Array, model.get("_labels"));
    [this.typical, this.far] = model.get("_distances");
    this.classes = [...new Set(this.labels)].sort((a, b) => a - b);
    const digits = this.classes.every((label) => label >= 0 && label < 10);
    this.style = new Map(this.classes.map((label, rank) => [label, digits ? label : rank % 10]));
    this.start = null; // where the path starts, when path mode is on
    this.background = document.createElement("canvas"); // the codes, drawn once per size and theme
    this.image = document.createElement("canvas"); // one decoded image, a pixel for a pixel
    [this.image.width, this.image.height] = [this.width, this.height];
    this.build(el);
    this.fit();
    this.listen();
    this.resize();
  }

  build(el) {
    const id = `latent-explorer-${Math.random().toString(36).slice(2)}`;
    const canvas = (name, attributes) => element("canvas", `lx-${name}`, attributes);
    this.map = canvas("map", {
      tabindex: 0, role: "application", "aria-roledescription": "two-dimensional slider",
      "aria-label": "Map of codes", "aria-describedby": `${id}-live ${id}-help`,
    });
    this.digit = canvas("digit", { role: "img", "aria-label": "Image decoded at the point" });
    this.row = canvas("row", { role: "img" });
    this.codeText = element("p", "lx-code");
    this.nearText = element("p", "lx-near");
    this.rangeText = element("p", "lx-range");
    this.live = element("p", "lx-hidden", { id: `${id}-live`, "aria-live": "polite" });
    this.pathButton = element("button", "lx-button", { type: "button", "aria-pressed": "false" }, "Path mode");
    this.startButton = element("button", "lx-button", { type: "button" }, "Set A here");
    this.pathText = element("p", "lx-path-text");
    this.path = element("div", "lx-path", {}, this.row, this.pathText);
    const help = element("p", "lx-help", { id: `${id}-help` },
      "Drag the point, or focus the map and press the arrow keys (with Shift: bigger steps).");
    this.keys = this.classes.map((label) => [label, canvas("key", { "aria-hidden": "true" })]);
    const legend = element("ul", "lx-legend", { "aria-label": "Labels of the codes" },
      ...this.keys.map(([label, key]) => element("li", "", {}, key, String(label))));
    this.root = element("div", "latent-explorer", { role: "group", "aria-label": "Latent explorer" },
      element("div", "lx-main", {},
        element("div", "lx-left", {}, this.map, legend),
        element("div", "lx-side", {}, this.digit,
          element("div", "lx-text", {}, this.codeText, this.nearText, this.rangeText))),
      element("div", "lx-tools", {}, this.pathButton, this.startButton, help), this.path, this.live);
    // JupyterLab would take the arrow keys as 'next cell'.
    this.root.setAttribute("data-lm-suppress-shortcuts", "true");
    el.append(this.root);
  }

  listen() {
    this.abort = new AbortController();
    const on = (target, type, handler) =>
      target.addEventListener(type, handler, { signal: this.abort.signal });
    on(this.map, "pointerdown", (event) => this.grab(event));
    on(this.map, "pointermove", (event) => this.dragged && this.drag(event));
    for (const type of ["pointerup", "pointercancel"]) on(this.map, type, () => this.release());
    on(this.map, "keydown", (event) => this.press(event));
    on(this.pathButton, "click", () => this.setStart(this.start ? null : this.code));
    on(this.startButton, "click", () => this.setStart(this.code));
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    on(dark, "change", () => this.resize());
    on(window, "resize", () => this.resize()); // comes with a new devicePixelRatio too
    this.onCode = () => {
      if (this.fit()) this.drawBackground();
      this.draw();
    };
    this.model.on("change:code", this.onCode);
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(this.root);
    this.theme = new MutationObserver(() => requestAnimationFrame(() => this.resize()));
    this.theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"] });
  }

  destroy() {
    this.abort.abort();
    this.sizes.disconnect();
    this.theme.disconnect();
    this.model.off("change:code", this.onCode);
    clearTimeout(this.liveTimer);
    if (this.saveTimer) this.save();
    this.root.remove();
  }

  get code() {
    return this.model.get("code");
  }

  /** Choose the part of the plane that the map shows; true where it changed. */
  fit() {
    if (!this.box) {
      this.box = [Infinity, Infinity, -Infinity, -Infinity];
      for (let i = 0; i < this.codes.length; i += 2) this.include(this.codes[i], this.codes[i + 1], 0);
      this.pad = 0.2 * Math.max(this.box[2] - this.box[0], this.box[3] - this.box[1]) || 1;
      this.box = this.box.map((bound, i) => bound + (i < 2 ? -this.pad : this.pad)); // some empty land around
    }
    const [x, y] = this.code;
    const inside = this.window ?? this.box;
    if (x >= inside[0] && y >= inside[1] && x <= inside[2] && y <= inside[3]) return false;
    this.include(x, y, this.pad / 2);
    this.setWindow();
    return true;
  }

  include(x, y, pad) {
    const [x0, y0, x1, y1] = this.box;
    this.box = [Math.min(x0, x - pad), Math.min(y0, y - pad), Math.max(x1, x + pad), Math.max(y1, y + pad)];
  }

  /** One scale for both axes, so that near on the map is near in code; the spare room goes to both sides. */
  setWindow() {
    if (!this.size) return;
    const [x0, y0, x1, y1] = this.box;
    const [w, h] = [this.size[0] - MARGIN.left - MARGIN.right, this.size[1] - MARGIN.top - MARGIN.bottom];
    this.scale = Math.min(w / (x1 - x0), h / (y1 - y0));
    const [cx, cy, rx, ry] = [(x0 + x1) / 2, (y0 + y1) / 2, w / this.scale / 2, h / this.scale / 2];
    this.window = [cx - rx, cy - ry, cx + rx, cy + ry];
  }

  toScreen([x, y]) {
    return [MARGIN.left + (x - this.window[0]) * this.scale, MARGIN.top + (this.window[3] - y) * this.scale];
  }

  toCode(left, top) {
    return this.clamp([
      this.window[0] + (left - MARGIN.left) / this.scale,
      this.window[3] - (top - MARGIN.top) / this.scale,
    ]);
  }

  clamp([x, y]) {
    const [x0, y0, x1, y1] = this.window;
    return [Math.min(Math.max(x, x0), x1), Math.min(Math.max(y, y0), y1)];
  }

  grab(event) {
    if (event.button !== 0) return;
    const away = (code) => {
      const [left, top] = this.toScreen(code);
      return Math.hypot(left - event.offsetX, top - event.offsetY);
    };
    const onStart = this.start && away(this.start) < 16 && away(this.start) < away(this.code);
    this.dragged = onStart ? "start" : "point";
    this.map.setPointerCapture(event.pointerId);
    this.map.focus({ preventScroll: true, focusVisible: false });
    event.preventDefault();
    this.drag(event);
  }

  drag(event) {
    const code = this.toCode(event.offsetX, event.offsetY);
    if (this.dragged === "start") this.setStart(code);
    else this.move(code);
  }

  release() {
    this.dragged = null;
    if (this.saveTimer) this.save();
  }

  press(event) {
    const directions = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
    const direction = directions[event.key];
    if (!direction || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const step = ((this.window[2] - this.window[0]) / 100) * (event.shiftKey ? 8 : 1);
    this.move(this.clamp(this.code.map((value, i) => value + step * direction[i])));
  }

  /** Every view draws within this call; the kernel hears at most ten times a second, and always the last. */
  move(code) {
    this.model.set("code", code);
    this.unsaved = true;
    if (!this.saveTimer) this.save();
  }

  save() {
    clearTimeout(this.saveTimer);
    this.saveTimer = null;
    if (!this.unsaved) return;
    this.unsaved = false;
    this.model.save_changes();
    this.saveTimer = setTimeout(() => this.save(), 100);
  }

  setStart(code) {
    this.start = code && [...code];
    this.draw();
  }

  /** Take up the size, the pixel density and the theme of the page, and draw everything anew. */
  resize() {
    const size = [this.map.clientWidth, this.map.clientHeight];
    if (!size[0]) return; // not shown
    [this.size, this.ratio] = [size, window.devicePixelRatio || 1];
    for (const canvas of [this.map, this.background])
      [canvas.width, canvas.height] = size.map((side) => Math.round(side * this.ratio));
    const style = getComputedStyle(this.root);
    [this.ink, this.paper, this.muted] = ["ink", "paper", "muted"].map((name) => style.getPropertyValue(`--lx-${name}`));
    this.setWindow();
    this.drawBackground();
    for (const [label, key] of this.keys) {
      const [context, side] = this.sharpen(key, 14, 14);
      this.setMarkerStyle(context, label);
      drawMarker(context, this.style.get(label), side / 2, side / 2, 5);
    }
    this.draw();
  }

  /** Give a canvas its size in CSS pixels, sharp on this screen; return its context, cleared, and its width. */
  sharpen(canvas, width, height) {
    [canvas.width, canvas.height] = [Math.round(width * this.ratio), Math.round(height * this.ratio)];
    [canvas.style.width, canvas.style.height] = [`${width}px`, `${height}px`];
    const context = canvas.getContext("2d");
    context.scale(this.ratio, this.ratio);
    return [context, width];
  }

  setMarkerStyle(context, label) {
    context.fillStyle = PALETTE[this.style.get(label)];
    context.strokeStyle = this.muted; // a rim, for yellow on white
    context.lineWidth = 0.5;
  }

  drawBackground() {
    const context = this.background.getContext("2d");
    const [width, height] = this.size;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.fillStyle = this.paper;
    context.fillRect(0, 0, width, height);
    this.drawAxes(context);
    context.save();
    context.beginPath();
    context.rect(MARGIN.left, MARGIN.top, width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom);
    context.clip();
    const radius = this.labels.length > 4000 ? 2.2 : 3;
    const stamps = new Map(this.classes.map((label) => [label, this.stamp(label, radius)]));
    const side = 2 * radius + 2;
    this.labels.forEach((label, i) => {
      const [left, top] = this.toScreen([this.codes[2 * i], this.codes[2 * i + 1]]);
      context.drawImage(stamps.get(label), left - side / 2, top - side / 2, side, side);
    });
    context.restore();
  }

  /** One marker as a small picture: stamping it thousands of times is faster than drawing it anew. */
  stamp(label, radius) {
    const [context, side] = this.sharpen(document.createElement("canvas"), 2 * radius + 2, 2 * radius + 2);
    this.setMarkerStyle(context, label);
    context.globalAlpha = 0.8;
    drawMarker(context, this.style.get(label), side / 2, side / 2, radius);
    return context.canvas;
  }

  drawAxes(context) {
    const [right, bottom] = [this.size[0] - MARGIN.right, this.size[1] - MARGIN.bottom];
    const rough = (this.window[2] - this.window[0]) / 9;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].find((factor) => factor * power >= rough) * power;
    const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    Object.assign(context, { strokeStyle: this.muted, fillStyle: this.ink, lineWidth: 1, font: "12px system-ui, sans-serif" });
    context.strokeRect(MARGIN.left, MARGIN.top, right - MARGIN.left, bottom - MARGIN.top);
    const line = (x0, y0, x1, y1) => [context.beginPath(), context.moveTo(x0, y0), context.lineTo(x1, y1), context.stroke()];
    const write = (text, x, y, align, baseline) => {
      [context.textAlign, context.textBaseline] = [align, baseline];
      context.fillText(text, x, y);
    };
    for (let i = Math.ceil(this.window[0] / step); i * step <= this.window[2]; i++) {
      const [x] = this.toScreen([i * step, 0]);
      line(x, bottom, x, bottom + 4);
      write(show(i * step, digits), x, bottom + 7, "center", "top");
    }
    for (let i = Math.ceil(this.window[1] / step); i * step <= this.window[3]; i++) {
      const [, y] = this.toScreen([0, i * step]);
      line(MARGIN.left - 4, y, MARGIN.left, y);
      write(show(i * step, digits), MARGIN.left - 7, y, "right", "middle");
    }
    write("code 1", (MARGIN.left + right) / 2, this.size[1] - 2, "center", "bottom");
    context.save();
    context.translate(2, (MARGIN.top + bottom) / 2);
    context.rotate(-Math.PI / 2);
    write("code 2", 0, 0, "center", "top");
    context.restore();
  }

  nearest([x, y]) {
    let [best, at] = [Infinity, 0];
    for (let i = 0; i < this.codes.length; i += 2) {
      const distance = (this.codes[i] - x) ** 2 + (this.codes[i + 1] - y) ** 2;
      if (distance < best) [best, at] = [distance, i];
    }
    return { label: this.labels[at / 2], code: [this.codes[at], this.codes[at + 1]], distance: Math.sqrt(best) };
  }

  draw() {
    if (!this.size) return;
    const near = this.nearest(this.code);
    const isFar = near.distance > this.far;
    this.drawMap(near, isFar);
    const pixels = this.drawDigit();
    if (this.start) this.drawPath();
    this.path.hidden = this.startButton.hidden = !this.start;
    this.pathButton.setAttribute("aria-pressed", String(Boolean(this.start)));
    this.describe(near, isFar, pixels);
  }

  drawMap(near, isFar) {
    const context = this.map.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.background, 0, 0);
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    const trace = (dash, ...path) => {
      context.beginPath();
      context.setLineDash(dash);
      for (const code of path) context.lineTo(...this.toScreen(code));
      this.outline(context, 1.5);
      context.setLineDash([]);
    };
    if (isFar) trace([2, 4], this.code, near.code);
    if (this.start) {
      trace([7, 4], this.start, this.code);
      this.drawHandle(context, this.start, "A");
    }
    this.drawHandle(context, this.code, this.start ? "B" : "");
  }

  /** Stroke in ink over a wider line of paper: visible on every colour. */
  outline(context, width) {
    [context.strokeStyle, context.lineWidth] = [this.paper, width + 2.5];
    context.stroke();
    [context.strokeStyle, context.lineWidth] = [this.ink, width];
    context.stroke();
  }

  drawHandle(context, code, name) {
    const [x, y] = this.toScreen(code);
    context.beginPath();
    context.arc(x, y, 9, 0, 2 * Math.PI);
    if (name) {
      context.fillStyle = this.paper;
      context.fill();
    }
    this.outline(context, 2);
    context.fillStyle = this.ink;
    Object.assign(context, { font: "bold 12px system-ui, sans-serif", textAlign: "center", textBaseline: "middle" });
    if (name) context.fillText(name, x, y + 0.5);
    else context.fillRect(x - 1, y - 1, 2, 2);
  }

  /** Paint decoded pixels, 0 as paper and 1 as ink as in the course's figures, whole screen pixels to each. */
  paint(context, pixels, left, top, scale) {
    const small = this.image.getContext("2d");
    const image = small.createImageData(this.width, this.height);
    pixels.forEach((value, i) => {
      const grey = Math.round(255 * (1 - Math.min(Math.max(value, 0), 1)));
      image.data.set([grey, grey, grey, 255], 4 * i);
    });
    small.putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.image, left, top, this.width * scale, this.height * scale);
  }

  /** Make a canvas of `width` x `height` screen pixels, only where it has another size: that also clears it. */
  reserve(canvas, width, height) {
    if (canvas.width !== width || canvas.height !== height) {
      [canvas.width, canvas.height] = [width, height];
      [canvas.style.width, canvas.style.height] = [`${width / this.ratio}px`, `${height / this.ratio}px`];
    }
    return canvas.getContext("2d");
  }

  drawDigit() {
    const pixels = this.decode(...this.code);
    const scale = Math.max(1, Math.floor((200 * this.ratio) / Math.max(this.width, this.height)));
    const context = this.reserve(this.digit, this.width * scale, this.height * scale);
    this.paint(context, pixels, 0, 0, scale);
    return pixels;
  }

  drawPath() {
    const room = (this.root.clientWidth * this.ratio) / N_PATH;
    const gap = Math.ceil(3 * this.ratio);
    const largest = (60 * this.ratio) / this.width;
    const scale = Math.max(1, Math.floor(Math.min((room - gap) / this.width, largest)));
    const [width, height] = [this.width * scale, this.height * scale];
    const context = this.reserve(this.row, N_PATH * (width + gap) - gap, height);
    for (let i = 0; i < N_PATH; i++) {
      const code = this.start.map((from, axis) => from + ((this.code[axis] - from) * i) / (N_PATH - 1));
      this.paint(context, this.decode(...code), i * (width + gap), 0, scale);
      context.strokeStyle = this.muted;
      context.strokeRect(i * (width + gap) + 0.5, 0.5, width - 1, height - 1);
    }
    this.pathText.textContent =
      `From A ${pair(this.start)} to B ${pair(this.code)} in equal steps. Drag either.`;
    this.row.setAttribute("aria-label", `${N_PATH} decoded images from A to B`);
  }

  describe(near, isFar, pixels) {
    let [low, high] = [Infinity, -Infinity];
    for (const value of pixels) [low, high] = [Math.min(low, value), Math.max(high, value)];
    this.codeText.textContent = `Code ${pair(this.code)}`;
    this.nearText.textContent = isFar
      ? `No data near here: the nearest code, of label ${near.label}, is ${precise(near.distance)} away, ` +
        `typical ${precise(this.typical)}.`
      : `Nearest code: label ${near.label}, ${precise(near.distance)} away.`;
    const outside = low < -0.05 || high > 1.05;
    this.rangeText.textContent = outside ? `Pixels from ${show(low)} to ${show(high)}, drawn as 0 to 1.` : "";
    this.nearText.classList.toggle("lx-far", isFar);
    const said = [this.codeText, this.nearText, this.rangeText].map((part) => part.textContent).join(" ");
    // A screen reader that heard each step of a drag would never come to an end.
    this.liveTimer ??= setTimeout(() => [this.liveTimer, this.live.textContent] = [null, this.said], 400);
    this.said = said;
  }
}

/** anywidget's entry: draw `model` in `el`, return what cleans up. */
function render({ model, el }) {
  const view = new View(model, el);
  return () => view.destroy();
}

export default { render };
