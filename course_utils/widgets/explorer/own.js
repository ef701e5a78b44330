// What LatentExplorer makes of the digit on its pad: where the encoder puts it, and what the decoder makes of that.

const SEEN = 84; // CSS pixels of the longer side of the images beside the pad
// An error as a part of what the average image leaves. In lesson 5 it is above this for 9 % of the digits that the net
// has learnt, and for 92 % of the others (tests/browser/test_pad.py).
const STRANGE = 0.75;
const N_AVERAGED = 100; // decoded codes, for the average image

/** Labels as a reader says them: "the digits 0 to 9", "the digits 1, 5 and 6". */
function listOf(labels) {
  const [first, last] = [labels[0], labels.at(-1)];
  const kind = first >= 0 && last < 10 ? "the digits" : "the labels";
  if (labels.length > 3 && last - first === labels.length - 1) return `${kind} ${first} to ${last}`;
  return labels.length > 1 ? `${kind} ${labels.slice(0, -1).join(", ")} and ${last}` : `${kind} ${first}`;
}

const meanSquare = (a, b) => a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length;

class OwnDigit {
  /** `view`: the ExplorerView it is a part of. */
  constructor(view) {
    const { model, width, height } = view;
    Object.assign(this, { view, model, width, height, pad: new Pad(view) });
    this.encode = makeNet(model.get("_encoder_weights"), model.get("_encoder_layers"));
    this.build();
    view.follow("drawing", () => {
      this.read();
      view.draw();
      this.drawResult();
    });
    this.read();
  }

  build() {
    const picture = (label) => element("canvas", "lx-digit", { role: "img", "aria-label": label });
    [this.prepared, this.decoded] = [picture("Your digit, centred and scaled"), picture("Your digit's code, decoded")];
    const figure = (canvas, caption) => element("figure", "", {}, canvas, element("figcaption", "course-help", {}, caption));
    this.pictures = element("div", "lx-seen", {}, figure(this.prepared, "encoded"), figure(this.decoded, "decoded"));
    [this.codeText, this.nearText, this.errorText] = ["lx-code", "lx-near", ""].map((name) => element("p", name));
    this.seen = `The net has only seen ${listOf(this.view.map.classes)}`;
    this.root = element("div", "lx-draw", { role: "group", "aria-label": "Your own digit" }, this.pad.root,
      element("div", "lx-result", {}, this.codeText, this.nearText, this.errorText, this.pictures, this.pad.help));
  }

  /** The average of decoded images, of codes from all over the map. */
  get average() {
    if (this.averaged) return this.averaged;
    const { view } = this;
    const { codes } = view.map;
    const n = Math.min(N_AVERAGED, codes.length / 2);
    const sum = new Float64Array(view.width * view.height);
    for (let i = 0; i < n; i++) {
      const at = 2 * Math.floor((i * codes.length) / 2 / n);
      for (const [k, value] of view.decode([codes[at], codes[at + 1]]).entries()) sum[k] += value / n;
    }
    this.averaged = sum;
    return sum;
  }

  read() {
    const bytes = this.model.get("drawing");
    this.image = bytes && typed(Float32Array, bytes);
    this.code = this.image && [...this.encode(this.image)];
    if (this.code) this.view.map.fit(this.code);
  }

  draw() {
    this.pad.draw();
    this.drawResult();
  }

  drawResult() {
    const { view, image, code } = this;
    this.pictures.hidden = !code;
    if (!code) {
      const texts = [[this.codeText, "Your own digit"], [this.nearText, ""], [this.errorText, `${this.seen}.`]];
      for (const [node, text] of texts) {
        node.textContent = text;
        node.classList.remove("lx-far");
      }
      return view.sayNews(this, "The pad is empty.");
    }
    const pixels = view.decode(code);
    const scale = Math.max(1, Math.floor((SEEN * view.map.ratio) / Math.max(this.width, this.height)));
    for (const [canvas, values] of [[this.prepared, image], [this.decoded, pixels]])
      view.paint(view.reserve(canvas, this.width * scale, this.height * scale), values, 0, 0, scale);
    this.codeText.textContent = `Your digit has the code ${pair(code)}`;
    view.tellNear(this.nearText, view.map.nearest(code));
    this.tellError(meanSquare(pixels, image), meanSquare(this.average, image));
    view.sayNews(this, [this.codeText, this.nearText, this.errorText].map((part) => part.textContent).join(" "));
  }

  /** The error, what it is beside that of the average image, and what follows. */
  tellError(error, ofAverage) {
    const isStrange = error > STRANGE * ofAverage;
    this.errorText.textContent =
      `Decoded again, its mean squared error is ${error.toPrecision(2)} a pixel; ` +
      `the average image's is ${ofAverage.toPrecision(2)}. ` +
      (isStrange ? `So the net does not know this. ${this.seen}, and makes something like them of whatever you draw.`
        : "So the net can rebuild it.");
    this.errorText.classList.toggle("lx-far", isStrange);
  }
}
