/** What can be written at the cursor, best first. */
import type { Analysis } from "../../analysis.js";
import { parameterFacts } from "../../knowledge/parameters.js";
import { keywordText, longTextFor, type TextKind } from "../../knowledge/texts.js";
import { fileText } from "../facts.js";
import { code } from "../markdown.js";
import { type Place, placeAt, type TypedWord } from "../position.js";
import { variableItems } from "./amavisNames.js";
import { stringItemsAt, wordItemsAt } from "./amavisValues.js";
import { columnItems } from "./columns.js";
import { type CompletionOptions, type Completions, type Context, type Item, sorted } from "./item.js";
import { macroItems } from "./macros.js";
import { argumentItems, optionNameItems } from "./optionNames.js";
import { parameterNameItems } from "./parameterNames.js";
import { serviceItems } from "./services.js";
import { valueItems } from "./values.js";

export type { CompletionOptions, Completions, Documentation, Item } from "./item.js";
export { plainBody, snippetBody } from "./item.js";

/** The completion at an offset of a file of the system; undefined where nothing can be named. */
export function complete(
  analysis: Analysis,
  path: string,
  offset: number,
  options: CompletionOptions = {},
): Completions | undefined {
  const place = placeAt(analysis, path, offset);
  if (!place || isUnasked(place, options.trigger)) return undefined;
  const context = { analysis, path, text: fileText(analysis, path), offset, options };
  const items = itemsAt(context, place);
  if (items.length === 0) return undefined;
  const word: TypedWord = place.word;
  // The unit behind a number depends on the number.
  const incomplete =
    place.kind === "value" && /^\d+$/.test(word.typed) && parameterFacts(place.parameter)?.class === "time";
  return { range: word.range, items: sorted(items, word.typed), incomplete };
}

function itemsAt(context: Context, place: Place): Item[] {
  switch (place.kind) {
    case "name":
      return parameterNameItems(context, place);
    case "value":
      return valueItems(context, place);
    case "macro":
      return macroItems(context, place);
    case "column":
      return place.column === "service" ? serviceItems(context, place) : columnItems(context, place);
    case "argument":
      return argumentItems(context, place);
    case "option-name":
      return optionNameItems(context, place);
    case "perl-variable":
      return variableItems(context, place);
    case "perl-word":
      return wordItemsAt(context, place);
    case "perl-string":
      return stringItemsAt(context, place);
  }
}

/** Kinds of values of which one is surely wanted. */
const CHOICES: ReadonlySet<string> = new Set([
  "bool",
  "enum",
  "enum-list",
  "tls-loglevel",
  "tls-protocols",
  "compat-level",
]);

/**
 * Whether the editor asked by itself where a list would be in the way. Enter takes the first item of a list that
 * is open: behind `content_filter=` that would be the opposite of the empty value that people mean.
 */
function isUnasked(place: Place, trigger: string | undefined): boolean {
  if (trigger === undefined) return false;
  switch (place.kind) {
    case "value":
      if (trigger === "=")
        return place.before.trim() === "" && !CHOICES.has(parameterFacts(place.parameter)?.class ?? "");
      if (trigger === " ") return place.form !== "main";
      return !/[,:!/{[-]/.test(trigger);
    case "name":
      return true;
    case "macro":
      return !/[$({]/.test(trigger);
    case "column":
      return place.column === "service" || trigger !== " ";
    case "argument":
      return trigger !== " " && trigger !== "-";
    case "option-name":
      return trigger !== " " && trigger !== "{";
    case "perl-variable":
      return !/[$@%]/.test(trigger);
    case "perl-word":
      return (
        trigger !== "{" && !(trigger === " " && /^=>?$/.test((place.brackets[0] ?? place).previous ?? ""))
      );
    case "perl-string":
      return trigger === " " && place.quote !== "qw";
  }
}

/** The text that explains an item, worked out when somebody looks at it. */
export function explain(kind: TextKind, name: string): string | undefined {
  if (kind === "keyword") {
    const at = name.indexOf("=");
    return keywordText(name.slice(0, at), name.slice(at + 1));
  }
  const text = longTextFor(kind, name);
  if (kind !== "parameter") return text;
  const facts = parameterFacts(name);
  if (!facts || facts.removed) return text;
  const parts = [`Kind: ${facts.class}`];
  if (facts.default !== undefined)
    parts.push(facts.default === "" ? "empty by default" : `default ${code(facts.default)}`);
  if (!facts.since.startsWith("1.")) parts.push(`since Postfix ${facts.since}`);
  return [text, parts.join(", ")].filter(Boolean).join("\n\n");
}
