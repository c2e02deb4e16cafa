// Lays the verdicts of the scenarios, which were observed with the real programs, beside ours.
//   node test/oracle/scenarios.mjs [--all] [ID...]
// Needs the shared folder with the scenarios (MAILFLOW_SHARED, else ../shared beside the repository) and
// a build. For every scenario whose verdict carries one of our codes, or "none": exactly that error or
// warning with that severity at the expected line and no other error; the listeners that the running
// daemons had; and what `trace` foretells of the mail that was sent: outcome, recipients and copies, and that a
// message which came to too many hops goes round. Prints the score; the exit status is 0 only when all agree.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const shared = resolve(process.env.MAILFLOW_SHARED ?? join(root, "../shared"));
const scenarios = join(shared, "oracle/scenarios");
if (!existsSync(scenarios)) {
  console.error(`no scenarios at ${scenarios}; set MAILFLOW_SHARED to the folder that has oracle/scenarios`);
  process.exit(2);
}
const mailflow = join(root, "dist/mailflow.js");
const places = JSON.parse(readFileSync(join(import.meta.dirname, "places.json"), "utf8"));
const codes = new Set(readdirSync(join(root, "docs/rules")).map((name) => name.replace(/\.md$/, "")));
const wanted = process.argv.slice(2).filter((word) => !word.startsWith("--"));

/** Messages whose fate the files do not tell: a filter that is no known program, a socket that two programs want. */
const UNKNOWN = new Set([
  ...["c1-series-dumb", "g2-postfix-first", "g3-amavis-on-reinjection-port"],
  // What a chroot's hosts file or DNS knows.
  ...["o2-chroot-name", "o6-chroot-dash-compat0", "p14-localhost-brackets-dns"],
]);
/** The old files stay in force where a reload is refused. */
const OTHER_FILES = new Set(["n22-reload-bad-master"]);

let passed = 0;
let failed = 0;
const traced = { agreed: 0, unknown: 0 };
for (const id of readdirSync(scenarios).sort()) {
  if (wanted.length > 0 && !wanted.some((prefix) => id.startsWith(prefix))) continue;
  const folder = join(scenarios, id);
  const scenario = JSON.parse(readFileSync(join(folder, "scenario.json"), "utf8"));
  const { code, severity } = scenario.verdict;
  if (code !== undefined && !codes.has(code)) continue;
  const work = prepare(folder, scenario);
  try {
    record(id, "verdict", judge(id, code, severity === "info" ? "information" : severity, work));
    if (runs(scenario)) record(id, "listeners", compareListeners(scenario, work));
    if (isObserved(id, scenario)) record(id, "trace", compareTrace(id, scenario, work));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
console.log(
  `trace foretold ${traced.agreed} scenarios as they were observed; of ${traced.unknown} the files do not tell`,
);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

function record(id, what, problems) {
  if (problems.length === 0) passed++;
  else {
    failed++;
    console.log(`FAIL ${id} ${what}`);
    for (const problem of problems) console.log(`     ${problem}`);
  }
}

/** The files as they lie when the verdict is about them: a reload replaces some. */
function prepare(folder, scenario) {
  const work = mkdtempSync(join(tmpdir(), "mailflow-scenario-"));
  cpSync(folder, work, { recursive: true });
  rmSync(join(work, "scenario.json"));
  if (existsSync(join(work, "reload"))) {
    cpSync(join(work, "reload"), work, { recursive: true });
    rmSync(join(work, "reload"), { recursive: true });
  }
  for (const name of readdirSync(work)) {
    const text = readFileSync(join(work, name), "utf8");
    writeFileSync(join(work, name), text.replaceAll("@ROOT@", "/srv/mail").replaceAll("@DIR@", work));
  }
  // What the host's own hosts file says, no file of the mail system can tell.
  if (scenario.hosts)
    writeFileSync(join(work, "mailflow.json"), JSON.stringify(projectFile(scenario.hosts, work)));
  return work;
}

function projectFile(hosts, work) {
  const names = {};
  for (const line of hosts.split("\n")) {
    const [address, ...aliases] = line.trim().split(/\s+/);
    for (const name of aliases) names[name] = [...(names[name] ?? []), address];
  }
  const amavis = existsSync(join(work, "amavisd.conf")) ? ["amavisd.conf"] : [];
  return { systems: [{ name: "host", main: "main.cf", master: "master.cf", amavis, hosts: names }] };
}

function run(work, ...words) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [mailflow, ...words, work, "--format", "json"],
    { encoding: "utf8" },
  );
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`mailflow ${words.join(" ")} exit ${status}: ${stderr || stdout}`);
  }
}

function judge(id, code, severity, work) {
  const { systems } = run(work, "check");
  const findings = systems.flatMap((system) => system.findings);
  const problems = [];
  for (const finding of findings) {
    const expected = finding.code === code && finding.severity === severity;
    if (finding.severity === "error" && !expected) problems.push(`unexpected: ${show(finding)}`);
  }
  if (code === undefined) return problems;
  const hits = findings.filter((finding) => finding.code === code && finding.severity === severity);
  if (hits.length === 0)
    problems.push(`missing: ${severity} ${code}; found ${findings.map(show).join(" | ") || "nothing"}`);
  const place = places[id];
  if (hits.length > 0 && place === undefined)
    problems.push(`places.json has no line for it: ${hits.map((hit) => show(hit)).join(" | ")}`);
  else if (hits.length > 0 && !hits.some((hit) => standsAt(hit, place, work)))
    problems.push(`not at ${place}: ${hits.map(show).join(" | ")}`);
  return problems;
}

function isObserved(id, { mails, expect }) {
  const { running, runningAtEnd, deliveries } = expect;
  return (
    mails?.length > 0 && running && runningAtEnd !== false && deliveries !== undefined && !OTHER_FILES.has(id)
  );
}

function compareTrace(id, { mails, expect }, work) {
  const answers = mails.flatMap((mail) =>
    (mail.rcpts ?? ["user@example.test"]).map((recipient) => ({ ...follow(mail, recipient, work), mail })),
  );
  const outcomes = answers.map(({ outcome }) => outcome);
  if (outcomes.includes("unknown")) {
    traced.unknown++;
    return UNKNOWN.has(id) ? [] : [`unknown: ${outcomes.join(", ")}`];
  }
  const foretold = {};
  for (const { deliveries, mail } of answers)
    for (const { recipient, copies } of deliveries)
      foretold[recipient] = (foretold[recipient] ?? 0) + copies * (mail.count ?? 1);
  // What reaches the sender are notices, messages of their own.
  const { "sender@example.org": _notices, ...observed } = expect.deliveries;
  const sorted = (table) => JSON.stringify(Object.entries(table).sort());
  const problems = [];
  if (sorted(foretold) !== sorted(observed))
    problems.push(`foretold for ${sorted(foretold)}, really for ${sorted(observed)}`);
  const { signs = [] } = expect;
  if (signs.includes("tooManyHops") && !outcomes.includes("looped"))
    problems.push(`too many hops, foretold ${outcomes.join(", ")}`);
  if (signs.includes("loopsBack") && !outcomes.includes("bounced"))
    problems.push(`bounced at once, foretold ${outcomes.join(", ")}`);
  if (problems.length === 0) traced.agreed++;
  return problems;
}

function follow({ port = 25, local, host }, recipient, work) {
  const words = ["--port", port, "--client", local ?? "127.0.0.1", "--sender", "sender@example.org"];
  const address = host === undefined ? [] : ["--address", host];
  return run(work, "trace", ...[...words, ...address, "--recipient", recipient].map(String));
}

/** A place is "FILE: text of the line", blanks squeezed. */
function standsAt(finding, place, work) {
  const line = readFileSync(join(work, finding.file), "utf8").split("\n")[finding.range.start.line] ?? "";
  return `${finding.file}: ${line.trim().replace(/\s+/g, " ")}` === place;
}

function show(finding) {
  return `${finding.severity} ${finding.code} ${finding.file}:${finding.range.start.line + 1} ${finding.message}`;
}

function runs(scenario) {
  const { expect } = scenario;
  // A refused reload leaves the old listeners, which the files no longer say anything about.
  if (expect.signs?.includes("postconfFatal")) return false;
  return (
    expect.running && expect.runningAtEnd !== false && expect.amavisRunning !== false && expect.listeners
  );
}

function compareListeners(scenario, work) {
  const ours = run(work, "show", "listeners")
    .map((row) => `${row.address}:${row.port} ${row.program}`)
    .sort();
  const theirs = [...scenario.expect.listeners, ...(scenario.expect.shared ?? [])].map(parse).sort();
  // A random port is not the same twice.
  const known = (row) => !row.startsWith("127.0.0.1:0 ");
  const a = ours.filter(known);
  const b = ours.length === a.length ? theirs : theirs.slice(0, -1);
  return JSON.stringify(a) === JSON.stringify(b) ? [] : [`ours ${a.join(", ")}`, `real ${b.join(", ")}`];
}

function parse(text) {
  const [socket, program] = text.split(" ");
  const colon = socket.lastIndexOf(":");
  const address = socket
    .slice(0, colon)
    .replace(/^\[|\]$/g, "")
    .replace(/^\*$/, "::");
  return `${address}:${socket.slice(colon + 1)} ${program === "master" ? "postfix" : program}`;
}
