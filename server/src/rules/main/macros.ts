import { isKnownParameter, parameterFacts } from "../../knowledge/parameters.js";
import type { Environment } from "../../semantics/postfix/parameters.js";
import {
  type BrokenPart,
  type ExpressionPart,
  firstFault,
  parseExpression,
  scannedParts,
} from "../../syntax/postfix/expression.js";
import { hasPlaceholder } from "../../syntax/postfix/words.js";
import type { Fix, TextEdit } from "../finding.js";
import type { RuleContext } from "../rule.js";

export interface MacroFault extends BrokenPart {
  /** False where only the branch that is not taken is broken: postconf warns and goes on. */
  readonly evaluated: boolean;
}

/**
 * What is broken in a value that is expanded: the first fault, which is where Postfix stops reading. Values kept
 * as they are (RAW) and template values have none.
 */
export function macroFaults(name: string, value: string, environment: Environment): MacroFault[] {
  if (!value.includes("$") || hasPlaceholder(value) || parameterFacts(name)?.table === "RAW") return [];
  const parts = parseExpression(value);
  const fault = firstFault(parts) ?? badComparison(parts, environment.value(name).fault);
  if (!fault || OF_OTHER_PROGRAM.test(value.slice(fault.range.start, fault.range.end))) return [];
  const evaluated =
    parts.includes(fault) ||
    fault.reason === BAD_COMPARISON ||
    (environment.value(name).unknown?.startsWith("macro syntax error") ?? false);
  return [{ ...fault, evaluated }];
}

/** A comparison that reads well, but compares what is no level: '${{$mail_version x} <level {3.6} ...'. */
function badComparison(parts: readonly ExpressionPart[], log: string | undefined): BrokenPart | undefined {
  if (!log || !/^(?:malformed compatibility level|mac_exp_eval: bad conv)/.test(log)) return undefined;
  const comparison = scannedParts(parts).find((part) => part.kind === "comparison");
  return comparison && { kind: "broken", reason: BAD_COMPARISON, log, range: comparison.range, before: [] };
}

const BAD_COMPARISON = "malformed comparison";

/** `${env["NAME"]}` and `${foo.bar}` are filled in by another program. */
const OF_OTHER_PROGRAM = /^\$[{(]\s*\w+(?:\[|\.\w)/;

/** Whether some program expands the value: Postfix has the parameter, or a value uses it as `$name`. */
export function isExpanded({ system }: RuleContext, name: string): boolean {
  if (isKnownParameter(name)) return true;
  return system.settings.some(
    (setting) => isKnownParameter(setting.name) && setting.value.mentions.has(name),
  );
}

/** A dollar sign that was meant as such; a name whose bracket was forgotten. */
export function mendMacro(
  value: string,
  { range, reason }: BrokenPart,
  edit: (start: number, end: number, newText: string) => TextEdit,
): Fix[] {
  if (reason === BAD_COMPARISON) {
    const at = /level(?=\s*\{)/.exec(value.slice(range.start, range.end));
    if (!at) return [];
    const start = range.start + at.index;
    return [{ title: "Compare as text, not as levels", edits: [edit(start, start + "level".length, "")] }];
  }
  const fixes: Fix[] = [];
  const open = /^\$([{(])\s*\w+/.exec(value.slice(range.start));
  if (reason === "truncated macro reference" && open) {
    const end = range.start + open[0].length;
    fixes.push({
      title: "Close the bracket behind the name",
      edits: [edit(end, end, open[1] === "{" ? "}" : ")")],
    });
  }
  const written = value.slice(range.start, range.end);
  if (/^\$[{(]\s*[\w-]*-[\w-]*\s*[})]$/.test(written)) {
    const name = written.replace(/-/g, "_");
    return [{ title: `Write ${name}`, edits: [edit(range.start, range.end, name)] }];
  }
  fixes.push({
    title: "Write $$ for a dollar sign",
    edits: [edit(range.start, range.start, "$")],
    preferred: reason === "empty macro name",
  });
  return fixes;
}
