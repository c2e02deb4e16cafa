/** What use strict, use vars and use VERSION say. */
import type { Expression } from "../../syntax/amavis/tree.js";

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
