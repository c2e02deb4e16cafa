// Writes server/src/knowledge/data/amavisVariables.ts from the facts that were gathered from amavisd.
//
//   node scripts/generate-amavis-facts.mjs FACTS.json
//
// FACTS.json is the full description of amavisd's variables (names, groups, evaluated defaults, release
// notes). Only what the program needs is kept, in tuples, because the file ends up in the extension.
// Variables that are not in the facts but that `use vars` declares in the same package are listed as
// `declared`: they are legal under `use strict`, without being settings.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dataModule } from "./lazy-knowledge.mjs";

const source = process.argv[2];
if (source === undefined) {
  process.stderr.write("usage: node scripts/generate-amavis-facts.mjs FACTS.json\n");
  process.exit(2);
}
const facts = JSON.parse(readFileSync(source, "utf8"));

// Order of the groups is part of the format: a variable names its group by index.
const groups = Object.keys(facts.groups);
const DECLARED = [
  "@ISA",
  "@EXPORT",
  "@EXPORT_OK",
  "%EXPORT_TAGS",
  "$VERSION",
  "$read_config_files_depth",
  "@actual_config_files",
];

// Defaults that the machine decides on which the facts were gathered.
const OF_THE_HOST = new Set(["$myhostname", "$my_pid", "@daemon_groups", "$profiling", "$myprogram_name"]);

/** null is undef; { "$host": true } and { "$builtin": true } are not known before amavisd runs. */
function defaultOf(variable) {
  if (OF_THE_HOST.has(variable.name)) return { $host: true };
  if (variable.default === undefined) return { $builtin: true };
  return variable.default;
}

/** Announced as new is evidence; a first mention may be years younger than the variable. */
function since(variable) {
  const { version, evidence } = variable.since ?? {};
  if (version === undefined || version === null) return 0;
  return evidence.startsWith("announced") ? version : 0;
}

/** [name, group index, default, valueKind, since, retired since]; trailing empty fields are left out. */
function tuple(variable) {
  const row = [
    variable.name,
    groups.indexOf(variable.group),
    defaultOf(variable),
    variable.valueKind ?? 0,
    since(variable),
    variable.retired?.since ?? 0,
  ];
  while (row.length > 2 && (row.at(-1) === 0 || (row.length === 3 && row.at(-1) === null))) row.pop();
  return row;
}

const data = {
  version: facts.amavisVersion,
  groups,
  // Legacy variables are the groups legacy and legacy-dynamic; bank keys are the two dynamic ones.
  variables: facts.variables.map(tuple),
  declared: DECLARED,
  constants: facts.constants,
  functions: facts.functions,
  aliases: facts.aliases,
  extraBankKeys: Object.keys(facts.extraBankKeys),
};
const target = fileURLToPath(new URL("../server/src/knowledge/data/amavisVariables.ts", import.meta.url));
writeFileSync(target, dataModule("scripts/generate-amavis-facts.mjs", data));
process.stdout.write(`${facts.variables.length} variables written\n`);
