// A small panel beside a control: menus, pickers, suggestions. One at a time.

import { h } from "./dom.js";

let open = null;

/** Shows `panel` beside `anchor` until it is closed, Escape is pressed or somebody clicks elsewhere. */
export function openPopover(anchor, panel, { onClose, width } = {}) {
  closePopover();
  const shell = h("div", { class: "popover" }, panel);
  document.getElementById("overlays").append(shell);
  const outside = (event) => {
    if (!shell.contains(event.target) && !anchor.contains(event.target)) closePopover();
  };
  const away = (event) => {
    // A resize comes from the window, which is no node.
    if (event.target === window || !shell.contains(event.target)) place(shell, anchor, width);
  };
  const keys = (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      closePopover({ focus: true });
    }
    if (event.key === "Tab") closePopover({ focus: true });
  };
  shell.addEventListener("keydown", keys);
  document.addEventListener("pointerdown", outside, true);
  window.addEventListener("resize", away);
  document.addEventListener("scroll", away, true);
  anchor.setAttribute("aria-expanded", "true");
  open = {
    shell,
    anchor,
    onClose,
    stop: () => {
      document.removeEventListener("pointerdown", outside, true);
      window.removeEventListener("resize", away);
      document.removeEventListener("scroll", away, true);
    },
  };
  place(shell, anchor, width);
  return shell;
}

/** Closes what is open; `focus` puts the focus back on the control. */
export function closePopover({ focus = false } = {}) {
  if (!open) return;
  const { shell, anchor, onClose, stop } = open;
  open = null;
  stop();
  shell.remove();
  anchor.setAttribute("aria-expanded", "false");
  if (focus) anchor.focus();
  onClose?.();
}

/** Whether `anchor`'s panel is the one open. */
export function isOpen(anchor) {
  return open?.anchor === anchor;
}

function place(shell, anchor, width) {
  if (!anchor.isConnected) {
    closePopover();
    return;
  }
  const box = anchor.getBoundingClientRect();
  shell.style.minWidth = `${width ?? Math.max(box.width, 180)}px`;
  const room = { below: window.innerHeight - box.bottom - 12, above: box.top - 12 };
  const below = room.below >= Math.min(shell.scrollHeight, 320) || room.below >= room.above;
  shell.style.maxHeight = `${Math.max(120, Math.min(380, below ? room.below : room.above))}px`;
  const left = Math.max(8, Math.min(box.left, window.innerWidth - shell.offsetWidth - 8));
  shell.style.left = `${left}px`;
  shell.style.top = `${below ? box.bottom + 4 : box.top - shell.offsetHeight - 4}px`;
}

/** A menu of actions: `items` are {label, note, run}. */
export function openMenu(anchor, items, label) {
  const choose = (item) => {
    closePopover({ focus: true });
    item.run();
  };
  const menu = h(
    "div",
    { role: "menu", "aria-label": label, class: "menu" },
    items.map((item) =>
      h(
        "button",
        { type: "button", role: "menuitem", class: "menu-item", tabindex: "-1", on: { click: () => choose(item) } },
        h("span", {}, item.label),
        item.note ? h("small", {}, item.note) : null,
      ),
    ),
  );
  menu.addEventListener("keydown", (event) => {
    const all = [...menu.children];
    const at = all.indexOf(document.activeElement);
    const to = {
      ArrowDown: (at + 1) % all.length,
      ArrowUp: (at - 1 + all.length) % all.length,
      Home: 0,
      End: all.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all[to].focus();
  });
  openPopover(anchor, menu);
  menu.firstChild?.focus();
}
