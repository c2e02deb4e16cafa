/** Values that amavisd refuses or reads otherwise than they look. */
import { amavisConstant, amavisVariable } from "../../../knowledge/amavisVariables.js";
import type { AmavisProblem } from "../configuration.js";
import type { Machine } from "../machine.js";
import { type Setting, settingOf } from "../methods.js";
import { textOf, truthOf } from "../value.js";
import { looksLikeAddress } from "./lookupFaults.js";
import { type Evaluated, firstLine } from "./settingFaults.js";

export function valueFaults(evaluated: Evaluated): AmavisProblem[] {
  const { machine } = evaluated;
  return [
    ...hostName(machine),
    ...domainName(evaluated),
    ...numbers(machine),
    ...destinies(machine),
    ...signing(machine),
    ...bypassed(machine),
    ...quarantine(machine),
  ];
}

function setting(machine: Machine, name: string): Setting {
  return settingOf(machine.store.peek(name) ?? machine.store.global(name));
}

/** amavisd insists on a dot in $myhostname, or on localhost (the condition stands in its Amavis.pm). */
function hostName(machine: Machine): AmavisProblem[] {
  const { value, origin } = setting(machine, "$myhostname");
  const name = textOf(value);
  if (origin === undefined || name === undefined || isPlaceholder(name)) return [];
  const local = name.toLowerCase() === "localhost";
  if (!local && /[^.]\.[^.]+\.?$/s.test(name)) return [];
  return [
    {
      ...origin,
      kind: "myhostname-not-fqdn",
      message: local
        ? "$myhostname is localhost: that name goes into HELO, Message-ID and Received lines, and other hosts take offence at it."
        : `$myhostname "${name}" has no domain: amavisd stops at its start, because it wants a fully qualified domain name.`,
      fatal: !local,
    },
  ];
}

/** MYHOSTNAME, PH_HOSTNAME: a script puts the name in before amavisd sees the file. */
export function isPlaceholder(text: string): boolean {
  return /^[A-Z][A-Z0-9_]{4,}$/.test(text) || /^(?:@|__|%)\w+(?:@|__|%)$/.test(text);
}

/** `$IPV4_NETWORK`, `${DOMAIN}`: in a text that Perl takes as it is, a shell script puts the value in. */
export function filledInByShell(text: string): boolean {
  return /\$(?:[A-Z][A-Z0-9_]*(?![A-Za-z0-9_])|\{)/.test(text);
}

function domainName({ machine, used }: Evaluated): AmavisProblem[] {
  const { value, origin } = setting(machine, "$mydomain");
  if (origin !== undefined || !(textOf(value) ?? "").includes("!change-mydomain-variable!")) return [];
  const read = used
    .flatMap(({ source, found }) => found.uses.map((use) => ({ file: source.path, ...use })))
    .find((use) => use.name === "$mydomain" && use.access === "read");
  const at = read === undefined ? firstLine(used) : { file: read.file, range: read.range };
  if (at === undefined || used.every(({ found }) => found.uses.every(({ access }) => access === "read")))
    return [];
  return [
    {
      file: at.file,
      range: at.range,
      kind: "mydomain-default",
      // Unread it only shows in a header line of each mail.
      severity: read === undefined ? "information" : "warning",
      message: `$mydomain is never set: its default ${textOf(value)} goes into addresses and headers.`,
      fatal: false,
      absence: true,
    },
  ];
}

const NUMERIC_KINDS = /^(?:int|seconds|bytes)\b/;
const NUMERIC_NAMES =
  /^\$sa_(?:tag2?3?_level_deflt|tag_level_deflt|kill_level_deflt|\w*cutoff_level|mail_body_size_limit)$/;

/** Perl reads the number at the start of a text and forgets the rest: '10MB' is 10, 'ten' is 0. */
function numbers(machine: Machine): AmavisProblem[] {
  return [...machine.store.names()].flatMap((name): AmavisProblem[] => {
    if (!name.startsWith("$")) return [];
    const kind = amavisVariable(name)?.valueKind ?? "";
    if (!NUMERIC_KINDS.test(kind) && !NUMERIC_NAMES.test(name)) return [];
    const { value, origin } = setting(machine, name);
    if (
      value.kind !== "text" ||
      origin === undefined ||
      /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(value.text)
    )
      return [];
    if (value.text === "") return [];
    const read = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)/.exec(value.text)?.[0] ?? "0";
    const plain = value.text.replace(/(?<=\d)_(?=\d)/g, "");
    return [
      {
        ...origin,
        kind: "number-as-text",
        message: `${name} is a number: of the text "${value.text}" Perl takes ${read.trim()} and drops the rest.`,
        fatal: false,
        fix: /^\d+$/.test(plain)
          ? { title: `Write ${plain}`, range: origin.range, newText: plain }
          : undefined,
      },
    ];
  });
}

const DESTINIES = ["virus", "banned", "unchecked", "spam", "bad_header"].map(
  (what) => `$final_${what}_destiny`,
);

/** `'D_PASS'` in quotes is a text, and as a number it is 0, which means D_DISCARD. */
function destinies(machine: Machine): AmavisProblem[] {
  return DESTINIES.flatMap((name): AmavisProblem[] => {
    const { value, origin } = setting(machine, name);
    if (value.kind !== "text" || origin === undefined || /^\s*-?\d/.test(value.text) || value.text === "")
      return [];
    const constant = amavisConstant(value.text) !== undefined && value.text.startsWith("D_");
    const harmless = value.text === "D_DISCARD";
    return [
      {
        ...origin,
        kind: "number-as-text",
        message: `${name} is the text "${value.text}" here, not the constant: as a number it is 0, D_DISCARD${harmless ? "" : ", and such mail is thrown away"}.`,
        fatal: false,
        severity: harmless ? "warning" : "error",
        fix: constant
          ? { title: `Write ${value.text} without quotes`, range: origin.range, newText: value.text }
          : undefined,
      },
    ];
  });
}

function signing(machine: Machine): AmavisProblem[] {
  const { value, origin } = setting(machine, "$enable_dkim_signing");
  const keys = machine.store.global("@dkim_signing_keys_list");
  if (origin === undefined || truthOf(value) !== true || keys.kind !== "array" || keys.items.length > 0)
    return [];
  return [
    {
      ...origin,
      kind: "dkim-key-missing",
      message: "DKIM signing is switched on, but no dkim_key() names a key: nothing is signed.",
      fatal: false,
      severity: "information",
      absence: true,
    },
  ];
}

/** A table that begins with a true constant switches the check off for everybody. */
function bypassed(machine: Machine): AmavisProblem[] {
  return ["virus", "spam", "banned", "header"].flatMap((what): AmavisProblem[] => {
    const name = `@bypass_${what}_checks_maps`;
    const cell = machine.store.peek(name);
    const first = cell?.kind === "array" && cell.origin !== undefined ? cell.items[0] : undefined;
    const at = first?.value.origin ?? first?.origin ?? cell?.origin;
    if (first?.value.kind !== "text" || truthOf(first.value) !== true || at === undefined) return [];
    // Who writes an address means a table, and not everybody: reported as that.
    if (looksLikeAddress(first.value.text)) return [];
    return [
      {
        ...at,
        kind: "checks-bypassed",
        message: `The first entry of ${name} is true for everybody: amavisd makes no ${what === "header" ? "header" : what} check.`,
        fatal: false,
        severity: "information",
      },
    ];
  });
}

/** Without $QUARANTINEDIR the local delivery of quarantined mail has nowhere to go, and is left out. */
function quarantine(machine: Machine): AmavisProblem[] {
  const folder = setting(machine, "$QUARANTINEDIR");
  if (folder.value.kind === "unknown" || textOf(folder.value) !== "") return [];
  return ["virus", "spam", "banned_files", "bad_header", "clean", "archive", "unchecked"].flatMap(
    (what): AmavisProblem[] => {
      const method = setting(machine, `$${what}_quarantine_method`);
      const text = method.value.kind === "text" ? method.value.text : "";
      if (method.origin === undefined || !/^(?:local:(?!\/)|bsmtp:(?!\/))/i.test(text)) return [];
      const target = setting(machine, `$${what.replace("_files", "")}_quarantine_to`);
      if (target.origin !== undefined && textOf(target.value) === "") return [];
      return [
        {
          ...method.origin,
          kind: "quarantine-directory-unset",
          message: `$QUARANTINEDIR is not set, so that ${text} has no folder to write to: what is to be quarantined is not kept.`,
          fatal: false,
          absence: true,
        },
      ];
    },
  );
}
