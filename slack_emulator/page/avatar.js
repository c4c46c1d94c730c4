// A speaker's picture: initials on a colour of their own.

import { h } from "./dom.js";
import { speaker } from "./state.js";

/** The square with the initials of a person or app; decorative, since the name stands beside it. */
export function avatar(id, size = "medium") {
  const who = speaker(id);
  return h(
    "span",
    {
      class: `avatar avatar-${size}${who.is_bot ? " avatar-app" : ""}`,
      "aria-hidden": "true",
      vars: { "--avatar": who.color },
    },
    who.initials,
  );
}
