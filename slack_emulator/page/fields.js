// Elements one types into: text, numbers, addresses, dates and times.

import { h } from "./dom.js";
import { plain } from "./words.js";

const HTML_TYPE = { plain_text_input: "text", email_text_input: "email", url_text_input: "url", number_input: "text" };
const SETTLES_AFTER = 900; // milliseconds: a date being typed changes with every digit

export function textField(element, place) {
  const held = place.form.current(place.blockId, element);
  const start = held ? held.value : element.initial_value;
  const props = {
    class: "field",
    placeholder: plain(element.placeholder) || null,
    maxlength: element.max_length ?? null,
    inputmode: element.type === "number_input" ? "decimal" : null,
    autocomplete: "off",
    ...naming(element, place),
  };
  const node = element.multiline
    ? h("textarea", { ...props, rows: 3 })
    : h("input", { ...props, type: HTML_TYPE[element.type] });
  node.value = start ?? "";
  if (element.focus_on_load) node.dataset.focusFirst = "yes";
  const read = () => ({ value: node.value === "" ? null : node.value });
  place.form.register(place.blockId, element, { node, read: () => ({ type: element.type, ...read() }) });

  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  if (place.dispatch && triggers.includes("on_character_entered"))
    node.addEventListener("input", () => place.tell(read()));
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || (element.multiline && !(event.ctrlKey || event.metaKey))) return;
    event.preventDefault();
    if (place.dispatch && triggers.includes("on_enter_pressed")) place.tell(read());
    else place.form.enter?.();
  });
  return element.max_length ? counted(node, element.max_length) : node;
}

/** A field with the number of characters left, shown once it gets close. */
function counted(node, most) {
  const left = h("span", { class: "counter", "aria-live": "polite" });
  const show = () => {
    const rest = most - node.value.length;
    const close = rest <= Math.max(20, most * 0.1);
    left.textContent = `${node.value.length} / ${most}`;
    left.classList.toggle("counter-close", close);
    left.setAttribute("aria-hidden", String(!close));
  };
  node.addEventListener("input", show);
  show();
  return h("div", { class: "counted" }, node, left);
}

export function dateField(element, place) {
  const isDate = element.type === "datepicker";
  const name = isDate ? "date" : "time";
  const held = place.form.current(place.blockId, element);
  const start = held ? held[`selected_${name}`] : element[`initial_${name}`];
  const node = h("input", { class: "field field-short", type: name, ...naming(element, place) });
  node.value = start ?? "";
  const read = () => ({ [`selected_${name}`]: node.value || null });
  place.form.register(place.blockId, element, { node, read: () => ({ type: element.type, ...read() }) });
  if (place.dispatch) tellWhenSettled(node, () => place.tell(read()));
  return node;
}

function tellWhenSettled(node, tell) {
  let told = node.value;
  let timer;
  const settle = () => {
    clearTimeout(timer);
    if (node.value === told) return;
    told = node.value;
    tell();
  };
  node.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(settle, SETTLES_AFTER);
  });
  node.addEventListener("blur", settle);
  node.addEventListener("keydown", (event) => event.key === "Enter" && settle());
}

function naming(element, place) {
  const bare = !place.labelledBy;
  return {
    "aria-labelledby": place.labelledBy ?? null,
    "aria-label": bare ? (place.label ?? (plain(element.placeholder) || element.action_id)) : null,
    "aria-describedby": place.describedBy ?? null,
  };
}
