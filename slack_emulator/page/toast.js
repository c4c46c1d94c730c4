// Notices at the foot of the page, and words for screen readers.

import { h, icon, fill } from "./dom.js";

const SHOWN_FOR = 7000; // milliseconds

/** Shows a notice for a few seconds. */
export function notice(text, kind = "notice") {
  const same = [...document.querySelectorAll(".toast-text")].some((node) => bare(node.textContent) === bare(text));
  if (same) return;
  const toast = h(
    "div",
    { class: `toast toast-${kind}`, "data-testid": "notice" },
    icon("alert"),
    h("span", { class: "toast-text" }, text),
    h(
      "button",
      { type: "button", class: "icon-button", "aria-label": "Dismiss", on: { click: () => toast.remove() } },
      icon("close"),
    ),
  );
  document.getElementById("toasts").append(toast);
  setTimeout(() => toast.remove(), SHOWN_FOR);
}

function bare(text) {
  return text.replace(/\.$/, "");
}

/** Runs a request; a refusal becomes a notice. Answers undefined then. */
export async function orNotice(promise) {
  try {
    return await promise;
  } catch (error) {
    notice(error.message);
    return undefined;
  }
}

/** Has screen readers say `text` when they get to it. */
export function announce(text) {
  const log = document.getElementById("announcer");
  log.append(h("p", {}, text));
  while (log.children.length > 20) log.firstChild.remove();
}

/** Sets the one banner that says the server is away. */
export function connectionBanner(connected) {
  document.querySelector(".offline")?.remove();
  if (connected) return;
  document
    .getElementById("toasts")
    .append(
      fill(
        h("div", { class: "toast offline" }),
        h("span", { class: "spinner" }),
        "The emulator is away. Trying again…",
      ),
    );
}
