// Where the person is, kept in the address so that a place can be linked to: #as=U1&channel=C1

/** The place named by the address. */
export function placeInAddress() {
  const query = new URLSearchParams(location.hash.slice(1));
  return {
    as: query.get("as"),
    channel: query.get("channel"),
    app: query.get("app"),
    tab: query.get("tab") === "home" ? "home" : "messages",
    thread: query.get("thread"),
  };
}

/** The address of a place. */
export function addressOf({ as, channel, app, tab, thread }) {
  const parts = [
    ["as", as],
    ["channel", channel],
    ["app", app],
    ["thread", thread],
  ];
  if (tab === "home") parts.push(["tab", "home"]);
  return `#${new URLSearchParams(parts.filter(([, value]) => value)).toString()}`;
}

/** Goes to a place; `replace` leaves no entry in the history. */
export function go(place, { replace = false } = {}) {
  const address = addressOf(place);
  if (address === location.hash) return;
  if (replace) history.replaceState(null, "", address);
  else location.hash = address;
}
