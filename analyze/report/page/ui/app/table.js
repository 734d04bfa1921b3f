import { breakable, byId, h, svg } from "./dom.js";
import { page } from "./data.js";
import { filters, matching } from "./filter.js";
import { panelOf } from "./panel.js";
import { number, plural } from "./words.js";

const PER_PAGE = 50;

// What is shown: rows by index, in order; the page of them; the column that they
// are sorted by, -1 for the alert's name and null for worst first.
const choice = { words: "", grades: new Set(), urgency: "", owner: "", state: "" };
const order = { column: null, up: false };
let shown = [];
let first = 0;
let names; // ranks of the names

const element = byId("table");

/** setUpTable makes the table what it is with a script. */
export function setUpTable() {
  heads();
  filters(byId("filters"), choice, () => refresh(0));
  refresh(0);
  addEventListener("hashchange", fromHash);
  fromHash();
}

// heads puts buttons into the headings.
function heads() {
  [...element.tHead.rows[0].cells].forEach((th, i) => {
    if (i > page.columns.length) return; // the last one is drawn
    th.dataset.title = th.textContent; // for paper, where buttons are not repeated
    th.replaceChildren(h("button", { type: "button", class: "sort", onclick: () => sortBy(i - 1) }, th.textContent));
  });
  element.querySelector("caption").append(" Press a heading again to turn the order around.");
}

function sortBy(column) {
  if (order.column === column) order.up = !order.up;
  else {
    order.column = column;
    order.up = !(page.columns[column]?.r ?? false);
  }
  refresh(0);
}

// compare goes by numbers alone; what has none comes last, either way.
function comparer() {
  const { column, up } = order;
  if (column === null) return (a, b) => a - b;
  if (column < 0) {
    names ??= rank(page.rows.map((r) => r.n));
    return (a, b) => (up ? names[a] - names[b] : names[b] - names[a]) || a - b;
  }
  return (a, b) => {
    const x = page.rows[a].s[column], y = page.rows[b].s[column];
    if (x === null || y === null) return (x === null) - (y === null) || a - b;
    return (up ? x - y : y - x) || a - b;
  };
}

function rank(texts) {
  const collator = new Intl.Collator("en", { numeric: true });
  const sorted = texts.map((_, i) => i).sort((a, b) => collator.compare(texts[a], texts[b]) || a - b);
  const ranks = [];
  sorted.forEach((i, r) => { ranks[i] = r; });
  return ranks;
}

// refresh shows what is chosen, from a row on.
function refresh(from) {
  shown = matching(choice).sort(comparer());
  first = Math.max(0, Math.min(from, Math.floor((shown.length - 1) / PER_PAGE) * PER_PAGE));
  [...element.tHead.rows[0].cells].forEach((th, i) => {
    if (order.column === i - 1) th.setAttribute("aria-sort", order.up ? "ascending" : "descending");
    else th.removeAttribute("aria-sort");
  });
  draw();
}

function draw() {
  const rows = shown.slice(first, first + PER_PAGE).map(rowOf);
  element.tBodies[0].replaceChildren(...(rows.length ? rows
    : [h("tr", {}, h("td", { colspan: page.columns.length + 2, class: "empty" }, "No alert fits. Try fewer words, or take a filter back."))]));
  pager();
}

function pager() {
  const box = byId("pages");
  const last = Math.min(first + PER_PAGE, shown.length);
  const of = shown.length === page.rows.length ? plural(shown.length, "alert") : `${plural(shown.length, "alert")} that fit${shown.length === 1 ? "s" : ""}, of ${number(page.rows.length)}`;
  const go = (to) => () => { refresh(to); byId("alerts").scrollIntoView(); byId("alerts").focus({ preventScroll: true }); };
  const more = shown.length > PER_PAGE;
  let says = box.querySelector("[role=status]");
  if (!says) box.append(says = h("p", { role: "status" }));
  says.textContent = shown.length ? `${number(first + 1)} to ${number(last)} of ${of}` : of;
  box.querySelectorAll("button").forEach((b) => b.remove());
  if (more) {
    box.append(h("button", { type: "button", disabled: first === 0, onclick: go(first - PER_PAGE) }, "Previous"),
      h("button", { type: "button", disabled: last === shown.length, onclick: go(last) }, "Next"));
  }
  box.hidden = false;
}

function rowOf(index) {
  const row = page.rows[index];
  const button = h("button", { type: "button", class: "name", "aria-expanded": "false", id: "row-" + index }, h("span", {}, breakable(row.n)));
  const tr = h("tr", { class: "row" },
    h("th", { scope: "row" }, button, h("span", { class: "sub" }, breakable(row.u ?? ""))),
    page.columns.map((c, i) => h("td", { class: `w${c.w ?? 0}${c.r ? " r" : ""}` },
      c.k === "score" && [h("span", { class: "grade-" + row.g }, h("span", { class: "badge" }, row.g)), " "], row.c[i])),
    h("td", { class: "w1 day" }, spark(row)));
  tr.addEventListener("click", (e) => {
    if (e.target.closest("a") || String(getSelection())) return;
    toggle(index, tr, button);
  });
  tr.addEventListener("keydown", (e) => {
    if (e.key === "Escape" && button.getAttribute("aria-expanded") === "true") toggle(index, tr, button);
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[e.key];
    if (!step) return;
    let to = tr[step];
    while (to && !to.matches(".row")) to = to[step];
    if (to) {
      e.preventDefault();
      to.querySelector("button.name").focus();
    }
  });
  return tr;
}

function toggle(index, tr, button) {
  if (button.getAttribute("aria-expanded") === "true") {
    tr.nextElementSibling.remove();
    button.setAttribute("aria-expanded", "false");
    button.removeAttribute("aria-controls");
    button.focus();
    return;
  }
  const id = "panel-" + index;
  const cell = h("td", { colspan: page.columns.length + 2 }, panelOf(page.rows[index], index, openAlert));
  const panel = h("tr", { class: "open", id, onkeydown: (e) => { if (e.key === "Escape") toggle(index, tr, button); } }, cell);
  tr.after(panel);
  button.setAttribute("aria-expanded", "true");
  button.setAttribute("aria-controls", id);
}

/** openAlert shows a row and opens its panel, whatever was filtered. */
export function openAlert(index) {
  let at = shown.indexOf(index);
  if (at < 0) {
    byId("filters").querySelectorAll("input, select").forEach((e) => { e.value = ""; });
    byId("filters").querySelectorAll("[aria-pressed]").forEach((e) => e.setAttribute("aria-pressed", "false"));
    Object.assign(choice, { words: "", urgency: "", owner: "", state: "" });
    choice.grades.clear();
    refresh(0);
    at = shown.indexOf(index);
  }
  const from = Math.floor(at / PER_PAGE) * PER_PAGE;
  if (from !== first) {
    first = from;
    draw();
  }
  const button = byId("row-" + index);
  if (button.getAttribute("aria-expanded") !== "true") button.click();
  button.focus({ preventScroll: true });
  button.closest("tr").scrollIntoView({ block: "start" });
}

// fromHash opens the alert that the address names: #alert=ID.
function fromHash() {
  const id = /^#alert=(.+)$/.exec(location.hash)?.[1];
  const index = id ? page.rows.findIndex((r) => r.i === decodeURIComponent(id)) : -1;
  if (index >= 0) openAlert(index);
}

// spark draws firings by day, a bar for each.
function spark(row) {
  if (!row.k) return null;
  const top = Math.max(1, ...row.k);
  const bars = row.k.map((n, i) => (n > 0 ? `M${i * 3} 16v${-Math.max(1, (15 * n) / top).toFixed(1)}h2V16z` : "")).join("");
  const gaps = row.k.map((n, i) => (n < 0 ? `M${i * 3} 16v-1h2v1z` : "")).join("");
  const total = row.k.reduce((sum, n) => sum + Math.max(0, n), 0);
  return svg("svg", { class: "spark", viewBox: `0 0 ${row.k.length * 3} 17`, width: row.k.length * 3, height: 17, role: "img", "aria-label": `${plural(total, "firing")} on ${plural(row.k.filter((n) => n > 0).length, "day")}, at most ${number(top)} a day` },
    svg("path", { class: "base", d: `M0 16.5H${row.k.length * 3}` }), svg("path", { d: bars }), gaps && svg("path", { class: "gap", d: gaps }));
}
