// Compiles the texts that people edit, server/src/knowledge/texts/*.md, into the one module that the
// program reads: server/src/knowledge/data/texts.ts.
//
//   node scripts/compile-texts.mjs           write the module
//   node scripts/compile-texts.mjs --check   only say (by exit status 1) whether it is out of date
//
// A file begins with `# kind`, then an optional line for editors that is not used, then blocks: `## name`
// and one paragraph. Mistakes of form are errors with file and line.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { dataModule } from "./lazy-knowledge.mjs";

const kinds = ["parameter", "program", "column", "restriction", "action", "amavis", "overrideOption", "port"];
const textsDirectory = fileURLToPath(new URL("../server/src/knowledge/texts/", import.meta.url));
const outputFile = fileURLToPath(new URL("../server/src/knowledge/data/texts.ts", import.meta.url));

const module = compile(textsDirectory);
const current = existsSync(outputFile) ? readFileSync(outputFile, "utf8") : "";
if (process.argv.includes("--check")) {
  if (current !== module)
    fail("server/src/knowledge/data/texts.ts is out of date: run scripts/compile-texts.mjs");
} else if (current !== module) {
  writeFileSync(outputFile, module);
}

function compile(directory) {
  const texts = Object.fromEntries(kinds.map((kind) => [kind, {}]));
  const files = readdirSync(directory).filter((name) => name.endsWith(".md"));
  for (const file of files.sort()) addFile(texts, file, readFileSync(join(directory, file), "utf8"));
  return dataModule("scripts/compile-texts.mjs from the files in texts/", texts);
}

function addFile(texts, file, source) {
  const [head = "", ...blocks] = source.split(/^## /m);
  const kind = /^# (\S+)\n/.exec(head)?.[1];
  if (!kind || !kinds.includes(kind))
    fail(`${file}: the first line has to be "# " and one of: ${kinds.join(", ")}`);
  for (const block of blocks) {
    const [name = "", ...lines] = block.split("\n");
    const where = `${file}: ## ${name}`;
    const text = lines.join("\n").trim().replace(/\s+/g, " ");
    if (!text) fail(`${where}: no text`);
    if (/\n\s*\n/.test(lines.join("\n").trim())) fail(`${where}: more than one paragraph`);
    if (name !== name.trim() || !name) fail(`${where}: bad name`);
    if (Object.hasOwn(texts[kind], name)) fail(`${where}: a second text for this name`);
    texts[kind][name] = text;
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
