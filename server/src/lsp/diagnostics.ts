/** Findings to diagnostics, and their publication: only what changed is sent. */
import type { Diagnostic, DiagnosticRelatedInformation } from "vscode-languageserver";
import type { Finding, Severity } from "../rules/finding.js";
import type { Location } from "../semantics/located.js";
import type { SystemSource } from "../system/source.js";
import { rulePageUrl } from "../workspace/pages.js";
import { sourceFiles } from "../workspace/sourceFiles.js";
import { protocolLines, protocolRange } from "./positions.js";

export const SOURCE = "mailflow";

const SEVERITY: Record<Severity, 1 | 2 | 3 | 4> = { error: 1, warning: 2, information: 3, hint: 4 };

/** What conversions need to know of the editor's side. */
export interface DocumentSide {
  isOpen(path: string): boolean;
  uriOf(path: string): string;
}

/** The diagnostics of each file of a system; files without findings have an empty list. */
export function diagnosticsByFile(
  source: SystemSource,
  findings: readonly Finding[],
  documents: DocumentSide,
): ReadonlyMap<string, readonly Diagnostic[]> {
  const byFile = new Map<string, Diagnostic[]>();
  for (const path of sourceFiles(source).keys()) byFile.set(path, []);
  for (const { path, role, reason } of source.unreadable) {
    // A table that only Postfix may read (passwords) is no mistake.
    if (role !== "table") byFile.set(path, [noticeDiagnostic(`This file ${reason}.`, "unreadable-file")]);
  }
  for (const finding of findings) {
    const diagnostic = toDiagnostic(source, finding, documents);
    const list = byFile.get(finding.file);
    if (list === undefined) byFile.set(finding.file, [diagnostic]);
    else list.push(diagnostic);
  }
  return byFile;
}

export function toDiagnostic(source: SystemSource, finding: Finding, documents: DocumentSide): Diagnostic {
  return {
    range: rangeOf(source, finding, documents),
    severity: SEVERITY[finding.severity],
    code: finding.code,
    codeDescription: { href: rulePageUrl(finding.code) },
    source: SOURCE,
    message: finding.message,
    ...(finding.related.length === 0
      ? {}
      : { relatedInformation: finding.related.map((place) => relatedInformation(source, place, documents)) }),
  };
}

/** A message about a file as a whole, at its start. */
export function noticeDiagnostic(message: string, code: string): Diagnostic {
  const start = { line: 0, character: 0 };
  return { range: { start, end: start }, severity: SEVERITY.warning, code, source: SOURCE, message };
}

export function rangeOf(source: SystemSource, location: Location, documents: DocumentSide) {
  const file = sourceFiles(source).get(location.file);
  const nowhere = { line: 0, character: 0 };
  if (file === undefined) return { start: nowhere, end: nowhere };
  return protocolRange(protocolLines(file, documents.isOpen(file.path)), location.range);
}

function relatedInformation(
  source: SystemSource,
  place: Finding["related"][number],
  documents: DocumentSide,
): DiagnosticRelatedInformation {
  return {
    location: { uri: documents.uriOf(place.file), range: rangeOf(source, place, documents) },
    message: place.message,
  };
}

/** Sends diagnostics when they differ from what the client has; an edited document always gets an answer. */
export class Publisher {
  readonly #sent = new Map<string, string>();

  constructor(
    private readonly send: (params: { uri: string; version?: number; diagnostics: Diagnostic[] }) => void,
  ) {}

  /** @param always send even what the client has already (the answer to an edit) */
  publish(
    uri: string,
    diagnostics: readonly Diagnostic[],
    version: number | undefined,
    always: boolean,
  ): void {
    const content = diagnostics.length === 0 ? "" : JSON.stringify(diagnostics);
    if (!always && (this.#sent.get(uri) ?? "") === content) return;
    if (content === "") this.#sent.delete(uri);
    else this.#sent.set(uri, content);
    this.send({ uri, ...(version === undefined ? {} : { version }), diagnostics: [...diagnostics] });
  }

  /** Every file that the client shows something for. */
  get published(): readonly string[] {
    return [...this.#sent.keys()];
  }
}
