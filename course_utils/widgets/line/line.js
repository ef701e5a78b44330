// The browser side of LineExplorer. __init__.py puts view.js, plot.js and cloud.js before this file.

const [STEP, BIG] = [1, 10]; // degrees for an arrow key, and with Shift
const NEAR = 8; // CSS pixels around the mean within which a pointer has no direction
const N_RESIDUALS = 50; // so many are drawn, of points spread evenly over the rows
const modulo = (angle) => ((angle % 180) + 180) % 180 % 180;
const direction = (angle) => [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];

/** The mean squared error over all points and both coordinates of the line through `anchor`. */
export function lineError({ mean, covariance: [xx, xy, yy] }, anchor, angle) {
  const [[vx, vy], dx, dy] = [direction(angle), mean[0] - anchor[0], mean[1] - anchor[1]];
  const across = vx * vx * yy - 2 * vx * vy * xy + vy * vy * xx; // the variance at right angles to the line
  return (across + (vx * dy - vy * dx) ** 2) / 2;
}

class LineCloud extends Cloud {
  /** Draw the line through `anchor`, its residuals, and two rings where a hand may take it. */
  draw(anchor, angle, rings) {
    const [context, [vx, vy]] = [this.clear(), direction(angle)];
    const at = (along) => [anchor[0] + along * vx, anchor[1] + along * vy];
    const [x0, y0, x1, y1] = this.window;
    context.save();
    this.clip(context);
    const { points } = this;
    this.drawResiduals(context, N_RESIDUALS, (i) =>
      at((points[2 * i] - anchor[0]) * vx + (points[2 * i + 1] - anchor[1]) * vy));
    const far = Math.hypot(x1 - x0, y1 - y0) + Math.hypot(anchor[0] - x0, anchor[1] - y0);
    context.beginPath();
    for (const end of [-far, far]) context.lineTo(...this.toScreen(at(end)));
    this.outline(context, 2);
    context.restore();
    if (rings) for (const side of [-1, 1]) this.drawHandle(context, at(side * 0.36 * Math.min(x1 - x0, y1 - y0)), "");
  }
}

/** The error against the angle, where the line has been. */
class Curve extends Plot {
  constructor(canvas, moments) {
    super(canvas, ["angle of the line (degrees)", "mean squared error"]);
    this.moments = moments;
    const [xx, , yy] = moments.covariance;
    this.most = ((xx + yy) / 2) * 1.05 || 1; // no line through the mean has a larger error
    this.box = [0, 0, 180, this.most];
  }

  draw(tried, angle, error) {
    const top = Math.max(this.most, error * 1.1);
    if (top !== this.box[3]) {
      this.box[3] = top;
      this.drawBackground();
    }
    const context = this.clear();
    context.fillStyle = this.ink;
    for (const half of tried) {
      const [x, y] = this.toScreen([half / 2, lineError(this.moments, this.moments.mean, half / 2)]);
      context.fillRect(x - 1.5, y - 1.5, 3, 3);
    }
    context.fillStyle = this.onPaper(RESIDUAL);
    context.beginPath();
    context.arc(...this.toScreen([angle, error]), 6, 0, 2 * Math.PI);
    context.fill();
    this.outline(context, 1);
  }
}

class LineView extends View {
  constructor(model, el) {
    super(model, el, "line-explorer", "Line explorer");
    this.points = typed(Float32Array, model.get("_points"));
    this.moments = momentsOf(this.points);
    this.lines = model.get("_lines"); // [name, anchor, angle] of each
    this.build();
    this.listen();
    this.trace();
    this.begin();
  }

  build() {
    const n = this.points.length / 2;
    const drawn = Math.ceil(n / Math.ceil(n / N_RESIDUALS));
    const help = element("p", "course-help", { id: `${this.id}-help` },
      "By keys: focus the picture and press the arrows (with Shift: bigger steps). " +
      `Residuals are drawn for ${drawn} of the ${n} points; the error is that of all.`);
    this.slider = element("canvas", "ln-cloud", {
      tabindex: 0, role: "slider", "aria-label": "Angle of the line", "aria-valuemin": 0, "aria-valuemax": 180,
      "aria-describedby": help.id, ...OWN_KEYS,
    });
    this.cloud = new LineCloud(this.slider, this.points, this.lines.flatMap(([, anchor]) => anchor));
    this.picture = element("canvas", "ln-curve", { role: "img" });
    this.curve = new Curve(this.picture, this.moments);
    this.angleText = element("p", "ln-angle");
    this.errorText = element("p", "ln-error");
    const texts = element("div", "ln-text", {}, this.angleText, this.errorText);
    const invitation = "Drag the line: turn it until the error is as small as you can make it.";
    this.root.append(element("p", "course-try", {}, invitation), ...this.buildChoices(),
      element("div", "ln-main", {}, this.slider, element("div", "ln-side", {}, texts, this.picture)), help, this.live);
  }

  /** The second mode: whose line is shown. Without lines of others there is nothing to choose. */
  buildChoices() {
    const names = this.lines.length ? ["yours", ...this.lines.map(([name]) => name)] : [];
    this.choices = names.map((_, i) => element("input", "", { type: "radio", name: this.id, value: i - 1, ...OWN_KEYS }));
    if (!names.length) return [];
    const labels = names.map((name, i) => element("label", "", {}, this.choices[i], name));
    return [element("fieldset", "ln-lines", {}, element("legend", "", {}, "Whose line?"), ...labels)];
  }

  listen() {
    this.onDrag(this.slider, { move: (event) => this.drag(event) });
    this.onArrows(this.slider, BIG / STEP, ([right, up]) => this.turn(this.angle + STEP * (right + up)));
    for (const choice of this.choices) this.on(choice, "change", () => this.set("_shown", Number(choice.value)));
    this.follow("angle", () => {
      this.trace();
      this.draw();
    });
    for (const trait of ["_shown", "_tried"]) this.follow(trait, () => this.draw());
  }

  get angle() {
    return this.model.get("angle");
  }

  /** Remember that the line has been here. */
  trace() {
    const [here, tried] = [Math.round(2 * this.angle) % 360, this.model.get("_tried")];
    if (!tried.includes(here)) this.set("_tried", [...tried, here]);
  }

  /** The line goes through the pointer, except where that is too near to the middle to tell a direction. */
  drag(event) {
    const [left, top] = this.cloud.toScreen(this.moments.mean);
    const [right, up] = [event.offsetX - left, top - event.offsetY];
    if (Math.hypot(right, up) > NEAR) this.turn((Math.atan2(up, right) * 180) / Math.PI);
  }

  /** A hand on the picture always turns the student's own line. */
  turn(angle) {
    if (this.model.get("_shown") !== -1) this.set("_shown", -1);
    this.set("angle", modulo(angle));
  }

  resize() {
    if (!this.cloud.resize() || !this.curve.resize()) return;
    this.draw();
  }

  draw() {
    if (!this.cloud.size) return; // not shown
    const [shown, own] = [this.model.get("_shown"), ["yours", this.moments.mean, this.angle]];
    const [name, anchor, angle] = this.lines[shown] ?? own;
    const error = lineError(this.moments, anchor, angle);
    for (const choice of this.choices) choice.checked = Number(choice.value) === shown;
    this.cloud.draw(anchor, angle, shown === -1);
    this.curve.draw(this.model.get("_tried"), angle, error);
    this.describe(shown === -1 ? "" : `${name}: `, angle, error);
  }

  describe(whose, angle, error) {
    this.angleText.textContent = `${whose}${show(angle, 1)} degrees`;
    this.errorText.textContent = `Mean squared error ${error.toPrecision(3)}`;
    const said = `${this.angleText.textContent}, mean squared error ${error.toPrecision(3)}`;
    this.slider.setAttribute("aria-valuenow", angle.toFixed(1));
    this.slider.setAttribute("aria-valuetext", said);
    const count = this.model.get("_tried").length;
    this.picture.setAttribute("aria-label", `Error against angle, at ${count} angle(s) tried; now ${said}`);
    this.say(said);
  }
}

/** anywidget's entry: draw `model` in `el`, return what cleans up. */
function render({ model, el }) {
  const view = new LineView(model, el);
  return () => view.destroy();
}

export default { render };
