import { isKnownParameter, parameterFacts, parameterNames } from "../../knowledge/parameters.js";
import { transportPattern } from "../../knowledge/servicePatterns.js";
import { NEWEST_POSTFIX_VERSION } from "../../knowledge/version.js";
import type { UnusedName } from "../../semantics/postfix/parameterNames.js";
import type { Service } from "../../semantics/postfix/services.js";
import { hasPlaceholder } from "../../syntax/postfix/words.js";
import { nearest } from "../nearest.js";
import type { RuleContext } from "../rule.js";
import { hasForeignBlank } from "./foreignCharacters.js";
import { hasConditions } from "./repetitions.js";

export type UnusedKind = "unknown" | "removed" | "orphan";

/**
 * Names that no program reads, by what they are: taken out of Postfix, of a service that does not exist, or
 * unknown. Names that another finding explains (characters that are no blanks, quotes) and names that a
 * template fills in are left out.
 */
export function* unusedNames(context: RuleContext, kind: UnusedKind): Generator<UnusedName> {
  for (const unused of context.system.names.unused) {
    const { name, option } = unused;
    if (kindOf(name) !== kind || hasForeignBlank(name) || name.includes("\0")) continue;
    if (hasPlaceholder(name) || /[{}<>%]/.test(name) || (option && /^["']/.test(name))) continue;
    yield unused;
  }
}

function kindOf(name: string): UnusedKind {
  if (parameterFacts(name)?.removed) return "removed";
  return transportPattern(name) ? "orphan" : "unknown";
}

/** Why a name that is unknown here may be used where nobody sees it: no master.cf, or a template. */
export function mayBeUsedElsewhere({ system }: RuleContext): boolean {
  const { source, main, masterOpen } = system;
  if (masterOpen !== undefined || !main || source.main?.template || source.master?.template) return true;
  return hasConditions(main);
}

const WITH_DASHES = /-/g;

/** The parameter that a name was probably meant to be. */
export function meantParameter(name: string): string | undefined {
  const plain = name.replace(WITH_DASHES, "_").toLowerCase();
  if (plain !== name && isKnownParameter(plain, { transports: [] })) return plain;
  return nearest(plain, parameterNames(NEWEST_POSTFIX_VERSION));
}

/** The overrides by which a service takes mail back from a filter without asking for it again. */
const CUTTING = ["content_filter", "smtpd_proxy_filter"];

/** An option of a looping service that was meant to cut the loop (e6-typo-parameter). */
export function misspeltOverride(context: RuleContext, service: Service): UnusedName | undefined {
  if (!context.flow.loops.some((loop) => loop.service === service)) return undefined;
  return context.system.names.unused.find(
    ({ name, option, service: of }) =>
      of === service &&
      option?.value === "" &&
      nearest(name.toLowerCase().replace(WITH_DASHES, "_"), CUTTING),
  );
}
