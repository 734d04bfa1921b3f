import { axisX, axisY, barX, plot, ruleX, text } from "@observablehq/plot";
import { ink, style, whole } from "./parts.js";

/** bars draws a number for each class, one below the other. */
export function bars(data, width) {
  const rows = data.bins.map((name, i) => ({ name, n: data.n[i] }));
  return plot({
    width, height: rows.length * 18 + 8, marginLeft: 72, marginRight: 36, marginTop: 2, marginBottom: 2, padding: 0.2, style,
    x: { domain: [0, Math.max(1, ...data.n)], axis: null },
    y: { type: "band", domain: data.bins },
    marks: [
      axisY({ tickSize: 0, label: null }),
      barX(rows, { x: "n", y: "name", fill: ink.calm, title: (r) => `${r.name}: ${whole(r.n)} ${data.noun}` }),
      ruleX([0], { stroke: ink.rule }),
      text(rows, { x: "n", y: "name", text: (r) => (r.n ? whole(r.n) : ""), dx: 5, textAnchor: "start", fill: "var(--ink)" }),
    ],
  });
}
