// A canvas with axes: which part of the plane it shows, where that is on the screen, and in which colours.

const MARGIN = { left: 52, right: 10, top: 10, bottom: 40 }; // CSS pixels around the plot, for ticks and names
const TICK_ROOM = 45; // CSS pixels from one tick to the next, at least

const [PCA_COLOR, NET_COLOR] = ["#0173b2", "#de8f05"]; // blue and orange, as in all figures of the course

const show = (number, digits = 2) => number.toFixed(digits).replace("-", "−");

/** The box [x0, y0, x1, y1] around points (x0, y0, x1, y1, ...), and a fifth of its longer side: room around it. */
function surround(points) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i++) {
    box[i % 2] = Math.min(box[i % 2], points[i]);
    box[2 + (i % 2)] = Math.max(box[2 + (i % 2)], points[i]);
  }
  const pad = 0.2 * Math.max(box[2] - box[0], box[3] - box[1]) || 1;
  return { box: box.map((bound, i) => bound + (i < 2 ? -pad : pad)), pad };
}

/** A widget's plot sets `box`, and draws what seldom changes in `drawContents`, once per size and theme. */
class Plot {
  constructor(canvas, names, isSquare = false) {
    Object.assign(this, { canvas, names, isSquare });
    this.background = document.createElement("canvas");
  }

  /** Take up the canvas's size, the screen's density and the theme's colours; false where it is not shown. */
  resize() {
    const size = [this.canvas.clientWidth, this.canvas.clientHeight];
    if (!size[0]) return false;
    [this.size, this.ratio] = [size, window.devicePixelRatio || 1];
    for (const canvas of [this.canvas, this.background])
      [canvas.width, canvas.height] = size.map((side) => Math.round(side * this.ratio));
    [this.right, this.bottom] = [size[0] - MARGIN.right, size[1] - MARGIN.bottom];
    const style = getComputedStyle(this.canvas);
    [this.ink, this.paper, this.muted] = ["ink", "paper", "muted"].map((name) => style.getPropertyValue(`--course-${name}`));
    const probe = this.background.getContext("2d");
    probe.fillStyle = this.paper; // a canvas reads any notation and gives back #rrggbb
    this.isDark = parseInt(probe.fillStyle.slice(1, 3), 16) < 128;
    this.drawBackground();
    return true;
  }

  /** The course's colours are made for white: on a dark page each is lightened. */
  onPaper(color) {
    return this.isDark ? `color-mix(in srgb, ${color} 60%, white)` : color;
  }

  /** Show the box; where the plot is square one scale serves both axes, and the spare room goes to both sides. */
  setWindow() {
    const [x0, y0, x1, y1] = this.box;
    const room = [this.right - MARGIN.left, this.bottom - MARGIN.top];
    this.scale = [room[0] / (x1 - x0), room[1] / (y1 - y0)];
    if (this.isSquare) this.scale = this.scale.fill(Math.min(...this.scale));
    const [rx, ry] = room.map((side, axis) => side / this.scale[axis] / 2);
    const [cx, cy] = [(x0 + x1) / 2, (y0 + y1) / 2];
    this.window = [cx - rx, cy - ry, cx + rx, cy + ry];
  }

  toScreen([x, y]) {
    return [MARGIN.left + (x - this.window[0]) * this.scale[0], MARGIN.top + (this.window[3] - y) * this.scale[1]];
  }

  toData(left, top) {
    return [this.window[0] + (left - MARGIN.left) / this.scale[0], this.window[3] - (top - MARGIN.top) / this.scale[1]];
  }

  clamp([x, y]) {
    const [x0, y0, x1, y1] = this.window;
    return [Math.min(Math.max(x, x0), x1), Math.min(Math.max(y, y0), y1)];
  }

  drawBackground() {
    this.setWindow();
    const context = this.background.getContext("2d");
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.fillStyle = this.paper;
    context.fillRect(0, 0, ...this.size);
    this.drawAxes(context);
    context.save();
    this.clip(context);
    this.drawContents(context);
    context.restore();
  }

  drawContents() {}

  clip(context) {
    context.beginPath();
    context.rect(MARGIN.left, MARGIN.top, this.right - MARGIN.left, this.bottom - MARGIN.top);
    context.clip();
  }

  /** The ticks of an axis from `low` to `high` on `room` pixels: [[value, text], ...]. */
  ticks(low, high, room) {
    const rough = ((high - low) * TICK_ROOM) / room;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].find((factor) => factor * power >= rough) * power;
    const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    const first = Math.ceil(low / step - 1e-9);
    return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => {
      const value = (first + i) * step;
      return [value, show(value, digits)];
    });
  }

  drawAxes(context) {
    const { right, bottom, window } = this;
    Object.assign(context, { strokeStyle: this.muted, fillStyle: this.ink, lineWidth: 1, font: "12px system-ui, sans-serif" });
    context.strokeRect(MARGIN.left, MARGIN.top, right - MARGIN.left, bottom - MARGIN.top);
    const line = (x0, y0, x1, y1) => [context.beginPath(), context.moveTo(x0, y0), context.lineTo(x1, y1), context.stroke()];
    const write = (text, x, y, align, baseline) => {
      [context.textAlign, context.textBaseline] = [align, baseline];
      context.fillText(text, x, y);
    };
    for (const [value, text] of this.ticks(window[0], window[2], right - MARGIN.left)) {
      const [x] = this.toScreen([value, 0]);
      line(x, bottom, x, bottom + 4);
      const rightmost = this.size[0] - context.measureText(text).width / 2; // a long number at the end is not cut
      write(text, Math.min(x, rightmost), bottom + 7, "center", "top");
    }
    for (const [value, text] of this.ticks(window[1], window[3], bottom - MARGIN.top)) {
      const [, y] = this.toScreen([0, value]);
      line(MARGIN.left - 4, y, MARGIN.left, y);
      write(text, MARGIN.left - 7, y, "right", "middle");
    }
    write(this.names[0], (MARGIN.left + right) / 2, this.size[1] - 2, "center", "bottom");
    context.save();
    context.translate(2, (MARGIN.top + bottom) / 2);
    context.rotate(-Math.PI / 2);
    write(this.names[1], 0, 0, "center", "top");
    context.restore();
  }

  /** Draw the background anew; return the canvas's context, in CSS pixels, for what moves. */
  clear() {
    const context = this.canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.background, 0, 0);
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    return context;
  }

  /** Stroke in ink over a wider line of paper: visible on every colour. */
  outline(context, width) {
    [context.strokeStyle, context.lineWidth] = [this.paper, width + 2.5];
    context.stroke();
    [context.strokeStyle, context.lineWidth] = [this.ink, width];
    context.stroke();
  }

  /** A ring to drag, with a name in it or a dot. */
  drawHandle(context, point, name) {
    const [x, y] = this.toScreen(point);
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

  /** Give a canvas its size in CSS pixels, sharp on this screen; return its context, cleared, and its width. */
  sharpen(canvas, width, height) {
    [canvas.width, canvas.height] = [Math.round(width * this.ratio), Math.round(height * this.ratio)];
    [canvas.style.width, canvas.style.height] = [`${width}px`, `${height}px`];
    const context = canvas.getContext("2d");
    context.scale(this.ratio, this.ratio);
    return [context, width];
  }
}
