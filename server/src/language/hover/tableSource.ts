/** The hover in the source of a lookup table that the configuration names. */
import { accessAction } from "../../knowledge/restrictions.js";
import { longTextFor, textFor } from "../../knowledge/texts.js";
import { parseTable, type TableEntry } from "../../syntax/postfix/table.js";
import type { SourceFile } from "../../system/source.js";
import { type Hover, touches, type View } from "../facts.js";
import { page } from "../manual.js";
import { code, paragraphs } from "../markdown.js";
import { showUses } from "./table.js";
import { type TableKind, type TableUse, tableUses } from "./tableUses.js";
import { nexthopPart, type Part, transportPart } from "./transport.js";

export function hoverTableSource(view: View, file: SourceFile, offset: number): Hover | undefined {
  const uses = tableUses(view.analysis).get(file.path);
  const [first] = uses ?? [];
  if (!uses || !first) return undefined;
  const entry = parseTable(file.text, first.type).find(({ range }) => touches(range, offset));
  if (!entry) return undefined;
  const { valueRange } = entry;
  // A value on several lines has no simple way back; its first line is enough.
  if (touches(valueRange, offset) && valueRange.end - valueRange.start === entry.value.length) {
    const part = valuePart(view, first.kind, entry, offset - valueRange.start);
    if (part)
      return {
        contents: part.contents,
        range: { start: valueRange.start + part.start, end: valueRange.start + part.end },
      };
  }
  return { contents: describeEntry(uses, entry), range: { start: entry.range.start, end: valueRange.end } };
}

function valuePart(view: View, kind: TableKind, { value }: TableEntry, at: number): Part | undefined {
  switch (kind) {
    case "access":
    case "checks":
      return actionPart(view, kind, value, at);
    case "transport":
      return transportPart(view, value, at, false);
    case "nexthop":
      return nexthopPart(view, value, at, "smtp");
    default:
      return undefined;
  }
}

/** The action at the start of a value, or what FILTER leads to. */
function actionPart(view: View, kind: "access" | "checks", value: string, at: number): Part | undefined {
  const word = /^\S+/.exec(value)?.[0] ?? "";
  if (at <= word.length) {
    const contents = describeAction(kind, word);
    return contents === undefined ? undefined : { contents, start: 0, end: word.length };
  }
  const rest = /^FILTER\s+(\S+)/i.exec(value);
  if (!rest?.[1]) return undefined;
  const start = rest[0].length - rest[1].length;
  const part = at >= start ? transportPart(view, rest[1], at - start, true) : undefined;
  return part && { ...part, start: part.start + start, end: part.end + start };
}

function describeAction(kind: "access" | "checks", word: string): string | undefined {
  const textKind = kind === "access" ? "action" : "headerAction";
  const text = textFor(textKind, word) ?? textFor("restriction", word);
  const code3 = /^[45]\d\d$/.test(word);
  if (!text && !code3 && !/^\d+$/.test(word)) return undefined;
  const action = kind === "access" ? accessAction(word) : undefined;
  const meaning =
    text ??
    (code3
      ? `The client is refused with this reply code, ${word.startsWith("4") ? "for a time" : "for good"}, and the text behind it.`
      : "A number without meaning as a reply counts as OK.");
  return paragraphs(
    `**${word}**`,
    meaning,
    action?.byCleanup && "It is carried out by cleanup, so it cannot be used behind `smtpd_proxy_filter`.",
    text && longTextFor(textKind, word)?.slice(text.length).trim(),
    `Manual: ${page(kind === "access" ? "access" : "header_checks", 5)}`,
  );
}

const MEANINGS: Readonly<Record<TableKind, string>> = {
  access: "the client, address or name on the left gets the action on the right",
  checks: "a header or body line that fits the pattern gets the action behind it",
  transport: "mail for what stands on the left takes the `transport:nexthop` on the right",
  nexthop: "mail of the sender on the left goes to the host on the right",
  addresses: "the address on the left becomes what stands on the right",
  other: "a key and its value",
};

function describeEntry(uses: readonly TableUse[], entry: TableEntry): string {
  const [first] = uses;
  return paragraphs(
    `${code(entry.key)}: ${code(entry.value)}`,
    `An entry of a lookup table for ${showUses(uses.map(({ check, parameter }) => check ?? parameter))}: ${MEANINGS[first?.kind ?? "other"]}.`,
  );
}
