// Suggestions while writing: commands after "/", people after "@".

import { avatar } from "./avatar.js";
import { fill, h, uid } from "./dom.js";
import { state } from "./state.js";

/** Every command of every app here. */
export function commands() {
  return [...state.bots.values()].flatMap((bot) => (bot.commands ?? []).map((command) => ({ ...command, bot })));
}

function found(text, at) {
  const slash = /^\/(\S*)$/.exec(text);
  if (slash) {
    return commands()
      .filter(({ command }) => command.startsWith(text))
      .map((entry) => ({
        label: entry.command,
        hint: entry.usage_hint,
        note: entry.description,
        lead: entry.bot.id,
        put: () => ({ text: `${entry.command} `, at: entry.command.length + 1 }),
      }));
  }
  const typed = /(^|\s)@([\p{L}.-]{0,20})$/u.exec(text.slice(0, at));
  if (!typed) return [];
  const wanted = typed[2].toLowerCase();
  const start = at - wanted.length - 1;
  return [...state.people.values()]
    .filter(
      (user) =>
        !user.deleted &&
        user.real_name
          .toLowerCase()
          .split(/\s+/)
          .some((word) => word.startsWith(wanted)),
    )
    .slice(0, 6)
    .map((user) => ({
      label: user.real_name,
      note: user.title,
      lead: user.id,
      put: () => ({
        text: `${text.slice(0, start)}@${user.real_name} ${text.slice(at)}`,
        at: start + user.real_name.length + 2,
      }),
    }));
}

/** Watches a textarea. Answers {node, key}: `key(event)` is true when a suggestion took the key. */
export function suggestions(area) {
  const id = uid("suggestions");
  const list = h("div", { class: "suggestions", role: "listbox", id, "aria-label": "Suggestions", hidden: true });
  area.setAttribute("aria-controls", id);
  let entries = [];
  let active = 0;
  let dismissed = null;

  const draw = () => {
    fill(
      list,
      entries.map((entry, index) =>
        h(
          "div",
          {
            role: "option",
            id: `${id}-${index}`,
            class: `option${index === active ? " active" : ""}`,
            "aria-selected": String(index === active),
            on: {
              pointerdown: (event) => {
                event.preventDefault();
                take(entry);
              },
            },
          },
          avatar(entry.lead, "small"),
          h(
            "span",
            { class: "option-words" },
            h(
              "span",
              {},
              h("strong", {}, entry.label),
              entry.hint ? h("span", { class: "usage" }, ` ${entry.hint}`) : null,
            ),
            entry.note ? h("small", {}, entry.note) : null,
          ),
        ),
      ),
    );
    list.hidden = entries.length === 0;
    if (entries.length) area.setAttribute("aria-activedescendant", `${id}-${active}`);
    else area.removeAttribute("aria-activedescendant");
  };
  const look = () => {
    entries = area.value === dismissed ? [] : found(area.value, area.selectionStart);
    active = 0;
    draw();
  };
  const take = (entry) => {
    const { text, at } = entry.put();
    area.value = text;
    area.setSelectionRange(at, at);
    entries = [];
    draw();
    area.dispatchEvent(new Event("input"));
    area.focus();
  };
  const hide = () => {
    entries = [];
    draw();
  };
  area.addEventListener("input", look);
  area.addEventListener("blur", hide);

  function key(event) {
    if (!entries.length) return false;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const whole = entries[active]?.label === area.value;
    if (move) {
      active = (active + move + entries.length) % entries.length;
      draw();
    } else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !whole)) take(entries[active]);
    else if (event.key === "Escape") {
      dismissed = area.value;
      hide();
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
  return { node: list, key, hide };
}
