// The browser side of Playground. __init__.py puts what it calls before this file.

const UNITS = 20; // of each hidden layer, as in the lesson
const TIME_HERE = 8; // milliseconds of training, of the 17 between two frames, where no worker does it
const KEPT = 1.01; // the next loss is kept for the curve after 1 % more steps
const N_RESIDUALS = 25;
const REACH = 22; // CSS pixels around the hand in which points move along
const SPRAY = [3, 6, 8]; // points that are drawn at once, how far around the hand, and how far it moves in between: pixels
const MOST_POINTS = 3000;
const KEY_STEP = 12; // pixels that an arrow key moves the hand; with Shift four times as far
const STOPS = ["#440154", "#3b528b", "#21918c", "#5ec962"]; // of the code's colours: viridis without its palest end
const N_COLORS = 32;
const DATA = { gaussians: "Two Gaussians", bow: "Bow", spiral: "Spiral", ring: "Ring", own: "Draw your own" };
const RATES = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1];
const toBytes = (numbers) => new DataView(new Float32Array(numbers).buffer);
const plural = (n, word) => `${n.toLocaleString("en")} ${word}${n === 1 ? "" : "s"}`;

/** PCA's line of points with these moments: its angle in radians, the error that it leaves, and that of the mean alone. */
export function pcaOf({ covariance: [xx, xy, yy] }) {
  const [half, spread] = [(xx + yy) / 2, Math.hypot((xx - yy) / 2, xy)];
  return { angle: Math.atan2(2 * xy, xx - yy) / 2, error: Math.max(half - spread, 0) / 2, total: half };
}

/** Points, PCA's line, the decoder's curve, residuals, and the reader's hand. */
class Stage extends Cloud {
  constructor(canvas) {
    super(canvas, [-1, -1, 1, 1]);
    this.curve = new Float64Array(2 * BATCH);
  }

  /** Show other points; where there are none yet, a part of the plane with room for some. */
  take(points) {
    const inView = points.length ? points : [-2, -2, 2, 2];
    Object.assign(this, { points, ...surround(inView) });
    if (this.size) this.drawBackground();
  }

  resize() {
    if (!super.resize()) return false;
    const parts = Array.from({ length: N_COLORS }, (_, i) => (i / (N_COLORS - 1)) * (STOPS.length - 1));
    this.colors = parts.map((part) => {
      const k = Math.min(Math.floor(part), STOPS.length - 2);
      return this.onPaper(`color-mix(in srgb, ${STOPS[k + 1]} ${100 * (part - k)}%, ${STOPS[k]})`);
    });
    return true;
  }

  drawContents() {} // the points' colours change with the code

  draw(trainer, { low, high }, pca, moments, hand) {
    const context = this.clear();
    context.save();
    this.clip(context);
    this.drawPoints(context, trainer.codes, low, high);
    if (pca) this.drawLine(context, moments.mean, pca.angle);
    if (trainer.codes.length) {
      trainer.decode(low, high, this.curve);
      this.drawCurve(context, this.curve, this.onPaper(NET_COLOR), 9);
      this.drawCode(context);
      const { reconstruction } = trainer;
      this.drawResiduals(context, N_RESIDUALS, (i) => [reconstruction[2 * i], reconstruction[2 * i + 1]]);
    }
    if (hand) this.drawHand(context, hand);
    context.restore();
  }

  drawPoints(context, codes, low, high) {
    const { points, scale } = this;
    const [left, top] = this.toScreen([0, 0]);
    const shades = Uint8Array.from(codes, (code) => ((code - low) / (high - low || 1)) * (N_COLORS - 0.01));
    context.globalAlpha = 0.6;
    for (let color = 0; color < N_COLORS; color++) {
      context.fillStyle = this.colors[color];
      for (let i = 0; i < codes.length; i++) // not drawDot: thousands of points are drawn in every frame
        if (shades[i] === color)
          context.fillRect(left + scale[0] * points[2 * i] - 1.5, top - scale[1] * points[2 * i + 1] - 1.5, 3, 3);
    }
    context.globalAlpha = 1;
  }

  drawLine(context, mean, angle) {
    const [x0, y0, x1, y1] = this.window;
    const [far, vx, vy] = [2 * Math.hypot(x1 - x0, y1 - y0), Math.cos(angle), Math.sin(angle)];
    const ends = [-far, far].flatMap((along) => [mean[0] + along * vx, mean[1] + along * vy]);
    this.drawCurve(context, ends, this.onPaper(PCA_COLOR), 3);
  }

  /** The code as a colour along the curve, from its lowest to its highest value. */
  drawCode(context) {
    const [n, { curve }] = [BATCH, this];
    for (let color = 0; color < N_COLORS; color++) {
      const [from, to] = [0, 1].map((next) => Math.round(((color + next) * (n - 1)) / N_COLORS));
      this.drawCurve(context, curve.subarray(2 * from, 2 * to + 2), this.colors[color], 4);
    }
  }

  drawHand(context, [x, y]) {
    context.beginPath();
    context.arc(x, y, REACH, 0, 2 * Math.PI);
    this.outline(context, 1.5);
  }
}

/** The player's button trains: while it plays, a worker does. */
class Training extends Player {
  constructor(view, ...others) {
    super(view, ...others);
    this.view = view;
  }

  start() {
    super.start();
    this.view.handOver();
  }

  stop() {
    super.stop();
    this.view.takeBack();
  }
}

class PlaygroundView extends View {
  constructor(model, el) {
    super(model, el, "course-playground", "Playground: an autoencoder to train");
    this.adds = false; // what the hand does: move points, or add some
    this.hand = null; // where it is on the canvas, when it is to be seen
    this.held = []; // which points it holds
    this.sent = {}; // what this view gave the model
    this.movedPoints = false; // since the model was told
    this.worker = null; // trains while the player plays
    this.news = null; // what the worker sent last, until it is drawn
    this.edition = 0; // how often the points have changed
    this.build();
    this.listen();
    this.open();
    this.begin();
  }

  build() {
    const choice = (name, options, trait) => new Choice(this, name, options, (value) => this.set(trait, value));
    const named = (values) => values.map((value) => [value, String(value)]);
    this.choices = {
      hidden_layers: choice("Hidden layers, each half", named([0, 1, 2]), "hidden_layers"),
      activation: choice("Activation", named(["linear", "relu", "elu", "tanh"]), "activation"),
      latent_activation: choice("Code", named(["linear", "relu"]), "latent_activation"),
      learning_rate: choice("Learning rate", named(RATES), "learning_rate"),
      seed: choice("Seed", named([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), "seed"),
    };
    this.shapes = Object.entries(DATA).map(([data, name]) => [data, makeButton(name)]);
    this.hands = [[false, "Move points"], [true, "Add points"]].map(([adds, name]) => [adds, makeButton(name)]);
    const [step, restart] = [makeButton("Step", { "aria-label": "One training step" }), makeButton("Restart")];
    this.on(step, "click", () => this.takeStep());
    this.on(restart, "click", () => {
      this.player.stop();
      this.restart();
    });
    this.player = new Training(this, "Train", () => this.tick(), step, restart);
    this.on(this.player.play, "click", () => this.player.isPlaying || this.show()); // points may have moved since the last news
    this.help = element("p", "course-help", { id: `${this.id}-help` });
    const canvas = element("canvas", "pg-stage", {
      tabindex: 0, role: "application", "aria-roledescription": "plane with points",
      "aria-describedby": `${this.live.id} ${this.help.id}`, ...OWN_KEYS,
    });
    this.stage = new Stage(canvas);
    this.losses = new Losses(element("canvas", "pg-losses", { role: "img" }));
    [this.when, this.error, this.verdict, this.size] =
      ["pg-when", "pg-error", "pg-verdict", "pg-size course-help"].map((name) => element("p", name));
    this.range = [element("span", "course-value"), element("span", "course-value")];
    this.bar = element("span", "pg-bar", { "aria-hidden": "true" });
    const group = (name, buttons) => element("div", "course-tools", { role: "group", "aria-label": name }, ...buttons);
    this.root.append(element("p", "course-try", {}, this.invite()),
      group("Points", this.shapes.map(([, button]) => button)),
      element("div", "course-tools", {}, ...Object.values(this.choices).map(({ root }) => root)),
      this.player.root,
      element("div", "pg-main", {}, canvas,
        element("div", "pg-side", {}, element("div", "pg-text", {}, this.when, this.error, this.verdict), this.losses.canvas, this.size)),
      this.buildLegend(),
      group("What the hand does", this.hands.map(([, button]) => button)), this.help, this.live);
  }

  /** One line that says what to try, for the net to begin with. */
  invite() {
    return this.isLinear
      ? "Press Train: everything is linear, and the orange curve turns onto PCA's blue line. Then choose relu, and train again."
      : "Press Train and watch the orange curve bend. Then choose a linear activation: it straightens onto PCA's blue line.";
  }

  buildLegend() {
    this.keys = [[PCA_COLOR, "PCA's line"], [NET_COLOR, "the decoder's curve"], [RESIDUAL, "residuals of some points"]].map(
      ([color, name]) => [color, element("span", "pg-key", { "aria-hidden": "true" }), name]);
    return element("ul", "course-legend", { "aria-label": "Legend" },
      ...this.keys.map(([, key, name]) => element("li", "", {}, key, name)),
      element("li", "", {}, "the code, from ", this.range[0], this.bar, "to ", this.range[1]));
  }

  listen() {
    for (const [data, button] of this.shapes)
      this.on(button, "click", () => {
        if (data === this.model.get("data")) this.beginAnew();
        else this.set("data", data);
      });
    for (const [adds, button] of this.hands)
      this.on(button, "click", () => {
        this.adds = adds;
        this.showControls();
      });
    this.follow("data", () => this.beginAnew());
    for (const trait of ["hidden_layers", "activation", "latent_activation", "seed"]) this.follow(trait, () => this.restart());
    this.follow("learning_rate", () => {
      this.showControls();
      this.post({});
    });
    for (const trait of ["points", "weights"])
      this.follow(trait, () => this.model.get(trait) === this.sent[trait] || this.open()); // another view's
    this.listenToHand();
  }

  listenToHand() {
    const { canvas } = this.stage;
    this.onDrag(canvas, {
      start: (event) => this.putDown([event.offsetX, event.offsetY]),
      move: (event) => this.moveHand([event.offsetX, event.offsetY]),
      end: () => this.putAway(),
    });
    this.onArrows(canvas, 4, ([right, up]) => {
      const [x, y] = this.hand ?? this.stage.toScreen(this.moments?.mean ?? [0, 0]);
      const step = this.hand ? KEY_STEP : 0; // the first only shows where the hand is
      this.moveHand([x + step * right, y - step * up]);
    });
    this.on(canvas, "keydown", (event) => {
      if (event.key !== " " || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.repeat) return;
      if (this.down) this.lift();
      else this.putDown(this.hand ?? this.stage.toScreen(this.moments?.mean ?? [0, 0]));
    });
    this.on(canvas, "blur", () => this.putAway());
  }

  get isLinear() {
    const of = (trait) => this.model.get(trait);
    return of("latent_activation") === "linear" && (of("activation") === "linear" || of("hidden_layers") === 0);
  }

  /** Begin where the model is, or at the beginning. */
  open() {
    this.player.stop();
    const [points, weights] = [this.model.get("points"), this.model.get("weights")];
    if (!points || !weights) return this.beginAnew();
    this.takePoints(Float64Array.from(typed(Float32Array, points)));
    this.makeTrainer();
    if (weights.byteLength === 4 * this.trainer.net.weights.length) this.trainer.net.weights.set(typed(Float32Array, weights));
    this.trainer.epochs = this.model.get("epoch");
    this.trainer.steps = this.trainer.epochs * Math.ceil(this.points.length / 2 / BATCH);
    this.showControls();
    this.look();
    this.draw();
  }

  beginAnew() {
    this.adds = this.model.get("data") === "own";
    this.takePoints(SHAPES[this.model.get("data")]());
    this.tellPoints();
    this.restart();
  }

  takePoints(points) {
    this.points = points;
    this.stage.take(points);
    this.measurePoints();
  }

  measurePoints() {
    this.moments = this.points.length ? momentsOf(this.points) : null;
    this.pca = this.moments && pcaOf(this.moments);
  }

  makeTrainer() {
    const of = (trait) => this.model.get(trait);
    this.trainer = new Trainer(this.points, {
      hidden: of("hidden_layers"), units: UNITS, activation: of("activation"), latent: of("latent_activation"), seed: of("seed"),
    });
    this.history = { steps: [], losses: [] };
  }

  /** The first weights again, or those of another net; what is training goes on training. */
  restart() {
    this.makeTrainer();
    if (this.player.isPlaying) this.handOver();
    this.showControls();
    this.show();
    this.say(this.summary());
  }

  /** Let a worker train from here on. What it sends is drawn in the next frame; what it has not sent never was. */
  handOver() {
    this.takeBack();
    if (!this.points.length) return;
    const worker = startWorker();
    this.worker = worker;
    if (!worker) return;
    worker.onmessage = ({ data }) => {
      if (this.worker === worker) this.news = data;
    };
    worker.onerror = () => this.takeBack(); // the page forbids it: then it trains here
    const { settings } = this.trainer;
    this.post({ points: this.points, settings, saved: this.trainer.save() });
  }

  /** Tell the worker of new points or a new rate, or that its news have been drawn. */
  post(message) {
    this.worker?.postMessage({ edition: this.edition, rate: this.model.get("learning_rate"), ...message });
  }

  takeBack() {
    this.worker?.terminate();
    this.worker = this.news = null;
  }

  /** The time of one frame goes by. */
  tick() {
    if (!this.points.length) this.player.stop();
    else if (!this.worker) this.train();
    else if (this.news) this.takeNews();
  }

  takeNews() {
    const { trainer, news } = this;
    this.news = null;
    this.post({});
    if (news.rows.codes.length !== trainer.codes.length) return; // of points before some were added
    trainer.load(news);
    this.show(news.edition === this.edition ? news.loss : trainer.measure());
  }

  train() {
    this.trainer.trainFor(TIME_HERE, this.model.get("learning_rate"));
    this.show();
  }

  takeStep() {
    this.player.stop();
    if (!this.points.length) return;
    this.trainer.step(this.model.get("learning_rate"));
    this.show();
    this.say(this.summary());
  }

  /** Let the reader, Python and other views see where the net is now; `loss` where it has been measured. */
  show(loss) {
    this.look(loss);
    this.tell();
    this.draw();
  }

  /** What the net makes of the points now. */
  look(loss = this.points.length ? this.trainer.measure() : null) {
    const { trainer, history } = this;
    this.loss = loss;
    let [low, high] = [Infinity, -Infinity];
    for (const code of trainer.codes) {
      if (code < low) low = code;
      if (code > high) high = code;
    }
    this.codes = this.points.length ? { low, high } : { low: 0, high: 0 };
    const [step, last] = [trainer.steps, history.steps.length - 1];
    const isNew = last < 1 || step >= KEPT * history.steps[last - 1];
    if (this.loss === null) return;
    if (history.steps[last] === step || !isNew) [history.steps[last], history.losses[last]] = [step, this.loss];
    else {
      history.steps.push(step);
      history.losses.push(this.loss);
    }
  }

  /** Let Python and other views know: points, weights and loss of one moment. */
  tell() {
    if (this.movedPoints) this.tellPoints();
    this.sent.weights = toBytes(this.trainer.net.weights);
    this.set("epoch", this.trainer.epochs);
    this.set("loss", this.loss);
    this.set("weights", this.sent.weights);
  }

  tellPoints() {
    this.movedPoints = false;
    this.sent.points = toBytes(this.points);
    this.set("points", this.sent.points);
  }

  putDown(hand) {
    this.hand = hand;
    this.down = true;
    if (this.adds) {
      this.sprayed = null;
      return this.moveHand(hand);
    }
    const distances = Array.from({ length: this.points.length / 2 }, (_, i) => {
      const [left, top] = this.stage.toScreen([this.points[2 * i], this.points[2 * i + 1]]);
      return Math.hypot(left - hand[0], top - hand[1]);
    });
    const nearest = Math.max(REACH, Math.min(...distances));
    this.held = [...distances.keys()].filter((i) => distances[i] <= nearest);
    this.draw();
  }

  /** The hand goes somewhere: what it holds, or draws, goes with it, and line and curve follow. */
  moveHand([x, y]) {
    const { stage } = this;
    const to = stage.clamp(stage.toData(x, y));
    const from = stage.toData(...(this.hand ?? [x, y]));
    this.hand = stage.toScreen(to);
    if (this.down && this.adds) this.spray(to);
    else if (this.held.length)
      for (const i of this.held) for (const axis of [0, 1]) this.points[2 * i + axis] += to[axis] - from[axis];
    if (!this.down) return this.draw();
    this.edition++;
    this.measurePoints();
    this.movedPoints = true;
    if (this.player.isPlaying) this.post({ points: this.points });
    else if (this.points.length) return this.train();
    this.draw();
  }

  /** Add points around a place. */
  spray([x, y]) {
    const [count, around, apart] = SPRAY;
    const [left, top] = this.hand;
    if (this.sprayed && Math.hypot(left - this.sprayed[0], top - this.sprayed[1]) < apart) return;
    this.sprayed = this.hand;
    const width = around / this.stage.scale[0];
    const added = Array.from({ length: 2 * count }, (_, i) => (i % 2 ? y : x) + width * (2 * Math.random() - 1));
    if (this.points.length / 2 + count > MOST_POINTS) return;
    this.points = Float64Array.from([...this.points, ...added]);
    this.stage.points = this.points;
    this.trainer.take(this.points);
  }

  lift() {
    this.down = false;
    this.held = [];
    this.draw();
    this.say(this.summary());
  }

  putAway() {
    if (this.down) this.lift();
    this.hand = null;
    this.draw();
  }

  resize() {
    if (!this.stage.resize() || !this.losses.resize()) return;
    for (const [color, key] of this.keys) key.style.background = this.stage.onPaper(color);
    this.bar.style.background = `linear-gradient(to right, ${this.stage.colors.join(", ")})`;
    this.draw();
  }

  draw() {
    if (!this.stage.size) return; // not shown
    this.stage.draw(this.trainer, this.codes, this.pca, this.moments, this.hand);
    const { steps, losses } = this.history;
    if (steps.length) {
      this.losses.take(steps, losses, this.pca.error, 1.15 * Math.max(this.pca.total, this.pca.error));
      this.losses.mark(steps.length - 1);
    } else this.losses.clear();
    this.describe();
  }

  /** What the reader can choose, as it is now. */
  showControls() {
    for (const [trait, choice] of Object.entries(this.choices)) choice.set(this.model.get(trait));
    for (const [data, button] of this.shapes) button.setAttribute("aria-pressed", String(data === this.model.get("data")));
    for (const [adds, button] of this.hands) button.setAttribute("aria-pressed", String(adds === this.adds));
    this.help.textContent = this.adds
      ? "Draw points into the picture. By keys: arrows move the hand, Space begins and ends a stroke."
      : "Drag some points, and line and curve follow. By keys: arrows move the hand, Space takes points and lets them go.";
  }

  describe() {
    const { net, steps, epochs } = this.trainer;
    this.when.textContent = `${plural(steps, "step")}, ${plural(epochs, "epoch")}`;
    this.error.textContent = this.loss === null ? "No points yet"
      : `Error ${this.loss.toPrecision(3)}, PCA's ${this.pca.error.toPrecision(3)}`;
    this.verdict.textContent = this.judge();
    for (const [i, code] of [this.codes.low, this.codes.high].entries()) this.range[i].textContent = show(code);
    const sizes = [net.layers[0].nIn, ...net.layers.map(({ nOut }) => nOut)].join("-");
    this.size.textContent = `${plural(this.points.length / 2, "point")}; a net ${sizes} with ${plural(net.weights.length, "parameter")}`;
    this.stage.canvas.setAttribute("aria-label", `Points, PCA's line and the decoder's curve. ${this.summary()}`);
    this.losses.canvas.setAttribute("aria-label", `The loss against training steps. ${this.summary()}`);
  }

  /** What a reader might not see by themselves. */
  judge() {
    if (this.loss === null) return "Draw some points into the picture, then press Train.";
    const { low, high } = this.codes;
    if (this.model.get("latent_activation") === "relu") {
      const silent = this.trainer.codes.reduce((count, code) => count + (code === 0), 0) / this.trainer.codes.length;
      if (silent === 1)
        return "The code is dead: relu makes it 0 for every point. No gradient passes through it, so training cannot revive it. Try another seed.";
      if (silent > 0.005) return `The code is 0 for ${Math.round(100 * silent)} % of the points: they all land on one place.`;
    }
    if (this.isLinear && high > low) {
      const [x0, y0] = this.stage.curve;
      const [x1, y1] = this.stage.curve.subarray(-2);
      const turn = Math.abs(Math.atan2(y1 - y0, x1 - x0) - this.pca.angle) % Math.PI;
      const degrees = (Math.min(turn, Math.PI - turn) * 180) / Math.PI;
      return `A linear net can only draw a straight line. It is ${show(degrees, 1)} degrees off PCA's, which none can beat.`;
    }
    const gain = 1 - this.loss / this.pca.error;
    return gain > 0.005 ? `The curve bends: ${Math.round(100 * gain)} % less error than PCA's line.` : "";
  }

  summary() {
    return [this.when, this.error, this.verdict].map((part) => part.textContent).filter(Boolean).join(". ");
  }
}

/** anywidget's entry: draw `model` in `el`, return what cleans up. */
function render({ model, el }) {
  const view = new PlaygroundView(model, el);
  return () => view.destroy();
}

export default { render };
