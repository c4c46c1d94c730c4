// The messages this page knows, by channel and ts.

import { read } from "./api.js";
import { on, state, tell } from "./state.js";

const channels = new Map();
const keyOf = (message) => `${message.ts}${message.ephemeral ? "!" : ""}`;

function of(channel) {
  if (!channels.has(channel)) channels.set(channel, new Map());
  return channels.get(channel);
}

/** Forgets everything: another person may see other messages. */
export function forgetMessages() {
  channels.clear();
}

const loads = new Set(); // those under way: {channel, heard: keys of which there was news meanwhile}

function hear(channel, key, message) {
  for (const load of loads) if (load.channel === channel) load.heard.add(key);
  if (message) of(channel).set(key, message);
  else of(channel).delete(key);
}

/** Fetches a channel, or one thread of it. What is heard meanwhile is newer than what comes back. */
export async function loadMessages(channel, thread) {
  const me = state.me.id;
  const load = { channel, heard: new Set() };
  loads.add(load);
  try {
    const { messages } = await read("/_page/messages", { as: me, channel, thread_ts: thread });
    if (state.me.id !== me) return;
    const known = of(channel);
    if (!thread) for (const key of known.keys()) if (!load.heard.has(key)) known.delete(key);
    for (const message of messages) if (!load.heard.has(keyOf(message))) known.set(keyOf(message), message);
  } finally {
    loads.delete(load);
  }
  tell("messages", { channel });
}

const inTime = (a, b) => (a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0);
const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts;

/** What the channel itself shows, oldest first. */
export function messagesOf(channel) {
  return [...of(channel).values()]
    .filter((message) => !isReply(message) || message.subtype === "thread_broadcast")
    .sort(inTime);
}

/** A thread: the first message and its replies. */
export function threadOf(channel, root) {
  return [...of(channel).values()].filter((message) => message.ts === root || message.thread_ts === root).sort(inTime);
}

function countReply(channel, reply) {
  const root = of(channel).get(reply.thread_ts);
  if (!root || reply.ephemeral || (root.latest_reply ?? "") >= reply.ts) return;
  hear(channel, root.ts, {
    ...root,
    thread_ts: root.ts,
    reply_count: (root.reply_count ?? 0) + 1,
    latest_reply: reply.ts,
    reply_users: [...new Set([...(root.reply_users ?? []), reply.user])],
  });
}

on("stream:message", ({ message }) => {
  if (isReply(message)) countReply(message.channel, message);
  hear(message.channel, keyOf(message), message);
  tell("messages", { channel: message.channel, fresh: message });
});

on("stream:message_changed", ({ message }) => {
  hear(message.channel, keyOf(message), message);
  tell("messages", { channel: message.channel });
});

on("stream:message_deleted", ({ channel, ts }) => {
  hear(channel, ts, null);
  hear(channel, `${ts}!`, null);
  tell("messages", { channel });
});
