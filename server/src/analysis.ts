/**
 * The facade over everything below: one mail system's texts in, findings and facts out. No I/O.
 * What is built on it: docs/ARCHITECTURE.md.
 */
import { buildFlow, type Flow } from "./flow/flow.js";
import type { Finding } from "./rules/finding.js";
import { RULES } from "./rules/registry.js";
import { runRules } from "./rules/rule.js";
import { suppress } from "./rules/suppress.js";
import type { Location } from "./semantics/located.js";
import { LineIndex } from "./syntax/text.js";
import type { SourceFile, SystemSource } from "./system/source.js";
import { buildSystem, type MailSystem, type SystemOptions } from "./system/system.js";

export interface Analysis {
  readonly source: SystemSource;
  readonly system: MailSystem;
  readonly flow: Flow;
  readonly findings: readonly Finding[];
}

/** Reads a mail system. Never throws for any text; trees of unchanged texts are taken from `previous`. */
export function analyse(
  source: SystemSource,
  previous?: Analysis,
  options: SystemOptions = { postfixVersion: source.postfixVersion },
): Analysis {
  const system = buildSystem(source, options, previous?.system);
  const flow = buildFlow(system);
  const files = new Map<string, SourceFile>();
  for (const file of allFiles(source)) files.set(file.path, file);
  const indexes = new Map<string, LineIndex>();
  const text = (file: string) => files.get(file)?.text ?? "";
  const lines = (file: string) => {
    let index = indexes.get(file);
    if (!index) {
      index = new LineIndex(text(file));
      indexes.set(file, index);
    }
    return index;
  };
  const place = ({ file, range }: Location) =>
    `${file.slice(file.lastIndexOf("/") + 1)} line ${lines(file).lineAt(range.start) + 1}`;
  const context = { system, flow, text, lines, place };
  const found = runRules(RULES, context);
  const findings = suppress(found, [...files.keys()], context);
  return { source, system, flow, findings };
}

/** Every file of a system that has a text, in the order in which people read them. */
export function allFiles(source: SystemSource): SourceFile[] {
  return [
    source.main,
    source.master,
    ...source.amavis,
    ...(source.skipped ?? []),
    ...(source.includes?.values() ?? []),
    ...source.tables.values(),
  ].filter((file) => file !== undefined);
}
