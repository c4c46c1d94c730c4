// The blocks of a view, with what somebody typed into them. Blocks that did not change are left alone.

import { h } from "./dom.js";
import { renderBlock, showError } from "./blocks.js";

const initial = (element) => JSON.stringify(Object.entries(element).filter(([name]) => name.startsWith("initial_")));

/** A form around `onAct(action)`; `onEnter` is called when Enter is pressed in a one-line field. */
export function makeForm({ onAct, onEnter, level }) {
  const node = h("div", { class: "blocks form" });
  let rows = []; // {signature, key, node}
  let controls = new Map(); // "block/action" -> {element, node, read}
  let before = new Map(); // what was typed when the blocks changed
  let kept = null; // the server's state.values, for a page that was loaded again
  const key = (blockId, actionId) => `${blockId}/${actionId}`;

  const form = {
    act: onAct,
    enter: onEnter,
    level, // of headings
    register(blockId, element, control) {
      controls.set(key(blockId, element.action_id), { blockId, element, ...control });
    },
    current(blockId, element) {
      const typed = before.get(key(blockId, element.action_id));
      if (typed)
        return typed.initial === initial(element) && typed.value.type === element.type ? typed.value : undefined;
      const held = kept?.[blockId]?.[element.action_id];
      return held?.type === element.type ? held : undefined;
    },
  };

  /** Shows `blocks`; `values` are the server's for a first showing. `fresh` forgets what was typed. */
  function update(blocks, { values = null, fresh = false } = {}) {
    before = fresh ? new Map() : snapshot();
    kept = before.size ? null : values;
    const focused = focusedKey();
    const old = new Map(rows.map((row) => [row.key, row]));
    const oldControls = controls;
    controls = new Map();
    rows = blocks.map((block, index) => {
      const rowKey = block.block_id ?? String(index);
      const signature = JSON.stringify(block);
      const row = old.get(rowKey);
      if (!fresh && row?.signature === signature) {
        for (const [name, control] of oldControls) if (control.blockId === block.block_id) controls.set(name, control);
        return row;
      }
      return { key: rowKey, signature, node: renderBlock(block, form) };
    });
    arrange(
      node,
      rows.map((row) => row.node),
    );
    if (focused && !node.contains(document.activeElement)) controls.get(focused)?.node.focus();
  }

  function snapshot() {
    return new Map(
      [...controls].map(([name, { element, read }]) => [name, { initial: initial(element), value: read() }]),
    );
  }

  function focusedKey() {
    return [...controls].find(([, control]) => control.node === document.activeElement)?.[0];
  }

  /** What is filled in, as Slack's state.values. */
  function values() {
    const all = {};
    for (const { blockId, element, read } of controls.values()) (all[blockId] ??= {})[element.action_id] = read();
    return all;
  }

  /** Shows errors by block_id and goes to the first. Answers whether there was one. */
  function errors(found = {}) {
    let first = null;
    for (const row of rows) {
      const control = [...controls.values()].find(({ blockId }) => blockId === row.key);
      showError(row.node, control?.node, found[row.key]);
      if (found[row.key]) first ??= control?.node;
    }
    first?.focus();
    return first !== null;
  }

  return { node, update, values, errors };
}

/** Makes `parent` hold exactly `wanted` in order, moving only what has to move, so that focus stays. */
export function arrange(parent, wanted) {
  const keep = new Set(wanted);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  wanted.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
}
