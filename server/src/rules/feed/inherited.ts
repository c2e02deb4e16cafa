/** What the rules about inherited client settings have in common: where to point, and what to change. */
import { clientValue, type Feeder, feeders } from "../../flow/feeders.js";
import type { Location } from "../../semantics/located.js";
import { splitTransport } from "../../semantics/postfix/endpoints.js";
import type { Value } from "../../semantics/postfix/parameters.js";
import { insertEntry, setOptions, showOptions, transportLines } from "../edits.js";
import type { Fix, RelatedPlace, TextEdit } from "../finding.js";
import { relatedStep, requestPlace } from "../flow/places.js";
import type { RuleContext } from "../rule.js";

/**
 * A client setting for the way to the world (`smtp_SUFFIX`, `lmtp_SUFFIX`) that holds for a feed too. What leads to
 * another service of this Postfix meets no filter anyway (filter-bypassed).
 */
export function* inheritedSettings(
  { system, flow }: RuleContext,
  suffix: string,
): Generator<{ readonly feeder: Feeder; readonly value: Value; readonly name: string }> {
  for (const feeder of feeders(system, flow)) {
    const value = clientValue(feeder, suffix);
    if (value.text === "" || value.unknown !== undefined) continue;
    if (feeder.steps.every(({ target }) => target.kind === "postfix")) continue;
    yield { feeder, value, name: `${feeder.protocol}_${suffix}` };
  }
}

/** The option itself, else the entry that lacks one; where ordinary mail shares the entry, the request for the filter. */
export function inheritedPlace({ service, shared, steps }: Feeder, { definition }: Value): Location {
  if (definition?.source === "option" && definition.origin) return definition.origin;
  const step = steps[0];
  return shared && step ? requestPlace(step) : service.nameLocation;
}

/** Where the value was written, and which requests it spoils. */
export function inheritedRelated(context: RuleContext, { steps }: Feeder, value: Value): RelatedPlace[] {
  const { definition } = value;
  return [
    ...(definition?.origin
      ? [
          {
            ...definition.origin,
            message: `${definition.name} is set here (${context.place(definition.origin)})`,
          },
        ]
      : []),
    ...steps.flatMap((step) => relatedStep(context, step)),
  ];
}

/**
 * Options for the feeding entry. Where ordinary mail goes through that entry too, the filter gets one of its own.
 */
export function overrideFixes(
  context: RuleContext,
  feeder: Feeder,
  options: readonly (readonly [name: string, value: string])[],
): Fix[] {
  const shown = showOptions(options);
  const { service, shared } = feeder;
  if (shared) return ownTransport(context, feeder, options, shown);
  const edits = setOptions(context, service, options);
  return [{ title: `Set ${shown} on ${service.name}`, edits, preferred: true }];
}

function ownTransport(
  context: RuleContext,
  { service, protocol, steps }: Feeder,
  options: readonly (readonly [name: string, value: string])[],
  shown: string,
): Fix[] {
  const { system } = context;
  const name = ["smtp-amavis", "filter-feed"].find((free) => !system.transports.has(free));
  if (!name || !system.source.master || protocol !== "smtp") return [];
  const renames = steps.flatMap(({ request }): TextEdit[] => {
    const at = request.part?.(0, splitTransport(request.text).transport.length);
    return at ? [{ ...at, newText: name }] : [];
  });
  if (renames.length < steps.length) return [];
  const lines = transportLines(name, service.entry.columns.maxproc?.text ?? "-");
  const more = options
    .map(([option, value]) => `  -o ${option}=${value}`)
    .filter((line) => !lines.includes(line));
  return [
    {
      title: `Feed the filter through a transport of its own, ${name}, with ${shown}`,
      edits: [insertEntry(context, system.source.master.path, undefined, [...lines, ...more]), ...renames],
    },
  ];
}
