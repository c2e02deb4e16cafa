/** Constants and functions that neither Perl nor amavisd nor the files define. */
import { amavisConstant, amavisFunction, amavisFunctions } from "../../knowledge/amavisVariables.js";
import { isBuiltin } from "../../syntax/amavis/words.js";
import type { Range } from "../../syntax/text.js";
import type { AmavisFix, AmavisProblem } from "./configuration.js";
import { type FunctionUses, functionUsesOf } from "./functionUses.js";
import type { AmavisSource, FunctionCall } from "./machine.js";
import { misspeltPragma } from "./pragmas.js";
import { nearestConstant, nearestName } from "./spelling.js";

/** More in amavisd's name space that a configuration has no use for. */
const HIDDEN = /^(?:E(?:ACCES|BADF|NOENT)|label_default_maps|supply_after_defaults|get_config_files_read)$/;
/** File handles that are always there. */
const HANDLE = /^(?:STDIN|STDOUT|STDERR|ARGV|ARGVOUT|DATA|ENV|INC)$/;

/** PH_AMAVISD_PORT, MAX_SERVERS: a script puts a value in their place before amavisd sees the file. */
const FILLED_IN = /^[A-Z][A-Z0-9_]{2,}$/;

interface Read {
  readonly source: AmavisSource;
  readonly found: FunctionUses;
}

/**
 * What Perl refuses because of the name of a function, a constant or a module.
 * @param calls the calls that are made while the files are read
 */
export function functionProblems(
  sources: readonly AmavisSource[],
  calls: readonly FunctionCall[],
): AmavisProblem[] {
  const read = sources
    .filter((source) => !source.template && !source.tree.template)
    .map((source) => ({ source, found: functionUsesOf(source.tree) }));
  const functions = new Set(read.flatMap(({ found }) => [...found.functions]));
  // What one file brings in is there for the others too.
  const open = read.length < sources.length || read.some(({ found }) => found.open);
  return read.flatMap((file) => [
    ...fileProblems(file, functions, open),
    ...calls.flatMap((call) =>
      call.file === file.source.path && !isKnown(call.name, functions) ? callProblem(call, open) : [],
    ),
  ]);
}

function fileProblems(
  { source, found }: Read,
  functions: ReadonlySet<string>,
  open: boolean,
): AmavisProblem[] {
  const problems: AmavisProblem[] = [];
  const report = (range: Range, message: string, fix: AmavisFix | undefined): void => {
    problems.push({ file: source.path, range, kind: "bareword", message, fatal: true, fix });
  };
  for (const { name, range } of found.barewords) {
    if (isKnown(name, functions)) continue;
    const nearest = nearestConstant(name);
    // Modules may export names of their own; those that look like amavisd's are certain.
    const likeAmavis = nearest !== undefined || /^(?:D|CC)_/.test(name);
    if (!likeAmavis && (open || FILLED_IN.test(name))) continue;
    const what = /^[A-Z]/.test(name) ? `There is no constant ${name}` : `${name} is a word without quotes`;
    report(
      range,
      `${what}; under use strict amavisd does not start.${meant(nearest)}`,
      changeTo(nearest, range),
    );
  }
  for (const { name, range } of found.modules) {
    const nearest = misspeltPragma(name);
    if (nearest === undefined) continue;
    const at = source.tree.text.indexOf(name, range.start);
    const place = { start: at, end: at + name.length };
    report(
      place,
      `Perl has no module ${name}, so amavisd does not start.${meant(nearest)}`,
      changeTo(nearest, place),
    );
  }
  return problems;
}

/** `read_hsh(...)`: Perl finds it when it comes there. */
function callProblem({ name, file, range }: FunctionCall, open: boolean): AmavisProblem[] {
  const nearest = nearestName(name, [...amavisFunctions()]);
  if (open && nearest === undefined) return [];
  const message = `There is no function ${name}: amavisd stops here when it reads its configuration.${meant(nearest)}`;
  return [{ file, range, kind: "bareword", message, fatal: true, fix: changeTo(nearest, range) }];
}

function isKnown(name: string, functions: ReadonlySet<string>): boolean {
  if (functions.has(name)) return true;
  if (name.includes("::") || name.includes("'") || name.startsWith("__") || name.startsWith("CORE"))
    return true;
  if (HANDLE.test(name) || HIDDEN.test(name) || isBuiltin(name)) return true;
  return amavisConstant(name) !== undefined || amavisFunction(name) !== undefined;
}

function meant(nearest: string | undefined): string {
  return nearest === undefined ? "" : ` Is ${nearest} meant?`;
}

function changeTo(nearest: string | undefined, range: Range): AmavisFix | undefined {
  return nearest === undefined ? undefined : { title: `Change to ${nearest}`, range, newText: nearest };
}
