// Where it starts: boot, find the place, keep everything in step.

import { post, read } from "./api.js";
import { forgetMessages } from "./log.js";
import { showModal } from "./modal.js";
import { showPane } from "./pane.js";
import { addressOf, go, placeInAddress } from "./place.js";
import { drawRail } from "./rail.js";
import { appOf, directWith, on, state, takeBoot } from "./state.js";
import { listenAs } from "./stream.js";
import { refreshStrip, startStrip } from "./strip.js";
import { quickSwitcher } from "./switcher.js";
import { showThread } from "./thread.js";
import { connectionBanner, notice, orNotice } from "./toast.js";

const app = document.getElementById("app");

async function boot(query) {
  let answer = await read("/_page/boot", query);
  const other = state.me?.id !== answer.me.id;
  takeBoot(answer);
  if (other) {
    await listenAs(answer.me.id);
    answer = await read("/_page/boot", { as: answer.me.id }); // with what came before anybody listened
    takeBoot(answer);
  }
  state.boot = (state.boot ?? 0) + 1;
  forgetMessages();
  showModal(answer.modal);
  startStrip();
}

async function bootAs(user) {
  try {
    await boot({ as: user });
  } catch (error) {
    if (!user || error.code === "unreachable") throw error;
    await boot({}); // nobody of that name here
  }
}

/** The channel to show: the one asked for, or its counterpart, or the first there is. */
async function channelFor(place, before) {
  if (place.app) return (await direct(place.app))?.id;
  if (state.channels.has(place.channel)) return place.channel;
  if (before?.kind === "im" && before.with !== state.me.id) {
    const same = directWith(before.with) ?? (appOf(before) ? await direct(before.with) : null);
    if (same) return same.id;
  }
  const [bot] = state.bots.keys();
  return (bot ? await direct(bot) : null)?.id ?? state.channels.keys().next().value;
}

async function direct(other) {
  const known = directWith(other);
  if (known) return known;
  const answer = await orNotice(post("/_page/dm", { user: state.me.id, with: other }));
  if (!answer) return null;
  state.channels.set(answer.channel.id, answer.channel);
  return answer.channel;
}

let turn = 0;
/** Goes where the address says. */
async function arrive() {
  turn += 1;
  const mine = turn;
  const place = placeInAddress();
  const before = state.channels.get(state.place.channel);
  try {
    if (!state.me || (place.as && place.as !== state.me.id)) await bootAs(place.as);
    if (mine !== turn) return;
    const channel = await channelFor(place, before);
    if (mine !== turn) return;
    const known = state.channels.get(channel);
    const tab = appOf(known)?.home_tab ? place.tab : "messages";
    const thread = channel === place.channel || !place.channel ? place.thread : null;
    state.place = { channel, tab, thread };
    history.replaceState(null, "", addressOf({ as: state.me.id, ...state.place }));
    draw();
  } catch (error) {
    notice(error.message);
    if (!state.me) setTimeout(arrive, 2000);
  }
}

function draw() {
  const { place } = state;
  const here = (change) => go({ as: state.me.id, ...place, ...change });
  rail();
  showPane(place, {
    onMenu: () => menu(true),
    onTab: (tab) => here({ tab, thread: null }),
    onThread: (thread) => here({ thread }),
  });
  const channel = state.channels.get(place.channel);
  app.classList.toggle("with-thread", Boolean(place.thread && channel));
  showThread(channel, channel ? place.thread : null, () => here({ thread: null }));
  refreshStrip();
}

const actions = {
  onSwitch: (id) => go({ as: id, channel: state.place.channel, tab: state.place.tab }),
  onGo: (place) => go({ as: state.me.id, ...place }),
  onSearch: () => quickSwitcher(actions),
  onClose: () => menu(false),
  onTeam: async (team) => {
    const answer = await orNotice(read("/_control/state"));
    const first = answer?.users.find((user) => user.team_id === team && !user.is_bot && !user.deleted);
    if (first) go({ as: first.id });
  },
};

function rail() {
  drawRail(actions);
  const elsewhere = [...state.channels.values()].some(
    (channel) => channel.unread && channel.id !== state.place.channel,
  );
  app.classList.toggle("has-unread", elsewhere);
}

function menu(open) {
  app.classList.toggle("rail-open", open);
  if (open) document.querySelector("#rail .who").focus();
  else if (document.getElementById("rail").contains(document.activeElement))
    document.querySelector(".menu-button")?.focus();
}

on("channels", rail);
on("connected", connectionBanner);
on("stream:channel", ({ channel }) => {
  if (channel.kind === "private" && !channel.is_member) state.channels.delete(channel.id);
  else state.channels.set(channel.id, channel);
  if (channel.id !== state.place.channel) rail();
  else if (!state.channels.has(channel.id)) go({ as: state.me.id });
  else draw();
});
on("stream:user", ({ user }) => {
  if (user.is_bot) return;
  state.people.set(user.id, user);
  if (user.id === state.me.id) state.me = user;
  rail();
});
on("stream:modal", ({ view }) => showModal(view));
on("stream:notice", ({ text }) => notice(text));
on("stream:reset", async () => {
  await orNotice(boot({ as: state.me.id }));
  arrive();
});

window.addEventListener("hashchange", arrive);
document
  .querySelector(".frame")
  .addEventListener("click", (event) => event.target.classList.contains("frame") && menu(false));
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    if (!document.querySelector("[data-testid=modal],[role=alertdialog]")) quickSwitcher(actions);
  } else if (event.key === "Escape") menu(false);
});
document.querySelector(".skip-link").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("main").focus();
});
arrive();
