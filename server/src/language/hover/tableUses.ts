/** Which table files a configuration names, and what each is asked for. */

import type { Analysis } from "../../analysis.js";
import type { ListItem } from "../../semantics/postfix/lists/items.js";
import { listItems } from "../../semantics/postfix/lists/items.js";
import { restrictionClasses, restrictionList } from "../../semantics/postfix/lists/restrictions.js";
import { readTableReference, tablesWithin } from "../../semantics/postfix/lists/tableReference.js";
import type { Setting } from "../../semantics/postfix/settings.js";
import { Memo } from "../../syntax/memo.js";

/** What the values of a table mean. */
export type TableKind = "access" | "checks" | "transport" | "nexthop" | "addresses" | "other";

export interface TableUse {
  readonly kind: TableKind;
  readonly parameter: string;
  /** check_client_access and the like, for tables in restriction lists. */
  readonly check: string | undefined;
  readonly type: string;
}

const known = new Memo<Analysis, ReadonlyMap<string, readonly TableUse[]>>();

/** By the path of the file. */
export function tableUses(analysis: Analysis): ReadonlyMap<string, readonly TableUse[]> {
  let uses = known.get(analysis);
  if (!uses) {
    uses = collect(analysis);
    known.set(analysis, uses);
  }
  return uses;
}

const MAP_CLASSES: ReadonlySet<string> = new Set([
  "map",
  "map-list",
  "domain-list",
  "address-list",
  "access-list",
]);

function collect({ system }: Analysis): Map<string, TableUse[]> {
  const uses = new Map<string, TableUse[]>();
  const add = (item: ListItem, parameter: string, kind: TableKind, check?: string) => {
    for (const { type, name } of tablesWithin(readTableReference(item))) {
      const path = system.source.tables.get(name)?.path;
      if (path === undefined) continue;
      const all = uses.get(path) ?? [];
      uses.set(path, all);
      all.push({ kind, parameter, check, type });
    }
  };
  if (system.source.tables.size === 0) return uses;
  for (const setting of system.settings) {
    const { name, facts, value } = setting;
    if (!value.text.includes(":")) continue;
    if (facts?.class === "restriction-list" || isClass(setting))
      for (const { kind, item, argument, name: check } of restrictionList(setting.environment, name).items) {
        if (kind === "map") add(item, name, "access");
        else if (argument && /^check_\w+_access$/.test(check)) add(argument, name, "access", check);
      }
    else if (facts && MAP_CLASSES.has(facts.class))
      for (const item of listItems(value.text)) if (item.text.includes(":")) add(item, name, kindOf(name));
  }
  return uses;
}

function isClass({ name, environment, facts }: Setting): boolean {
  return facts === undefined && restrictionClasses(environment).has(name);
}

function kindOf(parameter: string): TableKind {
  if (/^(?:smtp_|lmtp_|mime_|nested_|milter_)*(?:header|body)_checks$/.test(parameter)) return "checks";
  if (/(?:^|_)transport_maps$/.test(parameter)) return "transport";
  if (/relayhost_maps$/.test(parameter)) return "nexthop";
  return /alias|canonical|bcc|generic|relocated/.test(parameter) ? "addresses" : "other";
}
