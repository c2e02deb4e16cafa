/** How many processes stand on each side of a filter. */
import { amavisVariable } from "../../knowledge/amavisVariables.js";
import type { Location } from "../../semantics/located.js";
import type { Service } from "../../semantics/postfix/services.js";
import type { RuleContext } from "../rule.js";

interface AmavisCount {
  readonly count: number;
  /** Where it is set; undefined for the default. */
  readonly at: Location | undefined;
}

/** A whole number that amavisd works with, its default where it is not set; undefined when it is not known. */
export function amavisCount({ system }: RuleContext, name: string): AmavisCount | undefined {
  if (!system.amavis || system.source.amavisOpen !== undefined) return undefined;
  const value = system.amavis.value(name);
  if (value === undefined || typeof value.display !== "string") return undefined;
  const text = value.display === "undef" ? String(amavisVariable(name)?.default ?? "") : value.display;
  return /^\d+$/.test(text) ? { count: Number(text), at: value.origins[0] } : undefined;
}

/** `$max_servers` with its place; undefined when it is not known. */
export function maxServers(context: RuleContext): AmavisCount | undefined {
  return amavisCount(context, "$max_servers");
}

/** The process limit column, or the service's name where there is none. */
export function limitPlace(service: Service): Location {
  const word = service.entry.columns.maxproc;
  if (!word) return service.nameLocation;
  return { file: service.location.file, range: word.range };
}

/** A time such as 2s, 5m, 1h in seconds; main.cf's default unit is given. */
export function seconds(text: string): number | undefined {
  const match = /^(\d+)([smhdw]?)$/.exec(text.trim());
  if (match === null) return undefined;
  const unit = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }[match[2] || "s"] ?? 1;
  return Number(match[1]) * unit;
}
