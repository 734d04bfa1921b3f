import { h } from "./dom.js";
import { page } from "./data.js";

const grades = ["A", "B", "C", "D", "F"];

// distinct lists what the rows have, the most usual first.
function distinct(of) {
  const n = new Map();
  for (const row of page.rows) if (row[of]) n.set(row[of], (n.get(row[of]) ?? 0) + 1);
  return [...n.keys()].sort((a, b) => n.get(b) - n.get(a) || (a < b ? -1 : 1));
}

let haystacks;

// haystack is all of a row that words are looked for in.
function haystack(index) {
  haystacks ??= page.rows.map((r) => [r.n, r.u, r.o, r.p, r.x, ...r.c].filter(Boolean).join("\n").toLowerCase());
  return haystacks[index];
}

/** matching lists the rows that a choice allows, by index. */
export function matching(choice) {
  const words = choice.words.toLowerCase().split(/\s+/).filter(Boolean);
  const out = [];
  page.rows.forEach((r, i) => {
    if (choice.grades.size && !choice.grades.has(r.g)) return;
    if (choice.urgency && r.p !== choice.urgency || choice.owner && r.o !== choice.owner || choice.state && r.a !== choice.state) return;
    if (words.length && !words.every((w) => haystack(i).includes(w))) return;
    out.push(i);
  });
  return out;
}

/** filters are the controls of a choice; changed is called when it has changed. */
export function filters(box, choice, changed) {
  let timer = 0;
  const search = h("input", {
    type: "search", id: "search", placeholder: "name, file, check, label", autocomplete: "off", spellcheck: "false",
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(() => { choice.words = search.value; changed(); }, 80);
    },
  });
  const select = (label, of, all, names) => {
    const values = of === "a" ? ["fired", "silent"] : distinct(of);
    if (values.length < 2) return null;
    const key = { p: "urgency", o: "owner", a: "state" }[of];
    return h("label", {}, label, h("select", { id: "by-" + key, onchange: (e) => { choice[key] = e.target.value; changed(); } },
      h("option", { value: "" }, all), values.map((v) => h("option", { value: v }, names?.[v] ?? v))));
  };
  const toggles = grades.filter((g) => page.rows.some((r) => r.g === g)).map((g) =>
    h("button", {
      type: "button", class: "badge grade-" + g, "aria-pressed": "false", "aria-label": "Only grade " + g,
      onclick: (e) => {
        const on = !choice.grades.delete(g);
        if (on) choice.grades.add(g);
        e.currentTarget.setAttribute("aria-pressed", String(on));
        changed();
      },
    }, g + " " + page.rows.reduce((n, r) => n + (r.g === g), 0).toLocaleString("en-US")));
  box.append(
    h("label", { class: "search" }, "Find", search),
    h("div", { class: "toggles", role: "group", "aria-label": "Grades" }, toggles),
    select("Urgency", "p", "any"), select("Owner", "o", "any"), select("History", "a", "all", { fired: "did something", silent: "did nothing" }));
  box.hidden = false;
  document.querySelector("#alerts .grades").hidden = true;
}
