/** Lookup tables in values: what kind, whether the file is at hand, who asks it. */
import { mapTypeFacts } from "../../knowledge/mapTypes.js";
import { textFor } from "../../knowledge/texts.js";
import { includesFeature } from "../../knowledge/version.js";
import type { ListItem } from "../../semantics/postfix/lists/items.js";
import {
  readTableReference,
  type TableReference,
  tablesWithin,
} from "../../semantics/postfix/lists/tableReference.js";
import type { Environment } from "../../semantics/postfix/parameters.js";
import { parseTable } from "../../syntax/postfix/table.js";
import type { SourceFile } from "../../system/source.js";
import { fileLink, type View } from "../facts.js";
import { mapTypeManual } from "../manual.js";
import { code, enumerate, list, paragraphs } from "../markdown.js";
import { tableUses } from "./tableUses.js";

/** The innermost table of an item that holds an offset of the value; undefined where the item is no table. */
export function tableAt(item: ListItem, at: number): TableReference | undefined {
  let found: TableReference | undefined;
  for (const table of tablesWithin(readTableReference(item)))
    if (table.start <= at && at <= table.end && mapTypeFacts(table.type)) found = table;
  return found;
}

export function describeTable(view: View, table: TableReference, environment: Environment): string {
  const { type, text, name, inner } = table;
  const facts = mapTypeFacts(type);
  const file = tableFile(view, name, environment);
  const { profile } = view.analysis.system;
  const tooNew = facts && profile.source === "given" && !includesFeature(profile.version, facts.since, []);
  return paragraphs(
    `**${code(text)}**`,
    textFor("mapType", type),
    table.fault?.kind === "syntax" && `It cannot be read: ${table.fault.log}`,
    tooNew && `**Postfix ${profile.version} does not have this type yet**: it came with ${facts.since}.`,
    readsFile(facts?.nameKind) && aboutFile(view, table, file),
    facts?.debianPackage && `On Debian the type comes with the package ${code(facts.debianPackage)}.`,
    inner.length > 0 &&
      list(
        "It asks",
        inner.map((one) => code(one.text)),
      ),
    file && list("Asked by", usersOf(view, file)),
    `Manual: ${mapTypeManual(type)}`,
  );
}

function readsFile(kind: string | undefined): boolean {
  return kind === "file" || kind === "file-base";
}

/** The source of a table among the files of the system. */
export function tableFile(
  { analysis }: View,
  name: string,
  environment: Environment,
): SourceFile | undefined {
  const { tables } = analysis.source;
  return tables.get(name) ?? (name.includes("$") ? tables.get(environment.expand(name).text) : undefined);
}

function aboutFile(view: View, { type, name }: TableReference, file: SourceFile | undefined): string {
  const facts = mapTypeFacts(type);
  const indexed = facts?.indexedFile;
  const ending = indexed && !indexed.includes(" ") ? code(`${name}${indexed}`) : "an index beside the file";
  const built = indexed
    ? `Postfix reads ${ending}, which ${code(`postmap ${type}:${name}`)} makes from the text; from the text nobody can tell whether that was done.`
    : undefined;
  if (!file) return paragraphs(`The file is not among those at hand, so what it says is not known.`, built);
  const count = parseTable(file.text, type).length;
  const what = facts?.pattern ? "pattern" : "entr";
  const entries = facts?.pattern
    ? `${count} pattern${count === 1 ? "" : "s"}`
    : `${count} ${what}${count === 1 ? "y" : "ies"}`;
  return paragraphs(`File: ${fileLink(view, file.path)}, ${entries}.`, built);
}

function usersOf(view: View, file: SourceFile): string[] {
  const uses = tableUses(view.analysis).get(file.path) ?? [];
  return [
    ...new Set(
      uses.map((use) => (use.check ? `${code(use.check)} in ${code(use.parameter)}` : code(use.parameter))),
    ),
  ];
}

/** "check_client_access, header_checks" */
export function showUses(parameters: readonly string[]): string {
  return enumerate([...new Set(parameters)].map(code));
}
