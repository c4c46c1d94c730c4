// Text objects of Block Kit.

import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";

/** The plain string of a text object. */
export function plain(text) {
  if (!text) return "";
  return typeof text === "string" ? text : withEmoji(text.text ?? "");
}

/** Nodes for a text object, mrkdwn or plain. */
export function words(text) {
  if (!text) return [];
  if (text.type === "mrkdwn") return mrkdwn(text.text);
  return [h("span", { class: "lines plain" }, plain(text))];
}
