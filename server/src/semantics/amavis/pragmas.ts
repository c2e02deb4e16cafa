/** What use strict, use vars and use VERSION say. */
import type { Expression, UseStatement } from "../../syntax/amavis/tree.js";
import { nearestName } from "./spelling.js";

/** The words of `use vars qw(...)` and `use strict 'vars'`. */
export function wordsOf(node: Expression | undefined): string[] {
  if (node === undefined) return [];
  if (node.kind === "words") return node.words.map((word) => word.value);
  if (node.kind === "string") return node.constant === undefined ? [] : [node.constant];
  return node.kind === "list" ? node.items.flatMap(wordsOf) : [];
}

/** `use 5.012` and later switch strictness on. */
export function isStrictVersion(version: string): boolean {
  const [major, minor] =
    version.startsWith("v") || version.split(".").length > 2
      ? version.replace(/^v/, "").split(".").map(Number)
      : [Math.trunc(Number(version)), Math.round((Number(version) % 1) * 1000)];
  return (major ?? 0) > 5 || ((major ?? 0) === 5 && (minor ?? 0) >= 11);
}

/** Modules that give a file no names of their own. */
const NAMELESS = new Set(
  "strict warnings utf8 lib integer bytes vars constant re locale less diagnostics mro version open".split(
    " ",
  ),
);

/** The names that `use Module ...` brings into the file; undefined when nobody can tell without the module. */
export function importedNames(statement: UseStatement): readonly string[] | undefined {
  const { module, keyword } = statement;
  if (keyword === "no" || /^v?\d/.test(module) || NAMELESS.has(module)) return [];
  const list = statement.arguments;
  if (list?.kind === "list" && list.items.length === 0) return [];
  const words = wordsOf(list);
  return words.length > 0 && words.every((word) => /^[A-Za-z_]\w*$/.test(word)) ? words : undefined;
}

/** Modules in small letters are those of the language itself. */
const PRAGMAS = [
  ...NAMELESS,
  ..."autodie autouse base bigint bignum bigrat blib builtin charnames deprecate encoding experimental fields".split(
    " ",
  ),
  ..."feature filetest if ok overload overloading parent sigtrap sort subs threads vmsish".split(" "),
];

/** The module of the language that a misspelt name means: `use stict`. */
export function misspeltPragma(module: string): string | undefined {
  if (!/^[a-z]{2,}$/.test(module) || PRAGMAS.includes(module)) return undefined;
  const whole = PRAGMAS.find((name) => name.startsWith(module));
  if (whole !== undefined || module.length < 4) return whole;
  return nearestName(
    module,
    PRAGMAS.filter((name) => name.length > 3),
  );
}
