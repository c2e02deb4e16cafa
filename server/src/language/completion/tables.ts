/** Lookup tables in values: the types, then the files. */
import { mapTypeFacts, mapTypeNames } from "../../knowledge/mapTypes.js";
import { hasReached } from "../../knowledge/version.js";
import type { Environment } from "../../semantics/postfix/parameters.js";
import { type Context, type Item, RANK } from "./item.js";

export interface TableWish {
  readonly environment: Environment;
  /** The parameter or the restriction that looks up, which says what kind of table fits. */
  readonly purpose: string;
  /** The word before the cursor. */
  readonly typed: string;
  /** Items that the list has already. */
  readonly present: ReadonlySet<string>;
}

/** Types whose text is read as a file of patterns. */
const PATTERNS = ["pcre", "regexp"];

export function tableItems(context: Context, wish: TableWish): Item[] {
  const { typed } = wish;
  // proxy:hash:/path - what stands before the last type stays.
  const head = /^(?:(?:proxy|debug):)*/.exec(typed)?.[0] ?? "";
  const rest = typed.slice(head.length);
  const colon = rest.indexOf(":");
  if (colon >= 0) return fileItems(context, wish, head, rest.slice(0, colon));
  return [...knownTables(context, wish, head), ...typeItems(context, wish, head)];
}

function typeItems({ analysis }: Context, { environment, purpose }: TableWish, head: string): Item[] {
  const { version } = analysis.system.profile;
  const order = typeOrder(environment, purpose);
  return mapTypeNames().flatMap((type): Item[] => {
    const facts = mapTypeFacts(type);
    if (!facts || !hasReached(version, facts.since) || (head !== "" && facts.wraps)) return [];
    const at = order.indexOf(type);
    const opens = facts.nameKind === "table-list" || facts.nameKind === "inline-list" ? "{" : "";
    const detail = facts.inDebian ? undefined : (facts.debianPackage ?? facts.platform);
    return [
      {
        label: `${head}${type}:`,
        kind: "table",
        insert: `${head}${type}:${opens}`,
        rank: at >= 0 ? RANK.common + 20 + at : detail === undefined ? RANK.usual : RANK.rare,
        documentation: ["mapType", type],
        ...(detail === undefined ? {} : { detail }),
      },
    ];
  });
}

/** Types by what they are good for: patterns for headers, networks for addresses, else the indexed ones. */
function typeOrder(environment: Environment, purpose: string): readonly string[] {
  const usual = environment.value("default_database_type").text || "hash";
  const indexed = [usual, "hash", "lmdb", "texthash"];
  if (/(?:header|body)_checks|command_filter|reply_filter|dns_reply/.test(purpose))
    return [...PATTERNS, ...indexed];
  if (/client_access|mynetworks|access_list|discard_ehlo|_a_access|ns_access|mx_access/.test(purpose))
    return ["cidr", ...indexed, ...PATTERNS];
  if (/cache|address_verify_map/.test(purpose)) return ["btree", "lmdb", "proxy", "memcache"];
  if (/uid_maps|gid_maps/.test(purpose)) return ["static", ...indexed];
  return [...indexed, ...PATTERNS, "mysql", "pgsql", "ldap", "proxy", "cidr", "inline", "static"];
}

/** Tables that the configuration uses already, those whose name has to do with the parameter first. */
function knownTables({ analysis }: Context, { purpose, present }: TableWish, head: string): Item[] {
  const found = new Map<string, string>();
  for (const { name, definition } of analysis.system.settings)
    for (const match of definition.raw.matchAll(/(?<![\w.:/-])([a-z]+):([\w./${}-]*[\w}])/g)) {
      const [whole = "", type = ""] = match;
      if (isFile(type) && !found.has(whole)) found.set(whole, name);
    }
  return [...found].flatMap(([table, user]): Item[] => {
    const label = `${head}${table}`;
    if (present.has(label) || present.has(table)) return [];
    const fits = related(table.slice(table.lastIndexOf("/") + 1), purpose);
    return [{ label, kind: "table", rank: fits ? RANK.common : RANK.usual, detail: `used by ${user}` }];
  });
}

function isFile(type: string): boolean {
  return mapTypeFacts(type)?.nameKind.startsWith("file") === true;
}

/** The files of the workspace behind `hash:` and the like. */
function fileItems(context: Context, { purpose, present }: TableWish, head: string, type: string): Item[] {
  if (!isFile(type)) return [];
  const database = mapTypeFacts(type)?.nameKind === "file-or-prefix";
  const files = new Set<string>();
  for (const path of context.options.files?.() ?? []) files.add(path);
  for (const written of context.analysis.source.tables.keys())
    if (written.startsWith("/")) files.add(written);
  return [...files].flatMap((path): Item[] => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const label = `${head}${type}:${path}`;
    const unfit = /\.(?:db|lmdb|dir|pag|cdb|pem|key|crt|bak|dpkg-\w+|proto)$|~$/.test(name);
    if (unfit || present.has(label) || /^(?:main|master|dynamicmaps)\.cf$/.test(name)) return [];
    if (!database && name.endsWith(".cf")) return [];
    const fits = related(name, purpose) || (database && /\.cf$/.test(name) && name.includes(type));
    return [{ label, kind: "file", rank: fits ? RANK.wanted : RANK.common }];
  });
}

/** Whether a file's name speaks of what it would be used for: virtual for virtual_alias_maps. */
function related(name: string, purpose: string): boolean {
  const parts = (text: string) =>
    text
      .toLowerCase()
      .split(/[^a-z]+/)
      .map((part) => part.replace(/s$/, ""))
      .filter(
        (part) =>
          part.length > 2 &&
          !/^(?:map|maps|check|postfix|smtpd?|lmtp|list|restriction|the|pcre|regexp|hash|mysql|ldap|pgsql)$/.test(
            part,
          ),
      );
  const wanted = new Set(parts(purpose));
  const own = parts(name);
  return own.length > 0 && own.some((part) => wanted.has(part));
}
