// The rail at the left: the workspace, who one is, and all conversations.

import { avatar } from "./avatar.js";
import { arrowKeys, fill, h, icon } from "./dom.js";
import { addressOf } from "./place.js";
import { directWith, state, titleOf } from "./state.js";
import { themeButton } from "./theme.js";
import { whoButton } from "./who.js";

const rail = document.getElementById("rail");
const theme = themeButton();
const top = h("div", { class: "rail-top" });
const lists = h("div", { class: "rail-lists" });
let drawn = { top: "", lists: "" };

lists.addEventListener("keydown", (event) => arrowKeys(event, [...lists.querySelectorAll("a")]));

/** Draws the rail; what has not changed is left alone, so that focus stays. */
export function drawRail(actions) {
  if (!rail.hasChildNodes()) {
    fill(rail, top, lists);
    lists.addEventListener("click", (event) => event.target.closest("a") && actions.onClose());
  }
  const now = {
    top: JSON.stringify([state.me, state.team, state.teams]),
    lists: JSON.stringify([
      state.me.id,
      [...state.channels.values()],
      [...state.bots.values()],
      [...state.people.values()],
      state.place.channel,
    ]),
  };
  if (now.top !== drawn.top) drawTop(actions);
  if (now.lists !== drawn.lists) drawLists(actions);
  drawn = now;
}

function drawTop({ onSwitch, onSearch, onTeam, onClose }) {
  const held = top.contains(document.activeElement);
  fill(
    top,
    h(
      "div",
      { class: "rail-head" },
      h("img", { src: "/page/mark.svg", alt: "", width: 30, height: 30 }),
      h("div", { class: "rail-team" }, teamName(onTeam), h("small", {}, "Slack emulator")),
      theme,
      h(
        "button",
        {
          type: "button",
          class: "icon-button rail-close",
          "aria-label": "Close the list of conversations",
          on: { click: onClose },
        },
        icon("close"),
      ),
    ),
    whoButton(onSwitch),
    h(
      "button",
      { type: "button", class: "rail-search", on: { click: onSearch } },
      icon("search"),
      h("span", {}, "Jump to…"),
      h("kbd", {}, shortcut()),
    ),
  );
  if (held) top.querySelector(".who").focus();
}

function drawLists({ onSearch }) {
  const held = lists.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const scrolled = lists.scrollTop;
  fill(lists, channelList(), directList(onSearch), appList());
  lists.scrollTop = scrolled;
  if (held) lists.querySelector(`[data-key="${CSS.escape(held)}"]`)?.focus();
}

function shortcut() {
  return /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘K" : "Ctrl K";
}

function teamName(onTeam) {
  if (state.teams.length < 2) return h("strong", {}, state.team.name);
  const select = h(
    "select",
    { class: "rail-teams", "aria-label": "Workspace", on: { change: () => onTeam(select.value) } },
    state.teams.map((team) => h("option", { value: team.id, selected: team.id === state.team.id }, team.name)),
  );
  return select;
}

function group(title, items, extra = null) {
  const id = `rail-${title.replace(/\W/g, "")}`;
  return h(
    "section",
    { "aria-labelledby": id },
    h("div", { class: "rail-title" }, h("h2", { id }, title), extra),
    h("ul", {}, items),
  );
}

function item({ key, place, lead, label, unread = 0, kind, muted = false }) {
  const here = key === state.place.channel;
  const count = unread > 99 ? "99+" : String(unread);
  return h(
    "li",
    {},
    h(
      "a",
      {
        href: addressOf({ as: state.me.id, ...place }),
        class: `rail-item${unread ? " unread" : ""}${muted ? " muted-item" : ""}`,
        "data-key": key,
        "aria-current": here ? "page" : null,
        "aria-label": `${label}${kind ? `, ${kind}` : ""}${unread ? `, ${unread} unread` : ""}`,
      },
      lead,
      h("span", { class: "rail-name" }, label),
      unread ? h("span", { class: "badge", "data-testid": "unread" }, count) : null,
    ),
  );
}

function channelList() {
  const channels = [...state.channels.values()]
    .filter((channel) => channel.kind !== "im")
    .sort((a, b) => a.name.localeCompare(b.name));
  return group(
    "Channels",
    channels.map((channel) =>
      item({
        key: channel.id,
        place: { channel: channel.id },
        label: channel.name,
        unread: channel.unread,
        muted: channel.is_archived || !channel.is_member,
        kind: channel.kind === "private" ? "private channel" : "channel",
        lead: h("span", { class: "rail-icon" }, icon(channel.kind === "private" ? "lock" : "hash")),
      }),
    ),
  );
}

function directList(onSearch) {
  const direct = [...state.channels.values()].filter(
    (channel) => channel.kind === "im" && !state.bots.has(channel.with),
  );
  direct.sort((a, b) => titleOf(a).localeCompare(titleOf(b)));
  const add = h(
    "button",
    {
      type: "button",
      class: "icon-button rail-add",
      "aria-label": "New direct message",
      "data-key": "new",
      title: "New direct message",
      on: { click: onSearch },
    },
    icon("plus"),
  );
  return group(
    "Direct messages",
    direct.map((channel) =>
      item({
        key: channel.id,
        place: { channel: channel.id },
        label: titleOf(channel),
        unread: channel.unread,
        lead: avatar(channel.with, "small"),
      }),
    ),
    add,
  );
}

function appList() {
  return group(
    "Apps",
    [...state.bots.values()].map((bot) => {
      const channel = directWith(bot.id);
      return item({
        key: channel?.id ?? bot.id,
        place: channel ? { channel: channel.id } : { app: bot.id },
        label: bot.real_name,
        unread: channel?.unread,
        kind: "app",
        lead: avatar(bot.id, "small"),
      });
    }),
  );
}
