/** Names in single quotes, which Perl leaves as they are. */
import { amavisVariable } from "../../../knowledge/amavisVariables.js";
import type { Expression } from "../../../syntax/amavis/tree.js";
import type { AmavisProblem } from "../configuration.js";

/** Texts in which amavisd fills in names itself, and those that are code or patterns. */
const FILLED_IN_LATER = /^\$(?:hdrfrom_|notify_\w*templ|log_\w*templ|smtpd_\w+|sql_|\w+_re$|\w*banner\w*)/;

/** `'$MYHOME/tmp'`: the value is the text `$MYHOME/tmp`. Commands for pipe: have names of their own. */
export function singleQuoteFault(
  name: string,
  value: Expression,
  file: string,
  text: string,
): AmavisProblem | undefined {
  if (value.kind !== "string" || value.quote !== "'" || !name.startsWith("$")) return undefined;
  const { constant, body, start, end } = value;
  if (constant === undefined || FILLED_IN_LATER.test(name) || /^(?:pipe|bsmtp):/i.test(constant))
    return undefined;
  const match = /\$(?:\{(\w+)\}|(\w+))/.exec(constant);
  const meant = match?.[1] ?? match?.[2];
  if (meant === undefined || amavisVariable(`$${meant}`) === undefined) return undefined;
  const inside = text.slice(body.start, body.end);
  const simple = text.charAt(start) === "'" && !/["\\]/.test(inside);
  return {
    file,
    range: { start, end },
    kind: "dollar-in-single-quotes",
    message: `Single quotes keep $${meant} as it is written: ${name} becomes the text ${inside}, without the value of $${meant}.`,
    fatal: false,
    fix: simple
      ? { title: "Write double quotes", range: { start, end }, newText: `"${inside.replaceAll("@", "\\@")}"` }
      : undefined,
  };
}
