// rich_text blocks: what Slack's own composer produces.

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { link, mention } from "./mrkdwn.js";
import { state } from "./state.js";
import { dateLink } from "./time.js";

/** The node for a rich_text block. */
export function richText(block) {
  return h("div", { class: "rich-text" }, (block.elements ?? []).map(part));
}

function part(element) {
  const inner = () => (element.elements ?? []).map(leaf);
  switch (element.type) {
    case "rich_text_quote":
      return h("blockquote", {}, inner());
    case "rich_text_preformatted":
      return h("pre", { class: "code-block" }, h("code", {}, inner()));
    case "rich_text_list":
      return h(
        element.style === "ordered" ? "ol" : "ul",
        {
          class: "rich-list",
          start: element.offset ? element.offset + 1 : null,
          vars: { "--indent": element.indent ?? 0 },
        },
        (element.elements ?? []).map((item) => h("li", {}, (item.elements ?? []).map(leaf))),
      );
    default:
      return h("p", {}, inner());
  }
}

const LEAVES = {
  text: (item) => lines(item.text ?? ""),
  link: (item) => link(item.url, item.text || item.url),
  emoji: (item) => emoji(item.name) ?? `:${item.name}:`,
  user: (item) => mention("user", item.user_id),
  channel: (item) => mention("channel", item.channel_id),
  usergroup: () => mention("group", "group"),
  broadcast: (item) => mention("group", item.range),
  date: (item) => h("time", {}, dateLink(item.timestamp, item.format ?? "{date}", state.me?.tz) || item.fallback),
  color: (item) => h("code", {}, item.value),
};

function leaf(item) {
  const style = item.style ?? {};
  let node = LEAVES[item.type]?.(item) ?? item.text ?? "";
  if (style.code) node = h("code", {}, node);
  if (style.bold) node = h("strong", {}, node);
  if (style.italic) node = h("em", {}, node);
  if (style.strike) node = h("del", {}, node);
  return node;
}

function lines(text) {
  return text.split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]));
}
