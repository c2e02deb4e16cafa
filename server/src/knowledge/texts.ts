/**
 * Short texts of our own on what a name does, when to touch it and what goes wrong. They are written in
 * texts/*.md and compiled by scripts/compile-texts.mjs; names in backticks are Markdown code.
 */
import textData from "./data/texts.js";
import { lazy } from "./lazy.js";
import { transportPattern } from "./servicePatterns.js";

/**
 * What a name is. column: a column of master.cf as postconf -F names it; overrideOption: a word of
 * receive_override_options; action: of an access table; amavis: a variable with its sigil; port: digits.
 */
export type TextKind =
  | "parameter"
  | "program"
  | "column"
  | "restriction"
  | "action"
  | "amavis"
  | "overrideOption"
  | "port";

const texts = lazy(() => {
  const byKind = textData() as Record<TextKind, Record<string, string>>;
  return new Map(Object.entries(byKind).map(([kind, ofKind]) => [kind, new Map(Object.entries(ofKind))]));
});

/**
 * The text for a name, one to three sentences of Markdown, or undefined. A parameter of one service
 * (`relay_destination_rate_delay`) has the text of its kind (`transport_destination_rate_delay`).
 * Restrictions and actions are found in any letter case.
 */
export function textFor(kind: TextKind, name: string): string | undefined {
  const ofKind = texts().get(kind);
  const found = ofKind?.get(normalised(kind, name));
  if (found !== undefined || kind !== "parameter") return found;
  const pattern = transportPattern(name);
  return pattern && ofKind?.get(`transport${pattern.suffix}`);
}

/** All names of a kind that have a text. */
export function namesWithText(kind: TextKind): readonly string[] {
  return [...(texts().get(kind)?.keys() ?? [])];
}

function normalised(kind: TextKind, name: string): string {
  if (kind === "restriction") return name.toLowerCase();
  return kind === "action" ? name.toUpperCase() : name;
}
