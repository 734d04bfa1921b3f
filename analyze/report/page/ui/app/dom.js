// Elements are made here, and nowhere from markup: a text stays a text.

const SVG = "http://www.w3.org/2000/svg";

/** h makes an element. Attributes that are null or false are left out; children may be nested, and texts. */
export function h(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** svg makes an element of a drawing. */
export function svg(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value == null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child != null && child !== false && child !== "") element.append(child);
  }
  return element;
}

export function byId(id) {
  return document.getElementById(id);
}

/** said is a text in which what stands in backticks is code. */
export function said(text) {
  const parts = text.split("`");
  return parts.map((t, i) => (i % 2 === 0 ? t : i < parts.length - 1 ? h("code", {}, t) : "`" + t));
}

/** breakable is a name that may be broken where its parts meet: betweenWords, a/path. */
export function breakable(text) {
  return text.split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[/._:])/).flatMap((part, i) => (i ? [h("wbr"), part] : [part]));
}
