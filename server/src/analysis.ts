/**
 * The facade over everything below: one mail system's texts in, findings and facts out. No I/O.
 * The language server and the command line call nothing deeper than this and `language/`.
 */
import type { Finding } from "./rules/finding.js";
import type { SystemSource } from "./system/source.js";

export interface Analysis {
  readonly source: SystemSource;
  readonly findings: readonly Finding[];
}

/** Reads a mail system. Never throws for any text; trees of unchanged texts are taken from `previous`. */
export function analyse(source: SystemSource, _previous?: Analysis): Analysis {
  return { source, findings: [] };
}
