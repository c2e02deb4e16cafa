/** What is to be said about a file as a whole: no `use strict`, and an end that can stop amavisd. */

import { isDeclaredByAmavis } from "../../../knowledge/amavisVariables.js";
import { forEachChild } from "../../../syntax/amavis/children.js";
import type { Node, Statement } from "../../../syntax/amavis/tree.js";
import type { AmavisProblem } from "../configuration.js";
import type { UsedFile } from "../names.js";

export function fileFaults(file: UsedFile): AmavisProblem[] {
  const { tree, template } = file.source;
  if (template || tree.template || tree.problems.length > 0) return [];
  return [noStrict(file), badEnd(file)].filter((problem) => problem !== undefined);
}

/** Without `use strict` a misspelt name is a new variable, and nothing says so. */
function noStrict({ source, found }: UsedFile): AmavisProblem | undefined {
  const { statements, text } = source.tree;
  const first = statements.find((statement) => statement.kind !== "empty");
  const assigns = found.uses.some((use) => use.access === "write" && !use.exempt);
  if (first === undefined || !assigns || statements.some(setsStrictness)) return undefined;
  const harmless = found.uses.every(
    (use) => use.exempt || use.doubtful || isDeclaredByAmavis(use.name) || found.declared.has(use.name),
  );
  const newLine = text.includes("\r\n") ? "\r\n" : "\n";
  const firstLine = text.slice(first.start, first.end).search(/[\r\n]/);
  const end = firstLine < 0 ? first.end : first.start + firstLine;
  return {
    file: source.path,
    range: { start: first.start, end },
    kind: "no-strict",
    message: "Without use strict a misspelt variable is a new one, and its setting is lost without a word.",
    fatal: false,
    severity: "hint",
    // With names of the user's own in the file amavisd would not start.
    fix: harmless
      ? {
          title: "Insert use strict;",
          range: { start: first.start, end: first.start },
          newText: `use strict;${newLine}`,
          certain: false,
        }
      : undefined,
  };
}

function setsStrictness(statement: Statement): boolean {
  return statement.kind === "use" && (statement.module === "strict" || /^v?\d/.test(statement.module));
}

/**
 * amavisd accepts a file whose last value is undef, unless an error of the system was left behind, as a
 * file test or a command leaves it (read_config_file in its Conf.pm).
 */
function badEnd({ source }: UsedFile): AmavisProblem | undefined {
  const { statements, text } = source.tree;
  const last = [...statements].reverse().find((statement) => statement.kind !== "empty");
  if (last === undefined || !endsUndefined(last) || !statements.some(looksAtFiles)) return undefined;
  const { start, end } = last;
  const newLine = text.includes("\r\n") ? "\r\n" : "\n";
  const at = text.length;
  return {
    file: source.path,
    range: { start, end },
    kind: "missing-final-one",
    message:
      "The value of the file is undef here. After a file test or a command that failed amavisd takes that for an error and does not start.",
    fatal: false,
    severity: "hint",
    fix: {
      title: "Append 1;",
      range: { start: at, end: at },
      newText: `${text.endsWith("\n") ? "" : newLine}1;${newLine}`,
    },
  };
}

function endsUndefined(statement: Statement): boolean {
  if (statement.kind !== "expression-statement") return false;
  const { expression, modifier } = statement;
  const value = expression.kind === "assignment" ? expression.value : expression;
  const target = expression.kind === "assignment" ? expression.target : undefined;
  if (target !== undefined && target.kind === "variable" && target.sigil !== "$") return false;
  return (
    modifier === undefined && value.kind === "call" && value.name === "undef" && value.arguments.length === 0
  );
}

function looksAtFiles(node: Node): boolean {
  if (node.kind === "file-test" || node.kind === "command" || node.kind === "readline") return true;
  if (node.kind === "sub" || node.kind === "sub-definition") return false;
  let found = false;
  forEachChild(node, (child) => {
    found ||= looksAtFiles(child);
  });
  return found;
}
