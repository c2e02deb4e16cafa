/** Where blocked mail goes: nowhere at all, or to people who never sent it. */
import { amavisConstant } from "../../../knowledge/amavisVariables.js";
import type { AmavisProblem } from "../configuration.js";
import type { Machine } from "../machine.js";
import { type Setting, settingOf } from "../methods.js";
import { textOf, type Value } from "../value.js";
import { hasBannedRules } from "./bannedFaults.js";
import { bypassedForAll, type Check } from "./checks.js";
import type { Evaluated } from "./settingFaults.js";

export function lossFaults(evaluated: Evaluated): AmavisProblem[] {
  return [...discarded(evaluated), ...bounced(evaluated.machine)];
}

function setting(machine: Machine, name: string): Setting {
  return settingOf(machine.store.peek(name) ?? machine.store.global(name));
}

function isConstant(value: Value, name: string): boolean {
  return value.kind === "text" && value.text === String(amavisConstant(name));
}

/** Somebody decides by a table of his own, which is not looked into. */
function decidedElsewhere(machine: Machine, names: readonly string[]): boolean {
  return names.some((name) => machine.store.peek(name)?.firstOrigin !== undefined);
}

interface Kind {
  readonly name: string;
  readonly what: string;
  readonly check: Check;
  readonly method: string;
}

const KINDS: readonly Kind[] = [
  { name: "spam", what: "spam", check: "spam", method: "$spam_quarantine_method" },
  {
    name: "banned",
    what: "mail with banned attachments",
    check: "banned",
    method: "$banned_files_quarantine_method",
  },
  {
    name: "bad_header",
    what: "mail with a bad header",
    check: "header",
    method: "$bad_header_quarantine_method",
  },
];

const TABLES = [
  "%final_destiny_maps_by_ccat",
  "%quarantine_method_by_ccat",
  "%quarantine_to_maps_by_ccat",
  "%local_delivery_aliases",
];

/**
 * D_DISCARD, and the quarantine of that kind is on by default but has no folder: `local:` without $QUARANTINEDIR is
 * skipped with success (amavisd's Out/Local.pm). Who switches the quarantine off in writing knows it.
 */
function discarded({ machine, used }: Evaluated): AmavisProblem[] {
  const folder = setting(machine, "$QUARANTINEDIR");
  if (folder.origin !== undefined || textOf(folder.value) !== "") return [];
  if (decidedElsewhere(machine, TABLES)) return [];
  return KINDS.flatMap(({ name, what, check, method }): AmavisProblem[] => {
    const destiny = setting(machine, `$final_${name}_destiny`);
    if (!isConstant(destiny.value, "D_DISCARD") || bypassedForAll(machine, check)) return [];
    const at = destiny.origin ?? (name === "banned" ? bannedPlace(machine) : undefined);
    if (at === undefined || (name === "banned" && !hasBannedRules(machine))) return [];
    // A method of one's own without a folder is reported as such, where it is set.
    const how = setting(machine, method);
    const where = setting(machine, `$${name}_quarantine_to`);
    if (how.origin !== undefined || !(textOf(how.value) ?? "").startsWith("local:")) return [];
    const mailbox = textOf(where.value);
    if (mailbox === undefined || mailbox === "" || mailbox.includes("@")) return [];
    if (decidedElsewhere(machine, [`@${name}_quarantine_to_maps`])) return [];
    if (used.some(({ source }) => source.tree.text.includes("archive_quarantine_method"))) return [];
    return [
      {
        ...at,
        kind: "discard-without-copy",
        message: `amavisd throws away ${what} (${destiny.origin === undefined ? "the default is " : ""}D_DISCARD) and keeps no copy: $QUARANTINEDIR is not set, so that its quarantine has no folder. The sender is told that all went well, and the log says "Quarantined".`,
        fatal: false,
        absence: true,
      },
    ];
  });
}

function bannedPlace(machine: Machine) {
  return setting(machine, "$banned_filename_re").origin ?? machine.store.peek("%banned_rules")?.firstOrigin;
}

/** A spam score that mail hardly reaches. */
const NEVER = 100;

/** D_BOUNCE for spam, and no score above which it is left out (amavisd's Notify.pm). */
function bounced(machine: Machine): AmavisProblem[] {
  const destiny = setting(machine, "$final_spam_destiny");
  if (destiny.origin === undefined || !isConstant(destiny.value, "D_BOUNCE")) return [];
  if (bypassedForAll(machine, "spam")) return [];
  const tables = ["@spam_dsn_cutoff_level_maps", "@spam_dsn_cutoff_level_bysender_maps"];
  if (decidedElsewhere(machine, ["%final_destiny_maps_by_ccat", ...tables])) return [];
  const cutoff = setting(machine, "$sa_dsn_cutoff_level");
  const text = textOf(cutoff.value);
  if (text === undefined || (text !== "" && !(Number(text) >= NEVER))) return [];
  const end = destiny.origin.range.end;
  return [
    {
      ...destiny.origin,
      kind: "spam-bounced",
      message: `amavisd sends a bounce for spam of any score, because $sa_dsn_cutoff_level is ${text === "" ? "not set" : text}: spam has forged senders, so that bystanders get the bounces and this host ends up on block lists.`,
      fatal: false,
      absence: cutoff.origin === undefined,
      related: cutoff.origin === undefined ? [] : [{ ...cutoff.origin, message: "$sa_dsn_cutoff_level" }],
      fix:
        cutoff.origin === undefined
          ? {
              title: "Bounce no spam above 10",
              range: { start: end, end },
              newText: ";\n$sa_dsn_cutoff_level = 10",
              certain: false,
            }
          : {
              title: "Bounce no spam above 10",
              file: cutoff.origin.file,
              range: cutoff.origin.range,
              newText: "10",
              certain: false,
            },
    },
  ];
}
