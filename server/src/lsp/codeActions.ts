/** Fixes of findings as code actions. Findings are looked up again; diagnostics carry nothing. */
import type {
  CodeAction,
  CodeActionParams,
  Diagnostic,
  RenameFile,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver";
import type { Analysis } from "../analysis.js";
import type { Finding, TextEdit as FindingEdit, Rename } from "../rules/finding.js";
import type { SystemSource } from "../system/source.js";
import { analyseSource } from "../workspace/analyseSource.js";
import { applyPreferredFixes, fixesOf } from "../workspace/fixes.js";
import { sourceFiles } from "../workspace/sourceFiles.js";
import { type DocumentSide, toDiagnostic } from "./diagnostics.js";
import { protocolLines, protocolRange } from "./positions.js";

export const FIX_ALL = "source.fixAll.mailflow";

/** What the client's side adds to conversions for edits. */
export interface EditSide extends DocumentSide {
  /** The version of an open document, null for a file that is not open. */
  versionOf(path: string): number | null;
  /** Whether the client takes versioned `documentChanges`. */
  readonly versionedEdits: boolean;
  /** Whether the client can give a file another name. */
  readonly renames: boolean;
  /** Told when a rule fails while working out its fixes. */
  failed(error: unknown): void;
}

/** A system with the findings that are shown (after the levels that people chose). */
export interface ShownSystem {
  readonly analysis: Analysis;
  readonly findings: readonly Finding[];
}

export function codeActions(
  systems: readonly ShownSystem[],
  path: string,
  params: CodeActionParams,
  documents: EditSide,
): CodeAction[] {
  const actions: CodeAction[] = [];
  if (wants(params.context.only, "quickfix", true)) {
    for (const system of systems) actions.push(...quickFixes(system, path, params, documents));
  }
  if (wants(params.context.only, FIX_ALL, false)) {
    const fixed = systems
      .map((system) => fixAll(system, path, documents))
      .find((action) => action !== undefined);
    if (fixed !== undefined) actions.push(fixed);
  }
  return actions;
}

/** A kind asks for itself and for all below it: "source" asks for "source.fixAll.mailflow". */
function wants(only: readonly string[] | undefined, kind: string, byDefault: boolean): boolean {
  if (only === undefined) return byDefault;
  return only.some((asked) => asked === "" || kind === asked || kind.startsWith(`${asked}.`));
}

function quickFixes(
  { analysis, findings }: ShownSystem,
  path: string,
  params: CodeActionParams,
  documents: EditSide,
): CodeAction[] {
  const file = sourceFiles(analysis.source).get(path);
  if (file === undefined) return [];
  const lines = protocolLines(file, documents.isOpen(path));
  const asked = { start: lines.offsetAt(params.range.start), end: lines.offsetAt(params.range.end) };
  const touched = findings.filter(
    ({ file: at, range }) => at === path && range.start <= asked.end && range.end >= asked.start,
  );
  return touched.flatMap((finding) =>
    fixesOf(finding, documents.failed)
      .filter((fix) => fix.rename === undefined || documents.renames)
      .map((fix) => ({
        title: fix.title,
        kind: "quickfix",
        diagnostics: [clientDiagnostic(analysis.source, finding, params.context.diagnostics, documents)],
        ...(fix.preferred === true ? { isPreferred: true } : {}),
        edit: workspaceEdit(analysis.source, fix.edits, documents, fix.rename),
      })),
  );
}

/** The client's own copy where it sent one, so that it can tell which squiggle the action is for. */
function clientDiagnostic(
  source: SystemSource,
  finding: Finding,
  sent: readonly Diagnostic[],
  documents: DocumentSide,
): Diagnostic {
  const own = toDiagnostic(source, finding, documents);
  const same = (other: Diagnostic) =>
    other.code === own.code && JSON.stringify(other.range) === JSON.stringify(own.range);
  return sent.find(same) ?? own;
}

/** One action with all preferred fixes of one document, each worked out after the ones before it. */
function fixAll(
  { analysis, findings }: ShownSystem,
  path: string,
  documents: EditSide,
): CodeAction | undefined {
  const shown = new Set(findings.map((finding) => finding.code));
  const wanted = (finding: Finding) => finding.file === path && shown.has(finding.code);
  const fixed = applyPreferredFixes(analysis, analyseSource, wanted);
  if (fixed.applied.length === 0) return undefined;
  const edits: FindingEdit[] = [];
  for (const [file, { text }] of sourceFiles(fixed.source)) {
    const before = sourceFiles(analysis.source).get(file);
    if (before !== undefined && before.text !== text) edits.push(smallestEdit(file, before.text, text));
  }
  const count = fixed.applied.length;
  return {
    title: count === 1 ? "Fix the mail system problem" : `Fix ${count} mail system problems`,
    kind: FIX_ALL,
    edit: workspaceEdit(analysis.source, edits, documents),
  };
}

/** One replacement between the first and the last character that differ. */
export function smallestEdit(file: string, before: string, after: string): FindingEdit {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let tail = 0;
  while (tail < shorter - start && before[before.length - 1 - tail] === after[after.length - 1 - tail])
    tail++;
  return {
    file,
    range: { start, end: before.length - tail },
    newText: after.slice(start, after.length - tail),
  };
}

function workspaceEdit(
  source: SystemSource,
  edits: readonly FindingEdit[],
  documents: EditSide,
  rename?: Rename,
): WorkspaceEdit {
  const byFile = new Map<string, TextEdit[]>();
  for (const { file, range, newText } of edits) {
    const target = sourceFiles(source).get(file);
    if (target === undefined) continue;
    const edit = { range: protocolRange(protocolLines(target, documents.isOpen(file)), range), newText };
    byFile.set(file, [...(byFile.get(file) ?? []), edit]);
  }
  if (!documents.versionedEdits) {
    return { changes: Object.fromEntries([...byFile].map(([file, list]) => [documents.uriOf(file), list])) };
  }
  const changes = [...byFile].map(([file, list]) => ({
    textDocument: { uri: documents.uriOf(file), version: documents.versionOf(file) },
    edits: list,
  }));
  return {
    documentChanges: rename === undefined ? changes : [...changes, renameFile(rename, documents)],
  };
}

/** Where a file of the new name is there already, the client refuses. */
function renameFile({ file, to }: Rename, documents: EditSide): RenameFile {
  const options = { overwrite: false, ignoreIfExists: false };
  return { kind: "rename", oldUri: documents.uriOf(file), newUri: documents.uriOf(to), options };
}
