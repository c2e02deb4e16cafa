/** Settings that amavisd does not look at, or only together with another one. */
import type { AmavisProblem } from "../configuration.js";
import { settingOf } from "../methods.js";
import { namedBanks } from "../policyBanks.js";
import { textOf, truthOf } from "../value.js";
import type { Evaluated } from "./settingFaults.js";

export function unreadFaults(evaluated: Evaluated): AmavisProblem[] {
  return [...networkMaps(evaluated), ...redisLogging(evaluated), ...syslogFacility(evaluated)];
}

/**
 * The networks that load MYNETS were taken out of @mynetworks_maps before any file is read (amavisd's Conf.pm), and
 * nothing else asks for that table.
 */
function networkMaps({ machine, used }: Evaluated): AmavisProblem[] {
  const problems: AmavisProblem[] = [];
  const cell = machine.store.peek("@mynetworks_maps");
  const assignment = machine.assignments.of("@mynetworks_maps").at(-1);
  if (assignment !== undefined && cell?.kind === "array" && !isRead(used, "@mynetworks_maps")) {
    const [only] = cell.items;
    const unchanged =
      cell.items.length === 1 && only?.value.kind === "ref" && only.value.cell.name === "@mynetworks";
    const { file, range } = assignment;
    const replaced = machine.store.peek("@client_ipaddr_policy")?.origin !== undefined;
    if (!unchanged)
      problems.push({
        file,
        range,
        kind: "mynetworks-maps-unread",
        message: replaced
          ? "Nothing reads @mynetworks_maps: @client_ipaddr_policy decides which clients are ours, and it is set without it."
          : "Nothing reads @mynetworks_maps: @client_ipaddr_policy was made from its default before this file, and still has @mynetworks alone. Clients in the networks that are named here get no policy bank MYNETS.",
        fatal: false,
        fix: replaced
          ? undefined
          : {
              title: "Let @client_ipaddr_policy use it",
              range: { start: range.end, end: range.end },
              newText: "\n@client_ipaddr_policy = map { ($_ => 'MYNETS') } @mynetworks_maps;",
            },
      });
  }
  for (const [name, bank] of namedBanks(machine)) {
    const entry = bank.get("mynetworks_maps");
    const at = entry?.keyOrigin ?? entry?.origin;
    if (at === undefined) continue;
    problems.push({
      ...at,
      kind: "mynetworks-maps-unread",
      message: `Nothing reads mynetworks_maps in the policy bank ${name}: client_ipaddr_policy decides which clients are ours.`,
      fatal: false,
    });
  }
  return problems;
}

function isRead(used: Evaluated["used"], name: string): boolean {
  return used.some(({ found }) => found.uses.some((use) => use.name === name && use.access === "read"));
}

/** amavisd writes to the list only while it is shorter than a limit, and without a limit never (its Amavis.pm). */
function redisLogging({ machine }: Evaluated): AmavisProblem[] {
  const key = settingOf(machine.store.peek("$redis_logging_key"));
  if (key.origin === undefined || truthOf(key.value) !== true) return [];
  const limit = settingOf(machine.store.global("$redis_logging_queue_size_limit"));
  if (truthOf(limit.value) !== false) return [];
  const { end } = key.origin.range;
  return [
    {
      ...key.origin,
      kind: "redis-logging-off",
      message: `$redis_logging_queue_size_limit is ${limit.origin === undefined ? "not set" : "0"}: amavisd writes no log events to the list "${textOf(key.value) ?? "?"}" at all.`,
      fatal: false,
      absence: limit.origin === undefined,
      related:
        limit.origin === undefined ? [] : [{ ...limit.origin, message: "$redis_logging_queue_size_limit" }],
      fix:
        limit.origin === undefined
          ? {
              title: "Allow 100000 events",
              range: { start: end, end },
              newText: ";\n$redis_logging_queue_size_limit = 100000",
              certain: false,
            }
          : {
              title: "Allow 100000 events",
              file: limit.origin.file,
              range: limit.origin.range,
              newText: "100000",
              certain: false,
            },
    },
  ];
}

/** What syslog(3) calls facilities here or on other systems. Levels are numbers too, and amavisd takes them. */
const FACILITIES =
  /^(?:AUTH|AUTHPRIV|CRON|DAEMON|FTP|KERN|LOCAL[0-7]|LPR|MAIL|NEWS|SYSLOG|USER|UUCP|AUDIT|CONSOLE|NTP|SECURITY|INSTALL|LAUNCHD|NETINFO|RAS|REMOTEAUTH|LFMT|NFACILITIES|FACMASK|ALERT|CRIT|DEBUG|EMERG|ERR|INFO|NOTICE|WARNING|PID|CONS|NDELAY|ODELAY|NOWAIT|PERROR|PRIMASK)$/i;

function syslogFacility({ machine }: Evaluated): AmavisProblem[] {
  const { value, origin } = settingOf(machine.store.peek("$syslog_facility"));
  if (origin === undefined || value.kind !== "text" || FACILITIES.test(value.text)) return [];
  if (truthOf(settingOf(machine.store.global("$do_syslog")).value) !== true) return [];
  const plain = /^(?:LOG_)?([a-z]+[0-7]?)(?:\.[\w*]+)?$/i.exec(value.text.trim())?.[1]?.toLowerCase();
  const meant = plain !== undefined && FACILITIES.test(plain) ? plain : undefined;
  const told = /^\w+$/.test(value.text) ? "Unknown" : "Suspicious";
  return [
    {
      ...origin,
      kind: "syslog-facility",
      message: `syslog has no facility "${value.text}": amavisd stops at its start with "${told} syslog facility name: ${value.text}".`,
      fatal: true,
      fix:
        meant === undefined
          ? { title: "Write 'mail'", range: origin.range, newText: "'mail'", certain: false }
          : { title: `Write '${meant}'`, range: origin.range, newText: `'${meant}'` },
    },
  ];
}
