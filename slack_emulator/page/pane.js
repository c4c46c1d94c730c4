// The main pane: header, messages or Home tab, composer.

import { post } from "./api.js";
import { composer } from "./composer.js";
import { fill, h } from "./dom.js";
import { paneHeader } from "./header.js";
import { homeTab, leaveHome } from "./home.js";
import { loadMessages, messagesOf } from "./log.js";
import { messageList } from "./messages.js";
import { mrkdwn } from "./mrkdwn.js";
import { appOf, on, speaker, state, tell, titleOf } from "./state.js";
import { announce, orNotice } from "./toast.js";

const pane = document.getElementById("main");
let current = null; // {channel, me, tab, list, newFrom, unread}

on("messages", ({ channel, fresh }) => {
  if (fresh) speak(fresh);
  if (current?.list && current.channel === channel) draw(fresh);
});
on("stream:unread", ({ channel, count }) => setUnread(channel, isRead(channel) ? 0 : count, count > 0));
document.addEventListener(
  "visibilitychange",
  () => current && isRead(current.channel) && setUnread(current.channel, 0, true),
);

function isRead(channel) {
  return current?.channel === channel && current.tab === "messages" && document.visibilityState === "visible";
}

function setUnread(id, count, report) {
  const channel = state.channels.get(id);
  if (!channel) return;
  channel.unread = count;
  tell("channels");
  if (report && count === 0) post("/_page/read", { user: state.me.id, channel: id }).catch(() => {});
}

function speak(message) {
  if (message.user === state.me.id && !message.ephemeral) return;
  const channel = state.channels.get(message.channel);
  const where = channel && channel.id !== current?.channel ? ` in ${titleOf(channel)}` : "";
  announce(
    `${speaker(message.bot_id ?? message.user).real_name}${where}: ${h("span", {}, mrkdwn(message.text)).textContent}`,
  );
}

function draw(fresh = null) {
  const messages = messagesOf(current.channel);
  if (current.unread && !current.newFrom && messages.length) {
    const others = messages.filter((message) => message.user !== state.me.id);
    current.newFrom = others[Math.max(0, others.length - current.unread)]?.ts ?? null;
    current.unread = 0;
  }
  const shown = fresh && fresh.thread_ts && fresh.thread_ts !== fresh.ts ? null : fresh;
  current.list.show(messages, {
    fresh: shown,
    newFrom: current.newFrom,
    hint: current.loaded ? "Nothing here yet. Say hello." : "",
  });
}

/** What of a channel the pane shows around the messages. */
function lookOf({ topic, members, is_archived, is_member }) {
  return JSON.stringify([state.boot, topic, members, is_archived, is_member]);
}

/** Shows `place`; `on*` are what its controls do. */
export function showPane(place, { onMenu, onTab, onThread }) {
  const channel = state.channels.get(place.channel);
  if (!channel) {
    fill(pane, h("p", { class: "empty" }, "There is no conversation here yet."));
    return;
  }
  if (
    current?.channel === channel.id &&
    current.me === state.me.id &&
    current.tab === place.tab &&
    current.look === lookOf(channel)
  )
    return;
  const hadFocus = pane.contains(document.activeElement) || document.activeElement === document.body;
  const onTabRow = document.activeElement?.getAttribute("role") === "tab";
  const app = appOf(channel);
  const tab = app?.home_tab ? place.tab : "messages";
  const again = current?.channel === channel.id && current.me === state.me.id && current.tab === tab;
  leaveHome();
  current = {
    channel: channel.id,
    me: state.me.id,
    tab: place.tab,
    look: lookOf(channel),
    unread: channel.unread,
    newFrom: again ? current.newFrom : null,
  };
  const panel = {
    id: "tab-panel",
    class: "pane-body",
    role: app?.home_tab ? "tabpanel" : null,
    "aria-labelledby": app?.home_tab ? `tab-${tab}` : null,
  };
  const header = paneHeader({ channel, tab, onMenu, onTab });
  if (tab === "home") {
    fill(pane, header, h("div", panel, homeTab(app)));
  } else {
    current.list = messageList({ label: `Messages in ${titleOf(channel)}`, onThread });
    const name = channel.kind === "im" ? titleOf(channel) : `#${channel.name}`;
    const closed = channel.is_archived
      ? "This channel is archived."
      : channel.is_member
        ? ""
        : `You are reading ${name}. Only its members write here.`;
    const writing = closed
      ? { node: h("p", { class: "archived" }, closed) }
      : composer({ channel: channel.id, label: `Message ${name}` });
    fill(pane, header, h("div", panel, current.list.node, writing.node));
    if (hadFocus && !onTabRow && matchMedia("(min-width: 601px)").matches) writing.focus?.();
    load(current);
  }
  if (onTabRow) pane.querySelector("[role=tab][aria-selected=true]")?.focus();
  pane.setAttribute("aria-labelledby", "pane-title");
  document.title = `${titleOf(channel)} · ${state.team.name}`;
}

async function load(mine) {
  draw();
  await orNotice(loadMessages(mine.channel));
  if (current !== mine) return;
  mine.loaded = true;
  draw();
  mine.list.toEnd();
  if (isRead(mine.channel)) setUnread(mine.channel, 0, true);
}
