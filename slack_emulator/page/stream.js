// The server's events, one connection per person looked through.

import { tell } from "./state.js";

let source = null;
let broken = false;

/** Listens as `user`; each event is told under "stream:<type>". Resolves when it is open, or cannot be opened yet. */
export function listenAs(user) {
  source?.close();
  const mine = new EventSource(`/_page/stream?as=${encodeURIComponent(user)}`);
  source = mine;
  broken = false;
  let first;
  const opened = new Promise((resolve) => {
    first = resolve;
  });
  mine.onopen = () => {
    tell("connected", true);
    if (broken) tell("stream:reset", {}); // something may have been missed
    broken = false;
    first();
  };
  mine.onerror = () => {
    first();
    if (source !== mine) return;
    broken = true;
    tell("connected", false);
    if (mine.readyState === EventSource.CLOSED) setTimeout(() => source === mine && reopen(user), 2000);
  };
  mine.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    tell(`stream:${event.type}`, event);
  };
  return opened;
}

function reopen(user) {
  listenAs(user);
  broken = true;
}
