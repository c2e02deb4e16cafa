/** Turns what the model of amavisd's configuration noticed into findings. */
import type { AmavisProblem } from "../../semantics/amavis/configuration.js";
import type { Severity } from "../finding.js";
import type { RuleContext } from "../rule.js";

/**
 * Reports the problems of one kind. What rests on something absent is not reported where files may be
 * missing: another file could hold it.
 */
export function reportProblems(
  context: RuleContext,
  kind: string,
  severity: (problem: AmavisProblem) => Severity = severityOf,
): void {
  const { amavis, source } = context.system;
  for (const problem of amavis?.problems ?? []) {
    if (problem.kind !== kind) continue;
    if (problem.absence === true && filesMayBeMissing(context)) continue;
    const { file, range, message, fix, related } = problem;
    context.report({
      at: { file, range },
      severity: severity(problem),
      message,
      related: related?.filter((place) => isKnown(source.amavis, place.file)) ?? [],
      fixes: () =>
        fix
          ? [
              {
                title: fix.title,
                edits: [{ file: fix.file ?? file, range: fix.range, newText: fix.newText }],
                preferred: fix.certain !== false,
              },
            ]
          : [],
    });
  }
}

function severityOf(problem: AmavisProblem): Severity {
  return problem.severity ?? (problem.fatal ? "error" : "warning");
}

/** The names that a whole configuration has; others are parts, or belong to another daemon. */
const WHOLE = /(?:^|\/)amavis(?:d|d-new)?\.conf(?:\.[a-z0-9]+)*$/;
/** Debian's files that set what no other file has to. */
const PACKAGED = ["05-domain_id", "20-debian_defaults"];

/** Whether amavisd may read more than what is here: other files, an include, what a template puts in. */
export function filesMayBeMissing({ system }: RuleContext): boolean {
  const { source, amavis } = system;
  const paths = source.amavis.map(({ path }) => path);
  const packaged = PACKAGED.every((name) => paths.some((path) => path.endsWith(`/${name}`)));
  return (
    source.amavisOpen !== undefined ||
    (!packaged && !paths.some((path) => WHOLE.test(path))) ||
    amavis?.open !== undefined ||
    source.amavis.some((file) => file.template || system.amavisTrees.get(file.path)?.template === true)
  );
}

function isKnown(files: readonly { readonly path: string }[], path: string): boolean {
  return files.some((file) => file.path === path);
}
