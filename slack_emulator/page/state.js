// What the page knows at the moment, and who wants to hear when it changes.

export const state = {
  team: null,
  teams: [],
  me: null,
  people: new Map(),
  bots: new Map(),
  channels: new Map(),
  stripUrl: null,
  place: { channel: null, tab: "messages", thread: null },
  drafts: new Map(),
};

const listeners = new Map();

/** Calls `listener(data)` whenever `topic` is told. */
export function on(topic, listener) {
  if (!listeners.has(topic)) listeners.set(topic, []);
  listeners.get(topic).push(listener);
}

/** Tells everybody who listens to `topic`. */
export function tell(topic, data) {
  for (const listener of listeners.get(topic) ?? []) listener(data);
}

/** Takes over the answer of /_page/boot. */
export function takeBoot(boot) {
  state.team = boot.team;
  state.teams = boot.teams ?? [];
  state.me = boot.me;
  state.people = new Map(boot.people.map((user) => [user.id, user]));
  state.people.set(boot.me.id, boot.me);
  state.bots = new Map(boot.bots.map((bot) => [bot.id, bot]));
  state.channels = new Map(boot.channels.map((channel) => [channel.id, channel]));
  state.stripUrl = boot.strip_url;
}

/** The app behind a user id, bot id or app id, or null. */
export function botBy(id) {
  if (!id) return null;
  return [...state.bots.values()].find((bot) => [bot.id, bot.bot_id, bot.app_id].includes(id)) ?? null;
}

/** Somebody who speaks: a person or an app, always with a name, initials and a colour. */
export function speaker(id) {
  const bot = botBy(id);
  if (bot) return { color: "#0b6e69", initials: initialsOf(bot.real_name), ...bot, is_bot: true };
  const user = state.people.get(id);
  if (user)
    return { ...user, real_name: user.real_name || user.name, initials: user.initials || initialsOf(user.name) };
  return { id, real_name: id ?? "Unknown", initials: "?", color: "#5c6b70" };
}

export function initialsOf(name) {
  const words = (name ?? "?").split(/\s+/).filter(Boolean);
  return words
    .map((word) => [...word][0])
    .slice(0, 2)
    .join("")
    .toUpperCase();
}

/** The app on the other side of a direct channel, or null. */
export function appOf(channel) {
  return channel?.kind === "im" ? botBy(channel.with) : null;
}

/** What a channel is called for the person looking. */
export function titleOf(channel) {
  if (channel.kind !== "im") return channel.name;
  return speaker(channel.with).real_name;
}

/** The direct channel with `other`, or null. */
export function directWith(other) {
  return [...state.channels.values()].find((channel) => channel.kind === "im" && channel.with === other) ?? null;
}
