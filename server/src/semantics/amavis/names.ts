/** Names that neither amavisd nor the files declare: misspelt settings, above all. */
import { amavisConstant, amavisFunction, isDeclaredByAmavis } from "../../knowledge/amavisVariables.js";
import { isBuiltin } from "../../syntax/amavis/words.js";
import type { AmavisProblem } from "./configuration.js";
import type { AmavisSource } from "./machine.js";
import { nearestConstant, nearestVariable } from "./spelling.js";
import type { BarewordUse, FileUses, Use } from "./uses.js";

export interface UsedFile {
  readonly source: AmavisSource;
  readonly found: FileUses;
}

interface Counted {
  reads: number;
  writes: number;
}

/** How a name is used in all files together: what `use strict` does not catch shows only there. */
function count(files: readonly UsedFile[]): Map<string, Counted> {
  const counts = new Map<string, Counted>();
  for (const { found } of files) {
    for (const use of found.uses) {
      const counted = counts.get(use.name) ?? { reads: 0, writes: 0 };
      if (use.access === "read") counted.reads++;
      else counted.writes++;
      counts.set(use.name, counted);
    }
  }
  return counts;
}

/**
 * Problems with names. Under `use strict` a name that nothing declares keeps amavisd from starting. Without
 * it, it is a helper of the user's own when it is both set and read; otherwise it is a slip.
 */
export function nameProblems(files: readonly UsedFile[]): AmavisProblem[] {
  const counts = count(files);
  const declared = new Set(files.flatMap(({ found }) => [...found.declared]));
  const functions = new Set(files.flatMap(({ found }) => [...found.functions]));
  return files.flatMap((file) => {
    const filledIn = namesToFillIn(file, counts);
    const reported = new Set<string>();
    const problems: AmavisProblem[] = [];
    for (const use of file.found.uses) {
      if (use.exempt || use.doubtful || reported.has(use.name) || filledIn.has(use.name)) continue;
      if (isDeclaredByAmavis(use.name) || declared.has(use.name)) continue;
      const problem = variableProblem(file.source, use, counts.get(use.name) ?? { reads: 0, writes: 0 });
      if (problem !== undefined) problems.push(problem);
      reported.add(use.name);
    }
    for (const word of file.found.barewords) {
      const problem = barewordProblem(file.source, word, functions);
      if (problem !== undefined) problems.push(problem);
    }
    return problems;
  });
}

/**
 * `$DB_HOST`, `$DOMAIN`: names in capitals that are only read, at least two of them, are put in by a shell
 * script (envsubst) before amavisd sees the file.
 */
function namesToFillIn({ found }: UsedFile, counts: ReadonlyMap<string, Counted>): Set<string> {
  const names = new Set<string>();
  for (const use of found.uses) {
    const capitals = /^\$[A-Z][A-Z0-9_]{2,}$/.test(use.name) && !isDeclaredByAmavis(use.name);
    if (capitals && counts.get(use.name)?.writes === 0 && nearestVariable(use.name) === undefined)
      names.add(use.name);
  }
  return names.size >= 2 ? names : new Set();
}

function variableProblem(source: AmavisSource, use: Use, counted: Counted): AmavisProblem | undefined {
  const nearest = nearestVariable(use.name);
  const template = source.template || source.tree.template;
  if (template && (nearest === undefined || use.access === "read")) return undefined;
  const helper = counted.reads > 0 && counted.writes > 0;
  if (!use.strict && helper) return undefined;
  const fatal = use.strict && !template;
  const message = describe(use, nearest, fatal);
  return {
    file: source.path,
    range: use.range,
    kind: "unknown-variable",
    message,
    fatal,
    fix: fixOf(source, use, nearest),
  };
}

const SIGIL_NAMES: Readonly<Record<string, string>> = { $: "a scalar", "@": "a list", "%": "a hash" };

function describe(use: Use, nearest: string | undefined, fatal: boolean): string {
  const { name } = use;
  const effect = fatal
    ? "under use strict amavisd does not start"
    : use.access === "write"
      ? "it has no effect"
      : "it is empty";
  if (isAddress(use)) {
    const end = fatal ? "under use strict amavisd does not start" : "the text is lost";
    return `In double quotes ${name} is a list, which exists nowhere: ${end}. Write \\${name}.`;
  }
  if (nearest === undefined) return `amavisd knows no ${name}; ${effect}.`;
  if (nearest.slice(1) !== name.slice(1)) return `amavisd knows no ${name}; ${effect}. Is ${nearest} meant?`;
  return `${nearest} is ${SIGIL_NAMES[nearest.charAt(0)]}, not ${SIGIL_NAMES[name.charAt(0)]}; ${effect}.`;
}

/** `"user@example.com"`: a mail address in double quotes. */
function isAddress(use: Use): boolean {
  return use.inString && use.name.startsWith("@") && use.access === "read";
}

function fixOf(source: AmavisSource, use: Use, nearest: string | undefined): AmavisProblem["fix"] {
  const { start, end } = use.range;
  if (isAddress(use)) {
    return { title: `Write \\${use.name}`, range: { start, end: start }, newText: "\\" };
  }
  if (nearest === undefined) return undefined;
  const written = source.tree.text.slice(start, end);
  const bare = nearest.slice(1);
  // `$x{a}` means %x: its sigil in the text says what is taken from it and stays.
  if (written.slice(1) === use.name.slice(1)) {
    if (nearest.charAt(0) === use.name.charAt(0)) {
      return {
        title: `Change to ${written.charAt(0)}${bare}`,
        range: { start: start + 1, end },
        newText: bare,
      };
    }
    if (written.charAt(0) === use.name.charAt(0)) {
      return { title: `Change to ${nearest}`, range: { start, end }, newText: nearest };
    }
  }
  return undefined;
}

/** A constant that does not exist: under `use strict` Perl refuses it. */
function barewordProblem(
  source: AmavisSource,
  word: BarewordUse,
  functions: ReadonlySet<string>,
): AmavisProblem | undefined {
  const { name, range } = word;
  if (!word.strict || word.doubtful || source.template || source.tree.template) return undefined;
  if (name.includes("::") || name.startsWith("__") || functions.has(name) || isBuiltin(name))
    return undefined;
  if (amavisConstant(name) !== undefined || amavisFunction(name) !== undefined) return undefined;
  if (!/^[A-Z][A-Z0-9_]*$/.test(name) || /^(?:STDIN|STDOUT|STDERR|ARGV|DATA|ENV)$/.test(name))
    return undefined;
  const nearest = nearestConstant(name);
  // Other modules may export constants of their own; a near miss of amavisd's is certain.
  if (nearest === undefined && !/^(?:D|CC)_/.test(name)) return undefined;
  const meant = nearest === undefined ? "" : ` Is ${nearest} meant?`;
  return {
    file: source.path,
    range,
    kind: "bareword",
    message: `There is no constant ${name}; under use strict amavisd does not start.${meant}`,
    fatal: true,
    fix: nearest === undefined ? undefined : { title: `Change to ${nearest}`, range, newText: nearest },
  };
}
