// Ctrl+K: go anywhere, or become anybody, without the mouse.

import { avatar } from "./avatar.js";
import { h, icon } from "./dom.js";
import { openOverlay } from "./overlay.js";
import { listbox } from "./listbox.js";
import { directWith, state, titleOf } from "./state.js";
import { peopleEntries } from "./who.js";

let shut = null;

function entries() {
  const channels = [...state.channels.values()]
    .filter((channel) => channel.kind !== "im")
    .map((channel) => ({
      key: channel.id,
      label: channel.name,
      group: "Go to",
      lead: () => h("span", { class: "option-icon" }, icon(channel.kind === "private" ? "lock" : "hash")),
      place: { channel: channel.id },
    }));
  const direct = [...state.bots.values(), ...state.people.values()]
    .filter((user) => user.id !== state.me.id && !user.deleted)
    .map((user) => {
      const channel = directWith(user.id);
      return {
        key: user.id,
        label: channel ? titleOf(channel) : user.real_name,
        note: state.bots.has(user.id) ? "App" : user.title,
        group: "Go to",
        lead: () => avatar(user.id, "small"),
        place: channel ? { channel: channel.id } : { app: user.id },
      };
    });
  const people = peopleEntries()
    .filter((entry) => entry.key !== state.me.id && !entry.disabled)
    .map((entry) => ({
      ...entry,
      key: `as ${entry.key}`,
      label: `Act as ${entry.label}`,
      group: "Look through other eyes",
      person: entry.key,
    }));
  return [...channels, ...direct, ...people];
}

/** Opens the quick switcher, or closes it when it is open. */
export function quickSwitcher({ onGo, onSwitch }) {
  if (shut) {
    shut();
    return;
  }
  const list = listbox({
    label: "Jump to",
    options: entries(),
    chosen: new Set(),
    search: true,
    placeholder: "Jump to a conversation or a person",
    onChoose: (entry) => {
      shut();
      if (entry.person) onSwitch(entry.person);
      else onGo(entry.place);
    },
  });
  const panel = h(
    "div",
    { class: "dialog dialog-switcher", role: "dialog", "aria-modal": "true", "aria-label": "Jump to", tabindex: "-1" },
    list.node,
  );
  const close = openOverlay(panel, {
    onLeave: () => shut(),
    className: "light",
    first: () => panel.querySelector("input"),
  });
  shut = () => {
    shut = null;
    close();
  };
}
