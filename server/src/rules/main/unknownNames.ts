import { isKnownParameter, parameterFacts, parameterNames } from "../../knowledge/parameters.js";
import { transportPattern } from "../../knowledge/servicePatterns.js";
import { NEWEST_POSTFIX_VERSION } from "../../knowledge/version.js";
import type { Location } from "../../semantics/located.js";
import type { Names } from "../../semantics/postfix/names.js";
import type { Service } from "../../semantics/postfix/services.js";
import { Memo } from "../../syntax/memo.js";
import type { MainEntry } from "../../syntax/postfix/main.js";
import type { MasterOption } from "../../syntax/postfix/master.js";
import { hasPlaceholder } from "../../syntax/postfix/words.js";
import { FILTER_PARAMETERS } from "../../system/feeds.js";
import type { MailSystem } from "../../system/system.js";
import { nearest } from "../nearest.js";
import type { RuleContext } from "../rule.js";
import { hasForeignBlank } from "./foreignCharacters.js";
import { hasConditions } from "./repetitions.js";

export type UnusedKind = "unknown" | "removed" | "orphan" | "new";

/** An assignment to a name that no program reads, with what fixes need. */
export interface UnusedName {
  readonly name: string;
  readonly at: Location;
  /** The entry of main.cf, or the option with its service. */
  readonly entry: MainEntry | undefined;
  readonly option: MasterOption | undefined;
  readonly service: Service | undefined;
}

/**
 * Names that no program reads, by what they are: taken out of Postfix, of a service that does not exist, or
 * unknown. Names that another finding explains (characters that are no blanks, quotes) and names that a
 * template fills in are left out.
 */
export function unusedNames({ system }: RuleContext, kind: UnusedKind): readonly UnusedName[] {
  let sorted = sortedNames.get(system.names);
  if (!sorted) {
    sorted = sortNames(system);
    sortedNames.set(system.names, sorted);
  }
  return sorted[kind];
}

type SortedNames = Readonly<Record<UnusedKind, readonly UnusedName[]>>;

/** Several rules ask, each for its kind. */
const sortedNames = new Memo<Names, SortedNames>();

function sortNames({ names, parameters }: MailSystem): SortedNames {
  const sorted: Record<UnusedKind, UnusedName[]> = { unknown: [], removed: [], orphan: [], new: [] };
  for (const { name, nameLocation: at, service } of names.unused) {
    if (hasForeignBlank(name) || hasPlaceholder(name) || NO_NAME.test(name)) continue;
    if (service && QUOTED.test(name)) continue;
    const option = service?.options.findLast((one) => one.valid && one.name === name);
    sorted[kindOf(name)].push({
      name,
      at,
      service,
      option,
      entry: service ? undefined : parameters.entry(name),
    });
  }
  return sorted;
}

const NO_NAME = /[{}<>%]/;
const QUOTED = /^["']/;

function kindOf(name: string): UnusedKind {
  const facts = parameterFacts(name);
  if (facts?.removed) return "removed";
  // A parameter of another release than the one that the files are read for.
  if (facts && !facts.perService) return "new";
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
  // A misspelt name stays for many keystrokes, and comparing it with a thousand names takes a while.
  if (!meant.has(name)) {
    if (meant.size >= MOST_REMEMBERED) meant.clear();
    meant.set(name, findMeant(name));
  }
  return meant.get(name);
}

const meant = new Map<string, string | undefined>();
const MOST_REMEMBERED = 200;

function findMeant(name: string): string | undefined {
  const plain = name.replace(WITH_DASHES, "_").toLowerCase();
  if (plain !== name && isKnownParameter(plain, { transports: [] })) return plain;
  return nearest(plain, parameterNames(NEWEST_POSTFIX_VERSION));
}

/** The option of a looping service that was meant to cut the loop (e6-typo-parameter). */
export function misspeltOverride(context: RuleContext, service: Service): string | undefined {
  if (!context.flow.loops.some((loop) => loop.service === service)) return undefined;
  for (const { name, service: of, option } of unusedNames(context, "unknown"))
    if (
      of === service &&
      option?.value === "" &&
      nearest(name.toLowerCase().replace(WITH_DASHES, "_"), FILTER_PARAMETERS)
    )
      return name;
  return undefined;
}
