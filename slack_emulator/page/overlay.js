// Dialogs over the page: focus stays inside, Escape leaves, and focus goes back where it was.

import { h } from "./dom.js";
import { closePopover } from "./popover.js";

const stack = [];
const FOCUSABLE =
  "a[href],button:not([disabled]),input:not([disabled]),textarea:not([disabled]),select:not([disabled]),[tabindex='0']";

/**
 * Opens `panel` (an element with a dialog role) over everything.
 * `onLeave` is called on Escape and on a click beside it. Answers a function that closes it.
 */
export function openOverlay(panel, { onLeave, className = "", first } = {}) {
  closePopover();
  const shade = h("div", { class: `shade ${className}` }, panel);
  const entry = { shade, before: document.activeElement };
  shade.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      onLeave?.();
    } else if (event.key === "Tab") keepInside(event, panel);
  });
  shade.addEventListener("pointerdown", (event) => {
    if (event.target === shade && className.includes("light")) onLeave?.();
  });
  stack.push(entry);
  document.getElementById("overlays").append(shade);
  refreshInert();
  (first?.() ?? firstField(panel) ?? panel).focus();
  return () => close(entry);
}

function close(entry) {
  const at = stack.indexOf(entry);
  if (at < 0) return;
  closePopover();
  stack.splice(at, 1);
  entry.shade.remove();
  refreshInert();
  if (entry.before?.isConnected) entry.before.focus({ preventScroll: true });
}

/** The first thing to fill in, or else the first thing to press. */
export function firstField(panel) {
  const all = [...panel.querySelectorAll(FOCUSABLE)].filter((node) => node.tabIndex >= 0);
  return all.find((node) => node.closest(".overlay-body") && !node.closest("a")) ?? all.at(-1);
}

function keepInside(event, panel) {
  const all = [...panel.querySelectorAll(FOCUSABLE)].filter((node) => node.tabIndex >= 0 && node.offsetParent !== null);
  const edge = event.shiftKey ? all[0] : all.at(-1);
  const beyond = event.shiftKey ? all.at(-1) : all[0];
  if (document.activeElement === edge || !panel.contains(document.activeElement) || document.activeElement === panel) {
    event.preventDefault();
    beyond?.focus();
  }
}

function refreshInert() {
  document.getElementById("app").inert = stack.length > 0;
  stack.forEach(({ shade }, index) => {
    shade.inert = index < stack.length - 1;
  });
}

/** Asks before something is done. `words` are a Slack confirm object. Answers a promise of true or false. */
export function confirmation(words) {
  return new Promise((resolve) => {
    const done = (answer) => {
      shut();
      resolve(answer);
    };
    const danger = words.style === "danger";
    const panel = h(
      "div",
      {
        class: "dialog dialog-small",
        role: "alertdialog",
        "aria-modal": "true",
        "aria-labelledby": "confirm-title",
        "aria-describedby": "confirm-text",
        tabindex: "-1",
      },
      h("h2", { id: "confirm-title" }, words.title?.text ?? "Are you sure?"),
      h("p", { id: "confirm-text" }, words.text?.text ?? ""),
      h(
        "div",
        { class: "dialog-foot" },
        h(
          "button",
          { type: "button", class: "button", on: { click: () => done(false) } },
          words.deny?.text ?? "Cancel",
        ),
        h(
          "button",
          {
            type: "button",
            class: `button ${danger ? "button-danger" : "button-primary"}`,
            on: { click: () => done(true) },
          },
          words.confirm?.text ?? "Yes",
        ),
      ),
    );
    const shut = openOverlay(panel, { onLeave: () => done(false) });
  });
}
