import { axisX, axisY, dot, gridY, line, plot, ruleX, ruleY } from "@observablehq/plot";
import { ink, style, whole } from "./parts.js";

/** curve draws what would have been left with other values of a duration. */
export function curve(data, width) {
  const names = data.points.map((p) => p.n);
  const now = data.points.find((p) => p.f === data.now);
  const top = Math.max(1, ...data.points.map((p) => p.l));
  return plot({
    width, height: 150, marginLeft: 40, marginRight: 12, marginTop: 10, marginBottom: 26, style,
    x: { type: "point", domain: names },
    y: { domain: [0, top] },
    marks: [
      gridY({ ticks: 4, stroke: ink.grid, strokeOpacity: 1 }),
      axisY({ ticks: 4, tickSize: 0, label: null, tickFormat: whole }),
      axisX({ tickSize: 3, label: null }),
      ruleY([0], { stroke: ink.rule }),
      now ? ruleX([now.n], { stroke: "var(--ink)", strokeDasharray: "4 3", title: () => "as it is" }) : null,
      line(data.points, { x: "n", y: "l", stroke: ink.calm, strokeWidth: 1.75 }),
      dot(data.points, { x: "n", y: "l", r: 3.5, fill: (p) => (p === now ? "var(--ink)" : ink.calm), title: (p) => `for: ${p.n}, ${whole(p.l)} ${data.noun}${p.c ? `\n${p.c}` : ""}` }),
    ],
  });
}
