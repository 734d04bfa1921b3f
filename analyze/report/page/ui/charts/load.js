import { axisX, axisY, plot, rect, rectY, ruleY } from "@observablehq/plot";
import { ink, style, timeTick, whole } from "./parts.js";

/** load draws what reached people in each shift, against what they can bear. */
export function load(data, width) {
  const most = Math.max(data.most || 0, 1, ...data.shifts.map((s) => s.v[0]));
  return plot({
    width, height: 180, marginTop: 8, marginLeft: 30, marginRight: 8, marginBottom: 26, style,
    x: { type: "utc", domain: [Math.min(data.start, data.shifts[0].t), Math.max(data.end, data.shifts.at(-1).e)] },
    y: { domain: [0, most * 1.04] },
    marks: [
      axisY(ticks(most), { tickSize: 0, tickFormat: whole, label: null }),
      axisX({ ticks: Math.max(2, Math.floor(width / 90)), tickFormat: timeTick, label: null, tickSize: 3 }),
      rect(data.gaps ?? [], { x1: "0", x2: "1", y1: 0, y2: most, fill: ink.gap, title: () => "no data" }),
      rectY(data.shifts, {
        x1: "t", x2: "e", y: (s) => s.v[0], insetLeft: 0.75, insetRight: 0.75,
        fill: (s) => (data.most && s.v[0] > data.most ? ink.over : ink.calm),
        title: (s) => `from ${s.n} ${data.zone}: ${whole(s.v[0])} ${data.noun}`,
      }),
      ruleY([0], { stroke: ink.rule }),
      data.most ? ruleY([data.most], { stroke: "var(--ink)", strokeDasharray: "4 3" }) : null,
    ],
  });
}

// ticks are at most six whole numbers.
function ticks(most) {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((s) => most / s <= 5) ?? Math.ceil(most / 5);
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
}
