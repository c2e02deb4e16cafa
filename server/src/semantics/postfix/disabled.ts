/** master_service_disable: services that master(8) leaves out (match_service(3); measured with 3.7.11). */
import type { Range } from "../../syntax/text.js";
import type { Service } from "./services.js";

export interface DisablePattern {
  readonly text: string;
  /** Offsets into the value. */
  readonly range: Range;
  /** True when it names this one service, false for a whole type. */
  readonly exact: boolean;
}

/**
 * The first pattern that matches, unless it is an exception (`!`). A pattern is NAME/TYPE or TYPE; names are
 * compared without regard to case. Lists in files stay unknown, and with them all that follows.
 */
export function disabledBy(service: Service, patterns: string): DisablePattern | undefined {
  const full = `${service.name}/${service.type}`.toLowerCase();
  for (const match of patterns.matchAll(/[^\s,]+/g)) {
    const [text] = match;
    const except = text.startsWith("!");
    const pattern = (except ? text.slice(1) : text).toLowerCase();
    if (pattern.startsWith("/") || /^[a-z]+:/.test(pattern)) return undefined;
    if (pattern !== full && pattern !== service.type) continue;
    const range = { start: match.index, end: match.index + text.length };
    return except ? undefined : { text, range, exact: pattern === full };
  }
  return undefined;
}
