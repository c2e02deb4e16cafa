import { isKnownParameter, parameterFacts } from "../../knowledge/parameters.js";
import type { Environment } from "../../semantics/postfix/parameters.js";
import { type BrokenPart, type ExpressionPart, parseExpression } from "../../syntax/postfix/expression.js";
import { hasPlaceholder } from "../../syntax/postfix/words.js";
import type { Fix, TextEdit } from "../finding.js";
import type { RuleContext } from "../rule.js";

export interface MacroFault extends BrokenPart {
  /** What postconf prints before it stops. */
  readonly log: string;
  /** False where only the branch that is not taken is broken: postconf warns and goes on. */
  readonly evaluated: boolean;
}

/** What is broken in a value that is expanded. Values kept as they are (RAW) and template values have nothing. */
export function macroFaults(name: string, value: string, environment: Environment): MacroFault[] {
  if (!value.includes("$") || hasPlaceholder(value) || parameterFacts(name)?.table === "RAW") return [];
  const faults: MacroFault[] = [];
  const parts = parseExpression(value);
  const isForeign = ({ range }: BrokenPart) => OF_OTHER_PROGRAM.test(value.slice(range.start, range.end));
  for (const part of parts) {
    if (part.kind === "broken") faults.push({ ...part, log: logLine(part, value), evaluated: true });
    else
      for (const inner of brokenInside(part))
        faults.push({
          ...inner,
          log: logLine(inner, value),
          evaluated: environment.value(name).unknown?.startsWith("macro syntax error") ?? false,
        });
  }
  return faults.filter((fault) => !isForeign(fault));
}

function* brokenInside(part: ExpressionPart): Generator<BrokenPart> {
  if (part.kind === "broken") yield part;
  const inner =
    part.kind === "reference"
      ? [part.whenSet, part.whenEmpty]
      : part.kind === "comparison"
        ? [part.left, part.right, part.whenTrue, part.whenFalse]
        : [];
  for (const parts of inner) for (const one of parts ?? []) yield* brokenInside(one);
}

function logLine({ reason, range }: BrokenPart, value: string): string {
  const known = reason === "truncated macro reference" || reason === "empty macro name";
  return known ? `${reason}: "${value.slice(range.start).slice(0, 40)}"` : reason;
}

/** `${env["NAME"]}` and `${foo.bar}` are filled in by another program. */
const OF_OTHER_PROGRAM = /^\$[{(]\s*\w+(?:\[|\.\w)/;

/** Whether some program expands the value: Postfix has the parameter, or a value uses it as `$name`. */
export function isExpanded({ system }: RuleContext, name: string): boolean {
  if (isKnownParameter(name)) return true;
  return system.settings.some((setting) => isKnownParameter(setting.name) && setting.value.mentions.has(name));
}

/** A dollar sign that was meant as such; a name whose bracket was forgotten. */
export function mendMacro(
  value: string,
  { range, reason }: BrokenPart,
  edit: (start: number, end: number, newText: string) => TextEdit,
): Fix[] {
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
