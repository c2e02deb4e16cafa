// Runs the real Postfix and amavisd with what our fixes make of broken mail systems.
//   node test/oracle/fixes.mjs [ID...]
// For each scenario whose fault an edit can mend: `mailflow check --fix` until nothing more can be mended,
// then the daemons start in namespaces of their own, mail is sent, and it must arrive once, by way of the
// filter, with nothing left in the queue and no warning or fatal line about the configuration. Needs root,
// Debian's postfix, amavisd-new, iproute2 and util-linux, a build, and the shared folder with the runner.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const shared = resolve(process.env.MAILFLOW_SHARED ?? join(root, "../shared"));
const runner = join(shared, "oracle/run-scenario.mjs");
const mailflow = join(root, "dist/mailflow.js");
if (!existsSync(runner)) {
  console.error(`no runner at ${runner}; set MAILFLOW_SHARED to the folder that has oracle/run-scenario.mjs`);
  process.exit(2);
}

// One of each kind of fix. The daemons' own view of these before the fix is in the scenarios.
const SCENARIOS = [
  "c3-series-bank-missing-20025",
  "c4-series-bank-without-forward",
  "d1-missing-20025",
  "d3-reinjection-other-address",
  "d5-reinjection-v6-only",
  "e1-no-content-filter-override",
  "e2-forward-to-25",
  "e4-header-checks-FILTER",
  "e8-proxy-filter-in-main",
  "e10-access-FILTER-sender",
  "g2-postfix-first",
  "l1-duplicate-inet",
  "l2-duplicate-inet-first-bad",
  "n04-bad-wakeup",
  "n05c-inet-private-dash",
  "n06-bad-type",
  "n07-o-no-equals",
  "n09-list-with-space",
  "n11-bad-maxproc",
  "n12-inline-comment",
  "n13-option-not-indented",
  "n16-quotes",
  "o4-chroot-port-name",
  "p01-bare-ip-port",
  "p05-no-port",
  "p17-wrong-port",
  "p18-feeds-reinjection",
  "q4-undef",
  "q8-no-port",
];
const wanted = process.argv.slice(2);
const work = mkdtempSync(join(tmpdir(), "mailflow-fixes-"));
let passed = 0;
let failed = 0;
for (const id of SCENARIOS.filter(
  (name) => wanted.length === 0 || wanted.some((prefix) => name.startsWith(prefix)),
)) {
  const problems = run(id);
  if (problems.length === 0) passed++;
  else failed++;
  console.log(
    `${problems.length === 0 ? "ok  " : "FAIL"} ${id}${problems.map((problem) => `\n     ${problem}`).join("")}`,
  );
}
rmSync(work, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

function run(id) {
  const folder = join(work, id);
  cpSync(join(shared, "oracle/scenarios", id), folder, { recursive: true });
  const scenario = JSON.parse(readFileSync(join(folder, "scenario.json"), "utf8"));
  rmSync(join(folder, "scenario.json"));
  const left = mend(folder);
  if (left.length > 0) return left.map((finding) => `not mended: ${finding.code} ${finding.message}`);
  writeFileSync(join(folder, "scenario.json"), JSON.stringify(expectation(scenario)));
  const { stdout } = spawnSync(process.execPath, [runner, "--json", folder], {
    encoding: "utf8",
    timeout: 70_000,
  });
  let result;
  try {
    result = JSON.parse(stdout.slice(stdout.indexOf("{")));
  } catch {
    return [`the runner gave no result: ${stdout.slice(0, 300)}`];
  }
  const unfiltered = result.hops?.some((hop) => hop.viaAmavis === 0)
    ? ["a message came without passing amavisd"]
    : [];
  return [...result.failures, ...unfiltered];
}

/** A scenario that must go well: one message in, the same message out. */
function expectation(scenario) {
  const { proxies, hosts, amavisPorts, addresses } = scenario;
  return {
    mails: [{ port: 25 }],
    title: `${scenario.title}, mended`,
    ...(proxies && { proxies }),
    ...(hosts && { hosts }),
    ...(amavisPorts && { amavisPorts }),
    ...(addresses && { addresses }),
    expect: {
      running: true,
      runningAtEnd: true,
      amavisRunning: true,
      deliveries: { "user@example.test": 1 },
      deferred: 0,
      noLog: ["fatal:", "warning: connect", "unused parameter", "bad command startup"],
    },
  };
}

/** Applies preferred fixes for as long as they mend anything; returns the errors that are left. */
function mend(folder) {
  // Each round can bring to light what the mended fault had hidden.
  for (let round = 0; round < 4; round++) {
    spawnSync(process.execPath, [mailflow, "check", "--fix", folder], { encoding: "utf8" });
    const errors = check(folder).filter((finding) => finding.severity === "error");
    if (errors.length === 0) return [];
  }
  return check(folder).filter((finding) => finding.severity === "error");
}

function check(folder) {
  const { stdout, stderr } = spawnSync(process.execPath, [mailflow, "check", folder, "--format", "json"], {
    encoding: "utf8",
  });
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout).systems.flatMap((system) => system.findings);
}
