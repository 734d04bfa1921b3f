import { byId } from "./dom.js";

function read(id) {
  return JSON.parse(byId(id).textContent);
}

/** page is what the page begins with: columns, rows, load. */
export const page = read("data");

const blocks = new Map();

/** detailOf is what the panel of a row shows, null where it was left out. It is read when first asked for. */
export function detailOf(row) {
  if (row >= page.details) return null;
  const block = Math.floor(row / page.bundled);
  if (!blocks.has(block)) blocks.set(block, read("block-" + block));
  return blocks.get(block)[row % page.bundled];
}
