import { plot, rectY, ruleY, rectX, rect, axisX, axisY } from "@observablehq/plot";
import { ink, style, timeTick, whole } from "./parts.js";

/** load draws what reached people in each shift, against what they can bear. */
export function load(data, width) {
  const last = data.shifts.at(-1);
  const half = data.shifts.length > 1 ? data.shifts[1].t - data.shifts[0].t : 12 * 3600e3;
  const bars = data.shifts.map((s) => ({ from: s.t, to: s.t + half, n: s.k ? s.v[0] : 0, known: s.k, name: s.n, says: s.s }));
  const most = Math.max(data.most || 0, 1, ...bars.map((b) => b.n));
  return plot({
    width, height: 190, marginLeft: 36, marginRight: 8, marginBottom: 26, style,
    x: { type: "utc", domain: [bars[0].from, last.t + half] },
    y: { domain: [0, most * 1.06] },
    marks: [
      axisY({ tickSize: 0, ticks: Math.min(5, most), tickFormat: whole, label: null }),
      axisX({ ticks: Math.max(2, Math.floor(width / 90)), tickFormat: timeTick, label: null, tickSize: 3 }),
      rect(bars.filter((b) => !b.known), { x1: "from", x2: "to", y1: 0, y2: most, fill: ink.gap }),
      rectY(bars, {
        x1: "from", x2: "to", y: "n", inset: 0.75,
        fill: (b) => (data.most && b.n > data.most ? ink.over : ink.calm),
        title: (b) => `${b.name}: ${b.known ? `${whole(b.n)} ${data.noun}` : "no data"}${b.says ? `, ${b.says}` : ""}`,
      }),
      ruleY([0], { stroke: ink.rule }),
      data.most ? ruleY([data.most], { stroke: "var(--ink)", strokeDasharray: "4 3", title: () => `${data.most} in a shift leave time to follow each of them up` }) : null,
    ],
  });
}
