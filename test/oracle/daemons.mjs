// Starts real Postfix daemons with single settings and returns what each of them logged.
// One master(8) in namespaces of its own runs one service a case, named c0, c1 ...; every service is woken
// by a connection. Daemons are called through links of those names, so that each log line names its case.
// Needs root, Debian's postfix, iproute2 and util-linux.
import { spawn } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { fileURLToPath } from "node:url";

const SELF = fileURLToPath(import.meta.url);
const DAEMONS = "/usr/lib/postfix/sbin";
export const BASE = `compatibility_level = 3.6
myhostname = mx.example.org
mydomain = example.org
alias_maps =
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
ipc_idle = 3s
`;
/** How many services one master runs; with many more a slow machine does not wake them all in time. */
const BATCH = 60;
/** Programs that insist on a process limit of 0; the others get 1. */
const UNLIMITED = new Set(["cleanup", "dnsblog", "tlsproxy"]);
/** The rest of the mail system, by which mail reaches the cases that deliver it. */
const BESIDE =
  "postlogd proxymap tlsmgr anvil tlsproxy smtpd cleanup qmgr trivial-rewrite bounce error".split(" ");
/** Programs that look at the name by which they were called. */
const NAMED = new Set(["smtp", "lmtp"]);
/** What a daemon needs to start at all beside the others. */
const NEEDS = {
  postscreen: { postscreen_cache_map: "" },
  verify: { address_verify_map: "" },
  virtual: { virtual_mailbox_base: "/" },
};
const PUBLIC = new Set(["cleanup", "showq", "pickup", "qmgr", "oqmgr", "flush"]);

/**
 * @param cases {program, options: {name: value}}[]
 * @param main further lines of main.cf
 * @returns for each case the lines that its daemon logged, without the time
 */
export async function runDaemons(cases, main = "", talk = undefined) {
  const results = [];
  for (let from = 0; from < cases.length; from += BATCH)
    results.push(...(await runBatch(cases.slice(from, from + BATCH), main, talk)));
  return results;
}

/** The entry of master.cf for one case; tests give it to the analyser too, with the program as command. */
export function entryOf(
  name,
  { program, options },
  command = NAMED.has(program) ? `${name}/${program}` : name,
) {
  const type = program === "postscreen" ? "inet" : "unix";
  const service = type === "inet" ? `127.0.0.1:${20000 + Number(name.slice(1))}` : name;
  const isPublic = type === "inet" || PUBLIC.has(program) ? "n" : "-";
  const unprivileged = ["local", "virtual", "pipe", "spawn"].includes(program) ? "n" : "-";
  const named = NAMED.has(program) ? { syslog_name: `postfix/${name}` } : {};
  const set = Object.entries({ ...named, ...NEEDS[program], ...options }).map(
    ([key, value]) => `  -o { ${key} = ${value} }\n`,
  );
  const rest =
    program === "pipe"
      ? "  user=nobody argv=/bin/true\n"
      : program === "spawn"
        ? "  user=nobody argv=/bin/true\n"
        : "";
  return `${service} ${type} ${isPublic} ${unprivileged} n - ${UNLIMITED.has(program) ? 0 : 1} ${command}\n${set.join("")}${rest}`;
}

async function runBatch(cases, main, talk) {
  const root = mkdtempSync(join(tmpdir(), "mfv-"));
  try {
    chmodSync(root, 0o755);
    for (const name of ["conf", "sbin", "data", "spool"]) mkdirSync(join(root, name));
    for (const name of BESIDE) symlinkSync(join(DAEMONS, name), join(root, "sbin", name));
    cases.forEach(({ program }, index) => {
      const link = join(root, "sbin", `c${index}`);
      if (NAMED.has(program)) mkdirSync(link);
      symlinkSync(join(DAEMONS, program), NAMED.has(program) ? join(link, program) : link);
    });
    const entries = cases.map((one, index) => entryOf(`c${index}`, one)).join("");
    const own = `queue_directory = ${root}/spool
data_directory = ${root}/data
daemon_directory = ${root}/sbin
maillog_file = ${root}/mail.log
maillog_file_prefixes = ${root}
transport_maps = inline:{${cases.map((_, index) => `{c${index}.test = c${index}:${cases[index].nexthop ?? "[127.0.0.1]:2600"}}`).join(", ")}}
`;
    writeFileSync(join(root, "conf/main.cf"), BASE + own + main);
    writeFileSync(
      join(root, "conf/master.cf"),
      `postlog unix-dgram n - n - 1 postlogd
proxymap unix - - n - - proxymap
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
tlsproxy unix - - n - 0 tlsproxy
127.0.0.1:2525 inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
${entries}`,
    );
    const old = Date.now() / 1000 - 3600;
    for (const name of ["main.cf", "master.cf"]) utimesSync(join(root, "conf", name), old, old);
    writeFileSync(join(root, "cases.json"), JSON.stringify({ cases, talk }));
    await new Promise((resolve) => {
      const child = spawn(
        "unshare",
        [
          "-n",
          "-m",
          "-p",
          "-f",
          "--kill-child",
          "--mount-proc",
          "--propagation",
          "private",
          "bash",
          "-c",
          'ip link set lo up && "$0" "$1" --inner "$2" & wait $!',
          process.execPath,
          SELF,
          root,
        ],
        { stdio: ["ignore", "inherit", "inherit"] },
      );
      child.on("exit", resolve);
    });
    const log = readFileSync(join(root, "mail.log"), "utf8").split("\n");
    const results = cases.map(() => []);
    const processes = new Map();
    for (const line of log) {
      const end = /sbin\/c(\d+)(?:\/\w+)? pid (\d+) (.*)$/.exec(line);
      if (end) processes.set(end[2], Number(end[1]));
    }
    for (const line of log) {
      const match = /postfix\/(?:c(\d+)(?:\/[sl]mtp)?|[sl]mtp)\[(\d+)\]: (.*)$/.exec(line);
      const index = match?.[1] === undefined ? processes.get(match?.[2]) : Number(match[1]);
      if (match && index !== undefined) results[index].push(match[3].replaceAll(root, "@ROOT@"));
    }
    if (process.env.VALUES_DEBUG) process.stderr.write(log.join("\n"));
    return results;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function inner(root) {
  const { cases, talk } = JSON.parse(readFileSync(join(root, "cases.json"), "utf8"));
  const { spawnSync } = await import("node:child_process");
  const dirs =
    "active bounce corrupt defer deferred flush hold incoming private public maildrop saved trace pid".split(
      " ",
    );
  for (const name of dirs) mkdirSync(join(root, "spool", name));
  spawnSync("chown", [
    "postfix",
    join(root, "data"),
    ...dirs.filter((name) => name !== "pid").map((name) => join(root, "spool", name)),
  ]);
  spawnSync("chmod", ["755", join(root, "spool/public")]);
  const master = spawn(join(DAEMONS, "master"), ["-d", "-c", join(root, "conf")], {
    env: { ...process.env, MAIL_CONFIG: join(root, "conf") },
    stdio: ["ignore", "ignore", "ignore"],
  });
  const logSize = () => {
    try {
      return readFileSync(join(root, "mail.log")).length;
    } catch {
      return 0;
    }
  };
  for (let wait = 0; wait < 100 && logSize() === 0; wait++) await sleep(50);
  await sleep(200);
  // A few at a time: on a slow machine many daemons that start at once answer nobody for a while.
  const queue = cases.map((one, index) => () => wake(root, one, index, one.talk ?? talk));
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      for (let next = queue.shift(); next; next = queue.shift()) await next();
    }),
  );
  const delivering = cases.flatMap((one, index) => (one.deliver ? [`u@c${index}.test`] : []));
  if (delivering.length > 0) await deliver(delivering);
  // Done when the log is quiet.
  let before = -1;
  for (let turn = 0; turn < 40; turn++) {
    const now = logSize();
    if (now === before && turn > 3) break;
    before = now;
    await sleep(700);
  }
  master.kill("SIGTERM");
  await sleep(100);
  process.exit(0);
}

/** A connection with the lines of a dialogue; daemons that read no lines just see it close. */
async function wake(root, one, index, talk) {
  const socket =
    one.program === "postscreen"
      ? net.connect(20000 + index, "127.0.0.1")
      : net.connect(join(root, "spool", PUBLIC.has(one.program) ? "public" : "private", `c${index}`));
  await new Promise((resolve) => {
    socket.on("error", resolve);
    socket.on("close", resolve);
    if (one.program === "smtpd" || one.program === "postscreen") {
      const lines = [...(talk ?? ["EHLO client.example.net"]), "QUIT"];
      socket.on("data", function answer(bytes) {
        if (/^220 2\.0\.0/.test(String(bytes))) {
          socket.off("data", answer);
          const secured = tls.connect({ socket, rejectUnauthorized: false });
          secured.on("error", () => {});
          return;
        }
        const line = lines.shift();
        if (line !== undefined) socket.write(`${line}\r\n`);
      });
    } else if (["pickup", "qmgr", "oqmgr"].includes(one.program)) socket.write("W");
    // A daemon that died leaves the connection waiting; one that does not talk just keeps it.
    const talks = one.program === "smtpd" || one.program === "postscreen";
    const dead = new RegExp(`/c${index}\\[\\d+\\]: fatal|sbin/c${index}(?:/\\w+)? pid`);
    const end = Date.now() + (talks ? 20000 : 1500);
    const timer = setInterval(() => {
      if (Date.now() < end && !dead.test(readFileSync(join(root, "mail.log"), "latin1"))) return;
      clearInterval(timer);
      socket.destroy();
      resolve();
    }, 200);
    socket.on("close", () => clearInterval(timer));
  });
}

/** One message to all these recipients, and a server that takes it from the smtp clients. */
async function deliver(recipients) {
  const sink = net.createServer((socket) => {
    let data = false;
    socket.on("error", () => {});
    socket.write("220 sink ESMTP\r\n");
    socket.on("data", (bytes) => {
      for (const line of String(bytes).split("\r\n").slice(0, -1)) {
        if (data) {
          data = line !== ".";
          if (!data) socket.write("250 stored\r\n");
        } else if (/^EHLO/i.test(line)) socket.write("250-sink\r\n250-STARTTLS\r\n250 8BITMIME\r\n");
        else if (/^STARTTLS/i.test(line)) socket.write("454 not now\r\n");
        else if (/^DATA/i.test(line)) socket.write("354 go\r\n", () => (data = true));
        else if (/^QUIT/i.test(line)) socket.end("221 bye\r\n");
        else socket.write("250 ok\r\n");
      }
    });
  });
  await new Promise((resolve) => sink.listen(2600, "127.0.0.1", resolve));
  const dialogue = [
    "EHLO client.example.net",
    "MAIL FROM:<a@example.org>",
    ...recipients.map((name) => `RCPT TO:<${name}>`),
    "DATA",
    "Subject: a value\r\n\r\ntext\r\n.",
    "QUIT",
  ];
  const socket = net.connect(2525, "127.0.0.1");
  await new Promise((resolve) => {
    socket.on("error", resolve);
    socket.on("close", resolve);
    socket.on("data", () => {
      const line = dialogue.shift();
      if (line !== undefined) socket.write(`${line}\r\n`);
    });
    setTimeout(() => socket.destroy(), 8000);
  });
  await sleep(3000);
}

if (process.argv[2] === "--inner") await inner(process.argv[3]);
