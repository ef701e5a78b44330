// The map of codes: colours, markers, axes, and where a code is on the screen.

// The colours and the markers of course_utils/plotting.py, by label (tests/widgets/test_explorer.py compares them): neither
// the colour nor the shape alone has to tell two labels apart.
const PALETTE = ["#0173b2", "#de8f05", "#882255", "#d55e00", "#cc78bc", "#332288", "#029e73", "#949494", "#999933", "#56b4e9"];
const MARKERS = ["o", "s", "^", "D", "v", "*", "X", "P", "<", ">"];
const polygon = (n, turn, inner = 1) =>
  Array.from({ length: n }, (_, i) => {
    const [angle, r] = [(turn + i / n) * 2 * Math.PI, i % 2 ? inner : 1];
    return [r * Math.sin(angle), -r * Math.cos(angle)];
  });
const PLUS = [[-1, -3], [1, -3], [1, -1], [3, -1], [3, 1], [1, 1], [1, 3], [-1, 3], [-1, 1], [-3, 1], [-3, -1], [-1, -1]];
const SHAPES = {
  o: polygon(24, 0), s: polygon(4, 1 / 8), "^": polygon(3, 0), D: polygon(4, 0), v: polygon(3, 1 / 2),
  "*": polygon(10, 0, 0.45), X: PLUS.map(([x, y]) => [(x - y) / 4, (x + y) / 4]),
  P: PLUS.map(([x, y]) => [x / 2.8, y / 2.8]), "<": polygon(3, 3 / 4), ">": polygon(3, 1 / 4),
};
const MARGIN = { left: 46, right: 10, top: 10, bottom: 40 }; // CSS pixels around the map, for ticks and names

const show = (number, digits = 2) => number.toFixed(digits).replace("-", "−");

function drawMarker(context, marker, x, y, radius) {
  context.beginPath();
  for (const [dx, dy] of SHAPES[MARKERS[marker]]) context.lineTo(x + radius * dx, y + radius * dy);
  context.closePath();
  context.fill();
  context.stroke();
}

/** The canvas with the codes: its axes, its markers, the point. */
class CodeMap {
  constructor(canvas, codes, labels) {
    Object.assign(this, { canvas, codes, labels });
    this.background = document.createElement("canvas"); // the codes, drawn once per size and theme
    this.classes = [...new Set(labels)].sort((a, b) => a - b);
    const digits = this.classes.every((label) => label >= 0 && label < 10);
    this.style = new Map(this.classes.map((label, rank) => [label, digits ? label : rank % 10]));
  }

  /** Choose the part of the plane to show, with the point in it; draw it where it changed. */
  fit([x, y]) {
    if (!this.box) {
      this.box = [Infinity, Infinity, -Infinity, -Infinity];
      for (let i = 0; i < this.codes.length; i += 2) this.include(this.codes[i], this.codes[i + 1], 0);
      this.pad = 0.2 * Math.max(this.box[2] - this.box[0], this.box[3] - this.box[1]) || 1;
      this.box = this.box.map((bound, i) => bound + (i < 2 ? -this.pad : this.pad)); // some empty land around
    }
    const inside = this.window ?? this.box;
    if (x >= inside[0] && y >= inside[1] && x <= inside[2] && y <= inside[3]) return;
    this.include(x, y, this.pad / 2);
    if (this.size) this.drawBackground();
  }

  include(x, y, pad) {
    const [x0, y0, x1, y1] = this.box;
    this.box = [Math.min(x0, x - pad), Math.min(y0, y - pad), Math.max(x1, x + pad), Math.max(y1, y + pad)];
  }

  /** One scale for both axes, so that near on the map is near in code; the spare room goes to both sides. */
  setWindow() {
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

  /** Take up the canvas's size, the screen's density and the theme's colours; false where it is not shown. */
  resize() {
    const size = [this.canvas.clientWidth, this.canvas.clientHeight];
    if (!size[0]) return false;
    [this.size, this.ratio] = [size, window.devicePixelRatio || 1];
    for (const canvas of [this.canvas, this.background])
      [canvas.width, canvas.height] = size.map((side) => Math.round(side * this.ratio));
    const style = getComputedStyle(this.canvas);
    [this.ink, this.paper, this.muted] = ["ink", "paper", "muted"].map((name) => style.getPropertyValue(`--course-${name}`));
    const probe = this.background.getContext("2d");
    probe.fillStyle = this.paper; // a canvas reads any notation and gives back #rrggbb
    this.isDark = parseInt(probe.fillStyle.slice(1, 3), 16) < 128;
    this.drawBackground();
    return true;
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
    // The palette is made for white: on a dark page each colour is lightened.
    if (this.isDark) context.fillStyle = `color-mix(in srgb, ${context.fillStyle} 60%, white)`;
    context.strokeStyle = this.muted; // a rim, for pale on white
    context.lineWidth = 0.5;
  }

  drawKey(canvas, label) {
    const [context, side] = this.sharpen(canvas, 14, 14);
    this.setMarkerStyle(context, label);
    drawMarker(context, this.style.get(label), side / 2, side / 2, 5);
  }

  drawBackground() {
    this.setWindow();
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

  /** Draw the point, the path from `start` to it and a line to the code `near`, each where there is one. */
  draw(point, start, near) {
    const context = this.canvas.getContext("2d");
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
    if (near) trace([2, 4], point, near);
    if (start) {
      trace([7, 4], start, point);
      this.drawHandle(context, start, "A");
    }
    this.drawHandle(context, point, start ? "B" : "");
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
}
