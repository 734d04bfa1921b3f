import { cell, plot, axisX, axisY } from "@observablehq/plot";
import { style, whole } from "./parts.js";

const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** heat draws a number for each hour of the week. */
export function heat(data, width) {
  const top = Math.max(1, ...data.hours);
  const cells = data.hours.map((n, i) => ({ day: days[Math.floor(i / 24)], hour: i % 24, n }));
  const shade = (n) => (n ? `var(--heat-${Math.min(5, Math.max(1, Math.ceil((5 * n) / top)))})` : "var(--heat-0)");
  return plot({
    width, height: 7 * 17 + 30, marginLeft: 34, marginRight: 4, marginTop: 4, marginBottom: 24, padding: 0.08, style,
    x: { type: "band", domain: Array.from({ length: 24 }, (_, i) => i) },
    y: { type: "band", domain: days },
    marks: [
      axisY({ tickSize: 0, label: null }),
      axisX({ tickSize: 0, label: null, ticks: [0, 6, 12, 18], tickFormat: (h) => `${String(h).padStart(2, "0")}:00` }),
      cell(cells, {
        x: "hour", y: "day", fill: (c) => shade(c.n), rx: 1.5,
        title: (c) => `${c.day} ${String(c.hour).padStart(2, "0")}:00 ${data.zone}: ${whole(c.n)} ${data.noun}`,
      }),
    ],
  });
}
