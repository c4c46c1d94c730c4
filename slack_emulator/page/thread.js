// The pane at the right: one thread and where to answer it.

import { composer } from "./composer.js";
import { fill, h, icon } from "./dom.js";
import { loadMessages, threadOf } from "./log.js";
import { messageList } from "./messages.js";
import { on, state, titleOf } from "./state.js";
import { orNotice } from "./toast.js";

const pane = document.getElementById("thread");
let current = null; // {channel, root, list}

on("messages", ({ channel, fresh }) => {
  if (current?.channel === channel) draw(fresh?.thread_ts === current.root ? fresh : null);
});

function draw(fresh = null) {
  current.list.show(threadOf(current.channel, current.root), { fresh });
}

/** Shows the thread under `root`, or closes the pane when it is null. */
export function showThread(channel, root, onClose) {
  if (!root) {
    current = null;
    pane.hidden = true;
    fill(pane);
    return;
  }
  const same = current?.channel === channel.id && current.root === root && current.me === state.me.id;
  if (same) return;
  const list = messageList({ label: "Messages in this thread", inThread: true });
  const writing = composer({ channel: channel.id, thread: root, label: "Reply to thread" });
  current = { channel: channel.id, root, list, me: state.me.id };
  pane.hidden = false;
  fill(
    pane,
    h(
      "header",
      { class: "pane-head" },
      h(
        "div",
        { class: "pane-title" },
        h("h2", {}, "Thread"),
        h("span", { class: "pane-topic" }, channel.kind === "im" ? titleOf(channel) : `#${channel.name}`),
      ),
      h(
        "button",
        { type: "button", class: "icon-button", "aria-label": "Close thread", on: { click: onClose } },
        icon("close"),
      ),
    ),
    list.node,
    writing.node,
  );
  pane.onkeydown = (event) => {
    if (event.key === "Escape") onClose();
  };
  draw();
  writing.focus();
  orNotice(loadMessages(channel.id, root));
}
