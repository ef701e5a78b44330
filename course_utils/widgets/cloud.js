// Points in the plane, and what a line or a curve misses of them.

const RESIDUAL = "#d55e00"; // as in the lesson's figures

/** What a cloud's mean squared errors need: its mean, and its covariance (divided by n). */
export function momentsOf(points) {
  const [n, mean, covariance] = [points.length / 2, [0, 0], [0, 0, 0]]; // xx, xy, yy
  for (let i = 0; i < points.length; i++) mean[i % 2] += points[i] / n;
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [points[i] - mean[0], points[i + 1] - mean[1]];
    for (const [k, product] of [x * x, x * y, y * y].entries()) covariance[k] += product / n;
  }
  return { mean, covariance };
}

/** A plot of points (x0, y0, x1, y1, ...), in grey where a widget does not draw them itself. */
class Cloud extends Plot {
  /** `others`: more points that are to be in view. */
  constructor(canvas, points, others = []) {
    super(canvas, ["x 1", "x 2"], true);
    Object.assign(this, { points, ...surround([...points, ...others]) });
  }

  drawContents(context) {
    context.fillStyle = this.muted;
    context.globalAlpha = 0.5;
    for (let i = 0; i < this.points.length; i += 2) this.drawDot(context, i, 2);
  }

  drawDot(context, i, side) {
    const [left, top] = this.toScreen([this.points[i], this.points[i + 1]]);
    context.fillRect(left - side / 2, top - side / 2, side, side);
  }

  /** Draw the way from `count` of the points, spread evenly over the rows, to their feet: `foot(i)` is that of point i. */
  drawResiduals(context, count, foot) {
    const n = this.points.length / 2;
    Object.assign(context, { strokeStyle: this.onPaper(RESIDUAL), fillStyle: this.ink, lineWidth: 1.5 });
    for (let i = 0; i < n; i += Math.ceil(n / count)) {
      context.beginPath();
      context.moveTo(...this.toScreen([this.points[2 * i], this.points[2 * i + 1]]));
      context.lineTo(...this.toScreen(foot(i)));
      context.stroke();
      this.drawDot(context, 2 * i, 3);
    }
  }

  /** Stroke a curve (x0, y0, x1, y1, ...). */
  drawCurve(context, curve, color, width) {
    Object.assign(context, { strokeStyle: color, lineWidth: width, lineJoin: "round", lineCap: "round" });
    context.beginPath();
    for (let i = 0; i < curve.length; i += 2) context.lineTo(...this.toScreen([curve[i], curve[i + 1]]));
    context.stroke();
  }
}
