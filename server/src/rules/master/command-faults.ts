/** What the rules about the arguments of pipe and spawn share: their wording and their fixes. */
import { programFacts } from "../../knowledge/services.js";
import {
  type CommandFault,
  commandFaults,
  PIPE_MACROS,
  readCommand,
} from "../../semantics/postfix/commands.js";
import type { Service } from "../../semantics/postfix/services.js";
import type { Fix } from "../finding.js";
import { nearest } from "../nearest.js";
import type { RuleContext } from "../rule.js";

/** Reports every fault of the services that run one of the two programs. */
export function reportCommandFaults(context: RuleContext, program: "pipe" | "spawn"): void {
  const when =
    program === "pipe"
      ? "at every delivery, and mail is deferred"
      : "at the first connection, while its port is open";
  for (const service of context.system.services) {
    if (service.program !== program || service.overriddenBy) continue;
    for (const fault of commandFaults(service)) {
      const { file } = service.location;
      context.report({
        at: { file, range: fault.range },
        severity: fault.fatal ? "error" : "warning",
        message: describe(fault, program, when),
        fixes: () => mend(context, service, fault),
      });
    }
  }
}

function describe({ kind, text, log }: CommandFault, program: string, when: string): string {
  const stops = `${program} stops with "${log}" ${when}`;
  switch (kind) {
    case "missing-attribute":
      return `${text} is missing: ${stops}.`;
    case "unknown-attribute":
      return `${program} has no attribute "${text}" (it takes ${(programFacts(program)?.arguments ?? []).join(" ")}): ${stops}.`;
    case "user":
      return /^\d+$/.test(text)
        ? `Users are given by name, and "${text}" is looked up as one: ${stops}.`
        : `${program} does not work as "${text}": ${stops}.`;
    case "flags":
      return `${program} has no flag "${text}" (it has ${programFacts(program)?.flags}): ${stops}.`;
    case "size":
      return `size= takes a number of bytes without a unit, not "${text}": ${stops}.`;
    case "empty-command":
      return `A blank stands behind argv=, so the command is empty: ${stops}.`;
    case "quotes":
      return log === undefined
        ? `master.cf knows no quotes: the command gets them as part of its arguments, and what they should hold together is split at its blanks.`
        : `master.cf knows no quotes, so they are part of the command's name: ${stops}.`;
    case "macro":
      return `pipe cannot fill in "${text}": it logs '${log}', and mail is deferred (4.3.5 mail system configuration error).`;
  }
}

function mend(context: RuleContext, service: Service, fault: CommandFault): Fix[] {
  const { file } = service.location;
  const to = (title: string, newText: string, range = fault.range): Fix => ({
    title,
    edits: [{ file, range, newText }],
    preferred: true,
  });
  switch (fault.kind) {
    case "unknown-attribute": {
      const name = /^([A-Za-z_]+)=/.exec(fault.text)?.[1];
      const known = name && nearest(`${name.toLowerCase()}=`, programFacts(service.program)?.arguments ?? []);
      return known ? [to(`Write ${known}`, known + fault.text.slice(fault.text.indexOf("=") + 1))] : [];
    }
    case "flags":
      return [{ ...to(`Remove the flag ${fault.text}`, ""), preferred: false }];
    case "size":
      return withUnit(fault.text).map((bytes) => to(`Write size=${bytes}`, bytes));
    case "empty-command": {
      const next = readCommand(service)?.argv?.[1];
      return next
        ? [to("Remove the blank behind argv=", "argv=", { start: fault.range.start, end: next.range.start })]
        : [];
    }
    case "quotes":
      return unquote(context, service, fault);
    case "macro": {
      const known = nearest(fault.text.replace(/[^A-Za-z_]/g, ""), PIPE_MACROS);
      return known ? [to(`Write \${${known}}`, `\${${known}}`)] : [];
    }
    default:
      return [];
  }
}

/** "10M" in bytes. */
function withUnit(text: string): string[] {
  const match = /^(\d+)([kmg])b?$/i.exec(text);
  if (!match) return [];
  const power = { k: 1, m: 2, g: 3 }[match[2]?.toLowerCase() ?? ""] ?? 0;
  return [String(Number(match[1]) * 1024 ** power)];
}

/** Quotes round one word go; quotes round several words become braces, which do what was meant. */
function unquote(context: RuleContext, service: Service, fault: CommandFault): Fix[] {
  const { file } = service.location;
  const quote = fault.text[0] ?? "";
  const words = readCommand(service)?.argv ?? [];
  const from = words.findIndex((word) => word.range.start === fault.range.start);
  const last = words.find(
    (word, index) => index >= from && word.text.endsWith(quote) && (index > from || word.text.length > 1),
  );
  if (!last) return [];
  const inner = context.text(file).slice(fault.range.start + 1, last.range.end - 1);
  if (/[{}\n]/.test(inner.replace(/\$\{\w+\}/g, ""))) return [];
  const several = /\s/.test(inner);
  const range = { start: fault.range.start, end: last.range.end };
  return [
    several
      ? {
          title: "Use braces in place of the quotes",
          edits: [{ file, range, newText: `{${inner}}` }],
          preferred: true,
        }
      : { title: "Remove the quotes", edits: [{ file, range, newText: inner }], preferred: true },
  ];
}
