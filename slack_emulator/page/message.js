// One message.

import { post } from "./api.js";
import { avatar } from "./avatar.js";
import { renderBlocks } from "./blocks.js";
import { h, icon } from "./dom.js";
import { mrkdwn, safeAddress } from "./mrkdwn.js";
import { reactions, toolbar } from "./reactions.js";
import { speaker, state } from "./state.js";
import { clockTime, shortStamp } from "./time.js";
import { orNotice } from "./toast.js";

/** The row of a message; `grouped` when the same person spoke just before. */
export function renderMessage(message, { grouped, inThread, onThread }) {
  const who = speaker(message.bot_id ?? message.user);
  const name = message.username ?? who.real_name;
  const moment = new Date(message.shown_at);
  const time = clockTime(moment, state.me.tz);
  const stamp = h(
    "time",
    { datetime: message.shown_at, title: shortStamp(moment, state.me.tz), class: "message-time" },
    time,
  );
  return h(
    "li",
    {
      class: `message${grouped ? " grouped" : ""}${message.ephemeral ? " ephemeral" : ""}`,
      "data-ts": message.ts,
      "data-testid": "message",
      "aria-label": `${name}, ${time}`,
      tabindex: "-1",
    },
    h("div", { class: "message-side" }, grouped ? stamp : avatar(who.id)),
    h(
      "div",
      { class: "message-main" },
      message.ephemeral ? h("div", { class: "only-you" }, icon("eye"), "Only visible to you") : null,
      grouped
        ? null
        : h(
            "div",
            { class: "message-head" },
            h("span", { class: "message-name" }, name),
            who.is_bot ? h("span", { class: "app-tag" }, "App") : null,
            stamp,
          ),
      content(message, inThread),
      reactions(message),
      !inThread && message.reply_count ? replies(message, onThread) : null,
    ),
    message.ephemeral ? null : toolbar(message, inThread ? null : onThread),
  );
}

function content(message, inThread) {
  const form = messageForm(message, inThread ? 3 : 2);
  if (message.subtype === "tombstone") return h("p", { class: "muted" }, "This message was deleted.");
  const body = message.blocks?.length
    ? renderBlocks(message.blocks, form)
    : h("div", { class: "message-text" }, mrkdwn(message.text));
  if (message.edited) {
    const place = message.blocks?.length ? body : (body.lastElementChild ?? body);
    place.append(h("span", { class: "edited" }, " (edited)"));
  }
  return [body, (message.attachments ?? []).map((part) => attachment(part, form)), (message.files ?? []).map(file)];
}

/** Elements in a message report straight to the app; nothing is gathered. */
function messageForm(message, level) {
  return {
    level,
    act: (action) =>
      orNotice(
        post("/_control/interact", { channel: message.channel, messageTs: message.ts, user: state.me.id, action }),
      ),
    register() {},
    current() {},
  };
}

function attachment(part, form) {
  return h(
    "div",
    { class: "attachment", vars: { "--edge": part.color ? `#${part.color.replace(/^#/, "")}` : null } },
    part.blocks
      ? renderBlocks(part.blocks, form)
      : h("div", { class: "message-text" }, mrkdwn(part.text ?? part.fallback ?? "")),
  );
}

function file(item) {
  const href = safeAddress(item.url_private);
  const size = item.size ? `, ${Math.max(1, Math.round(item.size / 1024))} KB` : "";
  if (href && item.mimetype?.startsWith("image/")) {
    return h(
      "figure",
      { class: "file-image" },
      h("figcaption", {}, item.title ?? item.name),
      h("img", { src: href, alt: item.alt_txt ?? item.title ?? item.name }),
    );
  }
  return h(
    "a",
    { class: "file", href, target: "_blank", rel: "noopener noreferrer" },
    icon("file"),
    h(
      "span",
      {},
      h("strong", {}, item.title ?? item.name),
      h("small", {}, `${item.pretty_type ?? item.filetype ?? "File"}${size}`),
    ),
  );
}

function replies(message, onThread) {
  const count = message.reply_count;
  return h(
    "button",
    { type: "button", class: "replies", on: { click: () => onThread(message.ts) } },
    (message.reply_users ?? []).slice(0, 4).map((user) => avatar(user, "tiny")),
    h("span", { class: "replies-count" }, count === 1 ? "1 reply" : `${count} replies`),
    h("span", { class: "replies-hint" }, "View thread"),
  );
}
