// What LatentExplorer makes of the digit on its pad: where the encoder puts it, and what the decoder makes of that.

const SEEN = 84; // CSS pixels of the longer side of the images beside the pad

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
    this.root = element("div", "lx-draw", { role: "group", "aria-label": "Your own digit" }, this.pad.root,
      element("div", "lx-result", {}, this.codeText, this.nearText, this.errorText, this.pictures, this.pad.help));
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
      [this.codeText.textContent, this.nearText.textContent, this.errorText.textContent] = ["Your own digit", "", ""];
      this.nearText.classList.remove("lx-far");
      return view.sayNews(this, "The pad is empty.");
    }
    const pixels = view.decode(code);
    const error = pixels.reduce((sum, value, i) => sum + (value - image[i]) ** 2, 0) / pixels.length;
    const scale = Math.max(1, Math.floor((SEEN * view.map.ratio) / Math.max(this.width, this.height)));
    for (const [canvas, values] of [[this.prepared, image], [this.decoded, pixels]])
      view.paint(view.reserve(canvas, this.width * scale, this.height * scale), values, 0, 0, scale);
    this.codeText.textContent = `Your digit has the code ${pair(code)}`;
    view.tellNear(this.nearText, view.map.nearest(code));
    this.errorText.textContent = `Decoded again, its mean squared error is ${error.toPrecision(2)} a pixel.`;
    view.sayNews(this, [this.codeText, this.nearText, this.errorText].map((part) => part.textContent).join(" "));
  }
}
