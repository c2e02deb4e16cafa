/**
 * A scenario laid out for one run. Its configuration lies in conf/ (further instances in instances/NAME), its spool,
 * data, log and amavisd's folders beside it; inside the namespace conf/ is /etc/postfix.
 */
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/**
 * @param {string} root where it will run: @ROOT@ stands for it
 * @returns {{id: string, folder: string, reloads: boolean, servers: object[], mails: object[], instances: string[]}}
 */
export function readScenario(folder, root) {
  const scenario = JSON.parse(readFileSync(join(folder, "scenario.json"), "utf8").replaceAll("@ROOT@", root));
  const { proxies = [], servers = [], mails = [], instances = [] } = scenario;
  return {
    ...scenario,
    id: basename(folder),
    folder,
    reloads: existsSync(join(folder, "reload")),
    mails,
    instances,
    servers: [
      { kind: "smtp", listen: ["127.0.0.1", 2525] },
      ...proxies.map((proxy) => ({ kind: "filter", ...proxy })),
      ...servers,
    ],
  };
}

/** A root of its own for a run; the path is short because of the limit for unix sockets. */
export function createRoot() {
  const root = mkdtempSync(join(tmpdir(), "mfl-"));
  chmodSync(root, 0o755);
  return root;
}

/** The configuration of an instance beside the main one. */
export function instanceFolder(root, name) {
  return join(root, "instances", name);
}

/** Lays the scenario's files out in root/conf, those of its reload in root/reload with the others beside them. */
export function layOut(scenario, root) {
  const conf = join(root, "conf");
  copy(scenario.folder, conf, root);
  if (scenario.reloads) {
    copy(scenario.folder, join(root, "reload"), root);
    copy(join(scenario.folder, "reload"), join(root, "reload"), root);
  }
  for (const name of scenario.instances)
    copy(join(scenario.folder, "instances", name), instanceFolder(root, name), root);
}

function copy(from, to, root) {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (["scenario.json", "reload", "instances"].includes(name)) continue;
    const source = join(from, name);
    if (statSync(source).isDirectory()) {
      copy(source, join(to, name), root);
      continue;
    }
    const text = readFileSync(source, "utf8");
    writeFileSync(join(to, name), text.replaceAll("@ROOT@", root).replaceAll("@DIR@", join(root, "conf")), {
      mode: statSync(source).mode,
    });
  }
}

/**
 * What the privacy of the run needs, and nothing that decides where mail goes: this is added after our own tool
 * has read the files.
 */
export function addPrivacy(folder, root, spool = "spool", data = "data") {
  appendFileSync(
    join(folder, "main.cf"),
    `
# --- for the run ---
queue_directory = ${root}/${spool}
data_directory = ${root}/${data}
maillog_file = ${root}/mail.log
maillog_file_prefixes = ${root}
smtpd_peername_lookup = no
enable_long_queue_ids = no
`,
  );
  // Postfix reads files again that are younger than some seconds.
  const old = Date.now() / 1000 - 3600;
  for (const name of readdirSync(folder)) utimesSync(join(folder, name), old, old);
}

/** Puts the files of the reload in the place of the others. */
export function swapForReload(root) {
  cpSync(join(root, "reload"), join(root, "conf"), { recursive: true });
}
