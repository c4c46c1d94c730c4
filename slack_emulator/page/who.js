// "Acting as": through whose eyes the workspace is seen.

import { avatar } from "./avatar.js";
import { h, icon } from "./dom.js";
import { listbox } from "./listbox.js";
import { closePopover, isOpen, openPopover } from "./popover.js";
import { state } from "./state.js";

/** The people one can be, as entries of a list. */
export function peopleEntries() {
  const all = [...state.people.values()].filter((user) => !user.is_bot);
  return all.map((user) => ({
    key: user.id,
    label: user.real_name,
    note: user.deleted ? "deactivated" : user.title,
    disabled: user.deleted,
    lead: () => avatar(user.id, "small"),
  }));
}

/** The button that names the person and opens the list; `onSwitch(id)` goes to another. */
export function whoButton(onSwitch) {
  const { me } = state;
  const button = h(
    "button",
    {
      type: "button",
      class: "who",
      "data-testid": "acting-as",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      "aria-label": `Acting as ${me.real_name}`,
    },
    avatar(me.id, "medium"),
    h(
      "span",
      { class: "who-words" },
      h("small", {}, "Acting as"),
      h("strong", {}, me.real_name),
      me.title ? h("span", { class: "who-title" }, me.title) : null,
    ),
    icon("chevron"),
  );
  const open = () => {
    if (isOpen(button)) {
      closePopover({ focus: true });
      return;
    }
    const list = listbox({
      label: "Act as",
      options: peopleEntries(),
      chosen: new Set([me.id]),
      search: true,
      placeholder: "Find a person",
      onChoose: ({ key }) => {
        closePopover({ focus: true });
        onSwitch(key);
      },
    });
    openPopover(button, list.node, { width: 270 });
    list.focus();
  };
  button.addEventListener("click", open);
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    open();
  });
  return button;
}
