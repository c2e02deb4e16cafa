/** Completions in the protocol's form. */
import type { CompletionItem, CompletionItemKind, CompletionList } from "vscode-languageserver";
import type { TextKind } from "../knowledge/texts.js";
import {
  type Completions,
  explain,
  type Item,
  plainBody,
  snippetBody,
} from "../language/completion/completion.js";
import type { ItemKind } from "../language/completion/item.js";
import type { CompletionAbilities } from "./client.js";
import { type ProtocolLines, protocolRange } from "./positions.js";

/** The protocol's numbers: 2 method, 3 function, 5 field, 6 variable, 9 module, 12 value, 15 snippet ... */
const KINDS: Record<ItemKind, CompletionItemKind> = {
  parameter: 10,
  word: 20,
  restriction: 14,
  table: 18,
  file: 17,
  service: 9,
  endpoint: 18,
  program: 3,
  entry: 15,
  variable: 6,
  constant: 21,
  function: 3,
  key: 5,
  value: 12,
};

/** What an item carries to be explained later: the kind of text and the name in it. */
type Data = readonly [kind: TextKind, name: string];

export function completionList(
  { range, items, incomplete }: Completions,
  lines: ProtocolLines,
  abilities: CompletionAbilities,
): CompletionList {
  const edit = protocolRange(lines, range);
  const width = String(items.length).length;
  return {
    isIncomplete: incomplete,
    ...(abilities.listRange ? { itemDefaults: { editRange: edit } } : {}),
    items: items.map((item, index) => {
      const { text, snippet } = insertText(item, abilities);
      const { label, filter, edits, documentation } = item;
      return {
        label,
        kind: KINDS[item.kind],
        // Best first, whatever the editor would make of the labels.
        sortText: String(index).padStart(width, "0"),
        ...(abilities.listRange
          ? text === label
            ? {}
            : { textEditText: text }
          : { textEdit: { range: edit, newText: text } }),
        ...(snippet ? { insertTextFormat: 2 as const } : {}),
        ...(filter === undefined ? {} : { filterText: filter }),
        ...detailOf(item, abilities),
        ...(item.deprecated ? (abilities.tags ? { tags: [1 as const] } : { deprecated: true }) : {}),
        ...(typeof documentation === "string" ? { documentation: markdown(documentation) } : {}),
        ...(typeof documentation === "object" ? { data: documentation } : {}),
        ...(edits
          ? {
              additionalTextEdits: edits.map(({ range: at, newText }) => ({
                range: protocolRange(lines, at),
                newText,
              })),
            }
          : {}),
      };
    }),
  };
}

function insertText(
  { label, insert }: Item,
  { snippets }: CompletionAbilities,
): { text: string; snippet: boolean } {
  if (insert === undefined || typeof insert === "string") return { text: insert ?? label, snippet: false };
  return snippets
    ? { text: snippetBody(insert), snippet: true }
    : { text: plainBody(insert), snippet: false };
}

function detailOf({ detail }: Item, { labelDetails }: CompletionAbilities) {
  if (detail === undefined) return {};
  return labelDetails ? { labelDetails: { description: detail } } : { detail };
}

/** Adds the explanation; an item that is not ours comes back as it is. */
export function resolveItem(item: CompletionItem): CompletionItem {
  const data: unknown = item.data;
  if (!isData(data)) return item;
  const text = explain(...data);
  return text === undefined ? item : { ...item, documentation: markdown(text) };
}

function isData(data: unknown): data is Data {
  return Array.isArray(data) && data.length === 2 && data.every((part) => typeof part === "string");
}

const markdown = (value: string) => ({ kind: "markdown" as const, value });
