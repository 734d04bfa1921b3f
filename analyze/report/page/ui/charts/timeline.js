import { plot, rect, axisX, axisY, ruleX, ruleY } from "@observablehq/plot";
import { ink, style, timeTick } from "./parts.js";

const LANE = 16;

/** timeline draws when each instance was pending and firing. */
export function timeline(data, width) {
  const names = data.lanes.map((l) => l.n);
  const least = (data.end - data.start) / 900; // what can be seen
  const marks = data.lanes.flatMap((l, lane) => l.m.map(([at, long, kind, n]) => {
    const from = data.start + at * 1000;
    return { lane, from, to: from + Math.max(long * 1000, least), kind, n, until: from + long * 1000 };
  }));
  const longest = Math.max(...names.map((n) => n.length));
  const left = names.length === 1 && names[0] === "all" ? 1 : Math.min(Math.max(60, longest * 6.2), width * 0.32);
  const fits = Math.max(6, Math.floor(left / 6.2));
  const time = (t) => new Date(t).toISOString().slice(0, 16).replace("T", " ");
  return plot({
    width, height: 30 + LANE * names.length, marginLeft: left, marginRight: 8, marginTop: 4, marginBottom: 24, style,
    x: { type: "utc", domain: [data.start, data.end] },
    y: { domain: [0, names.length], reverse: true, axis: null },
    marks: [
      rect(data.gaps ?? [], { x1: "0", x2: "1", y1: 0, y2: names.length, fill: ink.gap, title: () => "no data" }),
      ruleY(names.map((_, i) => i + 0.5), { stroke: ink.grid }),
      left > 1 ? axisY(names.map((_, i) => i + 0.5), { tickSize: 0, label: null, tickFormat: (y) => cut(names[Math.floor(y)], fits) }) : null,
      axisX({ ticks: Math.max(2, Math.floor(width / 90)), tickFormat: timeTick, label: null, tickSize: 3 }),
      data.changed ? ruleX([data.changed], { stroke: "var(--ink)", strokeDasharray: "4 3", title: () => "the rule changed" }) : null,
      rect(marks, {
        x1: "from", x2: "to", y1: (m) => m.lane + (m.kind ? 0.14 : 0.34), y2: (m) => m.lane + (m.kind ? 0.86 : 0.66),
        fill: (m) => (m.kind ? ink.fire : ink.pending),
        title: (m) => `${names[m.lane]}\n${m.kind ? "firing" : "pending"} ${time(m.from)} to ${time(m.until)} UTC${m.n > 1 ? `\n${m.n} drawn as one` : ""}`,
      }),
    ],
  });
}

function cut(text, most) {
  return text.length > most ? text.slice(0, most - 1) + "…" : text;
}
