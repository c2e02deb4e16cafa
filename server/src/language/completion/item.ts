/** What a completion offers, as plain data: the protocol's form is made of it elsewhere. */
import type { Analysis } from "../../analysis.js";
import type { TextKind } from "../../knowledge/texts.js";
import type { Range } from "../../syntax/text.js";

/** What an item is, for the icon that the editor shows. */
export type ItemKind =
  | "parameter"
  | "word"
  | "restriction"
  | "table"
  | "file"
  | "service"
  | "endpoint"
  | "program"
  | "entry"
  | "variable"
  | "constant"
  | "function"
  | "key"
  | "value";

/** A place to fill in, in the order of the numbers; 0 is where the cursor ends. */
export interface Stop {
  readonly stop: number;
  readonly text: string;
}

/** Text with places to fill in. */
export type Body = readonly (string | Stop)[];

export const stop = (number: number, text = ""): Stop => ({ stop: number, text });

/** The name under which a text explains the item; a text of its own is given as it is. */
export type Documentation = readonly [kind: TextKind, name: string] | string;

export interface Item {
  readonly label: string;
  readonly kind: ItemKind;
  /** Text that takes the place of the word; the label when there is none. */
  readonly insert?: string | Body;
  /** Text that is compared with what was typed; the label when there is none. */
  readonly filter?: string;
  /** A few words beside the label. */
  readonly detail?: string;
  /** Smaller comes first; see `RANK`. */
  readonly rank: number;
  readonly deprecated?: boolean;
  readonly documentation?: Documentation;
  /** Further edits of the same file. */
  readonly edits?: readonly { readonly range: Range; readonly newText: string }[];
}

/** Bands of ranks; within one the order of the numbers, then of the names. */
export const RANK = {
  /** The system asks for it: a name that is used and not set, a port that something waits for. */
  wanted: 0,
  /** What most people come for. */
  common: 100,
  usual: 200,
  rare: 300,
  /** Is here already, or has no use. */
  present: 400,
  deprecated: 500,
} as const;

export interface CompletionOptions {
  /**
   * Files that lookup tables may be read from, by the paths that Postfix would use; asked only where a path is
   * completed.
   */
  readonly files?: () => readonly string[];
  /** The character that made the editor ask by itself; undefined when somebody asked. */
  readonly trigger?: string | undefined;
}

/** What every part of a completion needs. */
export interface Context {
  readonly analysis: Analysis;
  readonly path: string;
  readonly text: string;
  readonly offset: number;
  readonly options: CompletionOptions;
}

export interface Completions {
  /** What an accepted item takes the place of. */
  readonly range: Range;
  /** Best first. */
  readonly items: readonly Item[];
  /** True where another letter changes what is offered, so that the editor has to ask again. */
  readonly incomplete: boolean;
}

/** A text without the marks of its places: for editors that cannot fill them in. */
export function plainBody(body: string | Body): string {
  return typeof body === "string"
    ? body
    : body.map((part) => (typeof part === "string" ? part : part.text)).join("");
}

/** A text in the protocol's notation for snippets. */
export function snippetBody(body: Body): string {
  const escaped = (text: string) => text.replace(/[\\$}]/g, "\\$&");
  return body
    .map((part) => {
      if (typeof part === "string") return escaped(part);
      return part.text === "" ? `$${part.stop}` : `\${${part.stop}:${escaped(part.text)}}`;
    })
    .join("");
}

/** Best first: what begins with the typed letters before what only holds them, then by rank and name. */
export function sorted(items: readonly Item[], typed: string): Item[] {
  const lower = typed.toLowerCase();
  const keys = new Map<Item, number>();
  for (const item of items) {
    const text = item.filter ?? item.label;
    const distance = text.startsWith(typed) ? 0 : text.toLowerCase().startsWith(lower) ? 1000 : 2000;
    keys.set(item, item.rank + distance);
  }
  return [...items].sort(
    (a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0) || (a.label < b.label ? -1 : a.label > b.label ? 1 : 0),
  );
}

/** Items of one kind from words, best first. */
export function wordItems(
  words: readonly string[],
  kind: ItemKind,
  rank: number,
  more: (word: string) => Partial<Item> = () => ({}),
): Item[] {
  return words.map((word, index) => ({ label: word, kind, rank: rank + index, ...more(word) }));
}
