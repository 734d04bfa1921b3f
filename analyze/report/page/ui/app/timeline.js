import { figure, table } from "./figure.js";
import { days, hour, human, moment, number } from "./words.js";

const kinds = ["pending", "firing"];

/** timelineOf shows when the instances of an alert were pending and firing. */
export function timelineOf(t) {
  return figure("Episodes", t.says + (t.folds ? " " + t.folds : ""),
    (charts, width) => charts.timeline(t, width),
    () => table(["instance", "from, UTC", "for", "state", "episodes"],
      t.lanes.flatMap((lane) => lane.m.map(([from, long, kind, n]) => [lane.n, moment(t.start + from * 1000), human(long), kinds[kind], number(n)])),
      [false, false, true, false, true]),
    [...kinds].reverse().concat(t.gaps ? ["no data"] : []));
}

/** heatOf shows when in the week an alert fires. */
export function heatOf(heat) {
  return figure("Hour of the week", heat.says,
    (charts, width) => charts.heat(heat, width),
    () => table(["hour, " + heat.zone, ...days.map((d) => d.slice(0, 3))],
      Array.from({ length: 24 }, (_, i) => [hour(i), ...days.map((_, d) => number(heat.hours[d * 24 + i]))]),
      [false, ...days.map(() => true)]));
}

/** durationsOf shows how long firings lasted. */
export function durationsOf(d) {
  return figure("How long it fires", d.says,
    (charts, width) => charts.bars(d, width),
    () => table(["lasted", d.noun], d.bins.map((b, i) => [b, number(d.n[i])]), [false, true]));
}

/** curveOf shows what would be left with other values of `for`. */
export function curveOf(c) {
  const costs = c.points.some((p) => p.c);
  return figure("With another `for`", c.says,
    (charts, width) => charts.curve(c, width),
    () => table(["for", c.noun, ...(costs ? ["cost"] : [])], c.points.map((p) => [p.n + (p.f === c.now ? ", as it is" : ""), number(p.l), ...(costs ? [p.c ?? ""] : [])]), [false, true]));
}
