import { h, said } from "./dom.js";

/** finding is what a check says, as an item of a list. */
export function finding(f) {
  return h("div", { class: "finding " + f.s },
    h("p", {}, h("span", { class: "severity" }, f.s), " ", h("span", { class: "mono" }, f.c), " ", said(f.m)),
    f.a && h("p", { class: "advice" }, "→ ", said(f.a)),
    f.e && h("p", { class: "sub" }, f.e));
}

// marked is a line with the parts that findings speak of marked.
function marked(line) {
  const spans = (line.f ?? []).filter((f) => f.t > f.f).sort((a, b) => a.f - b.f);
  const out = [];
  let at = 0;
  for (const f of spans) {
    if (f.f < at) continue;
    out.push(line.t.slice(at, f.f), h("mark", { class: f.s }, line.t.slice(f.f, f.t)));
    at = f.t;
  }
  out.push(line.t.slice(at) || (out.length ? "" : " "));
  return out;
}

/** source is the text of a rule with findings below the lines that they are about. */
export function source(s) {
  return h("div", { class: "source" },
    h("p", { class: "sub mono" }, s.place),
    h("div", { class: "code", tabindex: "0", role: "region", "aria-label": "Source of the rule" },
      s.lines.map((line) => [
        h("div", { class: "line" }, h("span", { class: "no", "aria-hidden": "true" }, String(line.n)), h("code", {}, marked(line))),
        (line.f ?? []).map(finding),
      ])),
    s.cut && h("p", { class: "sub" }, s.cut));
}
