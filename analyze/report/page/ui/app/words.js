/** number writes a whole number with commas. */
export function number(n) {
  return n.toLocaleString("en-US");
}

/** plural is a number with its noun. */
export function plural(n, noun) {
  return number(n) + " " + noun + (n === 1 ? "" : "s");
}

/** moment writes a time to the minute, in UTC. */
export function moment(ms) {
  return new Date(ms).toISOString().slice(0, 16).replace("T", " ");
}

const MINUTE = 60, HOUR = 3600, DAY = 86400;

/** human writes a length of time in seconds: 45s, 4m30s, 12m, 3h05m, 2d04h. */
export function human(seconds) {
  const s = Math.round(seconds);
  const pad = (n) => String(n).padStart(2, "0");
  if (s < MINUTE) return s + "s";
  if (s < 10 * MINUTE && s % MINUTE) return Math.floor(s / MINUTE) + "m" + pad(s % MINUTE) + "s";
  const m = Math.round(s / MINUTE);
  if (m < 60) return m + "m";
  if (m < 24 * 60) return Math.floor(m / 60) + "h" + (m % 60 ? pad(m % 60) + "m" : "");
  const hours = Math.round(s / HOUR);
  const days = Math.floor(s / DAY);
  return hours % 24 ? Math.floor(hours / 24) + "d" + pad(hours % 24) + "h" : (hours / 24 || days) + "d";
}

export const days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** hour writes an hour of the day. */
export function hour(n) {
  return String(n).padStart(2, "0") + ":00";
}
