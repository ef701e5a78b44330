// The browser side of a prediction: native radio buttons or a number field, and one line that says it is noted.

function element(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** anywidget's entry: ask `model`'s question in `el`, return what cleans up. */
function render({ model, el }) {
  const [choices, unit] = [model.get("_choices"), model.get("_unit")];
  // JupyterLab would take the arrow keys as 'next cell'. It looks from the focused node upwards, so each has the mark.
  const keys = { "data-lm-suppress-shortcuts": "true" };
  const name = `prediction-${Math.random().toString(36).slice(2)}`;
  const inputs = choices.map((_, i) => element("input", { type: "radio", name, value: i, ...keys }));
  const field = element("input", { type: "number", step: "any", autocomplete: "off", ...keys });
  const answers = choices.length
    ? inputs.map((input, i) => element("label", { class: "pd-answer" }, input, choices[i]))
    : [element("label", { class: "pd-answer" }, `Your answer${unit && `, in ${unit}`}:`, field)];
  const status = element("p", { class: "pd-status", "aria-live": "polite" });
  const form = element("fieldset", {}, element("legend", {}, model.get("_question")),
    element("div", { class: "pd-choices" }, ...answers), status);
  const root = element("div", { class: "course-widget course-prediction" }, form);

  const show = () => {
    const answer = model.get("_answer");
    for (const [i, input] of inputs.entries()) input.checked = i === answer;
    if (answer === null ? !field.validity.badInput : field.valueAsNumber !== answer) field.value = answer ?? "";
    form.disabled = model.get("_fixed");
    const text = choices.length ? choices[answer] : `${answer} ${unit}`.trim();
    let said = answer === null ? "" : `Noted: ${text}`;
    if (field.validity.badInput) said = "Not noted: this is no number. Write a half as 0.5.";
    if (form.disabled) said = `Measured: you said ${text}. Look below for what came out.`;
    if (status.textContent !== said) status.textContent = said; // else a screen reader may say it twice
  };
  const note = () => {
    const checked = inputs.findIndex((input) => input.checked);
    const written = Number.isFinite(field.valueAsNumber) ? field.valueAsNumber : null;
    model.set("_answer", choices.length ? (checked < 0 ? null : checked) : written);
    model.save_changes();
    show(); // what is no number changes nothing in the model
  };
  // A browser sees no change in a field with what is no number: it is looked at when it is left, or at Enter.
  for (const type of ["change", "focusout"]) form.addEventListener(type, note);
  form.addEventListener("keydown", (event) => event.key === "Enter" && note());
  const traits = ["change:_answer", "change:_fixed"];
  for (const trait of traits) model.on(trait, show);
  show();
  el.append(root);
  return () => {
    for (const trait of traits) model.off(trait, show);
    root.remove();
  };
}

export default { render };
