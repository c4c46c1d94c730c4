// The list one chooses from, with a search field once it is long.

import { h, icon, fill, uid } from "./dom.js";

const SEARCH_FROM = 8; // options

/**
 * The listbox itself. `options` are {key, label, note?, group?, lead?, disabled?}; `chosen` is a Set of keys.
 * Answers {id, node, focus}.
 */
export function listbox({
  label,
  options,
  chosen,
  multiple = false,
  search = options.length >= SEARCH_FROM,
  placeholder,
  onChoose,
}) {
  const id = uid("list");
  const list = h("div", {
    role: "listbox",
    id,
    "aria-label": label,
    "aria-multiselectable": multiple ? "true" : null,
    class: "options",
    tabindex: search ? null : "0",
  });
  const field = search
    ? h("input", {
        type: "text",
        class: "options-search",
        role: "combobox",
        "aria-expanded": "true",
        "aria-controls": id,
        "aria-autocomplete": "list",
        "aria-label": `Search: ${label}`,
        placeholder: placeholder ?? "Search",
        autocomplete: "off",
        spellcheck: "false",
      })
    : null;
  const holder = field ?? list;
  let shown = [];
  let active = 0;

  const mark = (to) => {
    active = to;
    shown.forEach(({ node }, index) => node.classList.toggle("active", index === active));
    const node = shown[active]?.node;
    if (node) {
      holder.setAttribute("aria-activedescendant", node.id);
      node.scrollIntoView({ block: "nearest" });
    } else holder.removeAttribute("aria-activedescendant");
  };
  const choose = (option) => {
    if (!option || option.disabled) return;
    onChoose(option);
    if (multiple) draw(active);
  };
  const row = (option) => {
    const node = h(
      "div",
      {
        role: "option",
        id: uid("option"),
        class: "option",
        "aria-selected": String(chosen.has(option.key)),
        "aria-disabled": option.disabled ? "true" : null,
        on: {
          click: () => choose(option),
          pointermove: () => shown[active]?.node !== node && mark(shown.findIndex((entry) => entry.node === node)),
        },
      },
      option.lead?.() ?? null,
      h(
        "span",
        { class: "option-words" },
        h("span", {}, option.label),
        option.note ? h("small", {}, option.note) : null,
      ),
      chosen.has(option.key) ? icon("check") : null,
    );
    shown.push({ option, node });
    return node;
  };
  function draw(start) {
    const wanted = (field?.value ?? "").trim().toLowerCase();
    const fitting = options.filter((option) => `${option.label} ${option.note ?? ""}`.toLowerCase().includes(wanted));
    shown = [];
    let group;
    const rows = fitting.flatMap((option) => {
      const heading =
        option.group !== group && option.group
          ? [h("div", { class: "option-group", role: "presentation" }, option.group)]
          : [];
      group = option.group;
      return [...heading, row(option)];
    });
    fill(list, rows.length ? rows : h("div", { class: "option-none" }, "Nothing found"));
    mark(start ?? 0);
  }
  const keys = (event) => {
    const last = shown.length - 1;
    const to = { ArrowDown: Math.min(active + 1, last), ArrowUp: Math.max(active - 1, 0) }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      mark(to);
    } else if (event.key === "Enter" || (event.key === " " && !field)) {
      event.preventDefault();
      choose(shown[active]?.option);
    }
  };
  holder.addEventListener("keydown", keys);
  field?.addEventListener("input", () => draw(0));
  const first = options.findIndex((option) => chosen.has(option.key));
  draw(Math.max(first, 0));
  return {
    id,
    node: h("div", { class: "picker-panel" }, field, list),
    focus: () => {
      holder.focus();
      mark(active);
    },
  };
}
