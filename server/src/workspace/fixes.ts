/** Applies fixes to texts. Pure: what is done with the new texts is the caller's business. */
import type { Analysis } from "../analysis.js";
import type { Finding, Fix, TextEdit } from "../rules/finding.js";
import type { SystemSource } from "../system/source.js";
import { sourceFiles } from "./sourceFiles.js";

/** The text after the edits, which must not overlap; edits at one place keep their order. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = [...edits].sort(
    (one, other) => one.range.start - other.range.start || one.range.end - other.range.end,
  );
  let result = "";
  let at = 0;
  for (const { range, newText } of sorted) {
    result += text.slice(at, range.start) + newText;
    at = Math.max(at, range.end);
  }
  return result + text.slice(at);
}

/** The fixes of a finding; a rule that fails while working them out has none. */
export function fixesOf(finding: Finding, onError: (error: unknown) => void = () => {}): readonly Fix[] {
  try {
    return finding.fixes();
  } catch (error) {
    onError(error);
    return [];
  }
}

/** The fix that may be taken without asking. */
export function preferredFix(finding: Finding): Fix | undefined {
  return fixesOf(finding).find((fix) => fix.preferred === true);
}

export interface FixedSystem {
  readonly source: SystemSource;
  readonly analysis: Analysis;
  /** What was mended, in order. */
  readonly applied: readonly { readonly finding: Finding; readonly fix: Fix }[];
}

/** No real system needs more; it bounds a pair of rules that undo each other. */
const MAX_FIXES = 500;

/**
 * Takes preferred fixes one after the other, looking at the whole system again after each: two findings
 * often have one cause, and the second fix must not repeat the first.
 * @param wanted which findings may be mended
 */
export function applyPreferredFixes(
  start: Analysis,
  analyse: (source: SystemSource, previous: Analysis) => Analysis,
  wanted: (finding: Finding) => boolean = () => true,
): FixedSystem {
  let analysis = start;
  const applied: { finding: Finding; fix: Fix }[] = [];
  const tried = new Set<string>();
  while (applied.length < MAX_FIXES) {
    const next = nextFix(analysis, wanted, tried);
    if (next === undefined) break;
    applied.push(next);
    analysis = analyse(withEdits(analysis.source, next.fix.edits), analysis);
  }
  return { source: analysis.source, analysis, applied };
}

function nextFix(analysis: Analysis, wanted: (finding: Finding) => boolean, tried: Set<string>) {
  for (const finding of analysis.findings) {
    if (!wanted(finding)) continue;
    const fix = preferredFix(finding);
    if (fix === undefined || fix.edits.length === 0) continue;
    // A finding that its own fix does not remove is not mended a second time.
    const identity = JSON.stringify([finding.code, finding.file, finding.message, fix.title, fix.edits]);
    if (tried.has(identity)) continue;
    tried.add(identity);
    return { finding, fix };
  }
  return undefined;
}

/** The system with the edits made; edits to files that it does not hold are left out. */
export function withEdits(source: SystemSource, edits: readonly TextEdit[]): SystemSource {
  const texts = new Map<string, string>();
  for (const [path, file] of sourceFiles(source)) {
    const own = edits.filter((edit) => edit.file === path);
    if (own.length > 0) texts.set(path, applyEdits(file.text, own));
  }
  const replace = <T extends { path: string; text: string }>(file: T): T => {
    const text = texts.get(file.path);
    return text === undefined ? file : { ...file, text };
  };
  return {
    ...source,
    main: source.main && replace(source.main),
    master: source.master && replace(source.master),
    amavis: source.amavis.map(replace),
    skipped: source.skipped?.map(replace),
    includes: source.includes && new Map([...source.includes].map(([name, file]) => [name, replace(file)])),
    tables: new Map([...source.tables].map(([name, file]) => [name, replace(file)])),
  };
}
