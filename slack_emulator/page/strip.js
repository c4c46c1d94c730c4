// The host's panel above the page. What it says and does is the host's; this only shows it.

import { post, read } from "./api.js";
import { fill, h, icon } from "./dom.js";
import { addressOf } from "./place.js";
import { speaker, state } from "./state.js";
import { notice } from "./toast.js";

const EVERY = 2000; // milliseconds
const WHILE_BUSY = 600; // milliseconds, so that one sees it move
const strip = document.getElementById("strip");
const clock = h("time", { class: "strip-clock", "data-testid": "clock" });
const headline = h("strong", { class: "strip-headline" });
const body = h("span", { class: "strip-body" });
const buttons = h("div", { class: "strip-buttons", role: "group", "aria-label": "Demo actions" });
const suggestion = h("span", { class: "strip-suggestion" });
const spinner = h("span", { class: "spinner", hidden: true, "aria-hidden": "true" });
let shown = { head: "", buttons: "", act: "" };
let pressed = null; // the id of a button whose request is under way
let asking = false;
let again = false; // asked for while an answer was on its way

/** Shows the strip when the server names one, and keeps it up to date. */
export function startStrip() {
  if (!state.stripUrl || !strip.hidden) return;
  fill(
    strip,
    h("div", { class: "strip-time" }, icon("clock"), clock, spinner),
    h("div", { class: "strip-words", "aria-live": "polite" }, headline, body),
    suggestion,
    buttons,
  );
  goOn();
}

async function goOn() {
  if (document.visibilityState === "visible") await refresh();
  setTimeout(goOn, strip.getAttribute("aria-busy") === "true" ? WHILE_BUSY : EVERY);
}

/** Asks again at once: somebody else is looking, or did something. */
export function refreshStrip() {
  if (!strip.hidden) refresh();
}

async function refresh() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  try {
    draw(await read(state.stripUrl, { as: state.me.id }));
    strip.hidden = false;
  } catch {
    // the banner about the connection says enough
  } finally {
    asking = false;
  }
  if (again) {
    again = false;
    await refresh();
  }
}

function draw(told) {
  const head = JSON.stringify([told.clock_label, told.headline, told.body]);
  if (head !== shown.head) {
    clock.textContent = told.clock_label;
    clock.dateTime = told.clock ?? "";
    headline.textContent = told.headline ?? "";
    body.textContent = told.body ?? "";
  }
  const busy = Boolean(told.busy || pressed);
  strip.setAttribute("aria-busy", String(busy));
  spinner.hidden = !busy;
  const row = JSON.stringify([told.buttons, pressed]);
  if (row !== shown.buttons) drawButtons(told.buttons ?? []);
  const links = linksOf(told);
  const act = JSON.stringify(links);
  if (act !== shown.act)
    fill(
      suggestion,
      links.map(({ label, place }) => h("a", { class: "strip-link", href: addressOf(place) }, label)),
    );
  suggestion.hidden = links.length === 0;
  shown = { head, buttons: row, act };
}

/** Where the host suggests to look, without the place one looks at already. */
function linksOf({ links, act_as: id, act_as_label: label }) {
  if (!links) {
    if (!id || id === state.me.id) return [];
    const place = { as: id, channel: state.place.channel, tab: state.place.tab };
    return [{ label: label || `Look as ${speaker(id).real_name}`, place }];
  }
  return links
    .map((link) => ({ label: link.label, place: { as: link.as, app: link.app, channel: link.channel } }))
    .filter(({ place }) => !isHere(place));
}

function isHere({ as: user, app, channel }) {
  if (user !== state.me.id || state.place.tab === "home") return false;
  return app ? state.channels.get(state.place.channel)?.with === app : channel === state.place.channel;
}

function drawButtons(all) {
  const first = all.some((button) => "primary" in button) ? (button) => button.primary : (_, index) => index === 0;
  const held = buttons.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  fill(
    buttons,
    all.map((button, index) =>
      h(
        "button",
        {
          type: "button",
          class: `strip-button${first(button, index) ? " strip-button-first" : ""}`,
          "data-id": button.id,
          title: button.hint ?? null,
          "aria-disabled": button.disabled || pressed ? "true" : null,
          "aria-busy": pressed === button.id ? "true" : null,
          on: { click: () => !button.disabled && !pressed && press(button) },
        },
        button.label,
      ),
    ),
  );
  if (held) buttons.querySelector(`[data-id="${CSS.escape(held)}"]`)?.focus();
}

async function press(button) {
  pressed = button.id;
  for (const node of buttons.children) {
    node.setAttribute("aria-disabled", "true");
    if (node.dataset.id === button.id) node.setAttribute("aria-busy", "true");
  }
  spinner.hidden = false;
  strip.setAttribute("aria-busy", "true");
  setTimeout(refresh, WHILE_BUSY);
  try {
    await post(button.post, button.json ?? {});
  } catch (error) {
    notice(error.message);
  }
  pressed = null;
  shown.buttons = "";
  await refresh();
}
