/**
 * Which program looks at a parameter: by its own table, or by way of another parameter whose default or value
 * mentions it (POSTFIX 1.6: an option affects only the process that it is given to).
 */
import { lazy } from "../../knowledge/lazy.js";
import {
  defaultValue,
  type ParameterFacts,
  parameterFacts,
  parameterNames,
} from "../../knowledge/parameters.js";
import { NEWEST_POSTFIX_VERSION } from "../../knowledge/version.js";
import type { MainParameters } from "./parameters.js";
import type { Service } from "./services.js";
import { readsParameter } from "./settings.js";

const MENTION = /\$[{(]?\s*(\w+)/g;
/** Readers that stand for code which many programs share: who of them looks is not known. */
const SHARED: ReadonlySet<string> = new Set(["tls-library", "library"]);
/** Read by shared code that only compares it with myhostname; routes were seen not to change (3.7.11). */
const USED_ONLY_BY: Readonly<Record<string, readonly string[]>> = {
  relayhost: ["smtp", "lmtp", "trivial-rewrite"],
};
const MAX_STEPS = 50;

/** Parameters whose built-in default mentions a name. */
const throughDefaults = lazy(() => {
  const table = new Map<string, string[]>();
  for (const name of parameterNames(NEWEST_POSTFIX_VERSION))
    for (const match of (defaultValue(name, NEWEST_POSTFIX_VERSION) ?? "").matchAll(MENTION)) {
      const mentioned = match[1] ?? "";
      const known = table.get(mentioned);
      if (known) known.push(name);
      else table.set(mentioned, [name]);
    }
  return table;
});

/**
 * Whether a program may look at a parameter, itself or by way of a default. True where that is not certain.
 * @param direct what decides for one parameter.
 */
export function mayRead(
  program: string,
  facts: ParameterFacts,
  direct: (program: string, facts: ParameterFacts) => boolean = readsOrShares,
): boolean {
  if (direct(program, facts)) return true;
  const seen = new Set([facts.name]);
  for (const name of seen) {
    if (seen.size > MAX_STEPS) return true;
    for (const user of throughDefaults().get(name) ?? []) {
      if (seen.has(user)) continue;
      const other = parameterFacts(user);
      if (!other || direct(program, other)) return true;
      seen.add(user);
    }
  }
  return false;
}

function readsOrShares(program: string, facts: ParameterFacts): boolean {
  return readsParameter(program, facts) || facts.readBy.some((reader) => SHARED.has(reader));
}

/**
 * Whether a parameter that every program reads may matter to this one. The table of uses was read off the sources and
 * names shared code as "library" and "skeleton": there nothing is certain.
 */
export function mayUse(program: string, facts: ParameterFacts): boolean {
  const only = USED_ONLY_BY[facts.name];
  if (only) return only.includes(program);
  if (facts.usedIn.length === 0) return true;
  // smtp(8) and lmtp(8) are one program under two names.
  const names = program === "lmtp" ? ["lmtp", "smtp"] : [program];
  return facts.usedIn.some((place) => SHARED.has(place) || place === "skeleton" || names.includes(place));
}

/** The names that any value of main.cf or any option refers to: an option of such a name may be a user's own use. */
export function mentionedNames(main: MainParameters, services: readonly Service[]): ReadonlySet<string> {
  const names = new Set<string>();
  const collect = (value: string) => {
    if (!value.includes("$")) return;
    for (const match of value.matchAll(MENTION)) if (match[1]) names.add(match[1]);
  };
  for (const name of main.names) collect(main.entry(name)?.value ?? "");
  for (const service of services) for (const option of service.options) collect(option.value);
  return names;
}
