// Where one writes: Enter sends, Shift+Enter starts a new line, "/" begins a command.

import { post } from "./api.js";
import { h, icon } from "./dom.js";
import { state } from "./state.js";
import { suggestions } from "./suggest.js";
import { notice, orNotice } from "./toast.js";

/** The composer of a channel, or of a thread in it. */
export function composer({ channel, thread = null, label }) {
  const me = state.me.id;
  const draft = `${me}/${channel}/${thread ?? ""}`;
  const area = h("textarea", {
    class: "composer-text",
    rows: "1",
    placeholder: label,
    "aria-label": label,
    "data-testid": thread ? "thread-composer" : "composer",
  });
  area.value = state.drafts.get(draft) ?? "";
  const offered = suggestions(area);
  const send = h(
    "button",
    {
      type: "button",
      class: "composer-send",
      "aria-label": "Send",
      title: "Send (Enter)",
      on: { click: () => submit() },
    },
    icon("send"),
  );
  const fit = () => {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 200)}px`;
    send.disabled = !area.value.trim();
    state.drafts.set(draft, area.value);
  };

  async function submit() {
    const text = area.value.trim();
    if (!text) return;
    const isCommand = /^\/\S/.test(text);
    if (isCommand && thread) {
      notice("Commands work in conversations, not in threads.");
      return;
    }
    area.value = "";
    fit();
    offered.hide();
    const sent = await orNotice(
      isCommand
        ? command(text)
        : post("/_control/message", {
            channel,
            user: me,
            text: outgoing(text),
            ...(thread ? { thread_ts: thread } : {}),
          }),
    );
    if (sent === undefined && !area.value) {
      area.value = text; // refused: nothing that was written is lost
      fit();
    }
  }

  function command(text) {
    const [name, ...rest] = text.split(/\s+/);
    return post("/_control/command", { channel, user: me, command: name, text: rest.join(" ") });
  }

  area.addEventListener("input", fit);
  area.addEventListener("keydown", (event) => {
    if (event.isComposing || offered.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
  });
  requestAnimationFrame(fit);
  const node = h(
    "div",
    { class: "composer" },
    offered.node,
    h("div", { class: "composer-box" }, area, send),
    h(
      "p",
      { class: "composer-help", "aria-hidden": "true" },
      h("kbd", {}, "Enter"),
      " to send · ",
      h("kbd", {}, "Shift"),
      "+",
      h("kbd", {}, "Enter"),
      " for a new line · ",
      h("kbd", {}, "/"),
      " for commands",
    ),
  );
  return { node, focus: () => area.focus() };
}

/** What was typed, with names of people as mentions; the server escapes the control signs. */
function outgoing(text) {
  return [...state.people.values()].reduce(
    (result, user) => result.replaceAll(`@${user.real_name}`, `<@${user.id}>`),
    text,
  );
}
