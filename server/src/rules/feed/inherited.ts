/** What the rules about inherited client settings have in common: where to point, and what to change. */
import type { Feeder } from "../../flow/feeders.js";
import type { Location } from "../../semantics/located.js";
import { splitTransport } from "../../semantics/postfix/endpoints.js";
import type { Value } from "../../semantics/postfix/parameters.js";
import { insertEntry, setOption, transportLines } from "../edits.js";
import type { Fix, RelatedPlace, TextEdit } from "../finding.js";
import { relatedStep, requestPlace } from "../flow/places.js";
import type { RuleContext } from "../rule.js";

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
  const shown = options.map(([name, value]) => `-o ${name}=${value}`).join(" ");
  const { service, shared } = feeder;
  if (shared) return ownTransport(context, feeder, options, shown);
  const edits = options.map(([name, value]) => setOption(context, service, name, value));
  return [{ title: `Set ${shown} on ${service.name}`, edits: joined(edits), preferred: true }];
}

/** Insertions at one place in their order as one edit: edits of a fix do not overlap. */
function joined(edits: readonly TextEdit[]): TextEdit[] {
  const result: TextEdit[] = [];
  for (const edit of edits) {
    const last = result.findIndex(
      ({ file, range }) =>
        file === edit.file && range.start === edit.range.start && range.end === edit.range.end,
    );
    const before = result[last];
    if (before && edit.range.start === edit.range.end)
      result[last] = { ...before, newText: before.newText + edit.newText };
    else result.push(edit);
  }
  return result;
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
