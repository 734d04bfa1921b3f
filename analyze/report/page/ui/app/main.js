import { byId } from "./dom.js";
import { page } from "./data.js";
import { drawInto } from "./figure.js";
import { openAlert, setUpTable } from "./table.js";
import { setUpTheme } from "./theme.js";

setUpTheme();
setUpTable();

const load = byId("load");
if (load && page.load && globalThis.crywolfCharts) {
  drawInto(load.querySelector(".plot"), (width) => globalThis.crywolfCharts.load(page.load, width), load.querySelector("figcaption").textContent);
}
for (const link of document.querySelectorAll("#changes [data-row]")) {
  const row = Number(link.dataset.row);
  if (row < 0) continue;
  link.addEventListener("click", (e) => {
    e.preventDefault();
    openAlert(row);
  });
}
document.documentElement.dataset.ready = "yes";
