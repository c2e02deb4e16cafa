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

/** A file with more unknown names than this is no configuration: the rest gets no suggestions. */
const MOST_SUGGESTIONS = 200;

interface Counted {
  reads: number;
  writes: number;
}

type Suggest = (name: string) => string | undefined;

/** Looks each name up once, and not too many of them. */
function suggester(): Suggest {
  const known = new Map<string, string | undefined>();
  return (name) => {
    if (!known.has(name) && known.size < MOST_SUGGESTIONS) known.set(name, nearestVariable(name));
    return known.get(name);
  };
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
  const imports = files.some(({ found }) => found.imports);
  return files.flatMap((file) => {
    const suggest = suggester();
    const filledIn = namesToFillIn(file, counts, suggest);
    const reported = new Set<string>();
    const problems: AmavisProblem[] = [];
    for (const use of file.found.uses) {
      if (use.exempt || use.doubtful || reported.has(use.name) || filledIn.has(use.name)) continue;
      if (isDeclaredByAmavis(use.name) || declared.has(use.name)) continue;
      const problem = variableProblem(file.source, use, suggest(use.name), counts.get(use.name));
      if (problem !== undefined) problems.push(problem);
      reported.add(use.name);
    }
    for (const word of file.found.barewords) {
      const problem = barewordProblem(file.source, word, functions, imports);
      if (problem !== undefined) problems.push(problem);
    }
    return problems;
  });
}

/**
 * `$DB_HOST`, `$DOMAIN`: names in capitals that are only read, at least two of them, are put in by a shell
 * script (envsubst) before amavisd sees the file.
 */
function namesToFillIn(
  { found }: UsedFile,
  counts: ReadonlyMap<string, Counted>,
  suggest: Suggest,
): Set<string> {
  const names = new Set<string>();
  for (const use of found.uses) {
    const capitals = /^\$[A-Z][A-Z0-9_]{2,}$/.test(use.name) && !isDeclaredByAmavis(use.name);
    if (capitals && counts.get(use.name)?.writes === 0 && suggest(use.name) === undefined)
      names.add(use.name);
  }
  return names.size >= 2 ? names : new Set();
}

function variableProblem(
  source: AmavisSource,
  use: Use,
  nearest: string | undefined,
  counted: Counted | undefined,
): AmavisProblem | undefined {
  const template = source.template || source.tree.template;
  if (template && (nearest === undefined || use.access === "read")) return undefined;
  if (use.name.includes("'")) return oldSeparator(source, use);
  const helper = counted !== undefined && counted.reads > 0 && counted.writes > 0;
  if (!use.strict && helper) return undefined;
  const fatal = use.strict && !template;
  const message = describe(source, use, nearest, fatal);
  return {
    file: source.path,
    range: use.range,
    kind: kindOf(source, use, nearest),
    message,
    fatal,
    fix: fixOf(source, use, nearest),
  };
}

/** `$user's`: an apostrophe in a name is the old form of `::`, so that another variable is meant. */
function oldSeparator(source: AmavisSource, use: Use): AmavisProblem {
  const [first, ...rest] = use.name.split("'");
  const { start, end } = use.range;
  const written = source.tree.text.slice(start, end);
  const effect = use.access === "write" ? "it has no effect" : "the text is lost";
  const message = `Perl reads ${use.name} as ${use.name.replaceAll("'", "::")}, another variable; ${effect}.`;
  const newText = `\${${(first ?? "").slice(1)}}'${rest.join("'")}`;
  const mended = use.inString && written === use.name && use.name.startsWith("$");
  const fix = mended
    ? { title: `Write \${${(first ?? "").slice(1)}}`, range: { start, end }, newText }
    : undefined;
  return { file: source.path, range: use.range, kind: "unknown-variable", message, fatal: false, fix };
}

const SIGIL_NAMES: Readonly<Record<string, string>> = { $: "a scalar", "@": "a list", "%": "a hash" };

/** What went wrong inside a string in double quotes: a mail address, or a bracket after a name. */
function stringSlip(
  source: AmavisSource,
  use: Use,
  nearest: string | undefined,
): "address" | "element" | undefined {
  if (!use.inString || use.access === "write") return undefined;
  if (source.tree.text.charAt(use.range.start) === "@") return "address";
  return nearest === `$${use.name.slice(1)}` && !use.name.startsWith("$") ? "element" : undefined;
}

/** The code under which the slip is reported. */
function kindOf(source: AmavisSource, use: Use, nearest: string | undefined): string {
  const slip = stringSlip(source, use, nearest);
  if (slip !== undefined) return slip === "address" ? "at-in-double-quotes" : "index-in-string";
  return nearest !== undefined && nearest.slice(1) === use.name.slice(1) ? "wrong-sigil" : "unknown-variable";
}

function describe(source: AmavisSource, use: Use, nearest: string | undefined, fatal: boolean): string {
  const { name } = use;
  const slip = stringSlip(source, use, nearest);
  const without =
    slip !== undefined ? "the text is lost" : use.access === "write" ? "it has no effect" : "it is empty";
  const effect = fatal ? "under use strict amavisd does not start" : without;
  if (slip === "address") {
    return `In double quotes ${name} is a list, which exists nowhere: ${effect}. Write \\${name}.`;
  }
  if (slip === "element") {
    return `In double quotes the bracket after ${nearest} takes an element of ${name}, which exists nowhere: ${effect}.`;
  }
  if (nearest === undefined) return `amavisd knows no ${name}; ${effect}.`;
  if (nearest.slice(1) !== name.slice(1)) return `amavisd knows no ${name}; ${effect}. Is ${nearest} meant?`;
  const [right, wrong] = [nearest.charAt(0), name.charAt(0)].map((sigil) => SIGIL_NAMES[sigil]);
  return `amavisd knows no ${name}: ${nearest} is ${right}, not ${wrong}; ${effect}.`;
}

function fixOf(source: AmavisSource, use: Use, nearest: string | undefined): AmavisProblem["fix"] {
  const { start, end } = use.range;
  const slip = stringSlip(source, use, nearest);
  if (slip === "address")
    return { title: `Write \\${use.name}`, range: { start, end: start }, newText: "\\" };
  if (nearest === undefined) return undefined;
  const bare = nearest.slice(1);
  if (slip === "element")
    return { title: `Write \${${bare}}`, range: { start, end }, newText: `\${${bare}}` };
  const written = source.tree.text.slice(start, end);
  if (written.slice(1) !== use.name.slice(1)) return undefined;
  // `$x{a}` means %x: its sigil in the text says what is taken from it and stays.
  if (nearest.charAt(0) === use.name.charAt(0)) {
    return {
      title: `Change to ${written.charAt(0)}${bare}`,
      range: { start: start + 1, end },
      newText: bare,
    };
  }
  return written.charAt(0) === use.name.charAt(0) ? otherSigil(source, use, nearest) : undefined;
}

/** A list in parentheses is assigned to a scalar as a reference in brackets, and the other way round. */
function otherSigil(source: AmavisSource, use: Use, nearest: string): AmavisProblem["fix"] {
  const { start, end } = use.range;
  const title = `Change to ${nearest}`;
  const { text } = source.tree;
  const value = use.assigned;
  const brackets = { $: ["(", "[", "]"], "@": ["[", "(", ")"], "%": ["{", "(", ")"] }[nearest.charAt(0)];
  if (value === undefined || brackets === undefined || text.charAt(value.start) !== brackets[0]) {
    return { title, range: { start, end }, newText: nearest };
  }
  const inside = text.slice(value.start + 1, value.end - 1);
  const newText = `${nearest}${text.slice(end, value.start)}${brackets[1]}${inside}${brackets[2]}`;
  return { title, range: { start, end: value.end }, newText };
}

/** A constant that does not exist: under `use strict` Perl refuses it. */
function barewordProblem(
  source: AmavisSource,
  word: BarewordUse,
  functions: ReadonlySet<string>,
  imports: boolean,
): AmavisProblem | undefined {
  const { name, range } = word;
  if (!word.strict || word.doubtful || source.template || source.tree.template) return undefined;
  if (name.includes("::") || name.startsWith("__") || functions.has(name) || isBuiltin(name))
    return undefined;
  if (amavisConstant(name) !== undefined || amavisFunction(name) !== undefined) return undefined;
  if (/^[a-z][a-z0-9_-]*$/.test(name)) return imports ? undefined : withoutQuotes(source, word);
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

/** A word that is neither in quotes nor the name of a function. */
function withoutQuotes(source: AmavisSource, { name, range }: BarewordUse): AmavisProblem {
  const message = `${name} stands without quotes and is no function; under use strict amavisd does not start.`;
  const fix = { title: `Write '${name}'`, range, newText: `'${name}'` };
  return { file: source.path, range, kind: "bareword", message, fatal: true, fix };
}
