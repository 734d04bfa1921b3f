import { h, said } from "./dom.js";

/** table is a table of texts: head, rows of cells, and which columns hold numbers. */
export function table(head, rows, right = [], caption = "") {
  const side = (i) => (right[i] ? "r" : null);
  return h("table", { class: "data" },
    caption && h("caption", { class: "vh" }, caption),
    h("thead", {}, h("tr", {}, head.map((t, i) => h("th", { scope: "col", class: side(i) }, t)))),
    h("tbody", {}, rows.map((cells) => h("tr", {}, cells.map((c, i) =>
      h(i ? "td" : "th", { scope: i ? null : "row", class: side(i) }, String(c)))))));
}

/**
 * figure is a chart with what it says in a sentence, and its numbers in a table,
 * which stands open where there are no charts. Charts are drawn by the bundle, if
 * it is there; draw gets it, the room there is, and gives the drawing.
 */
export function figure(title, says, draw, numbers, key = []) {
  const plot = h("div", { class: "plot" });
  const charts = globalThis.crywolfCharts;
  const details = h("details", { open: !charts },
    h("summary", {}, "Numbers"));
  const fillIn = () => {
    if (details.open && details.childElementCount === 1) details.append(h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title.replaceAll("`", "") }, numbers()));
  };
  details.addEventListener("toggle", fillIn);
  fillIn();
  const whole = h("figure", { class: "chart" },
    h("figcaption", {}, h("h4", {}, said(title)), says && h("p", { class: "sub" }, said(says)), charts && key.length > 0 && legend(key)), plot, details);
  if (charts) drawInto(plot, (width) => draw(charts, width), title.replaceAll("`", "") + ". " + (says ?? ""));
  return whole;
}

// legend says which colour is what.
function legend(key) {
  return h("p", { class: "sub legend" }, key.map((name) => h("span", {}, h("span", { class: "swatch " + name.replace(" ", "-"), "aria-hidden": "true" }), name)));
}

// What a drawing is at most as wide as on paper, so that its texts can be read there.
const PAPER = 720;

const drawings = new WeakMap(); // by the element that they are put into

function drawAll(most) {
  document.querySelectorAll(".plot").forEach((plot) => drawings.get(plot)?.(most));
}

addEventListener("beforeprint", () => drawAll(PAPER));
addEventListener("afterprint", () => drawAll(Infinity));

/** drawInto draws once there is room, and again when the room has changed for good. */
export function drawInto(plot, draw, label) {
  let drawn = 0;
  let timer = 0;
  const put = (width) => {
    const chart = draw(width);
    chart.setAttribute("role", "img");
    chart.setAttribute("aria-label", label);
    plot.replaceChildren(chart);
  };
  const once = () => {
    const width = Math.floor(plot.clientWidth);
    if (!width || Math.abs(width - drawn) < 24 || matchMedia("print").matches) return;
    put(drawn = width);
  };
  new ResizeObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(once, drawn ? 150 : 0);
  }).observe(plot);
  drawings.set(plot, (most) => drawn && put(Math.min(drawn, most)));
}
