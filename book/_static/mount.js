// The course's widgets in pages without a kernel: each is fetched when its place comes near, and drawn there.
// Its model is a stand-in for anywidget's: what was saved, and handlers that hear a change at once.

window.courseWidgets = { modules: {}, states: {} };

(() => {
  const folder = new URL(`${document.documentElement.dataset.content_root}_static/widgets/`, document.baseURI);
  const [scripts, modules, models] = [{}, {}, {}];

  const fetched = (name) =>
    (scripts[name] ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      Object.assign(script, { src: new URL(`${name}.js`, folder), onload: resolve, onerror: reject });
      document.head.append(script);
    }));

  function importModule(name) {
    const { module, style } = courseWidgets.modules[name];
    const sheet = document.createElement("style");
    sheet.textContent = style;
    document.head.append(sheet);
    return import(URL.createObjectURL(new Blob([module], { type: "text/javascript" })));
  }

  const decodeBytes = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);

  function makeModel({ state, bytes }) {
    for (const [trait, text] of Object.entries(bytes)) state[trait] = decodeBytes(text);
    const handlers = {};
    return {
      get: (trait) => state[trait],
      set(trait, value) {
        state[trait] = value;
        for (const handler of [...(handlers[`change:${trait}`] ?? [])]) handler();
      },
      on: (type, handler) => (handlers[type] ??= new Set()).add(handler),
      off: (type, handler) => handlers[type]?.delete(handler),
      save_changes() {},
    };
  }

  async function mount(el) {
    const { courseWidget: id, courseClass: name } = el.dataset;
    await Promise.all([fetched(name), fetched(id)]);
    const widget = (await (modules[name] ??= importModule(name))).default;
    const model = (models[id] ??= makeModel(courseWidgets.states[id]));
    el.replaceChildren();
    widget.render({ model, el });
  }

  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries)
      if (isIntersecting) {
        near.unobserve(target);
        mount(target);
      }
  }, { rootMargin: "800px" });
  for (const el of document.querySelectorAll("[data-course-widget]")) near.observe(el);
})();
