// The head of the conversation: its name, its topic, who is in it, and an app's tabs.

import { avatar } from "./avatar.js";
import { h, icon } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { isOpen, closePopover, openPopover } from "./popover.js";
import { appOf, speaker, titleOf } from "./state.js";

/** The header of `channel`; `onMenu` opens the rail on a phone, `onTab(tab)` goes to a tab. */
export function paneHeader({ channel, tab, onMenu, onTab }) {
  const app = appOf(channel);
  const menu = h(
    "button",
    {
      type: "button",
      class: "icon-button menu-button",
      "aria-label": "Open the list of conversations",
      "aria-controls": "rail",
      on: { click: onMenu },
    },
    icon("menu"),
  );
  const lead =
    channel.kind === "im"
      ? avatar(channel.with, "medium")
      : h("span", { class: "head-icon" }, icon(channel.kind === "private" ? "lock" : "hash"));
  const topic = channel.kind === "im" ? (speaker(channel.with).title ?? "") : channel.topic;
  return h(
    "header",
    { class: "pane-head" },
    menu,
    lead,
    h(
      "div",
      { class: "pane-title" },
      h(
        "div",
        { class: "pane-name" },
        h("h1", { id: "pane-title", tabindex: "-1" }, titleOf(channel)),
        app ? h("span", { class: "app-tag" }, "App") : null,
        channel.kind === "private" ? h("span", { class: "sr-only" }, "private channel") : null,
      ),
      topic && !app ? h("div", { class: "pane-topic" }, mrkdwn(topic)) : null,
    ),
    app?.home_tab ? tabs(tab, onTab) : null,
    channel.kind === "im" ? null : members(channel),
  );
}

function tabs(tab, onTab) {
  const make = (id, label) =>
    h(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${id}`,
        class: "tab",
        "aria-selected": String(tab === id),
        "aria-controls": "tab-panel",
        tabindex: tab === id ? "0" : "-1",
        on: { click: () => onTab(id) },
      },
      label,
    );
  const row = h(
    "div",
    { class: "tabs", role: "tablist", "aria-label": "App" },
    make("home", "Home"),
    make("messages", "Messages"),
  );
  row.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") onTab(tab === "home" ? "messages" : "home", true);
  });
  return row;
}

function members(channel) {
  const count = channel.members.length;
  const button = h(
    "button",
    {
      type: "button",
      class: "members",
      "aria-label": `${count} members`,
      "aria-haspopup": "dialog",
      "aria-expanded": "false",
    },
    channel.members.slice(0, 3).map((id) => avatar(id, "small")),
    h("span", {}, String(count)),
  );
  button.addEventListener("click", () => {
    if (isOpen(button)) {
      closePopover();
      return;
    }
    const rows = channel.members.map((id) =>
      h(
        "li",
        {},
        avatar(id, "small"),
        h(
          "span",
          { class: "option-words" },
          h("span", {}, speaker(id).real_name),
          speaker(id).title ? h("small", {}, speaker(id).title) : null,
        ),
      ),
    );
    const list = h("ul", { class: "member-list", "aria-label": "Members", tabindex: "-1" }, rows);
    openPopover(button, list, { width: 240 });
    list.focus();
  });
  return button;
}
