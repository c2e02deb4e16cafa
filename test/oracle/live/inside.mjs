/**
 * Runs inside the namespaces: starts the programs of the scenario laid out in the folder that is named, brings
 * the mails, waits until nothing moves, writes what there is to see to observed.json.
 */
import { spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { sendBySendmail, sendBySmtp, textOf } from "./client.mjs";
import { addPrivacy, instanceFolder, swapForReload } from "./layout.mjs";
import { startServer } from "./servers.mjs";

const root = process.argv[2];
const scenario = JSON.parse(readFileSync(join(root, "scenario.json"), "utf8"));
const conf = join(root, "conf");
const HOSTS = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n127.0.0.1 mx.example.test\n";
/** Milliseconds without a change after which all is done, after which what is left is stuck, and at most. */
const QUIET_AFTER = 1500;
const STUCK_AFTER = 10_000;
const LONGEST_WATCH = 90_000;
const QUEUES = ["maildrop", "incoming", "active", "deferred", "hold"];

const observed = { mails: [], sunk: [], left: [] };
let amavis;
const instances = scenario.instances.map((name) => ({
  name,
  folder: instanceFolder(root, name),
  spool: `spool-${name}`,
}));
const all = [{ name: "", folder: "/etc/postfix", spool: "spool" }, ...instances];

prepare();
for (const server of scenario.servers.filter(({ down }) => !down))
  await startServer(server, (mail) => observed.sunk.push(mail));
// An instance may bring amavisd along.
const amavisConf = [conf, ...instances.map(({ folder }) => folder)]
  .map((folder) => join(folder, "amavisd.conf"))
  .find((path) => existsSync(path));
if (amavisConf && scenario.amavisFirst !== false) await startAmavis();
observed.start = run("postfix", ["start"]);
if (observed.start.status === 0) await sleep(scenario.startWait ?? 300);
observed.running = isUp();
if (amavisConf && scenario.amavisFirst === false) await startAmavis();
observed.listeners = listeners();
if (scenario.reloads) await reload();
await bringMails();
await untilQuiet();
for (const instance of all) observed.left.push(...leftOver(instance));
observed.runningAtEnd = isUp();
observed.amavisAtEnd = amavis?.exitCode === null;
writeFileSync(join(root, "observed.json"), JSON.stringify(observed));
// What still runs ends with the namespace.
process.exit(0);

function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function run(command, words) {
  const { status, stdout, stderr } = spawnSync(command, words, {
    encoding: "utf8",
    timeout: 90_000,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { status, output: `${stdout}${stderr}`.trim() };
}

/** Whether master(8) lives, told by its process; `postfix status` also fails when only the files are broken. */
function isUp() {
  try {
    process.kill(Number(readFileSync(join(root, "spool/pid/master.pid"), "utf8")), 0);
    return true;
  } catch {
    return false;
  }
}

function prepare() {
  for (const name of ["spool", "data", "amavis/tmp", "amavis/db", "amavis/var"])
    mkdirSync(join(root, name), { recursive: true });
  for (const { spool, name } of instances)
    for (const folder of [spool, `data-${name}`]) mkdirSync(join(root, folder), { recursive: true });
  run("chown", ["postfix", join(root, "data"), ...instances.map(({ name }) => join(root, `data-${name}`))]);
  run("chown", ["-R", "amavis:amavis", join(root, "amavis")]);
  // Names resolve the same everywhere, and there is no DNS.
  writeFileSync(join(root, "hosts"), scenario.hosts ?? HOSTS);
  writeFileSync(join(root, "resolv.conf"), "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
  for (const name of ["hosts", "resolv.conf"]) run("mount", ["--bind", join(root, name), `/etc/${name}`]);
  // What belongs to the programs lies in /etc/postfix as well; an administrator's tables do not come along.
  const parts = [conf, ...(scenario.reloads ? [join(root, "reload")] : [])];
  for (const part of parts) {
    for (const name of readdirSync("/etc/postfix"))
      if (/^(?:dynamicmaps|postfix-files|post-install|postfix-script|makedefs)/.test(name))
        cpSync(join("/etc/postfix", name), join(part, name), { recursive: true, dereference: true });
    addPrivacy(part, root);
  }
  for (const { folder, spool, name } of instances) addPrivacy(folder, root, spool, `data-${name}`);
  run("mount", ["--bind", conf, "/etc/postfix"]);
  for (const address of scenario.addresses ?? []) run("ip", ["addr", "add", address, "dev", "lo"]);
}

async function startAmavis() {
  const log = openSync(join(root, "amavis.out"), "a");
  amavis = spawn("amavisd", ["-c", amavisConf, "foreground"], {
    stdio: ["ignore", log, log],
    cwd: "/",
  });
  closeSync(log);
  const ports = scenario.amavisPorts ?? [10024];
  const open = () =>
    ports.every((port) => listeners().some((row) => row.port === port && row.program === "amavisd"));
  for (let wait = 0; wait < 600 && amavis.exitCode === null && !open(); wait++) await sleep(100);
  observed.amavisRunning = amavis.exitCode === null && open();
}

/** Sockets as `ss` shows them, without those of the tests. */
function listeners() {
  return run("ss", ["-H", "-ltnp"])
    .output.split("\n")
    .flatMap((line) => {
      const socket = line.trim().split(/\s+/)[3];
      const owner = /\("([^"]+)",pid=/.exec(line)?.[1] ?? "?";
      if (socket === undefined || owner === "node" || owner === "MainThread") return [];
      const colon = socket.lastIndexOf(":");
      const address = socket
        .slice(0, colon)
        .replace(/^\[|\]$/g, "")
        .replace(/^\*$/, "::");
      const isPostfix = line.includes('("master"');
      return [{ address, port: Number(socket.slice(colon + 1)), program: isPostfix ? "postfix" : "amavisd" }];
    });
}

async function reload() {
  swapForReload(root);
  observed.reload = run("postfix", ["reload"]);
  await sleep(1500);
  observed.running = listeners().some(({ program }) => program === "postfix");
  observed.listeners = listeners();
}

async function bringMails() {
  for (const mail of scenario.mails) {
    const sent = await Promise.all(
      Array.from({ length: mail.count ?? 1 }, (_, index) => {
        const number = mail.number + index;
        const text = textOf(number, mail);
        const { port, host, local } = mail;
        const send = port === "sendmail" ? sendBySendmail : sendBySmtp;
        return send({ port, host, local, from: mail.from, recipients: [mail.recipient], text });
      }),
    );
    for (const [index, { kind, reply }] of sent.entries())
      observed.mails.push({ number: mail.number + index, kind, reply });
  }
}

function queueFiles(spool, queue) {
  try {
    return readdirSync(join(root, spool, queue), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
  } catch {
    return [];
  }
}

/** Until no message is on its way for a while, or, where some never move again, until nothing happens for longer. */
async function untilQuiet() {
  if (scenario.mails.length === 0 || !isUp()) return;
  const names = () =>
    all.flatMap(({ spool }) =>
      ["maildrop", "incoming", "active"].flatMap((queue) => queueFiles(spool, queue).map(({ name }) => name)),
    );
  const state = () => `${names().join()} ${statSync(join(root, "mail.log")).size}`;
  const end = Date.now() + LONGEST_WATCH;
  let since = Date.now();
  for (let before = ""; Date.now() < end; await sleep(60)) {
    const now = state();
    if (now !== before) since = Date.now();
    before = now;
    if (Date.now() - since > (names().length > 0 ? STUCK_AFTER : QUIET_AFTER)) return;
  }
}

/** Every message that is still in a queue, with its text. */
function leftOver({ spool, folder }) {
  return QUEUES.flatMap((queue) =>
    queueFiles(spool, queue).map(({ name, parentPath }) => ({
      queue,
      text:
        queue === "maildrop"
          ? readFileSync(join(parentPath, name), "latin1")
          : run("postcat", ["-c", folder, "-q", name]).output,
    })),
  );
}
