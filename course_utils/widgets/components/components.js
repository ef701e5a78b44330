// The browser side of ComponentMixer. __init__.py puts what it calls before this file.

const N_MIXED = 5; // so many of the first scores have a slider
const FAR = 3; // standard deviations that a score's slider reaches to each side, at least
const [STAGE, TERM, CHOICE] = [112, 56, 30]; // CSS pixels of an image: the digit, a term, a choice

/** Mean and components from their bytes: a Float32Array, and one for each component. */
export function readComponents(bytes, nPixels, n) {
  const part = (Type, from, length) =>
    typed(Type, new DataView(bytes.buffer, bytes.byteOffset + from, length * Type.BYTES_PER_ELEMENT));
  const mean = part(Float32Array, 0, nPixels);
  const steps = part(Int8Array, 4 * nPixels, n * nPixels);
  const sizes = part(Float32Array, (4 + n) * nPixels, n);
  return [mean, Array.from(sizes, (size, i) => Float32Array.from(steps.subarray(i * nPixels, (i + 1) * nPixels), (step) => step * size))];
}

export const scoresOf = (image, mean, components) =>
  components.map((component) => component.reduce((sum, weight, i) => sum + weight * (image[i] - mean[i]), 0));

/** The mean plus each score times its component. */
export function rebuild(mean, components, scores) {
  const sum = Float64Array.from(mean);
  scores.forEach((score, k) => {
    for (let i = 0; i < sum.length; i++) sum[i] += score * components[k][i];
  });
  return sum;
}

export const errorOf = (image, other) => image.reduce((sum, value, i) => sum + (value - other[i]) ** 2, 0) / image.length;

/** The error of the first k terms, for k from 0 to all. */
export function errorsOverK(image, mean, components, scores) {
  const sum = Float64Array.from(mean);
  return [errorOf(image, sum), ...scores.map((score, k) => {
    for (let i = 0; i < sum.length; i++) sum[i] += score * components[k][i];
    return errorOf(image, sum);
  })];
}

/** The error over k, with the place of the slider, and the autoencoder's where there is one. */
class ErrorCurve extends Plot {
  constructor(canvas, n) {
    super(canvas, ["components k", "error per pixel"]);
    this.box = [0, 0, n, 1];
  }

  draw(errors, k, net) {
    this.box[3] = Math.max(...errors, net ?? 0) * 1.08 || 1;
    this.drawBackground();
    const context = this.clear();
    const line = (color, dash, points) => {
      Object.assign(context, { strokeStyle: this.onPaper(color), lineWidth: 2 });
      context.setLineDash(dash);
      context.beginPath();
      for (const point of points) context.lineTo(...this.toScreen(point));
      context.stroke();
      context.setLineDash([]);
    };
    line(PCA_COLOR, [], errors.map((error, i) => [i, error]));
    if (net !== null) line(NET_COLOR, [7, 4], [[0, net], [this.box[2], net]]);
    context.fillStyle = this.onPaper(PCA_COLOR);
    context.beginPath();
    context.arc(...this.toScreen([k, errors[k]]), 6, 0, 2 * Math.PI);
    context.fill();
    this.outline(context, 1);
  }
}

class ComponentsView extends View {
  constructor(model, el) {
    super(model, el, "course-components", "A digit, component by component");
    this.shape = model.get("_image_shape");
    [this.height, this.width] = this.shape;
    this.nPixels = this.height * this.width;
    this.spreads = model.get("_spreads");
    [this.mean, this.components] = readComponents(model.get("_components"), this.nPixels, this.spreads.length);
    const bytes = typed(Uint8Array, model.get("_images"));
    this.images = model.get("_labels").map((_, i) =>
      Float32Array.from(bytes.subarray(i * this.nPixels, (i + 1) * this.nPixels), (byte) => byte / 255));
    if (model.get("_layers").length)
      [this.encode, this.decode] = ["_encoder", ""].map((name) =>
        makeNet(model.get(`${name}_weights`), model.get(`${name}_layers`)));
    this.build();
    for (const trait of ["k", "_own_scores", "_chosen"]) this.follow(trait, () => this.draw());
    this.follow("drawing", () => this.takeDrawing());
    this.begin();
  }

  build() {
    this.pad = new Pad(this);
    this.sheet = element("div", "cm-draw", {}, this.pad.root, this.pad.help);
    this.stage = ["The digit", "Mean plus terms", ...(this.decode ? ["Autoencoder, 2"] : [])].map((label) => this.figure(label));
    this.text = element("p", "cm-text");
    this.kSlider = new Slider(this, "components k", { min: 1, max: this.components.length }, (k) => this.set("k", k));
    const curve = element("canvas", "cm-curve", { role: "img" });
    this.curve = new ErrorCurve(curve, this.components.length);
    this.terms = [-1, ...this.components.keys()].map((i) => this.figure(i < 0 ? "mean" : String(i + 1)));
    this.reset = makeButton("The digit's own scores");
    this.on(this.reset, "click", () => this.set("_own_scores", []));
    this.root.append(
      element("p", "course-try", {},
        "Move k from 1 up until you can read the digit; then pull score 1 to the other side and see what it becomes."),
      this.buildChoices(), this.sheet,
      element("div", "cm-main", {}, element("div", "cm-stage", {}, ...this.stage.map(({ root }) => root), this.text), curve),
      this.kSlider.root,
      element("p", "cm-heading", {}, "Mix your own: the first scores"), this.buildMixer(),
      element("div", "course-tools", {}, this.reset),
      element("p", "cm-heading", {}, "The sum, term by term: the mean, then score × component (red adds ink, blue takes it away)"),
      element("div", "cm-terms", {}, ...this.terms.map(({ root }) => root)), this.live);
  }

  figure(label) {
    const canvas = element("canvas", "", { role: "img", "aria-label": label });
    const caption = element("figcaption", "", {}, label);
    return { canvas, caption, root: element("figure", "", {}, caption, canvas) };
  }

  buildChoices() {
    const labels = this.model.get("_labels");
    this.choices = labels.map((label, i) => {
      const canvas = element("canvas", "", { "aria-hidden": "true" });
      const button = makeButton(canvas, { "aria-label": `Image ${i + 1}: a ${label}` });
      this.on(button, "click", () => this.choose(i));
      return [button, canvas];
    });
    this.drawButton = makeButton("Draw your own");
    this.on(this.drawButton, "click", () => this.choose(-1));
    return element("div", "cm-choices", { role: "group", "aria-label": "Which digit" },
      ...this.choices.map(([button]) => button), this.drawButton);
  }

  buildMixer() {
    this.mixers = this.spreads.slice(0, N_MIXED).map((spread, i) => {
      const reach = FAR * spread;
      return new Slider(this, `score ${i + 1}`, { min: -reach, max: reach, step: spread / 20 }, (score) => this.mix(i, score));
    });
    return element("div", "cm-mix", {}, ...this.mixers.map(({ root }) => root));
  }

  choose(i) {
    this.set("_own_scores", []);
    this.set("_chosen", i);
  }

  /** A slider that is moved begins with the digit's own scores. */
  mix(i, score) {
    this.set("_own_scores", this.scores().slice(0, N_MIXED).with(i, score));
  }

  takeDrawing() {
    if (this.model.get("_chosen") !== -1) return;
    if (this.model.get("_own_scores").length) this.set("_own_scores", []);
    else this.draw();
  }

  /** The digit that is rebuilt; an empty pad is an empty page. */
  get image() {
    const bytes = this.model.get("drawing");
    const drawn = () => (bytes ? typed(Float32Array, bytes) : new Float32Array(this.nPixels));
    return this.images[this.model.get("_chosen")] ?? drawn();
  }

  scores() {
    const own = this.model.get("_own_scores");
    return [...own, ...scoresOf(this.image, this.mean, this.components).slice(own.length)];
  }

  resize() {
    if (!this.curve.resize()) return;
    for (const [i, [, canvas]] of this.choices.entries()) drawImages(canvas, [this.images[i]], this.shape, CHOICE);
    this.draw();
  }

  draw() {
    if (!this.curve.size) return; // not shown
    const [k, chosen, image, scores] = [this.model.get("k"), this.model.get("_chosen"), this.image, this.scores()];
    for (const [i, [button]] of this.choices.entries()) button.setAttribute("aria-pressed", i === chosen);
    this.drawButton.setAttribute("aria-pressed", chosen === -1);
    this.sheet.hidden = chosen !== -1;
    if (chosen === -1) this.pad.draw();
    const errors = errorsOverK(image, this.mean, this.components, scores);
    const net = this.drawStage(image, rebuild(this.mean, this.components, scores.slice(0, k)));
    this.curve.draw(errors, k, net);
    this.drawTerms(scores, k);
    this.describe(errors, k, net, scores);
  }

  /** Draw the digit and what is made of it; return the autoencoder's error, null without one. */
  drawStage(image, sum) {
    const code = this.decode && this.encode(image);
    const decoded = code && this.decode(code);
    for (const [i, pixels] of [image, sum, ...(decoded ? [decoded] : [])].entries())
      drawImages(this.stage[i].canvas, [pixels], this.shape, STAGE);
    if (!decoded) return null;
    this.code = `(${[...code].map((value) => show(value, 1)).join(", ")})`;
    return errorOf(image, decoded);
  }

  /** All terms have one scale, so that the later ones are seen to be the fainter. */
  drawTerms(scores, k) {
    const values = this.components.slice(0, k).map((component, i) => component.map((weight) => scores[i] * weight));
    const limit = Math.max(1e-6, ...values.map((term) => term.reduce((most, value) => Math.max(most, Math.abs(value)), 0)));
    for (const [i, { root, canvas, caption }] of this.terms.entries()) {
      root.hidden = i > k;
      if (i > k) continue;
      if (!i) {
        drawImages(canvas, [this.mean], this.shape, TERM);
        continue;
      }
      drawImages(canvas, [values[i - 1]], this.shape, TERM, { colored: inRedAndBlue(limit) });
      caption.textContent = show(scores[i - 1], 1);
      canvas.setAttribute("aria-label", `Component ${i} times ${show(scores[i - 1], 1)}`);
    }
  }

  describe(errors, k, net, scores) {
    const isMixed = this.model.get("_own_scores").length > 0;
    const error = errors[k].toPrecision(3);
    this.stage[1].caption.textContent = isMixed ? `Your mix, k = ${k}` : `PCA, k = ${k}`;
    this.text.textContent = `Mean squared error per pixel: ${error} with ${k} component${k > 1 ? "s" : ""}` +
      `${isMixed ? ", your scores among them" : ""}${net === null ? "." : `; ${net.toPrecision(3)} with the autoencoder's two numbers, ${this.code}.`}`;
    this.kSlider.set(k, String(k));
    this.mixers.forEach((mixer, i) => {
      const reach = Math.max(FAR * this.spreads[i], Math.abs(scores[i])); // no digit's own score is out of reach
      Object.assign(mixer.input, { min: -reach, max: reach });
      mixer.set(scores[i], show(scores[i], 1));
      mixer.root.classList.toggle("cm-unused", i >= k);
      mixer.input.disabled = i >= k;
    });
    this.reset.disabled = !isMixed;
    this.curve.canvas.setAttribute("aria-label", `Error over the number of components. ${this.text.textContent}`);
    this.say(this.text.textContent);
  }
}

/** anywidget's entry: draw `model` in `el`, return what cleans up. */
function render({ model, el }) {
  const view = new ComponentsView(model, el);
  return () => view.destroy();
}

export default { render };
