/**
 * What stands at an offset of a configuration file: the one question that every feature under the cursor begins
 * with. The trees answer for what is written in full; a half-typed line has its place too, because it is read from
 * its beginning up to the cursor.
 */
import type { Analysis } from "../analysis.js";
import type { Environment } from "../semantics/postfix/parameters.js";
import type { Service } from "../semantics/postfix/services.js";
import type { Column, MasterEntry } from "../syntax/postfix/master.js";
import type { Range } from "../syntax/text.js";
import { type PerlPlace, perlPlace } from "./positionAmavis.js";
import { mainPlace, masterPlace } from "./positionPostfix.js";

/** The word under the cursor: what stands of it before the cursor, and what of the file it takes up. */
export interface TypedWord {
  readonly typed: string;
  /** Ends at the cursor where nothing of the word stands before it: what follows is another word then. */
  readonly range: Range;
}

/** Where a parameter's name stands in main.cf, or could begin. */
export interface NamePlace {
  readonly kind: "name";
  readonly word: TypedWord;
  /** Text behind the word on its line, to see whether `=` is still to come. */
  readonly rest: string;
}

/** Inside the value of a parameter, of main.cf or of `-o`. */
export interface ValuePlace {
  readonly kind: "value";
  readonly parameter: string;
  readonly environment: Environment;
  /** The service whose `-o` it is. */
  readonly service: Service | undefined;
  /** "separate" is `-o name=value`, where a blank would end the value. */
  readonly form: "main" | "separate" | "braces";
  /** The value up to the cursor and behind it, continuation lines joined, comments left out. */
  readonly before: string;
  readonly after: string;
  /** The item of the list that is being typed. */
  readonly word: TypedWord;
}

/** Behind a `$` of a value. */
export interface MacroPlace {
  readonly kind: "macro";
  readonly parameter: string;
  readonly service: Service | undefined;
  /** The program whose argument it is, for `$name` behind `argv=`; undefined in values of parameters. */
  readonly argumentOf: string | undefined;
  readonly opening: "$" | "${" | "$(";
  /** The name without what opens it. */
  readonly word: TypedWord;
  /** True when the bracket that opens it is closed behind the name. */
  readonly closed: boolean;
}

/** One of the eight columns of master.cf. */
export interface ColumnPlace {
  readonly kind: "column";
  readonly column: Column;
  /** The words of the columns before it. */
  readonly words: readonly string[];
  readonly word: TypedWord;
  /** True when nothing else stands behind the word. */
  readonly last: boolean;
  readonly entry: MasterEntry | undefined;
}

/** Behind the eight columns, where an option or an argument of the program can begin. */
export interface ArgumentPlace {
  readonly kind: "argument";
  readonly program: string;
  readonly service: Service | undefined;
  readonly entry: MasterEntry;
  readonly word: TypedWord;
  /** Words behind the options that stand before the cursor, such as `user=vmail`. */
  readonly operands: readonly string[];
}

/** The name of an `-o NAME=VALUE`. */
export interface OptionNamePlace {
  readonly kind: "option-name";
  readonly program: string;
  readonly service: Service | undefined;
  readonly entry: MasterEntry;
  readonly word: TypedWord;
  /** Text behind the name, to see whether `=` is still to come. */
  readonly rest: string;
}

export type PostfixPlace =
  | NamePlace
  | ValuePlace
  | MacroPlace
  | ColumnPlace
  | ArgumentPlace
  | OptionNamePlace;
export type Place = PostfixPlace | PerlPlace;

export type {
  PerlPlace,
  PerlStringPlace,
  PerlVariablePlace,
  PerlWordPlace,
} from "./positionAmavis.js";

/** What stands at an offset of a file of the system; undefined in comments and where nothing could be named. */
export function placeAt(analysis: Analysis, path: string, offset: number): Place | undefined {
  const { system, source } = analysis;
  const file = [source.main, source.master, ...source.amavis, ...(source.skipped ?? [])].find(
    (candidate) => candidate?.path === path,
  );
  if (!file || offset < 0 || offset > file.text.length || insideTemplateTag(file.text, offset))
    return undefined;
  if (file === source.main) return mainPlace(system, offset);
  if (file === source.master) return masterPlace(system, offset);
  const tree = system.amavisTrees.get(path);
  return tree && perlPlace(tree, offset);
}

/** Between the signs of a template engine nothing of ours stands. */
function insideTemplateTag(text: string, offset: number): boolean {
  const before = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  return /(?:\{\{|\{%|<%)(?:(?!\}\}|%\}|%>).)*$/.test(before);
}
