// Runs real Postfix and amavisd and compares what happens with what we foretell from the files alone.
//   node test/oracle/run-daemons.mjs [--all] [--keep] [--jobs N] [ID...]
// Each scenario runs in namespaces of its own: does Postfix start, does amavisd, which sockets are open, and for
// every message what becomes of it, how often a filter has it and how many copies arrive. Nothing is compared with
// a stored expectation. A message whose fate the files do not tell is listed and counted apart. Our own scenarios
// lie in test/oracle/scenarios; of the shared ones a selection runs, with --all all of them.
// Needs root, Debian's postfix, amavisd-new, iproute2 and util-linux, and a build.
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { runScenario } from "./live/run.mjs";
import { SELECTION } from "./live/selection.mjs";

const shared = resolve(process.env.MAILFLOW_SHARED ?? resolve(import.meta.dirname, "../../../shared"));
const sharedScenarios = join(shared, "oracle/scenarios");
const words = process.argv.slice(2);
const option = (name) => words.includes(name);
const jobs = option("--jobs") ? Number(words[words.indexOf("--jobs") + 1]) : 2;
const wanted = words.filter((word, index) => !word.startsWith("--") && words[index - 1] !== "--jobs");
if (!existsSync(sharedScenarios)) {
  console.error(
    `no scenarios at ${sharedScenarios}; set MAILFLOW_SHARED to the folder that has oracle/scenarios`,
  );
  process.exit(2);
}

const folders = [
  ...list(join(import.meta.dirname, "scenarios")),
  ...list(sharedScenarios).filter(
    (folder) => option("--all") || wanted.length > 0 || SELECTION.includes(folder.split("/").pop()),
  ),
].filter(
  (folder) => wanted.length === 0 || wanted.some((prefix) => folder.split("/").pop().startsWith(prefix)),
);

const MOST_REPEATED = 3;
/** Scenarios that differed at first. */
const differed = [];
let repeated = 0;
let passed = 0;
let failed = 0;
let agreed = 0;
const unknown = [];
const started = Date.now();
const queue = [...folders];
await Promise.all(
  Array.from({ length: jobs }, async () => {
    for (let folder = queue.shift(); folder !== undefined; folder = queue.shift())
      report(folder, await attempt(folder));
  }),
);
// Daemons wait, retry and race: on a busy machine one of them may be caught halfway. A few that differ are run again,
// alone, and have to agree then; a difference that comes back is one.
if (differed.length <= MOST_REPEATED)
  for (const { folder } of differed.splice(0)) report(folder, await attempt(folder), "run again, alone");
failed = differed.length + repeated;
for (const line of unknown) console.log(`unknown: ${line}`);
console.log(
  `\n${folders.length} scenarios in ${Math.round((Date.now() - started) / 1000)} s: ${agreed} predictions came true, ${unknown.length} were "unknown"`,
);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

async function attempt(folder) {
  const at = Date.now();
  const id = folder.split("/").pop();
  try {
    return { ...(await runScenario(folder, { keep: option("--keep") })), seconds: (Date.now() - at) / 1000 };
  } catch (error) {
    return { id, title: "", problems: [String(error.stack ?? error)], unknown: [], agreed: 0, seconds: 0 };
  }
}

function report(folder, { id, title, problems, unknown: open, agreed: count, seconds }, again) {
  if (problems.length === 0) {
    passed++;
    agreed += count;
    unknown.push(...open.map((line) => `${id} ${line}`));
  } else if (again) repeated++;
  else differed.push({ folder });
  const note = [open.length > 0 ? `, ${open.length} unknown` : "", again ? `, ${again}` : ""].join("");
  console.log(`${problems.length === 0 ? "ok  " : "FAIL"} ${id}: ${title} (${seconds.toFixed(1)} s${note})`);
  for (const problem of problems) console.log(`     ${problem}`);
}

function list(folder) {
  return existsSync(folder)
    ? readdirSync(folder)
        .sort()
        .map((name) => join(folder, name))
    : [];
}
