// What the course's widgets share: elements, and a view's life with sizes, themes, pointer, keys, saving and saying.
// A widget's __init__.py puts view.js, plot.js and its own files together, in this order: anywidget wants one module.

// JupyterLab would take the arrow keys as 'next cell'. It looks from the focused node upwards, so that node has the mark.
const OWN_KEYS = { "data-lm-suppress-shortcuts": "true" };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };

// Bytes arrive as a DataView from anywidget, with an offset that need not be a multiple of the item's size.
const typed = (Type, view) =>
  new Type(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));

function element(tag, className, attributes = {}, ...children) {
  const node = document.createElement(tag);
  node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** One picture of a model in one cell. A widget's view fills `root`, has a method `resize`, and then calls `begin`. */
class View {
  constructor(model, el, className, label) {
    this.model = model;
    this.id = `${className}-${Math.random().toString(36).slice(2)}`;
    this.root = element("div", `course-widget ${className}`, { role: "group", "aria-label": label, ...OWN_KEYS });
    this.live = element("p", "course-hidden", { id: `${this.id}-live`, "aria-live": "polite" });
    this.abort = new AbortController();
    this.handlers = [];
    el.append(this.root);
  }

  /** Call `resize` now, and whenever the page's size, its density or its colours change. */
  begin() {
    const resize = () => this.resize();
    this.on(window.matchMedia("(prefers-color-scheme: dark)"), "change", resize);
    this.on(window, "resize", resize); // comes with a new devicePixelRatio too
    this.sizes = new ResizeObserver(resize);
    this.sizes.observe(this.root);
    this.theme = new MutationObserver(() => requestAnimationFrame(resize));
    const themes = { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name", "data-theme"] };
    for (const node of [document.body, document.documentElement]) this.theme.observe(node, themes); // Lab's, the book's
    resize();
  }

  on(target, type, handler) {
    target.addEventListener(type, handler, { signal: this.abort.signal });
  }

  /** Call `handler` when a trait changes, whoever changed it. */
  follow(trait, handler) {
    this.model.on(`change:${trait}`, handler);
    this.handlers.push([`change:${trait}`, handler]);
  }

  /** From the press of a finger, a pen or a mouse on `canvas` to its release; each is told the event. */
  onDrag(canvas, { start = () => {}, move, end = () => {} }) {
    let pointer = null; // the one that drags
    this.on(canvas, "pointerdown", (event) => {
      if (event.button !== 0 || !event.isPrimary) return; // a second finger changes nothing
      pointer = event.pointerId;
      canvas.setPointerCapture(pointer);
      canvas.focus({ preventScroll: true, focusVisible: false });
      event.preventDefault();
      start(event);
      move(event);
    });
    this.on(canvas, "pointermove", (event) => event.pointerId === pointer && move(event));
    const release = (event) => {
      if (event.pointerId !== pointer) return;
      pointer = null;
      end(event);
      if (this.saveTimer) this.save();
    };
    for (const type of ["pointerup", "pointercancel"]) this.on(canvas, type, release);
  }

  /** Call `move` with [right, up] for each arrow key on `node`: one step, or with Shift as many as `big`. */
  onArrows(node, big, move) {
    this.on(node, "keydown", (event) => {
      const direction = ARROWS[event.key];
      if (!direction || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      move(direction.map((step) => step * (event.shiftKey ? big : 1)));
    });
  }

  /**
   * Every view draws within this call; the kernel hears at most ten times a second, and always the last. What is set
   * before the browser is done with an event reaches it together.
   */
  set(trait, value) {
    this.model.set(trait, value);
    this.unsaved = true;
    this.saveTimer ??= setTimeout(() => this.save());
  }

  save() {
    clearTimeout(this.saveTimer);
    this.saveTimer = null;
    if (!this.unsaved) return;
    this.unsaved = false;
    this.model.save_changes();
    this.saveTimer = setTimeout(() => this.save(), 100);
  }

  /** A screen reader that heard each step of a drag would never come to an end: it hears the last, after a while. */
  say(text) {
    this.said = text;
    this.liveTimer ??= setTimeout(() => {
      this.liveTimer = null;
      this.live.textContent = this.said;
    }, 400);
  }

  destroy() {
    this.abort.abort();
    this.sizes.disconnect();
    this.theme.disconnect();
    for (const [type, handler] of this.handlers) this.model.off(type, handler);
    clearTimeout(this.liveTimer);
    if (this.saveTimer) this.save();
    this.root.remove();
  }
}
