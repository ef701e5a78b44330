// The map of codes: a plot with a marker for each code, and the point.

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

function drawMarker(context, marker, x, y, radius) {
  context.beginPath();
  for (const [dx, dy] of SHAPES[MARKERS[marker]]) context.lineTo(x + radius * dx, y + radius * dy);
  context.closePath();
  context.fill();
  context.stroke();
}

/** The plot of the codes: their markers, the point, the path. */
class CodeMap extends Plot {
  constructor(canvas, codes, labels) {
    super(canvas, ["code 1", "code 2"], true); // near on the map is near in code
    Object.assign(this, { codes, labels, ...surround(codes) }); // some empty land around
    this.classes = [...new Set(labels)].sort((a, b) => a - b);
    const digits = this.classes.every((label) => label >= 0 && label < 10);
    this.style = new Map(this.classes.map((label, rank) => [label, digits ? label : rank % 10]));
  }

  /** Widen the map where it does not show the point. */
  fit([x, y]) {
    const [x0, y0, x1, y1] = this.window ?? this.box;
    if (x >= x0 && y >= y0 && x <= x1 && y <= y1) return;
    const [near, pad] = [this.box, this.pad / 2];
    this.box = [x - pad, y - pad, x + pad, y + pad].map((bound, i) => (i < 2 ? Math.min : Math.max)(bound, near[i]));
    if (this.size) this.drawBackground();
  }

  setMarkerStyle(context, label) {
    context.fillStyle = this.onPaper(PALETTE[this.style.get(label)]);
    context.strokeStyle = this.muted; // a rim, for pale on white
    context.lineWidth = 0.5;
  }

  drawKey(canvas, label) {
    const [context, side] = this.sharpen(canvas, 14, 14);
    this.setMarkerStyle(context, label);
    drawMarker(context, this.style.get(label), side / 2, side / 2, 5);
  }

  drawOwnKey(canvas) {
    const [context, side] = this.sharpen(canvas, 14, 14);
    this.drawOwn(context, side / 2, side / 2, 4);
  }

  drawDrawnKey(canvas) {
    const [context, side] = this.sharpen(canvas, 14, 14);
    this.drawDrawn(context, side / 2, side / 2, 5);
  }

  /** The mark of a code that was drawn from a distribution. */
  drawDrawn(context, x, y, radius) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    this.outline(context, radius / 3);
  }

  /** The mark of what the student has drawn. */
  drawOwn(context, x, y, radius) {
    context.beginPath();
    for (const side of [-radius, radius]) {
      context.moveTo(x - radius, y - side);
      context.lineTo(x + radius, y + side);
    }
    this.outline(context, radius / 2);
  }

  drawContents(context) {
    const radius = this.labels.length > 4000 ? 2.2 : 3;
    const stamps = new Map(this.classes.map((label) => [label, this.stamp(label, radius)]));
    const side = 2 * radius + 2;
    this.labels.forEach((label, i) => {
      const [left, top] = this.toScreen([this.codes[2 * i], this.codes[2 * i + 1]]);
      context.drawImage(stamps.get(label), left - side / 2, top - side / 2, side, side);
    });
  }

  /** One marker as a small picture: stamping it thousands of times is faster than drawing it anew. */
  stamp(label, radius) {
    const [context, side] = this.sharpen(document.createElement("canvas"), 2 * radius + 2, 2 * radius + 2);
    this.setMarkerStyle(context, label);
    context.globalAlpha = 0.8;
    drawMarker(context, this.style.get(label), side / 2, side / 2, radius);
    return context.canvas;
  }

  nearest([x, y]) {
    let [best, at] = [Infinity, 0];
    for (let i = 0; i < this.codes.length; i += 2) {
      const distance = (this.codes[i] - x) ** 2 + (this.codes[i + 1] - y) ** 2;
      if (distance < best) [best, at] = [distance, i];
    }
    return { label: this.labels[at / 2], code: [this.codes[at], this.codes[at + 1]], distance: Math.sqrt(best) };
  }

  /**
   * Draw the point, the path from `start` to it, a line to the code `near`, the code of a drawing and the codes drawn
   * from a distribution, where there are any.
   */
  draw(point, start, near, own, draws) {
    const context = this.clear();
    const trace = (dash, ...path) => {
      context.beginPath();
      context.setLineDash(dash);
      for (const code of path) context.lineTo(...this.toScreen(code));
      this.outline(context, 1.5);
      context.setLineDash([]);
    };
    for (const [i, code] of draws?.codes.entries() ?? [])
      this.drawDrawn(context, ...this.toScreen(code), i === draws.lit ? 10 : 5);
    if (near) trace([2, 4], point, near);
    if (start) {
      trace([7, 4], start, point);
      this.drawHandle(context, start, "A");
    }
    this.drawHandle(context, point, start ? "B" : "");
    if (own) this.drawOwn(context, ...this.toScreen(own), 8);
  }
}
