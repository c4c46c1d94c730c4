// The modal of the person looking: fill in, submit, be told what is wrong, close.

import { post } from "./api.js";
import { avatar } from "./avatar.js";
import { fill, h, icon } from "./dom.js";
import { makeForm } from "./form.js";
import { firstField, openOverlay } from "./overlay.js";
import { state } from "./state.js";
import { missing } from "./validate.js";
import { plain } from "./words.js";

let shown = null; // what is open: {shut, panel, view, forms, form, pending, sending}

/** Shows `view`, or closes the modal when it is null. */
export function showModal(view) {
  if (!view) {
    shown?.shut();
    shown = null;
    return;
  }
  const opening = !shown;
  shown ??= {
    panel: h("div", {
      class: "dialog",
      role: "dialog",
      "aria-modal": "true",
      "aria-labelledby": "modal-title",
      tabindex: "-1",
      "data-testid": "modal",
    }),
    forms: new Map(),
  };
  // An update may bring other buttons, or take the submit button away.
  const other = shown.view?.id !== view.id || frame(shown.view) !== frame(view);
  shown.view = view;
  if (other) compose(view);
  shown.form.update(view.blocks, { values: view.state?.values });
  if (opening) shown.shut = openOverlay(shown.panel, { onLeave: leave, first: () => start() });
  else if (other) start()?.focus();
  if (Object.keys(view.errors ?? {}).length) refuse(view.errors);
}

/** What stands around the blocks. */
function frame(view) {
  return JSON.stringify([view.title, view.submit, view.close, needsSubmit(view)]);
}

function needsSubmit(view) {
  return Boolean(view.submit) || view.blocks.some((block) => block.type === "input");
}

function start() {
  return shown.panel.querySelector("[data-focus-first]") ?? firstField(shown.panel);
}

function compose(view) {
  const { panel, forms } = shown;
  if (!forms.has(view.id)) forms.set(view.id, makeForm({ onAct: act, onEnter: submit, level: 3 }));
  shown.form = forms.get(view.id);
  shown.banner = h("div", { class: "banner", role: "alert", hidden: true });
  shown.refused = "";
  const app = view.bot_id ?? view.app_id;
  const submits = needsSubmit(view);
  fill(
    panel,
    h(
      "header",
      { class: "dialog-head" },
      avatar(app, "small"),
      h("h2", { id: "modal-title" }, plain(view.title)),
      h("button", { type: "button", class: "icon-button", "aria-label": "Close", on: { click: leave } }, icon("close")),
    ),
    h("div", { class: "progress", hidden: true }),
    h("div", { class: "overlay-body" }, shown.banner, shown.form.node),
    h(
      "footer",
      { class: "dialog-foot" },
      h(
        "button",
        { type: "button", class: "button", on: { click: leave } },
        plain(view.close) || (submits ? "Cancel" : "Close"),
      ),
      submits
        ? h(
            "button",
            { type: "button", class: "button button-primary", "data-testid": "modal-submit", on: { click: submit } },
            plain(view.submit) || "Submit",
          )
        : null,
    ),
  );
}

/** Runs a request with the modal marked busy; a refusal is shown inside it. */
function busily(promise) {
  const modal = shown;
  modal.pending = finished(modal, promise);
  return modal.pending;
}

async function finished({ panel }, promise) {
  panel.setAttribute("aria-busy", "true");
  panel.querySelector(".progress").hidden = false;
  try {
    return await promise;
  } catch (error) {
    if (error.errors) refuse(error.errors);
    else say(error.message);
    return null;
  } finally {
    panel.removeAttribute("aria-busy");
    const bar = panel.querySelector(".progress");
    if (bar) bar.hidden = true;
  }
}

function act(action) {
  return busily(
    post("/_control/view-interact", { user: state.me.id, view_id: shown.view.id, action, values: shown.form.values() }),
  );
}

/** Sends the form, once: after a choice that is still on its way, and not again while it is being sent. */
async function submit() {
  const modal = shown;
  if (!modal || modal.sending) return;
  modal.sending = true;
  try {
    await modal.pending;
    if (shown === modal) await send();
  } finally {
    modal.sending = false;
  }
}

async function send() {
  const { form, view } = shown;
  say("");
  const lacking = missing(view.blocks, form.values());
  shown.refused = "";
  refuse(lacking);
  if (Object.keys(lacking).length) return;
  const answer = await busily(post("/_control/view-submit", { user: state.me.id, values: form.values() }));
  if (answer?.errors && shown?.view.id === view.id) refuse(answer.errors);
}

function leave() {
  busily(post("/_control/view-close", { user: state.me.id }));
}

/** Shows errors by block_id once, and goes to the first. */
function refuse(errors) {
  const same = JSON.stringify(errors);
  if (same === shown.refused) return;
  shown.refused = same;
  const placed = shown.form.errors(errors);
  const words = Object.values(errors);
  if (words.length && !placed) say(words.join(" "));
}

function say(text) {
  if (!shown) return;
  shown.banner.hidden = !text;
  fill(shown.banner, text ? [icon("alert"), h("span", {}, text)] : []);
}
