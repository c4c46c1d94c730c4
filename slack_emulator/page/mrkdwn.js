// Slack's mrkdwn, turned into DOM nodes. The text is data: nothing in it can become markup.

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { speaker, state, titleOf } from "./state.js";
import { dateLink } from "./time.js";

const STYLES = [
  ["*", "strong"],
  ["_", "em"],
  ["~", "del"],
];
const BARE_LINK = /https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)\]'"]/y;

/** `&amp;`, `&lt;` and `&gt;` as the signs they stand for, each once. */
export function unescape(text) {
  return text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);
}

/** Only addresses a person may safely follow. */
export function safeAddress(address) {
  return /^(https?:|mailto:|tel:)/i.test(address ?? "") ? address : null;
}

/** A link that opens beside this page, or plain text when the address is not a safe one. */
export function link(address, label) {
  const href = safeAddress(address);
  return href
    ? h("a", { href, target: "_blank", rel: "noopener noreferrer", class: "link" }, label)
    : h("span", {}, label);
}

/** The chip that names a person, channel or group. */
export function mention(kind, id, label) {
  if (kind === "user") {
    const mine = id === state.me?.id;
    return h("span", { class: `mention${mine ? " mention-me" : ""}` }, `@${label || speaker(id).real_name}`);
  }
  if (kind === "channel") {
    const channel = state.channels.get(id);
    return h("span", { class: "mention" }, `#${label || (channel ? titleOf(channel) : "private channel")}`);
  }
  return h("span", { class: "mention mention-me" }, `@${label || id}`);
}

/** Nodes for a whole mrkdwn text: code blocks, quotes and lines. */
export function mrkdwn(text) {
  const nodes = [];
  for (const [index, part] of (text ?? "").split("```").entries()) {
    const closed = index % 2 === 1;
    if (closed) nodes.push(h("pre", { class: "code-block" }, h("code", {}, unescape(part.replace(/^\n|\n$/g, "")))));
    else if (part) nodes.push(...quotesAndLines(index ? part.replace(/^\n/, "") : part));
  }
  return nodes;
}

function quotesAndLines(text) {
  const nodes = [];
  let quoted = [];
  let plain = [];
  const flush = () => {
    if (quoted.length) nodes.push(h("blockquote", {}, inline(quoted.join("\n"))));
    if (plain.length) nodes.push(h("span", { class: "lines" }, inline(plain.join("\n"))));
    quoted = [];
    plain = [];
  };
  for (const line of text.split("\n")) {
    const quote = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (quote ? plain.length : quoted.length) flush();
    if (quote) quoted.push(quote[1]);
    else plain.push(line);
  }
  flush();
  return nodes;
}

/** Nodes for mrkdwn within a paragraph. */
export function inline(text) {
  const nodes = [];
  let run = "";
  let at = 0;
  const put = (node, length) => {
    if (run) nodes.push(unescape(run));
    run = "";
    nodes.push(node);
    at += length;
  };
  while (at < text.length) {
    const found = token(text, at);
    if (found) put(...found);
    else {
      run += text[at];
      at += 1;
    }
  }
  if (run) nodes.push(unescape(run));
  return nodes;
}

function token(text, at) {
  const sign = text[at];
  if (sign === "\n") return [h("br"), 1];
  if (sign === "<") return angle(text, at);
  if (sign === "`") return enclosed(text, at, "`", (inner) => h("code", {}, unescape(inner)));
  if (sign === ":") return named(text, at);
  if (sign === "h") return bare(text, at);
  const style = STYLES.find(([mark]) => mark === sign);
  if (!style || /[\p{L}\p{N}]/u.test(text[at - 1] ?? "")) return null;
  return enclosed(text, at, sign, (inner) => h(style[1], {}, inline(inner)));
}

/** Text between two marks on one line, as Slack accepts them: no space inside the marks, no letter after. */
function enclosed(text, at, mark, make) {
  let end = text.indexOf(mark, at + 1);
  while (end > 0 && /[\p{L}\p{N}]/u.test(text[end + 1] ?? "")) end = text.indexOf(mark, end + 1);
  if (end < 0) return null;
  const inner = text.slice(at + 1, end);
  if (!inner || inner.includes("\n")) return null;
  if (mark !== "`" && /^\s|\s$/.test(inner)) return null;
  return [make(inner), inner.length + 2];
}

function named(text, at) {
  const match = /^:([a-z0-9_+-]+(?:::skin-tone-\d)?):/.exec(text.slice(at, at + 60));
  const sign = match && emoji(match[1]);
  return sign
    ? [h("span", { class: "emoji", role: "img", "aria-label": match[1].replaceAll("_", " ") }, sign), match[0].length]
    : null;
}

function bare(text, at) {
  if (/[\p{L}\p{N}]/u.test(text[at - 1] ?? "")) return null;
  BARE_LINK.lastIndex = at;
  const match = BARE_LINK.exec(text);
  return match ? [link(unescape(match[0]), unescape(match[0])), match[0].length] : null;
}

function angle(text, at) {
  const end = text.indexOf(">", at);
  if (end < 0) return null;
  const inner = text.slice(at + 1, end);
  const bar = inner.indexOf("|");
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? "" : unescape(inner.slice(bar + 1));
  const node = angleNode(target, label);
  return node ? [node, inner.length + 2] : null;
}

function angleNode(target, label) {
  if (/^@[UW]/.test(target)) return mention("user", target.slice(1), label);
  if (/^#[CG]/.test(target)) return mention("channel", target.slice(1), label);
  if (target.startsWith("!date^")) {
    const [, seconds, pattern, address] = target.split("^");
    const words = Number(seconds) ? dateLink(Number(seconds), pattern ?? "", state.me?.tz) : label;
    return address ? link(unescape(address), words) : h("time", {}, words);
  }
  if (target.startsWith("!subteam^")) return mention("group", "group", label.replace(/^@/, ""));
  if (target.startsWith("!")) return mention("group", target.slice(1), label.replace(/^@/, ""));
  if (safeAddress(target)) return link(unescape(target), label || unescape(target));
  return null;
}
