// Compiles the texts that people edit, server/src/knowledge/texts/*.md, into the one module that the
// program reads: server/src/knowledge/data/texts.ts.
//
//   node scripts/compile-texts.mjs           write the module
//   node scripts/compile-texts.mjs --check   only say (by exit status 1) whether it is out of date
//
// A file begins with `# kind`, then an optional line for editors that is not used, then blocks:
//
//   ## name                 or `## name, name`: the further names have the same text
//   The short text: one paragraph.
//
//   What a longer explanation adds: more paragraphs and examples between lines of ```.
//
// In place of a short text a block may refer to another name of its kind, and add what differs:
//
//   ## lmtp_helo_timeout
//   => smtp_helo_timeout
//   What is different for lmtp.
//
// In the module a text is one string; an array is the short text and the addition; a string that begins
// with "=> " is a reference, with what differs after a line break. Mistakes of form are errors.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { dataModule } from "./lazy-knowledge.mjs";

export const kinds = [
  "parameter",
  "program",
  "column",
  "restriction",
  "action",
  "headerAction",
  "mapType",
  "keyword",
  "amavis",
  "bankKey",
  "amavisWord",
  "overrideOption",
  "port",
];
const textsDirectory = fileURLToPath(new URL("../server/src/knowledge/texts/", import.meta.url));
const outputFile = fileURLToPath(new URL("../server/src/knowledge/data/texts.ts", import.meta.url));

/** All texts by kind and name as the files say, in the form of the module. Throws for mistakes of form. */
export function readTexts(directory = textsDirectory) {
  const texts = Object.fromEntries(kinds.map((kind) => [kind, {}]));
  const files = readdirSync(directory).filter((name) => name.endsWith(".md"));
  for (const file of files.sort()) addFile(texts, file, readFileSync(join(directory, file), "utf8"));
  for (const kind of kinds) checkReferences(kind, texts[kind]);
  return texts;
}

/** Adds the blocks of one file. */
export function addFile(texts, file, source) {
  const [head = "", ...blocks] = source.split(/^## /m);
  const kind = /^# (\S+)\n/.exec(head)?.[1];
  if (!kind || !kinds.includes(kind))
    throw new Error(`${file}: the first line has to be "# " and one of: ${kinds.join(", ")}`);
  for (const block of blocks) addBlock(texts[kind], file, block, kind === "keyword");
}

/** @param anyCase true where names are found in any letter case: they are stored in small letters. */
function addBlock(ofKind, file, block, anyCase) {
  const end = block.indexOf("\n");
  const heading = end < 0 ? block : block.slice(0, end);
  const where = `${file}: ## ${heading}`;
  const [name = "", ...others] = (anyCase ? heading.toLowerCase() : heading).split(", ");
  if (heading !== heading.trim() || !name) throw new Error(`${where}: bad name`);
  const [first = "", ...more] = (end < 0 ? "" : block.slice(end)).trim().split(/\n[ \t]*\n/);
  if (!first) throw new Error(`${where}: no text`);
  const reference = /^=> (\S+)\n?/.exec(first);
  const own = oneLine(reference ? first.slice(reference[0].length) : first);
  const short = reference ? `=> ${reference[1]}${own && `\n${own}`}` : own;
  const addition = joinParagraphs(more);
  if (addition && reference) throw new Error(`${where}: a reference has one paragraph at most`);
  if ((addition.match(/^```/gm) ?? []).length % 2 > 0) throw new Error(`${where}: an example without end`);
  for (const each of [name, ...others]) {
    if (Object.hasOwn(ofKind, each)) throw new Error(`${where}: a second text for ${each}`);
    ofKind[each] = each !== name ? `=> ${name}` : addition ? [short, addition] : short;
  }
}

/** Paragraphs become one line each; examples stay as they are. */
function joinParagraphs(paragraphs) {
  const parts = [];
  let inExample = false;
  for (const paragraph of paragraphs) {
    const begins = !inExample && paragraph.startsWith("```");
    if (inExample || begins) parts.push(paragraph.trimEnd());
    else if (paragraph.trim()) parts.push(oneLine(paragraph));
    if ((paragraph.match(/^```/gm) ?? []).length % 2 > 0) inExample = !inExample;
  }
  return parts.join("\n\n");
}

const oneLine = (text) => text.trim().replace(/\s+/g, " ");

function checkReferences(kind, ofKind) {
  for (const [name, text] of Object.entries(ofKind)) {
    const target = typeof text === "string" && /^=> (\S+)/.exec(text)?.[1];
    if (!target) continue;
    if (!Object.hasOwn(ofKind, target))
      throw new Error(`${kind} ${name}: refers to ${target}, which has no text`);
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    const module = dataModule("scripts/compile-texts.mjs from the files in texts/", readTexts());
    const current = existsSync(outputFile) ? readFileSync(outputFile, "utf8") : "";
    if (!process.argv.includes("--check")) {
      if (current !== module) writeFileSync(outputFile, module);
    } else if (current !== module)
      throw new Error("server/src/knowledge/data/texts.ts is out of date: run scripts/compile-texts.mjs");
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
