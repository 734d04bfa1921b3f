import { h } from "./dom.js";
import { detailOf } from "./data.js";
import { table } from "./figure.js";
import { finding, source } from "./source.js";
import { curveOf, durationsOf, heatOf, timelineOf } from "./timeline.js";
import { plural } from "./words.js";

/** panelOf is all there is to know of an alert. It is made anew each time it is opened. */
export function panelOf(row, index, open) {
  const detail = detailOf(index);
  if (!detail) {
    return h("div", { class: "panel" }, h("p", { class: "empty" },
      "The details of this alert were left out to bound the size of this file. `crywolf review --format json` has them."));
  }
  const charts = [
    detail.timeline && h("div", { class: "whole" }, timelineOf(detail.timeline)),
    detail.heat && heatOf(detail.heat),
    detail.durations && durationsOf(detail.durations),
    detail.curve && curveOf(detail.curve),
    detail.partners && partners(detail, open),
  ];
  return h("div", { class: "panel", role: "group", "aria-label": "Details of " + row.n },
    facts(detail),
    detail.slis && h("section", {}, h("h4", {}, "SLIs it is about"),
      h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "SLIs it is about" }, table(detail.slis.h, detail.slis.b, detail.slis.r))),
    charts.some(Boolean) ? h("div", { class: "charts-grid" }, charts) : h("p", { class: "empty" }, "It did nothing in the window: there is nothing to draw."),
    detail.source && h("section", {}, h("h4", {}, "Its rule"), source(detail.source)),
    detail.findings && h("section", {}, h("h4", {}, "Findings elsewhere"), detail.findings.map(finding)));
}

function facts(detail) {
  return h("dl", { class: "facts" },
    detail.facts.map((p) => h("div", {}, h("dt", {}, p.n), h("dd", {}, p.v))),
    detail.losses && h("div", { class: "losses" }, h("dt", {}, "Lost points"),
      h("dd", {}, detail.losses.map((l, i) => [i > 0 && ", ", h("span", { class: "mono" }, l.c), " " + l.p]))));
}

function partners(detail, open) {
  return h("figure", { class: "chart" },
    h("figcaption", {}, h("h4", {}, "Fires together with"), h("p", { class: "sub" }, detail.partners_say ?? plural(detail.partners.length, "alert"))),
    h("ul", { class: "partners" }, detail.partners.map((p) => h("li", {},
      p.r < 0 ? h("span", { class: "name" }, p.n) : h("button", { type: "button", class: "link", onclick: () => open(p.r) }, p.n),
      h("span", { class: "sub" }, p.s)))));
}
