/** `$name`, `${name}`, `${name?{a}:{b}}` and comparisons inside values. */
import { textFor } from "../../knowledge/texts.js";
import { type ExpressionPart, parseExpression } from "../../syntax/postfix/expression.js";
import type { Hover, View } from "../facts.js";
import { code, paragraphs } from "../markdown.js";
import { wordText } from "./accepts.js";
import { type Field, hoverPart, wordUnder } from "./field.js";
import { describeParameter } from "./parameter.js";

/** The expansion of the reference under the cursor; the innermost counts. */
export function hoverExpression(view: View, field: Field): Hover | undefined {
  if (!field.raw.includes("$")) return undefined;
  const part = innermost(parseExpression(field.raw), field.at);
  if (!part) return undefined;
  const { start, end } = part.range;
  const text = field.raw.slice(start, end);
  if (part.kind === "broken")
    return hoverPart(field, start, end, `${code(text)}: every program stops here with "${part.log}"`);
  if (part.kind === "comparison") return hoverPart(field, start, end, describeComparison(field, text));
  if (part.kind !== "reference") return undefined;
  const about = describeParameter(view, part.name, field.environment);
  if (part.whenSet === undefined && part.whenEmpty === undefined) {
    const short = text.startsWith("${") || text.startsWith("$(") ? part.nameRange : part.range;
    return hoverPart(field, Math.min(start, short.start), end, about);
  }
  const value = field.environment.value(part.name);
  const filled = (value.definition?.raw ?? "") !== "";
  const because =
    value.unknown !== undefined && !value.definition
      ? `${code(part.name)} is not known from the files`
      : `${code(part.name)} is ${filled ? "not empty" : "empty"}`;
  const gives = `${code(text)} gives ${result(field, text)}, because ${because}.`;
  const word = field.at > part.nameRange.end ? branchWord(field) : undefined;
  const meaning = word && wordMeaning(field.name, word.text);
  return meaning && word
    ? hoverPart(field, word.start, word.end, paragraphs(`**${word.text}**`, meaning, gives))
    : hoverPart(field, start, end, paragraphs(gives, about));
}

/** What a word of a branch is to the parameter that it is meant for. */
function wordMeaning(parameter: string, word: string): string | undefined {
  return (
    wordText(parameter, word) ?? (/_restrictions$/.test(parameter) ? textFor("restriction", word) : undefined)
  );
}

/** The word under the cursor without the `name?` in front of it. */
function branchWord(field: Field): ReturnType<typeof wordUnder> {
  const word = wordUnder(field);
  const lead = word ? (/^.*[?:]/.exec(word.text.slice(0, field.at - word.start))?.[0].length ?? 0) : 0;
  return word && { ...word, text: word.text.slice(lead), start: word.start + lead };
}

function describeComparison(field: Field, text: string): string {
  return `${code(text)} gives ${result(field, text)}.`;
}

function result({ environment }: Field, text: string): string {
  const value = environment.expand(text);
  if (value.unknown !== undefined) return `a value that is not known from the files (${value.unknown})`;
  return value.text.trim() === "" ? "nothing" : code(value.text);
}

/** The smallest expression that holds the cursor. */
function innermost(
  parts: readonly ExpressionPart[],
  at: number,
): Exclude<ExpressionPart, { kind: "literal" }> | undefined {
  for (const part of parts) {
    if (at < part.range.start || at > part.range.end || part.kind === "literal") continue;
    return innermost(inside(part), at) ?? part;
  }
  return undefined;
}

function inside(part: ExpressionPart): readonly ExpressionPart[] {
  switch (part.kind) {
    case "literal":
      return [];
    case "broken":
      return part.before;
    case "reference":
      return [...(part.whenSet ?? []), ...(part.whenEmpty ?? [])];
    case "comparison":
      return [...part.left, ...part.right, ...(part.whenTrue ?? []), ...(part.whenFalse ?? [])];
  }
}
