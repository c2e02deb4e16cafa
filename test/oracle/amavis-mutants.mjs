// Slightly broken configurations of amavisd: do we complain exactly where Perl does?
//
//   node test/oracle/amavis-mutants.mjs [--count N] [--seed S] [--all] [FILE...]
//
// Makes mutants (test/oracle/amavis-mutations.mjs) of the configurations that test/oracle/amavis-values.mjs
// compares and of generated ones, and lets amavisd's own modules and us read each. What amavisd loads has no
// error of the language for us, and every value that we know is amavisd's; what it refuses has a fatal
// problem at the line that Perl names, at the opener of what is not closed or where the slip was made. Prints
// what differs as small texts; fails on any false alarm, when more than 0.5 % of the loaded mutants have a value
// that we know otherwise, and when less than 98.5 % of the refused ones are reported at such a line.
import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { compare, loadOurs, singleFiles } from "./amavis-compare.mjs";
import { generateConfigurations } from "./amavis-generator.mjs";
import { mutantsOf } from "./amavis-mutations.mjs";

const oracle = join(import.meta.dirname, "amavisd-oracle.pl");
const run = promisify(execFile);

function numberAfter(option, fallback) {
  const at = process.argv.indexOf(option);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
}

const seed = numberAfter("--seed", 20_241);
const count = numberAfter("--count", 1500);
/** Shows every difference instead of a few of each kind. */
const showAll = process.argv.includes("--all");
const given = process.argv
  .slice(2)
  .filter((word, at, all) => !word.startsWith("--") && !/^--(?:count|seed)$/.test(all[at - 1] ?? ""));

/** Kinds of problems for which Perl refuses a file. */
const OF_THE_LANGUAGE = new Set(
  "perl-syntax bareword unknown-variable wrong-sigil at-in-double-quotes index-in-string".split(" "),
);
const TEMPLATE_NAME = /\.(?:erb|j2|in|tpl)$/;
const BATCH = 40;
/** Of the refused mutants, per cent; what a machine's own values decide makes the last half per cent uncertain. */
const LEAST_SHARE = 98.5;

const folder = mkdtempSync(join(tmpdir(), "mailflow-mutants-"));
// The caged reader is nobody.
chmodSync(folder, 0o755);
let files = 0;

/** What amavisd makes of each text, in batches: the modules are loaded once for each. */
async function theirsOf(texts) {
  const paths = texts.map((text) => {
    const path = join(folder, `${files++}.conf`);
    writeFileSync(path, text, "latin1");
    return path;
  });
  const answers = [];
  const starts = Array.from({ length: Math.ceil(paths.length / BATCH) }, (_, index) => index * BATCH);
  const worker = async () => {
    for (let start = starts.shift(); start !== undefined; start = starts.shift()) {
      const batch = paths.slice(start, start + BATCH);
      const { stdout } = await run("perl", [oracle, "--each", "--changed", ...batch], { maxBuffer: 1 << 28 });
      const lines = stdout.split("\n").filter((line) => line !== "");
      if (lines.length !== batch.length) throw new Error(`${lines.length} answers for ${batch.length} files`);
      for (const [index, line] of lines.entries()) answers[start + index] = JSON.parse(line);
    }
  };
  await Promise.all([worker(), worker()]);
  return answers;
}

const { parseAmavis, evaluateAmavis } = await loadOurs();

function ours(text) {
  const tree = parseAmavis(text, { template: false });
  return { tree, result: evaluateAmavis([{ path: "/a", template: false, tree }]) };
}

const lineOf = (text, offset) => text.slice(0, offset).split("\n").length;

/** "template" for a text that cannot be compared, else what differs from amavisd, or "right ...". */
function judge(mutant, real, defaults) {
  const { tree, result } = ours(mutant.text);
  if (tree.template) return { verdict: "template" };
  if (real.phase === "alarm" || /oracle: |time limit|no answer/.test(real.error ?? ""))
    return { verdict: "cage" };
  // What was fatal before the slip already, or rests on what is not in the file, says nothing about it.
  const fatal = result.problems.filter(({ fatal, absence }) => fatal && absence !== true);
  const language = fatal.filter(({ kind }) => OF_THE_LANGUAGE.has(kind));
  const said = (problems) =>
    problems.map(({ range, message }) => `line ${lineOf(mutant.text, range.start)}: ${message}`);
  if (real.ok) {
    if (language.length > 0) return { verdict: "false alarm", detail: said(language) };
    const wrong = wrongValues(result, real, defaults);
    return wrong.length > 0 ? { verdict: "wrong value", detail: wrong } : { verdict: "right: loaded" };
  }
  if (fatal.length === 0) return { verdict: "missed", detail: [real.error] };
  return judgePlace(mutant, real.error, fatal, said);
}

function judgePlace({ text, at }, error, fatal, said) {
  const named = [...error.matchAll(/\d\.conf line (\d+)/g)].map((match) => Number(match[1]));
  const slip = lineOf(text, at);
  const lines = fatal.map(({ range }) => lineOf(text, range.start));
  const among = (accepted) => lines.some((line) => accepted.some((other) => line === other));
  if (among([slip])) return { verdict: "right: at the slip" };
  if (among(named)) return { verdict: "right: at Perl's line" };
  if (fatal.some(({ message }) => /has no closing|never closed|closes this here/.test(message)))
    return { verdict: "right: at an opener" };
  // A statement that misses its end is noticed at the next one.
  if (among([slip - 1, slip + 1, ...named.map((line) => line - 1)])) return { verdict: "right: next to it" };
  return { verdict: "elsewhere", detail: [`slip in line ${slip}`, error, ...said(fatal)] };
}

function wrongValues(result, real, defaults) {
  const { variables, unknown } = result.variables(true);
  const wrong = [];
  for (const [name, { value }] of Object.entries(defaults.variables)) {
    if (name === "%policy_bank" || name === "%current_policy_bank" || name in unknown) continue;
    const theirs = name in real.variables ? real.variables[name].value : value;
    if (compare(variables[name], theirs) === "different")
      wrong.push(`${name}: ours ${short(variables[name])}, amavisd's ${short(theirs)}`);
  }
  const banks = variables["%policy_bank"] ?? {};
  if ("$unknown" in banks || "%policy_bank" in unknown) return wrong;
  for (const [bank, keys] of Object.entries(real.policy_banks)) {
    if (banks[bank] === undefined || compare(banks[bank], keys) === "different")
      wrong.push(`bank ${bank}: ours ${short(banks[bank])}, amavisd's ${short(keys)}`);
  }
  return wrong;
}

function short(value) {
  const printed = JSON.stringify(value) ?? "nothing";
  return printed.length > 200 ? `${printed.slice(0, 200)}...` : printed;
}

/** The smallest run of lines around the slip that still differs in the same way. */
async function reduced(mutant, verdict, defaults) {
  const lines = mutant.text.split("\n");
  const slip = lineOf(mutant.text, mutant.at) - 1;
  const strict = /^\s*use strict/m.test(mutant.text) ? "use strict;\n" : "";
  const windows = [0, 1, 2, 3, 5, 8, 13, 30].flatMap((reach) =>
    [
      [reach, 0],
      [0, reach],
      [reach, reach],
    ].map(([before, after]) => {
      const from = Math.max(0, slip - before);
      const kept = lines.slice(from, slip + after + 1).join("\n");
      const offset = lines.slice(0, from).join("\n").length + (from > 0 ? 1 : 0);
      return { text: strict + kept, at: mutant.at - offset + strict.length };
    }),
  );
  const answers = await theirsOf(windows.map(({ text }) => text));
  const fitting = windows.filter(
    (window, index) => judge(window, answers[index], defaults).verdict === verdict,
  );
  return fitting.sort((one, other) => one.text.length - other.text.length)[0] ?? mutant;
}

async function sources() {
  const paths = (given.length > 0 ? given : singleFiles()).filter((path) => !TEMPLATE_NAME.test(path));
  const texts = paths.map((path) => readFileSync(path, "latin1"));
  if (given.length === 0) texts.push(...generateConfigurations(40, seed));
  const answers = await theirsOf(texts);
  return texts.filter((text, index) => answers[index].ok && !ours(text).tree.template);
}

const defaults = JSON.parse(
  (await run("perl", [oracle, "--defaults", "--no-after"], { maxBuffer: 1 << 28 })).stdout,
);
const originals = await sources();
const mutants = mutantsOf(originals, count, seed).map(asBytes);
const answers = await theirsOf(mutants.map(({ text }) => text));
const judged = mutants.map((mutant, index) => {
  return { mutant, real: answers[index], ...judge(mutant, answers[index], defaults) };
});

/** The real program sees bytes, and so do we. */
function asBytes({ kind, text, at }) {
  const bytes = (part) => Buffer.from(part, /[^\0-\u00ff]/.test(text) ? "utf8" : "latin1").toString("latin1");
  return { kind, text: bytes(text), at: bytes(text.slice(0, at)).length };
}

const counts = new Map();
for (const { verdict } of judged) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
const differing = judged.filter(({ detail }) => detail !== undefined);
const shown = new Map();
for (const { mutant, real, verdict, detail } of differing) {
  const group = `${verdict} ${mutant.kind} ${(real.error ?? "").replace(/.*?": |["'].*|\d+/gs, "").slice(0, 40)}`;
  shown.set(group, (shown.get(group) ?? 0) + 1);
  if (!showAll && shown.get(group) > 2) continue;
  const small = await reduced(mutant, verdict, defaults);
  process.stdout.write(`--- ${verdict} (${mutant.kind})\n${JSON.stringify(small.text.slice(0, 1500))}\n`);
  for (const line of detail.slice(0, 3)) process.stdout.write(`    ${line.slice(0, 400)}\n`);
}
rmSync(folder, { recursive: true });

const total = (pattern) =>
  [...counts].filter(([verdict]) => pattern.test(verdict)).reduce((sum, [, amount]) => sum + amount, 0);
const loaded = total(/^(?:false alarm|wrong value|right: loaded)$/);
const missed = total(/^(?:missed|elsewhere)$/);
const refused = missed + total(/^right: (?:at|next)/);
const share = refused === 0 ? 100 : (100 * (refused - missed)) / refused;
for (const [verdict, amount] of [...counts].sort()) process.stdout.write(`${amount} ${verdict}\n`);
process.stdout.write(
  `${mutants.length} mutants of ${originals.length} texts (seed ${seed}): amavisd loads ${loaded} and refuses ${refused}, ` +
    `of which we report ${share.toFixed(2)} % at an acceptable line\n`,
);
const failed = total(/^false alarm$/) > 0 || total(/^wrong value$/) > loaded / 200 || share < LEAST_SHARE;
const right = total(/^right/);
process.stdout.write(`${right} passed, ${failed ? Math.max(1, loaded + refused - right) : 0} failed\n`);
process.exit(failed ? 1 : 0);
