// A control that shows a choice and opens the list of options.

import { fill, h, icon, uid } from "./dom.js";
import { listbox } from "./listbox.js";
import { closePopover, isOpen, openPopover } from "./popover.js";

/** A control that shows the choice and opens the list. Answers {node, chosen}. */
export function picker({
  label,
  labelledBy,
  describedBy,
  options,
  chosen = [],
  multiple = false,
  limit,
  placeholder = "Choose",
  onChange,
}) {
  const keys = new Set(chosen);
  const value = h("span", { class: "picker-value" });
  const valueId = uid("value");
  value.id = valueId;
  const button = h(
    "button",
    {
      type: "button",
      role: "combobox",
      class: "picker",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      "aria-label": labelledBy ? null : label,
      "aria-labelledby": labelledBy ?? null,
      "aria-describedby": describedBy ?? null,
    },
    value,
    icon("chevron"),
  );
  const show = () => {
    const words = options.filter((option) => keys.has(option.key)).map((option) => option.label);
    value.classList.toggle("empty", words.length === 0);
    fill(
      value,
      !words.length ? placeholder : multiple ? words.map((word) => h("span", { class: "picked" }, word)) : words[0],
    );
  };
  const take = (option) => {
    if (!multiple) {
      keys.clear();
      keys.add(option.key);
      closePopover({ focus: true });
    } else if (keys.has(option.key)) keys.delete(option.key);
    else if (!limit || keys.size < limit) keys.add(option.key);
    show();
    onChange?.([...keys]);
  };
  const openList = () => {
    if (isOpen(button)) {
      closePopover({ focus: true });
      return;
    }
    const list = listbox({ label: label ?? placeholder, options, chosen: keys, multiple, onChoose: take });
    openPopover(button, list.node);
    button.setAttribute("aria-controls", list.id);
    list.focus();
  };
  button.addEventListener("click", openList);
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    openList();
  });
  show();
  return { node: button, chosen: () => [...keys] };
}
