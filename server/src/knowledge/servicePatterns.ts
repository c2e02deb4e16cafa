/**
 * Parameters whose name is a service name of master.cf and a suffix: `smtp-amavis_destination_rate_delay`.
 * qmgr looks them up per transport, pipe and spawn their `_time_limit`; main.cf only, never `-o`.
 */
import patternData from "./data/servicePatterns.js";
import { lazy } from "./lazy.js";

export interface ServicePattern {
  /** With its leading underscore: "_destination_concurrency_limit". */
  readonly suffix: string;
  /** The parameter that holds for services without one of their own. */
  readonly defaultParameter: string;
  readonly class: string;
  /** postconf knows the name only for services that run one of these. */
  readonly programs: readonly string[];
  readonly readBy: readonly string[];
  readonly since: string;
}

const patterns = lazy(() => patternData() as readonly ServicePattern[]);

/** All of them, longest suffix first. */
export function servicePatterns(): readonly ServicePattern[] {
  return patterns();
}

/** Splits such a name; the longest suffix decides. Whether the service exists is not asked. */
export function transportPattern(name: string): (ServicePattern & { readonly service: string }) | undefined {
  const pattern = patterns().find(({ suffix }) => name.length > suffix.length && name.endsWith(suffix));
  return pattern && { ...pattern, service: name.slice(0, -pattern.suffix.length) };
}
