// Block Kit's blocks.

import { chart } from "./chart.js";
import { h, icon, uid } from "./dom.js";
import { renderElement } from "./elements.js";
import { safeAddress } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { plain, words } from "./words.js";

const RENDERERS = {
  section,
  actions,
  context,
  header,
  divider,
  image,
  input,
  rich_text: richText,
  markdown,
  data_visualization: chart,
};

/** The node of one block; `form` as in elements.js. */
export function renderBlock(block, form) {
  const render = RENDERERS[block.type];
  const node = render
    ? render(block, form)
    : h("div", { class: "unknown" }, `(a ${block.type} block is not shown here)`);
  node.classList.add("block", `block-${block.type}`);
  if (block.block_id) node.dataset.blockId = block.block_id;
  return node;
}

/** A whole list of blocks, for messages. */
export function renderBlocks(blocks, form) {
  return h(
    "div",
    { class: "blocks" },
    blocks.map((block) => renderBlock(block, form)),
  );
}

function section(block, form) {
  const fields = (block.fields ?? []).map((field) => h("div", { class: "section-field" }, words(field)));
  const textId = uid("text");
  const label =
    plain(block.text)
      .replace(/[*_~`]/g, "")
      .slice(0, 80) || undefined;
  const accessory = block.accessory
    ? h(
        "div",
        { class: "accessory" },
        renderElement(block.accessory, {
          blockId: block.block_id,
          form,
          dispatch: true,
          label: block.accessory.type.endsWith("button") ? undefined : label,
        }),
      )
    : null;
  return h(
    "div",
    {},
    h(
      "div",
      { class: "section-words" },
      block.text ? h("div", { class: "section-text", id: textId }, words(block.text)) : null,
      fields.length ? h("div", { class: "section-fields" }, fields) : null,
    ),
    accessory,
  );
}

function actions(block, form) {
  return h(
    "div",
    { role: "group", "aria-label": "Actions" },
    block.elements.map((element) => renderElement(element, { blockId: block.block_id, form, dispatch: true })),
  );
}

function context(block) {
  return h(
    "div",
    {},
    block.elements.map((element) =>
      element.type === "image"
        ? h("img", {
            class: "context-image",
            src: safeAddress(element.image_url),
            alt: element.alt_text ?? "",
            referrerpolicy: "no-referrer",
          })
        : h("span", { class: "context-words" }, words(element)),
    ),
  );
}

function header(block, form) {
  return h(`h${form.level ?? 2}`, {}, plain(block.text));
}

function divider() {
  return h("hr");
}

function image(block) {
  return h(
    "figure",
    {},
    block.title ? h("figcaption", {}, plain(block.title)) : null,
    h("img", {
      src: safeAddress(block.image_url ?? block.slack_file?.url),
      alt: block.alt_text ?? "",
      loading: "lazy",
      referrerpolicy: "no-referrer",
    }),
  );
}

function markdown(block) {
  return h("div", {}, words({ type: "mrkdwn", text: (block.text ?? "").replace(/\*\*(.+?)\*\*/g, "*$1*") }));
}

function input(block, form) {
  const labelId = uid("label");
  const hintId = block.hint ? uid("hint") : null;
  const errorId = uid("error");
  const element = block.element;
  const node = h(
    "div",
    {},
    h(
      "div",
      { class: "input-label" },
      h("span", { id: labelId }, plain(block.label)),
      block.optional ? h("span", { class: "optional" }, "optional") : null,
    ),
    renderElement(element, {
      blockId: block.block_id,
      form,
      labelledBy: labelId,
      describedBy: [hintId, errorId].filter(Boolean).join(" "),
      dispatch: block.dispatch_action === true,
    }),
    block.hint ? h("div", { class: "hint", id: hintId }, plain(block.hint)) : null,
    h("div", { class: "field-error", id: errorId, hidden: true }),
  );
  return node;
}

/** Shows or takes away what is wrong with an input block. */
export function showError(node, control, text) {
  const place = node.querySelector(".field-error");
  if (!place) return;
  place.hidden = !text;
  place.replaceChildren(...(text ? [icon("alert"), h("span", {}, text)] : []));
  node.classList.toggle("has-error", Boolean(text));
  if (text) control?.setAttribute("aria-invalid", "true");
  else control?.removeAttribute("aria-invalid");
}
