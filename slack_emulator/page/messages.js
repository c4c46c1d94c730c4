// A list of messages: days, groups, what is new, and staying where one reads.

import { arrange } from "./form.js";
import { arrowKeys, h, icon } from "./dom.js";
import { renderMessage } from "./message.js";
import { state } from "./state.js";
import { dayKey, dayName } from "./time.js";

const GROUPED_WITHIN = 5 * 60 * 1000; // milliseconds between two messages of one speaker

/** A scrolling list. Answers {node, show, toEnd}. */
export function messageList({ label, inThread = false, onThread }) {
  const list = h("ol", { class: "messages", "aria-label": label });
  const empty = h("div", { class: "empty", hidden: true });
  const jump = h(
    "button",
    { type: "button", class: "jump", hidden: true, on: { click: () => toEnd(true) } },
    icon("down"),
    "New messages",
  );
  const scroller = h(
    "div",
    { class: "scroller", "data-testid": inThread ? "thread-messages" : "messages" },
    empty,
    list,
  );
  const node = h("div", { class: "scroller-frame" }, scroller, jump);
  let rows = new Map(); // key -> {signature, node}

  const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
  const toEnd = (smooth = false) => {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    scroller.scrollTo({ top: scroller.scrollHeight, behavior: smooth && !still ? "smooth" : "instant" });
    jump.hidden = true;
  };
  scroller.addEventListener(
    "scroll",
    () => {
      if (atEnd()) jump.hidden = true;
    },
    { passive: true },
  );
  new ResizeObserver(() => {
    if (stuck) toEnd();
  }).observe(scroller);
  let stuck = true;
  scroller.addEventListener(
    "scroll",
    () => {
      stuck = atEnd();
    },
    { passive: true },
  );

  list.addEventListener("keydown", (event) => {
    if (event.target.matches?.("li.message")) arrowKeys(event, [...list.querySelectorAll("li.message")]);
  });

  /** Draws `messages`; `fresh` is the one that just came, `newFrom` the first unread ts, `hint` the words when empty. */
  function show(messages, { fresh = null, newFrom = null, hint = "" } = {}) {
    const wasAtEnd = atEnd() || rows.size === 0;
    const next = new Map();
    const put = (key, signature, make) => {
      const row = rows.get(key);
      next.set(key, row?.signature === signature ? row : { signature, node: make() });
    };
    let before = null;
    for (const message of messages) {
      const day = dayKey(new Date(message.shown_at), state.me.tz);
      if (!before || before.day !== day) put(`day:${day}:${message.ts}`, day, () => dayRow(message, before));
      const isNew = newFrom && message.ts === newFrom;
      if (isNew)
        put("new", newFrom, () =>
          h("li", { class: "divider-new" }, h("span", {}, "New", h("span", { class: "sr-only" }, " messages"))),
        );
      const grouped = !isNew && belongs(before, message, day);
      const rootOfThread = inThread && message === messages[0];
      put(
        `${message.ts}${message.ephemeral ? "!" : ""}`,
        `${grouped}${state.me.id}${state.people.size}${JSON.stringify(message)}`,
        () => renderMessage(message, { grouped, inThread, onThread }),
      );
      if (rootOfThread && messages.length > 1)
        put("replies", String(messages.length), () => repliesRow(messages.length - 1));
      before = { message, day };
    }
    const held = [...rows].find(([, row]) => row.node.contains(document.activeElement))?.[0];
    arrange(
      list,
      [...next.values()].map((row) => row.node),
    );
    rows = next;
    roving();
    // A message that an app replaced keeps the focus that one of its buttons had.
    const now = next.get(held)?.node;
    if (now && !now.contains(document.activeElement)) now.focus({ preventScroll: true });
    empty.hidden = messages.length > 0 || !hint;
    empty.textContent = hint;
    // An ephemeral message answers what one has just done.
    const mine = (fresh?.user === state.me.id && !fresh?.bot_id) || fresh?.ephemeral;
    if (wasAtEnd || mine) toEnd();
    else if (fresh) jump.hidden = false;
  }

  function roving() {
    const all = [...list.querySelectorAll("li.message")];
    const held = all.find((row) => row === document.activeElement) ?? all.at(-1);
    for (const row of all) row.tabIndex = row === held ? 0 : -1;
  }

  return { node, show, toEnd };
}

function belongs(before, message, day) {
  if (!before || before.day !== day || before.message.ephemeral !== message.ephemeral) return false;
  const speaker = ({ bot_id: bot, user }) => bot ?? user;
  const gap = new Date(message.shown_at) - new Date(before.message.shown_at);
  return speaker(before.message) === speaker(message) && gap < GROUPED_WITHIN && !before.message.reply_count;
}

function dayRow(message, before) {
  const moment = new Date(message.shown_at);
  const newYear = before && before.day.slice(0, 4) !== dayKey(moment, state.me.tz).slice(0, 4);
  const name = dayName(moment, state.me.tz, newYear);
  return h("li", { class: "divider-day" }, h("span", {}, name));
}

function repliesRow(count) {
  return h("li", { class: "divider-replies" }, h("span", {}, count === 1 ? "1 reply" : `${count} replies`));
}
