/** Which address mappings a system has, and the edits that let exactly one stage of a way make them. */
import type { Stage } from "../../flow/paths.js";
import type { Location } from "../../semantics/located.js";
import type { Environment } from "../../semantics/postfix/parameters.js";
import { setOption } from "../edits.js";
import type { Fix, RelatedPlace } from "../finding.js";
import type { RuleContext } from "../rule.js";

/** Mappings without which mail goes astray: to a recipient that does not exist, or without its copy. */
const DELIVERING = ["virtual_alias_maps", "always_bcc", "sender_bcc_maps", "recipient_bcc_maps"] as const;
const REWRITING = [
  "canonical_maps",
  "recipient_canonical_maps",
  "sender_canonical_maps",
  "masquerade_domains",
] as const;
/** Copies are made anew each time; aliases that are expanded already stay as they are (scenario i1). */
export const COPYING = ["always_bcc", "sender_bcc_maps", "recipient_bcc_maps"] as const;

export interface Mappings {
  readonly delivering: readonly string[];
  readonly rewriting: readonly string[];
}

/** The mappings that a cleanup would make. */
export function configuredMappings(cleanup: Environment): Mappings {
  return { delivering: configured(cleanup, DELIVERING), rewriting: configured(cleanup, REWRITING) };
}

export function configured(environment: Environment, names: readonly string[]): string[] {
  return names.filter((name) => {
    const { text, unknown } = environment.value(name);
    return unknown === undefined && text.trim() !== "";
  });
}

/** "virtual_alias_maps and always_bcc". */
export function enumerate(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** Where the mappings are set, as related places. */
export function mappingPlaces(cleanup: Environment, names: readonly string[]): RelatedPlace[] {
  return names.flatMap((name) => {
    const origin = cleanup.definition(name)?.origin;
    return origin ? [{ ...origin, message: `${name} is set here` }] : [];
  });
}

/**
 * Where an override of a stage stands: the word in the service's own option, else the service's name, since what it
 * inherits is right for others.
 */
export function overridePlace({ service }: Stage, word?: string): Location {
  const definition = service.environment.definition("receive_override_options");
  if (definition?.source !== "option" || !definition.origin) return service.nameLocation;
  const at = word === undefined ? -1 : definition.raw.indexOf(word);
  return (word && at >= 0 && definition.part?.(at, at + word.length)) || definition.origin;
}

/** Adds a word to the overrides of a stage's service, or takes it away. */
export function overrideFix(
  context: RuleContext,
  { service, overrides }: Stage,
  word: string,
  wanted: boolean,
): Fix[] {
  if (!overrides) return [];
  const words = [...overrides].filter((one) => one !== word);
  if (wanted) words.push(word);
  return [
    {
      title: wanted
        ? `Add ${word} to receive_override_options of ${service.name}`
        : `Take ${word} out of receive_override_options of ${service.name}`,
      edits: [setOption(context, service, "receive_override_options", words.join(","))],
      preferred: true,
    },
  ];
}
