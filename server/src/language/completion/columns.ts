/** The eight columns of master.cf. */
import { tcpPort } from "../../knowledge/ports.js";
import { defaultEntries, programFacts, programNames } from "../../knowledge/services.js";
import { textFor } from "../../knowledge/texts.js";
import { hasReached } from "../../knowledge/version.js";
import { SERVICE_TYPES } from "../../semantics/postfix/columns.js";
import { COLUMNS, type Column } from "../../syntax/postfix/master.js";
import type { ColumnPlace } from "../position.js";
import { type Context, type Item, RANK } from "./item.js";
import { amavisProcesses } from "./system.js";

/** Names of the columns in our texts, where postconf's differ. */
const TEXT_NAME: Readonly<Partial<Record<Column, string>>> = { maxproc: "process_limit" };

export function columnItems(context: Context, place: ColumnPlace): Item[] {
  const { column, words } = place;
  if (column === "service") return [];
  if (column === "command") return commandItems(context, words);
  const values = column === "type" ? types(words[0] ?? "") : valuesOf(context, column, words);
  const seen = new Set<string>();
  return values.flatMap(([value, detail], index): Item[] => {
    if (seen.has(value)) return [];
    seen.add(value);
    return [
      {
        label: value,
        kind: column === "type" ? "word" : "value",
        rank: RANK.common + index,
        documentation: ["column", TEXT_NAME[column] ?? column],
        ...(detail ? { detail } : {}),
      },
    ];
  });
}

type Choice = readonly [value: string, detail?: string];

/** Types of a service, the one that its name calls for first. */
function types(name: string): Choice[] {
  const known = defaultEntries("debian").filter((entry) => entry.service === name);
  const socket = /^\d+$|:/.test(name) || (known.length === 0 && tcpPort(name) !== undefined);
  const order = [
    ...known.map(({ type }) => type),
    ...(socket ? ["inet", "unix"] : ["unix", "inet"]),
    ...SERVICE_TYPES,
  ];
  return order.map((type) => [type, TYPES[type] ?? ""]);
}

const TYPES: Readonly<Record<string, string>> = {
  inet: "listens on a TCP port",
  unix: "a socket below the queue directory",
  fifo: "a named pipe, on old systems",
  pass: "takes connections from another service, such as postscreen",
  "unix-dgram": "a datagram socket, for postlogd",
};

/** Values of the columns between type and command, the likely one first. */
function valuesOf(context: Context, column: Column, words: readonly string[]): Choice[] {
  const [name = "", type = ""] = words;
  const entry = defaultEntries("debian").find((one) => one.service === name && one.type === type);
  switch (column) {
    case "private":
      if (type === "inet") return [["n", "a TCP port is never private"]];
      return [
        ...(entry ? [[entry.private] as const] : []),
        ["-", "private, as y"],
        ["n", "other users' programs may connect"],
        ["y"],
      ];
    case "unprivileged":
      return [
        ...(entry ? [[entry.unprivileged] as const] : []),
        ["-", "works as the mail owner, as y"],
        ["n", "with root's rights: local, virtual, pipe, spawn"],
        ["y"],
      ];
    case "chroot":
      return [
        [usualChroot(context, name), "as the other services here"],
        ["n"],
        ["y"],
        ["-", "the same as n"],
      ];
    case "wakeup":
      return [
        ...(entry ? [[entry.wakeup] as const] : []),
        ["-", "is never woken up"],
        ["60", "seconds, for pickup"],
        ["300", "seconds, for qmgr"],
        ["1000?", "seconds, where it runs already"],
      ];
    default:
      return processLimits(context, name, entry?.processLimit);
  }
}

function processLimits({ analysis }: Context, name: string, usual: string | undefined): Choice[] {
  const feeds =
    /amavis/i.test(name) || analysis.flow.requests.some(({ request }) => request.text.split(":")[0] === name);
  const servers = amavisProcesses(analysis);
  const fitted: Choice[] =
    feeds && servers !== undefined ? [[String(servers), "as many as amavisd has processes"]] : [];
  return [
    ...fitted,
    ...(usual === undefined ? [] : [[usual] as const]),
    ["-", "default_process_limit"],
    ["1"],
    ["0", "no limit"],
    ["2"],
    ["10"],
  ];
}

/** What most services of this file have in the chroot column; programs that cannot be locked in have n. */
export function usualChroot({ analysis }: Pick<Context, "analysis">, name = "", program = ""): string {
  const entry = defaultEntries("debian").find((one) => one.service === name);
  const command = program || entry?.command;
  if (command !== undefined && programFacts(command)?.chroot !== "yes") return "n";
  const counts = new Map<string, number>();
  for (const service of analysis.system.services) {
    const value = service.entry.columns.chroot?.text;
    if (value === undefined || programFacts(service.program)?.chroot !== "yes") continue;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const [first] = [...counts].filter(([value]) => /^[yn-]$/.test(value)).sort((a, b) => b[1] - a[1]);
  return first?.[0] ?? "n";
}

/** Programs of each type, the likely ones first. */
const COMMANDS_BY_TYPE: Readonly<Record<string, readonly string[]>> = {
  inet: ["smtpd", "postscreen", "qmqpd", "spawn"],
  unix: ["smtp", "lmtp", "pipe", "cleanup", "spawn", "error", "discard", "local", "virtual"],
  pass: ["smtpd"],
  "unix-dgram": ["postlogd"],
};

function commandItems({ analysis }: Context, words: readonly string[]): Item[] {
  const [name = "", type = ""] = words;
  const { version } = analysis.system.profile;
  const own = defaultEntries("debian").find(
    (entry) => entry.service === name && entry.type === type,
  )?.command;
  const order = [...(own === undefined ? [] : [own]), ...(COMMANDS_BY_TYPE[type] ?? [])];
  return programNames().flatMap((program): Item[] => {
    const facts = programFacts(program);
    if (!facts || !hasReached(version, facts.since)) return [];
    if (SERVICE_TYPES.includes(type) && !facts.types.some((one) => one === type)) return [];
    const at = order.indexOf(program);
    const detail = textFor("program", program)?.split(/(?<=\.)\s/)[0];
    return [
      {
        label: program,
        kind: "program",
        rank: at < 0 ? RANK.usual : RANK.common + at,
        documentation: ["program", program],
        ...(detail === undefined || detail.length > 70 ? {} : { detail }),
      },
    ];
  });
}

/** The columns of an entry, padded as people align them. */
export function columnsLine(values: readonly string[]): string {
  const widths = [10, 6, 8, 8, 8, 8, 8];
  return values
    .map((value, index) => (index === COLUMNS.length - 1 ? value : value.padEnd((widths[index] ?? 8) - 1)))
    .join(" ");
}
