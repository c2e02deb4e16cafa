/** Turns what the evaluator noticed into findings. */
import type { AmavisProblem } from "../../semantics/amavis/configuration.js";
import type { Severity } from "../finding.js";
import type { RuleContext } from "../rule.js";

export function reportProblems(
  context: RuleContext,
  kind: string,
  severity: (problem: AmavisProblem) => Severity,
): void {
  for (const problem of context.system.amavis?.problems ?? []) {
    if (problem.kind !== kind) continue;
    const { file, range, message, fix } = problem;
    context.report({
      at: { file, range },
      severity: severity(problem),
      message,
      fixes: () =>
        fix
          ? [{ title: fix.title, edits: [{ file, range: fix.range, newText: fix.newText }], preferred: true }]
          : [],
    });
  }
}
