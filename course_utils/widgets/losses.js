// The loss of a training beside PCA's error.

/** The loss against the steps, from 0 on and each tick ten times as far as the one before. */
class Losses extends Plot {
  constructor(canvas) {
    super(canvas, ["training step", "mean squared error"]);
    this.take([0], [0], null);
  }

  /** Show these from now on; `top` is the end of the axis of losses. */
  take(steps, losses, pca, top = Math.max(...losses, pca ?? 0) * 1.05) {
    Object.assign(this, { losses, pca, places: steps.map((step) => Math.log10(1 + step)) });
    this.box = [0, 0, Math.max(this.places.at(-1), 1) * 1.02, top || 1];
    if (this.size) this.drawBackground();
  }

  ticks(low, high, room) {
    if (low !== this.window[0] || high !== this.window[2]) return super.ticks(low, high, room);
    const powers = Array.from({ length: Math.ceil(high) }, (_, power) => 10 ** power);
    return [0, ...powers].map((step) => [Math.log10(1 + step), String(step)]).filter(([place]) => place <= high);
  }

  drawContents(context) {
    const line = (color, width, dash, points) => {
      Object.assign(context, { strokeStyle: this.onPaper(color), lineWidth: width });
      context.setLineDash(dash);
      context.beginPath();
      for (const point of points) context.lineTo(...this.toScreen(point));
      context.stroke();
    };
    if (this.pca !== null) {
      line(PCA_COLOR, 2, [7, 4], [[0, this.pca], [this.box[2], this.pca]]);
      Object.assign(context, { font: "12px system-ui, sans-serif", fillStyle: this.ink, textAlign: "left", textBaseline: "top" });
      const [x, y] = this.toScreen([0, this.pca]);
      context.fillText("PCA", x + 4, y + 3);
    }
    line(NET_COLOR, 2.5, [], this.losses.map((loss, i) => [this.places[i], loss]));
  }

  /** Mark the loss of one moment. */
  mark(i) {
    const context = this.clear();
    context.save();
    this.clip(context);
    context.fillStyle = this.onPaper(NET_COLOR);
    context.beginPath();
    context.arc(...this.toScreen([this.places[i], this.losses[i]]), 6, 0, 2 * Math.PI);
    context.fill();
    this.outline(context, 1);
    context.restore();
  }
}
