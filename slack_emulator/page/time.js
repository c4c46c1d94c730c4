// Dates and times in words, in the time zone of the person looking.

const formats = new Map();

function format(zone, options) {
  const key = JSON.stringify([zone, options]);
  if (!formats.has(key)) formats.set(key, build(zone, options));
  return formats.get(key);
}

function build(zone, options) {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options });
  } catch {
    return new Intl.DateTimeFormat("en-GB", options); // a zone this browser does not know
  }
}

/** "10:04" */
export function clockTime(moment, zone) {
  return format(zone, { hour: "2-digit", minute: "2-digit" }).format(moment);
}

/** "Tuesday, 6 January", with the year where `year` is true. */
export function dayName(moment, zone, year = false) {
  const weekday = format(zone, { weekday: "long" }).format(moment);
  const date = format(zone, { day: "numeric", month: "long", ...(year ? { year: "numeric" } : {}) }).format(moment);
  return `${weekday}, ${date}`;
}

/** "2026-01-06", to tell days apart. */
export function dayKey(moment, zone) {
  const parts = Object.fromEntries(
    format(zone, { year: "numeric", month: "2-digit", day: "2-digit" })
      .formatToParts(moment)
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}`;
}

/** "6 Jan, 10:04" */
export function shortStamp(moment, zone) {
  return `${format(zone, { day: "numeric", month: "short" }).format(moment)}, ${clockTime(moment, zone)}`;
}

/** Fills the placeholders of a Slack date link, such as "{date_long} at {time}". */
export function dateLink(seconds, pattern, zone) {
  const moment = new Date(seconds * 1000);
  const date = (options) => format(zone, options).format(moment);
  const words = {
    date_num: () => dayKey(moment, zone),
    date_slash: () => dayKey(moment, zone).replaceAll("-", "/"),
    date: () => date({ day: "numeric", month: "long", year: "numeric" }),
    date_short: () => date({ day: "numeric", month: "short", year: "numeric" }),
    date_long: () => dayName(moment, zone, true),
    date_pretty: () => date({ day: "numeric", month: "long" }),
    date_short_pretty: () => date({ day: "numeric", month: "short" }),
    date_long_pretty: () => dayName(moment, zone),
    time: () => clockTime(moment, zone),
    time_secs: () => date({ hour: "2-digit", minute: "2-digit", second: "2-digit" }),
    ago: () => dayName(moment, zone),
  };
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => words[name]?.() ?? whole);
}
