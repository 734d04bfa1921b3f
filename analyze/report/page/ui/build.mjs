// Bundles charts/ and the library that draws them into ../built/charts.js, with
// the licences of all that is in there.
import { build } from "esbuild";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "built", "charts.js");

const result = await build({
  absWorkingDir: here,
  entryPoints: ["charts/index.js"],
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  legalComments: "none", // the licences below are whole
  metafile: true,
  write: false,
});

// The packages that something in the bundle comes from.
const packages = new Set();
for (const output of Object.values(result.metafile.outputs)) {
  for (const [path, input] of Object.entries(output.inputs)) {
    const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
    if (found && input.bytesInOutput > 0) packages.add(found[1]);
  }
}

const byText = new Map();
for (const name of [...packages].sort()) {
  const folder = join(here, "node_modules", name);
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((f) => /^licen[cs]e/i.test(f));
  if (!file) throw new Error(`${name} has no file with its licence`);
  const text = readFileSync(join(folder, file), "utf8").trim();
  byText.set(text, [...(byText.get(text) ?? []), `${name} ${version}`]);
}
let notice = "/*!\nCharts are drawn by these libraries:\n";
for (const [text, names] of byText) notice += `\n${names.join(", ")}\n\n${text}\n`;
notice = notice.replaceAll("*/", "* /") + "*/\n";

// In a script element these would end it, or begin a comment; within strings and
// regular expressions, where alone they can stand, they may be escaped.
const code = result.outputFiles[0].text;
const safe = (text) => text.replaceAll(/<\/(?=script)/gi, "<\\/").replaceAll("<!--", "<\\!--");
writeFileSync(out, safe(notice) + safe(code));
console.log(`${out}: ${Math.round((notice.length + code.length) / 1024)} KiB, ${packages.size} packages`);
