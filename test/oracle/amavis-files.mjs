// Lays what amavisd does with the files of its configuration beside what we say of them.
//   node test/oracle/amavis-files.mjs
// Each row is a folder /etc/amavis and what becomes of `amavisd test-config`: it "stops" with a line of its log, or
// "starts" having read a file or not. Then `mailflow check` looks at the very same folder: an error where amavisd
// stops because of it, a warning where a file is skipped, nothing where all is as written.
// Needs root, Debian's amavisd-new, util-linux, and a build. The exit status is 0 only when all agree.
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const mailflow = join(root, "dist/mailflow.js");
const CONFIG = "/etc/amavis";

/** Added to Debian's own files; $myhostname and $mydomain so that nothing depends on this machine. */
const BASE = "use strict;\n$mydomain = 'example.com';\n$myhostname = 'mx.example.com';\n";
/** A file that proves by its death that it was read. */
const PROOF = "die qq{WAS READ\\n};\n1;\n";
const PLAIN = "1;\n";

/** what, statement in 50-user, further files, what amavisd does, what we say of it */
const TABLE = [
  row("nothing special", "", {}, starts()),
  row("a name with an ending", "", { "conf.d/60-local.conf": PROOF }, starts("warning confd-name-ignored")),
  row("a name with a host", "", { "conf.d/50-user.mx1": PROOF }, starts("warning confd-name-ignored")),
  row("Perl's ending", "", { "conf.d/55-mx.pl": PROOF }, starts("warning confd-name-ignored")),
  row("another sign", "", { "conf.d/60+a": PROOF }, starts("warning confd-name-ignored")),
  row("a backup", "", { "conf.d/50-user.dpkg-old": PROOF, "conf.d/50-user~": PROOF }, starts()),
  row("a folder in conf.d", "", { "conf.d/60-local/a": PROOF }, starts()),
  row("letters, digits, _ and -", "", { "conf.d/60_a-B": PROOF }, stops("WAS READ")),
  row(
    "skipped, and included by name",
    "include_config_files('/etc/amavis/conf.d/60-local.conf');",
    { "conf.d/60-local.conf": PROOF },
    stops("WAS READ"),
  ),
  ...missing("include_config_files('/etc/amavis/no.conf');"),
  ...missing('my $d = "/etc/amavis"; include_config_files("$d/no.conf");'),
  ...missing("for my $n (qw(no)) { include_config_files('/etc/amavis/' . $n . '.conf') }"),
  ...missing("read_config_file('/etc/amavis/no.conf', 0);"),
  ...missing("include_config_files('');"),
  ...missing("my $p = ''; include_config_files($p);"),
  row(
    "require",
    "require '/etc/amavis/no.conf';",
    {},
    stops("Can't locate /etc/amavis/no.conf", "error include-missing"),
  ),
  row(
    "one of two",
    "include_config_files('/etc/amavis/a.conf', '/etc/amavis/no.conf');",
    { "a.conf": PLAIN },
    {
      ...stops('Config file "/etc/amavis/no.conf" does not exist', "error include-missing"),
    },
  ),
  row("optional", "include_optional_config_files('/etc/amavis/no.conf');", {}, starts()),
  row("optional, by its flag", "read_config_file('/etc/amavis/no.conf', 1);", {}, starts()),
  row("optional and empty", "include_optional_config_files('');", {}, starts()),
  row("do", "do '/etc/amavis/no.conf';", {}, starts()),
  row("eval", "eval { include_config_files('/etc/amavis/no.conf') };", {}, starts()),
  row(
    "looked for first",
    "include_config_files('/etc/amavis/no.conf') if -e '/etc/amavis/no.conf';",
    {},
    starts(),
  ),
  row("a folder", "include_config_files('/etc/amavis/x.d');", { "x.d/a": PLAIN }, directory()),
  row(
    "a folder, optional",
    "include_optional_config_files('/etc/amavis/x.d/');",
    { "x.d/a": PLAIN },
    directory(),
  ),
  row("a folder by do", "do '/etc/amavis/x.d';", { "x.d/a": PROOF }, starts("warning config-permissions")),
  row(
    "the files of a folder",
    "include_config_files(map { /^(.+)$/ ? $1 : () } glob('/etc/amavis/x.d/*'));",
    { "x.d/a": PROOF },
    stops("WAS READ"),
  ),
  // Perl's -T trusts no name that comes from a folder.
  row(
    "the files of a folder, not laundered",
    "include_config_files(glob('/etc/amavis/x.d/*'));",
    { "x.d/a": PROOF },
    stops("Insecure dependency in do", "warning include-tainted"),
  ),
  row(
    "the files of a folder in the short form",
    "include_optional_config_files(</etc/amavis/x.d/*>);",
    { "x.d/a": PROOF },
    stops("Insecure dependency in do", "warning include-tainted"),
  ),
  row(
    "no file in the folder, not laundered",
    "include_config_files(glob('/etc/amavis/x.d/*.conf'));",
    { "x.d/a": PROOF },
    starts("warning include-tainted"),
  ),
  // Owner and mode: the files lie where amavisd reads them, so that they count.
  row(
    "another owner",
    "include_config_files('/etc/amavis/a.conf');",
    { "a.conf": PLAIN },
    { ...stops("should be owned by root (uid 0)", "error config-permissions"), owner: 12345 },
  ),
  row(
    "a mode that lets amavisd write",
    "include_config_files('/etc/amavis/a.conf');",
    { "a.conf": PLAIN },
    { ...stops("is writable by EUID", "error config-permissions"), mode: 0o666 },
  ),
  row(
    "another owner, and the check is off",
    "$i_know_what_i_am_doing{no_conf_file_writable_check} = 1; include_config_files('/etc/amavis/a.conf');",
    { "a.conf": PLAIN },
    { ...starts(), owner: 12345 },
  ),
];

function row(what, statement, files, outcome) {
  return { what, statement, files, ...outcome };
}

function starts(said) {
  return { log: undefined, said };
}

function stops(log, said) {
  return { log, said };
}

function missing(statement) {
  return [row(statement, statement, {}, stops("does not exist", "error include-missing"))];
}

function directory() {
  return stops('" is a directory', "error config-permissions");
}

function failed(result) {
  return result.error ?? new Error(result.stderr || `status ${result.status}`);
}

/** Runs a command with `folder` mounted as /etc/amavis, for it alone. */
function inside(folder, command) {
  const script = 'mount --bind "$1" /etc/amavis && shift && cd / && exec "$@"';
  const result = spawnSync("unshare", ["-n", "-m", "sh", "-c", script, "sh", folder, ...command], {
    encoding: "utf8",
    timeout: 60_000,
  });
  if (result.status === null) throw failed(result);
  return result;
}

function layOut(folder, { statement, files, owner, mode }) {
  cpSync(CONFIG, folder, { recursive: true });
  const all = { "conf.d/50-user": `${BASE}${statement}\n1;\n`, ...files };
  for (const [name, text] of Object.entries(all)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chownSync(path, name in files && owner ? owner : 0, 0);
    chmodSync(path, (name in files && mode) || 0o644);
  }
  chmodSync(folder, 0o755);
}

function observe(folder) {
  const { status, stdout, stderr } = inside(folder, ["amavisd", "test-config"]);
  return { status, text: stdout + stderr };
}

const OURS = new Set(["confd-name-ignored", "include-missing", "include-tainted", "config-permissions"]);

function predict(folder) {
  const command = [process.execPath, mailflow, "check", CONFIG, "--format", "json", "--fail-on", "none"];
  const result = inside(folder, command);
  if (result.status !== 0) throw failed(result);
  const findings = JSON.parse(result.stdout).systems.flatMap((system) => system.findings);
  const ours = findings.filter(({ code, severity }) => OURS.has(code) || severity === "error");
  return [...new Set(ours.map(({ severity, code }) => `${severity} ${code}`))].join(", ");
}

let [passed, wrong] = [0, 0];
for (const expected of TABLE) {
  const folder = mkdtempSync(join(tmpdir(), "mailflow-"));
  try {
    layOut(folder, expected);
    const { status, text } = observe(folder);
    const asObserved =
      expected.log === undefined ? status === 0 : status !== 0 && text.includes(expected.log);
    const said = predict(folder);
    const agrees = said === (expected.said ?? "");
    if (asObserved && agrees) passed++;
    else {
      wrong++;
      console.log(`${expected.what}: amavisd ${status === 0 ? "starts" : "stops"}, we say "${said}"`);
      if (!asObserved)
        console.log(`  expected ${expected.log ?? "a start"}\n  ${text.trim().split("\n").at(-1)}`);
      if (!agrees) console.log(`  expected "${expected.said ?? ""}"`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
console.log(`${passed} passed, ${wrong} failed`);
process.exitCode = wrong === 0 ? 0 : 1;
