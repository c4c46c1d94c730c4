// Block Kit's interactive elements. Each answers a node and, where it holds a value, registers how to read it.

import { boxes, radios, select, multiSelect, pickConversation, pickUser } from "./choices.js";
import { h, icon } from "./dom.js";
import { dateField, textField } from "./fields.js";
import { safeAddress } from "./mrkdwn.js";
import { confirmation } from "./overlay.js";
import { openMenu } from "./popover.js";
import { plain } from "./words.js";

const RENDERERS = {
  button,
  overflow,
  image: picture,
  static_select: select,
  external_select: select,
  multi_static_select: multiSelect,
  radio_buttons: radios,
  checkboxes: boxes,
  users_select: pickUser,
  multi_users_select: pickUser,
  conversations_select: pickConversation,
  channels_select: pickConversation,
  multi_conversations_select: pickConversation,
  multi_channels_select: pickConversation,
  plain_text_input: textField,
  email_text_input: textField,
  url_text_input: textField,
  number_input: textField,
  datepicker: dateField,
  timepicker: dateField,
};

/**
 * The node of one element. `place` is {blockId, form, label?, labelledBy?, describedBy?, dispatch}: `form` knows
 * `act(action)`, `register(blockId, actionId, control)` and `current(blockId, actionId)`.
 */
export function renderElement(element, place) {
  const render = RENDERERS[element.type];
  if (!render) return h("span", { class: "unknown" }, `(${element.type} is not shown here)`);
  const tell = (carried) => act(element, place, carried);
  return render(element, { ...place, tell });
}

/** Sends what somebody did with an element, after asking where the app wants that. Answers false when he thought better. */
async function act(element, place, carried) {
  if (element.confirm && !(await confirmation(element.confirm))) return false;
  await place.form.act({ action_id: element.action_id, block_id: place.blockId, type: element.type, ...carried });
  return true;
}

function button(element, { tell }) {
  const look = element.style ? ` button-${element.style}` : "";
  const href = safeAddress(element.url);
  const props = {
    class: `button${look}`,
    "aria-label": element.accessibility_label ?? null,
    on: { click: () => press() },
  };
  const node = href
    ? h("a", { ...props, href, target: "_blank", rel: "noopener noreferrer" }, plain(element.text))
    : h("button", { ...props, type: "button" }, plain(element.text));
  const press = async () => {
    if (node.getAttribute("aria-busy") === "true") return;
    node.setAttribute("aria-busy", "true");
    try {
      await tell({ text: element.text, ...(element.value === undefined ? {} : { value: element.value }) });
    } finally {
      node.removeAttribute("aria-busy");
    }
  };
  return node;
}

function overflow(element, { tell }) {
  const node = h(
    "button",
    {
      type: "button",
      class: "button button-icon",
      "aria-label": "More actions",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      on: { click: () => openMenu(node, items(), "More actions") },
    },
    icon("dots"),
  );
  const items = () =>
    element.options.map((option) => ({
      label: plain(option.text),
      note: plain(option.description),
      run: () => {
        if (safeAddress(option.url)) window.open(option.url, "_blank", "noopener");
        tell({ selected_option: option });
      },
    }));
  return node;
}

function picture(element) {
  return h("img", {
    class: "accessory-image",
    src: safeAddress(element.image_url),
    alt: element.alt_text ?? "",
    loading: "lazy",
    referrerpolicy: "no-referrer",
  });
}
