// Elements one chooses from: selects, radio buttons, checkboxes, people and channels.

import { avatar } from "./avatar.js";
import { h, uid } from "./dom.js";
import { picker } from "./picker.js";
import { state, titleOf } from "./state.js";
import { plain, words } from "./words.js";

function flatOptions(element) {
  const grouped = (element.option_groups ?? []).flatMap((group) =>
    group.options.map((option) => ({ option, group: plain(group.label) })),
  );
  return [...(element.options ?? []).map((option) => ({ option })), ...grouped];
}

function entries(element) {
  return flatOptions(element).map(({ option, group }) => ({
    key: option.value,
    label: plain(option.text),
    note: plain(option.description),
    group,
  }));
}

function optionsBy(element, keys) {
  const all = flatOptions(element).map(({ option }) => option);
  return keys.map((key) => all.find((option) => option.value === key)).filter(Boolean);
}

/** The name a control goes by when no label stands beside it. */
function nameOf(element, place) {
  return place.label ?? (plain(element.placeholder) || "Choose");
}

function list(element, place, { options, chosen, multiple, read, placeholder }) {
  const { node, chosen: keys } = picker({
    label: nameOf(element, place),
    labelledBy: place.labelledBy,
    describedBy: place.describedBy,
    options,
    chosen,
    multiple,
    limit: element.max_selected_items,
    placeholder: plain(element.placeholder) || placeholder,
    onChange: (now) => place.dispatch && place.tell(read(now)),
  });
  place.form.register(place.blockId, element, { node, read: () => ({ type: element.type, ...read(keys()) }) });
  return node;
}

export function select(element, place) {
  const held = place.form.current(place.blockId, element);
  const start = held ? held.selected_option : element.initial_option;
  return list(element, place, {
    options: entries(element),
    chosen: start ? [start.value] : [],
    placeholder: "Choose an option",
    read: (keys) => ({ selected_option: optionsBy(element, keys)[0] ?? null }),
  });
}

export function multiSelect(element, place) {
  const held = place.form.current(place.blockId, element);
  const start = (held ? held.selected_options : element.initial_options) ?? [];
  return list(element, place, {
    options: entries(element),
    chosen: start.map((option) => option.value),
    multiple: true,
    placeholder: "Choose options",
    read: (keys) => ({ selected_options: optionsBy(element, keys) }),
  });
}

function pick(element, place, { options, one, many, placeholder }) {
  const multiple = element.type.startsWith("multi_");
  const held = place.form.current(place.blockId, element);
  const field = multiple ? `selected_${many}` : `selected_${one}`;
  const start = held ? held[field] : element[field.replace("selected", "initial")];
  return list(element, place, {
    options,
    multiple,
    placeholder,
    chosen: [start ?? []].flat(),
    read: (keys) => ({ [field]: multiple ? keys : (keys[0] ?? null) }),
  });
}

export function pickUser(element, place) {
  const options = [...state.people.values()]
    .filter((user) => !user.deleted)
    .map((user) => ({ key: user.id, label: user.real_name, note: user.title, lead: () => avatar(user.id, "small") }));
  return pick(element, place, { options, one: "user", many: "users", placeholder: "Choose a person" });
}

export function pickConversation(element, place) {
  const onlyChannels = element.type.includes("channels");
  const options = [...state.channels.values()]
    .filter((channel) => !onlyChannels || channel.kind === "public")
    .map((channel) => ({ key: channel.id, label: channel.kind === "im" ? titleOf(channel) : `#${titleOf(channel)}` }));
  const [one, many] = onlyChannels ? ["channel", "channels"] : ["conversation", "conversations"];
  return pick(element, place, { options, one, many, placeholder: "Choose a conversation" });
}

function ticks(element, place, { type, start, read }) {
  const name = uid("choice");
  const chosen = () => [...node.querySelectorAll("input:checked")].map((input) => input.value);
  const rows = element.options.map((option) => {
    const id = uid("tick");
    const note = option.description ? uid("note") : null;
    const input = h("input", {
      type,
      id,
      name,
      value: option.value,
      checked: start.includes(option.value),
      "aria-describedby": note,
    });
    return h(
      "div",
      { class: "tick" },
      input,
      h(
        "div",
        { class: "tick-words" },
        h("label", { for: id }, words(option.text)),
        note ? h("small", { id: note }, words(option.description)) : null,
      ),
    );
  });
  const node = h(
    "div",
    {
      class: "ticks",
      role: type === "radio" ? "radiogroup" : "group",
      "aria-labelledby": place.labelledBy ?? null,
      "aria-label": place.labelledBy ? null : nameOf(element, { label: place.label ?? "Options" }),
      "aria-describedby": place.describedBy ?? null,
      on: { change: () => place.dispatch && place.tell(read(chosen())) },
    },
    rows,
  );
  place.form.register(place.blockId, element, {
    node: node.querySelector("input"),
    read: () => ({ type: element.type, ...read(chosen()) }),
  });
  return node;
}

export function radios(element, place) {
  const held = place.form.current(place.blockId, element);
  const start = held ? held.selected_option : element.initial_option;
  return ticks(element, place, {
    type: "radio",
    start: start ? [start.value] : [],
    read: (keys) => ({ selected_option: optionsBy(element, keys)[0] ?? null }),
  });
}

export function boxes(element, place) {
  const held = place.form.current(place.blockId, element);
  const start = (held ? held.selected_options : element.initial_options) ?? [];
  return ticks(element, place, {
    type: "checkbox",
    start: start.map((option) => option.value),
    read: (keys) => ({ selected_options: optionsBy(element, keys) }),
  });
}
