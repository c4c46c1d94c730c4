// Reactions to a message, and the small toolbar beside it.

import { post } from "./api.js";
import { h, icon } from "./dom.js";
import { emoji, QUICK_REACTIONS } from "./emoji.js";
import { closePopover, openPopover } from "./popover.js";
import { speaker, state } from "./state.js";
import { orNotice } from "./toast.js";

/** Adds the person's reaction, or takes it back. */
function react(message, name) {
  const mine = message.reactions?.some((entry) => entry.name === name && entry.users?.includes(state.me.id));
  return orNotice(
    post("/_control/reaction", {
      channel: message.channel,
      messageTs: message.ts,
      user: state.me.id,
      name,
      present: !mine,
    }),
  );
}

/** The reactions under a message. */
export function reactions(message) {
  if (!message.reactions?.length) return null;
  return h(
    "div",
    { class: "reactions" },
    message.reactions.map(({ name, users = [], count }) => {
      const names = users.map((user) => speaker(user).real_name).join(", ");
      return h(
        "button",
        {
          type: "button",
          class: "reaction",
          "aria-pressed": String(users.includes(state.me.id)),
          "aria-label": `${name.replaceAll("_", " ")}, ${count ?? users.length}`,
          title: names,
          on: { click: () => react(message, name) },
        },
        h("span", { class: "emoji" }, emoji(name) ?? `:${name}:`),
        h("span", {}, count ?? users.length),
      );
    }),
  );
}

/** What one can do with a message: react, and answer in a thread. */
export function toolbar(message, onThread) {
  const smile = h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": "Add a reaction",
      title: "Add a reaction",
      "aria-expanded": "false",
    },
    icon("smile"),
  );
  smile.addEventListener("click", () => {
    const row = h(
      "div",
      { class: "quick-reactions", role: "group", "aria-label": "Reactions" },
      QUICK_REACTIONS.map((name) =>
        h(
          "button",
          {
            type: "button",
            class: "icon-button",
            "aria-label": name.replaceAll("_", " "),
            on: {
              click: () => {
                closePopover({ focus: true });
                react(message, name);
              },
            },
          },
          emoji(name),
        ),
      ),
    );
    row.addEventListener("keydown", (event) => {
      const step = { ArrowRight: "nextSibling", ArrowLeft: "previousSibling" }[event.key];
      if (step) document.activeElement[step]?.focus();
    });
    openPopover(smile, row);
    row.firstChild.focus();
  });
  return h(
    "div",
    { class: "message-tools" },
    smile,
    onThread
      ? h(
          "button",
          {
            type: "button",
            class: "icon-button",
            "aria-label": "Reply in thread",
            title: "Reply in thread",
            on: { click: () => onThread(message.ts) },
          },
          icon("reply"),
        )
      : null,
  );
}
