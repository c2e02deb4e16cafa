// Compares our reading of amavisd's configuration with that of amavisd's own modules, variable by variable.
//
//   node test/oracle/amavis-values.mjs [--verbose] [--generated N] [--deletions N] [--seed S] [FILE...]
//
// Needs Debian's amavisd-new; the corpus, the scenarios and the cases come from the shared folder
// (MAILFLOW_SHARED, else ../shared). The sections of
// amavis-cases/*.txt are configurations as well. Each file that amavisd can load is evaluated alone by both sides, and
// Debian's own files together; then N generated configurations (1,000 unless told). For every variable
// that either side sees changed from its default the outcome is equal, unknown (we say that we do not know)
// or different. Fails on a difference that is not in EXPECTED, on a file that amavisd loads and we call
// broken, on one that amavisd refuses and we do not, on an error of ours at another line than the one that
// Perl names, and when more than 2 % of what the files assign is unknown to us.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import {
  compare,
  confd,
  filesBelow,
  isUnknown,
  loadOurs,
  shared,
  singleFiles,
  theirs,
} from "./amavis-compare.mjs";
import { generateConfigurations } from "./amavis-generator.mjs";
import { checkRecovery } from "./amavis-recovery.mjs";

const verbose = process.argv.includes("--verbose");

function numberAfter(option, fallback) {
  const at = process.argv.indexOf(option);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
}

const seed = numberAfter("--seed", Date.now() % 1_000_000_007);

const TEMPLATE_NAME = /\.(?:erb|j2|in|tpl)$/;

/** Differences that are known and right to ignore: "file-name variable". */
const EXPECTED = new Set([]);

/** The sections of the files of cases, each written out as a configuration. */
function caseFiles() {
  const folder = join(import.meta.dirname, "amavis-cases");
  return filesBelow(folder, (path) => path.endsWith(".txt")).flatMap((path) => {
    const sections = readFileSync(path, "utf8").split(/^### /m).slice(1);
    return sections.map((section) => {
      const [title] = section.split("\n", 1);
      const file = join(cases, `${basename(path, ".txt")}-${title}.conf`);
      writeFileSync(file, section.slice(title.length + 1));
      return file;
    });
  });
}

function inputs() {
  const given = process.argv
    .slice(2)
    .filter(
      (word, at, all) =>
        !word.startsWith("--") && !/^--(?:generated|deletions|seed)$/.test(all[at - 1] ?? ""),
    );
  if (given.length > 0) return given.map((path) => [path]);
  const different = [...singleFiles(), ...caseFiles()];
  const debian = [...confd("/usr/share/amavis/conf.d"), ...confd("/etc/amavis/conf.d")];
  return [...different.map((path) => [path]), ...(debian.length > 0 ? [debian] : [])];
}

const { parseAmavis, evaluateAmavis } = await loadOurs();
const totals = {
  equal: 0,
  unknown: 0,
  different: 0,
  changedEqual: 0,
  banksEqual: 0,
  banksUnknown: 0,
  banksDifferent: 0,
};
/** Kinds of problems for which Perl refuses a file. */
const OF_THE_LANGUAGE = new Set(
  "perl-syntax bareword unknown-variable wrong-sigil at-in-double-quotes index-in-string".split(" "),
);
const failures = [];
let assigned = 0;
let assignedUnknown = 0;
let behindIncludes = 0;
let placesEqual = 0;
const reasons = new Map();
let loaded = 0;
let refused = 0;

function compareOne(files, real) {
  const sources = files.map((path) => {
    const template = TEMPLATE_NAME.test(path);
    // The real program sees bytes.
    return { path, template, tree: parseAmavis(readFileSync(path, "latin1"), { template: false }) };
  });
  const name = files.length > 1 ? "Debian's files" : files[0].replace(`${shared}/`, "");
  const syntax = sources.flatMap(({ tree }) => tree.problems);
  const result = evaluateAmavis(sources);
  // What Perl refuses; other fatal problems end amavisd's start later.
  const refusing = result.problems.filter(({ fatal, kind }) => fatal && OF_THE_LANGUAGE.has(kind));
  if (!real.ok) {
    refused++;
    // A template is no Perl, and its placeholders are no names; neither are names that a script fills in.
    const template = sources.some((source) => source.tree.template || TEMPLATE_NAME.test(source.path));
    const filledIn = /(?:symbol|Bareword) "[$@%]?[A-Z_]{3,}"/.test(real.error);
    const compileError = /syntax error|Global symbol|Bareword .* not allowed/.test(real.error);
    if (compileError && refusing.length === 0 && syntax.length === 0 && !template && !filledIn) {
      failures.push(`${name}: amavisd refuses it, we do not: ${real.error.slice(0, 150)}`);
    } else if (compileError && !template && !filledIn) comparePlaces(name, sources, refusing, real.error);
    return;
  }
  loaded++;
  for (const problem of refusing) failures.push(`${name}: amavisd loads it, we say: ${problem.message}`);
  const { variables, unknown } = result.variables(true);
  for (const [variable, entry] of Object.entries(real.variables)) {
    // The cases are about what may be known: their share says nothing about what people write.
    if (!files[0].startsWith(cases) && result.assignments(variable).length > 0)
      countAssigned(variable, unknown[variable], result.open);
    if (variable === "%policy_bank" || variable === "%current_policy_bank" || variable in unknown) {
      if (variable in unknown) totals.unknown++;
      if (verbose && variable in unknown && entry.changed)
        process.stdout.write(`unknown ${name} ${variable}: ${unknown[variable]}\n`);
      continue;
    }
    const outcome = compare(variables[variable], entry.value);
    totals[outcome]++;
    if (outcome === "equal" && entry.changed) totals.changedEqual++;
    if (outcome === "unknown" && verbose && entry.changed)
      process.stdout.write(`unknown ${name} ${variable}\n`);
    if (outcome === "different" && !EXPECTED.has(`${name} ${variable}`)) {
      failures.push(
        `${name} ${variable}:\n  ours  ${short(variables[variable])}\n  amavisd ${short(entry.value)}`,
      );
    }
  }
  compareBanks(name, result, real, variables);
  compareListeners(name, result, real);
}

/** Behind a file that is included and not here nothing can be known: such a file counts apart. */
function countAssigned(variable, reason, open) {
  if (open !== undefined) {
    behindIncludes++;
    return;
  }
  assigned++;
  if (reason === undefined) return;
  assignedUnknown++;
  if (reason === "") failures.push(`${variable} is unknown without a reason`);
  reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
}

/**
 * An error of ours stands at a line that Perl names, or before it where Perl notices late: at the opener of
 * what is never closed, or at the end of the statement that lacks its semicolon.
 */
function comparePlaces(name, sources, problems, error) {
  const named = [...error.matchAll(/ at (\S+) line (\d+)/g)].map((match) => Number(match[2]));
  const lines = problems.map(({ file, range }) => {
    const text = sources.find(({ path }) => path === file)?.tree.text ?? "";
    return text.slice(0, range.start).split("\n").length;
  });
  const near = (line, at) => line === at || (line < at && statementsBetween(sources, line, at) <= 1);
  if (named.length === 0 || named.some((at) => lines.some((line) => near(line, at)))) placesEqual++;
  else failures.push(`${name}: Perl names line ${named}, we report line ${lines}: ${error.slice(0, 120)}`);
}

/** How many statements begin after a line and before another. */
function statementsBetween(sources, from, to) {
  const [{ tree }] = sources;
  return tree.statements.filter(({ kind, start }) => {
    const line = tree.text.slice(0, start).split("\n").length;
    return kind !== "empty" && line > from && line < to;
  }).length;
}

function compareBanks(name, result, real, variables) {
  const ours = variables["%policy_bank"] ?? {};
  for (const [bank, keys] of Object.entries(real.policy_banks)) {
    const missing = isUnknown(ours) ? "unknown" : "different";
    const outcome = ours[bank] === undefined ? missing : compare(ours[bank], keys);
    if (outcome === "equal") totals.banksEqual++;
    else if (outcome === "unknown") totals.banksUnknown++;
    else {
      totals.banksDifferent++;
      failures.push(`${name} bank ${bank}:\n  ours  ${short(ours[bank])}\n  amavisd ${short(keys)}`);
    }
  }
  for (const bank of result.banks.keys()) {
    if (real.policy_banks[bank] === undefined && !isUnknown(ours[bank]))
      failures.push(`${name}: amavisd has no bank ${bank}`);
  }
}

let listenersEqual = 0;

/** The listen set and the forward method of each listener, in the oracle's reading of the start-up code. */
function compareListeners(name, result, real) {
  if (result.listenersOpen !== undefined || result.problems.some(({ kind }) => kind === "bad-listen-socket"))
    return;
  const host = (address) =>
    address === "*" || address === "" || address === "::" ? "*" : address.toLowerCase();
  const expected = real.effective.listeners.map((l) => {
    return l.kind === "unix"
      ? l.path
      : `${host(l.host ?? "")} ${Number(l.port) % 65536} ${l.banks} ${text(l.forward_method)}`;
  });
  const actual = result.listeners.map((l) => {
    if (l.network === "unix") return l.path;
    const methods = Array.isArray(l.forward.value) ? l.forward.value.map((m) => m.text).join(",") : "?";
    return `${host(l.address)} ${l.port} ${l.banks} ${methods}`;
  });
  const [want, have] = [[...new Set(expected)].sort().join("\n"), actual.sort().join("\n")];
  if (want === have) listenersEqual++;
  else if (!have.includes("?")) failures.push(`${name} listeners:\n  ours  ${have}\n  amavisd ${want}`);
}

function text(method) {
  return Array.isArray(method) ? method.join(",") : (method ?? "");
}

function short(value) {
  const printed = JSON.stringify(value) ?? "nothing";
  return printed.length > 400 ? `${printed.slice(0, 400)}...` : printed;
}

async function compareAll(queue) {
  const workers = Array.from({ length: 2 }, async () => {
    for (let files = queue.shift(); files !== undefined; files = queue.shift()) {
      compareOne(files, await theirs(files));
    }
  });
  await Promise.all(workers);
}

async function compareGenerated(count) {
  const folder = mkdtempSync(join(tmpdir(), "mailflow-generated-"));
  // The caged reader is nobody.
  chmodSync(folder, 0o755);
  const paths = generateConfigurations(count, seed).map((text, index) => {
    const path = join(folder, `${index}.conf`);
    writeFileSync(path, text);
    return [path];
  });
  const before = failures.length;
  await compareAll(paths);
  const files = new Set(
    failures.slice(before).flatMap((failure) => /\/(\d+)\.conf/.exec(failure)?.[1] ?? []),
  );
  for (const file of [...files].slice(0, 5))
    process.stdout.write(
      `--- ${file} (--seed ${seed})\n${readFileSync(join(folder, `${file}.conf`), "utf8")}\n`,
    );
  rmSync(folder, { recursive: true });
}

/** Numbers from 0 to 1, the same for the same seed. */
function randomFrom(state) {
  let at = state >>> 0;
  return () => {
    at = (Math.imul(at, 1_664_525) + 1_013_904_223) >>> 0;
    return at / 2 ** 32;
  };
}

const cases = mkdtempSync(join(tmpdir(), "mailflow-cases-"));
// The caged reader is nobody.
chmodSync(cases, 0o755);
process.on("exit", () => rmSync(cases, { recursive: true }));
const queue = inputs();
const paths = queue.flat();
const given = queue.length === 1;
await compareAll(queue);
const share = assigned === 0 ? 0 : (100 * assignedUnknown) / assigned;
if (share > 2) failures.push(`${share.toFixed(1)} % of the variables that the files assign are unknown`);
const fromFiles = { assigned, assignedUnknown, loaded, refused };
const generated = numberAfter("--generated", given ? 0 : 1000);
if (generated > 0) await compareGenerated(generated);
const recovery = checkRecovery(
  paths.filter((path) => !path.startsWith(cases)),
  { parseAmavis, evaluateAmavis },
  numberAfter("--deletions", given ? 50 : 2000),
  randomFrom(seed),
);
failures.push(...recovery.failures);
if (verbose) for (const [reason, count] of reasons) process.stdout.write(`${count} unknown: ${reason}\n`);
for (const failure of failures) process.stdout.write(`${failure}\n`);
process.stdout.write(
  `${recovery.line}\n${fromFiles.loaded} inputs that amavisd loads, ${fromFiles.refused} that it refuses; ` +
    `generated (seed ${seed}): ${loaded - fromFiles.loaded} and ${refused - fromFiles.refused}\n` +
    `assigned by the files: ${fromFiles.assigned}, of them ${fromFiles.assignedUnknown} unknown (${share.toFixed(2)} %); ` +
    `${behindIncludes} in configurations that include a file that is not here\n` +
    `refusals at the place that Perl names: ${placesEqual}\n` +
    `variables: ${totals.equal} equal (${totals.changedEqual} of them changed by the files), ` +
    `${totals.unknown} unknown, ${totals.different} different\n` +
    `policy banks: ${totals.banksEqual} equal, ${totals.banksUnknown} unknown, ${totals.banksDifferent} different\n` +
    `listen sets with their forward methods: ${listenersEqual} equal\n` +
    `${loaded + refused - Math.min(failures.length, loaded + refused)} passed, ${failures.length} failed\n`,
);
process.exit(failures.length === 0 ? 0 : 1);
