// Light, dark, or as the device says.

import { h, icon, fill } from "./dom.js";

const ORDER = ["auto", "light", "dark"];
const ICON = { auto: "auto", light: "sun", dark: "moon" };
const NAME = { auto: "as the device", light: "light", dark: "dark" };

function kept() {
  try {
    const theme = localStorage.getItem("theme");
    return ORDER.includes(theme) ? theme : "auto";
  } catch {
    return "auto"; // storage switched off
  }
}

function apply(theme) {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // storage switched off: the choice lasts until the page is closed
  }
}

/** The button that goes round the themes. */
export function themeButton() {
  let theme = kept();
  const button = h("button", { type: "button", class: "icon-button", "data-testid": "theme" });
  const show = () => {
    const label = `Appearance: ${NAME[theme]}`;
    button.setAttribute("aria-label", label);
    button.title = label;
    fill(button, icon(ICON[theme]));
  };
  button.addEventListener("click", () => {
    theme = ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length];
    apply(theme);
    show();
  });
  apply(theme);
  show();
  return button;
}
