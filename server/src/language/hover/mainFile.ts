/** The hover in main.cf. */
import { parameterFacts } from "../../knowledge/parameters.js";
import type { MainEntry } from "../../syntax/postfix/main.js";
import { type Hover, placeLink, touches, type View } from "../facts.js";
import { code, paragraphs } from "../markdown.js";
import { offsetInValue } from "./field.js";
import { describeParameter } from "./parameter.js";
import { hoverValue } from "./value.js";

export function hoverMain(view: View, offset: number): Hover | undefined {
  const { main, environment, source } = view.analysis.system;
  const entry = main?.entries.find((candidate) => touches(candidate.range, offset));
  const file = source.main?.path;
  if (!main || !entry || !file || inTrivia(main.trivia, offset)) return undefined;
  if (touches(entry.nameRange, offset))
    return { contents: describeEntry(view, entry), range: entry.nameRange };
  if (!touches(entry.valueRange, offset) || entry.stray) return undefined;
  const own = entry.valid
    ? hoverValue(view, {
        name: entry.name,
        raw: entry.value,
        at: offsetInValue(entry.value.length, entry.valuePart, offset),
        offset,
        file,
        part: entry.valuePart,
        environment,
        service: undefined,
      })
    : undefined;
  return own ?? { contents: describeEntry(view, entry), range: entry.valueRange };
}

/** Comments between the lines of a value belong to no value. */
export function inTrivia(
  trivia: readonly { readonly range: { readonly start: number; readonly end: number } }[],
  offset: number,
): boolean {
  return trivia.some(({ range }) => range.start <= offset && offset < range.end);
}

/** What a template puts in front of a name, such as a condition that turns the line into a comment. */
const LEADING_PLACEHOLDER = /^(?:\{\{.*?\}\}|<%.*?%>|%\{[^}]*\}|@[A-Z][A-Z0-9_]*@|##\w+##)+/;

function describeEntry(view: View, entry: MainEntry): string {
  const bare = entry.name.replace(LEADING_PLACEHOLDER, "");
  if (bare !== entry.name && parameterFacts(bare))
    return paragraphs(
      "A template decides about this line.",
      describeParameter(view, bare, view.analysis.system.environment),
    );
  const { parameters, environment } = view.analysis.system;
  const counts = parameters.entry(entry.name);
  const last =
    counts && counts !== entry && entry.valid
      ? `**This line has no effect**: ${placeLink(view, { file: parameters.file, range: counts.nameRange })} sets ${code(entry.name)} again, and the last one counts.`
      : undefined;
  const equals =
    entry.equals === undefined && entry.name !== "" && !entry.stray
      ? "There is no `=` on this line yet; without it no Postfix program starts."
      : undefined;
  return paragraphs(equals, last, describeParameter(view, entry.name, environment));
}
