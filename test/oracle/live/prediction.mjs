/** What our own tool says about a scenario before anything runs. */
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const mailflow = resolve(import.meta.dirname, "../../../dist/mailflow.js");

/** Words of findings that say that master(8) or every Postfix command stops, or that amavisd does. */
const NO_COMMAND = /every Postfix command stops|nothing starts/;
const NO_MASTER = /master stops|master cannot listen|It stops with/;
const SECOND_DIES = /the program that starts second dies|one of the two dies with/;
const NO_AMAVIS = /^(?:perl-syntax)$/;

/**
 * @param {string} folder the instance's folder
 * @param {object} scenario
 */
export function predict(folder, scenario, mails) {
  if (scenario.hosts) writeFileSync(join(folder, "mailflow.json"), projectFile(folder, scenario.hosts));
  const findings = mailflowJson("check", folder).systems.flatMap(({ findings: own }) => own);
  return {
    findings,
    ...starts(findings, scenario),
    listeners: mailflowJson("show", "listeners", folder),
    mails: mails.map((mail) => trace(folder, mail)),
  };
}

function starts(findings, { amavisFirst = true, reloads }) {
  const errors = findings.filter(({ severity }) => severity === "error");
  const says = (text) => errors.some(({ message }) => text.test(message));
  const collides = says(SECOND_DIES);
  const refused = says(NO_COMMAND);
  // What a command refuses is not read: a running Postfix goes on with what it has.
  return {
    postfix: reloads
      ? refused || !(says(NO_MASTER) || collides)
      : !(refused || says(NO_MASTER) || (collides && amavisFirst)),
    reloadRefused: refused,
    amavis: !(errors.some(({ code }) => NO_AMAVIS.test(code)) || (collides && !amavisFirst)),
  };
}

/** Whose hosts file the names come from, no file of a mail system can tell. */
function projectFile(folder, hosts) {
  const names = {};
  for (const line of hosts.split("\n")) {
    const [address, ...aliases] = line.trim().split(/\s+/);
    for (const name of aliases) names[name] = [...(names[name] ?? []), address];
  }
  const amavis = existsSync(join(folder, "amavisd.conf")) ? ["amavisd.conf"] : [];
  return JSON.stringify({
    systems: [{ name: "host", main: "main.cf", master: "master.cf", amavis, hosts: names }],
  });
}

function trace(folder, { port, host, local, from, recipient }) {
  const client = local ?? (host?.includes(":") ? "::1" : "127.0.0.1");
  const words = [
    "--port",
    String(port),
    "--client",
    client,
    "--sender",
    from || "<>",
    "--recipient",
    recipient,
  ];
  return mailflowJson("trace", folder, ...words, ...(host === undefined ? [] : ["--address", host]));
}

export function mailflowJson(...words) {
  const { stdout, stderr } = spawnSync(process.execPath, [mailflow, ...words, "--format", "json"], {
    encoding: "utf8",
  });
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`mailflow ${words.join(" ")}: ${stderr || stdout}`);
  }
}
