// What the charts have in common. Colours are the page's own variables, so that
// a drawing goes with whatever theme is chosen after it was made.
export const ink = {
  fire: "var(--fire)",
  pending: "var(--pending)",
  calm: "var(--accent)",
  over: "var(--bad)",
  rule: "var(--line-strong)",
  grid: "var(--line)",
  gap: "var(--gap)",
};

export const style = { background: "none", color: "var(--dim)", fontFamily: "inherit", fontSize: "11px", overflow: "visible" };

export const whole = (n) => (Number.isInteger(n) ? n.toLocaleString("en-US") : "");

const dayMonth = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });

/** timeTicks writes a time at midnight as a day, any other as an hour. */
export function timeTick(t) {
  const date = new Date(t);
  return date.getUTCHours() || date.getUTCMinutes() ? clock.format(date) : dayMonth.format(date);
}
